// The pages of the reference that are written by hand: the files of each section are a project. `title=` names them; a
// block of `text` is what `wbfc check` says of it, the beginning of each line, or all of it as it is drawn.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from '../../grammar/parser.ts';
import { FUNCTION_TABLE } from '../../src/expand/functions.ts';
import { PARAMETER_TYPES } from '../../src/expand/parameter-types.ts';
import { compile } from '../../src/project/compile.ts';
import { concise } from '../../src/report/concise.ts';
import { renderBatch } from '../../src/report/pretty.ts';
import { memory } from '../expand/support.ts';

const folder = fileURLToPath(new URL('../../docs/reference', import.meta.url));

interface Section {
  readonly title: string;
  /** By path; the program is `main.wbf`. */
  readonly files: ReadonlyMap<string, string>;
  readonly expected: readonly string[];
  /** What is drawn with its source; null where the page does not show it. */
  readonly drawn: string | null;
}

function sections(page: string): Section[] {
  const text = readFileSync(join(folder, page), 'utf8');
  return text.split(/^## /m).flatMap((part) => {
    const title = part.split('\n')[0] ?? '';
    const blocks = [...part.matchAll(/^```(\w+)(?: title=(\S+)| (drawn))?\n([^]*?)^```$/gm)];
    const files = new Map<string, string>();
    const expected: string[] = [];
    let drawn: string | null = null;
    for (const [, language, name, how, body = ''] of blocks) {
      if (how === 'drawn') drawn = body;
      else if (language === 'text') expected.push(...body.trimEnd().split('\n'));
      else files.set(name ?? 'main.wbf', body);
    }
    return files.size === 0 ? [] : [{ title, files, expected, drawn }];
  });
}

function said({ files }: Section, drawn = false): string {
  const text = files.get('main.wbf') ?? '';
  const { files: read, diagnostics } = compile({ path: 'main.wbf', text }, { library: memory(files) });
  const options = { color: false, version: '', repositoryPath: () => null, rule: () => undefined };
  const batch = { files: read, diagnostics };
  return drawn ? renderBatch(batch, false) : concise([batch], options);
}

const GENERATED = ['fields.md', 'protocols.md', 'actions.md', 'std.md'];
const all = readdirSync(folder).filter((name) => name.endsWith('.md'));
/** Formatting has a test of its own. */
const pages = all.filter((name) => ![...GENERATED, 'README.md', 'formatting.md'].includes(name));

describe.each(pages)('%s', (page) => {
  test('has programs', () => {
    expect(sections(page).length).toBeGreaterThan(3);
  });

  test.each(sections(page).map((section) => [section.title, section] as const))('%s', (_, section) => {
    if (section.drawn !== null) {
      expect(said(section, true).trimEnd()).toBe(section.drawn.trimEnd());
      return;
    }
    const lines = said(section)
      .split('\n')
      .filter((line) => line !== '');
    expect(lines.map((line, i) => line.slice(0, section.expected[i]?.length))).toEqual(section.expected);
  });
});

describe('cookies', () => {
  const cookies = (text = ''): ReadonlySet<bigint> =>
    new Set([...(compile({ path: 'main.wbf', text }).program?.flows ?? [])].map((f) => f.cookie));
  const found = sections('identity.md');

  test('are the same where the page says so', () => {
    const { files } = found.find(({ files }) => files.has('same.wbf')) ?? {
      files: new Map<string, string>(),
    };
    const [usual, same] = [cookies(files.get('main.wbf')), cookies(files.get('same.wbf'))];
    expect(usual.size).toBe(5);
    // It has one flow more.
    expect(same.size).toBe(6);
    for (const cookie of usual) expect(same).toContain(cookie);
  });

  test('are others where the page says so', () => {
    const { files } = found.find(({ files }) => files.has('other.wbf')) ?? {
      files: new Map<string, string>(),
    };
    const [usual, other] = [cookies(files.get('main.wbf')), cookies(files.get('other.wbf'))];
    expect([usual.size, other.size]).toEqual([4, 4]);
    for (const cookie of usual) expect(other).not.toContain(cookie);
  });
});

test('the index leads to every page, and the README to the index', () => {
  const index = readFileSync(join(folder, 'README.md'), 'utf8');
  const linked = [...index.matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, name]) => name);
  expect(linked.sort()).toEqual(all.filter((name) => name !== 'README.md').sort());
  expect(readFileSync(join(folder, '../../README.md'), 'utf8')).toContain('(docs/reference/README.md)');
});

test('links of the reference lead somewhere', () => {
  const headings = (page: string): string[] =>
    [...page.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
  for (const page of all) {
    const text = readFileSync(join(folder, page), 'utf8');
    for (const [, target = '', anchor] of text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)) {
      expect(existsSync(join(folder, target)), `${page}: ${target}`).toBe(true);
      if (anchor === undefined) continue;
      const found = target === '' ? text : readFileSync(join(folder, target), 'utf8');
      expect(headings(found), `${page}: ${target}#${anchor}`).toContain(anchor);
    }
  }
});

/** The cells of the rows of a table on a page, below its head. */
function tableOf(page: string, head: string): string[][] {
  const text = readFileSync(join(folder, page), 'utf8');
  const [, rows = ''] =
    new RegExp(`^\\| ${head}[^\\n]*\\n\\|[-:| ]*\\n((?:\\|.*\\n)+)`, 'm').exec(text) ?? [];
  return rows
    .trimEnd()
    .split('\n')
    .map((row) => row.split(/(?<!\\)\|/).slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim().replaceAll('\\|', '|')));
}

test('the functions are those that there are', () => {
  const described = FUNCTION_TABLE.map(({ form, summary }) => [`\`${form}\``, summary]);
  expect(tableOf('expressions.md', 'function')).toEqual(described);
});

test('the types of parameters are those that there are', () => {
  const described = PARAMETER_TYPES.map(({ name, summary }) => [`\`${name}\``, summary]);
  expect(tableOf('templates.md', 'type')).toEqual(described);
});

test('operators bind as the table says', () => {
  const rows = tableOf('expressions.md', 'operators').map(([cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, operator = '']) => operator),
  );
  expect(rows.flat().length).toBe(21);
  // The operator that binds less is the one that is left when the other has been put together.
  const outer = (text: string): string => {
    const { tree, errors } = parse(`const x = ${text}\n`);
    expect(errors, text).toEqual([]);
    const [item] = tree.items;
    const value = item?.kind === 'const' ? item.value : null;
    if (value?.kind === 'range') return '..';
    return value?.kind === 'binary' || value?.kind === 'unary' ? value.operator : '';
  };
  const unary = (operator: string): boolean => operator === 'not' || operator === '~';
  const one = (operator: string): string => (unary(operator) ? `${operator} a` : `a ${operator} b`);
  rows.forEach((loose, i) => {
    for (const tight of rows.slice(i + 1).flat()) {
      for (const operator of loose) {
        if (unary(operator))
          expect(outer(`${operator} ${one(tight)}`), `${operator} ${tight}`).toBe(operator);
        else expect(outer(`c ${operator} ${one(tight)}`), `${operator} ${tight}`).toBe(operator);
      }
    }
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
    expect([set, flows('disjoint'), flows('overlapping')]).toEqual([
      set,
      Number(disjoint),
      Number(overlapping),
    ]);
  }
});
