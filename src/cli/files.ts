/** Writing the files that a build makes. */
import {
  closeSync,
  fchmodSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { UsageError } from './exit.ts';
import { reasonOf } from './reasons.ts';

export type Chunk = string | Uint8Array;

function writeAll(fd: number, chunks: Iterable<Chunk>): void {
  for (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk;
    for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
  }
}

/**
 * Replaces a file as a whole: nobody ever sees half of it, and what was there stays when the disk is full.
 * A device or a pipe is written to as it is.
 */
export function replaceFile(path: string, chunks: Iterable<Chunk>, executable: boolean): void {
  try {
    const existing = statSync(path, { throwIfNoEntry: false });
    if (existing !== undefined && !existing.isFile()) {
      if (existing.isDirectory()) throw new UsageError(`cannot write ${path}: this is a directory`);
      const fd = openSync(path, 'w');
      writeAll(fd, chunks);
      closeSync(fd);
      return;
    }
    // Through a symbolic link, the file that it leads to is replaced, not the link.
    const target = existing === undefined ? path : realpathSync(path);
    const temporary = `${target}.${process.pid}.tmp`;
    const fd = openSync(temporary, 'wx', executable ? 0o755 : 0o644);
    try {
      // Whoever could read the old file, and nobody else, may read (and run) the new one.
      if (existing !== undefined) {
        const mode = existing.mode & 0o777;
        fchmodSync(fd, executable ? mode | ((mode & 0o444) >> 2) : mode);
      }
      writeAll(fd, chunks);
      closeSync(fd);
      renameSync(temporary, target);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`cannot write ${path}: ${reasonOf(error)}`);
  }
}
