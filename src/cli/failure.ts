/** What becomes of an exception: a message and an exit code, never a stack trace. */
import type { ExitCode } from './exit.ts';
import { EXIT, UsageError } from './exit.ts';
import { complain, STDERR, write } from './output.ts';

export async function exitCodeOf(error: unknown): Promise<ExitCode> {
  if (error instanceof UsageError || isHostError(error)) {
    complain(error.message);
    return EXIT.usage;
  }
  await reportInternal(error);
  return EXIT.failure;
}

/** By name: its class is loaded with the compiler only. */
function isHostError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'HostError';
}

async function reportInternal(error: unknown): Promise<void> {
  const { describeInternal } = await import('./internal.ts');
  write(STDERR, describeInternal(error));
}

/** What escapes in a callback of a socket or a timer must not end in a stack trace and an exit code of 1. */
export function guard(): void {
  const fail = (error: unknown): void => {
    void reportInternal(error).finally(() => process.exit(EXIT.failure));
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
}
