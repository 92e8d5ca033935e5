/**
 * The words of a shell script, with quotes and backslashes taken away (POSIX shell, 2.2 and 2.3). Nothing is executed
 * and nothing expanded: where a value would come from a variable or a command, the word says so.
 */
import type { Piece, TextSpan } from '../piece.ts';
import { PieceBuilder } from '../piece.ts';

export interface Word {
  /** What the command is given. */
  readonly piece: Piece;
  readonly text: string;
  /** Where it stands, quotes and all. */
  readonly start: number;
  readonly end: number;
  /** Variables and commands in it, in the input. */
  readonly expansions: readonly TextSpan[];
  readonly quoted: boolean;
}

/** Ends a word where it is not quoted. */
const META = /[\s;&|<>()]/;

/** A character that begins a name, or a special parameter (POSIX 2.5.2). */
const PARAMETER = /[A-Za-z_0-9{(@*#?$!-]/;

/** Behind a `$` at `at`: the end of what it expands; the offset itself where it is just a dollar sign. */
export function expansionEnd(text: string, at: number, limit: number): number {
  const next = text[at + 1] ?? '';
  if (!PARAMETER.test(next) || at + 1 >= limit) return at;
  if (next === '{' || next === '(') {
    const close = next === '{' ? '}' : ')';
    let depth = 0;
    for (let i = at + 1; i < limit; i++) {
      if (text[i] === '\\') i++;
      else if (text[i] === next) depth++;
      else if (text[i] === close && --depth === 0) return i + 1;
    }
    return limit;
  }
  if (!/[A-Za-z_]/.test(next)) return at + 2;
  let end = at + 2;
  while (end < limit && /\w/.test(text[end] ?? '')) end++;
  return end;
}

/** The word that begins at `at`; null where a quote is not closed. */
export function readWord(text: string, at: number, limit: number): Word | null {
  let pos = at;
  let builder: PieceBuilder | null = null;
  const expansions: TextSpan[] = [];
  let quoted = false;
  // As long as nothing but the text itself is in the word, it is a part of the input.
  let plainFrom = at;
  let plainTo = at;
  const give = (char: string, from: number): void => {
    if (builder === null && from === plainTo) plainTo++;
    else if (builder === null && plainFrom === plainTo) {
      plainFrom = from;
      plainTo = from + 1;
    } else {
      if (builder === null) {
        builder = new PieceBuilder();
        for (let i = plainFrom; i < plainTo; i++) builder.add(text[i] ?? '', i);
      }
      builder.add(char, from);
    }
  };
  const expand = (): boolean => {
    const end = text[pos] === '`' ? closing(text, pos, '`', limit) : expansionEnd(text, pos, limit);
    if (end === pos) return false;
    expansions.push({ start: pos, end });
    while (pos < end) give(text[pos] ?? '', pos++);
    return true;
  };
  while (pos < limit) {
    const c = text[pos] ?? '';
    if (META.test(c)) break;
    if (c === '\\') {
      // A newline behind it is not there at all.
      if (text[pos + 1] === '\n') pos += 2;
      else if (text[pos + 1] === '\r' && text[pos + 2] === '\n') pos += 3;
      else {
        if (pos + 1 < limit) give(text[pos + 1] ?? '', pos + 1);
        pos += 2;
      }
      quoted = true;
    } else if (c === "'") {
      quoted = true;
      const end = text.indexOf("'", pos + 1);
      if (end === -1 || end >= limit) return null;
      for (let i = pos + 1; i < end; i++) give(text[i] ?? '', i);
      pos = end + 1;
    } else if (c === '"') {
      quoted = true;
      pos++;
      while (pos < limit && text[pos] !== '"') {
        const d = text[pos] ?? '';
        if (d === '\\' && /[$`"\\\n\r]/.test(text[pos + 1] ?? '')) {
          if (text[pos + 1] === '\n') pos += 2;
          else if (text[pos + 1] === '\r') pos += text[pos + 2] === '\n' ? 3 : 2;
          else {
            give(text[pos + 1] ?? '', pos + 1);
            pos += 2;
          }
        } else if ((d !== '$' && d !== '`') || !expand()) give(d, pos++);
      }
      if (pos >= limit) return null;
      pos++;
    } else if ((c !== '$' && c !== '`') || !expand()) give(c, pos++);
  }
  // The compiler does not see that `give` may have made one.
  const built = builder as PieceBuilder | null;
  const piece = built === null ? { text, start: plainFrom, end: plainTo, map: null } : built.build();
  return { piece, text: piece.text.slice(piece.start, piece.end), start: at, end: pos, expansions, quoted };
}

/** Behind the next such character that has no backslash before it. */
function closing(text: string, at: number, char: string, limit: number): number {
  for (let i = at + 1; i < limit; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === char) return i + 1;
  }
  return limit;
}
