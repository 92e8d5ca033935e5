import type { ReadContext, ReadGroup } from './types.ts';

/** Reads one group of `add-group` or `dump-groups`. Null where it cannot be read, which has been reported. */
export function readGroup(_ctx: ReadContext, _start: number, _end: number): ReadGroup | null {
  return null;
}
