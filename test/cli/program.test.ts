// The command line as a whole, through the built file.
/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access -- what is looked at is JSON */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { describeInternal } from '../../src/cli/internal.ts';
import { BAD, GOOD } from './programs.ts';
import { directory, start, WBFC, wbfc } from './wbfc.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

test('--version', () => {
  expect(wbfc(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  expect(wbfc(['-V']).out).toBe(`${version}\n`);
});

test('--help is worth reading', () => {
  const { code, out, err } = wbfc(['--help']);
  expect(code).toBe(0);
  expect(err).toBe('');
  for (const text of [
    'build',
    'check',
    'fmt',
    'push',
    'explain',
    'lsp',
    'Examples:',
    'Exit codes:',
    'NO_COLOR',
  ]) {
    expect(out).toContain(text);
  }
  for (const command of ['build', 'check', 'fmt', 'push', 'explain', 'lsp']) {
    const help = wbfc([command, '--help']);
    expect(help.code, command).toBe(0);
    expect(help.out).toMatch(new RegExp(`^Usage: wbfc ${command} `));
    expect(help.out.length).toBeGreaterThan(300);
    for (const line of help.out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(112);
  }
});

test('no command, or an unknown one, is a usage error', () => {
  expect(wbfc([])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('Usage: wbfc') });
  expect(wbfc(['rules.wbf'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('wbfc build rules.wbf'),
  });
  expect(wbfc(['chekc'])).toMatchObject({ code: 2, err: expect.stringContaining('Did you mean check?') });
});

test('explain', () => {
  const full = wbfc(['explain', 'WBF1001']);
  expect(full.code).toBe(0);
  expect(full.out).toMatch(/^WBF1001: /);
  expect(wbfc(['explain', 'wbf1001']).out).toBe(full.out);
  expect(wbfc(['explain', '1001']).out).toBe(full.out);
  const theirs = wbfc(['explain', 'ofpbmc_bad_prereq']);
  expect(theirs.code).toBe(0);
  expect(theirs.out).toMatch(/^OFPBMC_BAD_PREREQ: /);
  expect(theirs.out).toContain('OpenFlow 1.5: type 4, code 9');
  expect(theirs.out).toContain('WBF3001');
  expect(wbfc(['explain', 'OFPERR_OFPBMC_BAD_PREREQ']).out).toBe(theirs.out);
  const unknown = wbfc(['explain', 'OFPBMC_BAD_PREREC']);
  expect(unknown).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining('did you mean OFPBMC_BAD_PREREQ?'),
  });
  const all = wbfc(['explain']).out;
  for (const code of ['WBF1001', 'WBF7001', 'WBF9000']) expect(all).toContain(code);
});

test('a reader that goes away is no error, a slow one gets everything', () => {
  const cwd = directory({ 'many.wbf': 'flow { match { nothing = 1 } action { drop } }\n'.repeat(900) });
  const pipe = (reader: string): { stdout: string; stderr: string } =>
    spawnSync('sh', ['-c', `"${process.execPath}" "${WBFC}" check many.wbf --format json | ${reader}`], {
      cwd,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
  expect(pipe('head -n 1')).toMatchObject({ stdout: '{\n', stderr: '' });
  const all = JSON.parse(pipe('(sleep 0.5; cat)').stdout);
  expect(all.diagnostics.length).toBe(900);
});

test('a full disk is said in words', () => {
  const command = `"${process.execPath}" "${WBFC}" check - > /dev/full`;
  const { status, stderr } = spawnSync('sh', ['-c', command], { input: BAD, encoding: 'utf8' });
  expect(stderr).toBe('wbfc: cannot write to standard output: no space left on the device\n');
  expect(status).toBe(2);
});

test('an internal error is short, and says more when asked', () => {
  const error = new Error('first line\nsecond line');
  vi.stubEnv('WBFC_DEBUG', undefined);
  expect(describeInternal(error)).toMatch(
    /^error\[WBF9000\]: internal error: first line\nhelp: please report this/,
  );
  vi.stubEnv('WBFC_DEBUG', '1');
  expect(describeInternal(error)).toContain('program.test.ts');
  vi.unstubAllEnvs();
});

test('a code cache that does not fit is no error', () => {
  // Such flags change what V8 makes of a source, as another version of Node does.
  const run = spawnSync(process.execPath, ['--no-opt', '--stack-size=900', WBFC, 'check', '-'], {
    input: BAD,
    encoding: 'utf8',
  });
  expect(run.status).toBe(1);
  expect(run.stdout).toContain('WBF3001');
  expect(run.stderr).toBe('');
});

test('push: errors in the program, usage, and a switch that is not there', () => {
  const cwd = directory({ 'bad.wbf': BAD, 'good.wbf': GOOD });
  const bad = wbfc(['push', 'bad.wbf', '--to', 'unix:nowhere.mgmt'], { cwd });
  expect(bad.code).toBe(1);
  expect(bad.err).toContain('error[WBF3001]');
  for (const args of [
    ['good.wbf'],
    ['good.wbf', '--to', 'nonsense'],
    ['good.wbf', '--to', 'unix:x', '--timeout', '0'],
    ['good.wbf', '--to', 'unix:x', '--dpid', 'xyz'],
    ['nowhere.wbf', '--to', 'unix:x'],
  ]) {
    const { code, err } = wbfc(['push', ...args], { cwd });
    expect(code, err).toBe(2);
    expect(err).toMatch(/^wbfc: /);
  }
  const gone = wbfc(['push', 'good.wbf', '--to', 'unix:nowhere.mgmt', '--timeout', '2'], { cwd });
  expect(gone.code).toBe(3);
  expect(gone.err).toMatch(/^error\[WBF7\d{3}\]: /);
  expect(gone.err).not.toMatch(/^\s+at /m);
});

test('push: an interrupt ends it cleanly', async () => {
  const cwd = directory({ 'good.wbf': GOOD });
  // A switch that takes the connection and says nothing.
  const server = createServer(() => undefined).listen(join(cwd, 'mute.sock'));
  await once(server, 'listening');
  const connected = once(server, 'connection');
  const child = start(['push', 'good.wbf', '--to', 'unix:mute.sock', '--timeout', '60'], cwd);
  let err = '';
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  const exited = once(child, 'close');
  const [socket] = (await connected) as [import('node:net').Socket];
  child.kill('SIGINT');
  const [code] = (await exited) as [number | null];
  socket.destroy();
  server.close();
  expect(code).toBe(3);
  expect(err).toMatch(/^error\[WBF7015\]: interrupted/);
});
