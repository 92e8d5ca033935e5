/**
 * Programs of several files in memory. A test writes them one behind the other:
 *
 *     import "lib/web.wbf" as web
 *     === lib/web.wbf
 *     const port = 80
 *
 * The first one is `main.wbf`. Diagnostics are drawn as in test/check/expect.ts, in the file that they are in.
 */
import { expect } from 'vitest';
import type { Diagnostic } from '../../src/diagnostics/types.ts';
import { flowText } from '../../src/emit/flows.ts';
import type { FoundFile, Library, Missing } from '../../src/expand/types.ts';
import type { FlowMod } from '../../src/ir/types.ts';
import { compile } from '../../src/project/compile.ts';
import type { Compilation } from '../../src/project/compile.ts';

/** Files by their paths, which are relative to the root of the project. */
export function memory(files: ReadonlyMap<string, string>): Library {
  return {
    find(from, wanted): FoundFile | Missing {
      const parts = from.split('/').slice(0, -1);
      for (const step of wanted.split('/')) {
        if (step === '..') {
          if (parts.pop() === undefined) return { kind: 'missing', why: 'outside', detail: '' };
        } else if (step !== '.' && step !== '') parts.push(step);
      }
      const path = parts.join('/');
      const text = files.get(path);
      if (text === undefined) return { kind: 'missing', why: 'absent', detail: '' };
      return { kind: 'found', file: { path, text }, identity: path, module: path.replace(/\.wbf$/, '') };
    },
  };
}

export interface Project extends Compilation {
  readonly texts: ReadonlyMap<string, string>;
  /** Empty where there are errors. */
  readonly flows: readonly FlowMod[];
}

const DRAWN = /^ *(~+|-+)( |$)/;

export function split(source: string): Map<string, string> {
  const [first = '', ...others] = source.split(/^=== /m);
  const texts = new Map([['main.wbf', first]]);
  for (const other of others) {
    const end = other.indexOf('\n');
    texts.set(other.slice(0, end), other.slice(end + 1));
  }
  return texts;
}

export function compileAll(source: string): Project {
  const texts = new Map(
    [...split(source)].map(([path, text]) => [
      path,
      text
        .split('\n')
        .filter((line) => !DRAWN.test(line))
        .join('\n'),
    ]),
  );
  const main = { path: 'main.wbf', text: texts.get('main.wbf') ?? '' };
  const compilation = compile(main, { library: memory(texts) });
  const { program } = compilation;
  return { ...compilation, texts, flows: program === null ? [] : [...program.flows] };
}

/** The flows as text; an error is a failure that shows the diagnostics. */
export function flowsOf(source: string): string[] {
  const project = compileAll(source);
  const errors = project.diagnostics.filter((d) => d.severity === 'error');
  if (errors.length > 0) throw new Error(drawAll(project));
  return project.flows.map((f) => flowText(f));
}

/** Without their cookies. */
export function bodiesOf(source: string): string[] {
  return flowsOf(source).map((line) => line.replace(/^cookie=0x[0-9a-f]+,/, ''));
}

/** Must give exactly the diagnostics that are drawn into it. */
export function expectProject(source: string): Project {
  const project = compileAll(source);
  expect(drawAll(project)).toBe(source);
  return project;
}

/** All files of the source, with the diagnostics drawn into them. */
export function drawAll({ texts, files, diagnostics }: Project): string {
  return [...texts]
    .map(([path, text], i) => {
      const index = files.findIndex((f) => f.path === path);
      const marks = diagnostics.flatMap((d) => marksOf(d)).filter((m) => m.file === index);
      return `${i === 0 ? '' : `=== ${path}\n`}${draw(text, marks)}`;
    })
    .join('');
}

interface Mark {
  readonly file: number;
  readonly start: number;
  readonly end: number;
  readonly mark: '~' | '-';
  readonly says: string;
}

function marksOf(d: Diagnostic): Mark[] {
  return [
    { ...d.place, mark: '~', says: `${d.code} ${d.message}` },
    ...d.related.map((r): Mark => ({ ...r, mark: '-', says: r.message })),
  ];
}

function draw(text: string, marks: readonly Mark[]): string {
  const drawn: string[] = [];
  let offset = 0;
  for (const line of text.split('\n')) {
    const end = offset + line.length;
    drawn.push(line);
    for (const m of marks) {
      if (m.start < offset || m.start > end) continue;
      const width = Math.max(1, Math.min(m.end, end) - m.start);
      drawn.push(`${' '.repeat(m.start - offset)}${m.mark.repeat(width)} ${m.says}`.trimEnd());
    }
    offset = end + 1;
  }
  return drawn.join('\n');
}
