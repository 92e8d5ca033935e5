/** Texts with names in them: `"web_${h.name}"`. */
import type { IToken } from 'chevrotain';
import type { Name, NameExpr, Span, StringExpr } from './ast.ts';
import { spanOf } from './literals.ts';
import { unescapeString } from './scanner.ts';

/** `$${` is the text `${`. */
const OPENING = /\$?\$\{/g;
const PATH = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;

/** Is told of what stands between `${` and `}` and is no name; `found` is empty where nothing does. */
export type InterpolationProblem = (span: Span, found: string) => void;

/** The text of a string token. */
export function stringOf(token: IToken, problem: InterpolationProblem): StringExpr {
  const span = spanOf(token);
  const { image } = token;
  if (!image.includes('${')) return { kind: 'string', value: unescapeString(image), span };
  const parts: (string | NameExpr)[] = [];
  // Escapes are resolved in the texts only, so that `\u{24}{` is never taken for an opening.
  let raw = '';
  const flush = (): void => {
    if (raw !== '') parts.push(unescapeString(`"${raw}"`));
    raw = '';
  };
  const end = image.length - 1;
  let at = 1;
  for (const { 0: opening, index } of image.matchAll(OPENING)) {
    // Within what has been taken for a name already.
    if (index < at) continue;
    raw += image.slice(at, index);
    at = index + opening.length;
    if (opening === '$${') {
      raw += '${';
      continue;
    }
    const close = image.indexOf('}', at);
    const start = span.start + at;
    if (close === -1) {
      problem({ start: start - 2, end: span.start + end }, '');
      at = end;
      break;
    }
    const inside = image.slice(at, close);
    if (PATH.test(inside)) {
      flush();
      parts.push(nameAt(inside, start));
    } else {
      problem(
        inside === '' ? { start: start - 2, end: start + 1 } : { start, end: start + inside.length },
        inside,
      );
    }
    at = close + 1;
  }
  raw += image.slice(at, end);
  flush();
  const value = parts.filter((part) => typeof part === 'string').join('');
  return parts.some((part) => typeof part !== 'string')
    ? { kind: 'string', value, parts, span }
    : { kind: 'string', value, span };
}

function nameAt(text: string, start: number): NameExpr {
  let at = start;
  const path = text.split('.').map((word): Name => {
    const span = { start: at, end: at + word.length };
    at = span.end + 1;
    return { text: word, span };
  });
  return { kind: 'name', path, subfield: null, span: { start, end: start + text.length } };
}
