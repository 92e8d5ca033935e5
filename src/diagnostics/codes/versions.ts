/** WBF53xx: versions of OpenFlow, and what each of them lacks. */
import type { OpenFlowVersion } from '../../openflow/types.ts';
import { define } from '../define.ts';

/** In a bridge that speaks one version only, so that the program is for that one. */
const on = (protocol: string, flow: string): string =>
  `bridge br0 { protocols = [${protocol}] }\ntable t = 0 {\n  miss = drop\n  flow f { ${flow} }\n}\n`;

/** `; it came with OpenFlow 1.2`, or nothing where no later one has it. */
const since = (first: OpenFlowVersion | null): string =>
  first === null ? '' : `, which came with OpenFlow ${first}`;

export const notOffered = define<{ version: OpenFlowVersion; protocol: string }>({
  code: 'WBF5301',
  title: 'Version that the bridge does not speak',
  message: ({ version, protocol }) =>
    `the program is compiled for OpenFlow ${version}, and the bridge does not list ${protocol}`,
  explanation: `\`--of\` says for which version of OpenFlow a program is compiled, and \`protocols\` which versions its bridge speaks. A switch refuses
connections in other versions than these. Without \`--of\` a program is compiled for the newest of \`protocols\`, or for 1.5 where nothing is said.`,
});

export const fieldSince = define<{
  field: string;
  version: OpenFlowVersion;
  first: OpenFlowVersion | null;
  what: 'match' | 'mask';
  under?: string | undefined;
}>({
  code: 'WBF5302',
  title: 'Match that a version of OpenFlow lacks',
  message: ({ field, version, first, what, under }) =>
    `OpenFlow ${version} cannot match ${what === 'mask' ? 'some bits of ' : ''}\`${field}\`${under === undefined ? '' : ` of ${under}`}${first === null ? '' : `; OpenFlow ${first} can`}`,
  explanation: `OpenFlow 1.1 describes a packet in a form with a place for each of a few fields, and cannot say anything of others: registers, tunnels,
connection tracking, IPv6 addresses, TTLs. OpenFlow 1.0 is as poor, but Open vSwitch and \`ovs-ofctl\` use an extension there (NXM), with which it can
say what newer versions can.

\`ovs-ofctl -O OpenFlow11\` answers "none of the usable flow formats is among the allowed flow formats" to most such flows, and leaves a few terms out
without a word.`,
  example: {
    bad: on('OpenFlow11', 'match { reg0 = 1 } action { drop }'),
    good: on('OpenFlow12', 'match { reg0 = 1 } action { drop }'),
  },
});

export const actionSince = define<{
  action: string;
  version: OpenFlowVersion;
  first: OpenFlowVersion | null;
}>({
  code: 'WBF5303',
  title: 'Action that a version of OpenFlow lacks',
  message: ({ action, version, first }) => `OpenFlow ${version} has no ${action}${since(first)}`,
  explanation: `Not every version of OpenFlow has a way to say each action, with the extensions of Open vSwitch counted in: \`push_vlan\`, \`write_actions\` and
\`clear_actions\` came with 1.1, \`meter\`, \`encap\` and \`decap\` with 1.3. \`ovs-ofctl\` refuses some of them ("none of the usable flow formats"), and
leaves others out without a word: in OpenFlow 1.0, \`write_actions(output:1)\` is sent as no action at all.`,
  example: {
    bad: on('OpenFlow12', 'match {} action { decap; normal }'),
    good: on('OpenFlow13', 'match {} action { decap; normal }'),
  },
});

export const attributeSince = define<{
  what: string;
  version: OpenFlowVersion;
  first: OpenFlowVersion;
}>({
  code: 'WBF5304',
  title: 'Attribute of a flow that a version of OpenFlow lacks',
  message: ({ what, version, first }) => `OpenFlow ${version} has no ${what}${since(first)}`,
  explanation: `\`importance\` came with OpenFlow 1.4, the flag \`reset_counts\` with 1.2, \`no_packet_counts\` and \`no_byte_counts\` with 1.3. Below that
\`ovs-ofctl\` refuses the flags, and leaves the importance out without a word.`,
  example: {
    bad: on('OpenFlow13', 'importance = 5; match {} action { drop }'),
    good: on('OpenFlow14', 'importance = 5; match {} action { drop }'),
  },
});

export const metadataAndGoto = define({
  code: 'WBF5306',
  title: '`write_metadata` and `goto` in OpenFlow 1.0',
  message: () => 'OpenFlow 1.0 has no instructions: nothing can follow `write_metadata`, not even `goto`',
  switchError: 'OFPBAC_UNSUPPORTED_ORDER',
  explanation: `In OpenFlow 1.0 \`goto\` is sent as \`resubmit\`, and \`write_metadata\` as an action that has to be the last one. A write to the field,
\`metadata = 5\`, comes to the same.`,
  example: {
    bad: 'bridge br0 { protocols = [OpenFlow10] }\ntable a = 0 {\n  miss = drop\n  flow { match { ip }; action { write_metadata 5; goto b } }\n}\ntable b = 1 { miss = drop }\n',
    good: 'bridge br0 { protocols = [OpenFlow10] }\ntable a = 0 {\n  miss = drop\n  flow { match { ip }; action { metadata = 5; goto b } }\n}\ntable b = 1 { miss = drop }\n',
  },
});

export const noGroups = define<{ what: string; version: OpenFlowVersion; first: OpenFlowVersion }>({
  code: 'WBF5307',
  title: 'Group or meter that a version of OpenFlow lacks',
  message: ({ what, version, first }) => `OpenFlow ${version} has no ${what}${since(first)}`,
  explanation: `Groups came with OpenFlow 1.1 and meters with 1.3; how a group of the type \`select\` chooses can be said in 1.5 only. A flow of OpenFlow 1.0
may hand packets to a group that exists, as Open vSwitch has an extension for that.`,
  example: {
    bad: 'bridge br0 { protocols = [OpenFlow12] }\nprogram p { meters = 1-9 }\nmeter limit = 1 { unit = kbps; band drop { rate = 100 } }\n',
    good: 'bridge br0 { protocols = [OpenFlow13] }\nprogram p { meters = 1-9 }\nmeter limit = 1 { unit = kbps; band drop { rate = 100 } }\n',
  },
});

export const unnoticedPrerequisite = define<{ subject: string; packet: string }>({
  code: 'WBF5308',
  allowable: true,
  title: 'An action on packets that the match does not ask for, which the switch does not notice',
  message: ({ subject, packet }) => `this match never says that ${packet}, which ${subject} needs`,
  explanation: `An action works on a header, or writes into one, that the packets of this flow need not have. Mostly the switch refuses that; it does not
look where \`check_pkt_larger\` writes, and in OpenFlow 1.0 it takes \`dec_ttl\`, \`pop_vlan\`, \`pop_mpls\`, \`fin_timeout\` and their like for any packet.
On packets without the header nothing comes of them.

State the protocol in the match; or, where any packet is meant, \`allow = WBF5308\`.`,
  example: {
    bad: 'flow { match {}; action { nw_ttl[0] = check_pkt_larger(1500); normal } }',
    good: 'flow { match { ip }; action { nw_ttl[0] = check_pkt_larger(1500); normal } }',
  },
});
