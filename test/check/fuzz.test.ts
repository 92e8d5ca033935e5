/** Matches and declarations put together at random: no crash, no silent loss, no fix that breaks the text. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FIELDS } from '../../src/openflow/fields.ts';
import { valueNames } from '../../src/openflow/names.ts';
import { PROTOCOL_NAMES } from '../../src/openflow/protocols.ts';
import { applyEdits, check } from './expect.ts';
import type { Checked } from './expect.ts';

const FIELD_NAMES = [
  ...FIELDS.flatMap((f) => [f.name, ...f.aliases, ...f.headers.slice(0, 1).map((h) => h.name)]),
  ...['zone', 'mac', 'uplink', 'acl', 'nowhere', 'Tcp_Dst', 'tcp_dest', 'protocol', 'a.b'],
];
const WORDS = [...new Set(FIELDS.flatMap((f) => valueNames(f).slice(0, 3)))];

const literal = fc.oneof(
  fc.constantFrom(
    '0',
    '1',
    '5',
    '4095',
    '4096',
    '5000',
    '65534',
    '65535',
    '70000',
    '0x100a',
    '0xffffffff',
    '0x1ffffffff',
  ),
  fc.constantFrom(
    '02:00:00:00:00:01',
    'ff:ff:ff:ff:ff:ff',
    '10.0.0.1',
    '255.255.255.0',
    'fe80::1',
    '30s',
    '"text"',
  ),
  fc.constantFrom(
    'mac',
    'net',
    'loop',
    'late',
    'op',
    'uplink',
    'byname',
    'zone',
    'acl',
    'nowhere',
    'eth_dst',
    'none',
  ),
  fc.constantFrom(
    '+trk',
    '+trk-inv',
    '+est',
    '+syn-ack',
    '+trk-trk',
    '+nope',
    '{1, 2}',
    '1-5',
    '[1]',
    'f(1)',
  ),
  fc.constantFrom(...WORDS),
);
const value = fc.oneof(
  { weight: 3, arbitrary: literal },
  fc.tuple(literal, literal).map(([a, b]) => `${a}/${b}`),
);
const subfield = fc.constantFrom('', '', '', '[]', '[0]', '[0..7]', '[12]', '[7..0]', '[0..200]', '[x]');
const relation = fc
  .tuple(fc.constantFrom(...FIELD_NAMES), subfield, fc.constantFrom('=', '=', '=', '=', '!=', 'in'), value)
  .map(([name, bits, operator, v]) => `${name}${bits} ${operator} ${v}`);
const word = fc.constantFrom(...PROTOCOL_NAMES, 'TCP', 'vlan', 'uplink', 'eth_dst', 'tpc', 'output 1');
const term = fc.oneof({ weight: 3, arbitrary: relation }, { weight: 2, arbitrary: word });
const block = (statement: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(fc.array(statement, { maxLength: 5 }), fc.constantFrom('; ', '\n    '))
    .map(([all, gap]) => all.join(gap));

const DECLARATIONS = `const mac = 02:00:00:00:00:01
const net = 10.0.0.0/8
const op = request
port uplink = 1
register zone = reg3[0..15]
table acl = 5 { miss = drop }
`;
const BROKEN = `const loop = loop
const late = {1, 2}
port byname = "eth0"
`;

/** Terms that may be several flows. */
const SEVERAL = / (!=|in) |\{1, 2\}|1-5|= \[1\]|= late\b/;

/** `declared` flows of the source must all be there, one each unless they have several values, and none twice. */
function complete({ text, flows, expansions }: Checked, declared: number): void {
  expect(new Set(flows.map((f) => f.origin.start)).size, text).toBe(declared);
  const more = expansions.reduce((sum, e) => sum + e.flows - 1, 0);
  expect(flows.length, text).toBe(declared + more);
  if (!SEVERAL.test(text)) expect(more, text).toBe(0);
  const keys = flows.map(
    (f) =>
      `${f.table} ${f.priority} ${f.match.map((m) => `${m.field} ${m.value}/${m.mask ?? 'all'}`).join()}`,
  );
  expect(new Set(keys).size, text).toBe(flows.length);
}

/** What must hold of every source. */
function sane(text: string, declared: number): void {
  const checked = check(text);
  const errors = checked.diagnostics.filter((d) => d.severity === 'error');
  if (errors.length === 0) complete(checked, declared);
  for (const d of checked.diagnostics) {
    for (const at of [d.place, ...d.related]) {
      expect(at.start, text).toBeGreaterThanOrEqual(0);
      expect(at.end, text).toBeGreaterThanOrEqual(at.start);
      expect(at.end, text).toBeLessThanOrEqual(text.length);
    }
    expect(d.message, text).not.toMatch(/undefined|NaN|\[object/);
    for (const fix of d.fixes) {
      const after = check(applyEdits(text, fix));
      const syntax = after.diagnostics.filter((x) => x.code.startsWith('WBF1'));
      const before = checked.diagnostics.filter((x) => x.code.startsWith('WBF1'));
      expect(syntax.length, `${text}\n${fix.title}\n${after.text}`).toBeLessThanOrEqual(before.length);
      const same = after.diagnostics.filter((x) => x.message === d.message && x.code === d.code).length;
      const now = checked.diagnostics.filter((x) => x.message === d.message && x.code === d.code).length;
      expect(same, `${text}\n${fix.title}\n${after.text}`).toBeLessThan(now);
    }
  }
}

const RUNS = { numRuns: 3000, seed: 1 };

test('any match', () => {
  fc.assert(
    fc.property(block(term), fc.boolean(), (match, broken) => {
      sane(
        `${DECLARATIONS}${broken ? BROKEN : ''}flow f {\n  match {\n    ${match}\n  }\n  action { drop }\n}\n`,
        2,
      );
    }),
    RUNS,
  );
}, 180_000);

test('any one term', () => {
  fc.assert(
    fc.property(term, (match) => {
      sane(`${DECLARATIONS}flow f { match { ${match} } action { drop } }\n`, 2);
    }),
    RUNS,
  );
}, 180_000);

const NAMES = [
  'priority',
  'prio',
  'cookie',
  'idle_timeout',
  'flags',
  'miss',
  'id',
  'cookies',
  'groups',
  'type',
  'in_band',
  'controller',
  'protocols',
  'datapath',
];
const property = fc.oneof(
  fc.tuple(fc.constantFrom(...NAMES), value).map(([n, v]) => `${n} = ${v}`),
  fc.constantFrom(
    'miss { drop }',
    'miss',
    'options { "a" = "b" }',
    'packet { tcp }',
    'expect { drop }',
    'dpdk { cores = [1] }',
    'tcp',
  ),
);
const body = fc.array(property, { maxLength: 4 }).map((all) => all.join('; '));
const name = fc.constantFrom('a', 'b', 'c', 'tcp', 'request', 'local', 'eth_dst');
const declaration = fc.oneof(
  fc.tuple(name, value).map(([n, v]) => `const ${n} = ${v}`),
  fc.tuple(name, value).map(([n, v]) => `port ${n} = ${v}`),
  fc.tuple(name, fc.constantFrom(...FIELD_NAMES), subfield).map(([n, f, s]) => `register ${n} = ${f}${s}`),
  fc.tuple(name, literal).map(([n, v]) => `register ${n}: ${v}`),
  fc.tuple(name, value, body).map(([n, v, b]) => `table ${n} = ${v} { ${b} }`),
  fc.tuple(name, body).map(([n, b]) => `program ${n} { ${b} }`),
  fc.tuple(name, body).map(([n, b]) => `bridge ${n} { ${b} }`),
  body.map((b) => `test "x" { ${b} }`),
  body.map((b) => `flow { ${b}; match {} action { drop } }`),
);

test('any declarations', () => {
  fc.assert(
    fc.property(fc.array(declaration, { maxLength: 5 }), (all) => {
      const text = `${all.join('\n')}\n`;
      const { diagnostics } = check(text);
      if (diagnostics.some((d) => d.severity === 'error')) sane(text, 0);
      else sane(text, check(text).flows.length);
    }),
    RUNS,
  );
}, 180_000);
