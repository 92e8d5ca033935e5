// Groups travel with the flows, on a real switch.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startProxy } from '../lab/proxy.ts';
import { startSwitch, type Lab } from '../lab/switch.ts';
import type { PushPlan } from '../../src/push/push.ts';
import { act, ownCookie, planOf, pushTo, tlv, type TestFlow } from './plans.ts';
import { clear, cutAtCommit, does, dumpGroups, group } from './parts.ts';

let lab: Lab;
let to: string;
const flows = (): Promise<string[]> => lab.dumpFlows('br0');
const groups = (): Promise<string[]> => dumpGroups(lab, 'br0');
const add = (text: string): Promise<unknown> =>
  lab.ofctl('-O', 'OpenFlow15', 'add-flows', 'br0', '-', { input: text, check: true });
const addGroup = (text: string): Promise<unknown> =>
  lab.ofctl('-O', 'OpenFlow15', 'add-group', 'br0', text, { check: true });

beforeAll(async () => {
  lab = await startSwitch({ dummy: true });
  to = `unix:${await lab.addBridge('br0', { dummyPorts: 4 })}`;
});
afterAll(() => lab.stop());
beforeEach(() => clear(lab, 'br0'));

const ours = [{ first: 100, last: 199 }];
const plan = (
  parts: readonly ReturnType<typeof group>[],
  more: Partial<PushPlan> = {},
  list: readonly TestFlow[] = parts.map(({ id }, i) => ({
    match: tlv.ethDst(i + 1),
    instructions: act.group(id),
    cookie: ownCookie(i + 1),
  })),
): PushPlan => planOf(list, { groups: parts, groupIds: ours, ...more });

describe('groups', () => {
  test('come before the flows, change with them and leave after them', async () => {
    await addGroup('group_id=7,type=all,bucket=output:4');
    expect(
      await pushTo(to, plan([group(101, [1, 2]), group(100, [{ actions: [{ kind: 'group', id: 101 }] }])])),
    ).toMatchObject({ kind: 'installed' });
    expect(await groups()).toEqual([
      'group_id=100,type=all,bucket=bucket_id:0,actions=group:101',
      'group_id=101,type=all,bucket=bucket_id:0,actions=output:1,bucket=bucket_id:1,actions=output:2',
      'group_id=7,type=all,bucket=bucket_id:0,actions=output:4',
    ]);
    expect(await pushTo(to, plan([group(101, [3], { type: 'indirect' })]))).toMatchObject({
      kind: 'installed',
    });
    expect(await groups()).toEqual([
      'group_id=101,type=indirect,bucket=bucket_id:0,actions=output:3',
      'group_id=7,type=all,bucket=bucket_id:0,actions=output:4',
    ]);
    expect(await flows()).toEqual(['cookie=0xa0100000000001, dl_dst=00:00:00:00:00:01 actions=group:101']);
    expect(await pushTo(to, plan([]), {})).toMatchObject({ kind: 'installed' });
    expect(await groups()).toEqual(['group_id=7,type=all,bucket=bucket_id:0,actions=output:4']);
    expect(await flows()).toEqual([]);
  });

  test('that are as they should be are not touched', async () => {
    const wanted = plan([
      group(100, [1, 2], { type: 'select' }),
      group(101, [{ watchGroup: 100 }], { type: 'fast_failover' }),
      group(102, [3], { type: 'indirect' }),
    ]);
    await pushTo(to, wanted);
    const proxy = await startProxy(lab, 'br0');
    expect(await pushTo(proxy.target, wanted)).toMatchObject({ kind: 'installed' });
    expect(proxy.fromClient().filter((m) => m[1] === 34 && m[17] === 15)).toEqual([]);
    expect(await groups()).toHaveLength(3);
  });

  test('a program without them is not asked for them', async () => {
    const proxy = await startProxy(lab, 'br0');
    await pushTo(proxy.target, planOf([{ match: tlv.ip }]));
    const asked = proxy
      .fromClient()
      .filter((m) => m[1] === 18)
      .map((m) => m.readUInt16BE(8));
    // Its LOCAL port and its flows.
    expect(asked).toEqual([13, 1]);
  });

  test('stay without --replace', async () => {
    await pushTo(to, plan([group(100, [1])]));
    await pushTo(to, plan([group(101, [1])]), { replace: false });
    expect(await groups()).toHaveLength(2);
  });
});

describe('a group that is refused', () => {
  test('when it is read: everything is as it was, and its place is told', async () => {
    const old = plan([group(100, [1])]);
    await pushTo(to, old);
    const before = [await flows(), await groups()];
    // An `indirect` group has one bucket.
    const bad = plan([group(100, [2]), group(101, [1, 2], { type: 'indirect' })]);
    expect(await pushTo(to, bad)).toMatchObject({
      kind: 'refused',
      maybeMore: false,
      errors: [
        {
          code: 'WBF7020',
          place: { file: 1, start: 10 },
          switchError: 'OFPGMFC_INVALID_GROUP',
          message: 'the switch refuses this group',
        },
      ],
    });
    expect([await flows(), await groups()]).toEqual(before);
  });

  test('together with flows', async () => {
    const bad = plan([group(101, [1, 2], { type: 'indirect' })], {}, [
      { match: tlv.tcpDst(80) },
      { match: tlv.ip },
    ]);
    expect(await pushTo(to, bad)).toMatchObject({
      errors: [
        { code: 'WBF7010', place: { file: 0, start: 0 } },
        { code: 'WBF7020', place: { file: 1, start: 0 } },
      ],
    });
  });

  test('a flow that the commit refuses leaves flows and groups as they were', async () => {
    await pushTo(to, plan([group(100, [1]), group(101, [2])]));
    const before = [await flows(), await groups()];
    const bad = plan([group(100, [3]), group(102, [2])], {}, [
      { match: tlv.ip, instructions: act.group(102) },
      { match: tlv.arp, instructions: act.group(101) },
      { match: tlv.ipv6, instructions: act.group(999) },
    ]);
    expect(await pushTo(to, bad)).toMatchObject({
      kind: 'refused',
      // Group 101 leaves after the flows, and takes its flow with it: a checker would not have that.
      errors: [{ code: 'WBF7010', place: { file: 0, start: 20 }, switchError: 'OFPBAC_BAD_OUT_GROUP' }],
    });
    expect([await flows(), await groups()]).toEqual(before);
  });

  test('one too long for a message', async () => {
    const message = Buffer.alloc(65528);
    expect(await pushTo(to, plan([{ id: 100, name: 'g', message }]))).toMatchObject({
      errors: [{ code: 'WBF7028', place: { file: 1 } }],
    });
  });
});

describe('what is not ours', () => {
  test('a group with our id is changed only where a range or --adopt says that it is ours', async () => {
    await addGroup('group_id=50,type=all,bucket=output:4');
    const wanted = plan([group(50, [1])], { groupIds: [] });
    expect(await pushTo(to, wanted)).toMatchObject({
      kind: 'refused',
      errors: [{ code: 'WBF7025', place: { file: 1, start: 0 } }],
    });
    expect(await groups()).toEqual(['group_id=50,type=all,bucket=bucket_id:0,actions=output:4']);
    expect(await pushTo(to, wanted, { adopt: true })).toMatchObject({ kind: 'installed' });
    // Now it is as we want it, so nobody can be hurt.
    expect(await pushTo(to, wanted)).toMatchObject({ kind: 'installed' });
    expect(await groups()).toEqual(['group_id=50,type=all,bucket=bucket_id:0,actions=output:1']);
  });

  test.each([
    ['a group action', 'table=3,priority=9,ip,cookie=0x99,actions=group:101'],
    ['one in a clone', 'table=3,priority=9,ip,cookie=0x99,actions=clone(output:2,clone(group:101)),output:2'],
    ['one in write_actions', 'table=3,priority=9,ip,cookie=0x99,actions=write_actions(output:1,group:101)'],
  ])('%s of a foreign flow keeps our group', async (_, flow) => {
    await pushTo(to, plan([group(100, [1]), group(101, [2])]));
    await add(`${flow}\n`);
    const before = [await flows(), await groups()];
    const smaller = plan([group(100, [1])]);
    expect(await pushTo(to, smaller)).toMatchObject({
      kind: 'refused',
      errors: [
        {
          code: 'WBF7024',
          message:
            'group 101, which is to be deleted, is used by a flow that is not ours (cookie 0x99, table 3)',
        },
      ],
    });
    expect([await flows(), await groups()]).toEqual(before);
    expect(await pushTo(to, smaller, { adopt: true })).toMatchObject({ kind: 'installed' });
    expect(await groups()).toHaveLength(1);
    expect((await flows()).join()).not.toContain('0x99');
  });

  test.each([
    ['sends to', 'group_id=7,type=all,bucket=group:101'],
    ['watches', 'group_id=7,type=ff,bucket=watch_port:1,output:1,bucket=watch_group:101,output:1'],
  ])('a bucket that %s our group keeps it', async (_, other) => {
    await pushTo(to, plan([group(101, [2])]));
    await addGroup(other);
    expect(await pushTo(to, plan([]))).toMatchObject({
      errors: [{ code: 'WBF7024', message: expect.stringContaining('a bucket of group 7') as string }],
    });
    expect(await pushTo(to, plan([group(101, [3])]))).toMatchObject({ kind: 'installed' });
  });

  test('our own flows may use what goes with them', async () => {
    await pushTo(
      to,
      plan([group(101, [2])], {}, [
        { match: tlv.ip, instructions: does.cloneToGroup(101) },
        { match: tlv.arp, instructions: does.writeGroup(101) },
      ]),
    );
    expect(await flows()).toHaveLength(2);
    expect(await pushTo(to, plan([]))).toMatchObject({ kind: 'installed' });
    expect(await groups()).toEqual([]);
  });
});

describe('a connection that is cut', () => {
  const oldPlan = plan([group(100, [1]), group(101, [1])]);
  const newPlan = plan([group(100, [2]), group(102, [2])]);

  test.each(['client', 'switch'] as const)('after every message of the %s', async (from) => {
    const kinds = new Set<string>();
    for (let after = 0; after < 60; after++) {
      for (const forward of [true, false]) {
        await pushTo(to, oldPlan);
        const before = [await flows(), await groups()];
        const proxy = await startProxy(lab, 'br0', { cut: { from, after, forward } });
        const result = await pushTo(proxy.target, newPlan);
        kinds.add(result.kind);
        const now = [await flows(), await groups()];
        const where = `${from} ${after} ${forward} ${result.kind}`;
        if (result.kind === 'installed')
          expect(now.flat().join(), where).toMatch(/^(?!.*output:1).*group:102.*output:2.*group_id=102/);
        else expect(now, where).toEqual(before);
        expect(result.kind, where).not.toBe('unknown');
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

  test('at the commit, where only groups tell the old program from the new one', async () => {
    for (const list of [[], [{ match: tlv.ip, instructions: act.group(100) }]])
      for (const heard of [true, false]) {
        await pushTo(to, plan([group(100, [1])], {}, list));
        const wanted = plan([group(100, [2])], {}, list);
        const proxy = await cutAtCommit(lab, heard);
        const result = await pushTo(proxy.target, wanted);
        expect(result).toMatchObject(heard ? { kind: 'installed', lookedUp: true } : { kind: 'unchanged' });
        expect((await groups()).join()).toContain(heard ? 'output:2' : 'output:1');
      }
  });
});
