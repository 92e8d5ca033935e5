/** What every report is made from. */
import type { Diagnostic, Severity } from '../diagnostics/types.ts';

/** A file of the source, under the path by which its user knows it. */
export interface ReportFile {
  readonly path: string;
  readonly text: string;
}

/** The outcome of one program: `Place.file` counts its files. */
export interface ReportBatch {
  readonly files: readonly ReportFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What a report says of a class of mistakes besides the message. */
export interface Rule {
  readonly title: string;
  /** Markdown paragraphs. */
  readonly explanation: string;
  readonly severity: Severity;
}

export interface ReportOptions {
  /** Terminal colours; `pretty` only. */
  readonly color: boolean;
  /** Version of the compiler. */
  readonly version: string;
  /** A path relative to the root of the repository with `/` between its parts, or null when it lies outside. */
  readonly repositoryPath: (path: string) => string | null;
  /** The declaration of a diagnostic; undefined for codes that it does not know. */
  readonly rule: (code: string) => Rule | undefined;
}

/** Makes the whole text of a report, its last newline included; empty where there is nothing to say. */
export type Reporter = (batches: readonly ReportBatch[], options: ReportOptions) => string;

export interface Counts {
  readonly error: number;
  readonly warning: number;
  readonly information: number;
}

export function count(batches: readonly ReportBatch[]): Counts {
  const counts = { error: 0, warning: 0, information: 0 };
  for (const batch of batches) for (const d of batch.diagnostics) counts[d.severity]++;
  return counts;
}
