/** What is said when wbfc itself fails. */
import { define, make } from '../diagnostics/define.ts';
import type { Diagnostic } from '../diagnostics/types.ts';

export const internalError = define<{ what: string }>({
  code: 'WBF9000',
  title: 'internal error',
  message: ({ what }) => `internal error: ${what}`,
  explanation: `wbfc met a case that it should never meet. This is a mistake in wbfc, not in the program.

Please report it, with the program and the command line. With \`WBFC_DEBUG=1\` in the environment the place in
wbfc is printed too.`,
});

/** For an editor: a failure must not look like a text without mistakes. */
export function internalDiagnostic(error: unknown): Diagnostic {
  const what = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  return make(
    internalError,
    { what },
    { file: 0, start: 0, end: 0 },
    { help: 'please report this, with the program' },
  );
}
