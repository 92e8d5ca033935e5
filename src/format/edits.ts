/** What the formatter changes, as edits between the tokens. */
import { T } from '../../grammar/scanner.ts';
import { Anchors } from './compare.ts';

/** Replaces `text[start..end)`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/** The edits that make `formatted` of the text that it was made from, in order; no token is touched but commas. */
export function editsBetween(text: string, formatted: string): Edit[] {
  const edits: Edit[] = [];
  const before = new Anchors(text);
  const after = new Anchors(formatted);
  let from = 0;
  let to = 0;
  for (;;) {
    const kind = before.next();
    after.next();
    const old = text.slice(from, before.scanner.start);
    const made = formatted.slice(to, after.scanner.start);
    if (old !== made) edits.push(smallest(old, made, from));
    if (kind === T.EndOfFile) return edits;
    from = before.scanner.end;
    to = after.scanner.end;
  }
}

/** Without what is the same at the beginning and at the end. */
function smallest(old: string, made: string, at: number): Edit {
  const most = Math.min(old.length, made.length);
  let head = 0;
  while (head < most && old.charCodeAt(head) === made.charCodeAt(head)) head++;
  // An editor has no place between the two characters of a line end.
  if (head > 0 && old.charAt(head - 1) === '\r') head--;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail) === made.at(-1 - tail)) tail++;
  if (tail > 0 && old.at(-1 - tail) === '\r' && old.at(-tail) === '\n') tail--;
  return { start: at + head, end: at + old.length - tail, newText: made.slice(head, made.length - tail) };
}
