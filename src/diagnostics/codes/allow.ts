/** WBF54xx: `allow`, by which a flow says that what we would complain about is meant. */
import { define } from '../define.ts';

const flow = (attributes: string, match: string): string =>
  `table t = 0 {\n  miss = drop\n  flow f { ${attributes}match { ${match} } action { drop } }\n}\n`;

export const notACode = define<{ found: string }>({
  code: 'WBF5401',
  title: 'not the code of a diagnostic',
  message: ({ found }) =>
    `\`allow\` takes codes such as \`WBF3014\`, or a list of them, and this is ${found}`,
  explanation: `\`allow = WBF3014\` and \`allow = [WBF3014, WBF4101]\` turn diagnostics off at one flow. Every diagnostic has a code, which stands
beside its message.`,
  example: {
    bad: flow('allow = "warnings"; ', 'metadata = 0/0'),
    good: flow('allow = WBF3014; ', 'metadata = 0/0'),
  },
});

export const unknownCode = define<{ code: string; suggestion?: string | undefined }>({
  code: 'WBF5402',
  severity: 'warning',
  allowable: false,
  title: 'a code that does not exist',
  message: ({ code, suggestion }) =>
    `nothing is ever said of a flow under the code \`${code}\`${suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`}`,
  explanation: `\`allow\` names the codes of diagnostics about flows. \`wbfc explain\` lists all codes.`,
  example: {
    bad: flow('allow = [WBF3014, WBF3999]; ', 'metadata = 0/0'),
    good: flow('allow = [WBF3014]; ', 'metadata = 0/0'),
  },
});

export const notAllowable = define<{ code: string }>({
  code: 'WBF5403',
  severity: 'warning',
  allowable: false,
  title: 'a diagnostic that cannot be turned off',
  message: ({ code }) =>
    `\`${code}\` cannot be allowed: no switch could be given such a flow, or none would take it`,
  explanation: `\`allow\` turns off warnings, and errors where we are stricter than the switch. Where the switch would refuse the flow or
do something else than is written, or where it is not known what is meant, the flow has to be changed.`,
  example: {
    bad: flow('allow = [WBF3001, WBF3014]; ', 'metadata = 0/0'),
    good: flow('allow = [WBF3014]; ', 'metadata = 0/0'),
  },
});

export const nothingToAllow = define<{ code: string }>({
  code: 'WBF5404',
  severity: 'warning',
  allowable: false,
  title: 'a diagnostic turned off that would not be there',
  message: ({ code }) => `\`${code}\` would not be reported here: there is nothing to allow`,
  explanation: `What is turned off at a flow should be there: else the next mistake of this kind goes unseen.`,
  example: {
    bad: flow('allow = WBF3014; ', 'metadata = 0'),
    good: flow('', 'metadata = 0'),
  },
});
