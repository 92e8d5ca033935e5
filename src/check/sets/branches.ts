/**
 * The ways through a match whose terms have several values that have to be checked one by one: which protocol, which
 * type of ICMP. A checker takes one way at a time, from the start; where it comes to such a term it asks which value.
 */
import type { Located } from '../types.ts';

/** A term with several values, one of which is taken on the present way. */
interface Fork {
  readonly options: number;
  taken: number;
  /** The one taken, as one would write it. */
  label: string;
  readonly at: Located;
}

export class Branches {
  private readonly forks: Fork[] = [];
  private depth = 0;

  /** Which of so many values is to be taken; the first time the first. */
  take(options: number, at: Located, labelOf: (index: number) => string): number {
    let fork = this.forks[this.depth];
    if (fork === undefined) this.forks.push((fork = { options, taken: 0, label: '', at }));
    this.depth++;
    fork.label = labelOf(fork.taken);
    return fork.taken;
  }

  /** Goes back to the start, for the next way; false where there is none. */
  next(): boolean {
    this.forks.length = this.depth;
    this.depth = 0;
    for (let last = this.forks.at(-1); last !== undefined; last = this.forks.at(-1)) {
      if (++last.taken < last.options) return true;
      this.forks.pop();
    }
    return false;
  }

  /** How many ways there are, if all of them are as long as the present one. */
  estimate(): bigint {
    return this.forks.slice(0, this.depth).reduce((product, { options }) => product * BigInt(options), 1n);
  }

  /** The values taken on the present way: `udp`, `icmp_type = 8`. */
  describe(): string[] {
    return this.forks.filter((f) => f.options > 1).map((f) => f.label);
  }

  /** The terms of the present way, with how many values they have. */
  terms(): { readonly at: Located; readonly values: bigint }[] {
    return this.forks.slice(0, this.depth).map(({ at, options }) => ({ at, values: BigInt(options) }));
  }
}
