/** `wbfc build --stats`: what a program takes up, for people. */
import { showPlace } from '../check/register-places.ts';
import { statisticsOf } from '../ir/statistics.ts';
import type { ProgramIr } from '../ir/types.ts';

/** Lines of text, the last one ended too. */
export function describeProgram(path: string, program: ProgramIr): string {
  const { flows, tables, registers, conjunctions } = statisticsOf(program);
  const given = (allocated: boolean): string => (allocated ? 'given by wbfc' : '');
  return [
    `${path}: ${counted(flows, 'flow')} in ${counted(tables.length, 'table')}`,
    ...columns(
      tables.map((t) => [`table ${t.number}`, t.name ?? '', counted(t.flows, 'flow'), given(t.allocated)]),
    ),
    ...columns(registers.map((r) => ['register', r.name, showPlace(r.place), given(r.allocated)])),
    ...columns(conjunctions.map((c) => ['conjunction', c.name, `id ${c.id}`])),
    '',
  ].join('\n');
}

function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

/** Rows with their cells one below the other, indented. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  return rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd());
}
