// The formatter changes looks and nothing else.
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from '../../grammar/parser.ts';
import { editsBetween } from '../../src/format/edits.ts';
import { format } from '../../src/format/format.ts';
import { makeFlows } from '../bench/flows.ts';
import { STYLES, toSource, type Style } from '../bench/source.ts';
import { commentsOf, layouts, programs, root, treeOf } from './support.ts';

const everything = readFileSync(join(root, 'test/format/everything.wbf'), 'utf8');
const texts = programs();

/** What holds of the formatting of any text without errors. */
function expectSame(text: string): void {
  const { text: formatted, errors } = format(text);
  expect(errors).toEqual([]);
  expect(parse(formatted).errors, formatted).toEqual([]);
  if (treeOf(formatted) !== treeOf(text)) expect(`${formatted}\n${treeOf(formatted)}`).toBe(treeOf(text));
  expect(commentsOf(formatted), formatted).toEqual(commentsOf(text));
  expect(format(formatted).text).toBe(formatted);
  const edited = editsBetween(text, formatted).reduceRight(
    (t, { start, end, newText }) => t.slice(0, start) + newText + t.slice(end),
    text,
  );
  expect(edited).toBe(formatted);
  if (formatted !== '' && formatted !== '\ufeff') expect(formatted.endsWith('\n')).toBe(true);
  // In comments blank lines stay; text that only the checker can explain stays altogether.
  if (/\/\*|load:/.test(text)) return;
  expect(formatted).not.toMatch(/[ \t]$/m);
  expect(formatted).not.toMatch(/\n\n\n/);
}

describe('means the same, and is left alone the second time', () => {
  test('the sample has no errors', () => {
    expect(parse(everything).errors).toEqual([]);
  });

  test('every program of the repository', () => {
    expect(texts.length).toBeGreaterThan(500);
    for (const { text } of texts) expectSame(text);
  });

  test('any layout of a program that has everything', () => {
    fc.assert(fc.property(layouts([everything]), expectSame), { numRuns: 40 });
  });

  test('flows in all styles in which people and programs write', () => {
    for (const seed of [1, 2, 3]) {
      for (const style of Object.keys(STYLES) as Style[]) expectSame(toSource(makeFlows(60, seed), style));
    }
  });

  test('any layout of small programs', () => {
    const small = everything.split(/\n(?=\w)/).filter((part) => parse(part).errors.length === 0);
    expect(small.length).toBeGreaterThan(30);
    fc.assert(fc.property(layouts(small), expectSame), { numRuns: 1000 });
  });
});

describe('what we show is formatted', () => {
  const shown = texts.filter(({ name, info }) => !name.startsWith('test/') && info !== 'before');
  const pages = [...new Set(shown.map(({ name }) => name.replace(/:.*/, '')))];

  test.each(pages)('%s', (page) => {
    for (const { name, text } of shown) {
      if (name.replace(/:.*/, '') === page) expect(format(text).text, name).toBe(text);
    }
  });
});

describe('a text with syntax errors', () => {
  test('is left alone', () => {
    const text = 'const a=1\nflow { match { tcp }\n';
    const { text: formatted, errors } = format(text);
    expect(formatted).toBe(text);
    expect(errors.map((e) => e.problem)).toEqual(['unclosed block']);
  });

  test('in a large file, too', () => {
    const flow = (i: number): string => `flow f${i} { match { tcp; tcp_dst = ${i} } action { drop } }\n`;
    const flows = Array.from({ length: 3000 }, (_, i) => flow(i));
    const large = flows.join('');
    expect(large.length).toBeGreaterThan(100_000);
    expect(format(large).errors).toEqual([]);
    flows[1500] = 'flow x { match { tcp tcp_dst = 1 } action { drop } }\n';
    const broken = flows.join('');
    const { text, errors } = format(broken);
    expect(text).toBe(broken);
    expect(errors.map((e) => e.problem)).toEqual(['missing separator']);
  });
});

describe('the ends of lines', () => {
  test('are those of the first line', () => {
    expect(format('const a=1\r\nconst bc = 2\n').text).toBe('const a  = 1\r\nconst bc = 2\r\n');
    expect(format('const a=1\nconst bc = 2\r\n').text).toBe('const a  = 1\nconst bc = 2\n');
  });
  test('a byte order mark stays', () => {
    expect(format('\ufeffconst a=1').text).toBe('\ufeffconst a = 1\n');
  });
  test('nothing is nothing', () => {
    expect(format('').text).toBe('');
    expect(format(' \n\n').text).toBe('');
    expect(format('// a').text).toBe('// a\n');
  });
});
