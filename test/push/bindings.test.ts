// What a program leaves to the switch: numbers of ports and meters, and the meaning of tunnel metadata.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startProxy } from '../lab/proxy.ts';
import { startSwitch, type Lab } from '../lab/switch.ts';
import { startPush, type BindingResult, type Push } from '../../src/push/push.ts';
import { act, goodFlows, messageOf, planOf, pushTo, target, tlv } from './plans.ts';
import { clear, meter, tlvOf } from './parts.ts';

let lab: Lab;
let to: string;
let dir: string;
let thread: string;
const tlvMap = async (): Promise<string[]> => {
  const { stdout } = await lab.ofctl('-O', 'OpenFlow15', 'dump-tlv-map', 'br0', { check: true });
  return [...stdout.matchAll(/^ 0x.*$/gm)].map(([line]) => line.trim().replaceAll(/\s+/g, ' ')).sort();
};
const mapTlv = (text: string): Promise<unknown> =>
  lab.ofctl('-O', 'OpenFlow15', 'add-tlv-map', 'br0', text, { check: true });

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'wbfc-bindings-'));
  thread = join(dir, 'push-thread.cjs');
  buildSync({
    ...{ entryPoints: ['src/push/worker.ts'], outfile: thread },
    ...{ bundle: true, platform: 'node', logLevel: 'error' },
  });
  lab = await startSwitch({ dummy: true });
  to = `unix:${await lab.addBridge('br0', {
    ports: [
      { name: 'uplink', ofport: 7 },
      { name: 'vm-with-15-char', ofport: 300 },
    ],
  })}`;
});
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await lab.stop();
});
beforeEach(() => clear(lab, 'br0'));

const numbers = (result: BindingResult): Record<string, number> =>
  result.kind === 'bound' ? Object.fromEntries(result.numbers) : {};

describe('ports', () => {
  test.each(['1.3', '1.4', '1.5'] as const)('by the name of their interface in %s', async (version) => {
    const push = startPush(target(to));
    expect(numbers(await push.ports(planOf([], { version })))).toEqual({
      br0: 0xfffffffe,
      uplink: 7,
      'vm-with-15-char': 300,
    });
    push.close();
  });

  test('on the connection that the program then goes over', async () => {
    const proxy = await startProxy(lab, 'br0');
    const push = startPush(target(proxy.target));
    const { uplink } = numbers(await push.ports(planOf([])));
    const plan = planOf([{ match: tlv.ip, instructions: act.output(uplink ?? 0) }]);
    expect(await push.install(plan)).toMatchObject({ kind: 'installed' });
    expect(proxy.connections()).toBe(1);
    expect(await lab.dumpFlows('br0')).toEqual(['cookie=0xa0100000000001, ip actions=output:7']);
  });

  test('of a switch that called us', async () => {
    await lab.addBridge('called', { protocols: ['OpenFlow15'], ports: [{ name: 'left', ofport: 1 }] });
    let listening: (port: number) => void = () => undefined;
    const port = new Promise<number>((resolve) => (listening = resolve));
    const push = startPush(target('ptcp:0'), { timeoutMs: 8_000 }, { onListening: listening });
    const plan = planOf(goodFlows(1), { bridgeName: 'called' });
    const asked = push.ports(plan);
    await lab.vsctl('set-controller', 'called', `tcp:127.0.0.1:${await port}`, { check: true });
    expect(numbers(await asked)).toEqual({ called: 0xfffffffe, left: 1 });
    expect(await push.install(plan)).toMatchObject({ kind: 'installed', identity: { bridge: 'called' } });
  });

  test('of nobody', async () => {
    const push = startPush(target(`unix:${dir}/none.mgmt`));
    const result = await push.ports(planOf([]));
    expect(result).toMatchObject({ kind: 'failed', problem: { code: 'WBF7001' } });
  });

  test('of the wrong bridge', async () => {
    const push = startPush(target(to), { bridge: 'other' });
    expect(await push.ports(planOf([]))).toMatchObject({ kind: 'failed', problem: { code: 'WBF7018' } });
  });

  test('and meters, when the connection has a thread of its own', async () => {
    const push = startPush(target(to), { thread });
    const plan = planOf(goodFlows(2), { meters: [meter(5, 100)], meterIds: [{ first: 5, last: 6 }] });
    expect(numbers(await push.ports(plan))).toMatchObject({ uplink: 7 });
    expect(numbers(await push.meters(plan))).toEqual({ m5: 5 });
    expect(await push.install(plan)).toMatchObject({ kind: 'installed', flows: 2 });
    const again = startPush(target(to), { thread });
    const full = planOf([], { meters: [meter(5, 7)], meterIds: [{ first: 5, last: 5 }] });
    expect(await again.meters(full)).toMatchObject({
      kind: 'refused',
      errors: [{ code: 'WBF7026', place: { file: 2 } }],
    });
  });

  test('when the thread cannot be had', async () => {
    const push: Push = startPush(target(to), { thread: join(dir, 'none.cjs') });
    const result = await push.ports(planOf([]));
    expect(result.kind).toBe('failed');
    expect('problem' in result ? result.problem.message : '').toContain('none.cjs');
  });
});

describe('the map of tunnel options', () => {
  /** Matches tun_metadata0 as a field of 4 bytes. */
  const metadata = '0001500400000007';

  test('grows by what lacks, before the flows', async () => {
    await mapTlv('{class=0xffff,type=0x80,len=4}->tun_metadata0');
    const plan = planOf([{ match: metadata }, { match: '0001520800000000000000ff' }], {
      tlvs: [tlvOf(0, 0x80), tlvOf(1, 0x81, 8)],
    });
    expect(await pushTo(to, plan)).toMatchObject({ kind: 'installed', flows: 2 });
    const both = ['0xffff 0x80 4 tun_metadata0', '0xffff 0x81 8 tun_metadata1'];
    expect(await tlvMap()).toEqual(both);
    expect(await pushTo(to, plan)).toMatchObject({ kind: 'installed' });
    // It is everybody's, so nothing is ever taken away.
    expect(await pushTo(to, planOf([], { tlvs: [] }))).toMatchObject({ kind: 'installed' });
    expect(await tlvMap()).toEqual(both);
  });

  test.each([
    ['the same field', tlvOf(3, 0x99)],
    ['the same option', tlvOf(4, 0x80)],
    ['another length', tlvOf(3, 0x80, 8)],
  ])('is not contradicted: %s', async (_, mine) => {
    await mapTlv('{class=0xffff,type=0x80,len=4}->tun_metadata3');
    const plan = planOf(goodFlows(2), { tlvs: [tlvOf(0, 0x70), mine] });
    expect(await pushTo(to, plan, { adopt: true })).toMatchObject({
      kind: 'refused',
      errors: [
        {
          code: 'WBF7023',
          place: { file: 3, start: 10 },
          message: expect.stringContaining(
            'the switch has tun_metadata3 = {class: 0xffff, type: 0x80, len: 4}',
          ) as string,
        },
      ],
    });
    expect(await tlvMap()).toHaveLength(1);
    expect(await lab.dumpFlows('br0')).toEqual([]);
  });

  test('is full', async () => {
    await mapTlv('{class=0xffff,type=1,len=124}->tun_metadata0');
    await mapTlv('{class=0xffff,type=2,len=124}->tun_metadata1');
    expect(await pushTo(to, planOf(goodFlows(2), { tlvs: [tlvOf(2, 3, 12)] }))).toMatchObject({
      kind: 'refused',
      errors: [{ code: 'WBF7022', place: { file: 3, start: 0 }, switchError: 'NXTTMFC_TABLE_FULL' }],
    });
    expect(await lab.dumpFlows('br0')).toEqual([]);
  });

  test('stays grown when the flows are refused', async () => {
    const plan = planOf([{ match: tlv.tcpDst(80) }], { tlvs: [tlvOf(0, 0x80)] });
    expect((await pushTo(to, plan)).kind).toBe('refused');
    expect(await tlvMap()).toHaveLength(1);
  });
});

test('a version without bundles is refused before anybody is called', async () => {
  const result = await pushTo('unix:/nowhere', planOf([], { version: '1.2' }));
  expect(result).toMatchObject({ kind: 'failed', problem: { code: 'WBF7019' } });
  expect(messageOf(result)).toContain('OpenFlow 1.2');
});
