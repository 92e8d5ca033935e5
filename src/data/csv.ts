/**
 * CSV (RFC 4180): the first line names the columns. Cells are separated by commas, or by whichever of tab and semicolon
 * the first line has instead; spaces around a cell do not count. Empty lines and lines that begin with `#` are no rows.
 */
import Papa from 'papaparse';
import type { Span } from '../../grammar/ast.ts';
import { cellsAt, plainLines } from './csv-lines.ts';
import type { CsvLines } from './csv-lines.ts';
import { COMMENT, CsvScanner } from './csv-scan.ts';
import type { ScannedRow } from './csv-scan.ts';
import { LIMITS, type Problems } from './problems.ts';
import type { DataCell, DataList, DataRecord, DataTable, DataValue } from './types.ts';

/** Null where the rows cannot be told; a row with another number of cells than there are columns is left out. */
export function readCsv(text: string, problems: Problems): DataList | null {
  const alone = /\0|\r(?!\n|$)/.exec(text);
  if (alone !== null) {
    const reason =
      alone[0] === '\0' ? 'a NUL character' : 'lines must end with LF or CRLF, not with CR alone';
    problems.add({ kind: 'syntax', span: spanAt(alone.index), format: 'CSV', reason });
    return null;
  }
  const delimiter = delimiterOf(text);
  const header = new CsvScanner(text, delimiter).next();
  if (header === null) {
    problems.add({
      kind: 'syntax',
      span: { start: 0, end: 0 },
      format: 'CSV',
      reason: 'the file is empty: its first line names the columns',
    });
    return null;
  }
  const span = { start: 0, end: text.length };
  const lines = plainLines(text, delimiter);
  if (lines !== null) {
    const names = header.cells.map(({ start, end }) => text.slice(start, end));
    if (!checkColumns(names, header, problems)) return null;
    if (!checkSize(lines.count * names.length, header, problems)) return null;
    return new CsvRows(new CsvTable(text, delimiter, names, lines), span);
  }
  if (text.includes('"') && !checkQuotes(text, delimiter, problems)) return null;

  const [names = [], ...rows] = cellsOf(text, delimiter);
  if (!checkColumns(names, header, problems)) return null;
  if (!checkSize(rows.length * names.length, header, problems)) return null;
  const ragged = rows.some((row) => row.length !== names.length);
  if (ragged) reportRagged(text, delimiter, names.length, problems);
  const kept = ragged ? rows.filter((row) => row.length === names.length) : rows;
  return new CsvRows(new CsvTable(text, delimiter, names, kept), span);
}

function checkSize(values: number, { span }: ScannedRow, problems: Problems): boolean {
  if (values > LIMITS.values) problems.add({ kind: 'limit', span, limit: 'values' });
  return values <= LIMITS.values;
}

const spanAt = (start: number): Span => ({ start, end: start + 1 });

function delimiterOf(text: string): string {
  const bare = firstRow(text).replace(/"[^"]*"/g, '');
  return [',', '\t', ';'].find((d) => bare.includes(d)) ?? ',';
}

/** The first line that is neither empty nor a comment. */
function firstRow(text: string): string {
  for (let at = text.charCodeAt(0) === 0xfeff ? 1 : 0; at < text.length;) {
    const feed = text.indexOf('\n', at);
    const end = feed === -1 ? text.length : feed;
    const line = text.slice(at, end);
    if (!line.startsWith(COMMENT) && line.trim() !== '') return line;
    at = end + 1;
  }
  return '';
}

/** The texts of all rows, the first one with the columns. */
function cellsOf(text: string, delimiter: string): string[][] {
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const lines = text.includes('\r') ? text.replaceAll('\r\n', '\n').replace(/\r$/, '') : text;
  const { data } = Papa.parse<string[]>(start === 0 ? lines : lines.slice(start), {
    delimiter,
    newline: '\n',
    comments: COMMENT,
  });
  // Space characters that are no line feeds: most files have none, and need no second pass.
  if (/[^\S\n]/.test(lines) || lines.includes('"')) {
    for (const row of data) for (let i = 0; i < row.length; i++) row[i] = row[i]?.trim() ?? '';
  }
  return data.filter((row) => row.length > 1 || row[0] !== '');
}

function checkQuotes(text: string, delimiter: string, problems: Problems): boolean {
  const scanner = new CsvScanner(text, delimiter);
  while (scanner.next() !== null);
  for (const { span, reason } of scanner.mistakes)
    problems.add({ kind: 'syntax', span, format: 'CSV', reason });
  return scanner.mistakes.length === 0;
}

function checkColumns(names: readonly string[], header: ScannedRow, problems: Problems): boolean {
  const seen = new Map<string, Span>();
  let sound = true;
  names.forEach((name, i) => {
    const span = header.cells[i] ?? header.span;
    const first = seen.get(name);
    if (name === '') problems.add({ kind: 'unnamed', span, column: i + 1 });
    else if (first !== undefined) problems.add({ kind: 'repeated', span, name, first });
    else {
      seen.set(name, span);
      return;
    }
    sound = false;
  });
  return sound;
}

function reportRagged(text: string, delimiter: string, columns: number, problems: Problems): void {
  const scanner = new CsvScanner(text, delimiter);
  for (let row = scanner.next(); row !== null; row = scanner.next()) {
    const cells = row.cells.length;
    if (cells !== columns) problems.add({ kind: 'cells', span: row.span, cells, columns });
  }
}

class CsvTable implements DataTable {
  readonly columns: readonly string[];
  readonly count: number;
  readonly lines: CsvLines | null;
  /** Empty where there are `lines`. */
  private readonly rows: readonly (readonly string[])[];
  private readonly text: string;
  private readonly delimiter: string;
  /** As far as somebody has asked, the header first. */
  private readonly scanned: ScannedRow[] = [];
  private scanner: CsvScanner | null = null;

  constructor(
    text: string,
    delimiter: string,
    columns: readonly string[],
    rows: CsvLines | readonly (readonly string[])[],
  ) {
    this.text = text;
    this.delimiter = delimiter;
    this.columns = columns;
    this.lines = 'cells' in rows ? rows : null;
    this.rows = 'cells' in rows ? [] : rows;
    this.count = 'cells' in rows ? rows.count : rows.length;
  }

  row(index: number): readonly string[] {
    const { lines } = this;
    return lines === null ? (this.rows[index] ?? []) : cellsAt(lines, index);
  }

  place(row: number, column: number): Span {
    const found = this.line(row);
    return found?.cells[column] ?? found?.span ?? { start: 0, end: 0 };
  }

  /** Of a whole row. */
  placeOfRow(row: number): Span {
    return this.line(row)?.span ?? { start: 0, end: 0 };
  }

  private line(row: number): ScannedRow | null {
    this.scanner ??= new CsvScanner(this.text, this.delimiter);
    while (this.scanned.length <= row + 1) {
      const next = this.scanner.next();
      if (next === null) return null;
      if (next.cells.length === this.columns.length) this.scanned.push(next);
    }
    return this.scanned[row + 1] ?? null;
  }
}

/** The rows as records, made when somebody asks. */
class CsvRows implements DataList {
  readonly kind = 'list';
  readonly table: CsvTable;
  readonly span: Span;
  private made: readonly DataRecord[] | null = null;

  constructor(table: CsvTable, span: Span) {
    this.table = table;
    this.span = span;
  }

  get elements(): readonly DataRecord[] {
    this.made ??= Array.from({ length: this.table.count }, (_, row) => new CsvRecord(this.table, row));
    return this.made;
  }
}

class CsvRecord implements DataRecord {
  readonly kind = 'record';
  private readonly table: CsvTable;
  private readonly row: number;
  private made: ReadonlyMap<string, DataValue> | null = null;

  constructor(table: CsvTable, row: number) {
    this.table = table;
    this.row = row;
  }

  get span(): Span {
    return this.table.placeOfRow(this.row);
  }

  get entries(): ReadonlyMap<string, DataValue> {
    this.made ??= new Map(
      this.table.columns.map((name, column) => [name, new CsvCell(this.table, this.row, column)]),
    );
    return this.made;
  }
}

class CsvCell implements DataCell {
  readonly kind = 'cell';
  readonly text: string;
  private readonly table: CsvTable;
  private readonly row: number;
  private readonly column: number;

  constructor(table: CsvTable, row: number, column: number) {
    this.text = table.row(row)[column] ?? '';
    this.table = table;
    this.row = row;
    this.column = column;
  }

  get span(): Span {
    return this.table.place(this.row, this.column);
  }
}
