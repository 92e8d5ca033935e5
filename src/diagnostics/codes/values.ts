/** Values that cannot be what they are written for. WBF21xx. */
import { define } from '../define.ts';

export const tooWide = define<{ value: string; target: string; bits: number; max: string }>({
  code: 'WBF2101',
  title: 'a value wider than its field',
  message: ({ value, target, bits, max }) =>
    `${value} does not fit \`${target}\`, which has ${bits} bit${bits === 1 ? '' : 's'} (at most ${max})`,
  explanation: `A value must fit the bits of the field, or of the subfield, that it is compared with or written to.

\`ovs-ofctl\` refuses some values that are too wide and cuts others without a word: \`dl_vlan=5000\` becomes VLAN 904, \`mpls_tc=8\` becomes 0.`,
  example: {
    bad: 'flow { match { vlan_vid = 5000 }; action { drop } }',
    good: 'flow { match { vlan_vid = 500 }; action { drop } }',
  },
});

export const outOfDomain = define<{ value: string; target: string; allowed: string }>({
  code: 'WBF2102',
  title: 'a value that the switch does not take',
  message: ({ value, target, allowed }) => `${value} is no value of \`${target}\`, which takes ${allowed}`,
  explanation: `Some fields are wider than what may stand in them: \`arp_op\` has 16 bits, and the switch takes 0 to 255; the two low bits of \`nw_tos\`
belong to \`nw_ecn\` and must be 0. In a match the switch answers OFPBMC_BAD_VALUE, in an action OFPBAC_BAD_SET_ARGUMENT. \`ovs-ofctl\` cuts some
of these values without a word: \`arp_op=257\` becomes 1.`,
  example: {
    bad: 'flow { match { arp; arp_op = 257 }; action { drop } }',
    good: 'flow { match { arp; arp_op = 1 }; action { drop } }',
  },
});

export const wrongKind = define<{ target: string; needed: string; found: string }>({
  code: 'WBF2103',
  title: 'a value of the wrong kind',
  message: ({ target, needed, found }) => `\`${target}\` needs ${needed}, and this is ${found}`,
  explanation: `Values are typed by the field they stand beside: MAC addresses for Ethernet address fields, IPv4 and IPv6 addresses for those of their
family, flags (\`+trk-new\`) or numbers for flag words, numbers for the rest. Registers and metadata take addresses too, where they are wide
enough.`,
  example: {
    bad: 'flow { match { ip; ip_dst = 00:00:00:00:99:99 }; action { drop } }',
    good: 'flow { match { eth_dst = 00:00:00:00:99:99 }; action { drop } }',
  },
});

export const notMaskable = define<{ target: string }>({
  code: 'WBF2104',
  title: 'a mask on a field that takes none',
  message: ({ target }) => `\`${target}\` is compared as a whole: it takes no mask`,
  switchError: 'OFPBMC_BAD_MASK',
  explanation: `The switch compares some fields only as a whole; \`ovs-fields(7)\` says for each whether it is maskable. Some bits of such a field cannot be
matched: write one flow for each value.`,
  example: {
    bad: 'flow { match { ip; ip_proto = 6/0xf }; action { drop } }',
    good: 'flow { match { ip; ip_proto = 6 }; action { drop } }',
  },
});

export const maskedWrite = define<{ target: string }>({
  code: 'WBF2105',
  allowable: true,
  title: 'a masked write to a field that takes no mask',
  message: ({ target }) =>
    `\`${target}\` takes no mask: \`ovs-ofctl\` refuses to write some bits of it this way`,
  explanation: `A write with a mask leaves the bits outside of it alone. The switch itself would take it for every field, \`ovs-ofctl\` only for those that
are maskable in a match. Bits that stand together are written as a subfield, \`ip_dscp[0..2] = 3\`, which both accept.`,
  example: {
    bad: 'flow { match { ip }; action { ip_dscp = 3/7; normal } }',
    good: 'flow { match { ip }; action { ip_dscp[0..2] = 3; normal } }',
  },
});

export const bitsOutsideMask = define<{ value: string; mask: string; kept: string }>({
  code: 'WBF2106',
  title: 'bits outside the mask',
  message: ({ value, mask, kept }) => `${value} has bits outside its mask ${mask}, which leaves only ${kept}`,
  switchError: 'OFPBMC_BAD_WILDCARDS',
  explanation: `Bits of a value that its mask does not cover are neither compared nor written, so that they say something that is not meant. On the
wire the switch refuses them with OFPBMC_BAD_WILDCARDS; \`ovs-ofctl\` clears them in a match without a word.`,
  example: {
    bad: 'flow { match { metadata = 0x15/0xf0 }; action { drop } }',
    good: 'flow { match { metadata = 0x10/0xf0 }; action { drop } }',
  },
});

export const metadataOutsideMask = define<{ value: string; mask: string; kept: string }>({
  code: 'WBF2118',
  allowable: true,
  title: 'bits of the metadata outside the mask',
  message: ({ value, mask, kept }) => `${value} has bits outside its mask ${mask}, which leaves only ${kept}`,
  explanation: `\`write_metadata\` writes the bits that its mask covers. The switch takes other bits in the value, keeps them and writes none of them.`,
  example: {
    bad: 'flow { match {}; action { write_metadata 0x15/0xf0; goto 7 } }\ntable last = 7 { miss = drop }',
    good: 'flow { match {}; action { write_metadata 0x10/0xf0; goto 7 } }\ntable last = 7 { miss = drop }',
  },
});

export const hostBits = define<{ written: string; network: string }>({
  code: 'WBF2107',
  severity: 'warning',
  title: 'host bits outside the prefix',
  message: ({ written, network }) => `${written} has host bits outside its prefix: it matches ${network}`,
  explanation: `\`10.0.0.7/8\` names a host and matches a network of 16 million of them. Perhaps the prefix is the mistake, perhaps the address is. The flow
that is built matches the network, as \`ovs-ofctl\` does without a word; on the wire the switch answers OFPBMC_BAD_WILDCARDS to such a match.`,
  example: {
    bad: 'flow { match { ip; ip_dst = 10.0.0.7/8 }; action { drop } }',
    good: 'flow { match { ip; ip_dst = 10.0.0.0/8 }; action { drop } }',
  },
});

export const badPrefix = define<{ prefix: bigint; bits: number }>({
  code: 'WBF2108',
  title: 'a prefix longer than its address',
  message: ({ prefix, bits }) => `an address of ${bits} bits has no prefix of ${prefix}`,
  explanation: `Behind the \`/\` of an address stands the length of its prefix, 0 to 32 for IPv4 and 0 to 128 for IPv6, or a mask written as an address.`,
  example: {
    bad: 'flow { match { ip; ip_dst = 10.0.0.0/33 }; action { drop } }',
    good: 'flow { match { ip; ip_dst = 10.0.0.0/24 }; action { drop } }',
  },
});

export const unknownFlag = define<{ name: string; target: string; suggestion?: string | undefined }>({
  code: 'WBF2109',
  title: 'unknown flag',
  message: ({ name, target, suggestion }) =>
    `\`${target}\` has no flag \`${name}\`${suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`}`,
  explanation: `\`ct_state\`, \`tcp_flags\` and \`tun_flags\` have flags with names, which \`ovs-fields(7)\` lists. \`+flag\` asks that it is set, \`-flag\` that it is not, and
flags that are not mentioned do not matter.`,
  example: {
    bad: 'flow { match { ct_state = +trk+estab }; action { drop } }',
    good: 'flow { match { ct_state = +trk+est }; action { drop } }',
  },
});

export const flagTwice = define<{ name: string; contradicts: boolean }>({
  code: 'WBF2110',
  title: 'a flag twice',
  message: ({ name, contradicts }) =>
    contradicts ? `\`${name}\` cannot be both set and not set` : `\`${name}\` is there twice`,
  explanation: `Each flag is mentioned at most once, with \`+\` or with \`-\`.`,
  example: {
    bad: 'flow { match { ct_state = +trk-trk }; action { drop } }',
    good: 'flow { match { ct_state = +trk }; action { drop } }',
  },
});

export const flagWithoutSign = define<{ name: string }>({
  code: 'WBF2111',
  title: 'a flag without its sign',
  message: ({ name }) => `a flag has a sign: \`+${name}\` for set, \`-${name}\` for not set`,
  explanation: `\`ovs-ofctl\` reads \`ct_state=trk\` as "tracked, and no other flag set", and \`ct_state=+trk\` as "tracked, whatever else". Here a flag always has a
sign, and flags that are not mentioned do not matter.`,
  example: {
    bad: 'flow { match { ct_state = trk }; action { drop } }',
    good: 'flow { match { ct_state = +trk }; action { drop } }',
  },
});

export const noVlanToWrite = define({
  code: 'WBF2112',
  title: 'writing "no VLAN"',
  message: () => '`vlan_vid = none` removes nothing: a tag is taken off with `pop_vlan`',
  switchError: 'OFPBAC_BAD_SET_ARGUMENT',
  explanation: `\`vlan_vid\` is a part of a VLAN tag. Writing it changes the tag's number; the switch refuses a value without the "present" bit with
OFPBAC_BAD_SET_ARGUMENT. A tag is removed by \`pop_vlan\`.`,
  example: {
    bad: 'flow { match { vlan_vid = 10 }; action { vlan_vid = none; normal } }',
    good: 'flow { match { vlan_vid = 10 }; action { pop_vlan; normal } }',
  },
});

export const neverTagged = define<{ term: string }>({
  code: 'WBF2113',
  allowable: true,
  title: 'bits of a VLAN tag that is not there',
  message: ({ term }) => `\`${term}\` asks for bits of a tag and that there is none: it never matches`,
  explanation: `Bit 0x1000 of \`vlan_vid\` and \`vlan_tci\` says that there is a tag. A term that covers this bit with a value that lacks it asks for untagged packets, in
which all other bits are 0. The switch accepts the flow, which then never matches. Write \`vlan_vid = 10\` for "tagged, VLAN 10", \`vlan_vid = none\` for
untagged, \`vlan_vid = 0x1000/0x1000\` for "tagged, whatever the number".`,
  example: {
    bad: 'flow { match { vlan_vid = 10/0x1fff }; action { drop } }',
    good: 'flow { match { vlan_vid = 10 }; action { drop } }',
  },
});

export const outOfRange = define<{ what: string; value: string; min: bigint; max: bigint }>({
  code: 'WBF2114',
  title: 'a number out of range',
  message: ({ what, value, min, max }) =>
    `${what} is ${min} to ${max > 0xffffffffn ? `0x${max.toString(16)}` : max}, and this is ${value}`,
  explanation: `Priorities and timeouts are 0 to 65535, tables 0 to 253, cookies 64 bits wide. \`ovs-ofctl\` refuses some numbers that do not fit, and wraps others
around without a word: \`table=255\` puts the flow into table 0.`,
  example: {
    bad: 'flow { priority = 70000; match {}; action { drop } }',
    good: 'flow { priority = 7000; match {}; action { drop } }',
  },
});

export const wrongKindFor = define<{ what: string; needed: string; found: string }>({
  code: 'WBF2115',
  title: 'something else than is needed',
  message: ({ what, needed, found }) => `${what} is ${needed}, and this is ${found}`,
  explanation: `The message says what can stand in this place. Numbers are \`10\`, \`0x800\`, \`0b11\` or \`1_000\`; durations \`30s\` or \`5m\`; texts stand in double quotes;
lists in brackets.`,
  example: {
    bad: 'flow { priority = "high"; match {}; action { drop } }',
    good: 'flow { priority = 1000; match {}; action { drop } }',
  },
});

export const maskTwice = define<{ value: string }>({
  code: 'WBF2117',
  title: 'a mask on a value that has one',
  message: ({ value }) => `\`${value}\` has a mask of its own already`,
  explanation: `A constant may be a whole network, \`const lab = 10.0.0.0/8\`. It is used as it is; a second prefix or mask behind it means nothing.`,
  example: {
    bad: 'const lab = 10.0.0.0/8\nflow { match { ip; ip_dst = lab/16 }; action { drop } }',
    good: 'const lab = 10.0.0.0/8\nflow { match { ip; ip_dst = lab }; action { drop } }',
  },
});
