// Every broken example gives the diagnostics that stand beside it, and not one more. How many, where, and the switch's
// error were decided by hand from the design and compared by eye; codes and wording are those of the compiler.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root, wbfc } from '../e2e/wbfc.ts';

const folder = join(root, 'examples/broken');
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.wbf'))
  .map((name) => name.replace('.wbf', ''));

test('every broken example has its expectation, and the other way round', () => {
  const expectations = readdirSync(folder).filter((name) => name.endsWith('.expected'));
  expect(expectations.map((name) => name.replace('.expected', ''))).toEqual(names);
  expect(names.length).toBeGreaterThan(20);
});

describe.each(names)('examples/broken/%s.wbf', (name) => {
  const file = `examples/broken/${name}.wbf`;
  const expected = readFileSync(join(folder, `${name}.expected`), 'utf8');
  const status = expected.includes(': error[') ? 1 : 0;
  const sorted = (text: string): string[] =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .sort();

  test('gives exactly what is expected', async () => {
    const found = await wbfc(['check', file, '--format', 'concise']);
    expect(sorted(found.stdout)).toEqual(sorted(expected));
    expect(found).toMatchObject({ status, stderr: '' });
  });

  test('is built only if there are no errors', async () => {
    const { stdout, ...built } = await wbfc([
      'build',
      file,
      '--emit',
      'flows',
      '-o',
      '-',
      '--format',
      'concise',
    ]);
    expect(built.status).toBe(status);
    expect(sorted(built.stderr)).toEqual(sorted(expected));
    expect(stdout === '').toBe(status === 1);
  });
});
