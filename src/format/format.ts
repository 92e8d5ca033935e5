/**
 * The house style: the same program with the blanks, the lines and the commas that it should have.
 *
 * It goes from token to token of the text, not from the tree, so that nothing can get lost; what comes out has the same
 * tokens as what went in, and that is looked at each time.
 */
import type { GrammarError } from '../../grammar/errors.ts';
import { sameTokens } from './compare.ts';
import { syntaxErrors } from './errors.ts';
import { piecesOf } from './pieces.ts';
import { print } from './print.ts';
import { assignRoles } from './roles.ts';

export interface Formatted {
  /** The text in its house style; the text itself where it has errors. */
  readonly text: string;
  /** Why it was left alone. */
  readonly errors: readonly GrammarError[];
}

/** Formats a file. Its line ends (LF or CRLF, by its first) and its byte order mark stay. */
export function format(text: string): Formatted {
  const errors = syntaxErrors(text);
  if (errors.length > 0) return { text, errors };
  const crlf = text.charAt(text.indexOf('\n') - 1) === '\r';
  const plain = text.replaceAll('\r\n', '\n');
  const pieces = piecesOf(plain);
  assignRoles(pieces);
  const printed = print(pieces);
  if (!sameTokens(plain, printed)) throw new Error('the formatter has changed more than looks');
  return { text: crlf ? printed.replaceAll('\n', '\r\n') : printed, errors: [] };
}
