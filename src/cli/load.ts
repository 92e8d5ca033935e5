/** A file named on the command line. */
import type { Compilation } from '../project/compile.ts';
import { compileBytes, HostError } from '../project/host.ts';
import { nodeHost, readStdin } from './node-host.ts';

/** How standard input is named on the command line, and in diagnostics. */
export const STDIN = '-';
const STDIN_PATH = '<stdin>';

/** Throws `HostError` where there is nothing to read. */
export function readPath(path: string): { readonly path: string; readonly bytes: Uint8Array } {
  if (path === STDIN) return { path: STDIN_PATH, bytes: readStdin() };
  if (nodeHost.kind(path) === 'directory') {
    throw new HostError(
      path,
      'this is a directory; `wbfc check` takes directories, other commands take files',
    );
  }
  return { path, bytes: nodeHost.read(path) };
}

/** Throws `HostError` where there is nothing to read. */
export function compilePath(path: string): Compilation {
  const source = readPath(path);
  return compileBytes(source.path, source.bytes);
}
