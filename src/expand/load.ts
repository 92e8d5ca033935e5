/** `load "hosts.csv"` */
import type { LoadExpr, Span } from '../../grammar/ast.ts';
import { readData } from '../data/index.ts';
import type { DataTable, DataValue } from '../data/types.ts';
import { interpolatedPath, noLibrary } from '../diagnostics/codes/expand-modules.ts';
import { dataDiagnostic } from './data-problems.ts';
import type { Env } from './env.ts';
import { labelAt } from './env.ts';
import { reportMissing } from './missing.ts';
import type { Cell, Place, RecordValue, Sequence, Value } from './values.ts';

/** The data of a file; null where there is none, which has been reported. A file is read once. */
export function loadData({ path }: LoadExpr, env: Env): Value | null {
  if (path === null) return null;
  const { library, files, data, sink } = env.module.program;
  const { span } = path;
  if (path.parts !== undefined) return env.report(interpolatedPath, { keyword: 'load' }, span);
  if (library === null) return env.report(noLibrary, { path: path.value }, span);
  const found = library.find(env.module.path, path.value);
  if (found.kind === 'missing') return reportMissing(env, path.value, span, found, 'file');
  let known = data.get(found.identity);
  if (known === undefined) {
    const index = files.push(found.file) - 1;
    const { value, problems } = readData(found.file.path, found.file.text);
    const related = [labelAt({ file: env.file, span }, 'loaded here')];
    for (const problem of problems) sink.add(dataDiagnostic(problem, index, related));
    known = { value, file: index };
    data.set(found.identity, known);
  }
  return known.value === null ? null : valueOf(known.value, known.file, homeOf(env));
}

/** Names in cells mean what they mean at the top of the file that loads them. */
function homeOf(env: Env): Env {
  let home = env;
  while (home.parent !== null) home = home.parent;
  return home;
}

function valueOf(data: DataValue, file: number, home: Env): Value {
  switch (data.kind) {
    case 'cell':
      return { kind: 'cell', text: data.text, place: { file, span: data.span }, home };
    case 'list': {
      const { span, table } = data;
      if (table !== null) return new Rows(table, { file, span }, home);
      const { elements } = data;
      return {
        kind: 'sequence',
        form: 'list',
        length: elements.length,
        at: (index) => {
          const element = elements[index];
          if (element === undefined) throw new RangeError(`no element ${index}`);
          return valueOf(element, file, home);
        },
        place: { file, span },
      };
    }
    case 'record': {
      const { entries, span } = data;
      return {
        kind: 'record',
        keys: [...entries.keys()],
        get: (key) => {
          const entry = entries.get(key);
          return entry === undefined ? undefined : valueOf(entry, file, home);
        },
        place: { file, span },
      };
    }
  }
}

/** The rows of a CSV file. */
export class Rows implements Sequence {
  readonly kind = 'sequence';
  readonly form = 'list';
  /** While somebody wants to know: the columns whose texts have decided something. */
  examined: Set<number> | null = null;
  /** The same: texts that the text of a column was compared with. */
  compared: Map<number, Set<string>> | null = null;
  readonly table: DataTable;
  readonly place: Place;
  readonly home: Env;
  readonly columns: ReadonlyMap<string, number>;

  constructor(table: DataTable, place: Place, home: Env) {
    this.table = table;
    this.place = place;
    this.home = home;
    this.columns = new Map(table.columns.map((name, i) => [name, i]));
  }

  get length(): number {
    return this.table.count;
  }

  at(index: number): Value {
    if (index >= this.table.count) throw new RangeError(`no row ${index}`);
    return this.row(index, this.table.row(index));
  }

  /** A row with these cells, at its place. */
  row(index: number, cells: readonly string[]): Value {
    return new Row(this, index, cells);
  }
}

/** One row; its cells are made when somebody asks for them. */
class Row implements RecordValue {
  readonly kind = 'record';
  private readonly rows: Rows;
  private readonly index: number;
  private readonly cells: readonly string[];

  constructor(rows: Rows, index: number, cells: readonly string[]) {
    this.rows = rows;
    this.index = index;
    this.cells = cells;
  }

  get keys(): readonly string[] {
    return this.rows.table.columns;
  }

  get(key: string): Value | undefined {
    const column = this.rows.columns.get(key);
    if (column === undefined) return undefined;
    return new RowCell(this.rows, this.index, column, this.cells[column] ?? '');
  }

  /** From the first cell to the last. */
  get place(): Place {
    const { table, place } = this.rows;
    const { start } = table.place(this.index, 0);
    const { end } = table.place(this.index, Math.max(0, table.columns.length - 1));
    return { file: place.file, span: { start, end } };
  }
}

class RowCell implements Cell {
  readonly kind = 'cell';
  readonly text: string;
  private readonly rows: Rows;
  private readonly row: number;
  private readonly column: number;

  constructor(rows: Rows, row: number, column: number, text: string) {
    this.rows = rows;
    this.row = row;
    this.column = column;
    this.text = text;
  }

  get home(): Env {
    return this.rows.home;
  }

  examine(): void {
    this.rows.examined?.add(this.column);
  }

  compare(text: string): void {
    const { compared } = this.rows;
    if (compared === null) return;
    const texts = compared.get(this.column);
    if (texts === undefined) compared.set(this.column, new Set([text]));
    else texts.add(text);
  }

  get place(): Place {
    const span: Span = this.rows.table.place(this.row, this.column);
    return { file: this.rows.place.file, span };
  }
}
