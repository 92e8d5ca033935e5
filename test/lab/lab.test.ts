// The lab tested by itself, and the reason why wbfc exists, both on a real switch.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startByteServer, startFakeSwitch } from './fake.ts';
import { createHosts } from './netns.ts';
import { message, ofpt, readBundleControl, bundleControl, unwrapBundleAdd } from './openflow.ts';
import { requireCommands } from './process.ts';
import { captureAddFlows, startProxy } from './proxy.ts';
import { startSwitch, type Lab } from './switch.ts';
import {
  ConnectionClosed,
  errorNames,
  openRaw,
  openWire,
  sendFlowMods,
  sendFlowModsInBundle,
} from './wire.ts';

/** An OpenFlow 1.5 FLOW_MOD (add, table 0, no instruction) with these match TLVs. */
function addFlow(tlvs: string, command = 0): Buffer {
  const oxm = Buffer.from(tlvs.replaceAll(' ', ''), 'hex');
  const head = Buffer.alloc(40);
  head[17] = command;
  head.writeUInt16BE(32768, 22); // priority
  head.writeUInt32BE(0xffffffff, 24); // buffer_id
  head.writeUInt32BE(0xffffffff, 28); // out_port
  head.writeUInt32BE(0xffffffff, 32); // out_group
  const match = Buffer.alloc(Math.ceil((4 + oxm.length) / 8) * 8);
  match.writeUInt16BE(1, 0);
  match.writeUInt16BE(4 + oxm.length, 2);
  oxm.copy(match, 4);
  return message(6, ofpt.flowMod, 0, Buffer.concat([head, match]));
}

const ethTypeIp = '80000a02 0800';
const ipProtoTcp = '80001401 06';
const tcpDst80 = '80001c02 0050';

describe('a dummy switch', () => {
  let lab: Lab;
  let mgmt: string;
  beforeAll(async () => {
    lab = await startSwitch({ dummy: true });
    mgmt = await lab.addBridge('br0', { dummyPorts: 2, dpid: '00000000000000aa' });
  });
  afterAll(() => lab.stop());

  const clear = (): Promise<unknown> => lab.ofctl('-O', 'OpenFlow15', 'del-flows', 'br0', { check: true });

  test('has its bridge, its ports and no flow', async () => {
    const ports = await lab.ofctl('-O', 'OpenFlow15', 'show', 'br0', { check: true });
    expect(ports.stdout).toContain('dpid:00000000000000aa');
    expect(ports.stdout).toMatch(/1\(p1\):[^]*2\(p2\):[^]*LOCAL\(br0\):/);
    expect(await lab.dumpFlows('br0')).toEqual([]);
  });

  test('dumps flows without statistics, in every version', async () => {
    await clear();
    await lab.ofctl('-O', 'OpenFlow15', 'add-flows', 'br0', '-', {
      input: 'ip,actions=2\narp,actions=1\n',
      check: true,
    });
    for (const version of ['OpenFlow10', 'OpenFlow13', 'OpenFlow15'] as const)
      expect(await lab.dumpFlows('br0', { version })).toHaveLength(2);
    expect(await lab.dumpFlows('br0')).toEqual(['arp actions=output:1', 'ip actions=output:2']);
    expect(await lab.dumpFlows('br0', { filter: 'arp', names: true })).toEqual(['arp actions=output:p1']);
  });

  test('refuses what OVS complains about', async () => {
    await expect(lab.addPort('br0', { name: 'nope', type: 'no-such-type' })).rejects.toThrow('nope');
    await lab.vsctl('del-port', 'br0', 'nope', { check: true });
    await expect(lab.exec('sleep', '5', { timeout: 30 })).rejects.toThrow('no end after 30 ms');
  });

  test('a proxy has the bytes that ovs-ofctl sends, plain and in a bundle', async () => {
    await clear();
    const flows = 'tcp,tcp_dst=80,actions=drop\npriority=5,udp,actions=p1\n';
    const plain = await captureAddFlows(lab, 'br0', flows, { install: false });
    expect(plain).toHaveLength(2);
    await captureAddFlows(lab, 'br0', flows, { install: false, bundle: true });
    expect(await lab.dumpFlows('br0')).toEqual([]);
    expect(plain[0]?.toString('hex')).toContain((ethTypeIp + ipProtoTcp + tcpDst80).replaceAll(' ', ''));
    for (const install of [false, true]) {
      expect(await captureAddFlows(lab, 'br0', flows, { install })).toEqual(plain);
      expect(await captureAddFlows(lab, 'br0', flows, { bundle: true, install })).toEqual(plain);
    }
    for (const version of ['OpenFlow10', 'OpenFlow13', 'OpenFlow14'] as const) {
      const older = await captureAddFlows(lab, 'br0', flows, { version, bundle: version !== 'OpenFlow10' });
      expect(older.map((m) => m[0])).toEqual(
        Array(2).fill({ OpenFlow10: 1, OpenFlow13: 4, OpenFlow14: 5 }[version]),
      );
    }
    const nicira = await captureAddFlows(lab, 'br0', 'reg0=1,actions=drop', { version: 'OpenFlow10' });
    expect(nicira.map((m) => m[1])).toEqual([ofpt.experimenter]);
    await expect(captureAddFlows(lab, 'br0', 'ip')).rejects.toThrow('must specify an action');
  });

  test('the wire client hears which error the switch names for which message', async () => {
    await clear();
    const messages = [
      addFlow(ethTypeIp + ipProtoTcp + tcpDst80),
      addFlow(tcpDst80),
      addFlow(ethTypeIp),
      addFlow('', 9),
    ];
    const errors = await sendFlowMods(mgmt, messages);
    expect(errors.map(({ index, type, code }) => ({ index, type, code }))).toEqual([
      { index: 1, type: 4, code: 9 },
      { index: 3, type: 5, code: 6 },
    ]);
    expect(await errorNames(lab, errors)).toEqual(['OFPBMC_BAD_PREREQ', 'OFPFMFC_BAD_COMMAND']);
    expect(await lab.dumpFlows('br0')).toEqual(['ip actions=drop', 'tcp,tp_dst=80 actions=drop']);
  });

  test('a bundle is all or nothing, unless it is committed anyway', async () => {
    await clear();
    const messages = [addFlow(ethTypeIp), addFlow(tcpDst80)];
    const refused = await sendFlowModsInBundle(mgmt, messages);
    expect(refused.committed).toBe(false);
    expect(refused.errors.map(({ index }) => index)).toEqual([1]);
    expect(await errorNames(lab, refused.errors)).toEqual(['OFPBMC_BAD_PREREQ']);
    expect(await lab.dumpFlows('br0')).toEqual([]);

    const anyway = await sendFlowModsInBundle(mgmt, messages, 'OpenFlow15', { commitAnyway: true });
    expect(anyway.committed).toBe(true);
    expect(await lab.dumpFlows('br0')).toEqual(['ip actions=drop']);
  });

  test('vendor errors keep their vendor', async () => {
    // NXM_NX_TUN_METADATA0, to which no TLV is mapped.
    const [error] = await sendFlowMods(mgmt, [addFlow('00015004 00000001')]);
    expect(error).toMatchObject({ index: 0, type: 0xffff, vendor: 0x2320 });
    expect(await errorNames(lab, [error!])).toEqual(['NXFMFC_INVALID_TLV_FIELD']);
  });

  test('a proxy cuts the connection after the message it is told', async () => {
    await clear();
    const commits = (all: Buffer[]): number =>
      all.filter((m) => readBundleControl(m)?.type === bundleControl.commit).length;
    const flows = 'arp,actions=drop\nip,actions=drop\n';
    const add = ['-O', 'OpenFlow15', '--bundle', 'add-flows'];
    const whole = await startProxy(lab, 'br0');
    await lab.ofctl(...add, whole.target, '-', { input: flows, check: true });
    const sent = whole.fromClient();
    const last = whole.messages.filter(({ from, connection }) => from === 'client' && connection === 2);
    const commit = last.findIndex((m) => commits([m.bytes]) === 1) + 1;
    expect(sent.filter((m) => unwrapBundleAdd(m) !== undefined)).toHaveLength(2);
    expect(commit).toBeGreaterThan(0);

    for (const forward of [false, true]) {
      await clear();
      const proxy = await startProxy(lab, 'br0', {
        cut: { from: 'client', after: commit, forward, connection: 2 },
      });
      const run = await lab.ofctl(...add, proxy.target, '-', { input: flows });
      expect(run.status).not.toBe(0);
      expect(commits(proxy.fromClient())).toBe(1);
      // The commit arrived and the connection was gone: applied all the same.
      await expect.poll(() => lab.dumpFlows('br0')).toHaveLength(forward ? 2 : 0);
      expect((await lab.ofctl('-O', 'OpenFlow15', 'dump-flows', proxy.target)).status).toBe(0);
    }
    for (const from of ['client', 'switch'] as const) {
      const proxy = await startProxy(lab, 'br0', { cut: { from, after: 0 } });
      await expect(openWire(proxy.path)).rejects.toThrow();
    }
  });

  test('a proxy changes what its hook says', async () => {
    const proxy = await startProxy(lab, 'br0', {
      hook: (m) =>
        m.from === 'switch' && m.bytes[1] === 21 ? Buffer.from('00ff000000000000', 'hex') : undefined,
    });
    expect((await lab.ofctl('-O', 'OpenFlow15', 'add-flow', proxy.target, 'actions=drop')).status).not.toBe(
      0,
    );
  });

  test('servers in the place of a switch', async () => {
    const fake = await startFakeSwitch(
      { path: `${lab.dir}/f` },
      { reply: (m) => (m[1] === 5 ? 'cut' : undefined) },
    );
    const client = await openRaw(`${lab.dir}/f`);
    expect((await client.next())[1]).toBe(ofpt.hello);
    client.send(message(6, ofpt.featuresRequest, 1));
    await expect(client.next()).rejects.toThrow(ConnectionClosed);
    expect(fake.received).toHaveLength(1);
    await fake.close();
    const agreeable = await startFakeSwitch({ path: `${lab.dir}/f` });
    const flags = ['-O', 'OpenFlow15', '--no-names', '--bundle'];
    await lab.ofctl(...flags, 'add-flow', agreeable.target, 'actions=drop', { check: true });
    expect(agreeable.received.filter((m) => unwrapBundleAdd(m) !== undefined)).toHaveLength(1);
    await agreeable.close();

    const bytes = await startByteServer({ tcp: true }, (_, n) =>
      n === 0 ? Buffer.from('not OpenFlow') : 'cut',
    );
    expect((await lab.ofctl('show', bytes.target)).status).not.toBe(0);
    await bytes.close();
  });

  test('refuses a version that the bridge does not speak', async () => {
    const old = await lab.addBridge('br10', { protocols: ['OpenFlow10'] });
    await expect(openWire(old)).rejects.toThrow('does not speak OpenFlow15');
    expect((await openWire(old, 'OpenFlow10')).version).toBe(1);
    await lab.delBridge('br10');
  });

  test('restarts without its flows', async () => {
    await lab.ofctl('add-flow', 'br0', 'arp,actions=drop', { check: true });
    await lab.restart();
    expect(await lab.dumpFlows('br0')).toEqual([]);
  });

  describe('why a compiler is needed', () => {
    test('ovs-ofctl installs a tcp_dst without tcp as a drop of everything', async () => {
      await clear();
      const run = await lab.ofctl('-O', 'OpenFlow15', 'add-flow', 'br0', 'tcp_dst=80,actions=drop');
      expect(run.status).toBe(0);
      expect(await lab.dumpFlows('br0')).toEqual(['actions=drop']);
    });

    test('ovs-ofctl widens the ping responder that forgot its icmp', async () => {
      await clear();
      const text = `${pingMatch}${swapMacs},in_port`.replace('icmp,', '');
      const run = await lab.ofctl('-O', 'OpenFlow15', 'add-flow', 'br0', text);
      expect(run.status).toBe(0);
      expect(run.stderr).toContain('normalization changed');
      const flows = await lab.dumpFlows('br0');
      expect(flows).toHaveLength(1);
      // Destination address, type and code are gone: every frame to this MAC is turned round.
      expect(flows[0]?.split(' actions=')[0]).toBe('priority=11,dl_dst=00:00:00:00:99:99');
    });
  });
});

const arpReply = [
  'priority=10,arp,in_port=1,dl_dst=ff:ff:ff:ff:ff:ff,arp_op=1,arp_tpa=10.11.22.26,arp_tha=00:00:00:00:00:00',
  'actions=load:2->NXM_OF_ARP_OP[]',
  'move:NXM_NX_ARP_SHA[]->NXM_NX_ARP_THA[]',
  'move:NXM_OF_ARP_SPA[]->NXM_OF_ARP_TPA[]',
  'set_field:10.11.22.26->arp_spa',
  'set_field:00:00:00:00:99:99->arp_sha',
  'move:NXM_OF_ETH_SRC[]->NXM_OF_ETH_DST[]',
  'set_field:00:00:00:00:99:99->eth_src',
  'in_port',
].join(',');

const pingMatch =
  'priority=11,icmp,dl_dst=00:00:00:00:99:99,nw_dst=10.11.22.26,icmp_type=8,icmp_code=0,actions=';
const swapMacs = 'move:NXM_OF_ETH_SRC[]->NXM_OF_ETH_DST[],set_field:00:00:00:00:99:99->eth_src';
const swapIps = 'move:NXM_OF_IP_SRC[]->NXM_OF_IP_DST[],set_field:10.11.22.26->ip_src,set_field:0->icmp_type';

test('two labs at once, each with a br0 and hosts that ping through flows', async () => {
  const labs = await Promise.all([startSwitch(), startSwitch()]);
  const hosts = [
    { name: 'if0', ip: '10.11.22.1', mac: '02:00:00:00:00:01', ofport: 1 },
    { name: 'if1', ip: '10.11.22.2', mac: '02:00:00:00:00:02', ofport: 2 },
  ];
  try {
    for (const lab of labs) {
      await lab.addBridge('br0');
      const [a, b] = await createHosts(lab, 'br0', hosts);
      expect(await a!.ping('10.11.22.26', 1, { wait: 0.2 })).toEqual({ sent: 1, received: 0 });
      const input = [
        arpReply,
        `${pingMatch}${swapMacs},${swapIps},in_port`,
        'priority=1,actions=normal',
      ].join('\n');
      await lab.ofctl('-O', 'OpenFlow15', 'add-flows', 'br0', '-', { input, check: true });
      expect(await a!.ping('10.11.22.26')).toEqual({ sent: 3, received: 3 });
      expect(await b!.ping(a!.ip)).toEqual({ sent: 3, received: 3 });
      expect((await a!.exec('ip', 'neigh', 'show', '10.11.22.26')).stdout).toContain('00:00:00:00:99:99');
    }
  } finally {
    for (const lab of labs) await lab.stop();
  }
  for (const lab of labs) {
    expect(existsSync(lab.dir)).toBe(false);
    expect(existsSync(`/proc/${lab.pid()}`)).toBe(false);
  }
});

test('TCP between two hosts through the userspace datapath', async () => {
  const lab = await startSwitch();
  try {
    await lab.addBridge('br0', { failMode: 'standalone' });
    const [a, b] = await createHosts(lab, 'br0', [
      { name: 'if0', ip: '10.0.0.1', mac: '02:00:00:00:00:01', ofport: 1 },
      { name: 'if1', ip: '10.0.0.2', mac: '02:00:00:00:00:02', ofport: 2 },
    ]);
    const listen = `require('node:net').createServer(s => s.end('hello')).listen(7, function () {
      setTimeout(() => process.exit(), 5000).unref(); }).on('connection', function () { this.close(); })`;
    const server = a!.exec(process.execPath, '-e', listen);
    const call = `const go = () => require('node:net').connect(7, '10.0.0.1').on('error', () => setTimeout(go, 20)).pipe(process.stdout); go()`;
    expect((await b!.exec(process.execPath, '-e', call)).stdout).toBe('hello');
    expect((await server).status).toBe(0);
  } finally {
    await lab.stop();
  }
});

test('a switch that died fails the test', async () => {
  const lab = await startSwitch({ dummy: true });
  process.kill(lab.pid(), 'SIGABRT');
  await expect.poll(() => existsSync(`/proc/${lab.pid()}`)).toBe(false);
  await expect(lab.stop()).rejects.toThrow('ovs-vswitchd died during the test');
  expect(existsSync(lab.dir)).toBe(false);
});

test('a missing switch is an error that names its package', () => {
  expect(() => {
    requireCommands({ 'ovs-vswitchd-missing': 'openvswitch-switch', sh: 'dash' });
  }).toThrow('the lab needs ovs-vswitchd-missing: apt-get install openvswitch-switch (');
});

test('ensure-ovs.sh is clean, quick and content', () => {
  const script = new URL('ensure-ovs.sh', import.meta.url).pathname;
  expect(execFileSync('sh', [script], { encoding: 'utf8' })).toBe('');
  expect(execFileSync('shellcheck', [script], { encoding: 'utf8' })).toBe('');
});
