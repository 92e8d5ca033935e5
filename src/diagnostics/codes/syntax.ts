/** WBF1xxx: the characters of a file and their order. */
import { define } from '../define.ts';

export const invalidUtf8 = define({
  code: 'WBF1001',
  title: 'Invalid UTF-8',
  message: () => 'this is not UTF-8 text',
  explanation:
    'A `.wbf` file is UTF-8 text. The bytes here are no character; perhaps the file is in another encoding, or is not text at all. Nothing else of the file has been checked.',
});

export const controlCharacter = define<{ code: string }>({
  code: 'WBF1002',
  title: 'Control character',
  message: ({ code }) => `control character ${code}`,
  explanation:
    'Control characters (NUL among them) have no place in a program: terminals and editors show them as something else or not at all. Inside a string, write `\\u{…}`.',
});

export const bidirectionalControl = define<{ code: string }>({
  code: 'WBF1003',
  title: 'Bidirectional control character',
  message: ({ code }) => `bidirectional control character ${code}`,
  explanation:
    'Such characters re-order what is shown, so that a reviewer reads another program than the compiler does. They are refused everywhere, comments included.',
});

export const unexpectedCharacter = define<{ text: string }>({
  code: 'WBF1004',
  title: 'Unexpected character',
  message: ({ text }) => `\`${text}\` means nothing here`,
  explanation: 'No token of the language begins with this character.',
  example: { bad: 'const a = 5 @\n', good: 'const a = 5\n' },
});

export const unterminatedComment = define({
  code: 'WBF1005',
  title: 'Unterminated comment',
  message: () => 'this comment is never closed',
  explanation: 'A `/*` comment ends with `*/`. Without it the rest of the file is a comment.',
});

export const unterminatedString = define({
  code: 'WBF1006',
  title: 'Unterminated string',
  message: () => 'this string is never closed',
  explanation: 'A string ends with `"` on the line on which it begins.',
  example: { bad: 'const a = "eth0\n', good: 'const a = "eth0"\n' },
});

export const badEscape = define({
  code: 'WBF1007',
  title: 'Unknown escape sequence',
  message: () => 'unknown escape sequence',
  explanation: 'In a string: `\\"`, `\\\\`, `\\n`, `\\t` and `\\u{1f600}`.',
  example: { bad: 'const a = "\\q"\n', good: 'const a = "q"\n' },
});

export const malformedLiteral = define<{ what: string; text: string }>({
  code: 'WBF1008',
  title: 'Malformed literal',
  message: ({ what, text }) => `\`${text}\` is not ${what}`,
  explanation:
    'Integers are `10`, `0x800`, `0b11`, `1_000`; durations `30s`, `5m`, `2h`, `1d`; MAC addresses six pairs of hexadecimal digits; IPv4 addresses four numbers up to 255 without leading zeros; IPv6 addresses as in RFC 4291.',
  example: { bad: 'const a = 10.0.0.300\n', good: 'const a = 10.0.0.30\n' },
});

export const dashInName = define({
  code: 'WBF1009',
  title: 'Dash in a name',
  message: () => 'a name has no dashes',
  explanation:
    'Names are letters, digits and `_`. Write a name that must have a dash (an interface, an option) as a string, and a range between names as `first..last`.',
  example: { bad: 'const my-ip = 10.0.0.1\n', good: 'const my_ip = 10.0.0.1\n' },
});

export const spaceAroundSlash = define({
  code: 'WBF1010',
  title: 'Space around a slash',
  message: () => 'a mask has no space around its `/`',
  explanation:
    '`value/mask` and `prefix/length` are written without spaces, and `/` has no other meaning: a division is `div(a, b)`.',
  example: {
    bad: 'table t = 0 { miss = drop; flow a { match { ip; ip_dst = 10.0.0.0 / 8 } action { drop } } }\n',
    good: 'table t = 0 { miss = drop; flow a { match { ip; ip_dst = 10.0.0.0/8 } action { drop } } }\n',
  },
});

export const colonWithoutSpace = define({
  code: 'WBF1011',
  title: 'Colon without a space',
  message: () => 'this reads as an address that is not complete',
  explanation:
    'In a record, put a space after the colon: `{ip: 10.0.0.1}`. Without it the text is taken for a MAC or IPv6 address.',
});

export const expected = define<{ expected: string; found: string }>({
  code: 'WBF1101',
  title: 'Syntax error',
  message: ({ expected: what, found }) =>
    found === '' ? `expected ${what}, found the end of the file` : `expected ${what}, found ${quote(found)}`,
  explanation:
    'The text does not have the form that the grammar asks for at this place. docs/grammar.md has the grammar.',
  example: { bad: 'const a 7\n', good: 'const a = 7\n' },
});

export const missingSeparator = define<{ found: string }>({
  code: 'WBF1102',
  title: 'Missing separator',
  message: ({ found }) => `a newline or \`;\` is missing before \`${found}\``,
  explanation: 'A term or statement ends at a newline, at `;` or at the closing brace.',
  example: {
    bad: 'table t = 0 { miss = drop; flow a { match { icmp icmp_type = 8 } action { drop } } }\n',
    good: 'table t = 0 { miss = drop; flow a { match { icmp; icmp_type = 8 } action { drop } } }\n',
  },
});

export const unclosed = define<{ mark: string }>({
  code: 'WBF1103',
  title: 'Block without end',
  message: ({ mark }) => `this \`${mark}\` is never closed`,
  explanation: 'Every `{` needs its `}` and every `(` its `)`.',
  example: { bad: 'table t = 0 { miss = drop\n', good: 'table t = 0 { miss = drop }\n' },
});

export const stray = define<{ found: string }>({
  code: 'WBF1104',
  title: 'Nothing to close',
  message: ({ found }) => `this \`${found}\` closes nothing`,
  explanation: 'There is a closing brace more than there are opening ones before it.',
  example: { bad: 'const a = 7\n}\n', good: 'const a = 7\n' },
});

export const tooDeep = define({
  code: 'WBF1105',
  title: 'Nested too deeply',
  message: () => 'this is nested more than 64 levels deep',
  explanation:
    'No program needs such nesting; the limit keeps a broken or hostile file from exhausting the stack.',
});

export const tooLong = define({
  code: 'WBF1107',
  title: 'Too many operators',
  message: () => 'this expression has more than 1000 operators',
  explanation:
    'No program needs such an expression; the limit keeps a broken or hostile file from exhausting the stack. Give parts of it names with `const`.',
});

export const spaceAroundSign = define<{ sign: string }>({
  code: 'WBF1108',
  title: 'Sign without spaces',
  message: ({ sign }) => `a ${sign === '-' ? 'minus' : 'plus'} has a space on either side`,
  explanation:
    'A dash that touches something belongs to it: `8000-8999` is a range and `+trk-new` a set of flags. A subtraction is written `a - b`, with spaces.',
  example: { bad: 'const a = 5\nconst b = a -1\n', good: 'const a = 5\nconst b = a - 1\n' },
});

export const interpolation = define<{ found: string }>({
  code: 'WBF1109',
  title: 'No name between `${` and `}`',
  message: ({ found }) =>
    found === ''
      ? 'a name is missing between `${` and `}`'
      : `between \`\${\` and \`}\` stands a name, perhaps of a field (\`h.name\`), and nothing else`,
  explanation:
    'In a text, `${ip}` and `${h.name}` stand for values. Expressions are not read there: give them a name with `const` first. The text `${` itself is written `$${`.',
  example: {
    bad: 'const n = 7\nconst name = "web_${n + 1}"\n',
    good: 'const n = 7\nconst name = "web_${n}"\n',
  },
});

export const misplaced = define<{ construct: string; where: string }>({
  code: 'WBF1110',
  title: 'Not in this place',
  message: ({ construct, where }) => `\`${construct}\` stands ${where}, and not here`,
  explanation:
    '`for` and `if` stand around declarations, around the flows of a table, and in blocks such as `match` and `action`; `use` stands among declarations and among the flows of a table; `else` follows the closing brace of an `if`.',
  example: {
    bad: 'template t() { }\ntable a = 0 { miss = drop; flow b { match { tcp } action { use t() } } }\n',
    good: 'template t() { flow b { match { tcp } action { drop } } }\ntable a = 0 { miss = drop; use t() }\n',
  },
});

function quote(text: string): string {
  return text === 'end of line' ? 'the end of the line' : `\`${text}\``;
}
