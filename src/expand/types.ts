/** What goes into an expansion, and what comes out of it: one flat program without anything that happens at compile time. */
import type { DataTable } from '../data/types.ts';
import type { Sink } from '../diagnostics/define.ts';
import type { FlowDecl, Item, CompileTimeItem, Span, TableDecl } from '../../grammar/ast.ts';

/** A source file in memory. `path` is as the user gave it, or made of such with `/` between. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** The files of a project beside the one that is compiled. What it gives stays the same while it is compiled. */
export interface Library {
  /**
   * The file that is meant by `wanted`, written in the file at `from` (a `SourceFile.path`). `std/…` is not asked for
   * here. Never throws.
   */
  find(from: string, wanted: string): FoundFile | Missing;
}

export interface FoundFile {
  readonly kind: 'found';
  readonly file: SourceFile;
  /** The same for two ways to one file. */
  readonly identity: string;
  /** How cookies know it: relative to the directory of the main file, with `/`, without `.wbf`. */
  readonly module: string;
}

export interface Missing {
  readonly kind: 'missing';
  /** `outside`: of the project's root, after links have been followed. */
  readonly why: 'absent' | 'outside' | 'not a file' | 'unreadable' | 'too large' | 'not UTF-8';
  /** For the message: the root that was left, the system's reason, the limit, a path that may have been meant; empty for none. */
  readonly detail: string;
}

/** Where a declaration comes from. */
export interface Origin {
  /** Index into `Expanded.files` of the file in which its spans lie. */
  readonly file: number;
  /** `FoundFile.module`, `std/…` or, for the main file, nothing. */
  readonly module: string;
  /**
   * Which instance of the templates and loops around it: their arguments and values, never their position. The same
   * for the same arguments when others come and go. Empty outside of all of them.
   */
  readonly instance: string;
  /** The uses and loops that led there, the innermost first. */
  readonly chain: readonly Frame[];
}

export interface Frame {
  readonly file: number;
  readonly span: Span;
  /** As a label: ``in `vm(10.0.0.1)`, used here``, ``for `h` = 10.0.0.1``. */
  readonly message: string;
}

export interface ExpandedFlow {
  readonly kind: 'flow';
  readonly decl: FlowDecl;
  readonly origin: Origin;
}

export interface ExpandedTable {
  readonly kind: 'table';
  /** Its `flows` and `nested` are not to be used: they are as written. */
  readonly decl: TableDecl;
  readonly origin: Origin;
  /** All of them: its own, those of `extend table`, those that templates and loops made; in this order. */
  readonly flows: readonly (ExpandedFlow | ExpandedRows)[];
}

/** A loop over all rows of a CSV file that makes nothing but flows of one table; only where asked for. */
export interface ExpandedRows {
  readonly kind: 'rows';
  readonly table: DataTable;
  readonly count: number;
  /**
   * The flows of one row, the same as a plain expansion makes; `cells`, a text for each column, instead of those of the
   * file. `examined` are the columns whose texts decided anything but a literal that is passed on, the name of a flow, or
   * an instance.
   */
  expand(
    row: number,
    sink: Sink,
    cells?: readonly string[],
  ): {
    readonly flows: readonly ExpandedFlow[];
    readonly examined: ReadonlySet<number>;
    /**
     * Texts that those of a column were compared with for nothing but this: an argument that is the same as the default of
     * its parameter is left out of the instance. As they stand in instances.
     */
    readonly compared: ReadonlyMap<number, ReadonlySet<string>>;
  };
}

export interface ExpandedOther {
  readonly kind: 'other';
  readonly decl: Exclude<Item, FlowDecl | TableDecl | CompileTimeItem>;
  readonly origin: Origin;
}

export type ExpandedItem = ExpandedFlow | ExpandedTable | ExpandedOther;

/**
 * The program as one file would say it. Names of other files are unique: what is called `acl` in the module `lib/x` is
 * `lib/x.acl` here (with what the source wrote as `shown`), in declarations and in uses alike; those of the main file
 * are as they are. Expressions are literals, names of symbols, sets, lists, records, ranges and calls of such, with
 * `given` where their value was written elsewhere. What was in error is left out and has been reported.
 */
export interface Expanded {
  readonly items: readonly ExpandedItem[];
  /** The main file first; then modules and data files. */
  readonly files: readonly SourceFile[];
}
