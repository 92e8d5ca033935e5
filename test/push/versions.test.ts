// Pushes to bridges that speak one version of OpenFlow alone.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startProxy } from '../lab/proxy.ts';
import { startSwitch, type Lab, type OpenFlowVersion } from '../lab/switch.ts';
import type { WireVersion } from '../../src/openflow/oxm.ts';
import { startPush, type PushPlan } from '../../src/push/push.ts';
import { act, goodFlows, messageOf, ownCookie, planOf, pushTo, target, tlv } from './plans.ts';
import { cutAtCommit, does, dumpGroups, dumpMeters, group, meter, tlvOf } from './parts.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startSwitch({ dummy: true });
});
afterAll(() => lab.stop());

const versions: readonly (readonly [WireVersion, OpenFlowVersion])[] = [
  ['1.3', 'OpenFlow13'],
  ['1.4', 'OpenFlow14'],
  ['1.5', 'OpenFlow15'],
];

describe.each(versions)('a bridge of OpenFlow %s alone', (version, protocol) => {
  // `cutAtCommit` calls br0.
  beforeAll(() => lab.addBridge('br0', { dummyPorts: 3, protocols: [protocol] }));
  afterAll(() => lab.delBridge('br0'));
  const to = (): string => `unix:${lab.mgmt('br0')}`;
  const flows = (): Promise<string[]> => lab.dumpFlows('br0', { version: protocol });
  const everything = async (): Promise<string[][]> => [
    await flows(),
    await dumpGroups(lab, 'br0', protocol),
    await dumpMeters(lab, 'br0', protocol),
  ];
  const metered = version === '1.5' ? does.meterAndOutput : does.meterThenOutput;

  /** Everything that there is, in two editions. */
  const plan = (edition: 1 | 2, bad: readonly { match: string; instructions?: string }[] = []): PushPlan =>
    planOf(
      [
        { match: tlv.ip, instructions: metered(4 + edition, 1), cookie: ownCookie(1) },
        { match: tlv.arp, instructions: act.group(7), cookie: ownCookie(2) },
        // tun_metadata0, of 4 bytes.
        { match: '0001500400000007', cookie: ownCookie(3) },
        ...bad,
      ],
      {
        version,
        groups: [group(7, [edition, 3], { version, type: 'select' })],
        groupIds: [{ first: 7, last: 9 }],
        meters: [meter(4 + edition, 100 * edition, { version })],
        meterIds: [{ first: 5, last: 6 }],
        tlvs: [tlvOf(0, 0x80)],
      },
    );

  test('takes a program with everything, and another one in its place', async () => {
    for (const edition of [1, 2] as const) {
      expect(await pushTo(to(), plan(edition))).toMatchObject({ kind: 'installed', flows: 3 });
      const [list, groups, meters] = await everything();
      expect(list).toHaveLength(3);
      expect(list?.join()).toContain(`meter:${4 + edition}`);
      expect(groups).toHaveLength(1);
      expect(groups?.join()).toContain(`actions=output:${edition},`);
      expect(meters).toEqual([`meter=${4 + edition} kbps bands= type=drop rate=${100 * edition}`]);
    }
  });

  test('is offered that version alone', async () => {
    const proxy = await startProxy(lab, 'br0');
    await pushTo(proxy.target, plan(1));
    const hellos = proxy.fromClient().filter((m) => m[1] === 0);
    expect(hellos.map((m) => m.subarray(8).toString('hex'))).toEqual([
      `00010008000000${(1 << { '1.3': 4, '1.4': 5, '1.5': 6 }[version]).toString(16).padStart(2, '0')}`,
    ]);
  });

  test('does not touch what is as it should be', async () => {
    await pushTo(to(), plan(1));
    const proxy = await startProxy(lab, 'br0');
    expect(await pushTo(proxy.target, plan(1))).toMatchObject({ kind: 'installed' });
    const inner = version === '1.3' ? 24 : 16;
    const sent = proxy.fromClient().map((m) => [m[1], m[inner + 1]]);
    expect(sent.filter(([outer, bundled]) => outer === 29 || (outer !== 18 && bundled === 15))).toEqual([]);
  });

  test.each([
    ['a flow that cannot be read', { match: tlv.tcpDst(80) }, 'OFPBMC_BAD_PREREQ'],
    [
      'a flow that the commit refuses',
      { match: tlv.ipv6, instructions: act.group(99) },
      'OFPBAC_BAD_OUT_GROUP',
    ],
  ])('is as it was after %s', async (_, bad, error) => {
    await pushTo(to(), plan(1));
    const before = await everything();
    expect(await pushTo(to(), plan(2, [bad]))).toMatchObject({
      kind: 'refused',
      errors: [{ code: 'WBF7010', place: { file: 0, start: 30 }, switchError: error }],
    });
    expect(await everything()).toEqual(before);
  });

  test('is asked again after a lost commit', async () => {
    for (const heard of [false, true]) {
      await pushTo(to(), plan(1));
      const proxy = await cutAtCommit(lab, heard);
      expect(await pushTo(proxy.target, plan(2))).toMatchObject(
        heard ? { kind: 'installed', lookedUp: true } : { kind: 'unchanged', problem: { code: 'WBF7013' } },
      );
      expect((await everything()).flat().join()).toContain(heard ? 'actions=meter:6' : 'actions=meter:5');
    }
  });

  test('says so where the program is for another one', async () => {
    const other = version === '1.5' ? '1.4' : '1.5';
    const result = await pushTo(to(), planOf(goodFlows(1, {}), { version: other }));
    expect(result).toMatchObject({ kind: 'failed', problem: { code: 'WBF7003' } });
    expect(messageOf(result)).toContain(`does not speak OpenFlow ${other}; it offers OpenFlow ${version}`);
  });
});

describe('a connection that was made before the version was known', () => {
  beforeAll(() => lab.addBridge('br0', { dummyPorts: 1, protocols: ['OpenFlow13', 'OpenFlow15'] }));
  afterAll(() => lab.delBridge('br0'));

  test('is made again where it was another one', async () => {
    for (const offer of [['1.5'], ['1.3', '1.5'], ['1.4'], ['1.0']] as const) {
      const push = startPush(target(`unix:${lab.mgmt('br0')}`), { offer });
      await new Promise((resolve) => setTimeout(resolve, 50));
      const plan = planOf([{ match: tlv.ip }], { version: '1.3' });
      expect(await push.install(plan), offer.join()).toMatchObject({ kind: 'installed' });
    }
  });

  test('by a switch, which calls again', async () => {
    let listening: (port: number) => void = () => undefined;
    const port = new Promise<number>((resolve) => (listening = resolve));
    const push = startPush(target('ptcp:0'), { timeoutMs: 10_000 }, { onListening: listening });
    await lab.vsctl('set-controller', 'br0', `tcp:127.0.0.1:${await port}`, { check: true });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const plan = planOf([{ match: tlv.ip }], { version: '1.3', bridgeName: 'br0' });
    expect(await push.install(plan)).toMatchObject({ kind: 'installed', identity: { bridge: 'br0' } });
  }, 20_000);
});
