/** A text that an editor shows, and what is known of it. */
import type { Analysis } from '../project/compile.ts';
import { analyse } from '../project/compile.ts';
import type { Library } from '../project/compile.ts';
import type { Span } from '../../grammar/ast.ts';

export interface Document {
  readonly path: string;
  readonly text: string;
  readonly analysis: Analysis;
}

/** Reads a text anew; it may be half-typed. `library` finds what it imports and loads; null where it is alone. */
export function readDocument(path: string, text: string, library: Library | null = null): Document {
  return { path, text, analysis: analyse({ path, text }, { library }) };
}

export function covers(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}
