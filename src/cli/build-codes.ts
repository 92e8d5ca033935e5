/** What can be wrong with a program only when it is to be written in some form. WBF80xx. */
import { define } from '../diagnostics/define.ts';

export const noText = define({
  code: 'WBF8001',
  title: 'a flow that ovs-ofctl cannot read',
  message: () => 'this flow cannot be written for ovs-ofctl',
  explanation: `The flow is right and the switch takes it, but the text format of ovs-ofctl has no way to say it, or ovs-ofctl
would send something else than what the text says. \`wbfc push\` and \`--emit bundle\` speak to the switch directly and have no
such limits.`,
});
