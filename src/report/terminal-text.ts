/**
 * Text from a source file on a terminal: nothing in it may move the cursor, change colours or make the text read
 * differently from what it is, and what stands under it must line up.
 */

/** Zero-width and bidirectional characters that hide or reorder what is around them. */
function isInvisible(c: number): boolean {
  return (
    c === 0x00ad ||
    c === 0x061c ||
    c === 0x180e ||
    (c >= 0x200b && c <= 0x200f && c !== 0x200d) ||
    (c >= 0x2028 && c <= 0x202e) ||
    (c >= 0x2060 && c <= 0x206f) ||
    c === 0xfeff ||
    (c >= 0xfff9 && c <= 0xfffb) ||
    (c >= 0xe0000 && c <= 0xe007f)
  );
}

const isLoneSurrogate = (c: number): boolean => c >= 0xd800 && c <= 0xdfff;

/** A character as it may be shown: controls as their pictures (␛), what would be invisible as U+FFFD. */
function visible(character: string): string {
  const c = character.codePointAt(0) ?? 0;
  if (c < 0x20) return String.fromCharCode(0x2400 + c);
  if (c < 0x7f) return character;
  if (c === 0x7f) return '\u2421';
  if (c < 0xa0 || isInvisible(c) || isLoneSurrogate(c)) return '\ufffd';
  return character;
}

const PLAIN = /^[\x20-\x7e]*$/;

/** A text on one line, safe to print. */
export function safe(text: string): string {
  return PLAIN.test(text) ? text : Array.from(text, visible).join('');
}

const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x2329, 0x232a],
  [0x23e9, 0x23ec],
  [0x25fd, 0x25fe],
  [0x2614, 0x2615],
  [0x2648, 0x2653],
  [0x26aa, 0x26ab],
  [0x26bd, 0x26be],
  [0x26c4, 0x26c5],
  [0x2705, 0x2705],
  [0x270a, 0x270b],
  [0x2753, 0x2755],
  [0x2795, 0x2797],
  [0x2b1b, 0x2b1c],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18aff],
  [0x1aff0, 0x1b2ff],
  [0x1f004, 0x1f004],
  [0x1f0cf, 0x1f0cf],
  [0x1f18e, 0x1f18e],
  [0x1f191, 0x1f19a],
  [0x1f200, 0x1f320],
  [0x1f32d, 0x1f335],
  [0x1f337, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f7e0, 0x1f7eb],
  [0x1f900, 0x1faff],
  [0x20000, 0x3fffd],
];

const COMBINING = /^[\p{Mn}\p{Me}\p{Cf}]$/u;

/** Columns that a character takes (Unicode East Asian Width; combining marks and joiners take none). */
function width(character: string): number {
  const c = character.codePointAt(0) ?? 0;
  if (c < 0x300) return 1;
  if (COMBINING.test(character)) return 0;
  return WIDE.some(([first, last]) => c >= first && c <= last) ? 2 : 1;
}

const TAB = 4;

export interface Cells {
  /** What to print: one entry a column; '' where the character before it is two columns wide. */
  readonly cells: readonly string[];
  /** Column of each UTF-16 code unit of the text, and behind the last one. */
  readonly columns: readonly number[];
}

/** A piece of one line, laid out in columns. */
export function layOut(text: string): Cells {
  const cells: string[] = [];
  const columns: number[] = [];
  for (const character of text) {
    for (let i = 0; i < character.length; i++) columns.push(cells.length);
    if (character === '\t') {
      do cells.push(' ');
      while (cells.length % TAB !== 0);
      continue;
    }
    const shown = visible(character);
    const columnsTaken = width(shown);
    const last = cells.length - 1;
    if (columnsTaken === 0 && last >= 0) cells[last] = `${cells[last] ?? ''}${shown}`;
    else cells.push(shown);
    if (columnsTaken === 2) cells.push('');
  }
  columns.push(cells.length);
  return { cells, columns };
}

/** Breaks a text at spaces so that no line is longer than `limit`, where that is possible. */
export function wrap(text: string, limit: number): readonly string[] {
  const lines: string[] = [];
  let line: string | null = null;
  for (const word of text.split(' ')) {
    if (line === null) line = word;
    else if (line.length + 1 + word.length <= limit) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line ?? ''];
}
