/** A flow as `add-flow`, `add-flows` and `dump-flows` of ovs-ofctl have it (ovs-ofctl(8), "Flow Syntax"). */
import { badValue, noActions, notForCommand, overridden, tableZero } from '../../diagnostics/codes/import.ts';
import type { Diagnostic } from '../../diagnostics/types.ts';
import type { Instructions, MatchField } from '../../ir/types.ts';
import type { MatchToken, ReadMatch } from './match.ts';
import { plans, readMatch } from './match.ts';
import type { Memory, Terms } from './memory.ts';
import { memoryOf } from './memory.ts';
import { readSmall, readU64 } from './numbers.ts';
import { groupFrom, readPort32, readTable } from './ports.ts';
import { lastMask, quickValue, specOf } from './quick.ts';
import { Finder, KeyValues, skipSeparators, tokenEnd } from './scanner.ts';
import { report, shown, Source } from './source.ts';
import type { Token } from './tokens.ts';
import type { FlowCommand, ReadContext, ReadFlow } from './types.ts';
import { hasVariable } from './variables.ts';

const ALL_TABLES = 255;
const DEFAULT_PRIORITY = 32768;
const KEEP_COOKIE = 0xffff_ffff_ffff_ffffn;
const NO_INSTRUCTIONS: Instructions = {
  apply: [],
  clear: false,
  write: null,
  writeMetadata: null,
  goto: null,
};

const actionFinder = new Finder('action');

/** In the order in which ovs-ofctl tries them: the first letters will do. */
const COMMANDS: readonly FlowCommand[] = ['add', 'delete', 'delete_strict', 'modify', 'modify_strict'];

/** Which settings a command takes. */
const SETTINGS: Readonly<Record<FlowCommand, readonly string[]>> = {
  add: ['table', 'cookie', 'priority', 'idle_timeout', 'hard_timeout', 'importance'],
  modify: ['table', 'cookie', 'priority', 'idle_timeout', 'hard_timeout'],
  modify_strict: ['table', 'cookie', 'priority', 'idle_timeout', 'hard_timeout'],
  delete: ['table', 'cookie', 'out_port', 'out_group'],
  delete_strict: ['table', 'cookie', 'out_port', 'out_group', 'priority'],
};

/** Settings as bits. */
const SEEN = {
  table: 1,
  cookie: 2,
  priority: 4,
  idle_timeout: 8,
  hard_timeout: 16,
  importance: 32,
  out_port: 64,
  out_group: 128,
} as const;

function isSetting(key: string): key is keyof typeof SEEN {
  return Object.hasOwn(SEEN, key);
}

/** Reads one flow of `add-flow`, `add-flows` or `dump-flows`. Null where it cannot be read, which has been reported. */
export function readFlow(ctx: ReadContext, start: number, end: number): ReadFlow | null {
  return hasVariable(ctx, start, end) ? null : new FlowReader(ctx, start, end).read();
}

class FlowReader {
  private readonly ctx: ReadContext;
  private readonly start: number;
  private readonly end: number;
  private readonly memory: Memory;
  private command: FlowCommand = 'add';
  private warnings = 0;
  private table: number | null = null;
  private priority = DEFAULT_PRIORITY;
  private idleTimeout = 0;
  private hardTimeout = 0;
  private importance = 0;
  private cookie: bigint | null = null;
  private cookieMask: bigint | null = null;
  private outPort: number | null = null;
  private outGroup: number | null = null;
  private flags = 0;
  /** The settings so far, each a bit. */
  private seen = 0;
  private readonly terms: Terms;
  private node = plans();

  constructor(ctx: ReadContext, start: number, end: number) {
    this.ctx = ctx;
    this.start = start;
    this.end = end;
    this.memory = memoryOf(ctx.names);
    this.terms = this.memory.terms;
    this.terms.count = 0;
  }

  read(): ReadFlow | null {
    const { ctx, start, end } = this;
    const { text } = ctx;
    const from = this.readCommand();
    const acts = !this.command.startsWith('delete');
    let limit = end;
    let actions = end;
    if (acts) {
      limit = actionFinder.find(text, from, end);
      actions = limit === -1 ? -1 : equalsBehind(text, limit, end);
      if (actions === -1) {
        const at = limit === -1 ? start : limit;
        return this.fail((source) => source.fail(noActions, {}, at, Math.max(end, at)));
      }
    }
    if (!this.readTokens(from, limit)) return null;
    const read = this.readMatch();
    if (read === null) return null;
    const { match, context } = read;
    let instructions = NO_INSTRUCTIONS;
    let only10 = false;
    if (acts) {
      const { resolved, notes } = this.memory.read(text.slice(actions + 1, end), context, this.table);
      if (notes.length > 0) this.say(notes, actions + 1);
      if (resolved === null) return null;
      ({ instructions, only10 } = resolved);
    }
    return {
      command: this.command,
      flow: {
        table: acts && this.table === ALL_TABLES ? 0 : (this.table ?? (acts ? 0 : ALL_TABLES)),
        priority: this.priority,
        cookie: this.cookie ?? (this.cookieMask === null || !acts ? 0n : KEEP_COOKIE),
        idleTimeout: this.idleTimeout,
        hardTimeout: this.hardTimeout,
        importance: this.importance,
        flags: this.flags,
        match,
        instructions,
      },
      cookieStated: this.cookie !== null,
      cookieMask: this.cookieMask,
      tableStated: this.table !== null,
      outPort: this.outPort,
      outGroup: this.outGroup,
      onlyOpenFlow10: only10,
      start,
      end,
      warnings: this.warnings,
    };
  }

  private readMatch(): ReadMatch | null {
    const { plan } = this.node;
    if (plan === undefined || plan === null) return this.simulate();
    const { from, which, context } = plan;
    const match: MatchField[] = [];
    for (let i = 0; i < from.length; i++) match.push(this.term(from[i] ?? 0, which[i] ?? 0));
    return { match, context };
  }

  private term(index: number, which: number): MatchField {
    const { tokens, specs, values, masks } = this.terms;
    const term = tokens[index]?.terms[which];
    if (term !== undefined) return term;
    const name = specs[index]?.fields[which];
    if (name === undefined) throw new Error('a plan for other tokens');
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
      tokens.push(token);
    }
    const source = new Source(text, this.ctx.names);
    const read = readMatch(tokens, starts, ends, this.node, source);
    if (source.notes.length > 0) this.say(source.notes, 0);
    return read;
  }

  private refuse(token: Token, start: number): null {
    if (token.kind !== 'setting') this.say(token.notes, start);
    return null;
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

  private fail(work: (source: Source) => null): null {
    return this.noting(work);
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
    this.command = command;
    return to;
  }

  private readTokens(from: number, limit: number): boolean {
    const { text } = this.ctx;
    const flags = !this.command.startsWith('delete');
    for (let at = skipSeparators(text, from, limit); at < limit; at = skipSeparators(text, at, limit)) {
      const end = tokenEnd(text, at, limit);
      if (!isStatistic(text, at, end)) {
        const setting = this.quickSetting(text, at, end);
        if (setting === false) return false;
        if (setting === null && !this.quickTerm(text, at, end) && !this.readToken(at, end, flags))
          return false;
      }
      at = end;
    }
    return true;
  }

  private readToken(start: number, end: number, flags: boolean): boolean {
    const token = this.memory.token(this.ctx.text.slice(start, end), flags);
    if (token.kind === 'match') {
      this.terms.push(token, null, 0, null, start, end);
      this.node = this.node.step(token.shape);
    } else if (token.kind === 'setting') return this.readSetting(start, end);
    else if (token.kind === 'flag') this.flags |= token.bit;
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
    this.terms.push(null, spec, value + spec.adds, mask, start, end);
    this.node = this.node.step(mask !== null ? spec.masked : value < 256 ? spec.small : spec.exact);
    return true;
  }

  /** `table=1` and `priority=100` in their usual form; null where it is something else, false where it is refused. */
  private quickSetting(text: string, start: number, end: number): boolean | null {
    const code = text.charCodeAt(start);
    if (code === 112 && text.startsWith('priority=', start)) {
      const value = smallDecimal(text, start + 9, end);
      if (value < 0 || value > 0xffff || this.command === 'delete') return this.readSetting(start, end);
      this.once(SEEN.priority, start, end);
      this.priority = value;
      return true;
    }
    if (code === 116 && text.startsWith('table=', start)) {
      const value = smallDecimal(text, start + 6, end);
      if (value < 0 || value > 254) return this.readSetting(start, end);
      this.once(SEEN.table, start, end);
      this.table = value;
      return true;
    }
    if (
      code === 99 &&
      this.command === 'add' &&
      text.startsWith('cookie=0x', start) &&
      isHex(text, start + 9, end)
    ) {
      this.once(SEEN.cookie, start, end);
      this.cookie = BigInt(text.slice(start + 7, end));
      return true;
    }
    return null;
  }

  /** Says so where a setting takes the place of an earlier one. */
  private once(bit: number, start: number, end: number): void {
    if ((this.seen & bit) === 0) {
      this.seen |= bit;
      return;
    }
    const { text } = this.ctx;
    const by = shown(text.slice(start, end));
    const key = text.slice(start, end).split(/[:=(]/)[0] ?? '';
    for (let at = skipSeparators(text, this.start, start); at < start; at = skipSeparators(text, at, start)) {
      const to = tokenEnd(text, at, start);
      if (new RegExp(`^${key}[:=(]`).test(text.slice(at, to)))
        this.noting((source) => {
          source.warn(overridden, { term: shown(text.slice(at, to)), by }, at, to);
        });
      at = Math.max(to, at + 1);
    }
  }

  private readSetting(start: number, end: number): boolean {
    const { text } = this.ctx;
    const pair = new KeyValues(text, start, end);
    pair.next();
    const { key, valueStart, valueEnd } = pair;
    return this.noting((source) => {
      if (!SETTINGS[this.command].includes(key)) {
        source.fail(notForCommand, { word: key, command: this.command }, start, end);
        return false;
      }
      if (valueStart === valueEnd) {
        source.fail(badValue, { value: '', name: key, needed: 'a number' }, start, end);
        return false;
      }
      if (isSetting(key)) this.once(SEEN[key], start, end);
      return this.set(source, key, valueStart, valueEnd);
    });
  }

  private set(source: Source, key: string, start: number, end: number): boolean {
    if (key === 'cookie') return this.setCookie(source, start, end);
    if (key === 'table') return this.setTable(source, start, end);
    if (key === 'out_port') {
      this.outPort = readPort32(source, start, end);
      return this.outPort !== null;
    }
    if (key === 'out_group') {
      this.outGroup = groupFrom(source.text, start, end);
      if (this.outGroup !== null) return true;
      const value = shown(source.slice(start, end));
      source.fail(badValue, { value, name: key, needed: 'a group' }, start, end);
      return false;
    }
    const value = readSmall(source, start, end, key, 0xffff);
    if (value === null) return false;
    if (key === 'priority') this.priority = value;
    else if (key === 'idle_timeout') this.idleTimeout = value;
    else if (key === 'hard_timeout') this.hardTimeout = value;
    else this.importance = value;
    return true;
  }

  private setTable(source: Source, start: number, end: number): boolean {
    this.table = readTable(source, start, end);
    if (this.table === null) return false;
    if (this.table === ALL_TABLES && this.command === 'add') source.warn(tableZero, {}, start, end);
    return true;
  }

  private setCookie(source: Source, start: number, end: number): boolean {
    const slash = source.slice(start, end).indexOf('/');
    if (slash === -1) {
      if (this.command.startsWith('delete')) {
        source.fail(notForCommand, { word: 'cookie without a mask', command: this.command }, start, end);
        return false;
      }
      this.cookie = readU64(source, start, end, 'cookie');
      return this.cookie !== null;
    }
    if (this.command === 'add') {
      source.fail(notForCommand, { word: 'cookie with a mask', command: 'add' }, start, end);
      return false;
    }
    const value = readU64(source, start, start + slash, 'cookie');
    const mask = value === null ? null : readU64(source, start + slash + 1, end, 'cookie');
    this.cookieMask = mask;
    if (this.command.startsWith('delete')) this.cookie = value;
    return mask !== null;
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

/** A number of up to five decimal digits without a leading 0; -1 where it is something else. */
function smallDecimal(text: string, start: number, end: number): number {
  if (end === start || end - start > 5 || (text.charCodeAt(start) === 48 && end - start > 1)) return -1;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function isHex(text: string, start: number, end: number): boolean {
  if (end === start || end - start > 16) return false;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (!((code >= 48 && code <= 57) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70)))
      return false;
  }
  return true;
}

/** Where the `=` behind "action" is; -1 where there is none. */
function equalsBehind(text: string, start: number, end: number): number {
  for (let at = start; at < end; at++) if (text.charCodeAt(at) === 61) return at;
  return -1;
}
