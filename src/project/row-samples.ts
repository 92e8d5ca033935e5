/** Which rows of a loop over data differ in more than values: what must be known of all flows before one is lowered. */
import type { Expr, FlowDecl } from '../../grammar/ast.ts';
import { DiagnosticBag } from '../diagnostics/define.ts';
import type { ExpandedFlow, ExpandedItem, ExpandedRows } from '../expand/types.ts';
import type { PlacedFlow } from '../check/allocation.ts';
import { flowsOf } from '../check/allocation.ts';
import { CellReader } from './cells.ts';
import { cellsIn, columnsByPlace } from './row-plan.ts';

/** The flows of a program, those of rows that differ in values only once. */
export function* sampledFlows(items: readonly ExpandedItem[]): Iterable<PlacedFlow> {
  yield* flowsOf(items);
  for (const item of items) {
    if (item.kind !== 'table') continue;
    for (const rows of item.flows) {
      if (rows.kind !== 'rows') continue;
      for (const { decl, origin } of samples(rows)) yield { table: item.decl, flow: decl, origin };
    }
  }
}

/** The flows of one row of each kind. */
function samples(rows: ExpandedRows): ExpandedFlow[] {
  const { table } = rows;
  const { columns } = table;
  const reader = new CellReader();
  // Columns whose text may name something, or decides what is made.
  const deciding = new Set<number>();
  for (;;) {
    const found: ExpandedFlow[] = [];
    const seen = new Set<string>();
    const known = deciding.size;
    for (let row = 0; row < rows.count && deciding.size === known; row++) {
      const key = table
        .row(row)
        .map((cell, column) => {
          if (deciding.has(column)) return `${cell.length}:${cell}`;
          reader.readText(cell);
          return reader.kind;
        })
        .join();
      if (seen.has(key)) continue;
      seen.add(key);
      const { flows, examined } = rows.expand(row, new DiagnosticBag());
      for (const column of examined) deciding.add(column);
      const columnOf = columnsByPlace(rows, row);
      for (const { decl } of flows) {
        for (const node of decidingIn(decl)) {
          const column = columnOf.get(node.given?.span.start ?? -1);
          if (column !== undefined) deciding.add(column);
        }
      }
      found.push(...flows);
    }
    if (deciding.size === known || known === columns.length) return found;
  }
}

const NUMBERS: ReadonlySet<Expr['kind']> = new Set<Expr['kind']>(['int', 'mac', 'ipv4', 'ipv6', 'masked']);

/** Cells that are more than a number for a field or a port to send to. */
function decidingIn(decl: FlowDecl): Expr[] {
  const harmless = new Set<Expr>();
  const found: Expr[] = [];
  const blocks = [...decl.matches, ...decl.actions];
  for (let block = blocks.pop(); block !== undefined; block = blocks.pop()) {
    for (const statement of block.statements) {
      if (statement.kind === 'relation') harmless.add(statement.value);
      else {
        if (statement.name.text === 'output' && statement.operand !== null) harmless.add(statement.operand);
        if (statement.block !== null) blocks.push(statement.block);
      }
    }
  }
  cellsIn(decl, (node) => {
    if (!harmless.has(node) || !NUMBERS.has(node.kind)) found.push(node);
  });
  return found;
}
