/** How actions are written. WBF42xx. */
import { define } from '../define.ts';

/** `; did you mean …`, or nothing. */
const didYouMean = (suggestion: string | undefined): string =>
  suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`;

export const unknownAction = define<{ name: string; suggestion?: string | undefined }>({
  code: 'WBF4201',
  title: 'unknown action',
  message: ({ name, suggestion }) => `there is no action called \`${name}\`${didYouMean(suggestion)}`,
  explanation: `Actions have the names of ovs-actions(7): \`output\`, \`resubmit\`, \`ct\`, \`dec_ttl\` and so on; the
reserved ports are actions too (\`normal\`, \`flood\`). A field is written with \`field = value\`.`,
  example: {
    bad: 'flow { match {}; action { outptu 1 } }',
    good: 'flow { match {}; action { output 1 } }',
  },
});

/** `instead` has its own quotes. */
export const otherWay = define<{ name: string; instead: string }>({
  code: 'WBF4202',
  title: 'an action that is written another way',
  message: ({ name, instead }) => `\`${name}\` is written another way here: ${instead}`,
  explanation: `There is one way to say a thing. Every write to a field is \`field = value\`, whatever ovs-actions(7) calls
it (\`set_field\`, \`load\`, \`mod_dl_src\`, \`set_tunnel\`), and every copy \`field = field\`; the compiler
chooses the action that fits the OpenFlow version. A jump is \`goto\`.`,
  example: {
    bad: 'flow { match {}; action { mod_dl_src 00:00:00:00:00:01; normal } }',
    good: 'flow { match {}; action { eth_src = 00:00:00:00:00:01; normal } }',
  },
});

export const debugAction = define<{ name: string }>({
  code: 'WBF4213',
  title: 'an action for testing Open vSwitch itself',
  message: ({ name }) => `\`${name}\` is for tests of Open vSwitch itself: a switch in use refuses it`,
  switchError: 'OFPBAC_BAD_VENDOR_TYPE',
  explanation: `\`debug_recirc\` and \`debug_slow\` make the switch go ways that the tests of Open vSwitch want to see. Only an
\`ovs-vswitchd\` that runs with \`--enable-dummy\` takes them, and then \`ovs-ofctl\` (seen on 3.1.0) can no longer list
the flows of the bridge.`,
  example: {
    bad: 'flow { match {}; action { debug_recirc; normal } }',
    good: 'flow { match {}; action { normal } }',
  },
});

export const notAnAction = define<{ name: string; kind: string; instead: string | undefined }>({
  code: 'WBF4204',
  title: 'a name that is no action',
  message: ({ name, kind, instead }) =>
    `\`${name}\` is ${kind}, not an action${instead === undefined ? ': it belongs into the match' : `: write \`${instead}\``}`,
  explanation: `A statement in \`action\` begins with the name of an action, or writes a field with \`=\`. Ports are sent to
with \`output\`, tables are gone to with \`goto\` or \`resubmit\`, protocols are asked for in the \`match\`.`,
  example: {
    bad: 'port uplink = 1\nflow { match {}; action { uplink } }',
    good: 'port uplink = 1\nflow { match {}; action { output uplink } }',
  },
});

export const missingPart = define<{ action: string; what: string; form: string }>({
  code: 'WBF4205',
  title: 'an action without what it needs',
  message: ({ action, what, form }) => `\`${action}\` needs ${what}: ${form}`,
  explanation: `The message shows the form of the action; words in capitals stand for values. Arguments in parentheses are
separated by commas, and those with a name may come in any order.`,
  example: {
    bad: 'flow { match {}; action { set_queue } }',
    good: 'flow { match {}; action { set_queue 5 } }',
  },
});

export const unexpectedPart = define<{ action: string; what: string; form: string }>({
  code: 'WBF4206',
  title: 'an action with something that it does not take',
  message: ({ action, what, form }) => `\`${action}\` does not take ${what}: ${form}`,
  explanation: `The message shows the form of the action; words in capitals stand for values. Most arguments have a name:
\`enqueue(port = 2, queue = 1)\`.`,
  example: {
    bad: 'flow { match { ip }; action { ct_clear 5 } }',
    good: 'flow { match { ip }; action { ct_clear } }',
  },
});

export const argumentTwice = define<{ action: string; argument: string }>({
  code: 'WBF4207',
  title: 'an argument twice',
  message: ({ action, argument }) => `\`${action}\` has \`${argument}\` twice`,
  explanation: `Each argument of an action is given at most once. \`ovs-ofctl\` takes the last of several without a word.`,
  example: {
    bad: 'flow { match { ip }; action { ct(zone = 1, zone = 2) } }',
    good: 'flow { match { ip }; action { ct(zone = 2) } }',
  },
});

export const unknownArgument = define<{
  action: string;
  argument: string;
  form: string;
  suggestion?: string | undefined;
}>({
  code: 'WBF4208',
  title: 'unknown argument',
  message: ({ action, argument, form, suggestion }) =>
    `\`${action}\` has no argument \`${argument}\`${suggestion === undefined ? `: ${form}` : didYouMean(suggestion)}`,
  explanation: `The arguments of an action have the names of ovs-actions(7). \`wbfc explain\` and hover show the form of
each action.`,
  example: {
    bad: 'flow { match { ip }; action { ct(comit) } }',
    good: 'flow { match { ip }; action { ct(commit) } }',
  },
});

export const flagWithValue = define<{ action: string; flag: string }>({
  code: 'WBF4209',
  title: 'a flag with a value',
  message: ({ action, flag }) => `\`${flag}\` of \`${action}\` is there or not: it has no value`,
  explanation: `A flag is set by naming it, \`ct(commit)\`, and not set by leaving it out. There is no third possibility that a
value could tell.`,
  example: {
    bad: 'flow { match { ip }; action { ct(commit = 1) } }',
    good: 'flow { match { ip }; action { ct(commit) } }',
  },
});

export const badWord = define<{ what: string; found: string; words: readonly string[] }>({
  code: 'WBF4210',
  title: 'not one of the words that may stand here',
  message: ({ what, found, words }) =>
    `${what} is one of ${words.map((w) => `\`${w}\``).join(', ')}, and this is ${found}`,
  explanation: `Some arguments take one of a few words, without quotes: \`controller(reason = no_match)\`, \`ct(alg =
ftp)\`.`,
  example: {
    bad: 'flow { match {}; action { controller(reason = miss) } }',
    good: 'flow { match {}; action { controller(reason = no_match) } }',
  },
});

export const badBytes = define<{ what: string; why: string }>({
  code: 'WBF4211',
  title: 'bytes that cannot be read',
  message: ({ what, why }) => `${what} is a text of pairs of hexadecimal digits: ${why}`,
  explanation: `Bytes are written as hexadecimal digits in double quotes, in pairs, which dots may separate: \`note
"01.02.ab"\`, \`controller(userdata = "0102ab")\`.`,
  example: {
    bad: 'flow { match {}; action { note "1.2.3"; normal } }',
    good: 'flow { match {}; action { note "01.02.03"; normal } }',
  },
});

export const unknownCall = define<{ name: string; suggestion?: string | undefined }>({
  code: 'WBF4212',
  title: 'a call that gives no value',
  message: ({ name, suggestion }) => `\`${name}(…)\` gives no value${didYouMean(suggestion)}`,
  explanation: `On the right of \`=\` stands a constant, a field, or one of the actions that give a value:
\`check_pkt_larger(LENGTH)\`, \`bundle_load(…)\` and \`multipath(…)\`.`,
  example: {
    bad: 'flow { match {}; action { reg0[0] = packet_larger(1500); normal } }',
    good: 'flow { match {}; action { reg0[0] = check_pkt_larger(1500); normal } }',
  },
});
