// Bundles of every version that has them, with groups in them: what ovs-ofctl sends for the same, and what the switch does.
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  BUNDLE_CONTROL,
  bundleAdd,
  bundleControl,
  emitBundle,
  encodedGroupLength,
  GroupTooLongError,
  encodeFlowMod,
  encodeGroupMod,
  FlowTooLongError,
  maxFlowModBytes,
  NoBundlesError,
  strayGroups,
  UnresolvedPortsError,
} from '../../src/emit/bundle.ts';
import { emitFlows } from '../../src/emit/flows.ts';
import { groupText } from '../../src/emit/text/groups.ts';
import { dialect } from '../../src/emit/text/names.ts';
import { encodedLength } from '../../src/emit/wire/flow-mod.ts';
import { ByteWriter } from '../../src/ir/bytes.ts';
import { flowList } from '../../src/ir/list.ts';
import type { Action, FlowMod, GroupMod, ProgramIr } from '../../src/ir/types.ts';
import { WIRE_VERSIONS, type WireVersion } from '../../src/openflow/oxm.ts';
import { MessageSplitter, readBundleControl, readError, unwrapBundleAdd, withXid } from '../lab/openflow.ts';
import { startProxy } from '../lab/proxy.ts';
import type { Lab } from '../lab/switch.ts';
import { startSwitch } from '../lab/switch.ts';
import { errorNames, openWire } from '../lab/wire.ts';
import { encoded, flow, instructions, ofctlVersion, term, withActions } from './judge.ts';
import { FLOWS, program } from './program.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startSwitch({ dummy: true });
  await lab.addBridge('br0', { dummyPorts: 2 });
});
afterAll(() => lab.stop());

const messages = (bytes: Uint8Array): Buffer[] => new MessageSplitter().push(Buffer.from(bytes));
const isBundle = (m: Buffer): boolean =>
  readBundleControl(m) !== undefined || unwrapBundleAdd(m) !== undefined;

/** Without transaction ids and the number of the bundle, which ovs-ofctl chooses as it likes. */
function anonymous(m: Buffer): string {
  const copy = withXid(m, 0);
  const body = copy[0] === 4 ? 16 : 8;
  copy.writeUInt32BE(0, body);
  if (unwrapBundleAdd(m) !== undefined) copy.writeUInt32BE(0, body + 12);
  return copy.toString('hex');
}

const origin = { file: 0, start: 0, end: 0 };
const group = (id: number, ...actions: Action[]): GroupMod => ({
  id,
  type: 'all',
  selection: null,
  buckets: [{ id: 0, weight: null, watchPort: null, watchGroup: null, actions, origin }],
  name: `g${id}`,
  origin,
});
const inner = group(20, { kind: 'output', port: 1, maxLen: 0 });
const outer = group(10, { kind: 'group', id: 20 });

const uses = (id: number): FlowMod => ({
  ...withActions([term('in_port', 2)], { kind: 'group', id }),
  cookie: FLOWS[0]!.cookie + 77n,
});

const withGroups = (version: WireVersion): ProgramIr =>
  program({
    version,
    groups: [inner, outer],
    groupIds: [
      { first: 9, last: 11 },
      { first: 20, last: 21 },
    ],
    flows: flowList([...FLOWS.map((f) => (version === '1.3' ? { ...f, importance: 0 } : f)), uses(10)]),
  });

describe.each(WIRE_VERSIONS)('OpenFlow %s', (version) => {
  const ofctl = (...args: string[]): Promise<unknown> =>
    lab.ofctl('-O', ofctlVersion(version), ...args, { check: true });
  const dumpGroups = async (): Promise<string[]> =>
    (await lab.ofctl('-O', 'OpenFlow15', 'dump-groups', 'br0', { check: true })).stdout
      .split('\n')
      .flatMap((line) => /group_id=(\d+)/.exec(line)?.[1] ?? [])
      .sort();
  const send = async (bytes: Uint8Array): Promise<string[]> => {
    const client = await openWire(lab.mgmt('br0'), ofctlVersion(version));
    const replies = await client.request(bytes);
    client.close();
    return errorNames(
      lab,
      replies.flatMap((m) => readError(m) ?? []),
    );
  };

  test('is what ovs-ofctl sends for the same', async () => {
    const p = withGroups(version);
    const { value, mask } = p.cookies;
    const lines = [
      ...p.groups.map((g) => `group add_or_mod ${groupText(g, dialect(version))}`),
      `flow delete cookie=0x${value.toString(16)}/0x${mask.toString(16)}`,
      ...emitFlows(p, { names: false })
        .trimEnd()
        .split('\n')
        .map((line) => `flow add ${line}`),
      ...[9, 11, 21].map((id) => `group delete group_id=${id}`),
    ];
    const file = `${lab.dir}/bundle-${version}`;
    writeFileSync(file, `${lines.join('\n')}\n`);
    const proxy = await startProxy(lab, 'br0');
    await ofctl('bundle', proxy.target, file);
    await proxy.close();
    const theirs = proxy.fromClient().filter(isBundle).map(anonymous);
    const ours = messages(emitBundle(p, { replace: true })).map(anonymous);
    // It does not close a bundle before the commit.
    const [close] = ours.splice(-2, 1);
    expect(close).toMatch(/0002(0003)$/);
    expect(ours).toEqual(theirs);
  });

  test('installs groups and flows, and deletes the groups of ours that are gone', async () => {
    await ofctl('del-groups', 'br0');
    await ofctl('del-flows', 'br0');
    for (const id of [5, 9, 21])
      await ofctl('add-group', 'br0', `group_id=${id},type=all,bucket=actions=output:1`);
    await ofctl('add-flow', 'br0', 'cookie=0x5,priority=77,actions=output:1');
    const bytes = emitBundle(withGroups(version), { replace: true, bundleId: 42, firstXid: 1000 });
    for (let time = 0; time < 2; time++) {
      expect(await send(bytes)).toEqual([]);
      expect(await dumpGroups()).toEqual(['10', '20', '5']);
      expect(await lab.dumpFlows('br0')).toHaveLength(FLOWS.length + 2);
    }
    const less = program({ version, groupIds: withGroups(version).groupIds });
    expect(await send(emitBundle(less, { replace: true }))).toEqual([]);
    expect(await dumpGroups()).toEqual(['5']);
    expect(await lab.dumpFlows('br0')).toHaveLength(FLOWS.length + 1);
  });

  test('a flow before its group fails: the order matters', async () => {
    await ofctl('del-groups', 'br0');
    const message = (write: (writer: ByteWriter) => number): Uint8Array => {
      const writer = new ByteWriter();
      write(writer);
      return bundleAdd(writer.take(), 1, version);
    };
    const add = message((w) => encodeFlowMod(uses(10), w, 3, version));
    const make = message((w) => encodeGroupMod('add_or_mod', group(10), w, 2, version));
    const whole = (...parts: Uint8Array[]): Buffer =>
      Buffer.concat([
        bundleControl(BUNDLE_CONTROL.openRequest, 1, 1, version),
        ...parts,
        bundleControl(BUNDLE_CONTROL.closeRequest, 1, 4, version),
        bundleControl(BUNDLE_CONTROL.commitRequest, 1, 5, version),
      ]);
    expect(await send(whole(add, make))).toContain('OFPBAC_BAD_OUT_GROUP');
    expect(await dumpGroups()).toEqual([]);
    expect(await send(whole(make, add))).toEqual([]);
    expect(await dumpGroups()).toEqual(['10']);
  });

  test('a flow that is too long is told apart', async () => {
    const many = (count: number): FlowMod =>
      flow({
        name: 'big.flow',
        instructions: instructions({
          apply: new Array<Action>(count).fill({ kind: 'output', port: 1, maxLen: 0 }),
        }),
      });
    let most = 4000;
    while (encodedLength(many(most + 1), version) <= maxFlowModBytes(version)) most++;
    expect(
      await send(emitBundle(program({ version, flows: flowList([many(most)]) }), { replace: true })),
    ).toEqual([]);
    expect(() =>
      emitBundle(program({ version, flows: flowList([many(most + 1)]) }), { replace: true }),
    ).toThrow(FlowTooLongError);
  });
});

test('a group that is too long is told apart', () => {
  const many = (count: number): GroupMod =>
    group(1, ...new Array<Action>(count).fill({ kind: 'output', port: 1, maxLen: 0 }));
  const emit = (g: GroupMod): Uint8Array => emitBundle(program({ groups: [g] }), { replace: true });
  expect(encodedGroupLength(many(4090))).toBeLessThanOrEqual(maxFlowModBytes('1.5'));
  expect(emit(many(4090)).length).toBeGreaterThan(65_000);
  expect(encodedGroupLength(many(4100))).toBeGreaterThan(maxFlowModBytes('1.5'));
  expect(() => emit(many(4100))).toThrow(GroupTooLongError);
});

test('the bytes of flows at hand are those of 1.5 only', () => {
  const each = FLOWS.map((f) => Buffer.from(encoded(f), 'hex'));
  const offsets = new Uint32Array(each.length + 1);
  each.forEach((m, i) => (offsets[i + 1] = offsets[i]! + m.length));
  const flows = Object.assign(flowList(FLOWS), { encoded: () => ({ bytes: Buffer.concat(each), offsets }) });
  for (const version of WIRE_VERSIONS)
    expect(emitBundle(program({ flows, version }), { replace: true })).toEqual(
      emitBundle(program({ version }), { replace: true }),
    );
});

test('without replacement nothing is deleted', () => {
  const all = messages(emitBundle(withGroups('1.5'), { replace: false }));
  expect(all).toHaveLength(2 + FLOWS.length + 1 + 3);
});

test('what cannot be a bundle', () => {
  expect(() => emitBundle(program({ version: '1.2' }), { replace: true })).toThrow(NoBundlesError);
  const unresolvedPorts = new Map([[5001, 'eth0']]);
  expect(() => emitBundle(program({ unresolvedPorts }), { replace: true })).toThrow(UnresolvedPortsError);
  expect(() => emitBundle(program({ unresolvedPorts }), { replace: true })).toThrow('eth0');
});

test('groups are deleted blindly where they are few', () => {
  const ids = (first: number, last: number) => [{ first, last }];
  expect(strayGroups(ids(1, 4), [group(2)])).toEqual([1, 3, 4]);
  expect(strayGroups([...ids(1, 2), ...ids(5, 5)], [])).toEqual([1, 2, 5]);
  expect(strayGroups(ids(1, 1025), [group(2)])).toHaveLength(1024);
  expect(strayGroups(ids(1, 1025), [])).toEqual([]);
  expect(strayGroups(ids(0, 0xffffff00), [])).toEqual([]);
});
