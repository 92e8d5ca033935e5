/** WBF56xx: what is wrong between tables. */
import { define } from '../define.ts';

const program = (...tables: string[]): string => `${tables.join('\n')}\n`;

export const unreachedTable = define<{ name: string }>({
  code: 'WBF5601',
  severity: 'warning',
  title: 'Table that no packet gets to',
  message: ({ name }) => `no packet gets to table \`${name}\``,
  explanation:
    'Packets enter at table 0, and no `goto`, `resubmit` or `ct(table = …)` of a table that they get to leads to this one; a `learn` puts flows there and no packets. If flows of another program lead to it, say `allow = WBF5601` in the table: then it is taken for a place where packets enter.',
  example: {
    bad: program('table in = 0 { miss { output 1 } }', 'table acl = 1 { miss = drop }'),
    good: program('table in = 0 { miss = goto acl }', 'table acl = 1 { miss = drop }'),
  },
});

export const coveredFlow = define<{ by: string }>({
  code: 'WBF5602',
  severity: 'warning',
  title: 'Flow below one that matches everything',
  message: ({ by }) => `no packet gets to this flow: ${by} matches every packet at a higher priority`,
  explanation:
    'A switch takes the flow with the highest priority that matches. Below a flow of the same table with `match {}` nothing is ever hit. Give the one that matches everything a lower priority than the others, or leave it to `miss`.',
  example: {
    bad: program(
      'table in = 0 {',
      '  miss = drop',
      '  flow all { priority = 100; match {} action { output 1 } }',
      '  flow web { priority = 50; match { tcp; tcp_dst = 80 } action { output 2 } }',
      '}',
    ),
    good: program(
      'table in = 0 {',
      '  miss { output 1 }',
      '  flow web { priority = 50; match { tcp; tcp_dst = 80 } action { output 2 } }',
      '}',
    ),
  },
});

export const unwrittenRegister = define<{ name: string }>({
  code: 'WBF5603',
  severity: 'warning',
  title: 'Register read before it is written',
  message: ({ name }) => `\`${name}\` is read before any flow can have written it: it is 0 here`,
  explanation:
    'Registers and the metadata are 0 when a packet enters at table 0. On no way from there to this table does any flow write a bit of what is read, nor does the flow itself before, nor a flow that was learned or visited. A table to which flows of other programs lead says `allow = WBF5601`: then nothing is known of the registers there.',
  example: {
    bad: program(
      'register zone = reg0[0..15]',
      'table in = 0 { miss = goto acl }',
      'table acl = 1 { miss = drop; flow a { match { zone = 5 } action { output 1 } } }',
    ),
    good: program(
      'register zone = reg0[0..15]',
      'table in = 0 { miss { zone = 5; goto acl } }',
      'table acl = 1 { miss = drop; flow a { match { zone = 5 } action { output 1 } } }',
    ),
  },
});

export const dropKeepsActionSet = define({
  code: 'WBF5604',
  severity: 'warning',
  title: 'Drop with an action set',
  message: () => 'this `drop` may not drop: the packet can have an action set, which is carried out now',
  explanation:
    '`drop` is the absence of actions. An action set that an earlier table filled with `write_actions` is carried out when no `goto` follows, so the packet still leaves. `clear_actions` empties the set.',
  example: {
    bad: program(
      'table in = 0 { miss { write_actions { output 1 }; goto acl } }',
      'table acl = 1 { miss = goto out; flow deny { match { arp } action { drop } } }',
      'table out = 2 { miss { write_actions { output 2 } } }',
    ),
    good: program(
      'table in = 0 { miss { write_actions { output 1 }; goto acl } }',
      'table acl = 1 { miss = goto out; flow deny { match { arp } action { clear_actions } } }',
      'table out = 2 { miss { write_actions { output 2 } } }',
    ),
  },
});

export const dropReturns = define({
  code: 'WBF5605',
  severity: 'warning',
  title: 'Drop in a table that is visited',
  message: () => 'this `drop` does not drop: a flow that visits the table with `resubmit` goes on after it',
  explanation:
    '`resubmit` looks another table up and comes back. What is found there can send the packet, change it or write registers, and cannot end it: `drop` does nothing, and the flow that came here does the rest of its actions. Go there with `goto`, or write a register that the flow (or the table after it) asks for. Where a visit writes a register that is read afterwards, this is taken for a look-up, and `drop` for "nothing found".',
  example: {
    bad: program(
      'table in = 0 { miss { resubmit(,acl); output 1 } }',
      'table acl = 1 { miss = drop; flow deny { match { arp } action { drop } } }',
    ),
    good: program(
      'table in = 0 { miss = goto acl }',
      'table acl = 1 { miss { output 1 }; flow deny { match { arp } action { drop } } }',
    ),
  },
});

export const unseenChange = define<{ how: 'behind' | 'all' | 'clone' }>({
  code: 'WBF5606',
  severity: 'warning',
  title: 'Change that nobody sees',
  message: ({ how }) =>
    how === 'all'
      ? 'nobody sees this change: the packet is dropped after it'
      : how === 'clone'
        ? 'nobody sees this change: the copy ends here'
        : 'nobody sees this change: the packet has been sent before it',
  explanation:
    'Actions are carried out one after the other, and `output` sends the packet as it is by then. A change behind the last of them, with no `goto`, `resubmit`, `ct`, `learn` or action set that would see it, has no effect. Make the change before the output, or say where the changed packet goes.',
  example: {
    bad: program('table in = 0 { miss { output 1; eth_dst = 02:00:00:00:00:01 } }'),
    good: program('table in = 0 { miss { eth_dst = 02:00:00:00:00:01; output 1 } }'),
  },
});

export const certainLoop = define<{ way: readonly string[] }>({
  code: 'WBF5607',
  allowable: true,
  title: 'Loop without an end',
  message: ({ way }) => `every packet of this flow comes back to it: ${way.join(' → ')}`,
  explanation:
    'The packet gets back to the table of this flow as it came, or every packet in that table hits this flow, so it goes round until the switch gives up: at a depth of 64 it drops the packet and logs it. Change what the flow matches before going back, or go on to another table.',
  example: {
    bad: program('table in = 0 { miss = drop; flow a { match { arp } action { resubmit(,in) } } }'),
    good: program(
      'table in = 0 { miss = drop; flow a { match { arp } action { resubmit(,next) } } }',
      'table next = 1 { miss { output 1 } }',
    ),
  },
});
