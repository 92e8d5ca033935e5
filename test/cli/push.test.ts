// `wbfc push` to a real switch, through the built file.
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Lab } from '../lab/switch.ts';
import { startSwitch } from '../lab/switch.ts';
import { GOOD } from './programs.ts';
import { directory, start, wbfc } from './wbfc.ts';

let lab: Lab;
let mgmt: string;

beforeAll(async () => {
  lab = await startSwitch({ dummy: true });
  mgmt = await lab.addBridge('br0', { dummyPorts: 2, dpid: '00000000000000aa' });
});

afterAll(() => lab.stop());

const push = (file: string, ...more: string[]): ReturnType<typeof wbfc> =>
  wbfc(['push', file, '--to', `unix:${mgmt}`, ...more]);

test('installs a program and says so; again, and it is the same', async () => {
  const file = join(directory({ 'good.wbf': GOOD }), 'good.wbf');
  for (let i = 0; i < 2; i++) {
    expect(push(file)).toEqual({
      code: 0,
      out: '',
      err: 'installed 2 flows on br0 (datapath 00000000000000aa)\n',
    });
    expect(await lab.dumpFlows('br0')).toHaveLength(2);
  }
});

test('standard input', () => {
  expect(wbfc(['push', '-', '--to', `unix:${mgmt}`], { input: GOOD }).code).toBe(0);
});

test('a large program, its connection in a thread of its own', async () => {
  const flows = Array.from(
    { length: 30_000 },
    (_, i) => `  flow { priority = ${i}; match { eth_type = 0x88b5 } action { output 1 } }\n`,
  );
  const text = `program large { id = 7 }\ntable t = 5 {\n  miss = drop\n${flows.join('')}}\n`;
  expect(text.length).toBeGreaterThan(2_000_000);
  const file = join(directory({ 'large.wbf': text }), 'large.wbf');
  const { code, err } = push(file);
  expect(err).toBe('installed 30001 flows on br0 (datapath 00000000000000aa)\n');
  expect(code).toBe(0);
  // Without one of its flows; then it is taken away again.
  const bad = join(directory({ 'bad.wbf': text.replace('output 1 ', 'output nowhere ') }), 'bad.wbf');
  expect(push(bad)).toMatchObject({ code: 1, err: expect.stringMatching(/^error\[WBF2\d{3}\]/) as string });
  expect((await lab.ofctl('-O', 'OpenFlow15', 'dump-aggregate', 'br0', 'table=5')).stdout).toContain(
    'flow_count=30001',
  );
  await lab.ofctl('-O', 'OpenFlow15', 'del-flows', 'br0', 'table=5', { check: true });
}, 60_000);

test('what the switch refuses is reported where it stands, and nothing is installed', async () => {
  const text = GOOD.replace(
    '  flow ping {',
    '  flow away { match { arp } action { group away } }\n  flow ping {',
  ).concat("group away = 5 // somebody else's, who has not made it\n");
  const before = await lab.dumpFlows('br0');
  const file = join(directory({ 'rules.wbf': text }), 'rules.wbf');
  const { code, err } = push(file, '--format', 'concise');
  expect(err).toMatch(
    /rules\.wbf:5:\d+: error\[WBF7010\]: the switch refuses this flow \(OFPBAC_BAD_OUT_GROUP\)\n/,
  );
  expect(err).toMatch(/wbfc: nothing was installed\n$/);
  expect(code).toBe(3);
  expect(await lab.dumpFlows('br0')).toEqual(before);
});

test('another switch than the one that was meant gets nothing', async () => {
  const file = join(directory({ 'good.wbf': GOOD }), 'good.wbf');
  const named = join(directory({ 'named.wbf': `${GOOD}bridge br7 {\n}\n` }), 'named.wbf');
  const before = await lab.dumpFlows('br0');
  const is = 'is the bridge br0 with datapath id 00000000000000aa; the push is for';
  for (const [path, options, meant, help] of [
    [file, ['--dpid', '0xdead'], 'the switch with datapath id 000000000000dead', '--dpid 00000000000000aa'],
    [file, ['--bridge', 'br9'], 'the bridge br9', '--bridge br0'],
  ] as const) {
    const { code, err } = push(path, ...options);
    expect(err).toContain(`error[WBF7018]: at unix:${mgmt} ${is} ${meant}, so nothing was sent`);
    expect(err).toContain(`say ${help}`);
    expect(code).toBe(3);
  }
  expect(await lab.dumpFlows('br0')).toEqual(before);
  // An address that was written down outweighs the name in the program, but not in silence.
  expect(push(named)).toMatchObject({
    code: 0,
    err: expect.stringContaining('warning: the program says `bridge br7`') as string,
  });
  expect(push(named, '--bridge', 'br0').code).toBe(0);
  expect(push(named, '--dpid', '0xaa').code).toBe(0);
});

test('flows of others stay, and are in the way where they match the same', async () => {
  const file = join(directory({ 'rules.wbf': GOOD.replace('0x00a01', '0x00a02') }), 'rules.wbf');
  const before = await lab.dumpFlows('br0');
  const { code, err } = push(file);
  expect(err).toMatch(/^error\[WBF7011\]: a flow that is not ours \(cookie 0xa01/);
  expect(err).toContain('--adopt');
  expect(code).toBe(3);
  expect(await lab.dumpFlows('br0')).toEqual(before);
  expect(push(file, '--adopt').code).toBe(0);
  expect(await lab.dumpFlows('br0')).not.toEqual(before);
});

test('the controller port: says where it listens, refuses another switch, takes the right one', async () => {
  await lab.addBridge('br1', { dpid: '00000000000000bb' });
  const cwd = directory({ 'good.wbf': GOOD });
  const child = start(['push', 'good.wbf', '--to', 'ptcp:0', '--dpid', '0xbb', '--timeout', '20'], cwd);
  let err = '';
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  const exited = once(child, 'close');
  while (!err.includes('\n')) await once(child.stderr, 'data');
  const target = /listening at ptcp:(\d+):127\.0\.0\.1/.exec(err);
  expect(target, err).not.toBeNull();
  for (const bridge of ['br0', 'br1']) {
    await lab.vsctl('set-controller', bridge, `tcp:127.0.0.1:${target![1]}`);
    if (bridge === 'br0') while (!err.includes('refused')) await once(child.stderr, 'data');
  }
  const [code] = (await exited) as [number | null];
  expect(err).toContain('refused the bridge br0 with datapath id 00000000000000aa');
  expect(err).toMatch(/installed 2 flows on br1 \(datapath 00000000000000bb\)\n$/);
  expect(code).toBe(0);
  await lab.vsctl('del-controller', 'br0');
}, 60_000);
