// From a .wbf file to an answered ping, through a real switch; and from a forgotten word to the same message everywhere.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createHosts, type Host } from '../lab/netns.ts';
import type { Run } from '../lab/process.ts';
import { startSwitch, type Lab } from '../lab/switch.ts';
import { applyEdits, Client, type Range } from '../lsp/client.ts';
import { root, wbfc, wbfcEnv, wbfcWords } from './wbfc.ts';

const example = join(root, 'examples/whitebox.wbf');
const address = '10.11.22.26';

let lab: Lab;
let mgmt: string;
let near: Host;
let far: Host;
let dir: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'wbfc-ping-'));
  lab = await startSwitch();
  mgmt = await lab.addBridge('br0', { protocols: ['OpenFlow15'], failMode: 'secure' });
  await lab.execInside('ip', 'link', 'set', 'lo', 'up', { check: true });
  [near, far] = (await createHosts(lab, 'br0', [
    { name: 'if0', ip: '10.11.22.1', mac: '02:00:00:00:00:01', ofport: 1 },
    { name: 'if1', ip: '10.11.22.2', mac: '02:00:00:00:00:02', ofport: 2 },
  ])) as [Host, Host];
});

afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await lab.stop();
});

/** An empty switch without a controller, and hosts that remember nothing. */
beforeEach(async () => {
  await lab.vsctl('del-controller', 'br0', { check: true });
  await lab.ofctl('-O', 'OpenFlow15', 'del-flows', 'br0', { check: true });
  for (const host of [near, far]) await host.exec('ip', 'neigh', 'flush', 'all', { check: true });
});

/** `wbfc push examples/whitebox.wbf` where the switch is: its TCP ports are in its own network namespace. */
function push(file: string, to: string): Promise<Run> {
  return lab.execInside(...wbfcWords('push', file, '--to', to, '--format', 'concise'), {
    env: wbfcEnv(lab.env),
    cwd: root,
    timeout: 30_000,
  });
}

async function pingIsAnswered(): Promise<void> {
  expect(await near.ping(address, 3)).toEqual({ sent: 3, received: 3 });
  expect((await near.exec('ip', 'neigh', 'show', address)).stdout).toContain('00:00:00:00:99:99');
  // `arp_reply` says `in_port = if0`: nobody answers on the other port.
  expect(await far.ping(address, 1, { wait: 0.2 })).toEqual({ sent: 1, received: 0 });
}

const flows = [
  'priority=0 actions=drop',
  expect.stringMatching(/^priority=10,arp,in_port=1,/),
  expect.stringMatching(/^priority=11,icmp,dl_dst=00:00:00:00:99:99,/),
];

/** Our flows, without their cookies. */
async function dump(): Promise<string[]> {
  const lines = await lab.dumpFlows('br0');
  return lines
    .filter((line) => !line.includes('cookie=0x77,'))
    .map((line) => line.replace(/cookie=0x[0-9a-f]+, ?/, ''))
    .sort();
}

describe('push, and the ping is answered', () => {
  test('nobody answers before', async () => {
    expect(await near.ping(address, 1, { wait: 0.2 })).toEqual({ sent: 1, received: 0 });
  });

  test('through the management socket', async () => {
    const { status, stdout, stderr } = await push(example, `unix:${mgmt}`);
    expect({ status, stdout, stderr }).toMatchObject({ status: 0 });
    expect(await dump()).toEqual(flows);
    await pingIsAnswered();
  });

  test('over TCP, to a port where the bridge listens', async () => {
    await lab.vsctl('set-controller', 'br0', 'ptcp:6653:127.0.0.1', { check: true });
    const { status, stdout, stderr } = await push(example, 'tcp:127.0.0.1:6653');
    expect({ status, stdout, stderr }).toMatchObject({ status: 0 });
    expect(await dump()).toEqual(flows);
    await pingIsAnswered();
  });

  test('as the controller that the bridge calls', async () => {
    const controller = ['--', 'set', 'controller', 'br0', 'connection-mode=out-of-band', 'max_backoff=1000'];
    await lab.vsctl('set-controller', 'br0', 'tcp:127.0.0.1:6633', ...controller, { check: true });
    expect((await lab.vsctl('get-fail-mode', 'br0')).stdout).toBe('secure\n');
    expect((await lab.vsctl('get', 'bridge', 'br0', 'protocols')).stdout).toBe('[OpenFlow15]\n');
    const { status, stdout, stderr } = await push(example, 'ptcp:6633');
    expect({ status, stdout, stderr }).toMatchObject({ status: 0 });
    expect(await dump()).toEqual(flows);
    await pingIsAnswered();
  });

  test('twice is as good as once', async () => {
    for (let i = 0; i < 2; i++) {
      expect((await push(example, `unix:${mgmt}`)).status).toBe(0);
      expect(await dump()).toEqual(flows);
    }
    await pingIsAnswered();
  });

  test('by the script, run twice, and foreign flows stay', async () => {
    const foreign = 'cookie=0x77,priority=7,udp,actions=drop';
    await lab.ofctl('-O', 'OpenFlow15', 'add-flow', 'br0', foreign, { check: true });
    const script = join(dir, 'whitebox.sh');
    expect((await wbfc(['build', example, '-o', script])).status).toBe(0);
    const dumps: string[][] = [];
    for (let i = 0; i < 2; i++) {
      await lab.exec('sh', script, 'br0', { check: true });
      dumps.push(await lab.dumpFlows('br0'));
    }
    expect(dumps[1]).toEqual(dumps[0]);
    expect(await dump()).toEqual(flows);
    expect(await lab.dumpFlows('br0', { filter: 'cookie=0x77/-1' })).toHaveLength(1);
    await pingIsAnswered();
  });
});

interface Diagnostic {
  readonly message: string;
}

interface CodeAction {
  readonly title: string;
  readonly edit?: {
    readonly changes?: Readonly<Record<string, readonly { range: Range; newText: string }[]>>;
  };
}

describe('the forgotten `icmp`', () => {
  const text = readFileSync(example, 'utf8').replace('match { icmp; eth_dst', 'match { eth_dst');
  const line = text.split('\n').findIndex((l) => l.includes('icmp_type = echo_request')) + 1;
  const column = (text.split('\n')[line - 1] ?? '').indexOf('icmp_type') + 1;
  let file: string;
  let message: string;

  beforeAll(() => {
    file = join(dir, 'rules.wbf');
    writeFileSync(file, text);
    message = `${file}:${line}:${column}: error[WBF3001]: this match never says that the packet is ICMPv4 (OFPBMC_BAD_PREREQ)\n`;
  });

  test('check says so, once, with the fix', async () => {
    const concise = await wbfc(['check', file, '--format', 'concise']);
    expect(concise).toMatchObject({ status: 1, stdout: message, stderr: '' });
    const pretty = await wbfc(['check', file]);
    expect(pretty.status).toBe(1);
    expect(pretty.stdout).toContain('the switch answers OFPBMC_BAD_PREREQ');
    expect(pretty.stdout).toContain('add `icmp`');
  });

  test('build says the same and writes nothing', async () => {
    const out = join(dir, 'rules.sh');
    const { status, stdout, stderr } = await wbfc(['build', file, '--format', 'concise']);
    expect({ status, stdout, stderr }).toEqual({ status: 1, stdout: '', stderr: message });
    expect(existsSync(out)).toBe(false);
  });

  test('push says the same and leaves the switch alone', async () => {
    expect((await push(example, `unix:${mgmt}`)).status).toBe(0);
    const before = await lab.dumpFlows('br0');
    const { status, stdout, stderr } = await push(file, `unix:${mgmt}`);
    expect({ status, stdout, stderr }).toEqual({ status: 1, stdout: '', stderr: message });
    expect(await lab.dumpFlows('br0')).toEqual(before);
    await pingIsAnswered();
  });

  test('the editor shows the same, and its fix mends it', async () => {
    const editor = new Client();
    await editor.initialize();
    const uri = pathToFileURL(file).href;
    const first = editor.diagnostics(uri);
    editor.open(uri, text);
    const found = (await first).diagnostics as Diagnostic[];
    const start = { line: line - 1, character: column - 1 };
    const end = { line: line - 1, character: column - 1 + 'icmp_type'.length };
    expect(found).toMatchObject([{ code: 'WBF3001', severity: 1, range: { start, end } }]);
    expect(found[0]?.message).toContain('this match never says that the packet is ICMPv4');
    expect(found[0]?.message).toContain('OFPBMC_BAD_PREREQ');

    const params = { textDocument: { uri }, range: { start, end }, context: { diagnostics: found } };
    const actions = (await editor.request('textDocument/codeAction', params)) as CodeAction[];
    const action = actions.find(({ title }) => title.includes('icmp'));
    const fixed = applyEdits(text, action?.edit?.changes?.[uri] ?? []);
    expect(fixed).not.toBe(text);
    const second = editor.diagnostics(uri, 2);
    editor.change(uri, fixed, 2);
    expect((await second).diagnostics).toEqual([]);
    expect(await editor.shutdown()).toBe(0);

    // What the fix has made is the same program as before.
    const built = async (source: string): Promise<string> =>
      (await wbfc(['build', '-', '--emit', 'flows', '-o', '-'], { input: source })).stdout;
    expect(await built(fixed)).toBe(await built(readFileSync(example, 'utf8')));
  });
});
