/**
 * Diagnostics as they would be drawn under the source, so that a test shows what the user sees:
 *
 *     flow { match { tcp_dst = 80 } action { drop } }
 *                    ~~~~~~~ WBF3001 this match never says that the packet is TCP
 *
 * A line of `~` is a primary place with the code and the message, a line of `-` a related one with its label.
 */
import { expect } from 'vitest';
import type { Diagnostic, Fix } from '../../src/diagnostics/types.ts';
import type { Expanded, FlowMod } from '../../src/ir/types.ts';
import { compile } from '../../src/project/compile.ts';

export interface Checked {
  /** The source without the drawn lines. */
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Empty where there are errors. */
  readonly flows: readonly FlowMod[];
  /** Those of the source that are several among `flows`. */
  readonly expansions: readonly Expanded[];
}

const DRAWN = /^ *(~+|-+)( |$)/;

/** Compiles a source as it is, or as it is under the drawn lines. */
export function check(source: string): Checked {
  const text = source
    .split('\n')
    .filter((line) => !DRAWN.test(line))
    .join('\n');
  const { diagnostics, program } = compile({ path: 'test.wbf', text });
  return {
    text,
    diagnostics,
    flows: program === null ? [] : [...program.flows],
    expansions: program?.expansions ?? [],
  };
}

/** The source must give exactly the diagnostics that are drawn into it. */
export function expectDiagnostics(source: string): Checked {
  const checked = check(source);
  expect(draw(checked.text, checked.diagnostics)).toBe(source);
  return checked;
}

/** A match and nothing else around it, checked: what is drawn below it counts from its first column. */
export function expectMatch(match: string, before = ''): Checked {
  const indent = ' '.repeat(FLOW.length);
  const [first = '', ...drawn] = match.split('\n');
  const lines = [`${FLOW}${first} } action { drop } }`, ...drawn.map((line) => indent + line)];
  return expectDiagnostics(`${before}${lines.join('\n')}\n`);
}

const FLOW = 'flow f { match { ';

/** The source with its diagnostics drawn into it. */
export function draw(text: string, diagnostics: readonly Diagnostic[]): string {
  const marks = diagnostics.flatMap((d) => [
    { ...d.place, mark: '~', says: `${d.code} ${d.message}` },
    ...d.related.map((r) => ({ start: r.start, end: r.end, mark: '-', says: r.message })),
  ]);
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

/** The text after a fix of a diagnostic: the first one, or the one with that title. */
export function applyFix({ text, diagnostics }: Checked, title?: string): string {
  const fixes = diagnostics.flatMap((d) => d.fixes);
  const fix = title === undefined ? fixes[0] : fixes.find((f) => f.title === title);
  if (fix === undefined) throw new Error(`no such fix; there are: ${fixes.map((f) => f.title).join(', ')}`);
  return applyEdits(text, fix);
}

export function applyEdits(text: string, { edits }: Fix): string {
  const ordered = [...edits].sort((a, b) => b.start - a.start);
  return ordered.reduce((t, e) => t.slice(0, e.start) + e.newText + t.slice(e.end), text);
}
