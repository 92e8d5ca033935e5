/** A file named on the command line. */
import type { Compilation, CompileOptions } from '../project/compile.ts';
import type { Decoded } from '../project/host.ts';
import { compileDecoded, decodeSource, HostError } from '../project/host.ts';
import { Project } from '../project/library.ts';
import { UsageError } from './exit.ts';
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

/** The files that programs import and load. They never leave `root`; see `Project` for what it is where nobody says. */
export function openProject(root: string | undefined): Project {
  if (root === undefined) return new Project(nodeHost);
  try {
    const kind = nodeHost.kind(root);
    if (kind === 'directory') return new Project(nodeHost, { root });
    throw new HostError(root, kind === undefined ? 'no such directory' : 'this is no directory');
  } catch (error) {
    if (error instanceof HostError) throw new UsageError(`--root ${error.path}: ${error.reason}`);
    throw error;
  }
}

/** Throws `HostError` where there is nothing to read. */
export function compilePath(path: string, project: Project, options: CompileOptions = {}): Compilation {
  const source = readSource(path);
  return compileDecoded(source, { ...options, library: project.library(source.file.path) });
}
