// The text of wbf.lock.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Allocation, SubfieldRef } from '../../src/ir/types.ts';
import { lockChanges, printLock, readLock, withProgram } from '../../src/project/lock.ts';
import { draw } from '../check/expect.ts';

const name = fc.stringMatching(/^[a-z][a-z_./0-9]{0,8}$/);
const place = fc.constantFrom<SubfieldRef>(
  { field: 'reg0', offset: 0, bits: 32 },
  { field: 'reg15', offset: 16, bits: 16 },
  { field: 'reg3', offset: 7, bits: 1 },
  { field: 'xreg1', offset: 0, bits: 33 },
  { field: 'xxreg3', offset: 0, bits: 128 },
);
const allocation = fc.record({
  tables: fc.array(fc.tuple(name, fc.nat(253))).map((e) => new Map(e)),
  registers: fc.array(fc.tuple(name, place)).map((e) => new Map(e)),
  conjunctions: fc.array(fc.tuple(name, fc.nat())).map((e) => new Map(e)),
});

test('what is written is read', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(name, allocation)), (entries) => {
      const lock = new Map<string, Allocation>(entries);
      const text = printLock(lock);
      const { lock: read, diagnostics } = readLock(text);
      expect(diagnostics).toEqual([]);
      expect(read).toEqual(lock);
      // The order in which things were found does not show.
      expect(printLock(new Map([...lock].reverse()))).toBe(text);
    }),
  );
});

test('one entry a line, in the order of the names', () => {
  const lock = withProgram(new Map(), 'edge', {
    tables: new Map([
      ['nat', 20],
      ['acl', 10],
    ]),
    registers: new Map([['zone', { field: 'reg0', offset: 0, bits: 16 }]]),
    conjunctions: new Map(),
  });
  expect(printLock(lock)).toBe(`{
  "version": 1,
  "programs": {
    "edge": {
      "registers": {
        "zone": "reg0[0..15]"
      },
      "tables": {
        "acl": 10,
        "nat": 20
      }
    }
  }
}
`);
});

test('what would change', () => {
  const nothing = { tables: new Map(), registers: new Map(), conjunctions: new Map() };
  const before = withProgram(new Map(), 'p', {
    ...nothing,
    tables: new Map([
      ['a', 1],
      ['b', 2],
    ]),
  });
  const now = {
    ...nothing,
    tables: new Map([
      ['b', 3],
      ['c', 1],
    ]),
  };
  expect(lockChanges(before, 'p', now)).toEqual([
    'table `a` (1) is gone',
    'table `b` moves from 2 to 3',
    'table `c` is new: 1',
  ]);
  expect(lockChanges(before, 'q', nothing)).toEqual([]);
});

test.each([
  ['', '~ WBF5520 not JSON: value expected'],
  ['[]', '~~ WBF5520 the file is an object, with names before its values'],
  ['{"version": 2}', '            ~ WBF5520 this version of wbfc knows version 1 of the file only'],
  ['{"progams": {}}', ' ~~~~~~~~~ WBF5520 `progams` means nothing here'],
  [
    '{"programs": {"p": {"tables": {"a": -1}}}}',
    '                                    ~~ WBF5520 a whole number is needed here',
  ],
  [
    '{"programs": {"p": {"tables": {"a": 1, "a": 2}}}}',
    '                                       ~~~ WBF5520 `a` stands here twice',
  ],
  [
    '{"programs": {"p": {"registers": {"a": "reg0[0..32]"}}}}',
    '                                       ~~~~~~~~~~~~~ WBF5520 a register is written like "reg0[0..15]" or "xreg1"',
  ],
  ['<<<<<<< HEAD', '~~~~~~~~~~~~ WBF5521 `wbf.lock` has the marks of a merge conflict'],
])('%s', (text, drawn) => {
  const { lock, diagnostics } = readLock(text);
  expect(draw(text, diagnostics)).toBe(`${text}\n${drawn}`);
  expect(lock.size).toBe(0);
});

test('no text makes it throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      readLock(text);
    }),
  );
});
