import type { ReadContext, ReadFlow } from './types.ts';

/** Reads one flow of `add-flow`, `add-flows` or `dump-flows`. Null where it cannot be read, which has been reported. */
export function readFlow(_ctx: ReadContext, _start: number, _end: number): ReadFlow | null {
  return null;
}
