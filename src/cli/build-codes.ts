/** What can be wrong with a program only when it is to be written in some form. WBF80xx. */
import { define } from '../diagnostics/define.ts';

export const noText = define<{ what: 'flow' | 'group' }>({
  code: 'WBF8001',
  title: 'a flow or group that ovs-ofctl cannot read',
  message: ({ what }) => `this ${what} cannot be written for ovs-ofctl`,
  explanation: `The flow (or the group) is right and the switch takes it, but the text format of ovs-ofctl has no way to say it, or ovs-ofctl
would send something else than what the text says. \`wbfc push\` and \`--emit bundle\` speak to the switch directly and have no
such limits.`,
});

export const badPort = define<{ why: string }>({
  code: 'WBF8002',
  title: 'a port that cannot be read',
  message: ({ why }) => `this tells no port: ${why}`,
  explanation: `\`--ports FILE\` tells which numbers the ports of a switch have. The file has a line for each, with the name of the interface and its
number, \`eth0 1\` or \`eth0 = 1\`, and comments behind \`#\`; or it is what \`ovs-ofctl show BRIDGE\` prints; or JSON, \`{"eth0": 1}\`.`,
});
