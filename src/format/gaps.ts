/** Blanks between tokens that stand on one line. */
import type { Pieces } from './pieces.ts';
import { F, GAP, P } from './pieces.ts';

/** Between the pieces of one statement: that before `i` and `i`. `last` is the token before, comments left out. */
export function gapBefore(p: Pieces, i: number, last: number): number {
  const kind = p.kind[i] as number;
  if (kind === P.Comma) return GAP.NONE;
  if (p.isComment(i - 1)) return GAP.SPACE;
  const before = p.kind[last] as number;
  switch (kind) {
    case P.Colon:
    case P.Dot:
    case P.Slash:
    case P.RangeDash:
      return GAP.NONE;
    case P.LeftParen:
    case P.LeftBracket:
      // Of a call, and of the bits of a field.
      if (before === P.Identifier && !p.is(last, F.WORD)) return GAP.NONE;
      break;
    case P.DotDot:
      return isWide(p, i) ? GAP.SPACE : GAP.NONE;
  }
  switch (before) {
    case P.Dot:
    case P.Slash:
    case P.RangeDash:
    case P.LeftParen:
    case P.LeftBracket:
      return GAP.NONE;
    case P.LeftBrace:
      return p.is(last, F.BLOCK) ? GAP.SPACE : GAP.NONE;
    case P.DotDot:
      return isWide(p, last) ? GAP.SPACE : GAP.NONE;
    case P.Operator:
      // `~~` would be another operator.
      return isTilde(p, last) && !isTilde(p, i) ? GAP.NONE : GAP.SPACE;
    case P.Comma: {
      // `resubmit(,acl)`
      const two = p.kind[last - 1] as number;
      return two === P.Comma || p.opens(last - 1) ? GAP.NONE : GAP.SPACE;
    }
    default:
      return GAP.SPACE;
  }
}

function isTilde(p: Pieces, i: number): boolean {
  return p.kind[i] === P.Operator && p.length(i) === 1 && p.text.charAt(p.start[i] as number) === '~';
}

const WORDS: ReadonlySet<string> = new Set(['in', 'not', 'and', 'or', 'as', 'alias', 'if']);

/** Is there an operator on either side of the `..` at `i`? `a + 1 .. b`, but `first..last`. */
function isWide(p: Pieces, i: number): boolean {
  return hasOperator(p, i, -1) || hasOperator(p, i, 1);
}

function hasOperator(p: Pieces, i: number, step: 1 | -1): boolean {
  let depth = 0;
  for (let k = i + step; k > 0 && k < p.count - 1; k += step) {
    const kind = p.kind[k] as number;
    if (step === 1 ? p.opens(k) : p.closes(k)) depth++;
    else if (step === 1 ? p.closes(k) : p.opens(k)) {
      if (--depth < 0) return false;
    } else if (depth > 0) continue;
    else if (kind === P.Operator) return true;
    else if (kind === P.Comma || kind === P.Equals || kind === P.NotEquals || kind === P.Colon) return false;
    else if (step === 1 && ((p.separated[k] as number) & 1) !== 0) return false;
    else if (WORDS.has(p.word(k))) return false;
    if (step === -1 && p.is(k, F.START)) return false;
  }
  return false;
}
