import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBench, judge, answers, bytesOf, flowOf, unchecked, ACCEPTED } from './judge.ts';
import { FIELDS, field } from '../../src/openflow/fields.ts';
import { storage } from '../../src/openflow/storage.ts';
import { sample, remedies, terms } from './samples.ts';
import type { Lab } from '../lab/switch.ts';
let lab: Lab;
beforeAll(async () => { lab = await startBench(); });
afterAll(async () => { await lab.stop(); });
const CONTEXTS = ['', 'eth', 'ip', 'ipv6', 'arp', 'rarp', 'tcp', 'tcp6', 'udp', 'udp6', 'sctp', 'sctp6', 'icmp', 'icmp6', 'mpls', 'mplsm',
 'eth_type = nsh', 'eth_type = 0x1234', 'eth_type = 0', 'ip; ip_proto = 47', 'ipv6; ip_proto = 58; icmpv6_type = 135', 'icmp6; icmpv6_type = 136',
 'icmp6; icmpv6_type = 135; icmpv6_code = 0', 'icmp6; icmpv6_type = 135; icmpv6_code = 1', 'icmp6; icmpv6_type = 134', 'icmp6; icmpv6_code = 0',
 'vlan_vid = 10', 'vlan_vid = none', 'vlan_tci = 0x1000/0x1000', 'vlan_tci = 0/0x1000', 'vlan_tci = 0x5/0xfff', 'dl_vlan = 5', 'dl_vlan_pcp = 3',
 'vlan_vid = 10; tcp', 'tcp; ip_frag = no', 'tcp; ip_frag = first', 'tcp; ip_frag = later', 'tcp6; ip_frag = later', 'udp; ip_frag = not_later', 'sctp; ip_frag = yes',
 'udp; ip_frag[1] = 1',
 'packet_type = ethernet', 'packet_type = ipv4', 'packet_type = ipv6', 'packet_type = nsh', 'packet_type = mpls', 'packet_type = ipv4; ip_proto = 6', 'packet_type = ipv6; ip_proto = 58', 'packet_type = ipv6; ip_proto = 58; icmpv6_type = 135', 'packet_type = ethernet; ip', 'packet_type = ethernet; udp6',
 'ip; ct_state = +trk', 'ct_state = +trk', 'ct_state = +trk-inv', 'ip; ct_state = +trk-inv', 'ipv6; ct_state = +trk-inv', 'ct_state = +new', 'ip; ct_state = +trk+inv', 'ip; ct_state = -trk', 'ip; ct_state = 0x20', 'ip; ct_state = 0', 'tcp; ct_state = +trk+est', 'arp; ct_state = +est', 'ipv6; ct_state = +snat', 'ct_state = 0x8',
 'eth_src = 02:00:00:00:00:01', 'metadata = 5', 'in_port = 1',
];
test('x', async () => {
  const ctx = CONTEXTS.map(c => ({ c, v: judge({match: c}) }));
  for (const {c, v} of ctx) if (v.flow === null) console.log('CTX', c, v.errors.map(e => e.message));
  const rows = FIELDS.filter(f => f.headers.length > 0 || f.name.startsWith('dl_vlan')).filter(f=>!f.name.startsWith('tun_meta')&&!/^x*reg/.test(f.name)).flatMap(f => {
    const own = (() => { try { return flowOf({match: terms(remedies(f)[0]!, sample(f).text)}).match.find(t => t.field===f.name)!; } catch (e) { console.log(String(e)); return null; } })();
    if (own === null) return [];
    return ctx.flatMap(({c, v}) => {
      if (v.flow === null || v.flow.match.some(t => storage(field(t.field)).unit === storage(f).unit)) return [];
      const match = terms(c, sample(f).text);
      return [{ match, bytes: bytesOf(unchecked([...v.flow.match, own])) }];
    });
  });
  const t0 = Date.now();
  const ours = rows.map(r => judge(r));
  const t1 = Date.now();
  const said = await answers(lab, 'br0', rows.map(r => r.bytes));
  let n = 0;
  rows.forEach((r,i) => { if (ours[i]!.says !== said[i] && n++ < 80) console.log('DIFF', r.match, '|', ours[i]!.errors.map(e=>`${e.code} ${e.message} ${e.switchError}`).join('; '), '|', said[i]); });
  console.log(rows.length, said.filter(s => s===ACCEPTED).length, n, t1-t0, Date.now()-t1);
  expect(1).toBe(1);
});
