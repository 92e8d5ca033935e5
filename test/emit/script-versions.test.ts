// Scripts for every version of OpenFlow, each on a real bridge that speaks no other, and those with groups and the rest.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ScriptOptions } from '../../src/emit/script.ts';
import { emitScript, NoScriptError, NoTextResourceError } from '../../src/emit/script.ts';
import { flowList } from '../../src/ir/list.ts';
import type { FlowMod, GroupMod, MeterMod, ProgramIr, TlvMapping } from '../../src/ir/types.ts';
import { ONLY_FLOWS } from '../../src/ir/types.ts';
import { OPENFLOW_VERSIONS } from '../../src/openflow/versions.ts';
import { requireCommands, type Run } from '../lab/process.ts';
import { startSwitch, type Lab } from '../lab/switch.ts';
import { flow, instructions, ofctlVersion, term, withActions } from './judge.ts';

const OWN = 0xabcd_0000_0000_0000n;
const MASK = 0xffff_0000_0000_0000n;
const origin = { file: 0, start: 0, end: 0 };

let lab: Lab;
beforeAll(async () => {
  requireCommands({ sh: 'dash', shellcheck: 'shellcheck' });
  lab = await startSwitch({ dummy: true });
  for (const v of OPENFLOW_VERSIONS)
    await lab.addBridge(bridgeOf(v), { protocols: [ofctlVersion(v)], dummyPorts: [`p1v${v}`, `p2 v${v}`] });
});
afterAll(() => lab.stop());

const bridgeOf = (version: string): string => `br${version.replace('.', '')}`;

const own = (f: FlowMod, n: number): FlowMod => ({ ...f, cookie: OWN | BigInt(n) });

const FLOWS: readonly FlowMod[] = [
  flow({ match: [term('in_port', 1)], instructions: instructions({ goto: 7 }) }),
  withActions(
    [term('eth_type', 0x800), term('ip_dst', 0x0a000000, 0xff000000)],
    { kind: 'set_field', field: 'reg0', value: 5n, mask: 0xffn },
    { kind: 'set_field', field: 'ip_src', value: 1n, mask: 0xffn },
    { kind: 'output', port: 2, maxLen: 0xffff },
  ),
  flow({ table: 7, priority: 0 }),
].map(own);

function program(parts: Partial<ProgramIr> = {}): ProgramIr {
  return {
    ...ONLY_FLOWS,
    name: 'edge',
    cookies: { value: OWN, mask: MASK },
    tables: new Map(),
    ports: new Map(),
    files: ['edge.wbf'],
    flows: flowList(FLOWS),
    ...parts,
  };
}

const group = (id: number, port: number): GroupMod => ({
  id,
  type: 'all',
  selection: null,
  buckets: [
    {
      id: 0,
      weight: null,
      watchPort: null,
      watchGroup: null,
      actions: [{ kind: 'output', port, maxLen: 0xffff }],
      origin,
    },
  ],
  name: `g${id}`,
  origin,
});

const meter = (id: number, rate: number): MeterMod => ({
  id,
  unit: 'kbps',
  burst: true,
  stats: true,
  bands: [{ type: 'drop', rate, burstSize: 7, precLevel: 0 }],
  name: `m${id}`,
  origin,
});

const tlv = (index: number, type: number): TlvMapping => ({ class: 0xffff, type, length: 4, index, origin });

let serial = 0;
function save(text: string): string {
  const path = join(lab.dir, `versions-${serial++}.sh`);
  writeFileSync(path, text);
  return path;
}

const run = (text: string, bridge: string): Promise<Run> => lab.exec('sh', save(text), bridge);

async function install(p: ProgramIr, options: ScriptOptions & { bridge?: string } = {}): Promise<Run> {
  const version = options.version ?? p.version;
  const script = emitScript(p, { nonAtomic: true, ...options });
  const { stdout, stderr } = await lab.exec('shellcheck', '--shell=sh', '--enable=all', save(script));
  expect(stdout + stderr).toBe('');
  return run(script, options.bridge ?? bridgeOf(version));
}

const flowsOf = (version: string): Promise<string[]> =>
  lab.dumpFlows(bridgeOf(version), { version: ofctlVersion(version) });

async function ofctl(version: string, command: string, ...args: string[]): Promise<string> {
  const words = ['-O', ofctlVersion(version), command, bridgeOf(version), ...args];
  return (await lab.ofctl(...words, { check: true })).stdout;
}

const groupsOf = async (version: string): Promise<string[]> =>
  (await ofctl(version, 'dump-groups'))
    .split('\n')
    .filter((line) => line.includes('group_id='))
    .map((line) => line.trim().replace(/bucket_id:\d+,/g, ''))
    .sort();

const metersOf = async (version: string): Promise<string> =>
  (await ofctl(version, 'dump-meters')).split('\n').slice(1).join('\n').trim();

const OK = { status: 0, stdout: '', stderr: '' };

describe.each(OPENFLOW_VERSIONS)('OpenFlow %s', (version) => {
  beforeEach(async () => {
    // In OpenFlow 1.1 ovs-ofctl deletes in one table at a time.
    for (const table of [0, 5, 7]) await ofctl(version, 'del-flows', `table=${table}`);
    await ofctl(version, 'del-groups');
  });

  const foreign = 'cookie=0x1,table=5,arp,actions=drop';
  const isOld = version < '1.3';

  test('installs the flows, twice to the same end, and leaves others alone', async () => {
    await ofctl(version, 'add-flow', foreign);
    expect(await install(program({ version }))).toMatchObject(OK);
    const first = await flowsOf(version);
    expect(first).toHaveLength(4);
    expect(first.join('\n')).toContain('cookie=0x1, table=5, arp');
    expect(first.join('\n')).toMatch(/load:0x5->NXM_NX_REG0\[0\.\.7\]|set_field:0x5\/0xff->reg0/);
    expect(first.join('\n')).toMatch(
      /load:0x1->NXM_OF_IP_SRC\[0\.\.7\]|set_field:0\.0\.0\.1\/0\.0\.0\.255->ip_src/,
    );
    expect(await install(program({ version }))).toMatchObject(OK);
    expect(await flowsOf(version)).toEqual(first);
    expect(await install(program({ version, flows: flowList(FLOWS.slice(2)) }))).toMatchObject(OK);
    expect(await flowsOf(version)).toHaveLength(2);
    expect(await install(program({ version, flows: flowList([]) }))).toMatchObject(OK);
    expect(await flowsOf(version)).toHaveLength(1);
  });

  test('groups come before the flows and leave after them, of our ids only', async () => {
    await ofctl(version, 'add-group', 'group_id=5,type=all,bucket=actions=output:1');
    const groupIds = [
      { first: 10, last: 12 },
      { first: 20, last: 5000 },
    ];
    const uses = own(withActions([term('in_port', 2)], { kind: 'group', id: 4000 }), 9);
    const p = program({
      version,
      groupIds,
      groups: [group(10, 1), group(4000, 2)],
      flows: flowList([...FLOWS, uses]),
    });
    expect(await install(p)).toMatchObject(OK);
    expect(await install(p)).toMatchObject(OK);
    expect(await groupsOf(version)).toEqual([
      'group_id=10,type=all,bucket=actions=output:1',
      'group_id=4000,type=all,bucket=actions=output:2',
      'group_id=5,type=all,bucket=actions=output:1',
    ]);
    expect((await flowsOf(version)).join('\n')).toContain('actions=group:4000');
    expect(await install(program({ version, groupIds, groups: [group(10, 2)] }))).toMatchObject(OK);
    expect(await groupsOf(version)).toEqual([
      'group_id=10,type=all,bucket=actions=output:2',
      'group_id=5,type=all,bucket=actions=output:1',
    ]);
    expect(await flowsOf(version)).toHaveLength(3);
  });

  test('interfaces may be named, however they are called', async () => {
    const unresolvedPorts = new Map([
      [5001, `p1v${version}`],
      [5002, `p2 v${version}`],
    ]);
    const f = own(
      withActions(
        [term('in_port', 5001)],
        { kind: 'output', port: 5002, maxLen: 0 },
        { kind: 'resubmit', port: 5001, table: 5, ct: false },
      ),
      1,
    );
    const p = program({ version, unresolvedPorts, flows: flowList([f]), groups: [group(10, 5002)] });
    expect(await install(p)).toMatchObject(OK);
    expect(await flowsOf(version)).toEqual([
      expect.stringContaining('in_port=1 actions=output:2,resubmit(1,5)'),
    ]);
    expect(await groupsOf(version)).toEqual(['group_id=10,type=all,bucket=actions=output:2']);
  });

  if (isOld)
    test('wants to be told that it is not atomic', () => {
      expect(() => emitScript(program({ version }))).toThrow(NoScriptError);
      expect(emitScript(program({ version }), { nonAtomic: true })).toContain('step by step');
      expect(() => emitScript(program({ version, meters: [meter(1, 5)] }), { nonAtomic: true })).toThrow(
        'no meters',
      );
    });

  if (!isOld)
    test('changes nothing when the switch refuses a flow', async () => {
      const groupIds = [{ first: 10, last: 20 }];
      const meterIds = [{ first: 1, last: 9 }];
      const p = program({ version, groupIds, meterIds, groups: [group(10, 1)], meters: [meter(1, 100)] });
      expect(await install(p)).toMatchObject(OK);
      const state = async (): Promise<unknown> => [
        await flowsOf(version),
        await groupsOf(version),
        await metersOf(version),
      ];
      const before = await state();
      const bad = own(withActions([], { kind: 'group', id: 77 }), 9);
      const broken = program({
        version,
        groupIds,
        meterIds,
        groups: [group(10, 2), group(11, 2)],
        meters: [meter(1, 200), meter(2, 300)],
        flows: flowList([...FLOWS, bad]),
      });
      const { status, stderr } = await install(broken);
      expect(status).toBe(1);
      expect(stderr).toContain('OFPBAC_BAD_OUT_GROUP');
      expect(await state()).toEqual(before);
      expect(await install(program({ version, groupIds, meterIds }))).toMatchObject(OK);
      expect(await groupsOf(version)).toEqual([]);
      expect(await metersOf(version)).toBe('');
    });

  if (!isOld)
    test('meters are made, changed and deleted around the flows', async () => {
      await ofctl(version, 'add-meter', 'meter=50,kbps,bands=type=drop,rate=1');
      const meterIds = [{ first: 1, last: 9 }];
      const limited = (id: number): FlowMod =>
        own(withActions([term('in_port', 1)], { kind: 'meter', id }), id);
      const p = program({
        version,
        meterIds,
        meters: [meter(1, 100), meter(2, 200)],
        flows: flowList([limited(2)]),
      });
      expect(await install(p)).toMatchObject(OK);
      expect(await install(p)).toMatchObject(OK);
      const q = program({
        version,
        meterIds,
        meters: [meter(1, 111), meter(3, 300)],
        flows: flowList([limited(3)]),
      });
      expect(await install(q)).toMatchObject(OK);
      const meters = await metersOf(version);
      expect(meters).toContain('meter=1 kbps burst stats bands=\ntype=drop rate=111 ');
      expect(meters).not.toContain('meter=2 ');
      expect(meters).toContain('meter=3 ');
      expect(meters).toContain('meter=50 ');
      expect(await flowsOf(version)).toEqual([expect.stringContaining('actions=meter:3')]);
      await ofctl(version, 'del-meters');
    });

  if (version !== '1.1')
    test('the map of tunnel options grows', async () => {
      await ofctl(version, 'del-tlv-map');
      await ofctl(version, 'add-tlv-map', '{class=0x1,type=0x1,len=8}->tun_metadata9');
      expect(await install(program({ version, tlvs: [tlv(0, 0x80)] }))).toMatchObject(OK);
      expect(await install(program({ version, tlvs: [tlv(0, 0x80), tlv(1, 0x81)] }))).toMatchObject(OK);
      const rows = (await ofctl(version, 'dump-tlv-map'))
        .split('\n')
        .filter((line) => line.includes('tun_metadata'));
      expect(rows.map((row) => row.trim().split(/ +/).join(' ')).sort()).toEqual([
        '0x1 0x1 8 tun_metadata9',
        '0xffff 0x80 4 tun_metadata0',
        '0xffff 0x81 4 tun_metadata1',
      ]);
      const { status } = await install(program({ version, tlvs: [tlv(1, 0x82)], flows: flowList([]) }));
      expect(status).toBe(1);
      expect(await flowsOf(version)).toHaveLength(3);
    });
});

test('there is no TLV map in OpenFlow 1.1', () => {
  expect(() => emitScript(program({ version: '1.1', tlvs: [tlv(0, 1)] }), { nonAtomic: true })).toThrow(
    'TLV map',
  );
});

test('a group that ovs-ofctl has no words for', () => {
  const bad: GroupMod = {
    ...group(1, 1),
    selection: { method: 'hash', param: 0n, fields: [] },
    type: 'select',
  };
  expect(() => emitScript(program({ version: '1.3', groups: [bad] }))).toThrow(NoTextResourceError);
  expect(emitScript(program({ groups: [bad] }))).toContain('selection_method=hash');
});
