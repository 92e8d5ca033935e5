/** Templates, loops and conditions. WBF63xx. */
import { define } from '../define.ts';

const T = 'template t(a: ipv4) { flow { match { ip; ip_dst = a } action { drop } } }\n';

export const unknownType = define<{ name: string; types: string; suggestion?: string | undefined }>({
  code: 'WBF6301',
  title: 'Unknown type of a parameter',
  message: ({ name, suggestion }) =>
    `there is no type \`${name}\`${suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`}`,
  explanation:
    'The types of parameters are `any`, `bool`, `duration`, `field`, `group`, `int`, `ip`, `ipv4`, `ipv6`, `list`, `mac`, `meter`, `port`, `prefix`, `protocol`, `record`, `set`, `string` and `table`.',
  example: {
    bad: 'template t(a: ip4) { flow { match { ip; ip_dst = a } action { drop } } }\n',
    good: T,
  },
});

export const duplicateBinding = define<{ name: string; what: string }>({
  code: 'WBF6302',
  title: 'Name bound twice',
  message: ({ name, what }) => `\`${name}\` is already ${what}`,
  explanation:
    'The names of parameters and of what a loop binds mean one thing in the body: they differ from each other and from every constant, port, register, table, template and imported file that can be seen there.',
  example: {
    bad: 'const a = 1\ntemplate t(a: int) { flow { match { reg0 = a } action { drop } } }\n',
    good: 'const a = 1\ntemplate t(b: int) { flow { match { reg0 = b } action { drop } } }\n',
  },
});

export const reservedBinding = define<{ name: string; what: string }>({
  code: 'WBF6303',
  title: 'Reserved name for a parameter or a loop',
  message: ({ name, what }) => `\`${name}\` is ${what} and cannot be bound`,
  explanation:
    'Names of fields, reserved ports and well-known values always mean themselves. The name of a protocol may be bound to anything but a protocol: `ip: ipv4`. Where a word stands alone in a match it is the protocol, where a value stands it is what it is bound to.',
  example: {
    bad: 'template t(ip_dst: ipv4) { flow { match { ip; ip_src = ip_dst } action { drop } } }\n',
    good: 'template t(dst: ipv4) { flow { match { ip; ip_src = dst } action { drop } } }\n',
  },
});

export const missingArgument = define<{ template: string; names: readonly string[] }>({
  code: 'WBF6304',
  title: 'Argument missing',
  message: ({ template, names }) =>
    `\`${template}\` needs ${names.map((n) => `\`${n}\``).join(', ')} as well`,
  explanation: 'A parameter without a default is given by every use, by its place or by its name.',
  example: { bad: `${T}use t()\n`, good: `${T}use t(10.0.0.1)\n` },
});

export const tooManyArguments = define<{ template: string; max: number }>({
  code: 'WBF6305',
  title: 'Too many arguments',
  message: ({ template, max }) =>
    `\`${template}\` takes ${max === 0 ? 'no arguments' : max === 1 ? 'one argument' : `${max} arguments`}`,
  explanation: 'There are more arguments than the template has parameters.',
  example: { bad: `${T}use t(10.0.0.1, 10.0.0.2)\n`, good: `${T}use t(10.0.0.1)\n` },
});

export const unknownArgument = define<{ template: string; name: string; suggestion?: string | undefined }>({
  code: 'WBF6306',
  title: 'Unknown parameter',
  message: ({ template, name, suggestion }) =>
    `\`${template}\` has no parameter \`${name}\`${suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`}`,
  explanation: 'An argument with a name is for the parameter of that name.',
  example: { bad: `${T}use t(b = 10.0.0.1)\n`, good: `${T}use t(a = 10.0.0.1)\n` },
});

export const argumentTwice = define<{ name: string }>({
  code: 'WBF6307',
  title: 'Argument given twice',
  message: ({ name }) => `\`${name}\` is given twice`,
  explanation:
    'An argument counts for the parameter at its place; one with a name for that of the name. Each is given once.',
  example: { bad: `${T}use t(10.0.0.1, a = 10.0.0.2)\n`, good: `${T}use t(10.0.0.1)\n` },
});

export const positionalAfterNamed = define({
  code: 'WBF6308',
  title: 'Argument without a name behind one with a name',
  message: () => 'behind an argument with a name all have names',
  explanation:
    'Arguments without names are for the first parameters, in their order; those with names follow.',
  example: {
    bad: 'template t(a: ipv4, b: int) { flow { match { ip; ip_dst = a; reg0 = b } action { drop } } }\nuse t(a = 10.0.0.1, 5)\n',
    good: 'template t(a: ipv4, b: int) { flow { match { ip; ip_dst = a; reg0 = b } action { drop } } }\nuse t(10.0.0.1, b = 5)\n',
  },
});

export const wrongArgument = define<{ parameter: string; needed: string; found: string }>({
  code: 'WBF6309',
  title: 'Argument of the wrong type',
  message: ({ parameter, needed, found }) => `\`${parameter}\` is ${needed}, and this is ${found}`,
  explanation: 'The type of a parameter says what a use may give for it.',
  example: { bad: `${T}use t(80)\n`, good: `${T}use t(10.0.0.1)\n` },
});

export const unknownTemplate = define<{ name: string; suggestion?: string | undefined }>({
  code: 'WBF6310',
  title: 'Unknown template',
  message: ({ name, suggestion }) =>
    `there is no template called \`${name}\`${suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`}`,
  explanation: 'Templates are declared with `template`, in this file or in one that it imports.',
  example: { bad: `${T}use u(10.0.0.1)\n`, good: `${T}use t(10.0.0.1)\n` },
});

export const notATemplate = define<{ name: string; kind: string }>({
  code: 'WBF6311',
  title: 'Not a template',
  message: ({ name, kind }) => `\`${name}\` is ${kind}, and \`use\` needs a template`,
  explanation: 'Only templates are used with `use`.',
  example: {
    bad: 'const t = 1\nuse t()\n',
    good: 'template t() { flow { match { tcp } action { drop } } }\nuse t()\n',
  },
});

export const tooDeepUses = define<{ name: string; max: number }>({
  code: 'WBF6312',
  title: 'Templates that use each other without end',
  message: ({ name, max }) => `\`${name}\` is used by itself, or by others, ${max} deep`,
  explanation:
    'A template may use itself, under an `if` that ends it. A hundred uses within each other are more likely a recursion that nothing ends.',
  example: {
    bad: 'template t(n: int) { use t(n) }\nuse t(1)\n',
    good: 'template t(n: int) {\n  flow { match { reg0 = n } action { drop } }\n  if n > 0 { use t(n - 1) }\n}\nuse t(3)\n',
  },
});

export const outOfFuel = define<{ what: string; steps: number }>({
  code: 'WBF6313',
  title: 'Program that grows beyond all bounds',
  message: ({ what, steps }) =>
    `${what} makes the program larger than ${steps} flows, statements and declarations`,
  explanation:
    'Loops and templates have made so many flows, statements and declarations that something must be wrong; no switch has room for them. The loop or use that made most of them is shown.',
});

export const notIterable = define<{ found: string }>({
  code: 'WBF6314',
  title: 'Nothing that a loop can run through',
  message: ({ found }) =>
    `a loop runs through a list, a set, a range or the rows of a file, and this is ${found}`,
  explanation:
    '`for x in [1, 2]`, `for x in 8..11`, `for x in 10.0.0.1-10.0.0.9`, `for h in hosts` where `hosts` has been loaded.',
  example: {
    bad: 'for x in 5 { flow { match { reg0 = x } action { drop } } }\n',
    good: 'for x in 0..5 { flow { match { reg0 = x } action { drop } } }\n',
  },
});

export const notARecord = define<{ found: string }>({
  code: 'WBF6315',
  title: 'Fields of something that is no record',
  message: ({ found }) => `\`{…}\` takes fields out of records, and this is ${found}`,
  explanation:
    '`for {name, vid} in rows` gives the fields `name` and `vid` of every record names of their own. Every element must be a record then.',
  example: {
    bad: 'for {a} in [1] { flow { match { reg0 = a } action { drop } } }\n',
    good: 'for {a} in [{a: 1}] { flow { match { reg0 = a } action { drop } } }\n',
  },
});

export const repeatedElement = define<{ element: string }>({
  code: 'WBF6316',
  title: 'Element that a loop meets twice',
  message: ({ element }) => `${element} has been here already: its declarations would all be there twice`,
  explanation:
    'What a loop declares is known by the value of its element, so that it stays the same when rows are moved. Two equal elements would declare the same twice.',
  example: {
    bad: 'for x in [1, 1] { flow { match { reg0 = x } action { drop } } }\n',
    good: 'for x in [1, 2] { flow { match { reg0 = x } action { drop } } }\n',
  },
});

export const repeatedUse = define<{ name: string }>({
  code: 'WBF6320',
  title: 'Template used twice with the same arguments',
  message: ({ name }) =>
    `\`${name}\` has been used here with the same arguments: everything would be there twice`,
  explanation:
    'What a template declares is known by its arguments. In one table, or among the declarations, a template is used once with the same ones.',
  example: {
    bad: `${T}use t(10.0.0.1)\nuse t(10.0.0.1)\n`,
    good: `${T}use t(10.0.0.1)\nuse t(10.0.0.2)\n`,
  },
});

export const reversedRange = define<{ from: string; to: string }>({
  code: 'WBF6317',
  title: 'Range that runs backwards',
  message: ({ from, to }) => `a range goes from the smaller to the larger: ${to} is below ${from}`,
  explanation: 'A loop over such a range would do nothing.',
  example: {
    bad: 'for x in 5..1 { flow { match { reg0 = x } action { drop } } }\n',
    good: 'for x in 1..5 { flow { match { reg0 = x } action { drop } } }\n',
  },
});

export const unusedLoopEnd = define<{ kinds: string }>({
  code: 'WBF6318',
  title: 'Range between things that have no order',
  message: ({ kinds }) => `a range lies between two numbers or two addresses of one kind, not ${kinds}`,
  explanation: '`8..11`, `first..last` between constants that are numbers, `10.0.0.5-10.0.0.9`.',
  example: {
    bad: 'const a = 1\nconst b = 10.0.0.1\nfor x in a..b { flow { match { reg0 = x } action { drop } } }\n',
    good: 'const a = 1\nconst b = 3\nfor x in a..b { flow { match { reg0 = x } action { drop } } }\n',
  },
});

export const misplacedDeclaration = define<{ construct: string; where: string }>({
  code: 'WBF6319',
  title: 'Declaration that cannot stand there',
  message: ({ construct, where }) => `\`${construct}\` cannot stand in ${where}`,
  explanation:
    '`import` and `program` say something of a whole file: they stand at its top level, outside of templates, loops and conditions. A file that is imported belongs to the program of the file that imports it, and declares none itself.',
  example: {
    bad: 'if 1 == 1 { program p { id = 5 } }\n',
    good: 'program p { id = 5 }\n',
  },
});
