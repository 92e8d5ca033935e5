// Registers that have a width and no place.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bitsOf, placeRegisters, showPlace } from '../../src/check/register-places.ts';
import { NO_ALLOCATION, type Allocation, type SubfieldRef } from '../../src/ir/types.ts';
import { compile } from '../../src/project/compile.ts';
import { field } from '../../src/openflow/fields.ts';
import { applyFix, expectDiagnostics } from './expect.ts';

function placed(text: string, kept: Record<string, SubfieldRef> = {}): Record<string, string> {
  const lock = new Map<string, Allocation>([
    ['t', { ...NO_ALLOCATION, registers: new Map(Object.entries(kept)) }],
  ]);
  const { diagnostics, lock: given } = compile({ path: 't.wbf', text }, { lock });
  expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  return Object.fromEntries([...given.registers].map(([name, at]) => [name, showPlace(at)]));
}

test('halves, whole registers, pairs and fours; the widest first', () => {
  expect(
    placed(
      'register a: 16\nregister b: 16\nregister c: 32\nregister d: 1\nregister e: 64\nregister f: 128\nregister g: 9\n',
    ),
  ).toEqual({
    f: 'xxreg0',
    e: 'xreg2',
    c: 'reg6',
    a: 'reg7[0..15]',
    b: 'reg7[16..31]',
    g: 'reg8[0..8]',
    d: 'reg8[9]',
  });
});

test('not where a declaration or a flow says a register outright, by any of its names', () => {
  expect(
    placed(
      `
      register stated = reg0[0..15]
      register a: 16
      register b: 16
      register c: 32
      register d: 32
      table in = 0 {
        miss { NXM_NX_REG2 = 1; drop_not = 1 }
        flow { match { xreg4 = 1 } action { reg1 = 5; output 1 } }
        flow { match { arp } action { reg3[0..7] = 5; output 1 } }
        flow { match { ip } action { learn(table = in) { match { reg4 = 5 } action { drop } }; output reg5[0..15] } }
      }
    `.replace('; drop_not = 1', '; output 1'),
    ),
  ).toEqual({ a: 'reg0[16..31]', c: 'reg6', d: 'reg7', b: 'reg10[0..15]' });
});

test('some bits of one', () => {
  expectDiagnostics(`register low = zone[0..7] alias
register high = zone[8..15]
                ~~~~~~~~~~~ WBF5005 \`high\` and \`zone\` share bits
register zone: 16
         ---- \`zone\` is here
flow { match { low = 3 } action { drop } }
flow { match { low = 256 } action { drop } }
                     ~~~ WBF2101 256 does not fit \`low\`, which has 8 bits (at most 0xff)
`);
});

test('errors', () => {
  expectDiagnostics(`register a: 0
            ~ WBF2114 the width of a register is 1 to 128, and this is 0
register b: 129
            ~~~ WBF2114 the width of a register is 1 to 128, and this is 129
register c = d[0..3] alias
             ~~~~~~~ WBF5508 \`c\` stands for itself
register d = c
             ~ WBF5508 \`d\` stands for itself
flow { match { a = 1; b = 1; c = 1; d = 1 } action { drop } }
`);
  const alias = expectDiagnostics(`register a: 8 alias
              ~~~~~ WBF5507 a register that the compiler places shares no bits: \`alias\` says nothing here
`);
  expect(applyFix(alias).trim()).toBe('register a: 8');
  expectDiagnostics(`bridge br0 { protocols = [OpenFlow11] }
register a: 8
         ~ WBF5505 OpenFlow 1.1 has no registers
register b: 8
flow { match { in_port = 1 } action { drop } }
`);
});

test('when there is no room, the map says what lies where', () => {
  const text = `register a: 128
register b: 128
register c: 128
register d: 64
register e: 64
flow { match { reg15 = 1 } action { drop } }
`;
  const { diagnostics } = compile({ path: 't.wbf', text });
  expect(diagnostics.map((d) => [d.code, d.message, text.slice(d.place.start, d.place.end)])).toEqual([
    ['WBF5504', 'there is no room for `e` (64 bits)', 'e'],
  ]);
  expect(diagnostics[0]?.notes).toEqual([
    ...[0, 1, 2, 3].map((n) => `reg${n}: \`a\` (xxreg0)`),
    ...[4, 5, 6, 7].map((n) => `reg${n}: \`b\` (xxreg1)`),
    ...[8, 9, 10, 11].map((n) => `reg${n}: \`c\` (xxreg2)`),
    'reg12: `d` (xreg6)',
    'reg13: `d` (xreg6)',
    'reg14: free',
    'reg15: used by its own name',
  ]);
});

describe('the lock', () => {
  const half: SubfieldRef = { field: 'reg5', offset: 16, bits: 16 };

  test('keeps places when others come and go', () => {
    expect(
      placed('register new: 128\nregister zone: 16\n', { zone: half, gone: { ...half, offset: 0 } }),
    ).toEqual({
      new: 'xxreg0',
      zone: 'reg5[16..31]',
    });
  });

  test('a place that a flow now uses is let go, with a warning', () => {
    const text = 'register zone: 16\nflow { match { xreg2 = 1; zone = 5 } action { drop } }\n';
    const lock = new Map([['t', { ...NO_ALLOCATION, registers: new Map([['zone', half]]) }]]);
    const { diagnostics } = compile({ path: 't.wbf', text }, { lock });
    expect(diagnostics.map((d) => [d.code, d.message])).toEqual([
      ['WBF5506', '`zone` moves from reg5[16..31] to reg0[0..15]'],
    ]);
  });

  test('another width is another register', () => {
    expect(placed('register zone: 8\n', { zone: half })).toEqual({ zone: 'reg0[0..7]' });
  });
});

test('no two places overlap, and every place is within its register', () => {
  const widths = fc.array(fc.integer({ min: 1, max: 128 }), { maxLength: 20 });
  fc.assert(
    fc.property(widths, fc.bigInt({ min: 0n, max: (1n << 512n) - 1n }), fc.boolean(), (bits, noise, busy) => {
      const taken = busy ? noise & (noise >> 7n) & (noise >> 31n) : 0n;
      const wanted = bits.map((b) => ({ bits: b, kept: null }));
      const found = placeRegisters(wanted, taken);
      let used = taken;
      found.forEach((at, i) => {
        if (at === null) return;
        expect(at.bits).toBe(bits[i]);
        expect(at.offset + at.bits).toBeLessThanOrEqual(field(at.field).bits);
        expect(bitsOf(at) & used).toBe(0n);
        used |= bitsOf(at);
      });
      const again = placeRegisters(
        wanted.map((w, i) => ({ ...w, kept: found[i] ?? null })),
        taken,
      );
      expect(again).toEqual(found);
    }),
  );
});
