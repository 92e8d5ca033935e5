/** What is said with templates, loops and the like is the same as written out. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from '../../grammar/parser.ts';
import { DiagnosticBag } from '../../src/diagnostics/define.ts';
import { expand } from '../../src/expand/index.ts';
import { bodiesOf, compileAll, drawAll, flowsOf } from './support.ts';

/** Both must give the same flows, but for their cookies. */
function same(short: string, long: string): void {
  expect(bodiesOf(short)).toEqual(bodiesOf(long));
}

describe('expressions', () => {
  test.each([
    ['5 * 2 + 1', '11'],
    ['1 + 2 * 3', '7'],
    ['(1 + 2) * 3', '9'],
    ['1 << 4 | 1', '17'],
    ['0xff & ~0 == 0', null],
    ['0xff ^ 0x0f', '240'],
    ['10 - 3 - 2', '5'],
    ['div(7, 2) + mod(7, 2)', '4'],
    ['min(3, 1, 2)', '1'],
    ['max([3, 1, 2])', '3'],
    ['bit(5)', '32'],
    ['len([1, 2, 3])', '3'],
    ['len("abc")', '3'],
    ['len(8..11)', '4'],
    ['len({a: 1, b: 2})', '2'],
    ['len(concat([1], [2, 3]))', '3'],
    ['10.0.0.9 - 10.0.0.4', '5'],
    ['r.b.c', '7'],
    ['7 >> 1', '3'],
    ['1 << 128 >> 128', null],
  ])('%s', (expression, value) => {
    const short = `const r = {a: 1, b: {c: 7}}\nflow { match { reg0 = ${expression} } action { drop } }\n`;
    if (value === null) expect(compileAll(short).hasErrors).toBe(true);
    else same(short, `flow { match { reg0 = ${value} } action { drop } }\n`);
  });

  test.each([
    ['10.0.0.1 + 5', '10.0.0.6'],
    ['5 + 10.0.0.255', '10.0.1.4'],
    ['10.0.0.1 - 1', '10.0.0.0'],
    ['addr(10.0.0.0/24, 5)', '10.0.0.5'],
    ['addr(10.0.0.7/24, 255)', '10.0.0.255'],
    ['addr(10.0.0.7, 0)', '10.0.0.7'],
    ['mask(24)', '255.255.255.0'],
    ['mask(0)', '0.0.0.0'],
    ['~mask(24)', '0.0.0.255'],
    ['10.1.2.3 & mask(16)', '10.1.0.0'],
    ['10.0.0.0/24', '10.0.0.0/24'],
    ['a/24', '10.1.2.0/24'],
    ['a/len', '10.1.2.0/25'],
  ])('%s', (expression, value) => {
    same(
      `const a = 10.1.2.0\nconst len = 25\nflow { match { ip; ip_dst = ${expression} } action { drop } }\n`,
      `flow { match { ip; ip_dst = ${value} } action { drop } }\n`,
    );
  });

  test.each([
    ['1 < 2 and 2 <= 2 and 3 > 2 and 3 >= 3 and 1 != 2', true],
    ['not (1 == 1)', false],
    ['false or true', true],
    ['5 in {1, 4-6}', true],
    ['5 not in 1..4', true],
    ['10.0.0.5 in 10.0.0.0/8', true],
    ['10.0.0.5 in 11.0.0.0/8', false],
    ['"a" in ["b", "a"]', true],
    ['"b" in {a: 1}', false],
    ['p == tcp', true],
    ['p in {udp, sctp}', false],
    ['[1, 2] == [1, 2]', true],
    ['({a: 1, b: 2} == {b: 2, a: 1})', true],
    ['"x${n}" == "x3"', true],
    ['name(up) == "up"', true],
    ['concat("a", "b") == "ab"', true],
    ['keys({b: 1, a: 2}) == ["b", "a"]', true],
    ['30s < 1m', true],
    ['0x10 == 16', true],
  ])('%s', (condition, holds) => {
    const text = `const p = tcp\nconst n = 3\nport up = 1\nif ${condition} { flow yes { match { tcp } action { drop } } }\nelse { flow no { match { udp } action { drop } } }\n`;
    expect(bodiesOf(text)).toEqual(
      bodiesOf(`flow x { match { ${holds ? 'tcp' : 'udp'} } action { drop } }\n`),
    );
  });
});

test('a template is its body with the arguments in it', () => {
  same(
    `
port up = 1
register zone = reg5[0..15]
table acl = 3 { miss = drop; use t(10.0.0.1, 02:00:00:00:00:01, up, tcp, {80, 443}, fd00::/64, goal, zone, "x") }
table goal = 4 { miss = drop }
template t(a: ipv4, m: mac, out: port, p: protocol, ports: set, net: prefix, to: table, f: field, n: string, prio: int = 40, on: bool = true) {
  flow "one_\${n}" { priority = prio; match { p; ip_dst = a; tcp_dst in ports } action { eth_dst = m; output out; goto to } }
  flow two { match { ipv6; ipv6_dst = net; f = prio } action { f = prio + 1; if on { output out } goto to } }
}
`,
    `
port up = 1
register zone = reg5[0..15]
table acl = 3 {
  miss = drop
  flow one_x { priority = 40; match { tcp; ip_dst = 10.0.0.1; tcp_dst in {80, 443} } action { eth_dst = 02:00:00:00:00:01; output up; goto goal } }
  flow two { match { ipv6; ipv6_dst = fd00::/64; zone = 40 } action { zone = 41; output up; goto goal } }
}
table goal = 4 { miss = drop }
`,
  );
});

test('templates declare what belongs to their instance', () => {
  same(
    `
template pool(n: int, members: list) {
  group members_of = n {
    type = select
    for m in members { bucket { weight = n; action { output m } } }
  }
  meter limit = n { unit = kbps; band drop { rate = 100 * n } }
  const mark = n << 4
  table local = 10 + n { miss = drop; flow { match { reg0 = mark } action { group members_of } } }
  flow { match { reg1 = n } action { meter limit; goto local } }
}
use pool(1, [1, 2])
use pool(2, [3])
`,
    `
group a = 1 { type = select; bucket { weight = 1; action { output 1 } } bucket { weight = 1; action { output 2 } } }
group b = 2 { type = select; bucket { weight = 2; action { output 3 } } }
meter a = 1 { unit = kbps; band drop { rate = 100 } }
meter b = 2 { unit = kbps; band drop { rate = 200 } }
table x = 11 { miss = drop; flow { match { reg0 = 16 } action { group a } } }
flow { match { reg1 = 1 } action { meter a; goto x } }
table y = 12 { miss = drop; flow { match { reg0 = 32 } action { group b } } }
flow { match { reg1 = 2 } action { meter b; goto y } }
`,
  );
});

describe('loops', () => {
  test.each(['[3, 5]', '{3, 5}', 'odd', 'load "odd.json"'])('over %s', (elements) => {
    same(
      `const odd = [3, 5]\nfor x, i in ${elements} { flow { match { reg0 = x; reg1 = i } action { drop } } }\n=== odd.json\n[3, "5"]\n`,
      'flow { match { reg0 = 3; reg1 = 0 } action { drop } }\nflow { match { reg0 = 5; reg1 = 1 } action { drop } }\n',
    );
  });

  test.each(['8..10', '8-10', 'a..b'])('over %s', (range) => {
    same(
      `const a = 8\nconst b = 10\nfor x in ${range} { flow { match { reg0 = x } action { drop } } }\n`,
      '8 9 10'
        .split(' ')
        .map((n) => `flow { match { reg0 = ${n} } action { drop } }\n`)
        .join(''),
    );
  });

  test('in blocks, in their order', () => {
    same(
      'flow { match { tcp; for {f} in [{f: 5}] { reg0 = f } if true { reg1 = 2 } else { nonsense } } action { output 1; for o in 2..4 { if o != 3 { output o } } output 5 } }\n',
      'flow { match { tcp; reg0 = 5; reg1 = 2 } action { output 1; output 2; output 4; output 5 } }\n',
    );
  });

  test('in random order, as their elements in that order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 0xffff_ffff }), { maxLength: 8 }), (xs) => {
        same(
          `table t = 1 { miss = drop\n for x in [${xs.join()}] { flow { match { reg0 = x } action { reg1 = x; normal } } } }\n`,
          `table t = 1 { miss = drop\n ${xs.map((x) => `flow { match { reg0 = ${x} } action { reg1 = ${x}; normal } }`).join('\n')} }\n`,
        );
      }),
      { numRuns: 15 },
    );
  });
});

test('a module is known by its name, or by none', () => {
  same(
    `
import "lib/net.wbf" as net
import "lib/plain.wbf"
table own = 1 {
  miss = goto net.last
  flow { match { net.zone = net.five; in_port = net.up } action { group net.pool } }
  use net.drop_all(net.five)
  flow { match { reg9 = six } action { resubmit(,plain) } }
}
extend table net.last { flow { match { tcp } action { goto plain } } }
=== lib/net.wbf
import "deep/more.wbf" as more
const five = more.six - 1
register zone = reg5
port up = 7
group pool = 9 { type = all; bucket { action { output up } } }
table last = 2 { miss = drop; flow { match { zone = five } action { drop } } }
template drop_all(n: int) { flow { match { zone = n + 1; in_port = up } action { drop } } }
=== lib/deep/more.wbf
import "../plain.wbf" as p
const six = p.six
=== lib/plain.wbf
const six = 6
table plain = 3 { miss = drop }
`,
    `
table c = 3 { miss = drop }
table b = 2 {
  miss = drop
  flow { match { reg5 = 5 } action { drop } }
  flow { match { tcp } action { goto c } }
}
port up = 7
group pool = 9 { type = all; bucket { action { output up } } }
table own = 1 {
  miss = goto b
  flow { match { reg5 = 5; in_port = 7 } action { group pool } }
  flow { match { reg5 = 6; in_port = 7 } action { drop } }
  flow { match { reg9 = 6 } action { resubmit(,c) } }
}
`,
  );
});

describe('identity', () => {
  const program = (rows: readonly string[], extra = ''): string => `
const hosts = load "hosts.csv"
template vm(a: ipv4, prio: int = 5) {
  flow up { match { ip; ip_dst = a } action { drop } }
  flow { priority = prio; match { ip; ip_src = a } action { drop } }
}
table acl = 3 {
  miss = drop
  ${extra}
  for h in hosts { use vm(h.ip); flow "n_\${h.name}" { match { reg0 = h.n } action { drop } } }
  for {name, n} in hosts { flow "m_\${name}" { match { reg1 = n } action { drop } } }
}
=== hosts.csv
name,ip,n
${rows.map((r) => `${r}\n`).join('')}`;
  const ROWS = ['a,10.0.0.1,1', 'b,10.0.0.2,2', 'c,10.0.0.3,3', 'd,10.0.0.4,4'];
  const lines = (rows: readonly string[], extra?: string): string[] => flowsOf(program(rows, extra)).sort();

  test('moving rows changes nothing but the order', () => {
    const usual = lines(ROWS);
    fc.assert(
      fc.property(fc.shuffledSubarray(ROWS, { minLength: ROWS.length }), (rows) => {
        expect(lines(rows)).toEqual(usual);
      }),
      { numRuns: 8 },
    );
  });

  test('the others stay what they are when rows and uses come and go', () => {
    const usual = new Set(lines(ROWS));
    fc.assert(
      fc.property(fc.subarray(ROWS), (rows) => {
        for (const line of lines(rows)) expect(usual).toContain(line);
        const more = new Set(lines(rows, 'use vm(10.9.9.9)'));
        for (const line of lines(rows)) expect(more).toContain(line);
      }),
      { numRuns: 8 },
    );
  });

  test('how a value is written, and a default that is written out, change nothing', () => {
    const cookies = (body: string): string[] =>
      flowsOf(
        `template t(a: int, b: int = 7) { flow { match { reg0 = a; reg1 = b } action { drop } } }\n${body}\n`,
      );
    expect(cookies('use t(0x10)')).toEqual(cookies('use t(a = 16, b = 7)'));
    expect(cookies('use t(16, 8)')).not.toEqual(cookies('use t(16)'));
    expect(cookies('for x in [16] { use t(x) }')).toEqual(cookies('for y in {8 * 2} { use t(y, 0b111) }'));
  });

  test('instances have names that say what they are', () => {
    const { program: compiled } = compileAll(program(['a,10.0.0.1,1'], 'use vm(10.9.9.9, prio = 6)'));
    expect([...compiled!.flows].map((f) => f.name)).toEqual([
      'acl miss',
      'acl.up[vm(10.9.9.9,prio=6)]',
      'acl[vm(10.9.9.9,prio=6)]',
      'acl.up[{ip:10.0.0.1,n:1,name:a}/vm(10.0.0.1)]',
      'acl[{ip:10.0.0.1,n:1,name:a}/vm(10.0.0.1)]',
      'acl.n_a[{ip:10.0.0.1,n:1,name:a}]',
      'acl.m_a[{n:1,name:a}]',
    ]);
  });
});

test('protocols may be bound as long as nothing reads wrongly', () => {
  same(
    'template t(ip: ipv4, mac: mac) { flow { match { ip; ip_dst = ip; eth_src = mac } action { drop } } }\nuse t(10.0.0.1, 02:00:00:00:00:01)\nfor p in {tcp, udp} { flow { match { p; ip_src = 10.0.0.2 } action { drop } } }\n',
    'flow { match { ip; ip_dst = 10.0.0.1; eth_src = 02:00:00:00:00:01 } action { drop } }\nflow { match { tcp; ip_src = 10.0.0.2 } action { drop } }\nflow { match { udp; ip_src = 10.0.0.2 } action { drop } }\n',
  );
});

describe('fuel', () => {
  test.each([
    ['for a in 0..4294967295 { flow { match { reg0 = a } action { drop } } }', 'the loop over `a`'],
    [
      'for a in 0..1000 { for b in 0..9999 { flow { match { reg0 = a; reg1 = b } action { drop } } } }',
      'the loop over `b`',
    ],
    ['flow { match {} action { for a in 0..99999999 { output 1 } } }', 'the loop over `a`'],
    [
      'template t(n: int) { if n > 1 { use t(n - 1); use t(n - 2); flow { match { reg0 = n } action { drop } } } }\nuse t(90)',
      'the use of',
    ],
  ])('%s ends', (text, who) => {
    const bag = new DiagnosticBag();
    const main = { path: 'main.wbf', text };
    const { items } = expand(main, parse(text).tree, null, bag, { fuel: 20_000 });
    expect(bag.all.map((d) => d.code)).toEqual(['WBF6313']);
    expect(bag.all[0]?.message).toContain(who);
    expect(items).toEqual([]);
  });
});

test('nothing that a program says throws', () => {
  const words = [
    'for',
    'x',
    'in',
    '[',
    ']',
    '{',
    '}',
    '(',
    ')',
    'if',
    'else',
    'use',
    't',
    'template',
    'a',
    ':',
    'int',
    ',',
    '=',
    '1',
    '10.0.0.1',
    '"s${x}"',
    'flow',
    'match',
    'action',
    'drop',
    'table',
    'const',
    '+',
    '==',
    'and',
    '..',
    '\n',
    ';',
    'import',
    '"lib/a.wbf"',
    'as',
    'load',
    '"h.csv"',
    'h',
    '.',
    'ip',
    'extend',
    'output',
    'reg0',
    'group',
    'port',
    '/',
    'any',
    '-',
    'set',
    'not',
    '~',
    'len',
    'addr',
  ];
  const pieces = [
    'template t(a: any, b: int = 1) { flow { match { reg0 = a } action { drop } } }\n',
    'const h = load "h.csv"\n',
    'for x in h { use t(x.ip) }\n',
    'import "lib/a.wbf" as m\n',
    'table acl = 3 { miss = drop; use m.u(1) }\n',
    'flow "f_${h}" { match { if a == 1 { tcp } for z in 1..3 { reg1 = z } } action { drop } }\n',
  ];
  const program = fc
    .array(fc.oneof(fc.constantFrom(...words), fc.constantFrom(...pieces)), { maxLength: 40 })
    .map((parts) => parts.join(' '));
  fc.assert(
    fc.property(program, fc.string(), program, (main, csv, lib) => {
      const project = compileAll(
        `${main}\n=== lib/a.wbf\ntemplate u(q: any) {}\n${lib}\n=== h.csv\nip,n\n${csv}\n`,
      );
      drawAll(project);
      for (const d of project.diagnostics) {
        const length = project.files[d.place.file]?.text.length ?? -1;
        expect(d.place.end).toBeLessThanOrEqual(length);
      }
    }),
    { numRuns: 100 },
  );
}, 120_000);
