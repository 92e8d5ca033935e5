/** Short ways from a span in the tree to a diagnostic. */
import type { Span } from '../../grammar/ast.ts';
import type { Definition, Details, Sink } from '../diagnostics/define.ts';
import { make } from '../diagnostics/define.ts';
import type { Fix, Label, Place } from '../diagnostics/types.ts';
import type { Located } from './types.ts';

/** Where diagnostics of one file go. */
export interface Reporter {
  readonly sink: Sink;
  readonly file: number;
}

export function place(file: number, span: Span): Place {
  return { file, start: span.start, end: span.end };
}

export function placeOf(located: Located): Place {
  return place(located.file, located.span);
}

export function label(located: Located, message: string): Label {
  return { ...placeOf(located), message };
}

/** False where the flow allows it: then nothing has been reported, and what is written holds. */
export function report<P>(
  ctx: Reporter,
  definition: Definition<P>,
  params: P,
  span: Span,
  details: Details = {},
): boolean {
  if (definition.allowable && ctx.sink.allows?.(definition.code) === true) return false;
  ctx.sink.add(make(definition, params, place(ctx.file, span), details));
  return true;
}

/** A fix that replaces one stretch of the text. */
export function replaceFix(ctx: Reporter, title: string, span: Span, newText: string): Fix {
  return { title, edits: [{ ...place(ctx.file, span), newText }] };
}
