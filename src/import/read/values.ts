/** Values of fields with their masks (ovs-fields(7)), as ovs-ofctl reads them. */
import { badMask, badValue, cut } from '../../diagnostics/codes/import.ts';
import type { Field } from '../../openflow/fields.ts';
import { flagBits } from '../../openflow/names.ts';
import { portTo32 } from '../../openflow/ports.ts';
import { readIpv4, readIpv6, scanMac } from './addresses.ts';
import { scanField } from './numbers.ts';
import { readPort } from './ports.ts';
import type { Source } from './source.ts';
import { shown } from './source.ts';
import { onesOf } from './subfields.ts';

/** As wide as the field is on the wire; an exact value has a mask of all these bits. */
export interface ReadValue {
  readonly value: bigint;
  readonly mask: bigint;
}

/** Reads a value that may have a mask; null is reported. */
export function readValue(source: Source, f: Field, start: number, end: number): ReadValue | null {
  if (end - start === 1 && source.text.charCodeAt(start) === 42) return { value: 0n, mask: 0n };
  const read = readByFormat(source, f, start, end);
  if (read === null || read.mask === 0n || f.maskable || read.mask === onesOf(f.bytes * 8)) return read;
  return source.fail(badMask, { name: f.name, partly: true }, start, end);
}

/** Reads a value without a mask; null is reported. */
export function readExact(source: Source, f: Field, start: number, end: number): bigint | null {
  const read = readValue(source, f, start, end);
  if (read === null) return null;
  if (read.mask === onesOf(f.bytes * 8)) return read.value;
  return source.fail(badMask, { name: f.name, partly: false }, start, end);
}

function readByFormat(source: Source, f: Field, start: number, end: number): ReadValue | null {
  switch (f.format) {
    case 'decimal':
    case 'hexadecimal':
      return readInteger(source, f, start, end);
    case 'Ethernet':
      return readMac(source, f, start, end);
    case 'IPv4':
      return readIpv4(source, f, start, end);
    case 'IPv6':
      return readIpv6(source, f, start, end);
    case 'OpenFlow 1.0 port':
    case 'OpenFlow 1.1+ port': {
      const port = readPort(source, start, end);
      if (port === null) return null;
      return { value: BigInt(f.bytes === 4 ? portTo32(port) : port), mask: onesOf(f.bytes * 8) };
    }
    case 'frag':
      return readFragment(source, f, start, end);
    case 'ct state':
    case 'TCP flags':
    case 'tunnel flags':
      return readFlags(source, f, start, end);
    case 'packet type':
      return readPacketType(source, f, start, end);
  }
}

function refuse(source: Source, f: Field, needed: string, start: number, end: number): null {
  return source.fail(badValue, { value: shown(source.slice(start, end)), name: f.name, needed }, start, end);
}

function readInteger(source: Source, f: Field, start: number, end: number): ReadValue | null {
  const { text } = source;
  const value = scanField(text, start, end, f.bytes);
  const widest = `a number of ${f.bytes * 8} bits`;
  if (value === null || value === 'too large') return refuse(source, f, widest, start, end);
  if (value.next === end) return { value: value.value, mask: onesOf(f.bytes * 8) };
  if (text.charCodeAt(value.next) !== 47) return refuse(source, f, widest, start, end);
  const mask = scanField(text, value.next + 1, end, f.bytes);
  if (mask === null || mask === 'too large' || mask.next !== end)
    return refuse(source, f, `${widest} with a mask like it`, start, end);
  return { value: value.value, mask: mask.value };
}

function readMac(source: Source, f: Field, start: number, end: number): ReadValue | null {
  const { text } = source;
  const value = scanMac(text, start, end);
  const mask =
    value !== null && text.charCodeAt(value.next) === 47 ? scanMac(text, value.next + 1, end) : null;
  if (value === null || (mask ?? value).next !== end)
    return refuse(source, f, 'an Ethernet address', start, end);
  for (const part of [value, mask]) {
    if (part?.cut !== true) continue;
    const becomes = part.value
      .toString(16)
      .padStart(12, '0')
      .replace(/(..)(?!$)/g, '$1:');
    source.warn(cut, { written: shown(source.slice(start, end)), name: f.name, becomes }, start, end);
  }
  return { value: value.value, mask: mask === null ? onesOf(48) : mask.value };
}

/** ovs-fields(7), "ip_frag": what each word asks of the two bits, as value and mask. */
const FRAGMENTS: Readonly<Record<string, ReadValue>> = {
  no: { value: 0n, mask: 3n },
  first: { value: 1n, mask: 3n },
  later: { value: 3n, mask: 3n },
  yes: { value: 1n, mask: 1n },
  not_later: { value: 0n, mask: 2n },
};

function readFragment(source: Source, f: Field, start: number, end: number): ReadValue | null {
  const word = source.slice(start, end).toLowerCase();
  const found = Object.hasOwn(FRAGMENTS, word) ? FRAGMENTS[word] : undefined;
  if (found === undefined) return refuse(source, f, 'no, yes, first, later or not_later', start, end);
  return found.mask === 3n ? { value: found.value, mask: onesOf(8) } : found;
}

function readFlags(source: Source, f: Field, start: number, end: number): ReadValue | null {
  const { text } = source;
  const all = onesOf(f.bytes * 8);
  const known = flagBits(f) ?? new Map<string, bigint>();
  const allowed = onesOf(f.format === 'ct state' ? 8 : f.bits);
  const needed = `flags (${[...known.keys()].join(', ')})`;
  const first = text.charCodeAt(start);
  if (first >= 48 && first <= 57) {
    const value = scanField(text, start, end, f.bytes);
    if (value === null || value === 'too large') return refuse(source, f, needed, start, end);
    if ((value.value & ~allowed) !== 0n) return refuse(source, f, needed, start, end);
    if (value.next === end) return { value: value.value, mask: all };
    if (text.charCodeAt(value.next) !== 47) return refuse(source, f, needed, start, end);
    const mask = scanField(text, value.next + 1, end, f.bytes);
    if (mask === null || mask === 'too large' || mask.next !== end)
      return refuse(source, f, needed, start, end);
    if ((mask.value & ~allowed) !== 0n) return refuse(source, f, needed, start, end);
    return { value: value.value, mask: mask.value };
  }
  if (first === 43 || first === 45) return signedFlags(source, f, known, needed, start, end);
  let value = 0n;
  let at = start;
  for (const word of text.slice(start, end).split('|')) {
    const bit = bitOf(f, known, word);
    if (bit === undefined && !(word === '0' && at === start))
      return refuse(source, f, needed, at, at + word.length);
    value |= bit ?? 0n;
    at += word.length + 1;
  }
  return { value, mask: all };
}

/** A flag by its name, or a bit of TCP's that has none: `[400]`, in hexadecimal. */
function bitOf(f: Field, known: ReadonlyMap<string, bigint>, word: string): bigint | undefined {
  const nameless = f.format === 'TCP flags' ? /^\[([248]00)\]$/.exec(word)?.[1] : undefined;
  return nameless === undefined ? known.get(word) : BigInt(`0x${nameless}`);
}

function signedFlags(
  source: Source,
  f: Field,
  known: ReadonlyMap<string, bigint>,
  needed: string,
  start: number,
  end: number,
): ReadValue | null {
  const { text } = source;
  let value = 0n;
  let mask = 0n;
  let at = start;
  while (at < end) {
    const sign = text.charCodeAt(at);
    let next = at + 1;
    while (next < end && text.charCodeAt(next) !== 43 && text.charCodeAt(next) !== 45) next++;
    const bit = sign === 43 || sign === 45 ? bitOf(f, known, text.slice(at + 1, next)) : undefined;
    if (bit === undefined) return refuse(source, f, needed, at, next);
    if ((mask & bit) !== 0n)
      return refuse(source, f, `each flag once (${[...known.keys()].join(', ')})`, at, next);
    mask |= bit;
    if (sign === 43) value |= bit;
    at = next;
  }
  return { value, mask };
}

function readPacketType(source: Source, f: Field, start: number, end: number): ReadValue | null {
  const { text } = source;
  const needed = 'a packet type, as (1,0x800)';
  if (text.charCodeAt(start) !== 40) return refuse(source, f, needed, start, end);
  const ns = scanField(text, start + 1, end, 2);
  if (ns === null || ns === 'too large' || text.charCodeAt(ns.next) !== 44)
    return refuse(source, f, needed, start, end);
  const type = scanField(text, ns.next + 1, end, 2);
  if (type === null || type === 'too large' || text.charCodeAt(type.next) !== 41)
    return refuse(source, f, needed, start, end);
  return { value: (ns.value << 16n) | type.value, mask: onesOf(32) };
}
