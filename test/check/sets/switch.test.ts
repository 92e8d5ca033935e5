/** What sets become is taken by a real switch, as text and as bytes; conjunctions do what their flow says. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emitFlows } from '../../../src/emit/flows.ts';
import { compile } from '../../../src/project/compile.ts';
import type { ProgramIr } from '../../../src/ir/types.ts';
import { startSwitch, type Lab } from '../../lab/switch.ts';
import { sendFlowModsInBundle } from '../../lab/wire.ts';

let lab: Lab;
let mgmt: string;
beforeAll(async () => {
  lab = await startSwitch({ dummy: true });
  mgmt = await lab.addBridge('br0', { dummyPorts: 4 });
});
afterAll(() => lab.stop());

function programOf(text: string): ProgramIr {
  const { program, diagnostics } = compile({ path: 'p.wbf', text });
  const errors = diagnostics.filter((d) => d.severity === 'error');
  if (program === null) throw new Error(errors.map((d) => `${d.code} ${d.message}`).join('\n'));
  return program;
}

/** The switch has all flows of the program, added in a bundle; what it says of them. */
async function installed(program: ProgramIr): Promise<string[]> {
  await lab.ofctl('-O', 'OpenFlow15', 'del-flows', 'br0', { check: true });
  const encoded = program.flows.encoded?.();
  if (encoded === undefined) throw new Error('no bytes');
  const messages = Array.from({ length: program.flows.length }, (_, i) =>
    Buffer.from(encoded.bytes.subarray(encoded.offsets[i], encoded.offsets[i + 1])),
  );
  const { errors, committed } = await sendFlowModsInBundle(mgmt, messages);
  expect(errors).toEqual([]);
  expect(committed).toBe(true);
  const flows = await lab.dumpFlows('br0');
  expect(flows).toHaveLength(program.flows.length);
  return flows;
}

const table = (...flows: readonly string[]): string =>
  `table t = 0 { miss = drop\n${flows.map((f, i) => `  flow f${i} { priority = ${i + 1}; ${f} }`).join('\n')}\n}\n`;

describe('every kind of field', () => {
  const forms = [
    'match { protocol in {tcp, udp6, sctp}; tp_dst in {80, 443, 8000-8999} } action { tp_dst = 5; normal }',
    'match { eth_src in {02:00:00:00:00:01-02:00:00:00:00:0f, 06:00:00:00:00:00/ff:00:00:00:00:00} } action { drop }',
    'match { vlan_vid in {none, 10, 20-29} } action { drop }',
    'match { vlan_vid != 10; in_port in {1, 2} } action { drop }',
    'match { vlan_vid[0..3] not in {1, 3-5} } action { drop }',
    'match { vlan_vid not in {none, 10}; vlan_pcp in 3-7 } action { vlan_pcp = 1; normal }',
    'match { vlan_tci != 0x100a } action { drop }',
    'match { vlan_tci not in {0, 0x1005, 0x3005-0x3010} } action { drop }',
    'match { ip; ct_state in {+trk+est, +trk+new} } action { drop }',
    'match { ip; ct_state != +trk+est } action { drop }',
    'match { ip; ip_frag != later } action { drop }',
    'match { ip; ip_frag in {no, first} } action { drop }',
    'match { tcp; tcp_flags in {+syn-ack, +rst} } action { drop }',
    'match { tcp; tcp_flags != +syn+ack } action { drop }',
    'match { tun_flags != +oam } action { drop }',
    'match { ipv6; ipv6_src in {fe80::1-fe80::ff, 2001:db8::/32}; ipv6_label != 5 } action { drop }',
    'match { ipv6; ipv6_dst != fe80::1 } action { drop }',
    'match { icmp6; icmpv6_type in {135, 136}; nd_target in {fe80::1, fe80::2, fe80::3} } action { drop }',
    'match { icmp; icmp_type in {echo_request, echo_reply, 11-13} } action { drop }',
    'match { arp; arp_op in {request, reply}; arp_spa in 10.0.0.5-10.0.0.9 } action { drop }',
    'match { metadata in 5-9; xreg1 in {1-3, 8}; reg0[3] != 1; reg0[8..15] in {1, 2} } action { drop }',
    'match { xxreg1 in 1-0xffffffffffffffffffffffff } action { drop }',
    'match { pkt_mark in {1, 2-5}; tun_id != 7; ct_zone in {1, 2}; ct_mark in {1/3, 8} } action { drop }',
    'match { ip; ip_dscp in {1, 10-12}; nw_ecn in 1-3; nw_ttl in {1, 2, 255} } action { dec_ttl; normal }',
    'match { eth_type in {ipv4, ipv6}; ip_proto in {tcp, udp, ospf} } action { drop }',
    'match { mpls; mpls_label in {1-3, 16}; mpls_bos in {0, 1} } action { drop }',
    'masks = overlapping; match { tcp; tcp_src in 1-65534; tcp_dst in {1-6, 9-14} } action { drop }',
    'match { tcp; tcp_dst = 80 } match { udp; udp_dst in {53, 123} } match { icmp } action { drop }',
  ];

  test.each(['', 'expand = cross; '])('as bytes, %s', async (expand) => {
    await installed(programOf(table(...forms.map((f) => expand + f))));
  });

  test('as text', async () => {
    // A part of a priority has no words in ovs-ofctl.
    const program = programOf(table(...forms.filter((f) => !f.includes('vlan_tci'))));
    await lab.ofctl('-O', 'OpenFlow15', 'del-flows', 'br0', { check: true });
    const input = emitFlows(program, { names: false });
    await lab.ofctl('-O', 'OpenFlow15', 'add-flows', 'br0', '-', { input, check: true });
    expect(await lab.dumpFlows('br0')).toHaveLength(program.flows.length);
  });
});

describe('conjunctions', () => {
  const bare = (flow: string): string => flow.replace(/cookie=\w+, /, '');
  const trace = async (packet: string): Promise<string> => {
    const { stdout } = await lab.appctl('ofproto/trace', 'br0', packet, { check: true });
    return /Datapath actions: (.*)/.exec(stdout)?.[1] ?? stdout;
  };
  const tcp = (src: string, port: number): string =>
    `in_port=1,dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:02,tcp,nw_src=${src},nw_dst=10.9.9.9,nw_ttl=64,tcp_dst=${port}`;

  test('the flow with the id has the actions, and what they need', async () => {
    const flows = await installed(
      programOf(
        table(
          'expand = conjunction; match { tcp; ip_src in {10.0.0.1, 10.0.0.2}; tcp_dst in {80, 443} } action { tcp_dst = 8080; dec_ttl; output 2 }',
        ),
      ),
    );
    expect(flows.filter((f) => f.includes('conj_id=1')).map(bare)).toEqual([
      'priority=1,conj_id=1,tcp actions=set_field:8080->tcp_dst,dec_ttl,output:2',
    ]);
    expect(await trace(tcp('10.0.0.1', 443))).toMatch(/set\(ipv4\(ttl=63\)\),set\(tcp\(dst=8080\)\),2$/);
    expect(await trace(tcp('10.0.0.1', 444))).toBe('drop');
    expect(await trace(tcp('10.0.0.3', 80))).toBe('drop');
  });

  test('two flows share what is equal in them', async () => {
    const source = `table t = 0 { miss = drop
  flow a { expand = conjunction; match { tcp; ip_src in {10.0.0.1, 10.0.0.2, 10.0.0.4}; tcp_dst in {80, 443} } action { output 2 } }
  flow b { expand = conjunction; match { tcp; ip_src in {10.0.0.1, 10.0.0.2, 10.0.0.4}; tcp_dst in {22, 25} } action { output 3 } }
}
`;
    const flows = await installed(programOf(source));
    expect(flows.filter((f) => f.includes('nw_src=10.0.0.1 ')).map(bare)).toEqual([
      'tcp,nw_src=10.0.0.1 actions=conjunction(1,1/2),conjunction(2,1/2)',
    ]);
    expect(await trace(tcp('10.0.0.1', 443))).toBe('2');
    expect(await trace(tcp('10.0.0.4', 22))).toBe('3');
    expect(await trace(tcp('10.0.0.4', 23))).toBe('drop');
    expect(await trace(tcp('10.0.0.9', 22))).toBe('drop');
  });

  test('a flow of the same priority that is a part of one: the product, so that neither replaces the other', async () => {
    const source = `table t = 0 { miss = drop
  flow a { match { tcp; ip_src in {10.0.0.1, 10.0.0.4, 10.0.0.9}; tcp_dst in {80, 443, 22, 25} } action { output 2 } }
  flow b { match { tcp; tcp_dst = 80 } action { output 3 } }
}
`;
    const program = programOf(source);
    expect(program.flows.length).toBe(1 + 12 + 1);
    await installed(program);
    expect(await trace(tcp('10.0.0.8', 80))).toBe('3');
    expect(await trace(tcp('10.0.0.1', 25))).toBe('2');
  });
});
