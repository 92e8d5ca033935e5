/** Puts what the scanner and the parser found into words. */
import type { GrammarError } from '../../grammar/errors.ts';
import type { Span } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/syntax.ts';
import { make } from '../diagnostics/define.ts';
import type { Diagnostic, Fix, Place } from '../diagnostics/types.ts';

/** What other languages write, and what is expected in its place. */
const FOREIGN: ReadonlySet<string> = new Set(['== `=`', '= `==`', '&& `and`', '|| `or`', '! `not`']);

/** The diagnostic for an error of the grammar in `text`, which is file number `file`. */
export function syntaxDiagnostic(error: GrammarError, text: string, file: number): Diagnostic {
  const place: Place = { file, start: error.span.start, end: error.span.end };
  const piece = text.slice(place.start, place.end);
  const edit = (title: string, newText: string, at: Span = error.span): Fix => ({
    title,
    edits: [{ file, start: at.start, end: at.end, newText }],
  });
  switch (error.problem) {
    case 'control character':
      return make(codes.controlCharacter, { code: codePoint(piece) }, place);
    case 'bidirectional control':
      return make(codes.bidirectionalControl, { code: codePoint(piece) }, place);
    case 'unexpected character':
      return make(codes.unexpectedCharacter, { text: piece }, place);
    case 'unterminated comment':
      return make(codes.unterminatedComment, {}, place, { help: 'close it with `*/`' });
    case 'unterminated string':
      return make(codes.unterminatedString, {}, place, { help: 'close it with `"`' });
    case 'bad escape':
      return make(codes.badEscape, {}, place, { help: 'write `\\\\` for a backslash' });
    case 'malformed number':
      return make(codes.malformedLiteral, { what: 'a number', text: piece }, place);
    case 'malformed MAC':
      return make(codes.malformedLiteral, { what: 'a MAC address', text: piece }, place, {
        help: 'a MAC address is six pairs of hexadecimal digits: `02:00:00:00:00:01`',
      });
    case 'malformed IPv4':
      return make(codes.malformedLiteral, { what: 'an IPv4 address', text: piece }, place, {
        help: 'an IPv4 address is four numbers from 0 to 255, without leading zeros',
      });
    case 'malformed IPv6':
      return make(codes.malformedLiteral, { what: 'an IPv6 address', text: piece }, place);
    case 'dash in name':
      return make(codes.dashInName, {}, place, {
        help: 'write a name with dashes as a string, and a range of names with `..`',
      });
    case 'typographic quotes':
      return make(codes.unexpectedCharacter, { text: piece }, place, {
        help: 'strings are in straight quotes: `"`',
        fixes: [edit('Write straight quotes', `"${piece.slice(1, -1).replaceAll('"', '\\"')}"`)],
      });
    case 'space around slash':
      return make(codes.spaceAroundSlash, {}, place, {
        help: 'a division is `div(a, b)`',
        fixes: [edit('Remove the space', '/', spaceAround(text, error.span))],
      });
    case 'colon without space':
      return make(codes.colonWithoutSpace, {}, place, { help: 'put a space after the `:` of a record' });
    case 'expected': {
      const { expected, found } = error;
      const instead = FOREIGN.has(`${found} ${expected}`)
        ? expected.replaceAll('`', '')
        : found === ',' && expected.includes('`;`')
          ? ';'
          : null;
      return make(codes.expected, { expected, found }, place, {
        ...(found === '%' ? { help: 'the remainder of a division is `mod(a, b)`' } : {}),
        fixes: instead === null ? [] : [edit(`Write \`${instead}\``, instead === 'not' ? 'not ' : instead)],
      });
    }
    case 'missing separator':
      return make(codes.missingSeparator, { found: error.found }, place, {
        fixes: [edit('Insert `;`', '; ', { start: beforeSpace(text, place.start), end: place.start })],
      });
    case 'unclosed block':
      return make(codes.unclosed, { mark: piece }, place, {
        related: [
          { file, start: error.at.start, end: error.at.end, message: 'it should be closed before this' },
        ],
      });
    case 'stray':
      return make(codes.stray, { found: error.found }, place);
    case 'too deep':
      return make(codes.tooDeep, {}, place);
    case 'too long':
      return make(codes.tooLong, {}, place);
    case 'space around sign':
      return make(codes.spaceAroundSign, { sign: error.sign }, place, {
        help: 'of flags each has its sign (`+trk+est`), and a range between names is written `first..last`',
        fixes: [edit('Put spaces around it', ` ${piece} `, spaceAround(text, error.span))],
      });
    case 'interpolation':
      return make(codes.interpolation, { found: error.found }, place, {
        help: 'write `$${` for the text `${`, and give an expression a name with `const`',
      });
    case 'misplaced':
      return make(codes.misplaced, { construct: error.construct, where: error.where }, place);
  }
}

function codePoint(text: string): string {
  return `U+${(text.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function beforeSpace(text: string, at: number): number {
  let start = at;
  while (start > 0 && (text[start - 1] === ' ' || text[start - 1] === '\t')) start--;
  return start;
}

function spaceAround(text: string, span: Span): Span {
  let { end } = span;
  while (text[end] === ' ' || text[end] === '\t') end++;
  return { start: beforeSpace(text, span.start), end };
}
