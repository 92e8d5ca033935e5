/** Sets of numbers as prefixes: the same numbers, and as few prefixes as there can be. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { common, contains, fewer, outside, uncovered, without } from '../../src/ir/cubes.ts';
import {
  complement,
  countPrefixes,
  intersection,
  intervalOf,
  prefixes,
  union,
  type Cube,
  type Interval,
} from '../../src/ir/prefixes.ts';

const interval = (from: number, to: number): Interval => ({ from: BigInt(from), to: BigInt(to) });

/** The numbers of that width that are in the cube. */
function numbersOf({ value, mask }: Cube, width: number): number[] {
  const [v, m] = [Number(value), Number(mask)];
  return Array.from({ length: 2 ** width }, (_, i) => i).filter((i) => (i & m) === v);
}

/**
 * The least number of disjoint prefixes for each interval that ends at `to`, by its start: of all prefixes that could come
 * first, the one that leaves the least. Nothing of how `prefixes` does it is in here.
 */
function least(to: number, width: number): Int32Array {
  const best = new Int32Array(to + 2);
  for (let from = to; from >= 0; from--) {
    let found = Infinity;
    for (let bits = 0; bits <= width; bits++) {
      const size = 2 ** bits;
      if (from % size !== 0 || from + size - 1 > to) break;
      found = Math.min(found, 1 + (best[from + size] ?? 0));
    }
    best[from] = found;
  }
  return best;
}

describe('the prefixes of an interval', () => {
  test('of 8 bits: every interval, exactly its numbers, none twice, the fewest', () => {
    for (let to = 0; to < 256; to++) {
      const best = least(to, 8);
      for (let from = 0; from <= to; from++) {
        const found = prefixes(interval(from, to), 8);
        let next = from;
        for (const cube of found) {
          const range = intervalOf(cube, 8);
          if (range === null || Number(range.from) !== next) throw new Error(`${from}-${to}`);
          next = Number(range.to) + 1;
        }
        if (next !== to + 1 || found.length !== best[from]) throw new Error(`${from}-${to}: ${found.length}`);
        if (countPrefixes(interval(from, to)) !== found.length) throw new Error(`count of ${from}-${to}`);
      }
    }
  });

  test('of 16 bits: every start with ends of all kinds, and every end with starts of all kinds', () => {
    const ends = [0xffff, 0xfffe, 0x8000, 0x7fff, 0xaaaa, 0x5555, 1999, 1023];
    for (const to of ends) {
      const best = least(to, 16);
      for (let from = 0; from <= to; from++) {
        if (countPrefixes(interval(from, to)) !== best[from]) throw new Error(`${from}-${to}`);
      }
    }
    // Turned round, a set of 16 bits needs as many prefixes: `from-to` and `65535-to - 65535-from`.
    for (const from of ends) {
      const best = least(0xffff - from, 16);
      for (let to = from; to <= 0xffff; to++) {
        if (countPrefixes(interval(from, to)) !== best[0xffff - to]) throw new Error(`${from}-${to}`);
      }
    }
  });

  test('of 16 bits: what is counted is what is made', () => {
    fc.assert(
      fc.property(fc.nat(0xffff), fc.nat(0xffff), (a, b) => {
        const range = interval(Math.min(a, b), Math.max(a, b));
        const found = prefixes(range, 16);
        expect(found.length).toBe(countPrefixes(range));
        let next = range.from;
        for (const cube of found) {
          const part = intervalOf(cube, 16);
          expect(part?.from).toBe(next);
          next = (part?.to ?? 0n) + 1n;
        }
        expect(next).toBe(range.to + 1n);
      }),
      { numRuns: 3000 },
    );
  });

  test('numbers that are known', () => {
    expect(countPrefixes(interval(1, 65535))).toBe(16);
    expect(countPrefixes(interval(0, 65535))).toBe(1);
    expect(countPrefixes(interval(1000, 1999))).toBe(7);
    // The worst of w bits is 2w - 2.
    expect(countPrefixes(interval(1, 65534))).toBe(30);
    expect(countPrefixes({ from: 1n, to: 2n ** 128n - 2n })).toBe(254);
    expect(prefixes({ from: 1n, to: 2n ** 128n - 2n }, 128)).toHaveLength(254);
  });
});

/** The least number of disjoint prefixes for a set, by halves: all of a half, nothing, or its two halves. */
function leastOf(set: number, width: number): number {
  const size = 2 ** width;
  if (set === 0) return 0;
  if (set === 2 ** size - 1) return 1;
  const half = size / 2;
  return leastOf(set % 2 ** half, width - 1) + leastOf(Math.floor(set / 2 ** half), width - 1);
}

test('every set of numbers of 4 bits: the fewest prefixes, after overlaps and neighbours are joined', () => {
  for (let set = 0; set < 65536; set++) {
    const numbers = Array.from({ length: 16 }, (_, i) => i).filter((i) => (set >> i) & 1);
    const joined = union(numbers.reverse().map((n) => interval(n, n)));
    const count = joined.reduce((sum, i) => sum + prefixes(i, 4).length, 0);
    if (count !== leastOf(set, 4)) throw new Error(`set ${set}: ${count}`);
  }
});

describe('sets, against sets of numbers', () => {
  const WIDTH = 6;
  const range = fc.tuple(fc.nat(63), fc.nat(63)).map(([a, b]) => interval(Math.min(a, b), Math.max(a, b)));
  const ranges = fc.array(range, { maxLength: 6 });
  const cube = fc
    .tuple(fc.nat(63), fc.nat(63))
    .map(([value, mask]): Cube => ({ value: BigInt(value & mask), mask: BigInt(mask) }));
  const inRanges = (list: readonly Interval[]): Set<number> =>
    new Set(
      Array.from({ length: 64 }, (_, i) => i).filter((i) =>
        list.some((r) => r.from <= BigInt(i) && BigInt(i) <= r.to),
      ),
    );
  const inCubes = (list: readonly Cube[]): Set<number> => new Set(list.flatMap((c) => numbersOf(c, WIDTH)));
  const all = new Set(Array.from({ length: 64 }, (_, i) => i));
  const minus = (a: Set<number>, b: Set<number>): Set<number> => new Set([...a].filter((x) => !b.has(x)));
  const sorted = (set: Set<number>): number[] => [...set].sort((a, b) => a - b);

  test('union, complement and intersection of intervals', () => {
    fc.assert(
      fc.property(ranges, ranges, (a, b) => {
        const [x, y] = [union(a), union(b)];
        expect(inRanges(x)).toEqual(inRanges(a));
        expect(sorted(inRanges(complement(x, WIDTH)))).toEqual(sorted(minus(all, inRanges(a))));
        const both = new Set([...inRanges(a)].filter((n) => inRanges(b).has(n)));
        expect(sorted(inRanges(intersection(x, y)))).toEqual(sorted(both));
        // One way to write each set.
        expect(union([...intersection(x, y)])).toEqual(intersection(x, y));
      }),
      { numRuns: 500 },
    );
  });

  test('what is common to two cubes, what is left of one, and what is outside of many', () => {
    fc.assert(
      fc.property(cube, cube, fc.array(cube, { maxLength: 5 }), (a, b, more) => {
        const [x, y] = [inCubes([a]), inCubes([b])];
        const both = common(a, b);
        expect(sorted(both === null ? new Set() : inCubes([both]))).toEqual(
          sorted(new Set([...x].filter((n) => y.has(n)))),
        );
        const left = without(a, b);
        expect(sorted(inCubes(left))).toEqual(sorted(minus(x, y)));
        expect(left.flatMap((c) => numbersOf(c, WIDTH))).toHaveLength(minus(x, y).size);
        expect(contains(a, b)).toBe([...y].every((n) => x.has(n)));
        const rest = outside(more, 1000) ?? [];
        expect(sorted(inCubes(rest))).toEqual(sorted(minus(all, inCubes(more))));
        expect(inCubes(uncovered(more))).toEqual(inCubes(more));
      }),
      { numRuns: 500 },
    );
  });

  test('masks that overlap are never more, and for the same numbers', () => {
    fc.assert(
      fc.property(ranges, (list) => {
        const set = union(list);
        const cubes = set.flatMap((i) => prefixes(i, WIDTH));
        const others = complement(set, WIDTH).flatMap((i) => prefixes(i, WIDTH));
        const found = fewer(cubes, others, WIDTH);
        expect(found.length).toBeLessThanOrEqual(cubes.length);
        expect(sorted(inCubes(found))).toEqual(sorted(inCubes(cubes)));
      }),
      { numRuns: 200 },
    );
  });

  test('masks that overlap can be fewer', () => {
    const of = (from: number, to: number, width: number): number => {
      const set = [interval(from, to)];
      const cubes = set.flatMap((i) => prefixes(i, width));
      return fewer(
        cubes,
        complement(set, width).flatMap((i) => prefixes(i, width)),
        width,
      ).length;
    };
    // 001/011, 010/110 and 100/101 in place of 1, 2-3, 4-5 and 6.
    expect(of(1, 6, 3)).toBe(3);
    expect(of(1, 65534, 16)).toBeLessThanOrEqual(20);
    expect(of(1, 65535, 16)).toBe(16);
  });
});
