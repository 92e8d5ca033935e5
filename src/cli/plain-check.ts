/**
 * `wbfc check PATH…` without an option: the commonest command line, and the one that editors and hooks wait for.
 * It is a bundle of its own, without the parser of the command line and without the other commands.
 */
import { check } from './check.ts';
import type { ExitCode } from './exit.ts';
import { exitCodeOf } from './failure.ts';

export async function main(args: readonly string[]): Promise<ExitCode> {
  try {
    return await check(args.slice(1), { format: 'pretty' });
  } catch (error) {
    return exitCodeOf(error);
  }
}
