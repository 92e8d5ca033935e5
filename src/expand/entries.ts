/** What the walk through a program leaves behind: declarations with what names mean there. */
import type { FlowDecl, Item, Name, CompileTimeItem, TableDecl } from '../../grammar/ast.ts';
import type { Env } from './env.ts';
import type { ExpandedRows } from './types.ts';

export interface FlowEntry {
  readonly kind: 'flow';
  readonly decl: FlowDecl;
  readonly env: Env;
}

export interface TableEntry {
  readonly kind: 'table';
  readonly decl: TableDecl;
  readonly env: Env;
  readonly name: Name;
  readonly flows: (FlowEntry | RowsEntry)[];
}

export interface OtherEntry {
  readonly kind: 'other';
  readonly decl: Exclude<Item, FlowDecl | TableDecl | CompileTimeItem>;
  readonly env: Env;
  /** Null for what has none. */
  readonly name: Name | null;
}

/** A loop over the rows of a file that are expanded when somebody asks. */
export interface RowsEntry {
  readonly kind: 'rows';
  readonly rows: ExpandedRows;
}

export type Entry = FlowEntry | TableEntry | OtherEntry;
