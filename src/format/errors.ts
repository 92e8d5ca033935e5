/** What the grammar finds wrong with a text, without a tree of all of it where it is large. */
import type { GrammarError } from '../../grammar/errors.ts';
import { outline } from '../../grammar/outline.ts';
import { parse, parseFlow, parseTokens } from '../../grammar/parser.ts';

/** From this length on flows of a kind are read once. */
const LARGE = 100_000;

export function syntaxErrors(text: string): readonly GrammarError[] {
  const skimmed = text.length < LARGE ? null : outline(text);
  if (skimmed === null) return parse(text).errors;
  const { errors } = parseTokens(text, skimmed.vector);
  const { flows, shapes } = skimmed;
  const unlisted = shapes.filter((shape) => !shape.listed);
  const more = unlisted.flatMap(({ exemplar }) => {
    return parseFlow(text, flows.start[exemplar] ?? 0, flows.end[exemplar] ?? 0).errors;
  });
  return more.length === 0 ? errors : [...errors, ...more].sort((a, b) => a.span.start - b.span.start);
}
