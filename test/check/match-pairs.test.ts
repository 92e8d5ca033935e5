/** Two terms on one store: where we accept them, ovs-ofctl reads our text as what we send. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { textLosses } from '../../src/emit/text/limits.ts';
import type { FlowMod } from '../../src/ir/types.ts';
import { judge } from '../conformance/judge.ts';
import { differences, prepareBridge } from '../emit/judge.ts';
import { startSwitch, type Lab } from '../lab/switch.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startSwitch({ dummy: true });
  await prepareBridge(lab);
});
afterAll(() => lab.stop());

const TAG = [
  'vlan_vid = 5',
  'vlan_vid = none',
  'vlan_vid = 0x1000/0x1000',
  'vlan_vid = 0x1001/0x1001',
  'vlan_vid[0..3] = 1',
  'vlan_vid[8..11] = 2',
  'vlan_tci = 0',
  'vlan_tci = 0x1005',
  'vlan_tci = 0x1000/0x1000',
  'vlan_tci = 0x1001/0x1001',
  'vlan_tci = 0xf000/0xf000',
  'vlan_tci = 0xe000/0xe000',
  'vlan_tci = 0x0100/0x0f00',
  'vlan_tci[0..3] = 1',
  'vlan_tci[13..15] = 3',
  'dl_vlan = 10',
  'dl_vlan = 0xffff',
  'dl_vlan_pcp = 3',
  'vlan_pcp = 3',
];

const REGISTERS = [
  'reg0 = 5',
  'reg0[0..7] = 1',
  'reg1[8..15] = 2',
  'reg2 = 7',
  'xreg0 = 9',
  'xreg0[16..23] = 1',
  'xreg0[48..55] = 1',
  'xreg1[0..3] = 2',
  'xxreg0[120..127] = 1',
  'xxreg0[24..31] = 3',
];

/** The flows that every pair, in both orders, compiles to, and what the text of ovs-ofctl can say of them. */
function accepted(terms: readonly string[], protocols: readonly string[]): FlowMod[] {
  return protocols
    .flatMap((p) => terms.flatMap((a) => terms.map((b) => judge({ match: `${p}${a}; ${b}` }).flow)))
    .filter((flow) => flow !== null && textLosses(flow).length === 0) as FlowMod[];
}

test('on a VLAN tag', async () => {
  const flows = accepted(TAG, ['', 'tcp6; ']);
  expect(flows.length).toBeGreaterThan(50);
  expect(await differences(lab, flows)).toEqual([]);
});

test('on registers', async () => {
  const flows = accepted(REGISTERS, ['']);
  expect(flows.length).toBeGreaterThan(50);
  expect(await differences(lab, flows)).toEqual([]);
});

test('no field comes twice, and none in the place of another', () => {
  const codes = (match: string): string[] => judge({ match }).errors.map((e) => e.code);
  expect(codes('vlan_vid = 5; vlan_vid = 0x1000/0x1000')).toEqual(['WBF3003']);
  expect(codes('vlan_vid = 0x1000/0x1000; vlan_vid = 5')).toEqual(['WBF3003']);
  expect(codes('tcp6; vlan_vid = 0x1000/0x1000; dl_vlan = 10')).toEqual(['WBF3003']);
  expect(codes('vlan_tci = 0x1000/0x1000; dl_vlan = 10')).toEqual(['WBF3003']);
  expect(codes('vlan_vid[0..3] = 1; vlan_vid[8..11] = 2')).toEqual([]);
  for (const flow of accepted([...TAG, ...REGISTERS], ['']))
    expect(new Set(flow.match.map((t) => t.field)).size).toBe(flow.match.length);
});
