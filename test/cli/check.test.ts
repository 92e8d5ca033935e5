// `wbfc check`, through the built file.
/* eslint-disable @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access -- what is looked at is JSON */
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BAD, GOOD } from './programs.ts';
import { directory, wbfc } from './wbfc.ts';

describe('exit codes', () => {
  test('0: no problems', () => {
    const cwd = directory({ 'good.wbf': GOOD });
    expect(wbfc(['check', 'good.wbf'], { cwd })).toEqual({
      code: 0,
      out: 'no problems in 1 file\n',
      err: '',
    });
  });

  test('0: warnings', () => {
    const cwd = directory({ 'warn.wbf': GOOD.replace('  miss = drop\n', '') });
    const { code, out } = wbfc(['check', 'warn.wbf'], { cwd });
    expect(out).toMatch(/^warning\[WBF\d{4}\]/);
    expect(code).toBe(0);
  });

  test('1: errors', () => {
    const cwd = directory({ 'bad.wbf': BAD });
    const { code, out, err } = wbfc(['check', 'bad.wbf'], { cwd });
    expect(code).toBe(1);
    expect(out).toMatch(/^error\[WBF3001\]: /);
    expect(out).toContain(' --> bad.wbf:7:');
    expect(out).toContain('= the switch answers OFPBMC_BAD_PREREQ\n');
    expect(out).toMatch(/help: add `icmp`\n\n1 error\n$/);
    expect(err).toBe('');
  });

  test('2: what cannot be read; the rest is checked all the same', () => {
    const cwd = directory({ 'bad.wbf': BAD });
    const { code, out, err } = wbfc(['check', 'nowhere.wbf', 'bad.wbf'], { cwd });
    expect(code).toBe(2);
    expect(out).toContain('error[WBF3001]');
    expect(err).toBe('wbfc: cannot read nowhere.wbf: no such file or directory\n');
  });

  test('2: usage', () => {
    for (const args of [['check'], ['check', '--format', 'xml', 'x.wbf'], ['check', '--nope', 'x.wbf']]) {
      const { code, out, err } = wbfc(args);
      expect(code, args.join(' ')).toBe(2);
      expect(err).toMatch(/^wbfc: .*\n\(`wbfc check --help` says more\)\n$/s);
      expect(out).toBe('');
    }
  });
});

test('with an option or without, which are different bundles, it is the same', () => {
  const cwd = directory({ 'bad.wbf': BAD, 'good.wbf': GOOD });
  for (const paths of [['bad.wbf'], ['good.wbf'], ['.', 'nowhere'], ['-']]) {
    const plain = wbfc(['check', ...paths], { cwd, input: BAD });
    expect(wbfc(['check', '--format', 'pretty', ...paths], { cwd, input: BAD })).toEqual(plain);
  }
  expect(wbfc(['check', '--', 'bad.wbf'], { cwd }).code).toBe(1);
});

describe('what is checked', () => {
  test('directories are searched, in order, without node_modules and hidden ones', () => {
    const cwd = directory({
      'z.wbf': BAD,
      'a/b.wbf': BAD,
      'a/B.wbf': BAD,
      'a/.hidden/x.wbf': BAD,
      '.git/y.wbf': BAD,
      'node_modules/p/q.wbf': BAD,
      'a/notes.txt': 'no program',
    });
    symlinkSync('..', join(cwd, 'a', 'loop'));
    symlinkSync('nowhere', join(cwd, 'dangling'));
    const { code, out } = wbfc(['check', '.', '--format', 'concise'], { cwd });
    expect(code).toBe(1);
    expect(out.split('\n').map((l) => l.split(':')[0])).toEqual(['a/B.wbf', 'a/b.wbf', 'z.wbf', '']);
  });

  test('a file named twice is checked once', () => {
    const cwd = directory({ 'd/bad.wbf': BAD });
    const { out } = wbfc(['check', 'd/bad.wbf', 'd', './d/bad.wbf', '--format', 'concise'], { cwd });
    expect(out.trimEnd().split('\n')).toHaveLength(1);
  });

  test('a directory without programs says so', () => {
    const cwd = directory({ 'd/readme.md': '' });
    const { code, err } = wbfc(['check', 'd'], { cwd });
    expect(code).toBe(2);
    expect(err).toBe('wbfc: cannot read d: there is no .wbf file in this directory\n');
  });

  test('a directory that is called like a program, and a program that is not', () => {
    const cwd = directory({ 'd.wbf/in.txt': GOOD });
    mkdirSync(join(cwd, 'e.wbf'));
    expect(wbfc(['check', 'd.wbf/in.txt'], { cwd }).code).toBe(0);
    expect(wbfc(['check', '.'], { cwd }).err).toContain('there is no .wbf file');
  });

  test('standard input', () => {
    const bad = wbfc(['check', '-', '--format', 'concise'], { input: BAD });
    expect(bad.code).toBe(1);
    expect(bad.out).toMatch(/^<stdin>:7:\d+: error\[WBF3001\]: .* \(OFPBMC_BAD_PREREQ\)\n$/);
    expect(wbfc(['check', '-'], { input: GOOD }).code).toBe(0);
    expect(wbfc(['check', '-', '-'], { input: GOOD }).code).toBe(2);
  });

  test('bytes that are not UTF-8', () => {
    const latin1 = Buffer.from('const a = 1\n// caf\xe9\n', 'latin1');
    const utf16 = Buffer.from('\ufeffconst a = 1\n', 'utf16le');
    const cwd = directory({ 'latin1.wbf': latin1, 'utf16.wbf': utf16 });
    const { code, out } = wbfc(['check', '.', '--format', 'concise'], { cwd });
    expect(code).toBe(1);
    expect(out).toMatch(/^latin1\.wbf:2:7: error\[WBF1001\]: .*\nutf16\.wbf:1:1: error\[WBF1001\]: .*\n$/);
    expect(wbfc(['check', 'utf16.wbf'], { cwd }).out).toContain(
      'help: this looks like UTF-16 (little endian)',
    );
  });

  test('a NUL has a place; a byte order mark and CRLF are fine', () => {
    const cwd = directory({ 'nul.wbf': GOOD.replace('self_ip =', 'self_ip\u0000 =') });
    const { code, out } = wbfc(['check', 'nul.wbf', '--format', 'concise'], { cwd });
    expect(code).toBe(1);
    expect(out).toMatch(/^nul\.wbf:2:14: error\[WBF1002\]/);
    expect(wbfc(['check', '-'], { input: `\ufeff${GOOD.replaceAll('\n', '\r\n')}` }).code).toBe(0);
  });
});

describe('formats', () => {
  test('json', () => {
    const { code, out, err } = wbfc(['check', '-', '--format', 'json'], { input: BAD });
    expect(code).toBe(1);
    expect(err).toBe('');
    const report = JSON.parse(out);
    expect(report.summary).toEqual({ errors: 1, warnings: 0, information: 0 });
    const [d] = report.diagnostics;
    expect(d).toMatchObject({
      code: 'WBF3001',
      switchError: 'OFPBMC_BAD_PREREQ',
      location: { file: '<stdin>' },
    });
    expect(BAD.slice(d.location.start.offset, d.location.end.offset)).toBe('icmp_type');
    expect(d.fixes.length).toBeGreaterThan(0);
    expect(JSON.parse(wbfc(['check', '-', '--format', 'json'], { input: GOOD }).out).diagnostics).toEqual([]);
  });

  test('sarif has paths relative to the repository, wherever it is run', () => {
    const cwd = directory({ '.git/HEAD': '', 'net/a b/bad.wbf': BAD });
    for (const [where, path] of [
      [cwd, 'net/a b/bad.wbf'],
      [join(cwd, 'net'), 'a b/bad.wbf'],
      [join(cwd, 'net', 'a b'), join(cwd, 'net/a b/bad.wbf')],
    ] as const) {
      const { code, out } = wbfc(['check', path, '--format', 'sarif'], { cwd: where });
      expect(code).toBe(1);
      const [run] = JSON.parse(out).runs;
      expect(run.results[0].locations[0].physicalLocation.artifactLocation).toEqual({
        uri: 'net/a%20b/bad.wbf',
        uriBaseId: '%SRCROOT%',
      });
      expect(run.tool.driver.version).toMatch(/^\d+\.\d+\.\d+/);
      expect(run.tool.driver.rules[0].shortDescription.text).not.toBe('WBF3001');
    }
  });

  test('github', () => {
    const cwd = directory({ '.git/HEAD': '', 'net/bad.wbf': BAD });
    const { out } = wbfc(['check', 'bad.wbf', '--format', 'github'], { cwd: join(cwd, 'net') });
    expect(out).toMatch(/^::error file=net\/bad\.wbf,line=7,col=\d+,.*title=WBF3001 \(OFPBMC_BAD_PREREQ\)::/);
  });
});

describe('colours', () => {
  const escape = '\u001b[';

  test('none unless on a terminal, or asked for', () => {
    expect(wbfc(['check', '-'], { input: BAD }).out).not.toContain(escape);
    expect(wbfc(['check', '-', '--color'], { input: BAD }).out).toContain(escape);
    expect(wbfc(['check', '-', '--color'], { input: BAD, env: { NO_COLOR: '1' } }).out).toContain(escape);
    expect(wbfc(['check', '-', '--no-color'], { input: BAD }).out).not.toContain(escape);
    expect(wbfc(['check', '-', '--color', '--format', 'concise'], { input: BAD }).out).not.toContain(escape);
  });
});
