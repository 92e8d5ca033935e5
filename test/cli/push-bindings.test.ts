// `wbfc push` of programs that name ports and meters, and in older versions of OpenFlow, to a real switch.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Lab } from '../lab/switch.ts';
import { startSwitch } from '../lab/switch.ts';
import { directory, wbfc } from './wbfc.ts';

let lab: Lab;
let mgmt: string;

beforeAll(async () => {
  lab = await startSwitch({ dummy: true });
  mgmt = await lab.addBridge('br0', { dummyPorts: ['uplink0', 'host-1'], dpid: '00000000000000aa' });
});

afterAll(() => lab.stop());

const push = (text: string, ...more: string[]): ReturnType<typeof wbfc> =>
  wbfc(['push', join(directory({ 'p.wbf': text }), 'p.wbf'), '--to', `unix:${mgmt}`, ...more]);

const FLOWS = `program p { id = 5 }
port up = "uplink0"
table t = 0 {
  miss = drop
  flow out { match { in_port = host } action { reg0 = up; output up } }
}
`;

test('ports by name get the numbers of the switch', async () => {
  const text = `${FLOWS}port host = "host-1"\nport here = "br0"\n`.replace(
    'output up }',
    'output up; output here }',
  );
  const { code, err } = push(text);
  expect(err).toBe('installed 2 flows on br0 (datapath 00000000000000aa)\n');
  expect(code).toBe(0);
  expect((await lab.dumpFlows('br0', { filter: 'in_port=2' })).join()).toMatch(
    /in_port=2 actions=set_field:0x1->reg0,output:1,LOCAL$/,
  );
});

test('a script resolves the names as a push does', async () => {
  const text = `program p { id = 5 }
port up = "uplink0"
port host = "host-1"
table t = 0 {
  miss = drop
  flow a { match { in_port = host } action { output up; output(port = up, max_len = 64) } }
  flow b { priority = 1; match { in_port = up } action { enqueue(port = host, queue = 1); in_port = host; resubmit(up, 1) } }
  flow c { priority = 2; match { actset_output = up } action { reg0[0..15] = in_port; write_actions { output host } } }
  flow d { priority = 3; match {} action { bundle(fields = eth_src, basis = 0, algorithm = hrw, members = [up, host]) } }
  flow e { priority = 4; match {} action { sample(probability = 1, sampling_port = up) } }
  flow f { priority = 5; match {} action { learn(table = 1) { match { in_port = up } action { output pkt.in_port } } } }
}
table more = 1 { miss = drop }
group g = 7 { type = fast_failover; bucket { watch_port = up; action { output host } } }
`.replace('id = 5', 'id = 5; groups = 7');
  expect(push(text)).toMatchObject({ code: 0 });
  const pushed = await lab.dumpFlows('br0');
  const groups = (): Promise<string> =>
    lab.ofctl('-O', 'OpenFlow15', 'dump-groups', 'br0').then((r) => r.stdout.replace(/xid=\w+/, ''));
  const group = await groups();
  expect(pushed.join('\n')).toContain('members:1,2');
  expect(group).toContain('watch_port:1');
  await lab.ofctl('-O', 'OpenFlow15', 'del-flows', 'br0', { check: true });
  await lab.ofctl('-O', 'OpenFlow15', 'del-groups', 'br0', { check: true });
  const cwd = directory({ 'p.wbf': text });
  expect(wbfc(['build', 'p.wbf'], { cwd }).code).toBe(0);
  await lab.exec('sh', `${cwd}/p.sh`, 'br0', { check: true });
  expect(await lab.dumpFlows('br0')).toEqual(pushed);
  expect((await groups()).replaceAll('"', '')).toBe(group.replaceAll('"', ''));
});

test('a port that the switch does not have is an error at its declaration', async () => {
  const before = await lab.dumpFlows('br0');
  const { code, err } = push(`${FLOWS}port host = "host1"\n`);
  expect(code).toBe(3);
  expect(err).toContain(
    'error[WBF2014]: the number of the port `host` is not known: the switch has no port `host1`',
  );
  expect(err).toContain('p.wbf:7:13');
  expect(err).toContain('its ports are `br0`, `host-1`, `uplink0`');
  expect(err).toContain('did you mean `host-1`?');
  expect(err).toMatch(/wbfc: nothing was installed\n$/);
  expect(await lab.dumpFlows('br0')).toEqual(before);
});

test('a number on the switch that another port of the program has', () => {
  const { code, err } = push(`${FLOWS}port host = 1\n`, '--format', 'concise');
  expect(err).toMatch(/p\.wbf:7:13: error\[WBF5004\]: port 1 is already `up`\n/);
  expect(code).toBe(1);
});

test.each(['1.3', '1.4', '1.5'])('OpenFlow %s', async (version) => {
  const protocol = `OpenFlow${version.replace('.', '')}` as 'OpenFlow13';
  const bridge = `br${version.slice(2)}`;
  const path = await lab.addBridge(bridge, { protocols: [protocol], dummyPorts: [`up${bridge}`] });
  const text = `program p { id = 5 }
bridge ${bridge} { protocols = [${protocol}]; port up = "up${bridge}" }
group g = 7 { type = all; bucket { action { output up } } }
table t = 0 {
  miss = drop
  flow f { allow = WBF5603; match { tcp; tcp_dst = 80; reg0 = 1 } action { reg1[0..15] = 5; eth_src = 02:00:00:00:00:01; group g } }
  flow m { match { arp } action { meter m; output up } }
}
meter m = 3 { unit = kbps; band drop { rate = 1000 } }
`.replace('program p { id = 5 }', 'program p { id = 5; groups = 7; meters = 3-9 }');
  const file = join(directory({ 'p.wbf': text }), 'p.wbf');
  const { code, err } = wbfc(['push', file, '--to', `unix:${path}`]);
  expect(err).toBe(`installed 3 flows on ${bridge} (datapath ${/datapath (\w+)/.exec(err)?.[1] ?? ''})\n`);
  expect(code).toBe(0);
  const dumped = await lab.dumpFlows(bridge, { version: protocol });
  expect(dumped.join('\n')).toMatch(/tcp,reg0=0x1,tp_dst=80 actions=.*,group:7/);
  expect(dumped.join('\n')).toMatch(/arp actions=meter:3,output:1/);
  expect((await lab.ofctl('-O', protocol, 'dump-meters', bridge)).stdout).toContain('meter=3 kbps');
  // A changed meter gets another id, and flows with it.
  const changed = text.replace('rate = 1000', 'rate = 2000');
  const again = join(directory({ 'p.wbf': changed }), 'p.wbf');
  expect(wbfc(['push', again, '--to', `unix:${path}`]).code).toBe(0);
  const meters = (await lab.ofctl('-O', protocol, 'dump-meters', bridge)).stdout;
  expect(meters).toMatch(/meter=4 kbps[^m]*rate=2000/);
  expect(meters).not.toContain('meter=3 ');
  expect((await lab.dumpFlows(bridge, { version: protocol })).join('\n')).toMatch(/arp actions=meter:4,/);
});

test('below 1.3 there is nothing to push with', () => {
  const { code, err } = push(`${FLOWS}port host = 2\n`, '--of', '1.2');
  expect(code).toBe(2);
  expect(err).toMatch(
    /^wbfc: .*p\.wbf is for OpenFlow 1\.2, which has no bundles: a push takes 1\.3, 1\.4 or 1\.5\n$/,
  );
});

test.each(['1.0', '1.1', '1.2', '1.3', '1.4'])('a script for OpenFlow %s', async (version) => {
  const protocol = `OpenFlow${version.replace('.', '')}` as 'OpenFlow10';
  const bridge = `s${version.slice(2)}`;
  await lab.addBridge(bridge, { protocols: [protocol], dummyPorts: [`x${bridge}`] });
  const text = `program p { id = 5 }
bridge ${bridge} { protocols = [${protocol}]; port up = "x${bridge}" }
table t = 0 {
  miss = drop
  flow f { match { tcp; tcp_dst = 80 } action { reg1[0..15] = 5; eth_src = 02:00:00:00:00:01; output up } }
}
`;
  const cwd = directory({ 'p.wbf': text });
  expect(wbfc(['build', 'p.wbf', '--non-atomic'], { cwd }).code).toBe(0);
  for (let i = 0; i < 2; i++) {
    await lab.exec('sh', `${cwd}/p.sh`, bridge, { check: true });
    const dumped = await lab.dumpFlows(bridge, { version: protocol });
    expect(dumped).toHaveLength(2);
    expect(dumped.join('\n')).toMatch(/tcp,tp_dst=80 actions=.*output:1/);
  }
});
