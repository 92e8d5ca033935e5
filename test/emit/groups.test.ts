// Groups, meters and the TLV map: for our text ovs-ofctl must send the bytes that we encode, and the switch take them.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  encodeGroupDelete,
  encodeGroupMod,
  encodeMeterDelete,
  encodeMeterMod,
  encodeTlvTableMod,
} from '../../src/emit/bundle.ts';
import { groupText, meterText, tlvText } from '../../src/emit/text/groups.ts';
import { groupLosses, meterLosses } from '../../src/emit/text/limits.ts';
import { dialect } from '../../src/emit/text/names.ts';
import { ByteWriter } from '../../src/ir/bytes.ts';
import type { Bucket, GroupMod, MeterMod, TlvMapping } from '../../src/ir/types.ts';
import type { FieldName } from '../../src/openflow/fields.ts';
import { WIRE_VERSIONS, type WireVersion } from '../../src/openflow/oxm.ts';
import { startFakeSwitch } from '../lab/fake.ts';
import { readError, typeOf, withXid } from '../lab/openflow.ts';
import type { Lab } from '../lab/switch.ts';
import { startSwitch } from '../lab/switch.ts';
import { errorNames, openWire } from '../lab/wire.ts';
import { ofctlVersion } from './judge.ts';

const origin = { file: 0, start: 0, end: 0 };
const bucket = (id: number, parts: Partial<Bucket> = {}): Bucket => ({
  id,
  weight: null,
  watchPort: null,
  watchGroup: null,
  actions: [{ kind: 'output', port: id + 1, maxLen: 0 }],
  origin,
  ...parts,
});
const group = (
  id: number,
  type: GroupMod['type'],
  buckets: readonly Bucket[],
  parts: Partial<GroupMod> = {},
): GroupMod => ({
  id,
  type,
  selection: null,
  buckets,
  name: `g${id}`,
  origin,
  ...parts,
});
const hashed = (...fields: (FieldName | readonly [FieldName, bigint])[]): GroupMod['selection'] => ({
  method: 'hash',
  param: 7n,
  fields: fields.map((f) => (typeof f === 'string' ? { field: f, mask: null } : { field: f[0], mask: f[1] })),
});

/** In an order in which they can be made. */
const GROUPS: readonly GroupMod[] = [
  group(1, 'all', []),
  group(2, 'all', [bucket(0), bucket(1), bucket(2, { actions: [] })]),
  group(3, 'indirect', [bucket(0, { actions: [{ kind: 'group', id: 2 }] })]),
  group(4, 'select', [bucket(0), bucket(1, { weight: 65535 }), bucket(2, { weight: 0 })]),
  group(5, 'fast_failover', [
    bucket(0, { watchPort: 1 }),
    bucket(1, { watchGroup: 2 }),
    bucket(2, { watchPort: 0xfeff, watchGroup: 4, actions: [] }),
  ]),
  group(0xffffff00, 'select', [
    bucket(0, {
      watchPort: 2,
      actions: [
        { kind: 'set_field', field: 'reg0', value: 1n, mask: 0xffn },
        { kind: 'set_field', field: 'eth_dst', value: 5n, mask: null },
        {
          kind: 'move',
          source: { field: 'reg0', offset: 0, bits: 8 },
          destination: { field: 'reg1', offset: 8, bits: 8 },
        },
        { kind: 'resubmit', port: null, table: 5, ct: false },
      ],
    }),
  ]),
];

/** What OpenFlow has since 1.5. */
const GROUPS_1_5: readonly GroupMod[] = [
  group(10, 'all', [bucket(7), bucket(1), bucket(0xffffff00, { actions: [] })]),
  group(11, 'select', [bucket(0)], { selection: { method: 'dp_hash', param: 0n, fields: [] } }),
  group(12, 'select', [bucket(3, { weight: 5 })], { selection: hashed('ip_src', ['ip_dst', 0xffff0000n]) }),
  group(13, 'select', [bucket(0)], {
    selection: {
      method: 'hash',
      param: 0xffff_ffff_ffff_ffffn,
      fields: [
        { field: 'tcp_dst', mask: 0xfffn },
        { field: 'ipv6_src', mask: ((1n << 64n) - 1n) << 64n },
        { field: 'eth_src', mask: 0xffffff000000n },
        { field: 'ipv6_label', mask: null },
        { field: 'vlan_vid', mask: null },
        { field: 'nw_tos', mask: null },
      ],
    },
  }),
  group(14, 'select', [], {
    selection: hashed('reg0', 'metadata', 'xxreg1', 'tun_id', 'in_port', 'nw_proto'),
  }),
];

const of = (version: WireVersion): readonly GroupMod[] =>
  version === '1.5' ? [...GROUPS, ...GROUPS_1_5] : GROUPS;

const METERS: readonly MeterMod[] = [
  { unit: 'kbps', burst: false, stats: false, bands: [[1000, 0]] },
  { unit: 'pktps', burst: true, stats: true, bands: [[0xffffffff, 100]] },
  {
    unit: 'kbps',
    burst: true,
    stats: false,
    bands: [
      [5, 1],
      [500, 3],
    ],
  },
].map(({ unit, burst, stats, bands }, n) => ({
  id: n + 1,
  unit: unit as MeterMod['unit'],
  burst,
  stats,
  bands: bands.map(([rate = 0, burstSize = 0], i) =>
    i === 0
      ? { type: 'drop' as const, rate, burstSize, precLevel: 0 }
      : { type: 'dscp_remark' as const, rate, burstSize, precLevel: i },
  ),
  name: `m${n}`,
  origin,
}));

const TLVS: readonly TlvMapping[] = [
  { class: 0xffff, type: 0x80, length: 4, index: 0, origin },
  { class: 1, type: 2, length: 124, index: 63, origin },
];

let lab: Lab;
beforeAll(async () => {
  lab = await startSwitch({ dummy: true });
  await lab.addBridge('br0', { dummyPorts: 4 });
});
afterAll(() => lab.stop());

const written = (write: (writer: ByteWriter) => number): string => {
  const writer = new ByteWriter();
  const length = write(writer);
  expect(length).toBe(writer.length);
  return Buffer.from(writer.take()).toString('hex');
};

const INTERESTING = new Set([4, 15, 29]);

/** What ovs-ofctl sends a switch that agrees to everything, with transaction ids of 0. */
async function captured(version: WireVersion, commands: readonly (readonly string[])[]): Promise<string[]> {
  const fake = await startFakeSwitch(
    { path: `${lab.dir}/fake-${version}.sock` },
    { version: ofctlVersion(version) },
  );
  try {
    for (const [command = '', ...args] of commands)
      await lab.ofctl('--no-names', '-O', ofctlVersion(version), command, fake.target, ...args, {
        check: true,
      });
    return fake.received.filter((m) => INTERESTING.has(typeOf(m))).map((m) => withXid(m, 0).toString('hex'));
  } finally {
    await fake.close();
  }
}

describe.each(WIRE_VERSIONS)('OpenFlow %s', (version) => {
  test('groups', async () => {
    const groups = of(version);
    const commands = { add: 'add-group', modify: 'mod-group' } as const;
    for (const [command, word] of Object.entries(commands)) {
      const sent = await captured(
        version,
        groups.map((g) => [word, groupText(g, dialect(version))]),
      );
      const ours = groups.map((g) =>
        written((w) => encodeGroupMod(command as keyof typeof commands, g, w, 0, version)),
      );
      expect(ours).toEqual(sent);
    }
    const sent = await captured(
      version,
      groups.flatMap((g) => [
        ['mod-group', groupText(g, dialect(version)), '--may-create'],
        ['del-groups', `group_id=${g.id}`],
      ]),
    );
    expect(
      groups.flatMap((g) => [
        written((w) => encodeGroupMod('add_or_mod', g, w, 0, version)),
        written((w) => encodeGroupDelete(g.id, w, 0, version)),
      ]),
    ).toEqual(sent);
  });

  test('what the text of a group cannot say', async () => {
    const local = group(1, 'fast_failover', [bucket(0, { watchPort: 0xfffffffe })]);
    expect(groupLosses(local, version).map((l) => l.what)).toEqual(['watch_port']);
    await expect(captured(version, [['add-group', groupText(local, dialect(version))]])).rejects.toThrow(
      'invalid watch_port',
    );
    const nested = group(1, 'all', [bucket(0, { actions: [{ kind: 'meter', id: 1 }] })]);
    expect(groupLosses(nested, version).map((l) => l.what)).toEqual(['meter']);
    const method = group(1, 'select', [bucket(0)], { selection: hashed('ip_src') });
    expect(groupLosses(method, version).map((l) => l.what)).toEqual(
      version === '1.5' ? [] : ['selection_method'],
    );
  });

  test('meters', async () => {
    const sent = await captured(
      version,
      METERS.flatMap((m) => [
        ['add-meter', meterText(m)],
        ['mod-meter', meterText(m)],
        ['del-meters', `meter=${m.id}`],
      ]),
    );
    const ours = METERS.flatMap((m) => [
      written((w) => encodeMeterMod('add', m, w, 0, version)),
      written((w) => encodeMeterMod('modify', m, w, 0, version)),
      written((w) => encodeMeterDelete(m.id, w, 0, version)),
    ]);
    expect(ours).toEqual(sent);
  });

  test('what the text of a meter cannot say', async () => {
    const [plain] = METERS;
    expect(METERS.flatMap(meterLosses)).toEqual([]);
    expect(meterLosses({ ...plain!, bands: [] }).map((l) => l.what)).toEqual(['bands']);
    const bands = [{ type: 'drop' as const, rate: 1, burstSize: 2, precLevel: 0 }];
    for (const meter of [
      { ...plain!, bands },
      { ...plain!, burst: true },
      { ...plain!, bands: [{ ...bands[0]!, burstSize: 0, rate: 0 }] },
      { ...plain!, bands: [{ ...bands[0]!, burstSize: 0, type: 'dscp_remark' as const }] },
    ]) {
      const [loss] = meterLosses(meter);
      await expect(captured(version, [['add-meter', meterText(meter)]])).rejects.toThrow(
        new RegExp(`band.* '${loss!.what}'`),
      );
    }
  });

  test('the TLV map', async () => {
    const sent = await captured(version, [['add-tlv-map', TLVS.map(tlvText).join(',')]]);
    expect([written((w) => encodeTlvTableMod(TLVS, w, 0, version))]).toEqual(sent);
  });

  test('the switch takes them', async () => {
    const client = await openWire(lab.mgmt('br0'), ofctlVersion(version));
    const writer = new ByteWriter();
    for (const g of of(version)) encodeGroupMod('add', g, writer, g.id, version);
    for (const g of of(version)) encodeGroupMod('modify', g, writer, g.id, version);
    encodeMeterMod('add', METERS[0]!, writer, 1, version);
    encodeMeterMod('modify', { ...METERS[1]!, id: 1 }, writer, 1, version);
    encodeTlvTableMod(TLVS, writer, 1, version);
    encodeMeterDelete(1, writer, 1, version);
    for (const g of of(version)) encodeGroupDelete(g.id, writer, g.id, version);
    const replies = await client.request(writer.take());
    const errors = replies.flatMap((m) => readError(m) ?? []);
    expect((await errorNames(lab, errors)).map((name, i) => `${name} ${errors[i]!.xid}`)).toEqual([]);
    client.close();
    await lab.ofctl('del-tlv-map', 'br0', { check: true });
  });
});
