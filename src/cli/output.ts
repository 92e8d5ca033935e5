/**
 * Writing to standard output and standard error.
 *
 * Synchronous and by descriptor: `process.stdout` takes 3 ms to come into being and loses what is still in its
 * buffer when the process ends. A reader that has gone away (EPIPE) is no error.
 */
import { fstatSync, writeSync } from 'node:fs';
import { UsageError } from './exit.ts';
import { reasonOf } from './reasons.ts';

export const STDOUT = 1;
export const STDERR = 2;

const closed = new Set<number>();

export function write(fd: number, data: string | Uint8Array): void {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
  for (let at = 0; at < bytes.length && !closed.has(fd);) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A pipe that its other end has made non-blocking is full: give the reader a moment.
      if (code === 'EAGAIN') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
      else if (code === 'EPIPE' || code === 'EBADF') closed.add(fd);
      else if (fd === STDERR) closed.add(fd);
      else throw new UsageError(`cannot write to standard output: ${reasonOf(error)}`);
    }
  }
}

/** A message of the program itself. */
export function complain(message: string): void {
  write(STDERR, `wbfc: ${message}\n`);
}

/** /dev/null and its like: major number 1 on Linux. */
const isMemoryDevice = (rdev: number): boolean => process.platform === 'linux' && rdev >> 8 === 1;

export async function isTerminal(fd: number): Promise<boolean> {
  try {
    // Most of the time it is a pipe, a file or /dev/null, and `node:tty` (5 ms) need not be loaded.
    const stats = fstatSync(fd);
    if (!stats.isCharacterDevice() || isMemoryDevice(stats.rdev)) return false;
  } catch {
    return false;
  }
  const tty = await import('node:tty');
  return tty.isatty(fd);
}

/** Is this to be in colour? `choice` is that of `--color` and `--no-color`. See https://no-color.org. */
export async function wantsColor(fd: number, choice: boolean | undefined): Promise<boolean> {
  if (choice !== undefined) return choice;
  const { NO_COLOR, TERM } = process.env;
  if ((NO_COLOR !== undefined && NO_COLOR !== '') || TERM === 'dumb') return false;
  return isTerminal(fd);
}
