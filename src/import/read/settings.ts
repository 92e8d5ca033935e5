/** What a flow says besides its match and its actions: its table, priority, cookie, timeouts (ovs-ofctl(8)). */
import { badValue, notForCommand, overridden, tableZero } from '../../diagnostics/codes/import.ts';
import { readSmall, readU64 } from './numbers.ts';
import { groupFrom, readPort32, readTable } from './ports.ts';
import { KeyValues, skipSeparators, tokenEnd } from './scanner.ts';
import type { Source } from './source.ts';
import { shown } from './source.ts';
import type { FlowCommand } from './types.ts';

const ALL_TABLES = 255;
const DEFAULT_PRIORITY = 32768;

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

/** Calls with a source that has the offsets of the input, and says what was noted. */
export type Noting = <T>(work: (source: Source) => T) => T;

export class Settings {
  command: FlowCommand = 'add';
  table: number | null = null;
  priority = DEFAULT_PRIORITY;
  idleTimeout = 0;
  hardTimeout = 0;
  importance = 0;
  cookie: bigint | null = null;
  cookieMask: bigint | null = null;
  outPort: number | null = null;
  outGroup: number | null = null;
  /** Those that have been there, each a bit, and those that have been there twice. */
  private seen = 0;
  private repeated = 0;
  private readonly text: string;
  /** Where the flow begins. */
  private readonly start: number;
  private readonly noting: Noting;

  constructor(text: string, start: number, noting: Noting) {
    this.text = text;
    this.start = start;
    this.noting = noting;
  }

  /** `table=1` and `priority=100` in their usual form; null where it is something else, false where it is refused. */
  quick(start: number, end: number): boolean | null {
    const { text } = this;
    const code = text.charCodeAt(start);
    if (code === 112 && text.startsWith('priority=', start)) {
      const value = smallDecimal(text, start + 9, end);
      if (value < 0 || value > 0xffff || this.command === 'delete') return this.read(start, end);
      this.once(SEEN.priority, start, end);
      this.priority = value;
      return true;
    }
    if (code === 116 && text.startsWith('table=', start)) {
      const value = smallDecimal(text, start + 6, end);
      if (value < 0 || value > 254) return this.read(start, end);
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
    const first = (this.seen & bit) === 0;
    const said = (this.repeated & bit) !== 0;
    if (first) this.seen |= bit;
    else this.repeated |= bit;
    if (first || said) return;
    const { text } = this;
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

  read(start: number, end: number): boolean {
    const { text } = this;
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
