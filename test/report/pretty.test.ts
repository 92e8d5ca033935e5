import { expect, test } from 'vitest';
import { pretty } from '../../src/report/pretty.ts';
import type { ReportFile } from '../../src/report/types.ts';
import type { Diagnostic } from '../../src/diagnostics/types.ts';
import { at, batch, diagnostic, options } from './sample.ts';

/** The report of one diagnostic on one text, without the summary. */
function one(files: readonly ReportFile[], d: Diagnostic): string {
  return pretty([{ files, diagnostics: [d] }], options)
    .split('\n\n')
    .slice(0, -1)
    .join('\n\n');
}

const file = (text: string, path = 'a.wbf'): ReportFile => ({ path, text });

test('the look of a diagnostic', () => {
  expect(pretty([batch], options)).toBe(`\
error[WBF3001]: this match never says that the packet is ICMPv4
 --> dir/rules.wbf:3:49
  |
3 |   match { eth_dst = self_mac; ip_dst = self_ip; icmp_type = echo_request; icmp_code = 0 }
  |                               ------            ^^^^^^^^^                 ---------
  |                               |                 needs eth_type = 0x0800 and ip_proto = 1
  |                               needs eth_type = 0x0800
  = the switch answers OFPBMC_BAD_PREREQ
  = ovs-ofctl does not refuse it: it drops these three terms without an error, and the flow
    matches every frame to 00:00:00:00:99:99
help: add \`icmp\`

warning[WBF4002]: this flow has, in truth, no effect: 100%
 --> dir/rules.wbf:2:1
  |
2 | / flow a {
3 | |   match { eth_dst = self_mac; ip_dst = self_ip; icmp_type = echo_request; icmp_code = 0 }
4 | |   action { drop }
5 | | }
  | |_^ never hit

1 error, 1 warning
`);
});

test('a short label stands beside the last underline, the others hang', () => {
  const text = 'const web = 80 const web = 81\n';
  const d = diagnostic({
    place: { file: 0, ...at(text, 'web', 2) },
    label: 'declared again',
    related: [{ file: 0, ...at(text, 'web'), message: 'declared here' }],
  });
  expect(one([file(text)], d)).toBe(`\
error[WBF3001]: something is wrong
 --> a.wbf:1:22
  |
1 | const web = 80 const web = 81
  |       ---            ^^^ declared again
  |       declared here`);
});

test('related places in other lines and files', () => {
  const text = `const a = 1\n${'\n'.repeat(9)}const a = 2\n`;
  const other = 'port a = 3\n';
  const d = diagnostic({
    place: { file: 0, start: text.lastIndexOf('a ='), end: text.lastIndexOf('a =') + 1 },
    related: [
      { file: 0, ...at(text, 'a'), message: 'first here' },
      { file: 1, ...at(other, 'a'), message: 'and here' },
    ],
    help: 'choose other names',
  });
  expect(one([file(text), file(other, 'lib/b.wbf')], d)).toBe(`\
error[WBF3001]: something is wrong
  --> a.wbf:11:7
   |
 1 | const a = 1
   |       - first here
...
11 | const a = 2
   |       ^
  ::: lib/b.wbf:1:6
   |
 1 | port a = 3
   |      - and here
help: choose other names`);
});

test('brackets: nested, and from the middle of a line', () => {
  const text = 'flow x { match {\n  tcp\n}\n1\n2\n3\n4\n5\n6\n}\n';
  const d = diagnostic({
    place: { file: 0, start: text.indexOf('match'), end: text.indexOf('}') + 1 },
    label: 'this block',
    related: [{ file: 0, start: 0, end: text.length - 1, message: 'in this flow' }],
  });
  expect(one([file(text)], d)).toBe(`\
error[WBF3001]: something is wrong
  --> a.wbf:1:10
   |
 1 | /  flow x { match {
   | | __________^
 2 | ||   tcp
 3 | || }
   | ||_^ this block
...
10 | |  }
   | |__- in this flow`);
});

test('tabs, wide characters, combining marks', () => {
  const text = '\tab\t漢字 e\u0301 x\n';
  const d = diagnostic({
    place: { file: 0, ...at(text, '字') },
    related: [{ file: 0, ...at(text, 'x'), message: 'here' }],
  });
  expect(one([file(text)], d)).toBe(`\
error[WBF3001]: something is wrong
 --> a.wbf:1:6
  |
1 |     ab  漢字 e\u0301 x
  |           ^^   - here`);
});

test('nothing in a source or a message reaches the terminal as a command', () => {
  const text = 'a \u001b[2J\u0007 \u202e b \u0085 \ud800 c\u0000\n';
  const d = diagnostic({
    message: 'bad \u001b[31mname\nnext line',
    place: { file: 0, ...at(text, 'b') },
    label: 'label \u001b]0;title\u0007',
    notes: ['note \r\u001b[1A'],
    help: 'help \u009b2J',
  });
  const shown = pretty([{ files: [file(text, 'x\u001b.wbf')], diagnostics: [d] }], options);
  // eslint-disable-next-line no-control-regex -- that is what is looked for
  expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\ud800]/);
  expect(shown).toContain('1 | a ␛[2J␇ � b � � c␀');
  expect(shown).toContain('bad ␛[31mname␊next line');
});

test('ends of lines and of the file', () => {
  const text = '\ufeffconst a = 1\r\nconst b\r\n';
  const show = (start: number, end: number): string =>
    one([file(text)], diagnostic({ place: { file: 0, start, end } }));
  expect(show(1, 6)).toContain(' --> a.wbf:1:1\n  |\n1 | const a = 1\n  | ^^^^^');
  // A mark over the line break shows on its line.
  expect(show(11, 14)).toContain(' --> a.wbf:1:11\n  |\n1 | const a = 1\n  |           ^');
  expect(show(12, 14)).toContain('1 | const a = 1\n  |            ^');
  expect(show(text.length, text.length)).toContain(' --> a.wbf:3:1\n  |\n3 |\n  | ^');
  expect(show(9999, 10000)).toContain(' --> a.wbf:3:1');
});

test('a very long line is cut to what matters', () => {
  const text = `${'x'.repeat(5000)} HERE ${'y'.repeat(5000)} THERE\n`;
  const d = diagnostic({
    place: { file: 0, ...at(text, 'HERE') },
    label: 'this',
    related: [{ file: 0, ...at(text, 'THERE'), message: 'that' }],
  });
  const shown = one([file(text)], d);
  expect(Math.max(...shown.split('\n').map((l) => l.length))).toBeLessThan(220);
  expect(shown).toMatch(/^1 \| …x+ HERE y+…$/m);
  expect(shown).toContain('^^^^ this');
  expect(shown).toContain(' ::: a.wbf:1:10008: that');
});

test('a failure without a place', () => {
  const d = diagnostic({ place: { file: -1, start: 0, end: 0 }, message: 'cannot connect', notes: ['why'] });
  expect(one([], d)).toBe('error[WBF3001]: cannot connect\n  = why');
});

test('several fixes, when no help is stated', () => {
  const fixes = ['Add `tcp`', 'Add `udp`'].map((title) => ({ title, edits: [] }));
  expect(one([], diagnostic({ place: { file: -1, start: 0, end: 0 }, fixes }))).toContain(
    'help: add `tcp`, or add `udp`',
  );
});

test('colours', () => {
  const shown = pretty([batch], { ...options, color: true });
  expect(shown).toContain('\u001b[1;31merror[WBF3001]\u001b[0m');
  expect(shown).toContain('\u001b[1;31m^^^^^^^^^\u001b[0m');
  expect(shown).toContain('\u001b[1;33mwarning[WBF4002]\u001b[0m');
  // eslint-disable-next-line no-control-regex -- colours are made of them
  expect(shown.replaceAll(/\u001b\[[\d;]*m/g, '')).toBe(pretty([batch], options));
});

test('a summary for people', () => {
  const clean = { files: [], diagnostics: [] };
  expect(pretty([clean], options)).toBe('no problems in 1 file\n');
  expect(pretty([clean, clean], options)).toBe('no problems in 2 files\n');
  const many = [1, 2].map(() => diagnostic({ place: { file: -1, start: 0, end: 0 } }));
  const all = [...many, diagnostic({ severity: 'information', place: { file: -1, start: 0, end: 0 } })];
  expect(pretty([{ files: [], diagnostics: all }], options)).toMatch(/\n2 errors, 1 remark\n$/);
});
