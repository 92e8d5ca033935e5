/** Characters, and the literals that are made of them. */

export const OTHER = 0;
export const WORD = 1;
export const HEX_LETTER = 2;
export const DIGIT = 3;
export const REFUSED = 4;

export const CLASS = new Uint8Array(256).fill(REFUSED);
for (let c = 0x20; c < 0x7f; c++) CLASS[c] = OTHER;
CLASS[9] = OTHER;
for (const c of 'ghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.') CLASS[c.charCodeAt(0)] = WORD;
for (const c of 'abcdef') CLASS[c.charCodeAt(0)] = HEX_LETTER;
for (const c of '0123456789') CLASS[c.charCodeAt(0)] = DIGIT;

export const COLON = 0x3a;
export const DOT = 0x2e;
export const QUOTE = 0x22;
export const BRACKET = 0x5b;

/** The words before statistics, by their first letters. */
const STATISTICS: Uint8Array[][] = [];
for (const word of ['duration=', 'n_packets=', 'n_bytes=', 'idle_age=', 'hard_age='])
  (STATISTICS[word.charCodeAt(0)] ??= []).push(Uint8Array.from(word, (c) => c.charCodeAt(0)));

const encode = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
export const COOKIE = encode('cookie=');
export const PRIORITY = encode('priority=');
export const DEFAULT_PRIORITY = 0x8000;

/** Does the word stand before that place? */
export function endsWith(input: Uint8Array, end: number, word: Uint8Array): boolean {
  const start = end - word.length;
  if (start < 0) return false;
  for (let i = 0; i < word.length; i++) if (input[start + i] !== word[i]) return false;
  return true;
}

export function digit(code: number): number {
  return code >= 0x30 && code <= 0x39 ? code - 0x30 : -1;
}

/** Only those that are printed: lower case. */
export function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : -1;
}

export function isWord(code: number): boolean {
  return CLASS[code] !== OTHER;
}

/** Behind a number and a colon: is it something else than an address, as `1:2`? */
export function isPlainPair(input: Uint8Array, colon: number, end: number): boolean {
  let at = colon + 1;
  while (at < end && digit(input[at] as number) >= 0) at++;
  return at > colon + 1 && (at >= end || ((input[at] as number) !== COLON && !isWord(input[at] as number)));
}

export function isMac(input: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < start + 17; at += 3) {
    if (hexDigit(input[at] as number) < 0 || hexDigit(input[at + 1] as number) < 0) return false;
    if (at + 2 < start + 17 && (input[at + 2] as number) !== COLON) return false;
  }
  const behind = start + 17;
  if (behind >= end) return true;
  const code = input[behind] as number;
  return code !== COLON && !isWord(code);
}

export function macValue(input: Uint8Array, start: number): number {
  let value = 0;
  for (let at = start; at < start + 17; at += 3)
    value = value * 256 + hexDigit(input[at] as number) * 16 + hexDigit(input[at + 1] as number);
  return value;
}

/** Where the statistic ends that begins there; -1 where it is something else, or not in its usual form. */
export function statisticEnd(input: Uint8Array, start: number, end: number): number {
  const words = STATISTICS[input[start] as number];
  if (words === undefined) return -1;
  for (const word of words) {
    const from = start + word.length;
    let at = start + 1;
    while (at < from && input[at] === word[at - start]) at++;
    if (at < from) continue;
    while (at < end && isWord(input[at] as number)) at++;
    return at > from && at <= end && (at === end || input[at] === 0x20 || input[at] === 0x2c) ? at : -1;
  }
  return -1;
}
