// Programs of several files on the command line: what is found where, and how every format shows it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { directory, wbfc } from './wbfc.ts';

const FILES = {
  'main.wbf': `import "lib/acl.wbf" as acl
const hosts = load "hosts.csv"
table t = 0 {
  miss = drop
  for h in hosts { flow { match { ip; ip_src = h.ip } action { output h.port } } }
  use acl.deny(10.0.0.9)
}
`,
  'lib/acl.wbf': `template deny(to: ipv4) {
  flow deny { match { ip; ip_dst = to } action { drop } }
}
`,
  'hosts.csv': '# our hosts\nname,ip,port\nzürich,10.0.0.1,1\n🏔 berg,10.0.0.2,2\n',
};

const check = (cwd: string, ...args: string[]): ReturnType<typeof wbfc> =>
  wbfc(['check', ...args, '--format', 'concise'], { cwd });

test('a program of several files is checked, built and read from standard input', () => {
  const dir = directory(FILES);
  expect(check(dir, '.')).toMatchObject({ code: 0, out: '' });
  expect(check(join(dir, 'lib'), '../main.wbf')).toMatchObject({ code: 0, out: '' });
  expect(wbfc(['check', '-'], { cwd: dir, input: FILES['main.wbf'] })).toMatchObject({ code: 0 });
  const built = wbfc(['build', 'main.wbf', '--emit', 'flows', '-o', '-'], { cwd: dir });
  expect(built.out).toMatch(/ip_src=10\.0\.0\.1 actions=output:1$/m);
  expect(built.out).toMatch(/ip_dst=10\.0\.0\.9 actions=drop$/m);
});

test.each([
  ['hosts.json', '[{"ip": "10.0.0.1", "port": 1}, {"ip": "10.0.0.2", "port": 2}]'],
  ['hosts.yaml', '- {ip: 10.0.0.1, port: 1}\n- {ip: 10.0.0.2, port: 2}\n'],
  ['hosts.tsv', 'ip\tport\n10.0.0.1\t1\n10.0.0.2\t2\n'],
])('%s is loaded as hosts.csv is', (name, text) => {
  const main = FILES['main.wbf'].replace('hosts.csv', name);
  const dir = directory({ ...FILES, [name]: text, 'other.wbf': main });
  const build = (file: string): string =>
    wbfc(['build', file, '--emit', 'flows', '-o', '-'], { cwd: dir }).out.replaceAll(/cookie=\w+/g, '');
  expect(build('other.wbf')).toBe(build('main.wbf'));
  expect(check(dir, 'other.wbf')).toEqual({ code: 0, out: '', err: '' });
});

describe('a bad cell', () => {
  const files = { ...FILES, 'hosts.csv': FILES['hosts.csv'].replace('10.0.0.2,', '10.0.0.256,') };

  test('has its row and column, in code points', () => {
    const { code, out } = check(directory(files), 'main.wbf');
    expect(code).toBe(1);
    expect(out).toMatch(/^hosts\.csv:4:8: error\[WBF\d+\]: .*\n$/);
  });

  test('is shown in its file, with what led there', () => {
    const { out } = wbfc(['check', 'main.wbf'], { cwd: directory(files) });
    expect(out).toContain('--> hosts.csv:4:8');
    expect(out).toContain('4 | 🏔 berg,10.0.0.256,2\n');
    expect(out).toContain('::: main.wbf:5:48');
  });

  test('is found by programs that read JSON, SARIF (whose columns are UTF-16 units) and the annotations of a workflow', () => {
    const dir = directory(files);
    mkdirSync(join(dir, '.git'));
    const run = (format: string): string => wbfc(['check', 'main.wbf', '--format', format], { cwd: dir }).out;
    expect(JSON.parse(run('json'))).toMatchObject({
      diagnostics: [
        { location: { file: 'hosts.csv', start: { line: 4, column: 8 }, end: { line: 4, column: 18 } } },
      ],
    });
    expect(JSON.parse(run('sarif'))).toMatchObject({
      runs: [
        {
          results: [
            {
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'hosts.csv' },
                    region: { startLine: 4, startColumn: 9, endColumn: 19 },
                  },
                },
              ],
            },
          ],
        },
      ],
    });
    expect(run('github')).toMatch(/^::error file=hosts\.csv,line=4,col=\d+,/);
  });
});

test('what is wrong with a module is told once, however many programs import it', () => {
  const bad = { ...FILES, 'lib/acl.wbf': FILES['lib/acl.wbf'].replace('{ ip; ip_dst', '{ ip_dst') };
  const dir = directory({ ...bad, 'other.wbf': FILES['main.wbf'] });
  const { code, out } = check(dir, '.');
  expect(code).toBe(1);
  expect(out.split('\n').filter((line) => line !== '')).toEqual([
    expect.stringMatching(/^lib\/acl\.wbf:2:23: error\[WBF3001\]/),
  ]);
});

test('what does not fit a template of the standard library is reported where the program says it', () => {
  const main = `import "std/l2" as l2
table t = 0 {
  miss = drop
  use l2.static_vlan(5000, 02:00:00:00:00:01, 1)
}
`;
  const dir = directory({ 'main.wbf': main });
  expect(check(dir, 'main.wbf').out).toBe(
    'main.wbf:4:22: error[WBF2101]: 5000 does not fit `vlan_vid`, which has 12 bits (at most 4095)\n',
  );
  expect(wbfc(['check', 'main.wbf'], { cwd: dir }).out).toContain('::: std/l2:');
  mkdirSync(join(dir, '.git'));
  expect(wbfc(['check', 'main.wbf', '--format', 'github'], { cwd: dir }).out).toMatch(
    /^::error file=main\.wbf,line=4,/,
  );
  // No reader of SARIF can open the library.
  expect(wbfc(['check', 'main.wbf', '--format', 'sarif'], { cwd: dir }).out).not.toContain('file://');
});

describe('the root', () => {
  const files = { 'a/main.wbf': 'import "../lib.wbf" as lib\n', 'lib.wbf': 'const n = 1\n' };

  test('is the directory of the program, the repository, or what is said', () => {
    const dir = directory(files);
    expect(check(dir, 'a/main.wbf').out).toBe(
      `a/main.wbf:1:8: error[WBF6402]: "../lib.wbf" leads out of the project (${dir}/a)\n`,
    );
    expect(check(dir, 'a/main.wbf', '--root', '.')).toMatchObject({ code: 0, out: '' });
    mkdirSync(join(dir, '.git'));
    expect(check(dir, 'a/main.wbf')).toMatchObject({ code: 0, out: '' });
    expect(check(dir, 'a/main.wbf', '--root', 'a')).toMatchObject({ code: 1 });
  });

  test('must be there', () => {
    const { code, err } = check(directory(files), 'a/main.wbf', '--root', 'nowhere');
    expect({ code, err }).toEqual({ code: 2, err: 'wbfc: --root nowhere: no such directory\n' });
  });
});

test.each([
  ['load "gone.csv"', 'WBF6401'],
  ['load "lib"', 'WBF6403'],
  ['load "lib/acl.wbf"', 'WBF7501'],
  ['load "latin.csv"', 'WBF6403'],
  ['load "/etc/passwd"', 'WBF6402'],
])('%s is %s', (expression, expected) => {
  const dir = directory({
    ...FILES,
    'latin.csv': Buffer.from('name\nz\xfcrich\n', 'latin1'),
    'main.wbf': `const x = ${expression}\n`,
  });
  const { code, out } = check(dir, 'main.wbf');
  expect(code).toBe(1);
  expect(out.split('\n')).toHaveLength(2);
  expect(out).toContain(expected);
});
