import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBench, ofctlMessages, judge, answers, numbered, bytesOf, dumped, flowOf, matchOf } from './judge.ts';
import type { Lab } from '../lab/switch.ts';
let lab: Lab;
beforeAll(async () => { lab = await startBench(); });
afterAll(async () => { await lab.stop(); });
test('x', async () => {
  console.log(judge({ match: 'tcp_dst = 80' }), judge({match: 'tcp; tcp_dst = 80'}));
  const r = await ofctlMessages(lab, 'br0', ['tcp,tcp_dst=80,actions=drop', 'foo=5,actions=drop', 'priority=3,vlan_vid=10,actions=drop']);
  console.log(r.map(x=>typeof x==='string'?x:matchOf(x)));
  const m = numbered(['tcp; tcp_dst = 80','vlan_vid = 10', 'tcp; tcp_flags = 5'].map(match=>bytesOf(flowOf({match}))));
  console.log(await answers(lab,'br0',m), await dumped(lab,'br0',3));
  expect(1).toBe(1);
});
