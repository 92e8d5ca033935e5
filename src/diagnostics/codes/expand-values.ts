/** Expressions that are computed at compile time. WBF62xx. */
import { define } from '../define.ts';

export const unlikeOperands = define<{ operator: string; left: string; right: string }>({
  code: 'WBF6201',
  title: 'Operator between values of the wrong kinds',
  message: ({ operator, left, right }) => `\`${operator}\` does not work between ${left} and ${right}`,
  explanation: `What an operator works on:

- \`+\` and \`-\`: numbers, an address and a number (the next address, the one before), two addresses with \`-\` (their distance), two durations;
- \`*\`, \`<<\`, \`>>\`: numbers;
- \`&\`, \`|\`, \`^\`: numbers, or two addresses of one kind;
- \`==\`, \`!=\`: two values of one kind; \`<\`, \`<=\`, \`>\`, \`>=\`: numbers, addresses of one kind, durations;
- \`in\`, \`not in\`: a value and a set, a list, a range or a prefix;
- \`and\`, \`or\`, \`not\`: what is true or false.

A cell of a data file becomes what the other side is.`,
  example: {
    bad: 'const a = 10.0.0.1 * 2\nflow { match { ip; ip_dst = a } action { drop } }\n',
    good: 'const a = 10.0.0.1 + 2\nflow { match { ip; ip_dst = a } action { drop } }\n',
  },
});

export const unlikeOperand = define<{ operator: string; found: string; needed: string }>({
  code: 'WBF6202',
  title: 'Operator on a value of the wrong kind',
  message: ({ operator, found, needed }) => `\`${operator}\` needs ${needed}, and this is ${found}`,
  explanation:
    '`not` denies what is true or false. `~` turns round all bits of an address, whose width is known; a number has no width of its own: write `0xff ^ n`.',
  example: {
    bad: 'const a = ~5\n',
    good: 'const a = 0xff ^ 5\n',
  },
});

export const overflow = define<{ what: string; limit: string }>({
  code: 'WBF6203',
  title: 'Result that does not fit',
  message: ({ what, limit }) => `${what} ${limit}`,
  explanation:
    'Numbers at compile time lie between 0 and 2^128 - 1, which is as much as the widest field holds; there are no negative ones. An address stays an address of its kind: behind the last there is none.',
  example: {
    bad: 'const a = 5 - 7\n',
    good: 'const a = 7 - 5\n',
  },
});

export const divisionByZero = define<{ name: string }>({
  code: 'WBF6204',
  title: 'Division by zero',
  message: ({ name }) => `\`${name}\` divides by zero`,
  explanation: '`div(a, b)` and `mod(a, b)` have no result where `b` is 0.',
  example: { bad: 'const a = div(8, 0)\n', good: 'const a = div(8, 2)\n' },
});

export const notACondition = define<{ found: string }>({
  code: 'WBF6205',
  title: 'Not a condition',
  message: ({ found }) => `a condition is true or false, and this is ${found}`,
  explanation:
    'The condition of an `if`, and what `and`, `or` and `not` take, is a comparison, `true`, `false`, or a parameter or constant that is one of these. Numbers and texts are neither true nor false: compare them.',
  example: {
    bad: 'const n = 3\nif n { flow { match { tcp } action { drop } } }\n',
    good: 'const n = 3\nif n != 0 { flow { match { tcp } action { drop } } }\n',
  },
});

export const unknownFunction = define<{ name: string; suggestion?: string | undefined }>({
  code: 'WBF6206',
  title: 'Unknown function',
  message: ({ name, suggestion }) =>
    `there is no function \`${name}\`${suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`}`,
  explanation:
    'At compile time there are `addr`, `bit`, `concat`, `div`, `keys`, `len`, `mask`, `max`, `min`, `mod` and `name`.',
  example: {
    bad: 'if length([1, 2]) == 2 { flow { match { tcp } action { drop } } }\n',
    good: 'if len([1, 2]) == 2 { flow { match { tcp } action { drop } } }\n',
  },
});

export const argumentsOfFunction = define<{ name: string; form: string }>({
  code: 'WBF6207',
  title: 'Arguments that a function does not take',
  message: ({ name, form }) => `\`${name}\` is called as \`${form}\``,
  explanation: 'The number of arguments is not that of the function, or an argument has a name.',
  example: { bad: 'const a = div(8)\n', good: 'const a = div(8, 2)\n' },
});

export const argumentKind = define<{ name: string; needed: string; found: string }>({
  code: 'WBF6208',
  title: 'Argument of the wrong kind',
  message: ({ name, needed, found }) => `\`${name}\` needs ${needed} here, and this is ${found}`,
  explanation: 'Functions convert nothing but cells of data files, which become what is needed.',
  example: { bad: 'const a = len(5)\n', good: 'const a = len([5])\n' },
});

export const outsidePrefix = define<{ prefix: string; number: bigint; size: string }>({
  code: 'WBF6209',
  title: 'Address outside of its prefix',
  message: ({ prefix, number, size }) => `${prefix} has ${size} addresses: there is no number ${number}`,
  explanation:
    '`addr(prefix, n)` is the address number `n` of a prefix, counted from 0, which is its first one.',
  example: {
    bad: 'const a = addr(10.0.0.0/24, 256)\n',
    good: 'const a = addr(10.0.0.0/24, 255)\n',
  },
});

export const noSuchMask = define<{ length: bigint; max: number }>({
  code: 'WBF6210',
  title: 'Length that no mask has',
  message: ({ length, max }) => `a mask of ${max} bits has 0 to ${max} ones, not ${length}`,
  explanation: '`mask(n)` is the IPv4 address with `n` ones from the left: `mask(24)` is 255.255.255.0.',
  example: { bad: 'const a = mask(33)\n', good: 'const a = mask(24)\n' },
});

export const unknownMember = define<{ name: string; of: string; suggestion?: string | undefined }>({
  code: 'WBF6211',
  title: 'Unknown field of a record',
  message: ({ name, of, suggestion }) =>
    `${of} has no \`${name}\`${suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`}`,
  explanation:
    'Behind the dot stands the name of a field of the record, of a column of the file it comes from, or of something that an imported file declares and that does not begin with `_`.',
  example: {
    bad: 'const h = {ip: 10.0.0.1}\nflow { match { ip; ip_dst = h.pi } action { drop } }\n',
    good: 'const h = {ip: 10.0.0.1}\nflow { match { ip; ip_dst = h.ip } action { drop } }\n',
  },
});

export const noMembers = define<{ name: string; found: string; member: string }>({
  code: 'WBF6212',
  title: 'Dot behind something without fields',
  message: ({ name, found, member }) => `\`${name}\` is ${found} and has no \`${member}\``,
  explanation: 'Fields belong to records, and names to imported files. Everything else is one value.',
  example: {
    bad: 'const h = 10.0.0.1\nflow { match { ip; ip_dst = h.ip } action { drop } }\n',
    good: 'const h = {ip: 10.0.0.1}\nflow { match { ip; ip_dst = h.ip } action { drop } }\n',
  },
});

export const textTooLong = define<{ max: number }>({
  code: 'WBF6213',
  title: 'Text that is too long',
  message: ({ max }) => `this text has more than ${max} characters`,
  explanation:
    'Texts that are put together at compile time are names and settings; the limit stops a loop that has run away.',
});

export const notInText = define<{ name: string; found: string }>({
  code: 'WBF6214',
  title: 'Value that cannot stand in a text',
  message: ({ name, found }) => `\`${name}\` is ${found}, which is no part of a text`,
  explanation:
    'Between `${` and `}` stands one value: a number, an address, a text, a name, a cell of a data file.',
  example: {
    bad: 'const l = [1, 2]\nflow "web_${l}" { match { tcp } action { drop } }\n',
    good: 'const n = 1\nflow "web_${n}" { match { tcp } action { drop } }\n',
  },
});

export const badMadeName = define<{ name: string; what: string }>({
  code: 'WBF6215',
  title: 'Text that is no name',
  message: ({ name, what }) => `${JSON.stringify(name)} cannot be the name of ${what}`,
  explanation:
    'A name that is made of a text begins with a letter or `_` and goes on with letters, digits and `_ - . : /`. That of a flow may have anything but control characters in it. Neither is empty or longer than 200 characters.',
  example: {
    bad: 'const n = 1\ntable "${n}" = 3 { miss = drop }\n',
    good: 'const n = 1\ntable "t_${n}" = 3 { miss = drop }\n',
  },
});

export const badCell = define<{ needed: string; found: string }>({
  code: 'WBF6216',
  title: 'Cell that is not what is needed',
  message: ({ needed, found }) => `${needed} is needed, and this is ${found}`,
  explanation:
    'The cells of a data file have no kind until they are used: `h.ip` in `ip_dst = h.ip` must be an IPv4 address, in `if h.vid > 10` a number. This one is not, and stands in the file as shown.',
});

export const noValue = define<{ name: string; kind: string }>({
  code: 'WBF6217',
  title: 'Name that has no value at compile time',
  message: ({ name, kind }) => `\`${name}\` is ${kind}, which has no value at compile time`,
  explanation:
    'What is computed while a program is compiled are values: constants, parameters, what a loop runs through, cells of data files. Templates and imported files are none.',
});
