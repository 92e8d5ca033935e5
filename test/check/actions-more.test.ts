import { describe, expect, test } from 'vitest';
import { accepts, complains, fixed } from './actions-support.ts';

const apply = (source: Parameters<typeof accepts>[0]) => accepts(source).apply;
const sub = (field: string, offset: number, bits: number) => ({ field, offset, bits });

describe('bundle', () => {
  test('what it takes', () => {
    const before = 'port uplink = 3\nport other = 4';
    expect(
      apply({
        before,
        action: 'bundle(fields = symmetric_l4, basis = 7, algorithm = hrw, members = [uplink, 4, local])',
      }),
    ).toEqual([
      {
        kind: 'bundle',
        fields: 'symmetric_l4',
        basis: 7,
        algorithm: 'hrw',
        members: [3, 4, 0xfffffffe],
        destination: null,
      },
    ]);
    expect(
      apply({
        action:
          'reg0[8..23] = bundle_load(members = [1], algorithm = active_backup, fields = "symmetric_l3l4+udp"); normal',
      })[0],
    ).toEqual({
      kind: 'bundle',
      fields: 'symmetric_l3l4+udp',
      basis: 0,
      algorithm: 'active_backup',
      members: [1],
      destination: sub('reg0', 8, 16),
    });
  });

  test('what it does not', () => {
    const parts = 'algorithm = hrw, members = [1]';
    const [d] = complains({ action: '«bundle»' }, 'WBF4205');
    expect(d?.message).toContain('`fields`, `algorithm` and `members`');
    complains({ action: `bundle(fields = «symetric_l4», ${parts})` }, 'WBF4210');
    expect(fixed({ action: `bundle(fields = symetric_l4, ${parts})` })).toContain('fields = symmetric_l4,');
    complains({ action: `bundle(fields = «"l4"», ${parts})` }, 'WBF4210');
    complains({ action: 'bundle(fields = eth_src, algorithm = «modulo_n», members = [1])' }, 'WBF4210');
    complains({ action: `bundle(fields = eth_src, basis = «65536», ${parts})` }, 'WBF2114');
    complains(
      { action: 'bundle(fields = eth_src, algorithm = hrw, members = [1, «controller»])' },
      'WBF4343',
    );
    complains({ action: 'bundle(fields = eth_src, algorithm = hrw, members = [1, «unset»])' }, 'WBF2015');
    accepts({ action: 'bundle(fields = eth_src, algorithm = hrw, members = [1, none])' });
    complains({ action: 'bundle(fields = eth_src, algorithm = hrw, members = «1»)' }, 'WBF4206');
    complains({ action: 'bundle(fields = eth_src, algorithm = hrw, members = «[]»)' }, 'WBF4345');
    const many = Array.from({ length: 2049 }, () => '1').join(', ');
    complains({ action: `bundle(fields = eth_src, algorithm = hrw, members = «[${many}]»)` }, 'WBF4344');
    complains({ action: `write_actions { «bundle(fields = eth_src, ${parts})» }` }, 'WBF4308');
  });

  test('its result', () => {
    const load = 'bundle_load(fields = eth_src, algorithm = hrw, members = [1])';
    const [d] = complains({ action: `«reg0[0..14]» = ${load}; normal` }, 'WBF4341');
    expect(d?.switchError).toBe('OFPBAC_BAD_ARGUMENT');
    complains({ action: `«xxreg0» = ${load}; normal` }, 'WBF4342');
    complains({ action: `«tcp_dst» = ${load}; normal` }, 'WBF4001');
    complains({ action: `«eth_type» = ${load}; normal` }, 'WBF4004');
    complains({ action: `«ct_mark» = ${load}; normal` }, 'WBF4013');
    complains({ match: 'eth_type = nsh', action: `«nsh_c1» = ${load}; normal` }, 'WBF4327');
    complains({ match: 'ip', action: `ct(commit) { ct_mark = «${load}» }` }, 'WBF4502');
    complains({ action: `write_actions { reg0 = «${load}» }` }, 'WBF4308');
    accepts({ action: `xreg0 = ${load}; normal` });
  });
});

describe('multipath', () => {
  const path = (more: string) => `multipath(fields = eth_src, algorithm = modulo_n, ${more})`;

  test('what it takes', () => {
    expect(
      apply({
        action:
          'reg0[0..15] = multipath(fields = nw_src, basis = 50, algorithm = iter_hash, n_links = 65536, arg = 5); normal',
      })[0],
    ).toEqual({
      kind: 'multipath',
      fields: 'nw_src',
      basis: 50,
      algorithm: 'iter_hash',
      links: 65536,
      arg: 5,
      destination: sub('reg0', 0, 16),
    });
    accepts({ action: `reg0[0] = ${path('n_links = 1')}; reg0[0] = ${path('n_links = 2')}; normal` });
    accepts({ action: `reg0[0..1] = ${path('n_links = 4')}; normal` });
  });

  test('what it does not', () => {
    complains({ action: 'reg0 = «multipath()»; normal' }, 'WBF4205');
    complains({ action: `reg0 = ${path('n_links = «0»')}; normal` }, 'WBF2114');
    complains({ action: `reg0 = ${path('n_links = «65537»')}; normal` }, 'WBF2114');
    complains({ action: `reg0 = ${path('n_links = 3, arg = «0x100000000»')}; normal` }, 'WBF2114');
    complains({ action: `«reg0[0]» = ${path('n_links = 3')}; normal` }, 'WBF4341');
    complains({ action: `«reg0[0..1]» = ${path('n_links = 5')}; normal` }, 'WBF4341');
    complains({ action: `«vlan_vid» = ${path('n_links = 5')}; normal` }, 'WBF4010');
  });

  test('no action names more than 64 bits', () => {
    complains({ action: 'output «xxreg0»' }, 'WBF4342');
    complains({ action: 'output «xxreg0[0..64]»' }, 'WBF4342');
    accepts({ action: 'output xxreg0[64..127]' });
  });
});

describe('sample', () => {
  test('what it takes', () => {
    expect(
      apply({
        action:
          'sample(probability = 100, collector_set_id = 1, obs_domain_id = 2, obs_point_id = 3, sampling_port = local, egress); normal',
      })[0],
    ).toEqual({
      kind: 'sample',
      probability: 100,
      collectorSetId: 1,
      obsDomainId: 2,
      obsPointId: 3,
      samplingPort: 0xfffe,
      direction: 'egress',
    });
    expect(apply({ action: 'sample(probability = 65535); normal' })[0]).toMatchObject({
      collectorSetId: 0,
      samplingPort: null,
      direction: null,
    });
  });

  test('what it does not', () => {
    complains({ action: '«sample»' }, 'WBF4205');
    const [d] = complains({ action: 'sample(probability = «0»)' }, 'WBF2114');
    expect(d?.switchError).toBe('OFPBAC_BAD_ARGUMENT');
    complains({ action: 'sample(probability = 1, ingress, «egress»)' }, 'WBF4351');
    complains({ action: 'sample(probability = 1, obs_point_id = «0x100000000»)' }, 'WBF2114');
    complains({ action: 'write_actions { «sample(probability = 1)» }' }, 'WBF4308');
  });
});

describe('encap and decap', () => {
  test('what they take', () => {
    expect(
      apply({
        match: 'packet_type = ipv4',
        action:
          'encap(mpls); mpls_label = 5; encap(mpls_mc); encap(nsh); nsh_c1 = 5; encap(ethernet); eth_src = 02:00:00:00:00:01; output 1',
      }).filter((a) => a.kind === 'encap'),
    ).toEqual([
      { kind: 'encap', header: 'mpls' },
      { kind: 'encap', header: 'mpls_mc' },
      { kind: 'encap', header: 'nsh', mdType: null, tlvs: [] },
      { kind: 'encap', header: 'ethernet' },
    ]);
    expect(
      apply({
        action:
          'encap(nsh(md_type = 2, tlv(0x1000, 10, "12.34.56"), tlv(class = 1, type = 2, value = 0x0012)))',
      })[0],
    ).toEqual({
      kind: 'encap',
      header: 'nsh',
      mdType: 2,
      tlvs: [
        { class: 0x1000, type: 10, value: Uint8Array.of(0x12, 0x34, 0x56) },
        { class: 1, type: 2, value: Uint8Array.of(0, 0x12) },
      ],
    });
    expect(apply({ action: 'decap' })).toEqual([{ kind: 'decap', packetType: null }]);
    expect(apply({ action: 'decap(packet_type(ns = 1, type = 0x800))' })).toEqual([
      { kind: 'decap', packetType: { ns: 1, type: 0x800 } },
    ]);
  });

  test('what they do not', () => {
    complains({ action: '«encap»; tcp_dst = 80' }, 'WBF4205');
    complains({ action: 'encap(«etherent»); tcp_dst = 80' }, 'WBF4210');
    complains({ action: 'encap(nsh(md_type = «3»))' }, 'WBF4357');
    complains({ action: 'encap(nsh(md_type = 1, «tlv(1, 2, "12")»))' }, 'WBF4352');
    complains({ action: 'encap(nsh(«tlv(1, 2, "12")»))' }, 'WBF4352');
    complains({ action: 'encap(nsh(md_type = 2, tlv(«0x10000», «256», "12")))' }, 'WBF2114', 'WBF2114');
    complains({ action: 'encap(nsh(md_type = 2, tlv(1, 2, «12»)))' }, 'WBF4353');
    complains({ action: 'encap(nsh(md_type = 2, tlv(1, 2, «0x123»)))' }, 'WBF4353');
    complains({ action: 'encap(nsh(md_type = 2, tlv(1, 2, «"1"»)))' }, 'WBF4211');
    complains({ action: 'encap(nsh(md_type = 2, «tlv(1, 2)»))' }, 'WBF4205');
    complains({ action: 'decap(«packet_type(ns = 1)»)' }, 'WBF4205');
    complains({ action: 'decap(packet_type(ns = «0x10000», type = 0))' }, 'WBF2114');
  });

  test('metadata has limits', () => {
    const tlvs = (count: number, bytes: number): string =>
      Array.from({ length: count }, () => `tlv(1, 2, "${'ab'.repeat(bytes)}")`).join(', ');
    accepts({ action: `encap(nsh(md_type = 2, ${tlvs(1, 127)}))` });
    complains({ action: `encap(nsh(md_type = 2, tlv(1, 2, «"${'ab'.repeat(128)}"»)))` }, 'WBF4211');
    accepts({ action: `encap(nsh(md_type = 2, ${tlvs(30, 4)}))` });
    complains(
      { action: `encap(nsh(md_type = 2, «tlv(1, 2, "${'ab'.repeat(8)}")», ${tlvs(29, 4)}))` },
      'WBF4356',
    );
    const [d] = complains(
      { action: `encap(nsh(md_type = 2, «tlv(1, 2, "abab")», ${tlvs(30, 4)}))` },
      'WBF4352',
    );
    expect(d?.message).toContain('248 bytes');
  });

  test('what the packet is behind them', () => {
    const lost = (match: string, action: string) => complains({ match, action }, 'WBF4002');
    lost('ip', 'encap(nsh); «ip_src» = 10.0.0.1');
    lost('ip', 'encap(mpls); «eth_src» = 02:00:00:00:00:01');
    lost('ip', 'decap; «eth_src» = 02:00:00:00:00:01');
    lost('packet_type = ipv4', 'encap(ethernet); «ip_src» = 10.0.0.1; output 1');
    accepts({
      match: 'ip',
      action: 'decap; ip_src = 10.0.0.1; encap(ethernet); ip_src = 10.0.0.2; output 1',
    });
    accepts({ match: 'eth_type = nsh', action: 'decap; decap; output 1' });
    complains({ match: 'vlan_vid = 5', action: '«decap»' }, 'WBF4354');
    complains({ action: '«encap(ethernet)»; output 1' }, 'WBF4354');
  });

  test('a decap that crashes the switch', () => {
    complains({ match: 'ip', action: 'encap(mpls); «decap»' }, 'WBF4355');
    complains(
      { match: 'ip', action: 'encap(mpls_mc); mpls_ttl = 3; «decap(packet_type(ns = 0, type = 0))»' },
      'WBF4355',
    );
    accepts({ match: 'ip', action: 'encap(mpls); decap(packet_type(ns = 1, type = 0x800))' });
    accepts({ match: 'mpls', action: 'decap; decap' });
    accepts({ match: 'mpls', action: 'encap(mpls); decap' });
    accepts({ match: 'ip', action: 'encap(mpls); encap(mpls); decap; encap(ethernet); output 1' });
    accepts({ match: 'ip', action: 'encap(mpls); encap(ethernet); decap; decap' });
    accepts({ match: 'ip', action: 'encap(mpls); clone { decap }' });
  });
});

describe('mod_vlan_vid and mod_vlan_pcp', () => {
  test('know whether there is a tag', () => {
    expect(
      apply({ match: 'vlan_vid = none', action: 'mod_vlan_vid 10; mod_vlan_pcp(3); vlan_vid = 5; normal' }),
    ).toEqual([
      { kind: 'mod_vlan_vid', vid: 10, tagged: false },
      { kind: 'mod_vlan_pcp', pcp: 3, tagged: true },
      expect.anything(),
      expect.anything(),
    ]);
    expect(apply({ match: 'vlan_vid = 5', action: 'mod_vlan_pcp 7' })).toEqual([
      { kind: 'mod_vlan_pcp', pcp: 7, tagged: true },
    ]);
    accepts({ match: 'vlan_vid = 5', action: 'pop_vlan; mod_vlan_vid 10; normal' });
    accepts({ match: 'vlan_tci = 0/0x1000', action: 'mod_vlan_vid 10; normal' });
  });

  test('push a second tag where nobody knows', () => {
    complains({ action: '«mod_vlan_vid» 10; normal' }, 'WBF4361');
    complains({ action: '«mod_vlan_pcp» 3; mod_vlan_vid 10; normal' }, 'WBF4361');
    complains({ action: 'write_actions { «mod_vlan_pcp» 3 }' }, 'WBF4361');
  });

  test('limits', () => {
    const match = 'vlan_vid = 5';
    complains({ match, action: 'mod_vlan_vid «4096»; normal' }, 'WBF2114');
    complains({ match, action: 'mod_vlan_pcp «8»; normal' }, 'WBF2114');
    complains({ match, action: '«mod_vlan_vid»; normal' }, 'WBF4205');
    complains({ match: 'packet_type = ipv4', action: '«mod_vlan_vid» 5; output 1' }, 'WBF4003');
    const [d] = complains(
      { match, action: 'push_vlan 0x8100; vlan_tci = 0; «mod_vlan_vid 5»; normal' },
      'WBF4401',
    );
    expect(d?.switchError).toBe('OFPBAC_BAD_TAG');
    complains({ match, action: 'push_vlan 0x8100; vlan_tci = 0; «push_vlan 0x8100»; normal' }, 'WBF4401');
  });
});
