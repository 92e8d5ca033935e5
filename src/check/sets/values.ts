/** Sets of the values of a field: what is said by `in {…}`, `!=` and several of these together. */
import { common, contains, fewer, inOrder, outside, uncovered, without } from '../../ir/cubes.ts';
import type { Cube, Interval } from '../../ir/prefixes.ts';
import * as intervals from '../../ir/prefixes.ts';

/**
 * The values in the intervals (in the form of `union`) and those of the cubes, whose masks have holes. The cubes may
 * overlap each other; none is within the intervals.
 */
export interface ValueSet {
  readonly intervals: readonly Interval[];
  readonly cubes: readonly Cube[];
}

/** More masks than this are too many for any switch; the set is then not computed. */
const MAX_CUBES = 100_000;

/** The union of cubes and intervals. */
export function unionOf(parts: Iterable<Cube | Interval>, width: number): ValueSet {
  const whole: Interval[] = [];
  const holed: Cube[] = [];
  for (const part of parts) {
    const interval = 'from' in part ? part : intervals.intervalOf(part, width);
    if (interval !== null) whole.push(interval);
    else if ('mask' in part) holed.push(part);
  }
  const merged = intervals.union(whole);
  return { intervals: merged, cubes: holed.length === 0 ? [] : besides(holed, merged, width) };
}

/** Those cubes that no prefix of the intervals and no other cube contains. */
function besides(cubes: readonly Cube[], merged: readonly Interval[], width: number): Cube[] {
  const known = merged.flatMap((i) => intervals.prefixes(i, width));
  return uncovered(cubes).filter((c) => !known.some((k) => contains(k, c)));
}

/** What is in the first and not in the second; null where that takes too many masks. */
export function difference(a: ValueSet, b: ValueSet, width: number): ValueSet | null {
  const left = intervals.intersection(a.intervals, intervals.complement(b.intervals, width));
  if (a.cubes.length === 0 && b.cubes.length === 0) return { intervals: left, cubes: [] };
  let rest: Cube[] = left.flatMap((i) => intervals.prefixes(i, width));
  const without1 = b.intervals.flatMap((i) => intervals.prefixes(i, width));
  let holed: Cube[] = [...a.cubes];
  for (const cube of without1) holed = holed.flatMap((c) => without(c, cube));
  rest.push(...holed);
  for (const cube of b.cubes) {
    rest = rest.flatMap((r) => without(r, cube));
    if (rest.length > MAX_CUBES) return null;
  }
  return unionOf(rest, width);
}

/** What is in both. */
export function intersectionOf(a: ValueSet, b: ValueSet, width: number): ValueSet {
  const both = intervals.intersection(a.intervals, b.intervals);
  if (a.cubes.length === 0 && b.cubes.length === 0) return { intervals: both, cubes: [] };
  const pairs = (cubes: readonly Cube[], others: readonly Cube[]): Cube[] =>
    cubes.flatMap((c) => others.flatMap((o) => common(c, o) ?? []));
  const prefixesOf = (set: ValueSet): Cube[] => set.intervals.flatMap((i) => intervals.prefixes(i, width));
  return unionOf(
    [...both, ...pairs(a.cubes, prefixesOf(b)), ...pairs(b.cubes, prefixesOf(a)), ...pairs(a.cubes, b.cubes)],
    width,
  );
}

/** Every value. */
export function everything(width: number): ValueSet {
  return { intervals: intervals.complement([], width), cubes: [] };
}

export function isEmpty(set: ValueSet): boolean {
  return set.intervals.length === 0 && set.cubes.length === 0;
}

/** Is every value of that width in it? Seen only where intervals show it. */
export function isEverything({ intervals: [first] }: ValueSet, width: number): boolean {
  return first !== undefined && intervals.complement([first], width).length === 0;
}

/** As masks: the fewest disjoint prefixes of the intervals, and the cubes. */
export function asCubes(set: ValueSet, width: number): Cube[] {
  return inOrder([...set.intervals.flatMap((i) => intervals.prefixes(i, width)), ...set.cubes]);
}

export function countCubes(set: ValueSet): bigint {
  const count = set.intervals.reduce((sum, i) => sum + intervals.countPrefixes(i), 0);
  return BigInt(count + set.cubes.length);
}

/** As masks that may overlap, and are never more than those of `asCubes`. */
export function asOverlapping(set: ValueSet, width: number): Cube[] {
  const cubes = asCubes(set, width);
  const others =
    set.cubes.length === 0
      ? intervals.complement(set.intervals, width).flatMap((i) => intervals.prefixes(i, width))
      : outside(cubes, MAX_OTHERS);
  // Beyond that the search would take longer than the flows are worth.
  if (others === null || cubes.length * others.length > MAX_WORK) return cubes;
  return fewer(cubes, others, width);
}

const MAX_OTHERS = 2_000;
const MAX_WORK = 100_000;

/** One by one, for fields that have no masks. */
export function asValues(set: ValueSet): bigint[] {
  const values: bigint[] = [];
  for (const { from, to } of set.intervals) for (let v = from; v <= to; v++) values.push(v);
  return values;
}
