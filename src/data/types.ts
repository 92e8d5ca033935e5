/** Data that stands in files of other formats, with the places of every value. */
import type { Span } from '../../grammar/ast.ts';
import type { CsvLines } from './csv-lines.ts';

export type { CsvLines } from './csv-lines.ts';

export type DataValue = DataCell | DataList | DataRecord;

/** One value: a cell of a table, a scalar of a JSON or YAML file. It has no type until it is used. */
export interface DataCell {
  readonly kind: 'cell';
  /** Without quotes, its escapes resolved. */
  readonly text: string;
  /** Of the text as it stands in the file, without quotes. */
  readonly span: Span;
}

export interface DataList {
  readonly kind: 'list';
  readonly elements: readonly DataValue[];
  readonly span: Span;
  /** Where it is the rows of a CSV file: the same, as columns and texts. */
  readonly table: DataTable | null;
}

export interface DataRecord {
  readonly kind: 'record';
  readonly entries: ReadonlyMap<string, DataValue>;
  readonly span: Span;
}

/** The rows of a CSV file, of which there may be 100,000: nothing is made of one before somebody asks. */
export interface DataTable {
  /** The names in the first line. */
  readonly columns: readonly string[];
  /** Of the rows. */
  readonly count: number;
  /** The texts of a row, as many as there are columns. */
  row(index: number): readonly string[];
  /** Where the rows begin in the text, for who reads them there; null where cells are not as they are written. */
  readonly lines: CsvLines | null;
  /** Where a cell stands, without its quotes. Slow: for diagnostics. */
  place(row: number, column: number): Span;
}
