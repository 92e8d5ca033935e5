/** Lowers the flows of a program, and what concerns several of them. */
import type { FlowDecl } from '../../grammar/ast.ts';
import { allows } from '../check/allow.ts';
import { Duplicates } from '../check/duplicates.ts';
import type { ConjunctionIds } from '../check/conjunction-ids.ts';
import { lower, statesCookie } from '../check/flow.ts';
import { checkNoMiss, lowerMiss, missOf } from '../check/miss.ts';
import type { FlowPlace } from '../check/repeats.ts';
import { Conjunctions } from '../check/sets/conjunctions.ts';
import type { Expansion } from '../check/sets/expansion.ts';
import type { Scope, TableSymbol } from '../check/types.ts';
import type { DiagnosticBag } from '../diagnostics/define.ts';
import { chained } from '../expand/origin.ts';
import type { ExpandedTable, Origin } from '../expand/types.ts';
import type { FlowMod } from '../ir/types.ts';
import type { DeclaredFlow, FlowStore } from './flow-store.ts';
import { checkFlowSize } from './sizes.ts';

/** Lowers flows one by one and keeps what concerns several of them. */
export class Collector {
  readonly duplicates: Duplicates;
  private readonly scope: Scope;
  private readonly bag: DiagnosticBag;
  private readonly store: FlowStore;
  /** What became of flows with sets and alternatives, in the order in which they came. */
  readonly expansions: Expansion[] = [];
  private readonly conjunctions = new Conjunctions();
  private readonly symbols: ReadonlyMap<ExpandedTable['decl'], TableSymbol>;
  /** How flows were declared, by their number in the store; null is the `miss` of its table. */
  readonly declared = new Map<number, DeclaredFlow | null>();
  /** Flows whose conjunctions are made at the end, by their places. */
  private readonly conjoined = new Map<FlowPlace, DeclaredFlow>();
  /** Set where nothing came of a flow: something must have been reported then. */
  lost = false;
  /** Flows that allow something. */
  readonly allowing: { readonly index: number; readonly count: number; readonly flow: DeclaredFlow }[] = [];
  /** Flows that match everything and do not expire. */
  readonly catchAlls: { readonly index: number; readonly table: number; readonly priority: number }[] = [];

  constructor(scope: Scope, bag: DiagnosticBag, store: FlowStore, expected?: number) {
    this.scope = scope;
    this.bag = bag;
    this.store = store;
    this.duplicates = new Duplicates(bag, (file) => scope.textOf(file), expected);
    this.symbols = new Map(scope.tables.map((t) => [t.decl, t]));
  }

  /** Starts a table: its symbol, its `miss` flow first. */
  enter({ decl, origin }: ExpandedTable): TableSymbol {
    const table = this.symbols.get(decl);
    if (table === undefined) throw new Error(`table ${decl.name.text} has no symbol`);
    const miss = lowerMiss(this.scope, table, origin, this.bag);
    if (miss !== null) {
      const { file, start, end } = miss.origin;
      const place = { file, start, end, nameStart: start, nameEnd: end };
      this.duplicates.add(miss, place, true, chained(this.bag, origin), origin);
      this.declared.set(this.store.length, null);
      this.keep(miss, table, -1);
    }
    return table;
  }

  /** Ends a table, when all its flows have been seen. */
  leave(table: TableSymbol): void {
    const lacksMiss =
      missOf(table) === undefined && table.number !== null && !this.duplicates.hasMiss(table.number);
    checkNoMiss(this.scope, table, this.bag, lacksMiss);
  }

  /** Lowers a flow; null where anything was found about it, be it a warning, and where it may make several. */
  flow(table: TableSymbol | null, decl: FlowDecl, origin: Origin, outlineIndex = -1): FlowMod | null {
    const before = this.bag.all.length;
    const named = decl.name?.span ?? decl.keyword;
    const sink = chained(this.bag, origin);
    const lowered = lower(this.scope, table, decl, origin, this.bag, (made, inner) => {
      checkFlowSize(made, this.scope.version, { sink: inner, file: origin.file }, named);
    });
    const { flows: mods, conjunctions, expansion, several } = lowered;
    if (expansion !== null) this.expansions.push(expansion);
    const place: FlowPlace = {
      file: origin.file,
      start: decl.span.start,
      end: decl.span.end,
      nameStart: named.start,
      nameEnd: named.end,
    };
    // Those that a flow makes share its cookie.
    let computed = !statesCookie(decl) && decl.name?.text !== '';
    const flow = { decl, origin };
    if (mods.length > 0 && allows(decl)) {
      this.allowing.push({ index: this.store.length, count: mods.length, flow });
    }
    for (const mod of mods) {
      this.duplicates.add(mod, place, computed, sink, origin);
      this.conjunctions.note(mod);
      const again = several ? -1 : outlineIndex;
      if (again < 0 || allows(decl)) this.declared.set(this.store.length, flow);
      this.keep(mod, table, again);
      computed = false;
    }
    const at = this.expansions.length - 1;
    if (conjunctions.length > 0) this.conjoined.set(place, flow);
    for (const pending of conjunctions)
      this.conjunctions.add({ pending, table, place, sink, computed, expansion: at });
    if (mods.length === 0 && conjunctions.length === 0) this.lost = true;
    const [mod] = mods;
    return mod !== undefined && !several && this.bag.all.length === before ? mod : null;
  }

  /** Ends the program: makes the conjunctions, whose ids are known only when all flows have been seen. */
  finish(): ConjunctionIds {
    const { flows, ids } = this.conjunctions.finish(
      this.scope.kept.conjunctions,
      (flow) => this.duplicates.has(flow),
      ({ pending, expansion }, count) => {
        const known = this.expansions[expansion];
        if (known === undefined) return;
        const parts = pending.clauses.reduce((sum, c) => sum + c.length, 1);
        this.expansions[expansion] = { ...known, method: 'cross', flows: known.flows - parts + count };
      },
    );
    for (const { mod, table, place, sink, computed } of flows) {
      const flow = this.conjoined.get(place);
      this.duplicates.add(mod, place, computed, sink, flow?.origin);
      if (flow !== undefined) this.declared.set(this.store.length, flow);
      this.keep(mod, table, -1);
    }
    return ids;
  }

  private keep(mod: FlowMod, table: TableSymbol | null, outlineIndex: number): void {
    const { priority, match, idleTimeout, hardTimeout } = mod;
    if (match.length === 0 && idleTimeout === 0 && hardTimeout === 0) {
      this.catchAlls.push({ index: this.store.length, table: mod.table, priority });
    }
    this.store.addLowered(mod, table, outlineIndex);
  }
}
