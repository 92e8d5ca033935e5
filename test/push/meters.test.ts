// Meters come before the flows and leave after them, on a real switch.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startProxy } from '../lab/proxy.ts';
import { startSwitch, type Lab } from '../lab/switch.ts';
import { startPush, type PushOptions, type PushPlan, type PushResult } from '../../src/push/push.ts';
import type { WireMeter } from '../../src/push/plan.ts';
import { act, ownCookie, planOf, pushTo, target, tlv } from './plans.ts';
import { clear, does, dumpMeters, meter } from './parts.ts';

let lab: Lab;
let to: string;
const flows = (): Promise<string[]> => lab.dumpFlows('br0');
const meters = (): Promise<string[]> => dumpMeters(lab, 'br0');
const addMeter = (text: string): Promise<unknown> =>
  lab.ofctl('-O', 'OpenFlow15', 'add-meter', 'br0', text, { check: true });
const add = (text: string): Promise<unknown> =>
  lab.ofctl('-O', 'OpenFlow15', 'add-flows', 'br0', '-', { input: text, check: true });

beforeAll(async () => {
  lab = await startSwitch({ dummy: true });
  to = `unix:${await lab.addBridge('br0', { dummyPorts: 2 })}`;
});
afterAll(() => lab.stop());
beforeEach(() => clear(lab, 'br0'));

const ours = [{ first: 10, last: 13 }];

/** One flow for each meter. */
const plan = (list: readonly WireMeter[], more: Partial<PushPlan> = {}): PushPlan =>
  planOf(
    list.map(({ id }, i) => ({
      match: tlv.ethDst(i + 1),
      instructions: does.meterAndOutput(id, 1),
      cookie: ownCookie(i + 1),
    })),
    { meters: list, meterIds: ours, ...more },
  );

/** As the command does: asks for the ids, compiles with them, and installs. */
async function bindAndPush(
  address: string,
  rates: Readonly<Record<string, number>>,
  more: Partial<PushPlan> & PushOptions = {},
): Promise<PushResult> {
  const { adopt, ...parts } = more;
  const push = startPush(target(address), { timeoutMs: 5_000, ...(adopt === undefined ? {} : { adopt }) });
  const wanted = (ids: ReadonlyMap<string, number>): WireMeter[] =>
    Object.entries(rates).map(([name, rate], i) => meter(ids.get(name) ?? 10 + i, rate, { name }));
  const bound = await push.meters(plan(wanted(new Map()), parts));
  if (bound.kind !== 'bound') return bound;
  return push.install(plan(wanted(bound.numbers), parts));
}

describe('meters', () => {
  test('a changed one gets a new id, and the old one goes', async () => {
    await addMeter('meter=1,kbps,bands=type=drop rate=7');
    expect(await bindAndPush(to, { slow: 100, fast: 900 })).toMatchObject({ kind: 'installed' });
    expect(await meters()).toEqual([
      'meter=1 kbps bands= type=drop rate=7',
      'meter=10 kbps bands= type=drop rate=100',
      'meter=11 kbps bands= type=drop rate=900',
    ]);
    expect(await bindAndPush(to, { slow: 200, fast: 900 })).toMatchObject({ kind: 'installed' });
    expect(await meters()).toEqual([
      'meter=1 kbps bands= type=drop rate=7',
      'meter=11 kbps bands= type=drop rate=900',
      'meter=12 kbps bands= type=drop rate=200',
    ]);
    expect(await flows()).toEqual([
      'cookie=0xa0100000000001, dl_dst=00:00:00:00:00:01 actions=meter:12,output:1',
      'cookie=0xa0100000000002, dl_dst=00:00:00:00:00:02 actions=meter:11,output:1',
    ]);
    expect(await pushTo(to, plan([]))).toMatchObject({ kind: 'installed' });
    expect(await meters()).toEqual(['meter=1 kbps bands= type=drop rate=7']);
  });

  test('one that is there as it should be is used again, and not touched', async () => {
    const same = [
      meter(12, 100, { name: 'a' }),
      meter(13, 100, {
        name: 'b',
        burst: true,
        stats: true,
        unit: 'pktps',
        bands: [
          { type: 'drop', rate: 5, burstSize: 6, precLevel: 0 },
          { type: 'drop', rate: 9, burstSize: 1, precLevel: 0 },
        ],
      }),
    ];
    await pushTo(to, plan(same));
    const proxy = await startProxy(lab, 'br0');
    expect(await pushTo(proxy.target, plan(same))).toMatchObject({ kind: 'installed' });
    expect(proxy.fromClient().filter((m) => m[1] === 29)).toEqual([]);
    // Under whatever id it was stated.
    const push = startPush(target(to));
    const bound = await push.meters(plan([meter(10, 100, { name: 'x' })]));
    expect(bound).toEqual({ kind: 'bound', numbers: new Map([['x', 12]]) });
    push.close();
  });

  test('a program without them is not asked for them', async () => {
    const proxy = await startProxy(lab, 'br0');
    await pushTo(proxy.target, planOf([{ match: tlv.ip }]));
    expect(proxy.fromClient().filter((m) => m[1] === 18 && m[9] === 10)).toEqual([]);
  });

  test('no room: it says to widen the range, and nothing is changed', async () => {
    await bindAndPush(to, { a: 1, b: 2, c: 3, d: 4 });
    const before = [await flows(), await meters()];
    expect(await bindAndPush(to, { a: 1, b: 2, c: 3, d: 5 })).toMatchObject({
      kind: 'refused',
      errors: [
        {
          code: 'WBF7026',
          place: { file: 2, start: 30 },
          message: 'no id is left for meter d: all of 10-13 are in use',
          help: 'widen `meters = …` in the `program` block',
        },
      ],
    });
    expect(await bindAndPush(to, { a: 9 }, { meterIds: [] })).toMatchObject({
      errors: [{ code: 'WBF7026', message: 'the switch has another meter with the id of a' }],
    });
    expect([await flows(), await meters()]).toEqual(before);
  });

  test("the switch's own meters have no other id: a changed one is refused, and nothing is changed", async () => {
    const slowpath = 0xfffffffd;
    const own = async (rate: number): Promise<PushResult> => {
      const push = startPush(target(to), { timeoutMs: 5_000 });
      const wanted = (id: number): PushPlan =>
        planOf([{ match: tlv.ip }], { meters: [meter(id, rate, { name: 'punts' })], meterIds: ours });
      const bound = await push.meters(wanted(slowpath));
      return bound.kind === 'bound' ? push.install(wanted(bound.numbers.get('punts') ?? 0)) : bound;
    };
    expect(await own(100)).toMatchObject({ kind: 'installed' });
    expect(await own(100)).toMatchObject({ kind: 'installed' });
    expect(await own(200)).toMatchObject({
      kind: 'refused',
      errors: [
        {
          code: 'WBF7026',
          message: 'the switch has another meter with the id of punts',
          help: 'delete it from the switch first: `ovs-ofctl -O OpenFlow15 del-meter BRIDGE meter=slowpath`',
        },
      ],
    });
    expect(await meters()).toEqual(['meter=slowpath kbps bands= type=drop rate=100']);
    await lab.ofctl('-O', 'OpenFlow15', 'del-meter', 'br0', 'meter=slowpath', { check: true });
  });

  test('an id that somebody took meanwhile', async () => {
    await addMeter('meter=10,kbps,bands=type=drop rate=7');
    expect(await pushTo(to, plan([meter(10, 100)]))).toMatchObject({
      kind: 'refused',
      errors: [{ code: 'WBF7027', place: { file: 2, start: 0 } }],
    });
  });

  test('a flow of somebody else that uses ours keeps it', async () => {
    await bindAndPush(to, { a: 1 });
    await add(
      'cookie=0x99,table=2,ip,actions=meter:10,output:1\ncookie=0x98,table=2,arp,actions=meter:10,output:2\n',
    );
    const before = [await flows(), await meters()];
    expect(await bindAndPush(to, { a: 2 })).toMatchObject({
      kind: 'refused',
      errors: [
        {
          code: 'WBF7024',
          message: expect.stringMatching(
            /^meter 10, .* is used by a flow that is not ours \(cookie 0x9[89], table 2\) and by 1 other flow$/,
          ) as string,
        },
      ],
    });
    expect([await flows(), await meters()]).toEqual(before);
    expect(await bindAndPush(to, { a: 2 }, { adopt: true })).toMatchObject({ kind: 'installed' });
    expect(await meters()).toEqual(['meter=11 kbps bands= type=drop rate=2']);
    expect(await flows()).toHaveLength(1);
  });
});

describe('a push that fails', () => {
  test('at a meter: its place is told, and the others are removed again', async () => {
    const remark = meter(11, 5, { bands: [{ type: 'dscp_remark', rate: 5, burstSize: 0, precLevel: 1 }] });
    expect(await pushTo(to, plan([meter(10, 1), remark, meter(12, 2)]))).toMatchObject({
      kind: 'refused',
      errors: [{ code: 'WBF7021', place: { file: 2, start: 10 }, switchError: 'OFPMMFC_BAD_BAND' }],
    });
    expect(await meters()).toEqual([]);
  });

  test.each([
    ['when a flow is read', { match: tlv.tcpDst(80) }],
    ['at the commit', { match: tlv.ip, instructions: act.group(77) }],
  ])('%s: the meters that were added are removed again', async (_, bad) => {
    await bindAndPush(to, { a: 1 });
    const before = [await flows(), await meters()];
    const wanted = planOf([{ match: tlv.arp, instructions: does.meterAndOutput(11, 2) }, bad], {
      meters: [meter(11, 5)],
      meterIds: ours,
    });
    expect(await pushTo(to, wanted)).toMatchObject({
      kind: 'refused',
      errors: [{ code: 'WBF7010', place: { file: 0, start: 10 } }],
    });
    expect([await flows(), await meters()]).toEqual(before);
  });

  test('because of an interruption', async () => {
    await bindAndPush(to, { a: 1 });
    const before = [await flows(), await meters()];
    const stop = new AbortController();
    const proxy = await startProxy(lab, 'br0', {
      hook: ({ from, bytes }) => {
        if (from === 'client' && bytes[1] === 33) stop.abort();
        return undefined;
      },
    });
    const result = await pushTo(proxy.target, plan([meter(11, 5)]), { signal: stop.signal });
    expect(result.kind).toBe('unchanged');
    await expect.poll(async () => [await flows(), await meters()]).toEqual(before);
  });

  test.each(['client', 'switch'] as const)('because it is cut after any message of the %s', async (from) => {
    const kinds = new Set<string>();
    for (let after = 0; after < 60; after++) {
      for (const forward of [true, false]) {
        await clear(lab, 'br0');
        await bindAndPush(to, { a: 1, b: 2 });
        const before = await flows();
        const proxy = await startProxy(lab, 'br0', { cut: { from, after, forward } });
        const result = await bindAndPush(proxy.target, { a: 1, b: 3 });
        kinds.add(result.kind);
        const [now, there] = [await flows(), await meters()];
        const where = `${from} ${after} ${forward} ${result.kind}`;
        // Whatever happens, the flows have their meters: the old program or the new one works.
        expect(now, where).toHaveLength(2);
        if (result.kind === 'installed') expect(now[1], where).toContain('meter:12');
        else {
          expect(now, where).toEqual(before);
          expect(there, where).toEqual(expect.arrayContaining([expect.stringContaining('meter=11 ')]));
        }
        expect(result.kind, where).not.toBe('unknown');
        // What is left over goes with the next push.
        expect(await bindAndPush(to, { a: 1, b: 4 }), where).toMatchObject({ kind: 'installed' });
        expect(
          (await meters()).map((line) => line.replace(/^meter=\d+ /, '')),
          where,
        ).toEqual(['kbps bands= type=drop rate=1', 'kbps bands= type=drop rate=4']);
        const cut = proxy.messages.filter((m) => m.connection === 0 && m.from === from).length >= after;
        await proxy.close();
        if (!cut) {
          expect([...kinds].sort()).toEqual(expect.arrayContaining(['installed', 'unchanged']));
          return;
        }
      }
    }
    throw new Error('the push never got through');
  });

  test('leaves no meter behind where it can call again', async () => {
    await bindAndPush(to, { a: 1 });
    const proxy = await startProxy(lab, 'br0', {
      hook: ({ connection, bytes }) => (connection === 0 && bytes[1] === 33 ? 'cut' : undefined),
    });
    expect((await bindAndPush(proxy.target, { a: 2 })).kind).toBe('unchanged');
    expect(await meters()).toEqual(['meter=10 kbps bands= type=drop rate=1']);
  });
});
