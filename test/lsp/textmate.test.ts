// The TextMate grammar is what the tables make it. `npx vitest run test/lsp/textmate.test.ts -u` writes it anew.
/* eslint-disable @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access -- what is looked at is JSON */
import { readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import { textmate } from '../../src/service/textmate.ts';

const FILE = '../../lsp/vscode/syntaxes/wbf.tmLanguage.json';
const grammar = textmate();

test('the file in the extension is not stale', async () => {
  // As `prettier --write` leaves it.
  const text = await format(JSON.stringify(grammar), {
    parser: 'json',
    ...(await resolveConfig(import.meta.filename)),
  });
  await expect(text).toMatchFileSnapshot(FILE);
});

test('the extension ships it, and starts the server', () => {
  const extension = new URL('../../lsp/vscode/', import.meta.url);
  const manifest = JSON.parse(readFileSync(new URL('package.json', extension), 'utf8'));
  expect(manifest.contributes.grammars[0]).toMatchObject({
    scopeName: grammar.scopeName,
    path: './syntaxes/wbf.tmLanguage.json',
  });
  for (const file of [manifest.main, manifest.contributes.languages[0].configuration]) {
    expect(readFileSync(new URL(file, extension), 'utf8')).not.toBe('');
  }
  expect(readFileSync(new URL(manifest.main, extension), 'utf8')).toContain("'lsp', '--stdio'");
});

interface Rule {
  readonly include?: string;
  readonly name?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly captures?: Readonly<Record<string, { readonly name: string }>>;
}

/** What a TextMate engine does with one line, for rules that end on it: the scope of each word. */
function scopes(line: string): Record<string, string> {
  const rules = grammar.patterns.flatMap((p): readonly Rule[] => {
    const name = (p as Rule).include!.slice(1);
    return grammar.repository[name]!.patterns;
  });
  const found: Record<string, string> = {};
  for (let at = 0; at < line.length;) {
    let best: { match: RegExpExecArray; rule: Rule } | null = null;
    for (const rule of rules) {
      const pattern = new RegExp((rule.match ?? rule.begin)!, 'dg');
      pattern.lastIndex = at;
      const match = pattern.exec(line);
      if (match !== null && (best === null || match.index < best.match.index)) best = { match, rule };
    }
    if (best === null) break;
    const { match, rule } = best;
    if (rule.name !== undefined) found[match[0]] = rule.name;
    for (const [i, { name }] of Object.entries(rule.captures ?? {})) {
      const text = match[Number(i)];
      if (text !== undefined) found[text] = name;
    }
    at = Math.max(match.index + match[0].length, at + 1);
  }
  return found;
}

test('every expression is one', () => {
  const patterns = JSON.stringify(grammar);
  expect(patterns).not.toContain('undefined');
  expect(() => scopes('table acl = 10 { }')).not.toThrow();
});

test('words are coloured by what they are', () => {
  expect(scopes('table load = 0 {')).toMatchObject({
    table: 'keyword.declaration.wbf',
    load: 'entity.name.wbf',
    '0': 'constant.numeric.decimal.wbf',
  });
  expect(scopes('group web = 4096 { type = select')).toMatchObject({
    group: 'keyword.declaration.wbf',
    web: 'entity.name.wbf',
    type: 'variable.other.property.wbf',
  });
  expect(scopes('  bucket { weight = 10; action { group web; meter limit } }')).toMatchObject({
    bucket: 'keyword.control.block.wbf',
    weight: 'variable.other.property.wbf',
    action: 'keyword.control.block.wbf',
    group: 'support.function.action.wbf',
    meter: 'support.function.action.wbf',
  });
  expect(scopes('    group web')).toEqual({ group: 'support.function.action.wbf' });
  expect(scopes('  band drop { rate = 5 }')).toMatchObject({
    band: 'keyword.control.block.wbf',
    rate: 'variable.other.property.wbf',
  });
  expect(scopes('    match { icmp; eth_dst = 00:00:00:00:99:99; icmp_type = echo_request }')).toMatchObject({
    match: 'keyword.control.block.wbf',
    icmp: 'support.type.protocol.wbf',
    eth_dst: 'variable.language.field.wbf',
    '00:00:00:00:99:99': 'constant.numeric.mac.wbf',
    icmp_type: 'variable.language.field.wbf',
    echo_request: 'support.constant.wbf',
  });
  expect(scopes('  action { output in_port; ip_dst = ip_src; goto acl }')).toMatchObject({
    action: 'keyword.control.block.wbf',
    output: 'support.function.action.wbf',
    in_port: 'support.constant.wbf',
    ip_dst: 'variable.language.field.wbf',
    ip_src: 'variable.language.field.wbf',
    goto: 'support.function.action.wbf',
  });
  expect(
    scopes('ip_dst = 10.0.0.0/8; ipv6_dst = fe80::1; ct_state = +trk-new; idle_timeout = 30s; x = 0x1f'),
  ).toMatchObject({
    '10.0.0.0': 'constant.numeric.ipv4.wbf',
    'fe80::1': 'constant.numeric.ipv6.wbf',
    '+trk': 'constant.other.flag.wbf',
    '-new': 'constant.other.flag.wbf',
    idle_timeout: 'variable.other.property.wbf',
    '30s': 'constant.numeric.duration.wbf',
    '0x1f': 'constant.numeric.hex.wbf',
  });
  expect(scopes('flow { priority = 10 } // a table')).toMatchObject({
    flow: 'keyword.declaration.wbf',
    priority: 'variable.other.property.wbf',
    '// a table': 'comment.line.double-slash.wbf',
  });
  expect(scopes('/// table and flow')).toEqual({ '/// table and flow': 'comment.line.documentation.wbf' });
});
