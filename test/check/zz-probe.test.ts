import { test } from 'vitest';
import { compileText, program, unmark } from './actions-support.ts';
import { parse } from '../../grammar/parser.ts';
const cases: [string, string][] = [
 ['ip','load 5 reg0; normal'],['ip','set_field 5 reg0; normal'],['ip','move reg0 reg1; normal'],
 ['ip','load(5, reg0); normal'],['ip','move(reg0, reg1)'],['ip','load\n5 reg0\nnormal'],
 ['','mod_vlan_vid 5; pop_vlan; normal'],['','mod_vlan_vid 5; vlan_pcp = 2; normal'],['vlan_vid = 3','mod_vlan_vid 5; normal'],
 ['','vlan_vid = none; normal'],['ip','vlan_vid = none; pop_vlan; normal'],
 ['','pop_mpls 0x800; tcp_dst = 80; normal'],['','dec_mpls_ttl; tcp_dst = 80; normal'],['mpls','pop_mpls 0x800; tcp_dst = 80; normal'],
 ['','pop_vlan; pop_vlan; normal'],['','push_vlan 0x8100; pop_vlan; pop_vlan; normal'],
 ['ip; ip_src = 10.0.0.1','conjunction(id=5, clause=1, clauses=2)'],['ip','conjunction(5, clause=1, clauses=2)'],['ip','conjunction(5, 1, 2)'],['ip','conjunction(5,1)'],
 ['','clone { '.repeat(200)+'output 1'+' }'.repeat(200)],
 ['ip','set_ttl 5; normal'],['ip','mod_nw_ttl 5; normal'],['tcp; ip_frag = later','mod_tp_dst 5; normal'],['tcp','mod_tp_dst 5; normal'],
 ['arp','ip_src = 10.0.0.1; normal'],['arp','reg0 = ip_dst; normal'],['ip','arp_spa = 10.0.0.1; normal'],['ip6','ip_src = 10.0.0.1; normal'],
 ['','output:2'],['','output:2; normal'],['','output : 2'],['','resubmit:2; group:3'],['','in_port = 0; output 1'],['','output 0'],['in_port = 0','output 1'],['ip','mod_nw_src 10.0.0.1; normal'],['','set_vlan_vid 5; normal'],['','push_vlan:0x8100; normal'],['','set_field:5->reg0'],['ip','load:5->NXM_NX_REG0[]'],['','decap; tcp_dst = 4; normal'],['','bundle 5; normal']
];
test('p', () => {
  for (const [match, action] of cases) {
    const text = program({ match, action });
    const { errors } = parse(text);
    const { diagnostics } = compileText(text, true, false);
    console.log(`### ${match} | ${action.slice(0, 60)}`);
    for (const e of errors) console.log('   P', e.code ?? '', e.message ?? JSON.stringify(e).slice(0, 100));
    for (const d of diagnostics) console.log('   ', d.code, d.message, d.help ? '// ' + d.help : '', d.fixes.map((f) => f.title + ' => ' + f.edits.map((e) => e.newText).join(',')).join(' | '));
  }
});
