/** What is said on a terminal when wbfc itself fails. */
import { internalError } from '../service/internal.ts';

/** The whole text for an exception that nobody expected. */
export function describeInternal(error: unknown): string {
  const what = error instanceof Error ? error.message.split('\n')[0] : String(error);
  const head = `error[${internalError.code}]: ${internalError.message({ what: what ?? '' })}\n`;
  const help = 'help: please report this, with the program and the command line\n';
  const debug = process.env['WBFC_DEBUG'];
  if (debug === undefined || debug === '' || debug === '0') return head + help;
  return `${head}${error instanceof Error ? (error.stack ?? '') : ''}\n${help}`;
}
