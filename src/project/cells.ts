/** The cells of a table of data as numbers, without a parser. */

/** What a text is written as; equal kinds of cells make equal trees. Texts that are written otherwise than we would are `other`. */
export const CELL = {
  other: 0,
  /** Decimal, below 2^53. */
  int: 1,
  ipv4: 2,
  mac: 3,
  /** An IPv4 prefix of 1 to 31 bits; of 32 bits; of none. */
  prefix: 4,
  prefix32: 5,
  prefix0: 6,
  /** A text that begins with a letter and stands for itself wherever it is shown. */
  word: 7,
} as const;

/** So many kinds there may be: a row is known by a number in this base. */
export const CELL_KINDS = 8;

export type CellKind = (typeof CELL)[keyof typeof CELL];

const ZERO = 48;
const NINE = 57;
const DOT = 46;
const SLASH = 47;
const COLON = 58;
const DASH = 45;
const UNDERSCORE = 95;
/** Below 2^53. */
const MAX_DIGITS = 15;

/** The UTF-16 codes of a text. */
export function codesOf(text: string): Uint16Array {
  const codes = new Uint16Array(text.length);
  for (let i = 0; i < text.length; i++) codes[i] = text.charCodeAt(i);
  return codes;
}

/** Letters, digits, `_`, `-` and `.`: without what an address or a range could have. */
function isWord(codes: Uint16Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const code = codes[i] as number;
    const letter = (code | 32) >= 97 && (code | 32) <= 122;
    if (!letter && code !== UNDERSCORE && (i === from || !(isDigit(code) || code === DOT || code === DASH)))
      return false;
  }
  return true;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

/** Reads one cell after the other. */
export class CellReader {
  kind: CellKind = CELL.other;
  value = 0;
  /** Of a prefix. */
  length = 0;
  private at = 0;
  private to = 0;

  /** Reads a cell. */
  readText(text: string): void {
    this.read(codesOf(text), 0, text.length);
  }

  /** Reads the cell `codes[from..to)`, in UTF-16. */
  read(codes: Uint16Array, from: number, to: number): void {
    const size = to - from;
    this.kind = CELL.other;
    if (size === 17 && codes[from + 2] === COLON) {
      this.mac(codes, from);
      return;
    }
    if (size === 0) return;
    if (!isDigit(codes[from] as number)) {
      if (isWord(codes, from, to)) this.kind = CELL.word;
      return;
    }
    if (size > 18) return;
    this.at = from;
    this.to = to;
    const first = this.number(codes, MAX_DIGITS);
    if (first === -1) return;
    if (this.at === to) {
      this.kind = CELL.int;
      this.value = first;
    } else if (codes[this.at] === DOT && first <= 255) this.ipv4(codes, first);
  }

  private ipv4(codes: Uint16Array, first: number): void {
    let value = first;
    for (let i = 0; i < 3; i++) {
      if (this.at >= this.to || codes[this.at] !== DOT) return;
      this.at++;
      const octet = this.number(codes, 3);
      if (octet === -1 || octet > 255) return;
      value = value * 256 + octet;
    }
    this.value = value;
    if (this.at === this.to) {
      this.kind = CELL.ipv4;
      return;
    }
    if (codes[this.at] !== SLASH) return;
    this.at++;
    const length = this.number(codes, 2);
    if (length === -1 || length > 32 || this.at !== this.to) return;
    this.length = length;
    this.kind = length === 32 ? CELL.prefix32 : length === 0 ? CELL.prefix0 : CELL.prefix;
  }

  /** In lower case. */
  private mac(codes: Uint16Array, from: number): void {
    let value = 0;
    for (let i = 0; i < 17; i++) {
      const code = codes[from + i] as number;
      if (i % 3 === 2) {
        if (code !== COLON) return;
        continue;
      }
      const digit = isDigit(code) ? code - ZERO : code >= 97 && code <= 102 ? code - 87 : -1;
      if (digit === -1) return;
      value = value * 16 + digit;
    }
    this.kind = CELL.mac;
    this.value = value;
  }

  /** Digits without a zero before them; -1 where there are none, or too many. */
  private number(codes: Uint16Array, most: number): number {
    const start = this.at;
    let value = 0;
    for (; this.at < this.to; this.at++) {
      const code = codes[this.at] as number;
      if (!isDigit(code)) break;
      value = value * 10 + (code - ZERO);
    }
    const digits = this.at - start;
    return digits === 0 || digits > most || (digits > 1 && codes[start] === ZERO) ? -1 : value;
  }
}
