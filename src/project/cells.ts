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
/** Below 2^53. */
const MAX_DIGITS = 15;

/** Without what an address or a range could have. */
const WORD = /^[A-Za-z_][\w.-]*$/;

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

  read(text: string): void {
    const size = text.length;
    this.kind = CELL.other;
    if (size === 17 && text.charCodeAt(2) === COLON) {
      this.mac(text);
      return;
    }
    if (size === 0) return;
    if (!isDigit(text.charCodeAt(0))) {
      if (WORD.test(text)) this.kind = CELL.word;
      return;
    }
    if (size > 18) return;
    this.at = 0;
    const first = this.number(text, MAX_DIGITS);
    if (first === -1) return;
    if (this.at === size) {
      this.kind = CELL.int;
      this.value = first;
    } else if (text.charCodeAt(this.at) === DOT && first <= 255) this.ipv4(text, first);
  }

  private ipv4(text: string, first: number): void {
    let value = first;
    for (let i = 0; i < 3; i++) {
      if (text.charCodeAt(this.at) !== DOT) return;
      this.at++;
      const octet = this.number(text, 3);
      if (octet === -1 || octet > 255) return;
      value = value * 256 + octet;
    }
    this.value = value;
    if (this.at === text.length) {
      this.kind = CELL.ipv4;
      return;
    }
    if (text.charCodeAt(this.at) !== SLASH) return;
    this.at++;
    const length = this.number(text, 2);
    if (length === -1 || length > 32 || this.at !== text.length) return;
    this.length = length;
    this.kind = length === 32 ? CELL.prefix32 : length === 0 ? CELL.prefix0 : CELL.prefix;
  }

  /** In lower case. */
  private mac(text: string): void {
    let value = 0;
    for (let i = 0; i < 17; i++) {
      const code = text.charCodeAt(i);
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
  private number(text: string, most: number): number {
    const start = this.at;
    let value = 0;
    for (; this.at < text.length; this.at++) {
      const code = text.charCodeAt(this.at);
      if (!isDigit(code)) break;
      value = value * 10 + (code - ZERO);
    }
    const digits = this.at - start;
    return digits === 0 || digits > most || (digits > 1 && text.charCodeAt(start) === ZERO) ? -1 : value;
  }
}
