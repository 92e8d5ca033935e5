/** WBF55xx: what the compiler numbers and places, and `wbf.lock`, which keeps it. */
import { define } from '../define.ts';

export const gotoCircle = define<{ way: readonly string[] }>({
  code: 'WBF5501',
  title: 'Circle of goto',
  message: ({ way }) => `\`goto\` leads in a circle: ${way.map((name) => `\`${name}\``).join(' → ')}`,
  switchError: 'OFPBIC_BAD_TABLE_ID',
  explanation:
    '`goto` leads to a table with a higher number, so there is no way to number tables that lead to each other in a circle. `resubmit(,TABLE)` can go backwards, and comes back.',
  example: {
    bad: 'table a { miss = drop; flow x { match { arp } action { goto b } } }\ntable b { miss = goto a }\n',
    good: 'table a { miss = drop; flow x { match { arp } action { goto b } } }\ntable b { miss = drop }\n',
  },
});

export const noTableNumber = define<{ name: string; max: number }>({
  code: 'WBF5502',
  title: 'No number for a table',
  message: ({ name }) => `there is no number left for \`${name}\``,
  explanation:
    'Tables have the numbers 0 to 253, `goto` leads to a higher one, and the numbers that are stated leave none that this table could have. State others, or leave them to the compiler.',
  example: {
    bad: 'table a = 0 { miss = goto b }\ntable b { miss = goto c }\ntable c = 1 { miss = drop }\n',
    good: 'table a = 0 { miss = goto b }\ntable b { miss = goto c }\ntable c = 2 { miss = drop }\n',
  },
});

export const tableMoved = define<{ name: string; from: number; to: number }>({
  code: 'WBF5503',
  severity: 'warning',
  allowable: false,
  title: 'Table that moves',
  message: ({ name, from, to }) => `\`${name}\` moves from table ${from} to table ${to}`,
  explanation:
    '`wbf.lock` has another number for this table, and with that number a `goto` would lead backwards, or packets would not enter here. A push puts all of its flows into the other table, in one step; their counters start again, and what was learned there is learned anew. The next build writes the new number down; `--locked` refuses it.',
});

export const outOfRegisters = define<{ name: string; bits: number }>({
  code: 'WBF5504',
  title: 'No room for a register',
  message: ({ name, bits }) => `there is no room for \`${name}\` (${bits} bit${bits === 1 ? '' : 's'})`,
  explanation:
    'Open vSwitch has sixteen registers of 32 bits. Those that are named in a flow by their own name (`reg0`, `xreg1`) are left alone as a whole, those that a declaration names with their bits. One of up to 32 bits lies within one register, one of up to 64 within an `xreg`, which is two of them, one of up to 128 within an `xxreg`. The notes show what lies where.',
  example: {
    bad: [0, 1, 2, 3, 4].map((n) => `register r${n}: 128\n`).join(''),
    good: [0, 1, 2, 3].map((n) => `register r${n}: 128\n`).join(''),
  },
});

export const noRegisters = define<{ version: string }>({
  code: 'WBF5505',
  title: 'Version without registers',
  message: ({ version }) => `OpenFlow ${version} has no registers`,
  explanation:
    'A match of OpenFlow 1.1 has no registers, so the compiler has nowhere to place one. All other versions have them in Open vSwitch.',
  example: {
    bad: 'bridge br0 { protocols = [OpenFlow11] }\nregister zone: 16\n',
    good: 'bridge br0 { protocols = [OpenFlow13] }\nregister zone: 16\n',
  },
});

export const registerMoved = define<{ name: string; from: string; to: string }>({
  code: 'WBF5506',
  severity: 'warning',
  allowable: false,
  title: 'Register that moves',
  message: ({ name, from, to }) => `\`${name}\` moves from ${from} to ${to}`,
  explanation:
    '`wbf.lock` has another place for this register, which something else now uses. A push replaces all flows that name it in one step. The next build writes the new place down; `--locked` refuses it.',
});

export const aliasOfNothing = define({
  code: 'WBF5507',
  severity: 'warning',
  allowable: false,
  title: 'Alias of nothing',
  message: () => 'a register that the compiler places shares no bits: `alias` says nothing here',
  explanation:
    '`alias` permits a register to overlap another one. Where the compiler chooses the place, it never does. To name some bits of another register, write `register low = zone[0..7] alias`.',
  example: { bad: 'register zone: 16 alias\n', good: 'register zone: 16\n' },
});

export const registerOfItself = define<{ name: string }>({
  code: 'WBF5508',
  title: 'Register that stands for itself',
  message: ({ name }) => `\`${name}\` stands for itself`,
  explanation: 'Following the registers in its declaration leads back to it, so it has no bits.',
  example: { bad: 'register a = a[0..3]\n', good: 'register a = reg0[0..3]\n' },
});

export const lockSyntax = define<{ what: string }>({
  code: 'WBF5520',
  title: 'wbf.lock that cannot be read',
  message: ({ what }) => what,
  explanation:
    '`wbf.lock` is JSON that wbfc writes: for each program of the directory the numbers of its tables, the places of its registers and the ids of its conjunctions. What it does not say is chosen anew, so in doubt take the version of it that the switch was last pushed with, or remove the entries in question.',
});

export const lockConflict = define({
  code: 'WBF5521',
  title: 'wbf.lock with merge conflicts',
  message: () => '`wbf.lock` has the marks of a merge conflict',
  explanation:
    'Keep the entries of both sides and remove the marks: where both gave one number to two names, wbfc keeps the first and moves the other, with a warning.',
});

export const lockedChange = define<{ program: string }>({
  code: 'WBF5522',
  title: 'Change of wbf.lock refused',
  message: ({ program }) =>
    `\`wbf.lock\` does not fit program \`${program}\`, and --locked lets nobody change it`,
  explanation:
    'With `--locked`, for CI, a build or push fails where it would give a table, a register or a conjunction a number that `wbf.lock` does not have, or would take one out. Build without `--locked` and commit the file.',
});
