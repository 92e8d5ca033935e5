// Where we refuse, on purpose, what the switch takes: the switch would silently do something else than what is written.
// Whoever means what the switch does says so at the flow (`allow = …`) or in other words.

export interface Stricter {
  /** Code of our diagnostic. */
  readonly code: string;
  readonly reason: string;
}

export const STRICTER: readonly Stricter[] = [];
