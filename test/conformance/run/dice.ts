// Chance for the generators: fast-check's random source, and how often a choice goes wrong.
import type fc from 'fast-check';
import { ones } from '../samples.ts';

export class Dice {
  private readonly random: fc.Random;
  /** How often `wrong()` says yes, from 0 to 1. */
  readonly badness: number;

  constructor(random: fc.Random, badness: number) {
    this.random = random;
    this.badness = badness;
  }

  /** From `min` to `max`, both included. */
  int(min: number, max: number): number {
    return this.random.nextInt(min, max);
  }

  /** A number of 32 bits without a sign. */
  u32(): number {
    return this.random.nextInt(-0x8000_0000, 0x7fff_ffff) >>> 0;
  }

  chance(probability: number): boolean {
    return this.random.nextInt(0, 0xffff) < probability * 0x10000;
  }

  /** Shall this choice be an illegal one? */
  wrong(): boolean {
    return this.badness > 0 && this.chance(this.badness);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.random.nextInt(0, from.length - 1)]!;
  }

  /** Up to `most` things, few more often than many. */
  some<T>(most: number, make: () => T): T[] {
    const count = Math.min(this.int(0, most), this.int(0, most));
    return Array.from({ length: count }, make);
  }

  maybe<T>(probability: number, make: () => T): T | null {
    return this.chance(probability) ? make() : null;
  }

  /** A number of so many bits: its ends, one bit, or any. */
  bits(count: number): bigint {
    const n = this.int(0, 9);
    if (n === 0) return 0n;
    if (n === 1) return ones(count);
    if (n === 2) return 1n << BigInt(this.int(0, count - 1));
    if (n === 3) return BigInt(this.int(0, Math.min(255, Number(ones(Math.min(count, 30))))));
    return this.random.nextBigInt(0n, ones(count));
  }

  /** A mask of at least one bit: a prefix, a range of bits, or any. */
  mask(count: number): bigint {
    const n = this.int(0, 3);
    if (n === 0) return ones(count) & ~ones(this.int(0, count - 1));
    if (n === 1) {
      const low = this.int(0, count - 1);
      return ones(this.int(1, count - low)) << BigInt(low);
    }
    const any = this.bits(count);
    return any === 0n ? ones(count) : any;
  }

  bytes(most: number): Uint8Array {
    return Uint8Array.from(this.some(most, () => this.int(0, 255)));
  }
}
