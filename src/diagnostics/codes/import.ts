/** WBF8201-8249: what the reader of ovs-ofctl's text says of a flow, a group or a meter. */
import { define } from '../define.ts';

const SEE = `With \`--keep-going\` the rest is written all the same, and the line is in the result as a comment.`;
const SILENT = `ovs-ofctl (seen on 3.1.0) says nothing of it. The import writes what the switch gets, and this warning at the flow:
if something else was meant, change it there.`;

const times = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

export const unknownWord = define<{ word: string; where: string; suggestion?: string | undefined }>({
  code: 'WBF8201',
  title: 'a word that ovs-ofctl does not know',
  message: ({ word, where, suggestion }) =>
    `\`${word}\` means nothing in ${where}${suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`}`,
  explanation: `The words of flows, groups and meters are those of ovs-ofctl(8), the fields those of ovs-fields(7), the actions those of
ovs-actions(7). Names of NXM and OXM headers stand in actions and in front of brackets only: \`NXM_NX_REG0[]=1\`.

${SEE}`,
});

export const badValue = define<{ value: string; name: string; needed: string }>({
  code: 'WBF8202',
  title: 'a value that cannot be read',
  message: ({ value, name, needed }) =>
    value === ''
      ? `\`${name}\` has no value: it needs ${needed}`
      : `\`${value}\` is not ${needed}, which \`${name}\` needs`,
  explanation: `ovs-ofctl refuses the line at this value. Numbers are decimal, hexadecimal with \`0x\`, or octal with a leading \`0\`; ports and tables
are decimal, or names.

${SEE}`,
});

export const noActions = define({
  code: 'WBF8203',
  title: 'a flow without actions',
  message: () => 'this flow has no `actions=`: ovs-ofctl refuses it',
  explanation: `Each flow ends with \`actions=\` and what to do; \`actions=drop\` does nothing. ovs-ofctl takes everything from the first "action" in the
line on, up to the next \`=\`, for that.

${SEE}`,
});

export const badMask = define<{ name: string; partly: boolean }>({
  code: 'WBF8204',
  title: 'a mask where none may be',
  message: ({ name, partly }) =>
    partly
      ? `\`${name}\` is compared as a whole: it takes no mask`
      : `no mask may stand behind the value of \`${name}\` here`,
  explanation: `ovs-fields(7) says which fields can be matched in part. ovs-ofctl refuses a mask on the others.

${SEE}`,
});

export const badArgument = define<{ action: string; what: string }>({
  code: 'WBF8205',
  title: 'an action whose arguments ovs-ofctl refuses',
  message: ({ action, what }) => `\`${action}\`: ${what}`,
  explanation: `ovs-actions(7) says which arguments an action has and what they may be.

${SEE}`,
});

export const badSubfield = define<{ text: string; what: string }>({
  code: 'WBF8206',
  title: 'bits of a field that cannot be read',
  message: ({ text, what }) => `\`${text}\` is no part of a field: ${what}`,
  explanation: `A part of a field is written \`NXM_NX_REG0[0..15]\` or \`reg0[0..15]\`; \`[3]\` is one bit, and \`[]\` all of them.

${SEE}`,
});

export const notHere = define<{ action: string; why: string }>({
  code: 'WBF8207',
  title: 'an action in the wrong place',
  message: ({ action, why }) => `\`${action}\` cannot stand here: ${why}`,
  explanation: `Instructions are not nested, each is there at most once, and they come in the order \`meter\`, actions, \`clear_actions\`,
\`write_actions\`, \`write_metadata\`, \`goto_table\`. \`drop\` stands alone, as does \`conjunction\` but for \`note\`. Inside \`ct(exec(…))\` there are only writes
to ct_mark and ct_label.

${SEE}`,
});

export const tooDeep = define({
  code: 'WBF8208',
  title: 'actions nested too deep',
  message: () => 'actions are nested too deep here',
  explanation: `ovs-ofctl stops at a certain depth of \`clone(…)\` and the like, as this reader does.

${SEE}`,
});

export const inconsistent = define<{ action: string; needs: string }>({
  code: 'WBF8209',
  title: 'an action that does not go with the match',
  message: ({ action, needs }) => `\`${action}\` needs ${needs}, and the match does not say so`,
  switchError: 'OFPBAC_MATCH_INCONSISTENT',
  explanation: `An action on a header works only where the flow is known to see that header: a flow that writes \`tcp_dst\` has to match \`tcp\`.
ovs-ofctl refuses the flow, as does the switch with OFPBAC_MATCH_INCONSISTENT. In OpenFlow 1.0 some of these flows are possible:
they do nothing there where the header is missing.

${SEE}`,
});

export const badTarget = define<{ action: string; what: string }>({
  code: 'WBF8210',
  title: 'an action that the switch does not take',
  message: ({ action, what }) => `\`${action}\`: ${what}`,
  explanation: `ovs-ofctl refuses the flow, with the error that the switch would answer with.

${SEE}`,
});

export const notForCommand = define<{ word: string; command: string }>({
  code: 'WBF8211',
  title: 'something that this command does not take',
  message: ({ word, command }) => `\`${word}\` cannot stand in a \`${command}\``,
  explanation: `A flow that is added has a cookie without a mask; a deletion has neither actions nor timeouts, and its cookie needs a mask.

${SEE}`,
});

export const unusableField = define<{ name: string }>({
  code: 'WBF8212',
  title: 'a field that OpenFlow cannot say',
  message: ({ name }) => `no version of OpenFlow can match \`${name}\``,
  explanation: `Some fields are known to the switch inside and have no number in OpenFlow: \`tun_tos\`, \`tun_ttl\`, \`skb_priority\`. ovs-ofctl refuses a
flow with them.

${SEE}`,
});

export const badPort = define<{ port: string }>({
  code: 'WBF8213',
  title: 'no port',
  message: ({ port }) => (port === '' ? 'a port is missing here' : `\`${port}\` is no port`),
  explanation: `A port is a decimal number below 65280, one of the names of OpenFlow (\`LOCAL\`, \`IN_PORT\`, \`NORMAL\`, …), or the name of an interface, in
double quotes where it has characters that mean something else.

${SEE}`,
});

export const badTable = define<{ table: string }>({
  code: 'WBF8214',
  title: 'no table',
  message: ({ table }) => `\`${table}\` is no table: a number to 254 or the name of one is needed`,
  explanation: `Tables are numbered 0 to 254; a switch can give them names.

${SEE}`,
});

export const badGroup = define<{ what: string }>({
  code: 'WBF8215',
  title: 'a group that ovs-ofctl refuses',
  message: ({ what }) => what,
  explanation: `A group has an id, a type (\`all\`, \`select\`, \`indirect\`, \`ff\` or \`fast_failover\`) and buckets, each with its actions. Only the buckets of a
\`select\` group have weights, and an \`indirect\` group has no more than one.

${SEE}`,
});

export const badMeter = define<{ what: string }>({
  code: 'WBF8216',
  title: 'a meter that ovs-ofctl refuses',
  message: ({ what }) => what,
  explanation: `A meter has an id, \`kbps\` or \`pktps\`, and \`bands=\` with \`type=\` and \`rate=\` for each. \`burst_size\` goes with the flag \`burst\`, and \`prec_level\`
with \`type=dscp_remark\`.

${SEE}`,
});

export const badTlvMap = define<{ what: string }>({
  code: 'WBF8217',
  title: 'a map of tunnel options that ovs-ofctl refuses',
  message: ({ what }) => what,
  explanation: `Each option is written \`{class=0xffff,type=0x80,len=4}->tun_metadata0\`, with commas between them. The length is a multiple of 4
up to 124.

${SEE}`,
});

export const tooManyNames = define<{ name: string }>({
  code: 'WBF8218',
  title: 'too many names',
  message: ({ name }) => `\`${name}\` is one name more than a switch has ports or tables`,
  explanation: `No switch has so many ports or tables: the input is damaged, or not what it seems to be.

${SEE}`,
});

export const tooLong = define<{ most: number }>({
  code: 'WBF8219',
  title: 'too many terms',
  message: ({ most }) => `a match of more than ${most} terms is not read`,
  explanation: `There are fewer fields than that. The input is damaged, or not what it seems to be.

${SEE}`,
});

export const dropped = define<{ term: string; needs: string }>({
  code: 'WBF8221',
  severity: 'warning',
  title: 'a term that is left out',
  message: ({ term, needs }) =>
    `ovs-ofctl drops \`${term}\`, since the flow does not say ${needs}: what is installed matches more`,
  explanation: `Without the protocol that a field belongs to, ovs-ofctl leaves the field out and installs the rest: \`tcp_dst=80,actions=…\` matches every
packet. ${SILENT}`,
});

export const overridden = define<{ term: string; by: string }>({
  code: 'WBF8222',
  severity: 'warning',
  title: 'a term that a later one replaces',
  message: ({ term, by }) => `\`${by}\` takes the place of \`${term}\`, which does not count`,
  explanation: `Where a flow says the same field twice, the last one counts: \`ip,ipv6\` is IPv6, \`in_port=1,in_port=2\` port 2. Some fields share
their place with others: \`tcp_dst\` and \`udp_dst\`, \`ip_src\` and \`arp_spa\`. ${SILENT}`,
});

export const cut = define<{ written: string; name: string; becomes: string }>({
  code: 'WBF8223',
  severity: 'warning',
  title: 'a value that is cut',
  message: ({ written, name, becomes }) =>
    `\`${written}\` does not fit \`${name}\`: ovs-ofctl makes it ${becomes}`,
  explanation: `Of some values that are too wide ovs-ofctl takes the lower bits: \`dl_vlan=5000\` is VLAN 904. ${SILENT}`,
});

export const reinterpreted = define<{ term: string; becomes: string }>({
  code: 'WBF8224',
  severity: 'warning',
  title: 'a term that means another field',
  message: ({ term, becomes }) => `with this protocol ovs-ofctl takes \`${term}\` for \`${becomes}\``,
  explanation: `Inside ovs-ofctl the ports of TCP, UDP and SCTP and the type and code of ICMP are one field, as are the addresses of IPv4 and ARP:
\`udp,tcp_dst=80\` matches UDP port 80. ${SILENT}`,
});

export const bitsCleared = define<{ written: string; becomes: string }>({
  code: 'WBF8225',
  severity: 'warning',
  title: 'bits outside the mask',
  message: ({ written, becomes }) => `\`${written}\` has bits outside its mask: what counts is ${becomes}`,
  explanation: `\`nw_src=10.0.0.1/8\` names a host and matches a network. ${SILENT}`,
});

export const wrapped = define<{ written: string; name: string; becomes: string }>({
  code: 'WBF8226',
  severity: 'warning',
  title: 'a number that wraps around',
  message: ({ written, name, becomes }) =>
    `\`${written}\` is no number for \`${name}\`: ovs-ofctl makes it ${becomes}`,
  explanation: `Some numbers ovs-ofctl reads without looking whether they fit: what is too large wraps around, what is no number is 0.
${SILENT}`,
});

export const tableZero = define({
  code: 'WBF8227',
  severity: 'warning',
  title: 'table 255',
  message: () => '`table=255` adds the flow to table 0',
  explanation: `255 stands for "all tables" in a deletion, and for "not said" in an addition. ${SILENT}`,
});

export const vlanPriorityLost = define<{ what: string }>({
  code: 'WBF8228',
  severity: 'warning',
  title: 'the priority of a VLAN tag is not sent as written',
  message: ({ what }) => what,
  explanation: `OpenFlow 1.2 and later match all of the priority of a tag or none of it, and only where a tag is asked for. ${SILENT}`,
});

export const nothingToDo = define({
  code: 'WBF8229',
  severity: 'warning',
  title: 'actions that are empty',
  message: () => 'there is nothing behind `actions=`: the flow drops',
  explanation: `An empty list of actions is \`drop\`. In a script it is mostly a variable that was empty. ${SILENT}`,
});

export const ignored = define<{ text: string; why: string }>({
  code: 'WBF8230',
  severity: 'warning',
  title: 'something that ovs-ofctl passes over',
  message: ({ text, why }) => `ovs-ofctl passes over \`${text}\`: ${why}`,
  explanation: `Behind some values, and in actions without arguments, ovs-ofctl does not look at what follows. ${SILENT}`,
});

export const padded = define<{ bytes: number; becomes: number }>({
  code: 'WBF8231',
  severity: 'warning',
  title: 'a note that is filled up',
  message: ({ bytes, becomes }) => `a note of ${times(bytes, 'byte')} is filled up with zeros to ${becomes}`,
  explanation: `The bytes of a note are 6, 14, 22, …: actions have a multiple of 8 bytes. ${SILENT}`,
});

export const maskBug = define<{ name: string; becomes: string }>({
  code: 'WBF8232',
  severity: 'warning',
  title: 'a mask that is replaced by the value',
  message: ({ name, becomes }) => `Open vSwitch takes the value of \`${name}\` for its mask: ${becomes}`,
  explanation: `Open vSwitch (3.1.0 has it, perhaps others too) writes the value of \`tun_erspan_ver\`, \`tun_erspan_dir\`, \`tun_erspan_hwid\`, \`tun_gtpu_flags\` and
\`tun_gtpu_msgtype\` where the mask belongs: 0 matches everything, and 2 all values with bit 1. ${SILENT}`,
});

export const noRange = define<{ text: string }>({
  code: 'WBF8233',
  severity: 'warning',
  title: 'a range that is left out',
  message: ({ text }) => `ovs-ofctl leaves \`${text}\` out: an address or a port of 0 counts as none`,
  explanation: `\`nat(src=0.0.0.0)\` is sent as \`nat(src)\`. ${SILENT}`,
});
