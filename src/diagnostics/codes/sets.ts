/** WBF33xx: sets, ranges, negation and alternatives in a match. */
import { define } from '../define.ts';

/** Wraps a match into a program, for examples. */
const flow = (match: string, attributes = ''): string =>
  `table t = 0 { miss = drop; flow f { ${attributes}match { ${match} } action { drop } } }\n`;

export const noValueLeft = define<{ field: string }>({
  code: 'WBF3301',
  title: 'Set without a value',
  message: ({ field }) => `there is no value that \`${field}\` could have`,
  explanation: `The set is empty, or everything is taken out of it, so no packet could match. A flow that never matches is not worth installing; leave it out, or correct the set.`,
  example: { bad: flow('tcp; tcp_dst in {}'), good: flow('tcp; tcp_dst in {80, 443}') },
});

export const reversedRange = define<{ from: string; to: string }>({
  code: 'WBF3302',
  title: 'Range from high to low',
  message: ({ from, to }) => `a range goes from the lower to the higher value, and ${from} is above ${to}`,
  explanation: `\`8000-8999\` is every value from 8000 to 8999, both included. Nothing lies between two ends in the other order.`,
  example: { bad: flow('tcp; tcp_dst in 8999-8000'), good: flow('tcp; tcp_dst in 8000-8999') },
});

export const rangeOfKinds = define<{ from: string; to: string }>({
  code: 'WBF3303',
  title: 'Range between different kinds of values',
  message: ({ from, to }) => `a range has two ends of one kind, and these are ${from} and ${to}`,
  explanation: `Registers and metadata can hold addresses and numbers alike. A range over them needs two ends that are written in the same way.`,
  example: { bad: flow('reg0 in 10.0.0.1..20'), good: flow('reg0 in 10.0.0.1-10.0.0.20') },
});

export const badRangeEnd = define<{ found: string }>({
  code: 'WBF3304',
  title: 'End of a range that is not one value',
  message: ({ found }) => `an end of a range is one value, and this is ${found}`,
  explanation: `A range counts from one value to another. A value with a mask, a set of flags, or a port whose number only the switch knows has no place in an order.`,
  example: {
    bad: flow('ip; ip_src in 10.0.0.0/24..10.0.1.9'),
    good: flow('ip; ip_src in {10.0.0.0/24, 10.0.1.0-10.0.1.9}'),
  },
});

export const elementTwice = define<{ element: string }>({
  code: 'WBF3305',
  severity: 'warning',
  title: 'Element that is in the set already',
  message: ({ element }) => `\`${element}\` is in the set already`,
  explanation: `Another element of the same set contains it. It changes nothing: elements that overlap or touch become one before the set is made into flows.`,
  example: { bad: flow('tcp; tcp_dst in {80, 81, 80}'), good: flow('tcp; tcp_dst in {80, 81}') },
});

export const everyValue = define<{ field: string }>({
  code: 'WBF3306',
  severity: 'warning',
  title: 'Set of every value',
  message: ({ field }) => `every value of \`${field}\` is in the set, so the term says nothing`,
  explanation: `All values that the field can have match, so the flow matches the same packets without the term, and no term is sent. Where the range should leave something out, correct it; else remove the term.`,
  example: { bad: flow('tcp; tcp_dst in 0-65535'), good: flow('tcp; tcp_dst in 1-65535') },
});

export const notNegatable = define<{ field: string; operator: string }>({
  code: 'WBF3307',
  title: 'Negation of a field without masks',
  message: ({ field, operator }) =>
    `\`${operator}\` needs masks, and \`${field}\` can only be matched with one value at a time`,
  explanation: `The switch knows no negation. Where a field can be matched under a mask, \`!=\` becomes a few flows with masks; other fields would need a flow for each of the other values.

Write a flow of higher priority for the exception, and this one without the term. Or name the values that are meant, of which some can then be taken out: \`nw_ttl in 1-9; nw_ttl != 5\`.`,
  example: { bad: flow('ip; nw_ttl != 1'), good: flow('ip; nw_ttl in 2-9') },
});

export const nothingInCommon = define<{ field: string }>({
  code: 'WBF3308',
  title: 'Terms on one field that leave no value',
  message: ({ field }) => `these terms leave no value that \`${field}\` could have`,
  explanation: `Several terms on one field, of which at least one is a set, a range or a negation, all have to hold. Here no value is in all of them, so no packet could match.`,
  example: {
    bad: flow('tcp; tcp_dst in 1-99; tcp_dst != 1-99'),
    good: flow('tcp; tcp_dst in 1-99; tcp_dst != 80'),
  },
});

export const tooManyFlows = define<{ flows: string; limit: number; term: string; values: string }>({
  code: 'WBF3309',
  title: 'Flow that becomes too many',
  message: ({ flows, limit, term, values }) =>
    `this flow would become ${flows} flows (the limit is ${limit}): \`${term}\` alone has ${values} values`,
  explanation: `Each combination of the values of a flow's terms is a flow on the switch. What a line of source may become is limited, so that a slip of the pen fills no table.

Write the set with ranges or masks where the field can be matched under a mask, split the match over two tables, or raise the limit: \`program p { max_expansion = 100000 }\`.`,
  example: {
    bad: flow('in_port in 1-5000'),
    good: 'program p { max_expansion = 5000 }\n' + flow('in_port in 1-5000'),
  },
});

export const noConjunction = define<{ why: string }>({
  code: 'WBF3310',
  title: 'Flow that cannot be a conjunction',
  message: ({ why }) => `this flow cannot be expanded into a conjunction: ${why}`,
  explanation: `\`expand = conjunction\` makes of a flow with two or more terms of several values one flow for each value of each term, which say \`conjunction(id, k/n)\`, and one with \`conj_id = id\` that has the actions (ovs-fields(7), "Conjunctive Match Fields"). It needs two such terms, OpenFlow other than 1.1, and a flow without \`idle_timeout\` (the flows of the terms count no packets, so they would expire while in use), without \`check_overlap\` (they overlap by nature), and without a conjunction of its own.`,
  example: {
    bad: flow('tcp; tcp_dst in {80, 443}', 'expand = conjunction; '),
    good: flow('tcp; tcp_src in {1, 2, 3}; tcp_dst in {80, 443, 8080}', 'expand = conjunction; '),
  },
});

export const overlappingConjunctions = define<{ priority: number }>({
  code: 'WBF3311',
  severity: 'warning',
  title: 'Conjunctions that overlap',
  message: ({ priority }) =>
    `a packet can match this conjunction and another one of priority ${priority}: which one wins is not defined`,
  explanation: `Both flows become conjunctions, in one table and of one priority, with different actions, and some packets match both. The switch takes either (ovs-fields(7), "Conjunctive Match Fields"), and it need not be the same one tomorrow. Give one of them a higher priority, or narrow its match.`,
  example: {
    bad: `table t = 0 { miss = drop
  flow a { expand = conjunction; match { tcp; tcp_src in {1, 2, 4}; tcp_dst in {80, 443} } action { normal } }
  flow b { expand = conjunction; match { tcp; tcp_src in {4, 8, 16}; tcp_dst in {22, 443} } action { drop } }
}
`,
    good: `table t = 0 { miss = drop
  flow a { expand = conjunction; match { tcp; tcp_src in {1, 2, 4}; tcp_dst in {80, 443} } action { normal } }
  flow b { priority = 40000; expand = conjunction; match { tcp; tcp_src in {4, 8, 16}; tcp_dst in {22, 443} } action { drop } }
}
`,
  },
});

export const notAProtocolValue = define<{ found: string }>({
  code: 'WBF3312',
  title: 'Not a protocol',
  message: ({ found }) => `\`protocol\` is compared with protocols, and this is ${found}`,
  explanation: `\`protocol in {tcp, udp6}\` takes the words that stand alone in a match: \`tcp\`, \`udp6\`, \`icmp\`, \`arp\` … Other protocols are numbers of \`ip_proto\` and \`eth_type\`.`,
  example: { bad: flow('protocol in {tcp, 17}'), good: flow('protocol in {tcp, udp}') },
});

export const protocolNegated = define<{ operator: string }>({
  code: 'WBF3313',
  title: 'Negated protocol',
  message: ({ operator }) => `there is no \`${operator}\` for protocols`,
  explanation: `A protocol stands for an EtherType and often an IP protocol, neither of which can be matched under a mask: "anything but TCP" would be a flow for each of the others. Write a flow of higher priority for the exception.`,
  example: { bad: flow('protocol != tcp'), good: flow('protocol in {udp, icmp}') },
});

export const oneValueOnly = define<{ what: string }>({
  code: 'WBF3314',
  title: 'Several values where there is one',
  message: ({ what }) => `${what} one value`,
  explanation: `The match of a \`learn\` action is a template for one flow, and the packet of a test is one packet: every field in them has one value. Sets, ranges and negation are for the match of a flow.`,
  example: {
    bad: 'table t = 0 { miss = drop; flow f { match {} action { learn(table = 1) { match { eth_dst in {02:00:00:00:00:01} } action { output pkt.in_port } } } } }\ntable u = 1 { miss = drop }\n',
    good: 'table t = 0 { miss = drop; flow f { match {} action { learn(table = 1) { match { eth_dst = 02:00:00:00:00:01 } action { output pkt.in_port } } } } }\ntable u = 1 { miss = drop }\n',
  },
});

export const severalValues = define<{ found: string }>({
  code: 'WBF3315',
  title: 'Several values for one place',
  message: ({ found }) => `one value is needed here, and this is ${found}`,
  explanation: `Sets and ranges stand in a match, where any of their values may match: \`tcp_dst in {80, 443, 8000-8999}\`. What is written, or given to an action, is one value.`,
  example: {
    bad: 'flow { match { tcp } action { tcp_dst = {80, 443}; normal } }\n',
    good: 'flow { match { tcp } action { tcp_dst = 80; normal } }\n',
  },
});
