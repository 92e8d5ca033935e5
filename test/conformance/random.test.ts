// The judge, a few thousand flows at a time, other ones in each run: `npm run conformance -- --seed S` repeats one.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const FLOWS = 3000;

test('random flows are judged as the switch does it', { timeout: 240_000 }, async () => {
  const script = fileURLToPath(new URL('run/run.mjs', import.meta.url));
  const seed = process.env['WBFC_SEED'];
  const options = ['--flows', String(FLOWS), ...(seed === undefined ? [] : ['--seed', seed])];
  const { stdout } = await run(process.execPath, [script, ...options], { maxBuffer: 1 << 26 }).catch(
    (error: unknown) => error as { stdout: string },
  );
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  const form = /^conformance: (\d+) flows, (\d+) accepted, (\d+) refused, (\d+) disagreements, seed (\d+)$/;
  const [, flows, accepted, refused, disagreements] = form.exec(last)?.map(Number) ?? [];
  expect(disagreements, stdout).toBe(0);
  expect(flows).toBe(FLOWS);
  expect((accepted ?? 0) + (refused ?? 0)).toBe(FLOWS);
  for (const part of [accepted, refused]) expect(part).toBeGreaterThan(FLOWS / 4);
});
