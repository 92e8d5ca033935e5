// Child processes of the lab: tools that run to their end, and daemons that must not outlive the tests.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';

export interface Run {
  /** The exit status; 128 + n when signal n ended it. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string | Uint8Array;
  /** Milliseconds; the command is killed and the promise rejected after that. Default 30,000: machines are busy at times. */
  readonly timeout?: number;
  /** Reject when the status is not 0. */
  readonly check?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** Arguments of a command, with options after the last one if any. */
export type RunArgs = readonly string[] | readonly [...string[], RunOptions];

export function splitArgs(args: RunArgs): { words: string[]; options: RunOptions } {
  const words: string[] = [];
  let options: RunOptions = {};
  for (const arg of args) {
    if (typeof arg === 'string') words.push(arg);
    else options = arg;
  }
  return { words, options };
}

// Debian keeps the daemons, ip and ethtool in sbin, which a user's PATH may lack.
const searchPath = [process.env['PATH'] ?? '', '/usr/local/sbin', '/usr/sbin', '/sbin'].join(delimiter);

export function labEnv(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { ...process.env, PATH: searchPath, LC_ALL: 'C', ...more };
}

export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const timeout = options.timeout ?? 30_000;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: 'pipe',
      env: options.env ?? labEnv(),
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, timeout);
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.stdin.on('error', () => undefined); // a command that does not read its input
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const result: Run = {
        status: code ?? 128 + (signal === null ? 0 : (signals[signal] ?? 0)),
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
      };
      const line = [command, ...args].join(' ');
      if (late) reject(new Error(`${line}: no end after ${timeout} ms\n${result.stderr}`));
      else if (options.check === true && result.status !== 0)
        reject(new Error(`${line}: exit status ${result.status}\n${result.stderr}`));
      else resolve(result);
    });
    child.stdin.end(options.input);
  });
}

const signals: Partial<Record<NodeJS.Signals, number>> = {
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGTERM: 15,
};

export function hasCommand(name: string): boolean {
  return searchPath.split(delimiter).some((dir) => {
    try {
      accessSync(join(dir, name), constants.X_OK);
      return dir !== '';
    } catch {
      return false;
    }
  });
}

/** Throws what to install when one of the commands is missing: a lab that cannot run fails, it does not skip. */
export function requireCommands(packages: Readonly<Record<string, string>>): void {
  const missing = Object.entries(packages).filter(([name]) => !hasCommand(name));
  if (missing.length === 0) return;
  const names = missing.map(([name]) => name).join(', ');
  const debs = [...new Set(missing.map(([, deb]) => deb))].join(' ');
  throw new Error(
    `the lab needs ${names}: apt-get install ${debs} (Debian or Ubuntu), or run test/lab/ensure-ovs.sh`,
  );
}

const daemons = new Set<ChildProcess>();
process.on('exit', () => {
  for (const daemon of daemons) daemon.kill('SIGKILL');
});

export interface Daemon {
  readonly pid: number;
  /** Resolves when it has ended, whatever ended it. */
  readonly ended: Promise<void>;
  readonly running: () => boolean;
  /** Everything it said on its standard output and error so far. */
  readonly output: () => string;
  /** Waits until the output has this text. */
  readonly says: (text: string, timeout?: number) => Promise<void>;
  /** SIGTERM, and SIGKILL if that was not enough. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>;
}

/** Starts a process that the kernel ends when this one dies, even by SIGKILL; in a network namespace of its own if asked. */
export function startDaemon(
  command: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; netns?: boolean } = {},
): Daemon {
  const own = options.netns === true ? ['unshare', '--net'] : [];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...own, command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: options.env ?? labEnv(),
  });
  daemons.add(child);
  let text = '';
  let running = true;
  const ended = new Promise<void>((resolve) => {
    const end = (note: string): void => {
      text += note;
      running = false;
      daemons.delete(child);
      resolve();
    };
    child.on('error', (error) => {
      end(`${error.message}\n`);
    });
    child.on('exit', (code, signal) => {
      end(`${command} ended: ${signal ?? `status ${code ?? 0}`}\n`);
    });
  });
  const collect = (chunk: Buffer): void => {
    text += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const daemon: Daemon = {
    pid: child.pid ?? -1,
    ended,
    running: () => running,
    output: () => text,
    says: (wanted, timeout = 5_000) =>
      until(
        () => {
          if (!text.includes(wanted) && !running) throw new Error(`${command} did not start:\n${text}`);
          return text.includes(wanted);
        },
        `${command} to say ${wanted}`,
        timeout,
      ),
    stop: async (signal = 'SIGTERM') => {
      if (running) child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), 2_000);
      await ended;
      clearTimeout(timer);
    },
  };
  return daemon;
}

/** Polls every 2 ms. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeout = 5_000,
): Promise<void> {
  const end = Date.now() + timeout;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited ${timeout} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Waits until a unix socket takes connections (its file appears a moment before that). */
export async function untilListening(path: string, daemon: Daemon, timeout = 5_000): Promise<void> {
  const accepts = (): Promise<boolean> =>
    new Promise((resolve, reject) => {
      if (!daemon.running()) {
        reject(new Error(`no daemon behind ${path}:\n${daemon.output()}`));
        return;
      }
      const socket = connect(path);
      socket.on('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => {
        resolve(false);
      });
    });
  await until(accepts, path, timeout);
}
