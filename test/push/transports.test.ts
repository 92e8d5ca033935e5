// The three ways to a switch, and those who may not go them.
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSwitch, type Lab } from '../lab/switch.ts';
import { describeIdentity, type SwitchIdentity } from '../../src/push/identity.ts';
import { startPush, type PushResult } from '../../src/push/push.ts';
import { startFakeSwitch } from '../lab/fake.ts';
import { callAs } from './caller.ts';
import { goodFlows, messageOf, planOf, pushTo, target } from './plans.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startSwitch({ dummy: true });
});
afterAll(() => lab.stop());

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

/** A bridge whose controller we are to be, as provisioning leaves it. */
async function controlled(name: string, port: number, dpid: string): Promise<void> {
  await lab.addBridge(name, { protocols: ['OpenFlow15'], failMode: 'secure', dpid });
  await lab.vsctl(
    ...(['set-controller', name, `tcp:127.0.0.1:${port}`, '--', 'set', 'controller', name] as const),
    ...(['connection-mode=out-of-band', { check: true }] as const),
  );
}

const count = async (bridge: string): Promise<number> => (await lab.dumpFlows(bridge)).length;

describe('the switch is called', () => {
  test('at its management socket', async () => {
    await lab.addBridge('mgmt', { protocols: ['OpenFlow15'] });
    expect(await pushTo(`unix:${lab.mgmt('mgmt')}`, planOf(goodFlows(10)))).toMatchObject({
      kind: 'installed',
    });
    expect(await count('mgmt')).toBe(10);
  });

  test('where it listens', async () => {
    const port = await freePort();
    await lab.addBridge('listens', { protocols: ['OpenFlow15'] });
    await lab.vsctl('set-controller', 'listens', `ptcp:${port}:127.0.0.1`, { check: true });
    expect(await pushTo(`tcp:127.0.0.1:${port}`, planOf(goodFlows(10)))).toMatchObject({ kind: 'installed' });
    expect(await pushTo(`tcp:localhost:${port}`, planOf(goodFlows(11)))).toMatchObject({ kind: 'installed' });
    expect(await count('listens')).toBe(11);
  });

  test('and is another one than was meant', async () => {
    const port = await freePort();
    const path = await lab.addBridge('called', { protocols: ['OpenFlow15'], dpid: '00000000000000c1' });
    await lab.vsctl('set-controller', 'called', `ptcp:${port}:127.0.0.1`, { check: true });
    const plan = planOf(goodFlows(3), { bridgeName: 'called' });
    for (const to of [`unix:${path}`, `tcp:127.0.0.1:${port}`]) {
      for (const options of [{ dpid: 0xc2n }, { bridge: 'br9' }, { dpid: 0xc1n, bridge: 'br9' }])
        expect(await pushTo(to, plan, options)).toMatchObject({
          kind: 'failed',
          problem: { code: 'WBF7018' },
        });
      const other = planOf(goodFlows(3), { bridgeName: 'br9' });
      expect(await pushTo(to, plan, { bridge: 'br9' })).toMatchObject({
        problem: {
          message: `at ${to} is the bridge called with datapath id 00000000000000c1; the push is for the bridge br9, so nothing was sent`,
          help: 'to push it there all the same, say --bridge called',
        },
      });
      expect(await count('called')).toBe(0);
      // Without options the address says which switch is meant.
      for (const options of [{}, { dpid: 0xc1n }, { bridge: 'called' }])
        expect(await pushTo(to, other, options)).toMatchObject({ kind: 'installed' });
      await lab.ofctl('-O', 'OpenFlow15', 'del-flows', 'called', { check: true });
    }
  });

  test('at what is no socket', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'wbfc-push-'));
    expect(messageOf(await pushTo(`unix:${dir}`, planOf([])))).toBe(
      `cannot connect to unix:${dir}: it is a directory`,
    );
    rmSync(dir, { recursive: true });
  });
});

describe('the switch calls', () => {
  test('the real one, by its name or its datapath id, and another is sent away', async () => {
    const port = await freePort();
    await controlled('wrong', port, '00000000000000b1');
    await controlled('right', port, '00000000000000b2');
    const rejected: string[] = [];
    const plan = planOf(goodFlows(10), { bridgeName: 'right' });
    const hooks = { onRejected: (who: SwitchIdentity) => rejected.push(who.bridge ?? '') };
    const byName = await pushTo(`ptcp:${port}`, plan, { timeoutMs: 10_000 }, hooks);
    expect(byName).toMatchObject({ kind: 'installed', identity: { bridge: 'right', dpid: 0xb2n } });
    expect([await count('right'), await count('wrong')]).toEqual([10, 0]);
    const byId = await pushTo(`ptcp:${port}`, plan, { timeoutMs: 10_000, dpid: 0xb1n }, hooks);
    expect(byId).toMatchObject({ kind: 'installed', identity: { bridge: 'wrong', dpid: 0xb1n } });
    expect([await count('right'), await count('wrong')]).toEqual([10, 10]);
  });

  test('wrong ones are told no, and the right one is waited for', async () => {
    const rejected: string[] = [];
    let listening: (port: number) => void = () => undefined;
    const ready = new Promise<number>((resolve) => (listening = resolve));
    const session = startPush(
      target('ptcp:0'),
      { timeoutMs: 3_000 },
      {
        onListening: listening,
        onRejected: (who) => rejected.push(describeIdentity(who).replace(/:\d+$/, '')),
      },
    );
    const port = await ready;
    // They may call before it is known which one is meant.
    const early = callAs(port, { dpid: 1n, bridge: 'br1' });
    await early.echo();
    const result = session.install(planOf(goodFlows(3), { bridgeName: 'br0' }));
    await early.closed;
    expect(early.heard()).toBe('wbfc waits for the bridge br0');
    const late = callAs(port, { dpid: 2n, bridge: null });
    await late.closed;
    callAs(port, { dpid: 3n, bridge: 'br0' });
    expect(await result).toMatchObject({ kind: 'installed', identity: { dpid: 3n, bridge: 'br0' } });
    expect(rejected).toEqual([
      'the bridge br1 with datapath id 0000000000000001 from 127.0.0.1',
      'the bridge (without a LOCAL port) with datapath id 0000000000000002 from 127.0.0.1',
    ]);
  });

  test('--dpid decides alone, --bridge instead of the program', async () => {
    for (const options of [{ dpid: 7n }, { bridge: 'other' }]) {
      const port = await freePort();
      const result = pushTo(`ptcp:${port}`, planOf([], { bridgeName: 'br0' }), {
        timeoutMs: 1_000,
        ...options,
      });
      await new Promise((resolve) => setTimeout(resolve, 50));
      const wrong = callAs(port, { dpid: 8n, bridge: 'br0' });
      await wrong.closed;
      callAs(port, { dpid: 7n, bridge: 'other' });
      expect(await result).toMatchObject({ kind: 'installed', identity: { dpid: 7n } });
    }
    const port = await freePort();
    const result = pushTo(`ptcp:${port}`, planOf([], { bridgeName: 'br0' }), { timeoutMs: 400, dpid: 0xb3n });
    await new Promise((resolve) => setTimeout(resolve, 50));
    callAs(port, { dpid: 8n, bridge: 'br0' });
    expect(messageOf(await result)).toMatch(
      /^the switch with datapath id 00000000000000b3 did not call ptcp:\d+:127.0.0.1 within 0.4 s; the bridge br0 with datapath id 0000000000000008 from 127.0.0.1:\d+ did, and was refused$/,
    );
  });

  test('nobody calls', async () => {
    for (const [options, bridge] of [
      [{}, 'br0'],
      [{ dpid: 5n }, 'BRIDGE'],
    ] as const) {
      let port = 0;
      const result = await pushTo(
        'ptcp:0',
        planOf([], { bridgeName: 'br0' }),
        { timeoutMs: 300, ...options },
        { onListening: (real) => (port = real) },
      );
      expect(port).toBeGreaterThan(0);
      expect(result).toMatchObject({
        kind: 'failed',
        problem: {
          code: 'WBF7006',
          message: expect.stringContaining(`did not call ptcp:${port}:127.0.0.1 within`) as string,
          help: `tell it to: \`ovs-vsctl set-controller ${bridge} tcp:127.0.0.1:${port}\``,
        },
      });
    }
  });

  test('nothing says which one', async () => {
    expect(await pushTo('ptcp:0', planOf([]))).toMatchObject({
      kind: 'failed',
      problem: { code: 'WBF7007' },
    });
  });

  test('speaks another version', async () => {
    const port = await freePort();
    await lab.addBridge('older', { protocols: ['OpenFlow13'], failMode: 'secure' });
    await lab.vsctl('set-controller', 'older', `tcp:127.0.0.1:${port}`, { check: true });
    const result = await pushTo(`ptcp:${port}`, planOf([], { bridgeName: 'older' }), { timeoutMs: 3_000 });
    expect(messageOf(result)).toContain('does not speak OpenFlow 1.5; it offers OpenFlow 1.3');
  });

  test('the port is taken, and free again after a push', async () => {
    const port = await freePort();
    const first = startPush(target(`ptcp:${port}`), { timeoutMs: 500 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const second = await pushTo(`ptcp:${port}`, planOf([], { bridgeName: 'x' }));
    expect(messageOf(second)).toContain('somebody listens on that port already');
    await first.install(planOf([], { bridgeName: 'x' }));
    const third = await pushTo(`ptcp:${port}`, planOf([], { bridgeName: 'x' }), { timeoutMs: 100 });
    expect(third).toMatchObject({ problem: { code: 'WBF7006' } });
    expect(messageOf(await pushTo('ptcp:0:192.0.2.1', planOf([], { bridgeName: 'x' })))).toContain(
      'no address of this machine',
    );
  });

  test('the connection dies at the commit, and it calls again', async () => {
    // The switch restarts its side: fail the first commit by a relay of our own.
    const port = await freePort();
    const inner = await freePort();
    await controlled('again', inner, '00000000000000b5');
    const { connect } = await import('node:net');
    let commits = 0;
    const relay = createServer((fromSwitch) => {
      const toUs = connect(port, '127.0.0.1');
      for (const s of [fromSwitch, toUs]) s.on('error', () => undefined);
      fromSwitch.pipe(toUs);
      fromSwitch.on('close', () => toUs.destroy());
      toUs.on('close', () => fromSwitch.destroySoon());
      toUs.on('data', (chunk) => {
        fromSwitch.write(chunk);
        if (chunk.length === 16 && chunk[1] === 33 && chunk.readUInt16BE(12) === 4 && commits++ === 0) {
          fromSwitch.unpipe(toUs);
          toUs.destroy();
        }
      });
    });
    await new Promise<void>((resolve) => relay.listen(inner, '127.0.0.1', resolve));
    const result = await pushTo(`ptcp:${port}`, planOf(goodFlows(7), { bridgeName: 'again' }), {
      timeoutMs: 8_000,
    });
    expect(result).toMatchObject({ kind: 'installed', lookedUp: true });
    expect(commits).toBe(1);
    expect(await count('again')).toBe(7);
    relay.close();
  });
});

describe('a socket without permission', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'wbfc-push-'));
    chmodSync(dir, 0o755);
    buildSync({
      entryPoints: ['test/push/child.ts'],
      outfile: join(dir, 'child.cjs'),
      bundle: true,
      platform: 'node',
      logLevel: 'error',
    });
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const asNobody = (path: string): string => {
    const run = spawnSync(
      'setpriv',
      [
        '--reuid=65534',
        '--regid=65534',
        '--clear-groups',
        process.execPath,
        join(dir, 'child.cjs'),
        `unix:${path}`,
      ],
      { encoding: 'utf8', timeout: 20_000 },
    );
    expect(run.stderr).toBe('');
    return messageOf(JSON.parse(run.stdout) as PushResult);
  };

  test.skipIf(process.getuid?.() !== 0)('says who may', async () => {
    const path = join(dir, 'br0.mgmt');
    const server = await startFakeSwitch({ path });
    chmodSync(path, 0o600);
    expect(asNobody(path)).toBe(
      `no permission to connect to ${path}: it belongs to root:root with mode 0600, so only user root may; you are nobody`,
    );
    chownSync(path, 0, 1);
    chmodSync(path, 0o660);
    expect(asNobody(path)).toContain('so only user root and group daemon may');
    await server.close();
    chmodSync(dir, 0o711);
    const closed = mkdtempSync(join(dir, 'closed-'));
    expect(asNobody(join(closed, 'br0.mgmt'))).toContain(
      `the folder ${closed} belongs to root:root with mode 0700 and does not let this user in`,
    );
  });
});
