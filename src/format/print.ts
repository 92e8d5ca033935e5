/**
 * From pieces to the text in its house style.
 *
 * How wide something is does not depend on where it stands: indentation does not count, and neither do the blanks that
 * align it with its neighbours. So a flow keeps its lines when it moves into a table or out of a loop.
 */
import { Lines, BEFORE_COMMENT } from './lines.ts';
import { ListPrinter, WIDTH } from './list.ts';
import type { Pieces } from './pieces.ts';
import { F, P, SPACES } from './pieces.ts';

const STEP = 2;

/** All of it; ends with a newline unless there is nothing. */
export function print(pieces: Pieces): string {
  const text = new Printer(pieces).body(0, 0);
  return pieces.text.charCodeAt(0) === 0xfeff ? `\ufeff${text}` : text;
}

class Printer {
  private readonly p: Pieces;
  private readonly lists: ListPrinter;

  constructor(pieces: Pieces) {
    this.p = pieces;
    this.lists = new ListPrinter(pieces, this);
  }

  /** What stands between the braces of a block, each statement on lines of its own. */
  body(open: number, indent: number): string {
    const { p } = this;
    const close = p.match[open] as number;
    const lines = new Lines(indent);
    let k = this.p.pastHugging(open);
    for (let first = true; k < close; first = false) {
      const end = this.statementEnd(k, close);
      if (!first && (p.lines[k] as number) > 1) lines.blank();
      this.statement(k, end, indent, lines);
      k = end;
    }
    return lines.finish();
  }

  private statementEnd(from: number, close: number): number {
    const { p } = this;
    let k = from;
    do {
      const inner = p.opens(k) ? (p.match[k] as number) : 0;
      k = (inner > k ? inner : k) + 1;
    } while (k < close && !p.is(k, F.START));
    return k;
  }

  private statement(from: number, to: number, indent: number, lines: Lines): void {
    const { p } = this;
    let end = to;
    while (end - 1 > from && p.is(end - 1, F.TRAIL)) end--;
    const comment = this.p.flatText(end, to);
    const whole = this.code(from, end, indent, 0);
    if (whole.includes('\n')) lines.block(whole, comment);
    else if (p.is(from, F.OWN)) lines.block(whole);
    else {
      const { at, kind } = this.alignment(from, end);
      lines.add(whole, at, kind, comment);
    }
  }

  /** Where a statement on one line is aligned with its neighbours: at its `=`, or at the `{` of a flow. */
  private alignment(from: number, to: number): { at: number; kind: string } {
    const { p } = this;
    for (let k = from; k < to; k++) {
      const kind = p.kind[k];
      if (kind === P.Equals) {
        const second = p.kind[from + 1];
        const declares = second === P.Identifier || second === P.String;
        return { at: this.columns(from, k), kind: declares ? p.word(from) : '=' };
      }
      if (!p.opens(k)) continue;
      if (p.is(k, F.BLOCK)) {
        if (!p.is(from, F.WORD) || p.word(from) !== 'flow') break;
        return { at: this.columns(from, k), kind: '{' };
      }
      k = p.match[k] as number;
    }
    return { at: -1, kind: '' };
  }

  /** Characters between the beginnings of two pieces on one line, without the blank before the second. */
  private columns(from: number, to: number): number {
    const { flat, gap } = this.p;
    return (flat[to] as number) - (flat[from] as number) - (gap[to] as number);
  }

  // --- statements and elements ---

  /** The pieces `from` to `to`, on as many lines as it takes; `extra` columns are wanted behind them. */
  code(from: number, to: number, indent: number, extra: number): string {
    this.settle(from, to, extra);
    const { p } = this;
    let out = '';
    for (let k = from; k < to; k++) {
      if (p.is(k, F.NEWLINE)) {
        const level = p.is(k, F.BLOCK) || p.word(k) === 'else' ? indent : indent + STEP;
        out += `\n${' '.repeat(level)}`;
      } else if (k > from) out += SPACES[p.gap[k] as number] ?? '';
      if (!p.opens(k)) out += p.textOf(k);
      else {
        const close = p.match[k] as number;
        if (p.is(k, F.BREAK)) {
          out += this.opened(k) + this.inside(k, indent + STEP) + ' '.repeat(indent) + p.textOf(close);
        } else out += p.textOf(k) + this.p.flatText(k + 1, close + 1, true);
        k = close;
      }
    }
    return out;
  }

  /** What opens, with the comments on its line. */
  private opened(open: number): string {
    const comments = this.p.flatText(open + 1, this.p.pastHugging(open));
    return this.p.textOf(open) + (comments === '' ? '' : BEFORE_COMMENT + comments) + '\n';
  }

  private inside(open: number, indent: number): string {
    const { p } = this;
    return p.is(open, F.BLOCK) ? this.body(open, indent) : this.lists.list(open, indent);
  }

  /** Decides what is broken, of what opens in a statement and closes in it. */
  private settle(from: number, to: number, extra: number): void {
    const { p } = this;
    let blocks = false;
    for (let k = from; k < to; k++) {
      if (!p.opens(k)) continue;
      if (p.is(k, F.BREAK)) blocks = true;
      k = p.match[k] as number;
    }
    if (blocks) this.breakBlocks(from, to);
    while (this.breakMore(from, to, extra));
  }

  /** All blocks of a statement together: an `if` and its `else` look alike. */
  private breakBlocks(from: number, to: number): boolean {
    const { p } = this;
    let done = false;
    for (let k = from; k < to; k++) {
      if (!p.opens(k)) continue;
      if (p.is(k, F.BLOCK) && !p.is(k, F.BREAK) && (p.match[k] as number) > k + 1) {
        p.set(k, F.BREAK);
        done = true;
      }
      k = p.match[k] as number;
    }
    return done;
  }

  /** Breaks something of a line that is too long; false where nothing is left to do. */
  private breakMore(from: number, to: number, extra: number): boolean {
    const { p } = this;
    let start = p.flat[from] as number;
    let widest = -1;
    let width = 0;
    for (let k = from; k <= to; k++) {
      const last = k === to;
      const breaks = !last && (p.is(k, F.NEWLINE) || (p.opens(k) && p.is(k, F.BREAK)));
      if (last || breaks) {
        const end = last
          ? (p.flat[to - 1] as number) + p.length(to - 1) + extra
          : (p.flat[k] as number) + (p.opens(k) ? 1 : 0);
        if (end - start > WIDTH) {
          if (this.breakBlocks(from, to)) return true;
          if (widest !== -1) {
            p.set(widest, F.BREAK | F.WRAP);
            return true;
          }
        }
        widest = -1;
        width = 0;
      }
      if (last) break;
      if (!p.opens(k)) {
        if (breaks) start = p.flat[k] as number;
        continue;
      }
      const close = p.match[k] as number;
      const inner = (p.flat[close] as number) - (p.flat[k] as number);
      if (breaks) start = p.flat[close] as number;
      else if (!p.is(k, F.TIGHT) && inner > 1 && inner > width) {
        widest = k;
        width = inner;
      }
      k = close;
    }
    return false;
  }
}
