// The built command beside a switch: in a process of its own that this one does not wait for, in any environment.
import { fileURLToPath } from 'node:url';
import { WBFC } from '../cli/wbfc.ts';
import { labEnv, run, type Run, type RunOptions } from '../lab/process.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The environment of the command: nothing that makes Node slower to start. */
export function wbfcEnv(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return labEnv({ NO_COLOR: '1', ...more, NODE_EXTRA_CA_CERTS: undefined });
}

/** The words that start it, for `lab.execInside`. */
export function wbfcWords(...args: readonly string[]): [string, ...string[]] {
  return [process.execPath, WBFC, ...args];
}

/** Runs `wbfc ARGS` in the root of the repository, unless told otherwise. */
export function wbfc(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const [command, ...words] = wbfcWords(...args);
  return run(command, words, { cwd: root, timeout: 30_000, ...options, env: wbfcEnv(options.env) });
}
