import { describe, expect, test } from 'vitest';
import type { Action } from '../../src/ir/types.ts';
import { accepts, complains, fixed } from './actions-support.ts';

type Ct = Extract<Action, { kind: 'ct' }>;
const ct = (action: string, match = 'ip', before = '') => accepts({ match, before, action }).apply[0] as Ct;
const wrong = (action: string, ...codes: string[]) => complains({ match: 'ip', action }, ...codes);

const PLAIN: Ct = {
  kind: 'ct',
  commit: false,
  force: false,
  zone: null,
  table: null,
  alg: 0,
  nat: null,
  exec: [],
};
const NAT = {
  direction: null,
  family: null,
  addresses: null,
  ports: null,
  persistent: false,
  hash: false,
  random: false,
};

describe('ct', () => {
  test('its arguments', () => {
    expect(ct('ct')).toEqual(PLAIN);
    expect(ct('ct(table = acl, zone = 5)')).toEqual({ ...PLAIN, table: 5, zone: 5 });
    expect(ct('ct(commit, force)')).toEqual({ ...PLAIN, commit: true, force: true });
    expect(ct('ct(zone = reg0[0..15])')).toEqual({ ...PLAIN, zone: { field: 'reg0', offset: 0, bits: 16 } });
    expect(ct('ct(zone = z)', 'ip', 'register z = reg1[16..31]')).toMatchObject({
      zone: { field: 'reg1', offset: 16 },
    });
    expect(ct('ct(zone = z)', 'ip', 'const z = 7')).toMatchObject({ zone: 7 });
    expect(ct('ct(zone = ct_zone)')).toMatchObject({ zone: { field: 'ct_zone', bits: 16 } });
    expect(ct('ct(commit, alg = ftp)', 'tcp')).toMatchObject({ alg: 21 });
    expect(ct('ct(alg = tftp)', 'udp')).toMatchObject({ alg: 69 });
    expect(accepts({ action: 'ct_clear' }).apply).toEqual([{ kind: 'ct_clear' }]);
  });

  test('its block', () => {
    expect(ct('ct(commit) { ct_mark = 1; ct_label[0..31] = reg0; ct_mark = 1/1 }').exec).toEqual([
      { kind: 'set_field', field: 'ct_mark', value: 1n, mask: null },
      {
        kind: 'move',
        source: { field: 'reg0', offset: 0, bits: 32 },
        destination: { field: 'ct_label', offset: 0, bits: 32 },
      },
      { kind: 'set_field', field: 'ct_mark', value: 1n, mask: 1n },
    ]);
    const [d] = wrong('ct(commit) { «reg0» = 1 }', 'WBF4502');
    expect(d?.switchError).toBe('OFPBAC_BAD_ARGUMENT');
    wrong('ct(commit) { «reg0» = ct_mark }', 'WBF4502');
    wrong('ct(commit) { «output 1» }', 'WBF4502');
    wrong('ct(commit) { «note "01"» }', 'WBF4502');
    wrong('ct(commit) { «nat» }', 'WBF4507');
    wrong('ct(commit) { ct_mark[0] = «check_pkt_larger(5)» }', 'WBF4502');
    wrong('ct(commit) { ct_mark[0..15] = «tcp_dst» }', 'WBF4001');
    const [empty] = wrong('ct(commit) «{}»', 'WBF4302');
    expect(empty?.severity).toBe('warning');
  });

  test('what needs commit', () => {
    const [d] = wrong('ct(«force»)', 'WBF4501');
    expect(d?.switchError).toBe('OFPBAC_BAD_ARGUMENT');
    wrong('ct «{ ct_mark = 1 }»', 'WBF4501');
    wrong('ct(«nat(src = 10.0.0.1)»)', 'WBF4501');
    wrong('ct(«nat(src)»)', 'WBF4501');
    expect(ct('ct(nat)').nat).toEqual(NAT);
  });

  test('what it needs of the packet', () => {
    const [d] = complains({ action: '«ct»(commit)' }, 'WBF4001');
    expect(d?.fixes.map((f) => f.title)).toEqual(['Add `ip`', 'Add `ipv6`']);
    expect(d?.switchError).toBe('OFPBAC_MATCH_INCONSISTENT');
    complains({ match: 'arp', action: '«ct»' }, 'WBF4003');
    complains({ match: 'ip', action: 'push_mpls 0x8847; «ct»' }, 'WBF4002');
    complains({ match: 'ip', action: 'ct(commit, «alg = ftp»)' }, 'WBF4001');
    complains({ match: 'tcp', action: 'ct(commit, «alg = tftp»)' }, 'WBF4003');
    accepts({ match: 'tcp; ip_frag = later', action: 'ct(commit, alg = ftp)' });
    const [inv] = complains({ match: 'ip; ct_state = +trk+inv', action: 'ct(«commit»)' }, 'WBF4505');
    expect(inv?.related).toHaveLength(1);
    accepts({ match: 'ip; ct_state = +trk+inv', action: 'ct(table = 5)' });
  });

  test('zones', () => {
    const [d] = wrong('ct(zone = «reg0»)', 'WBF4503');
    expect(d?.switchError).toBe('OFPBAC_BAD_SET_LEN');
    wrong('ct(zone = «65536»)', 'WBF2114');
    wrong('ct(zone = «tcp_dst»)', 'WBF4001');
    wrong('ct(zone = «tun_erspan_idx[0..15]»)', 'WBF4504');
  });

  test('the switch does not look into the block where the zone is a field', () => {
    expect(ct('ct(commit, zone = reg0[0..15]) { ct_mark[0..15] = tcp_dst }').exec).toHaveLength(1);
    // It does not look at the addresses either, and then what comes of it is undefined.
    const [d] = wrong('ct(commit, zone = reg0[0..15], «nat(src = fe80::1)»)', 'WBF5308');
    expect(d?.switchError).toBeNull();
  });

  test('arguments that it does not have', () => {
    wrong('ct(«comit»)', 'WBF4208');
    wrong('ct(«5»)', 'WBF4206');
    wrong('ct(zone = 1, «zone = 2»)', 'WBF4207');
    wrong('ct(nat, «nat»)', 'WBF4207');
    wrong('ct(alg = «sip»)', 'WBF4210');
    wrong('ct(table = «9»)', 'WBF2010');
    wrong('ct(«src(5)»)', 'WBF4208');
  });
});

describe('nat', () => {
  const nat = (text: string, match = 'ip') => ct(`ct(commit, ${text})`, match).nat;

  test('its forms', () => {
    expect(nat('nat(src = 10.0.0.1)')).toEqual({
      ...NAT,
      direction: 'src',
      family: 4,
      addresses: { min: 0x0a000001n, max: null },
    });
    expect(nat('nat(dst = 10.0.0.1-10.0.0.9, ports = 5000-6000, random, persistent)')).toEqual({
      ...NAT,
      direction: 'dst',
      family: 4,
      addresses: { min: 0x0a000001n, max: 0x0a000009n },
      ports: { min: 5000, max: 6000 },
      random: true,
      persistent: true,
    });
    expect(nat('nat(src = fe80::1-fe80::5, ports = 80, hash)', 'tcp6')).toMatchObject({
      family: 6,
      hash: true,
      ports: { min: 80, max: null },
    });
    expect(nat('nat(src)')).toEqual({ ...NAT, direction: 'src' });
    expect(nat('nat(src = 10.0.0.1-10.0.0.1, ports = 5-5)')).toMatchObject({
      addresses: { max: 0x0a000001n },
      ports: { max: 5 },
    });
    expect(ct('ct(commit, nat(src = pub))', 'ip', 'const pub = 192.0.2.1').nat).toMatchObject({ family: 4 });
  });

  const mistake = (text: string, ...codes: string[]) => wrong(`ct(commit, ${text})`, ...codes);

  test('its mistakes', () => {
    mistake('nat(src = 10.0.0.1, «dst = 10.0.0.2»)', 'WBF4508');
    mistake('nat(src = 10.0.0.1, hash, «random»)', 'WBF4509');
    mistake('nat(«ports = 5»)', 'WBF4510');
    mistake('nat(src, «ports = 5»)', 'WBF4510');
    mistake('nat(«persistent»)', 'WBF4511');
    mistake('nat(src = «0.0.0.0»)', 'WBF4512');
    mistake('nat(src = «10.0.0.9-10.0.0.1»)', 'WBF4513');
    mistake('nat(src = «5»)', 'WBF4513');
    mistake('nat(src = 10.0.0.1, ports = «6-5»)', 'WBF4513');
    mistake('nat(src = 10.0.0.1, ports = «0»)', 'WBF2114');
    mistake('«nat(src = fe80::1)»', 'WBF4003');
    mistake('nat(src = 10.0.0.1, «radnom»)', 'WBF4208');
    expect(fixed({ match: 'ip', action: 'ct(commit, nat(src = 0.0.0.0))' })).toContain('nat(src))');
    complains({ match: 'ip', action: '«nat»' }, 'WBF4506');
  });

  test('an address says what the packet has to be', () => {
    const [d] = complains({ action: '«ct»(commit, nat(src = 10.0.0.1))' }, 'WBF4001');
    expect(d?.fixes.map((f) => f.title)).toEqual(['Add `ip`']);
  });
});
