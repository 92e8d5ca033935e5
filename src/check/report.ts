/** Short ways from a span in the tree to a diagnostic. */
import type { Span } from '../../grammar/ast.ts';
import type { Definition, Details, Sink } from '../diagnostics/define.ts';
import { make } from '../diagnostics/define.ts';
import { chained } from '../expand/origin.ts';
import type { Origin } from '../expand/types.ts';
import type { Fix, Label, Place } from '../diagnostics/types.ts';
import type { Located } from './types.ts';

/** Where diagnostics of one file go. */
export interface Reporter {
  readonly sink: Sink;
  readonly file: number;
}

/** The same context for what is declared elsewhere. `ctx.sink` must be that of the whole program. */
export function within<C extends Reporter>(ctx: C, origin: Origin): C {
  if (origin.file === ctx.file && origin.chain.length === 0) return ctx;
  return { ...ctx, file: origin.file, sink: chained(ctx.sink, origin) };
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
  if (isAllowed(ctx, definition)) return false;
  ctx.sink.add(make(definition, params, place(ctx.file, span), details));
  return true;
}

/** The same for who has nothing to go on with: an error counts, whatever the flow allows. */
export function refuse<P>(
  ctx: Reporter,
  definition: Definition<P>,
  params: P,
  span: Span,
  details: Details = {},
): void {
  if (definition.severity !== 'error') report(ctx, definition, params, span, details);
  else ctx.sink.add(make(definition, params, place(ctx.file, span), details));
}

/** Does the flow say that this is meant? */
export function isAllowed(
  ctx: Reporter,
  { allowable, code }: Pick<Definition<never>, 'allowable' | 'code'>,
): boolean {
  return allowable && ctx.sink.allows?.(code) === true;
}

/** A fix that replaces one stretch of the text. */
export function replaceFix(ctx: Reporter, title: string, span: Span, newText: string): Fix {
  return { title, edits: [{ ...place(ctx.file, span), newText }] };
}
