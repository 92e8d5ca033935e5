/** `wbf.lock` beside a program. */
import { dirname, join } from 'node:path';
import { lockedChange } from '../diagnostics/codes/allocation.ts';
import { make } from '../diagnostics/define.ts';
import type { Diagnostic } from '../diagnostics/types.ts';
import type { Lock } from '../ir/types.ts';
import type { Compilation, SourceFile } from '../project/compile.ts';
import { decodeSource } from '../project/host.ts';
import { replaceFile } from './files.ts';
import { STDIN } from './load.ts';
import { nodeHost } from './node-host.ts';

export interface LockFile {
  /** null where the program is standard input, which nothing lies beside. */
  readonly path: string | null;
  readonly lock: Lock;
  /** What there is; no files where there is none. */
  readonly files: readonly SourceFile[];
  /** What is wrong with it: then nothing can be built. */
  readonly diagnostics: readonly Diagnostic[];
}

const NAME = 'wbf.lock';

/** The one beside the program; empty where there is none. Throws `HostError` where it cannot be read. */
export async function lockFileOf(program: string): Promise<LockFile> {
  if (program === STDIN) return { path: null, lock: new Map(), files: [], diagnostics: [] };
  const path = join(dirname(program), NAME);
  if (nodeHost.kind(path) === undefined) return { path, lock: new Map(), files: [], diagnostics: [] };
  const { file, invalid } = decodeSource(path, nodeHost.read(path));
  if (invalid !== null) return { path, lock: new Map(), files: [file], diagnostics: [invalid] };
  const { readLock } = await import('../project/lock.ts');
  return { path, files: [file], ...readLock(file.text) };
}

/**
 * Writes down what a compilation has given; with `locked`, says instead why it may not. Does nothing where nothing has
 * changed.
 */
export async function keep(
  { path, files }: LockFile,
  { program, lock: now }: Compilation,
  locked: boolean,
): Promise<readonly Diagnostic[]> {
  if (path === null || program === null) return [];
  const nothing = now.tables.size + now.registers.size + now.conjunctions.size === 0;
  if (nothing && files.length === 0) return [];
  const { lockChanges, printLock, readLock, withProgram } = await import('../project/lock.ts');
  // Read again, as it may have been written for another program meanwhile.
  const current =
    nodeHost.kind(path) === undefined ? null : decodeSource(path, nodeHost.read(path)).file.text;
  const lock = current === null ? new Map() : readLock(current).lock;
  const changes = lockChanges(lock, program.name, now);
  if (changes.length === 0) return [];
  if (locked) {
    const place = { file: -1, start: 0, end: 0 };
    return [
      make(lockedChange, { program: program.name }, place, {
        notes: changes,
        help: 'build it without `--locked`, and commit `wbf.lock`',
      }),
    ];
  }
  replaceFile(path, [printLock(withProgram(lock, program.name, now))], false);
  return [];
}
