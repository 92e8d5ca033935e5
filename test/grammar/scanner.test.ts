import { describe, expect, it } from 'vitest';
import { parseIpv6, Scanner, T, unescapeString } from '../../grammar/scanner.ts';

const NAMES = Object.fromEntries(Object.entries(T).map(([name, kind]) => [kind, name]));

/** `Kind:text` of every token. */
function scan(text: string): string[] {
  const scanner = new Scanner(text);
  const out: string[] = [];
  for (;;) {
    const kind = scanner.next();
    if (kind === T.EndOfFile) break;
    out.push(kind === T.Separator ? '¶' : `${NAMES[kind] ?? ''}:${text.slice(scanner.start, scanner.end)}`);
  }
  return [...out, ...scanner.errors.map((e) => `!${e.problem}:${text.slice(e.start, e.end)}`)];
}

function valueOf(text: string): number {
  const scanner = new Scanner(text);
  scanner.next();
  return scanner.value;
}

describe('literals', () => {
  it.each([
    ['10', 'Integer', 10],
    ['0', 'Integer', 0],
    ['0x800', 'Integer', 0x800],
    ['0b11', 'Integer', 3],
    ['1_000', 'Integer', 1000],
    ['0xffff_ffff', 'Integer', 0xffffffff],
    ['30s', 'Duration', 30],
    ['5m', 'Duration', 300],
    ['2h', 'Duration', 7200],
    ['1d', 'Duration', 86400],
    ['10.11.22.26', 'Ipv4', 0x0a0b161a],
    ['255.255.255.255', 'Ipv4', 0xffffffff],
    ['00:00:00:00:99:99', 'Mac', 0x9999],
    // Begins like a binary number.
    ['0b:11:22:33:44:55', 'Mac', 0x0b1122334455],
    ['fe:ED:00:00:00:01', 'Mac', 0xfeed00000001],
  ])('%s is %s %d', (text, kind, value) => {
    expect(scan(text)).toEqual([`${kind}:${text}`]);
    expect(valueOf(text)).toBe(value);
  });

  it.each(['::', '::1', 'fe80::1', '2001:db8::', '1:2:3:4:5:6:7:8', '::ffff:10.0.0.1', 'face::b00c'])(
    '%s is an IPv6 address',
    (text) => {
      expect(scan(text)).toEqual([`Ipv6:${text}`]);
    },
  );

  it('does not lose precision: large integers have no number', () => {
    expect(valueOf('9007199254740993')).toBeNaN();
    expect(valueOf('0xffffffffffffffff')).toBeNaN();
  });

  it.each([
    ['10.0.0.300', 'malformed IPv4'],
    ['10.0.0', 'malformed IPv4'],
    ['10.0.0.01', 'malformed IPv4'],
    ['0x', 'malformed number'],
    ['0b12', 'malformed number'],
    ['1__0', 'malformed number'],
    ['12abc', 'malformed number'],
    ['00:00:00:00:99', 'malformed MAC'],
    ['1::2::3', 'malformed IPv6'],
    ['"abc', 'unterminated string'],
    ['/* x', 'unterminated comment'],
  ])('%s: %s', (text, problem) => {
    expect(scan(text).at(-1)).toMatch(new RegExp(`^!${problem}:`));
  });

  it('reads addresses as RFC 4291 says', () => {
    expect(parseIpv6('::')).toBe(0n);
    expect(parseIpv6('fe80::1')).toBe(0xfe800000000000000000000000000001n);
    expect(parseIpv6('::ffff:10.0.0.1')).toBe(0xffff0a000001n);
    expect(parseIpv6('1:2:3:4:5:6:7:8')).toBe(0x00010002000300040005000600070008n);
    for (const bad of [
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
      ':::',
      '1::2::3',
      '12345::',
      '::1.2.3',
      '1:2:3:4:5:6:7:8::',
    ])
      expect(parseIpv6(bad), bad).toBeNull();
  });

  it('resolves escapes', () => {
    expect(unescapeString('"a\\"b\\\\c\\n\\t\\u{1f600}"')).toBe('a"b\\c\n\t😀');
    expect(scan('"\\q"')).toEqual(['String:"\\q"', '!bad escape:\\q']);
  });
});

describe('marks', () => {
  it('tells a range from a minus and a dashed name', () => {
    expect(scan('8000-8999')).toEqual(['Integer:8000', 'RangeDash:-', 'Integer:8999']);
    expect(scan('10.0.0.5-10.0.0.9')).toEqual(['Ipv4:10.0.0.5', 'RangeDash:-', 'Ipv4:10.0.0.9']);
    expect(scan('a - b')).toEqual(['Identifier:a', 'Operator:-', 'Identifier:b']);
    expect(scan('my-ip').at(-1)).toBe('!dash in name:-ip');
  });

  it('reads flag sets and subfields', () => {
    expect(scan('+trk+est-new')).toEqual(['Flags:+trk+est-new']);
    expect(scan('-new+trk')).toEqual(['Flags:-new+trk']);
    expect(scan('reg0[0..15]')).toEqual([
      'Identifier:reg0',
      'LeftBracket:[',
      'Integer:0',
      'DotDot:..',
      'Integer:15',
      'RightBracket:]',
    ]);
  });

  it('reads a record: a space after the colon', () => {
    expect(scan('{ip: 10.0.0.1}')).toEqual([
      'LeftBrace:{',
      'Identifier:ip',
      'Colon::',
      'Ipv4:10.0.0.1',
      'RightBrace:}',
    ]);
  });

  it('complains about space around a slash', () => {
    expect(scan('10.0.0.0/8')).toEqual(['Ipv4:10.0.0.0', 'Slash:/', 'Integer:8']);
    expect(scan('10.0.0.0 / 8').at(-1)).toBe('!space around slash:/');
    expect(scan('10.0.0.0/ 8').at(-1)).toBe('!space around slash:/');
  });
});

describe('separators', () => {
  it.each([
    ['a\nb', 'a¶b'],
    ['a;b', 'a¶b'],
    ['a;\n\n;b', 'a¶b'],
    ['\n\na\n\n', 'a'],
    ['a // c\nb', 'a¶b'],
    ['a /* c\n */ b', 'ab'],
    ['a\r\nb', 'a¶b'],
    ['{\na\n}', '{a}'],
    ['a\n{', 'a{'],
    ['a;{', 'a¶{'],
    ['f(a,\nb\n)\nc', 'f(a,b)¶c'],
    ['f\n(a)', 'f¶(a)'],
    ['[a\nb]', '[ab]'],
    ['{a,\nb\n, c}', '{a,b,c}'],
    // A block in unclosed parentheses goes on as if they were closed.
    ['f(a {\nb\nc\n}\nd', 'f(a{b¶c}¶d'],
    // A set in parentheses does not end them.
    ['f({a}\n, b\n)\nc', 'f({a},b)¶c'],
  ])('%j', (text, expected) => {
    const tokens = scan(text).map((t) => t.replace(/^\w+:/, ''));
    expect(tokens.join('')).toBe(expected);
  });
});

describe('characters that hide things', () => {
  it.each([
    ['a\u0000b', 'control character'],
    ['// \u001b[2J', 'control character'],
    ['"\u202e"', 'bidirectional control'],
    ['/* \u2066 */', 'bidirectional control'],
    ['a \u200f b', 'bidirectional control'],
  ])('%j', (text, problem) => {
    expect(scan(text).at(-1)).toMatch(new RegExp(`^!${problem}`));
  });

  it('takes a byte order mark and other letters in comments and strings', () => {
    expect(scan('\ufeffa // ä\n"ü"')).toEqual(['Identifier:a', '¶', 'String:"ü"']);
  });

  it('reports a run of strange characters once', () => {
    expect(scan('a @@@ b').filter((t) => t.startsWith('!'))).toEqual(['!unexpected character:@@@']);
  });
});
