/** The way in which ovs-ofctl takes a text apart: keys, and values behind `=`, `:` or in parentheses. */

const SEPARATOR = 1;
const ENDS_KEY = 2;

/** What a character below 128 does. */
const CLASS = new Uint8Array(128);
for (const c of ', \t\r\n') CLASS[c.charCodeAt(0)] = SEPARATOR | ENDS_KEY;
for (const c of ':=(') CLASS[c.charCodeAt(0)] = ENDS_KEY;

const OPEN = 40;
const CLOSE = 41;
const COLON = 58;
const EQUALS = 61;

/** A comma, a space, a tab or a line end. */
export function isSeparator(code: number): boolean {
  return code < 128 && ((CLASS[code] ?? 0) & SEPARATOR) !== 0;
}

/** The first character from `start` on that is no separator. */
export function skipSeparators(text: string, start: number, limit: number): number {
  let at = start;
  while (at < limit && isSeparator(text.charCodeAt(at))) at++;
  return at;
}

/** Where the pair that begins at `start` ends, with its parenthesis. */
export function tokenEnd(text: string, start: number, limit: number): number {
  let at = start;
  for (; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code >= 128 || CLASS[code] === 0) continue;
    if (code === EQUALS || code === COLON) return valueEnd(text, at + 1, limit);
    if (code !== OPEN) return at;
    const end = parenthesisEnd(text, at + 1, limit);
    return end + 2 < limit && text.startsWith('->', end + 1)
      ? valueEnd(text, end, limit)
      : Math.min(end + 1, limit);
  }
  return at;
}

/** The pairs of a text, one after the other: `next` moves to the next one and says whether there is one. */
export class KeyValues {
  keyStart = 0;
  keyEnd = 0;
  /** Both `keyEnd` where there is no value. */
  valueStart = 0;
  valueEnd = 0;
  /** Behind the pair, with its parenthesis. */
  end = 0;
  private readonly text: string;
  private readonly limit: number;
  private at: number;

  constructor(text: string, start: number, limit: number) {
    this.text = text;
    this.at = start;
    this.limit = limit;
  }

  next(): boolean {
    const { text, limit } = this;
    let at = this.at;
    while (at < limit && isSeparator(text.charCodeAt(at))) at++;
    if (at >= limit) return false;
    this.keyStart = at;
    let code = 0;
    for (; at < limit; at++) {
      code = text.charCodeAt(at);
      if (code < 128 && CLASS[code] !== 0) break;
    }
    this.keyEnd = at;
    if (at < limit && (code === EQUALS || code === COLON)) {
      this.valueStart = at + 1;
      this.valueEnd = valueEnd(text, at + 1, limit);
      this.end = this.valueEnd;
      this.at = this.valueEnd + 1;
    } else if (at < limit && code === OPEN) {
      this.valueStart = at + 1;
      let end = parenthesisEnd(text, at + 1, limit);
      this.end = Math.min(end + 1, limit);
      // `check_pkt_larger(1500)->reg0[0]`: what follows belongs to the value.
      if (end + 2 < limit && text.startsWith('->', end + 1)) {
        end = valueEnd(text, end, limit);
        this.end = end;
      }
      this.valueEnd = end;
      this.at = end + 1;
    } else {
      this.valueStart = at;
      this.valueEnd = at;
      this.end = at;
      this.at = at + 1;
    }
    return true;
  }

  get key(): string {
    return this.text.slice(this.keyStart, this.keyEnd);
  }

  get value(): string {
    return this.text.slice(this.valueStart, this.valueEnd);
  }

  /** Key, delimiter and value. */
  get pair(): string {
    return this.text.slice(this.keyStart, this.end);
  }
}

/** Where a value behind `=` ends: at a separator outside of parentheses. */
function valueEnd(text: string, start: number, limit: number): number {
  let at = start;
  while (at < limit) {
    const code = text.charCodeAt(at);
    if (code === OPEN) at = behindParentheses(text, at, limit);
    else if (isSeparator(code)) break;
    else at++;
  }
  return at;
}

/** The closing parenthesis that belongs to the one before `start`; `limit` where there is none. */
function parenthesisEnd(text: string, start: number, limit: number): number {
  let at = start;
  while (at < limit) {
    const code = text.charCodeAt(at);
    if (code === OPEN) at = behindParentheses(text, at, limit);
    else if (code === CLOSE) break;
    else at++;
  }
  return at;
}

function behindParentheses(text: string, start: number, limit: number): number {
  let level = 0;
  let at = start;
  do {
    const code = text.charCodeAt(at++);
    if (code === OPEN) level++;
    else if (code === CLOSE) level--;
  } while (level > 0 && at < limit);
  return at;
}

/** Parts of a text between any of some characters, empty ones left out, as strtok(3) gives them. */
export class Words {
  start = 0;
  end = 0;
  private readonly text: string;
  private readonly limit: number;
  private at: number;

  constructor(text: string, start: number, limit: number) {
    this.text = text;
    this.at = start;
    this.limit = limit;
  }

  next(delimiters: string): boolean {
    const { text, limit } = this;
    let at = this.at;
    while (at < limit && delimiters.includes(text.charAt(at))) at++;
    if (at >= limit) {
      this.at = limit;
      return false;
    }
    this.start = at;
    while (at < limit && !delimiters.includes(text.charAt(at))) at++;
    this.end = at;
    this.at = Math.min(at + 1, limit);
    return true;
  }

  get word(): string {
    return this.text.slice(this.start, this.end);
  }
}

const SMALL = 5_000;

/** Finds something again and again from growing offsets of one text, looking at each character once. */
export class Finder {
  private readonly needle: string;
  private text = '';
  private from = 0;
  private found = -1;

  constructor(needle: string) {
    this.needle = needle;
  }

  /** The first occurrence that begins in the range; -1 where there is none. */
  find(text: string, start: number, end: number): number {
    // What has been found in a large text is kept while a small one is looked at.
    if (text.length < SMALL) {
      const found = text.indexOf(this.needle, start);
      return found !== -1 && found + this.needle.length <= end ? found : -1;
    }
    if (text !== this.text || start < this.from || (this.found !== -1 && this.found < start)) {
      this.text = text;
      this.from = start;
      this.found = text.indexOf(this.needle, start);
    }
    return this.found !== -1 && this.found + this.needle.length <= end ? this.found : -1;
  }

  /** Lets go of the text. */
  forget(): void {
    this.text = '';
    this.found = -1;
  }
}
