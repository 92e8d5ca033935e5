/**
 * What ovs-ofctl makes of matches that we refuse. Every claim of ours that begins with "ovs-ofctl does not refuse it" is
 * put to the installed ovs-ofctl here.
 */
import { describe, expect, test } from 'vitest';
import { FIELDS } from '../../src/openflow/fields.ts';
import type { Field } from '../../src/openflow/fields.ts';
import { parseFlows, refusal } from '../openflow/ofctl.ts';
import { check } from './expect.ts';

/** The same match in the text of ovs-ofctl. */
const text = (match: string): string =>
  `${match.replaceAll('; ', ',').replaceAll(' = ', '=')}${match === '' ? '' : ','}actions=drop`;

const notes = (match: string): string[] =>
  check(`flow { match { ${match} } action { drop } }`).diagnostics.flatMap((d) => [...d.notes]);

const VALUES: Readonly<Partial<Record<Field['format'], string>>> = {
  Ethernet: '02:00:00:00:00:01',
  IPv4: '10.0.0.1',
  IPv6: 'fe80::1',
  frag: 'first',
  'TCP flags': '+syn',
};

/** Fields with a prerequisite that ovs-ofctl looks at, each alone in a match. */
const NEEDY = FIELDS.filter((f) => !['none', 'Ethernet', 'VLAN VID', 'CT', 'NSH'].includes(f.prerequisite));

describe('a field without its prerequisites', () => {
  test('is widened to every packet, for every field that has some', () => {
    const matches = NEEDY.map(
      (f) =>
        `${f.aliases[0]?.startsWith('ip') === true ? f.aliases[0] : f.name} = ${f.name === 'nw_tos' ? '4' : (VALUES[f.format] ?? '1')}`,
    );
    expect(matches.length).toBeGreaterThan(30);
    for (const match of matches) {
      expect(notes(match), match).toEqual([
        'ovs-ofctl does not refuse it: it drops this term without an error, and the flow matches every packet',
      ]);
    }
    expect(parseFlows(matches.map(text))).toEqual(matches.map(() => 'actions=drop'));
  });

  test.each([
    [
      'eth_dst = 00:00:00:00:99:99; ip_dst = 10.11.22.26; icmp_type = 8; icmp_code = 0',
      'dl_dst=00:00:00:00:99:99',
    ],
    ['in_port = 1; tcp_dst = 80; arp_op = 1', 'in_port=1'],
    ['eth_type = 0x800; tcp_dst = 80', 'ip'],
    ['icmp6; nd_target = fe80::1', 'icmp6'],
    ['icmp6; icmpv6_type = 136; nd_sll = 02:00:00:00:00:01', 'icmp6,icmp_type=136'],
    [
      'icmp6; icmpv6_type = 135; icmpv6_code = 3; nd_sll = 02:00:00:00:00:01',
      'icmp6,icmp_type=135,icmp_code=3',
    ],
    ['ip; mpls_label = 3', 'ip'],
    ['ip; ipv6_src = fe80::1', 'ip'],
  ])('%s: what is left is %s', (match, left) => {
    expect(notes(match).every((n) => n.includes('it drops th'))).toBe(true);
    expect(notes(match)).not.toEqual([]);
    expect(parseFlows([text(match)])).toEqual([`${left} actions=drop`]);
  });
});

describe('a field of another protocol', () => {
  test.each([
    ['arp; ip_src = 10.0.0.1', 'arp_spa', 'arp,arp_spa=10.0.0.1'],
    ['arp; ip_dst = 10.0.0.1', 'arp_tpa', 'arp,arp_tpa=10.0.0.1'],
    ['ip; arp_tpa = 10.0.0.1', 'ip_dst', 'ip,nw_dst=10.0.0.1'],
    ['udp; tcp_dst = 80', 'udp_dst', 'udp,tp_dst=80'],
    ['tcp; icmp_type = 8', 'tcp_src', 'tcp,tp_src=8'],
    ['icmp; tcp_dst = 80', 'icmp_code', 'icmp,icmp_code=80'],
    ['icmp6; icmp_type = 3', 'icmpv6_type', 'icmp6,icmp_type=3'],
  ])('%s is taken for %s', (match, instead, made) => {
    expect(notes(match)).toEqual([
      `ovs-ofctl does not refuse it: it takes it for \`${instead}\` without an error`,
    ]);
    expect(parseFlows([text(match)])).toEqual([`${made} actions=drop`]);
  });
});

describe('of terms that exclude each other the last one wins', () => {
  test.each([
    ['tcp; udp', 'udp'],
    ['ip; ipv6', 'ipv6'],
    ['tcp; ip_proto = 17', 'udp'],
    ['in_port = 1; in_port = 2', 'in_port=2'],
    ['tcp; tcp_dst = 80; tcp_dst = 443', 'tcp,tp_dst=443'],
    ['reg0 = 1; xreg0 = 5', 'reg0=0,reg1=0x5'],
    ['vlan_tci = 0/0x1000; dl_vlan_pcp = 3', 'dl_vlan_pcp=3'],
  ])('%s', (match, made) => {
    expect(notes(match)).toEqual(['ovs-ofctl does not refuse it: it lets the last of them win']);
    expect(parseFlows([text(match)])).toEqual([`${made} actions=drop`]);
  });
});

describe('a value too large is cut', () => {
  test.each([
    ['vlan_vid = 5000', 'dl_vlan=904'],
    ['dl_vlan = 5000', 'dl_vlan=904'],
    ['dl_vlan_pcp = 9', 'dl_vlan_pcp=1'],
    ['ip; nw_tos = 255', 'ip,nw_tos=252'],
    ['ip; ip_dscp = 65', 'ip,nw_tos=4'],
    ['ip; nw_ecn = 5', 'ip,nw_ecn=1'],
    ['mpls; mpls_label = 1048577', 'mpls,mpls_label=1'],
    ['mpls; mpls_tc = 9', 'mpls,mpls_tc=1'],
    ['mpls; mpls_bos = 2', 'mpls,mpls_bos=0'],
    ['arp; arp_op = 257', 'arp,arp_op=1'],
  ])('%s', (match, made) => {
    const kept = /=(\d+)$/.exec(made)?.[1] ?? '';
    const meant = match.includes('dscp') ? '1' : kept;
    expect(notes(match)).toEqual([`ovs-ofctl does not refuse it: it makes ${meant} of it without a word`]);
    expect(parseFlows([text(match)])).toEqual([`${made} actions=drop`]);
  });

  test.each(['tcp; tcp_dst = 70000', 'ip; nw_ttl = 300', 'reg0 = 0x100000000', 'icmp; icmp_type = 256'])(
    '%s is refused',
    (match) => {
      expect(notes(match)).toEqual([]);
      expect(refusal(text(match))).toContain('value too large');
    },
  );
});
