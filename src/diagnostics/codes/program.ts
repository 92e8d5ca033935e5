/** WBF5xxx: declarations, tables, flows and their identity. */
import { define } from '../define.ts';

const table = (flows: string): string => `table t = 0 {\n  miss = drop\n  ${flows}\n}\n`;

export const duplicateName = define<{ name: string; what: string }>({
  code: 'WBF5001',
  title: 'Name declared twice',
  message: ({ name, what }) => `there is already ${what} called \`${name}\``,
  explanation:
    'Constants, ports, registers and tables share one name space, so that a name means one thing. Groups have one of their own, and so have meters.',
  example: { bad: 'const a = 1\nconst a = 2\n', good: 'const a = 1\nconst b = 2\n' },
});

export const reservedName = define<{ name: string; what: string }>({
  code: 'WBF5002',
  title: 'Reserved name',
  message: ({ name, what }) => `\`${name}\` is ${what} and cannot be declared`,
  explanation:
    'Names of fields, protocols, reserved ports and well-known values always mean themselves. A declaration of the same name would make a program read differently from what it does.',
  example: { bad: 'const tcp = 6\n', good: 'const my_proto = 6\n' },
});

export const constantCycle = define<{ name: string }>({
  code: 'WBF5003',
  title: 'Constant that stands for itself',
  message: ({ name }) => `\`${name}\` stands for itself`,
  explanation: 'Following the constants in its value leads back to it, so it has no value.',
  example: { bad: 'const a = b\nconst b = a\n', good: 'const a = 1\nconst b = a\n' },
});

export const constantTooDeep = define<{ name: string; max: number }>({
  code: 'WBF5015',
  title: 'Constant too far from its value',
  message: ({ name, max }) => `\`${name}\` stands for another constant, and so on ${max} times`,
  explanation:
    'A chain of constants is followed for a hundred steps. A longer one is more likely a mistake of a generator.',
});

export const duplicateNumber = define<{ what: string; number: number | string; other: string }>({
  code: 'WBF5004',
  title: 'Number used twice',
  message: ({ what, number, other }) => `${what} ${number} is already \`${other}\``,
  explanation: 'Two tables, ports, groups or meters with one number would be the same thing under two names.',
  example: {
    bad: 'table a = 0 { miss = goto b }\ntable b = 0 { miss = drop }\n',
    good: 'table a = 0 { miss = goto b }\ntable b = 1 { miss = drop }\n',
  },
});

export const registerOverlap = define<{ name: string; other: string }>({
  code: 'WBF5005',
  title: 'Registers that overlap',
  message: ({ name, other }) => `\`${name}\` and \`${other}\` share bits`,
  explanation:
    'Writing one would change the other: `xreg0` is `reg0` and `reg1`, `xxreg0` is `reg0` to `reg3`. If that is what is meant, end the second declaration with `alias`.',
  example: {
    bad: 'register a = reg0[0..15]\nregister b = reg0[8..23]\n',
    good: 'register a = reg0[0..15]\nregister b = reg0[16..31]\n',
  },
});

export const notARegister = define<{ what: string }>({
  code: 'WBF5006',
  title: 'Not a register',
  message: ({ what }) => `${what} is no place to keep something`,
  explanation:
    'A register is some bits of `reg0` to `reg15`, `xreg0` to `xreg7`, `xxreg0` to `xxreg3`, `metadata` or `pkt_mark`.',
  example: { bad: 'register a = tcp_dst\n', good: 'register a = reg0[0..15]\n' },
});

export const duplicateProgram = define({
  code: 'WBF5008',
  title: 'Program declared twice',
  message: () => 'a file declares one program',
  explanation: 'The `program` declaration says whose flows these are; there is one.',
  example: { bad: 'program a { id = 1 }\nprogram b { id = 2 }\n', good: 'program a { id = 1 }\n' },
});

export const unknownProperty = define<{ name: string; of: string; suggestion?: string | undefined }>({
  code: 'WBF5009',
  title: 'Unknown property',
  message: ({ name, of, suggestion }) =>
    `${of} has no \`${name}\`${suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`}`,
  explanation: 'The name is not one of the properties that can stand here.',
  example: {
    bad: table('flow f { prio = 5; match {} action { drop } }'),
    good: table('flow f { priority = 5; match {} action { drop } }'),
  },
});

export const duplicateProperty = define<{ name: string }>({
  code: 'WBF5010',
  title: 'Property given twice',
  message: ({ name }) => `\`${name}\` is given twice`,
  explanation: 'Only one of the two could hold.',
  example: {
    bad: table('flow f { priority = 5; priority = 6; match {} action { drop } }'),
    good: table('flow f { priority = 5; match {} action { drop } }'),
  },
});

export const notAProperty = define<{ of: string; form: string }>({
  code: 'WBF5011',
  title: 'Not a property',
  message: ({ of, form }) => `${of} has properties: write \`${form}\``,
  explanation: 'Here stand properties with values, one a line.',
  example: {
    bad: table('flow f { tcp; match {} action { drop } }'),
    good: table('flow f { match { tcp } action { drop } }'),
  },
});

export const badPropertyValue = define<{ name: string; allowed: string; suggestion?: string | undefined }>({
  code: 'WBF5012',
  title: 'Value that a property does not take',
  message: ({ name, allowed, suggestion }) =>
    `\`${name}\` is ${allowed}${suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`}`,
  explanation: 'The property takes other values than this one.',
});

export const twoIdentities = define({
  code: 'WBF5013',
  title: 'Program with two cookie spaces',
  message: () => '`id` and `cookies` both say which cookies are ours',
  explanation:
    'A program owns the flows whose cookies are in its space. `id` gives it the usual one, the upper 20 bits; `cookies` names another. One of them is enough.',
  example: {
    bad: 'program a { id = 1; cookies = 0x1000000000000/0xffff000000000000 }\n',
    good: 'program a { cookies = 0x1000000000000/0xffff000000000000 }\n',
  },
});

export const cookieBits = define<{ space: string }>({
  code: 'WBF5014',
  severity: 'warning',
  title: 'Cookie space with bits outside its mask',
  message: ({ space }) => `bits outside the mask are not looked at: the space is ${space}`,
  explanation:
    'A cookie belongs to the space when it agrees with the value in all bits of the mask, as in `cookie=VALUE/MASK` of ovs-ofctl. Other bits of the value say nothing.',
  example: {
    bad: 'program b { cookies = 0x1030000000000/0xffff000000000000 }\n',
    good: 'program b { cookies = 0x1000000000000/0xffff000000000000 }\n',
  },
});

export const noMatch = define({
  code: 'WBF5101',
  title: 'Flow without a match',
  message: () => 'this flow has no `match`',
  explanation:
    'A flow that matches every packet says so: `match {}`. An absent match is more often forgotten than meant.',
  example: { bad: table('flow f { action { drop } }'), good: table('flow f { match {} action { drop } }') },
});

export const noAction = define({
  code: 'WBF5102',
  title: 'Flow without an action',
  message: () => 'this flow has no `action`',
  explanation: 'A flow that drops packets says so: `action { drop }`.',
  example: {
    bad: table('flow f { match { tcp } }'),
    good: table('flow f { match { tcp } action { drop } }'),
  },
});

export const severalBlocks = define<{ keyword: string }>({
  code: 'WBF5103',
  title: 'Block given twice',
  message: ({ keyword }) => `this flow has a second \`${keyword}\``,
  explanation:
    'A flow has one `action`; all it does stands there. (Several `match` blocks are fine: any of them may match.)',
  example: {
    bad: table('flow f { match { tcp } action { tcp_dst = 80 } action { normal } }'),
    good: table('flow f { match { tcp } action { tcp_dst = 80; normal } }'),
  },
});

export const duplicateFlow = define<{ priority: number }>({
  code: 'WBF5104',
  title: 'Two flows with the same match',
  message: ({ priority }) => `another flow of this table has the same match and priority ${priority}`,
  explanation:
    'A table holds one flow for each match and priority. The switch would let the later one replace the earlier one without a word, in a bundle too.',
  example: {
    bad: table('flow a { match { tcp } action { drop } }\n  flow b { match { tcp } action { normal } }'),
    good: table('flow a { match { tcp } action { drop } }\n  flow b { match { udp } action { normal } }'),
  },
});

export const duplicateFlowName = define<{ name: string }>({
  code: 'WBF5105',
  title: 'Two flows with the same name',
  message: ({ name }) => `this table already has a flow called \`${name}\``,
  explanation:
    'A flow is known on the switch by a cookie that is made from the names of its table and of itself.',
  example: {
    bad: table('flow a { match { tcp } action { drop } }\n  flow a { match { udp } action { drop } }'),
    good: table('flow a { match { tcp } action { drop } }\n  flow b { match { udp } action { drop } }'),
  },
});

export const cookieCollision = define({
  code: 'WBF5106',
  title: 'Two flows with the same cookie',
  message: () => 'by chance, another flow has been given the same cookie',
  explanation:
    'Cookies are made by hashing names to 43 bits. Two names fell together; rename one of the flows, or state its `cookie`.',
});

export const reservedCookie = define({
  code: 'WBF5107',
  allowable: true,
  title: 'Reserved cookie',
  message: () => 'a cookie of all ones is reserved',
  explanation: `Open vSwitch takes 0xffffffffffffffff to mean "leave the cookie as it is". With that cookie in a \`learn\`, \`ovs-vswitchd\` ends when the first packet
is learned from (seen on 3.1.0).`,
  example: {
    bad: table('flow a { cookie = 0xffffffffffffffff; match {} action { drop } }'),
    good: table('flow a { match {} action { drop } }'),
  },
});

export const foreignCookie = define<{ space: string }>({
  code: 'WBF5108',
  severity: 'warning',
  title: 'Cookie outside the program',
  message: ({ space }) =>
    `this cookie is not one of the program's (${space}): a later push will not know the flow as its own`,
  explanation:
    'A push replaces the flows that have a cookie of its program, and leaves all others alone. A flow with another cookie is added by every push and removed by none.',
});

export const noMiss = define<{ name: string }>({
  code: 'WBF5109',
  severity: 'warning',
  title: 'Table without a miss',
  message: ({ name }) => `table \`${name}\` does not say what happens to packets that no flow matches`,
  explanation:
    'OpenFlow 1.3 and newer drop such packets, OpenFlow 1.0 sends them to the controller. Say which: `miss = drop`, `miss = controller`, `miss = goto next`.',
  example: { bad: 'table t = 0 {\n}\n', good: 'table t = 0 {\n  miss = drop\n}\n' },
});

export const flowTooLarge = define<{ bytes: number }>({
  code: 'WBF5110',
  title: 'Flow larger than a message',
  message: ({ bytes }) => `this flow takes ${bytes} bytes, and a message in a bundle has room for 65519`,
  explanation:
    'The length of an OpenFlow message is a 16-bit number. ovs-ofctl (a bug, seen on 3.1.0) sends such a flow with a wrapped length: the switch drops the connection, or refuses the bundle for another reason. Split the work over several tables, or use a group.',
});

export const flowNotListed = define<{ bytes: number }>({
  code: 'WBF5118',
  severity: 'warning',
  title: 'Flow that the switch does not list',
  message: ({ bytes }) =>
    `this flow takes ${bytes} bytes: Open vSwitch 3.1.0 installs it and leaves it out of its list in OpenFlow 1.5`,
  explanation:
    'A bug of Open vSwitch (seen on 3.1.0): flows of more than 65472 bytes do what they say, and `ovs-ofctl -O OpenFlow15 dump-flows` does not show them, nor does a comparison with what is installed. Split the work over several tables, or use a group.',
});

export const overlappingFlow = define<{ priority: number }>({
  code: 'WBF5111',
  title: 'Flow that overlaps another one',
  message: ({ priority }) =>
    `a packet could match this flow and another one of priority ${priority}, and \`check_overlap\` forbids it`,
  switchError: 'OFPFMFC_OVERLAP',
  explanation:
    'With the flag `check_overlap` the switch refuses a flow if the table has another one of the same priority that some packet could match too. Give one of the two another priority, or make their matches exclude each other.',
  example: {
    bad: table(
      'flow a { match { tcp } action { drop } }\n  flow b { flags = [check_overlap]; match { ip } action { drop } }',
    ),
    good: table(
      'flow a { match { tcp } action { drop } }\n  flow b { flags = [check_overlap]; match { udp } action { drop } }',
    ),
  },
});
