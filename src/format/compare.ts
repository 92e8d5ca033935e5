/** Do two texts say the same, token for token? */
import { Scanner, T, type TokenKind } from '../../grammar/scanner.ts';

/**
 * The tokens that mean something in any case: commas may come and go at the end of a list, and a newline is as good as
 * a `;`.
 */
export class Anchors {
  readonly scanner: Scanner;

  constructor(text: string) {
    this.scanner = new Scanner(text);
  }

  next(): TokenKind {
    for (;;) {
      const kind = this.scanner.next();
      if (kind !== T.Separator && kind !== T.Comma) return kind;
    }
  }
}

/** True if both have the same tokens, separators and commas left aside. */
export function sameTokens(a: string, b: string): boolean {
  const left = new Anchors(a);
  const right = new Anchors(b);
  for (;;) {
    const kind = left.next();
    if (kind !== right.next()) return false;
    if (kind === T.EndOfFile) return true;
    const { start, end } = left.scanner;
    const at = right.scanner.start;
    if (right.scanner.end - at !== end - start) return false;
    for (let k = 0; k < end - start; k++) if (a.charCodeAt(start + k) !== b.charCodeAt(at + k)) return false;
  }
}
