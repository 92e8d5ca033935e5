/** A flow as `add-flow`, `add-flows` and `dump-flows` of ovs-ofctl have it (ovs-ofctl(8), "Flow Syntax"). */
import { noActions, tooLong } from '../../diagnostics/codes/import.ts';
import type { Diagnostic } from '../../diagnostics/types.ts';
import type { Instructions, MatchField } from '../../ir/types.ts';
import type { MatchToken, ReadMatch } from './match.ts';
import { plans, readMatch } from './match.ts';
import type { Memory, Terms } from './memory.ts';
import { memoryOf } from './memory.ts';
import { lastMask, quickValue, specOf } from './quick.ts';
import { Finder, skipSeparators, tokenEnd } from './scanner.ts';
import { Settings } from './settings.ts';
import { report, Source } from './source.ts';
import type { Token } from './tokens.ts';
import type { FlowCommand, ReadContext, ReadFlow } from './types.ts';
import { hasVariable } from './variables.ts';

const ALL_TABLES = 255;
const KEEP_COOKIE = 0xffff_ffff_ffff_ffffn;
const NO_INSTRUCTIONS: Instructions = {
  apply: [],
  clear: false,
  write: null,
  writeMetadata: null,
  goto: null,
};

/** More than there are fields, and each twice: the input is damaged, or made to keep us busy. */
const MAX_TERMS = 1000;

const actionFinder = new Finder('action');

/** In the order in which ovs-ofctl tries them: the first letters will do. */
const COMMANDS: readonly FlowCommand[] = ['add', 'delete', 'delete_strict', 'modify', 'modify_strict'];

/** Reads one flow of `add-flow`, `add-flows` or `dump-flows`. Null where it cannot be read, which has been reported. */
export function readFlow(ctx: ReadContext, start: number, end: number): ReadFlow | null {
  return hasVariable(ctx, start, end) ? null : new FlowReader(ctx, start, end).read();
}

class FlowReader {
  private readonly ctx: ReadContext;
  private readonly start: number;
  private readonly end: number;
  private readonly memory: Memory;
  private readonly settings: Settings;
  private readonly terms: Terms;
  /** Where the shapes of the terms so far lead to. */
  private node = plans();
  private flags = 0;
  private warnings = 0;

  constructor(ctx: ReadContext, start: number, end: number) {
    this.ctx = ctx;
    this.start = start;
    this.end = end;
    this.memory = memoryOf(ctx.names);
    this.terms = this.memory.terms;
    this.terms.count = 0;
    this.settings = new Settings(ctx.text, start, (work) => this.noting(work));
  }

  read(): ReadFlow | null {
    const { ctx, start, end, settings } = this;
    const { text } = ctx;
    const from = this.readCommand();
    const acts = !settings.command.startsWith('delete');
    let limit = end;
    let actions = end;
    if (acts) {
      limit = actionFinder.find(text, from, end);
      actions = limit === -1 ? -1 : equalsBehind(text, limit, end);
      if (actions === -1) {
        const at = limit === -1 ? start : limit;
        return this.noting((source) => source.fail(noActions, {}, at, Math.max(end, at)));
      }
    }
    if (!this.readTokens(from, limit)) return null;
    const read = this.readMatch();
    if (read === null) return null;
    this.memory.plan = this.node.plan ?? null;
    if (!acts) return this.result(read.match, NO_INSTRUCTIONS, false);
    const { resolved, notes } = this.memory.read(text.slice(actions + 1, end), read.context, settings.table);
    if (notes.length > 0) this.say(notes, actions + 1);
    return resolved === null ? null : this.result(read.match, resolved.instructions, resolved.only10);
  }

  private result(match: readonly MatchField[], instructions: Instructions, only10: boolean): ReadFlow {
    const { settings, flags, start, end, warnings } = this;
    const { command, table, priority, idleTimeout, hardTimeout, importance, cookie, cookieMask } = settings;
    const deletes = command.startsWith('delete');
    const own = table === null || table === ALL_TABLES ? 0 : table;
    return {
      command,
      flow: {
        table: deletes ? (table ?? ALL_TABLES) : own,
        priority,
        cookie: cookie ?? (cookieMask === null || deletes ? 0n : KEEP_COOKIE),
        idleTimeout,
        hardTimeout,
        importance,
        flags,
        match,
        instructions,
      },
      cookieStated: cookie !== null,
      cookieMask,
      tableStated: table !== null,
      outPort: settings.outPort,
      outGroup: settings.outGroup,
      onlyOpenFlow10: only10,
      start,
      end,
      warnings,
    };
  }

  private say(notes: readonly Diagnostic[], base: number): void {
    report(this.ctx, notes, base);
    this.warnings += notes.length;
  }

  /** Calls with a source that has the offsets of the input, and says what was noted. */
  private noting<T>(work: (source: Source) => T): T {
    const source = new Source(this.ctx.text, this.ctx.names);
    const result = work(source);
    if (source.notes.length > 0) this.say(source.notes, 0);
    return result;
  }

  /** A command in front, as files of flows can have it. Returns where the flow begins. */
  private readCommand(): number {
    const { text } = this.ctx;
    let at = this.start;
    while (at < this.end && ' \t\r\n'.includes(text.charAt(at))) at++;
    const code = text.charCodeAt(at);
    // a, d, m: other flows do not begin with a command.
    if (code !== 97 && code !== 100 && code !== 109) return at;
    let to = at;
    while (to < this.end && !', \t\r\n'.includes(text.charAt(to))) to++;
    const word = text.slice(at, to);
    const command = COMMANDS.find((c) => c.startsWith(word));
    if (command === undefined) return at;
    this.settings.command = command;
    return to;
  }

  private readTokens(from: number, limit: number): boolean {
    const { text } = this.ctx;
    const { settings, terms } = this;
    const flags = !settings.command.startsWith('delete');
    for (let at = skipSeparators(text, from, limit); at < limit; at = skipSeparators(text, at, limit)) {
      const end = tokenEnd(text, at, limit);
      if (!isStatistic(text, at, end)) {
        const setting = settings.quick(at, end);
        if (setting === false) return false;
        if (setting === null && !this.quickTerm(text, at, end) && !this.readToken(at, end, flags))
          return false;
      }
      at = end;
    }
    if (terms.count <= MAX_TERMS) return true;
    const first = terms.starts[MAX_TERMS] ?? from;
    this.noting((source) => source.fail(tooLong, { most: MAX_TERMS }, first, limit));
    return false;
  }

  private readToken(start: number, end: number, flags: boolean): boolean {
    const token = this.memory.token(this.ctx.text.slice(start, end), flags);
    if (token.kind === 'setting') return this.settings.read(start, end);
    if (token.kind === 'match') {
      this.terms.push(token, null, 0, null, start, end);
      if (this.terms.count <= MAX_TERMS) this.node = this.node.step(token.shape);
    } else if (token.kind === 'flag') this.flags |= token.bit;
    if (token.notes.length > 0) this.say(token.notes, start);
    return token.kind !== 'refused';
  }

  /** A term in its usual form. */
  private quickTerm(text: string, start: number, end: number): boolean {
    let equals = start;
    while (equals < end && text.charCodeAt(equals) !== 61) equals++;
    if (equals >= end) return false;
    const spec = specOf(text.slice(start, equals));
    if (spec === undefined) return false;
    const value = quickValue(text, equals + 1, end, spec);
    if (value < 0) return false;
    const mask = lastMask;
    const shape = mask !== null ? spec.masked : value < 256 ? spec.small : spec.exact;
    this.terms.push(null, spec, value + spec.adds, mask, start, end);
    if (this.terms.count <= MAX_TERMS) this.node = this.node.step(shape);
    return true;
  }

  /** The match, where flows like this one have been seen; else, or where they have to be looked at each time, anew. */
  private readMatch(): ReadMatch | null {
    const { plan } = this.node;
    if (plan === undefined || plan === null) return this.simulate();
    const { from, which, context } = plan;
    const match: MatchField[] = [];
    for (let i = 0; i < from.length; i++) {
      const term = this.term(from[i] ?? 0, which[i] ?? 0);
      if (term === null) return this.simulate();
      match.push(term);
    }
    return { match, context };
  }

  private term(index: number, which: number): MatchField | null {
    const { tokens, specs, values, masks } = this.terms;
    const token = tokens[index];
    if (token !== null && token !== undefined) return token.terms[which] ?? null;
    const name = specs[index]?.fields[which];
    if (name === undefined) return null;
    return { field: name, value: BigInt(values[index] ?? 0), mask: masks[index] ?? null };
  }

  /** Looks at the terms one by one; null is reported. */
  private simulate(): ReadMatch | null {
    const { memory } = this;
    const { text } = this.ctx;
    const tokens: MatchToken[] = [];
    const { starts, ends, count } = this.terms;
    for (let i = 0; i < count; i++) {
      const token = this.terms.tokens[i] ?? memory.token(text.slice(starts[i], ends[i]), true);
      if (token.kind !== 'match') return this.refuse(token, starts[i] ?? 0);
      // Nothing has been said of those that were quickly read.
      tokens.push(token);
    }
    return this.noting((source) => readMatch(tokens, starts, ends, this.node, source));
  }

  private refuse(token: Token, start: number): null {
    if (token.kind !== 'setting') this.say(token.notes, start);
    return null;
  }
}

/** What dump-flows prints and everybody passes over. */
const STATISTICS = ['duration=', 'n_packets=', 'n_bytes=', 'idle_age=', 'hard_age='];

function isStatistic(text: string, start: number, end: number): boolean {
  const code = text.charCodeAt(start);
  // d, n, i, h
  if (code !== 100 && code !== 110 && code !== 105 && code !== 104) return false;
  for (const word of STATISTICS) if (text.startsWith(word, start)) return end > start + word.length;
  return false;
}

/** Where the `=` behind "action" is; -1 where there is none. */
function equalsBehind(text: string, start: number, end: number): number {
  for (let at = start; at < end; at++) if (text.charCodeAt(at) === 61) return at;
  return -1;
}
