/** What is said when wbfc itself fails. */
import { define } from '../diagnostics/define.ts';

export const internalError = define<{ what: string }>({
  code: 'WBF9000',
  title: 'internal error',
  message: ({ what }) => `internal error: ${what}`,
  explanation: `wbfc met a case that it should never meet. This is a mistake in wbfc, not in the program.

Please report it, with the program and the command line. With \`WBFC_DEBUG=1\` in the environment the place in
wbfc is printed too.`,
});

/** The whole text for an exception that nobody expected. */
export function describeInternal(error: unknown): string {
  const what = error instanceof Error ? error.message.split('\n')[0] : String(error);
  const head = `error[${internalError.code}]: ${internalError.message({ what: what ?? '' })}\n`;
  const help = 'help: please report this, with the program and the command line\n';
  const debug = process.env['WBFC_DEBUG'];
  if (debug === undefined || debug === '' || debug === '0') return head + help;
  return `${head}${error instanceof Error ? (error.stack ?? '') : ''}\n${help}`;
}
