/** Runs the built compiler, as its users do. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const WBFC = join(root, 'dist', 'wbfc.cjs');

function newest(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Builds `dist/` if a source is newer. Test files run beside each other: one builds, the others wait. */
function ensureBuilt(): void {
  const sources = [
    'grammar',
    'src',
    'lsp/server.ts',
    'lsp/convert.ts',
    'lsp/workspace.ts',
    'esbuild.config.mjs',
    'package.json',
  ];
  const stale = (): boolean => {
    const built = existsSync(WBFC) ? statSync(WBFC).mtimeMs : 0;
    return sources.some((s) => newest(join(root, s)) > built);
  };
  const lock = join(tmpdir(), `wbfc-build-${Buffer.from(root).toString('base64url').slice(-40)}`);
  for (let i = 0; stale(); i++) {
    try {
      mkdirSync(lock);
    } catch {
      if (i > 300) rmSync(lock, { recursive: true, force: true });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
      continue;
    }
    try {
      const { status, stderr } = spawnSync(process.execPath, ['esbuild.config.mjs'], {
        cwd: root,
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(`the build failed: ${stderr}`);
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
}

ensureBuilt();

export interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

function environment(more: RunOptions['env'] = {}): NodeJS.ProcessEnv {
  return { ...process.env, NODE_EXTRA_CA_CERTS: undefined, NO_COLOR: undefined, ...more };
}

export function wbfc(args: readonly string[], { cwd, input, env }: RunOptions = {}): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [WBFC, ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    input: input ?? '',
    env: environment(env),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 20_000,
  });
  return { code: status, out: stdout, err: stderr };
}

export function start(args: readonly string[], cwd = tmpdir()): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [WBFC, ...args], { cwd, env: environment() });
}

/** A directory with these files, gone after the test. */
export function directory(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'wbfc-test-')));
  onTestFinished(() => {
    rmSync(path, { recursive: true, force: true });
  });
  for (const [name, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), contents);
  }
  return path;
}
