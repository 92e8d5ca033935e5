/** The tables of a program as a graph, and what packets can have been through when they get to one. */
import { ALL_BITS, type Bits, type Facts } from './facts.ts';

/** The flows of one table that have the same facts. */
export interface Kind {
  readonly table: number;
  readonly facts: Facts;
  readonly id: number;
}

/** What is known of a program's groups: the facts of their buckets; those of somebody else are missing. */
export type GroupFacts = ReadonlyMap<number, readonly Facts[]>;

export class Tables {
  /** By number: the kinds of flows of each table that has any. */
  readonly kinds = new Map<number, Kind[]>();
  /** Where packets come from outside: table 0, and those to which somebody else leads. */
  private readonly entries: ReadonlySet<number>;
  private readonly groups: GroupFacts;
  private readonly learned = new Map<number, Bits>();
  private readonly next = new Map<number, Set<number>>();
  private readonly before = new Map<number, Set<number>>();
  /** What is reached from an entry. */
  readonly reached: ReadonlySet<number>;
  /** Something is reached of which nothing is known: then anything may have happened. */
  readonly open: boolean;

  constructor(kinds: readonly Kind[], groups: GroupFacts, entries: ReadonlySet<number>) {
    this.groups = groups;
    this.entries = entries;
    for (const kind of kinds) {
      const known = this.kinds.get(kind.table);
      if (known === undefined) this.kinds.set(kind.table, [kind]);
      else known.push(kind);
      for (const { to, writes } of kind.facts.learns) {
        this.learned.set(to, (this.learned.get(to) ?? 0n) | writes);
      }
      for (const { to } of this.linksOf(kind.facts)) {
        add(this.next, kind.table, to);
        add(this.before, to, kind.table);
      }
    }
    this.reached = closure(this.next, entries);
    const strange = (f: Facts): boolean => this.groupsOf(f).some((g) => g === undefined);
    this.open = [...this.reached].some(
      (t) =>
        (!this.kinds.has(t) && !this.learned.has(t)) ||
        (this.kinds.get(t) ?? []).some(({ facts }) => strange(facts)),
    );
  }

  /** The facts of the groups that a flow uses, those that these use too; undefined for somebody else's. */
  private groupsOf(facts: Facts): (Facts | undefined)[] {
    const found: (Facts | undefined)[] = [];
    const seen = new Set<number>();
    const visit = (id: number): void => {
      if (seen.has(id)) return;
      seen.add(id);
      const buckets = this.groups.get(id);
      if (buckets === undefined) found.push(undefined);
      for (const bucket of buckets ?? []) {
        found.push(bucket);
        bucket.groups.forEach(visit);
      }
    };
    facts.groups.forEach(visit);
    return found;
  }

  /** Ways to other tables, of the flow and of the groups that it uses. */
  linksOf(facts: Facts): Facts['links'] {
    if (facts.groups.length === 0) return facts.links;
    return [...facts.links, ...this.groupsOf(facts).flatMap((g) => g?.links ?? [])];
  }

  /** Where packets can come to from these tables, with them. */
  from(tables: Iterable<number>): ReadonlySet<number> {
    return closure(this.next, tables);
  }

  isEntry(table: number): boolean {
    return this.entries.has(table);
  }

  /** Tables that lead to it, directly. */
  leadingTo(table: number): ReadonlySet<number> {
    return this.before.get(table) ?? new Set();
  }

  /** Registers that flows in the table may write. */
  writes(table: number): Bits {
    let bits = this.learned.get(table) ?? 0n;
    for (const { facts } of this.kinds.get(table) ?? []) {
      bits |= facts.writes;
      for (const group of this.groupsOf(facts)) bits |= group?.writes ?? ALL_BITS;
    }
    return bits;
  }

  /** Registers that may have been written by the end of a visit to these tables. */
  writesFrom(tables: Iterable<number>): Bits {
    let bits = 0n;
    for (const table of this.from(tables)) bits |= this.writes(table);
    return bits;
  }

  /** Registers that may have been written when a packet gets to the table. */
  writtenBefore(table: number): Bits {
    if (this.open || (this.isEntry(table) && table !== 0)) return ALL_BITS;
    let bits = 0n;
    const above = closure(this.before, this.leadingTo(table));
    for (const other of above) {
      if (this.isEntry(other) && other !== 0) return ALL_BITS;
      bits |= this.writes(other);
      // What it visited before it came on.
      const visited = (this.kinds.get(other) ?? []).flatMap(({ facts }) =>
        this.linksOf(facts).flatMap((l) => (l.kind === 'resubmit' ? [l.to] : [])),
      );
      bits |= this.writesFrom(visited);
    }
    return bits;
  }

  /**
   * Tables in which a packet may have an action set that sends it somewhere, and where that set is carried out when nothing
   * follows: not those that are only visited.
   */
  withActionSet(): ReadonlySet<number> {
    const found = new Set<number>();
    for (let grown = true; grown;) {
      grown = false;
      for (const table of this.reached) {
        for (const { facts } of this.kinds.get(table) ?? []) {
          const visitFills = facts.calls.some(({ to }) => [...this.from([to])].some((t) => this.fills(t)));
          const here = found.has(table) || visitFills;
          const after = facts.actionSet === 'filled' || (facts.actionSet === 'kept' && here);
          for (const { to, kind } of this.linksOf(facts)) {
            if (kind === 'resubmit' || !(kind === 'goto' ? after : here) || found.has(to)) continue;
            found.add(to);
            grown = true;
          }
        }
      }
    }
    return found;
  }

  private fills(table: number): boolean {
    return (this.kinds.get(table) ?? []).some(({ facts }) => facts.actionSet === 'filled');
  }

  /** Tables that are visited by flows which go on afterwards, or reached from such. */
  visited(): ReadonlySet<number> {
    const called = [...this.reached].flatMap((t) =>
      (this.kinds.get(t) ?? []).flatMap(({ facts }) =>
        this.linksOf(facts).flatMap((l) => (l.kind === 'resubmit' ? [l.to] : [])),
      ),
    );
    return this.from(called);
  }

  /** Registers that are read in these tables and those behind them. */
  readsFrom(tables: Iterable<number>): Bits {
    let bits = 0n;
    for (const table of this.from(tables)) {
      for (const { facts } of this.kinds.get(table) ?? []) {
        for (const read of facts.reads) bits |= read.bits;
        for (const read of facts.matched) bits |= read;
      }
    }
    return bits;
  }
}

function add(map: Map<number, Set<number>>, key: number, value: number): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([value]));
  else known.add(value);
}

function closure(
  next: ReadonlyMap<number, ReadonlySet<number>>,
  from: Iterable<number>,
): ReadonlySet<number> {
  const seen = new Set<number>();
  const todo = [...from];
  for (let table = todo.pop(); table !== undefined; table = todo.pop()) {
    if (seen.has(table)) continue;
    seen.add(table);
    for (const other of next.get(table) ?? []) if (!seen.has(other)) todo.push(other);
  }
  return seen;
}
