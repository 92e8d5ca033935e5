/** Chevrotain's token types, and token vectors made by our own scanner. */
import { createToken, Lexer, type IToken, type TokenType } from 'chevrotain';
import { Scanner, T, type LexicalError, type TokenKind } from './scanner.ts';

const token = (name: string, categories: TokenType[] = []): TokenType =>
  createToken({ name, pattern: Lexer.NA, categories });

export const Separator = token('Separator');
export const Identifier = token('Identifier');
export const Integer = token('Integer');
export const Mac = token('Mac');
export const Ipv4 = token('Ipv4');
export const Ipv6 = token('Ipv6');
export const Duration = token('Duration');
export const StringLiteral = token('String');
export const Flags = token('Flags');
export const LeftBrace = token('LeftBrace');
export const RightBrace = token('RightBrace');
export const LeftParen = token('LeftParen');
export const RightParen = token('RightParen');
export const LeftBracket = token('LeftBracket');
export const RightBracket = token('RightBracket');
export const Comma = token('Comma');
export const Equals = token('Equals');
export const NotEquals = token('NotEquals');
export const Slash = token('Slash');
export const Dot = token('Dot');
export const DotDot = token('DotDot');
export const Colon = token('Colon');
export const RangeDash = token('RangeDash');
/** An operator that means nothing: those that mean something have types of their own. */
export const Operator = token('Operator');
export const EqualEqual = token('EqualEqual');
export const Less = token('Less');
export const LessEqual = token('LessEqual');
export const Greater = token('Greater');
export const GreaterEqual = token('GreaterEqual');
export const Bar = token('Bar');
export const Caret = token('Caret');
export const Ampersand = token('Ampersand');
export const ShiftLeft = token('ShiftLeft');
export const ShiftRight = token('ShiftRight');
export const Plus = token('Plus');
export const Minus = token('Minus');
export const Star = token('Star');
export const Tilde = token('Tilde');
export const Invalid = token('Invalid');
const EndOfFile = token('EndOfFile');

/** By `TokenKind`. */
const TYPES: readonly TokenType[] = [
  EndOfFile,
  Separator,
  Identifier,
  Integer,
  Mac,
  Ipv4,
  Ipv6,
  Duration,
  StringLiteral,
  Flags,
  LeftBrace,
  RightBrace,
  LeftParen,
  RightParen,
  LeftBracket,
  RightBracket,
  Comma,
  Equals,
  NotEquals,
  Slash,
  Dot,
  DotDot,
  Colon,
  RangeDash,
  Operator,
  Invalid,
];

/** By the characters of a `TokenKind.Operator`. */
const OPERATORS = new Map<string, TokenType>([
  ['==', EqualEqual],
  ['<', Less],
  ['<=', LessEqual],
  ['>', Greater],
  ['>=', GreaterEqual],
  ['|', Bar],
  ['^', Caret],
  ['&', Ampersand],
  ['<<', ShiftLeft],
  ['>>', ShiftRight],
  ['+', Plus],
  ['-', Minus],
  ['*', Star],
  ['~', Tilde],
]);

/** Words that open a declaration. All of them are contextual: elsewhere they are plain identifiers. */
export const DECLARATION_KEYWORDS = [
  'program',
  'const',
  'port',
  'register',
  'table',
  'flow',
  'group',
  'meter',
  'tunnel_metadata',
  'bridge',
  'test',
  'import',
  'extend',
  'template',
  'use',
  'for',
  'if',
] as const;

/** The other words with a meaning of their own in some place. */
export const OTHER_KEYWORDS = [
  'match',
  'action',
  'in',
  'not',
  'alias',
  'and',
  'or',
  'else',
  'as',
  'load',
] as const;

/** What is called with arguments where a value stands and gives one at compile time. */
export const FUNCTIONS: ReadonlySet<string> = new Set([
  'addr',
  'mask',
  'len',
  'div',
  'mod',
  'min',
  'max',
  'bit',
  'concat',
  'name',
  'keys',
]);

export type Keyword = (typeof DECLARATION_KEYWORDS | typeof OTHER_KEYWORDS)[number];

const keyword = (word: string): TokenType => token(word, [Identifier]);

/** A token type for each keyword; each is an `Identifier` too. */
export const K: Readonly<Record<Keyword, TokenType>> = Object.fromEntries(
  [...DECLARATION_KEYWORDS, ...OTHER_KEYWORDS].map((word) => [word, keyword(word)]),
) as Record<Keyword, TokenType>;

const WORDS = new Map<string, TokenType>(Object.entries(K));

export const ALL_TOKENS: TokenType[] = [...TYPES.slice(1), ...OPERATORS.values(), ...Object.values(K)];

/** A token with the text it was read from; `docs` where `///` comments precede it. */
export interface WbfToken extends IToken {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly docs: readonly number[] | null;
}

export interface TokenVector {
  readonly tokens: WbfToken[];
  readonly errors: readonly LexicalError[];
}

/** Makes a chevrotain token. `endOffset` is inclusive, as chevrotain wants it. */
export function makeToken(
  kind: TokenKind,
  text: string,
  start: number,
  end: number,
  docs: readonly number[] | null,
): WbfToken {
  const image = kind === T.Separator ? '' : text.slice(start, end);
  const known = kind === T.Identifier ? WORDS : kind === T.Operator ? OPERATORS : null;
  const type = known?.get(image) ?? TYPES[kind] ?? Invalid;
  return {
    image,
    startOffset: start,
    endOffset: end - 1,
    tokenType: type,
    // Chevrotain matches by this number and fills it in its own lexer only.
    tokenTypeIdx: type.tokenTypeIdx ?? 0,
    docs,
  };
}

/** All tokens of `text[start..end)`. */
export function tokenize(text: string, start = 0, end = text.length): TokenVector {
  const scanner = new Scanner(text, start, end);
  const tokens: WbfToken[] = [];
  for (;;) {
    const kind = scanner.next();
    if (kind === T.EndOfFile) break;
    const docs = scanner.docs.length > 0 ? scanner.docs.slice() : null;
    tokens.push(makeToken(kind, text, scanner.start, scanner.end, docs));
  }
  return { tokens, errors: scanner.errors };
}
