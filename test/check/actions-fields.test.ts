import { describe, expect, test } from 'vitest';
import { accepts, compile, complains, fixed } from './actions-support.ts';

const apply = (source: Parameters<typeof accepts>[0]) => accepts(source).apply;

describe('field = constant', () => {
  test('is a set_field', () => {
    expect(
      apply({ match: 'tcp', action: 'tcp_dst = 80; eth_src = 02:00:00:00:00:01; ip_dst = 10.0.0.1' }),
    ).toEqual([
      { kind: 'set_field', field: 'tcp_dst', value: 80n, mask: null },
      { kind: 'set_field', field: 'eth_src', value: 0x020000000001n, mask: null },
      { kind: 'set_field', field: 'ip_dst', value: 0x0a000001n, mask: null },
    ]);
  });

  test('with a mask, and of a subfield', () => {
    expect(apply({ action: 'reg0 = 0x10/0xf0; reg1[4..7] = 5; metadata[63] = 1; reg2[] = 7' })).toEqual([
      { kind: 'set_field', field: 'reg0', value: 0x10n, mask: 0xf0n },
      { kind: 'set_field', field: 'reg1', value: 0x50n, mask: 0xf0n },
      { kind: 'set_field', field: 'metadata', value: 1n << 63n, mask: 1n << 63n },
      { kind: 'set_field', field: 'reg2', value: 7n, mask: null },
    ]);
  });

  test('well-known values, constants, ports and registers by name', () => {
    const before = 'const web = 80\nport uplink = 3\nregister zone = reg3[0..15]';
    expect(
      apply({ before, match: 'arp', action: 'arp_op = reply; zone = web; zone[0..3] = 2; reg0 = uplink' }),
    ).toEqual([
      { kind: 'set_field', field: 'arp_op', value: 2n, mask: null },
      { kind: 'set_field', field: 'reg3', value: 80n, mask: 0xffffn },
      { kind: 'set_field', field: 'reg3', value: 2n, mask: 0xfn },
      { kind: 'set_field', field: 'reg0', value: 3n, mask: null },
    ]);
  });

  test('vlan_vid carries the present bit', () => {
    expect(apply({ match: 'vlan_vid = 3', action: 'vlan_vid = 10; vlan_vid[0..3] = 5' })).toEqual([
      { kind: 'set_field', field: 'vlan_vid', value: 0x100an, mask: null },
      { kind: 'set_field', field: 'vlan_vid', value: 0x1005n, mask: 0x100fn },
    ]);
  });

  test('generic names mean what the packet is at that place', () => {
    expect(apply({ match: 'arp', action: 'nw_src = 10.0.0.1' })).toMatchObject([{ field: 'arp_spa' }]);
    expect(apply({ match: 'ip', action: 'nw_src = 10.0.0.1' })).toMatchObject([{ field: 'ip_src' }]);
    expect(apply({ match: 'udp', action: 'tp_dst = 53' })).toMatchObject([{ field: 'udp_dst' }]);
    complains({ match: 'ip', action: '«tp_dst» = 53; normal' }, 'WBF2004');
    complains({ match: 'tcp', action: 'push_mpls 0x8847; «tp_dst» = 53; normal' }, 'WBF2004');
  });

  test('bits of a field that takes no mask in a match', () => {
    expect(apply({ match: 'ip', action: 'ip_dscp[0..2] = 5' })).toEqual([
      { kind: 'set_field', field: 'ip_dscp', value: 5n, mask: 7n },
    ]);
  });

  test('values that do not fit', () => {
    complains({ match: 'arp', action: 'arp_op = «257»; normal' }, 'WBF2102');
    complains({ match: 'ip', action: 'reg0[0..3] = «16»; normal' }, 'WBF2101');
    complains({ match: 'vlan_vid = 3', action: 'vlan_vid = «5000»; normal' }, 'WBF2101');
    complains({ match: 'ip', action: 'ip_src = «80»; normal' }, 'WBF2103');
    complains({ action: 'reg0 = «0x15/0xf0»; normal' }, 'WBF2106');
    complains({ match: 'vlan_vid = 3', action: 'vlan_vid = «none»; normal' }, 'WBF2112');
  });

  test('a mask of nothing', () => {
    const [d] = complains({ action: 'reg0 = «0/0»; normal' }, 'WBF4009');
    expect(d?.severity).toBe('warning');
  });

  test('fields that cannot be written', () => {
    const [d] = complains({ match: 'ip', action: '«ip_proto» = tcp; normal' }, 'WBF4004');
    expect(d?.switchError).toBe('OFPBAC_BAD_SET_ARGUMENT');
    complains({ match: 'ip', action: '«eth_type» = 0x800; «ct_state» = 5; normal' }, 'WBF4004', 'WBF4004');
    complains({ action: '«in_port_oxm» = 0; normal' }, 'WBF4011');
    expect(fixed({ action: 'in_port_oxm = 0; normal' })).toContain('{ in_port = 0; normal }');
    expect(apply({ action: 'in_port = 0; in_port_oxm = reg0' })).toHaveLength(2);
  });

  test('fields without a number', () => {
    const source = { match: 'vlan_vid = 3', action: '«dl_vlan» = 5; normal' };
    const [d] = complains(source, 'WBF4005');
    expect(d?.notes).toEqual(['ovs-ofctl does not refuse to write it: it writes `in_port` instead']);
    expect(fixed(source)).toContain('vlan_vid = 5; normal');
    complains({ action: 'reg0[0..7] = «tun_ttl»; normal' }, 'WBF4005');
  });

  test('the connection is written in ct only', () => {
    const [d] = complains({ match: 'ip', action: '«ct_mark» = 1; normal' }, 'WBF4007');
    expect(d?.switchError).toBe('OFPBAC_BAD_SET_ARGUMENT');
    const [popped] = complains({ match: 'ip', action: 'pop «ct_label[0..31]»; normal' }, 'WBF4013');
    expect(popped?.switchError).toBeNull();
  });

  test('other operators and targets', () => {
    complains({ action: 'reg0 «!=» 5; normal' }, 'WBF4008');
    complains({ action: '«"reg0"» = 5; normal' }, 'WBF2003');
    complains({ before: 'const web = 80', action: '«web» = 5; normal' }, 'WBF2003');
    complains({ action: '«tcp_dest» = 5; normal' }, 'WBF2001');
  });

  test('unknown values', () => {
    const source = { match: 'arp', action: 'arp_op = «replay»; normal' };
    const [d] = complains(source, 'WBF2005');
    expect(d?.message).toBe(
      'there is no value of `arp_op`, constant or field called `replay`; did you mean `reply`?',
    );
    expect(fixed(source)).toContain('arp_op = reply; normal');
    complains({ match: 'arp', action: 'arp_op = «Reply»; normal' }, 'WBF2002');
    complains({ match: 'arp', action: 'arp_tha = «arp_sah»; normal' }, 'WBF2005');
  });
});

describe('field = field', () => {
  test('is a move', () => {
    expect(
      apply({
        before: 'register zone = reg3[0..15]',
        match: 'arp',
        action: 'arp_tha = arp_sha; reg0[0..15] = in_port; zone = reg1[16..31]; NXM_NX_REG5 = reg4',
      }),
    ).toEqual([
      {
        kind: 'move',
        source: { field: 'arp_sha', offset: 0, bits: 48 },
        destination: { field: 'arp_tha', offset: 0, bits: 48 },
      },
      {
        kind: 'move',
        source: { field: 'in_port', offset: 0, bits: 16 },
        destination: { field: 'reg0', offset: 0, bits: 16 },
      },
      {
        kind: 'move',
        source: { field: 'reg1', offset: 16, bits: 16 },
        destination: { field: 'reg3', offset: 0, bits: 16 },
      },
      {
        kind: 'move',
        source: { field: 'reg4', offset: 0, bits: 32 },
        destination: { field: 'reg5', offset: 0, bits: 32 },
      },
    ]);
  });

  test('a value of that name wins over a field of that name', () => {
    // `in_port` is a port where a port is written.
    expect(apply({ action: 'in_port = in_port' })).toMatchObject([{ kind: 'set_field', value: 0xfff8n }]);
    expect(apply({ match: 'tcp', action: 'tcp_dst = tcp_src' })).toMatchObject([{ kind: 'move' }]);
  });

  test('needs equal widths', () => {
    const source = { match: 'tcp', action: 'reg0 = «tcp_dst»; normal' };
    const [d] = complains(source, 'WBF4006');
    expect(d?.message).toBe('`tcp_dst` has 16 bits and `reg0` 32: a copy needs equal widths');
    expect(fixed(source)).toContain('reg0[0..15] = tcp_dst');
    complains({ match: 'tcp', action: 'tcp_dst = «reg0»; normal' }, 'WBF4006');
    complains({ match: 'tcp', action: 'reg0[0..7] = «reg1[0..8]»; normal' }, 'WBF4006');
  });

  test('needs the prerequisites of both sides', () => {
    const [d] = complains({ match: 'ip', action: 'reg0[0..15] = «tcp_dst»; normal' }, 'WBF4001');
    expect(d?.switchError).toBe('OFPBAC_MATCH_INCONSISTENT');
    complains({ action: '«ip_src» = reg0; normal' }, 'WBF4001');
    complains({ action: 'reg0[0..2] = «vlan_pcp»; normal' }, 'WBF4001');
  });

  test('reads what cannot be written', () => {
    expect(
      apply({ match: 'ip', action: 'reg0[0..15] = eth_type; reg1 = ct_mark; reg2[0..7] = ip_proto' }),
    ).toHaveLength(3);
    complains({ match: 'ip', action: '«eth_type» = reg0[0..15]; normal' }, 'WBF4004');
  });

  test('into vlan_vid of a packet without a tag', () => {
    const [d] = complains({ action: '«vlan_vid» = reg0[0..11]; normal' }, 'WBF4010');
    expect(d?.severity).toBe('warning');
    expect(apply({ action: 'push_vlan 0x8100; vlan_vid = reg0[0..11]' })).toHaveLength(2);
    complains({ action: 'pop «vlan_vid»; normal' }, 'WBF4010');
  });
});

describe('field = check_pkt_larger(…)', () => {
  test('one bit', () => {
    expect(apply({ action: 'reg0[3] = check_pkt_larger(1500)' })).toEqual([
      { kind: 'check_pkt_larger', size: 1500, destination: { field: 'reg0', offset: 3, bits: 1 } },
    ]);
    complains({ action: '«reg0» = check_pkt_larger(1500); normal' }, 'WBF4012');
    complains({ action: 'reg0[0] = check_pkt_larger(«70000»); normal' }, 'WBF2114');
    complains({ action: 'reg0[0] = «check_pkt_larger()»; normal' }, 'WBF4205');
    complains({ action: 'reg0[0] = «pkt_larger»(1500); normal' }, 'WBF4212');
    complains({ action: '«check_pkt_larger»(1500); normal' }, 'WBF4202');
    complains({ action: 'write_actions { reg0[0] = «check_pkt_larger(1500)»; output 1 }' }, 'WBF4308');
  });
});

describe('prerequisites through the list', () => {
  test('what the match says holds', () => {
    accepts({ match: 'tcp', action: 'tcp_dst = 1; ip_src = 10.0.0.1; nw_ttl = 5; dec_ttl; normal' });
    accepts({ match: 'tcp6', action: 'tcp_dst = 1; ipv6_src = ::1; nw_ttl = 5; dec_ttl; normal' });
    accepts({
      match: 'icmp6; icmpv6_type = 135',
      action: 'nd_target = ::1; nd_sll = 02:00:00:00:00:01; normal',
    });
    accepts({ match: 'vlan_vid = 5', action: 'vlan_pcp = 3; pop_vlan; normal' });
  });

  test('one diagnostic for everything that one word mends, at the most demanding', () => {
    const source = { action: 'ip_src = 10.0.0.1; «tcp_dst» = 80; tcp_src = 81; dec_ttl; normal' };
    const [d] = complains(source, 'WBF4001');
    expect(d?.message).toBe('this match never says that the packet is TCP, which `tcp_dst` needs');
    expect(d?.label).toBe('needs eth_type = 0x0800 or 0x86dd, and ip_proto = 6');
    expect(d?.related.map((r) => r.message)).toEqual([
      'needs eth_type = 0x0800',
      'needs eth_type = 0x0800 or 0x86dd, and ip_proto = 6',
      'needs eth_type = 0x0800 or 0x86dd',
    ]);
    expect(d?.help).toBe('add `tcp` to the match');
    expect(d?.fixes.map((f) => f.title)).toEqual(['Add `tcp`']);
    expect(fixed(source)).toContain('match { tcp');
  });

  test('two ways to mend it', () => {
    const [d] = complains({ action: '«tcp_dst» = 80; normal' }, 'WBF4001');
    expect(d?.fixes.map((f) => f.title)).toEqual(['Add `tcp`', 'Add `tcp6`']);
  });

  test('a protocol that says less gives way', () => {
    const source = { match: 'ip; ip_dst = 10.0.0.1', action: '«tcp_dst» = 80; normal' };
    const [d] = complains(source, 'WBF4001');
    expect(d?.fixes.map((f) => f.title)).toEqual(['Write `tcp` instead of `ip`']);
    expect(fixed(source)).toContain('match { tcp; ip_dst');
    const other = { match: 'eth_type = 0x86dd', action: '«tcp_dst» = 80; normal' };
    complains(other, 'WBF4001');
    expect(fixed(other)).toContain('match { ip_proto = tcp; eth_type');
  });

  test('things that nothing mends together are two mistakes', () => {
    complains({ action: '«tcp_dst» = 80; «udp_dst» = 80; normal' }, 'WBF4001', 'WBF4001');
  });

  test('the match says something else', () => {
    const [d] = complains(
      { match: 'arp', action: '«ip_src» = 10.0.0.1; ip_dst = 10.0.0.2; normal' },
      'WBF4003',
    );
    expect(d?.message).toBe(
      '`ip_src` needs that the packet is IPv4, and `eth_type` in the match says otherwise',
    );
    expect(d?.related.map((r) => r.message)).toEqual(['the match says this', 'needs eth_type = 0x0800']);
    complains({ match: 'tcp; ip_frag = later', action: '«tcp_dst» = 5; normal' }, 'WBF4003');
    complains({ match: 'vlan_vid = none', action: '«vlan_pcp» = 5; normal' }, 'WBF4003');
    complains({ match: 'icmp6; icmpv6_type = 128', action: '«nd_target» = ::1; normal' }, 'WBF4003');
  });

  test('a tag may be pushed or asked for', () => {
    const [d] = complains({ action: '«vlan_vid» = 5; vlan_pcp = 1; normal' }, 'WBF4001');
    expect(d?.help).toBe(
      'push a tag first with `push_vlan 0x8100`, or add `vlan_tci = 0x1000/0x1000` to the match',
    );
    expect(d?.fixes).toEqual([]);
    accepts({ action: 'push_vlan 0x8100; vlan_vid = 5; vlan_pcp = 1; normal' });
  });

  test('push_mpls and pop_mpls', () => {
    const [d] = complains(
      { match: 'tcp', action: 'push_mpls 0x8847; «tcp_dst» = 80; tcp_src = 1; normal' },
      'WBF4002',
    );
    expect(d?.message).toBe(
      '`tcp_dst` is out of reach behind `push_mpls`: it is not known any more that the packet is TCP',
    );
    expect(d?.related[0]?.message).toBe('from here on the packet is MPLS');
    accepts({ action: 'push_mpls 0x8847; mpls_label = 5; dec_mpls_ttl; normal' });
    accepts({ match: 'mpls', action: 'pop_mpls 0x0800; ip_src = 10.0.0.1; dec_ttl; normal' });
    complains({ match: 'mpls', action: 'pop_mpls 0x0800; «tcp_dst» = 1; normal' }, 'WBF4002');
    complains({ match: 'mpls', action: 'pop_mpls 0x0800; «mpls_ttl» = 1; normal' }, 'WBF4002');
    complains(
      { match: 'tcp', action: 'push_mpls 0x8847; pop_mpls 0x0800; «tcp_dst» = 1; normal' },
      'WBF4002',
    );
    accepts({ match: 'mpls', action: 'pop_mpls 0x8847; mpls_ttl = 5; normal' });
  });

  test('pop_vlan and vlan_tci', () => {
    complains({ match: 'vlan_vid = 5', action: 'pop_vlan; «vlan_pcp» = 1; normal' }, 'WBF4002');
    accepts({ match: 'vlan_vid = 5', action: 'push_vlan 0x8100; pop_vlan; vlan_pcp = 1; normal' });
    complains({ match: 'vlan_vid = 5', action: 'vlan_tci = 0/0x1000; «vlan_pcp» = 1; normal' }, 'WBF4002');
    // Whatever the mask, the switch looks at the bit of the value.
    complains({ match: 'vlan_vid = 5', action: 'vlan_tci = 5/0xfff; «vlan_pcp» = 1; normal' }, 'WBF4002');
    accepts({ action: 'vlan_tci = 0x1005; vlan_pcp = 1; normal' });
    // A move into vlan_tci changes nothing of what is known.
    complains({ action: 'vlan_tci = reg0[0..15]; «vlan_pcp» = 1; normal' }, 'WBF4001');
  });

  test('writing a field adds nothing to what is known', () => {
    complains({ match: 'icmp6', action: 'icmpv6_type = 135; «nd_target» = ::1; normal' }, 'WBF4001');
  });

  test('a missing tag is said once', () => {
    complains({ action: '«vlan_pcp» = 1; pop_vlan; normal' }, 'WBF4001');
    // What is behind a tag that is not there is not judged.
    complains({ action: '«pop_vlan»; vlan_pcp = 1; normal' }, 'WBF4001');
    complains({ action: '«pop_mpls 0x0800»; tcp_dst = 80; normal' }, 'WBF4001');
    complains({ match: 'vlan_vid = 3', action: 'pop_vlan; «vlan_pcp» = 1; normal' }, 'WBF4002');
  });

  test('`vlan_vid = none` asks for no tag', () => {
    complains({ action: 'vlan_vid = «none»; normal' }, 'WBF2112');
    complains({ action: 'vlan_vid = «none»; vlan_pcp = 1; «tcp_dst» = 80; normal' }, 'WBF2112', 'WBF4001');
  });

  test('addresses of IPv4 in ARP are those of ARP', () => {
    expect(fixed({ match: 'arp', action: 'ip_src = 10.0.0.1; normal' })).toContain(
      '{ arp_spa = 10.0.0.1; normal }',
    );
    expect(fixed({ match: 'arp', action: 'ip_src = 10.0.0.1; reg0 = ip_dst; normal' })).toContain(
      '{ arp_spa = 10.0.0.1; reg0 = arp_tpa; normal }',
    );
  });

  test('nested lists start from the state and give it back', () => {
    accepts({
      match: 'tcp',
      action: 'clone { push_mpls 0x8847; mpls_label = 1; output 1 }; tcp_dst = 80; normal',
    });
    complains(
      { match: 'tcp', action: 'push_mpls 0x8847; clone { «tcp_dst» = 1; output 1 }; normal' },
      'WBF4002',
    );
    accepts({ action: 'push_vlan 0x8100; write_actions { vlan_vid = 5; output 1 }' });
  });

  test('soft needs are not looked at in write_actions, hard ones are', () => {
    accepts({ action: 'write_actions { dec_ttl; pop_vlan; dec_mpls_ttl; output 1 }' });
    complains({ action: 'write_actions { «ip_src» = 10.0.0.1; output 1 }' }, 'WBF4001');
    complains({ action: '«dec_ttl»; normal' }, 'WBF4001');
  });

  test('a broken match is not held against the actions', () => {
    const { diagnostics } = compile(
      { action: 'tcp_dst = 80; nw_src = 10.0.0.1; ct; pop_vlan; normal' },
      false,
    );
    expect(diagnostics).toEqual([]);
    const own = compile({ action: 'tcp_dst = 70000; ip_proto = 5; normal' }, false);
    expect(own.diagnostics.map((d) => d.code)).toEqual(['WBF2101', 'WBF4004']);
  });
});
