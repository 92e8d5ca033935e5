/** From the trees of a program's files to one flat program. */
import type { FileNode } from '../../grammar/ast.ts';
import type { GrammarError } from '../../grammar/errors.ts';
import type { Sink } from '../diagnostics/define.ts';
import { plainItems } from './plain.ts';
import type { Expanded, Library, SourceFile } from './types.ts';

export interface ExpandOptions {
  /** Loops over large files of data are left as `ExpandedRows` where they can be. */
  readonly rows?: boolean;
  /** Is told of the syntax errors of a module, which has that index in `Expanded.files`. */
  readonly syntax?: (errors: readonly GrammarError[], file: SourceFile, index: number) => void;
}

/** Never throws for what a user wrote. `library` null: there are no other files. */
export function expand(
  main: SourceFile,
  tree: FileNode,
  library: Library | null,
  sink: Sink,
  options: ExpandOptions = {},
): Expanded {
  void [library, sink, options];
  return { items: plainItems(tree), files: [main] };
}
