/** `wbfc build --stats`: what a program takes up, for people. */
import { showPlace } from '../check/register-places.ts';
import { statisticsOf } from '../ir/statistics.ts';
import type { ProgramIr } from '../ir/types.ts';

/** Of flows that are several on the switch, so many are named. */
const MOST_NAMED = 50;

const METHODS = {
  cross: 'the product of',
  conjunction: 'a conjunction of',
  alternatives: 'alternatives of',
} as const;

/** Lines of text, the last one ended too. `lineOf` gives the line of an offset in a file of the program. */
export function describeProgram(
  path: string,
  program: ProgramIr,
  lineOf: (file: number, offset: number) => number,
): string {
  const { flows, tables, registers, conjunctions } = statisticsOf(program);
  // Those that make the most first; of equals in the order of the source.
  const largest = [...program.expansions].sort((a, b) => b.flows - a.flows);
  const given = (allocated: boolean): string => (allocated ? 'given by wbfc' : '');
  return [
    `${path}: ${counted(flows, 'flow')} in ${counted(tables.length, 'table')}`,
    ...columns(
      tables.map((t) => [`table ${t.number}`, t.name ?? '', counted(t.flows, 'flow'), given(t.allocated)]),
    ),
    ...columns(registers.map((r) => ['register', r.name, showPlace(r.place), given(r.allocated)])),
    ...columns(conjunctions.map((c) => ['conjunction', c.name, `id ${c.id}`])),
    ...columns(
      largest
        .slice(0, MOST_NAMED)
        .map(({ name, origin, flows: made, method, values }) => [
          'expansion',
          name ?? `${program.files[origin.file] ?? path}:${lineOf(origin.file, origin.start)}`,
          counted(made, 'flow'),
          values.length === 0 ? 'alternatives' : `${METHODS[method]} ${values.join(' × ')} values`,
        ]),
    ),
    ...(largest.length > MOST_NAMED ? [`  … and ${largest.length - MOST_NAMED} more`] : []),
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
