// The examples do what they say: pushed to a real switch, between hosts that send real packets through it.
import { afterEach, expect, test } from 'vitest';
import { createHosts, type Host, type HostOptions } from '../lab/netns.ts';
import { startSwitch, type Lab } from '../lab/switch.ts';
import { call, REFUSED, serve } from './sockets.ts';
import { wbfc } from './wbfc.ts';

let lab: Lab | undefined;
afterEach(() => lab?.stop());

/** A switch with this example on it, and these hosts around it. */
async function start(example: string, options: readonly HostOptions[]): Promise<Host[]> {
  lab = await startSwitch();
  const mgmt = await lab.addBridge('br0', { protocols: ['OpenFlow15'] });
  const hosts = await createHosts(lab, 'br0', options);
  // Not all of the examples say `bridge br0`; over the management socket nobody needs to.
  const pushed = await wbfc(['push', `examples/${example}.wbf`, '--to', `unix:${mgmt}`]);
  expect(pushed).toMatchObject({ status: 0 });
  return hosts;
}

const none = { wait: 0.3 } as const;

/** Can a connection be opened? */
async function connects(host: Host, ip: string, port: number, wait?: number): Promise<boolean> {
  const [answer] = await call(host, [`tcp:${ip}:${port}`], wait);
  return answer !== null;
}

test('l2-switch: hosts of a VLAN reach each other and nobody else', async () => {
  const [desk1, desk2, camera1] = (await start('l2-switch', [
    { name: 'p1', ip: '10.10.0.1', mac: '02:00:00:00:0a:01', ofport: 1 },
    { name: 'p2', ip: '10.10.0.2', mac: '02:00:00:00:0a:02', ofport: 2 },
    { name: 'p3', ip: '10.10.0.3', mac: '02:00:00:00:14:01', ofport: 3 },
  ])) as [Host, Host, Host];
  expect(await desk1.ping(desk2.ip)).toEqual({ sent: 3, received: 3 });
  expect(await desk1.ping(camera1.ip, 1, none)).toMatchObject({ received: 0 });

  // With an address of its own choice a host is not heard.
  await desk2.exec('ip', 'link', 'set', 'eth0', 'address', '02:00:00:00:0a:99', { check: true });
  expect(await desk2.ping(desk1.ip, 1, none)).toMatchObject({ received: 0 });
  await desk2.exec('ip', 'link', 'set', 'eth0', 'address', '02:00:00:00:0a:02', { check: true });
  expect(await desk2.ping(desk1.ip)).toEqual({ sent: 3, received: 3 });
});

test('acl: what is allowed, and nothing else', async () => {
  const [web, world] = (await start('acl', [
    { name: 'p1', ip: '192.0.2.80/16', mac: '02:00:00:00:00:01', ofport: 1 },
    { name: 'p2', ip: '192.0.77.7/16', mac: '02:00:00:00:00:02', ofport: 2 },
  ])) as [Host, Host];
  await Promise.all([serve(web, 'tcp:443', 'tcp:8080'), serve(world, 'tcp:443')]);
  expect(await connects(world, web.ip, 443)).toBe(true);
  expect(await connects(world, web.ip, 8080, REFUSED)).toBe(false);
  // A server does not call.
  expect(await connects(web, world.ip, 443, REFUSED)).toBe(false);
  expect(await world.ping(web.ip)).toEqual({ sent: 3, received: 3 });
  expect(await web.ping(world.ip, 1, none)).toMatchObject({ received: 0 });
});

test('router: three networks, its own addresses, and the TTL', async () => {
  const [alice, web] = (await start('router', [
    { name: 'p1', ip: '10.0.1.10', mac: '02:00:00:00:01:10', ofport: 1 },
    { name: 'p2', ip: '10.0.2.80', mac: '02:00:00:00:02:80', ofport: 2 },
  ])) as [Host, Host];
  await alice.exec('ip', 'route', 'add', 'default', 'via', '10.0.1.1', { check: true });
  await web.exec('ip', 'route', 'add', 'default', 'via', '10.0.2.1', { check: true });

  expect(await alice.ping('10.0.1.1')).toEqual({ sent: 3, received: 3 });
  expect(await alice.ping('10.0.2.1')).toEqual({ sent: 3, received: 3 });
  expect(await alice.ping(web.ip)).toEqual({ sent: 3, received: 3 });
  const answer = await alice.exec('ping', '-n', '-c', '1', '-W', '1', web.ip, { check: true });
  expect(answer.stdout).toContain('ttl=63');
  // Its time is over at the router.
  const late = await alice.exec('ping', '-n', '-c', '1', '-W', '0.3', '-t', '1', web.ip);
  expect(late.stdout).toContain(' 0 received');
  // No route to the rest of 10.0.0.0/8.
  expect(await alice.ping('10.0.9.9', 1, none)).toMatchObject({ received: 0 });
});

test('stateful: who opens a connection decides', async () => {
  const [inside, outside] = (await start('stateful', [
    { name: 'p1', ip: '192.0.2.80', mac: '02:00:00:00:00:01', ofport: 1 },
    { name: 'p2', ip: '192.0.2.7', mac: '02:00:00:00:00:02', ofport: 2 },
  ])) as [Host, Host];
  await Promise.all([serve(inside, 'tcp:443', 'tcp:22'), serve(outside, 'tcp:22')]);
  expect(await connects(inside, outside.ip, 22)).toBe(true);
  expect(await connects(outside, inside.ip, 443)).toBe(true);
  expect(await connects(outside, inside.ip, 22, REFUSED)).toBe(false);
  expect(await inside.ping(outside.ip)).toEqual({ sent: 3, received: 3 });
  expect(await outside.ping(inside.ip, 1, none)).toMatchObject({ received: 0 });

  const tracked = await lab!.appctl('dpctl/dump-conntrack', { check: true });
  expect(tracked.stdout).toMatch(/dport=443\).*zone=1445.*mark=2/);
  expect(tracked.stdout).toMatch(/dport=22\).*zone=1445.*mark=1/);
});

test('learning: who has been heard is found, by one port', async () => {
  const [one, two, three] = (await start('learning', [
    { name: 'p1', ip: '192.0.2.1', mac: '02:00:00:00:00:01', ofport: 1 },
    { name: 'p2', ip: '192.0.2.2', mac: '02:00:00:00:00:02', ofport: 2 },
    { name: 'p3', ip: '192.0.2.3', mac: '02:00:00:00:00:03', ofport: 3 },
  ])) as [Host, Host, Host];
  expect(await one.ping(two.ip)).toEqual({ sent: 3, received: 3 });
  expect(await three.ping(one.ip)).toEqual({ sent: 3, received: 3 });
  const macs = await lab!.dumpFlows('br0', { filter: 'table=2' });
  for (const host of ['01', '02', '03'])
    expect(macs.join('\n')).toMatch(
      new RegExp(
        `hard_timeout=300.*dl_dst=02:00:00:00:00:${host} actions=set_field:0x${host[1]}/0xffff->reg0`,
      ),
    );
  const { stdout } = await lab!.appctl('ofproto/trace', 'br0', 'in_port=1,dl_dst=02:00:00:00:00:02');
  // To the port behind which it was heard, and to no other.
  expect(stdout).toMatch(/Datapath actions: \d+$/m);
});

test('balancer: every server gets connections, each connection one server', async () => {
  const server = (n: number): HostOptions => ({
    name: `p${n}`,
    ip: '192.0.2.80',
    mac: '02:00:00:00:00:80',
    ofport: n,
  });
  const [guest, ...servers] = (await start('balancer', [
    { name: 'p1', ip: '192.0.2.7', mac: '02:00:00:00:00:07', ofport: 1 },
    ...[2, 3, 4, 5].map(server),
  ])) as [Host, ...Host[]];
  for (const host of servers) {
    const neighbour = ['neigh', 'replace', guest.ip, 'lladdr', '02:00:00:00:00:07', 'dev', 'eth0'];
    await host.exec('ip', ...neighbour, { check: true });
  }
  await Promise.all(servers.map((host) => serve(host, 'tcp:80')));
  const answers = await call(
    guest,
    Array.from({ length: 40 }, () => 'tcp:192.0.2.80:80'),
    10_000,
  );
  expect(answers.filter((answer) => answer === null)).toEqual([]);
  const stats = await lab!.ofctl('-O', 'OpenFlow15', 'dump-group-stats', 'br0', 'group_id=100');
  const packets = [...stats.stdout.matchAll(/bucket\d+:packet_count=(\d+)/g)].map((m) => Number(m[1]));
  expect(packets).toHaveLength(3);
  for (const count of packets) expect(count).toBeGreaterThan(0);
  // What is no request for a page is answered by the fourth.
  expect(await guest.ping('192.0.2.80')).toEqual({ sent: 3, received: 3 });
});
