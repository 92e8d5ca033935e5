/** Runs a command to its end and says what it took. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Measurement {
  /** Wall clock. */
  readonly seconds: number;
  /** User and system time of all threads; to 10 ms. */
  readonly cpu: number;
  /** Largest resident set, in MB of 2^20 bytes. */
  readonly peak: number;
}

export interface Command {
  readonly words: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

const gnuTime = '/usr/bin/time';
const report = join(tmpdir(), `wbfc-bench-${process.pid}.time`);

/**
 * What the processes get: no certificates to read (37 ms at every start of Node), nothing that changes how Node or OVS run.
 */
export function cleanEnv(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const unwanted = ['NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS', 'NODE_V8_COVERAGE'];
  return Object.fromEntries(Object.entries(env).filter(([name]) => !unwanted.includes(name)));
}

/** Throws when something that the benchmark needs is not there. */
export function requireTime(): void {
  if (!existsSync(gnuTime))
    throw new Error(`the benchmark measures memory with ${gnuTime}: apt-get install time`);
}

/** Time and memory. GNU time starts the command: it takes 1 ms, and its children have no memory of ours. */
export async function measure(command: Command): Promise<Measurement> {
  const words = [gnuTime, '-o', report, '-f', '%e %U %S %M', ...command.words];
  const seconds = await run({ ...command, words });
  const line = readFileSync(report, 'utf8').trim().split('\n').at(-1) ?? '';
  rmSync(report, { force: true });
  const [, user = NaN, system = NaN, kilobytes = NaN] = line.split(' ').map(Number);
  return { seconds, cpu: user + system, peak: kilobytes / 1024 };
}

/** Time alone, of the bare command. Its output goes nowhere. */
export async function run({ words, env }: Command): Promise<number> {
  const [command = '', ...args] = words;
  const errors = join(tmpdir(), `wbfc-bench-${process.pid}.err`);
  const stderr = openSync(errors, 'w');
  try {
    const start = process.hrtime.bigint();
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', stderr], env: cleanEnv(env) });
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve(code));
    });
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    if (status !== 0)
      throw new Error(
        `${words.join(' ')}: exit status ${status}\n${readFileSync(errors, 'utf8').slice(0, 2000)}`,
      );
    return seconds;
  } finally {
    closeSync(stderr);
    rmSync(errors, { force: true });
  }
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
