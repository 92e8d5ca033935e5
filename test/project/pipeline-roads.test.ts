/** Both roads through the compiler find the same between tables, and give the same numbers and places. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile, type Compilation } from '../../src/project/compile.ts';

const plain = (text: string): Compilation => compile({ path: 'p.wbf', text }, { quickFrom: Infinity });
const quick = (text: string): Compilation => compile({ path: 'p.wbf', text }, { quickFrom: 0, learnFrom: 2 });

function expectSame(text: string): Compilation {
  const a = plain(text);
  const b = quick(text);
  expect(b.diagnostics).toEqual(a.diagnostics);
  expect(b.lock).toEqual(a.lock);
  if (a.program !== null && b.program !== null) {
    expect([...b.program.flows]).toEqual([...a.program.flows]);
    expect(b.program.flows.encoded?.().bytes).toEqual(a.program.flows.encoded?.().bytes);
  } else expect(b.program).toBe(a.program);
  return a;
}

const NAMES = ['in', 'acl', 'nat', 'out'] as const;

/** Forms of flows with places for a value and for a table. */
const forms: readonly ((value: number, table: string) => string)[] = [
  (v, t) => `match { ip; ip_dst = 10.0.${v >> 8}.${v & 255} } action { goto ${t} }`,
  (v, t) =>
    `match { arp; arp_tpa = 10.0.${v >> 8}.${v & 255} } action { resubmit(,${t}); output ${(v % 9) + 1} }`,
  (v, t) => `match { tcp; tcp_dst = ${v} } action { zone = ${v}; resubmit(,${t}) }`,
  (v) => `match { zone = ${v} } action { output 1 }`,
  (v) => `match { reg0[0..7] = ${v & 255} } action { drop }`,
  (v) => `match { mark = ${v & 255}; arp } action { output 2 }`,
  (v) => `match { udp; udp_dst = ${v} } action { drop }`,
  (v) =>
    `match { sctp; sctp_dst = ${v} } action { output 1; eth_dst = 02:00:00:00:${String(v & 7).padStart(2, '0')}:01 }`,
  (v) => `match { reg9 = ${v} } action { mark = ${v & 255}; output mark }`,
  (v) =>
    `match { ipv6; ipv6_dst = fe80::${v.toString(16)} } action { write_actions { output ${(v % 9) + 1} } }`,
  (v, t) => `match { mpls; mpls_label = ${v} } action { write_actions { output 3 }; goto ${t} }`,
  (v) => `priority = ${v}; match {} action { output 1 }`,
  (v) => `priority = ${v}; idle_timeout = ${v & 1}; match {} action { output 1 }`,
  (v) =>
    `allow = WBF5606; match { eth_src = 02:00:00:00:00:0${v & 7}; metadata = ${v} } action { eth_dst = eth_src }`,
  (v, t) => `match { vlan_vid = ${v & 4095} } action { clone { resubmit(,${t}); reg3 = ${v} }; output 1 }`,
];

const body = fc.array(
  fc.record({
    form: fc.nat(forms.length - 1),
    table: fc.constantFrom(...NAMES),
    values: fc.uniqueArray(fc.nat(65535), { minLength: 1, maxLength: 7 }),
  }),
  { maxLength: 6 },
);
const pipeline = fc
  .record({
    bodies: fc.tuple(body, body, body, body),
    misses: fc.tuple(...NAMES.map(() => fc.constantFrom('drop', 'goto', 'resubmit'))),
    numbered: fc.tuple(...NAMES.map(() => fc.boolean())),
    placed: fc.boolean(),
  })
  .map(({ bodies, misses, numbered, placed }) => {
    let unique = 0;
    const tables = NAMES.map((name, i) => {
      const flows = bodies[i]?.flatMap(({ form, table, values }) =>
        values.map((v) => `  flow f${unique++} { ${forms[form]?.(v, table) ?? ''} }\n`),
      );
      const next = NAMES[i + 1] ?? 'out';
      const miss =
        misses[i] === 'drop' ? 'drop' : misses[i] === 'goto' ? `goto ${next}` : `resubmit(,${next})`;
      return `table ${name}${numbered[i] === true ? ` = ${i * 3}` : ''} {\n  miss = ${miss}\n${flows?.join('') ?? ''}}\n`;
    });
    const registers = placed
      ? 'register zone: 16\nregister mark: 8\n'
      : 'register zone = reg0[0..15]\nregister mark = reg1[0..7]\n';
    return `program p { id = 7 }\n${registers}${tables.join('')}`;
  });

describe('quick and plain', () => {
  it('agree on any pipeline', () => {
    const codes = new Set<string>();
    fc.assert(
      fc.property(pipeline, (text) => {
        for (const { code } of expectSame(text).diagnostics) codes.add(code);
      }),
      { numRuns: 150 },
    );
    // All of them have been met.
    for (const code of ['WBF5601', 'WBF5602', 'WBF5603', 'WBF5604', 'WBF5605', 'WBF5606'])
      expect(codes).toContain(code);
  });

  it('agree on numbers and places where a table is named by its number', () => {
    const flows = Array.from(
      { length: 40 },
      (_, i) =>
        `  flow f${i} { match { tcp; tcp_dst = ${i} } action { zone = ${i}; resubmit(,${i % 2 === 0 ? 40 : 50}) } }`,
    );
    const { lock, diagnostics } = expectSame(
      `register zone: 16\ntable in {\n  miss = goto x\n${flows.join('\n')}\n}\ntable x { miss = drop }\ntable y = 40 { miss = drop }\ntable z = 50 { miss = drop }\n`,
    );
    expect(diagnostics).toEqual([]);
    expect(Object.fromEntries(lock.tables)).toEqual({ in: 0, x: 20 });
  });

  it('name a hundred of many, and the same ones', () => {
    const flows = Array.from(
      { length: 300 },
      (_, i) =>
        `  flow f${i} { match { tcp; tcp_dst = ${i} } action { output 1; eth_dst = 02:00:00:00:00:01 } }`,
    );
    const { diagnostics } = expectSame(`table in = 0 {\n  miss = drop\n${flows.join('\n')}\n}\n`);
    expect(diagnostics).toHaveLength(100);
  });
});
