// Flows that the switch has learned by itself survive a push while the flow that learns them stays the same.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { captureAddFlows } from '../lab/proxy.ts';
import { startSwitch, type Lab } from '../lab/switch.ts';
import { LEARNED_BIT } from '../../src/ir/identity.ts';
import type { PushPlan } from '../../src/push/push.ts';
import type { WireVersion } from '../../src/openflow/oxm.ts';
import { goodFlows, ownCookie, planOf, pushTo } from './plans.ts';
import { cutAtCommit } from './parts.ts';

let lab: Lab;
let to: string;
beforeAll(async () => {
  lab = await startSwitch({ dummy: true });
  to = `unix:${await lab.addBridge('br0', { dummyPorts: 4 })}`;
});
afterAll(() => lab.stop());
beforeEach(async () => {
  await lab.ofctl('-O', 'OpenFlow15', 'del-flows', 'br0', { check: true });
});

const learnedCookie = (n: number): bigint => ownCookie(n) | LEARNED_BIT;
const hexOf = (cookie: bigint): string => `0x${cookie.toString(16)}`;

interface LearnerText {
  readonly n: number;
  readonly inPort?: number;
  /** More arguments of `learn`, with a comma before them. */
  readonly more?: string;
  readonly output?: number;
  readonly cookie?: bigint;
  readonly learns?: bigint;
}

/** A flow that learns where the source of a packet is; number `n` of the program. */
function learner({ n, inPort = n, more = '', output = 4, cookie, learns }: LearnerText): string {
  const words = `table=1,cookie=${hexOf(learns ?? learnedCookie(n))}${more}`;
  return (
    `cookie=${hexOf(cookie ?? ownCookie(n))},in_port=${inPort},` +
    `actions=learn(${words},NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],output:NXM_OF_IN_PORT[]),output:${output}`
  );
}

async function planFrom(texts: readonly string[], version: WireVersion = '1.5'): Promise<PushPlan> {
  const options = { install: false, version: `OpenFlow${version.replace('.', '')}` as 'OpenFlow15' };
  const messages = await captureAddFlows(lab, 'br0', `${texts.join('\n')}\n`, options);
  return planOf(messages, { version });
}

const learned = (): Promise<string[]> => lab.dumpFlows('br0', { filter: 'table=1' });

/** Lets a packet in on each of these ports, and waits until what it teaches is there. */
async function teach(...ports: number[]): Promise<string[]> {
  const before = await learned();
  for (const port of ports)
    await lab.appctl(
      'netdev-dummy/receive',
      `p${port}`,
      `in_port(${port}),eth(src=02:00:00:00:00:0${port},dst=02:00:00:00:00:ff),eth_type(0x1234)`,
      { check: true },
    );
  await expect
    .poll(async () => (await learned()).length, { timeout: 5_000 })
    .toBe(before.length + ports.length);
  return learned();
}

const install = async (plan: PushPlan): Promise<void> => {
  const result = await pushTo(to, plan, { offer: [plan.version] });
  expect(result).toMatchObject({ kind: 'installed' });
};

describe('learned flows', () => {
  test.each(['1.3', '1.4', '1.5'] as const)('survive a push of the same program in %s', async (version) => {
    for (const more of ['', ',idle_timeout=60', ',delete_learned', ',limit=9,result_dst=reg0[0]']) {
      const plan = await planFrom([learner({ n: 1, more }), learner({ n: 2 })], version);
      await install(plan);
      const there = await teach(1, 2);
      await install(plan);
      // Those that go are gone a moment later.
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await learned(), more).toEqual(there);
      await install(planOf([], { version }));
      expect(await learned(), more).toEqual([]);
    }
  });

  test.each([
    ['other actions', { n: 1, output: 3 }],
    ['another timeout of what it learns', { n: 1, more: ',idle_timeout=5' }],
    ['another match', { n: 1, inPort: 3 }],
  ])('go where their parent changes (%s), and others stay', async (_, changed) => {
    await install(await planFrom([learner({ n: 1 }), learner({ n: 2 })]));
    const [, second] = await teach(1, 2);
    await install(
      await planFrom([learner(changed), learner({ n: 2 }), 'cookie=0xa0100000000005,ip,actions=drop']),
    );
    expect(await learned()).toEqual([second]);
  });

  test('go where their parent goes', async () => {
    for (const more of ['', ',delete_learned']) {
      await install(await planFrom([learner({ n: 1, more }), learner({ n: 2, more })]));
      const [first] = await teach(1, 2);
      await install(await planFrom([learner({ n: 1, more })]));
      await expect.poll(learned).toEqual([first]);
      await install(planOf(goodFlows(3)));
      await expect.poll(learned).toEqual([]);
    }
  });

  test('of two parents go when one of them goes', async () => {
    const both = [learner({ n: 1 }), learner({ n: 3, learns: learnedCookie(1) }), learner({ n: 2 })];
    await install(await planFrom(both));
    const there = await teach(1, 2, 3);
    await install(await planFrom([...both, learner({ n: 4, learns: learnedCookie(1) })]));
    expect(await learned()).toEqual(there);
    await install(await planFrom([both[0]!, both[2]!]));
    expect(await learned()).toEqual(there.slice(2));
  });

  test('whose parent was deleted by somebody go, though it comes back', async () => {
    const plan = await planFrom([learner({ n: 1 }), learner({ n: 2 })]);
    await install(plan);
    const there = await teach(1, 2);
    await lab.ofctl('-O', 'OpenFlow15', 'del-flows', 'br0', `cookie=${hexOf(ownCookie(1))}/-1`, {
      check: true,
    });
    await install(plan);
    expect(await learned()).toEqual([there[1]]);
  });

  test('whose cookie a flow shares that goes, go before it stays', async () => {
    // The switch would have to delete that flow without the one that takes with it what it has learned.
    const parent = learner({ n: 1, more: ',delete_learned' });
    const stranger = `cookie=${hexOf(ownCookie(1))},priority=3,arp,actions=drop`;
    await install(await planFrom([parent, stranger]));
    await teach(1);
    await install(await planFrom([parent]));
    await expect.poll(learned).toEqual([]);
    expect(await lab.dumpFlows('br0')).toHaveLength(1);
  });

  test('whose parent is gone already, go', async () => {
    await install(await planFrom([learner({ n: 1 })]));
    const there = await teach(1);
    await lab.ofctl(
      '-O',
      'OpenFlow15',
      'add-flow',
      'br0',
      `table=1,cookie=${hexOf(learnedCookie(7))},ip,actions=drop`,
      { check: true },
    );
    await install(await planFrom([learner({ n: 1 })]));
    expect(await learned()).toEqual(there);
  });

  test('of a flow with a stated cookie follow it, those with a stated cookie of their own stay', async () => {
    const cookie = 0x42n;
    const parent = (more: Partial<LearnerText>): string =>
      learner({ n: 1, cookie, learns: cookie | LEARNED_BIT, ...more });
    await install(await planFrom([parent({}), learner({ n: 2, learns: 0x77n })]));
    // Sorted: that with cookie 0x77 comes first.
    const [other, own] = await teach(1, 2);
    await install(await planFrom([parent({}), learner({ n: 2, learns: 0x77n })]));
    expect(await learned()).toEqual([other, own]);
    await install(await planFrom([parent({ output: 3 }), learner({ n: 2, learns: 0x77n, output: 3 })]));
    expect(await learned()).toEqual([other]);
    expect(other).toContain('cookie=0x77');
  });

  test('are nobody else’s: a flow of ours may come in their place', async () => {
    const texts = [
      learner({ n: 1 }),
      'cookie=0xa0100000000009,table=1,dl_dst=02:00:00:00:00:01,actions=output:2',
    ];
    await install(await planFrom(texts.slice(0, 1)));
    await teach(1);
    await install(await planFrom(texts));
    expect(await learned()).toEqual([
      'cookie=0xa0100000000009, table=1, dl_dst=02:00:00:00:00:01 actions=output:2',
    ]);
  });

  test('do not disturb the look after a lost commit', async () => {
    for (const more of ['', ',delete_learned'])
      for (const heard of [true, false]) {
        const old = await planFrom([
          learner({ n: 1, more }),
          `cookie=${hexOf(ownCookie(5))},arp,actions=output:1`,
        ]);
        const wanted = await planFrom([
          learner({ n: 1, more }),
          `cookie=${hexOf(ownCookie(5))},arp,actions=output:2`,
        ]);
        await install(old);
        await teach(1);
        const proxy = await cutAtCommit(lab, heard);
        const result = await pushTo(proxy.target, wanted);
        expect(result.kind).toBe(heard ? 'installed' : 'unchanged');
        expect(await learned()).toHaveLength(1);
        await install(planOf([]));
      }
  });

  test('and many of them are no matter', async () => {
    // Eight flows that take with them what they have learned, among a thousand.
    const texts = Array.from({ length: 8 }, (_, i) =>
      learner({ n: i + 1, inPort: (i % 3) + 1, more: ',delete_learned' }).replace(
        'in_port',
        `priority=${i + 1},in_port`,
      ),
    );
    const others = Array.from(
      { length: 1_000 },
      (_, i) => `cookie=${hexOf(ownCookie(100 + i))},table=2,reg1=${i},actions=drop`,
    );
    await install(await planFrom([...texts, ...others]));
    const there = await teach(1, 2, 3);
    await install(await planFrom([...texts, ...others.slice(1)]));
    expect(await learned()).toEqual(there);
    expect(await lab.dumpFlows('br0')).toHaveLength(8 + 999 + 3);
  });
});
