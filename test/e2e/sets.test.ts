// A push of a program with sets: what has not changed in a set is left alone, and a push of the same changes nothing.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSwitch, type Lab } from '../lab/switch.ts';
import { wbfc, wbfcEnv } from './wbfc.ts';

let lab: Lab;
let dir: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'wbfc-sets-'));
  lab = await startSwitch({ dummy: true });
  await lab.addBridge('br0', { dummyPorts: 2 });
});
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await lab.stop();
});

const program = (ports: string, hosts: string): string => `program sets { id = 0x00a02 }
table acl = 0 {
  miss = drop
  flow ports { priority = 10; match { udp; udp_dst in ${ports} } action { normal } }
  flow office { expand = conjunction; match { tcp; ip_src in ${hosts}; tcp_dst in {22, 80, 443} } action { output 2 } }
}
`;

/** Pushes the program; the flows that the switch has then. */
async function push(text: string): Promise<string[]> {
  const file = join(dir, 'sets.wbf');
  writeFileSync(file, text);
  const target = `unix:${lab.mgmt('br0')}`;
  await wbfc(['push', file, '--to', target], { env: wbfcEnv(lab.env), check: true });
  return lab.dumpFlows('br0');
}

test('a changed set adds and removes what changed', async () => {
  const before = await push(program('{53, 123}', '{10.0.0.1, 10.0.0.4}'));
  // The miss, two ports, and of the conjunction two hosts, three ports and the flow with the id.
  expect(before).toHaveLength(1 + 2 + 2 + 3 + 1);
  expect(await push(program('{123, 53}', '{10.0.0.4, 10.0.0.1}'))).toEqual(before);
  const after = await push(program('{123, 67}', '{10.0.0.1, 10.0.0.4, 10.0.0.9}'));
  const gone = before.filter((f) => !after.includes(f));
  const come = after.filter((f) => !before.includes(f));
  expect(gone.map((f) => f.replace(/cookie=\w+, /, ''))).toEqual([
    'priority=10,udp,tp_dst=53 actions=NORMAL',
  ]);
  expect(come.map((f) => f.replace(/cookie=\w+, /, '')).sort()).toEqual([
    'priority=10,udp,tp_dst=67 actions=NORMAL',
    'tcp,nw_src=10.0.0.9 actions=conjunction(1,1/2)',
  ]);
});
