/**
 * The lexical part of `.wbf`: text to tokens, one at a time, without allocating per token.
 *
 * Hand-written because a file of 100,000 flows is some 20 MB and regular expressions took most of the time.
 * Two readers sit on it: `tokens.ts` makes chevrotain tokens of a stretch of text, `outline.ts` skims a whole
 * file and recognises flows of a shape that it has seen before.
 */

/** Token types, as small integers so that a shape of tokens can be compared quickly. */
export const T = {
  EndOfFile: 0,
  Separator: 1,
  Identifier: 2,
  Integer: 3,
  Mac: 4,
  Ipv4: 5,
  Ipv6: 6,
  Duration: 7,
  String: 8,
  Flags: 9,
  LeftBrace: 10,
  RightBrace: 11,
  LeftParen: 12,
  RightParen: 13,
  LeftBracket: 14,
  RightBracket: 15,
  Comma: 16,
  Equals: 17,
  NotEquals: 18,
  Slash: 19,
  Dot: 20,
  DotDot: 21,
  Colon: 22,
  /** The dash of `8000-8999`, which touches a literal on either side. */
  RangeDash: 23,
  /** `+ - * % …`: no part of the language core. */
  Operator: 24,
  /** A literal that could not be read; already reported, stands where a value would. */
  Invalid: 25,
} as const;

export type TokenKind = (typeof T)[keyof typeof T];

/** What can be wrong with the characters themselves. */
export type LexicalProblem =
  | 'unexpected character'
  | 'control character'
  | 'bidirectional control'
  | 'unterminated comment'
  | 'unterminated string'
  | 'bad escape'
  | 'malformed number'
  | 'malformed MAC'
  | 'malformed IPv4'
  | 'malformed IPv6'
  | 'dash in name'
  | 'space around slash'
  | 'colon without space'
  | 'typographic quotes';

export interface LexicalError {
  readonly problem: LexicalProblem;
  readonly start: number;
  readonly end: number;
}

const SPACE = 1;
const NEWLINE = 2;
const DIGIT = 3;
const LETTER = 4;

const CLASS = new Uint8Array(128);
for (const c of ' \t\r') CLASS[c.charCodeAt(0)] = SPACE;
CLASS[10] = NEWLINE;
for (let c = 48; c < 58; c++) CLASS[c] = DIGIT;
for (let c = 65; c < 91; c++) CLASS[c] = CLASS[c + 32] = LETTER;
CLASS[95] = LETTER;

/** Value of a hexadecimal digit, or 255. */
const HEX = new Uint8Array(128).fill(255);
for (let c = 48; c < 58; c++) HEX[c] = c - 48;
for (let c = 0; c < 6; c++) HEX[65 + c] = HEX[97 + c] = 10 + c;

const isWord = (c: number): boolean => c < 128 && (CLASS[c] === DIGIT || CLASS[c] === LETTER);
const isHex = (c: number): boolean => c < 128 && HEX[c] !== 255;

/** Bidirectional formatting characters, which can make source read differently from what it is. */
const isBidi = (c: number): boolean =>
  (c >= 0x202a && c <= 0x202e) ||
  (c >= 0x2066 && c <= 0x2069) ||
  c === 0x200e ||
  c === 0x200f ||
  c === 0x061c;

const opensValue = (k: TokenKind): boolean =>
  k === T.Operator ||
  k === T.NotEquals ||
  k === T.Comma ||
  k === T.LeftParen ||
  k === T.LeftBracket ||
  k === T.Equals ||
  k === T.Colon;

const isTypographicQuote = (c: number): boolean =>
  c === 0x201c || c === 0x201d || c === 0x2018 || c === 0x2019;

const isControl = (c: number): boolean => (c < 32 && c !== 9 && c !== 10 && c !== 13) || c === 127;

/** Reads tokens off a text. After `next()`, the fields say what was read. */
export class Scanner {
  readonly text: string;
  /** Offset of the next unread character. */
  private position: number;
  private readonly limit: number;
  /** Of the token read last. */
  start = 0;
  end = 0;
  /** Numeric value of an integer below 2^53, a MAC, an IPv4 address or a duration in seconds; else NaN. */
  value = 0;
  /** Hash of an identifier's characters. */
  hash = 0;
  /** Spans of `///` comments since the previous token, flattened: start, end, start, end … */
  readonly docs: number[] = [];
  readonly errors: LexicalError[] = [];

  /** Open `(` and `[` since the last block brace. */
  private depth = 0;
  private readonly outer: number[] = [];
  private lastKind: TokenKind = T.EndOfFile;
  private lastEnd = -1;
  private heldKind: TokenKind | -1 = -1;
  private heldStart = 0;
  private heldEnd = 0;

  constructor(text: string, start = 0, limit = text.length) {
    this.text = text;
    this.limit = limit;
    this.position = start === 0 && text.charCodeAt(0) === 0xfeff ? 1 : start;
  }

  /**
   * The next token. A newline or `;` becomes one `Separator` where it ends something: not inside `()` and `[]`,
   * not beside a comma, not after `{` or before `}`; and a newline before `{` means nothing.
   */
  next(): TokenKind {
    if (this.heldKind !== -1) {
      const kind = this.heldKind;
      this.heldKind = -1;
      this.start = this.heldStart;
      this.end = this.heldEnd;
      return this.remember(kind);
    }
    if (this.docs.length > 0) this.docs.length = 0;
    const before = this.lastKind;
    const blank = this.skipBlank();
    if (blank === 0) return this.remember(this.token());
    const separatorStart = this.separatorStart;
    // `(` and `[` raise the depth, but what opens a nesting still stands at the outer level.
    const depth = this.depth;
    const kind = this.token();
    const ends =
      kind !== T.RightBrace && kind !== T.EndOfFile && before !== T.LeftBrace && before !== T.EndOfFile;
    const newlineEnds = depth === 0 && before !== T.Comma && kind !== T.Comma && kind !== T.LeftBrace;
    if (!ends || (blank === 1 && !newlineEnds)) return this.remember(kind);
    this.heldKind = kind;
    this.heldStart = this.start;
    this.heldEnd = this.end;
    this.start = separatorStart;
    this.end = separatorStart + 1;
    return T.Separator;
  }

  /** Reads the literal at `p` as `next` would read it there; for a reader that knows what stands around it. */
  literalAt(p: number): TokenKind {
    const c = this.text.charCodeAt(p);
    const k = c < 128 ? CLASS[c] : 0;
    this.start = p;
    if (k === DIGIT) return this.number(p, c);
    if (k === LETTER) return this.word(p, c);
    return c === 58 && this.text.charCodeAt(p + 1) === 58 ? this.colons(p) : T.Invalid;
  }

  /** Goes back to `p`, the end of the word read last. */
  goTo(p: number): void {
    this.position = this.end = p;
    this.remember(T.Identifier);
  }

  /** Goes on at `p`, behind a `}` that was read by other means and closed what was opened at this level. */
  resumeAfterBrace(p: number): void {
    this.position = this.end = p;
    this.remember(T.RightBrace);
  }

  private separatorStart = 0;

  private remember(kind: TokenKind): TokenKind {
    this.lastKind = kind;
    this.lastEnd = this.end;
    return kind;
  }

  private fail(problem: LexicalProblem, start: number, end: number): void {
    this.errors.push({ problem, start, end });
  }

  /** Skips blanks and comments; 0 nothing that separates, 1 a newline, 2 a semicolon among them. */
  private skipBlank(): 0 | 1 | 2 {
    const text = this.text;
    const limit = this.limit;
    let p = this.position;
    let found: 0 | 1 | 2 = 0;
    while (p < limit) {
      const c = text.charCodeAt(p);
      if (c === 32 || c === 9 || c === 13) p++;
      else if (c === 10) {
        if (found === 0) {
          found = 1;
          this.separatorStart = p;
        }
        p++;
      } else if (c === 59) {
        if (found !== 2) this.separatorStart = p;
        found = 2;
        p++;
      } else if (c === 47) {
        const d = text.charCodeAt(p + 1);
        if (d === 47) p = this.lineComment(p);
        else if (d === 42) p = this.blockComment(p);
        else break;
      } else break;
    }
    this.position = p;
    return found;
  }

  private lineComment(start: number): number {
    const text = this.text;
    let p = start + 2;
    while (p < this.limit) {
      const c = text.charCodeAt(p);
      if (c === 10) break;
      if (isControl(c)) this.fail('control character', p, p + 1);
      else if (c > 127 && isBidi(c)) this.fail('bidirectional control', p, p + 1);
      p++;
    }
    if (text.charCodeAt(start + 2) === 47 && text.charCodeAt(start + 3) !== 47) {
      this.docs.push(start, text.charCodeAt(p - 1) === 13 ? p - 1 : p);
    }
    return p;
  }

  private blockComment(start: number): number {
    const text = this.text;
    let p = start + 2;
    while (p < this.limit) {
      const c = text.charCodeAt(p);
      if (c === 42 && text.charCodeAt(p + 1) === 47) return p + 2;
      if (isControl(c)) this.fail('control character', p, p + 1);
      else if (c > 127 && isBidi(c)) this.fail('bidirectional control', p, p + 1);
      p++;
    }
    this.fail('unterminated comment', start, start + 2);
    return this.limit;
  }

  private token(): TokenKind {
    const text = this.text;
    for (;;) {
      const p = this.position;
      this.start = p;
      if (p >= this.limit) {
        this.end = this.limit;
        return T.EndOfFile;
      }
      const c = text.charCodeAt(p);
      const k = c < 128 ? CLASS[c] : 0;
      if (k === LETTER) return this.word(p, c);
      if (k === DIGIT) return this.number(p, c);
      const kind = this.punctuation(p, c);
      if (kind !== -1) return kind;
      this.skipBlank();
    }
  }

  private one(kind: TokenKind, length = 1): TokenKind {
    this.end = this.position = this.start + length;
    return kind;
  }

  private punctuation(p: number, c: number): TokenKind | -1 {
    const text = this.text;
    switch (c) {
      case 123:
        // A set or record inside parentheses keeps them open; a block means that they were never closed.
        this.outer.push(this.depth > 0 && this.valueFollows() ? this.depth : 0);
        this.depth = 0;
        return this.one(T.LeftBrace);
      case 125:
        this.depth = this.outer.pop() ?? 0;
        return this.one(T.RightBrace);
      case 40:
        this.depth++;
        return this.one(T.LeftParen);
      case 41:
        if (this.depth > 0) this.depth--;
        return this.one(T.RightParen);
      case 91:
        this.depth++;
        return this.one(T.LeftBracket);
      case 93:
        if (this.depth > 0) this.depth--;
        return this.one(T.RightBracket);
      case 44:
        return this.one(T.Comma);
      case 61:
        return text.charCodeAt(p + 1) === 61 ? this.one(T.Operator, 2) : this.one(T.Equals);
      case 33:
        return text.charCodeAt(p + 1) === 61 ? this.one(T.NotEquals, 2) : this.one(T.Operator);
      case 47:
        if (
          p !== this.lastEnd ||
          CLASS[text.charCodeAt(p + 1)] === SPACE ||
          CLASS[text.charCodeAt(p + 1)] === NEWLINE
        ) {
          this.fail('space around slash', p, p + 1);
        }
        return this.one(T.Slash);
      case 46:
        return text.charCodeAt(p + 1) === 46 ? this.one(T.DotDot, 2) : this.one(T.Dot);
      case 58:
        if (text.charCodeAt(p + 1) === 58) return this.colons(p);
        return this.one(T.Colon);
      case 34:
        return this.string(p);
      case 43:
      case 45:
        return this.sign(p, c);
      case 42:
      case 37:
      case 38:
      case 124:
      case 94:
      case 126:
      case 60:
      case 62: {
        const d = text.charCodeAt(p + 1);
        return this.one(T.Operator, d === c || d === 61 ? 2 : 1);
      }
      default: {
        if (isTypographicQuote(c)) return this.typographicQuotes(p);
        const code = text.codePointAt(p) ?? c;
        const end = p + (code > 0xffff ? 2 : 1);
        if (isBidi(c)) this.fail('bidirectional control', p, end);
        else if (isControl(c)) this.fail('control character', p, end);
        else {
          const last = this.errors[this.errors.length - 1];
          // A run of strange characters is one mistake.
          if (last?.problem === 'unexpected character' && last.end === p) {
            this.errors[this.errors.length - 1] = { ...last, end };
          } else this.fail('unexpected character', p, end);
        }
        this.position = end;
        return -1;
      }
    }
  }

  /** Is `{` that of a set or a record, behind what was read last? */
  private valueFollows(): boolean {
    if (opensValue(this.lastKind)) return true;
    if (this.lastKind !== T.Identifier) return false;
    // `in {80, 443}` and `{80, 443} or {…}`, but not the block of a `begin`.
    const { text, lastEnd } = this;
    const word = /\b(?:in|not|and|or)$/.exec(text.slice(Math.max(0, lastEnd - 8), lastEnd));
    return word !== null;
  }

  /** What an office program makes of quotes: one mistake, the text between them included. */
  private typographicQuotes(p: number): TokenKind {
    const text = this.text;
    let e = p + 1;
    while (e < this.limit && text.charCodeAt(e) !== 10 && !isTypographicQuote(text.charCodeAt(e))) e++;
    if (isTypographicQuote(text.charCodeAt(e))) e++;
    e = Math.min(e, this.limit);
    this.fail('typographic quotes', p, e);
    return this.one(T.Invalid, e - p);
  }

  /** `+trk-new`, the dash of a range, or an operator. */
  private sign(p: number, c: number): TokenKind {
    const text = this.text;
    const next = text.charCodeAt(p + 1);
    const touches = p === this.lastEnd;
    if (c === 45 && touches) {
      const literal = this.lastKind >= T.Integer && this.lastKind <= T.Ipv6;
      if (literal && (isHex(next) || next === 58)) return this.one(T.RangeDash);
      if (this.lastKind === T.Identifier && isWord(next)) {
        let e = p + 1;
        while (isWord(text.charCodeAt(e)) || text.charCodeAt(e) === 45) e++;
        this.fail('dash in name', p, e);
        return this.one(T.Invalid, e - p);
      }
    }
    if (next < 128 && CLASS[next] === LETTER) {
      let e = p;
      for (;;) {
        const s = text.charCodeAt(e);
        if ((s !== 43 && s !== 45) || !isWord(text.charCodeAt(e + 1))) break;
        e++;
        while (e < this.limit && isWord(text.charCodeAt(e))) e++;
      }
      return this.one(T.Flags, e - p);
    }
    return this.one(T.Operator);
  }

  private word(p: number, c: number): TokenKind {
    const text = this.text;
    let h = Math.imul(c ^ 0x811c9dc5, 0x01000193);
    let e = p + 1;
    let d = text.charCodeAt(e);
    while (d < 128 && (CLASS[d] as number) >= DIGIT) {
      h = Math.imul(h ^ d, 0x01000193);
      d = text.charCodeAt(++e);
    }
    if (e > this.limit) e = this.limit;
    if (d === 58 && e - p <= 4) {
      const after = text.charCodeAt(e + 1);
      if ((isHex(after) || after === 58) && this.allHex(p, e)) {
        const kind = this.address(p);
        if (kind !== T.Invalid) return kind;
        this.fail(after === 58 ? 'malformed IPv6' : 'colon without space', p, this.end);
        return T.Invalid;
      }
    }
    this.hash = h;
    this.start = p;
    this.end = this.position = e;
    return T.Identifier;
  }

  private allHex(from: number, to: number): boolean {
    for (let i = from; i < to; i++) if (!isHex(this.text.charCodeAt(i))) return false;
    return true;
  }

  /** A token that starts with a digit. */
  private number(p: number, first: number): TokenKind {
    const text = this.text;
    let v = first - 48;
    let e = p + 1;
    let c = text.charCodeAt(e);
    while (c >= 48 && c <= 57) {
      v = v * 10 + (c - 48);
      c = text.charCodeAt(++e);
    }
    if (e > this.limit) e = this.limit;
    // Most literals end here or are IPv4 addresses; the rest takes the slow road.
    if (c === 46) {
      const d = text.charCodeAt(e + 1);
      if (d >= 48 && d <= 57) return this.ipv4(p);
    } else if (c === 58) {
      const d = text.charCodeAt(e + 1);
      if (isHex(d) || d === 58) return this.addressOrFail(p);
    } else if (c < 128 && (CLASS[c] as number) >= DIGIT) return this.oddNumber(p, e);
    this.end = this.position = e;
    this.value = e - p <= 15 ? v : NaN;
    return T.Integer;
  }

  /** Hexadecimal, binary, `1_000`, a duration, or an address that begins with hexadecimal digits. */
  private oddNumber(p: number, digitsEnd: number): TokenKind {
    const text = this.text;
    let e = digitsEnd;
    while (e < this.limit && isWord(text.charCodeAt(e))) e++;
    if (text.charCodeAt(e) === 58 && e - p <= 4) {
      const d = text.charCodeAt(e + 1);
      if ((isHex(d) || d === 58) && this.allHex(p, e)) return this.addressOrFail(p);
    }
    this.end = this.position = e;
    const second = text.charCodeAt(p + 1);
    if (text.charCodeAt(p) === 48 && (second === 120 || second === 98)) {
      const radix = second === 120 ? 16 : 2;
      return this.radixInteger(p, e, radix);
    }
    const suffix = text.charCodeAt(e - 1);
    const factor =
      suffix === 115 ? 1 : suffix === 109 ? 60 : suffix === 104 ? 3600 : suffix === 100 ? 86400 : 0;
    if (factor !== 0 && digitsEnd === e - 1) {
      this.value = Number(text.slice(p, e - 1)) * factor;
      return T.Duration;
    }
    if (digits(text, p, e, 10)) {
      const v = Number(text.slice(p, e).replaceAll('_', ''));
      this.value = v <= Number.MAX_SAFE_INTEGER ? v : NaN;
      return T.Integer;
    }
    this.fail('malformed number', p, e);
    return T.Invalid;
  }

  private radixInteger(p: number, e: number, radix: 2 | 16): TokenKind {
    if (!digits(this.text, p + 2, e, radix)) {
      this.fail('malformed number', p, e);
      return T.Invalid;
    }
    let v = 0;
    for (let i = p + 2; i < e; i++) {
      const c = this.text.charCodeAt(i);
      if (c !== 95) v = v * radix + (HEX[c] as number);
    }
    this.value = v <= Number.MAX_SAFE_INTEGER ? v : NaN;
    return T.Integer;
  }

  private ipv4(p: number): TokenKind {
    const text = this.text;
    let e = p;
    let address = 0;
    let octets = 0;
    let good = true;
    for (;;) {
      const from = e;
      let v = 0;
      let c = text.charCodeAt(e);
      while (c >= 48 && c <= 57) {
        v = v * 10 + (c - 48);
        c = text.charCodeAt(++e);
      }
      if (v > 255 || e === from || (e - from > 1 && text.charCodeAt(from) === 48)) good = false;
      address = address * 256 + v;
      octets++;
      if (c !== 46 || text.charCodeAt(e + 1) === 46) break;
      const d = text.charCodeAt(e + 1);
      if (d < 48 || d > 57) break;
      e++;
    }
    while (e < this.limit && isWord(text.charCodeAt(e))) {
      good = false;
      e++;
    }
    if (e > this.limit) e = this.limit;
    this.end = this.position = e;
    if (!good || octets !== 4) {
      this.fail('malformed IPv4', p, e);
      return T.Invalid;
    }
    this.value = address;
    return T.Ipv4;
  }

  private colons(p: number): TokenKind {
    const kind = this.address(p);
    if (kind === T.Invalid) this.fail('malformed IPv6', p, this.end);
    return kind;
  }

  private addressOrFail(p: number): TokenKind {
    const kind = this.address(p);
    if (kind === T.Invalid) {
      const s = this.text.slice(p, this.end);
      this.fail(
        s.includes('::') || s.split(':').length > 6 ? 'malformed IPv6' : 'malformed MAC',
        p,
        this.end,
      );
    }
    return kind;
  }

  /** A MAC or IPv6 address at `p`; `Invalid` (not yet reported) when it is neither. */
  private address(p: number): TokenKind {
    const text = this.text;
    // The common MAC: twelve digits in pairs.
    if (text.charCodeAt(p + 2) === 58 && text.charCodeAt(p + 5) === 58 && p + 17 <= this.limit) {
      let v = 0;
      let i = p;
      for (; i < p + 17; i++) {
        const c = text.charCodeAt(i);
        if ((i - p) % 3 === 2) {
          if (c !== 58) break;
        } else {
          const h = c < 128 ? (HEX[c] as number) : 255;
          if (h === 255) break;
          v = v * 16 + h;
        }
      }
      if (i === p + 17) {
        const c = text.charCodeAt(i);
        if (i === this.limit || (!isWord(c) && c !== 58)) {
          this.end = this.position = i;
          this.value = v;
          return T.Mac;
        }
      }
    }
    let e = p;
    for (; e < this.limit; e++) {
      const c = text.charCodeAt(e);
      if (c === 46) {
        const d = text.charCodeAt(e + 1);
        if (d < 48 || d > 57) break;
      } else if (c !== 58 && !isWord(c)) break;
    }
    if (e - p > 2 && text.charCodeAt(e - 1) === 58 && text.charCodeAt(e - 2) !== 58) e--;
    this.end = this.position = e;
    this.value = NaN;
    return parseIpv6(text.slice(p, e)) === null ? T.Invalid : T.Ipv6;
  }

  private string(p: number): TokenKind {
    const text = this.text;
    let e = p + 1;
    for (; e < this.limit; e++) {
      const c = text.charCodeAt(e);
      if (c === 34) {
        this.end = this.position = e + 1;
        return T.String;
      }
      if (c === 10) break;
      if (c === 92) {
        const length = escapeLength(text, e);
        if (length === 0) this.fail('bad escape', e, Math.min(e + 2, this.limit));
        e += Math.max(length, 2) - 1;
      } else if (isControl(c)) this.fail('control character', e, e + 1);
      else if (c > 127 && isBidi(c)) this.fail('bidirectional control', e, e + 1);
    }
    if (e > this.limit) e = this.limit;
    if (text.charCodeAt(e - 1) === 13) e--;
    this.end = this.position = e;
    this.fail('unterminated string', p, e);
    return T.Invalid;
  }
}

/** True if `text[from..to)` is digits of the radix with single underscores between them. */
function digits(text: string, from: number, to: number, radix: number): boolean {
  if (from >= to) return false;
  let underscore = true;
  for (let i = from; i < to; i++) {
    const c = text.charCodeAt(i);
    if (c === 95) {
      if (underscore) return false;
      underscore = true;
    } else {
      if (c > 127 || (HEX[c] as number) >= radix) return false;
      underscore = false;
    }
  }
  return !underscore;
}

/** Length of the escape sequence at `at`, 0 if there is none: `\" \\ \n \t \u{…}`. */
function escapeLength(text: string, at: number): number {
  const c = text.charAt(at + 1);
  if (c === '"' || c === '\\' || c === 'n' || c === 't') return 2;
  if (c === 'u') {
    const m = /^\\u\{([0-9a-fA-F]{1,6})\}/.exec(text.slice(at, at + 10));
    if (m && parseInt(m[1] ?? '', 16) <= 0x10ffff) return m[0].length;
  }
  return 0;
}

/** The text of a string literal (with its quotes), escapes resolved. */
export function unescapeString(literal: string): string {
  return literal
    .slice(1, literal.endsWith('"') && literal.length > 1 ? -1 : undefined)
    .replace(/\\(?:u\{([0-9a-fA-F]{1,6})\}|(.))/g, (_all, hex: string | undefined, c: string | undefined) => {
      if (hex !== undefined) {
        const code = parseInt(hex, 16);
        return code <= 0x10ffff ? String.fromCodePoint(code) : '';
      }
      return c === 'n' ? '\n' : c === 't' ? '\t' : (c ?? '');
    });
}

/** A 128-bit number from the text of an IPv6 address (RFC 4291 §2.2, IPv4 tail included), or null. */
export function parseIpv6(text: string): bigint | null {
  let source = text;
  const lastColon = source.lastIndexOf(':');
  const tail = source.slice(lastColon + 1);
  if (tail.includes('.')) {
    const octets = tail.split('.');
    if (octets.length !== 4 || octets.some((o) => !/^(0|[1-9]\d{0,2})$/.test(o) || Number(o) > 255))
      return null;
    const [a = 0, b = 0, c = 0, d = 0] = octets.map(Number);
    source = `${source.slice(0, lastColon + 1)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  }
  const gap = source.indexOf('::');
  if (gap !== source.lastIndexOf('::')) return null;
  const halves = gap === -1 ? [source] : [source.slice(0, gap), source.slice(gap + 2)];
  const [head = [], rest = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const zeros = 8 - head.length - rest.length;
  if (gap === -1 ? zeros !== 0 : zeros < 1) return null;
  let value = 0n;
  for (const group of [...head, ...Array<string>(zeros).fill('0'), ...rest]) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return null;
    value = (value << 16n) | BigInt(`0x${group}`);
  }
  return value;
}
