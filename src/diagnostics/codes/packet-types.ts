/** WBF325x and WBF435x: packets without an Ethernet header, and ports that have none or have nothing else. */
import { define } from '../define.ts';

const program = (mode: string, flow: string): string =>
  `bridge br0 {\n  port g = 1 { type = gre; options { packet_type = ${mode} } }\n}\ntable t = 0 {\n  miss = drop\n  flow f { ${flow} }\n}\n`;

export const bareInput = define<{ port: string }>({
  code: 'WBF3250',
  severity: 'warning',
  title: 'Packet type that does not come in by the port',
  message: ({ port }) => `every packet from \`${port}\` has an Ethernet header, so this never matches there`,
  explanation: `Only a tunnel port with the option \`packet_type = ptap\` (packet-type aware) delivers packets without an Ethernet header as such. A port of type
\`legacy_l3\`, which \`lisp\`, \`gtpu\` and \`bareudp\` tunnels are unless they say otherwise, puts one before them.`,
  example: {
    bad: program('legacy_l2', 'match { in_port = g; packet_type = ipv4 } action { drop }'),
    good: program('ptap', 'match { in_port = g; packet_type = ipv4 } action { drop }'),
  },
});

export const bareOutput = define<{ port: string }>({
  code: 'WBF4350',
  severity: 'warning',
  title: 'Packet that the port drops',
  message: ({ port }) => `the packet has no Ethernet header here, and \`${port}\` drops such packets`,
  explanation: `Ports send Ethernet, but for tunnels of \`packet_type\` \`legacy_l3\` or \`ptap\`. The switch drops anything else: "Trying to send non-Ethernet packet
through legacy L2 port".`,
  example: {
    bad: program('legacy_l2', 'match { ip } action { decap; output g }'),
    good: program('ptap', 'match { ip } action { decap; output g }'),
  },
});
