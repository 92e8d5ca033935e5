/**
 * The conjunctions of a program: their ids, and the flows that they share.
 *
 * Two flows of one priority with the same match would replace each other on the switch, so a flow that is a part of
 * several conjunctions is one, with a `conjunction` action for each (ovs-fields(7), "Conjunctive Match Fields").
 */
import { overlappingConjunctions } from '../../diagnostics/codes/sets.ts';
import { make } from '../../diagnostics/define.ts';
import type { Sink } from '../../diagnostics/define.ts';
import { matchOrder } from '../../ir/oxm.ts';
import type { Action, FlowMod } from '../../ir/types.ts';
import { bitsOfMatch, compatible } from '../overlaps.ts';
import type { Bits } from '../overlaps.ts';
import { matchKey } from '../duplicates.ts';
import { ConjunctionIds } from '../conjunction-ids.ts';
import type { FlowPlace } from '../repeats.ts';
import type { TableSymbol } from '../types.ts';
import { clauseInstructions } from './expansion.ts';
import type { PendingConjunction } from './lower.ts';

type Clause = Extract<Action, { readonly kind: 'conjunction' }>;

/** A conjunction, and the flow of the source that it is. */
export interface Entry {
  readonly pending: PendingConjunction;
  readonly table: TableSymbol | null;
  readonly place: FlowPlace;
  readonly sink: Sink;
  /** Its cookie is one that the compiler gave, and that no flow before has. */
  readonly computed: boolean;
  /** Of its flow, in the list of expansions. */
  readonly expansion: number;
}

/** A flow of a conjunction, ready for the switch. */
export interface ConjunctionFlow {
  readonly mod: FlowMod;
  readonly table: TableSymbol | null;
  readonly place: FlowPlace;
  readonly sink: Sink;
  /** No other flow may have its cookie: it is the first that came of its source flow. */
  readonly computed: boolean;
}

export class Conjunctions {
  private readonly entries: Entry[] = [];
  private readonly stated = new Set<number>();

  add(entry: Entry): void {
    this.entries.push(entry);
  }

  /** Takes note of the ids that a flow of the source states itself. */
  note({ match, instructions: { apply } }: FlowMod): void {
    for (const { field, value } of match) if (field === 'conj_id') this.stated.add(Number(value));
    for (const action of apply) if (action.kind === 'conjunction') this.stated.add(action.id);
  }

  /**
   * All flows of the conjunctions, in the order of the source. `kept` are ids that are to stay as they are; `isTaken`
   * knows the other flows of the program. Where one of these has the match of a part, it would replace that: then the
   * product is taken, if that is left to us, and `instead` is told.
   */
  finish(
    kept: ReadonlyMap<string, number>,
    isTaken: (flow: FlowMod) => boolean,
    instead: (entry: Entry, flows: number) => void,
  ): { readonly flows: ConjunctionFlow[]; readonly ids: ConjunctionIds } {
    const ids = new ConjunctionIds(kept, this.stated);
    const flows: ConjunctionFlow[] = [];
    const shared = new Map<string, Clause[]>();
    const seen = new Set<string>();
    const products = this.products(isTaken);
    const owners = ownersOf(this.entries.filter((e) => !products.has(e)));
    for (const entry of this.entries) {
      const { pending, table, place, sink, computed } = entry;
      const { flow, clauses, key } = pending;
      const source = `${flow.origin.file}:${flow.origin.start}:${flow.cookie}`;
      const put = (mod: FlowMod): void => {
        flows.push({ mod, table, place, sink, computed: computed && !seen.has(source) });
        seen.add(source);
      };
      const product = products.get(entry);
      if (product !== undefined) {
        product.forEach(put);
        instead(entry, product.length);
        continue;
      }
      const id = ids.idFor(key);
      const match = matchOrder([...flow.match, { field: 'conj_id', value: BigInt(id), mask: null }]);
      put({ ...flow, match });
      clauses.forEach((matches, i) => {
        const action: Clause = { kind: 'conjunction', id, clause: i + 1, clauses: clauses.length };
        for (const part of matches) {
          const at = keyOf({ ...flow, match: part });
          const known = shared.get(at) ?? [];
          if (!known.some((a) => a.id === id && a.clause === action.clause)) known.push(action);
          shared.set(at, known);
          if (owners.get(at) !== entry) continue;
          owners.delete(at);
          put({ ...flow, match: part, instructions: clauseInstructions(known) });
        }
      });
    }
    for (const actions of shared.values()) actions.sort((a, b) => a.id - b.id || a.clause - b.clause);
    reportOverlaps(this.entries.filter((e) => !products.has(e)));
    return { flows, ids };
  }

  /** The conjunctions that are to be products, with the flows of these. */
  private products(isTaken: (flow: FlowMod) => boolean): ReadonlyMap<Entry, readonly FlowMod[]> {
    const products = new Map<Entry, readonly FlowMod[]>();
    const made = new Set<string>();
    for (let last = -1; last !== products.size;) {
      last = products.size;
      for (const entry of this.entries) {
        const { flow, clauses, crossed } = entry.pending;
        if (crossed === null || products.has(entry)) continue;
        const parts = clauses.flatMap((c) => c.map((match): FlowMod => ({ ...flow, match })));
        if (!parts.some((part) => isTaken(part) || (made.size > 0 && made.has(keyOf(part))))) continue;
        const list = crossed();
        products.set(entry, list);
        for (const mod of list) made.add(keyOf(mod));
      }
    }
    return products;
  }
}

/** Whose cookie a flow has: of several, that with the smallest, whichever comes first in the source. */
function ownersOf(entries: readonly Entry[]): Map<string, Entry> {
  const owners = new Map<string, Entry>();
  for (const entry of entries) {
    const { flow, clauses } = entry.pending;
    for (const match of clauses.flat()) {
      const key = keyOf({ ...flow, match });
      const owner = owners.get(key);
      if (owner === undefined || flow.cookie < owner.pending.flow.cookie) owners.set(key, entry);
    }
  }
  return owners;
}

/** Flows with the same would replace each other. */
function keyOf({ table, priority, match }: FlowMod): string {
  return `${table} ${priority} ${String.fromCharCode(...matchKey(match))}`;
}

/** Warns of conjunctions of one priority that have packets in common. */
function reportOverlaps(entries: readonly Entry[]): void {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const { flow } = entry.pending;
    const key = `${flow.table} ${flow.priority}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  const budget = { left: MAX_COMPARISONS };
  for (const group of groups.values()) if (group.length > 1) reportPairs(group, budget);
}

/** Comparisons of two masks; after so many no more overlaps are looked for. */
const MAX_COMPARISONS = 3_000_000;

interface Space {
  readonly entry: Entry;
  readonly fixed: Bits;
  readonly clauses: readonly (readonly Bits[])[];
}

function reportPairs(group: readonly Entry[], budget: { left: number }): void {
  const spaces = group.map((entry): Space => ({
    entry,
    fixed: bitsOfMatch(entry.pending.flow.match),
    clauses: entry.pending.clauses.map((c) => c.map(bitsOfMatch)),
  }));
  spaces.forEach((later, i) => {
    for (const earlier of spaces.slice(0, i)) {
      if (budget.left <= 0) return;
      const a = earlier.entry.pending.flow;
      const b = later.entry.pending.flow;
      if (earlier.entry.pending.overlaps || later.entry.pending.overlaps) continue;
      if (sameSource(a, b) || !overlap(earlier, later, budget) || sameActions(a, b)) continue;
      const { place, sink } = later.entry;
      const other = earlier.entry.place;
      sink.add(
        make(
          overlappingConjunctions,
          { priority: b.priority },
          { file: place.file, start: place.nameStart, end: place.nameEnd },
          {
            related: [
              { file: other.file, start: other.nameStart, end: other.nameEnd, message: 'the other one' },
            ],
          },
        ),
      );
      return;
    }
  });
}

function sameSource({ origin: a }: FlowMod, { origin: b }: FlowMod): boolean {
  return a.file === b.file && a.start === b.start && a.end === b.end;
}

/** Does it matter which of the two wins? */
function sameActions(a: FlowMod, b: FlowMod): boolean {
  const text = (m: FlowMod): string =>
    JSON.stringify(m.instructions, (_, v: unknown) => (typeof v === 'bigint' ? v.toString() : v));
  return text(a) === text(b);
}

/**
 * Is there a packet of both? Each pair of clauses must have values that go together; clauses on the same bits are the
 * only ones that can fail to.
 */
function overlap(a: Space, b: Space, budget: { left: number }): boolean {
  if (!compatible(a.fixed, b.fixed)) return false;
  for (const x of a.clauses) {
    for (const y of b.clauses) {
      if (!meet(x, y, budget)) return false;
    }
    if (!meet(x, [b.fixed], budget)) return false;
  }
  return b.clauses.every((y) => meet(y, [a.fixed], budget));
}

function meet(a: readonly Bits[], b: readonly Bits[], budget: { left: number }): boolean {
  for (const x of a) {
    for (const y of b) {
      budget.left--;
      if (compatible(x, y)) return true;
    }
  }
  return false;
}
