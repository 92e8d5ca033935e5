/** Sets of cookies as a FLOW_MOD can name them. */
import type { CookieSpace } from '../ir/types.ts';

/** The mask of a single cookie. */
export const EXACT = (1n << 64n) - 1n;

/**
 * Spaces that together are `space` without the `excluded` cookies. One excluded cookie takes a space for each bit that
 * `space` leaves open: all that differ from it in that bit and agree in the open bits above.
 */
export function cookiesExcept(space: CookieSpace, excluded: readonly bigint[]): CookieSpace[] {
  const inside = excluded.filter((cookie) => (cookie & space.mask) === space.value);
  if (inside.length === 0) return [space];
  const open = highestBit(EXACT & ~space.mask);
  if (open === 0n) return [];
  const mask = space.mask | open;
  return [space.value, space.value | open].flatMap((value) => cookiesExcept({ value, mask }, inside));
}

function highestBit(bits: bigint): bigint {
  return bits === 0n ? 0n : 1n << BigInt(bits.toString(2).length - 1);
}
