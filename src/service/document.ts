/** A text that an editor shows, and what is known of it. */
import type { Analysis } from '../project/compile.ts';
import { analyse } from '../project/compile.ts';
import { readLock } from '../project/lock.ts';
import type { Library } from '../project/compile.ts';
import type { Span } from '../../grammar/ast.ts';

export interface Document {
  readonly path: string;
  readonly text: string;
  readonly analysis: Analysis;
}

/**
 * Reads a text anew; it may be half-typed. `library` finds what it imports and loads; null where it is alone. `lock` is the
 * text of the `wbf.lock` beside it; one that cannot be read keeps nothing.
 */
export function readDocument(
  path: string,
  text: string,
  library: Library | null = null,
  lock: string | null = null,
): Document {
  const kept = lock === null ? null : readLock(lock).lock;
  return { path, text, analysis: analyse({ path, text }, { library, lock: kept }) };
}

export function covers(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}
