/** Both roads in every version of OpenFlow, with ports by name and with `allow`. */
import { describe, expect, it } from 'vitest';
import { OPENFLOW_VERSIONS } from '../../src/openflow/versions.ts';
import { compile } from '../../src/project/compile.ts';
import type { CompileOptions, Compilation } from '../../src/project/compile.ts';

const both = (text: string, options: CompileOptions): [Compilation, Compilation] => [
  compile({ path: 'p.wbf', text }, { ...options, quickFrom: Infinity }),
  compile({ path: 'p.wbf', text }, { ...options, quickFrom: 0, learnFrom: 2 }),
];

function expectSame(text: string, options: CompileOptions): Compilation {
  const [plain, quick] = both(text, options);
  expect(quick.diagnostics).toEqual(plain.diagnostics);
  expect(quick.unresolved).toEqual(plain.unresolved);
  expect(quick.program === null).toBe(plain.program === null);
  if (plain.program !== null && quick.program !== null) {
    expect([...quick.program.flows]).toEqual([...plain.program.flows]);
    expect(quick.program.version).toBe(plain.program.version);
    expect(quick.program.unresolvedPorts).toEqual(plain.program.unresolvedPorts);
  }
  return plain;
}

const many = (make: (i: number) => string): string =>
  `table t = 0 {\n  miss = drop\n${Array.from({ length: 40 }, (_, i) => `  flow { priority = ${i}; ${make(i)} }\n`).join('')}}\n`;

/** Forms with a value that some version has no way to say. */
const FORMS: readonly ((i: number) => string)[] = [
  (i) => `importance = ${i % 5 === 0 ? 0 : i}; match { tcp; tcp_dst = ${i} } action { drop }`,
  (i) => `match { ip; ip_src = 10.0.0.0/${8 + (i % 20)} } action { drop }`,
  (i) => `match { tcp; tcp_dst = ${i % 4}/${i % 3 === 0 ? '0xffff' : '0xf'} } action { drop }`,
  (i) => `match { reg0 = ${i} } action { drop }`,
  (i) => `match { tcp6; tcp_src = ${i} } action { drop }`,
  (i) => `match { ip } action { push_vlan 0x8100; vlan_vid = ${i}; output ${i + 1} }`,
  (i) => `match { vlan_vid = ${i} } action { pop_vlan; reg0[0..7] = ${i}; goto u }`,
  (i) => `match { metadata = ${i}/0xff } action { write_metadata ${i}; goto u }`,
  () => 'match {} action { dec_ttl; normal }',
];

describe.each(OPENFLOW_VERSIONS)('OpenFlow %s', (version) => {
  it('is the same on both roads', () => {
    for (const form of FORMS) expectSame(`${many(form)}table u = 5 { miss = drop }\n`, { version });
  });
});

describe('ports by name', () => {
  const PORTS = 'port a = "eth0"\nport b = "eth1"\nport c = 3\n';
  const text = `${PORTS}${many((i) => `match { in_port = ${'abc'[i % 3]!}; reg1 = ${i} } action { output ${'bca'[i % 3]!} }`)}`;

  it('are the same on both roads, bound or not', () => {
    const { program, unresolved } = expectSame(text, {});
    expect(unresolved.map((p) => p.interfaceName)).toEqual(['eth0', 'eth1']);
    expect([...program!.unresolvedPorts]).toEqual([
      [65279, 'eth0'],
      [65278, 'eth1'],
    ]);
    const ports = new Map([
      ['eth0', 1],
      ['eth1', 2],
    ]);
    const bound = expectSame(text, { bindings: { ports } });
    expect(bound.unresolved).toEqual([]);
    expect(bound.program!.unresolvedPorts.size).toBe(0);
    const outputs = [...bound.program!.flows].flatMap((f) =>
      f.instructions.apply.map((a) => a.kind === 'output' && a.port),
    );
    expect(new Set(outputs)).toEqual(new Set([1, 2, 3]));
  });

  it('are none of the numbers in the text', () => {
    const taken = text
      .replace('port c = 3', 'port c = 0xfeff\nconst d = 65_278')
      .replace('reg1 = 0', 'reg1 = 65277');
    const { program } = expectSame(taken, {});
    expect([...program!.unresolvedPorts.keys()]).toEqual([65276, 65275]);
  });

  it('know where a number is needed', () => {
    const used = `${PORTS}${many((i) => `match { reg1 = ${i} } action { reg0 = b; output a }`)}`;
    const { unresolved } = expectSame(used, {});
    expect(unresolved.map((p) => p.numberUse === null)).toEqual([true, false]);
    const { start, end } = unresolved[1]!.numberUse!;
    expect(used.slice(start, end)).toBe('b');
    expect(used.slice(0, start)).toMatch(/reg1 = 0 \} action \{ reg0 = $/);
  });
});

describe('a program that has all numbers in it', () => {
  const all = `const numbers = 0\n// ${Array.from({ length: 65536 }, (_, i) => i).join(' ')}\n`;
  const flow = (port: string): string =>
    `port a = "eth0"\nport b = 65279\nflow { match { in_port = ${port} } action { output a } }\n${all}`;

  it('has numbers for ports all the same', () => {
    const { program } = expectSame(flow('b'), {});
    expect([...program!.unresolvedPorts]).toEqual([[65278, 'eth0']]);
  });

  it('and none of them is another port', () => {
    const { diagnostics } = expectSame(flow('65278'), {});
    expect(diagnostics.map((d) => d.code)).toEqual(['WBF2019']);
  });
});
