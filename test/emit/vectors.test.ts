// Vectors: what ovs-ofctl 3.1.0 once sent for a text. They are kept beside the repository, not in it.
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flowText } from '../../src/emit/flows.ts';
import { writeActions } from '../../src/emit/openflow15/actions.ts';
import { textLosses } from '../../src/emit/text/limits.ts';
import { ByteWriter } from '../../src/ir/bytes.ts';
import { encodeMatch } from '../../src/ir/oxm.ts';
import type { Action, MatchField } from '../../src/ir/types.ts';
import type { FieldName } from '../../src/openflow/fields.ts';
import { fieldByHeader } from '../../src/openflow/oxm.ts';
import { startSwitch, type Lab } from '../lab/switch.ts';
import { bits } from './cases.ts';
import { differences, flow, prepareBridge, term } from './judge.ts';

const folder = new URL('../../../shared/ovs/', import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));

/** `80000a02:0800` as a term. */
function decode(tlv: string): MatchField {
  const [header = '', payload = ''] = tlv.split(':');
  const word = parseInt(header, 16);
  const oxmClass = word >>> 16;
  const experimenter = oxmClass === 0xffff ? parseInt(payload.slice(0, 8), 16) : null;
  const f = fieldByHeader(oxmClass, (word >>> 9) & 0x7f, experimenter);
  if (f === undefined) throw new Error(`no field has the header of ${tlv}`);
  const body = experimenter === null ? payload : payload.slice(8);
  const masked = (word & 0x100) !== 0;
  const value = masked ? body.slice(0, body.length / 2) : body;
  return term(f.name, BigInt(`0x0${value}`), masked ? BigInt(`0x${body.slice(value.length)}`) : null);
}

interface FieldVector {
  readonly text: string;
  readonly '1.5'?: readonly string[];
}

describe.runIf(existsSync(folder))('of matches', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startSwitch({ dummy: true });
    await prepareBridge(lab);
  });
  afterAll(() => lab.stop());

  const vectors = (): readonly FieldVector[] =>
    Object.values(read('field_vectors.json') as Readonly<Record<string, Readonly<Record<string, FieldVector>>>>)
      .flatMap((forms) => Object.values(forms))
      .filter((v) => v['1.5'] !== undefined);

  test('a match read from them is written as it stands there', () => {
    const all = vectors();
    expect(all.length).toBeGreaterThan(300);
    for (const { text, '1.5': tlvs = [] } of all) {
      const written = Buffer.from(encodeMatch(tlvs.map(decode))).toString('hex');
      expect(`${text} ${written}`).toBe(`${text} ${tlvs.join('').replaceAll(':', '')}`);
    }
  });

  test('and its text leads to the same bytes', async () => {
    const some = vectors()
      .map(({ '1.5': tlvs = [] }) => flow({ match: tlvs.map(decode) }))
      .filter((f) => textLosses(f).length === 0)
      // Slots without an option on the bridge.
      .filter((f) => !f.match.some((t) => /^tun_metadata([4-9]|\d\d)$/.test(t.field)));
    expect(await differences(lab, some)).toEqual([]);
  });
});

const set = (name: FieldName, value: bigint | number, mask: bigint | number | null = null): Action => ({
  kind: 'set_field',
  ...term(name, value, mask),
});
const output = (port: number, maxLen = 0xffff): Action => ({ kind: 'output', port, maxLen });
const controller = { kind: 'controller', maxLen: 0xffff, reason: 'action', id: 0, userdata: null, pause: false, meterId: null } as const;
const ct = { kind: 'ct', commit: false, force: false, zone: null, table: null, alg: 0, nat: null, exec: [] } as const;
const plainNat = { direction: null, family: null, addresses: null, ports: null, persistent: false, hash: false, random: false } as const;
const reg0 = bits('reg0', 0, 32);

/** The texts of action_vectors.json that this language has an action for, and that action. */
const MEANT: Readonly<Record<string, readonly Action[]>> = {
  'output:2': [output(2)],
  'output:NXM_NX_REG0[]': [{ kind: 'output_reg', source: reg0, maxLen: 0xffff }],
  'output:reg0[0..15]': [{ kind: 'output_reg', source: bits('reg0', 0, 16), maxLen: 0xffff }],
  'output:xreg0[0..15]': [{ kind: 'output_reg', source: bits('xreg0', 0, 16), maxLen: 0xffff }],
  'output(port=2,max_len=100)': [{ kind: 'output_trunc', port: 2, maxLen: 100 }],
  normal: [output(0xfffffffa)],
  in_port: [output(0xfffffff8)],
  controller: [output(0xfffffffd)],
  'controller:128': [output(0xfffffffd, 128)],
  'controller(reason=invalid_ttl,max_len=100,id=5)': [{ ...controller, reason: 'invalid_ttl', maxLen: 100, id: 5 }],
  'controller(userdata=01.02.03,pause)': [{ ...controller, userdata: new Uint8Array([1, 2, 3]), pause: true }],
  'controller(meter_id=7)': [{ ...controller, meterId: 7 }],
  'enqueue:2:5': [{ kind: 'enqueue', port: 2, queue: 5 }],
  'group:5': [{ kind: 'group', id: 5 }],
  'set_field:1->reg0': [set('reg0', 1)],
  'set_field:1/0xff->reg0': [set('reg0', 1, 0xff)],
  'set_field:0x10/0xf0->metadata': [set('metadata', 0x10, 0xf0)],
  'set_field:1->xreg0': [set('xreg0', 1)],
  'set_field:1->xxreg0': [set('xxreg0', 1)],
  'set_field:00:01:02:03:04:05->eth_src': [set('eth_src', 0x000102030405)],
  'set_field:10.0.0.1->ip_src': [set('ip_src', 0x0a000001)],
  'set_field:10.0.0.0/255.0.0.0->ip_src': [set('ip_src', 0x0a000000, 0xff000000)],
  'set_field:80->tcp_dst': [set('tcp_dst', 80)],
  'set_field:5->ip_dscp': [set('ip_dscp', 5)],
  'set_field:20->nw_tos': [set('nw_tos', 20)],
  'set_field:64->nw_ttl': [set('nw_ttl', 64)],
  'set_field:1->nw_ecn': [set('nw_ecn', 1)],
  'set_field:4097->vlan_vid': [set('vlan_vid', 4097)],
  'set_field:3->vlan_pcp': [set('vlan_pcp', 3)],
  'set_field:0x1005->vlan_tci': [set('vlan_tci', 0x1005)],
  'set_field:fe80::1->ipv6_src': [set('ipv6_src', (0xfe80n << 112n) | 1n)],
  'set_field:7->tun_id': [set('tun_id', 7)],
  'set_field:1.2.3.4->tun_dst': [set('tun_dst', 0x01020304)],
  'set_field:2->in_port': [set('in_port', 2)],
  'set_field:3->pkt_mark': [set('pkt_mark', 3)],
  'set_field:1->nsh_si': [set('nsh_si', 1)],
  'set_field:100->mpls_label': [set('mpls_label', 100)],
  'set_field:1->arp_op': [set('arp_op', 1)],
  'set_field:1->icmp_type': [set('icmp_type', 1)],
  'load:1->reg0[0..7]': [set('reg0', 1, 0xff)],
  'load:0xa->NXM_OF_IP_SRC[0..7]': [set('ip_src', 10, 0xff)],
  'load:5->xreg1[8..39]': [set('xreg1', 0x500, 0xffff_ffff_00n)],
  'move:NXM_NX_REG0[]->NXM_NX_REG1[]': [{ kind: 'move', source: reg0, destination: bits('reg1', 0, 32) }],
  'move:reg0[0..15]->vlan_tci': [{ kind: 'move', source: bits('reg0', 0, 16), destination: bits('vlan_tci', 0, 16) }],
  'move:xreg0[]->metadata[]': [{ kind: 'move', source: bits('xreg0', 0, 64), destination: bits('metadata', 0, 64) }],
  'push:NXM_NX_REG0[]': [{ kind: 'push', source: reg0 }],
  'pop:NXM_NX_REG1[0..15]': [{ kind: 'pop', destination: bits('reg1', 0, 16) }],
  pop_vlan: [{ kind: 'pop_vlan' }],
  'push_vlan:0x8100': [{ kind: 'push_vlan', ethertype: 0x8100 }],
  'push_vlan:0x88a8': [{ kind: 'push_vlan', ethertype: 0x88a8 }],
  'push_mpls:0x8847': [{ kind: 'push_mpls', ethertype: 0x8847 }],
  'pop_mpls:0x0800': [{ kind: 'pop_mpls', ethertype: 0x800 }],
  dec_ttl: [{ kind: 'dec_ttl', controllers: [] }],
  'dec_ttl(1,2)': [{ kind: 'dec_ttl', controllers: [1, 2] }],
  dec_mpls_ttl: [{ kind: 'dec_mpls_ttl' }],
  dec_nsh_ttl: [{ kind: 'dec_nsh_ttl' }],
  'set_queue:3': [{ kind: 'set_queue', queue: 3 }],
  pop_queue: [{ kind: 'pop_queue' }],
  'fin_timeout(idle_timeout=5,hard_timeout=10)': [{ kind: 'fin_timeout', idle: 5, hard: 10 }],
  'resubmit:2': [{ kind: 'resubmit', port: 2, table: null, ct: false }],
  'resubmit(2,3)': [{ kind: 'resubmit', port: 2, table: 3, ct: false }],
  'resubmit(,3)': [{ kind: 'resubmit', port: null, table: 3, ct: false }],
  'resubmit(,3,ct)': [{ kind: 'resubmit', port: null, table: 3, ct: true }],
  'conjunction(1,1/2)': [{ kind: 'conjunction', id: 1, clause: 1, clauses: 2 }],
  'note:41.42.43': [{ kind: 'note', bytes: new Uint8Array([0x41, 0x42, 0x43]) }],
  exit: [{ kind: 'exit' }],
  ct: [ct],
  'ct(commit,zone=5,table=3,nat(src=1.2.3.4-1.2.3.9:10-20,random),exec(set_field:1->ct_mark))': [
    {
      ...ct,
      commit: true,
      zone: 5,
      table: 3,
      nat: {
        direction: 'src',
        family: 4,
        addresses: { min: 0x01020304n, max: 0x01020309n },
        ports: { min: 10, max: 20 },
        persistent: false,
        hash: false,
        random: true,
      },
      exec: [set('ct_mark', 1)],
    },
  ],
  'ct(table=1,zone=NXM_NX_REG0[0..15],nat)': [{ ...ct, table: 1, zone: bits('reg0', 0, 16), nat: plainNat }],
  'ct(commit,exec(load:1->NXM_NX_CT_LABEL[0..31]),alg=ftp)': [
    { ...ct, commit: true, alg: 21, exec: [set('ct_label', 1, 0xffffffff)] },
  ],
  ct_clear: [{ kind: 'ct_clear' }],
  'clone(output:1,set_field:1->reg0)': [{ kind: 'clone', actions: [output(1), set('reg0', 1)] }],
  'check_pkt_larger(100)->NXM_NX_REG0[0]': [{ kind: 'check_pkt_larger', size: 100, destination: bits('reg0', 0, 1) }],
  'delete_field:tun_metadata0': [{ kind: 'delete_field', field: 'tun_metadata0' }],
  'meter:3,output:1': [{ kind: 'meter', id: 3 }, output(1)],
};

interface ActionVector {
  readonly text: string;
  readonly by_version: Readonly<Record<string, { readonly hex: readonly { readonly actions?: readonly string[] }[] }>>;
}

describe.runIf(existsSync(folder))('of actions', () => {
  const vectors = (): ReadonlyMap<string, string> =>
    new Map(
      (read('action_vectors.json') as readonly ActionVector[]).map((v) => [
        v.text,
        (v.by_version['1.5']?.hex[0]?.actions ?? []).join(''),
      ]),
    );

  test('are what we encode', () => {
    const sent = vectors();
    for (const [text, actions] of Object.entries(MEANT)) {
      const writer = new ByteWriter();
      writeActions(writer, actions);
      expect(`${text} ${Buffer.from(writer.view()).toString('hex')}`).toBe(`${text} ${sent.get(text) ?? 'not a vector'}`);
    }
  });

  test('have an action here, or are an older way to say it', () => {
    const kinds = new Set(Object.values(MEANT).flatMap((actions) => actions.map((a) => a.kind)));
    expect(kinds.size).toBe(31);
    void flowText;
  });
});
