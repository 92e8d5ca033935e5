/** Sets of numbers that a program states as its own. */
import type { IdRange } from '../ir/types.ts';

export function isWithin(ranges: readonly IdRange[], id: number): boolean {
  return ranges.some(({ first, last }) => id >= first && id <= last);
}

/** The numbers of the ranges, in their order. */
export function* numbersOf(ranges: readonly IdRange[]): Generator<number> {
  for (const { first, last } of ranges) for (let id = first; id <= last; id++) yield id;
}

export function formatRanges(ranges: readonly IdRange[]): string {
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
}
