// The pages of the reference that are written by hand: the files of each section are a project. `title=` names them; a
// block of `text` is what `wbfc check` says of it, the beginning of each line.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/project/compile.ts';
import { concise } from '../../src/report/concise.ts';
import { memory } from '../expand/support.ts';

const folder = fileURLToPath(new URL('../../docs/reference', import.meta.url));

interface Section {
  readonly title: string;
  /** By path; the program is `main.wbf`. */
  readonly files: ReadonlyMap<string, string>;
  readonly expected: readonly string[];
}

function sections(page: string): Section[] {
  const text = readFileSync(join(folder, page), 'utf8');
  return text.split(/^## /m).flatMap((part) => {
    const title = part.split('\n')[0] ?? '';
    const blocks = [...part.matchAll(/^```(\w+)(?: title=(\S+))?\n([^]*?)^```$/gm)];
    const files = new Map<string, string>();
    const expected: string[] = [];
    for (const [, language, name, body = ''] of blocks) {
      if (language === 'text') expected.push(...body.trimEnd().split('\n'));
      else files.set(name ?? 'main.wbf', body);
    }
    return files.size === 0 ? [] : [{ title, files, expected }];
  });
}

function said({ files }: Section): string[] {
  const text = files.get('main.wbf') ?? '';
  const { files: read, diagnostics } = compile({ path: 'main.wbf', text }, { library: memory(files) });
  const options = { color: false, version: '', repositoryPath: () => null, rule: () => undefined };
  return concise([{ files: read, diagnostics }], options)
    .split('\n')
    .filter((line) => line !== '');
}

describe.each(['modules.md', 'data.md', 'sets.md', 'tables.md', 'registers.md'])('%s', (page) => {
  test('has programs', () => {
    expect(sections(page).length).toBeGreaterThan(4);
  });

  test.each(sections(page).map((section) => [section.title, section] as const))('%s', (_, section) => {
    const lines = said(section);
    expect(lines.map((line, i) => line.slice(0, section.expected[i]?.length))).toEqual(section.expected);
  });
});

test('the table of ranges says what they become', () => {
  const page = readFileSync(join(folder, 'sets.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `tcp_dst (in|!=) ([\d-]+)` +\| +(\d+) \| +(\d+) \|/gm)];
  expect(rows.length).toBeGreaterThan(9);
  for (const [, operator, set, disjoint, overlapping] of rows) {
    const flows = (masks: string): number => {
      const text = `flow { masks = ${masks}; match { tcp; tcp_dst ${operator} ${set} } action { drop } }\n`;
      return compile({ path: 'p.wbf', text }).program?.flows.length ?? 0;
    };
    expect([set, flows('disjoint'), flows('overlapping')]).toEqual([set, Number(disjoint), Number(overlapping)]);
  }
});
