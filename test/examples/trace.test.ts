// What the examples do to frames with VLAN tags, for which the hosts of the lab have no use: the switch's own trace.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSwitch, type Lab } from '../lab/switch.ts';
import { wbfc } from '../e2e/wbfc.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startSwitch({ dummy: true });
  const mgmt = await lab.addBridge('br0', { dummyPorts: 5, protocols: ['OpenFlow15'] });
  expect(await wbfc(['push', 'examples/l2-switch.wbf', '--to', `unix:${mgmt}`])).toMatchObject({ status: 0 });
});
afterAll(() => lab.stop());

/** What the datapath would do with the packet, ports by name. */
async function trace(packet: string): Promise<string> {
  const { stdout } = await lab.appctl('ofproto/trace', '--names', 'br0', packet, { check: true });
  return /^Datapath actions: (.*)$/m.exec(stdout)?.[1] ?? stdout;
}

const desk1 = 'dl_src=02:00:00:00:0a:01';
const stranger = 'dl_src=02:00:00:00:77:77';

test('a broadcast goes to the ports of its VLAN, untagged, and to the trunk with its tag', async () => {
  const broadcast = 'dl_dst=ff:ff:ff:ff:ff:ff';
  expect(await trace(`in_port=p1,vlan_tci=0,${desk1},${broadcast}`)).toBe('p2,push_vlan(vid=10,pcp=0),p5');
  const fromTrunk = `in_port=p5,dl_vlan=20,${stranger},${broadcast}`;
  expect(await trace(fromTrunk)).toBe('pop_vlan,p3,p4');
});

test('a known address gets its frame alone, an unknown one is behind the trunk', async () => {
  expect(await trace(`in_port=p1,vlan_tci=0,${desk1},dl_dst=02:00:00:00:0a:02`)).toBe('p2');
  expect(await trace(`in_port=p5,dl_vlan=10,${stranger},dl_dst=02:00:00:00:0a:02`)).toBe('pop_vlan,p2');
  const elsewhere = `in_port=p1,vlan_tci=0,${desk1},dl_dst=${stranger.slice(7)}`;
  expect(await trace(elsewhere)).toBe('push_vlan(vid=10,pcp=0),p5');
  // Never back to where it came from.
  const back = `in_port=p5,dl_vlan=10,${stranger},dl_dst=02:00:00:00:77:78`;
  expect(await trace(back)).toBe('drop');
});

test('nobody jumps into another VLAN, takes the address of another, or talks to the bridge itself', async () => {
  expect(await trace(`in_port=p1,dl_vlan=20,${desk1},dl_dst=02:00:00:00:14:01`)).toBe('drop');
  expect(await trace(`in_port=p2,vlan_tci=0,${desk1},dl_dst=ff:ff:ff:ff:ff:ff`)).toBe('drop');
  expect(await trace(`in_port=p1,vlan_tci=0,${desk1},dl_dst=01:80:c2:00:00:0e`)).toBe('drop');
  expect(await trace(`in_port=p1,vlan_tci=0,${desk1},dl_dst=02:00:00:00:14:01`)).toBe(
    'push_vlan(vid=10,pcp=0),p5',
  );
});
