/** Where comments belong: to what stands before them, to what follows, or to nobody. */
import type { Pieces } from './pieces.ts';
import { F, GAP, P } from './pieces.ts';

interface Around {
  /** The piece that opened what the comments stand in. */
  readonly open: number;
  readonly block: boolean;
}

/**
 * Places the comments between the tokens `last` and `i`. `boundary`: a statement or an element ends between the two.
 * Returns where the line of `i` begins: at `i`, or at a comment that belongs to it.
 */
export function placeComments(p: Pieces, around: Around, last: number, i: number, boundary: boolean): number {
  if (i === last + 1) return i;
  for (let c = last + 1; c < i; c++) {
    if (!p.isComment(c)) continue;
    p.gap[c] = c === last + 1 && last === around.open && !around.block ? GAP.NONE : GAP.SPACE;
    if (p.kind[c] === P.LineComment || p.spansLines(c)) p.set(around.open, F.BREAK);
  }
  return boundary ? atBoundary(p, around, last, i) : within(p, around, last, i);
}

/** In the middle of something comments stay where they are; what follows a line comment is on the next line. */
function within(p: Pieces, { open, block }: Around, last: number, i: number): number {
  for (let c = last + 1; c <= i; c++) {
    const behind = c > last + 1 && p.kind[c - 1] === P.LineComment;
    if (!behind && (block || (p.lines[c] as number) === 0)) continue;
    p.set(c, F.NEWLINE);
    p.set(open, F.BREAK);
  }
  return i;
}

function atBoundary(p: Pieces, { open, block }: Around, last: number, i: number): number {
  let c = last + 1;
  while (p.kind[c] === P.Nothing) c++;
  if (c === i) return i;
  const closes = p.closes(i) || p.kind[i] === P.EndOfFile;
  const comma = p.kind[i] === P.Comma;
  let entry = i;

  /** Last of the comments that stand on one line with the first. */
  const lineFrom = (first: number): number => {
    let e = first;
    while (e + 1 < i && p.kind[e] !== P.LineComment && (p.lines[e + 1] as number) === 0) e++;
    return e;
  };
  const endsLine = (e: number): boolean =>
    p.kind[e] === P.LineComment ||
    (p.lines[e + 1] as number) > 0 ||
    (e + 1 === i && p.kind[i] === P.EndOfFile);
  const setAll = (from: number, to: number, flag: number): void => {
    for (let k = from; k <= to; k++) p.set(k, flag);
  };

  if ((p.lines[c] as number) === 0 && last !== 0) {
    const e = lineFrom(c);
    const atEnd = endsLine(e);
    if (last === open) {
      if (atEnd) setAll(c, e, F.HUG);
      else if (closes) {
        if (block) p.set(c, F.START);
      } else entry = c;
    } else if (atEnd || (closes && e + 1 === i)) setAll(c, e, F.TRAIL);
    else if (!comma) entry = leading(p, block, last, c, e, i);
    c = e + 1;
  }
  for (; c < i; c = lineFrom(c) + 1) {
    const e = lineFrom(c);
    p.set(open, F.BREAK);
    // `f(/* nothing */, 3)`: all that there is of an element.
    if (comma && e + 1 === i && p.kind[e] === P.BlockComment && (last === open || p.kind[last] === P.Comma))
      continue;
    if (endsLine(e) || (e + 1 === i && (closes || comma))) p.set(c, block ? F.START | F.OWN : F.OWN);
    else entry = c;
  }
  return entry;
}

/** Of comments between two statements on one line, the first that belongs to the second of them. */
function leading(p: Pieces, block: boolean, last: number, from: number, to: number, i: number): number {
  if (!block) return p.kind[last] === P.Comma || p.kind[last] === P.Nothing ? from : i;
  if (p.kind[last] === P.RightBrace && p.is(last, F.BLOCK)) return from;
  let k = from;
  for (; k <= to && ((p.separated[k] as number) & 2) === 0; k++) p.set(k, F.TRAIL);
  return k;
}
