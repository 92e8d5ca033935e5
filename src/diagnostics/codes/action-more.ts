/** Learned flows (WBF432x), hashes (WBF434x), samples and encapsulation (WBF435x), tags that may be there (WBF436x). */
import { define } from '../define.ts';

/** Wraps the action of a flow into a program that has the table which is learned into, and looked up after it. */
const learning = (match: string, learn: string): string =>
  `table learned = 1 { miss = drop }\nflow { match { ${match} }; action { learn(table = learned) { ${learn} }; goto learned } }`;

const flow = (action: string, match = ''): string => `flow { match { ${match} }; action { ${action} } }`;

export const notInLearn = define<{ what: string }>({
  code: 'WBF4321',
  title: 'a statement that is no part of a learned flow',
  message: ({ what }) =>
    `${what} cannot stand in \`learn\`, which holds \`match { … }\` and \`action { … }\``,
  explanation: `\`learn(…) { match { … } action { … } }\` says what the learned flow matches and what it does. There may be
several blocks of either kind, in any order.

The \`action\` block of a learned flow can write fields, \`field = value\` or \`field = pkt.field\`, and send to a port
that is read from a field of the packet, \`output pkt.in_port\`; nothing else (ovs-actions(7), "The learn action"). Let
the learned flow write into a register, and do the rest in a flow that matches the register.`,
  example: {
    bad: learning('', 'match { eth_dst = pkt.eth_src } action { flood }'),
    good: learning('', 'match { eth_dst = pkt.eth_src } action { output pkt.in_port }'),
  },
});

export const withoutPkt = define<{ name: string }>({
  code: 'WBF4322',
  title: 'a field of the packet without `pkt.`',
  message: ({ name }) =>
    `\`${name}\` is a field: what the packet has in it is \`pkt.${name}\` in a learned flow`,
  explanation: `Two packets have to do with a learned flow: the one that it is learned from, and those that it will match. On
the left of \`=\` stands a field of the latter, on the right a constant, or with \`pkt.\` a field (or register) of the
former: \`eth_dst = pkt.eth_src\`.`,
  example: {
    bad: learning('', 'match { eth_dst = eth_src }'),
    good: learning('', 'match { eth_dst = pkt.eth_src }'),
  },
});

export const maskInLearn = define<{ target: string }>({
  code: 'WBF4323',
  title: 'a mask in a learned flow',
  message: ({ target }) => `a learned flow has no masks: name the bits of \`${target}\` that count`,
  explanation: `\`learn\` names the bits that are matched or written by their numbers, so that only runs of bits can be said:
\`ip_dst[8..31] = 0x0a0000\` for \`10.0.0.0/24\`. Several terms may be on one field.`,
  example: {
    bad: learning('ip', 'match { ip; ip_dst = 10.0.0.0/24 }'),
    good: learning('ip', 'match { ip; ip_dst[8..31] = 0x0a0000 }'),
  },
});

export const learnedPrerequisite = define<{ subject: string; packet: string }>({
  code: 'WBF4324',
  title: 'a learned flow on packets that it does not ask for',
  message: ({ subject, packet }) =>
    `no constant of the learned match says before this that ${packet}, which ${subject} needs`,
  switchError: 'OFPBAC_MATCH_INCONSISTENT',
  explanation: `A learned flow has prerequisites like any other: it matches \`tcp_dst\` only where it says \`tcp\`. The switch
looks at the parts of \`learn\` in their order, and at constants only: \`ip_proto = pkt.ip_proto\` tells it nothing. State
the protocol at the beginning of the \`match\` block, before everything that needs it.`,
  example: {
    bad: learning('udp', 'match { udp_dst = pkt.udp_src }'),
    good: learning('udp', 'match { udp; udp_dst = pkt.udp_src }'),
  },
});

export const learnedMatchLost = define<{ target: string; kind: 'partial' | 'odd' }>({
  code: 'WBF4325',
  allowable: true,
  title: 'a match that Open vSwitch forgets when it learns',
  message: ({ target, kind }) =>
    kind === 'partial'
      ? `Open vSwitch 3.1.0 learns a flow without this: \`${target}\` has no mask, so its bits cannot be matched alone`
      : `Open vSwitch 3.1.0 learns a flow without this: it forgets a match on \`${target}\``,
  explanation: `A bug of Open vSwitch (seen on 3.1.0): when it makes a learned flow, a match on a field that has no mask is put
in only where it covers whole bytes. Matches on \`ip_dscp\` (6 bits), \`nw_ecn\`, \`vlan_pcp\`, \`mpls_label\`,
\`mpls_tc\` and \`mpls_bos\`, and on some bits of \`eth_type\`, \`ip_proto\`, \`nw_ttl\` and their like, are dropped
without a word, and the learned flow takes more packets than it should.

\`vlan_tci[13..15]\` says what \`vlan_pcp\` says, and \`nw_tos\`, with its 8 bits, what \`ip_dscp\` does. Other fields have
to be matched by flows that are not learned.`,
  example: {
    bad: learning('ip', 'match { ip; ip_dscp = 46 }'),
    good: learning('ip', 'match { ip; nw_tos = 184 }'),
  },
});

export const learnedUnreadable = define<{ target: string }>({
  code: 'WBF4326',
  allowable: true,
  title: 'a learned flow that makes the flow list unreadable',
  message: ({ target }) =>
    `with a learned flow that writes \`${target}\` on a switch, \`ovs-ofctl\` can no longer list its flows`,
  explanation: `Open vSwitch (seen on 3.1.0) learns flows that it would not take from a controller: with a write to
\`vlan_vid\` without the "present" bit, to \`in_port_oxm\`, or to \`ct_mark\` and \`ct_label\` outside of \`ct\`. Once such a
flow has been learned, \`ovs-ofctl dump-flows\` fails for the whole bridge with "Protocol error", in OpenFlow 1.5 and, for
the fields of the connection, in every version.

Write \`vlan_tci[0..12]\` with the present bit, \`in_port\`, or a register that another flow reads.`,
  example: {
    bad: learning('', 'match { eth_dst = pkt.eth_src } action { vlan_vid = 5 }'),
    good: learning('', 'match { eth_dst = pkt.eth_src } action { vlan_tci[0..12] = 0x1005 }'),
  },
});

export const longFieldNumber = define<{ field: string; action: string }>({
  code: 'WBF4327',
  title: 'a field of an extension where there is no room for its number',
  message: ({ field, action }) => `\`${action}\` has no room for the long number of \`${field}\``,
  explanation: `\`learn\`, \`bundle_load\` and \`multipath\` name fields in 32 bits, and the fields of NSH, ERSPAN and other
extensions need 64. Copy the bits into a register, or from one.`,
  example: {
    bad: flow('nsh_c1 = multipath(fields = eth_src, algorithm = hrw, n_links = 4); normal', 'eth_type = nsh'),
    good: flow(
      'reg0 = multipath(fields = eth_src, algorithm = hrw, n_links = 4); nsh_c1 = reg0; normal',
      'eth_type = nsh',
    ),
  },
});

export const learnedTwice = define<{ target: string; other: string }>({
  code: 'WBF4328',
  allowable: true,
  title: 'bits that a learned flow matches twice',
  message: ({ target, other }) =>
    target === other
      ? `\`${target}\` is matched twice in this learned flow`
      : `\`${target}\` and \`${other}\` share bits, of which a learned flow matches only the last`,
  explanation: `Each bit is matched once. Of several terms on the same bits of a learned flow the last wins without a word,
so the others say something that does not hold.`,
  example: {
    bad: learning('', 'match { eth_dst = pkt.eth_src; eth_dst = pkt.eth_dst }'),
    good: learning('', 'match { eth_dst = pkt.eth_src; eth_src = pkt.eth_dst }'),
  },
});

export const learnedUntagged = define({
  code: 'WBF4329',
  severity: 'warning',
  title: 'a learned VLAN 0 that takes untagged packets too',
  message: () => 'a learned match on VLAN 0 takes packets without a tag, too',
  explanation: `\`learn\` matches the 12 bits of \`vlan_vid\` and not the bit that says that there is a tag. For VLAN 0 that makes
no difference between a packet with a tag of number 0 and one without a tag. Add \`vlan_tci[12] = 1\` for the former; the
latter is \`vlan_tci = 0\`.`,
  example: {
    bad: learning('', 'match { vlan_vid = 0 }'),
    good: learning('', 'match { vlan_tci = 0 }'),
  },
});

export const noCookieToLearn = define({
  code: 'WBF4330',
  title: 'a learned flow without a cookie',
  message: () =>
    'there is no flow here whose cookie the learned flow could have: state one with `cookie = …`',
  explanation: `A learned flow has the cookie of the flow that contains the \`learn\`, with one bit more, so that a push finds it
again. In a bucket of a group no flow contains it.`,
});

export const tooNarrow = define<{
  target: string;
  bits: number;
  needed: number;
  action: string;
}>({
  code: 'WBF4341',
  title: 'too few bits for a result',
  message: ({ target, bits, needed, action }) =>
    `\`${action}\` needs ${needed} bits for its result, and \`${target}\` has ${bits}`,
  switchError: 'OFPBAC_BAD_ARGUMENT',
  explanation: `\`bundle_load\` gives the number of a port, which has 16 bits; \`multipath\` a number below \`n_links\`, which
must fit too: 3 bits for up to 8 links.`,
  example: {
    bad: flow('reg0[0..7] = bundle_load(fields = eth_src, algorithm = hrw, members = [1, 2]); normal'),
    good: flow('reg0[0..15] = bundle_load(fields = eth_src, algorithm = hrw, members = [1, 2]); normal'),
  },
});

export const tooWideOperand = define<{ target: string; bits: number; action: string }>({
  code: 'WBF4342',
  title: 'more bits than an action can name',
  message: ({ target, bits, action }) =>
    `\`${action}\` can name at most 64 bits of a field, and \`${target}\` has ${bits}`,
  explanation: `In the messages of \`output\`, \`bundle_load\` and \`multipath\` the width of a subfield has 6 bits. \`ovs-ofctl\`
does not notice: it makes \`xxreg0[1..64]\` of \`xxreg0\`.`,
  example: {
    bad: flow('output xxreg0'),
    good: flow('output xxreg0[0..15]'),
  },
});

export const notAMember = define<{ port: string }>({
  code: 'WBF4343',
  title: 'a port that cannot be chosen from',
  message: ({ port }) => `\`${port}\` cannot be a member of a bundle`,
  switchError: 'OFPBAC_BAD_OUT_PORT',
  explanation: `\`bundle\` and \`bundle_load\` choose among ports that are up. The controller is none. To send to it, use
\`controller\`.`,
  example: {
    bad: flow('bundle(fields = eth_src, algorithm = hrw, members = [1, controller])'),
    good: flow('bundle(fields = eth_src, algorithm = hrw, members = [1, 2])'),
  },
});

export const tooManyMembers = define<{ count: number; max: number }>({
  code: 'WBF4344',
  title: 'too many ports to choose from',
  message: ({ count, max }) => `${count} ports to choose from are more than the ${max} that fit`,
  switchError: 'OFPBAC_BAD_ARGUMENT',
  explanation: `\`bundle\` and \`bundle_load\` choose from a list of up to 2048 ports; the switch refuses a longer one, and
\`ovs-ofctl\` does too. A group of type \`select\` has no such limit.`,
});

export const noMembers = define<{ action: string }>({
  code: 'WBF4345',
  severity: 'warning',
  title: 'no ports to choose from',
  message: ({ action }) =>
    action === 'bundle'
      ? '`bundle` without members sends the packet nowhere'
      : '`bundle_load` without members always gives 0xffff, which is no port',
  explanation: `\`members = [1, 2]\` lists the ports to choose from. The switch takes an empty list, from which nothing can be
chosen.`,
  example: {
    bad: flow('bundle(fields = eth_src, algorithm = hrw, members = [])'),
    good: flow('bundle(fields = eth_src, algorithm = hrw, members = [1, 2])'),
  },
});

export const bothDirections = define({
  code: 'WBF4351',
  title: '`ingress` and `egress` at once',
  message: () => 'a sample is taken on `ingress` or on `egress`',
  explanation: `\`sample\` reports one direction, or without either word the one that follows from \`sampling_port\`.
\`ovs-ofctl\` takes the last of the two without a word.`,
  example: {
    bad: flow('sample(probability = 100, ingress, egress); normal'),
    good: flow('sample(probability = 100, ingress); normal'),
  },
});

export const lostTlv = define<{ why: string }>({
  code: 'WBF4352',
  allowable: true,
  title: 'metadata of NSH that is not sent',
  message: ({ why }) => `the switch leaves all \`tlv\`s out without a word: ${why}`,
  explanation: `\`tlv(CLASS, TYPE, VALUE)\` adds metadata to a network service header whose \`md_type\` is 2; there is room for
240 bytes, in which each takes 4 bytes and its value, filled up to a multiple of 4. Where that does not hold, the switch
takes the action and sends a header without any of them.`,
  example: {
    bad: flow('encap(nsh(tlv(0x1000, 10, "12.34.56.78"))); encap(ethernet); normal', 'eth'),
    good: flow('encap(nsh(md_type = 2, tlv(0x1000, 10, "12.34.56.78"))); encap(ethernet); normal', 'eth'),
  },
});

export const badTlv = define<{ why: string }>({
  code: 'WBF4353',
  title: 'not metadata of NSH',
  message: ({ why }) => `this is not metadata of NSH: ${why}`,
  explanation: `\`tlv(CLASS, TYPE, VALUE)\` has a class of 16 bits, a type of 8 bits, and a value of 1 to 127 bytes, written
as hexadecimal digits in quotes, \`"12.34"\`, or as a hexadecimal number of whole bytes, \`0x1234\`.`,
  example: {
    bad: flow('encap(nsh(md_type = 2, tlv(0x1000, 10, 12))); encap(ethernet); normal', 'eth'),
    good: flow('encap(nsh(md_type = 2, tlv(0x1000, 10, 0x12))); encap(ethernet); normal', 'eth'),
  },
});

export const unsupportedPacket = define<{ action: string; why: string }>({
  code: 'WBF4354',
  severity: 'warning',
  title: 'an encapsulation that drops the packet',
  message: ({ action, why }) => `the switch drops the packet at \`${action}\`: ${why}`,
  explanation: `\`encap(ethernet)\` puts an Ethernet header before a packet that has none, as behind \`decap\` or
\`encap(nsh)\`; \`decap\` takes an Ethernet header off that is not followed by a VLAN tag. Other packets are dropped with
"unsupported packet type".`,
  example: {
    bad: flow('encap(ethernet); output 1'),
    good: flow('decap; encap(ethernet); output 1'),
  },
});

export const decapCrashes = define({
  code: 'WBF4355',
  allowable: true,
  title: 'a `decap` that ends Open vSwitch',
  message: () =>
    'Open vSwitch 3.1.0 crashes when it takes off MPLS that `encap` has put on, without being told what is in it',
  explanation: `A bug of Open vSwitch (seen on 3.1.0): \`ovs-vswitchd\` ends with an assertion when the first MPLS label that
\`encap(mpls)\` has put on a packet meets \`decap\` before the packet is sent or encapsulated again, unless \`packet_type\`
names an EtherType; likewise where the \`decap\` is in a table that the packet is resubmitted to, which is not reported. Say what the packet is without the label:
\`decap(packet_type(ns = 1, type = 0x0800))\`.`,
  example: {
    bad: flow('encap(mpls); decap; encap(ethernet); output 1', 'ip'),
    good: flow('encap(mpls); decap(packet_type(ns = 1, type = 0x0800)); encap(ethernet); output 1', 'ip'),
  },
});

export const nshCrashes = define({
  code: 'WBF4356',
  allowable: true,
  title: 'metadata of NSH that ends Open vSwitch',
  message: () => 'Open vSwitch 3.1.0 crashes when it sends 244 bytes of metadata',
  explanation: `A bug of Open vSwitch (seen on 3.1.0): \`ovs-vswitchd\` ends with an assertion when a packet meets an
\`encap(nsh(md_type = 2, …))\` whose \`tlv\`s take 244 bytes: 4 for each and its value, filled up to a multiple of 4. Up to 240
bytes are sent; from 248 bytes on none.`,
});

export const unknownMetadata = define<{ mdType: number }>({
  code: 'WBF4357',
  allowable: true,
  title: 'metadata of NSH of a kind that nobody knows',
  message: ({ mdType }) => `\`md_type\` is 1 or 2, and this is ${mdType}`,
  explanation: `A network service header has metadata of type 1, four words, or 2, a list of \`tlv\`s (RFC 8300). The switch takes other numbers and
sends a header without any metadata; \`ovs-ofctl\` refuses them.`,
  example: {
    bad: flow('encap(nsh(md_type = 3)); output 1'),
    good: flow('encap(nsh(md_type = 1)); output 1'),
  },
});

export const secondTag = define<{ action: string }>({
  code: 'WBF4361',
  severity: 'warning',
  title: 'a second tag where one was to be changed',
  message: ({ action }) =>
    `a packet that has a tag gets a second one here: \`${action}\` changes only tags that the match asks for`,
  explanation: `\`mod_vlan_vid\` and \`mod_vlan_pcp\` come from OpenFlow 1.0, where they change the tag of a packet and add one
only where there is none. Newer versions have no such action: they are sent \`push_vlan\` and a write, or the write alone
where the match says that the packet has a tag (\`vlan_vid = 5\`, \`vlan_tci = 0x1000/0x1000\`). Where it says nothing, a
tagged packet gets a second tag.

Write two flows: one for tagged packets with \`vlan_vid = …\`, one for \`vlan_vid = none\`.`,
  example: {
    bad: flow('mod_vlan_vid 10; normal'),
    good: flow('mod_vlan_vid 10; normal', 'vlan_vid = none'),
  },
});
