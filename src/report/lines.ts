/**
 * Offsets to lines and columns. A line ends at `\n` or `\r\n`, as in the language; a byte order mark is no part
 * of the first line. Lines and columns count from 1.
 */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const HIGH_SURROGATE = (c: number): boolean => c >= 0xd800 && c <= 0xdbff;
const LOW_SURROGATE = (c: number): boolean => c >= 0xdc00 && c <= 0xdfff;

export class LineIndex {
  readonly text: string;
  /** Offset of the first character of each line. */
  private readonly starts: readonly number[];

  constructor(text: string) {
    this.text = text;
    const starts = [text.charCodeAt(0) === 0xfeff ? 1 : 0];
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.starts = starts;
  }

  get lines(): number {
    return this.starts.length;
  }

  /** Offset of the first character of a line. */
  start(line: number): number {
    return this.starts[line - 1] ?? this.text.length;
  }

  /** Offset behind the last character of a line, its terminator left out. */
  end(line: number): number {
    const next = this.starts[line];
    if (next === undefined) return this.text.length;
    const feed = next - 1;
    return this.text.charCodeAt(feed - 1) === 13 && feed > this.start(line) ? feed - 1 : feed;
  }

  lineText(line: number): string {
    return this.text.slice(this.start(line), this.end(line));
  }

  lineAt(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  /** For people: the column counts Unicode code points. */
  position(offset: number): Position {
    const line = this.lineAt(offset);
    const start = this.start(line);
    const end = this.clamp(offset, line);
    let column = 1;
    for (let i = start; i < end; i++) {
      const inside = LOW_SURROGATE(this.text.charCodeAt(i)) && HIGH_SURROGATE(this.text.charCodeAt(i - 1));
      if (!inside || i === start) column++;
    }
    return { line, column };
  }

  /** For programs: the column counts UTF-16 code units. */
  positionUtf16(offset: number): Position {
    const line = this.lineAt(offset);
    return { line, column: this.clamp(offset, line) - this.start(line) + 1 };
  }

  /** The offset, moved to the nearest one between the ends of the line. */
  private clamp(offset: number, line: number): number {
    return Math.max(this.start(line), Math.min(offset, this.end(line)));
  }
}

const indexes = new WeakMap<{ readonly text: string }, LineIndex>();

/** The index of a file, made once. */
export function linesOf(file: { readonly text: string }): LineIndex {
  let index = indexes.get(file);
  if (index === undefined) indexes.set(file, (index = new LineIndex(file.text)));
  return index;
}
