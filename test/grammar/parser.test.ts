import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FlowDecl, Item, Statement } from '../../grammar/ast.ts';
import { parse, parseFlow, parseTokens } from '../../grammar/parser.ts';
import { outline } from '../../grammar/outline.ts';

/** `problem@text` of every error. */
function errors(text: string): string[] {
  return parse(text).errors.map((e) => `${e.problem}@${text.slice(e.span.start, e.span.end)}`);
}

const flowOf = (items: readonly Item[]): FlowDecl => {
  const item = items.find((i) => i.kind === 'flow');
  if (item?.kind !== 'flow') throw new Error('no flow');
  return item;
};

function statementsOf(body: string): readonly Statement[] {
  const { tree, errors: found } = parse(`flow f { match {} action { ${body} } }`);
  expect(found).toEqual([]);
  return flowOf(tree.items).actions[0]!.statements;
}

describe('the tree', () => {
  it('of the white-box example', () => {
    const text = readFileSync(new URL('../../examples/whitebox.wbf', import.meta.url), 'utf8');
    const { tree, errors: found } = parse(text);
    expect(found).toEqual([]);
    expect(tree.items.map((i) => i.kind)).toEqual(['program', 'const', 'const', 'bridge', 'table']);
    expect(tree.items[0]!.doc).toContain('ARP and ping');
    const table = tree.items[4]!;
    if (table.kind !== 'table') throw new Error('no table');
    expect(table.flows.map((f) => f.name?.text)).toEqual(['arp_reply', 'ping_reply']);
    for (const flow of table.flows) {
      expect(text.slice(flow.span.start, flow.span.end)).toMatch(/^flow [^]*\}$/);
      expect(text.slice(flow.matches[0]!.span.start, flow.matches[0]!.span.end)).toMatch(/^match \{[^]*\}$/);
      expect(text.slice(flow.name!.span.start, flow.name!.span.end)).toBe(flow.name!.text);
    }
  });

  it('of commands', () => {
    const [resubmit, ct, output, goto, bare] = statementsOf(
      'resubmit(,3); ct(commit, zone = reg0[0..15], nat(src = 10.0.0.1-10.0.0.9)) { ct_mark = 1 }; output reg0[0..15]; goto acl; drop',
    );
    expect(resubmit).toMatchObject({
      name: { text: 'resubmit' },
      args: [{ value: { kind: 'missing' } }, { value: { value: 3n } }],
    });
    expect(ct).toMatchObject({
      kind: 'command',
      args: [
        { name: null },
        { name: { text: 'zone' }, value: { subfield: {} } },
        { value: { kind: 'call', name: { text: 'nat' } } },
      ],
      block: { statements: [{ kind: 'relation' }] },
    });
    expect(output).toMatchObject({
      args: null,
      operand: { kind: 'name', subfield: { from: { value: 0n }, to: { value: 15n } } },
    });
    expect(goto).toMatchObject({ operand: { path: [{ text: 'acl' }] } });
    expect(bare).toMatchObject({ args: null, operand: null, block: null });
  });

  it('of values', () => {
    const { tree } = parse(
      'flow f { match { a = {80, 443, 8000-8999}; b in {x}; c not in {y}; d != 1; e = 10.0.0.0/8; f = [1,\n2]; g = first..last; h = {ip: 1.2.3.4, mac: 02:00:00:00:00:01}; i = +a-b; j = addr(p, 3) } }',
    );
    const terms = flowOf(tree.items).matches[0]!.statements;
    expect(terms.map((s) => (s.kind === 'relation' ? `${s.operator} ${s.value.kind}` : ''))).toEqual([
      '= set',
      'in set',
      'not in set',
      '!= int',
      '= masked',
      '= list',
      '= range',
      '= record',
      '= flags',
      '= call',
    ]);
  });

  it('of keywords used as names', () => {
    expect(
      errors(
        'table load = 0 { miss = drop }\ntable match = 1 { miss = goto table }\nconst port = 1\nport flow = 2',
      ),
    ).toEqual([]);
  });

  it('of groups, meters and tunnel options', () => {
    const { tree, errors: found } = parse(`/// Balances.
group web = 4096 { type = select; fields = {ip_src, ip_dst/255.255.0.0}
  bucket { weight = 10; action { group other; output 1 } }  bucket { action { meter limit } } }
group other = 7
meter limit { unit = kbps; band drop { rate = 1000 }  band dscp_remark { rate = 500 } }
tunnel_metadata { tun_metadata0 = {class: 0xffff, type: 0x80, len: 4} }
`);
    expect(found).toEqual([]);
    expect(tree.items).toMatchObject([
      {
        kind: 'group',
        doc: 'Balances.',
        name: { text: 'web' },
        value: { value: 4096n },
        body: {
          statements: [
            { target: { path: [{ text: 'type' }] } },
            { value: { kind: 'set', elements: [{ kind: 'name' }, { kind: 'masked' }] } },
            {
              name: { text: 'bucket' },
              block: {
                statements: [
                  {},
                  { name: { text: 'action' }, block: { keyword: { text: 'action' }, statements: [{}, {}] } },
                ],
              },
            },
            { name: { text: 'bucket' } },
          ],
        },
      },
      { kind: 'group', name: { text: 'other' }, value: { value: 7n }, body: null },
      {
        kind: 'meter',
        value: null,
        body: {
          statements: [{}, { name: { text: 'band' }, operand: { path: [{ text: 'drop' }] } }, { block: {} }],
        },
      },
      { kind: 'tunnel_metadata', body: { statements: [{ value: { kind: 'record' } }] } },
    ]);
  });

  it('of actions called as declarations are, and of blocks within actions', () => {
    const [learn, group, meter, clone] = statementsOf(
      'learn(table = 1) { match { tcp; eth_dst = pkt.eth_src }\n action { output pkt.in_port }\n match { reg0 = 1 } }\n group web\n meter limit\n clone { group web; meter 5 }',
    );
    expect(learn).toMatchObject({
      block: {
        keyword: null,
        statements: [
          { name: { text: 'match' }, block: { keyword: { text: 'match' }, statements: [{}, {}] } },
          { name: { text: 'action' }, block: { statements: [{}] } },
          { name: { text: 'match' } },
        ],
      },
    });
    expect(group).toMatchObject({ name: { text: 'group' }, operand: { path: [{ text: 'web' }] } });
    expect(meter).toMatchObject({ name: { text: 'meter' }, operand: { path: [{ text: 'limit' }] } });
    expect(clone).toMatchObject({ block: { statements: [{}, { operand: { value: 5n } }] } });
  });

  it('of a miss with an operand', () => {
    const { tree, errors: found } = parse('table t = 0 { miss = goto acl }');
    expect(found).toEqual([]);
    expect(tree.items[0]).toMatchObject({
      attributes: [{ value: { kind: 'call', name: { text: 'goto' } } }],
    });
  });

  it('keeps nodes of half-typed text', () => {
    const { tree } = parse('table t = 0 {\n  flow a {\n    match { icmp; ip_src = ');
    const table = tree.items[0]!;
    if (table.kind !== 'table') throw new Error('no table');
    expect(table.flows[0]!.matches[0]!.statements).toMatchObject([
      { name: { text: 'icmp' } },
      { target: { path: [{ text: 'ip_src' }] } },
    ]);
  });

  it('joins documentation lines', () => {
    const { tree } = parse('/// One.\n///   Two.\ntable t = 0 { /// Three.\n flow a { } }');
    expect(tree.items[0]!.doc).toBe('One.\n  Two.');
    const table = tree.items[0]!;
    expect(table.kind === 'table' && table.flows[0]!.doc).toBe('Three.');
  });
});

describe('errors', () => {
  it.each<[string, string[]]>([
    ['const = 5', ['expected@=']],
    ['const a 7', ['expected@7']],
    ['port p = ', ['expected@']],
    ['flow f { match { icmp icmp_type = 8 } action { drop } }', ['missing separator@icmp_type']],
    ['flow f { priority = 10 match {} action { drop } }', ['missing separator@match']],
    ['flow f {\n match { tcp\n action { drop }\n}', ['unclosed block@{']],
    [
      'table a = 0 {\n flow x { match {} action { drop } }\ntable b = 1 { miss = drop }',
      ['unclosed block@{'],
    ],
    ['table t = 0 {\n  flow a {\n    match { icmp', ['unclosed block@{']],
    ['flow f { match { ip_dst = 10.0.0.0/ } action { drop } }', ['space around slash@/']],
    ['}', ['stray@}']],
    ['template t(a: b) { flow x { } }', []],
    ['template t(a) { flow x { } }', ['expected@)']],
    ['template t { flow x { } }', ['expected@{']],
    ['for h in hosts { use t(h) }\nflow f { match {} action { if a { drop } } }', []],
    ['for in hosts { use t(h) }', ['expected@in']],
    ['for h hosts { use t(h) }', ['expected@hosts']],
    ['if { use t() }', ['expected@{']],
    ['else { use t() }', ['misplaced@else']],
    ['flow f { match {} action { use t() } }', ['misplaced@use']],
    ['flow f { match {} for h in hosts { } action { drop } }', ['misplaced@for']],
    ['import x.wbf', ['expected@x']],
    ['import "x.wbf" as', ['expected@']],
    ['extend acl { flow { match {} action { drop } } }', ['expected@acl']],
    ['const x = load', []],
    ['const x = load hosts.csv', ['expected@hosts']],
    ['const x = a -1', ['space around sign@-']],
    ['const x = -1', ['expected@-']],
    ['const x = a - 1', []],
    ['const x = a == b and not c', []],
    ['const x = a && b', ['expected@&&']],
    ['const x = "${1}"', ['interpolation@1']],
    ['flow f { match { a = b = c } action { drop } }', ['expected@=']],
    ['flow f { match { } action { output( } }', ['unclosed block@(']],
    ['table', ['expected@']],
    ['{{{{', ['expected@{']],
    ['group = 5', ['expected@=']],
    ['group web 5 { type = all }', ['expected@5']],
    ['meter m = 1 { band drop { rate = 1\n band drop { rate = 2 } }', ['unclosed block@{']],
    ['tunnel_metadata x { }', ['expected@x']],
    [
      'group a = 1 { type = all\n bucket { action { output 1 } }\ngroup b = 2 { type = all }',
      ['unclosed block@{'],
    ],
    [
      'group a = 1 {\n bucket { action { output 1 }\n bucket { action { output 2 } }\n}',
      ['unclosed block@{'],
    ],
    ['flow f { match { tcp } action { group web\n  meter m\ngroup web = 5 { }', ['unclosed block@{']],
    ['flow f { match { tcp } action { drop }\ntunnel_metadata { }', ['unclosed block@{']],
    [
      'flow f { match {} action { learn(table = 1) { match { tcp\n action { drop } } } }',
      ['unclosed block@{'],
    ],
    ['const x = ((((', ['expected@']],
  ])('%j', (text, expected) => {
    expect(errors(text)).toEqual(expected);
  });

  it('finds five mistakes of a file in one run and parses the rest', () => {
    const text = `const = 5
const b = 10.0.0.256
table a = 0 {
  flow x { match { tcp tcp_dst = 80 } action { drop } }
  flow y { match { ip_dst = 10.0.0.0 / 8 } action { output } }
}
port p 7
flow z { match {} action { drop } }
`;
    const result = parse(text);
    expect(result.errors.map((e) => e.problem)).toEqual([
      'expected',
      'malformed IPv4',
      'missing separator',
      'space around slash',
      'expected',
    ]);
    expect(result.tree.items.map((i) => i.kind)).toEqual(['const', 'const', 'table', 'port', 'flow']);
  });

  it('limits nesting', () => {
    const deep = `flow f { match {} action { ${'clone { '.repeat(5000)} } }`;
    expect(parse(deep).errors.some((e) => e.problem === 'too deep')).toBe(true);
    expect(parse(`const a = ${'['.repeat(5000)}`).errors.some((e) => e.problem === 'too deep')).toBe(true);
  });
});

/** Texts made of pieces of the language, which get further into the grammar than random characters. */
const PIECES =
  'table flow group meter tunnel_metadata bucket match action const port register bridge program test in not miss drop tcp eth_dst = { } ( ) [ ] , ; / .. . : - + != "x" 10 0x1f 10.0.0.1 00:00:00:00:00:01 fe80::1 == = “x” +trk 30s for @ \n /// // /* */'.split(
    ' ',
  );
const soup = fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((pieces) => pieces.join(' '));

describe('any text', () => {
  it('gives a tree and spans inside the text, never an exception', () => {
    fc.assert(
      fc.property(
        fc.oneof(soup, fc.string({ maxLength: 200 }), fc.string({ unit: 'binary', maxLength: 100 })),
        (text) => {
          const { tree, errors: found } = parse(text);
          expect(tree.kind).toBe('file');
          for (const { span } of found) {
            expect(span.start).toBeGreaterThanOrEqual(0);
            expect(span.end).toBeGreaterThanOrEqual(span.start);
            expect(span.end).toBeLessThanOrEqual(text.length);
          }
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('is never silently dropped: what has no error has all its words in the tree', () => {
    fc.assert(
      fc.property(soup, (text) => {
        const { tree, errors: found } = parse(text);
        fc.pre(found.length === 0);
        const seen = JSON.stringify(tree, (_k, v: unknown) => (typeof v === 'bigint' ? v.toString() : v));
        const uncommented = text.replace(/\/\*[^]*?\*\/|\/\/[^\n]*/g, '');
        if (uncommented.includes('eth_dst')) expect(seen).toContain('eth_dst');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the outline', () => {
  it('leaves one flow of each shape to the parser', () => {
    const flows = Array.from(
      { length: 50 },
      (_, i) =>
        `flow f${i} { priority = ${i}; match { ip; ip_dst = 10.0.0.${i} } action { output ${i + 1} } }`,
    );
    const text = `table t = 0 {\n miss = drop\n${flows.join('\n')}\n flow other { match {} action { drop } }\n}\nconst a = 1\n`;
    const o = outline(text)!;
    expect(o.shapes.map((s) => s.count)).toEqual([50, 1]);
    const { tree, errors: found } = parseTokens(text, o.vector);
    expect(found).toEqual([]);
    const table = tree.items[0]!;
    expect(table.kind === 'table' && table.flows.map((f) => f.name?.text)).toEqual(['f0', 'other']);
    expect(table.span.end).toBe(text.indexOf('\nconst'));
  });

  it('steps over groups, meters and tunnel options', () => {
    const flow = (i: number): string => ` flow f${i} { match { tcp } action { group web; meter ${i} } }`;
    const text = `group web = 5 { type = all; bucket { action { output 1 } } }\ntable t = 0 {\n${flow(1)}\n${flow(2)}\n}
meter m = 3 { unit = kbps; band drop { rate = 1 } }\ntunnel_metadata { tun_metadata0 = {class: 1, type: 1, len: 4} }\ngroup other = 7\n`;
    const o = outline(text)!;
    expect(o.shapes.map((s) => s.count)).toEqual([2]);
    const quick = parseTokens(text, o.vector);
    const full = parse(text);
    expect(quick.errors).toEqual([]);
    expect(quick.tree.items.filter((i) => i.kind !== 'table')).toEqual(
      full.tree.items.filter((i) => i.kind !== 'table'),
    );
  });

  it('has the spans, names and values of every flow', () => {
    const text =
      'flow a { match { tcp; tcp_dst = 80 } action { drop } }\nflow { match { tcp; tcp_dst = 0x51 } action { drop } }';
    const { flows } = outline(text)!;
    const all = parse(text).tree.items;
    expect(flows.count).toBe(2);
    all.forEach((item, i) => {
      expect([flows.start[i], flows.end[i]]).toEqual([item.span.start, item.span.end]);
    });
    expect(text.slice(flows.nameStart[0], flows.nameEnd[0])).toBe('a');
    expect(flows.nameStart[1]).toBe(flows.nameEnd[1]);
    expect([...flows.literalValue.slice(0, flows.literalCount)]).toEqual([80, 0x51]);
  });

  it('has the same errors as a whole parse wherever it does not give up', () => {
    fc.assert(
      fc.property(soup, (text) => {
        const o = outline(text);
        fc.pre(o !== null);
        const quick = parseTokens(text, o.vector).errors;
        const full = parse(text).errors;
        expect(quick.length > 0).toBe(full.length > 0);
      }),
      { numRuns: 3000 },
    );
  });

  it('parses a single flow with its own offsets', () => {
    const text = '  \n flow a { match { tcp } action { drop } }';
    const { flow } = parseFlow(text, 4, text.length);
    expect(flow?.span).toEqual({ start: 4, end: text.length });
  });
});
