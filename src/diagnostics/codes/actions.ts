/** What can be wrong with the actions of a flow: WBF4xxx. This file has WBF40xx (fields) and WBF41xx (where packets go). */
import { define } from '../define.ts';

export * from './action-forms.ts';
export * from './action-lists.ts';
export * from './action-more.ts';
export * from './action-headers.ts';

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

export const missingPrerequisite = define<{ subject: string; packet: string }>({
  code: 'WBF4001',
  title: 'an action on packets that the match does not ask for',
  message: ({ subject, packet }) => `this match never says that ${packet}, which ${subject} needs`,
  explanation: `A field exists in some packets only: \`tcp_dst\` in those that are TCP. An action may read or write it only
where the flow's match guarantees that the packet has it (ovs-fields(7), "Prerequisites"; ovs-actions(7),
"Inconsistencies"). The same holds for actions such as \`dec_ttl\`, \`pop_vlan\` and \`ct\`, which work on a
header.

The switch refuses the flow and does not say which action it means. State the protocol in the match. Writing
a field never adds it to what is known: \`eth_type\` and \`ip_proto\` cannot be written.`,
  example: {
    bad: 'flow { match {}; action { tcp_dst = 80; normal } }',
    good: 'flow { match { tcp }; action { tcp_dst = 80; normal } }',
  },
});

export const lostPrerequisite = define<{ subject: string; packet: string; action: string }>({
  code: 'WBF4002',
  title: 'an action on a header that an earlier action took away',
  message: ({ subject, packet, action }) =>
    `${subject} is out of reach behind \`${action}\`: it is not known any more that ${packet}`,
  explanation: `Some actions make the packet something else, and the switch follows them through the list: behind
\`push_mpls\` the packet is MPLS, behind \`pop_vlan\` it has no tag, behind \`pop_mpls\` its transport
protocol is not known, not even when it was before.

Do what concerns the header before the action that takes it away. To work on what \`pop_mpls\` reveals, go
on in another table whose flows match the packet as it is then: \`pop_mpls 0x0800; resubmit(,next)\`.`,
  example: {
    bad: 'flow { match { tcp }; action { push_mpls 0x8847; tcp_dst = 80; normal } }',
    good: 'flow { match { tcp }; action { tcp_dst = 80; push_mpls 0x8847; normal } }',
  },
});

export const otherPacket = define<{ subject: string; packet: string; field: string | undefined }>({
  code: 'WBF4003',
  title: 'an action on other packets than the match asks for',
  message: ({ subject, packet, field }) =>
    `${subject} needs that ${packet}, and ${field === undefined ? 'the match' : `\`${field}\` in the match`} says otherwise`,
  explanation: `The match asks for one kind of packets and the action works on another: \`ip_src\` in a flow for ARP,
\`dec_mpls_ttl\` in one for IPv4. No packet that matches has that header. Either the match or the action is
wrong; often a generic name, such as \`nw_src\`, is what was meant.`,
  example: {
    bad: 'flow { match { arp }; action { ip_src = 10.0.0.1; normal } }',
    good: 'flow { match { arp }; action { arp_spa = 10.0.0.1; normal } }',
  },
});

export const readOnly = define<{ field: string }>({
  code: 'WBF4004',
  title: 'a field that cannot be written',
  message: ({ field }) => `\`${field}\` cannot be written`,
  switchError: 'OFPBAC_BAD_SET_ARGUMENT',
  explanation: `Some fields only describe the packet: \`eth_type\`, \`ip_proto\`, \`tcp_flags\`, \`ct_state\` and others,
which ovs-fields(7) marks "Access: read-only". They can be matched and copied elsewhere. What a packet is
changes with actions such as \`push_mpls\`, and its state in the connection tracker with \`ct\`.`,
  example: {
    bad: 'flow { match { ip }; action { ip_proto = tcp; normal } }',
    good: 'flow { match { ip }; action { nw_ttl = 64; normal } }',
  },
});

export const fieldWithoutHeader = define<{ field: string; instead?: string | undefined }>({
  code: 'WBF4005',
  title: 'a field that no message can name',
  message: ({ field, instead }) =>
    `\`${field}\` cannot be used in an action${instead === undefined ? '' : `: it is \`${instead}\` there`}`,
  explanation: `Fields are named in messages by their OXM or NXM number, and a few have none. \`dl_vlan\` and
\`dl_vlan_pcp\` are relics of OpenFlow 1.0, whose successors \`vlan_vid\` and \`vlan_pcp\` mean the same in
an action. \`ovs-ofctl\` 3.1 does not notice: \`set_field:5->dl_vlan\` is sent as a write to \`in_port\`.`,
  example: {
    bad: 'flow { match { vlan_vid = 3 }; action { dl_vlan = 5; normal } }',
    good: 'flow { match { vlan_vid = 3 }; action { vlan_vid = 5; normal } }',
  },
});

export const unequalMove = define<{ source: string; from: number; target: string; to: number }>({
  code: 'WBF4006',
  title: 'a copy between different widths',
  message: ({ source, from, target, to }) =>
    `\`${source}\` has ${plural(from, 'bit')} and \`${target}\` ${to}: a copy needs equal widths`,
  explanation: `\`field = field\` copies bits, as many as there are on either side, and nothing else: nothing is cut off and
nothing is filled up. Name the bits that are meant: \`reg0[0..15] = tcp_dst\`.`,
  example: {
    bad: 'flow { match { tcp }; action { reg0 = tcp_dst; normal } }',
    good: 'flow { match { tcp }; action { reg0[0..15] = tcp_dst; normal } }',
  },
});

export const ctFieldOutside = define<{ field: string }>({
  code: 'WBF4007',
  title: 'a write to the connection outside `ct`',
  message: ({ field }) =>
    `\`${field}\` belongs to the connection: it is written in the block of \`ct(commit)\` only`,
  switchError: 'OFPBAC_BAD_SET_ARGUMENT',
  explanation: `\`ct_mark\` and \`ct_label\` are stored with a connection, when \`ct(commit) { ct_mark = 1 }\` remembers it.
They can be read everywhere, and written nowhere else.`,
  example: {
    bad: 'flow { match { ip }; action { ct_mark = 1; normal } }',
    good: 'flow { match { ip }; action { ct(commit) { ct_mark = 1 }; normal } }',
  },
});

export const notAnAssignment = define<{ operator: string }>({
  code: 'WBF4008',
  title: 'a comparison among actions',
  message: ({ operator }) =>
    `\`${operator}\` compares: it belongs into the match; an action writes with \`=\``,
  explanation: `Actions are done, one after the other; they ask nothing. What decides whether they are done stands in the
\`match\` of the flow.`,
});

export const writesNothing = define<{ field: string }>({
  code: 'WBF4009',
  severity: 'warning',
  title: 'a write that writes nothing',
  message: ({ field }) => `this mask leaves no bit of \`${field}\` to be written`,
  explanation: `A mask of 0 covers no bit, so that the write changes nothing. The switch takes it in OpenFlow 1.5; before
that \`ovs-ofctl\` does not send it at all.`,
  example: {
    bad: 'flow { match {}; action { reg0 = 0/0; normal } }',
    good: 'flow { match {}; action { reg0 = 0; normal } }',
  },
});

export const vlanWithoutTag = define<{ field: string }>({
  code: 'WBF4010',
  severity: 'warning',
  title: 'a VLAN number for packets without a tag',
  message: ({ field }) => `\`${field}\` is written, but this match never says that the packet has a tag`,
  explanation: `A copy into \`vlan_vid\` changes the number of a tag and adds none: an untagged packet stays untagged. The
switch refuses a constant there (OFPBAC_MATCH_INCONSISTENT) and, by an oversight, takes a copy or a \`pop\`.`,
  example: {
    bad: 'flow { match {}; action { vlan_vid = reg0[0..11]; normal } }',
    good: 'flow { match {}; action { push_vlan 0x8100; vlan_vid = reg0[0..11]; normal } }',
  },
});

export const constantIntoInPortOxm = define({
  code: 'WBF4011',
  title: 'a constant for `in_port_oxm`',
  message: () => '`in_port_oxm` takes no constant: write `in_port`',
  switchError: 'OFPBAC_BAD_SET_ARGUMENT',
  explanation: `\`in_port\` and \`in_port_oxm\` are one field with 16 and with 32 bits. The switch lets actions set the
first, and only copy into the second.`,
  example: {
    bad: 'flow { match {}; action { in_port_oxm = 0; normal } }',
    good: 'flow { match {}; action { in_port = 0; normal } }',
  },
});

export const notOneBit = define<{ what: string; field: string; bits: number }>({
  code: 'WBF4012',
  allowable: true,
  title: 'more than one bit for a yes or no',
  message: ({ what, field, bits }) => `${what} gives one bit, and \`${field}\` has ${bits}`,
  explanation: `\`reg0[0] = check_pkt_larger(1500)\` sets the bit to 1 when the packet is longer than 1500 bytes, from its
Ethernet header on and not counting VLAN tags, and to 0 when it is not. \`learn(result_dst = reg0[0])\` sets it to 1 when
the flow could be learned.`,
  example: {
    bad: 'flow { match {}; action { reg0 = check_pkt_larger(1500); normal } }',
    good: 'flow { match {}; action { reg0[0] = check_pkt_larger(1500); normal } }',
  },
});

export const ctFieldLost = define<{ field: string }>({
  code: 'WBF4013',
  allowable: true,
  title: 'a result in a field of the connection, outside `ct`',
  message: ({ field }) =>
    `\`${field}\` belongs to the connection: what is put there outside of \`ct(commit)\` is gone with the packet`,
  explanation: `\`ct_mark\` and \`ct_label\` are stored with a connection, when \`ct(commit) { ct_mark = 1 }\` remembers it.
The switch takes \`pop ct_mark\` and the result of \`multipath\`, \`bundle_load\`, \`check_pkt_larger\` or \`learn\` there,
which changes what later tables see and not the connection. Use a register.`,
  example: {
    bad: 'flow { match { ip }; action { push reg0; pop ct_mark; normal } }',
    good: 'flow { match { ip }; action { push reg0; pop reg1; normal } }',
  },
});

export const tagBitsUnreadable = define<{ field: string; version: string }>({
  code: 'WBF4014',
  severity: 'warning',
  title: 'a write to some bits of a VLAN number that newer tools cannot read',
  message: ({ field, version }) =>
    `with a write to \`${field}\` in OpenFlow ${version} on a switch, \`ovs-ofctl -O OpenFlow15\` can no longer list its flows`,
  explanation: `A bug of Open vSwitch (seen on 3.1.0): before OpenFlow 1.5 a write to some bits of \`vlan_vid\` leaves out the bit
that says that there is a tag. The switch takes it and does it; but asked in OpenFlow 1.5, it lists the flow in a way that
\`ovs-ofctl dump-flows\` answers with "Protocol error" for the whole bridge. A write to all of \`vlan_vid\`, or to bits of
\`vlan_tci\`, can be listed.`,
  example: {
    bad: 'bridge br0 { protocols = [OpenFlow13] }\nflow { match { vlan_vid = 3 }; action { vlan_vid[0..3] = 5; normal } }',
    good: 'bridge br0 { protocols = [OpenFlow13] }\nflow { match { vlan_vid = 3 }; action { vlan_tci[0..3] = 5; normal } }',
  },
});

export const backToInput = define<{ port: number }>({
  code: 'WBF4101',
  severity: 'warning',
  title: 'an output to the port that the packet came in by',
  message: ({ port }) =>
    `nothing is sent: the packet came in by port ${port}, and is never sent back where it came from`,
  explanation: `OpenFlow requires that a switch does not send a packet out of the port that it came in by, so as not to make
loops (ovs-actions(7), "Output to the Input Port"). The switch takes such an action and ignores it. To send
the packet back, write \`output in_port\`.

It would be sent where \`in_port\` has been overwritten before, which this warning takes into account, or
where the flow is found by a \`resubmit\` that gives another port for the lookup, which it does not.`,
  example: {
    bad: 'flow { match { in_port = 2 }; action { output 2 } }',
    good: 'flow { match { in_port = 2 }; action { output in_port } }',
  },
});

export const truncatedOutput = define<{ port: string }>({
  code: 'WBF4102',
  allowable: true,
  title: 'a truncated output to many ports or none',
  message: ({ port }) => `a packet to ${port} cannot be cut with \`max_len\``,
  explanation: `\`output(port = 2, max_len = 100)\` sends the first 100 bytes, to one port: a number, \`in_port\` or
\`local\`. For other reserved ports the switch takes the action and sends nothing at all; \`ovs-ofctl\`
refuses it. What goes to a controller is cut with \`controller(max_len = 100)\`.`,
  example: {
    bad: 'flow { match {}; action { output(port = flood, max_len = 100) } }',
    good: 'flow { match {}; action { output(port = 2, max_len = 100) } }',
  },
});

export const noQueues = define<{ port: string }>({
  code: 'WBF4103',
  title: 'a queue of a port that has none',
  message: ({ port }) => `\`${port}\` has no queues`,
  explanation: `\`enqueue\` sends the packet through a queue of one port: a number, \`in_port\` or \`local\`. \`ovs-ofctl\` and OpenFlow
1.0 answer OFPBAC_BAD_OUT_PORT to others; later versions have no such action and are sent three others in its place.
For other ports use \`set_queue\`, which holds for all outputs that follow, and \`pop_queue\`.`,
  example: {
    bad: 'flow { match {}; action { enqueue(port = flood, queue = 1) } }',
    good: 'flow { match {}; action { enqueue(port = 2, queue = 1) } }',
  },
});
