/** How tightly operators bind. */
import type { TokenType } from 'chevrotain';
import * as t from './tokens.ts';
import { K } from './tokens.ts';

/** From the loosest to the tightest. */
export const LEVEL = {
  OR: 1,
  AND: 2,
  NOT: 3,
  COMPARISON: 4,
  BAR: 5,
  CARET: 6,
  AMPERSAND: 7,
  SHIFT: 8,
  RANGE: 9,
  SUM: 10,
  PRODUCT: 11,
  COMPLEMENT: 12,
} as const;

/** The binary ones. `not` is that of `not in`. */
export const LEVELS: ReadonlyMap<TokenType, number> = new Map<TokenType, number>([
  [K.or, LEVEL.OR],
  [K.and, LEVEL.AND],
  [t.EqualEqual, LEVEL.COMPARISON],
  [t.NotEquals, LEVEL.COMPARISON],
  [t.Less, LEVEL.COMPARISON],
  [t.LessEqual, LEVEL.COMPARISON],
  [t.Greater, LEVEL.COMPARISON],
  [t.GreaterEqual, LEVEL.COMPARISON],
  [K.in, LEVEL.COMPARISON],
  [K.not, LEVEL.COMPARISON],
  [t.Bar, LEVEL.BAR],
  [t.Caret, LEVEL.CARET],
  [t.Ampersand, LEVEL.AMPERSAND],
  [t.ShiftLeft, LEVEL.SHIFT],
  [t.ShiftRight, LEVEL.SHIFT],
  [t.DotDot, LEVEL.RANGE],
  [t.Plus, LEVEL.SUM],
  [t.Minus, LEVEL.SUM],
  [t.Star, LEVEL.PRODUCT],
]);

/** What other languages write, as what is written here. */
export const FOREIGN: ReadonlyMap<string, { readonly word: string; readonly type: TokenType }> = new Map([
  ['&&', { word: 'and', type: K.and }],
  ['||', { word: 'or', type: K.or }],
]);
