/** Values of every kind, at places of every kind: either they mean something there, or somebody says that they do not. */
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/project/compile.ts';

const DECLARED = `const truth = 1 == 1
const proto = tcp6
const list = [1, 2]
const record = {a: 1}
const set = {1, 2}
const signs = +trk
const time = 30s
const text = concat("a", "b")
const mac = 02:00:00:00:00:01
const net = 10.0.0.0/24
const range = 5-9
const number = 1 << 2
const big = 1 << 100
port up = 7
register zone = reg9[0..7]
table last = 9 { miss = drop }
template one(a: int) { flow { match { reg0 = a } action { drop } } }
`;

const VALUES = [
  'truth',
  'proto',
  'list',
  'record',
  'set',
  'signs',
  'time',
  'text',
  'mac',
  'net',
  'range',
  'number',
  'big',
  'up',
  'zone',
  'last',
  'one',
  'request',
  'in_port',
  'icmp6',
  'false',
  'nothing',
];

const IN_FLOWS = [
  'match { reg0 = $ } action { drop }',
  'match { vlan_vid != $ } action { drop }',
  'match { ip; ip_dst in {$, 10.0.0.9} } action { drop }',
  'match { ip; ip_frag = $ } action { drop }',
  'match { protocol in {tcp, $} } action { drop }',
  'match { $ } action { drop }',
  'match { reg0 = 5/$ } action { drop }',
  'match { tcp } action { reg0 = $ }',
  'match { tcp } action { output $ }',
  'match { tcp } action { group $ }',
  'match { tcp } action { goto $ }',
  'match { tcp } action { ct(zone = $, commit) { ct_mark = $ } }',
  'match { tcp } action { learn(table = 9) { match { reg0 = $ } action { output pkt.in_port } } }',
  'match { tcp } action { for i in $ { output i } }',
  'match { tcp } action { if $ { output 1 } else { output 2 } }',
  'priority = $; match { tcp } action { drop }',
  'idle_timeout = $; match { tcp } action { drop }',
].map((body) => `flow here { ${body} }`);

const AROUND = [
  'const c = {$, 7}\nflow here { match { reg0 in c } action { drop } }',
  'const c = [{a: $}]\nfor x in c { flow here { match { reg0 = x.a } action { drop } } }',
  'const c = $ + 3\nflow here { match { reg0 = c } action { drop } }',
  'const c = 3 .. $\nflow here { match { reg0 in c } action { drop } }',
  'const c = max($, 2)\nflow here { match { reg0 = c } action { drop } }',
  'template t(q: any) { flow here { match { reg0 = q } action { output q } } }\nuse t($)',
  'template t(q: set) { flow here { match { reg0 in q } action { drop } } }\nuse t($)',
  'template t(q: bool) { flow here { match { reg0 = q } action { drop } } }\nuse t($)',
];

const OTHERS = [
  'table t = $ { miss = drop }',
  'table t = 12 { miss = $ }',
  'group g = $ { type = all; bucket { action { output $ } } }',
  'group g = 1 { type = select; bucket { weight = $; action { output 1 } } }',
  'meter m = 1 { unit = kbps; band drop { rate = $ } }',
  'port q = $',
  'register r: $',
  'program p { id = $ }',
];

describe.each([...IN_FLOWS, ...AROUND, ...OTHERS])('%s', (form) => {
  test.each(VALUES)('%s', (value) => {
    const text = `${DECLARED}${form.replaceAll('$', value)}\n`;
    const { program, diagnostics } = compile({ path: 'p.wbf', text });
    const errors = diagnostics.filter((d) => d.severity === 'error');
    for (const d of errors) expect(text.length).toBeGreaterThanOrEqual(d.place.end);
    expect(program === null).toBe(errors.length > 0);
    if (program === null || !form.includes('flow here')) return;
    const flows = [...program.flows].filter((f) => text.startsWith('flow here', f.origin.start));
    expect(flows.length).toBeGreaterThan(0);
  });
});
