/**
 * Builds `dist/`:
 *
 * - `wbfc.cjs`, the file that `node` runs: it answers `--version` and loads the rest;
 * - `core-HASH.cjs`, the compiler and its command line, and `core-HASH.cache`, what V8 made of it in a first run;
 * - `check-HASH.cjs` and its cache, the same with as much as a plain `wbfc check` needs;
 * - `yaml.cjs`, what reads data in YAML;
 * - `lsp.cjs`, the language server;
 * - `push-thread.cjs`, the connection to a switch, in a thread of its own while a large program compiles.
 *
 * Every file is complete when it appears, and `wbfc.cjs` comes last: a build may run beside a test.
 * `npm ci` runs it as `prepare`.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { build } from 'esbuild';

const script = fileURLToPath(import.meta.url);
const root = dirname(script);
const dist = join(root, 'dist');

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

/** The same for what happens at compile time: sets, templates, and a loop over data that is long enough for its quick road. */
const WARM_UP_DATA = `const hosts = load "hosts.csv"
const web = {80, 443, 8000-8999}
template host(ip: ipv4, hw: mac, out: int, prio: int = 40) {
  flow to { priority = prio; match { ip; ip_dst = ip } action { eth_dst = hw; output out } }
  flow web { priority = prio + 1; match { tcp; ip_dst = ip; tcp_dst in web } action { output out } }
}
table data = 0 {
  miss = drop
  for h in hosts {
    flow { match { arp; arp_tpa = h.ip } action { output h.port } }
    if h.name == "host7" { use host(h.ip, h.mac, h.port) } else { flow "to_\${h.name}" { match { ip; ip_dst = h.ip } action { drop } } }
  }
  for h in hosts { flow "from_\${h.name}" { match { ip; ip_src = h.ip } action { eth_dst = h.mac; output h.port } } }
}
`;
const WARM_UP_HOSTS = `name,ip,mac,port\n${Array.from(
  { length: 600 },
  (_, i) =>
    `host${i},10.0.${i >> 8}.${i & 255},02:00:00:00:0${i >> 8}:${(i & 255).toString(16).padStart(2, '0')},${i + 1}\n`,
).join('')}`;

/** Loads the bundle as `src/cli/bin.ts` does. */
function load(path) {
  const made = new Script(readFileSync(path, 'latin1'), { filename: path });
  const module = { exports: {} };
  made.runInThisContext()(module.exports, createRequire(path), module, path, dist);
  return { made, main: module.exports.main };
}

/** Runs in a process of its own (`--cache FILE`), with nothing else of the build in its memory. */
async function writeCache(path) {
  const dir = mkdtempSync(join(tmpdir(), 'wbfc-warm-up-'));
  const [sample, data] = [join(dir, 'sample.wbf'), join(dir, 'data.wbf')];
  writeFileSync(sample, WARM_UP);
  writeFileSync(data, WARM_UP_DATA);
  writeFileSync(join(dir, 'hosts.csv'), WARM_UP_HOSTS);
  const { made, main } = load(path);
  try {
    await main(['check', sample]);
    if (basename(path).startsWith('core'))
      await main(['build', data, '--emit', 'bundle', '-o', join(dir, 'out')]);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  write(path.replace(/\.cjs$/, '.cache'), made.createCachedData());
}

function write(path, contents) {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
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

/** What reads YAML takes as long to start as all the rest of a check, and few programs load YAML. */
const yamlApart = {
  name: 'yaml-apart',
  setup(b) {
    b.onResolve({ filter: /\/yaml\.ts$/ }, ({ importer }) =>
      importer.endsWith('/src/data/index.ts') ? { path: 'yaml', namespace: 'apart' } : undefined,
    );
    b.onLoad({ filter: /.*/, namespace: 'apart' }, () => ({
      contents: "exports.readYaml = (...args) => require('./yaml.cjs').readYaml(...args);",
    }));
    b.onResolve({ filter: /^\.\/yaml\.cjs$/ }, ({ path }) => ({ path, external: true }));
  },
};

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** The text of one bundle. */
async function bundle(entry, more = {}) {
  const { define, ...rest } = more;
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    minify: true,
    // The loader reads one-byte text.
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'warning',
    // Dynamic imports become calls of `require`: the cached bundle has no other way to load.
    supported: { 'dynamic-import': false },
    // Its other build calls a `require` that no bundler follows.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    define: { WBFC_VERSION: JSON.stringify(version), ...define },
    ...rest,
  });
  return outputFiles[0].text;
}

async function buildAll() {
  mkdirSync(dist, { recursive: true });
  const wrapped = {
    plugins: [withoutChildProcess, serverApart, yamlApart],
    banner: { js: '(function(exports,require,module,__filename,__dirname){' },
    footer: { js: '})' },
  };
  const [core, check, yaml, lsp, thread] = await Promise.all([
    bundle('src/cli/main.ts', wrapped),
    bundle('src/cli/plain-check.ts', wrapped),
    bundle('src/data/yaml.ts'),
    bundle('lsp/server.ts'),
    bundle('src/push/worker.ts'),
  ]);
  write(join(dist, 'yaml.cjs'), yaml);
  write(join(dist, 'lsp.cjs'), lsp);
  write(join(dist, 'push-thread.cjs'), thread);
  const names = { core: named('core', core), check: named('check', check) };
  const launcher = await bundle('src/cli/bin.ts', {
    banner: { js: '#!/usr/bin/env node' },
    define: { WBFC_CORE: JSON.stringify(names.core), WBFC_CHECK: JSON.stringify(names.check) },
  });
  write(join(dist, 'wbfc.cjs'), launcher);
  chmodSync(join(dist, 'wbfc.cjs'), 0o755);
  removeOld(Object.values(names));
}

/**
 * Writes a bundle and its cache. V8 knows a source by its length only, so a cache must never meet another source
 * than its own: both are called after the contents.
 */
function named(what, contents) {
  const name = `${what}-${createHash('sha256').update(contents).digest('hex').slice(0, 12)}`;
  const path = join(dist, `${name}.cjs`);
  write(path, contents);
  const { status, stderr } = spawnSync(process.execPath, [script, '--cache', path], {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  // Without the cache everything works, only more slowly.
  if (status !== 0) console.warn(`no code cache: ${stderr}`);
  return name;
}

/** Bundles of earlier builds, but for those that a process may just be loading. */
function removeOld(names) {
  for (const file of readdirSync(dist)) {
    const path = join(dist, file);
    if (!/^(core|check)|\.tmp$/.test(file) || names.some((name) => file.startsWith(name))) continue;
    if (statSync(path).mtimeMs < Date.now() - 60_000) rmSync(path, { force: true });
  }
}

const at = process.argv.indexOf('--cache');
await (at === -1 ? buildAll() : writeCache(process.argv[at + 1]));
