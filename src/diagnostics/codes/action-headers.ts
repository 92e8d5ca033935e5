/** Headers (WBF44xx) and connection tracking (WBF45xx). */
import { define } from '../define.ts';

export const thirdTag = define({
  code: 'WBF4401',
  title: 'a third VLAN tag',
  message: () => 'the packet has two VLAN tags already: a third does not fit',
  switchError: 'OFPBAC_BAD_TAG',
  explanation: `Open vSwitch handles two VLAN tags of a packet. A tag that the match asks for counts, and each \`push_vlan\`
adds one.`,
  example: {
    bad: 'flow { match { vlan_vid = 5 }; action { push_vlan 0x88a8; push_vlan 0x88a8; normal } }',
    good: 'flow { match { vlan_vid = 5 }; action { push_vlan 0x88a8; normal } }',
  },
});

export const badEtherType = define<{ action: string; value: number; allowed: readonly number[] }>({
  code: 'WBF4402',
  title: 'an EtherType that cannot be pushed',
  message: ({ action, value, allowed }) =>
    `\`${action}\` takes ${allowed.map((a) => `0x${a.toString(16)}`).join(' or ')}, and this is 0x${value.toString(16)}`,
  switchError: 'OFPBAC_BAD_ARGUMENT',
  explanation: `A VLAN tag has the EtherType 0x8100 (802.1Q, \`vlan\`) or 0x88a8 (802.1ad, \`qinq\`); an MPLS label 0x8847
(\`mpls\`) or 0x8848 (\`mpls_mc\`).`,
  example: {
    bad: 'flow { match {}; action { push_vlan 0x9100; normal } }',
    good: 'flow { match {}; action { push_vlan 0x8100; normal } }',
  },
});

export const notDeletable = define<{ field: string }>({
  code: 'WBF4403',
  title: 'a field that cannot be deleted',
  message: ({ field }) =>
    `\`${field}\` cannot be deleted: only the fields \`tun_metadata0\` to \`tun_metadata63\` can, as a whole`,
  switchError: 'OFPBAC_BAD_ARGUMENT',
  explanation: `\`delete_field\` removes a Geneve option from the packet. Other fields have no absence; write 0 to clear a
register.`,
  example: {
    bad: 'flow { match {}; action { delete_field reg0; normal } }',
    good: 'flow { match {}; action { reg0 = 0; normal } }',
  },
});

export const needsCommit = define<{ what: string; why: string }>({
  code: 'WBF4501',
  title: '`ct` without `commit`',
  message: ({ what, why }) => `${what} needs \`commit\`: ${why}`,
  switchError: 'OFPBAC_BAD_ARGUMENT',
  explanation: `\`ct\` looks a packet up in the connection tracker; \`ct(commit)\` makes the tracker remember the
connection. \`force\`, a translation to given addresses, and writes to \`ct_mark\` and \`ct_label\` concern
what is remembered. A bare \`nat\` needs no \`commit\`: it applies what the connection was given before.`,
  example: {
    bad: 'flow { match { ip }; action { ct(nat(src = 10.0.0.1)); normal } }',
    good: 'flow { match { ip }; action { ct(commit, nat(src = 10.0.0.1)); normal } }',
  },
});

export const notInCt = define<{ what: string }>({
  code: 'WBF4502',
  title: 'an action in the block of `ct`',
  message: ({ what }) =>
    `${what} cannot stand in the block of \`ct\`, which writes \`ct_mark\` and \`ct_label\` only`,
  switchError: 'OFPBAC_BAD_ARGUMENT',
  explanation: `The block of \`ct(commit) { … }\` says what is stored with the connection: \`ct_mark\` and \`ct_label\`,
written with constants or copied from other fields. What is done with the packet stands behind \`ct\`.`,
  example: {
    bad: 'flow { match { ip }; action { ct(commit) { reg0 = 1 }; normal } }',
    good: 'flow { match { ip }; action { ct(commit) { ct_mark = 1 }; reg0 = 1; normal } }',
  },
});

export const conjunctionInCt = define({
  code: 'WBF4514',
  title: 'a conjunction in the block of `ct`',
  message: () => '`conjunction` in the block of `ct` makes no conjunction of the flow',
  explanation: `Open vSwitch 3.1 takes a block of \`ct\` with nothing but conjunctions in it, and never looks at them: the flow is a clause
of no conjunction. A flow that is one has \`conjunction\` actions and nothing else.`,
  example: {
    bad: 'flow { match { ip }; action { ct(commit) { conjunction(1, 1/2) } } }',
    good: 'flow { match { ip }; action { conjunction(1, 1/2) } }\nflow { match { ip; ip_src = 10.0.0.1 }; action { conjunction(1, 2/2) } }\nflow { match { conj_id = 1; ip }; action { normal } }',
  },
});

export const zoneWidth = define<{ field: string; bits: number }>({
  code: 'WBF4503',
  title: 'a zone that does not have 16 bits',
  message: ({ field, bits }) => `a zone has 16 bits, and \`${field}\` has ${bits}`,
  switchError: 'OFPBAC_BAD_SET_LEN',
  explanation: `A zone of the connection tracker is a number of 16 bits. A field that it is read from is one of 16 bits, or
16 bits of one: \`ct(zone = reg0[0..15])\`.`,
  example: {
    bad: 'flow { match { ip }; action { ct(zone = reg0); normal } }',
    good: 'flow { match { ip }; action { ct(zone = reg0[0..15]); normal } }',
  },
});

export const zoneFromExperimenter = define<{ field: string }>({
  code: 'WBF4504',
  title: 'a zone from a field of an extension',
  message: ({ field }) => `the zone cannot be read from \`${field}\`: \`ct\` has no room for its long number`,
  switchError: 'OFPBAC_BAD_SET_TYPE',
  explanation: `\`ct\` names the field in 32 bits, and the fields of NSH, ERSPAN and other extensions need 64. Copy the bits
into a register and read the zone from there.`,
  example: {
    bad: 'flow { match { eth_type = ipv4 }; action { ct(zone = tun_erspan_idx[0..15]); normal } }',
    good: 'flow { match { eth_type = ipv4 }; action { reg0[0..15] = tun_erspan_idx[0..15]; ct(zone = reg0[0..15]); normal } }',
  },
});

export const commitInvalid = define({
  code: 'WBF4505',
  title: 'an invalid connection remembered',
  message: () => 'the match asks for `+inv`: a connection that is invalid cannot be remembered',
  switchError: 'OFPBAC_MATCH_INCONSISTENT',
  explanation: `\`ct_state = +inv\` are packets that the connection tracker could make nothing of. \`ct(commit)\` on them is
refused.`,
  example: {
    bad: 'flow { match { ip; ct_state = +trk+inv }; action { ct(commit) } }',
    good: 'flow { match { ip; ct_state = +trk+new }; action { ct(commit) } }',
  },
});

export const natOutside = define({
  code: 'WBF4506',
  title: '`nat` outside `ct`',
  message: () => '`nat` is an argument of `ct`: `ct(commit, nat(src = …))`',
  switchError: 'OFPBAC_BAD_SET_ARGUMENT',
  explanation: `Addresses are translated by the connection tracker, so \`nat\` stands among the arguments of \`ct\`. To
write an address without a connection, write the field: \`ip_src = 10.0.0.1\`.`,
  example: {
    bad: 'flow { match { ip }; action { nat; normal } }',
    good: 'flow { match { ip }; action { ct(nat); normal } }',
  },
});

export const natInBlock = define({
  code: 'WBF4507',
  title: '`nat` in the block of `ct`',
  message: () => '`nat` stands among the arguments of `ct`, not in its block',
  explanation: `\`ct(commit, nat(src = 10.0.0.1)) { ct_mark = 1 }\`: the arguments say what the connection tracker does, the
block what is stored with the connection.`,
  example: {
    bad: 'flow { match { ip }; action { ct(commit) { nat }; normal } }',
    good: 'flow { match { ip }; action { ct(commit, nat); normal } }',
  },
});

export const natBothWays = define({
  code: 'WBF4508',
  title: 'source and destination translated at once',
  message: () => '`nat` translates the source or the destination, not both',
  switchError: 'OFPBAC_BAD_ARGUMENT',
  explanation: `One \`nat\` has \`src\` or \`dst\`. A connection whose source and destination are both translated goes
through two \`ct\` actions, in zones of their own.`,
  example: {
    bad: 'flow { match { ip }; action { ct(commit, nat(src = 10.0.0.1, dst = 10.0.0.2)); normal } }',
    good: 'flow { match { ip }; action { ct(commit, nat(src = 10.0.0.1)); normal } }',
  },
});

export const natHashAndRandom = define({
  code: 'WBF4509',
  title: '`hash` and `random` at once',
  message: () => '`hash` and `random` exclude each other',
  switchError: 'OFPBAC_BAD_ARGUMENT',
  explanation: `The port of a translation is chosen by a hash of the addresses (\`hash\`) or at random (\`random\`). Without
either the datapath decides; the one in user space always hashes.`,
  example: {
    bad: 'flow { match { ip }; action { ct(commit, nat(src = 10.0.0.1, hash, random)); normal } }',
    good: 'flow { match { ip }; action { ct(commit, nat(src = 10.0.0.1, random)); normal } }',
  },
});

export const natPortsAlone = define({
  code: 'WBF4510',
  title: 'ports without an address',
  message: () => '`ports` needs an address to go with: `nat(src = ADDRESS, ports = …)`',
  switchError: 'OFPBAC_BAD_ARGUMENT',
  explanation: `\`nat\` translates an address, and perhaps the port with it. To change only a port, write the field:
\`tcp_dst = 8080\`.`,
  example: {
    bad: 'flow { match { tcp }; action { ct(commit, nat(src, ports = 5000-6000)); normal } }',
    good: 'flow { match { tcp }; action { ct(commit, nat(src = 10.0.0.1, ports = 5000-6000)); normal } }',
  },
});

export const natFlagAlone = define<{ flag: string }>({
  code: 'WBF4511',
  title: 'a flag of `nat` without `src` or `dst`',
  message: ({ flag }) => `\`${flag}\` says how an address is chosen, and there is no \`src\` or \`dst\``,
  explanation: `\`persistent\`, \`hash\` and \`random\` decide which address and port of a range is taken. Without \`src\`
or \`dst\` there is nothing to take: the switch ignores the flag without a word, and \`ovs-ofctl\` refuses
it.`,
  example: {
    bad: 'flow { match { ip }; action { ct(commit, nat(random)); normal } }',
    good: 'flow { match { ip }; action { ct(commit, nat(src = 10.0.0.1-10.0.0.9, random)); normal } }',
  },
});

export const natToZero = define<{ direction: string }>({
  code: 'WBF4512',
  title: 'a translation to address 0',
  message: ({ direction }) =>
    `0 is no address to translate to; without an address it is \`nat(${direction})\``,
  switchError: 'OFPBAC_BAD_ARGUMENT',
  explanation: `\`nat(src)\` keeps the address and changes the port only where two connections would collide. \`ovs-ofctl\`
turns \`nat(src=0.0.0.0)\` into it without a word; on the wire the switch refuses an address of 0.`,
  example: {
    bad: 'flow { match { ip }; action { ct(commit, nat(src = 0.0.0.0)); normal } }',
    good: 'flow { match { ip }; action { ct(commit, nat(src)); normal } }',
  },
});

export const badNatRange = define<{ why: string }>({
  code: 'WBF4513',
  title: 'not a range to translate to',
  message: ({ why }) => `this is not what \`nat\` can translate to: ${why}`,
  switchError: 'OFPBAC_BAD_ARGUMENT',
  explanation: `\`nat\` takes an IPv4 or IPv6 address or a range of them from lower to higher, \`src = 10.0.0.1-10.0.0.9\`,
and likewise one port or a range, \`ports = 5000-6000\`.`,
  example: {
    bad: 'flow { match { ip }; action { ct(commit, nat(src = 10.0.0.9-10.0.0.1)); normal } }',
    good: 'flow { match { ip }; action { ct(commit, nat(src = 10.0.0.1-10.0.0.9)); normal } }',
  },
});
