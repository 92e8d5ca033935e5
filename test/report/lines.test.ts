import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineIndex } from '../../src/report/lines.ts';

test('lines and columns, for people and for programs', () => {
  const index = new LineIndex('ab\r\nc😀d\n\n');
  expect(index.lines).toBe(4);
  expect(index.lineText(1)).toBe('ab');
  expect(index.lineText(2)).toBe('c😀d');
  expect(index.lineText(3)).toBe('');
  expect(index.lineText(4)).toBe('');
  expect(index.position(4)).toEqual({ line: 2, column: 1 });
  expect(index.position(7)).toEqual({ line: 2, column: 3 });
  expect(index.positionUtf16(7)).toEqual({ line: 2, column: 4 });
  // Inside a line break is behind the line; inside a character, at it.
  expect(index.position(3)).toEqual({ line: 1, column: 3 });
  expect(index.position(6)).toEqual({ line: 2, column: 3 });
});

test('a byte order mark takes no column', () => {
  const index = new LineIndex('\ufeffab\ncd');
  expect(index.position(0)).toEqual({ line: 1, column: 1 });
  expect(index.position(1)).toEqual({ line: 1, column: 1 });
  expect(index.positionUtf16(2)).toEqual({ line: 1, column: 2 });
  expect(index.position(4)).toEqual({ line: 2, column: 1 });
});

test('agrees with counting', () => {
  const text = fc.array(fc.constantFrom('a', '\n', '\r\n', '😀', '\t', 'é'), { maxLength: 40 });
  fc.assert(
    fc.property(text, fc.nat(60), (parts, where) => {
      const whole = parts.join('');
      const offset = Math.min(where, whole.length);
      const before = whole.slice(0, offset).split('\n');
      const { line, column } = new LineIndex(whole).positionUtf16(offset);
      expect(line).toBe(before.length);
      const last = before.at(-1) ?? '';
      const inBreak = whole.slice(offset - 1, offset + 1) === '\r\n';
      expect(column).toBe((inBreak ? last.slice(0, -1) : last).length + 1);
    }),
  );
});
