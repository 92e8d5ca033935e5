/** Fixes that add a statement to a block in the block's own layout. */
import type { Span, Statement } from '../../grammar/ast.ts';
import type { Fix } from '../diagnostics/types.ts';
import { replaceFix } from './report.ts';
import type { Reporter } from './report.ts';

/** A reporter that knows the source. */
export interface LayoutContext extends Reporter {
  readonly scope: { textOf(file: number): string };
}

/**
 * Puts statements (`a; b`) first in a block: before its first statement on the same line, or on lines of their own with
 * the first statement's indentation. `brace` is the opening brace.
 */
export function insertFirst(
  ctx: LayoutContext,
  title: string,
  brace: Span,
  statements: readonly Pick<Statement, 'span'>[],
  words: string,
): Fix {
  const [first] = statements;
  const { end } = brace;
  const text = ctx.scope.textOf(ctx.file);
  if (first === undefined) {
    // `match {}` as much as `match { }`.
    const spaced = text[end] === ' ';
    return replaceFix(ctx, title, { start: end, end }, spaced ? ` ${words}` : ` ${words} `);
  }
  const { start } = first.span;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const indent = text.slice(lineStart, start);
  if (lineStart <= end || indent.trim() !== '') {
    return replaceFix(ctx, title, { start, end: start }, `${words}; `);
  }
  const newline = text[lineStart - 2] === '\r' ? '\r\n' : '\n';
  const lines = words.split('; ').map((line) => line + newline + indent);
  return replaceFix(ctx, title, { start, end: start }, lines.join(''));
}
