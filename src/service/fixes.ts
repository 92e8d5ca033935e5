/** Ways to mend the mistakes of a stretch of text, or to say that they are none. */
import type { Span } from '../../grammar/ast.ts';
import type { Diagnostic, TextEdit } from '../diagnostics/types.ts';
import { allowFix } from './allow.ts';
import type { Document } from './document.ts';

export interface QuickFix {
  readonly title: string;
  /** The mistake that it mends. */
  readonly diagnostic: Diagnostic;
  readonly edits: readonly TextEdit[];
  /** The one to take without asking, where a diagnostic has several. */
  readonly preferred: boolean;
}

export function fixesAt(document: Document, span: Span): readonly QuickFix[] {
  return document.analysis.diagnostics
    .filter((d) => d.place.file === 0 && d.place.start <= span.end && span.start <= d.place.end)
    .flatMap((diagnostic) => {
      const mending = diagnostic.fixes.map((fix, i) => ({ ...fix, diagnostic, preferred: i === 0 }));
      const allowing = allowFix(document, diagnostic);
      return allowing === null ? mending : [...mending, { ...allowing, diagnostic, preferred: false }];
    });
}
