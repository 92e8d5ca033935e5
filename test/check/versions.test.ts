// Which version of OpenFlow a program is for, and where it is told what that lacks.
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/project/compile.ts';
import { OPENFLOW_VERSIONS } from '../../src/openflow/versions.ts';
import type { OpenFlowVersion } from '../../src/openflow/types.ts';
import { draw } from './expect.ts';

const DRAWN = /^ *(~+|-+)( |$)/;

/** The source, compiled for that version, must give the diagnostics that are drawn into it. */
function expectIn(version: OpenFlowVersion, source: string): void {
  const text = source
    .split('\n')
    .filter((line) => !DRAWN.test(line))
    .join('\n');
  const { diagnostics } = compile({ path: 'test.wbf', text }, { version });
  expect(draw(text, diagnostics)).toBe(source);
}

const versionOf = (text: string, version: OpenFlowVersion | null = null): string => {
  const { program, diagnostics } = compile({ path: 'test.wbf', text }, { version });
  return program?.version ?? diagnostics.map((d) => d.code).join();
};

describe('the version', () => {
  const bridge = (protocols: string): string => `bridge br0 { protocols = ${protocols} }\n`;

  test('is 1.5 where nothing is said', () => {
    expect(versionOf('')).toBe('1.5');
    expect(versionOf('bridge br0 { fail_mode = secure }')).toBe('1.5');
    expect(versionOf(bridge('[]'))).toBe('1.5');
  });

  test('is the newest of the protocols, in any order', () => {
    expect(versionOf(bridge('OpenFlow10'))).toBe('1.0');
    expect(versionOf(bridge('[OpenFlow10, OpenFlow13]'))).toBe('1.3');
    expect(versionOf(bridge('[OpenFlow14, OpenFlow15, OpenFlow11]'))).toBe('1.5');
    expect(versionOf(bridge('["OpenFlow12"]'))).toBe('1.2');
  });

  test('is what is asked for, if the protocols have it', () => {
    for (const version of OPENFLOW_VERSIONS) expect(versionOf('', version)).toBe(version);
    expect(versionOf(bridge('[OpenFlow10, OpenFlow13]'), '1.0')).toBe('1.0');
    expect(versionOf(bridge('[OpenFlow10, OpenFlow13]'), '1.2')).toBe('WBF5301');
    expectIn(
      '1.4',
      `bridge br0 { protocols = [OpenFlow10, OpenFlow13] }
                         ~~~~~~~~~~~~~~~~~~~~~~~~ WBF5301 the program is compiled for OpenFlow 1.4, and the bridge does not list OpenFlow14
`,
    );
  });

  test('of a mistyped protocol nothing follows', () => {
    expect(versionOf(bridge('[OpenFlow16, OpenFlow13]'))).toBe('WBF5012');
  });
});

test('a match in 1.1', () => {
  expectIn(
    '1.1',
    `flow { match { reg0 = 1; tun_id = 5 } action { drop } }
               ~~~~ WBF5302 OpenFlow 1.1 cannot match \`reg0\`; OpenFlow 1.2 can
                         ~~~~~~ WBF5302 OpenFlow 1.1 cannot match \`tun_id\`; OpenFlow 1.2 can
flow { match { tcp; tcp_dst = 80/0xf0 } action { drop } }
                    ~~~~~~~ WBF5302 OpenFlow 1.1 cannot match some bits of \`tcp_dst\`; OpenFlow 1.2 can
flow { match { ipv6; ip_proto = 6 } action { drop } }
                     ~~~~~~~~ WBF5302 OpenFlow 1.1 cannot match \`nw_proto\` of IPv6; OpenFlow 1.2 can
               ---- the match says IPv6
flow { match { ip; ip_ecn = 1 } action { drop } }
                   ~~~~~~ WBF5302 OpenFlow 1.1 cannot match \`nw_ecn\`; OpenFlow 1.2 can
flow { match { arp; arp_op = 1; arp_spa = 10.0.0.0/8 } action { drop } }
flow { match { metadata = 1/1; eth_src = 02:00:00:00:00:00/02:00:00:00:00:00 } action { drop } }
`,
  );
  expectIn('1.0', 'flow { match { tcp6; tcp_dst = 80/0xf0; reg0 = 1 } action { drop } }');
});

test('actions, attributes and instructions', () => {
  expectIn(
    '1.0',
    `flow { match {} action { push_vlan 0x8100; normal; clone { encap(mpls) } } }
                         ~~~~~~~~~ WBF5303 OpenFlow 1.0 has no \`push_vlan\`, which came with OpenFlow 1.1
                                                           ~~~~~ WBF5303 OpenFlow 1.0 has no \`encap\`, which came with OpenFlow 1.3
flow { priority = 1; match {} action { clear_actions; write_actions { output 1 } } }
                                       ~~~~~~~~~~~~~ WBF5303 OpenFlow 1.0 has no \`clear_actions\`, which came with OpenFlow 1.1
                                                      ~~~~~~~~~~~~~ WBF5303 OpenFlow 1.0 has no \`write_actions\`, which came with OpenFlow 1.1
flow { priority = 2; importance = 5; flags = [reset_counts, no_byte_counts]; match {} action { drop } }
                     ~~~~~~~~~~ WBF5304 OpenFlow 1.0 has no \`importance\`, which came with OpenFlow 1.4
                                                            ~~~~~~~~~~~~~~ WBF5304 OpenFlow 1.0 has no flag \`no_byte_counts\`, which came with OpenFlow 1.3
flow { priority = 3; importance = 0; flags = [send_flow_rem, check_overlap]; match { arp } action { drop } }
`,
  );
});

test('groups, meters and options of tunnels', () => {
  const source = (marks: readonly string[]): string => {
    const [group = '', selection = '', meter = '', map = ''] = marks;
    return `program p { groups = 1-9; meters = 1-9 }
group g = 1 { type = select; selection_method = hash; bucket { action { output 1 } } }
${group}${selection}meter m = 1 { unit = kbps; band drop { rate = 5 } }
${meter}tunnel_metadata { tun_metadata0 = {class: 1, type: 2, len: 4} }
${map}`;
  };
  const group = '      ~ WBF5307 OpenFlow 1.0 has no groups, which came with OpenFlow 1.1\n';
  const selection = (version: string): string =>
    `                             ~~~~~~~~~~~~~~~~ WBF5307 OpenFlow ${version} has no \`selection_method\`, which came with OpenFlow 1.5\n`;
  const meter = (version: string): string =>
    `      ~ WBF5307 OpenFlow ${version} has no meters, which came with OpenFlow 1.3\n`;
  const map =
    '~~~~~~~~~~~~~~~ WBF5307 OpenFlow 1.1 has no map of tunnel options, which came with OpenFlow 1.2\n';
  expectIn('1.0', source([group, '', meter('1.0')]));
  expectIn('1.1', source(['', selection('1.1'), meter('1.1'), map]));
  expectIn('1.2', source(['', selection('1.2'), meter('1.2')]));
  expectIn('1.3', source(['', selection('1.3')]));
  expectIn('1.5', source([]));
  expectIn('1.0', 'group g = 1\nflow { match {} action { group g } }\n');
});

test('what OpenFlow 1.0 does not mind can be allowed there', () => {
  const flow = (allow: string): string => `flow { ${allow}match {} action { dec_ttl; pop_vlan; normal } }`;
  const told = (text: string, version: OpenFlowVersion): string[] =>
    compile({ path: 'test.wbf', text }, { version }).diagnostics.map((d) => d.code);
  expect(told(flow(''), '1.0')).toEqual(['WBF5308', 'WBF5308']);
  expect(told(flow('allow = WBF5308; '), '1.0')).toEqual([]);
  expect(told(flow('allow = WBF5308; '), '1.1')).toEqual(['WBF4001', 'WBF4001']);
});

test('in 1.0 nothing follows a write to the metadata', () => {
  expectIn(
    '1.0',
    `table a = 0 { miss = drop; flow { match { ip } action { write_metadata 5; goto b } } }
                                                        ~~~~~~~~~~~~~~ WBF5306 OpenFlow 1.0 has no instructions: nothing can follow \`write_metadata\`, not even \`goto\`
                                                                          ---- goes on from here
table b = 1 { miss = drop; flow { match { ip } action { write_metadata 5 } } }
`,
  );
});
