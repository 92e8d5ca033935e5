/** A file named on the command line. */
import type { Compilation, CompileOptions } from '../project/compile.ts';
import type { Decoded } from '../project/host.ts';
import { compileDecoded, decodeSource, HostError } from '../project/host.ts';
import { nodeHost, readStdin } from './node-host.ts';

/** How standard input is named on the command line, and in diagnostics. */
export const STDIN = '-';
const STDIN_PATH = '<stdin>';

/** Throws `HostError` where there is nothing to read. The bytes are let go, which counts for a large file. */
export function readSource(path: string): Decoded {
  if (path === STDIN) return decodeSource(STDIN_PATH, readStdin());
  if (nodeHost.kind(path) === 'directory') {
    throw new HostError(
      path,
      'this is a directory; `wbfc check` takes directories, other commands take files',
    );
  }
  return decodeSource(path, nodeHost.read(path));
}

/** Throws `HostError` where there is nothing to read. */
export function compilePath(path: string, options: CompileOptions = {}): Compilation {
  return compileDecoded(readSource(path), options);
}
