/** What is wrong with a pipeline that no flow shows by itself: pure, on facts. */
import { ALL_BITS, type Bits, type Facts } from './facts.ts';
import type { Kind, Tables } from './tables.ts';

/** Concerns every flow of a kind. */
export type KindFinding =
  | { readonly what: 'unwritten'; readonly where: 'match' | 'action'; readonly bits: Bits }
  | { readonly what: 'kept set' }
  | { readonly what: 'returns' }
  | { readonly what: 'unseen'; readonly how: 'behind' | 'all' | 'clone' }
  | { readonly what: 'loop'; readonly to: number; readonly way: readonly number[] };

/** Tables that no packet gets to: of those that lead to each other the first one in `order`. */
export function unreachedTables(tables: Tables, order: readonly number[]): number[] {
  if (tables.open || !tables.isEntry(0)) return [];
  const found: number[] = [];
  let explained = new Set(tables.reached);
  const left = (): number[] => order.filter((t) => !explained.has(t));
  for (;;) {
    const rest = left();
    const first = rest.find((t) => [...tables.leadingTo(t)].every((by) => by === t)) ?? rest[0];
    if (first === undefined) return found;
    found.push(first);
    explained = new Set([...explained, ...tables.from([first])]);
  }
}

/** What there is to say of each kind of flow. */
export function kindFindings(
  tables: Tables,
  catchAlls: ReadonlyMap<number, Facts>,
  registers: boolean,
): Map<Kind, KindFinding[]> {
  const found = new Map<Kind, KindFinding[]>();
  const withSet = tables.withActionSet();
  const visited = tables.visited();
  const written = new Map<number, Bits>();
  const circles = new Set<string>();
  const returning = new Set(tables.open ? [] : tablesThatReturn(tables));
  for (const kinds of tables.kinds.values()) {
    for (const kind of kinds) {
      const { table, facts } = kind;
      const here: KindFinding[] = [];
      if (tables.reached.has(table)) {
        if (registers && (facts.matched.length > 0 || facts.reads.length > 0)) {
          let before = written.get(table);
          if (before === undefined) written.set(table, (before = tables.writtenBefore(table)));
          if (before !== ALL_BITS) here.push(...unwritten(tables, facts, before));
        }
        if (facts.drops && withSet.has(table)) here.push({ what: 'kept set' });
        else if (facts.drops && !facts.everything && returning.has(table)) here.push({ what: 'returns' });
        const seenLater = withSet.has(table) || visited.has(table) || tables.open || strange(tables, table);
        if (facts.unseen !== null && !seenLater) here.push({ what: 'unseen', how: facts.unseen });
      }
      if (facts.unseenInClone) here.push({ what: 'unseen', how: 'clone' });
      const loop = loopOf(kind, catchAlls);
      // A circle of flows that take every packet is one mistake, wherever one enters it.
      const circle = catchAlls.get(table) === facts ? [...new Set(loop?.way)].sort().join() : null;
      if (loop !== null && (circle === null || !circles.has(circle))) here.push(loop.finding);
      if (loop !== null && circle !== null) circles.add(circle);
      if (here.length > 0) found.set(kind, here);
    }
  }
  return found;
}

/** Others may visit it. */
function strange(tables: Tables, table: number): boolean {
  return table !== 0 && tables.isEntry(table);
}

/** Registers that are read and that nothing can have written, one finding for the match and one for the actions. */
function unwritten(tables: Tables, facts: Facts, before: Bits): KindFinding[] {
  const found: KindFinding[] = [];
  const matched = facts.matched.filter((bits) => (bits & before) === 0n);
  if (matched.length > 0) {
    found.push({ what: 'unwritten', where: 'match', bits: matched.reduce((a, b) => a | b) });
  }
  const read = facts.reads.filter(
    (r) => (r.bits & (before | r.before)) === 0n && (r.bits & tables.writesFrom(r.visited)) === 0n,
  );
  // Of what the match has been told about, nothing more is said.
  const more = read.filter((r) => !matched.some((bits) => (bits & r.bits) === r.bits));
  if (more.length > 0) {
    found.push({ what: 'unwritten', where: 'action', bits: more.map((r) => r.bits).reduce((a, b) => a | b) });
  }
  return found;
}

/**
 * Tables that are visited by a flow which sends the packet on afterwards, without asking what was found there: a visit
 * that writes a register which is read afterwards is a look-up, and there `drop` means that nothing was found.
 */
function tablesThatReturn(tables: Tables): Set<number> {
  const found = new Set<number>();
  for (const table of tables.reached) {
    for (const { facts } of tables.kinds.get(table) ?? []) {
      for (const call of facts.calls) {
        const inside = tables.from([call.to]);
        const tells = tables.writesFrom([call.to]) & (call.reads | tables.readsFrom(call.next));
        if (tells !== 0n || !(call.sends || call.next.some((t) => !inside.has(t)))) continue;
        for (const t of inside) found.add(t);
      }
    }
  }
  return found;
}

/** A way on which every packet of the flow certainly comes back to it. */
function loopOf(
  { table, facts }: Kind,
  catchAlls: ReadonlyMap<number, Facts>,
): { readonly finding: KindFinding; readonly way: readonly number[] } | null {
  const always = catchAlls.get(table) === facts;
  for (const lead of facts.leads) {
    const way = [table];
    const seen = new Set<number>();
    const follow = (to: number, unchanged: boolean): boolean => {
      way.push(to);
      if (to === table && (unchanged || always)) return true;
      const next = catchAlls.get(to);
      if (next !== undefined && !seen.has(to)) {
        seen.add(to);
        for (const more of next.leads) if (follow(more.to, unchanged && more.unchanged)) return true;
      }
      way.pop();
      return false;
    };
    // A goto to the own table is an error of its own.
    if (!(lead.by === 'goto' && lead.to === table) && follow(lead.to, lead.unchanged)) {
      return { finding: { what: 'loop', to: lead.to, way }, way };
    }
  }
  return null;
}
