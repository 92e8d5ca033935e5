/** WBF53xx: versions of OpenFlow, and what each of them lacks. */
import type { OpenFlowVersion } from '../../openflow/types.ts';
import { define } from '../define.ts';

/** In a bridge that speaks one version only, so that the program is for that one. */
const on = (protocol: string, flow: string): string =>
  `bridge br0 { protocols = [${protocol}] }\ntable t = 0 {\n  miss = drop\n  flow f { ${flow} }\n}\n`;

/** `; OpenFlow 1.2 and newer can`, or nothing where no later one can either. */
const since = (first: OpenFlowVersion | null, verb: string): string =>
  first === null ? '' : `; OpenFlow ${first}${first === '1.5' ? '' : ' and newer'} ${verb}`;

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
    `OpenFlow ${version} cannot match ${what === 'mask' ? 'some bits of ' : ''}\`${field}\`${under === undefined ? '' : ` of ${under}`}${since(first, 'can')}`,
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
  message: ({ action, version, first }) =>
    `OpenFlow ${version} has no ${action}${since(first, 'do')}`.replace(
      / do$/,
      first === '1.5' ? ' does' : ' do',
    ),
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
  message: ({ what, version, first }) =>
    `OpenFlow ${version} has no ${what}${since(first, 'have it').replace(/have it$/, first === '1.5' ? 'has it' : 'have it')}`,
  explanation: `\`importance\` came with OpenFlow 1.4, the flag \`reset_counts\` with 1.2, \`no_packet_counts\` and \`no_byte_counts\` with 1.3. Below that
\`ovs-ofctl\` refuses the flags, and leaves the importance out without a word.`,
  example: {
    bad: on('OpenFlow13', 'importance = 5; match {} action { drop }'),
    good: on('OpenFlow14', 'importance = 5; match {} action { drop }'),
  },
});
