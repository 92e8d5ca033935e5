/** A flow as `add-flow`, `add-flows` and `dump-flows` of ovs-ofctl have it (ovs-ofctl(8), "Flow Syntax"). */
import { badValue, noActions, notForCommand, tableZero } from '../../diagnostics/codes/import.ts';
import type { Diagnostic } from '../../diagnostics/types.ts';
import type { Instructions } from '../../ir/types.ts';
import type { MatchToken } from './match.ts';
import { readMatch } from './match.ts';
import type { Memory } from './memory.ts';
import { memoryOf } from './memory.ts';
import { readSmall, readU64 } from './numbers.ts';
import { groupFrom, readPort32, readTable } from './ports.ts';
import { Finder, KeyValues, skipSeparators, tokenEnd } from './scanner.ts';
import { report, shown, Source } from './source.ts';
import type { FlowCommand, ReadContext, ReadFlow } from './types.ts';
import { hasVariable } from './variables.ts';

const ALL_TABLES = 255;
const DEFAULT_PRIORITY = 32768;
const KEEP_COOKIE = 0xffff_ffff_ffff_ffffn;
const NO_INSTRUCTIONS: Instructions = { apply: [], clear: false, write: null, writeMetadata: null, goto: null };

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
  private readonly tokens: MatchToken[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];

  constructor(ctx: ReadContext, start: number, end: number) {
    this.ctx = ctx;
    this.start = start;
    this.end = end;
    this.memory = memoryOf(ctx.names);
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
    const { match, context } = this.noting((source) => readMatch(this.tokens, this.starts, this.ends, source));
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

  private say(notes: readonly Diagnostic[], base: number): void {
    report(this.ctx, notes, base);
    this.warnings += notes.length;
  }

  /** Calls with a source that has the offsets of the input, made when it is needed, and says what was noted. */
  private noting<T>(work: (source: () => Source) => T): T {
    let made: Source | null = null;
    const result = work(() => (made ??= new Source(this.ctx.text, this.ctx.names)));
    const { notes } = (made as Source | null) ?? { notes: [] };
    if (notes.length > 0) this.say(notes, 0);
    return result;
  }

  private fail(work: (source: Source) => null): null {
    return this.noting((source) => work(source()));
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
        if (setting === null && !this.readToken(at, end, flags)) return false;
      }
      at = end;
    }
    return true;
  }

  private readToken(start: number, end: number, flags: boolean): boolean {
    const token = this.memory.token(this.ctx.text.slice(start, end), flags);
    if (token.kind === 'match') {
      this.tokens.push(token);
      this.starts.push(start);
      this.ends.push(end);
    } else if (token.kind === 'setting') return this.readSetting(start, end);
    else if (token.kind === 'flag') this.flags |= token.bit;
    if (token.notes.length > 0) this.say(token.notes, start);
    return token.kind !== 'refused';
  }

  /** `table=1` and `priority=100` in their usual form; null where it is something else, false where it is refused. */
  private quickSetting(text: string, start: number, end: number): boolean | null {
    const code = text.charCodeAt(start);
    if (code === 112 && text.startsWith('priority=', start)) {
      const value = smallDecimal(text, start + 9, end);
      if (value < 0 || value > 0xffff || this.command === 'delete') return this.readSetting(start, end);
      this.priority = value;
      return true;
    }
    if (code === 116 && text.startsWith('table=', start)) {
      const value = smallDecimal(text, start + 6, end);
      if (value < 0 || value > 254) return this.readSetting(start, end);
      this.table = value;
      return true;
    }
    if (code === 99 && this.command === 'add' && text.startsWith('cookie=0x', start) && isHex(text, start + 9, end)) {
      this.cookie = BigInt(text.slice(start + 7, end));
      return true;
    }
    return null;
  }

  private readSetting(start: number, end: number): boolean {
    const { text } = this.ctx;
    const pair = new KeyValues(text, start, end);
    pair.next();
    const { key, valueStart, valueEnd } = pair;
    return this.noting((make) => {
      const source = make();
      if (!SETTINGS[this.command].includes(key)) {
        source.fail(notForCommand, { word: key, command: this.command }, start, end);
        return false;
      }
      if (valueStart === valueEnd) {
        source.fail(badValue, { value: '', name: key, needed: 'a number' }, start, end);
        return false;
      }
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
  for (const word of STATISTICS)
    if (text.startsWith(word, start)) return end > start + word.length;
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
    if (!((code >= 48 && code <= 57) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70))) return false;
  }
  return true;
}

/** Where the `=` behind "action" is; -1 where there is none. */
function equalsBehind(text: string, start: number, end: number): number {
  for (let at = start; at < end; at++) if (text.charCodeAt(at) === 61) return at;
  return -1;
}
