// wbf.lock, through the built file.
import { chmodSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directory, wbfc } from './wbfc.ts';

const EDGE = `program edge { id = 7 }
register zone: 16
table in { miss { zone = 5; goto acl } }
table acl {
  miss = goto out
  flow web { match { zone = 5 } action { drop } }
}
table out { miss { output 1 } }
`;

const read = (cwd: string): string => readFileSync(join(cwd, 'wbf.lock'), 'utf8');

test('a build writes it, the next one keeps what is there', () => {
  const cwd = directory({ 'edge.wbf': EDGE });
  expect(wbfc(['build', 'edge.wbf', '--emit', 'flows'], { cwd }).code).toBe(0);
  const first = read(cwd);
  expect(JSON.parse(first)).toEqual({
    version: 1,
    programs: { edge: { registers: { zone: 'reg0[0..15]' }, tables: { in: 0, acl: 10, out: 20 } } },
  });
  writeFileSync(
    join(cwd, 'edge.wbf'),
    `register wide: 32\n${EDGE.replace('miss = goto out', 'miss = goto nat')}table nat { miss = goto out }\n`,
  );
  expect(wbfc(['build', 'edge.wbf', '--emit', 'flows'], { cwd }).code).toBe(0);
  expect(JSON.parse(read(cwd))).toEqual({
    version: 1,
    programs: {
      edge: {
        registers: { wide: 'reg1', zone: 'reg0[0..15]' },
        tables: { in: 0, acl: 10, nat: 15, out: 20 },
      },
    },
  });
  expect(readdirSync(cwd).sort()).toEqual(['edge.flows', 'edge.wbf', 'wbf.lock']);
});

test('check reads it and writes nothing', () => {
  const cwd = directory({ 'edge.wbf': EDGE });
  expect(wbfc(['check', 'edge.wbf'], { cwd }).code).toBe(0);
  expect(existsSync(join(cwd, 'wbf.lock'))).toBe(false);
  writeFileSync(
    join(cwd, 'wbf.lock'),
    '{"version": 1, "programs": {"edge": {"tables": {"acl": 30, "out": 20}}}}',
  );
  const { code, out } = wbfc(['check', 'edge.wbf', '--format', 'concise'], { cwd });
  expect(code).toBe(0);
  expect(out).toContain('moves from table');
});

test('a program that leaves nothing to the compiler has none', () => {
  const cwd = directory({ 'a.wbf': 'table a = 0 { miss = drop }\n' });
  expect(wbfc(['build', 'a.wbf', '--emit', 'flows'], { cwd }).code).toBe(0);
  expect(existsSync(join(cwd, 'wbf.lock'))).toBe(false);
});

test('several programs have a section each, standard input has none', () => {
  const cwd = directory({
    'a.wbf': EDGE,
    'b.wbf': EDGE.replace('edge', 'other').replace('id = 7', 'id = 8'),
  });
  expect(wbfc(['build', 'a.wbf', 'b.wbf', '--emit', 'flows'], { cwd }).code).toBe(0);
  const lock = JSON.parse(read(cwd)) as { programs: Record<string, unknown> };
  expect(Object.keys(lock.programs)).toEqual(['edge', 'other']);
  const elsewhere = directory({});
  expect(wbfc(['build', '-', '--emit', 'flows'], { cwd: elsewhere, input: EDGE }).code).toBe(0);
  expect(readdirSync(elsewhere)).toEqual([]);
});

test('--locked refuses a change and says which', () => {
  const cwd = directory({ 'edge.wbf': EDGE });
  const locked = (): { code: number | null; err: string } =>
    wbfc(['build', 'edge.wbf', '--emit', 'flows', '--locked', '--format', 'pretty'], { cwd });
  const first = locked();
  expect(first.code).toBe(1);
  expect(first.err).toContain('WBF5522');
  expect(first.err).toContain('table `acl` is new: 10');
  expect(readdirSync(cwd)).toEqual(['edge.wbf']);
  expect(wbfc(['build', 'edge.wbf', '--emit', 'flows'], { cwd }).code).toBe(0);
  expect(locked().code).toBe(0);
  writeFileSync(join(cwd, 'edge.wbf'), EDGE.replace('register zone: 16\n', '').replaceAll('zone = 5', ''));
  const gone = locked();
  expect(gone.code).toBe(1);
  expect(gone.err).toContain('register `zone` (reg0[0..15]) is gone');
});

test('a broken one is told with its place, and nothing is built', () => {
  const cwd = directory({ 'edge.wbf': EDGE, 'wbf.lock': '{\n  "version": 1,\n  "programs": 5\n}\n' });
  const { code, err } = wbfc(['build', 'edge.wbf', '--emit', 'flows', '--format', 'concise'], { cwd });
  expect(code).toBe(1);
  expect(err).toContain('wbf.lock:3:15');
  expect(readdirSync(cwd).sort()).toEqual(['edge.wbf', 'wbf.lock']);
  expect(wbfc(['check', '.'], { cwd }).code).toBe(1);
});

test('one that cannot be written is a failure', () => {
  const cwd = directory({ 'edge.wbf': EDGE });
  chmodSync(cwd, 0o555);
  const { code, err } = wbfc(['build', 'edge.wbf', '--emit', 'flows', '-o', '-'], { cwd });
  chmodSync(cwd, 0o755);
  if (process.getuid?.() === 0) return;
  expect(code).toBe(2);
  expect(err).toContain('cannot write wbf.lock');
});

test('--stats says what there is, on standard error', () => {
  const cwd = directory({ 'edge.wbf': EDGE });
  const { out, err } = wbfc(['build', 'edge.wbf', '--emit', 'json', '--stats', '-o', '-'], { cwd });
  expect(err).toBe(`edge.wbf: 4 flows in 3 tables
  table 0   in   1 flow   given by wbfc
  table 10  acl  2 flows  given by wbfc
  table 20  out  1 flow   given by wbfc
  register  zone  reg0[0..15]  given by wbfc
`);
  const { stats } = JSON.parse(out) as { stats: unknown };
  expect(stats).toEqual({
    flows: 4,
    tables: [
      { number: 0, name: 'in', flows: 1, allocated: true },
      { number: 10, name: 'acl', flows: 2, allocated: true },
      { number: 20, name: 'out', flows: 1, allocated: true },
    ],
    registers: [{ name: 'zone', field: 'reg0', offset: 0, bits: 16, allocated: true }],
    conjunctions: [],
    expansions: [],
  });
});
