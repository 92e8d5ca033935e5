/** WBF3xxx: what can be wrong with a match. */
import { define } from '../define.ts';

/** Wraps a match and an action into a program, for examples. */
const flow = (match: string, action = 'drop'): string =>
  `table t = 0 { miss = drop; flow f { match { ${match} } action { ${action} } } }\n`;

export const missingPrerequisite = define<{ packet: string }>({
  code: 'WBF3001',
  title: 'Missing prerequisite in a match',
  message: ({ packet }) => `this match never says that ${packet}`,
  switchError: 'OFPBMC_BAD_PREREQ',
  explanation: `Most fields exist in some packets only: \`tcp_dst\` in TCP, \`arp_op\` in ARP. A match may use such a field only where it also says that the packet is of that kind (ovs-fields(7), "Prerequisites").

The switch refuses a match without it with OFPBMC_BAD_PREREQ. \`ovs-ofctl\` does worse: it drops the term without an error, so that the flow matches more packets than was written. \`tcp_dst=80,actions=drop\` drops everything.

State the protocol: \`tcp\`, \`icmp\`, \`arp\` …`,
  example: { bad: flow('tcp_dst = 80'), good: flow('tcp; tcp_dst = 80') },
});

export const contradictedPrerequisite = define<{ field: string; packet: string; says: string }>({
  code: 'WBF3002',
  title: 'Prerequisite contradicted by the match',
  message: ({ field, packet, says }) =>
    `\`${field}\` is there only where ${packet}, and this match says ${says}`,
  switchError: 'OFPBMC_BAD_PREREQ',
  explanation: `The match asks for one kind of packet and for a field of another, so no packet could match. The switch refuses it; \`ovs-ofctl\` drops the term without an error, or takes it for another field.`,
  example: { bad: flow('udp; tcp_dst = 80'), good: flow('udp; udp_dst = 80') },
});

export const duplicateField = define<{ field: string; other: string; equal: boolean; same: boolean }>({
  code: 'WBF3003',
  title: 'Field matched twice',
  message: ({ field, other, equal, same }) =>
    field === other
      ? `\`${field}\` is matched twice${equal ? '' : ', with different values'}`
      : `\`${field}\` and \`${other}\` ${same ? 'are the same field' : 'share bits'}`,
  switchError: 'OFPBMC_DUP_FIELD',
  explanation: `A match has at most one term for each bit of a packet or register, whatever the name: \`xreg0\` is \`reg0\` and \`reg1\`, \`vlan_tci\` contains \`vlan_vid\`, \`dl_dst\` is \`eth_dst\`. The switch refuses a second one; \`ovs-ofctl\` lets the last one win without a word.`,
  example: { bad: flow('tcp; tcp_dst = 80; tcp_dst = 443'), good: flow('tcp; tcp_dst = 80') },
});

export const contradiction = define<{ left: string; right: string }>({
  code: 'WBF3004',
  title: 'Terms that exclude each other',
  message: ({ left, right }) => `\`${left}\` and \`${right}\` exclude each other`,
  explanation: `No packet is both. \`ovs-ofctl\` lets the last one win without a word. To match either, write two \`match\` blocks, or \`protocol in {tcp, udp}\`.`,
  example: { bad: flow('tcp; udp'), good: flow('tcp') },
});

export const unknownProtocol = define<{ name: string; suggestion?: string | undefined }>({
  code: 'WBF3005',
  title: 'Unknown protocol',
  message: ({ name, suggestion }) =>
    `there is no protocol called \`${name}\`${suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`}`,
  explanation:
    'A bare word in a match is a protocol: `eth`, `arp`, `rarp`, `ip`, `ipv6`, `icmp`, `icmp6`, `tcp`, `tcp6`, `udp`, `udp6`, `sctp`, `sctp6`, `mpls` or `mplsm`. Other protocols are matched by `eth_type` or `ip_proto`.',
  example: { bad: flow('tpc'), good: flow('tcp') },
});

export const protocolWithValue = define<{ name: string }>({
  code: 'WBF3018',
  title: 'Protocol with a value',
  message: ({ name }) => `\`${name}\` is a protocol and stands alone`,
  explanation:
    'A protocol says what the packet is and is compared with nothing. What the packet contains is said of its fields.',
  example: { bad: flow('tcp = 1'), good: flow('tcp') },
});

export const fieldWithoutValue = define<{ name: string }>({
  code: 'WBF3006',
  title: 'Field without a value',
  message: ({ name }) => `\`${name}\` is a field and needs a value: \`${name} = …\``,
  explanation: 'Only protocols stand alone in a match. A field is compared with something.',
  example: { bad: flow('ip; ip_dst'), good: flow('ip; ip_dst = 10.0.0.1') },
});

export const notATerm = define<{ what: string }>({
  code: 'WBF3007',
  title: 'Not a match term',
  message: ({ what }) => `${what} is not a term of a match`,
  explanation:
    'A match is a list of terms: a protocol (`tcp`) or a field with a value (`ip_dst = 10.0.0.0/8`). Actions stand in the `action` block.',
  example: { bad: flow('output 1'), good: flow('in_port = 1') },
});

export const unmatchable = define<{ field: string; why: string }>({
  code: 'WBF3009',
  title: 'Field that a flow cannot match',
  message: ({ field, why }) => `a flow cannot match \`${field}\`: ${why}`,
  explanation:
    'Some fields of ovs-fields(7) are for the switch itself, or have no form in which a controller could send them.',
  example: { bad: flow('tun_ttl = 3'), good: flow('tun_id = 3') },
});

export const noTlvMap = define<{ field: string }>({
  code: 'WBF3010',
  title: 'Tunnel metadata without a mapping',
  message: ({ field }) => `nothing says which tunnel option \`${field}\` is`,
  switchError: 'NXFMFC_INVALID_TLV_FIELD',
  explanation:
    'A `tun_metadata` field means something only on a bridge whose TLV map ties it to a Geneve option, and is as long as that option. Declare the map: `tunnel_metadata { tun_metadata0 = {class: 0xffff, type: 0x80, len: 4} }`.',
  example: {
    bad: flow('tun_metadata0 = 5'),
    good: `tunnel_metadata { tun_metadata0 = {class: 0xffff, type: 0x80, len: 4} }\n${flow('tun_metadata0 = 5')}`,
  },
});

export const trackedFamily = define<{ field: string; needs: string }>({
  code: 'WBF3011',
  title: 'Connection tracking field of another address family',
  message: ({ field, needs }) => `\`${field}\` needs \`${needs}\` in the match`,
  switchError: 'OFPBAC_MATCH_INCONSISTENT',
  explanation:
    '`ct_nw_src` and `ct_nw_dst` are for IPv4 connections, `ct_ipv6_src` and `ct_ipv6_dst` for IPv6. The switch wants the match to say which it is, and answers with an error of actions when it does not.',
  example: {
    bad: flow('ct_state = +trk+est; ct_nw_src = 10.0.0.1'),
    good: flow('ip; ct_state = +trk+est; ct_nw_src = 10.0.0.1'),
  },
});

export const maskBug = define<{ field: string }>({
  code: 'WBF3012',
  severity: 'warning',
  title: 'Match that Open vSwitch 3.1 gets wrong',
  message: ({ field }) => `Open vSwitch 3.1.0 uses the value of \`${field}\` as its mask`,
  explanation:
    'A bug of Open vSwitch (seen on 3.1.0): matches on `tun_erspan_ver`, `tun_erspan_dir`, `tun_erspan_hwid`, `tun_gtpu_flags` and `tun_gtpu_msgtype` are installed with the value in the place of the mask. The value 0 matches every packet, 2 every packet with bit 1 set.',
});

export const ethTypeOfTag = define<{ value: string }>({
  code: 'WBF3013',
  severity: 'warning',
  title: 'eth_type of a VLAN tag',
  message: ({ value }) => `\`eth_type = ${value}\` does not match tagged packets`,
  explanation:
    'Open vSwitch takes VLAN tags off before it looks at `eth_type`, which is that of what the tags carry. Tagged packets are matched by `vlan_vid` or `vlan_tci = 0x1000/0x1000`.',
  example: { bad: flow('eth_type = 0x8100'), good: flow('vlan_tci = 0x1000/0x1000') },
});

export const matchesNothing = define<{ field: string }>({
  code: 'WBF3014',
  severity: 'warning',
  title: 'Term that says nothing',
  message: ({ field }) => `a mask of no bits: this term on \`${field}\` matches everything`,
  explanation:
    'A term whose mask has no bits is no condition. Leave it out, or write the mask that was meant.',
});

export const codeOfOtherType = define<{ name: string; of: string; says: string }>({
  code: 'WBF3015',
  allowable: true,
  title: 'ICMP code of another type',
  message: ({ name, of, says }) => `\`${name}\` is a code of \`${of}\`, and this match says \`${says}\``,
  explanation:
    'The numbers of ICMP codes mean something under one type only: 3 is "port unreachable" under "destination unreachable" and nothing of the kind under "time exceeded". A code by name stands with its own type, or the code is given as a number.',
  example: {
    bad: flow('icmp; icmp_type = time_exceeded; icmp_code = port_unreachable'),
    good: flow('icmp; icmp_type = destination_unreachable; icmp_code = port_unreachable'),
  },
});

export const codeWithoutType = define<{ name: string; of: string; code: bigint }>({
  code: 'WBF3016',
  severity: 'warning',
  title: 'ICMP code without its type',
  message: ({ name, of, code }) =>
    `\`${name}\` is code ${code} of \`${of}\`, and this match takes code ${code} of every type`,
  explanation:
    'The switch compares the type and the code of ICMP as two numbers. A match on the code alone takes packets of all types in which that number means something else.',
  example: {
    bad: flow('icmp; icmp_code = port_unreachable'),
    good: flow('icmp; icmp_type = destination_unreachable; icmp_code = port_unreachable'),
  },
});

export const unreadableTag = define<{ term: string }>({
  code: 'WBF3017',
  allowable: true,
  title: 'Bits of a VLAN tag that make the flow list unreadable',
  message: ({ term }) => `with \`${term}\` on a switch, \`ovs-ofctl\` can no longer list its flows`,
  explanation: `The switch takes a match on the priority and the number of a tag that leaves out the "present" bit, 0x1000, and it matches what it says. But it lists such a flow with a priority and without the tag that a priority needs, which \`ovs-ofctl dump-flows\` answers with "Protocol error" for the whole bridge (seen on Open vSwitch 3.1.0).

Where any bit of a tag is 1 there is a tag, so the present bit can be matched too, and the meaning stays the same.`,
  example: {
    bad: flow('vlan_tci = 0x2005/0x2fff'),
    good: flow('vlan_tci = 0x3005/0x3fff'),
  },
});
