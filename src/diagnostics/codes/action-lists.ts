/** Lists of actions, blocks and instructions. WBF43xx. */
import { define } from '../define.ts';

export const noActions = define({
  code: 'WBF4301',
  title: 'a flow that does nothing',
  message: () => 'this block is empty: a flow that does nothing says `drop`',
  explanation: `To OpenFlow, a flow without actions drops its packets. So that nothing is dropped by an oversight, it is
written out: \`action { drop }\`.`,
  example: {
    bad: 'flow { match {}; action {} }',
    good: 'flow { match {}; action { drop } }',
  },
});

export const emptyBlock = define<{ action: string }>({
  code: 'WBF4302',
  severity: 'warning',
  title: 'an empty block',
  message: ({ action }) => `\`${action}\` with an empty block does nothing more than without it`,
  explanation: `An empty \`write_actions\` or \`clone\` has no effect, and the switch forgets the former altogether. Remove
it; to empty the action set write \`clear_actions\`.`,
  example: {
    bad: 'flow { match {}; action { clone {}; normal } }',
    good: 'flow { match {}; action { clone { output 1 }; normal } }',
  },
});

export const dropWithCompany = define({
  code: 'WBF4303',
  title: '`drop` beside other actions',
  message: () => '`drop` does not stand beside anything else: it is the absence of actions',
  explanation: `There is no action that drops a packet: it is dropped when nothing sends it anywhere. So \`drop\` cannot
take back an \`output\` before it, nor stop what an earlier table has put into the action set: behind
\`write_actions\` and \`goto\` the packet leaves all the same. \`clear_actions\` empties the action set.`,
  example: {
    bad: 'flow { match {}; action { output 1; drop } }',
    good: 'flow { match {}; action { output 1 } }',
  },
});

export const dropInside = define<{ action: string }>({
  code: 'WBF4304',
  title: '`drop` inside a block of actions',
  message: ({ action }) => `\`drop\` in \`${action}\` does nothing: the packet is not dropped by it`,
  explanation: `\`drop\` is the absence of actions, and a block that contains it is an empty one: \`ovs-ofctl\` makes
\`drop\` of \`write_actions(drop)\` without a word. To take back what is in the action set write
\`clear_actions\`.`,
  example: {
    bad: 'flow { match {}; action { write_actions { drop } } }',
    good: 'flow { match {}; action { clear_actions } }',
  },
});

export const executedEarlier = define<{ what: string; instruction: string }>({
  code: 'WBF4305',
  title: 'a statement that is executed before what stands above it',
  message: ({ what, instruction }) =>
    `${what} stands behind \`${instruction}\`, and the switch would execute it before`,
  explanation: `A flow does its actions first; then come \`clear_actions\`, \`write_actions\`, \`write_metadata\` and
\`goto\`, in this order, whatever the order they are written in (OpenFlow 1.5.1 §5.5). Here the order of the
source is the order of execution, so that one can read what happens.

The switch sorts them without a word; \`ovs-ofctl\` refuses another order.`,
  example: {
    bad: 'flow { match {}; action { write_metadata 5; output 1 } }',
    good: 'flow { match {}; action { output 1; write_metadata 5 } }',
  },
});

export const instructionTwice = define<{ name: string }>({
  code: 'WBF4306',
  title: 'an instruction twice',
  message: ({ name }) => `a flow has one \`${name}\` at most`,
  switchError: 'OFPBIC_DUP_INST',
  explanation: `\`clear_actions\`, \`write_actions\`, \`write_metadata\` and \`goto\` are instructions, of which a flow has
at most one each. Put everything that is to be written into one \`write_actions\`. To look the packet up in
several tables use \`resubmit\`.`,
  example: {
    bad: 'flow { match {}; action { write_metadata 0x1/0xf; write_metadata 0x10/0xf0 } }',
    good: 'flow { match {}; action { write_metadata 0x11/0xff } }',
  },
});

export const instructionInside = define<{ instruction: string; action: string }>({
  code: 'WBF4307',
  title: 'an instruction inside a block of actions',
  message: ({ instruction, action }) =>
    `\`${instruction}\` cannot stand in \`${action}\`: it belongs to the flow as a whole`,
  switchError: 'OFPBIC_UNSUP_INST',
  explanation: `Blocks hold actions, and \`clear_actions\`, \`write_actions\`, \`write_metadata\` and \`goto\` are
instructions of the flow. In a block, \`resubmit(,TABLE)\` goes to another table and \`metadata = …\` writes
the metadata.`,
  example: {
    bad: 'flow { match {}; action { clone { write_metadata 5 }; normal } }',
    good: 'flow { match {}; action { clone { metadata = 5; output 1 }; normal } }',
  },
});

export const notInActionSet = define<{ action: string; form?: boolean }>({
  code: 'WBF4308',
  title: 'an action that an action set does not take',
  message: ({ action, form }) =>
    `${form === true ? `this form of \`${action}\`` : `\`${action}\``} cannot stand in \`write_actions\``,
  switchError: 'OFPBAC_BAD_TYPE',
  explanation: `An action set holds at most one action of each kind and has an order of its own, so not every action can be
in it (ovs-actions(7), "Action Sets"): writes and copies of fields, \`output\` to a plain port, \`group\`,
\`resubmit\`, \`ct\`, \`set_queue\`, \`dec_ttl\`, \`push_vlan\`, \`pop_vlan\` and their like can.
\`ovs-ofctl\` does not check it.`,
  example: {
    bad: 'flow { match {}; action { write_actions { note "01"; output 1 } } }',
    good: 'flow { match {}; action { note "01"; write_actions { output 1 } } }',
  },
});

export const replacedInSet = define<{ winner: string }>({
  code: 'WBF4309',
  severity: 'warning',
  title: 'an action that is replaced in the action set',
  message: ({ winner }) =>
    `this is never executed: an action set has one place for it, and \`${winner}\` takes it`,
  explanation: `An action set executes one action of each kind, the one written last, and at the end one of \`group\`,
\`output\`, \`resubmit\`, \`ct_clear\` and \`ct\`: the first in this list that is there (ovs-actions(7),
"Action Sets"). \`write_actions { output 1; output 2 }\` sends to port 2 only. To send to several ports use
\`output\` as an action, or a group of type all.`,
  example: {
    bad: 'flow { match {}; action { write_actions { output 1; output 2 } } }',
    good: 'flow { match {}; action { output 1; write_actions { output 2 } } }',
  },
});

export const conjunctionCompany = define({
  code: 'WBF4310',
  title: 'an action beside `conjunction`',
  message: () => 'a flow with `conjunction` does nothing else, but for `note`',
  switchError: 'NXBAC_BAD_CONJUNCTION',
  explanation: `A flow with \`conjunction\` is one clause of a match that several flows make together (ovs-fields(7),
"Conjunctive Match Fields"). It does nothing by itself; what is to be done stands in the flow that matches
\`conj_id\`. Only \`note\` and more \`conjunction\`s may stand beside it.`,
  example: {
    bad: 'flow { match { ip; ip_src = 10.0.0.1 }; action { conjunction(10, 1/2); normal } }',
    good: 'flow { match { ip; ip_src = 10.0.0.1 }; action { conjunction(10, 1/2) } }',
  },
});

export const badClause = define<{ why: string }>({
  code: 'WBF4311',
  title: 'a clause that does not exist',
  message: ({ why }) => `this is not a clause of a conjunction: ${why}`,
  switchError: 'NXBAC_BAD_CONJUNCTION',
  explanation: `\`conjunction(10, 1/2)\` says that the flow is clause 1 of the 2 clauses of conjunction 10. A conjunction
has 2 to 64 clauses, counted from 1.`,
  example: {
    bad: 'flow { match { ip; ip_src = 10.0.0.1 }; action { conjunction(10, 3/2) } }',
    good: 'flow { match { ip; ip_src = 10.0.0.1 }; action { conjunction(10, 1/2) } }',
  },
});

export const afterExit = define({
  code: 'WBF4312',
  severity: 'warning',
  title: 'a statement behind `exit`',
  message: () => 'this is never executed: `exit` stands before it',
  explanation: `\`exit\` ends the processing of the packet at once, in the tables that resubmitted it too. What stands
behind it, instructions such as \`goto\` and \`write_actions\` included, is never executed.`,
  example: {
    bad: 'flow { match {}; action { exit; output 1 } }',
    good: 'flow { match {}; action { output 1; exit } }',
  },
});

export const gotoBackwards = define<{ from: number; to: number }>({
  code: 'WBF4313',
  title: '`goto` to the same or an earlier table',
  message: ({ from, to }) =>
    from === to
      ? `table ${to} is the table of this flow: \`goto\` leads to later tables only`
      : `table ${to} comes before table ${from}: \`goto\` leads to later tables only`,
  switchError: 'OFPBIC_BAD_TABLE_ID',
  explanation: `\`goto\` leads to a table with a higher number, so that a packet cannot go in circles (OpenFlow 1.5.1 §5.5).
\`resubmit(,TABLE)\` may lead anywhere; it comes back, and is limited to a depth of 64.`,
  example: {
    bad: 'table a = 1 {\n  miss = drop\n  flow { match { ip }; action { goto a } }\n}',
    good: 'table a = 1 {\n  miss = drop\n  flow { match { ip }; action { goto b } }\n}\ntable b = 2 { miss = drop }',
  },
});
