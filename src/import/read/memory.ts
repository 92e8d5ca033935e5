/** What has been read of an input, so that equal texts are read once. */
import type { Diagnostic } from '../../diagnostics/types.ts';
import { readList } from './actions.ts';
import type { Resolved } from './consistency.ts';
import { leadsOn, resolve } from './consistency.ts';
import type { MatchToken, Plan } from './match.ts';
import type { InputNames } from './names.ts';
import type { Parsed } from './parsed.ts';
import type { Spec } from './quick.ts';
import { Source } from './source.ts';
import type { MatchContext } from './state.ts';
import type { Token } from './tokens.ts';
import { readToken } from './tokens.ts';

/** Entries after which a memory is emptied: what occurs often is soon there again, and the rest only costs time to keep. */
const MAX_ENTRIES = 4096;

/** A list of actions under one match. */
export interface ReadActions {
  /** Null where it has been refused. */
  readonly resolved: Resolved | null;
  readonly notes: readonly Diagnostic[];
}

/** A list of actions as a text. */
class ActionText {
  private readonly text: string;
  private readonly names: InputNames;
  private readonly list: readonly Parsed[] | null;
  private readonly notes: readonly Diagnostic[];
  /** By what they are read under. */
  private contexts: Map<string, ReadActions> | null = null;
  private readonly goes: boolean;
  private lastKey = '';
  private last: ReadActions | null = null;

  constructor(text: string, names: InputNames, known: Map<string, Parsed>) {
    this.text = text;
    this.names = names;
    const source = new Source(text, names, known);
    this.list = readList(source, 0, text.length, 'flow');
    this.notes = source.notes;
    this.goes = this.list?.some((p) => p.role === 'goto_table') ?? false;
  }

  under(match: MatchContext, table: number | null): ReadActions {
    const key = this.goes ? `${match.key} ${table ?? ''}` : match.key;
    if (key === this.lastKey && this.last !== null) return this.last;
    let read = this.contexts?.get(key);
    if (read === undefined) {
      read = this.resolve(match, table);
      if (this.last !== null) (this.contexts ??= new Map([[this.lastKey, this.last]])).set(key, read);
    }
    this.lastKey = key;
    this.last = read;
    return read;
  }

  private resolve(match: MatchContext, table: number | null): ReadActions {
    const { list, notes } = this;
    if (list === null) return { resolved: null, notes };
    const source = new Source(this.text, this.names);
    const resolved = resolve(source, list, match);
    const goes = resolved !== null && leadsOn(source, list, table);
    return { resolved: goes ? resolved : null, notes: [...notes, ...source.notes] };
  }
}

/** The terms of the flow that is being read. */
export class Terms {
  /** Of each its token, or null where it was quickly read; then `specs`, `values` and `masks` have it. */
  readonly tokens: (MatchToken | null)[] = [];
  readonly specs: (Spec | null)[] = [];
  readonly values: number[] = [];
  readonly masks: (bigint | null)[] = [];
  readonly starts: number[] = [];
  readonly ends: number[] = [];

  count = 0;

  push(
    token: MatchToken | null,
    spec: Spec | null,
    value: number,
    mask: bigint | null,
    start: number,
    end: number,
  ): void {
    // Overwritten from flow to flow: lists that are emptied have to grow again.
    const at = this.count++;
    this.tokens[at] = token;
    this.specs[at] = spec;
    this.values[at] = value;
    this.masks[at] = mask;
    this.starts[at] = start;
    this.ends[at] = end;
  }
}

/** What is known about the words of one input. */
export class Memory {
  /** One for all flows: they are read one after the other. */
  readonly terms = new Terms();
  /** How the terms became the match; null where that cannot be said for others. */
  plan: Plan | null = null;
  readonly names: InputNames;
  private readonly tokens = new Map<string, Token>();
  /** The same without the flags, which a deletion does not have. */
  private readonly flagless = new Map<string, Token>();
  private readonly actions = new Map<string, ActionText>();
  private readonly known = new Map<string, Parsed>();

  constructor(names: InputNames) {
    this.names = names;
  }

  token(text: string, flags: boolean): Token {
    const tokens = flags ? this.tokens : this.flagless;
    let token = tokens.get(text);
    if (token === undefined) {
      if (tokens.size >= MAX_ENTRIES) tokens.clear();
      tokens.set(text, (token = readToken(text, this.names, flags)));
    }
    return token;
  }

  read(text: string, match: MatchContext, table: number | null): ReadActions {
    let entry = this.actions.get(text);
    if (entry === undefined) {
      if (this.actions.size >= MAX_ENTRIES) this.actions.clear();
      this.actions.set(text, (entry = new ActionText(text, this.names, this.known)));
    }
    return entry.under(match, table);
  }
}

const memories = new WeakMap<InputNames, Memory>();

export function memoryOf(names: InputNames): Memory {
  let memory = memories.get(names);
  if (memory === undefined) memories.set(names, (memory = new Memory(names)));
  return memory;
}
