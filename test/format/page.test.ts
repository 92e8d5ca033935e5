// The pages that show what the formatter makes: what stands there as formatted is what it makes, and it compiles.
import { describe, expect, test } from 'vitest';
import { format } from '../../src/format/format.ts';
import { compile } from '../../src/project/compile.ts';
import { snippets } from './support.ts';

const blocks = snippets().filter(({ name }) => name.startsWith('docs/reference/'));

test('the page of the formatter is in pairs', () => {
  const infos = blocks
    .filter(({ name }) => name.startsWith('docs/reference/formatting.md'))
    .map((b) => b.info);
  expect(infos.length).toBeGreaterThan(10);
  expect(infos).toEqual(infos.map((_, k) => (k % 2 === 0 ? 'before' : '')));
});

const pairs = blocks.flatMap(({ name, info, text }, k) => {
  const after = blocks[k + 1];
  return info === 'before' && after !== undefined ? [{ name, text, after: after.text }] : [];
});

describe.each(pairs)('$name', ({ text, after }) => {
  test('becomes what stands below it', () => {
    expect(format(text)).toEqual({ text: after, errors: [] });
  });

  test('stays so', () => {
    expect(format(after).text).toBe(after);
  });

  test('compiles, to the same either way', () => {
    const [before, now] = [text, after].map((t) => compile({ path: 'example.wbf', text: t }));
    expect(now!.diagnostics.filter((d) => d.severity === 'error').map((d) => d.message)).toEqual([]);
    const plain = (c: typeof now): unknown =>
      [...c!.program!.flows].map((flow) => ({ ...flow, origin: null }));
    expect(plain(now)).toEqual(plain(before));
  });
});
