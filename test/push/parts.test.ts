// The decisions of a push that need no switch.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cookiesExcept } from '../../src/push/cookies.ts';
import {
  meterContent,
  readGroups,
  readMeters,
  readPorts,
  type Configured,
} from '../../src/push/config-wire.ts';
import { bindMeters, planMeters } from '../../src/push/meters.ts';
import type { WireMeter } from '../../src/push/plan.ts';
import { planTlvs } from '../../src/push/tlvs.ts';
import { bucketUses, instructionUses, mayLearn } from '../../src/push/uses.ts';
import { act, hex } from './plans.ts';
import { does, group, meter, tlvOf } from './parts.ts';

const bytes = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('cookies but for some', () => {
  const open = 12n;
  const space = { value: 0xa01n << open, mask: ((1n << 64n) - 1n) ^ ((1n << open) - 1n) };
  const holds = (s: { value: bigint; mask: bigint }, cookie: bigint): boolean =>
    (cookie & s.mask) === s.value;

  test('are the others, each once', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(4095), { maxLength: 6 }), (list) => {
        const excluded = list.map((n) => space.value | BigInt(n));
        const spaces = cookiesExcept(space, excluded);
        for (let n = 0; n < 4096; n++) {
          const cookie = space.value | BigInt(n);
          const count = spaces.filter((s) => holds(s, cookie)).length;
          if (count !== (excluded.includes(cookie) ? 0 : 1)) return false;
        }
        return (
          spaces.length <= Math.max(1, 12 * excluded.length) && spaces.every((s) => holds(space, s.value))
        );
      }),
      { numRuns: 50 },
    );
  });

  test('those outside do not matter', () => {
    expect(cookiesExcept(space, [5n, 0xa02n << open])).toEqual([space]);
    const whole = { value: 0x00a01n << 44n, mask: 0xfffffn << 44n };
    expect(cookiesExcept(whole, [whole.value | 77n])).toHaveLength(44);
  });
});

describe('ids for meters', () => {
  const rates = fc.integer({ min: 1, max: 4 });
  const ids = fc.integer({ min: 1, max: 8 });
  const ranges = fc.constantFrom(
    [],
    [{ first: 2, last: 5 }],
    [
      { first: 7, last: 8 },
      { first: 1, last: 2 },
    ],
  );
  const onSwitch = (id: number, rate: number): Configured => ({
    id,
    content: meterContent(meter(id, rate)),
    bytes: Buffer.alloc(0),
  });

  test('are free or fit, never the same twice, and never changed without need', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(ids, rates), { maxLength: 5, selector: ([id]) => id }),
        fc.uniqueArray(fc.tuple(ids, rates), { maxLength: 6, selector: ([id]) => id }),
        ranges,
        (wanted, there, meterIds) => {
          const existing = there.map(([id, rate]) => onSwitch(id, rate));
          const meters = wanted.map(([id, rate], i) => meter(id, rate, { name: `m${i}` }));
          const request = { version: '1.5', bridgeName: null, meters, meterIds } as const;
          const bound = bindMeters(request, existing);
          const given = bound.filter((id) => id !== null);
          expect(new Set(given).size).toBe(given.length);
          const within = (id: number): boolean => meterIds.some((r) => id >= r.first && id <= r.last);
          const rateOf = new Map(there);
          bound.forEach((id, i) => {
            const [stated, rate] = wanted[i]!;
            if (id === null) {
              // Nothing was left: its own id is another meter's, and so are all in the ranges.
              for (let n = 1; n <= 8; n++)
                if (n === stated || within(n)) expect(rateOf.has(n) || given.includes(n)).toBe(true);
              return;
            }
            expect(id === stated || within(id)).toBe(true);
            if (rateOf.has(id)) expect(rateOf.get(id)).toBe(rate);
          });
          // A second look gives the same.
          const named = meters.flatMap((m, i): WireMeter[] => {
            const id = bound[i];
            return id === null || id === undefined ? [] : [meter(id, wanted[i]![1], { name: m.name })];
          });
          if (named.length < meters.length) return;
          const again = { ...request, meters: named };
          expect(bindMeters(again, existing)).toEqual(bound);
          expect(planMeters(again, existing, true).findings).toEqual([]);
          const after = [
            ...existing.filter(({ id }) => !given.includes(id)),
            ...named.map((m, i) => onSwitch(m.id, wanted[i]![1])),
          ];
          expect(bindMeters(again, after)).toEqual(bound);
          expect(planMeters(again, after, true).work.adds).toEqual([]);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('a burst size that nobody asked for does not count', () => {
    // As Open vSwitch 3.1 reports `meter=6,pktps,bands=type=drop rate=100`.
    const [there] = readMeters(bytes('0018000200000006 0001001000000064 0000006400000000')) ?? [];
    expect(there).toMatchObject({ id: 6, content: meterContent(meter(6, 100, { unit: 'pktps' })) });
    const burst = meter(6, 100, {
      burst: true,
      bands: [{ type: 'drop', rate: 100, burstSize: 7, precLevel: 0 }],
    });
    const [other] = readMeters(bytes('0018000500000006 0001001000000064 0000006400000000')) ?? [];
    expect(other?.content).not.toBe(meterContent(burst));
  });
});

describe('options of Geneve', () => {
  test('those that lack are added, those that contradict are told', () => {
    const existing = [tlvOf(0, 0x80), tlvOf(1, 0x81, 8)];
    const wanted = [tlvOf(1, 0x81, 8), tlvOf(2, 0x82), tlvOf(0, 0x83), tlvOf(3, 0x80), tlvOf(1, 0x81, 4)];
    const { adds, findings } = planTlvs(wanted, existing);
    expect(adds).toEqual([1]);
    expect(findings.map((f) => 'index' in f && f.index)).toEqual([2, 3, 4]);
  });
});

describe('what actions use', () => {
  const uses = (text: string): string[] => {
    const found: string[] = [];
    instructionUses(bytes(text), {
      group: (id) => found.push(`group ${id}`),
      meter: (id) => found.push(`meter ${id}`),
      learn: (cookie, deletes) => found.push(`learn ${cookie} ${deletes}`),
    });
    return found;
  };

  test('is seen wherever it is nested', () => {
    expect(uses(act.group(5))).toEqual(['group 5']);
    expect(uses(does.writeGroup(5))).toEqual(['group 5']);
    expect(uses(does.cloneToGroup(6))).toEqual(['group 6']);
    expect(uses(does.meterAndOutput(7, 1))).toEqual(['meter 7']);
    expect(uses(does.meterThenOutput(8, 1))).toEqual(['meter 8']);
    // ct(commit,exec()) of nothing, and a number that only looks like a group.
    expect(uses('0004002000000000 ffff001800002320 0023000100000000 0000000000000000')).toEqual([]);
    expect(uses('0004001800000000 00000010 00160008 0016000800160008')).toEqual([]);
    // learn(table=1,cookie=0x2a,delete_learned) without specs.
    const learn = 'ffff002000002320 0010000000008000 000000000000002a 0002010000000000';
    expect(uses(`0004002800000000 ${learn}`)).toEqual(['learn 42 true']);
    expect(mayLearn(bytes(learn))).toBe(true);
    expect(mayLearn(bytes(act.group(5)))).toBe(false);
  });

  test.each(['1.3', '1.5'] as const)('and by buckets of %s', (version) => {
    const { message } = group(
      9,
      [{ actions: [{ kind: 'clone', actions: [{ kind: 'group', id: 3 }] }] }, { watchGroup: 4 }, 1],
      { version, type: 'fast_failover' },
    );
    const ids: number[] = [];
    bucketUses(version, Buffer.from(message).subarray(version === '1.5' ? 24 : 16), (id) => ids.push(id));
    expect(ids.filter((id) => id !== 0xffffffff)).toEqual([3, 4]);
  });

  test('whatever the bytes, nothing throws', () => {
    const near = fc.array(
      fc.oneof(
        fc
          .constantFrom(
            act.group(5),
            does.cloneToGroup(6),
            '0003000800000000',
            'ffff001000002320 002a000000000000',
          )
          .map(bytes),
        fc.uint8Array({ maxLength: 24 }).map((b) => Buffer.from(b)),
      ),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(near, (parts) => {
        const all = Buffer.concat(parts);
        instructionUses(all, { group: () => undefined, meter: () => undefined, learn: () => undefined });
        for (const version of ['1.3', '1.4', '1.5'] as const) {
          bucketUses(version, all, () => undefined);
          readGroups(version, all);
          readPorts(version, all);
        }
        readMeters(all);
      }),
      { numRuns: 3_000 },
    );
  });

  test('a list that is cut is no list', () => {
    expect(readMeters(bytes('0018000200000006 0001001000000064'))).toBeNull();
    expect(readMeters(bytes('0004000200000006'))).toBeNull();
    expect(readGroups('1.3', bytes(`0018010000000005 00${hex(0, 2)}`))).toBeNull();
  });
});
