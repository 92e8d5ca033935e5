/**
 * Sets of numbers of a known width, as intervals, and the fewest disjoint prefixes that make up one.
 *
 * A prefix (a run of high bits that are looked at) is an interval, so a set needs, in each of its maximal intervals, the
 * prefixes of that interval; and of an interval the fewest are the largest ones that fit, from its start to its end. The
 * tests hold that against a search over all covers.
 */
import { ones } from './tlv.ts';

/** All numbers from `from` to `to`, both included; never empty. */
export interface Interval {
  readonly from: bigint;
  readonly to: bigint;
}

/** Numbers `v` with `(v & mask) === value`; `value` has no bit outside of `mask`. */
export interface Cube {
  readonly value: bigint;
  readonly mask: bigint;
}

/** In order, without those that touch or overlap: the one way to write the set. */
export function union(intervals: Iterable<Interval>): Interval[] {
  const sorted = [...intervals].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  const merged: Interval[] = [];
  let last: Interval | undefined;
  for (const next of sorted) {
    if (last === undefined || next.from > last.to + 1n) merged.push((last = next));
    else if (next.to > last.to) merged[merged.length - 1] = last = { from: last.from, to: next.to };
  }
  return merged;
}

/** Everything of that width which is not in the set. Takes and gives the form of `union`. */
export function complement(intervals: readonly Interval[], width: number): Interval[] {
  const rest: Interval[] = [];
  let from = 0n;
  for (const { from: start, to } of intervals) {
    if (start > from) rest.push({ from, to: start - 1n });
    from = to + 1n;
  }
  const last = ones(width);
  if (from <= last) rest.push({ from, to: last });
  return rest;
}

/** What is in both. Takes and gives the form of `union`. */
export function intersection(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const common: Interval[] = [];
  for (let i = 0, j = 0; ;) {
    const x = a[i];
    const y = b[j];
    if (x === undefined || y === undefined) return common;
    const from = x.from > y.from ? x.from : y.from;
    const to = x.to < y.to ? x.to : y.to;
    if (from <= to) common.push({ from, to });
    if (x.to < y.to) i++;
    else j++;
  }
}

/** How many numbers there are. */
export function size(intervals: readonly Interval[]): bigint {
  return intervals.reduce((sum, { from, to }) => sum + (to - from + 1n), 0n);
}

/** The fewest disjoint prefixes, in order. */
export function prefixes({ from, to }: Interval, width: number): Cube[] {
  const all = ones(width);
  const found: Cube[] = [];
  for (let at = from; at <= to;) {
    let bits = at === 0n ? width : trailingZeros(at);
    while (at + ones(bits) > to) bits--;
    found.push({ value: at, mask: all ^ ones(bits) });
    at += 1n << BigInt(bits);
  }
  return found;
}

/** How many `prefixes` gives. */
export function countPrefixes({ from, to }: Interval): number {
  // Up from the start to the highest bit in which start and end differ, then down to the end: a prefix for each 0 bit of
  // `from - 1` and for each 1 bit of `to + 1` below that bit.
  const end = to + 1n;
  if (from === 0n) return popCount(end);
  const before = from - 1n;
  const differ = bitLength(before ^ end) - 1;
  const below = ones(differ);
  return differ - popCount(before & below) + popCount(end & below);
}

/** The interval that a cube is; null where its mask has holes. */
export function intervalOf({ value, mask }: Cube, width: number): Interval | null {
  const free = ones(width) ^ mask;
  return (free & (free + 1n)) === 0n ? { from: value, to: value | free } : null;
}

export function popCount(value: bigint): number {
  let count = 0;
  for (let rest = value; rest !== 0n; rest >>= 32n) {
    let word = Number(rest & 0xffff_ffffn);
    word -= (word >>> 1) & 0x5555_5555;
    word = (word & 0x3333_3333) + ((word >>> 2) & 0x3333_3333);
    word = (word + (word >>> 4)) & 0x0f0f_0f0f;
    count += Math.imul(word, 0x0101_0101) >>> 24;
  }
  return count;
}

function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

/** Of a number that is not 0. */
function trailingZeros(value: bigint): number {
  return bitLength(value & -value) - 1;
}
