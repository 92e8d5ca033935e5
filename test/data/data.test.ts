import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DataValue } from '../../src/data/index.ts';
import { LIMITS, readData } from '../../src/data/index.ts';

/** A value with its texts only, which is what a program works with. */
function plain(value: DataValue | null): unknown {
  switch (value?.kind) {
    case undefined:
      return null;
    case 'cell':
      return value.text;
    case 'list':
      return value.elements.map(plain);
    case 'record':
      return Object.fromEntries([...value.entries].map(([name, v]) => [name, plain(v)]));
  }
}

/** Every cell with what stands at its span, and where that is. */
function cells(value: DataValue | null, text: string): string[] {
  switch (value?.kind) {
    case undefined:
      return [];
    case 'cell': {
      const { start, end } = value.span;
      const line = text.slice(0, start).split('\n').length;
      const column = start - (text.lastIndexOf('\n', start - 1) + 1) + 1;
      return [`${line}:${column} ${text.slice(start, end)} = ${value.text}`];
    }
    case 'list':
      return value.elements.flatMap((v) => cells(v, text));
    case 'record':
      return [...value.entries.values()].flatMap((v) => cells(v, text));
  }
}

/** The problems with what stands at their spans. */
function problems(path: string, text: string): string[] {
  return readData(path, text).problems.map(({ kind, span, ...rest }) => {
    const reason = 'reason' in rest ? `: ${rest.reason}` : '';
    return `${kind} at ${span.start} '${text.slice(span.start, span.end)}'${reason}`;
  });
}

const read = (path: string, text: string): unknown => {
  const { value, problems: found } = readData(path, text);
  expect(found).toEqual([]);
  return plain(value);
};

describe('CSV', () => {
  test('the first line names the columns; a cell knows its place', () => {
    const text = 'ip,mac,port\n10.0.0.1,02:00:00:00:00:01,1\n10.0.0.2,02:00:00:00:00:02,17\n';
    const { value, problems: found } = readData('hosts.csv', text);
    expect(found).toEqual([]);
    expect(plain(value)).toEqual([
      { ip: '10.0.0.1', mac: '02:00:00:00:00:01', port: '1' },
      { ip: '10.0.0.2', mac: '02:00:00:00:00:02', port: '17' },
    ]);
    expect(cells(value, text)).toEqual([
      '2:1 10.0.0.1 = 10.0.0.1',
      '2:10 02:00:00:00:00:01 = 02:00:00:00:00:01',
      '2:28 1 = 1',
      '3:1 10.0.0.2 = 10.0.0.2',
      '3:10 02:00:00:00:00:02 = 02:00:00:00:00:02',
      '3:28 17 = 17',
    ]);
  });

  test('quotes, with commas, quotes and line feeds in them', () => {
    const text = 'a,"b, c"\n"x, ""y""",1\n"two\nlines",2\n';
    const { value } = readData('t.csv', text);
    expect(plain(value)).toEqual([
      { a: 'x, "y"', 'b, c': '1' },
      { a: 'two\nlines', 'b, c': '2' },
    ]);
    expect(cells(value, text)).toEqual([
      '2:2 x, ""y"" = x, "y"',
      '2:12 1 = 1',
      '3:2 two\nlines = two\nlines',
      '4:8 2 = 2',
    ]);
  });

  test('a byte order mark, CRLF, spaces, empty lines and comments change nothing', () => {
    const text = '\uFEFF# our hosts\r\n\r\nip , port\r\n10.0.0.1,\t1 \r\n   \r\n# "\r\n"10.0.0.2" ,2\r\n';
    const { value, problems: found } = readData('t.csv', text);
    expect(found).toEqual([]);
    expect(plain(value)).toEqual([
      { ip: '10.0.0.1', port: '1' },
      { ip: '10.0.0.2', port: '2' },
    ]);
    expect(cells(value, text)).toEqual([
      '4:1 10.0.0.1 = 10.0.0.1',
      '4:11 1 = 1',
      '7:2 10.0.0.2 = 10.0.0.2',
      '7:13 2 = 2',
    ]);
  });

  test('tabs or semicolons separate where the first line has them and no comma', () => {
    expect(read('t.tsv', 'a\tb\n1\t2,5\n')).toEqual([{ a: '1', b: '2,5' }]);
    expect(read('t.csv', '#\n"a,x";b\n1;2\n')).toEqual([{ 'a,x': '1', b: '2' }]);
    expect(read('t.csv', 'a\n1;2\n')).toEqual([{ a: '1;2' }]);
  });

  test('only a header is a table without rows; an empty cell is a text without characters', () => {
    expect(read('t.csv', 'a,b')).toEqual([]);
    expect(read('t.csv', 'a,b\n,\n1,')).toEqual([
      { a: '', b: '' },
      { a: '1', b: '' },
    ]);
  });

  test('texts outside of ASCII: spans count UTF-16 units', () => {
    const text = 'name,port\nzürich 🏔,1\n"東京",2\n';
    expect(cells(readData('t.csv', text).value, text)).toEqual([
      '2:1 zürich 🏔 = zürich 🏔',
      '2:11 1 = 1',
      '3:2 東京 = 東京',
      '3:6 2 = 2',
    ]);
  });

  test('a row with too few or too many cells is told and left out', () => {
    const text = 'a,b\n1,2\n3\n4,5,6\n7,8\n';
    const { value } = readData('t.csv', text);
    expect(problems('t.csv', text)).toEqual([`cells at 8 '3'`, `cells at 10 '4,5,6'`]);
    expect(plain(value)).toEqual([
      { a: '1', b: '2' },
      { a: '7', b: '8' },
    ]);
    expect(cells(value, text).slice(2)).toEqual(['5:1 7 = 7', '5:3 8 = 8']);
  });

  test('columns without a name, and with the same', () => {
    expect(problems('t.csv', 'ip,,ip,mac\n1,2,3,4\n')).toEqual([`unnamed at 3 ''`, `repeated at 4 'ip'`]);
    expect(readData('t.csv', 'ip,ip\n1,2\n').value).toBeNull();
  });

  test('quotes where none may stand', () => {
    const reasons = (text: string): string[] => problems('t.csv', text);
    expect(reasons('a,b\n1,x"y\n')).toEqual([
      `syntax at 7 '"': a quote in a cell that has none around it: write the cell in quotes, and \`""\` for this one`,
    ]);
    expect(reasons('a,b\n1, "x,y"\n')[0]).toBe(
      `syntax at 7 '"': a quoted cell begins right behind the separator, without a space`,
    );
    expect(reasons('a,b\n"1" x,2\n')).toEqual([
      `syntax at 8 'x': the quoted cell has ended before this; a quote in a quoted cell is written \`""\``,
    ]);
    expect(reasons('a,b\n1,"2\n3,4\n')).toEqual([
      `syntax at 6 '"': the cell that begins with this quote has no end`,
    ]);
  });

  test('what is no table', () => {
    expect(problems('t.csv', ' \n# nothing\n')).toEqual([
      `syntax at 0 '': the file is empty: its first line names the columns`,
    ]);
    expect(problems('t.csv', 'a\r1\r')).toEqual([
      `syntax at 1 '\r': lines must end with LF or CRLF, not with CR alone`,
    ]);
  });

  test('of many mistakes the first are told, and how many more there are', () => {
    const found = readData('t.csv', `a,b\n${'1\n'.repeat(1000)}`).problems;
    expect(found).toHaveLength(21);
    expect(found.at(-1)).toMatchObject({ kind: 'more', count: 980 });
  });

  test('every table survives being written, whichever texts it has, and every span is that of its text', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '1', ' ', '"', ',', ';', '\n', '#', 'é', '🏔', '\t'),
    });
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain((n) => fc.array(fc.array(text, { minLength: n, maxLength: n }), { maxLength: 6 }));
    fc.assert(
      fc.property(table, fc.constantFrom('\n', '\r\n'), fc.boolean(), (rows, newline, mark) => {
        const columns = (rows[0] ?? ['x']).map((_, i) => `c${i}`);
        const quote = (cell: string): string =>
          /[",;\n\t#]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
        const source =
          (mark ? '\uFEFF' : '') +
          [columns.join(','), ...rows.map((row) => row.map(quote).join(','))].join(newline);
        const { value, problems: found } = readData('t.csv', source);
        expect(found).toEqual([]);
        if (value?.kind !== 'list' || value.table === null) throw new Error('no table');
        const { table: read } = value;
        // A line without anything on it is no row.
        const expected = rows.filter((row) => row.length > 1 || row[0]?.trim() !== '');
        expect(read.columns).toEqual(columns);
        expect(Array.from({ length: read.count }, (_, i) => read.row(i))).toEqual(
          expected.map((row) => row.map((cell) => cell.trim())),
        );
        expected.forEach((row, i) => {
          row.forEach((cell, k) => {
            const { start, end } = read.place(i, k);
            expect(source.slice(start, end).replaceAll('""', '"')).toBe(cell.trim());
          });
        });
      }),
    );
  });
});

describe('JSON', () => {
  test('lists and records; a number is the text that stands there', () => {
    const text = '{\n  "hosts": [{"ip": "10.0.0.1", "port": 0012e1}] }'.replace('0012e1', '12');
    const { value } = readData('t.json', text);
    expect(plain(value)).toEqual({ hosts: [{ ip: '10.0.0.1', port: '12' }] });
    expect(cells(value, text)).toEqual(['2:21 10.0.0.1 = 10.0.0.1', '2:40 12 = 12']);
    expect(read('t.json', '[18446744073709551615, true, null, "\\u00e9"]')).toEqual([
      '18446744073709551615',
      'true',
      '',
      'é',
    ]);
  });

  test('comments and a byte order mark are fine', () => {
    const text = '\uFEFF// our hosts\n[1, /* two */ 2]';
    expect(cells(readData('t.json', text).value, text)).toEqual(['2:2 1 = 1', '2:15 2 = 2']);
  });

  test('the first mistake, at its place', () => {
    expect(problems('t.json', '{"a": nul}')).toEqual([
      `syntax at 6 'nul': this is neither a text in quotes nor a number, \`true\`, \`false\` or \`null\``,
    ]);
    expect(problems('t.json', '[1, 2')).toEqual([`syntax at 5 '': \`]\` is expected here`]);
    expect(problems('t.json', '[1,]')).toEqual([`syntax at 3 ']': a value is expected here`]);
    expect(problems('t.json', '{"a": 1, "a": 2}')).toEqual([`repeated at 10 'a'`]);
    expect(problems('t.json', ' ')).toEqual([`syntax at 1 '': the file is empty`]);
  });

  test('depth is bounded', () => {
    const nested = (n: number): string => '['.repeat(n) + ']'.repeat(n);
    expect(problems('t.json', nested(LIMITS.depth))).toEqual([]);
    expect(problems('t.json', nested(LIMITS.depth + 1))).toEqual([`limit at ${LIMITS.depth} '['`]);
    expect(problems('t.json', '['.repeat(1_000_000))).toHaveLength(1);
  });
});

describe('YAML', () => {
  test('a plain scalar is the text that stands there', () => {
    const text = 'hosts:\n  - ip: 10.0.0.1\n    mac: 02:00:00:00:00:01\n  - {ip: "10.0.0.2", vlan: 0x10}\n';
    const { value } = readData('t.yaml', text);
    expect(plain(value)).toEqual({
      hosts: [
        { ip: '10.0.0.1', mac: '02:00:00:00:00:01' },
        { ip: '10.0.0.2', vlan: '0x10' },
      ],
    });
    expect(cells(value, text)).toEqual([
      '2:9 10.0.0.1 = 10.0.0.1',
      '3:10 02:00:00:00:00:01 = 02:00:00:00:00:01',
      '4:11 10.0.0.2 = 10.0.0.2',
      '4:28 0x10 = 0x10',
    ]);
    expect(read('t.yml', '[on, 1e3, 0755, ~, null, , "x"]'.replace(', ,', ','))).toEqual([
      'on',
      '1e3',
      '0755',
      '',
      '',
      'x',
    ]);
  });

  test('CRLF and a byte order mark', () => {
    const text = '\uFEFFa: é\r\nb: 🏔 x\r\nc: 1\r\n';
    expect(cells(readData('t.yaml', text).value, text)).toEqual(['1:5 é = é', '2:4 🏔 x = 🏔 x', '3:4 1 = 1']);
  });

  test('aliases are followed', () => {
    expect(read('t.yaml', 'a: &x [1, 2]\nb: *x\n')).toEqual({ a: ['1', '2'], b: ['1', '2'] });
  });

  test('aliases are bounded', () => {
    const bomb = Array.from({ length: 12 }, (_, i) =>
      i === 0
        ? 'l0: &l0 [x]'
        : `l${i}: &l${i} [${Array(10)
            .fill(`*l${i - 1}`)
            .join(', ')}]`,
    ).join('\n');
    expect(problems('t.yaml', bomb)[0]).toMatch(/^limit at \d+ '\*l\d'$/);
    expect(problems('t.yaml', 'a: &x [1, *x]')).toEqual([
      `syntax at 10 '*x': \`*x\` has no anchor that ends before it`,
    ]);
  });

  test('what is not read is told', () => {
    const found = (text: string): string | undefined => problems('t.yaml', text)[0];
    expect(found('a: 1\na: 2\n')).toBe(`syntax at 5 'a': map keys must be unique`);
    expect(found('a: &x {b: 1}\nc: {<<: *x}\n')).toMatch(/^syntax at 17 '<<': merge keys/);
    expect(found('[a]: 1')).toMatch(/^syntax at 0 '\[a\]': a key is a plain text here/);
    expect(found('--- 1\n--- 2\n')).toMatch(/^syntax at 6 '.*': a second document/);
    expect(found('a: !mine 1')).toBe(`syntax at 3 '!mine': unresolved tag: !mine`);
    expect(found('')).toBe(`syntax at 0 '': the file is empty`);
  });

  test('depth is bounded', () => {
    const nested = (n: number): string => '['.repeat(n) + ']'.repeat(n);
    expect(problems('t.yaml', nested(LIMITS.depth))).toEqual([]);
    expect(problems('t.yaml', nested(LIMITS.depth + 1))).toEqual([`limit at ${LIMITS.depth} '['`]);
    expect(problems('t.yaml', '['.repeat(20_000))).toHaveLength(1);
  });
});

test('the extension decides', () => {
  expect(read('T.CSV', 'a\n1')).toEqual([{ a: '1' }]);
  expect(readData('hosts.xlsx', 'a').problems).toEqual([
    { kind: 'format', span: { start: 0, end: 0 }, extension: 'xlsx' },
  ]);
  expect(readData('a.b/hosts', 'a').problems).toMatchObject([{ kind: 'format', extension: '' }]);
});

test('sizes are bounded', () => {
  const text = `a\n${'x'.repeat(LIMITS['YAML characters'])}`;
  expect(readData('t.csv', text).problems).toEqual([]);
  expect(readData('t.yaml', text).problems).toMatchObject([{ kind: 'limit', limit: 'YAML characters' }]);
});

test('nothing throws, and spans lie in the file', () => {
  const pieces = fc.constantFrom(
    ...[
      '"',
      "'",
      ',',
      ';',
      ':',
      ': ',
      '\n',
      '\r\n',
      '\r',
      '\t',
      ' ',
      '  ',
      '[',
      ']',
      '{',
      '}',
      '- ',
      '#',
      '//',
    ],
    ...['/*', '&a', '*a', '!', '!!int', '|', '>', '?', '<<', '---', '...', '%YAML 1.1', '\\', '\\u', '\0'],
    ...['\uFEFF', '🏔', '\ud800', 'a', '10.0.0.1', '1e5', '-', '.', 'null', 'true'],
  );
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 30 }),
      fc.constantFrom('t.csv', 't.tsv', 't.json', 't.yaml'),
      (parts, path) => {
        const text = parts.join('');
        const { value, problems: found } = readData(path, text);
        expect(value === null && found.length === 0).toBe(false);
        const spans = found.map((p) => p.span);
        const visit = (v: DataValue | null): void => {
          if (v === null) return;
          spans.push(v.span);
          if (v.kind === 'list') v.elements.forEach(visit);
          else if (v.kind === 'record') [...v.entries.values()].forEach(visit);
        };
        visit(value);
        for (const { start, end } of spans) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      },
    ),
    { numRuns: 2000 },
  );
});
