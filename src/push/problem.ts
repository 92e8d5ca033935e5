/** A failure that has no place in the source, and the exception that carries it through this room. */
import type { Definition, Details } from '../diagnostics/define.ts';
import type { OfpErrorName } from '../openflow/errors.ts';

/** Like a diagnostic, without a place: it is about the switch, not about the text. Plain data. */
export interface Problem {
  /** `WBF7001`; see `diagnostics/codes/push.ts`. */
  readonly code: string;
  readonly message: string;
  readonly notes: readonly string[];
  /** What to do. */
  readonly help: string | null;
  readonly switchError: OfpErrorName | null;
}

export function problem<P>(
  definition: Definition<P>,
  params: P,
  details: Pick<Details, 'notes' | 'help' | 'switchError'> = {},
): Problem {
  return {
    code: definition.code,
    message: definition.message(params),
    notes: details.notes ?? [],
    help: details.help ?? null,
    switchError: details.switchError ?? definition.switchError,
  };
}

/** Ends whatever is going on in a session; never leaves this room. */
export class PushError extends Error {
  override readonly name = 'PushError';
  readonly problem: Problem;
  /** Would another attempt make sense? (Not when the other side speaks something else.) */
  readonly transient: boolean;
  /** The reason alone, for a message about something larger. */
  readonly reason: string;

  constructor(what: Problem, transient = false, reason = what.message) {
    super(what.message);
    this.problem = what;
    this.transient = transient;
    this.reason = reason;
  }
}

/** The text of an exception that we did not make. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An error as the switch names it, or its numbers where it has no name. */
export function errorText(e: {
  readonly names: readonly OfpErrorName[];
  readonly type: number;
  readonly code: number;
}): string {
  return e.names.length > 0
    ? e.names.join(' or ')
    : `error type ${e.type}, code ${e.code}, which has no name`;
}
