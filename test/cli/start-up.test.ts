// How long a start takes, beside that of bare `node`.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GOOD } from './programs.ts';
import { directory, WBFC } from './wbfc.ts';

// Certificates are read at every start of Node.
const env = { ...process.env, NODE_EXTRA_CA_CERTS: undefined };

function time(args: readonly string[]): number {
  const start = process.hrtime.bigint();
  spawnSync(process.execPath, args, { env, stdio: 'ignore' });
  return Number(process.hrtime.bigint() - start);
}

// Interleaved, so that whatever else the machine does is shared by all; the least is what the work itself takes.
test('--version in 1.4 and check in 2.5 times of bare node', { retry: 4, timeout: 60_000 }, () => {
  const file = join(directory({ 'tiny.wbf': GOOD }), 'tiny.wbf');
  const commands = [
    ['-e', '0'],
    [WBFC, '--version'],
    [WBFC, 'check', file],
  ];
  const best = commands.map(() => Infinity);
  for (let i = 0; i < 20; i++) commands.forEach((args, j) => (best[j] = Math.min(best[j]!, time(args))));
  const [bare, version, check] = best as [number, number, number];
  expect(version / bare).toBeLessThan(1.4);
  expect(check / bare).toBeLessThan(2.5);
});
