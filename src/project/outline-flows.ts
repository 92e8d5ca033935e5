/** The flows of an outline by their tables, for what is decided before any flow is lowered. */
import type { Outline } from '../../grammar/outline.ts';
import { parseFlow } from '../../grammar/parser.ts';
import type { FlowDecl, TableDecl } from '../../grammar/ast.ts';
import type { PlacedFlow } from '../check/allocation.ts';
import { usesOfFlow } from '../check/table-uses.ts';
import { MAIN } from '../expand/origin.ts';
import type { ExpandedItem } from '../expand/types.ts';

/**
 * One flow of each shape for each table that has such a one. Null where that does not do: a table that is named by its
 * number, which is not the same in all flows of a shape.
 */
export function outlineFlows(
  text: string,
  { flows }: Outline,
  items: readonly ExpandedItem[],
): PlacedFlow[] | null {
  const found: PlacedFlow[] = [];
  const decls = new Map<number, FlowDecl>();
  for (const item of items) {
    if (item.kind === 'flow') decls.set(item.decl.span.start, item.decl);
    else if (item.kind === 'table') {
      for (const flow of item.flows) if (flow.kind === 'flow') decls.set(flow.decl.span.start, flow.decl);
    }
  }
  let next = 0;
  const byNumber: FlowDecl[] = [];
  const upTo = (end: number, table: TableDecl | null): void => {
    const seen = new Set<number>();
    for (; next < flows.count && (flows.start[next] as number) < end; next++) {
      const shape = flows.shape[next] as number;
      if (seen.has(shape)) continue;
      seen.add(shape);
      const start = flows.start[next] as number;
      const flow = decls.get(start) ?? parseFlow(text, start, flows.end[next] as number).flow;
      if (flow === null) continue;
      if (usesOfFlow(flow).some(({ target }) => target.kind === 'int')) byNumber.push(flow);
      found.push({ table, flow, origin: MAIN });
    }
  };
  for (const { kind, decl } of items) {
    upTo(decl.span.start, null);
    if (kind === 'table') upTo(decl.span.end, decl);
  }
  upTo(Infinity, null);
  return byNumber.length > 0 ? null : found;
}
