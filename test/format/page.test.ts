// The page about formatting: what stands there as formatted is what the formatter makes, and it compiles.
import { describe, expect, test } from 'vitest';
import { format } from '../../src/format/format.ts';
import { compile } from '../../src/project/compile.ts';
import { snippets } from './support.ts';

const blocks = snippets().filter(({ name }) => name.startsWith('docs/reference/formatting.md'));

test('is in pairs', () => {
  expect(blocks.length).toBeGreaterThan(10);
  expect(blocks.map(({ info }) => info)).toEqual(blocks.map((_, k) => (k % 2 === 0 ? 'before' : '')));
});

const pairs = blocks.flatMap(({ name, text }, k) =>
  k % 2 === 0 ? [{ name, text, after: blocks[k + 1]!.text }] : [],
);

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
    const plain = (c: typeof now): unknown => [...c!.program!.flows].map(({ origin: _, ...flow }) => flow);
    expect(plain(now)).toEqual(plain(before));
  });
});
