// The bigger examples on one switch: what is let through, and with which addresses, between hosts that send real packets.
import { afterEach, expect, test } from 'vitest';
import { createHosts, type Host, type HostOptions } from '../lab/netns.ts';
import { startSwitch, type Lab } from '../lab/switch.ts';
import { call, REFUSED, serve } from './sockets.ts';
import { wbfc } from './wbfc.ts';

let lab: Lab;
afterEach(() => lab.stop());

/** A switch with this example on it, and these hosts around it. */
async function start(example: string, options: readonly HostOptions[]): Promise<Host[]> {
  lab = await startSwitch();
  const mgmt = await lab.addBridge('br0', { protocols: ['OpenFlow15'] });
  const [hosts, pushed] = await Promise.all([
    createHosts(lab, 'br0', options),
    wbfc(['push', `examples/${example}/main.wbf`, '--to', `unix:${mgmt}`, '--locked']),
  ]);
  expect(pushed).toMatchObject({ status: 0 });
  return hosts;
}

/** What becomes of a packet, in the words of the datapath. */
async function trace(packet: string): Promise<string> {
  const { stdout } = await lab.appctl('ofproto/trace', 'br0', packet, { check: true });
  return /^Datapath actions: (.*)$/gm.exec(stdout)?.[1] ?? stdout;
}

const none = { wait: 0.4 } as const;
const route = (host: Host, ...words: readonly string[]): Promise<unknown> =>
  host.exec('ip', 'route', 'add', ...words, { check: true });

test('firewall: who may open a connection gets the answers, and nothing else passes', async () => {
  const [office, server, world] = (await start('firewall', [
    { name: 'office', ip: '192.0.2.10', mac: '02:00:00:00:00:0a', ofport: 1 },
    { name: 'server', ip: '192.0.2.130', mac: '02:00:00:00:00:82', ofport: 2 },
    { name: 'world', ip: '198.51.100.7', mac: '02:00:00:00:00:fe', ofport: 3 },
  ])) as [Host, Host, Host];
  // The router of the real thing: all addresses are on one wire here.
  for (const host of [office, server]) await route(host, 'default', 'dev', 'eth0');
  await route(world, '192.0.2.0/24', 'dev', 'eth0');
  await office.exec('ip', 'address', 'add', '192.0.2.17/24', 'dev', 'eth0', { check: true });
  await Promise.all([
    serve(office, 'tcp:80'),
    serve(server, 'tcp:443', 'tcp:22'),
    serve(world, 'tcp:8000', 'tcp:25', 'udp:53', 'udp:5353'),
  ]);

  expect(
    await call(office, [
      'tcp:198.51.100.7:8000',
      'udp:198.51.100.7:53',
      'tcp:192.0.2.130:443',
      'tcp:192.0.2.130:22@192.0.2.17',
    ]),
  ).toEqual(['world 192.0.2.10', 'world 192.0.2.10', 'server 192.0.2.10', 'server 192.0.2.17']);
  expect(await call(world, ['tcp:192.0.2.130:443'])).toEqual(['server 198.51.100.7']);
  const refused = await Promise.all([
    // Mail goes by way of the mail server; whoever is no administrator has no business on servers.
    call(office, ['tcp:198.51.100.7:25', 'udp:198.51.100.7:5353', 'tcp:192.0.2.130:22'], REFUSED),
    call(world, ['tcp:192.0.2.10:80', 'tcp:192.0.2.130:22'], REFUSED),
    call(server, ['tcp:192.0.2.10:80', 'tcp:198.51.100.7:8000'], REFUSED),
  ]);
  expect(refused.flat().filter((answer) => answer !== null)).toEqual([]);

  expect(await office.ping(server.ip)).toEqual({ sent: 3, received: 3 });
  expect(await server.ping(world.ip)).toEqual({ sent: 3, received: 3 });
  expect(await world.ping(server.ip, 1, none)).toMatchObject({ received: 0 });

  const tracked = await lab.appctl('dpctl/dump-conntrack', { check: true });
  expect(tracked.stdout).toMatch(/dport=443\).*zone=2577,mark=1/);
  // Nobody outside has an address of ours, or one that nobody has; nobody inside has that of another network.
  const syn = 'tcp,nw_dst=192.0.2.130,tp_dst=443,tcp_flags=syn';
  expect(await trace(`in_port=3,${syn},nw_src=198.51.100.9`)).toMatch(/^ct\(zone=2577\),recirc/);
  for (const spoofed of ['3,nw_src=192.0.2.10', '3,nw_src=10.1.1.1', '1,nw_src=192.0.2.131'])
    expect(await trace(`${syn},in_port=${spoofed}`), spoofed).toBe('drop');
});

test('nat-gateway: public addresses outside, private ones inside', async () => {
  const [laptop, web, world] = (await start('nat-gateway', [
    { name: 'laptop', ip: '192.168.1.10', mac: '02:00:00:00:00:0a', ofport: 2 },
    { name: 'web', ip: '192.168.1.80', mac: '02:00:00:00:00:50', ofport: 4 },
    { name: 'world', ip: '198.51.100.1', mac: '02:00:00:00:00:fe', ofport: 1 },
  ])) as [Host, Host, Host];
  for (const host of [laptop, web]) await route(host, 'default', 'via', '192.168.1.1');
  // Somebody outside who knows the private addresses, and tries.
  await route(world, '192.168.1.0/24', 'via', '198.51.100.2');
  await Promise.all([serve(web, 'tcp:443', 'tcp:22'), serve(world, 'tcp:80', 'udp:53')]);

  expect(await laptop.ping('192.168.1.1')).toEqual({ sent: 3, received: 3 });
  expect(await laptop.ping(world.ip)).toEqual({ sent: 3, received: 3 });
  expect(await world.ping('198.51.100.2')).toEqual({ sent: 3, received: 3 });

  expect(await call(laptop, ['tcp:198.51.100.1:80', 'udp:198.51.100.1:53', 'tcp:192.168.1.80:22'])).toEqual([
    'world 198.51.100.2',
    'world 198.51.100.2',
    'web 192.168.1.10',
  ]);
  expect(await call(web, ['tcp:198.51.100.1:80'])).toEqual(['world 198.51.100.80']);
  expect(await call(world, ['tcp:198.51.100.80:443'])).toEqual(['web 198.51.100.1']);
  expect(
    await call(
      world,
      ['tcp:198.51.100.80:22', 'tcp:198.51.100.2:443', 'tcp:192.168.1.80:443', 'tcp:192.168.1.80:22'],
      REFUSED,
    ),
  ).toEqual([null, null, null, null]);

  // A host is who the file says.
  const frame = 'in_port=2,tcp,dl_dst=02:00:00:00:00:01,nw_dst=198.51.100.1,tp_dst=80';
  const own = 'dl_src=02:00:00:00:00:0a,nw_src=192.168.1.10';
  expect(await trace(`${frame},${own}`)).toMatch(/^ct\(zone=2578,nat\),recirc/);
  expect(await trace(`${frame},${own.replace('.10', '.20')}`)).toBe('drop');
});

test('load-balancer: every server gets connections, each connection one server', async () => {
  const server = (name: string, n: number): HostOptions => ({
    name,
    ip: `10.3.0.1${n}`,
    mac: `02:00:00:00:03:0${(n + 10).toString(16)}`,
    ofport: n + 1,
  });
  const [guest, ...servers] = (await start('load-balancer', [
    { name: 'guest', ip: '198.51.100.7', mac: '02:00:00:00:00:fe', ofport: 1 },
    server('alpha', 1),
    server('beta', 2),
    server('gamma', 3),
  ])) as [Host, ...Host[]];
  await route(guest, '203.0.113.0/24', 'dev', 'eth0');
  for (const host of servers) await route(host, 'default', 'via', '10.3.0.1');
  await Promise.all(servers.map((host) => serve(host, 'tcp:8080', 'udp:5353', 'tcp:22')));
  expect(await guest.ping('203.0.113.10')).toEqual({ sent: 3, received: 3 });

  const answers = await call(
    guest,
    Array.from({ length: 48 }, () => 'tcp:203.0.113.10:80'),
    10_000,
  );
  const names = ['alpha 198.51.100.7', 'beta 198.51.100.7', 'gamma 198.51.100.7'];
  const counts = names.map((name) => answers.filter((answer) => answer === name).length);
  expect(counts.reduce((a, b) => a + b)).toBe(48);
  for (const count of counts) expect(count).toBeGreaterThan(0);

  const asked = await call(
    guest,
    Array.from({ length: 16 }, () => 'udp:203.0.113.11:53'),
    10_000,
  );
  expect([...new Set(asked)].sort()).toEqual(names.slice(0, 2));
  const refused = ['tcp:203.0.113.10:8080', 'tcp:203.0.113.11:80', 'tcp:10.3.0.11:22'];
  await route(guest, '10.3.0.0/24', 'via', '203.0.113.10');
  expect(await call(guest, refused, REFUSED)).toEqual([null, null, null]);
});
