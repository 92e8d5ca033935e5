/** Rows that are expanded one by one give the flows that the loop gives. */
import { expect, test } from 'vitest';
import { parse } from '../../grammar/parser.ts';
import { DiagnosticBag } from '../../src/diagnostics/define.ts';
import { expand } from '../../src/expand/index.ts';
import type { Expanded, ExpandedFlow, ExpandedRows } from '../../src/expand/types.ts';
import { memory } from './support.ts';

const HOSTS = Array.from(
  { length: 600 },
  (_, i) =>
    `h${i},10.1.${i >> 8}.${i & 255},02:00:00:00:${(i >> 8).toString(16).padStart(2, '0')}:${(i & 255).toString(16).padStart(2, '0')},${i % 7},${i % 3 === 0 ? 40 : i % 90}`,
);
const CSV = `name,ip,mac,vid,prio\n${HOSTS.join('\n')}\n`;

const program = (body: string): string => `
const hosts = load "hosts.csv"
template vm(a: ipv4, m: mac, prio: int = 40) {
  flow in { priority = prio; match { ip; ip_dst = a } action { eth_dst = m; normal } }
  flow "out_\${a}" { match { ip; ip_src = a } action { normal } }
}
table acl = 3 {
  miss = drop
  flow first { match { arp } action { drop } }
${body}
  flow last { match { tcp } action { drop } }
}
`;

function expanded(body: string, rows: boolean): { all: Expanded; bag: DiagnosticBag } {
  const main = { path: 'main.wbf', text: program(body) };
  const bag = new DiagnosticBag();
  const { tree, errors } = parse(main.text);
  expect(errors).toEqual([]);
  return {
    all: expand(main, tree, memory(new Map([['hosts.csv', CSV]])), bag, { rowsFrom: rows ? 500 : Infinity }),
    bag,
  };
}

function tableFlows({ items }: Expanded): readonly (ExpandedFlow | ExpandedRows)[] {
  const [table] = items.flatMap((item) => (item.kind === 'table' ? [item] : []));
  return table?.flows ?? [];
}

/** Everything about flows but the functions that work out where their cells stand. */
const plain = (flows: readonly ExpandedFlow[]): unknown =>
  JSON.parse(
    JSON.stringify(flows, (key, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : key === 'given' || key === 'chain' ? undefined : value,
    ),
  );

const only = (flows: readonly (ExpandedFlow | ExpandedRows)[]): ExpandedRows => {
  const [rows, more] = flows.filter((f) => f.kind === 'rows');
  expect(more).toBeUndefined();
  return rows!;
};

test.each([
  ['  for h in hosts { use vm(h.ip, h.mac) }', []],
  ['  for h in hosts { use vm(h.ip, h.mac, prio = h.prio) }', [], [[4, ['40']]]],
  ['  for {ip, vid} in hosts { flow { match { ip; ip_src = ip; reg0 = vid } action { drop } } }', []],
  [
    '  for h in hosts {\n    if h.vid > 3 { flow "x_${h.name}" { match { reg0 = h.vid; reg1 = h.prio + 1; ip; ip_dst = h.ip } action { drop } } } else { use vm(h.ip, h.mac) }\n  }',
    [3, 4],
  ],
  [
    '  for h in hosts { for n in [1, 2] { flow { match { ip; ip_src = h.ip; reg0 = n } action { drop } } } }',
    [],
  ],
] as [string, number[], [number, string[]][]?][])('%s', (body, examined, compared = []) => {
  const { all, bag } = expanded(body, true);
  const flows = tableFlows(all);
  const rows = only(flows);
  expect(rows.count).toBe(600);
  const made: ExpandedFlow[] = [];
  const columns = new Set<number>();
  const found = new Map<number, string[]>();
  for (const flow of flows) {
    if (flow.kind === 'flow') made.push(flow);
    else {
      for (let row = 0; row < flow.count; row++) {
        const of = flow.expand(row, bag);
        made.push(...of.flows);
        for (const column of of.examined) columns.add(column);
        for (const [column, texts] of of.compared) found.set(column, [...texts]);
      }
    }
  }
  const plainly = expanded(body, false);
  expect(plainly.bag.all).toEqual([]);
  expect(bag.all).toEqual([]);
  const wanted = tableFlows(plainly.all).filter((f) => f.kind === 'flow');
  expect(plain(made)).toEqual(plain(wanted));
  expect([...columns].sort()).toEqual(examined);
  expect([...found]).toEqual(compared);
});

test('other cells may be tried', () => {
  const { all, bag } = expanded('  for h in hosts { use vm(h.ip, h.mac) }', true);
  const { flows } = only(tableFlows(all)).expand(7, bag, ['x', '10.9.9.9', '02:00:00:00:00:99', '1', '2']);
  expect(flows.map((f) => [f.decl.name?.text, f.origin.instance])).toEqual([
    ['in', '{ip:10.9.9.9,mac:02:00:00:00:00:99,name:x,prio:2,vid:1}/vm(10.9.9.9,02:00:00:00:00:99)'],
    [
      'out_10.9.9.9',
      '{ip:10.9.9.9,mac:02:00:00:00:00:99,name:x,prio:2,vid:1}/vm(10.9.9.9,02:00:00:00:00:99)',
    ],
  ]);
  expect(bag.all).toEqual([]);
});

test('what is wrong goes to who asks', () => {
  const { all, bag } = expanded('  for h in hosts { use vm(h.ip, h.mac) }', true);
  const other = new DiagnosticBag();
  const { flows } = only(tableFlows(all)).expand(7, other, ['x', 'y', '02:00:00:00:00:99', '1', '2']);
  expect(flows).toEqual([]);
  expect(other.all.map((d) => d.code)).toEqual(['WBF6216']);
  expect(bag.all).toEqual([]);
});

test.each([
  'if 1 == 1 { for h in hosts { use vm(h.ip, h.mac) } }',
  'for h in [1, 2] { flow { match { reg0 = h } action { drop } } }',
])('%s is expanded as usual', (body) => {
  const flows = tableFlows(expanded(`  ${body}`, true).all);
  expect(flows.every((f) => f.kind === 'flow')).toBe(true);
});
