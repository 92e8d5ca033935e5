/** What is wrong between tables, said where it stands: see `src/check/pipeline/`. */
import type { FlowDecl, Span } from '../../grammar/ast.ts';
import { allowsLate, FlowSink, readAllowance, reportUnneeded } from '../check/allow.ts';
import type { Allowance } from '../check/allow.ts';
import { missOf } from '../check/miss.ts';
import { factsOfActions, type Facts } from '../check/pipeline/facts.ts';
import { kindFindings, unreachedTables, type KindFinding } from '../check/pipeline/findings.ts';
import { dropIn, Locator, unseenIn } from '../check/pipeline/locate.ts';
import { Tables, type Kind } from '../check/pipeline/tables.ts';
import { placeOf, replaceFix, report } from '../check/report.ts';
import type { Scope, TableSymbol } from '../check/types.ts';
import * as codes from '../diagnostics/codes/pipeline.ts';
import type { DiagnosticBag, Sink } from '../diagnostics/define.ts';
import { chained } from '../expand/origin.ts';
import type { GroupMod } from '../ir/types.ts';
import type { Collector } from './collector.ts';
import type { DeclaredFlow, FlowStore } from './flow-store.ts';

/** Of one kind, no more flows than this are named. */
const MOST_NAMED = 100;

const SILENT: Sink = { add: () => undefined };

/** To be called when every flow of a program has been lowered without an error. */
export function checkPipeline(
  scope: Scope,
  groups: readonly GroupMod[],
  { collect, store, bag }: { collect: Collector; store: FlowStore; bag: DiagnosticBag },
): void {
  new PipelineCheck(scope, groups, collect, store, bag).run();
}

/** The sink of a declaration that may allow things, and what it allows. */
interface Allowing {
  readonly sink: FlowSink;
  readonly allowance: Allowance;
  readonly file: number;
}

class PipelineCheck {
  private readonly scope: Scope;
  private readonly groups: readonly GroupMod[];
  private readonly collect: Collector;
  private readonly store: FlowStore;
  private readonly bag: DiagnosticBag;
  private readonly locator: Locator;
  private readonly flowSinks = new Map<FlowDecl, Allowing>();
  private readonly tableSinks = new Map<TableSymbol, Allowing>();
  /** What has been said of a declaration, which may have made several flows. */
  private readonly said = new Map<FlowDecl, Set<string>>();

  constructor(
    scope: Scope,
    groups: readonly GroupMod[],
    collect: Collector,
    store: FlowStore,
    bag: DiagnosticBag,
  ) {
    this.scope = scope;
    this.groups = groups;
    this.collect = collect;
    this.store = store;
    this.bag = bag;
    this.locator = new Locator(scope);
  }

  run(): void {
    const { scope, store } = this;
    const kinds = [...store.kinds.values()];
    const groupFacts = new Map(
      this.groups.map((g) => [g.id, g.buckets.map((b) => factsOfActions(b.actions))]),
    );
    const inside = new Set(kinds.map(({ table }) => table));
    const entries = new Set(inside.has(0) ? [0] : []);
    const declared = scope.tables.filter(({ number }) => number !== null && number !== 0);
    const missing = new Set(
      unreachedTables(
        new Tables(kinds, groupFacts, entries),
        declared.map((t) => t.number ?? 0),
      ),
    );
    for (const symbol of declared) {
      if (symbol.number === null || !missing.has(symbol.number)) continue;
      const { sink, file } = this.tableSink(symbol);
      // Meant: then packets enter there, too.
      const name = symbol.decl.name.shown ?? symbol.name;
      if (!report({ sink, file }, codes.unreachedTable, { name }, symbol.span)) entries.add(symbol.number);
    }
    const tables = new Tables(kinds, groupFacts, entries);
    this.covered();
    const named = scope.tables.length > 0;
    this.each(kindFindings(tables, this.catchAlls(), named));
    this.unneeded();
  }

  /** Of each table that matters to loops, the facts of the flow that takes every packet. */
  private catchAlls(): ReadonlyMap<number, Facts> {
    const { store, collect } = this;
    const kinds = [...store.kinds.values()];
    const found = new Map<number, Facts>();
    // A goto alone leads forward, and never back.
    if (kinds.every(({ facts }) => facts.leads.every(({ by }) => by === 'goto'))) return found;
    const highest = new Map<number, { index: number; priority: number }>();
    for (const { index, table, priority } of collect.catchAlls) {
      if (priority > (highest.get(table)?.priority ?? -1)) highest.set(table, { index, priority });
    }
    for (let i = 0; i < store.length && highest.size > 0; i++) {
      const top = highest.get(store.tableOf(i));
      // Another flow may take some of the packets.
      if (top !== undefined && i !== top.index && store.priorityOf(i) >= top.priority) {
        highest.delete(store.tableOf(i));
      }
    }
    for (const [table, { index }] of highest) {
      const facts = store.kindOf(index)?.facts;
      if (facts !== undefined) found.set(table, facts);
    }
    return found;
  }

  /** Flows below one of their table that takes every packet. */
  private covered(): void {
    const { store, collect } = this;
    const lowest = new Map<number, { index: number; priority: number }>();
    for (const { index, table, priority } of collect.catchAlls) {
      // Nothing is below priority 0; of several, the highest covers the others.
      if (priority > (lowest.get(table)?.priority ?? 0)) lowest.set(table, { index, priority });
    }
    if (lowest.size === 0) return;
    const counts = new Map<number, number>();
    for (let i = 0; i < store.length; i++) {
      const table = store.tableOf(i);
      const above = lowest.get(table);
      if (above === undefined || i === above.index || store.priorityOf(i) >= above.priority) continue;
      const by = this.declaration(above.index);
      const flow = this.declaration(i);
      if (flow === null || by === null || this.flowSink(by).sink.allows(codes.coveredFlow.code)) continue;
      const count = (counts.get(table) ?? 0) + 1;
      counts.set(table, count);
      if (count > MOST_NAMED) continue;
      const name = by.decl.name === null ? 'one' : `\`${by.decl.name.shown ?? by.decl.name.text}\``;
      this.say(flow, 'covered', (ctx) => {
        const other = { file: by.origin.file, span: by.decl.name?.span ?? by.decl.keyword };
        report(ctx, codes.coveredFlow, { by: name }, flow.decl.name?.span ?? flow.decl.keyword, {
          related: [{ ...placeOf(other), message: 'this one matches every packet' }],
          help: 'give it a lower priority, or write it as `miss` of the table',
        });
      });
    }
  }

  /** Says what was found of kinds, for the flows of these kinds. */
  private each(found: ReadonlyMap<Kind, readonly KindFinding[]>): void {
    if (found.size === 0) return;
    const counts = new Map<Kind, number>();
    for (let i = 0; i < this.store.length; i++) {
      const kind = this.store.kindOf(i);
      const findings = kind === undefined ? undefined : found.get(kind);
      if (kind === undefined || findings === undefined) continue;
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      if (count > MOST_NAMED) continue;
      for (const finding of findings) this.flowFinding(i, finding, kind);
    }
  }

  private flowFinding(index: number, finding: KindFinding, { table }: Kind): void {
    const symbol = this.store.symbolOf(index);
    const flow = this.declaration(index);
    if (flow === null) {
      if (symbol !== null) this.missFinding(symbol, finding);
      return;
    }
    const { decl } = flow;
    const at = decl.name?.span ?? decl.keyword;
    this.say(flow, finding.what + ('where' in finding ? finding.where : ''), (ctx) => {
      switch (finding.what) {
        case 'unwritten': {
          const { bits, where } = finding;
          const found =
            where === 'match' ? this.locator.inMatch(decl, bits) : this.locator.inActions(decl, bits);
          report(ctx, codes.unwrittenRegister, { name: found?.name ?? 'a register' }, found?.span ?? at);
          break;
        }
        case 'kept set': {
          const drop = dropIn(decl);
          report(ctx, codes.dropKeepsActionSet, {}, drop ?? at, {
            help: 'write `clear_actions`',
            fixes: drop === null ? [] : [replaceFix(ctx, 'Write `clear_actions`', drop, 'clear_actions')],
          });
          break;
        }
        case 'returns':
          report(ctx, codes.dropReturns, {}, dropIn(decl) ?? at);
          break;
        case 'unseen': {
          const span = unseenIn(decl.actions, finding.how === 'clone');
          report(ctx, codes.unseenChange, { how: finding.how }, span ?? at);
          break;
        }
        case 'loop': {
          const names = finding.way.map((t) => this.nameOf(t));
          const found = this.locator.leading(decl, finding.to, table);
          report(ctx, codes.certainLoop, { way: names }, found?.span ?? at);
        }
      }
    });
  }

  /** The same for the `miss` of a table, whose table may allow it. */
  private missFinding(symbol: TableSymbol, finding: KindFinding): void {
    const { sink, file } = this.tableSink(symbol);
    const ctx = { sink, file };
    const statement = missOf(symbol);
    const block = statement?.kind === 'command' ? statement.block : null;
    const at: Span = statement?.kind === 'relation' ? statement.value.span : (statement?.span ?? symbol.span);
    switch (finding.what) {
      case 'unwritten': {
        const pretended = block === null ? null : pretend(symbol, block);
        const found = pretended === null ? null : this.locator.inActions(pretended, finding.bits);
        report(ctx, codes.unwrittenRegister, { name: found?.name ?? 'a register' }, found?.span ?? at);
        break;
      }
      case 'kept set':
        report(ctx, codes.dropKeepsActionSet, {}, at, {
          help: 'write `miss = clear_actions`',
          fixes: block === null ? [replaceFix(ctx, 'Write `clear_actions`', at, 'clear_actions')] : [],
        });
        break;
      case 'unseen': {
        const span = block === null ? null : unseenIn([block], finding.how === 'clone');
        report(ctx, codes.unseenChange, { how: finding.how }, span ?? at);
        break;
      }
      case 'loop': {
        const names = finding.way.map((t) => this.nameOf(t));
        const pretended = block === null ? null : pretend(symbol, block);
        const found =
          pretended === null ? null : this.locator.leading(pretended, finding.to, symbol.number ?? -1);
        report(ctx, codes.certainLoop, { way: names }, found?.span ?? at);
        break;
      }
      case 'returns':
    }
  }

  private nameOf(number: number): string {
    const symbol = this.scope.tables.find((t) => t.number === number);
    return symbol === undefined ? `table ${number}` : `\`${symbol.decl.name.shown ?? symbol.name}\``;
  }

  private declaration(index: number): DeclaredFlow | null {
    const known = this.collect.declared.get(index);
    return known === undefined ? this.store.declarationOf(index) : known;
  }

  /** Says something of a declaration once, where it or its table does not allow it. */
  private say(
    flow: DeclaredFlow,
    what: string,
    tell: (ctx: { readonly sink: Sink; readonly file: number }) => void,
  ): void {
    const said = this.said.get(flow.decl) ?? new Set();
    if (said.has(what)) return;
    this.said.set(flow.decl, said.add(what));
    const { sink, file } = this.flowSink(flow);
    tell({ sink, file });
  }

  private flowSink({ decl, origin }: DeclaredFlow): Allowing {
    let known = this.flowSinks.get(decl);
    if (known === undefined) {
      const allowance = readAllowance({ scope: this.scope, sink: SILENT, file: origin.file }, decl);
      const sink = new FlowSink(chained(this.bag, origin), allowance.codes);
      known = { sink, allowance, file: origin.file };
      this.flowSinks.set(decl, known);
    }
    return known;
  }

  private tableSink(symbol: TableSymbol): Allowing {
    let known = this.tableSinks.get(symbol);
    if (known === undefined) {
      const { file, origin, decl } = symbol;
      const allowance = readAllowance({ scope: this.scope, sink: SILENT, file }, decl);
      known = { sink: new FlowSink(chained(this.bag, origin), allowance.codes), allowance, file };
      this.tableSinks.set(symbol, known);
    }
    return known;
  }

  /** What was allowed and has not been found. */
  private unneeded(): void {
    const { scope } = this;
    const complain = ({ sink, allowance, file }: Allowing, origin: DeclaredFlow['origin']): void => {
      if (!allowsLate(allowance)) return;
      reportUnneeded({ scope, sink: chained(this.bag, origin), file }, allowance, sink, true);
    };
    for (const { flow } of this.collect.allowing) complain(this.flowSink(flow), flow.origin);
    for (const symbol of scope.tables) complain(this.tableSink(symbol), symbol.origin);
  }
}

/** A `miss` block as the actions of a flow, to be looked through. */
function pretend({ decl }: TableSymbol, block: FlowDecl['actions'][number]): FlowDecl {
  const { keyword, span, body } = decl;
  return {
    kind: 'flow',
    keyword,
    doc: null,
    name: null,
    attributes: [],
    matches: [],
    actions: [block],
    body,
    span,
  };
}
