/**
 * Every diagnostic is declared once, in `codes/*.ts`, with a message made from typed parameters: a missing
 * parameter is a type error, and there are no free-string messages anywhere else.
 */
import type { OfpErrorName } from '../openflow/errors.ts';
import type { Diagnostic, Fix, Label, Place, Severity } from './types.ts';

/** The declaration of a diagnostic. `P` is what its message needs to know. */
export interface Definition<P> {
  /** `WBF3001`. Never reused for something else once released. */
  readonly code: string;
  readonly severity: Severity;
  /** What the class of mistakes is called, for lists and SARIF rules; no parameters. */
  readonly title: string;
  /** One line, lower case, no full stop. */
  readonly message: (params: P) => string;
  /** The switch's answer to this mistake when it is always the same; a report may name another. */
  readonly switchError: OfpErrorName | null;
  /**
   * A flow may turn it off with `allow`. So it is with warnings, and with errors where the switch takes what is written
   * and does it; who reports such an error goes on with what was written where `report` says that it does not count.
   */
  readonly allowable: boolean;
  /** What `wbfc explain` prints: what it means, why it is refused, what to do. Markdown paragraphs. */
  readonly explanation: string;
  /** A complete small program that gives exactly this diagnostic, and the same without the mistake; both are compiled by a test. */
  readonly example: { readonly bad: string; readonly good: string } | null;
}

/** Declares a diagnostic; fills what may be left out. */
export function define<P = object>(
  definition: Omit<Definition<P>, 'severity' | 'switchError' | 'allowable' | 'example'> &
    Partial<Pick<Definition<P>, 'severity' | 'switchError' | 'allowable' | 'example'>>,
): Definition<P> {
  const allowable = definition.severity === 'warning';
  return { severity: 'error', switchError: null, allowable, example: null, ...definition };
}

/** What a report may add to the message. */
export interface Details {
  readonly label?: string;
  readonly related?: readonly Label[];
  readonly notes?: readonly string[];
  readonly help?: string;
  readonly fixes?: readonly Fix[];
  /** Another answer of the switch than the usual one; null where it has none. */
  readonly switchError?: OfpErrorName | null;
}

/** Makes a diagnostic of a declared kind. */
export function make<P>(
  definition: Definition<P>,
  params: P,
  place: Place,
  details: Details = {},
): Diagnostic {
  return {
    code: definition.code,
    severity: definition.severity,
    message: definition.message(params),
    place,
    label: details.label ?? '',
    related: details.related ?? [],
    notes: details.notes ?? [],
    help: details.help ?? null,
    fixes: details.fixes ?? [],
    switchError: details.switchError === undefined ? definition.switchError : details.switchError,
  };
}

/** Where the stages of the compiler put what they find. */
export interface Sink {
  add(diagnostic: Diagnostic): void;
  /** True where the source says that this is meant: it is then not to be added. Asked only what is allowable. */
  allows?(code: string): boolean;
}

/** A sink that keeps everything. */
export class DiagnosticBag implements Sink {
  readonly all: Diagnostic[] = [];

  add(diagnostic: Diagnostic): void {
    this.all.push(diagnostic);
  }

  get hasErrors(): boolean {
    return this.all.some((d) => d.severity === 'error');
  }
}
