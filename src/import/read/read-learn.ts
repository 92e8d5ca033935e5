/** The `learn` action (ovs-actions(7)). */
import { badArgument, badSubfield, badValue, unknownWord, wrapped } from '../../diagnostics/codes/import.ts';
import type { LearnSpec, SubfieldRef } from '../../ir/types.ts';
import { readWrapping, scanField, scanUnsigned } from './numbers.ts';
import { readTable } from './ports.ts';
import type { Args, Parsed } from './parsed.ts';
import { just } from './parsed.ts';
import { KeyValues } from './scanner.ts';
import { shown, Source } from './source.ts';
import type { Subfield } from './subfields.ts';
import { hasShortHeader, onesOf, plain, readSubfield, readSubfieldAt } from './subfields.ts';
import { readExact } from './values.ts';

const DEFAULTS = { table: 1, priority: 32768 } as const;

/** Numbers that are read as atoi(3) does, and how many bits they have. */
const NUMBERS = {
  priority: 16,
  idle_timeout: 16,
  hard_timeout: 16,
  fin_idle_timeout: 16,
  fin_hard_timeout: 16,
  limit: 32,
} as const;

export function readLearn(args: Args): Parsed | null {
  const { source } = args;
  let table: number = DEFAULTS.table;
  const numbers: Record<keyof typeof NUMBERS, number> = {
    priority: DEFAULTS.priority,
    idle_timeout: 0,
    hard_timeout: 0,
    fin_idle_timeout: 0,
    fin_hard_timeout: 0,
    limit: 0,
  };
  let cookie = 0n;
  let sendFlowRem = false;
  let deleteLearned = false;
  let result: SubfieldRef | null = null;
  const specs: LearnSpec[] = [];
  const pairs = new KeyValues(source.text, args.start, args.end);
  while (pairs.next()) {
    const { key, valueStart, valueEnd } = pairs;
    if (key === 'table') {
      const read = readTable(source, valueStart, valueEnd);
      if (read === null) return null;
      if (read === 255)
        return source.fail(
          badValue,
          { value: '255', name: 'table', needed: 'a table from 0 to 254' },
          valueStart,
          valueEnd,
        );
      table = read;
    } else if (isNumber(key)) numbers[key] = readWrapping(source, valueStart, valueEnd, key, NUMBERS[key]);
    else if (key === 'cookie') cookie = readCookie(source, valueStart, valueEnd);
    else if (key === 'send_flow_rem') sendFlowRem = true;
    else if (key === 'delete_learned') deleteLearned = true;
    else if (key === 'result_dst') {
      result = readResult(args, valueStart, valueEnd);
      if (result === null) return null;
    } else {
      const spec = readSpec(source, pairs);
      if (spec === null) return null;
      specs.push(spec);
    }
  }
  return just(args, {
    kind: 'learn',
    table,
    priority: numbers.priority,
    idleTimeout: numbers.idle_timeout,
    hardTimeout: numbers.hard_timeout,
    finIdleTimeout: numbers.fin_idle_timeout,
    finHardTimeout: numbers.fin_hard_timeout,
    cookie,
    sendFlowRem,
    deleteLearned,
    limit: numbers.limit,
    result,
    specs,
  });
}

function isNumber(key: string): key is keyof typeof NUMBERS {
  return Object.hasOwn(NUMBERS, key);
}

/** As strtoull(3), and what follows does not matter. */
function readCookie(source: Source, start: number, end: number): bigint {
  const found = scanUnsigned(source.text, start, end);
  const tooLarge = found === null && /^[ \t]*[+-]?\d/.test(source.slice(start, end));
  const value = found?.value ?? (tooLarge ? onesOf(64) : 0n);
  if (found?.next !== end)
    source.warn(
      wrapped,
      { written: shown(source.slice(start, end)), name: 'cookie', becomes: `0x${value.toString(16)}` },
      start,
      end,
    );
  return value;
}

function readResult({ source, name }: Args, start: number, end: number): SubfieldRef | null {
  const found = readSubfield(source, start, end);
  if (found === null) return null;
  const refuse = (what: string): null => source.fail(badArgument, { action: name, what }, start, end);
  if (!found.info.writable) return refuse(`\`${found.field}\` can only be read`);
  if (found.bits !== 1) return refuse('the result is one bit');
  return plain(found);
}

function readSpec(source: Source, pairs: KeyValues): LearnSpec | null {
  const { key, keyStart, keyEnd, valueStart, valueEnd } = pairs;
  // It is known only then whether the key is a field.
  const quiet = new Source(source.text, source.names);
  const destination = readSubfield(quiet, keyStart, keyEnd);
  if (destination !== null) return readMatchSpec(source, destination, pairs);
  if (key === 'load') return readLoadSpec(source, valueStart, valueEnd);
  if (key === 'output') {
    const from = readSubfield(source, valueStart, valueEnd);
    return from === null || !hasRoom(source, from, valueStart, valueEnd)
      ? null
      : { kind: 'output', source: plain(from) };
  }
  const [note] = quiet.notes;
  if (note !== undefined && key.includes('[')) {
    source.notes.push(note);
    return null;
  }
  return source.fail(
    unknownWord,
    { word: shown(key), where: '`learn`' },
    keyStart,
    Math.max(keyEnd, keyStart + 1),
  );
}

function hasRoom(source: Source, { info, field }: Subfield, start: number, end: number): boolean {
  if (hasShortHeader(info)) return true;
  source.fail(badSubfield, { text: field, what: 'this action has no room for such a field' }, start, end);
  return false;
}

function readMatchSpec(source: Source, to: Subfield, pairs: KeyValues): LearnSpec | null {
  const { keyStart, keyEnd, valueStart, valueEnd } = pairs;
  if (!hasRoom(source, to, keyStart, keyEnd)) return null;
  const destination = plain(to);
  if (valueStart === valueEnd)
    return { kind: 'match', source: { kind: 'field', subfield: destination }, destination };
  const quiet = new Source(source.text, source.names);
  const from = readSubfield(quiet, valueStart, valueEnd);
  if (from !== null) {
    if (!hasRoom(source, from, valueStart, valueEnd)) return null;
    if (from.bits !== to.bits) {
      const what = `it has ${from.bits} bits, and \`${pairs.key}\` has ${to.bits}`;
      return source.fail(badSubfield, { text: pairs.value, what }, valueStart, valueEnd);
    }
    return { kind: 'match', source: { kind: 'field', subfield: plain(from) }, destination };
  }
  const value =
    to.offset === 0 && to.bits === to.info.bits
      ? readExact(source, to.info, valueStart, valueEnd)
      : readPart(source, to, valueStart, valueEnd);
  return value === null ? null : { kind: 'match', source: { kind: 'value', value }, destination };
}

function readPart(source: Source, to: Subfield, start: number, end: number): bigint | null {
  const found = scanField(source.text, start, end, to.info.bytes);
  if (
    found === null ||
    found === 'too large' ||
    found.next !== end ||
    found.value >> BigInt(to.bits) !== 0n
  ) {
    const value = shown(source.slice(start, end));
    return source.fail(
      badValue,
      { value, name: to.field, needed: `a number of ${to.bits} bits` },
      start,
      end,
    );
  }
  return found.value;
}

/** As wide as the widest field. */
const VALUE_BYTES = 128;

function readLoadSpec(source: Source, start: number, end: number): LearnSpec | null {
  const { text } = source;
  const arrow = text.indexOf('->', start);
  const refuse = (what: string, from: number): null =>
    source.fail(badArgument, { action: 'load', what }, from, Math.max(end, from));
  if (arrow === start) return refuse('a value or a field is missing before `->`', start);
  if (arrow === -1 || arrow >= end) return refuse('`->` is missing', start);
  const found = scanField(text, start, arrow, VALUE_BYTES);
  if (found !== null && found !== 'too large') {
    if (found.next !== arrow) return refuse('something stands between the number and `->`', found.next);
    const to = readSubfield(source, arrow + 2, end);
    if (to === null || !hasRoom(source, to, arrow + 2, end)) return null;
    if (found.value >> BigInt(to.bits) !== 0n)
      return refuse(
        `${shown(text.slice(start, arrow))} does not fit into ${to.bits} bit${to.bits === 1 ? '' : 's'}`,
        start,
      );
    return { kind: 'load', source: { kind: 'value', value: found.value }, destination: plain(to) };
  }
  const from = readSubfieldAt(source, start, end);
  if (from === null) return null;
  if (from.next !== arrow) return refuse('`->` is missing', from.next);
  const to = readSubfield(source, arrow + 2, end);
  if (to === null || !hasRoom(source, from, start, arrow) || !hasRoom(source, to, arrow + 2, end))
    return null;
  if (from.bits !== to.bits) return refuse(`${from.bits} bits cannot be moved to ${to.bits}`, start);
  return { kind: 'load', source: { kind: 'field', subfield: plain(from) }, destination: plain(to) };
}
