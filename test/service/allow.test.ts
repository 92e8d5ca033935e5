// The quick fix that turns a diagnostic off at its flow or table.
import { expect, test } from 'vitest';
import { fixesAt, readDocument } from '../../src/service/index.ts';

/** The text after each fix with such a title. */
function allowed(text: string): string[] {
  const document = readDocument('a.wbf', text);
  return fixesAt(document, { start: 0, end: text.length })
    .filter((f) => f.title.startsWith('Allow '))
    .map(({ edits, preferred, title }) => {
      const [edit] = edits;
      expect(edits).toHaveLength(1);
      expect(preferred).toBe(false);
      const after = text.slice(0, edit!.start) + edit!.newText + text.slice(edit!.end);
      const code = /WBF\d+/.exec(title)![0];
      const codes = (t: string): string[] => readDocument('a.wbf', t).analysis.diagnostics.map((d) => d.code);
      expect(codes(after)).toEqual(codes(text).filter((c) => c !== code));
      return after;
    });
}

test('is put before what the flow says', () => {
  expect(allowed('flow { match { in_port = 1 } action { output 1 } }')).toEqual([
    'flow { allow = WBF4101; match { in_port = 1 } action { output 1 } }',
  ]);
  expect(allowed('flow f {\n  priority = 5\n  match {}\n  action { output 0 }\n}\n')).toEqual([
    'flow f {\n  allow = WBF2017\n  priority = 5\n  match {}\n  action { output 0 }\n}\n',
  ]);
});

test('is added to what the flow allows', () => {
  const flow = (attributes: string): string =>
    `flow { ${attributes}match { in_port = 1; metadata = 0/0 } action { output 1 } }`;
  expect(allowed(flow('allow = WBF3014; '))).toEqual([flow('allow = [WBF3014, WBF4101]; ')]);
  expect(allowed(flow('allow = [WBF3014]; '))).toEqual([flow('allow = [WBF3014, WBF4101]; ')]);
  expect(allowed(flow('allow = []; '))).toEqual([flow('allow = [WBF3014]; '), flow('allow = [WBF4101]; ')]);
});

test('is put into a table for what is about the table', () => {
  const entry = 'table in = 0 {\n  miss { output 1 }\n}\n';
  expect(allowed(`${entry}table acl = 1 {\n  miss = drop\n}\n`)).toEqual([
    `${entry}table acl = 1 {\n  allow = WBF5601\n  miss = drop\n}\n`,
  ]);
  expect(
    allowed(`${entry}table acl = 1 { allow = WBF5601; flow { match { arp } action { drop } } }`),
  ).toEqual([`${entry}table acl = 1 { allow = [WBF5601, WBF5109]; flow { match { arp } action { drop } } }`]);
  expect(allowed('table t = 0 {\n}\n')).toEqual(['table t = 0 { allow = WBF5109 \n}\n']);
});

test('is put into a table for what its `miss` does between tables', () => {
  expect(allowed('table in = 0 { miss { output 1; eth_dst = eth_src } }')).toEqual([
    'table in = 0 { allow = WBF5606; miss { output 1; eth_dst = eth_src } }',
  ]);
  // A table does not turn off what is wrong with one action.
  expect(allowed('table in = 0 { miss { output 0 } }')).toEqual([]);
});

test('is put into a flow that is made at compile time', () => {
  const bad = (allow: string): string => `flow { ${allow}match { in_port = p } action { output p } }`;
  const everywhere = (flow: string): readonly string[] => [
    `table t = 0 { miss = drop; for p in [1, 2] { if p > 0 { ${flow} } } }`,
    `table t = 0 { miss = drop }\nextend table t { for p in [1, 2] { ${flow} } }`,
    `template x(p: port) { ${flow} }\ntable t = 0 { miss = drop; use x(1); use x(2) }`,
  ];
  const after = everywhere(bad('allow = WBF4101; '));
  everywhere(bad('')).forEach((text, i) => expect(allowed(text)).toContain(after[i]));
});

test('holds for what is made of a flow where only some of it needs it', () => {
  const text =
    'table t = 0 { miss = drop; for p in [1, 2] { flow { match { in_port = p } action { output 1 } } } }';
  expect(allowed(text)).toEqual([text.replace('flow { ', 'flow { allow = WBF4101; ')]);
});

test('is not there for what cannot be allowed, and not outside of flows and tables', () => {
  expect(allowed('flow { match { tcp_dst = 80 } action { drop } }')).toEqual([]);
  expect(allowed('bridge br0 { fail_mode = secure; controller = "tcp:127.0.0.1" }')).toEqual([]);
});
