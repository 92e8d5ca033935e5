// The bigger examples of virtual networks: two endpoints with real tunnels between them, and a node of a cluster.
import { afterEach, expect, test } from 'vitest';
import { createHosts, type Host } from '../lab/netns.ts';
import { startSwitch, type Lab } from '../lab/switch.ts';
import { call, REFUSED, serve } from './sockets.ts';
import { wbfc } from './wbfc.ts';

const labs: Lab[] = [];
afterEach(async () => {
  for (const lab of labs.splice(0)) await lab.stop();
});

/** A switch with this example on it, and the tunnels that the example has. */
async function start(file: string, tunnels: Readonly<Record<string, number>>): Promise<Lab> {
  const lab = await startSwitch();
  labs.push(lab);
  const ports = Object.entries(tunnels).map(([type, ofport]) => ({
    name: `${type}0`,
    ofport,
    type,
    options: { remote_ip: 'flow', key: 'flow' },
  }));
  const mgmt = await lab.addBridge('br0', { protocols: ['OpenFlow15'], ports });
  expect(await wbfc(['push', file, '--to', `unix:${mgmt}`, '--locked'])).toMatchObject({ status: 0 });
  return lab;
}

/** A cable between the machines of two endpoints, with their addresses at its ends. */
async function connect(lab: Lab, address: string, cable?: { readonly to: Lab }): Promise<void> {
  if (cable !== undefined) {
    const other = ['peer', 'name', 'cable', 'netns', `${cable.to.pid()}`];
    await lab.execInside('ip', 'link', 'add', 'cable', 'type', 'veth', ...other, { check: true });
  }
  await lab.execInside('ip', 'link', 'set', 'cable', 'up', { check: true });
  await lab.execInside('ethtool', '-K', 'cable', 'tx', 'off', { check: true });
  await lab.addBridge('underlay', {
    failMode: 'standalone',
    ports: [{ name: 'cable', type: 'system' }],
  });
  await lab.execInside('ip', 'address', 'add', `${address}/24`, 'dev', 'underlay', { check: true });
  await lab.execInside('ip', 'link', 'set', 'underlay', 'up', { check: true });
}

const none = { wait: 0.4 } as const;

/** What `ofproto/trace` says of a packet that the tracker, asked so many times, takes for the first of its connection. */
async function trace(lab: Lab, packet: string, asked = 0): Promise<string> {
  const tracked = Array.from({ length: asked }, () => ['--ct-next', 'trk,new']).flat();
  return (await lab.appctl('ofproto/trace', 'br0', packet, ...tracked, { check: true })).stdout;
}
/** Of the last of its datapath flows: each time that the tracker is asked there is another. */
const DROPPED = /Datapath actions: drop\s*$/;

test('vtep: tenants with the same addresses, each in tunnels of its own', async () => {
  const [west, east] = (await Promise.all(
    ['west', 'east'].map((name) => start(`examples/vtep/${name}.wbf`, { vxlan: 1, geneve: 2 })),
  )) as [Lab, Lab];
  await connect(west, '192.0.2.1', { to: east });
  await connect(east, '192.0.2.2');
  const machine = (name: string, n: number, ofport: number) => ({
    name,
    ip: `10.0.0.${n}`,
    mac: `02:00:00:00:01:0${n}`,
    ofport,
  });
  const [[red1, red3, blue1], [red2, blue2]] = (await Promise.all([
    createHosts(west, 'br0', [machine('red1', 1, 11), machine('red3', 3, 12), machine('blue1', 1, 13)]),
    createHosts(east, 'br0', [machine('red2', 2, 11), machine('blue2', 2, 12)]),
  ])) as [[Host, Host, Host], [Host, Host]];

  // Packets are lost, not kept, as long as the endpoints ask for each other's addresses.
  const answered = async (from: Host, to: Host): Promise<void> => {
    let received = 0;
    for (let i = 0; i < 20 && received < 3; i++) ({ received } = await from.ping(to.ip, 3, none));
    expect(received, `${from.name} to ${to.name}`).toBe(3);
  };
  await Promise.all([answered(red1, red2), answered(blue1, blue2), answered(red1, red3)]);

  // Who answers is of the same tenant.
  await Promise.all([red2, blue2].map((host) => serve(host, 'tcp:80')));
  expect(await call(red3, ['tcp:10.0.0.2:80'])).toEqual(['red2 10.0.0.3']);
  expect(await call(blue1, ['tcp:10.0.0.2:80'])).toEqual(['blue2 10.0.0.1']);
  // There is no blue3.
  expect(await blue1.ping(red3.ip, 1, none)).toMatchObject({ received: 0 });

  // Red ones are in VXLAN, blue ones in Geneve, as the datapath sent and got them.
  const { stdout } = await west.appctl('dpctl/dump-flows', { check: true });
  expect(stdout).toMatch(/tnl_push\(.*udp\(src=0,dst=4789.*vxlan\(flags=0x8000000,vni=0x1389\)/);
  expect(stdout).toMatch(/tnl_push\(.*udp\(src=0,dst=6081.*geneve\(.*vni=0x138a/);
  expect(stdout).toMatch(/tunnel\(tun_id=0x1389,src=192.0.2.2,dst=192.0.2.1/);

  // What comes out of a tunnel does not go into one again, and nobody claims to be the machine of another tenant.
  const tunnel = 'in_port=1,tun_id=5001,tun_src=192.0.2.2,tun_dst=192.0.2.1,dl_src=02:00:00:00:01:02';
  expect(await trace(west, `${tunnel},dl_dst=02:00:00:00:01:03`)).toMatch(/^Datapath actions: \d+$/m);
  expect(await trace(west, `${tunnel},dl_dst=02:00:00:00:01:02`)).toMatch(DROPPED);
  const other = tunnel.replace('tun_id=5001', 'tun_id=5002');
  expect(await trace(west, `${other},dl_dst=02:00:00:00:01:01`)).toMatch(DROPPED);
});

test('antrea: pods, services and policies', async () => {
  const lab = await start('examples/antrea/main.wbf', { geneve: 1 });
  const pod = (name: string, n: number) => ({
    name,
    ip: `10.10.0.${n}`,
    mac: `0a:00:0a:0a:00:${n.toString(16).padStart(2, '0')}`,
    ofport: n,
  });
  const [node, client, web1, web2, db] = (await createHosts(lab, 'br0', [
    { ...pod('node', 1), ofport: 2 },
    pod('client', 11),
    pod('web1', 12),
    pod('web2', 13),
    pod('db', 14),
  ])) as [Host, Host, Host, Host, Host];
  await Promise.all(
    [client, web1, web2, db].map((host) =>
      host.exec('ip', 'route', 'add', 'default', 'via', '10.10.0.1', { check: true }),
    ),
  );
  await Promise.all([
    serve(client, 'tcp:7000'),
    serve(web1, 'tcp:8080', 'tcp:22'),
    serve(web2, 'tcp:8080'),
    serve(db, 'tcp:5432'),
  ]);

  // A service is its endpoints, all of them; who is called sees who calls.
  const answers = await call(
    client,
    Array.from({ length: 16 }, () => 'tcp:10.96.0.80:80'),
    10_000,
  );
  expect([...new Set(answers)].sort()).toEqual(['web1 10.10.0.11', 'web2 10.10.0.11']);
  expect(await call(web1, ['tcp:10.96.0.54:5432', 'tcp:10.10.0.11:7000'])).toEqual([
    'db 10.10.0.12',
    'client 10.10.0.12',
  ]);
  expect(await call(client, ['tcp:10.10.0.12:8080'])).toEqual(['web1 10.10.0.11']);

  // Policies: the database is for the web only, and calls nobody; kubelet may look after everybody.
  expect(
    await call(client, ['tcp:10.96.0.54:5432', 'tcp:10.10.0.14:5432', 'tcp:10.10.0.12:22'], REFUSED),
  ).toEqual([null, null, null]);
  expect(await call(db, ['tcp:10.10.0.11:7000'], REFUSED)).toEqual([null]);
  expect(await call(node, ['tcp:10.10.0.12:22', 'tcp:10.10.0.14:5432'])).toEqual([
    'web1 10.10.0.1',
    'db 10.10.0.1',
  ]);
  expect(await client.ping(node.ip)).toEqual({ sent: 3, received: 3 });

  // Pods of other nodes are behind the tunnel, whose other end is not here.
  const packet = (words: string): Promise<string> => trace(lab, `tcp,nw_ttl=64,${words}`, 2);
  const from = 'in_port=11,dl_src=0a:00:0a:0a:00:0b,dl_dst=aa:bb:cc:dd:ee:ff';
  const away = await packet(`${from},nw_src=10.10.0.11,nw_dst=10.10.1.7,tp_dst=80`);
  expect(away).toContain('set_field:192.0.2.2->tun_dst');
  expect(away).toContain('-> output port is 1');
  expect(await packet(`${from},nw_src=10.10.0.12,nw_dst=10.10.0.13,tp_dst=8080`)).toMatch(DROPPED);

  // Three addresses may see three ports of three pods: a conjunction of nine flows, and nothing in between.
  const scrape = (source: number, pod_: number, port: number): Promise<string> =>
    packet(
      `in_port=1,dl_dst=aa:bb:cc:dd:ee:ff,nw_src=10.10.2.${source},nw_dst=10.10.0.${pod_},tp_dst=${port}`,
    );
  const flows = await lab.dumpFlows('br0', { filter: 'table=80' });
  expect(flows.filter((flow) => /conj_id=|conjunction\(/.test(flow))).toHaveLength(9);
  expect(await scrape(7, 14, 9187)).toContain('-> output port is 14');
  expect(await scrape(19, 12, 9400)).toContain('-> output port is 12');
  for (const refused of [scrape(8, 14, 9187), scrape(7, 14, 9188)]) expect(await refused).toMatch(DROPPED);
});
