import { describe, expect, test } from 'vitest';
import type { FlowKey } from '../../src/ir/identity.ts';
import {
  cookieFromHash,
  flowCookie,
  IdentityHash,
  LEARNED_BIT,
  programCookies,
  programIdFromName,
  RESERVED_COOKIE,
} from '../../src/ir/identity.ts';

const key = (parts: Partial<FlowKey> = {}): FlowKey => ({
  module: 'rules.wbf',
  table: 'ingress',
  flow: { name: 'arp_reply' },
  instance: '',
  ...parts,
});

const hashOf = (...codes: number[]): [number, number] => {
  const hash = new IdentityHash();
  for (const code of codes) hash.add(code);
  return [hash.high(), hash.low()];
};

describe('the hash', () => {
  // Cookies stay on switches: when one of these changes, every flow of every user is replaced at the next push.
  test('has these values for ever', () => {
    expect(hashOf()).toEqual([1208, 451841411]);
    expect(hashOf(0)).toEqual([1102, 3945235546]);
    expect(hashOf(...Buffer.from('arp_reply'))).toEqual([990, 2148349898]);
    expect(flowCookie(programCookies(0xa01), key())).toBe(0xa0_125d_1e30_16b5n);
    const match = Uint8Array.of(0x80, 0, 0x0a, 2, 8, 6);
    expect(flowCookie(programCookies(0xa01), key({ flow: { match, priority: 10 } }))).toBe(
      0xa0_10bb_d9a2_0ff8n,
    );
    expect(['whitebox', 'l2', ''].map(programIdFromName)).toEqual([479214, 892892, 774802]);
  });

  // As its author publishes them, 53 bits each.
  test.each([
    ['a', 0x1c2ba782c97901n],
    ['b', 0x1eda5bc254d2bfn],
    ['revenge', 0xe64cc3b748385n],
    ['revenue', 0xd85148d13f93an],
  ])('is cyrb53: %s', (text, published) => {
    const [high, low] = hashOf(...Buffer.from(text));
    expect((BigInt(high) << 32n) | BigInt(low)).toBe(BigInt.asUintN(43, published));
  });

  test('goes on after it was read, and from a copy', () => {
    const whole = new IdentityHash();
    whole.text('ab');
    const start = new IdentityHash();
    start.add(97);
    start.low();
    start.high();
    const rest = new IdentityHash();
    rest.text('something else');
    rest.copyFrom(start);
    rest.add(98);
    rest.add(0x10000);
    expect([rest.high(), rest.low()]).toEqual([whole.high(), whole.low()]);
    rest.reset();
    expect([rest.high(), rest.low()]).toEqual(hashOf());
  });

  test('a million flows of one table have a million hashes', () => {
    const prefix = new IdentityHash();
    prefix.text('rules.wbf');
    prefix.text('acl');
    prefix.text('host');
    const hash = new IdentityHash();
    const seen = new Set<number>();
    for (let i = 0; i < 1_000_000; i++) {
      hash.copyFrom(prefix);
      hash.text(`10.${i >> 16}.${(i >> 8) & 0xff}.${i & 0xff}`);
      seen.add(hash.high() * 2 ** 32 + hash.low());
    }
    expect(seen.size).toBe(1_000_000);
  });

  test('every bit is set in half of the hashes', () => {
    const counts = new Array<number>(43).fill(0);
    const n = 20_000;
    for (let i = 0; i < n; i++) {
      const hash = new IdentityHash();
      hash.match(Uint8Array.of(0x80, 0, 0x0a, 2, 8, 0, i >> 8, i & 0xff), 100);
      for (let bit = 0; bit < 43; bit++)
        counts[bit]! += bit < 32 ? (hash.low() >>> bit) & 1 : (hash.high() >>> (bit - 32)) & 1;
    }
    for (const count of counts) expect(Math.abs(count / n - 0.5)).toBeLessThan(0.03);
  });
});

describe('a cookie', () => {
  const space = programCookies(0xa01);

  test('is the id, a 0 and the hash', () => {
    expect(space).toEqual({ value: 0x00a0_1000_0000_0000n, mask: 0xffff_f000_0000_0000n });
    const cookie = flowCookie(space, key());
    expect(cookie >> 44n).toBe(0xa01n);
    expect(cookie & LEARNED_BIT).toBe(0n);
  });

  test('depends on each part of where the flow is, and on nothing else', () => {
    const keys = [
      key(),
      key({ module: 'other.wbf' }),
      key({ table: 'egress' }),
      key({ flow: { name: 'ping_reply' } }),
      key({ instance: '0' }),
      key({ module: 'rules.wbfi', table: 'ngress' }),
      key({ flow: { match: new Uint8Array(), priority: 1 } }),
      key({ flow: { match: new Uint8Array(), priority: 2 } }),
      key({ flow: { match: Uint8Array.of(1), priority: 1 } }),
      key({ flow: { name: '\u0001' } }),
    ];
    const cookies = keys.map((k) => flowCookie(space, k));
    expect(new Set(cookies).size).toBe(keys.length);
    expect(keys.map((k) => flowCookie(space, { ...k }))).toEqual(cookies);
  });

  test('stays in any other space', () => {
    const other = { value: 0x0001_0300_0000_0000n, mask: 0xffff_ff00_0000_0000n };
    const cookie = flowCookie(other, key());
    expect(cookie & other.mask).toBe(other.value);
  });

  test('is never the reserved one', () => {
    const space = { value: 0xffff_f800_0000_0000n, mask: 0xffff_f800_0000_0000n };
    expect(cookieFromHash(space, 0x7ff, 0xffffffff)).not.toBe(RESERVED_COOKIE);
    expect(cookieFromHash(space, 0x7ff, 0xffffffff) & space.mask).toBe(space.value);
  });
});

describe('a program id', () => {
  test('is from 1 to 0xffffe', () => {
    for (const id of [0, 0xfffff, 1 << 20, 1.5, -1]) expect(() => programCookies(id)).toThrow(RangeError);
    for (let i = 0; i < 5000; i++) {
      const id = programIdFromName(`program${i}`);
      expect(id).toBeGreaterThan(0);
      expect(id).toBeLessThan(0xfffff);
    }
  });
});
