// Decisions of an import that concern more than one flow.
import { describe, expect, test } from 'vitest';
import { commonSpace } from '../../src/import/cookies.ts';
import { identifier, ImportNames } from '../../src/import/naming.ts';
import { InputNames } from '../../src/import/read/index.ts';
import { numberTables } from '../../src/import/table-order.ts';
import { collectOptions, placeholder } from '../../src/import/tunnel-options.ts';
import { instructions, term } from '../emit/judge.ts';

describe('the space of cookies', () => {
  test('is what the stated ones have in common at their top', () => {
    expect(commonSpace([0x1030000000000n, 0x103ff00000000n], false)).toEqual({
      value: 0x1030000000000n,
      mask: 0xffffff0000000000n,
    });
  });
  test('leaves bits to tell flows apart, more where the compiler has to', () => {
    expect(commonSpace([0x5adc15c0n], false)).toEqual({ value: 0x5adc0000n, mask: 0xffffffffffff0000n });
    expect(commonSpace([0xb1d0a9d3f3a7c8e1n], true)).toEqual({
      value: 0xb1d0a90000000000n,
      mask: 0xffffff0000000000n,
    });
  });
  test('is none where cookie 0 would be in it, or nearly everything', () => {
    expect(commonSpace([1n, 2n], false)).toBeNull();
    expect(commonSpace([0x5adc15c0n], true)).toBeNull();
    expect(commonSpace([1n << 63n, 1n << 62n], false)).toBeNull();
    expect(commonSpace([], true)).toBeNull();
  });
});

describe('tables without numbers', () => {
  test('are numbered such that every goto leads forward', () => {
    expect(
      numberTables([250, 251, 252], new Set(), [
        { from: 252, to: 250 },
        { from: 250, to: 251 },
      ]),
    ).toEqual(
      new Map([
        [252, 0],
        [250, 1],
        [251, 2],
      ]),
    );
  });
  test('keep to those that have numbers', () => {
    const edges = [
      { from: 5, to: 250 },
      { from: 250, to: 7 },
    ];
    expect(numberTables([250], new Set([5, 7]), edges)).toEqual(new Map([[250, 6]]));
    expect(numberTables([250], new Set([5, 6, 7]), edges)).toBeNull();
  });
  test('cannot lead in a circle', () => {
    const edges = [
      { from: 250, to: 251 },
      { from: 251, to: 250 },
    ];
    expect(numberTables([250, 251], new Set(), edges)).toBeNull();
  });
});

describe('names', () => {
  test('of the input become identifiers', () => {
    expect(identifier('eth0', 'port')).toBe('eth0');
    expect(identifier('veth-1.5', 'port')).toBe('veth_1_5');
    expect(identifier('6to4', 'port')).toBe('port_6to4');
    expect(identifier('\u202e', 'port')).toBe('port');
  });
  test('are free, and given once', () => {
    const input = new InputNames();
    const numbers = ['a-b', 'a.b', 'ip', 'normal', 'ct'].map((name) => input.port(name)!);
    const names = new ImportNames(input);
    expect(numbers.map((n) => names.ports.get(n))).toEqual([
      'a_b',
      'a_b_2',
      'ip_port',
      'normal_port',
      'ct_2',
    ]);
    const table = input.table('a_b')!;
    expect(names.tables.get(table)).toBe('a_b_3');
    expect(names.tables.get(7)).toBe('table7');
    expect(names.tables.get(254)).toBeUndefined();
    expect(names.portDeclarations()[2]).toEqual({ name: 'ip_port', value: 'ip' });
  });
});

test('tunnel options that are not told of get room for their values', () => {
  const widths = new Map<number, number>();
  collectOptions(
    {
      match: [term('tun_metadata0', 0x12345678)],
      instructions: instructions({
        apply: [
          {
            kind: 'move',
            source: { field: 'tun_metadata3', offset: 0, bits: 40 },
            destination: { field: 'xreg0', offset: 0, bits: 40 },
          },
        ],
      }),
    },
    widths,
  );
  expect([...widths].map(([index, bits]) => placeholder(index, bits))).toEqual([
    { class: 0x102, type: 0x80, length: 4, index: 0 },
    { class: 0xffff, type: 3, length: 8, index: 3 },
  ]);
});
