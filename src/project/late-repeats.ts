/**
 * Flows of data that are the same twice, or have one cookie: looked for when all have been made, which costs a fraction of
 * looking for each among those before it. Where there are any, the program is compiled again by the plain road, which
 * says what is to be said.
 */
import { hashKey, type Repeats } from '../check/repeats.ts';
import type { EncodedFlows } from '../ir/types.ts';
import { MATCH_AT, matchEndOf, priorityAt, TABLE_AT } from './patch.ts';

/** Bits of the filter for each flow: few flows look like repeats that are none. */
const BITS_PER_FLOW = 32;

export class LateRepeats {
  private words: Uint32Array<ArrayBuffer>;
  private count = 0;

  constructor(expected: number) {
    this.words = new Uint32Array(2 * expected + 64);
  }

  /** Takes note of a cookie that the compiler has given. */
  cookie(high: number, low: number): void {
    if (this.count + 2 > this.words.length) {
      const more = new Uint32Array(this.words.length * 2);
      more.set(this.words);
      this.words = more;
    }
    this.words[this.count++] = high;
    this.words[this.count++] = low;
  }

  /** True where two of the flows match the same at one priority of a table, or two of the cookies are the same. */
  found(flows: EncodedFlows & { readonly gap: number }, others: Repeats): boolean {
    return repeatedMatch(flows) || this.repeatedCookie(others);
  }

  private repeatedCookie(others: Repeats): boolean {
    others.eachCookie((high, low) => {
      this.cookie(high, low);
    });
    const { words } = this;
    const lows = new Uint32Array(this.count / 2);
    for (let i = 0; i < lows.length; i++) lows[i] = words[2 * i + 1] as number;
    return anyPair(lows, (i, j) => words[2 * i] === words[2 * j]);
  }
}

function repeatedMatch({ bytes, offsets, gap }: EncodedFlows & { readonly gap: number }): boolean {
  const hashes = new Uint32Array(offsets.length - 1);
  for (let i = 0; i < hashes.length; i++) {
    const at = (offsets[i] as number) + gap;
    const table = bytes[at + TABLE_AT] as number;
    hashes[i] = hashKey(table, priorityAt(bytes, at), bytes, at + MATCH_AT, matchEndOf(bytes, at));
  }
  return anyPair(hashes, (i, j) => {
    const a = (offsets[i] as number) + gap;
    const b = (offsets[j] as number) + gap;
    const size = matchEndOf(bytes, a) - a;
    if (matchEndOf(bytes, b) - b !== size || bytes[a + TABLE_AT] !== bytes[b + TABLE_AT]) return false;
    if (priorityAt(bytes, a) !== priorityAt(bytes, b)) return false;
    for (let p = MATCH_AT; p < size; p++) if (bytes[a + p] !== bytes[b + p]) return false;
    return true;
  });
}

/** Do two entries with the same hash stand the comparison? */
function anyPair(hashes: Uint32Array, same: (i: number, j: number) => boolean): boolean {
  const suspects = suspectsIn(hashes);
  if (suspects.size === 0) return false;
  const seen = new Map<number, number[]>();
  for (let i = 0; i < hashes.length; i++) {
    const hash = hashes[i] as number;
    if (!suspects.has(hash)) continue;
    const earlier = seen.get(hash);
    if (earlier === undefined) seen.set(hash, [i]);
    else if (earlier.some((j) => same(i, j))) return true;
    else earlier.push(i);
  }
  return false;
}

/** All hashes that come twice, and some that do not. */
function suspectsIn(hashes: Uint32Array): ReadonlySet<number> {
  const bits = 2 ** Math.ceil(Math.log2(hashes.length * BITS_PER_FLOW + 1024));
  const filter = new Uint32Array(bits / 32);
  const suspects = new Set<number>();
  for (let i = 0; i < hashes.length; i++) {
    const hash = hashes[i] as number;
    const bit = hash & (bits - 1);
    const word = filter[bit >>> 5] as number;
    const mask = 1 << (bit & 31);
    if ((word & mask) !== 0) suspects.add(hash);
    else filter[bit >>> 5] = word | mask;
  }
  // The first one of a pair has the same hash.
  return suspects;
}
