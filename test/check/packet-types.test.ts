/** Ports for packets with and without an Ethernet header: what we say of them, and what becomes of the packets. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compile } from '../../src/project/compile.ts';
import { bytesOf } from '../conformance/judge.ts';
import { sendFlowMods } from '../lab/wire.ts';
import type { Lab } from '../lab/switch.ts';
import { startSwitch } from '../lab/switch.ts';

const codes = (text: string): string[] => compile({ path: 'test.wbf', text }).diagnostics.map((d) => d.code);

const PORTS: readonly (readonly [
  type: string,
  packetType: string | null,
  more?: Readonly<Record<string, string>>,
])[] = [
  ['gre', null],
  ['gre', 'legacy_l2'],
  ['gre', 'legacy_l3'],
  ['gre', 'ptap'],
  ['lisp', null],
  ['lisp', 'ptap'],
  ['gtpu', null],
  ['bareudp', null, { payload_type: 'ip', dst_port: '6635' }],
  ['geneve', null],
  ['geneve', 'ptap'],
  ['vxlan', null],
  ['internal', null],
];

let lab: Lab;
beforeAll(async () => {
  // Tunnels have to be tunnels, and not dummies.
  lab = await startSwitch();
  await lab.addBridge('br0', {
    ports: PORTS.map(([type, packetType, more], i) => ({
      name: `p${i + 1}`,
      type,
      ofport: i + 1,
      ...(type === 'internal'
        ? {}
        : {
            options: {
              ...more,
              remote_ip: `10.0.0.${i + 1}`,
              ...(packetType === null ? {} : { packet_type: packetType }),
            },
          }),
    })),
  });
});
afterAll(async () => {
  await lab.stop();
});

const program = (i: number, match: string, action: string): string => {
  const [type, packetType] = PORTS[i]!;
  const options = packetType === null ? '' : `; options { packet_type = ${packetType} }`;
  return `bridge br0 {\n  port p = ${i + 1} { type = ${type}${options} }\n}\nflow f { match { ${match} } action { ${action} } }\n`;
};

test.each(PORTS.map(([type, packetType], i) => [type, packetType, i] as const))(
  '%s %s',
  async (_type, packetType, i) => {
    const text = program(i, 'ip', 'decap; output p');
    const { program: ir, diagnostics } = compile({ path: 'test.wbf', text });
    await lab.ofctl('-O', 'OpenFlow15', 'del-flows', 'br0', { check: true });
    expect(await sendFlowMods(lab.mgmt('br0'), [bytesOf(ir!.flows.at(0))])).toEqual([]);
    const { stdout } = await lab.appctl('ofproto/trace', 'br0', 'in_port=99,ip', { check: true });
    expect(diagnostics.map((d) => d.code)).toEqual(
      stdout.includes('Trying to send non-Ethernet packet through legacy L2 port') ? ['WBF4350'] : [],
    );
    expect(codes(program(i, 'in_port = p; packet_type = ipv4', 'drop'))).toEqual(
      packetType === 'ptap' ? [] : ['WBF3250'],
    );
  },
);

test('nothing is said where the declaration says nothing', () => {
  const flow = 'flow f { match { in_port = p; packet_type = ipv4 } action { output p2 } }\n';
  expect(codes(`port p = 1\nport p2 = 2 { external_ids { a = b } }\n${flow}`)).toEqual([]);
});

test('what cannot be said', async () => {
  expect(codes('port p = 1 { type = gre; options { packet_type = other } }\n')).toEqual(['WBF5012']);
  const other = await lab.vsctl(
    'add-port',
    'br0',
    'bad',
    '--',
    'set',
    'interface',
    'bad',
    'type=gre',
    'options:remote_ip=10.9.9.9',
    'options:packet_type=other',
  );
  expect(other.stderr).toContain("unknown packet_type 'other'");
});
