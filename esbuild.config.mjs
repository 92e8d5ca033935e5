/**
 * Builds `dist/`:
 *
 * - `wbfc.cjs`, the file that `node` runs: it answers `--version` and loads the rest;
 * - `core.cjs`, the compiler and its command line, and `core.cache`, what V8 made of it after a first run;
 * - `lsp.cjs`, the language server;
 * - `push-thread.cjs`, the connection to a switch, in a thread of its own while a large program compiles.
 *
 * `npm ci` runs it as `prepare`.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { build } from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, 'dist');
const core = join(dist, 'core.cjs');
const cache = join(dist, 'core.cache');

/** What a first run does, so that the cache holds the functions that every run needs. */
const WARM_UP = `program warm { id = 0x00a01 }
const web = 80
const self_mac = 00:00:00:00:99:99
port uplink = 1
register zone = reg3[0..15]
table ingress = 0 {
  miss = drop
  flow a {
    priority = 10
    match { tcp; in_port = uplink; eth_dst = self_mac; ip_dst = 10.0.0.0/8; tcp_dst = web }
    action { zone = 5; eth_dst = eth_src; eth_src = self_mac; ip_src = 10.0.0.1; output in_port }
  }
  flow b { match { arp; arp_op = request } action { goto acl } }
}
table acl = 1 {
  miss = drop
  flow { match { icmp; icmp_type = echo_request } action { output uplink } }
}
`;

function loadCore(cachedData) {
  const script = new Script(readFileSync(core, 'latin1'), { filename: core, ...(cachedData && { cachedData }) });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(core), module, core, dist);
  return { script, main: module.exports.main };
}

/** Runs in a process of its own (`--cache`), with nothing else of the build in its memory. */
async function writeCache() {
  const sample = join(tmpdir(), `wbfc-warm-up-${process.pid}.wbf`);
  writeFileSync(sample, WARM_UP);
  const { script, main } = loadCore();
  try {
    await main(['check', sample]);
  } finally {
    rmSync(sample, { force: true });
  }
  writeFileSync(`${cache}.tmp`, script.createCachedData());
  renameSync(`${cache}.tmp`, cache);
}

/** commander loads `node:child_process` for executable subcommands, which we have none of; it costs 3 ms. */
const withoutChildProcess = {
  name: 'without-child-process',
  setup(b) {
    b.onResolve({ filter: /^(node:)?child_process$/ }, ({ importer }) =>
      importer.includes('commander') ? { path: 'child_process', namespace: 'absent' } : undefined,
    );
    b.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** The language server is a bundle of its own. */
const serverApart = {
  name: 'server-apart',
  setup(b) {
    b.onResolve({ filter: /\/lsp\/server\.ts$/ }, () => ({ path: './lsp.cjs', external: true }));
  },
};

async function bundle() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const common = {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    minify: true,
    // `createCachedData` and the loader agree on one-byte text.
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'warning',
    // Dynamic imports become calls of `require`: the cached bundle has no other way to load.
    supported: { 'dynamic-import': false },
    define: { WBFC_VERSION: JSON.stringify(version) },
  };
  mkdirSync(dist, { recursive: true });
  rmSync(cache, { force: true });
  await Promise.all([
    build({
      ...common,
      entryPoints: ['src/cli/bin.ts'],
      outfile: 'dist/wbfc.cjs',
      banner: { js: '#!/usr/bin/env node' },
    }),
    build({
      ...common,
      entryPoints: ['src/cli/main.ts'],
      outfile: 'dist/core.cjs',
      plugins: [withoutChildProcess, serverApart],
      banner: { js: '(function(exports,require,module,__filename,__dirname){' },
      footer: { js: '})' },
    }),
    build({ ...common, entryPoints: ['lsp/server.ts'], outfile: 'dist/lsp.cjs' }),
    build({ ...common, entryPoints: ['src/push/worker.ts'], outfile: 'dist/push-thread.cjs' }),
  ]);
}

if (process.argv.includes('--cache')) {
  await writeCache();
} else {
  await bundle();
  const made = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--cache'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  // Without the cache everything works, only more slowly.
  if (made.status !== 0) console.warn(`no code cache: ${made.stderr}`);
}
