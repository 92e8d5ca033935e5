/** Loops over data by the quick road and by the plain one: the same bytes, origins and diagnostics. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile, type Compilation } from '../../src/project/compile.ts';
import { memory } from '../expand/support.ts';
import { bytesOf } from './bytes.ts';

function compileRows(
  main: string,
  csv: string,
  more: ReadonlyMap<string, string>,
  quick: boolean,
): Compilation {
  const files = new Map([['main.wbf', main], ['hosts.csv', csv], ...more]);
  const options = quick ? { rowsFrom: 1 } : { quickFrom: Infinity };
  return compile({ path: 'main.wbf', text: main }, { library: memory(files), ...options });
}

const NO_FILES: ReadonlyMap<string, string> = new Map();

function expectSame(main: string, csv: string, more = NO_FILES): Compilation {
  const a = compileRows(main, csv, more, false);
  const b = compileRows(main, csv, more, true);
  expect(b.diagnostics).toEqual(a.diagnostics);
  expect(b.program === null).toBe(a.program === null);
  if (a.program !== null && b.program !== null) {
    expect(bytesOf(b.program)).toEqual(bytesOf(a.program));
    const { flows } = a.program;
    for (let i = 0; i < flows.length; i++) expect(b.program.flows.origin(i)).toEqual(flows.origin(i));
    expect([...b.program.flows]).toEqual([...flows]);
  }
  return b;
}

const octet = (i: number): string => i.toString(16).padStart(2, '0');
const row = (i: number): string =>
  `host${i},10.0.${i >> 8}.${i & 255},02:00:00:00:${octet(i >> 8)}:${octet(i & 255)},${i + 1},web`;
const HEADER = 'name,ip,mac,port,kind';
const csvOf = (count: number): string =>
  `${[HEADER, ...Array.from({ length: count }, (_, i) => row(i))].join('\n')}\n`;

const program = (body: string, before = ''): string => `program p { id = 0x00b01 }
const hosts = load "hosts.csv"
${before}
table t = 0 {
  miss = drop
${body}
}
`;

describe('both roads agree', () => {
  const bodies: readonly (readonly [string, string, string?])[] = [
    [
      'values',
      '  for h in hosts { flow { match { ip; ip_dst = h.ip } action { eth_dst = h.mac; output h.port } } }',
    ],
    [
      'named flows',
      '  for h in hosts { flow "to_${h.name}" { match { ip; ip_dst = h.ip } action { output h.port } } }',
    ],
    [
      'a template',
      '  for h in hosts { use host(h.ip, h.mac, h.port) }',
      `template host(ip: ipv4, hw: mac, out: int, prio: int = 40) {
  flow to { priority = prio; match { ip; ip_dst = ip } action { eth_dst = hw; output out } }
  flow ask { priority = prio + 1; match { arp; arp_op = request; arp_tpa = ip } action { output out } }
}`,
    ],
    [
      'fields of the rows',
      '  for {ip, mac} in hosts { flow { match { ip; ip_dst = ip; eth_src = mac } action { drop } } }',
    ],
    [
      'declared ports',
      '  for h in hosts { flow { match { ip; ip_dst = h.ip; in_port = h.port } action { output 1 } } }',
      'for h in hosts { port "p_${h.name}" = h.port }',
    ],
    [
      'ports of which some are declared',
      '  for h in hosts { flow { match { ip; ip_dst = h.ip } action { output h.port } } }',
      'port one = 1\nport five = 5',
    ],
    [
      'a default',
      '  for h in hosts { use host(h.ip, h.port) }',
      'template host(ip: ipv4, out: int = 7) { flow to { match { ip; ip_dst = ip } action { output out } } }',
    ],
    [
      'the index',
      '  for h, i in hosts { flow { priority = 100 + i; match { ip; ip_dst = h.ip } action { drop } } }',
    ],
    [
      'a condition',
      `  for h in hosts {
    if h.kind == "web" { flow { match { tcp; ip_dst = h.ip; tcp_dst = 80 } action { output h.port } } }
    else { flow { match { ip; ip_dst = h.ip } action { drop } } }
  }`,
    ],
    [
      'arithmetic',
      '  for h in hosts { flow { match { ip; ip_dst = h.ip } action { reg0 = h.port + 1000; output h.port } } }',
    ],
    [
      'ports that are the same',
      '  for h in hosts { flow { match { ip; ip_dst = h.ip; in_port = h.port } action { output h.port } } }',
    ],
    [
      'registers and subfields',
      '  for h in hosts { flow { match { ip; ip_dst = h.ip } action { zone = h.port; reg1[0..15] = h.port; output 1 } } }',
      'register zone = reg0[16..31]',
    ],
    [
      'sets',
      '  for h in hosts { flow { match { tcp; ip_dst = h.ip; tcp_dst in {80, 443} } action { output h.port } } }',
    ],
    [
      'a loop within',
      '  for h in hosts { for p in [80, 443] { flow { match { tcp; ip_dst = h.ip; tcp_dst = p } action { output h.port } } } }',
    ],
    [
      'stated cookies',
      '  for h in hosts { flow { cookie = h.port; match { ip; ip_dst = h.ip } action { drop } } }',
    ],
    [
      'one flow twice',
      '  for h in hosts { flow { match { ip; ip_proto = 6; ip_dst = 10.9.9.9 } action { output h.port } } }',
    ],
    [
      'what is wrong in each',
      '  for h in hosts { flow { match { ip_dst = h.ip } action { output h.port } } }',
    ],
    [
      'a field that is sensitive',
      '  for h in hosts { flow { match { ip; ip_dst = h.ip; ip_proto = h.port } action { drop } } }',
    ],
  ];
  it.each(bodies.map(([name, body, before = '']) => ({ name, body, before })))(
    '$name',
    ({ body, before }) => {
      expectSame(program(body, before), csvOf(60));
    },
  );

  it('of a module and its data', () => {
    const lib = `const hosts = load "hosts.csv"
template host(ip: ipv4, out: int) { flow to { match { ip; ip_dst = ip } action { output out } } }
`;
    const main = `import "lib.wbf" as l
table t = 0 { miss = drop; for h in l.hosts { use l.host(h.ip, h.port) } }
`;
    expectSame(main, csvOf(40), new Map([['lib.wbf', lib]]));
  });

  it('of tables without numbers', () => {
    const main = `const hosts = load "hosts.csv"
table first { miss = drop; for h in hosts { flow { match { ip; ip_dst = h.ip } action { goto last } } } }
table middle { miss = drop; for h in hosts { flow { match { ip; ip_dst = h.ip } action { output h.port } } } }
table last { miss = goto middle }
`;
    expectSame(main, csvOf(40));
  });

  const cell = fc.oneof(
    { weight: 6, arbitrary: fc.nat({ max: 70_000 }).map(String) },
    { weight: 6, arbitrary: fc.ipV4() },
    {
      weight: 2,
      arbitrary: fc.tuple(fc.nat({ max: 255 }), fc.nat({ max: 33 })).map(([a, n]) => `${a}.0.0.0/${n}`),
    },
    {
      weight: 3,
      arbitrary: fc
        .array(fc.nat({ max: 255 }), { minLength: 6, maxLength: 6 })
        .map((bytes) => bytes.map(octet).join(':')),
    },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        'web',
        'arp',
        'uplink',
        'zone',
        'a b',
        '',
        '0x1F',
        '5m',
        '02:AA:00:00:00:01',
        'fe80::1',
        '007',
        '10.0.0.5-10.0.0.9',
        '"q,r"',
        'ip',
        'x-y',
        '+trk',
      ),
    },
  );
  const kinds = [
    fc.nat({ max: 65_534 }).map((n) => String(n + 1)),
    fc.ipV4(),
    fc.array(fc.nat({ max: 255 }), { minLength: 6, maxLength: 6 }).map((bytes) => bytes.map(octet).join(':')),
    fc.constantFrom('web', 'dns', 'mail', 'two words', 'x-1'),
    fc.tuple(fc.nat({ max: 255 }), fc.constantFrom(8, 16, 24, 32)).map(([a, n]) => `${a}.0.0.0/${n}`),
  ] as const;
  /** Columns of one kind each, with a stray cell now and then. */
  const data = (stray: number): fc.Arbitrary<string[][]> =>
    fc.array(
      fc.tuple(
        ...kinds.map((kind) => fc.oneof({ weight: 40, arbitrary: kind }, { weight: stray, arbitrary: cell })),
      ),
      { minLength: 4, maxLength: 30 },
    );
  const use = fc.constantFrom(
    'match { ip; ip_dst = h.b } action { output h.a }',
    'match { ip; ip_src = h.e; ip_dst = h.b } action { drop }',
    'match { tcp; ip_dst = h.b; tcp_dst = h.a } action { eth_dst = h.c; output 1 }',
    'match { ip; ip_dst = h.e } action { reg0 = h.a; output 2 }',
    'match { eth_dst = h.c } action { reg0 = h.b; output 2 }',
    'match { ip; ip_dst = h.b; ip_src = h.b } action { output h.a; output h.a }',
  );
  const named = fc.constantFrom('', '"f_${h.d}"', '"f_${h.a}_${h.b}"', 'f');
  const body = fc
    .tuple(use, named, fc.constantFrom('', 'priority = h.a; ', 'idle_timeout = 5; '))
    .map(([blocks, name, attributes]) => `flow ${name} { ${attributes}${blocks} }`);
  const around = fc.constantFrom(
    (b: string) => `for h in rows { ${b} }`,
    (b: string) => `for h, i in rows { ${b} }`,
    (b: string) =>
      `for h in rows { if h.d == "web" { ${b} } else { flow { match { ip; ip_dst = h.b; ip_proto = 6 } action { output h.a } } } }`,
    (b: string) =>
      `for h in rows { ${b}; flow second { match { arp; arp_tpa = h.b } action { output h.a } } }`,
  );
  it.each([0, 1])(
    'of any loop over any data (%i)',
    (stray) => {
      fc.assert(
        fc.property(data(stray), body, around, fc.boolean(), (rows, flow, wrap, ports) => {
          const csv = `a,b,c,d,e\n${rows.map((cells) => cells.join(',')).join('\n')}\n`;
          const main = `program p { id = 0x00b01 }
const rows = load "hosts.csv"
${ports ? 'port uplink = 1\nregister zone = reg3[0..15]' : ''}
table t = 0 { miss = drop; ${wrap(flow)} }
`;
          expectSame(main, csv);
        }),
        { numRuns: 60 },
      );
    },
    120_000,
  );
});
