// `wbfc build`, through the built file.
/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return -- what is looked at is JSON */
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BAD, GOOD } from './programs.ts';
import { directory, wbfc } from './wbfc.ts';

const OTHER = GOOD.replace('program good { id = 0x00a01 }', 'program other { id = 2 }');

describe('where the result goes', () => {
  test('beside the program, and it says so', () => {
    const cwd = directory({ 'net/rules.wbf': GOOD });
    expect(wbfc(['build', 'net/rules.wbf'], { cwd })).toEqual({
      code: 0,
      out: '',
      err: 'wrote net/rules.sh from rules.wbf (2 flows)\n',
    });
    expect(statSync(join(cwd, 'net/rules.sh')).mode & 0o777).toBe(0o755);
    expect(readFileSync(join(cwd, 'net/rules.sh'), 'utf8')).toMatch(/^#!\/bin\/sh\n/);
    expect(readdirSync(join(cwd, 'net')).sort()).toEqual(['rules.sh', 'rules.wbf']);
  });

  test.each([
    ['flows', 'rules.flows'],
    ['bundle', 'rules.bundle'],
    ['json', 'rules.json'],
  ])('%s', (form, name) => {
    const cwd = directory({ 'rules.wbf': GOOD });
    expect(wbfc(['build', 'rules.wbf', '--emit', form], { cwd }).code).toBe(0);
    expect(readdirSync(cwd).sort()).toEqual([name, 'rules.wbf'].sort());
    expect(statSync(join(cwd, name)).mode & 0o111).toBe(0);
  });

  test('-o FILE and -o -', () => {
    const cwd = directory({ 'rules.wbf': GOOD });
    expect(wbfc(['build', 'rules.wbf', '--emit', 'flows', '-o', 'x.txt'], { cwd }).code).toBe(0);
    const written = readFileSync(join(cwd, 'x.txt'), 'utf8');
    expect(wbfc(['build', 'rules.wbf', '--emit', 'flows', '-o', '-'], { cwd })).toEqual({
      code: 0,
      out: written,
      err: '',
    });
    expect(written.split('\n').filter((l) => l !== '' && !l.startsWith('#'))).toHaveLength(2);
  });

  test('standard input goes to standard output', () => {
    const { code, out } = wbfc(['build', '-', '--emit', 'json'], { input: GOOD });
    expect(code).toBe(0);
    expect(() => JSON.parse(out)).not.toThrow();
  });

  test('several programs: each beside its own, or one behind the other', () => {
    const cwd = directory({ 'a.wbf': GOOD, 'b.wbf': OTHER });
    expect(wbfc(['build', 'a.wbf', 'b.wbf', '--emit', 'flows'], { cwd }).code).toBe(0);
    const [a, b] = ['a.flows', 'b.flows'].map((f) => readFileSync(join(cwd, f), 'utf8'));
    const { out } = wbfc(['build', 'a.wbf', 'b.wbf', '--emit', 'flows', '-o', '-'], { cwd });
    expect(out).toBe(`${a}${b}`);
  });

  test('a symbolic link is followed, permissions are kept', () => {
    const cwd = directory({ 'rules.wbf': GOOD, 'real.txt': 'old' });
    chmodSync(join(cwd, 'real.txt'), 0o600);
    symlinkSync('real.txt', join(cwd, 'link.txt'));
    expect(wbfc(['build', 'rules.wbf', '--emit', 'flows', '-o', 'link.txt'], { cwd }).code).toBe(0);
    expect(readFileSync(join(cwd, 'real.txt'), 'utf8')).not.toBe('old');
    expect(statSync(join(cwd, 'real.txt')).mode & 0o777).toBe(0o600);
  });

  test('a device is written to as it is', () => {
    const cwd = directory({ 'rules.wbf': GOOD });
    expect(wbfc(['build', 'rules.wbf', '-o', '/dev/null'], { cwd }).code).toBe(0);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });
});

describe('errors', () => {
  test('nothing is written for a program with errors; what was there stays', () => {
    const cwd = directory({ 'bad.wbf': BAD, 'good.wbf': GOOD, 'bad.sh': 'old' });
    const { code, out, err } = wbfc(['build', 'bad.wbf', 'good.wbf'], { cwd });
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toContain('error[WBF3001]');
    expect(err).toContain('wrote good.sh');
    expect(readFileSync(join(cwd, 'bad.sh'), 'utf8')).toBe('old');
  });

  test('with one output, an error in one program is an error in all', () => {
    const cwd = directory({ 'bad.wbf': BAD, 'good.wbf': GOOD });
    const { code } = wbfc(['build', 'good.wbf', 'bad.wbf', '--emit', 'flows', '-o', 'all.flows'], { cwd });
    expect(code).toBe(1);
    expect(existsSync(join(cwd, 'all.flows'))).toBe(false);
  });

  test('a flow too long for a message, whatever is made of it', () => {
    const actions = (count: number): string =>
      `table t = 0 {\n  miss = drop\n  flow big { match { arp } action { ${'output 1; '.repeat(count)} } }\n}\n`;
    const found = 'error[WBF5110]: this flow takes 65672 bytes, and a message in a bundle has room for 65519';
    // The second one is compiled by its outline.
    for (const input of [actions(4100), `${actions(4100)}// ${'x'.repeat(100_000)}\n`]) {
      for (const form of ['script', 'flows', 'bundle', 'json'])
        expect(wbfc(['build', '-', '--emit', form], { input })).toMatchObject({
          code: 1,
          out: '',
          err: expect.stringContaining(found) as string,
        });
      expect(wbfc(['check', '-'], { input })).toMatchObject({
        code: 1,
        out: expect.stringContaining(found) as string,
      });
    }
    expect(wbfc(['check', '-'], { input: actions(4000) }).code).toBe(0);
  });

  test.each(['script', 'flows'])('what ovs-ofctl cannot read is no %s', (form) => {
    const input =
      'meter other = 1\ntable t = 0 {\n  miss = drop\n  flow { match { arp } action { output 1; meter 1 } }\n}\n';
    const { code, out, err } = wbfc(['build', '-', '--emit', form], { input });
    expect(err).toContain('error[WBF8001]');
    expect([code, out]).toEqual([1, '']);
  });

  test('diagnostics in another format, on standard error', () => {
    const { code, out, err } = wbfc(['build', '-', '-o', '-', '--format', 'json'], { input: BAD });
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(JSON.parse(err).diagnostics).toHaveLength(1);
  });

  test.each([
    [['build'], 'missing required argument'],
    [['build', 'a.wbf', '--emit', 'xml'], 'Allowed choices are script, flows, bundle, json'],
    [['build', 'nowhere.wbf'], 'nowhere.wbf: no such file or directory'],
    [['build', '.'], 'this is a directory'],
    [['build', 'a.wbf', '-o', 'a.wbf'], 'a.wbf is a program and would be overwritten'],
    [['build', 'a.wbf', '-o', 'no/such/dir/x'], 'cannot write no/such/dir/x: no such file or directory'],
    [['build', 'a.wbf', '-o', 'd'], 'cannot write d: this is a directory'],
    [['build', 'a.wbf', 'b.wbf', '-o', '-'], '--output takes the script of one program'],
    [['build', 'a.wbf', 'b.wbf', '--emit', 'json', '-o', 'x'], '--output takes the json of one program'],
    [['build', 'a.wbf', './a.wbf'], 'two of the programs would be written to'],
    [['build', '-', '-'], 'only once'],
  ])('%j is a usage error', (args, message) => {
    const cwd = directory({ 'a.wbf': GOOD, 'b.wbf': OTHER, 'd/x': '' });
    const { code, out, err } = wbfc(args, { cwd });
    expect(err).toContain(message);
    expect(err).toMatch(/^wbfc: /);
    expect(out).toBe('');
    expect(code).toBe(2);
    expect(readdirSync(cwd).sort()).toEqual(['a.wbf', 'b.wbf', 'd']);
  });
});

test('--no-replace leaves the delete out of a bundle', () => {
  const bundle = (...more: string[]): number =>
    Buffer.byteLength(wbfc(['build', '-', '--emit', 'bundle', ...more], { input: GOOD }).out, 'utf8');
  expect(bundle('--no-replace')).toBeLessThan(bundle());
});
