/** From the trees of a program's files to one flat program. */
import type { FileNode } from '../../grammar/ast.ts';
import type { GrammarError } from '../../grammar/errors.ts';
import type { Sink } from '../diagnostics/define.ts';
import { emit } from './emit.ts';
import type { Module, Program } from './env.ts';
import { Redirected, Scope } from './env.ts';
import { Fuel } from './fuel.ts';
import { Modules } from './modules.ts';
import type { Expanded, ExpandedItem, Library, SourceFile } from './types.ts';
import { Walk } from './walk.ts';

export interface ExpandOptions {
  /** Loops over data of at least this many rows are left as `ExpandedRows` where they can be; left out: none are. */
  readonly rowsFrom?: number;
  /** Is told of the syntax errors of a module, which has that index in `Expanded.files`. */
  readonly syntax?: (errors: readonly GrammarError[], file: SourceFile, index: number) => void;
  /** How much may be made at compile time; for tests. */
  readonly fuel?: number;
}

/** Never throws for what a user wrote. `library` null: there are no other files. */
export function expand(
  main: SourceFile,
  tree: FileNode,
  library: Library | null,
  sink: Sink,
  options: ExpandOptions = {},
): Expanded {
  const files = [main];
  const program: Program = {
    sink: new Redirected(sink),
    library,
    files,
    fuel: new Fuel(options.fuel),
    data: new Map(),
    badCells: new Set(),
  };
  const walk = new Walk(options.rowsFrom ?? Infinity);
  const modules = new Modules(program, walk, options.syntax ?? (() => undefined));
  const module: Module = { file: 0, path: main.path, name: '', tree, scope: new Scope(''), program };
  modules.enter(module, identityOf(main, library));
  walk.finish();
  const items = walk.entries.map(emit).filter((item) => item !== null);
  return { items: program.fuel.empty ? items.flatMap(withoutFlows) : items, files };
}

/** What the library knows the main file by, so that who imports it is found out. */
function identityOf({ path }: SourceFile, library: Library | null): string {
  const base = path.split(/[/\\]/).at(-1) ?? '';
  const found = base === '' ? undefined : library?.find(path, base);
  return found?.kind === 'found' ? found.identity : `main:${path}`;
}

/** Of a program that has grown beyond all bounds nobody wants to know what is wrong with its flows. */
function withoutFlows(item: ExpandedItem): ExpandedItem[] {
  if (item.kind === 'flow') return [];
  return [item.kind === 'table' ? { ...item, flows: [] } : item];
}
