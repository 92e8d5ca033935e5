/** Sets of numbers under any masks: what is left of one without another, and fewer masks that overlap. */
import type { Cube } from './prefixes.ts';
import { popCount } from './prefixes.ts';

/** What is in both; null where that is nothing. */
export function common(a: Cube, b: Cube): Cube | null {
  if (((a.value ^ b.value) & a.mask & b.mask) !== 0n) return null;
  return { value: a.value | b.value, mask: a.mask | b.mask };
}

/** Is everything in the second in the first, too? */
export function contains(outer: Cube, inner: Cube): boolean {
  return (outer.mask & ~inner.mask) === 0n && ((outer.value ^ inner.value) & outer.mask) === 0n;
}

/** Numbers of the first that are not in the second, as disjoint cubes. */
export function without(a: Cube, b: Cube): Cube[] {
  if (common(a, b) === null) return [a];
  const parts: Cube[] = [];
  let { value, mask } = a;
  // From the highest bit that only the second looks at: each part differs from it there, and agrees above.
  for (let rest = b.mask & ~a.mask; rest !== 0n;) {
    const bit = highestBit(rest);
    parts.push({ value: value | (~b.value & bit), mask: mask | bit });
    value |= b.value & bit;
    mask |= bit;
    rest ^= bit;
  }
  return parts;
}

/** Everything that is in none of the cubes, as disjoint cubes; null where these become more than `limit`. */
export function outside(cubes: readonly Cube[], limit: number): Cube[] | null {
  let rest: Cube[] = [{ value: 0n, mask: 0n }];
  for (const cube of cubes) {
    rest = rest.flatMap((r) => without(r, cube));
    if (rest.length > limit) return null;
  }
  return rest;
}

/** Those that are not within another one; of equal ones the first. */
export function uncovered(cubes: readonly Cube[]): Cube[] {
  return cubes.filter(
    (c, i) => !cubes.some((o, j) => j !== i && contains(o, c) && (!contains(c, o) || j < i)),
  );
}

/** By value, then by mask: the order in which flows are made. */
export function inOrder(cubes: readonly Cube[]): Cube[] {
  return [...cubes].sort((a, b) => compare(a.value, b.value) || compare(a.mask, b.mask));
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function highestBit(value: bigint): bigint {
  return 1n << BigInt(value.toString(2).length - 1);
}

/** Attempts of `fewer` at a better cover; fewer of them where there is much to cover. */
const ROUNDS = 8;
const WORK = 600;

/**
 * Cubes that overlap, as few as found, for the same numbers as `cubes`; `others` are all numbers of that width that are
 * not among them. Each cube is widened as far as no other number comes in, in several orders of the bits; of what that
 * gives, as much is left out as the rest covers, beginning at several places. The result is never more than `cubes`; it
 * need not be the least.
 */
export function fewer(cubes: readonly Cube[], others: readonly Cube[], width: number): Cube[] {
  let best: readonly Cube[] = cubes;
  const bits = Array.from({ length: width }, (_, i) => 1n << BigInt(i));
  const rounds = Math.max(2, Math.min(ROUNDS, width * 2, Math.floor(WORK / cubes.length)));
  const pool: Cube[] = [];
  for (let round = 0; round < rounds; round++) {
    const at = Math.floor((round * width) / rounds);
    const turned = [...bits.slice(at), ...bits.slice(0, at)];
    const order = round % 2 === 0 ? turned : turned.reverse();
    const wide = uncovered(cubes.map((c) => widened(c, others, order)));
    const found = needed(wide);
    if (found.length < best.length) best = found;
    pool.push(...wide);
  }
  const wide = uncovered(pool);
  const tries = Math.min(wide.length, Math.floor(WORK / wide.length));
  for (let round = 0; round < tries; round++) {
    const at = Math.floor((round * wide.length) / tries);
    const found = needed([...wide.slice(at), ...wide.slice(0, at)]);
    if (found.length < best.length) best = found;
  }
  return inOrder(best);
}

function widened(cube: Cube, others: readonly Cube[], order: readonly bigint[]): Cube {
  let { value, mask } = cube;
  for (const bit of order) {
    if ((mask & bit) === 0n) continue;
    const tried = { value: value & ~bit, mask: mask & ~bit };
    if (others.some((o) => common(tried, o) !== null)) continue;
    ({ value, mask } = tried);
  }
  return { value, mask };
}

/** Leaves out, the narrowest first, what the others cover together. */
function needed(cubes: readonly Cube[]): Cube[] {
  let kept = [...cubes];
  for (const cube of [...cubes].sort((a, b) => popCount(b.mask) - popCount(a.mask))) {
    const rest = kept.filter((c) => c !== cube);
    if (coveredBy(cube, rest)) kept = rest;
  }
  return kept;
}

function coveredBy(cube: Cube, by: readonly Cube[]): boolean {
  let rest = [cube];
  for (const other of by) {
    rest = rest.flatMap((r) => without(r, other));
    if (rest.length === 0) return true;
  }
  return false;
}
