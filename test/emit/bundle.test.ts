import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  BUNDLE_CONTROL,
  bundleAdd,
  bundleControl,
  deleteOwnFlows,
  emitBundle,
  FlowTooLongError,
} from '../../src/emit/bundle.ts';
import { emitFlows } from '../../src/emit/flows.ts';
import { encodedLength, FLOW_MOD_OFFSET, MAX_FLOW_MOD_BYTES } from '../../src/emit/wire/flow-mod.ts';
import { flowList } from '../../src/ir/list.ts';
import type { Action, FlowMod } from '../../src/ir/types.ts';
import { MessageSplitter, ofpt, typeOf, withXid } from '../lab/openflow.ts';
import { startProxy } from '../lab/proxy.ts';
import type { Lab } from '../lab/switch.ts';
import { startSwitch } from '../lab/switch.ts';
import { openWire } from '../lab/wire.ts';
import { encoded, flow, instructions } from './judge.ts';
import { FLOWS, program } from './program.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startSwitch({ dummy: true });
  await lab.addBridge('br0', { dummyPorts: 2 });
});
afterAll(() => lab.stop());

const messages = (bytes: Uint8Array): Buffer[] => new MessageSplitter().push(Buffer.from(bytes));
const isBundle = (m: Buffer): boolean => typeOf(m) === ofpt.bundleControl || typeOf(m) === ofpt.bundleAdd;

/** Without transaction ids and the number of the bundle, which ovs-ofctl chooses as it likes. */
function anonymous(m: Buffer): string {
  const copy = withXid(m, 0);
  copy.writeUInt32BE(0, 8);
  if (typeOf(m) === ofpt.bundleAdd) copy.writeUInt32BE(0, 20);
  return copy.toString('hex');
}

test('is what ovs-ofctl sends for the same', async () => {
  const p = program();
  const { value, mask } = p.cookies;
  const proxy = await startProxy(lab, 'br0');
  const input = `delete cookie=0x${value.toString(16)}/0x${mask.toString(16)}\n${emitFlows(p, { names: false })}`;
  await lab.ofctl('-O', 'OpenFlow15', '--bundle', 'add-flows', `unix:${proxy.path}`, '-', {
    input,
    check: true,
  });
  await proxy.close();
  const theirs = proxy.fromClient().filter(isBundle).map(anonymous);
  const ours = messages(emitBundle(p, { replace: true })).map(anonymous);
  // It does not close a bundle before the commit; the standard wants it (OpenFlow 1.5.1 §7.3.9.3), the switch takes both.
  const [close] = ours.splice(-2, 1);
  expect(close).toBe('0621001000000000' + '00000000' + '0002' + '0003');
  expect(ours).toEqual(theirs);
});

test('installs the program, again and again, and leaves what is not ours', async () => {
  await lab.ofctl('-O', 'OpenFlow15', 'del-flows', 'br0', { check: true });
  await lab.ofctl('-O', 'OpenFlow15', 'add-flow', 'br0', 'cookie=0x5,priority=77,actions=output:1', {
    check: true,
  });
  await lab.ofctl('-O', 'OpenFlow15', 'add-flow', 'br0', 'cookie=0xa01000000000ff,priority=3,actions=drop', {
    check: true,
  });
  const client = await openWire(lab.mgmt('br0'));
  const bytes = emitBundle(program(), { replace: true, bundleId: 42, firstXid: 1000 });
  for (let time = 0; time < 2; time++) {
    const replies = await client.request(bytes);
    expect(replies.map((m) => [typeOf(m), m.readUInt16BE(12)])).toEqual([
      [ofpt.bundleControl, BUNDLE_CONTROL.openReply],
      [ofpt.bundleControl, BUNDLE_CONTROL.closeReply],
      [ofpt.bundleControl, BUNDLE_CONTROL.commitReply],
    ]);
    const flows = await lab.dumpFlows('br0');
    expect(flows.length).toBe(FLOWS.length + 1);
    expect(flows.filter((f) => f.includes('cookie=0x5,')).length).toBe(1);
  }
  client.close();
});

test('counts transaction ids from where it is told, the same outside and inside', () => {
  const all = messages(emitBundle(program(), { replace: true, bundleId: 7, firstXid: 0xfffffffe }));
  expect(all.map((m) => m.readUInt32BE(4))).toEqual([0xfffffffe, 0xffffffff, 0, 1, 2, 3, 4]);
  expect(all.every((m) => m.readUInt32BE(8) === 7)).toBe(true);
  for (const m of all.filter((x) => typeOf(x) === ofpt.bundleAdd))
    expect(m.readUInt32BE(20)).toBe(m.readUInt32BE(4));
  expect(messages(emitBundle(program(), { replace: false })).length).toBe(FLOWS.length + 3);
});

test('is the same from FLOW_MODs at hand', () => {
  const each = FLOWS.map((f) => Buffer.from(encoded(f), 'hex'));
  const offsets = new Uint32Array(each.length + 1);
  each.forEach((m, i) => (offsets[i + 1] = offsets[i]! + m.length));
  const flows = Object.assign(flowList(FLOWS), { encoded: () => ({ bytes: Buffer.concat(each), offsets }) });
  const options = { replace: true, firstXid: 5 };
  expect(emitBundle(program({ flows }), options)).toEqual(emitBundle(program(), options));
});

describe('the parts', () => {
  test('are those of the whole', () => {
    const { cookies } = program();
    const parts = [
      bundleControl(BUNDLE_CONTROL.openRequest, 1, 1),
      bundleAdd(deleteOwnFlows(cookies, 2), 1),
      ...FLOWS.map((f, i) => bundleAdd(withXid(Buffer.from(encoded(f), 'hex'), 3 + i), 1)),
      bundleControl(BUNDLE_CONTROL.closeRequest, 1, 6),
      bundleControl(BUNDLE_CONTROL.commitRequest, 1, 7),
    ];
    expect(Buffer.concat(parts)).toEqual(Buffer.from(emitBundle(program(), { replace: true })));
  });

  test('of a FLOW_MOD stand where FLOW_MOD_OFFSET says', () => {
    const m = Buffer.from(encoded(FLOWS[1]!), 'hex');
    expect(m.readBigUInt64BE(FLOW_MOD_OFFSET.cookie)).toBe(FLOWS[1]!.cookie);
    expect(m.readUInt8(FLOW_MOD_OFFSET.table)).toBe(0);
    expect(m.readUInt16BE(FLOW_MOD_OFFSET.idleTimeout)).toBe(30);
    expect(m.readUInt16BE(FLOW_MOD_OFFSET.hardTimeout)).toBe(300);
    expect(m.readUInt16BE(FLOW_MOD_OFFSET.priority)).toBe(100);
    expect(m.readUInt16BE(FLOW_MOD_OFFSET.flags)).toBe(0x1d);
    expect(m.readUInt16BE(FLOW_MOD_OFFSET.importance)).toBe(7);
    expect(m.readUInt16BE(FLOW_MOD_OFFSET.match)).toBe(1);
    expect(m.readUInt32BE(FLOW_MOD_OFFSET.oxm)).toBe(0x80000a02);
  });
});

describe('a flow with many actions', () => {
  const many = (count: number): FlowMod =>
    flow({
      name: 'big.flow',
      instructions: instructions({
        apply: new Array<Action>(count).fill({ kind: 'output', port: 1, maxLen: 0 }),
      }),
    });

  test('fits up to the 4090 that OVS 3.1.0 takes', async () => {
    expect(encodedLength(many(4090))).toBeLessThanOrEqual(MAX_FLOW_MOD_BYTES);
    const client = await openWire(lab.mgmt('br0'));
    const replies = await client.request(
      emitBundle(program({ flows: flowList([many(4090)]) }), { replace: true }),
    );
    expect(replies.map(typeOf)).toEqual([ofpt.bundleControl, ofpt.bundleControl, ofpt.bundleControl]);
    client.close();
  });

  test('is told apart when it does not', () => {
    const flows = flowList([FLOWS[0]!, many(4091)]);
    expect(encodedLength(many(4091))).toBe(MAX_FLOW_MOD_BYTES + 1);
    const emit = (): Uint8Array => emitBundle(program({ flows }), { replace: true });
    expect(emit).toThrow(FlowTooLongError);
    expect(emit).toThrow('big.flow needs a message of 65520 bytes; 65519 fit into a bundle');
    // Far beyond what 16 bits can count.
    expect(encodedLength(many(10_000))).toBe(160_064);
  });
});
