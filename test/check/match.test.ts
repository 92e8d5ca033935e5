/** What is said about a match, and what is made of one. */
import { describe, expect, test } from 'vitest';
import { applyEdits, applyFix, check, expectDiagnostics } from './expect.ts';

describe('diagnostics', () => {
  test('the white-box example without icmp: one diagnostic at the most demanding term', () => {
    expectDiagnostics(`
const self_mac = 00:00:00:00:99:99
const self_ip  = 10.11.22.26
flow ping_reply {
  match { eth_dst = self_mac; ip_dst = self_ip; icmp_type = echo_request; icmp_code = 0 }
                                                ~~~~~~~~~ WBF3001 this match never says that the packet is ICMPv4
                              ------ needs eth_type = 0x0800
                                                                          ---------
  action { drop }
}
`);
  });

  test('two chains are two mistakes', () => {
    expectDiagnostics(`
flow { match { in_port = 1; tcp_dst = 80; arp_op = reply } action { drop } }
                            ~~~~~~~ WBF3001 this match never says that the packet is TCP
                                          ~~~~~~ WBF3001 this match never says that the packet is ARP
`);
  });

  test('half of what is needed', () => {
    expectDiagnostics(`
flow { match { ip; tcp_dst = 80; tcp_flags = +syn } action { drop } }
                   ~~~~~~~ WBF3001 this match never says that the packet is TCP
                                 ---------
flow { match { ip_proto = tcp; tcp_dst = 443 } action { drop } }
                               ~~~~~~~ WBF3001 this match never says that the packet is TCP
               -------- needs eth_type = 0x0800 or 0x86dd
flow { match { icmp6; nd_target = fe80::1; nd_sll = 02:00:00:00:00:01 } action { drop } }
                      ~~~~~~~~~ WBF3001 this match never says that the packet is an IPv6 neighbour solicitation or advertisement
                                           ------ needs eth_type = 0x86dd, ip_proto = 58, icmpv6_type = 135, and icmpv6_code 0 or unstated
`);
  });

  test('a VLAN priority needs a tag', () => {
    expectDiagnostics(`
flow { match { vlan_pcp = 3 } action { drop } }
               ~~~~~~~~ WBF3001 this match never says that the packet has a VLAN tag
flow { match { vlan_vid = none; vlan_pcp = 3 } action { drop } }
                                ~~~~~~~~ WBF3002 \`vlan_pcp\` is there only where the packet has a VLAN tag, and this match says \`vlan_vid = none\`
               -------- the match says \`vlan_vid = none\`
flow { match { vlan_vid = none; dl_vlan_pcp = 3 } action { drop } }
                                ~~~~~~~~~~~~~~~ WBF3004 \`vlan_vid = none\` and \`dl_vlan_pcp = 3\` exclude each other
               -------- the match says \`vlan_vid = none\` here
`);
  });

  test('fields of another protocol', () => {
    expectDiagnostics(`
flow { match { udp; tcp_dst = 80 } action { drop } }
                    ~~~~~~~ WBF3002 \`tcp_dst\` is there only where the packet is TCP, and this match says \`udp\`
               --- the match says \`udp\`
flow { match { arp; ip_src = 10.0.0.1; ip_dst = 10.0.0.2 } action { drop } }
                    ~~~~~~ WBF3002 \`ip_src\` is there only where the packet is IPv4, and this match says \`arp\`
                                       ------ so does this
               --- the match says \`arp\`
flow { match { icmp6; icmpv6_type = neighbor_advertisement; nd_sll = 02:00:00:00:00:01 } action { drop } }
                                                            ~~~~~~ WBF3002 \`nd_sll\` is there only where the packet is an IPv6 neighbour solicitation, and this match says \`icmpv6_type = neighbor_advertisement\`
                      ----------- the match says \`icmpv6_type = neighbor_advertisement\`
`);
  });

  test('later fragments have no ports', () => {
    expectDiagnostics(`
flow { match { tcp; tcp_dst = 80; ip_frag = later } action { drop } }
                    ~~~~~~~ WBF3002 \`tcp_dst\` is there only where the packet is TCP, and this match says \`ip_frag = later\`
                                  ------- the match says \`ip_frag = later\`
`);
  });

  test('connection tracking', () => {
    expectDiagnostics(`
flow { match { ip; ct_state = +trk; ct_nw_src = 10.0.0.1; ct_tp_dst = 80 } action { drop } }
                                    ~~~~~~~~~ WBF3001 this match never says that the packet belongs to a tracked connection
                                                          ---------
flow { match { ct_nw_src = 10.0.0.1 } action { drop } }
               ~~~~~~~~~ WBF3001 this match never says that the packet belongs to a tracked connection
flow { match { ct_state = +trk+est; ct_nw_src = 10.0.0.1 } action { drop } }
                                    ~~~~~~~~~ WBF3011 \`ct_nw_src\` needs \`ip\` in the match
flow { match { ipv6; ct_state = +trk+est; ct_nw_dst = 10.0.0.1 } action { drop } }
                                          ~~~~~~~~~ WBF3011 \`ct_nw_dst\` needs \`ip\` in the match
`);
  });

  test('bare packets', () => {
    expectDiagnostics(`
flow { match { packet_type = ipv4; eth_src = 02:00:00:00:00:01 } action { drop } }
                                   ~~~~~~~ WBF3002 \`eth_src\` is there only where the packet is Ethernet, and this match says \`packet_type = ipv4\`
               ----------- the match says \`packet_type = ipv4\`
flow { match { packet_type = ipv4; eth_type = ipv4 } action { drop } }
                                   ~~~~~~~~ WBF3002 \`eth_type\` is there only where the packet is Ethernet, and this match says \`packet_type = ipv4\`
               ----------- the match says \`packet_type = ipv4\`
flow { match { packet_type = ipv4; tcp6 } action { drop } }
                                   ~~~~ WBF3004 \`packet_type = ipv4\` and \`tcp6\` exclude each other
               ----------- the match says \`packet_type = ipv4\` here
`);
  });

  test('nothing is a consequence of a mistake', () => {
    expectDiagnostics(`
flow { match { tpc; tcp_dst = 80; ip_src = 10.0.0.1 } action { tcp_dst = 81; normal } }
               ~~~ WBF3005 there is no protocol called \`tpc\`; did you mean \`tcp\`?
`);
  });

  test('protocols that exclude each other', () => {
    expectDiagnostics(`
flow { match { tcp; udp } action { drop } }
                    ~~~ WBF3004 \`tcp\` and \`udp\` exclude each other
               --- the match says \`tcp\` here
flow { match { ip; ipv6 } action { drop } }
                   ~~~~ WBF3004 \`ip\` and \`ipv6\` exclude each other
               -- the match says \`ip\` here
flow { match { tcp; ip_proto = 17 } action { drop } }
                    ~~~~~~~~~~~~~ WBF3004 \`tcp\` and \`ip_proto = 17\` exclude each other
               --- the match says \`tcp\` here
flow { match { eth_type = ipv6; arp } action { drop } }
                                ~~~ WBF3004 \`eth_type = ipv6\` and \`arp\` exclude each other
               -------- the match says \`eth_type = ipv6\` here
`);
  });

  test('a field twice', () => {
    expectDiagnostics(`
flow { match { tcp; tcp_dst = 80; tcp_dst = 443 } action { drop } }
                                  ~~~~~~~ WBF3003 \`tcp_dst\` is matched twice, with different values
                    ------- first matched here
flow { match { in_port = 1; in_port = 1 } action { drop } }
                            ~~~~~~~ WBF3003 \`in_port\` is matched twice
               ------- first matched here
flow { match { dl_dst = 02:00:00:00:00:01; eth_dst = 02:00:00:00:00:02 } action { drop } }
                                           ~~~~~~~ WBF3003 \`eth_dst\` and \`dl_dst\` are the same field
               ------ first matched here
flow { match { in_port = 1; in_port_oxm = 1 } action { drop } }
                            ~~~~~~~~~~~ WBF3003 \`in_port_oxm\` and \`in_port\` share bits
               ------- first matched here
flow { match { ip; nw_tos = 4; ip_dscp = 1 } action { drop } }
                               ~~~~~~~ WBF3003 \`ip_dscp\` and \`nw_tos\` share bits
                   ------ first matched here
flow { match { vlan_vid = 5; dl_vlan = 5 } action { drop } }
                             ~~~~~~~ WBF3003 \`dl_vlan\` and \`vlan_vid\` share bits
               -------- first matched here
flow { match { vlan_tci = 0x1005; vlan_vid = 5 } action { drop } }
                                  ~~~~~~~~ WBF3003 \`vlan_vid\` and \`vlan_tci\` share bits
               -------- first matched here
`);
  });

  test('registers that overlap', () => {
    expectDiagnostics(`
flow { match { reg0 = 1; xreg0 = 5 } action { drop } }
                         ~~~~~ WBF3003 \`xreg0\` and \`reg0\` share bits
               ---- first matched here
flow { match { xxreg0[0..7] = 1; reg3[7] = 1 } action { drop } }
                                 ~~~~~~~ WBF3003 \`reg3[7]\` and \`xxreg0[0..7]\` share bits
               ------------ first matched here
flow { match { reg0[0..3] = 1; reg0[3..7] = 2 } action { drop } }
                               ~~~~~~~~~~ WBF3003 \`reg0[3..7]\` and \`reg0[0..3]\` share bits
               ---------- first matched here
`);
  });

  test('what stands alone is a protocol', () => {
    expectDiagnostics(`
port uplink = 1
flow { match { uplink } action { drop } }
               ~~~~~~ WBF3005 there is no protocol called \`uplink\`
flow { match { eth_dst } action { drop } }
               ~~~~~~~ WBF3006 \`eth_dst\` is a field and needs a value: \`eth_dst = …\`
flow { match { icmpv6 } action { drop } }
               ~~~~~~ WBF3005 there is no protocol called \`icmpv6\`
flow { match { tcp6dst } action { drop } }
               ~~~~~~~ WBF3005 there is no protocol called \`tcp6dst\`; did you mean \`tcp6\`?
flow { match { output 1 } action { drop } }
               ~~~~~~~~ WBF3007 \`output\` with what follows it is not a term of a match
flow { match { TCP } action { drop } }
               ~~~ WBF2002 \`TCP\` is written \`tcp\`
`);
  });

  test('names of fields', () => {
    expectDiagnostics(`
flow { match { tcp_dest = 80 } action { drop } }
               ~~~~~~~~ WBF2001 there is no field called \`tcp_dest\`; did you mean \`tcp_dst\`?
flow { match { Eth_Dst = 02:00:00:00:00:01 } action { drop } }
               ~~~~~~~ WBF2002 \`Eth_Dst\` is written \`eth_dst\`
flow { match { nxm_of_in_port = 1 } action { drop } }
               ~~~~~~~~~~~~~~ WBF2002 \`nxm_of_in_port\` is written \`NXM_OF_IN_PORT\`
flow { match { a.b = 1 } action { drop } }
               ~ WBF2005 there is no imported file called \`a\`
flow { match { "reg0" = 1 } action { drop } }
               ~~~~~~ WBF3007 a text is not a term of a match
`);
  });

  test('generic names', () => {
    expectDiagnostics(`
flow { match { tp_dst = 80 } action { drop } }
               ~~~~~~ WBF2004 \`tp_dst\` means nothing here: it stands for \`tcp_dst\`, \`udp_dst\`, \`sctp_dst\`, \`icmp_code\` or \`icmpv6_code\`, and no protocol says which
flow { match { nw_src = 10.0.0.1 } action { drop } }
               ~~~~~~ WBF2004 \`nw_src\` means nothing here: it stands for \`ip_src\` or \`arp_spa\`, and no protocol says which
flow { match { nw_proto = 6 } action { drop } }
               ~~~~~~~~ WBF2004 \`nw_proto\` means nothing here: it stands for \`ip_proto\` or \`arp_op\`, and no protocol says which
`);
  });

  test('fields that no flow can match', () => {
    expectDiagnostics(`
flow { match { tun_ttl = 3 } action { drop } }
               ~~~~~~~ WBF3009 a flow cannot match \`tun_ttl\`: it has no form in OpenFlow
flow { match { skb_priority = 3 } action { drop } }
               ~~~~~~~~~~~~ WBF3009 a flow cannot match \`skb_priority\`: it has no form in OpenFlow
flow { match { dp_hash = 3/7 } action { drop } }
               ~~~~~~~ WBF3009 a flow cannot match \`dp_hash\`: the switch keeps it for itself
flow { match { recirc_id = 3 } action { drop } }
               ~~~~~~~~~ WBF3009 a flow cannot match \`recirc_id\`: the switch keeps it for itself
flow { match { tun_metadata0 = 3 } action { drop } }
               ~~~~~~~~~~~~~ WBF3010 nothing says which tunnel option \`tun_metadata0\` is
`);
  });

  test('accepted, and not what it seems', () => {
    expectDiagnostics(`
flow { match { eth_type = 0x8100 } action { drop } }
               ~~~~~~~~~~~~~~~~~ WBF3013 \`eth_type = 0x8100\` does not match tagged packets
flow { match { tun_erspan_ver = 2 } action { drop } }
               ~~~~~~~~~~~~~~~~~~ WBF3012 Open vSwitch 3.1.0 uses the value of \`tun_erspan_ver\` as its mask
flow { match { icmp; icmp_code = port_unreachable } action { drop } }
                                 ~~~~~~~~~~~~~~~~ WBF3016 \`port_unreachable\` is code 3 of \`icmp_type = destination_unreachable\`, and this match takes code 3 of every type
flow { match { reg0 = 0/0 } action { drop } }
                      ~~~ WBF3014 a mask of no bits: this term on \`reg0\` matches everything
flow { match { in_port = normal } action { drop } }
                         ~~~~~~ WBF2016 no packet comes in by \`normal\`: it is a place to send to
`);
  });

  test('never matches', () => {
    expectDiagnostics(`
flow { match { vlan_tci = 5 } action { drop } }
               ~~~~~~~~~~~~ WBF2113 \`vlan_tci = 5\` asks for bits of a tag and that there is none: it never matches
flow { match { vlan_vid = 5/0x1fff } action { drop } }
                          ~~~~~~~~ WBF2113 \`vlan_vid = 5/0x1fff\` asks for bits of a tag and that there is none: it never matches
flow { match { icmp; icmp_type = time_exceeded; icmp_code = port_unreachable } action { drop } }
                                                            ~~~~~~~~~~~~~~~~ WBF3015 \`port_unreachable\` is a code of \`icmp_type = destination_unreachable\`, and this match says \`icmp_type = time_exceeded\`
                     --------- the type is stated here
`);
  });

  test('five mistakes in one match', () => {
    expectDiagnostics(`
flow { match { in_port = 70000; tcp_dst = 70000; reg0 = 1; xreg0 = 5; tun_ttl = 3; arp_op in {1, 2} } action { drop } }
                         ~~~~~ WBF2013 70000 is not a port number: ports are 1 to 65279
                                ~~~~~~~ WBF3001 this match never says that the packet is TCP
                                          ~~~~~ WBF2101 70000 does not fit \`tcp_dst\`, which has 16 bits (at most 65535)
                                                           ~~~~~ WBF3003 \`xreg0\` and \`reg0\` share bits
                                                 ---- first matched here
                                                                      ~~~~~~~ WBF3009 a flow cannot match \`tun_ttl\`: it has no form in OpenFlow
                                                                                   ~~~~~~ WBF3001 this match never says that the packet is ARP
flow { match { eth_type = 70000; tcp_dst = 80 } action { drop } }
                          ~~~~~ WBF2101 70000 does not fit \`eth_type\`, which has 16 bits (at most 0xffff)
flow { match { ip_dst in {10.0.0.1, 10.0.0.2}; tcp_dst = 80 } action { drop } }
                                               ~~~~~~~ WBF3001 this match never says that the packet is TCP
               ------ needs eth_type = 0x0800
`);
  });

  test('text that could not be read mutes what depends on it', () => {
    expectDiagnostics(`
flow { match { tcp tcp_dst = 80; ip_dst = } action { drop } }
                   ~~~~~~~ WBF1102 a newline or \`;\` is missing before \`tcp_dst\`
                                          ~ WBF1101 expected a value, found \`}\`
`);
  });
});

/** A program with one flow. */
const flow = (match: string): string => `flow f { match { ${match} } action { drop } }\n`;

/** The match of the flow after the fix. */
function fixed(match: string, title?: string): string {
  const text = applyFix(check(flow(match)), title);
  return text.slice('flow f { match { '.length, -' } action { drop } }\n'.length);
}

describe('notes and labels', () => {
  test('say what is needed, what ovs-ofctl would do, and what to write', () => {
    const { diagnostics } = check(
      flow('eth_dst = 00:00:00:00:99:99; ip_dst = 10.11.22.26; icmp_type = echo_request; icmp_code = 0'),
    );
    expect(diagnostics).toMatchObject([
      {
        label: 'needs eth_type = 0x0800 and ip_proto = 1',
        switchError: 'OFPBMC_BAD_PREREQ',
        notes: [
          'ovs-ofctl does not refuse it: it drops these three terms without an error, and the flow matches everything with `eth_dst = 00:00:00:00:99:99`',
        ],
        help: 'add `icmp`',
      },
    ]);
  });

  test.each([
    ['tcp_dst = 80', 'it drops this term without an error, and the flow matches every packet'],
    ['tcp_dst = 80; arp_op = 1', 'it drops this term without an error, and the flow matches every packet'],
    [
      'in_port = 1; tcp_dst = 80',
      'it drops this term without an error, and the flow matches everything with `in_port = 1`',
    ],
    ['arp; ip_src = 10.0.0.1', 'it takes it for `arp_spa` without an error'],
    ['udp; tcp_dst = 80', 'it takes it for `udp_dst` without an error'],
    ['icmp; tcp_dst = 80', 'it takes it for `icmp_code` without an error'],
    ['ip; mpls_label = 3', 'it drops this term without an error'],
    ['tcp; udp', 'it lets the last of them win'],
    ['in_port = 1; in_port = 2', 'it lets the last of them win'],
  ])('%s: %s', (match, says) => {
    expect(check(flow(match)).diagnostics[0]?.notes).toEqual([`ovs-ofctl does not refuse it: ${says}`]);
  });

  test.each([
    // What ovs-ofctl sends as it is, so that the switch refuses it.
    'ct_nw_src = 10.0.0.1',
    'vlan_pcp = 1',
    'nsh_spi = 5',
    'packet_type = ipv4; eth_src = 02:00:00:00:00:01',
    'packet_type = ipv4; tcp6',
    'tcp; ip_frag = later; tcp_dst = 80',
  ])('%s: nothing silent to tell of', (match) => {
    expect(check(flow(match)).diagnostics[0]?.notes).toEqual([]);
  });

  test.each([
    ['tp_dst = 80', null],
    ['tun_ttl = 3', null],
    ['dp_hash = 3', 'OFPBRC_EPERM'],
    ['tun_metadata0 = 3', 'NXFMFC_INVALID_TLV_FIELD'],
    ['ct_state = +est; ct_nw_src = 10.0.0.1', 'OFPBAC_MATCH_INCONSISTENT'],
    ['in_port = 1; in_port = 2', 'OFPBMC_DUP_FIELD'],
    ['tcp; udp', 'OFPBMC_DUP_FIELD'],
    ['ip; ip_proto = 6/0xf', 'OFPBMC_BAD_MASK'],
    ['metadata = 0x15/0xf0', 'OFPBMC_BAD_WILDCARDS'],
    ['arp; arp_op = 257', 'OFPBMC_BAD_VALUE'],
    ['in_port = 70000', 'OFPBMC_BAD_VALUE'],
  ])('%s: the switch says %s', (match, error) => {
    expect(check(flow(match)).diagnostics.map((d) => d.switchError)).toEqual([error]);
  });
});

describe('fixes', () => {
  test.each([
    ['tcp_dst = 80', 'tcp; tcp_dst = 80'],
    ['ip; tcp_dst = 80', 'tcp; tcp_dst = 80'],
    ['ipv6; tcp_dst = 80', 'tcp6; tcp_dst = 80'],
    ['eth_type = ipv4; tcp_dst = 80', 'ip_proto = tcp; eth_type = ipv4; tcp_dst = 80'],
    ['packet_type = ipv4; tcp_dst = 80', 'tcp; packet_type = ipv4; tcp_dst = 80'],
    ['nd_target = fe80::1', 'icmp6; icmpv6_type = neighbor_solicitation; nd_target = fe80::1'],
    [
      'icmp6; nd_tll = 02:00:00:00:00:01',
      'icmpv6_type = neighbor_advertisement; icmp6; nd_tll = 02:00:00:00:00:01',
    ],
    ['vlan_pcp = 3', 'vlan_tci = 0x1000/0x1000; vlan_pcp = 3'],
    ['nsh_spi = 3', 'eth_type = nsh; nsh_spi = 3'],
    ['ct_tp_dst = 3', 'ct_state = +trk-inv; ct_tp_dst = 3'],
    ['ct_nw_src = 10.0.0.1', 'ip; ct_state = +trk-inv; ct_nw_src = 10.0.0.1'],
    ['ct_state = +trk; ct_nw_src = 10.0.0.1', 'ip; ct_state = +trk-inv; ct_nw_src = 10.0.0.1'],
    ['ct_state = +trk-new; ct_tp_dst = 3', 'ct_state = +trk-new-inv; ct_tp_dst = 3'],
    ['ct_state = +est; ct_ipv6_src = fe80::1', 'ipv6; ct_state = +est; ct_ipv6_src = fe80::1'],
    ['arp; ip_src = 10.0.0.1', 'arp; arp_spa = 10.0.0.1'],
    ['tpc', 'tcp'],
    ['icmpv6', 'icmp6'],
    ['igmp', 'ip; ip_proto = igmp'],
    [
      'icmp; icmp_code = port_unreachable',
      'icmp_type = destination_unreachable; icmp; icmp_code = port_unreachable',
    ],
  ])('%s → %s', (match, wanted) => {
    expect(fixed(match)).toBe(wanted);
    expect(check(flow(wanted)).diagnostics).toEqual([]);
  });

  test('offer every way', () => {
    expect(check(flow('udp_src = 53')).diagnostics[0]?.fixes.map((f) => f.title)).toEqual([
      'Add `udp`',
      'Add `udp6`',
    ]);
    expect(check(flow('udp_src = 53; ipv6_src = fe80::1')).diagnostics[0]?.fixes.map((f) => f.title)).toEqual(
      ['Add `udp6`'],
    );
  });

  test('offer none where nothing is sure', () => {
    expect(check(flow('icmp; tcp_dst = 80')).diagnostics[0]?.fixes).toEqual([]);
    expect(check(flow('tcp; udp')).diagnostics[0]?.fixes).toEqual([]);
  });

  test('have the layout of the block', () => {
    const lines =
      'flow {\n  match {\n    in_port = 1 // first\n    tcp_dst = 80\n  }\n  action { drop }\n}\n';
    expect(applyFix(check(lines))).toBe(lines.replace('in_port', 'tcp\n    in_port'));
    const windows = lines.replaceAll('\n', '\r\n');
    expect(applyFix(check(windows))).toBe(windows.replace('in_port', 'tcp\r\n    in_port'));
    const two = lines.replace('tcp_dst = 80', 'nd_target = fe80::1');
    expect(applyFix(check(two))).toBe(
      two.replace('in_port', 'icmp6\n    icmpv6_type = neighbor_solicitation\n    in_port'),
    );
  });

  test('are mended one after the other', () => {
    let checked = check(
      flow('ip; tcp_dst = 80; eth_src = 01:02:03:04:05:06/ff:00:00:00:00:00; in_port = 65534'),
    );
    for (let n = 0; checked.diagnostics.length > 0; n++) {
      expect(n).toBeLessThan(4);
      checked = check(applyEdits(checked.text, checked.diagnostics[0]!.fixes[0]!));
    }
    expect(checked.text).toBe(
      flow('tcp; tcp_dst = 80; eth_src = 01:00:00:00:00:00/ff:00:00:00:00:00; in_port = local'),
    );
  });
});

describe('results', () => {
  const fields = (match: string): string => {
    const { diagnostics, flows } = check(flow(match));
    expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
    const hex = (n: bigint): string => `0x${n.toString(16)}`;
    return flows
      .flatMap((f) =>
        f.match.map((m) => `${m.field}=${hex(m.value)}${m.mask === null ? '' : `/${hex(m.mask)}`}`),
      )
      .join(' ');
  };

  test.each([
    ['', ''],
    ['eth', 'packet_type=0x0'],
    ['tcp', 'eth_type=0x800 nw_proto=0x6'],
    ['ip; tcp', 'eth_type=0x800 nw_proto=0x6'],
    ['tcp; ip_proto = 6; eth_type = ipv4', 'eth_type=0x800 nw_proto=0x6'],
    // In the order of the wire, whatever that of the source.
    [
      'tcp_dst = 80; ip_dst = 10.0.0.0/8; tcp; in_port = 3',
      'in_port=0x3 eth_type=0x800 ip_dst=0xa000000/0xff000000 nw_proto=0x6 tcp_dst=0x50',
    ],
    ['tp_dst = 53; nw_src = 10.0.0.1; udp', 'eth_type=0x800 ip_src=0xa000001 nw_proto=0x11 udp_dst=0x35'],
    ['nw_src = 10.0.0.1; nw_proto = request; arp', 'eth_type=0x806 arp_op=0x1 arp_spa=0xa000001'],
    ['tp_dst = 80; nw_proto = tcp; ip', 'eth_type=0x800 nw_proto=0x6 tcp_dst=0x50'],
    ['packet_type = ipv4; tcp; tcp_dst = 80', 'packet_type=0x10800 nw_proto=0x6 tcp_dst=0x50'],
    ['vlan_vid = 10', 'vlan_vid=0x100a'],
    ['vlan_vid = none', 'vlan_vid=0x0'],
    ['vlan_vid = 10; vlan_pcp = 3', 'vlan_vid=0x100a vlan_pcp=0x3'],
    ['vlan_vid[0..3] = 1; vlan_vid[8..11] = 2', 'vlan_vid=0x1201/0x1f0f'],
    ['vlan_tci[12] = 1', 'vlan_tci=0x1000/0x1000'],
    // ovs-ofctl -O OpenFlow15 parse-flow 'reg0[0..3]=1,reg0[4..7]=2,actions=drop' says reg0=0x21/0xff.
    ['reg0[0..3] = 1; reg0[4..7] = 2', 'reg0=0x21/0xff'],
    ['reg0[0..15] = 1; reg0[16..31] = 2', 'reg0=0x20001'],
    ['reg0 = 1; xreg0[0..31] = 2', 'xreg0=0x100000002'],
    // A mask of no bits counts as absent.
    ['ip; ip_dst = 0.0.0.0/0', 'eth_type=0x800'],
    ['recirc_id = 0', 'recirc_id=0x0'],
    ['in_port = local', 'in_port=0xfffe'],
  ])('%s', (match, wanted) => {
    expect(fields(match)).toBe(wanted);
  });

  test('a zero mask needs its prerequisites all the same', () => {
    expect(check(flow('ip_dst = 0.0.0.0/0')).diagnostics.map((d) => d.code)).toEqual(['WBF3001']);
  });
});

describe('one mistake, one diagnostic', () => {
  const codes = (source: string): string[] => check(source).diagnostics.map((d) => d.code);

  test('blocks by another name', () => {
    for (const [wrong, right] of [
      ['flow a { match { tcp } actions { drop } }\n', 'flow a { match { tcp } action { drop } }\n'],
      ['flow a { matches { tcp } action { drop } }\n', 'flow a { match { tcp } action { drop } }\n'],
    ] as const) {
      const checked = check(wrong);
      expect(checked.diagnostics.map((d) => d.code)).toEqual(['WBF5009']);
      expect(applyFix(checked)).toBe(right);
    }
  });

  test('a protocol with a value', () => {
    const checked = check('flow a { match { tcp = 1 } action { drop } }\n');
    expect(checked.diagnostics.map((d) => d.message)).toEqual(['`tcp` is a protocol and stands alone']);
    expect(applyFix(checked)).toBe('flow a { match { tcp } action { drop } }\n');
    // The protocol alone would match more.
    expect(
      check('flow a { match { tcp = 80 } action { drop } }\n').diagnostics.flatMap((d) => d.fixes),
    ).toEqual([]);
  });

  test('tables, ports and misses', () => {
    expect(codes('table t = 0 { miss = drop }\ntable t = 1 { miss = drop }\n')).toEqual(['WBF5001']);
    expect(codes('port a = local\n')).toEqual(['WBF2009']);
    const miss = check('table t = 0 { miss = { drop } }\n');
    expect(miss.diagnostics.map((d) => d.code)).toEqual(['WBF5012']);
    expect(applyFix(miss)).toBe('table t = 0 { miss { drop } }\n');
    expect(codes('flow a { match { ct_nw_src = 10.0.0.1 } action { drop } }\n')).toEqual(['WBF3001']);
  });

  test('words', () => {
    const flags = check('flow a { match { ip; ct_state = +trk; ct_nw_src = 10.0.0.1 } action { drop } }\n');
    expect(flags.diagnostics.map((d) => d.help)).toEqual(['write `ct_state = +trk-inv`']);
    const frag = check(
      'const f = later\nflow a { match { tcp; ip_frag = f; tcp_dst = 1 } action { drop } }\n',
    );
    expect(frag.diagnostics[0]?.message).toContain('`ip_frag = later`');
    expect(applyFix(check('flow a { match { arp; ip_src = 10.0.0.1 } action { drop } }\n'))).toContain(
      'arp_spa',
    );
  });
});
