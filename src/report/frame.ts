/**
 * The source behind a diagnostic, framed: line numbers, the lines, and under them what is marked.
 *
 * A mark within one line is underlined. One that spans lines is drawn as a bracket in a margin of its own, left
 * of the source. The last label of a line stands beside its underline where there is room; the others hang below theirs.
 */
import { Canvas } from './canvas.ts';
import type { LineIndex } from './lines.ts';
import type { Paint, Style } from './style.ts';
import { layOut, safe } from './terminal-text.ts';

export interface Mark {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly primary: boolean;
}

export interface Frame {
  /** Rows without their gutter: a line number where the row shows a line, null below it, '...' for a gap. */
  readonly rows: readonly { readonly gutter: number | '...' | null; readonly text: string }[];
  /** Marks that lie too far from the others on a very long line to be drawn. */
  readonly omitted: readonly Mark[];
}

/** Where a mark is, in lines and, within them, offsets; `last` is the offset of its last character. */
interface Placed extends Mark {
  readonly firstLine: number;
  readonly lastLine: number;
}

/** A line longer than this is cut to the neighbourhood of its marks. */
const LONGEST = 180;
const AROUND = 60;
/** A label stands beside its underline when the row stays within this, or cannot anyway. */
const WIDTH = 100;
/** A bracket over more lines than this shows only its ends. */
const TALLEST = 6;

function place(mark: Mark, lines: LineIndex): Placed {
  const size = lines.text.length;
  const start = Math.max(0, Math.min(mark.start, size));
  let end = Math.max(start, Math.min(mark.end, size));
  const firstLine = lines.lineAt(start);
  let lastLine = lines.lineAt(end);
  // A mark that ends with a line break ends on the line before.
  if (lastLine > firstLine && end === lines.start(lastLine)) {
    lastLine--;
    end = lines.end(lastLine);
  }
  return { ...mark, start, end, firstLine, lastLine };
}

/** The lines to show: those with an end of a mark, all of short brackets, and single lines between two shown. */
function shownLines(marks: readonly Placed[]): readonly number[] {
  const shown = new Set<number>();
  for (const { firstLine, lastLine } of marks) {
    shown.add(firstLine);
    shown.add(lastLine);
    if (lastLine - firstLine < TALLEST) for (let n = firstLine; n < lastLine; n++) shown.add(n);
  }
  for (const n of [...shown]) if (shown.has(n + 2)) shown.add(n + 1);
  return [...shown].sort((a, b) => a - b);
}

/** One line of source, cut if it is very long, with the columns of its offsets. */
class Line {
  readonly number: number;
  readonly cells: readonly string[];
  readonly indent: number;
  private readonly columns: readonly number[];
  private readonly from: number;
  private readonly to: number;
  private readonly lead: number;

  constructor(lines: LineIndex, number: number, points: readonly number[]) {
    this.number = number;
    const start = lines.start(number);
    const end = lines.end(number);
    let from = start;
    let to = end;
    if (end - start > LONGEST) {
      const first = Math.min(...points);
      from = Math.max(start, first - AROUND);
      const last = Math.max(...points.filter((p) => p - from <= LONGEST - AROUND / 2), first);
      to = Math.min(end, Math.max(last + AROUND / 2, from + LONGEST - AROUND));
    }
    const text = lines.text.slice(from, to);
    const { cells, columns } = layOut(text);
    this.cells = [...(from > start ? ['…'] : []), ...cells, ...(to < end ? ['…'] : [])];
    this.lead = from > start ? 1 : 0;
    this.columns = columns;
    this.from = from;
    this.to = to;
    this.indent = from + (text.length - text.trimStart().length);
  }

  shows(offset: number): boolean {
    return offset >= this.from && offset <= this.to;
  }

  /** Column of an offset; one outside the line is moved to its nearest end. */
  column(offset: number): number {
    const at = Math.max(this.from, Math.min(offset, this.to)) - this.from;
    return this.lead + (this.columns[at] ?? 0);
  }
}

interface Span {
  readonly mark: Placed;
  readonly from: number;
  readonly to: number;
}

/** The rows under a line that underline its marks and carry their labels. */
function underlines(spans: readonly Span[], style: (mark: Mark) => Style): readonly Canvas[] {
  const sorted = [...spans].sort((a, b) => a.from - b.from || a.to - b.to);
  const first = new Canvas();
  for (const primary of [false, true]) {
    for (const s of sorted) {
      if (s.mark.primary !== primary) continue;
      first.put(s.from, (primary ? '^' : '-').repeat(s.to - s.from), style(s.mark));
    }
  }
  const rows = [first];
  const labelled = sorted.filter((s) => s.mark.message !== '');
  const last = sorted.at(-1);
  if (last !== undefined && last === labelled.at(-1) && sorted.every((s) => s.to <= last.to)) {
    const label = layOut(safe(last.mark.message)).cells;
    if (last.to + 1 + label.length <= WIDTH || last.from + label.length > WIDTH) {
      first.put(last.to + 1, label, style(last.mark));
      labelled.pop();
    }
  }
  for (let s = labelled.pop(); s !== undefined; s = labelled.pop()) {
    const row = new Canvas();
    for (const left of labelled) if (left.from < s.from) row.put(left.from, '|', style(left.mark));
    row.put(s.from, layOut(safe(s.mark.message)).cells, style(s.mark));
    rows.push(row);
  }
  return rows;
}

export function frame(lines: LineIndex, marks: readonly Mark[], accent: Style, paint: Paint): Frame {
  const style = (mark: Mark): Style => (mark.primary ? accent : 'secondary');
  const placed = marks.map((m) => place(m, lines));
  const brackets = placed.filter((m) => m.firstLine !== m.lastLine).sort((a, b) => a.start - b.start);
  const margin = brackets.length === 0 ? 0 : brackets.length + 1;
  const open = new Set<Placed>();
  const rows: { gutter: number | '...' | null; text: string }[] = [];
  const omitted: Mark[] = [];

  const emit = (gutter: number | null, canvas: Canvas): void => {
    brackets.forEach((b, i) => {
      if (open.has(b)) canvas.put(i, '|', style(b));
    });
    rows.push({ gutter, text: canvas.render(paint) });
  };
  /** The row that leads from the margin to where a bracket begins or ends. */
  const corner = (bracket: Placed, column: number, label: string): void => {
    const canvas = new Canvas();
    const i = brackets.indexOf(bracket);
    canvas.put(i + 1, '_'.repeat(Math.max(0, margin + column - i - 1)), style(bracket));
    canvas.put(margin + column, bracket.primary ? '^' : '-', style(bracket));
    if (label !== '') canvas.put(margin + column + 2, layOut(safe(label)).cells, style(bracket));
    emit(null, canvas);
  };

  let previous = 0;
  for (const number of shownLines(placed)) {
    if (previous !== 0 && number > previous + 1) rows.push({ gutter: '...', text: '' });
    previous = number;

    const here = placed.filter((m) => m.firstLine === number || m.lastLine === number);
    const points = here.flatMap((m) => [
      ...(m.firstLine === number ? [m.start] : []),
      ...(m.lastLine === number ? [m.end] : []),
    ]);
    const primary = here.find((m) => m.primary);
    const anchor =
      primary === undefined ? points : [primary.firstLine === number ? primary.start : primary.end];
    const near = points.filter((p) => anchor.some((a) => Math.abs(a - p) <= LONGEST - 2 * AROUND));
    const line = new Line(lines, number, near.length === 0 ? [lines.start(number)] : near);

    const source = new Canvas();
    source.put(margin, line.cells, 'plain');
    const opening = brackets.filter((b) => b.firstLine === number);
    const flush = opening.filter((b) => b.start <= line.indent);
    for (const b of flush) source.put(brackets.indexOf(b), '/', style(b));
    emit(number, source);
    for (const b of flush) open.add(b);

    const spans: Span[] = [];
    for (const mark of here) {
      if (mark.firstLine !== mark.lastLine) continue;
      if (!line.shows(mark.start)) {
        omitted.push(mark);
        continue;
      }
      const from = margin + line.column(mark.start);
      spans.push({ mark, from, to: Math.max(from + 1, margin + line.column(mark.end)) });
    }
    if (spans.length > 0) for (const row of underlines(spans, style)) emit(null, row);

    for (const b of opening) {
      if (open.has(b)) continue;
      corner(b, line.column(b.start), '');
      open.add(b);
    }
    for (const b of [...brackets].reverse()) {
      if (b.lastLine !== number) continue;
      corner(b, Math.max(0, line.column(b.end) - 1), b.message);
      open.delete(b);
    }
  }
  return { rows, omitted };
}
