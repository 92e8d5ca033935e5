import type { ReadContext, ReadTlvMap } from './types.ts';

/** Reads the argument of `add-tlv-map`. Null where it cannot be read, which has been reported. */
export function readTlvMap(_ctx: ReadContext, _start: number, _end: number): ReadTlvMap | null {
  return null;
}
