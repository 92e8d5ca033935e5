// The README is run: its programs are compiled, its terminal sessions are typed again.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSwitch, type Lab } from '../lab/switch.ts';
import { root, wbfc, wbfcEnv, wbfcWords } from '../e2e/wbfc.ts';

interface Block {
  readonly language: string;
  /** What stands behind the language: `broken`, `title=rules.wbf`. */
  readonly info: string;
  readonly text: string;
  readonly line: number;
}

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/^```(\w+)(.*)\n([^]*?)^```$/gm)].map(
  ({ 1: language = '', 2: info = '', 3: text = '', index }): Block => ({
    language,
    info: info.trim(),
    text,
    line: readme.slice(0, index).split('\n').length,
  }),
);
const programs = blocks.filter((block) => block.language === 'wbf');
const sessions = blocks.filter((block) => block.language === 'console');

let dir: string;
let lab: Lab;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'wbfc-readme-'));
  for (const { info, text } of programs) {
    const title = /title=(\S+)/.exec(info)?.[1];
    if (title !== undefined) writeFileSync(join(dir, title), text);
  }
  const quoted = wbfcWords().map((word) => `'${word}'`);
  writeFileSync(join(dir, 'wbfc'), `#!/bin/sh\nexec ${quoted.join(' ')} "$@"\n`, { mode: 0o755 });
  lab = await startSwitch({ dummy: true });
  await lab.addBridge('br0', { dummyPorts: 2 });
});

afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await lab.stop();
});

test.each(programs)('the program of line $line compiles, or is said to be broken', async ({ info, text }) => {
  const { status, stdout } = await wbfc(['check', '-', '--format', 'concise'], { input: text });
  if (info.startsWith('broken')) expect(status).toBe(1);
  else expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
});

describe('the terminal', () => {
  /** Log lines carry the time of day, and some end with a space that editors take away. */
  const timeless = (text: string): string =>
    text.replace(/^\d{4}-\d\d-\d\dT[\d:]+Z\|/gm, 'TIME|').replace(/ +$/gm, '');

  test.each(sessions)('says the same as in line $line', async ({ text }) => {
    const commands = [...text.matchAll(/^\$ (.*)$/gm)].map(({ 1: command = '' }) => command);
    // One shell for the whole session, so that `$?` is that of the command before.
    const lines = commands.flatMap((command) => [
      `echo '$ ${command.replaceAll("'", `'\\''`)}'`,
      '(exit $status)',
      command,
      'status=$?',
    ]);
    const run = await lab.exec('sh', '-c', ['exec 2>&1', 'status=0', ...lines].join('\n'), {
      cwd: dir,
      env: wbfcEnv({ ...lab.env, PATH: `${dir}${delimiter}${lab.env['PATH'] ?? ''}` }),
    });
    expect(timeless(run.stdout)).toBe(timeless(text));
  });
});

test('the two commands', () => {
  expect(readme).toContain('npm ci && npx wbfc build examples/whitebox.wbf --emit flows -o -');
  expect(readme).toContain('npm ci && npm test');
  const { scripts, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
    bin: Record<string, string>;
  };
  expect(scripts['test']).toBeDefined();
  expect(bin['wbfc']).toBe('dist/wbfc.cjs');
});

test('the exit codes and commands are those of --help', async () => {
  const { stdout } = await wbfc(['--help']);
  for (const { 1: command = '' } of readme.matchAll(/^\| `wbfc (\w+) /gm)) expect(stdout).toContain(command);
  for (const { 1: code = '', 2: meaning = '' } of readme.matchAll(/^\| (\d) +\| (\w+)/gm))
    expect(stdout).toMatch(new RegExp(`^ *${code} +${meaning}`, 'm'));
});

test('what it links to is there', () => {
  for (const { 1: target = '' } of readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g))
    expect(() => readFileSync(join(root, target)), target).not.toThrow(/ENOENT/);
});
