/**
 * Groups, meters and tunnel options, judged by a switch: what we accept it accepts and shows again, what we refuse it
 * refuses with the error that we name, and where we are stricter it is because it does something else than is written.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeGroupMod } from '../../src/emit/wire/group-mod.ts';
import { encodeMeterMod } from '../../src/emit/wire/meter-mod.ts';
import { encodeTlvTableMod } from '../../src/emit/wire/tlv-table-mod.ts';
import { ByteWriter } from '../../src/ir/bytes.ts';
import type { Action, Bucket, GroupMod, MeterMod, ProgramIr, TlvMapping } from '../../src/ir/types.ts';
import { compile } from '../../src/project/compile.ts';
import { ACCEPTED, answers, bytesOf } from '../conformance/judge.ts';
import type { Lab } from '../lab/switch.ts';
import { startSwitch } from '../lab/switch.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startSwitch({ dummy: true });
  await lab.addBridge('br0', { dummyPorts: 3 });
});
afterAll(async () => {
  await lab.stop();
});

const ofctl = async (...args: string[]): Promise<string> =>
  (await lab.ofctl('-O', 'OpenFlow15', ...args, { check: true })).stdout;

async function clean(): Promise<void> {
  await ofctl('del-flows', 'br0');
  await ofctl('del-groups', 'br0');
  await ofctl('del-meters', 'br0');
  // A flow that has been deleted holds its options a moment longer.
  for (let tries = 0; tries < 50; tries++) {
    const { stdout, stderr } = await lab.ofctl('-O', 'OpenFlow15', 'del-tlv-map', 'br0');
    if (stdout + stderr === '') return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the map of tunnel options is in use');
}

/** What we say: the switch's errors that we name (or our codes), or that there is none. */
function judge(text: string): { readonly says: string; readonly program: ProgramIr | null } {
  const { diagnostics, program } = compile({ path: 'test.wbf', text });
  const errors = diagnostics.filter((d) => d.severity === 'error');
  return {
    says: errors.length === 0 ? ACCEPTED : errors.map((d) => d.switchError ?? d.code).join(', '),
    program,
  };
}

function bytes(write: (writer: ByteWriter) => void): Buffer {
  const writer = new ByteWriter();
  write(writer);
  return Buffer.from(writer.take());
}

const groupBytes = (g: GroupMod): Buffer => bytes((w) => encodeGroupMod('add', g, w, 0));
const meterBytes = (m: MeterMod): Buffer => bytes((w) => encodeMeterMod('add', m, w, 0));
const tlvBytes = (t: readonly TlvMapping[]): Buffer => bytes((w) => encodeTlvTableMod(t, w, 0));

/** Sends everything that a program has; what the switch says to each message. */
async function install(program: ProgramIr): Promise<string[]> {
  return answers(lab, 'br0', [
    ...(program.tlvs.length > 0 ? [tlvBytes(program.tlvs)] : []),
    ...program.meters.map(meterBytes),
    ...program.groups.map(groupBytes),
    ...[...program.flows].map(bytesOf),
  ]);
}

const origin = { file: 0, start: 0, end: 0 };
const output = (port: number): Action => ({ kind: 'output', port, maxLen: 0xffff });
const bucket = (more: Partial<Bucket> = {}): Bucket => ({
  id: 0,
  weight: null,
  watchPort: null,
  watchGroup: null,
  actions: [output(1)],
  origin,
  ...more,
});
const group = (
  type: GroupMod['type'],
  buckets: readonly Bucket[],
  more: Partial<GroupMod> = {},
): GroupMod => ({
  id: 1,
  type,
  selection: null,
  buckets,
  name: 'g',
  origin,
  ...more,
});
const B = 'bucket { action { output 1 } }';

describe('groups that we accept', () => {
  test.each([
    [
      `type = all; ${B}; bucket { action { drop } }`,
      'type=all,bucket=bucket_id:0,actions=output:1,bucket=bucket_id:1,actions=drop',
    ],
    [`type = indirect; ${B}`, 'type=indirect,bucket=bucket_id:0,actions=output:1'],
    ['type = all', 'type=all'],
    [
      'type = select; bucket { weight = 0; action { output 1 } }; bucket { weight = 0xffff; watch_port = 2; bucket_id = 0xffffff00; action { output 2 } }',
      'type=select,bucket=bucket_id:0,weight:0,actions=output:1,bucket=bucket_id:4294967040,weight:65535,watch_port:2,actions=output:2',
    ],
    [
      'type = fast_failover; bucket { watch_port = 1; action { output 1 } }; bucket { watch_group = other; action { output 2 } }; bucket { watch_port = local; watch_group = 9; weight = 0; action { drop } }',
      'type=ff,bucket=bucket_id:0,watch_port:1,actions=output:1,bucket=bucket_id:1,watch_group:9,actions=output:2,bucket=bucket_id:2,watch_port:LOCAL,watch_group:9,actions=drop',
    ],
    [
      `type = select; selection_method = dp_hash; selection_param = 0xffffffffffffffff; ${B}`,
      'type=select,selection_method=dp_hash,selection_method_param=18446744073709551615,bucket=bucket_id:0,actions=output:1',
    ],
    [
      `type = select; selection_method = hash; selection_param = 7; fields = [ip_src, ip_dst/255.255.0.0, eth_src/ff:00:00:00:00:00, tcp_flags/0x12, reg0[0..7]]; ${B}`,
      'type=select,selection_method=hash,selection_method_param=7,fields(reg0=0xff,eth_src=ff:00:00:00:00:00,ip_src,ip_dst=255.255.0.0,tcp_flags=syn|ack),bucket=bucket_id:0,actions=output:1',
    ],
    [
      `type = select; selection_method = hash; ${B}`,
      'type=select,selection_method=hash,bucket=bucket_id:0,actions=output:1',
    ],
    [
      'type = all; bucket { action { tcp_dst = 5; vlan_vid = 7; pop_vlan; pop_mpls 0x800; dec_ttl; dec_mpls_ttl; dec_nsh_ttl; reg0 = reg1; set_queue 3; push_vlan 0x8100; push_vlan 0x8100; push_vlan 0x8100 ; group other } }',
      null,
    ],
    [
      'type = all; bucket { action { ct(commit, zone = 5) { ct_mark = 1 } } }; bucket { action { resubmit(,3) } }',
      null,
    ],
  ])('%s', async (body, shown) => {
    await clean();
    const { says, program } = judge(
      `group g = 1 { ${body} }\ngroup other = 9\ntable t = 3 { miss = drop }\n`,
    );
    expect(says).toBe(ACCEPTED);
    expect(await answers(lab, 'br0', program!.groups.map(groupBytes))).toEqual([ACCEPTED]);
    const dump = await ofctl('--no-names', 'dump-groups', 'br0');
    if (shown !== null) expect(dump.split('\n')[1]).toBe(` group_id=1,${shown}`);
  });
});

describe('groups that we refuse, and the switch too', () => {
  const selection = (more: object): Partial<GroupMod> => ({
    selection: { method: 'hash', param: 0n, fields: [], ...more },
  });
  test.each<[string, GroupMod]>([
    [`type = indirect`, group('indirect', [])],
    [`type = indirect; ${B}; ${B}`, group('indirect', [bucket(), bucket({ id: 1 })])],
    ['type = fast_failover; bucket { action { output 1 } }', group('fast_failover', [bucket()])],
    ['type = all; bucket { watch_port = 1; action { output 1 } }', group('all', [bucket({ watchPort: 1 })])],
    [
      'type = indirect; bucket { watch_group = 9; action { output 1 } }',
      group('indirect', [bucket({ watchGroup: 9 })]),
    ],
    [
      'type = all; bucket { bucket_id = 3; action { drop } }; bucket { bucket_id = 3; action { drop } }',
      group('all', [bucket({ id: 3 }), bucket({ id: 3 })]),
    ],
    [
      'type = all; bucket { bucket_id = 0xffffff01; action { drop } }',
      group('all', [bucket({ id: 0xffffff01 })]),
    ],
    [`type = all; selection_method = hash; ${B}`, group('all', [bucket()], selection({}))],
    [
      `type = select; selection_method = dp_hash; fields = {ip_src}; ${B}`,
      group(
        'select',
        [bucket()],
        selection({ method: 'dp_hash', fields: [{ field: 'ip_src', mask: null }] }),
      ),
    ],
    [
      `type = select; selection_method = hash; fields = {ip_src, ip_src/8}; ${B}`,
      group(
        'select',
        [bucket()],
        selection({
          fields: [
            { field: 'ip_src', mask: null },
            { field: 'ip_src', mask: null },
          ],
        }),
      ),
    ],
    [
      `type = select; selection_method = hash; fields = {eth_type/0xff00}; ${B}`,
      group('select', [bucket()], selection({ fields: [{ field: 'eth_type', mask: 0xff00n }] })),
    ],
  ])('%s', async (body, raw) => {
    await clean();
    const { says } = judge(`group g = 1 { ${body} }\ngroup other = 9\n`);
    expect(says).not.toBe(ACCEPTED);
    expect(await answers(lab, 'br0', [groupBytes(raw)])).toEqual([says]);
  });

  test('ids', async () => {
    await clean();
    expect(judge(`group g = 0xffffff01 { type = all; ${B} }\n`).says).toBe('OFPGMFC_INVALID_GROUP');
    const ids = [0, 0xffffff00, 0xffffff01, 0xfffffffc].map((id) => group('all', [bucket()], { id }));
    expect(await answers(lab, 'br0', [...ids, ids[0]!].map(groupBytes))).toEqual([
      ACCEPTED,
      ACCEPTED,
      'OFPGMFC_INVALID_GROUP',
      'OFPGMFC_INVALID_GROUP',
      'OFPGMFC_GROUP_EXISTS',
    ]);
  });

  test('a flow needs its group and its meter', async () => {
    await clean();
    const table = (action: string): string =>
      `table t = 0 { miss = drop\n  flow f { match { tcp } action { ${action} } }\n}\n`;
    for (const action of ['group 5', 'meter 5; normal', 'write_actions { group 5 }', 'clone { group 5 }']) {
      const { says } = judge(table(action));
      const { program } = judge(`group g = 5\nmeter m = 5\n${table(action)}`);
      expect(says).toMatch(/^OFP(BAC_BAD_OUT_GROUP|MMFC_INVALID_METER)$/);
      expect(await answers(lab, 'br0', [bytesOf(program!.flows.at(1))]), action).toEqual([says]);
    }
  });
});

describe('groups that the switch takes and does not execute as written', () => {
  async function trace(text: string): Promise<string> {
    await clean();
    const { program } = judge(`${text}\ngroup start = 100\n`);
    const groups = program?.groups ?? [];
    const said = await answers(lab, 'br0', groups.map(groupBytes));
    expect(said.every((s) => s === ACCEPTED)).toBe(true);
    return traced(groups[0]?.id ?? 0);
  }
  async function traced(id: number): Promise<string> {
    await ofctl('add-flow', 'br0', `actions=group:${id}`);
    return (await lab.appctl('ofproto/trace', 'br0', 'in_port=3,tcp', { check: true })).stdout;
  }

  test.each([
    'push reg0[]',
    'pop reg0[]',
    'clone { output 1 }',
    'note "01"',
    'controller(id = 5)',
    'output(port = 1, max_len = 100)',
    'output reg0[0..15]',
    'meter m',
    'pop_queue',
    'reg0[0] = check_pkt_larger(5)',
    'fin_timeout(idle_timeout = 5s)',
    'conjunction(1, 1/2)',
    'delete_field tun_metadata0',
    'sample(probability = 5)',
    'learn(table = 3, cookie = 5) { match { in_port = 1 } }',
    'bundle(fields = eth_src, algorithm = hrw, members = [1])',
    'exit',
  ])('%s', async (action) => {
    const text = (allow: string): string =>
      `tunnel_metadata { tun_metadata0 = {class: 1, type: 1, len: 4} }\nmeter m = 5\ntable t = 3 { miss = drop }\ngroup g = 1 { type = all; ${allow} bucket { action { ${action} } } }`;
    expect(judge(text('')).says).toBe('WBF5219');
    expect(await trace(text('allow = WBF5219; '))).toMatch(/bucket 0\n +drop\n/);
  });

  test.each([
    ['output 1; output 2', '2'],
    ['group other; output 2', '3'],
    ['output 2; reg0 = 1', '2'],
    ['controller; output 2', '2'],
    ['resubmit(,3); output 2', '2'],
    ['ct(commit); output 2', '2'],
    ['ct_clear; output 2', '2'],
    ['set_queue 1; output 2', 'set(skb_priority(0x1)),2'],
  ])('%s sends to %s', async (actions, sent) => {
    const text = `table t = 3 { miss = drop }\ngroup g = 1 { type = all; bucket { action { ${actions} } } }\ngroup other = 2\n`;
    await clean();
    const { program } = judge(text);
    await ofctl('add-group', 'br0', 'group_id=2,type=all,bucket=output:in_port');
    expect(await answers(lab, 'br0', program!.groups.map(groupBytes))).toEqual([ACCEPTED]);
    expect(await traced(1)).toContain(`\nDatapath actions: ${sent}\n`);
  });

  test('circles', async () => {
    await clean();
    expect(
      judge('group a = 1 { type = all; bucket { action { group 1 } }; bucket { action { output 1 } } }\n')
        .says,
    ).toBe('WBF5218');
    const raw = group('all', [bucket({ actions: [{ kind: 'group', id: 1 }] }), bucket({ id: 1 })]);
    expect(await answers(lab, 'br0', [groupBytes(raw)])).toEqual([ACCEPTED]);
    expect(await traced(1)).toContain('Recursion too deep');
  });

  test('a group that is not there', async () => {
    await clean();
    const says = judge('group a = 1 { type = all; bucket { action { group 5 } } }\n').says;
    expect(says).toBe('WBF5216');
    const raw = group('all', [bucket({ actions: [{ kind: 'group', id: 5 }] })]);
    expect(await answers(lab, 'br0', [groupBytes(raw)])).toEqual([ACCEPTED]);
    expect(await traced(1)).toContain('output to nonexistent group 5');
  });

  test('a reserved port that is watched', async () => {
    await clean();
    const bad = 'group a = 1 { type = fast_failover; bucket { watch_port = flood; action { output 1 } } }\n';
    expect(judge(bad).says).toBe('WBF5220');
    const raw = group('fast_failover', [bucket({ watchPort: 0xfffffffb })]);
    expect(await answers(lab, 'br0', [groupBytes(raw)])).toEqual([ACCEPTED]);
    expect(await traced(1)).toContain('\nDatapath actions: drop\n');
  });

  test('a field of which no bit is hashed', async () => {
    await clean();
    expect(
      judge(`group a = 1 { type = select; selection_method = hash; fields = {ip_src/0}; ${B} }\n`).says,
    ).toBe('WBF5215');
  });
});

describe('meters', () => {
  const meter = (more: Partial<MeterMod>): MeterMod => ({
    id: 1,
    unit: 'kbps',
    burst: false,
    stats: false,
    bands: [{ type: 'drop', rate: 1, burstSize: 0, precLevel: 0 }],
    name: 'm',
    origin,
    ...more,
  });

  test.each([
    ['unit = kbps; band drop { rate = 1 }', 'kbps bands=\ntype=drop rate=1'],
    [
      'unit = pktps; flags = [stats, burst]; band drop { rate = 0xffffffff; burst_size = 0xffffffff }',
      'pktps burst stats bands=\ntype=drop rate=4294967295 burst_size=4294967295',
    ],
    [`unit = kbps; ${'band drop { rate = 7 };'.repeat(8)}`, `kbps bands=${'\ntype=drop rate=7'.repeat(8)}`],
  ])('%s', async (body, shown) => {
    await clean();
    const { says, program } = judge(`meter m = 1 { ${body} }\n`);
    expect(says).toBe(ACCEPTED);
    expect(await answers(lab, 'br0', program!.meters.map(meterBytes))).toEqual([ACCEPTED]);
    expect((await ofctl('dump-meters', 'br0')).split('\n').slice(1).join('\n').trim()).toBe(
      `meter=1 ${shown}`,
    );
  });

  test.each<[string, MeterMod]>([
    ['unit = kbps', meter({ bands: [] })],
    [
      `unit = kbps; ${'band drop { rate = 1 };'.repeat(9)}`,
      meter({ bands: Array.from({ length: 9 }, () => meter({}).bands[0]!) }),
    ],
    ['unit = kbps; band drop { rate = 0 }', meter({ bands: [{ ...meter({}).bands[0]!, rate: 0 }] })],
    [
      'unit = kbps; band dscp_remark { rate = 1; prec_level = 1 }',
      meter({ bands: [{ type: 'dscp_remark', rate: 1, burstSize: 0, precLevel: 1 }] }),
    ],
  ])('%s is refused', async (body, raw) => {
    await clean();
    const { says } = judge(`meter m = 1 { ${body} }\n`);
    expect(says).toMatch(/^OFPMMFC_/);
    expect(await answers(lab, 'br0', [meterBytes(raw)])).toEqual([says]);
  });

  test('ids', async () => {
    await clean();
    const ids = [0, 1, 0xffff0000, 0xffff0001, 0xfffffffd, 0xfffffffe];
    const { program } = judge(
      'meter a = slowpath { unit = kbps; band drop { rate = 1 } }\nmeter b = controller { unit = kbps; band drop { rate = 1 } }\n',
    );
    expect(program?.meters.map((m) => m.id)).toEqual(ids.slice(4));
    expect(
      await answers(
        lab,
        'br0',
        ids.map((id) => meterBytes(meter({ id }))),
      ),
    ).toEqual(['OFPMMFC_INVALID_METER', ACCEPTED, ACCEPTED, 'OFPMMFC_INVALID_METER', ACCEPTED, ACCEPTED]);
    for (const id of [0, 0xffff0001]) {
      expect(judge(`meter m = ${id} { unit = kbps; band drop { rate = 1 } }\n`).says).toBe(
        'OFPMMFC_INVALID_METER',
      );
    }
  });
});

describe('tunnel metadata', () => {
  const option = (index: number, type: number, length: number): TlvMapping => ({
    class: 1,
    type,
    length,
    index,
    origin,
  });
  const line = (t: TlvMapping): string =>
    `  tun_metadata${t.index} = {class: ${t.class}, type: ${t.type}, len: ${t.length}}\n`;

  test.each<[string, readonly TlvMapping[]]>([
    ['64 options', Array.from({ length: 64 }, (_, i) => option(i, i, 4))],
    ['256 bytes', [option(0, 1, 124), option(1, 2, 124), option(2, 3, 8)]],
    ['the critical bit', [option(0, 1, 4), option(1, 0x81, 4)]],
    ['no value', [option(5, 0xff, 0)]],
  ])('%s', async (_, options) => {
    await clean();
    const { says, program } = judge(`tunnel_metadata {\n${options.map(line).join('')}}\n`);
    expect(says).toBe(ACCEPTED);
    expect(await answers(lab, 'br0', [tlvBytes(program!.tlvs)])).toEqual([ACCEPTED]);
  });

  test.each<[string, readonly TlvMapping[]]>([
    ['a field twice', [option(0, 1, 4), option(0, 2, 4)]],
    ['an option twice', [option(0, 1, 4), option(1, 1, 4)]],
    ['both', [option(0, 1, 4), option(0, 1, 4)]],
    ['no field', [option(64, 1, 4)]],
    ['half a word', [option(0, 1, 6)]],
    ['too long', [option(0, 1, 128)]],
    ['too much', [option(0, 1, 124), option(1, 2, 124), option(2, 3, 12)]],
  ])('%s is refused', async (_, options) => {
    await clean();
    const { says } = judge(`tunnel_metadata {\n${options.map(line).join('')}}\n`);
    expect(says).toMatch(/^NXTTMFC_\w+$/);
    expect(await answers(lab, 'br0', [tlvBytes(options)])).toEqual([says]);
  });

  test.each([
    ['tun_metadata0', 'drop', 'tun_metadata0,actions=drop'],
    ['tun_metadata2', 'drop', 'tun_metadata2,actions=drop'],
    ['tun_metadata0 = 0x12345678', 'drop', 'tun_metadata0=0x12345678,actions=drop'],
    ['tun_metadata0 = 0', 'drop', 'tun_metadata0=0,actions=drop'],
    ['tun_metadata0 = 0x1200/0xff00', 'drop', 'tun_metadata0=0x1200/0xff00,actions=drop'],
    ['tun_metadata0[8..15] = 0x12', 'drop', 'tun_metadata0=0x1200/0xff00,actions=drop'],
    ['tun_metadata1 = 0x12/0xff', 'drop', 'tun_metadata1=0x12/0xff,actions=drop'],
    ['', 'tun_metadata0 = 5', ',actions=set_field:0x5->tun_metadata0'],
    ['', 'tun_metadata1 = 5/0xff', ',actions=set_field:0x5/0xff->tun_metadata1'],
    [
      '',
      'tun_metadata1[56..63] = 5',
      ',actions=set_field:0x500000000000000/0xff00000000000000->tun_metadata1',
    ],
    ['', 'tun_metadata2 = 0', ',actions=set_field:ANY->tun_metadata2'],
    ['', 'tun_metadata0 = reg0', ',actions=move:NXM_NX_REG0[]->NXM_NX_TUN_METADATA0[]'],
    ['', 'xreg0 = tun_metadata1', ',actions=move:NXM_NX_TUN_METADATA1[]->OXM_OF_PKT_REG0[]'],
    ['', 'push tun_metadata1; pop tun_metadata1[0..31]', null],
    ['', 'delete_field tun_metadata2', ',actions=delete_field:tun_metadata2'],
    ['', 'output tun_metadata0[0..15]', ',actions=output:NXM_NX_TUN_METADATA0[0..15]'],
  ])('match { %s } action { %s }', async (match, action, shown) => {
    await clean();
    const { says, program } = judge(`tunnel_metadata {
  tun_metadata0 = {class: 1, type: 1, len: 4}
  tun_metadata1 = {class: 1, type: 2, len: 8}
  tun_metadata2 = {class: 1, type: 3, len: 0}
}
flow f { match { ${match} } action { ${action} } }
`);
    expect(says).toBe(ACCEPTED);
    expect(new Set(await install(program!))).toEqual(new Set([ACCEPTED]));
    // What ovs-ofctl prints has lost masks of options, whose lengths it does not know.
    const dump = await lab.appctl('bridge/dump-flows', 'br0', { check: true });
    const flow = dump.stdout.split('\n').find((l) => !l.includes('table_id=')) ?? '';
    if (shown !== null) expect(flow.replace(/^.*n_bytes=\d+, (priority=\d+,)?/, '')).toBe(shown);
  });

  test('an option that is not mapped', async () => {
    await clean();
    const flow = (match: string, action: string): string =>
      `flow f { match { ${match} } action { ${action} } }\n`;
    const map = 'tunnel_metadata { tun_metadata0 = {class: 1, type: 1, len: 4} }\n';
    for (const [match, action] of [
      ['tun_metadata0 = 1', 'drop'],
      ['tun_metadata0', 'drop'],
      ['', 'tun_metadata0 = 1'],
      ['', 'reg0 = tun_metadata0[0..31]'],
      ['', 'delete_field tun_metadata0'],
    ] as const) {
      const { says } = judge(flow(match, action).replaceAll('tun_metadata0', 'tun_metadata1'));
      expect(says).toBe('NXFMFC_INVALID_TLV_FIELD');
      const { program } = judge(map + flow(match, action));
      expect(await answers(lab, 'br0', [bytesOf(program!.flows.at(0))]), `${match} ${action}`).toEqual([
        says,
      ]);
    }
  });
});
