// The connection in a thread of its own: it answers while this thread is busy.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSwitch, type Lab } from '../lab/switch.ts';
import { startPush } from '../../src/push/push.ts';
import { goodFlows, messageOf, planOf, pushTo, target, tlv } from './plans.ts';

let dir: string;
let thread: string;
let lab: Lab;
let to: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'wbfc-thread-'));
  thread = join(dir, 'push-thread.cjs');
  buildSync({
    entryPoints: ['src/push/worker.ts'],
    outfile: thread,
    bundle: true,
    platform: 'node',
    logLevel: 'error',
  });
  lab = await startSwitch({ dummy: true });
  to = `unix:${await lab.addBridge('br0')}`;
});
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await lab.stop();
});

/** In a process of its own, as this one will be busy: a switch that wants an echo every 20 ms and tells the slowest. */
const impatient = `
  const socket = require('node:net').connect(Number(process.argv[1]), '127.0.0.1');
  const echo = Buffer.from('0602000800000009', 'hex');
  let sent = 0, slowest = 0, count = 0;
  socket.write(Buffer.from('0600000800000001', 'hex'));
  const ask = () => { sent = performance.now(); socket.write(echo); };
  socket.on('data', (chunk) => {
    if (!chunk.includes(Buffer.from('0603000800000009', 'hex'))) return;
    slowest = Math.max(slowest, performance.now() - sent);
    if (++count === 1) console.log('hello');
    setTimeout(ask, 20);
  });
  socket.on('close', () => { console.log(JSON.stringify({ slowest, count })); process.exit(); });
  setTimeout(ask, 100);
`;

test('echo requests are answered while the caller compiles', async () => {
  let listening: (port: number) => void = () => undefined;
  const ready = new Promise<number>((resolve) => (listening = resolve));
  const session = startPush(target('ptcp:0'), { thread }, { onListening: listening });
  const caller = spawn(process.execPath, ['-e', impatient, String(await ready)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  caller.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await expect.poll(() => output).toContain('hello');
  const end = Date.now() + 1_500;
  while (Date.now() < end);
  session.close();
  await new Promise((resolve) => caller.on('close', resolve));
  const { slowest, count } = JSON.parse(output.replace('hello', '')) as { slowest: number; count: number };
  expect(count).toBeGreaterThan(20);
  expect(slowest).toBeLessThan(500);
});

test('a push, a refusal, and progress', async () => {
  const phases = new Set<string>();
  const good = await pushTo(
    to,
    planOf(goodFlows(10_000)),
    { thread },
    { onProgress: (p) => phases.add(p.phase) },
  );
  expect(good).toMatchObject({ kind: 'installed', flows: 10_000, identity: { bridge: 'br0' } });
  expect([...phases]).toEqual(['connecting', 'comparing', 'sending', 'committing']);
  expect(await lab.dumpFlows('br0')).toHaveLength(10_000);
  const bad = await pushTo(to, planOf([{ match: tlv.ip }, { match: tlv.tcpDst(1) }]), { thread });
  expect(bad).toMatchObject({
    kind: 'refused',
    errors: [{ place: { start: 10 }, switchError: 'OFPBMC_BAD_PREREQ' }],
  });
});

test('an interruption', async () => {
  const stop = new AbortController();
  const result = await pushTo(
    'ptcp:0',
    planOf([], { bridgeName: 'br0' }),
    { thread, signal: stop.signal },
    { onListening: () => stop.abort() },
  );
  expect(result.kind).toBe('unchanged');
});

test('a thread that cannot be had', async () => {
  const result = await pushTo(to, planOf([]), { thread: join(dir, 'none.cjs') });
  expect(result.kind).toBe('failed');
  expect(messageOf(result)).toContain('none.cjs');
});

test('without an end of its own, closing ends it', () => {
  const session = startPush(target('ptcp:0'), { thread });
  session.close();
});
