/** Which cookies an imported program has for its own. */
import type { CookieSpace } from '../ir/types.ts';

const BITS = 64;
/** A space of fewer bits would be nearly everybody's. */
const LEAST_BITS = 8;
/** Bits that are left to tell flows apart: by what the input states, or by hashes where it states nothing. */
const FREE_WHEN_STATED = 16;
const FREE_FOR_HASHES = 40;

/**
 * The space that all the stated cookies are in, and cookie 0, which is everybody's, is not; null where there is none.
 * `computed` tells that there are flows beside whose cookies the compiler makes.
 */
export function commonSpace(cookies: Iterable<bigint>, computed: boolean): CookieSpace | null {
  let first: bigint | null = null;
  let differing = 0n;
  for (const cookie of cookies) {
    first ??= cookie;
    differing |= cookie ^ first;
  }
  if (first === null) return null;
  const common = BITS - (differing === 0n ? 0 : differing.toString(2).length);
  const bits = Math.min(common, BITS - (computed ? FREE_FOR_HASHES : FREE_WHEN_STATED));
  if (bits < LEAST_BITS) return null;
  const mask = ((1n << BigInt(bits)) - 1n) << BigInt(BITS - bits);
  const value = first & mask;
  return value === 0n ? null : { value, mask };
}

export function isIn(cookie: bigint, { value, mask }: CookieSpace): boolean {
  return (cookie & mask) === value;
}
