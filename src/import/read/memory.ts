/** What has been read of an input, so that equal texts are read once. */
import type { Diagnostic } from '../../diagnostics/types.ts';
import { readList } from './actions.ts';
import type { Resolved } from './consistency.ts';
import { leadsOn, resolve } from './consistency.ts';
import type { InputNames } from './names.ts';
import type { Parsed } from './parsed.ts';
import { Source } from './source.ts';
import type { MatchContext } from './state.ts';
import type { Token } from './tokens.ts';
import { readToken } from './tokens.ts';

/** Entries after which a memory is emptied: there is no sense in keeping a file of different flows. */
const MAX_ENTRIES = 100_000;

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
  private readonly contexts = new Map<string, ReadActions>();
  private readonly goes: boolean;
  private lastKey = '';
  private last: ReadActions | null = null;

  constructor(text: string, names: InputNames) {
    this.text = text;
    this.names = names;
    const source = new Source(text, names);
    this.list = readList(source, 0, text.length, 'flow');
    this.notes = source.notes;
    this.goes = this.list?.some((p) => p.role === 'goto_table') ?? false;
  }

  under(match: MatchContext, table: number | null): ReadActions {
    const key = this.goes ? `${match.key} ${table ?? ''}` : match.key;
    if (key === this.lastKey && this.last !== null) return this.last;
    let read = this.contexts.get(key);
    if (read === undefined) {
      read = this.resolve(match, table);
      this.contexts.set(key, read);
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

/** What is known about the words of one input. */
export class Memory {
  private readonly names: InputNames;
  private readonly tokens = new Map<string, Token>();
  /** The same without the flags, which a deletion does not have. */
  private readonly flagless = new Map<string, Token>();
  private readonly actions = new Map<string, ActionText>();

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
      this.actions.set(text, (entry = new ActionText(text, this.names)));
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
