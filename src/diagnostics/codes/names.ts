/** Names that mean nothing, or not what is needed where they stand. WBF20xx. */
import { define } from '../define.ts';

/** `; did you mean …`, or nothing. */
const didYouMean = (suggestion: string | undefined): string =>
  suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`;

export const unknownField = define<{ name: string; suggestion?: string | undefined }>({
  code: 'WBF2001',
  title: 'unknown field',
  message: ({ name, suggestion }) => `there is no field called \`${name}\`${didYouMean(suggestion)}`,
  explanation: `A field has one of the names of ovs-fields(7), one of its aliases there (\`dl_dst\`), its NXM or OXM name
(\`NXM_OF_IP_SRC\`, \`OXM_OF_IPV4_SRC\`), or the name of a \`register\` of this program.

Names are compared exactly: fields are written in lower case, NXM and OXM names in upper case.`,
  example: {
    bad: 'flow { match { tcp; tcp_dest = 80 }; action { drop } }',
    good: 'flow { match { tcp; tcp_dst = 80 }; action { drop } }',
  },
});

export const notLowerCase = define<{ name: string; correct: string }>({
  code: 'WBF2002',
  title: 'name in the wrong case',
  message: ({ name, correct }) => `\`${name}\` is written \`${correct}\``,
  explanation: `Everything in this language is lower case, as in ovs-fields(7) and ovs-actions(7). The only exception are the NXM and
OXM names of fields, which are upper case there too. \`ovs-ofctl\` is lax for some names and not for others, so that the same text
may mean something in one place and nothing in another.`,
  example: {
    bad: 'flow { match { TCP; tcp_dst = 80 }; action { drop } }',
    good: 'flow { match { tcp; tcp_dst = 80 }; action { drop } }',
  },
});

export const notAField = define<{ name: string; kind: string }>({
  code: 'WBF2003',
  title: 'not a field',
  message: ({ name, kind }) => `\`${name}\` is ${kind}, and a field is needed here`,
  explanation: `On the left of \`=\` in a match or an action stands what is compared or written: a field of the packet, a register, or some bits
of one. Constants, ports and tables are values: they stand on the right.`,
  example: {
    bad: 'const web = 80\nflow { match { tcp; web = 80 }; action { drop } }',
    good: 'const web = 80\nflow { match { tcp; tcp_dst = web }; action { drop } }',
  },
});

export const genericWithoutProtocol = define<{ name: string; meanings: readonly string[] }>({
  code: 'WBF2004',
  title: 'a generic name without its protocol',
  message: ({ name, meanings }) =>
    `\`${name}\` means nothing here: it stands for ${orList(meanings)}, and no protocol says which`,
  explanation: `\`nw_src\`, \`nw_dst\`, \`nw_proto\`, \`tp_src\` and \`tp_dst\` come from OpenFlow 1.0, where one field served several
protocols. They mean what the protocol in the match makes them mean: \`nw_src\` is \`arp_spa\` under \`arp\` and \`ip_src\` under \`ip\`;
\`tp_dst\` follows \`tcp\`, \`udp\` and \`sctp\`.

Without a protocol \`ovs-ofctl\` drops such a term without an error and installs a flow that matches more than was written.`,
  example: {
    bad: 'flow { match { ip; tp_dst = 80 }; action { drop } }',
    good: 'flow { match { tcp; tp_dst = 80 }; action { drop } }',
  },
});

export const unknownName = define<{ name: string; what: string; suggestion?: string | undefined }>({
  code: 'WBF2005',
  title: 'unknown name',
  message: ({ name, what, suggestion }) => `there is no ${what} called \`${name}\`${didYouMean(suggestion)}`,
  explanation: `A name on the right of a field is one of the field's own well-known names (\`arp_op = request\`), or a constant that the
program declares with \`const\`. A port's name may stand where a port is needed, a table's name where a table is.`,
  example: {
    bad: 'const self = 10.0.0.1\nflow { match { ip; ip_dst = slef }; action { drop } }',
    good: 'const self = 10.0.0.1\nflow { match { ip; ip_dst = self }; action { drop } }',
  },
});

export const subfieldReversed = define<{ from: number; to: number }>({
  code: 'WBF2006',
  title: 'the ends of a subfield are exchanged',
  message: ({ from, to }) => `bits are written from the lowest to the highest: [${to}..${from}]`,
  explanation: `\`reg0[0..15]\` are the 16 least significant bits of \`reg0\`; bit 0 is the least significant. The first number is never larger than
the second.`,
  example: {
    bad: 'flow { match { reg0[15..0] = 5 }; action { drop } }',
    good: 'flow { match { reg0[0..15] = 5 }; action { drop } }',
  },
});

export const subfieldOutside = define<{ field: string; bits: number; bit: bigint }>({
  code: 'WBF2007',
  title: 'a subfield reaches past its field',
  message: ({ field, bits, bit }) =>
    `\`${field}\` has ${bits === 1 ? 'only bit 0' : `the bits 0 to ${bits - 1}`}, there is no bit ${bit}`,
  explanation: `A subfield names bits of a field, bit 0 being the least significant. It must lie within the field's width, which hover shows and
\`ovs-fields(7)\` lists. In an action, the switch answers OFPBAC_BAD_SET_LEN to bits past the end of a field.`,
  example: {
    bad: 'flow { match { reg0[16..32] = 5 }; action { drop } }',
    good: 'flow { match { reg0[16..31] = 5 }; action { drop } }',
  },
});

export const qualifiedName = define<{ name: string }>({
  code: 'WBF2008',
  title: 'a name with dots that is no value',
  message: ({ name }) => `\`${name}\` is no value here`,
  explanation: `A name with dots is part of a record (\`h.ip\`), a declaration of an imported file (\`office.web\`) or, within \`learn\` only, a field of
the packet that is learned from (\`pkt.eth_src\`). Here it is none of these.`,
});

export const notAValue = define<{ name: string; kind: string; needed: string }>({
  code: 'WBF2009',
  title: 'a name of the wrong kind',
  message: ({ name, kind, needed }) => `\`${name}\` is ${kind}, and ${needed} is needed here`,
  explanation: `Every name is declared as one kind of thing: a constant, a port, a register, a table. Where a value is needed, a constant will do;
where a port is needed, a port or a constant number; where a table is needed, a table or its number.`,
  example: {
    bad: 'table acl = 1 {\n  miss = drop\n  flow { match { reg0 = acl }; action { drop } }\n}',
    good: 'const mark = 1\ntable acl = 1 {\n  miss = drop\n  flow { match { reg0 = mark }; action { drop } }\n}',
  },
});

export const undeclaredTable = define<{ table: number }>({
  code: 'WBF2010',
  allowable: true,
  title: 'a table that nobody declares',
  message: ({ table }) => `no table of this program has the number ${table}`,
  explanation: `Every OVS bridge has 254 tables, and a jump into an empty one drops the packet without a word. A table that is meant to be used is
declared, \`table acl = 10 { … }\`, even when another program fills it.`,
  example: {
    bad: 'flow { match {}; action { goto 7 } }',
    good: 'flow { match {}; action { goto 7 } }\ntable last = 7 { miss = drop }',
  },
});

export const undeclaredPort = define<{ port: number }>({
  code: 'WBF2011',
  severity: 'warning',
  title: 'a port that nobody declares',
  message: ({ port }) => `this program declares ports, but none with the number ${port}`,
  explanation: `The switch takes any port number: it neither complains about a port that does not exist nor says that packets sent there are lost.
A program that names its ports with \`port\` declarations should name all of them, so that a mistyped number is found.`,
  example: {
    bad: 'port uplink = 1\nflow { match { in_port = 2 }; action { output uplink } }',
    good: 'port uplink = 1\nport host = 2\nflow { match { in_port = host }; action { output uplink } }',
  },
});

export const reservedPortNumber = define<{ port: bigint; name: string }>({
  code: 'WBF2012',
  title: 'a reserved port by its number',
  message: ({ port, name }) => `port ${port} is \`${name}\`: write the name`,
  explanation: `OpenFlow reserves the port numbers from 0xff00 (65280) in version 1.0 and from 0xffffff00 in later versions, and gives the same
port two numbers. The names are the same everywhere: \`in_port\`, \`local\`, \`controller\`, \`normal\`, \`flood\`, \`all\` and so on.`,
  example: {
    bad: 'flow { match { in_port = 65534 }; action { drop } }',
    good: 'flow { match { in_port = local }; action { drop } }',
  },
});

export const badPortNumber = define<{ port: bigint }>({
  code: 'WBF2013',
  title: 'not a port number',
  message: ({ port }) => `${port} is not a port number: ports are 1 to 65279`,
  explanation: `OVS numbers the ports of a bridge from 1 to 65279 (0xfeff). The numbers from 0xff00 to 0xfff6 belong to nobody, the reserved
ports above have names, and a number over 65535 cannot be a port of Open vSwitch at all.`,
  example: {
    bad: 'flow { match { in_port = 70000 }; action { drop } }',
    good: 'flow { match { in_port = 7 }; action { drop } }',
  },
});

export const portByInterfaceName = define<{ name: string; why: string }>({
  code: 'WBF2014',
  title: 'a port whose number is not known',
  message: ({ name, why }) => `the number of the port \`${name}\` is not known: ${why}`,
  explanation: `\`port uplink = "eth0"\` names a port by its interface; which number it has, only the switch can tell. \`wbfc push\` asks it. A
script and a flow file have the name in the place of the number, and \`ovs-ofctl\` asks the switch; OpenFlow messages (\`--emit bundle\`), and
registers into which a port's number is written, need the number. \`wbfc build --ports FILE\` reads the numbers from a file; what \`ovs-ofctl
show BRIDGE\` prints will do.`,
});

export const notAnInterfaceName = define<{ name: string; why: string }>({
  code: 'WBF2018',
  title: 'not the name of an interface',
  message: ({ name, why }) => `${JSON.stringify(name)} cannot be the name of an interface: ${why}`,
  explanation: `A port that is declared by a text is the one whose interface has this name on the switch. OpenFlow has room for 15 characters of a
name, and \`ovs-ofctl\` takes numbers and the names of reserved ports for what they say.`,
  example: { bad: 'port up = "the port that leads out"', good: 'port up = "eth0"' },
});

export const standInPort = define<{ port: number; name: string }>({
  code: 'WBF2019',
  title: 'a number that stands for another port',
  message: ({ port, name }) => `${port} is needed as a number that no port has: it stands for \`${name}\``,
  explanation: `Until the switch tells the number of a port that is declared by the name of its interface, a number stands for it that is written
nowhere in the program. A program that has nearly all numbers in it, as values of other fields, leaves none. Declare the port that is meant here,
\`port other = 65279\`: then another number is taken.`,
});

export const unusualPort = define<{ port: bigint }>({
  code: 'WBF2017',
  allowable: true,
  title: 'a port that no switch has',
  message: ({ port }) => `${port} is the number of no port: ports are 1 to 65279`,
  explanation: `OVS numbers the ports of a bridge from 1 to 65279 (0xfeff). The switch takes 0 as a port to send to and loses the packet, and any
number of 16 bits as a port to look a packet up with. Where that is meant, say so: \`allow = WBF2017\`.`,
  example: {
    bad: 'flow { match {}; action { output 0 } }',
    good: 'flow { match {}; action { output 1 } }',
  },
});

export const notAnOutputPort = define<{ name: string }>({
  code: 'WBF2015',
  title: 'a reserved port that nothing can be sent to',
  message: ({ name }) => `nothing can be sent to \`${name}\``,
  switchError: 'OFPBAC_BAD_OUT_PORT',
  explanation: `Each reserved port has its own use (OpenFlow 1.5.1 §4.5). \`any\` is the wildcard of some requests and \`unset\` a value of
\`actset_output\`; neither is a place to send a packet to. To send a packet nowhere, write \`drop\`.`,
  example: {
    bad: 'flow { match {}; action { output any } }',
    good: 'flow { match {}; action { drop } }',
  },
});

export const notAnInputPort = define<{ name: string }>({
  code: 'WBF2016',
  severity: 'warning',
  title: 'a reserved port that no packet comes in by',
  message: ({ name }) => `no packet comes in by \`${name}\`: it is a place to send to`,
  explanation: `The switch accepts \`in_port = flood\` and the like, and the flow never matches: they are places to send to. Packets come in by a
numbered port, by \`local\` (the bridge's own interface), or from the \`controller\`.`,
  example: {
    bad: 'flow { match { in_port = flood }; action { drop } }',
    good: 'flow { match { in_port = local }; action { drop } }',
  },
});

/** `a`, `b` or `c`. */
function orList(names: readonly string[]): string {
  const quoted = names.map((n) => `\`${n}\``);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
}
