/** Our lookahead beside chevrotain's own. */
import { LLkLookaheadStrategy } from 'chevrotain';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse, WbfParser } from '../../grammar/parser.ts';
import { tokenize } from '../../grammar/tokens.ts';

const OWN = new LLkLookaheadStrategy({ maxLookahead: 1 });

test('the grammar is sound by the rules of chevrotain', () => {
  expect(() => new WbfParser({ skipValidations: false, lookaheadStrategy: OWN })).not.toThrow();
});

describe('the same trees and errors', () => {
  const theirs = new WbfParser({ lookaheadStrategy: OWN });
  const folders = ['../../examples', '../../examples/broken'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.wbf'))
      .map((name) => `${folder}/${name}`),
  );
  const more = `import "x.wbf" as x
const a = b + c * ~d == 5 and not e or f in {1, 2-3}
const r = [{a: 1, b: "x\${y}"}, load "z.csv"]
template t(a: int, b: ipv4 = 10.0.0.1) { if a == 1 { flow { match { tcp } action { drop } } } else { use u(a, b = 2) } }
for {n, v}, i in r { table "t_\${n}" { miss = goto x.acl; use x.t(v) } }
extend table x.acl { for h in r { flow f { match { for p in h { tcp_dst = p } } action { ct(commit) { ct_mark = 1 } } } } }
`;
  test.each([...files.map((file) => readFileSync(file, 'utf8')), more])('of a text (%#)', (text) => {
    const ours = parse(text);
    // Cut short, and with a token left out, too.
    for (const part of [text, text.slice(0, text.length / 2), text.replace('{', ''), text.replace('=', '')]) {
      theirs.begin(part, tokenize(part).tokens);
      theirs.file();
      const same = parse(part);
      if (theirs.unended) continue;
      expect(same.tree.items).toEqual(theirs.items);
    }
    expect(ours.tree.items.length).toBeGreaterThan(0);
  });
});
