/** All diagnostics together: their codes, their examples, and the page that lists them. */
import { describe, expect, it } from 'vitest';
import { DEFINITIONS } from '../src/cli/rules.ts';
import { format } from '../src/format/format.ts';
import { compile } from '../src/project/compile.ts';

const sorted = [...DEFINITIONS].sort((a, b) => a.code.localeCompare(b.code));

/** What a program is told. */
const told = (text: string) => compile({ path: 'example.wbf', text }).diagnostics;

it('every code is declared once', () => {
  const codes = sorted.map((d) => d.code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of codes) expect(code).toMatch(/^WBF\d{4}$/);
});

describe.each(sorted.filter((d) => d.example !== null).map((d) => [d.code, d] as const))(
  'the example of %s',
  (code, d) => {
    it('has the mistake, and no other', () => {
      const found = told(d.example!.bad).filter((f) => f.severity === 'error' || f.code === code);
      expect(found.map((f) => f.code)).toEqual([code]);
    });

    it('is mended', () => {
      expect(told(d.example!.good).filter((f) => f.severity === 'error' || f.code === code)).toEqual([]);
    });
  },
);

// `npx vitest run test/diagnostics.test.ts -u` writes the page again.
it('the page of diagnostics is up to date', async () => {
  const entry = (d: (typeof sorted)[number]): string => {
    const lines = [
      `## ${d.code}`,
      '',
      `**${d.title}** (${d.severity}${d.switchError === null ? '' : `, \`${d.switchError}\``})`,
      '',
      d.explanation,
    ];
    if (d.example !== null) {
      lines.push(
        '',
        'Refused:',
        '',
        '```wbf',
        format(d.example.bad).text.trimEnd(),
        '```',
        '',
        'Accepted:',
        '',
        '```wbf',
        format(d.example.good).text.trimEnd(),
        '```',
      );
    }
    return lines.join('\n');
  };
  const page = [
    '# Diagnostics',
    '',
    'Everything that wbfc can say about a program or a push. `wbfc explain CODE` prints the same in a terminal. This page is made from `src/diagnostics/codes/` by a test.',
    '',
    ...sorted.map((d) => `${entry(d)}\n`),
  ].join('\n');
  await expect(page).toMatchFileSnapshot('../docs/diagnostics.md');
});
