/**
 * What a flow says but for its literals. Flows with one skeleton are read alike, so that the reader looks at one of them.
 *
 * Only literals in the form in which ovs-ofctl itself prints them become holes. Anything else is a part of the skeleton,
 * as it stands: two flows with one skeleton differ in nothing but the values of their holes.
 */
import { ipv6Text } from '../../emit/text/values.ts';
import {
  BRACKET,
  CLASS,
  COLON,
  COOKIE,
  DEFAULT_PRIORITY,
  digit,
  DIGIT,
  DOT,
  endsWith,
  HEX_LETTER,
  hexDigit,
  isMac,
  isPlainPair,
  isWord,
  macValue,
  OTHER,
  PRIORITY,
  QUOTE,
  REFUSED,
  statisticEnd,
} from './characters.ts';

/** What stands in a hole. The codes are those that stand for it in a skeleton. */
export const HOLE = { decimal: 1, hex: 2, wide: 3, mac: 4, ipv4: 5, ipv6: 6, name: 7 } as const;
/** Statistics, whatever they are. */
const STATISTIC = 8;

export const MAX_HOLES = 96;
const MAX_LENGTH = 4096;

/** Values are exact below 2^52. */
const MOST_HEX_DIGITS = 13;
const MOST_DECIMAL_DIGITS = 15;
/** Digits of a number of 64 bits. */
const WIDE_DIGITS = 16;

/** The skeleton of one flow after the other, in the same place. */
export class Skeleton {
  readonly bytes = new Uint8Array(MAX_LENGTH);
  length = 0;
  hash = 0;
  /** How many holes there are, and for each of them what stands there, as which number, from where to where. */
  holes = 0;
  readonly kinds = new Uint8Array(MAX_HOLES);
  readonly values = new Float64Array(MAX_HOLES);
  readonly starts = new Int32Array(MAX_HOLES);
  readonly ends = new Int32Array(MAX_HOLES);
  /** Of IPv6 addresses, whose numbers are too large: 8 groups for each hole. */
  readonly groups = new Uint16Array(MAX_HOLES * 8);
  /** 1 for those that stand there as inet_ntop(3) writes them. */
  readonly usual = new Uint8Array(MAX_HOLES);
  /** Names of interfaces, by the number that stands for each as a value. */
  readonly names: string[] = [];
  private readonly nameNumbers = new Map<string, number>();
  private value = 0;
  private kind = 0;

  /** False where the text is too long, or has characters that flows have not. */
  scan(input: Uint8Array, start: number, end: number): boolean {
    this.length = 0;
    this.holes = 0;
    if (end - start > MAX_LENGTH) return false;
    const { bytes } = this;
    let length = 0;
    let hash = 0;
    let at = start;
    /** Does a word begin here? */
    let free = true;
    /** Does a term begin here? */
    let separated = true;
    while (at < end) {
      const code = input[at] as number;
      const kind = CLASS[code] as number;
      if (kind === REFUSED) return false;
      if (free) {
        let next = -1;
        if (kind >= HEX_LETTER || code === COLON || code === QUOTE) {
          next = this.literal(input, at, end, code, kind);
          if (next > 0 && this.isSpecial(input, at)) {
            for (let i = at; i < next; i++) {
              bytes[length++] = input[i] as number;
              hash = Math.imul(hash ^ (input[i] as number), 0x01000193);
            }
          } else if (next > 0) {
            if (this.holes === MAX_HOLES) return false;
            const hole = this.holes++;
            this.kinds[hole] = this.kind;
            this.values[hole] = this.value;
            this.starts[hole] = at;
            this.ends[hole] = next;
            bytes[length++] = this.kind;
            hash = Math.imul(hash ^ this.kind, 0x01000193);
          }
        }
        if (next < 0 && separated && kind !== OTHER) {
          next = statisticEnd(input, at, end);
          if (next > 0) {
            bytes[length++] = STATISTIC;
            hash = Math.imul(hash ^ STATISTIC, 0x01000193);
          }
        }
        if (next > 0) {
          at = next;
          free = false;
          separated = false;
          continue;
        }
      }
      if (code === BRACKET) {
        // Bits of a field decide what is read and written.
        do {
          const inner = input[at++] as number;
          if (inner > 0x7e || inner < 0x20) return false;
          bytes[length++] = inner;
          hash = Math.imul(hash ^ inner, 0x01000193);
          if (inner === 0x5d) break;
        } while (at < end);
        free = false;
        separated = false;
        continue;
      }
      bytes[length++] = code;
      hash = Math.imul(hash ^ code, 0x01000193);
      free = kind === OTHER;
      separated = code === 0x20 || code === 0x2c || code === 9;
      at++;
    }
    this.length = length;
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x85ebca6b);
    this.hash = hash ^ (hash >>> 13);
    return true;
  }

  /** Is it one of the values that are as good as none: the priority that flows have, a cookie of 0? */
  private isSpecial(input: Uint8Array, at: number): boolean {
    const { kind, value } = this;
    if (kind !== HOLE.decimal && kind !== HOLE.hex) return false;
    if (value === 0) return endsWith(input, at, COOKIE) || endsWith(input, at, PRIORITY);
    return value === DEFAULT_PRIORITY && endsWith(input, at, PRIORITY);
  }

  /** Where the literal ends that begins there; -1 where there is none. Sets what it is. */
  private literal(input: Uint8Array, at: number, end: number, code: number, kind: number): number {
    if (code === QUOTE) return this.name(input, at, end);
    if (kind !== OTHER && at + 17 <= end && (input[at + 2] as number) === COLON && isMac(input, at, end)) {
      this.kind = HOLE.mac;
      this.value = macValue(input, at);
      return at + 17;
    }
    if (kind === DIGIT) {
      const next = this.number(input, at, end, code);
      if (next > 0) return next;
    }
    return this.ipv6(input, at, end);
  }

  private number(input: Uint8Array, at: number, end: number, first: number): number {
    let next = at + 1;
    if (first === 0x30) {
      if (next < end && (input[next] as number) === 0x78) return this.hexadecimal(input, at, end);
      if (next < end && digit(input[next] as number) >= 0) return -1;
    }
    let value = first - 0x30;
    let code = 0;
    for (; next < end; next++) {
      code = input[next] as number;
      const d = digit(code);
      if (d < 0) break;
      value = value * 10 + d;
    }
    if (next < end) {
      if (code === DOT) return this.ipv4(input, at, end);
      // The first group of an IPv6 address is none.
      if (isWord(code) || (code === COLON && !isPlainPair(input, next, end))) return -1;
    }
    if (next - at > MOST_DECIMAL_DIGITS) return -1;
    this.kind = HOLE.decimal;
    this.value = value;
    return next;
  }

  private hexadecimal(input: Uint8Array, at: number, end: number): number {
    let value = 0;
    let next = at + 2;
    for (; next < end; next++) {
      const d = hexDigit(input[next] as number);
      if (d < 0) break;
      value = value * 16 + d;
    }
    const digits = next - at - 2;
    if (digits === 0 || digits > WIDE_DIGITS) return -1;
    if (next < end && isWord(input[next] as number)) return -1;
    // As it is printed: no zeros before it.
    if ((input[at + 2] as number) === 0x30 && digits > 1) return -1;
    this.kind = digits > MOST_HEX_DIGITS ? HOLE.wide : HOLE.hex;
    this.value = value;
    return next;
  }

  private ipv4(input: Uint8Array, start: number, end: number): number {
    let at = start;
    let value = 0;
    for (let part = 0; part < 4; part++) {
      if (part > 0 && (at >= end || (input[at++] as number) !== DOT)) return -1;
      const first = at;
      let byte = 0;
      while (at < end) {
        const d = digit(input[at] as number);
        if (d < 0) break;
        byte = byte * 10 + d;
        at++;
      }
      if (at === first || at - first > 3 || byte > 255) return -1;
      if (at - first > 1 && (input[first] as number) === 0x30) return -1;
      value = value * 256 + byte;
    }
    if (at < end) {
      const code = input[at] as number;
      if (isWord(code) || code === COLON) return -1;
    }
    this.kind = HOLE.ipv4;
    this.value = value;
    return at;
  }

  /** `"eth0"`, with characters that names of interfaces are made of. */
  private name(input: Uint8Array, start: number, end: number): number {
    let at = start + 1;
    for (; at < end; at++) {
      const code = input[at] as number;
      if (code === QUOTE) break;
      if (!isWord(code) && code !== 0x2d && code !== 0x40) return -1;
    }
    if (at >= end || at === start + 1) return -1;
    let name = '';
    for (let i = start + 1; i < at; i++) name += String.fromCharCode(input[i] as number);
    let number = this.nameNumbers.get(name);
    if (number === undefined) {
      number = this.names.length;
      this.names.push(name);
      this.nameNumbers.set(name, number);
    }
    this.kind = HOLE.name;
    this.value = number;
    return at + 1;
  }

  /** An address of IPv6; its value is a number that differs for addresses that differ, mostly. */
  private ipv6(input: Uint8Array, start: number, end: number): number {
    if (this.holes === MAX_HOLES) return -1;
    const groups = this.groups;
    const base = this.holes * 8;
    let count = 0;
    let gap = -1;
    let usual = true;
    let at = start;
    if ((input[at] as number) === COLON) {
      if (at + 1 >= end || (input[at + 1] as number) !== COLON) return -1;
      gap = 0;
      at += 2;
    }
    while (at < end && count < 8) {
      const first = at;
      let value = 0;
      while (at < end) {
        const d = hexDigit(input[at] as number);
        if (d < 0) break;
        value = value * 16 + d;
        at++;
      }
      const digits = at - first;
      if (digits === 0) break;
      if (digits > 4) return -1;
      if (digits > 1 && (input[first] as number) === 0x30) usual = false;
      groups[base + count++] = value;
      if (at >= end || (input[at] as number) !== COLON) break;
      at++;
      if (at < end && (input[at] as number) === COLON) {
        if (gap >= 0) return -1;
        gap = count;
        at++;
      } else if (at >= end || hexDigit(input[at] as number) < 0) return -1;
    }
    if (at < end) {
      const code = input[at] as number;
      if (isWord(code) || code === COLON) return -1;
    }
    if (gap < 0 ? count !== 8 : count > 7) return -1;
    this.usual[this.holes] = this.spread(base, count, gap) && usual ? 1 : 0;
    this.kind = HOLE.ipv6;
    return at;
  }

  /** Puts zeros where `::` stands. False where inet_ntop would have written another text. */
  private spread(base: number, count: number, gap: number): boolean {
    const { groups } = this;
    if (gap >= 0) {
      const zeros = 8 - count;
      groups.copyWithin(base + gap + zeros, base + gap, base + count);
      groups.fill(0, base + gap, base + gap + zeros);
    }
    let longest = 1;
    let where = -1;
    let value = 0;
    for (let i = 0, run = 0; i < 8; i++) {
      const group = groups[base + i] as number;
      value = (Math.imul(value ^ group, 0x9e3779b1) ^ (value >>> 13)) | 0;
      run = group === 0 ? run + 1 : 0;
      if (run > longest) {
        longest = run;
        where = i - run + 1;
      }
    }
    this.value = value;
    // Addresses of IPv4 in it are printed as such.
    return where === gap && !(where === 0 && longest >= 5);
  }

  /** The IPv6 address in the hole, as it is printed. */
  address(hole: number): string {
    let value = 0n;
    for (let i = 0; i < 8; i++) value = (value << 16n) | BigInt(this.groups[hole * 8 + i] ?? 0);
    return ipv6Text(value);
  }
}
