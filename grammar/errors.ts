/** What is wrong with the form of a file, as data; the words for it are in `src/diagnostics/`. */
import type { Span } from './ast.ts';
import type { LexicalProblem } from './scanner.ts';

export type SyntaxProblem =
  /** Something else should stand here. `expected` says what, `found` what does (empty at the end of the file). */
  | { readonly problem: 'expected'; readonly expected: string; readonly found: string }
  /** Two terms or statements without a newline or `;` between them. */
  | { readonly problem: 'missing separator'; readonly found: string }
  /** `{` at `span` has no `}`. `at` is where that showed. */
  | { readonly problem: 'unclosed block'; readonly at: Span }
  /** A `}` (or other closing mark) that closes nothing. */
  | { readonly problem: 'stray'; readonly found: string }
  /** Nesting deeper than any program needs. */
  | { readonly problem: 'too deep' }
  /** More operators in one expression than any program needs. */
  | { readonly problem: 'too long' }
  /** `a -b`, `5-x`: the sign is at `span`. */
  | { readonly problem: 'space around sign'; readonly sign: string }
  /** What stands in the `${…}` of a text is no name. */
  | { readonly problem: 'interpolation'; readonly found: string }
  /** `for`, `if`, `use` or `else` where nothing of the kind may stand; `where` says where it may. */
  | { readonly problem: 'misplaced'; readonly construct: string; readonly where: string };

export type GrammarError = { readonly span: Span } & (SyntaxProblem | { readonly problem: LexicalProblem });
