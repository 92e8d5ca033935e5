/** The ids of the conjunctions that the compiler makes. */

/** Ids begin with 1, as most people's do by hand. */
const FIRST = 1;

export class ConjunctionIds {
  private readonly kept: ReadonlyMap<string, number>;
  private readonly taken: Set<number>;
  private readonly ids = new Map<string, number>();
  private next = FIRST;

  /**
   * `kept` are those that an earlier compilation gave, by what they were for; `stated` those that the program says
   * itself, which are nobody else's.
   */
  constructor(kept: ReadonlyMap<string, number>, stated: Iterable<number>) {
    const reserved = new Set(stated);
    // Of two that claim one id, which only an edited lock has, the first keeps it.
    const claimed = new Set<number>();
    this.kept = new Map(
      [...kept].filter(([, id]) => {
        const free = !reserved.has(id) && !claimed.has(id);
        claimed.add(id);
        return free;
      }),
    );
    this.taken = new Set([...reserved, ...this.kept.values()]);
  }

  /** The id for what `key` names: the one it had, or else the lowest that nobody has. */
  idFor(key: string): number {
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    let id = this.kept.get(key);
    if (id === undefined) {
      while (this.taken.has(this.next)) this.next++;
      id = this.next;
    }
    this.taken.add(id);
    this.ids.set(key, id);
    return id;
  }

  /** Those that have been asked for. */
  given(): ReadonlyMap<string, number> {
    return this.ids;
  }
}
