/** What a diagnostic is, whoever found it and however it is shown. */
import type { OfpErrorName } from '../openflow/errors.ts';

export type Severity = 'error' | 'warning' | 'information';

/** A place: UTF-16 offsets in the file with that index in the compilation's list of files. */
export interface Place {
  readonly file: number;
  readonly start: number;
  readonly end: number;
}

/** A secondary place, shown with a short text under its underline. */
export interface Label extends Place {
  readonly message: string;
}

/** A change of the text that mends the mistake; the edits do not overlap. */
export interface Fix {
  /** Imperative, as an editor shows it: "Add `icmp`". */
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

export interface TextEdit extends Place {
  readonly newText: string;
}

export interface Diagnostic {
  /** `WBF3001`; see `codes/`. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly place: Place;
  /** Text under the primary underline; empty for none. */
  readonly label: string;
  /** Related places, in the order of the source. */
  readonly related: readonly Label[];
  /** What is needed and why; one sentence each. */
  readonly notes: readonly string[];
  /** What to do, where it is known in words. */
  readonly help: string | null;
  /** Sure fixes only; the first is the preferred one. */
  readonly fixes: readonly Fix[];
  /** The error that the switch would answer with, if it has one. */
  readonly switchError: OfpErrorName | null;
}
