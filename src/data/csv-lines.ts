/**
 * Files in which every cell is as it is written: no quotes, no comments, no spaces or rarer characters. Most large ones
 * are so, and need only be looked through once for where their rows begin; any other file is left to the library.
 */

export interface CsvLines {
  readonly text: string;
  /** The characters of the text, which has ASCII only (but for a mark before it). */
  readonly codes: Uint16Array;
  /**
   * Where the cells begin, row by row, the first line with the columns left out. Behind those of a row stands where the
   * next cell would begin: a cell ends one character before the next.
   */
  readonly cells: Int32Array<ArrayBuffer>;
  /** Cells of a row, and that one place more. */
  readonly stride: number;
  /** Of the rows. */
  readonly count: number;
}

/** Of the order of bytes, before the first line. */
const MARK = 0xfeff;
const FEED = 10;
const RETURN = 13;
const QUOTE = 34;
const COMMENT = 35;
/** The first character that no trimming takes away; above the last one, some would. */
const FIRST = 33;
const LAST = 126;

/** Null where some line has another number of cells than the first, or something in the file needs a closer look. */
export function plainLines(text: string, delimiter: string): CsvLines | null {
  const mark = text.charCodeAt(0) === MARK ? 1 : 0;
  const encoded = new TextEncoder().encode(text);
  // A character that takes several bytes is none that is looked for here.
  if (encoded.length !== text.length + mark * 2) return null;
  // Of one kind wherever they come from: who reads them does so twice as fast.
  const codes = new Uint16Array(mark === 0 ? encoded : encoded.subarray(2));
  if (mark === 1) codes[0] = MARK;
  const separator = delimiter.charCodeAt(0);
  let cells = new Int32Array(4096);
  let used = 0;
  let stride = 0;
  let count = 0;
  for (let at = mark; at < codes.length; at++) {
    if (codes[at] === COMMENT) return null;
    const start = at;
    const first = used;
    cells[used++] = at;
    for (; at < codes.length; at++) {
      const code = codes[at] as number;
      if (code === separator) {
        if (used + 1 >= cells.length) cells = grown(cells);
        cells[used++] = at + 1;
      } else if (code === FEED || code === RETURN) break;
      else if (code < FIRST || code > LAST || code === QUOTE) return null;
    }
    const end = at;
    if (codes[at] === RETURN) at++;
    if (end === start) {
      used = first;
      continue;
    }
    cells[used++] = end + 1;
    if (stride === 0) {
      // The names of the columns are no row.
      stride = used;
      used = 0;
    } else if (used - first === stride) count++;
    else return null;
    if (used + 1 >= cells.length) cells = grown(cells);
  }
  // Without a separator an empty cell cannot be told from an empty line.
  return stride < 3 ? null : { text, codes, cells, stride, count };
}

function grown(cells: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const more = new Int32Array(cells.length * 2);
  more.set(cells);
  return more;
}

/** The cells of a row. */
export function cellsAt({ text, cells, stride, count }: CsvLines, row: number): string[] {
  if (row < 0 || row >= count) return [];
  const first = row * stride;
  return Array.from({ length: stride - 1 }, (_, column) =>
    text.slice(cells[first + column], (cells[first + column + 1] as number) - 1),
  );
}
