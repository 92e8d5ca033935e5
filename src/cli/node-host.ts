/** The files of this machine. */
import { readdirSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { DirectoryEntry, EntryKind, Host } from '../project/host.ts';
import { HostError } from '../project/host.ts';
import { reasonOf } from './reasons.ts';

function kindOf(stats: Stats): EntryKind {
  if (stats.isDirectory()) return 'directory';
  return stats.isFile() ? 'file' : 'other';
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new HostError(path, reasonOf(error));
  }
}

export const nodeHost: Host = {
  kind: (path) => {
    const stats = attempt(path, () => statSync(path, { throwIfNoEntry: false }));
    return stats === undefined ? undefined : kindOf(stats);
  },
  size: (path) => attempt(path, () => statSync(path).size),
  read: (path) => attempt(path, () => readFileSync(path)),
  list: (path) =>
    attempt(path, () => readdirSync(path, { withFileTypes: true })).map((entry): DirectoryEntry => {
      if (entry.isFile()) return { name: entry.name, kind: 'file' };
      if (entry.isDirectory()) return { name: entry.name, kind: 'directory' };
      if (!entry.isSymbolicLink()) return { name: entry.name, kind: 'other' };
      try {
        return { name: entry.name, kind: kindOf(statSync(`${path}/${entry.name}`)) };
      } catch {
        return { name: entry.name, kind: 'other' };
      }
    }),
  identity: (path) => {
    try {
      return realpathSync(path);
    } catch {
      // What is not there has the place that it would have.
      const absolute = resolve(path);
      const directory = dirname(absolute);
      return directory === absolute ? absolute : join(nodeHost.identity(directory), basename(absolute));
    }
  },
};

/** Everything on standard input. */
export function readStdin(): Uint8Array {
  const chunks: Buffer[] = [];
  const buffer = Buffer.allocUnsafe(1 << 16);
  for (;;) {
    let size: number;
    try {
      size = readSync(0, buffer, 0, buffer.length, null);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN') {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
        continue;
      }
      if (code === 'EOF') break;
      throw new HostError('standard input', reasonOf(error));
    }
    if (size === 0) break;
    chunks.push(Buffer.from(buffer.subarray(0, size)));
  }
  return Buffer.concat(chunks);
}
