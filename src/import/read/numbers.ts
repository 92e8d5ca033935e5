/**
 * Numbers as the C library of ovs-ofctl reads them: decimal, hexadecimal with `0x`, octal with a leading 0; with
 * leading blanks and a sign where nobody would expect one.
 */
import type { Definition } from '../../diagnostics/define.ts';
import { badValue, wrapped } from '../../diagnostics/codes/import.ts';
import type { Source } from './source.ts';
import { shown } from './source.ts';

export interface Scanned {
  readonly value: bigint;
  /** Behind the number. */
  readonly next: number;
}

const BLANK = /^[ \t\n\v\f\r]*/;
const UNSIGNED = /^([+-]?)(0[xX][0-9a-fA-F]+|[0-9]+)/;
const MAX64 = (1n << 64n) - 1n;

/** As strtoull(3) with base 0; null where there is no number, or too large a one. */
export function scanUnsigned(text: string, start: number, end: number): Scanned | null {
  const rest = text.slice(start, end);
  const blanks = BLANK.exec(rest)?.[0].length ?? 0;
  const found = UNSIGNED.exec(blanks === 0 ? rest : rest.slice(blanks));
  if (found === null) return null;
  const [, sign = '', digits = ''] = found;
  const { value, length } = magnitude(digits);
  if (value > MAX64) return null;
  const next = start + blanks + sign.length + length;
  return { value: sign === '-' ? BigInt.asUintN(64, -value) : value, next };
}

/** Of digits that may be octal; those that cannot be end the number. */
function magnitude(digits: string): { value: bigint; length: number } {
  if (digits.length === 1 || !digits.startsWith('0') || /^0[xX]/.test(digits))
    return { value: digits.length > 40 ? MAX64 + 1n : BigInt(digits), length: digits.length };
  const octal = /^[0-7]+/.exec(digits)?.[0] ?? '0';
  const significant = octal.replace(/^0+/, '');
  const value = significant === '' ? 0n : significant.length > 40 ? MAX64 + 1n : BigInt(`0o${significant}`);
  return { value, length: octal.length };
}

/**
 * A number of so many bytes, as fields have them. Hexadecimal digits may go on as long as the field has room.
 * Null where there is none, `too large` where it does not fit.
 */
export function scanField(
  text: string,
  start: number,
  end: number,
  bytes: number,
): Scanned | 'too large' | null {
  const plain = scanPlain(text, start, end);
  if (plain !== null) return plain.value >> BigInt(bytes * 8) === 0n ? plain : 'too large';
  const second = text.charCodeAt(start + 1);
  if (text.charCodeAt(start) === 48 && (second === 120 || second === 88) && start + 2 <= end)
    return scanHex(text, start + 2, end, bytes);
  const found = scanUnsigned(text, start, end);
  if (found === null) return /^[ \t]*[+-]?[0-9]/.test(text.slice(start, end)) ? 'too large' : null;
  return found.value >> BigInt(bytes * 8) === 0n ? found : 'too large';
}

/** What nearly all numbers are: up to 15 decimal digits and no leading 0. */
function scanPlain(text: string, start: number, end: number): Scanned | null {
  const first = text.charCodeAt(start);
  if (first < 49 || first > 57) return null;
  let value = 0;
  let next = start;
  for (; next < end; next++) {
    const digit = text.charCodeAt(next) - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return next - start > 15 ? null : { value: BigInt(value), next };
}

function scanHex(text: string, start: number, end: number, bytes: number): Scanned | 'too large' {
  let next = start;
  while (next < end && isHexOrBlank(text.charCodeAt(next))) next++;
  const digits = text
    .slice(start, next)
    .replace(/[ \t\r\n]+/g, '')
    .replace(/^0+/, '');
  if (digits.length > bytes * 2) return 'too large';
  return { value: digits === '' ? 0n : BigInt(`0x${digits}`), next };
}

function isHexOrBlank(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 97 && code <= 102) ||
    (code >= 65 && code <= 70) ||
    code === 32 ||
    code === 9 ||
    code === 10 ||
    code === 13
  );
}

/** A whole number from `start` to `end`, signed, within 64 bits; null where it is none. */
function scanSigned(text: string, start: number, end: number): bigint | null {
  const rest = text.slice(start, end);
  const blanks = BLANK.exec(rest)?.[0].length ?? 0;
  const found = UNSIGNED.exec(rest.slice(blanks));
  if (found === null) return null;
  const [, sign = '', digits = ''] = found;
  const { value, length } = magnitude(digits);
  if (blanks + sign.length + length !== rest.length) return null;
  return sign === '-' ? -value : value;
}

/** A number from 0 to `max`, at most 16 bits wide; reports what is none. */
export function readSmall(
  source: Source,
  start: number,
  end: number,
  name: string,
  max: number,
  definition: Definition<{ value: string; name: string; needed: string }> = badValue,
): number | null {
  const value = scanSigned(source.text, start, end);
  if (value !== null && value >= 0n && value <= BigInt(max)) return Number(value);
  const text = shown(source.slice(start, end));
  return source.fail(definition, { value: text, name, needed: `a number from 0 to ${max}` }, start, end);
}

/** 32 bits: larger numbers of up to 64 bits wrap around. */
export function readU32(source: Source, start: number, end: number, name: string): number | null {
  const found = scanUnsigned(source.text, start, end);
  if (found === null || found.next !== end) {
    const text = shown(source.slice(start, end));
    return source.fail(badValue, { value: text, name, needed: 'a number of 32 bits' }, start, end);
  }
  const value = Number(BigInt.asUintN(32, found.value));
  if (BigInt(value) !== found.value || source.text.charCodeAt(start) === 45)
    source.warn(
      wrapped,
      { written: shown(source.slice(start, end)), name, becomes: String(value) },
      start,
      end,
    );
  return value;
}

/** 64 bits; a negative number is one of them. */
export function readU64(source: Source, start: number, end: number, name: string): bigint | null {
  const found = scanUnsigned(source.text, start, end);
  if (found === null || found.next !== end) {
    const text = shown(source.slice(start, end));
    return source.fail(badValue, { value: text, name, needed: 'a number of 64 bits' }, start, end);
  }
  // -1 is the usual way to say "all bits".
  if (source.text.charCodeAt(start) === 45 && source.slice(start, end) !== '-1') {
    const becomes = `0x${found.value.toString(16)}`;
    source.warn(wrapped, { written: shown(source.slice(start, end)), name, becomes }, start, end);
  }
  return found.value;
}

const MAX63 = (1n << 63n) - 1n;

/** As atoi(3) into so many bits: what is no number is 0, what is too large wraps around. */
export function readWrapping(source: Source, start: number, end: number, name: string, bits: number): number {
  const text = source.slice(start, end);
  const [all = '', sign = '', digits = ''] = /^[ \t\n\v\f\r]*([+-]?)([0-9]+)/.exec(text) ?? [];
  let value = digits === '' ? 0n : digits.length > 40 ? MAX63 + 1n : BigInt(digits);
  if (sign === '-') value = -value;
  if (value > MAX63) value = MAX63;
  else if (value < -MAX63 - 1n) value = -MAX63 - 1n;
  const result = Number(BigInt.asUintN(bits, value));
  if (all.length !== text.length || BigInt(result) !== value)
    source.warn(wrapped, { written: shown(text), name, becomes: String(result) }, start, end);
  return result;
}
