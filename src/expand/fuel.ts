/** How much may be made at compile time. */

/** Flows, statements, declarations and rounds of loops. */
export const MAX_STEPS = 1_000_000;
/** Uses of templates within each other. */
export const MAX_USES = 100;

/** A loop or use that is under way. */
export interface Consumer {
  /** ``the loop over `h` ``, ``the use of `t` ``. */
  readonly what: string;
  /** Steps that it has caused itself. */
  rounds: number;
  /** Says that it is to blame. */
  readonly blame: (what: string) => void;
}

/** Counts down; when nothing is left, one of those under way is blamed, and everything stops. */
export class Fuel {
  private left: number;
  readonly limit: number;
  private readonly active: Consumer[] = [];

  constructor(limit = MAX_STEPS) {
    this.left = limit;
    this.limit = limit;
  }

  /** True where nothing is left: who sees it stops, and says nothing. */
  get empty(): boolean {
    return this.left < 0;
  }

  /** False when nothing is left. */
  take(amount = 1): boolean {
    // What is written out one by one is bounded by the file.
    if (this.active.length === 0) return true;
    if (this.left < 0) return false;
    this.left -= amount;
    if (this.left >= 0) return true;
    // The one with the most rounds, the outermost of such: it is what multiplies all within it.
    let worst: Consumer | undefined;
    for (const consumer of this.active)
      if (worst === undefined || consumer.rounds > worst.rounds) worst = consumer;
    worst?.blame(worst.what);
    return false;
  }

  during<T>(consumer: Consumer, work: () => T): T {
    this.active.push(consumer);
    const result = work();
    this.active.pop();
    return result;
  }
}
