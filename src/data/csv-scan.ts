/** Where the cells of a CSV file stand, and quotes that stand where none may. Slow: see `csv.ts`. */
import type { Span } from '../../grammar/ast.ts';

/** Starts a line that is no row. */
export const COMMENT = '#';

export interface ScannedRow {
  /** Without quotes and without spaces around. */
  readonly cells: readonly Span[];
  /** The whole line (or lines, where a cell has several), its end left out. */
  readonly span: Span;
}

export interface QuoteMistake {
  readonly span: Span;
  readonly reason: string;
}

/** Rows in the order of the file: no empty lines, no comments. Goes on behind a mistake, as if the quote were a letter. */
export class CsvScanner {
  readonly mistakes: QuoteMistake[] = [];
  private readonly text: string;
  private readonly delimiter: string;
  private at: number;

  constructor(text: string, delimiter: string) {
    this.text = text;
    this.delimiter = delimiter;
    this.at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  }

  /** Null at the end. */
  next(): ScannedRow | null {
    const { text } = this;
    while (this.at < text.length) {
      if (text.startsWith(COMMENT, this.at)) {
        const end = text.indexOf('\n', this.at);
        this.at = end === -1 ? text.length : end + 1;
        continue;
      }
      const row = this.row();
      const [only] = row.cells;
      if (row.cells.length > 1 || only === undefined || only.start < only.end) return row;
    }
    return null;
  }

  private row(): ScannedRow {
    const { text, delimiter } = this;
    const start = this.at;
    const cells: Span[] = [];
    for (;;) {
      cells.push(text.charAt(this.at) === '"' ? this.quoted() : this.bare());
      if (text.startsWith(delimiter, this.at)) {
        this.at += delimiter.length;
        continue;
      }
      const span = trimmed(text, start, this.at);
      // At a line feed, or at the end.
      this.at++;
      return { cells, span };
    }
  }

  /** Up to the delimiter or the end of the line. */
  private bare(): Span {
    const start = this.at;
    this.at = this.endOfCell(start);
    const span = trimmed(this.text, start, this.at);
    const quote = span.start + this.text.slice(span.start, span.end).indexOf('"');
    if (quote >= span.start) {
      const reason =
        quote === span.start
          ? 'a quoted cell begins right behind the separator, without a space'
          : 'a quote in a cell that has none around it: write the cell in quotes, and `""` for this one';
      this.mistakes.push({ span: { start: quote, end: quote + 1 }, reason });
    }
    return span;
  }

  private quoted(): Span {
    const { text } = this;
    const opening = this.at;
    for (let at = opening + 1; ;) {
      const quote = text.indexOf('"', at);
      if (quote === -1) {
        this.mistakes.push({
          span: { start: opening, end: opening + 1 },
          reason: 'the cell that begins with this quote has no end',
        });
        this.at = text.length;
        return trimmed(text, opening + 1, this.at);
      }
      if (text.charAt(quote + 1) === '"') {
        at = quote + 2;
        continue;
      }
      this.at = this.endOfCell(quote + 1);
      const rest = trimmed(text, quote + 1, this.at);
      if (rest.start < rest.end) {
        this.mistakes.push({
          span: rest,
          reason: 'the quoted cell has ended before this; a quote in a quoted cell is written `""`',
        });
      }
      return trimmed(text, opening + 1, quote);
    }
  }

  private endOfCell(from: number): number {
    const { text, delimiter } = this;
    const line = text.indexOf('\n', from);
    const end = line === -1 ? text.length : line;
    // Not `indexOf`, which would look through the whole file for a delimiter that does not come.
    for (let at = from; at < end; at++) if (text.charAt(at) === delimiter) return at;
    return end;
  }
}

function trimmed(text: string, start: number, end: number): Span {
  const piece = text.slice(start, end);
  const left = piece.length - piece.trimStart().length;
  return { start: start + left, end: start + left + piece.trim().length };
}
