/** Sets, lists, records, parameters and arguments over several lines. */
import { Lines } from './lines.ts';
import type { Pieces } from './pieces.ts';
import { F, P } from './pieces.ts';

/** Columns of a line, its indentation not counted. */
export const WIDTH = 120;

/** Prints what an element is made of: the pieces `from` to `to`, with `extra` columns behind them. */
export interface CodePrinter {
  code(from: number, to: number, indent: number, extra: number): string;
}

/** One element, with its comma and with the comments behind either. */
interface Element {
  /** Behind what is no comment. */
  readonly codeEnd: number;
  readonly comma: boolean;
  readonly next: number;
  /** Those that stand on its line. */
  readonly comments: string;
  /** Those that stand on lines of their own before its comma. */
  readonly own: readonly string[];
}

export class ListPrinter {
  private readonly p: Pieces;
  private readonly code: CodePrinter;

  constructor(pieces: Pieces, code: CodePrinter) {
    this.p = pieces;
    this.code = code;
  }

  /** What stands between brackets, over several lines. */
  list(open: number, indent: number): string {
    const { p } = this;
    const close = p.match[open] as number;
    const lines = new Lines(indent);
    const wrap = p.is(open, F.WRAP);
    const fill = !wrap || this.allSimple(open, close);
    let line = '';
    let empty = true;
    const end = (comment = ''): void => {
      if (!empty) {
        if (line.includes('\n')) lines.block(line, comment);
        else lines.add(line, -1, '', comment);
      }
      line = '';
      empty = true;
    };
    let some = false;
    for (let k = p.pastHugging(open); k < close;) {
      if (p.kind[k] === P.Nothing) {
        k++;
        continue;
      }
      const newLine = (p.lines[k] as number) > 0;
      if (some && (p.lines[k] as number) > 1) {
        end();
        lines.blank();
      }
      some = true;
      // A trailing one, where its line has a comment already.
      if (p.is(k, F.OWN | F.TRAIL)) {
        end();
        const to = this.chainEnd(k, close);
        lines.block(p.flatText(k, to));
        k = to;
        continue;
      }
      const { codeEnd, comma, next, comments, own } = this.element(k, close);
      const mark = comma || p.is(open, F.COMMAS) ? ',' : '';
      const text = this.code.code(k, codeEnd, indent, mark.length) + mark;
      const alone = text.includes('\n') || line.includes('\n');
      if (!empty && (alone || !fill || (newLine && !wrap) || line.length + 1 + text.length > WIDTH)) end();
      line = empty ? text : `${line} ${text}`;
      empty = false;
      if (comments !== '') end(comments);
      if (own.length > 0) end();
      for (const comment of own) lines.block(comment);
      k = next;
    }
    end();
    return lines.finish();
  }

  /** The comments that stand on the line of the one at `k`, and behind them. */
  private chainEnd(k: number, close: number): number {
    const { p } = this;
    let to = k + 1;
    while (to < close && p.isComment(to) && (p.lines[to] as number) === 0) to++;
    return to;
  }

  private element(from: number, close: number): Element {
    const { p } = this;
    let k = from;
    while (k < close && p.kind[k] !== P.Comma && !p.is(k, F.TRAIL | F.OWN)) {
      k = (p.opens(k) ? (p.match[k] as number) : k) + 1;
    }
    let codeEnd = k;
    while (codeEnd > from && p.kind[codeEnd - 1] === P.Nothing) codeEnd--;
    const comments: string[] = [];
    const own: string[] = [];
    let comma = false;
    // Nothing more can stand on the line.
    let full = false;
    for (; k < close; k++) {
      if (p.kind[k] === P.Comma && !comma) comma = true;
      else if (p.is(k, F.TRAIL)) (full ? own : comments).push(p.textOf(k));
      else if (!comma && p.is(k, F.OWN) && this.commaFollows(k, close)) {
        const to = this.chainEnd(k, close);
        own.push(p.flatText(k, to));
        full = true;
        k = to - 1;
      } else if (p.kind[k] !== P.Nothing) break;
      full ||= p.kind[k] === P.LineComment;
    }
    return { codeEnd, comma, next: k, comments: comments.join(' '), own };
  }

  /** Is there a comma behind the comments from `k` on? */
  private commaFollows(k: number, close: number): boolean {
    let to = k;
    while (to < close && this.p.isComment(to)) to++;
    return this.p.kind[to] === P.Comma;
  }

  /** Names and literals only: as many as there is room for stand on a line. */
  private allSimple(open: number, close: number): boolean {
    const { p } = this;
    for (let k = open + 1; k < close; k++) if (p.opens(k) && !p.is(k, F.TIGHT)) return false;
    return true;
  }
}
