/** What the tests of the formatter share: programs that have everything, and what must be the same of two texts. */
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from '../../grammar/parser.ts';
import { Scanner, T } from '../../grammar/scanner.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

const isSpan = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).length === 2 &&
  'start' in value &&
  'end' in value;

/** The tree of a text without its places; blanks at the ends of documentation lines are left out. */
export function treeOf(text: string): string {
  const { tree } = parse(text);
  return JSON.stringify(
    tree,
    (key, value: unknown) => {
      if (typeof value === 'bigint') return `${value}n`;
      if (key === 'doc' && typeof value === 'string') return value.replace(/[ \t\r]+$/gm, '');
      return isSpan(value) ? 'somewhere' : value;
    },
    1,
  );
}

/** The comments of a text, in order, without the blanks at the ends of their lines. */
export function commentsOf(text: string): string[] {
  const found: string[] = [];
  const scanner = new Scanner(text);
  let at = 0;
  for (;;) {
    const kind = scanner.next();
    if (kind === T.Separator) continue;
    const between = text.slice(at, kind === T.EndOfFile ? undefined : scanner.start);
    for (const { 0: comment } of between.matchAll(/\/\/[^\n]*|\/\*[^]*?\*\//g)) {
      found.push(comment.replaceAll('\r\n', '\n').replace(/[ \t\r]+$/gm, ''));
    }
    if (kind === T.EndOfFile) return found;
    at = scanner.end;
  }
}

/** All programs of the repository that have no syntax errors: examples, the standard library, documentation. */
export function programs(): Snippet[] {
  const found: Snippet[] = [];
  for (const folder of ['examples', 'src/std', 'test/format']) {
    for (const name of readdirSync(join(root, folder), {
      recursive: true,
      encoding: 'utf8',
    })) {
      if (!name.endsWith('.wbf')) continue;
      found.push({
        name: `${folder}/${name}`,
        info: '',
        text: readFileSync(join(root, folder, name), 'utf8'),
      });
    }
  }
  found.push(...snippets());
  return found.filter(({ text }) => parse(text).errors.length === 0);
}

export interface Snippet {
  readonly name: string;
  readonly info: string;
  readonly text: string;
}

/** The `wbf` blocks of the README and the documentation. */
export function snippets(): Snippet[] {
  const pages = [
    'README.md',
    ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((n) => `docs/${n}`),
  ];
  return pages
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) => {
      const page = readFileSync(join(root, name), 'utf8');
      return [...page.matchAll(/^```wbf *(.*)\n([^]*?)^```$/gm)].map(
        ({ 1: info = '', 2: text = '', index }) => ({
          name: `${name}:${page.slice(0, index).split('\n').length}`,
          info,
          text,
        }),
      );
    });
}

const INSERTED = [
  '',
  ' ',
  '   ',
  '\t',
  '\n',
  '\n\n\n',
  '\r\n',
  ';',
  ' ; ',
  ';\n',
  ';;',
  ' /* a */ ',
  '/* b */',
  ' // c\n',
  '// d  \n',
  '\n// e\n',
  '\n\n  // f\n\n',
  ' /* g\n  h */ ',
  '\n/* i */\n',
  '\n/* j */ ',
  '\n/// k\n',
  ' /// l\n',
  '\n// m\n// n\n',
  '/* o *//* p */',
  ' // q\n/* r */ // s\n',
  ',',
  ', ',
  ',\n',
];

/** The text with other things between some of its tokens; much of what comes out has errors. */
function scrambled(text: string, changes: readonly (readonly [number, string])[]): string {
  const scanner = new Scanner(text);
  const ends: [number, number][] = [];
  let at = 0;
  for (;;) {
    const kind = scanner.next();
    if (kind === T.Separator) continue;
    const start = kind === T.EndOfFile ? text.length : scanner.start;
    ends.push([at, start]);
    if (kind === T.EndOfFile) break;
    at = scanner.end;
  }
  const by = new Map(changes.map(([where, what]) => [where % ends.length, what]));
  let out = '';
  let from = 0;
  ends.forEach(([a, b], index) => {
    const what = by.get(index);
    if (what === undefined) return;
    out += text.slice(from, a) + what;
    // Half of the time what stood there stays.
    from = what.length % 2 === 0 ? a : b;
  });
  return out + text.slice(from);
}

/** Programs with blanks, newlines and comments where nobody would put them; all of them can be parsed. */
export function layouts(texts: readonly string[], most = 8): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.constantFrom(...texts),
      fc.array(fc.tuple(fc.nat({ max: 100_000 }), fc.constantFrom(...INSERTED)), { maxLength: most }),
    )
    .map(([text, changes]) => scrambled(text, changes))
    .filter((text) => parse(text).errors.length === 0);
}
