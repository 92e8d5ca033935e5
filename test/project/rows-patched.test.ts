/** The quick road through data is taken: how many flows are lowered one by one. */
import { expect, test, vi } from 'vitest';
import { compile } from '../../src/project/compile.ts';
import { memory } from '../expand/support.ts';

const counts = vi.hoisted(() => ({ lowered: 0 }));

vi.mock('../../src/check/flow.ts', async (original) => {
  const real = await original<typeof import('../../src/check/flow.ts')>();
  const lowerFlow: typeof real.lowerFlow = (...args) => {
    counts.lowered++;
    return real.lowerFlow(...args);
  };
  return { ...real, lowerFlow };
});

test('of 20,000 rows a few are lowered', () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => `host${i},10.0.${i >> 8}.${i & 255},${i + 1}`);
  const main = `const hosts = load "hosts.csv"
template host(name: string, ip: ipv4, out: int) {
  flow "to_\${name}" { match { ip; ip_dst = ip } action { output out } }
  flow ask { match { arp; arp_tpa = ip } action { output out } }
}
table t = 0 {
  miss = drop
  for h in hosts { use host(h.name, h.ip, h.port) }
}
`;
  const files = new Map([
    ['main.wbf', main],
    ['hosts.csv', `name,ip,port\n${rows.join('\n')}\n`],
  ]);
  const { program, diagnostics } = compile({ path: 'main.wbf', text: main }, { library: memory(files) });
  expect(diagnostics).toEqual([]);
  expect(program?.flows.length).toBe(40_001);
  expect(counts.lowered).toBeLessThan(60);
});
