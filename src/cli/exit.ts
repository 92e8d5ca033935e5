/** How a run ends. */

/** The exit codes, which others script against. The highest that applies wins. */
export const EXIT = {
  /** Done; there may be warnings. */
  ok: 0,
  /** The source has errors. */
  errors: 1,
  /** The command line, or a file that it names, is not usable. */
  usage: 2,
  /** The switch refused or did not answer, or wbfc itself failed. */
  failure: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export function worst(a: ExitCode, b: ExitCode): ExitCode {
  return a > b ? a : b;
}

/** Ends the command with exit code 2 and this message. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
