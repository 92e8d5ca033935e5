// `wbfc fmt`, through the built file.
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { directory, wbfc } from './wbfc.ts';

const UGLY = 'const a=1\nconst bcd = 2';
const PRETTY = 'const a   = 1\nconst bcd = 2\n';
const BROKEN = 'const = 1\n';

const read = (cwd: string, name: string): string => readFileSync(join(cwd, name), 'utf8');

describe('files', () => {
  test('are written where they change, and named', () => {
    const cwd = directory({ 'a.wbf': UGLY, 'b.wbf': PRETTY, 'lib/c.wbf': UGLY });
    const before = statSync(join(cwd, 'b.wbf'));
    expect(wbfc(['fmt', '.'], { cwd })).toEqual({ code: 0, out: 'a.wbf\nlib/c.wbf\n', err: '' });
    expect(['a.wbf', 'b.wbf', 'lib/c.wbf'].map((name) => read(cwd, name))).toEqual([PRETTY, PRETTY, PRETTY]);
    expect(statSync(join(cwd, 'b.wbf'))).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
    expect(readdirSync(cwd).sort()).toEqual(['a.wbf', 'b.wbf', 'lib']);
    expect(wbfc(['fmt', '.'], { cwd })).toEqual({ code: 0, out: '', err: '' });
  });

  test('keep their mode, and links lead where they led', () => {
    const cwd = directory({ 'a.wbf': UGLY });
    chmodSync(join(cwd, 'a.wbf'), 0o640);
    symlinkSync('a.wbf', join(cwd, 'link.wbf'));
    expect(wbfc(['fmt', 'link.wbf'], { cwd })).toMatchObject({ code: 0, err: '' });
    expect(read(cwd, 'a.wbf')).toBe(PRETTY);
    expect(statSync(join(cwd, 'a.wbf')).mode & 0o777).toBe(0o640);
    expect(lstatSync(join(cwd, 'link.wbf')).isSymbolicLink()).toBe(true);
  });

  test('with syntax errors stay as they are, the others are formatted', () => {
    const cwd = directory({ 'a.wbf': BROKEN, 'b.wbf': UGLY });
    const { code, out, err } = wbfc(['fmt', 'a.wbf', 'b.wbf', '--format', 'concise'], { cwd });
    expect({ code, out }).toEqual({ code: 1, out: 'b.wbf\n' });
    expect(err).toMatch(/^a\.wbf:1:7: error\[WBF1101\]: .*\n$/);
    expect([read(cwd, 'a.wbf'), read(cwd, 'b.wbf')]).toEqual([BROKEN, PRETTY]);
  });

  test('that are no text stay as they are', () => {
    const bytes = Uint8Array.from([0x2f, 0x2f, 0xff, 0x0a]);
    const cwd = directory({ 'a.wbf': bytes });
    const { code, out, err } = wbfc(['fmt', 'a.wbf'], { cwd });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('UTF-8');
    expect(readFileSync(join(cwd, 'a.wbf'))).toEqual(Buffer.from(bytes));
  });

  test('that are not there', () => {
    const cwd = directory({ 'b.wbf': UGLY });
    const { code, out, err } = wbfc(['fmt', 'nowhere.wbf', 'b.wbf'], { cwd });
    expect({ code, out }).toEqual({ code: 2, out: 'b.wbf\n' });
    expect(err).toBe('wbfc: cannot read nowhere.wbf: no such file or directory\n');
  });
});

describe('--check', () => {
  test('lists what would change, changes nothing and fails', () => {
    const cwd = directory({ 'a.wbf': UGLY, 'b.wbf': PRETTY });
    expect(wbfc(['fmt', '--check', '.'], { cwd })).toEqual({ code: 1, out: 'a.wbf\n', err: '' });
    expect(read(cwd, 'a.wbf')).toBe(UGLY);
    expect(wbfc(['fmt', '--check', 'b.wbf'], { cwd })).toEqual({ code: 0, out: '', err: '' });
  });

  test('of standard input', () => {
    expect(wbfc(['fmt', '--check', '-'], { input: UGLY })).toEqual({ code: 1, out: '<stdin>\n', err: '' });
    expect(wbfc(['fmt', '--check', '-'], { input: PRETTY })).toEqual({ code: 0, out: '', err: '' });
  });
});

describe('standard input', () => {
  test('is formatted to standard output', () => {
    expect(wbfc(['fmt', '-'], { input: UGLY })).toEqual({ code: 0, out: PRETTY, err: '' });
  });

  test('with errors gives nothing', () => {
    const { code, out, err } = wbfc(['fmt', '-'], { input: BROKEN });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('<stdin>:1:7');
  });

  test('stands alone', () => {
    expect(wbfc(['fmt', '-', 'a.wbf'])).toMatchObject({ code: 2, out: '' });
    expect(wbfc(['fmt'])).toMatchObject({ code: 2, out: '' });
  });
});
