/** What can be wrong with a data file itself, before anybody uses a value of it. */
import type { Span } from '../../grammar/ast.ts';

export type DataFormat = 'CSV' | 'JSON' | 'YAML';

/** Spans lie in the data file. */
export type DataProblem =
  /** The name ends in none of the known extensions. */
  | { readonly kind: 'format'; readonly span: Span; readonly extension: string }
  /** `reason` is one line, lower case, without a full stop. */
  | { readonly kind: 'syntax'; readonly span: Span; readonly format: DataFormat; readonly reason: string }
  /** A line of a CSV file has another number of cells than the first one; it is left out. */
  | { readonly kind: 'cells'; readonly span: Span; readonly cells: number; readonly columns: number }
  /** A column without a name, counted from 1. */
  | { readonly kind: 'unnamed'; readonly span: Span; readonly column: number }
  /** The name of a column, or the key of a record, is there already. */
  | { readonly kind: 'repeated'; readonly span: Span; readonly name: string; readonly first: Span }
  | { readonly kind: 'limit'; readonly span: Span; readonly limit: DataLimit }
  /** Of one file no more than `MAX_PROBLEMS` are told. */
  | { readonly kind: 'more'; readonly span: Span; readonly count: number };

/** Which limit was passed. */
export type DataLimit = keyof typeof LIMITS;

/** What a data file may have, so that no file takes the compiler's memory or time. */
export const LIMITS = {
  /** Characters (UTF-16 units) of a CSV or JSON file. */
  characters: 64 * 1024 * 1024,
  /** Characters of a YAML file, whose reader is slower. */
  'YAML characters': 4 * 1024 * 1024,
  /** Lists and records in one another. */
  depth: 64,
  /** Values, those behind an alias counted as often as it is used. */
  values: 4_000_000,
} as const;

export const MAX_PROBLEMS = 20;

/** Keeps the first problems and counts the others. */
export class Problems {
  private readonly kept: DataProblem[] = [];
  private last: Span = { start: 0, end: 0 };
  private more = 0;

  add(problem: DataProblem): void {
    if (this.kept.length < MAX_PROBLEMS) this.kept.push(problem);
    else {
      if (this.more === 0) this.last = problem.span;
      this.more++;
    }
  }

  get all(): readonly DataProblem[] {
    return this.more === 0 ? this.kept : [...this.kept, { kind: 'more', span: this.last, count: this.more }];
  }
}
