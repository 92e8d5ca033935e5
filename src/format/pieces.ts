/** The pieces that a text is made of: its tokens and its comments, in columns so that a large file costs little. */
import { Scanner, T } from '../../grammar/scanner.ts';

/** The kinds of tokens, and what else there is. */
export const P = {
  ...T,
  LineComment: 32,
  BlockComment: 33,
  /** Some text that is left as it is: see `verbatim` in `roles.ts`. */
  Verbatim: 34,
  /** A comma that is not needed, or what has become a part of a verbatim text. */
  Nothing: 35,
} as const;

/** What is known of a piece. */
export const F = {
  /** Begins a statement, a declaration or a comment of its own. */
  START: 1,
  /** A brace around statements or declarations, not that of a set or a record. */
  BLOCK: 2,
  /** A word that is no name here: a keyword or an operator. */
  WORD: 4,
  /** Opens something that is written over several lines. */
  BREAK: 8,
  /** A comment behind the last token of its line. */
  TRAIL: 16,
  /** A comment behind the `{` that opens a block, on its line. */
  HUG: 32,
  /** A comment on a line of its own, within a list. */
  OWN: 64,
  /** Begins a new line in the middle of a statement. */
  NEWLINE: 128,
  /** Opens a list in which a comma may stand behind the last element. */
  COMMAS: 256,
  /** Opens something that is never broken: the bits of a field. */
  TIGHT: 512,
  /** Opens a list that is broken because it is too long, not because it was written so. */
  WRAP: 1024,
} as const;

/** Of how far a piece is from the one before it when both are on one line. */
export const GAP = {
  NONE: 0,
  SPACE: 1,
  /** `; ` */
  SEMICOLON: 2,
} as const;

/** By `GAP`. */
export const SPACES: readonly string[] = ['', ' ', '; '];

export class Pieces {
  readonly text: string;
  /** Number of pieces. The first is the beginning of the file, the last its end. */
  count = 0;
  kind: Uint8Array<ArrayBuffer>;
  start: Int32Array<ArrayBuffer>;
  end: Int32Array<ArrayBuffer>;
  /** Newlines before it: 0, 1, or 2 for more. */
  lines: Uint8Array<ArrayBuffer>;
  /** 1: the scanner has seen a separator before it; 2: there is a `;` between it and the piece before. */
  separated: Uint8Array<ArrayBuffer>;
  flags: Uint16Array<ArrayBuffer>;
  gap: Uint8Array<ArrayBuffer>;
  /** Of what opens: where it closes. */
  match: Int32Array<ArrayBuffer>;
  /** Column at which it would begin were the whole file on one line. */
  flat: Int32Array<ArrayBuffer>;

  constructor(text: string) {
    this.text = text;
    const room = 64 + (text.length >> 2);
    this.kind = new Uint8Array(room);
    this.start = new Int32Array(room);
    this.end = new Int32Array(room);
    this.lines = new Uint8Array(room);
    this.separated = new Uint8Array(room);
    this.flags = new Uint16Array(room);
    this.gap = new Uint8Array(room);
    this.match = new Int32Array(room);
    this.flat = new Int32Array(room);
  }

  add(kind: number, start: number, end: number, lines: number, separated: number): void {
    const i = this.count++;
    if (i === this.kind.length) this.grow();
    this.kind[i] = kind;
    this.start[i] = start;
    this.end[i] = end;
    this.lines[i] = lines > 2 ? 2 : lines;
    this.separated[i] = separated;
  }

  private grow(): void {
    const room = this.kind.length * 2;
    const bytes = (old: Uint8Array): Uint8Array<ArrayBuffer> => {
      const made = new Uint8Array(room);
      made.set(old);
      return made;
    };
    const words = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const made = new Int32Array(room);
      made.set(old);
      return made;
    };
    this.kind = bytes(this.kind);
    this.start = words(this.start);
    this.end = words(this.end);
    this.lines = bytes(this.lines);
    this.separated = bytes(this.separated);
    this.flags = new Uint16Array(room);
    this.gap = bytes(this.gap);
    this.match = words(this.match);
    this.flat = words(this.flat);
  }

  kindOf(i: number): number {
    return this.kind[i] as number;
  }

  is(i: number, flag: number): boolean {
    return ((this.flags[i] as number) & flag) !== 0;
  }

  set(i: number, flag: number): void {
    this.flags[i] = (this.flags[i] as number) | flag;
  }

  length(i: number): number {
    return (this.end[i] as number) - (this.start[i] as number);
  }

  /** The characters of a piece. Comments lose the blanks at the ends of their lines. */
  textOf(i: number): string {
    const text = this.text.slice(this.start[i], this.end[i]);
    return this.kind[i] === P.BlockComment ? text.replace(/[ \t\r]+$/gm, '') : text;
  }

  isComment(i: number): boolean {
    const kind = this.kind[i];
    return kind === P.LineComment || kind === P.BlockComment;
  }

  opens(i: number): boolean {
    const kind = this.kind[i];
    return kind === P.LeftBrace || kind === P.LeftParen || kind === P.LeftBracket;
  }

  closes(i: number): boolean {
    const kind = this.kind[i];
    return kind === P.RightBrace || kind === P.RightParen || kind === P.RightBracket;
  }

  word(i: number): string {
    return this.kind[i] === P.Identifier ? this.text.slice(this.start[i], this.end[i]) : '';
  }

  /** Behind the comments on the line of what opens. */
  pastHugging(open: number): number {
    let k = open + 1;
    while (this.is(k, F.HUG)) k++;
    return k;
  }

  /** The pieces `from` to `to` on one line; `gap`: with what stands before the first. */
  flatText(from: number, to: number, gap = false): string {
    let out = '';
    for (let k = from; k < to; k++) {
      if (gap || k > from) out += SPACES[this.gap[k] as number] ?? '';
      out += this.textOf(k);
    }
    return out;
  }

  /** Is there a newline within it? */
  spansLines(i: number): boolean {
    const kind = this.kind[i];
    return (kind === P.BlockComment || kind === P.Verbatim) && this.textOf(i).includes('\n');
  }
}

/** Takes a text apart that has no errors. */
export function piecesOf(text: string): Pieces {
  const pieces = new Pieces(text);
  const scanner = new Scanner(text);
  pieces.add(P.EndOfFile, 0, 0, 0, 0);
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let separated = 0;
  for (;;) {
    const kind = scanner.next();
    if (kind === T.Separator) {
      separated = 1;
      continue;
    }
    const start = kind === T.EndOfFile ? text.length : scanner.start;
    addBetween(pieces, at, start, separated);
    if (kind === T.EndOfFile) break;
    pieces.kind[pieces.count - 1] = kind;
    pieces.end[pieces.count - 1] = at = scanner.end;
    separated = 0;
  }
  return pieces;
}

/** Adds the comments of `text[from..to)`, and the piece that begins at `to`, of which only its beginning is known. */
function addBetween(pieces: Pieces, from: number, to: number, separated: number): void {
  const { text } = pieces;
  let lines = 0;
  let semicolon = 0;
  for (let p = from; p < to; p++) {
    const c = text.charCodeAt(p);
    if (c === 10) lines++;
    else if (c === 59) semicolon = 2;
    else if (c === 47) {
      const block = text.charCodeAt(p + 1) === 42;
      const close = block ? text.indexOf('*/', p + 2) : text.indexOf('\n', p);
      const end = close === -1 ? to : block ? close + 2 : close;
      let last = end;
      if (!block) while (isBlank(text.charCodeAt(last - 1))) last--;
      pieces.add(block ? P.BlockComment : P.LineComment, p, last, lines, semicolon);
      lines = 0;
      semicolon = 0;
      p = end - 1;
    }
  }
  pieces.add(P.EndOfFile, to, to, lines, separated | semicolon);
}

const isBlank = (c: number): boolean => c === 32 || c === 9 || c === 13;
