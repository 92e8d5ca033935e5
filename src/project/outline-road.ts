/** The quick road through a file of many flows: see `shapes.ts`. */
import type { FlowDecl } from '../../grammar/ast.ts';
import type { GrammarError } from '../../grammar/errors.ts';
import type { Outline } from '../../grammar/outline.ts';
import { parseFlow } from '../../grammar/parser.ts';
import { allows } from '../check/allow.ts';
import type { ConjunctionIds } from '../check/conjunction-ids.ts';
import type { Scope, TableSymbol } from '../check/types.ts';
import type { DiagnosticBag } from '../diagnostics/define.ts';
import { MAIN } from '../expand/origin.ts';
import type { ExpandedItem } from '../expand/types.ts';
import { Collector } from './collector.ts';
import { FlowStore } from './flow-store.ts';
import { Relowerer } from './relower.ts';
import { ShapeCompiler } from './shapes.ts';

/** What is known of the file before its flows are looked at. */
export interface Skimmed {
  readonly text: string;
  readonly outline: Outline;
  /** The declarations, with one flow of each shape. */
  readonly items: readonly ExpandedItem[];
  readonly errors: readonly GrammarError[];
  readonly scope: Scope;
}

/** What comes of a file. */
export interface Outlined {
  readonly store: FlowStore;
  readonly collect: Collector;
  readonly ids: ConjunctionIds;
}

/** All flows of the file. `syntax` takes what the parser says of flows that it sees late. */
export function collectOutline(
  { text, outline, items, errors, scope }: Skimmed,
  bag: DiagnosticBag,
  syntax: (errors: readonly GrammarError[]) => void,
  learnFrom: number | undefined,
): Outlined {
  const { flows, shapes } = outline;
  const store = new FlowStore(flows.count * 192 + 4096);
  const collect = new Collector(scope, bag, store, flows.count);

  // The flows that the parser has seen, by where they start.
  const parsed = new Map<number, FlowDecl>();
  for (const item of items) {
    if (item.kind === 'flow') parsed.set(item.decl.span.start, item.decl);
    else if (item.kind === 'table') {
      for (const flow of item.flows) if (flow.kind === 'flow') parsed.set(flow.decl.span.start, flow.decl);
    }
  }
  const broken = brokenShapes(outline, errors);
  const quick = new ShapeCompiler(text, outline, scope, collect.duplicates.repeats, learnFrom);
  const again = new Relowerer(
    text,
    outline,
    scope,
    (start, end) => parsed.get(start) ?? parseFlow(text, start, end).flow,
  );
  store.relower = (index, table) => again.lower(index, table);
  store.redeclare = (index) => {
    const start = flows.start[index] ?? -1;
    const decl = parsed.get(start) ?? parseFlow(text, start, flows.end[index] ?? start).flow;
    return decl === null ? null : { decl, origin: MAIN };
  };

  let next = 0;
  const upTo = (end: number, table: TableSymbol | null): void => {
    for (; next < flows.count && (flows.start[next] as number) < end; next++) {
      const shape = shapes[flows.shape[next] as number];
      if (shape === undefined) continue;
      if (quick.emit(next, table, store)) continue;
      const start = flows.start[next] as number;
      let flow = parsed.get(start) ?? null;
      if (flow === null) {
        const result = parseFlow(text, start, flows.end[next] as number);
        if (broken.has(shape.id) || !shape.listed) syntax(result.errors);
        flow = result.flow;
      }
      if (flow === null) continue;
      const mod = collect.flow(table, flow, MAIN, next);
      if (mod !== null && !broken.has(shape.id) && !allows(flow)) quick.learn(next, table, flow, mod);
    }
  };
  for (const item of items) {
    upTo(item.decl.span.start, null);
    if (item.kind !== 'table') continue;
    const table = collect.enter(item);
    upTo(item.decl.span.end, table);
    collect.leave(table);
  }
  upTo(Infinity, null);
  return { store, collect, ids: collect.finish() };
}

/** Shapes whose flow in the token vector has a syntax error: all their flows have it. */
function brokenShapes(skimmed: Outline, errors: readonly GrammarError[]): ReadonlySet<number> {
  const broken = new Set<number>();
  if (errors.length === 0) return broken;
  const { flows, shapes } = skimmed;
  for (const shape of shapes) {
    const start = flows.start[shape.exemplar] as number;
    const end = flows.end[shape.exemplar] as number;
    if (errors.some((e) => e.span.start >= start && e.span.start <= end)) broken.add(shape.id);
  }
  return broken;
}
