// A network grows, its data files with it: flows that are about nobody who came or went stay what they are, cookie and all,
// and what the compiler had placed stays in its place.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root, wbfc } from '../e2e/wbfc.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'wbfc-growth-'));
});
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

interface Example {
  /** Replaces the text of one of its files by what is made of it. */
  readonly edit: (file: string, edit: (text: string) => string) => void;
  /** Its flows, sorted, as `wbfc build` makes them now; `more` are further arguments. */
  readonly flows: (...more: readonly string[]) => Promise<string[]>;
  readonly lock: () => unknown;
}

/** A copy of an example, to be edited. */
function copy(name: string): Example {
  const folder = mkdtempSync(join(dir, `${name}-`));
  cpSync(join(root, 'examples', name), folder, { recursive: true });
  return {
    edit: (file, edit) => {
      const path = join(folder, file);
      const before = readFileSync(path, 'utf8');
      const after = edit(before);
      expect(after, file).not.toBe(before);
      writeFileSync(path, after);
    },
    flows: async (...more) => {
      const args = ['build', 'main.wbf', '--emit', 'flows', '-o', '-', ...more];
      const { status, stdout, stderr } = await wbfc(args, { cwd: folder });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      return stdout.trimEnd().split('\n').sort();
    },
    lock: () => JSON.parse(readFileSync(join(folder, 'wbf.lock'), 'utf8')) as unknown,
  };
}

describe('hosts of the NAT gateway', () => {
  test('in another order are the same hosts', async () => {
    const gateway = copy('nat-gateway');
    const before = await gateway.flows('--locked');
    gateway.edit('hosts.csv', (text) => {
      const [head = '', ...rows] = text.trimEnd().split('\n');
      return [head, ...rows.reverse(), ''].join('\n');
    });
    expect(await gateway.flows('--locked')).toEqual(before);
  });

  test('come and go alone', async () => {
    const gateway = copy('nat-gateway');
    const before = await gateway.flows('--locked');
    gateway.edit('hosts.csv', (text) => text.replace(/^printer.*\n/m, ''));
    const without = await gateway.flows('--locked');
    // Who it is and where (two flows), how neighbours find it (two), and the way back from the world.
    expect(before.filter((flow) => !without.includes(flow))).toHaveLength(5);
    expect(without.filter((flow) => !before.includes(flow))).toEqual([]);
  });
});

test('a rule more among the policies of a cluster moves nothing', async () => {
  const node = copy('antrea');
  const before = await node.flows('--locked');
  const lock = node.lock() as { programs: { antrea: { conjunctions: Record<string, number> } } };
  const rule = `    - name: monitoring/logs
      from: [10.10.1.8, 10.10.2.8, 10.10.2.20]
      to: [10.10.0.11, 10.10.0.12]
      ports: [9101, 9188, 9401]
`;
  // In front of all others, so that its conjunction is the first that the compiler comes to.
  node.edit('policies.yaml', (text) => text.replace('  rules:\n', `  rules:\n${rule}`));
  const after = await node.flows();
  expect(before.filter((flow) => !after.includes(flow))).toEqual([]);
  // 3 × 2 × 3 flows, or 3 + 2 + 3 and the one that they lead to.
  expect(after).toHaveLength(before.length + 9);

  const grown = node.lock() as typeof lock;
  const { conjunctions: old, ...rest } = lock.programs.antrea;
  const { conjunctions, ...others } = grown.programs.antrea;
  expect(others).toEqual(rest);
  expect(conjunctions).toMatchObject(old);
  expect(Object.values(conjunctions).sort()).toEqual([1, 2]);
});
