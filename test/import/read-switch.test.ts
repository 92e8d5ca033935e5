// What we read of a flow, encoded, is what ovs-ofctl sends for it; and what we refuse, it refuses. READ_FLOWS and READ_SEED
// make it long, or repeat a run.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DiagnosticBag } from '../../src/diagnostics/define.ts';
import { encodeGroupMod, encodeMeterMod, encodeTlvTableMod } from '../../src/emit/bundle.ts';
import { encodeFlowMod } from '../../src/emit/wire/flow-mod.ts';
import { InputNames, readFlow, readGroup, readMeter, readTlvMap } from '../../src/import/read/index.ts';
import { ByteWriter } from '../../src/ir/bytes.ts';
import { startFakeSwitch } from '../lab/fake.ts';
import { typeOf, withXid } from '../lab/openflow.ts';
import { captureAddFlows } from '../lab/proxy.ts';
import { startSwitch, type Lab } from '../lab/switch.ts';
import { actionsText } from './read-arbitrary-actions.ts';
import { Dice, matchText } from './read-arbitrary.ts';

const COUNT = Number(process.env.READ_FLOWS ?? 2000);
const SEED = Number(process.env.READ_SEED ?? Date.now() % 1_000_000);
/** Each takes a process of its own. */
const REFUSALS = Math.min(COUNT, Number(process.env.READ_REFUSALS ?? 80));

let lab: Lab;
beforeAll(async () => {
  lab = await startSwitch({ dummy: true });
  await lab.addBridge('br0', { dummyPorts: 4 });
});
afterAll(() => lab.stop());

const origin = { file: 0, start: 0, end: 0 };
const hex = (write: (writer: ByteWriter) => unknown): string => {
  const writer = new ByteWriter();
  write(writer);
  return Buffer.from(writer.view()).toString('hex');
};

interface Reading {
  readonly text: string;
  /** null where we refuse it. */
  readonly hex: string | null;
  readonly says: string;
}

/** Where OpenFlow 1.5 has no way to say what OpenFlow 1.0 does, we say the latter. */
const ONLY_1_0 = 'WBF8228';
/** The switch refuses bits outside the mask of a write; ovs-ofctl sends them all the same. */
const BITS_CLEARED = 'WBF8225';

function read(text: string, names: InputNames): Reading | null {
  const bag = new DiagnosticBag();
  const flow = readFlow({ sink: bag, file: 0, text, names }, 0, text.length);
  const says = bag.all
    .map((d) => `${d.code} ${d.message} [${text.slice(d.place.start, d.place.end)}]`)
    .join('\n');
  if (flow === null) {
    expect(bag.hasErrors, text).toBe(true);
    return { text, hex: null, says };
  }
  expect(bag.hasErrors, text).toBe(false);
  expect(flow.warnings, text).toBe(bag.all.length);
  const actions = text.indexOf('actions=');
  if (
    flow.onlyOpenFlow10 ||
    bag.all.some((d) => d.code === ONLY_1_0 || (d.code === BITS_CLEARED && d.place.start > actions))
  )
    return null;
  return { text, hex: hex((w) => encodeFlowMod({ ...flow.flow, name: null, origin }, w, 0)), says };
}

/** How ovs-ofctl refuses it; null where it takes it. */
async function refusal(input: string): Promise<string | null> {
  const { status, stderr } = await lab.ofctl('-O', 'OpenFlow15', 'parse-flows', '-', { input });
  return status === 0 ? null : (stderr.trim().split('\n').at(-1) ?? '');
}

async function compare(make: (d: Dice) => string): Promise<void> {
  const dice = new Dice(SEED);
  // One memory for all, as for the lines of a file.
  const names = new InputNames();
  const readings = Array.from({ length: COUNT }, () => read(make(dice), names)).filter((r) => r !== null);
  const accepted = readings.filter((r) => r.hex !== null);
  const wrong: string[] = [];
  const input = accepted.map((r) => `${r.text}\n`).join('');
  const why = await refusal(input);
  if (why !== null) {
    const line = Number(/-:(\d+):/.exec(why)?.[1] ?? 1);
    wrong.push(`ovs-ofctl refuses ${accepted[line - 1]?.text ?? ''}: ${why}`);
  } else {
    const sent = await captureAddFlows(lab, 'br0', input, { install: false, tolerant: true });
    expect(sent.length).toBe(accepted.length);
    accepted.forEach((r, i) => {
      const theirs = sent[i]!.toString('hex');
      if (r.hex !== theirs) wrong.push(`${r.text}\n${r.says}\nours   ${r.hex}\ntheirs ${theirs}`);
    });
  }
  const refused = readings.filter((r) => r.hex === null);
  for (const { text, says } of refused.slice(0, REFUSALS))
    if ((await refusal(`${text}\n`)) === null && !STRICTER.some((s) => says.includes(s)))
      wrong.push(`ovs-ofctl takes ${text}\n${says}`);
  expect(wrong.slice(0, 5).join('\n\n'), `READ_SEED=${SEED}`).toBe('');
  expect(accepted.length).toBeGreaterThan(COUNT / 5);
  expect(refused.length).toBeGreaterThan(COUNT / 20);
}

/** What ovs-ofctl takes and no switch does, or does as something else. */
const STRICTER = [
  'OpenFlow has no number for this field',
  'has no room for',
  'there is no room for',
  // Inside of write_actions only.
  '`mod_tp_',
];

test('matches', { timeout: 120_000 }, () => compare((d) => `${matchText(d)} actions=drop`));

test('actions', { timeout: 120_000 }, () => compare((d) => `${matchText(d)} actions=${actionsText(d)}`));

/** What ovs-ofctl sends for the commands to a switch that agrees to everything. */
async function captured(commands: readonly (readonly string[])[]): Promise<string[]> {
  const fake = await startFakeSwitch({ path: `${lab.dir}/fake-read.sock` }, { version: 'OpenFlow15' });
  try {
    for (const [command = '', ...args] of commands)
      await lab.ofctl('--no-names', '-O', 'OpenFlow15', command, fake.target, ...args, { check: true });
    const wanted = new Set([4, 15, 29]);
    return fake.received.filter((m) => wanted.has(typeOf(m))).map((m) => withXid(m, 0).toString('hex'));
  } finally {
    await fake.close();
  }
}

const reader = (text: string) => {
  const sink = new DiagnosticBag();
  return { sink, file: 0, text, names: new InputNames(text) };
};

test('groups', { timeout: 60_000 }, async () => {
  const texts = [
    'group_id=1,type=all',
    'group_id=2,type=all,bucket=actions=output:1,bucket=output:2,bucket=actions=drop',
    'group_id=3 type=indirect bucket=actions=set_field:1->reg0,2',
    'group_id=4,type=select,selection_method=hash,fields(ip_dst=255.255.0.0,tcp_dst,eth_src),bucket=weight:10,watch_port:1,actions=output:1',
    'group_id=5,type=select,selection_method=dp_hash,selection_method_param=7,bucket=bucket_id:3,weight:0,actions=output:1,resubmit(,2)',
    'group_id=6,type=select,selection_method=hash,fields=ip_src,bucket=output:1',
    'group_id=7,type=ff,bucket=watch_port:1,output:1,bucket=watch_group:2,actions=ct(commit,exec(load:1->NXM_NX_CT_MARK[]))',
    'group_id=8,type=fast_failover,bucket=bucket_id:0,watch_port:2,actions=mod_vlan_vid:5,mod_dl_dst:00:00:00:00:00:01,output:LOCAL',
    'group_id=0xffffff00,type=select,bucket=group(3),bucket=weight=65535,actions=controller(max_len=64)',
    'group_id=9,type=all,bucket=clone(output:1),output(2)',
  ];
  const ours = texts.map((text) => {
    const ctx = reader(text);
    const group = readGroup(ctx, 0, text.length);
    expect(ctx.sink.all, text).toEqual([]);
    return hex((w) => encodeGroupMod('add', { ...group!.group, name: '', origin }, w, 0));
  });
  expect(ours).toEqual(await captured(texts.map((t) => ['add-group', t])));
  const refused = [
    'type=all,bucket=output:1',
    'group_id=1,bucket=output:1',
    'group_id=1,type=foo',
    'group_id=1,type=all,bucket=weight:5,output:1',
    'group_id=1,type=indirect,bucket=output:1,bucket=output:2',
    'group_id=1,type=all,bucket=weight:0',
    'group_id=1,type=select,fields(ip_src),bucket=output:1',
    'group_id=1,type=select,selection_method=hash,fields(foo),bucket=output:1',
    'group_id=1,type=select,selection_method=hash,fields(ip_src=0.0.0.0),bucket=output:1',
    'group_id=1,type=select,selection_method_param=5,bucket=output:1',
    'group_id=0xffffff01,type=all',
    'group_id=1,type=all,bucket=goto_table:1',
    'group_id=1,type=all,bucket=watch_port:LOCAL,output:1',
    'group_id=1,type=all,foo=1',
  ];
  for (const text of refused) {
    const ctx = reader(text);
    expect(readGroup(ctx, 0, text.length), text).toBe(null);
    expect(ctx.sink.hasErrors, text).toBe(true);
    await expect(captured([['add-group', text]]), text).rejects.toThrow();
  }
});

test('meters', { timeout: 60_000 }, async () => {
  const texts = [
    'meter=1 kbps bands=type=drop rate=1000',
    'meter=2,pktps,burst,stats,bands=type=drop,rate=1000,burst_size=100',
    'meter=3 kbps burst stats bands=\ntype=drop rate=1000 burst_size=100\ntype=dscp_remark rate=500 burst_size=1 prec_level=1\n',
    'meter=0xffff0000 pktps band=type=dscp_remark,rate=5,prec_level=3',
    'kbps meter=slowpath bands=type=drop rate=5',
  ];
  const ours = texts.map((text) => {
    const ctx = reader(text);
    const meter = readMeter(ctx, 0, text.length);
    expect(ctx.sink.all, text).toEqual([]);
    return hex((w) => encodeMeterMod('add', { ...meter!.meter, name: '', origin }, w, 0));
  });
  expect(ours).toEqual(await captured(texts.map((t) => ['add-meter', t])));
  const refused = [
    'meter=1 bands=type=drop rate=1',
    'meter=0 kbps bands=type=drop rate=1',
    'kbps bands=type=drop rate=1',
    'meter=1 kbps',
    'meter=1 kbps bands=rate=1',
    'meter=1 kbps bands=type=drop',
    'meter=1 kbps bands=type=foo rate=1',
    'meter=1 kbps bands=type=drop rate=1 burst_size=5',
    'meter=1 kbps burst bands=type=drop rate=1',
    'meter=1 kbps bands=type=drop rate=1 prec_level=1',
    'meter=1 kbps bands=type=dscp_remark rate=1',
    'meter=1 kbps foo=1 bands=type=drop rate=1',
  ];
  for (const text of refused) {
    const ctx = reader(text);
    expect(readMeter(ctx, 0, text.length), text).toBe(null);
    expect(ctx.sink.hasErrors, text).toBe(true);
    await expect(captured([['add-meter', text]]), text).rejects.toThrow();
  }
});

test('tunnel options', async () => {
  const texts = [
    '{class=0xffff,type=0x80,len=4}->tun_metadata0',
    '{class=0xffff,type=0,len=4}->tun_metadata0,{class=1,type=2,len=124}->tun_metadata63',
  ];
  const ours = texts.map((text) => {
    const ctx = reader(text);
    const map = readTlvMap(ctx, 0, text.length);
    expect(ctx.sink.all, text).toEqual([]);
    return hex((w) =>
      encodeTlvTableMod(
        map!.mappings.map((m) => ({ ...m, origin })),
        w,
        0,
      ),
    );
  });
  expect(ours).toEqual(await captured(texts.map((t) => ['add-tlv-map', t])));
  for (const text of [
    '',
    'foo',
    '{class=1,type=2,len=5}->tun_metadata0',
    '{class=1,type=2}->tun_metadata0',
    '{class=1,type=2,len=4}->reg0',
    '{class=1,type=2,len=4}->tun_metadata64',
  ]) {
    const ctx = reader(text);
    expect(readTlvMap(ctx, 0, text.length), text).toBe(null);
    expect(ctx.sink.hasErrors, text).toBe(true);
  }
});
