/** A file named on the command line, compiled. */
import type { Compilation } from '../project/compile.ts';
import { compileBytes, HostError } from '../project/host.ts';
import { nodeHost, readStdin } from './node-host.ts';

/** How standard input is named on the command line, and in diagnostics. */
export const STDIN = '-';
const STDIN_PATH = '<stdin>';

/** Throws `HostError` where there is nothing to read. */
export function compilePath(path: string): Compilation {
  if (path === STDIN) return compileBytes(STDIN_PATH, readStdin());
  if (nodeHost.kind(path) === 'directory') {
    throw new HostError(path, 'this is a directory; `wbfc check` takes directories, other commands take files');
  }
  return compileBytes(path, nodeHost.read(path));
}
