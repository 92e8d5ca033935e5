import { describe, expect, test } from 'vitest';
import { accepts, complains, fixed } from './actions-support.ts';

const apply = (source: Parameters<typeof accepts>[0]) => accepts(source).apply;

describe('tags and labels', () => {
  test('push and pop', () => {
    expect(apply({ action: 'push_vlan 0x8100; push_vlan qinq; pop_vlan; strip_vlan' })).toEqual([
      { kind: 'push_vlan', ethertype: 0x8100 },
      { kind: 'push_vlan', ethertype: 0x88a8 },
      { kind: 'pop_vlan' },
      { kind: 'pop_vlan' },
    ]);
    expect(apply({ match: 'ip', action: 'push_mpls 0x8848; pop_mpls ipv4' })).toEqual([
      { kind: 'push_mpls', ethertype: 0x8848 },
      { kind: 'pop_mpls', ethertype: 0x0800 },
    ]);
  });

  test('EtherTypes', () => {
    const [d] = complains({ action: 'push_vlan «0x9100»' }, 'WBF4402');
    expect(d?.message).toBe('`push_vlan` takes 0x8100 or 0x88a8, and this is 0x9100');
    expect(d?.switchError).toBe('OFPBAC_BAD_ARGUMENT');
    complains({ action: 'push_mpls «0x8100»' }, 'WBF4402');
    complains({ action: 'push_vlan «0x18100»' }, 'WBF2101');
    complains({ action: '«push_vlan»' }, 'WBF4205');
    expect(fixed({ action: 'push_vlan' })).toContain('{ push_vlan 0x8100 }');
    complains({ match: 'mpls', action: '«pop_mpls»; tcp_dst = 5' }, 'WBF4205');
  });

  test('two tags and no more', () => {
    const [d] = complains({ action: 'push_vlan 0x8100; push_vlan 0x8100; «push_vlan 0x8100»' }, 'WBF4401');
    expect(d?.switchError).toBe('OFPBAC_BAD_TAG');
    complains({ match: 'vlan_vid = 5', action: 'push_vlan 0x8100; «push_vlan 0x8100»' }, 'WBF4401');
    accepts({ match: 'vlan_vid = 5', action: 'push_vlan 0x8100; pop_vlan; push_vlan 0x8100' });
  });

  test('pops need what they take away', () => {
    complains({ action: '«pop_vlan»' }, 'WBF4001');
    complains({ match: 'ip', action: '«pop_mpls 0x0800»' }, 'WBF4003');
  });
});

describe('time to live', () => {
  test('is counted down', () => {
    expect(apply({ match: 'ip', action: 'dec_ttl; dec_ttl(1, 2)' })).toEqual([
      { kind: 'dec_ttl', controllers: [] },
      { kind: 'dec_ttl', controllers: [1, 2] },
    ]);
    expect(apply({ match: 'mpls', action: 'dec_mpls_ttl' })).toEqual([{ kind: 'dec_mpls_ttl' }]);
    expect(apply({ match: 'eth_type = nsh', action: 'dec_nsh_ttl' })).toEqual([{ kind: 'dec_nsh_ttl' }]);
    complains({ match: 'ip', action: 'dec_ttl(«65536»)' }, 'WBF2114');
    complains({ match: 'ip', action: 'dec_ttl «5»' }, 'WBF4206');
    complains({ match: 'ip', action: '«dec_mpls_ttl»' }, 'WBF4003');
    complains({ action: '«dec_nsh_ttl»' }, 'WBF4001');
  });
});

describe('delete_field and note', () => {
  test('delete_field', () => {
    // Which option the field is, nothing can say yet.
    const [map] = complains({ action: 'delete_field «tun_metadata5»' }, 'WBF3010');
    expect(map?.switchError).toBe('NXFMFC_INVALID_TLV_FIELD');
    const [d] = complains({ action: 'delete_field «reg0»' }, 'WBF4403');
    expect(d?.switchError).toBe('OFPBAC_BAD_ARGUMENT');
    complains({ action: 'delete_field «tun_metdata5»' }, 'WBF2001');
  });

  test('note', () => {
    expect(apply({ action: 'note "01.02.ab"' })).toEqual([
      { kind: 'note', bytes: Uint8Array.of(1, 2, 0xab) },
    ]);
    complains({ action: 'note «"1.2"»' }, 'WBF4211');
    complains({ action: 'note «0x0102»' }, 'WBF4211');
    complains({ action: '«note»' }, 'WBF4205');
  });
});
