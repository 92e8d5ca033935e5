// What a start loads: how long that takes is measured by `npm run bench`.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GOOD } from './programs.ts';
import { directory, WBFC } from './wbfc.ts';

/** Runs wbfc with a look over its shoulder: which bundles of `dist/` it reads, and whether V8 took their caches. */
function loadedBy(...args: readonly string[]): { files: string[]; rejected: boolean[] } {
  const dir = directory({ 'tiny.wbf': GOOD });
  const log = join(dir, 'log');
  const spy = join(dir, 'spy.cjs');
  writeFileSync(
    spy,
    `const fs = require('node:fs');
const vm = require('node:vm');
const { readFileSync } = fs;
const files = [];
const rejected = [];
fs.readFileSync = (path, ...more) => {
  if (/(core|check)-/.test(String(path))) files.push(String(path).replace(/.*\\/dist\\//, '').replace(/-[0-9a-f]{12}/, ''));
  return readFileSync(path, ...more);
};
const { Script } = vm;
vm.Script = class extends Script {
  constructor(source, options) {
    super(source, options);
    rejected.push(this.cachedDataRejected);
  }
};
process.on('exit', () => fs.writeFileSync(${JSON.stringify(log)}, JSON.stringify({ files, rejected })));
`,
  );
  const run = spawnSync(process.execPath, ['--require', spy, WBFC, ...args], { cwd: dir, encoding: 'utf8' });
  expect(run.status, run.stderr).toBe(0);
  return JSON.parse(readFileSync(log, 'utf8')) as { files: string[]; rejected: boolean[] };
}

test('--version loads nothing else', () => {
  expect(loadedBy('--version')).toEqual({ files: [], rejected: [] });
});

test('a check loads its own bundle, and V8 takes what it kept of it', () => {
  expect(loadedBy('check', 'tiny.wbf')).toEqual({ files: ['check.cjs', 'check.cache'], rejected: [false] });
});

test('what has more options loads all of it', () => {
  expect(loadedBy('check', 'tiny.wbf', '--format', 'concise')).toEqual({
    files: ['core.cjs', 'core.cache'],
    rejected: [false],
  });
});
