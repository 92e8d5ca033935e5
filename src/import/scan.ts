/** The first pass over an input: what is in it, in its order. */
import { otherLine } from '../diagnostics/codes/import-files.ts';
import { make } from '../diagnostics/define.ts';
import type { Sink } from '../diagnostics/define.ts';
import type { Item } from './items.ts';
import { readLines } from './lines.ts';
import type { Piece, TextSpan } from './piece.ts';
import { PieceBuilder, spanOf } from './piece.ts';
import type { Found } from './script.ts';
import { isScript, readShell } from './script.ts';

export interface Scanned {
  readonly items: readonly Item[];
  /** Comments at the top of the file, with a blank line below. */
  readonly header: readonly string[];
  /** Comments at the end of the file. */
  readonly trailer: readonly string[];
  /** What could not be read, in the order of the input; it has been reported. */
  readonly unreadable: readonly TextSpan[];
}

/** Finds the flows, groups, meters and options in a file of any kind. */
export function scan(text: string, sink: Sink): Scanned {
  const items: Item[] = [];
  const unreadable: TextSpan[] = [];
  let header: string[] = [];
  /** Comments that nothing has followed so far. */
  let carried: string[] = [];
  const found: Found = {
    sink,
    item: (item) => {
      items.push(carried.length === 0 ? item : { ...item, comments: [...carried, ...item.comments] });
      carried = [];
    },
    unreadable: (at) => unreadable.push(at),
    blank: (comments) => {
      if (items.length > 0 || header.length > 0 || comments.length === 0) return;
      header = [...carried, ...comments.splice(0)];
      carried = [];
    },
    leftover: (comments) => carried.push(...comments),
  };
  if (isScript(text)) readShell(text, found);
  else readFile(text, found);
  return { items, header, trailer: carried, unreadable };
}

const ESCAPE = '\u001b[';
/** What `--color=always` puts around words. */
const COLOR = /\u001b\[[0-9;]*[mK]/y; // eslint-disable-line no-control-regex -- that is what it looks for

function withoutColors({ text, start, end }: Piece): Piece {
  const builder = new PieceBuilder();
  for (let at = start; at < end;) {
    COLOR.lastIndex = at;
    const length = text.charCodeAt(at) === 0x1b ? (COLOR.exec(text)?.[0].length ?? 0) : 0;
    if (length === 0) builder.add(text.charAt(at), at);
    at += Math.max(length, 1);
  }
  return builder.build(end);
}

function readFile(text: string, found: Found): void {
  let first: TextSpan | null = null;
  let others = 0;
  const whole: Piece = { text, start: text.charCodeAt(0) === 0xfeff ? 1 : 0, end: text.length, map: null };
  readLines(text.includes(ESCAPE) ? withoutColors(whole) : whole, {
    item: (kind, piece, comments, dumped) => {
      const { text: from, start, end, map } = piece;
      found.item({ kind, text: from, start, end, map, comments, bridge: null, dumped });
    },
    other: (piece) => {
      first ??= spanOf(piece);
      others++;
    },
    blank: (comments) => {
      found.blank(comments);
    },
    leftover: (comments) => {
      found.leftover(comments);
    },
  });
  const at = first as TextSpan | null;
  if (at !== null) found.sink.add(make(otherLine, { more: others - 1 }, { file: 0, ...at }));
}
