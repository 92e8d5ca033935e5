// Every writable field and every action: what we accept the switch takes, keeps and shows, and ovs-ofctl sends the same
// bytes for our text; what we refuse the switch refuses with the error that we name.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flowText } from '../../src/emit/flows.ts';
import { textLosses } from '../../src/emit/text/limits.ts';
import type { Action, Instructions, Nat, SubfieldRef } from '../../src/ir/types.ts';
import { ACTIONS, type ActionName } from '../../src/openflow/actions.ts';
import { field, FIELDS, type Field, type FieldName } from '../../src/openflow/fields.ts';
import type { Lab } from '../lab/switch.ts';
import {
  ACCEPTED,
  bytesOf,
  disagreements,
  expectedLosses,
  flowOf,
  judge,
  lossesOf,
  ofctlMessages,
  startBench,
  tryAll,
  unchecked,
  verdicts,
  withLength,
  type Case,
  type Exception,
  type Source,
  type Tried,
} from './judge.ts';
import { CONTEXTS, literal, ones, remedies, sample, samples, type Form } from './samples.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await startBench();
});

afterAll(async () => {
  await lab.stop();
});

type WriteForm = Form | 'moved' | 'bit moved' | 'popped';

interface Write {
  readonly form: WriteForm;
  readonly text: string;
}

/** A register as wide as the field; no register is as wide as a Geneve option. */
function register(bits: number): SubfieldRef | null {
  const name = bits <= 32 ? 'reg3' : bits <= 64 ? 'xreg3' : 'xxreg2';
  return bits > 128 ? null : { field: name, offset: 0, bits };
}

/** All ways to write a field. */
function writes(f: Field): Write[] {
  const { name, bits } = f;
  const found: Write[] = [...samples(f)];
  if (bits > 1 && !found.some((s) => s.form === 'bit')) found.push({ form: 'bit', text: `${name}[1] = 1` });
  const source = register(bits);
  if (source !== null) found.push({ form: 'moved', text: `${name} = ${source.field}[0..${bits - 1}]` });
  found.push({ form: 'bit moved', text: `${name}[0] = metadata[5]` });
  found.push({ form: 'popped', text: `pop ${name}` });
  return found;
}

const ofConnection = (f: Field): boolean => f.name === 'ct_mark' || f.name === 'ct_label';

/** The statement that does it: the connection is written in the block of `ct`. */
function statement(f: Field, { form, text }: Write): string {
  return ofConnection(f) && form !== 'popped' ? `ct(commit) { ${text} }` : text;
}

/** Matches under which the field may be written. */
function matchesFor(f: Field): string[] {
  if (ofConnection(f)) return ['ip', 'ipv6'];
  return f.name === 'vlan_vid' ? ['vlan_tci = 0x1000/0x1000'] : remedies(f);
}

const all = (...names: FieldName[]): string[] =>
  names.flatMap((name) => writes(field(name)).map(({ form }) => `${name} ${form}`));

const some = (name: FieldName, ...forms: WriteForm[]): string[] => forms.map((form) => `${name} ${form}`);

const WRITABLE = FIELDS.filter((f) => f.writable);
const TUNNEL_METADATA = FIELDS.filter((f) => f.name.startsWith('tun_metadata')).map((f) => f.name);

/** What is not kept, and why. Whatever else is not kept fails, and so does an entry that is no longer needed. */
const EXCEPTIONS: readonly Exception[] = [
  {
    of: all(...TUNNEL_METADATA),
    outcome: 'we answer NXFMFC_INVALID_TLV_FIELD',
    reason: 'means nothing until a TLV map says which option it is',
  },
  {
    of: all('dl_vlan', 'dl_vlan_pcp'),
    outcome: 'we answer WBF4005',
    reason: 'has no header; ovs-ofctl would write `in_port` instead',
  },
  {
    of: some('in_port_oxm', 'exact', 'zero', 'ones', 'bit'),
    outcome: 'we answer OFPBAC_BAD_SET_ARGUMENT',
    reason: 'the switch does not take a constant there (below: it answers the same)',
  },
  {
    of: some('nw_tos', 'bit'),
    outcome: 'we answer OFPBAC_BAD_SET_ARGUMENT',
    reason: 'the two low bits are those of ECN (below: it answers the same)',
  },
  {
    of: [...some('ct_mark', 'popped'), ...some('ct_label', 'popped')],
    outcome: 'we answer WBF4007',
    reason:
      'stricter: the switch takes it, but what it writes is gone with the packet, not kept with the connection',
  },
  {
    of: [
      ...WRITABLE.filter((f) => !f.maskable && f.headers.length > 0 && f.bits > 1)
        .filter((f) => !['in_port_oxm', 'nw_tos'].includes(f.name))
        .map((f) => `${f.name} bit`),
    ],
    outcome: 'printed otherwise',
    reason: 'ovs-ofctl prints `set_field` with a mask that it does not take back; `load` is what it takes',
  },
];

interface FieldCase extends Case {
  readonly field: Field;
}

describe('a write with its prerequisites', () => {
  let tried: Tried<FieldCase>[] = [];

  beforeAll(async () => {
    const cases = WRITABLE.flatMap((f) =>
      writes(f).flatMap((write) =>
        matchesFor(f).map((match): FieldCase => ({
          key: `${f.name} ${write.form}`,
          field: f,
          match,
          action: statement(f, write),
        })),
      ),
    );
    tried = await tryAll(lab, cases, 'instructions');
  });

  test('is taken, kept and shown', () => {
    expect(lossesOf(tried)).toEqual(expectedLosses(EXCEPTIONS));
  });

  test('covers every writable field', () => {
    const names = new Set(tried.map((t) => t.field.name));
    const kept = new Set(tried.filter((t) => t.outcome === 'kept').map((t) => t.field.name));
    console.log(
      `writes: ${names.size} of ${WRITABLE.length} fields, ${kept.size} come back; ${tried.length} flows`,
    );
    expect([...names].sort()).toEqual(WRITABLE.map((f) => f.name).sort());
    // 64 of tun_metadata, dl_vlan, dl_vlan_pcp.
    expect(kept.size).toBe(WRITABLE.length - 66);
  });

  test('has the bytes of ovs-ofctl for the text that we emit', async () => {
    expect(await textDifferences(tried)).toEqual([]);
  });

  test('is refused without them, by us and by the switch with one and the same error', async () => {
    const rows = tried
      .filter((t) => t.flow !== null && t.match === matchesFor(t.field)[0])
      .filter((t) => matchesFor(t.field)[0] !== '')
      .map((t) => {
        const ethernet = t.field.prerequisite === 'Ethernet' && t.field.name !== 'vlan_vid';
        const match = ethernet ? 'packet_type = ipv4' : '';
        return {
          source: { match, action: t.action! },
          message: bytesOf(unchecked(flowOf({ match }).match, t.flow!.instructions)),
        };
      });
    const found = await verdicts(lab, rows);
    expect(disagreements(found).filter((v) => !TAKEN_WITHOUT_TAG.has(v.flow))).toEqual([]);
    expect(new Set(found.map((v) => v.switch))).toEqual(new Set(['OFPBAC_MATCH_INCONSISTENT', ACCEPTED]));
    expect(found.filter((v) => v.switch === ACCEPTED).map((v) => v.flow)).toEqual([...TAKEN_WITHOUT_TAG]);
    console.log(`writes: ${found.length} flows without prerequisites refused by both`);
  });

  test('is refused or accepted by both, whatever the match says', async () => {
    const contexts = CONTEXTS.map((match) => ({ match, terms: flowOf({ match }).match }));
    const needy = FIELDS.filter(
      (f) => (f.prerequisite !== 'none' || ofConnection(f)) && f.headers.length > 0 && f.exactIn.length > 0,
    );
    const rows = needy.flatMap((f) => {
      const into = register(f.bits)!;
      const actions = [
        ...(f.writable ? [statement(f, sample(f))] : []),
        `${into.field}[0..${f.bits - 1}] = ${f.name === 'nw_proto' ? 'ip_proto' : f.name}`,
      ];
      return actions.flatMap((action) => {
        const { instructions } = flowOf({ match: matchesFor(f)[0]!, action });
        return contexts.map(({ match, terms }) => ({
          source: { match, action },
          message: bytesOf(unchecked(terms, instructions)),
        }));
      });
    });
    const found = await verdicts(lab, rows);
    expect(disagreements(found).slice(0, 20)).toEqual([]);
    const refused = found.filter((r) => r.switch !== ACCEPTED).length;
    console.log(`contexts: ${found.length} flows judged, ${refused} of them refused by both`);
    expect(refused).toBeGreaterThan(1000);
    expect(found.length - refused).toBeGreaterThan(500);
  });
});

/** Of a number in a tag that may not be there: the switch takes these, and so do we, with a warning (WBF4010). */
const TAKEN_WITHOUT_TAG: ReadonlySet<string> = new Set([
  ' => vlan_vid = reg3[0..11]',
  ' => vlan_vid[0] = metadata[5]',
  ' => pop vlan_vid',
]);

/** The flows for whose text ovs-ofctl sends other bytes than ours. */
async function textDifferences(tried: readonly Tried<Case>[]): Promise<string[]> {
  const flows = tried.flatMap((t) => (t.flow === null || textLosses(t.flow).length > 0 ? [] : [t.flow]));
  const texts = flows.map((flow) => flowText(flow));
  const sent = await ofctlMessages(lab, 'br0', texts);
  return flows.flatMap((flow, i) => {
    const theirs = sent[i]!;
    if (typeof theirs === 'string') return [`${texts[i]!}: ${theirs}`];
    return theirs.equals(bytesOf(flow)) ? [] : [texts[i]!];
  });
}

const set = (name: FieldName, value: bigint, mask: bigint | null = null): Action => ({
  kind: 'set_field',
  field: name,
  value,
  mask,
});

const sub = (name: FieldName, offset: number, bits: number): SubfieldRef => ({ field: name, offset, bits });

/** Something that we refuse, and the same for the switch, made by hand. */
interface Refusal extends Source {
  readonly apply?: readonly Action[];
  readonly instructions?: Partial<Instructions>;
  /** What cannot be said in the IR. */
  readonly raw?: (message: Buffer) => Buffer;
}

function messageOf({ match, apply = [], instructions = {}, raw, table = 1 }: Refusal): Buffer {
  const message = bytesOf({ ...unchecked(flowOf({ match }).match, { apply, ...instructions }), table });
  return raw === undefined ? message : raw(message);
}

function refusals(rows: readonly Refusal[]): Promise<{ flow: string; ours: string; switch: string }[]> {
  return verdicts(
    lab,
    rows.map((row) => ({ source: row, message: messageOf(row) })),
  );
}

describe('a write that is refused for what it writes', () => {
  test('to a field that is read only', async () => {
    const rows = FIELDS.filter((f) => !f.writable && f.headers.length > 0).flatMap((f): Refusal[] => {
      const destination = sub(f.name, 0, f.bits);
      const source = register(f.bits)!;
      const match = f.name === 'dp_hash' || f.name === 'recirc_id' ? '' : remedies(f)[0]!;
      return [
        { match, action: `${f.name} = ${literal(f, 1n)}`, apply: [set(f.name, 1n)] },
        {
          match,
          action: `${f.name} = ${source.field}[0..${f.bits - 1}]`,
          apply: [{ kind: 'move', source, destination }],
        },
        { match, action: `pop ${f.name}`, apply: [{ kind: 'pop', destination }] },
      ];
    });
    const found = await refusals(rows);
    expect(disagreements(found)).toEqual([]);
    expect(new Set(found.map((v) => v.switch))).toEqual(new Set(['OFPBAC_BAD_SET_ARGUMENT']));
    expect(found.length).toBe(3 * FIELDS.filter((f) => !f.writable && f.headers.length > 0).length);
    console.log(`writes: ${found.length / 3} read-only fields refused by both`);
  });

  test('of a value that the field does not have', async () => {
    const rows = WRITABLE.filter((f) => f.headers.length > 0 && !TUNNEL_METADATA.includes(f.name)).flatMap(
      (f): Refusal[] => {
        const { domain } = f;
        const value =
          domain.kind === 'forbidden bits'
            ? domain.bits & -domain.bits
            : domain.kind === 'max'
              ? domain.max + 1n
              : null;
        if (value === null) return [];
        const match = matchesFor(f)[0]!;
        return [{ match, action: `${f.name} = ${literal(f, value)}`, apply: [set(f.name, value)] }];
      },
    );
    rows.push({
      match: '',
      action: 'in_port_oxm = 1',
      apply: [set('in_port_oxm', 1n)],
    });
    const found = await refusals(rows);
    expect(disagreements(found)).toEqual([]);
    expect(new Set(found.map((v) => v.switch))).toEqual(new Set(['OFPBAC_BAD_SET_ARGUMENT']));
    expect(rows.length).toBeGreaterThan(10);
  });

  test('of bits outside of the mask', async () => {
    const rows = WRITABLE.filter((f) => f.maskable && !TUNNEL_METADATA.includes(f.name)).map((f): Refusal => {
      const forbidden = f.domain.kind === 'forbidden bits' ? f.domain.bits : 0n;
      const mask = ones(f.bits) & ~forbidden & ~5n;
      const write = `${f.name} = ${literal(f, mask | 1n)}/${literal(f, mask)}`;
      // The present bit is in the value and the mask of whatever is written to vlan_vid.
      const tag = f.name === 'vlan_vid' ? 0x1000n : 0n;
      const action = set(f.name, mask | 1n | tag, mask | tag);
      const ct: Action = { ...CT, exec: [action] };
      return {
        match: matchesFor(f)[0]!,
        action: statement(f, { form: 'masked', text: write }),
        apply: [ofConnection(f) ? ct : action],
      };
    });
    const found = await refusals(rows);
    expect(disagreements(found)).toEqual([]);
    expect(new Set(found.map((v) => v.switch))).toEqual(new Set(['OFPBMC_BAD_WILDCARDS']));
    expect(rows.length).toBeGreaterThan(50);
  });
});

const CT: Extract<Action, { kind: 'ct' }> = {
  kind: 'ct',
  commit: true,
  force: false,
  zone: null,
  table: null,
  alg: 0,
  nat: null,
  exec: [],
};

const NAT: Nat = {
  direction: 'src',
  family: 4,
  addresses: { min: 0x0a000001n, max: null },
  ports: null,
  persistent: false,
  hash: false,
  random: false,
};

/** Legal flows: `match => statements`, by the action that they show. */
const LEGAL: Readonly<Partial<Record<ActionName, readonly Source[]>>> = {
  output: [
    { match: '', action: 'output 1; output 2' },
    {
      match: '',
      action: 'output in_port; output local; output normal; output flood; output all; output table',
    },
    { match: '', action: 'normal' },
    { match: '', action: 'output reg0[0..15]; output xreg1; output metadata[3..10]' },
    { match: 'tcp', action: 'output tcp_dst' },
    { match: '', action: 'output(port = 2, max_len = 14); output(port = local, max_len = 0xffffffff)' },
    { match: 'eth_type = nsh', action: 'output nsh_c1' },
  ],
  controller: [
    { match: '', action: 'controller; controller(max_len = 128); controller(max_len = 0)' },
    { match: '', action: 'controller(reason = no_match, id = 5)' },
    {
      match: '',
      action:
        'controller(userdata = "01.02.03", pause, meter_id = 9, max_len = 5, id = 7, reason = invalid_ttl)',
    },
  ],
  enqueue: [
    { match: '', action: 'enqueue(port = 2, queue = 1); enqueue(local, 0xfffffffe); enqueue(in_port, 0)' },
  ],
  drop: [{ match: '', action: 'drop' }],
  group: [{ match: '', action: 'group 1' }],
  strip_vlan: [
    { match: 'vlan_vid = 5', action: 'pop_vlan; normal' },
    { match: '', action: 'push_vlan 0x8100; pop_vlan; normal' },
    { match: 'vlan_vid = 5', action: 'strip_vlan; normal' },
  ],
  push_vlan: [
    { match: '', action: 'push_vlan 0x8100; vlan_vid = 5; push_vlan 0x88a8; vlan_pcp = 3; normal' },
    { match: 'tcp', action: 'push_vlan 0x8100; tcp_dst = 80; normal' },
  ],
  push_mpls: [
    { match: 'ip', action: 'push_mpls 0x8847; mpls_label = 5; mpls_tc = 1; normal' },
    { match: '', action: 'push_mpls 0x8848; normal' },
  ],
  pop_mpls: [{ match: 'mpls', action: 'pop_mpls 0x0800; ip_src = 10.0.0.1; dec_ttl; normal' }],
  set_field: [
    {
      match: 'tcp',
      action: 'eth_src = 02:00:00:00:00:01; ip_src = 10.0.0.0/255.0.255.0; tcp_dst = 80; normal',
    },
  ],
  load: [
    { match: 'ip', action: 'reg0[3..6] = 5; metadata[0..31] = 10.0.0.1; ip_src[0..7] = 5; normal' },
    { match: 'ip', action: 'ip_dscp[0..2] = 5; in_port[0..3] = 1; normal' },
  ],
  move: [
    {
      match: 'arp',
      action:
        'arp_op = 2; arp_tha = arp_sha; arp_tpa = arp_spa; reg0[0..15] = in_port; in_port_oxm = reg1; normal',
    },
    { match: 'eth_type = nsh', action: 'nsh_c1 = nsh_c2; reg0 = nsh_c3; normal' },
  ],
  dec_ttl: [
    { match: 'ip', action: 'dec_ttl; normal' },
    { match: 'ipv6', action: 'dec_ttl(1, 2, 0xffff); normal' },
  ],
  dec_mpls_ttl: [{ match: 'mpls', action: 'dec_mpls_ttl; normal' }],
  dec_nsh_ttl: [{ match: 'eth_type = nsh', action: 'dec_nsh_ttl; normal' }],
  check_pkt_larger: [{ match: '', action: 'reg0[5] = check_pkt_larger(1500); normal' }],
  set_queue: [{ match: '', action: 'set_queue 0; output 1; set_queue 0xffffffff; output 2' }],
  pop_queue: [{ match: '', action: 'set_queue 5; pop_queue; output 1' }],
  ct: [
    { match: 'ip', action: 'ct' },
    { match: 'ipv6', action: 'ct(table = acl)' },
    { match: 'ip', action: 'ct(commit, force, zone = 0xffff, table = 7)' },
    { match: 'ip', action: 'ct(zone = reg0[16..31], table = acl); ct(zone = ct_zone)' },
    {
      match: 'tcp',
      action: 'ct(commit, alg = ftp) { ct_mark = 1/3; ct_label[5..9] = 3; ct_mark[0..15] = tcp_dst }',
    },
    { match: 'udp6', action: 'ct(commit, alg = tftp) { ct_label = 5 }' },
  ],
  nat: [
    { match: 'ip', action: 'ct(nat); ct(commit, nat(src)); ct(commit, nat(dst))' },
    { match: 'ip', action: 'ct(commit, nat(src = 10.0.0.1-10.0.0.9, ports = 5-9, hash, persistent))' },
    { match: 'ip', action: 'ct(commit, nat(dst = 10.0.0.1, ports = 80, random))' },
    { match: 'ipv6', action: 'ct(commit, nat(src = fe80::1-fe80::9)) { ct_mark = 1 }' },
  ],
  ct_clear: [{ match: '', action: 'ct_clear; normal' }],
  fin_timeout: [{ match: 'tcp', action: 'fin_timeout(idle_timeout = 5, hard_timeout = 10s); normal' }],
  resubmit: [
    { match: '', action: 'resubmit(,5); resubmit(3, 7); resubmit(3); resubmit(local, acl)' },
    { match: '', action: 'resubmit(in_port)' },
    { match: 'ip; ct_state = +trk+est', action: 'resubmit(,5,ct)' },
  ],
  clone: [
    {
      match: 'ip',
      action: 'clone { eth_src = 02:00:00:00:00:01; dec_ttl; output 1; clone { output 2 } }; output 3',
    },
  ],
  push: [{ match: 'tcp', action: 'push reg0; push tcp_dst; push metadata[3..9]; pop reg1; normal' }],
  pop: [{ match: 'tcp', action: 'push reg0[0..15]; pop tcp_dst; pop reg1[0..3]; normal' }],
  exit: [{ match: '', action: 'output 1; exit' }],
  conjunction: [
    {
      match: 'ip; ip_src = 10.0.0.1',
      action: 'conjunction(10, 1/2); conjunction(0xffffffff, 64/64); note "01"',
    },
  ],
  note: [{ match: '', action: 'note "01.02.03"; note "0102030405060708"; normal' }],
  meter: [
    { match: '', action: 'meter 1; normal' },
    { match: '', action: 'output 1; meter 1; output 2' },
  ],
  clear_actions: [
    { match: '', action: 'output 1; clear_actions' },
    { match: '', action: 'clear_actions; goto acl' },
  ],
  write_actions: [
    {
      match: 'ip',
      action:
        'write_actions { dec_ttl; eth_src = 02:00:00:00:00:01; reg0[0..15] = in_port; set_queue 5; output 1 }; goto acl',
    },
    { match: '', action: 'write_actions { pop_vlan; push_vlan 0x8100; dec_ttl; group 1 }' },
    { match: 'ip', action: 'write_actions { ct(commit, table = 7) { ct_mark = 1 } }' },
    { match: '', action: 'write_actions { controller(max_len = 5) }' },
    { match: '', action: 'write_actions { resubmit(,5) }' },
  ],
  write_metadata: [
    { match: '', action: 'write_metadata 5; goto acl' },
    {
      match: '',
      action: 'output 1; clear_actions; write_actions { output 2 }; write_metadata 0x10/0xf0; goto acl',
    },
  ],
  goto_table: [{ match: '', action: 'goto acl' }],
};

/** Flows that are wrong, and the same as the switch is told. */
const ILLEGAL: Readonly<Partial<Record<ActionName, readonly Refusal[]>>> = {
  output: [
    { match: '', action: 'output any', apply: [{ kind: 'output', port: 0xffffffff, maxLen: 0 }] },
    { match: '', action: 'output unset', apply: [{ kind: 'output', port: 0xfffffff7, maxLen: 0 }] },
    { match: '', action: 'output 0xff01', apply: [{ kind: 'output', port: 0xff01, maxLen: 0 }] },
    { match: '', action: 'output 0x10000', apply: [{ kind: 'output', port: 0x10000, maxLen: 0 }] },
    {
      match: 'udp',
      action: 'output tcp_dst',
      apply: [{ kind: 'output_reg', source: sub('tcp_dst', 0, 16), maxLen: 0xffff }],
    },
    {
      match: '',
      action: 'output reg0[20..35]',
      apply: [{ kind: 'output_reg', source: sub('reg0', 20, 16), maxLen: 0xffff }],
    },
    {
      match: '',
      action: 'output(port = 1, max_len = 13)',
      apply: [{ kind: 'output_trunc', port: 1, maxLen: 13 }],
    },
    {
      match: '',
      action: 'write_actions { output reg0[0..15] }',
      instructions: { write: [{ kind: 'output_reg', source: sub('reg0', 0, 16), maxLen: 0xffff }] },
    },
    {
      match: '',
      action: 'write_actions { output(port = 1, max_len = 64) }',
      instructions: { write: [{ kind: 'output_trunc', port: 1, maxLen: 64 }] },
    },
  ],
  controller: [
    {
      match: '',
      action: 'write_actions { controller(id = 5) }',
      instructions: {
        write: [
          {
            kind: 'controller',
            maxLen: 0xffff,
            reason: 'action',
            id: 5,
            userdata: null,
            pause: false,
            meterId: null,
          },
        ],
      },
    },
  ],
  enqueue: [
    {
      match: '',
      action: 'enqueue(port = any, queue = 1)',
      apply: [{ kind: 'enqueue', port: 0xffffffff, queue: 1 }],
    },
  ],
  strip_vlan: [
    { match: '', action: 'pop_vlan; normal', apply: [{ kind: 'pop_vlan' }] },
    {
      match: 'vlan_vid = 5',
      action: 'pop_vlan; pop_vlan; normal',
      apply: [{ kind: 'pop_vlan' }, { kind: 'pop_vlan' }],
    },
    { match: 'vlan_vid = none', action: 'pop_vlan; normal', apply: [{ kind: 'pop_vlan' }] },
  ],
  push_vlan: [
    { match: '', action: 'push_vlan 0x9100; normal', apply: [{ kind: 'push_vlan', ethertype: 0x9100 }] },
    {
      match: 'vlan_vid = 5',
      action: 'push_vlan 0x8100; push_vlan 0x8100; normal',
      apply: [
        { kind: 'push_vlan', ethertype: 0x8100 },
        { kind: 'push_vlan', ethertype: 0x8100 },
      ],
    },
  ],
  push_mpls: [
    { match: 'ip', action: 'push_mpls 0x0800; normal', apply: [{ kind: 'push_mpls', ethertype: 0x0800 }] },
    {
      match: 'packet_type = ipv4',
      action: 'push_mpls 0x8847; normal',
      apply: [{ kind: 'push_mpls', ethertype: 0x8847 }],
    },
    {
      match: 'tcp',
      action: 'push_mpls 0x8847; tcp_dst = 80; normal',
      apply: [{ kind: 'push_mpls', ethertype: 0x8847 }, set('tcp_dst', 80n)],
    },
  ],
  pop_mpls: [
    { match: 'ip', action: 'pop_mpls 0x0800; normal', apply: [{ kind: 'pop_mpls', ethertype: 0x0800 }] },
    {
      match: 'mpls',
      action: 'pop_mpls 0x0800; tcp_dst = 80; normal',
      apply: [{ kind: 'pop_mpls', ethertype: 0x0800 }, set('tcp_dst', 80n)],
    },
  ],
  set_field: [
    { match: 'ip', action: 'tcp_dst = 80; normal', apply: [set('tcp_dst', 80n)] },
    { match: 'ip', action: 'ct_mark = 5; normal', apply: [set('ct_mark', 5n)] },
    { match: 'vlan_vid = 5', action: 'vlan_vid = none; normal', apply: [set('vlan_vid', 0n)] },
    {
      match: '',
      instructions: { write: [set('ip_src', 1n)] },
      action: 'write_actions { ip_src = 0.0.0.1; output 1 }',
    },
  ],
  load: [
    { match: '', action: 'ip_dscp[0..2] = 5; normal', apply: [set('ip_dscp', 5n, 7n)] },
    { match: 'ip', action: 'ip_proto[0..2] = 5; normal', apply: [set('nw_proto', 5n, 7n)] },
  ],
  move: [
    {
      match: '',
      action: 'reg0[0..15] = tcp_dst; normal',
      apply: [{ kind: 'move', source: sub('tcp_dst', 0, 16), destination: sub('reg0', 0, 16) }],
    },
    {
      match: '',
      action: 'tcp_dst = reg0[0..15]; normal',
      apply: [{ kind: 'move', source: sub('reg0', 0, 16), destination: sub('tcp_dst', 0, 16) }],
    },
    {
      match: '',
      action: 'reg0[20..35] = reg1[0..15]; normal',
      apply: [{ kind: 'move', source: sub('reg1', 0, 16), destination: sub('reg0', 20, 16) }],
    },
    {
      match: '',
      action: 'reg1[0..15] = reg0[20..35]; normal',
      apply: [{ kind: 'move', source: sub('reg0', 20, 16), destination: sub('reg1', 0, 16) }],
    },
    {
      match: 'ip',
      action: 'ct_mark = reg0; normal',
      apply: [{ kind: 'move', source: sub('reg0', 0, 32), destination: sub('ct_mark', 0, 32) }],
    },
  ],
  dec_ttl: [
    { match: '', action: 'dec_ttl; normal', apply: [{ kind: 'dec_ttl', controllers: [] }] },
    { match: 'arp', action: 'dec_ttl(1, 2); normal', apply: [{ kind: 'dec_ttl', controllers: [1, 2] }] },
  ],
  dec_mpls_ttl: [{ match: 'ip', action: 'dec_mpls_ttl; normal', apply: [{ kind: 'dec_mpls_ttl' }] }],
  dec_nsh_ttl: [{ match: 'ip', action: 'dec_nsh_ttl; normal', apply: [{ kind: 'dec_nsh_ttl' }] }],
  delete_field: [
    { match: '', action: 'delete_field reg0', apply: [{ kind: 'delete_field', field: 'reg0' }] },
    {
      match: '',
      action: 'delete_field tun_metadata0',
      apply: [{ kind: 'delete_field', field: 'tun_metadata0' }],
    },
  ],
  pop_queue: [
    { match: '', action: 'write_actions { pop_queue }', instructions: { write: [{ kind: 'pop_queue' }] } },
  ],
  ct: [
    { match: '', action: 'ct', apply: [{ ...CT, commit: false }] },
    { match: 'arp', action: 'ct(commit)', apply: [CT] },
    { match: 'ip', action: 'ct(force)', apply: [{ ...CT, commit: false, force: true }] },
    { match: 'ip; ct_state = +trk+inv', action: 'ct(commit)', apply: [CT] },
    { match: 'udp', action: 'ct(commit, alg = ftp)', apply: [{ ...CT, alg: 21 }] },
    { match: 'tcp', action: 'ct(commit, alg = tftp)', apply: [{ ...CT, alg: 69 }] },
    { match: 'ip', action: 'ct(zone = reg0)', apply: [{ ...CT, commit: false, zone: sub('reg0', 0, 32) }] },
    {
      match: 'ip',
      action: 'ct(zone = tcp_dst)',
      apply: [{ ...CT, commit: false, zone: sub('tcp_dst', 0, 16) }],
    },
    {
      match: 'ip',
      action: 'ct { ct_mark = 1 }',
      apply: [{ ...CT, commit: false, exec: [set('ct_mark', 1n)] }],
    },
    { match: 'ip', action: 'ct(commit) { reg0 = 1 }', apply: [{ ...CT, exec: [set('reg0', 1n)] }] },
    {
      match: 'ip',
      action: 'ct(commit) { output 1 }',
      apply: [{ ...CT, exec: [{ kind: 'output', port: 1, maxLen: 0 }] }],
    },
    { match: 'ip', action: 'ct(commit) { ct }', apply: [{ ...CT, exec: [{ ...CT, commit: false }] }] },
    {
      match: 'ip',
      action: 'ct(commit) { ct_mark[0..15] = tcp_dst }',
      apply: [
        {
          ...CT,
          exec: [{ kind: 'move', source: sub('tcp_dst', 0, 16), destination: sub('ct_mark', 0, 16) }],
        },
      ],
    },
  ],
  nat: [
    { match: 'ip', action: 'ct(nat(src = 10.0.0.1))', apply: [{ ...CT, commit: false, nat: NAT }] },
    { match: 'ipv6', action: 'ct(commit, nat(src = 10.0.0.1))', apply: [{ ...CT, nat: NAT }] },
    {
      match: 'ip',
      action: 'ct(commit, nat(dst = fe80::1))',
      apply: [{ ...CT, nat: { ...NAT, direction: 'dst', family: 6 } }],
    },
    {
      match: 'ip',
      action: 'ct(commit, nat(src = 10.0.0.9-10.0.0.1))',
      apply: [{ ...CT, nat: { ...NAT, addresses: { min: 0x0a000009n, max: 0x0a000001n } } }],
    },
    {
      match: 'ip',
      action: 'ct(commit, nat(src = 0.0.0.0))',
      apply: [{ ...CT, nat: { ...NAT, addresses: { min: 0n, max: null } } }],
    },
    {
      match: 'ip',
      action: 'ct(commit, nat(src = 10.0.0.1, ports = 9-5))',
      apply: [{ ...CT, nat: { ...NAT, ports: { min: 9, max: 5 } } }],
    },
    {
      match: 'ip',
      action: 'ct(commit, nat(src, ports = 5))',
      apply: [{ ...CT, nat: { ...NAT, family: null, addresses: null, ports: { min: 5, max: null } } }],
    },
    {
      match: 'ip',
      action: 'ct(commit, nat(src = 10.0.0.1, hash, random))',
      apply: [{ ...CT, nat: { ...NAT, hash: true, random: true } }],
    },
    {
      match: 'ip',
      action: 'nat',
      // An argument-less nat in the place of a note of the same length.
      apply: [{ kind: 'note', bytes: Uint8Array.of() }],
      raw: (m) =>
        Buffer.from(m.toString('hex').replace('ffff0010000023200008', 'ffff0010000023200024'), 'hex'),
    },
  ],
  fin_timeout: [
    {
      match: 'udp',
      action: 'fin_timeout(idle_timeout = 5); normal',
      apply: [{ kind: 'fin_timeout', idle: 5, hard: 0 }],
    },
  ],
  resubmit: [
    { match: 'ip', action: 'resubmit(,5,ct)', apply: [{ kind: 'resubmit', port: null, table: 5, ct: true }] },
    {
      match: 'ip; ct_state = +trk',
      action: 'resubmit(,5,ct)',
      apply: [{ kind: 'resubmit', port: null, table: 5, ct: true }],
    },
  ],
  clone: [
    {
      match: '',
      action: 'clone { tcp_dst = 80; output 1 }',
      apply: [{ kind: 'clone', actions: [set('tcp_dst', 80n)] }],
    },
    {
      match: '',
      action: 'write_actions { clone { output 1 } }',
      instructions: { write: [{ kind: 'clone', actions: [] }] },
    },
  ],
  push: [
    { match: '', action: 'push tcp_dst', apply: [{ kind: 'push', source: sub('tcp_dst', 0, 16) }] },
    { match: '', action: 'push reg0[20..35]', apply: [{ kind: 'push', source: sub('reg0', 20, 16) }] },
    {
      match: '',
      action: 'write_actions { push reg0 }',
      instructions: { write: [{ kind: 'push', source: sub('reg0', 0, 32) }] },
    },
  ],
  pop: [
    { match: '', action: 'pop tcp_dst', apply: [{ kind: 'pop', destination: sub('tcp_dst', 0, 16) }] },
    { match: '', action: 'pop reg0[20..35]', apply: [{ kind: 'pop', destination: sub('reg0', 20, 16) }] },
  ],
  exit: [{ match: '', action: 'write_actions { exit }', instructions: { write: [{ kind: 'exit' }] } }],
  conjunction: [
    {
      match: '',
      action: 'conjunction(1, 1/1)',
      apply: [{ kind: 'conjunction', id: 1, clause: 1, clauses: 1 }],
    },
    {
      match: '',
      action: 'conjunction(1, 1/65)',
      apply: [{ kind: 'conjunction', id: 1, clause: 1, clauses: 65 }],
    },
    {
      match: '',
      action: 'conjunction(1, 0/2)',
      apply: [{ kind: 'conjunction', id: 1, clause: 256, clauses: 2 }],
    },
    {
      match: '',
      action: 'conjunction(1, 3/2)',
      apply: [{ kind: 'conjunction', id: 1, clause: 3, clauses: 2 }],
    },
    {
      match: '',
      action: 'conjunction(1, 1/2); output 1',
      apply: [
        { kind: 'conjunction', id: 1, clause: 1, clauses: 2 },
        { kind: 'output', port: 1, maxLen: 0 },
      ],
    },
    {
      match: '',
      action: 'conjunction(1, 1/2); goto acl',
      instructions: { apply: [{ kind: 'conjunction', id: 1, clause: 1, clauses: 2 }], goto: 5 },
    },
  ],
  note: [
    {
      match: 'ip',
      action: 'ct(commit) { note "01" }',
      apply: [{ ...CT, exec: [{ kind: 'note', bytes: Uint8Array.of(1) }] }],
    },
    {
      match: '',
      action: 'write_actions { note "01" }',
      instructions: { write: [{ kind: 'note', bytes: Uint8Array.of(1) }] },
    },
  ],
  meter: [
    { match: '', action: 'meter 0; normal', apply: [{ kind: 'meter', id: 0 }] },
    { match: '', action: 'meter 0xffff0001; normal', apply: [{ kind: 'meter', id: 0xffff0001 }] },
    { match: '', action: 'write_actions { meter 1 }', instructions: { write: [{ kind: 'meter', id: 1 }] } },
  ],
  clear_actions: [
    {
      match: '',
      action: 'clear_actions; clear_actions',
      instructions: { clear: true },
      raw: (m) => withLength(Buffer.concat([m, m.subarray(m.length - 8)])),
    },
  ],
  write_actions: [
    {
      match: '',
      action: 'write_actions { group 1 }; write_actions { group 1 }',
      instructions: { write: [{ kind: 'group', id: 1 }] },
      raw: (m) => withLength(Buffer.concat([m, m.subarray(m.length - 16)])),
    },
  ],
  write_metadata: [
    {
      match: '',
      action: 'write_metadata 1; write_metadata 2',
      instructions: { writeMetadata: { value: 1n, mask: null } },
      raw: (m) => withLength(Buffer.concat([m, m.subarray(m.length - 24)])),
    },
  ],
  group: [
    { match: '', action: 'group 0xffffff01', apply: [{ kind: 'group', id: 0xffffff01 }] },
    { match: '', action: 'clone { group 0xfffffffc }', apply: [{ kind: 'group', id: 0xfffffffc }] },
  ],
  goto_table: [
    { match: '', action: 'goto here', instructions: { goto: 1 } },
    { match: '', table: 6, action: 'goto acl', instructions: { goto: 5 } },
    {
      match: '',
      action: 'goto acl; goto last',
      instructions: { goto: 5 },
      raw: (m) => withLength(Buffer.concat([m, m.subarray(m.length - 8)])),
    },
  ],
};

interface Stricter extends Refusal {
  readonly reason: string;
  /** Our code; the switch accepts what it is sent. */
  readonly code: string;
}

interface Stricter extends Refusal {
  /** What we say; the switch accepts it. */
  readonly code: string;
  readonly reason: string;
}

/** What we refuse although the switch takes it. */
const STRICTER: readonly Stricter[] = [
  {
    match: '',
    action: 'nw_ttl[0] = check_pkt_larger(1500); normal',
    apply: [{ kind: 'check_pkt_larger', size: 1500, destination: sub('nw_ttl', 0, 1) }],
    code: 'WBF4001',
    reason: 'it would write into a packet that may not have the field; the switch does not look',
  },
  {
    match: '',
    action: 'enqueue(port = normal, queue = 1)',
    apply: [{ kind: 'enqueue', port: 0xfffffffa, queue: 1 }],
    code: 'WBF4103',
    reason:
      'a reserved port has no queues; OpenFlow 1.0 refuses it, newer versions send three actions instead',
  },
  {
    match: '',
    action: 'output(port = flood, max_len = 64)',
    apply: [{ kind: 'output_trunc', port: 0xfffffffb, maxLen: 64 }],
    code: 'WBF4102',
    reason: 'the switch cuts packets to single ports only',
  },
  {
    match: '',
    action: 'write_metadata 0x15/0xf0; goto acl',
    instructions: { writeMetadata: { value: 0x15n, mask: 0xf0n }, goto: 5 },
    code: 'WBF2106',
    reason: 'bits outside of the mask are not written: they say something that is not meant',
  },
  {
    match: 'ip',
    action: 'ip_dscp = 3/7; normal',
    apply: [set('ip_dscp', 3n, 7n)],
    code: 'WBF2105',
    reason: 'ovs-ofctl takes no such mask; `ip_dscp[0..2] = 3` says the same',
  },
  {
    match: 'ip',
    action: 'ct(commit, nat(hash))',
    apply: [{ ...CT, nat: { ...NAT, direction: null, family: null, addresses: null, hash: true } }],
    code: 'WBF4511',
    reason: 'a flag of a range that is not there',
  },
  {
    match: 'ip',
    action: 'pop ct_mark',
    apply: [{ kind: 'pop', destination: sub('ct_mark', 0, 32) }],
    code: 'WBF4007',
    reason: 'what is written outside `ct` is gone with the packet',
  },
  {
    match: '',
    action: 'goto 99',
    instructions: { goto: 99 },
    code: 'WBF2010',
    reason: 'a table that nobody has declared drops every packet',
  },
  {
    match: '',
    action: 'resubmit(,99)',
    apply: [{ kind: 'resubmit', port: null, table: 99, ct: false }],
    code: 'WBF2010',
    reason: 'as with `goto`',
  },
  {
    match: '',
    action: 'resubmit()',
    apply: [{ kind: 'resubmit', port: null, table: null, ct: false }],
    code: 'WBF4205',
    reason: 'it would look the packet up where it is, without end; ovs-ofctl refuses it, too',
  },
  {
    match: '',
    action: 'resubmit(0xff10, 5)',
    apply: [{ kind: 'resubmit', port: 0xff10, table: 5, ct: false }],
    code: 'WBF2013',
    reason: 'a port that no switch can have',
  },
  {
    match: '',
    action: 'in_port = 0xff10; normal',
    apply: [set('in_port', 0xff10n)],
    code: 'WBF2013',
    reason: 'as above',
  },
];

interface Unsayable extends Source {
  readonly code: string;
  readonly reason: string;
}

/** What we refuse and no message could say. */
const UNSAYABLE: readonly Unsayable[] = [
  {
    match: '',
    action: '',
    code: 'WBF4301',
    reason: 'nothing is dropped by accident: it is `drop` that says so',
  },
  {
    match: '',
    action: 'drop; output 1',
    code: 'WBF4303',
    reason: '`drop` is the absence of actions',
  },
  {
    match: '',
    action: 'write_actions { drop }',
    code: 'WBF4304',
    reason: '`drop` in a list does nothing; ovs-ofctl takes it, for the whole flow',
  },
  {
    match: '',
    action: 'goto acl; output 1',
    code: 'WBF4305',
    reason: 'the source is in the order of execution; in a message instructions have no order',
  },
  {
    match: '',
    action: 'clone { goto acl }',
    code: 'OFPBIC_UNSUP_INST',
    reason:
      'an instruction has no number among the actions; the name is that of the switch for others like it',
  },
  {
    match: '',
    action: 'reg0 = in_port; normal',
    code: 'WBF4006',
    reason: 'a message has one width for both sides',
  },
  {
    match: '',
    action: 'dl_vlan = 5; normal',
    code: 'WBF4005',
    reason: 'a field without a header',
  },
  {
    match: '',
    action: 'set_queue 0x100000000; output 1',
    code: 'WBF2114',
    reason: 'more bits than a message has',
  },
  {
    match: '',
    action: 'controller(max_len = 0x10000)',
    code: 'WBF2114',
    reason: 'more bits than a message has',
  },
  {
    match: '',
    action: 'ct_clear 5',
    code: 'WBF4206',
    reason: 'an argument that the action does not have',
  },
];

/** Actions that this version of the language does not have. */
const LATER: readonly ActionName[] = [
  'learn',
  'encap',
  'decap',
  'bundle',
  'bundle_load',
  'multipath',
  'sample',
];

/** They have no statement of their own: an assignment says it (WBF4202). */
const ASSIGNED = ACTIONS.filter((a) => a.instead !== null && LEGAL[a.name] === undefined).map((a) => a.name);

const keyOf = ({ match, action = '' }: Source): string => `${match} => ${action}`;

describe('an action', () => {
  const covered = (of: Readonly<Partial<Record<ActionName, unknown>>>): Set<string> =>
    new Set(Object.keys(of));

  test('is here', () => {
    const rest = ACTIONS.filter((a) => !covered(LEGAL).has(a.name)).map((a) => a.name);
    expect(rest.sort()).toEqual([...LATER, ...ASSIGNED, 'delete_field', 'debug_recirc', 'debug_slow'].sort());
    const core = ACTIONS.filter((a) => a.core).map((a) => a.name);
    expect(core.filter((name) => !covered(LEGAL).has(name))).toEqual(['learn']);
    // Of these there is nothing wrong that a message could say.
    expect(core.filter((name) => !covered(ILLEGAL).has(name)).sort()).toEqual([
      'ct_clear',
      'drop',
      'learn',
      'set_queue',
    ]);
    const words = UNSAYABLE.map((s) => s.action ?? '').join(' ');
    for (const name of ['ct_clear', 'drop', 'set_queue']) expect(words).toContain(name);
    console.log(
      `actions: ${covered(LEGAL).size} of ${ACTIONS.length}, ${core.length - 1} of the ${core.length} of the core`,
    );
  });

  test('that is legal is taken, kept and shown, with the bytes of ovs-ofctl', async () => {
    const exceptions: readonly Exception[] = [
      {
        of: [' => enqueue(port = 2, queue = 1); enqueue(local, 0xfffffffe); enqueue(in_port, 0)'],
        outcome: 'printed otherwise',
        reason:
          'printed as set_queue, output and pop_queue; that output has another max_len, which only controllers see',
      },
      {
        of: [' => output 1; meter 1; output 2'],
        outcome: 'printed otherwise',
        reason: 'ovs-ofctl takes a meter as the first action only',
      },
      {
        of: [' => resubmit(in_port)'],
        outcome: 'printed otherwise',
        reason: 'ovs-ofctl prints a resubmit without port and table, and does not take it back',
      },
      {
        of: ['ip => ip_dscp[0..2] = 5; in_port[0..3] = 1; normal'],
        outcome: 'printed otherwise',
        reason:
          'ovs-ofctl prints `set_field` with a mask that it does not take back; `load` is what it takes',
      },
    ];
    const rows = Object.values(LEGAL).flat();
    const tried = await tryAll(
      lab,
      rows.map((row): Case => ({ ...row, key: keyOf(row) })),
      'instructions',
    );
    expect(lossesOf(tried)).toEqual(expectedLosses(exceptions));
    expect(await textDifferences(tried)).toEqual([]);
    const wordless = tried.filter((t) => t.flow !== null && textLosses(t.flow).length > 0);
    expect(wordless.map((t) => t.key).sort()).toEqual([
      ' => output 1; meter 1; output 2',
      ' => resubmit(in_port)',
    ]);
  });

  test('that is illegal is refused by both with one and the same error', async () => {
    const rows = Object.values(ILLEGAL).flat();
    const found = await refusals(rows);
    expect(disagreements(found)).toEqual([]);
    expect(found.filter((v) => v.switch === ACCEPTED)).toEqual([]);
    console.log(
      `actions: ${found.length} illegal flows refused by both, with ${new Set(found.map((v) => v.switch)).size} errors`,
    );
  });

  test('is refused by us alone for a reason', async () => {
    const found = await refusals(STRICTER);
    expect(found.map((v) => [v.flow, v.ours, v.switch])).toEqual(
      STRICTER.map((row) => [keyOf(row), row.code, ACCEPTED]),
    );
  });

  test('that no message could do is refused', () => {
    expect(UNSAYABLE.map((source) => [keyOf(source), judge(source).says])).toEqual(
      UNSAYABLE.map((row) => [keyOf(row), row.code]),
    );
  });

  test('of a later version is not taken for something else', () => {
    expect(LATER.map((name) => judge({ match: '', action: `${name}()` }).says)).toEqual(
      LATER.map(() => 'WBF4203'),
    );
  });
});
