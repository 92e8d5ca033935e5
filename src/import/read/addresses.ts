/** Ethernet, IPv4 and IPv6 addresses as ovs-ofctl scans them: each number is read as far as it goes, and cut. */
import { badValue, cut } from '../../diagnostics/codes/import.ts';
import type { Field } from '../../openflow/fields.ts';
import type { Source } from './source.ts';
import { shown } from './source.ts';
import { onesOf } from './subfields.ts';

export interface ScannedAddress {
  readonly value: bigint;
  /** Behind it. */
  readonly next: number;
  /** A part did not fit, and its upper bits are lost. */
  readonly cut: boolean;
}

function digit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : 16;
}

/** Six hexadecimal numbers with colons between them; null where there are none. */
export function scanMac(text: string, start: number, end: number): ScannedAddress | null {
  let upper = 0;
  let lower = 0;
  let at = start;
  let lost = false;
  for (let part = 0; part < 6; part++) {
    if (part > 0) {
      if (at >= end || text.charCodeAt(at) !== 58) return null;
      at++;
    }
    const first = at;
    let value = 0;
    for (; at < end; at++) {
      const d = digit(text.charCodeAt(at));
      if (d > 15) break;
      if (value > 15) lost = true;
      value = ((value << 4) | d) & 0xff;
    }
    if (at === first) return null;
    if (part < 3) upper = (upper << 8) | value;
    else lower = (lower << 8) | value;
  }
  return { value: BigInt(upper * 0x1000000 + lower), next: at, cut: lost };
}

/** Four decimal numbers with dots between them; null where there are none. */
export function scanIpv4(text: string, start: number, end: number): ScannedAddress | null {
  let value = 0;
  let at = start;
  let lost = false;
  for (let part = 0; part < 4; part++) {
    if (part > 0) {
      if (at >= end || text.charCodeAt(at) !== 46) return null;
      at++;
    }
    const first = at;
    let byte = 0;
    for (; at < end; at++) {
      const d = text.charCodeAt(at) - 48;
      if (d < 0 || d > 9) break;
      byte = byte * 10 + d;
      if (byte > 255) lost = true;
      byte &= 0xff;
    }
    if (at === first) return null;
    value = value * 256 + byte;
  }
  return { value: BigInt(value), next: at, cut: lost };
}

export function ipv4Text(value: bigint): string {
  const n = Number(value);
  return `${n >>> 24}.${(n >>> 16) & 0xff}.${(n >>> 8) & 0xff}.${n & 0xff}`;
}

/** The eight groups of an IPv6 address, as inet_pton(3) takes them; null where it is none. */
export function ipv6Value(text: string): bigint | null {
  if (text.length > 45) return null;
  let source = text;
  const dotted = /^(.*:)(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})$/.exec(text);
  if (dotted !== null) {
    const [, head = '', tail = ''] = dotted;
    const parts = tail.split('.');
    if (parts.some((p) => Number(p) > 255 || (p.length > 1 && p.startsWith('0')))) return null;
    const [a = 0, b = 0, c = 0, d = 0] = parts.map(Number);
    source = `${head}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  }
  const halves = source.split('::');
  if (halves.length > 2) return null;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const [head = [], tail] = groups;
  const count = head.length + (tail?.length ?? 0);
  if (tail === undefined ? count !== 8 : count > 7) return null;
  const all = tail === undefined ? head : [...head, ...Array.from({ length: 8 - count }, () => '0'), ...tail];
  let value = 0n;
  for (const group of all) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return null;
    value = (value << 16n) | BigInt(parseInt(group, 16));
  }
  return value;
}

/** Characters that an IPv6 address is made of. */
export function isIpv6Char(code: number): boolean {
  return digit(code) < 16 || code === 58 || code === 46;
}

interface Masked {
  readonly value: bigint;
  readonly mask: bigint;
}

function refuse(source: Source, f: Field, needed: string, start: number, end: number): null {
  return source.fail(badValue, { value: shown(source.slice(start, end)), name: f.name, needed }, start, end);
}

/** `10.0.0.1`, `10.0.0.0/8`, `10.0.0.0/255.0.0.0`. */
export function readIpv4(source: Source, f: Field, start: number, end: number): Masked | null {
  const { text } = source;
  const address = scanIpv4(text, start, end);
  const needed = 'an IPv4 address';
  if (address === null) return refuse(source, f, needed, start, end);
  const { value, next } = address;
  const warnCut = (lost: boolean, becomes: bigint): void => {
    if (lost)
      source.warn(
        cut,
        { written: shown(source.slice(start, end)), name: f.name, becomes: ipv4Text(becomes) },
        start,
        end,
      );
  };
  warnCut(address.cut, value);
  if (next === end) return { value, mask: onesOf(32) };
  if (text.charCodeAt(next) !== 47) return refuse(source, f, needed, start, end);
  const mask = scanIpv4(text, next + 1, end);
  if (mask !== null && mask.next === end) {
    warnCut(mask.cut, mask.value);
    return { value, mask: mask.value };
  }
  const prefix = scanPrefix(text, next + 1, end);
  if (prefix === null || prefix > 32)
    return refuse(source, f, 'an IPv4 address, with a prefix of 0 to 32', next, end);
  return { value, mask: prefixMask(prefix, 32) };
}

/** `::1`, `fe80::/10`, `::1/ff::`; a mask that begins with a digit is taken for the length of a prefix. */
export function readIpv6(source: Source, f: Field, start: number, end: number): Masked | null {
  const { text } = source;
  let slash = start;
  while (slash < end && isIpv6Char(text.charCodeAt(slash))) slash++;
  const value = ipv6Value(text.slice(start, slash));
  if (value === null || (slash < end && text.charCodeAt(slash) !== 47))
    return refuse(source, f, 'an IPv6 address', start, end);
  if (slash === end) return { value, mask: onesOf(128) };
  const rest = text.slice(slash + 1, end);
  if (/^[ \t]*[+-]?\d/.test(rest)) {
    const prefix = scanPrefix(text, slash + 1, end);
    if (prefix === null || prefix > 128)
      return refuse(source, f, 'an IPv6 address, with a prefix of 0 to 128', slash, end);
    return { value, mask: prefixMask(prefix, 128) };
  }
  const mask = ipv6Value(rest);
  return mask === null ? refuse(source, f, 'an IPv6 address with a mask', slash, end) : { value, mask };
}

function scanPrefix(text: string, start: number, end: number): number | null {
  const found = /^[ \t]*\+?(\d{1,9})$/.exec(text.slice(start, end));
  return found === null ? null : Number(found[1]);
}

const prefixes = new Map<number, bigint>();

/** So many ones from the top. */
export function prefixMask(length: number, bits: number): bigint {
  const key = length * 256 + bits;
  let found = prefixes.get(key);
  if (found === undefined) prefixes.set(key, (found = onesOf(length) << BigInt(bits - length)));
  return found;
}
