// The quick fix that turns a diagnostic off at its flow.
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

test('is not there for what cannot be allowed, and not outside of flows', () => {
  expect(allowed('flow { match { tcp_dst = 80 } action { drop } }')).toEqual([]);
  expect(allowed('bridge br0 { fail_mode = secure; controller = "tcp:127.0.0.1" }')).toEqual([]);
  expect(allowed('table t = 0 {\n}\n')).toEqual([]);
});
