/** Numbers for tables that the input knows by name only. */
import { LAST_TABLE } from './naming.ts';

/** `from` has a `goto_table` to `to`. */
export interface Edge {
  readonly from: number;
  readonly to: number;
}

/**
 * A number for each of the `named` tables (given by what stands for them, in the order of their appearance), such
 * that every edge leads to a higher one; `used` are those of other tables. Null where there is no such order.
 */
export function numberTables(
  named: readonly number[],
  used: ReadonlySet<number>,
  edges: readonly Edge[],
): ReadonlyMap<number, number> | null {
  const numbers = new Map<number, number>();
  const taken = new Set(used);
  const waiting = new Set(named);
  while (waiting.size > 0) {
    // The first of those to which no waiting table leads.
    const next = [...waiting].find(
      (t) => !edges.some((e) => e.to === t && e.from !== t && waiting.has(e.from)),
    );
    if (next === undefined) return null;
    waiting.delete(next);
    const before = edges.filter((e) => e.to === next).map((e) => numbers.get(e.from) ?? e.from);
    let number = Math.max(-1, ...before.filter((n) => n <= LAST_TABLE)) + 1;
    while (taken.has(number)) number++;
    if (number > LAST_TABLE) return null;
    taken.add(number);
    numbers.set(next, number);
  }
  const of = (table: number): number => numbers.get(table) ?? table;
  return edges.every((e) => of(e.from) < of(e.to)) ? numbers : null;
}
