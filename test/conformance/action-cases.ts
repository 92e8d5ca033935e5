// Flows by the actions that they show: legal ones in our words and in those of ovs-ofctl, and wrong ones with what the
// switch is sent instead, unchecked.
import type { Action, Instructions, LearnSpec, Nat, SubfieldRef } from '../../src/ir/types.ts';
import { ACTIONS, type ActionName } from '../../src/openflow/actions.ts';
import type { FieldName } from '../../src/openflow/fields.ts';
import { withLength, type Source } from './judge.ts';

export const set = (name: FieldName, value: bigint, mask: bigint | null = null): Action => ({
  kind: 'set_field',
  field: name,
  value,
  mask,
});

export const sub = (name: FieldName, offset: number, bits: number): SubfieldRef => ({
  field: name,
  offset,
  bits,
});

export const CT: Extract<Action, { kind: 'ct' }> = {
  kind: 'ct',
  commit: true,
  force: false,
  zone: null,
  table: null,
  alg: 0,
  nat: null,
  exec: [],
};

export const NAT: Nat = {
  direction: 'src',
  family: 4,
  addresses: { min: 0x0a000001n, max: null },
  ports: null,
  persistent: false,
  hash: false,
  random: false,
};

const bundle = (members: readonly number[], destination: SubfieldRef | null = null): Action => ({
  kind: 'bundle',
  fields: 'eth_src',
  basis: 0,
  algorithm: 'hrw',
  members,
  destination,
});

const multipath = (links: number, destination: SubfieldRef): Action => ({
  kind: 'multipath',
  fields: 'eth_src',
  basis: 0,
  algorithm: 'hrw',
  links,
  arg: 0,
  destination,
});

const SAMPLE: Action = {
  kind: 'sample',
  probability: 1,
  collectorSetId: 0,
  obsDomainId: 0,
  obsPointId: 0,
  samplingPort: null,
  direction: null,
};

const said = (kind: 'match' | 'load', destination: SubfieldRef, value: bigint): LearnSpec => ({
  kind,
  source: { kind: 'value', value },
  destination,
});

const copied = (kind: 'match' | 'load', from: SubfieldRef, destination: SubfieldRef): LearnSpec => ({
  kind,
  source: { kind: 'field', subfield: from },
  destination,
});

const learn = (...specs: LearnSpec[]): Extract<Action, { kind: 'learn' }> => ({
  kind: 'learn',
  table: 1,
  priority: 1,
  idleTimeout: 0,
  hardTimeout: 0,
  finIdleTimeout: 0,
  finHardTimeout: 0,
  cookie: 0n,
  sendFlowRem: false,
  deleteLearned: false,
  limit: 0,
  result: null,
  specs,
});

/** A legal flow, and its actions in the words of ovs-ofctl; null where it has none. */
interface Legal extends Source {
  readonly text: string | null;
}

const legal = (match: string, action: string, text: string | null): Legal => ({ match, action, text });

export const LEGAL: Readonly<Partial<Record<ActionName, readonly Legal[]>>> = {
  output: [
    legal('', 'output 1; output 2', 'output:1,output:2'),
    legal(
      '',
      'output in_port; output local; output normal; output flood; output all; output table',
      'in_port,local,normal,flood,all,table',
    ),
    legal('', 'normal', 'normal'),
    legal(
      '',
      'output reg0[0..15]; output xreg1; output metadata[3..10]',
      'output:reg0[0..15],output:xreg1[],output:metadata[3..10]',
    ),
    legal('tcp', 'output tcp_dst', 'output:tcp_dst[]'),
    legal(
      '',
      'output(port = 2, max_len = 14); output(port = local, max_len = 0xffffffff)',
      'output(port=2,max_len=14),output(port=local,max_len=4294967295)',
    ),
    legal('eth_type = nsh', 'output nsh_c1', 'output:nsh_c1[]'),
  ],
  controller: [
    legal(
      '',
      'controller; controller(max_len = 128); controller(max_len = 0)',
      'controller,controller:128,controller:0',
    ),
    legal('', 'controller(reason = no_match, id = 5)', 'controller(reason=no_match,id=5)'),
    legal(
      '',
      'controller(userdata = "01.02.03", pause, meter_id = 9, max_len = 5, id = 7, reason = invalid_ttl)',
      'controller(userdata=01.02.03,pause,meter_id=9,max_len=5,id=7,reason=invalid_ttl)',
    ),
  ],
  enqueue: [
    legal(
      '',
      'enqueue(port = 2, queue = 1); enqueue(local, 0xfffffffe); enqueue(in_port, 0)',
      'enqueue:2:1,enqueue(local,4294967294),enqueue(in_port,0)',
    ),
  ],
  bundle: [
    legal(
      '',
      'bundle(fields = symmetric_l4, basis = 7, algorithm = hrw, members = [1, 2, local]); bundle(fields = "symmetric_l3l4+udp", algorithm = active_backup, members = [in_port])',
      'bundle(symmetric_l4,7,hrw,ofport,members:1,2,local),bundle(symmetric_l3l4+udp,0,active_backup,ofport,members:in_port)',
    ),
    legal(
      '',
      'bundle(fields = nw_src, algorithm = hrw, members = []); bundle(fields = nw_dst, algorithm = hrw, members = [any, normal])',
      'bundle(nw_src,0,hrw,ofport,members:),bundle(nw_dst,0,hrw,ofport,members:any,normal)',
    ),
  ],
  bundle_load: [
    legal(
      '',
      'reg0[8..23] = bundle_load(fields = eth_src, basis = 65535, algorithm = hrw, members = [1, 2, 3]); xreg1 = bundle_load(fields = symmetric_l3, algorithm = active_backup, members = [2]); normal',
      'bundle_load(eth_src,65535,hrw,ofport,reg0[8..23],members:1,2,3),bundle_load(symmetric_l3,0,active_backup,ofport,xreg1[],members:2),normal',
    ),
  ],
  multipath: [
    legal(
      '',
      'reg0[0..15] = multipath(fields = eth_src, basis = 50, algorithm = modulo_n, n_links = 65536); reg0[0] = multipath(fields = symmetric_l4, algorithm = hash_threshold, n_links = 2); normal',
      'multipath(eth_src,50,modulo_n,65536,0,reg0[0..15]),multipath(symmetric_l4,0,hash_threshold,2,0,reg0[0]),normal',
    ),
    legal(
      'tcp',
      'tcp_dst = multipath(fields = nw_src, algorithm = iter_hash, n_links = 1, arg = 0xffffffff); reg5[3..5] = multipath(fields = symmetric_l3l4, algorithm = hrw, n_links = 8); normal',
      'multipath(nw_src,0,iter_hash,1,4294967295,tcp_dst[]),multipath(symmetric_l3l4,0,hrw,8,0,reg5[3..5]),normal',
    ),
  ],
  sample: [
    legal(
      '',
      'sample(probability = 65535); sample(probability = 1, collector_set_id = 2, obs_domain_id = 3, obs_point_id = 0xffffffff); normal',
      'sample(probability=65535),sample(probability=1,collector_set_id=2,obs_domain_id=3,obs_point_id=4294967295),normal',
    ),
    legal(
      '',
      'sample(probability = 5, sampling_port = 2); sample(probability = 5, sampling_port = local, ingress); sample(probability = 5, egress); normal',
      'sample(probability=5,sampling_port=2),sample(probability=5,sampling_port=local,ingress),sample(probability=5,egress),normal',
    ),
  ],
  encap: [
    legal(
      'packet_type = ipv4',
      'encap(ethernet); eth_src = 02:00:00:00:00:01; output 1',
      'encap(ethernet),set_field:02:00:00:00:00:01->eth_src,output:1',
    ),
    legal(
      'ip',
      'encap(mpls); mpls_label = 5; encap(mpls_mc); mpls_tc = 1; encap(ethernet); output 1',
      'encap(mpls),set_field:5->mpls_label,encap(mpls_mc),set_field:1->mpls_tc,encap(ethernet),output:1',
    ),
    legal(
      '',
      'encap(nsh); nsh_c1 = 5; encap(nsh(md_type = 1)); encap(nsh(md_type = 2)); encap(ethernet); output 1',
      'encap(nsh),set_field:5->nsh_c1,encap(nsh(md_type=1)),encap(nsh(md_type=2)),encap(ethernet),output:1',
    ),
    legal(
      '',
      'encap(nsh(md_type = 2, tlv(0x1000, 10, 0x12345678), tlv(0xffff, 255, "12"), tlv(1, 2, "01.02.03.04.05"))); output 1',
      'encap(nsh(md_type=2,tlv(0x1000,10,0x12345678),tlv(0xffff,255,0x12),tlv(0x1,2,0x0102030405))),output:1',
    ),
    legal('', 'write_actions { encap(nsh); output 1 }', 'write_actions(encap(nsh),output:1)'),
  ],
  decap: [
    legal('ip', 'decap; ip_src = 10.0.0.1; output 1', 'decap,mod_nw_src:10.0.0.1,output:1'),
    legal(
      'eth_type = nsh',
      'decap; decap; decap(packet_type(ns = 1, type = 0x0800)); decap(packet_type(ns = 0, type = 0)); output 1',
      'decap,decap,decap(packet_type(ns=1,type=0x0800)),decap(packet_type(ns=0,type=0)),output:1',
    ),
  ],
  mod_vlan_vid: [
    legal('dl_vlan = 5', 'mod_vlan_vid 10; normal', 'mod_vlan_vid:10,normal'),
    legal('', 'mod_vlan_vid 4095; mod_vlan_pcp 7; normal', 'mod_vlan_vid:4095,mod_vlan_pcp:7,normal'),
    legal('', 'write_actions { mod_vlan_vid 0; output 1 }', 'write_actions(mod_vlan_vid:0,output:1)'),
  ],
  mod_vlan_pcp: [
    legal('dl_vlan = 5', 'mod_vlan_pcp 0; normal', 'mod_vlan_pcp:0,normal'),
    legal(
      '',
      'clone { mod_vlan_pcp 1; output 1 }; mod_vlan_pcp 2; normal',
      'clone(mod_vlan_pcp:1,output:1),mod_vlan_pcp:2,normal',
    ),
  ],
  learn: [
    legal(
      '',
      'learn(table = acl, cookie = 1) { match { eth_dst = pkt.eth_src } action { output pkt.in_port } }',
      'learn(table=5,cookie=1,eth_dst=eth_src,output:in_port[])',
    ),
    legal(
      'udp',
      'learn(priority = 7, idle_timeout = 5, hard_timeout = 6, fin_idle_timeout = 7, fin_hard_timeout = 8, cookie = 0xabcdef, send_flow_rem, delete_learned) { match { udp; udp_dst = pkt.udp_src } action { reg0[0..15] = 5; reg1 = pkt.ip_src } }',
      'learn(table=1,priority=7,idle_timeout=5,hard_timeout=6,fin_idle_timeout=7,fin_hard_timeout=8,cookie=0xabcdef,send_flow_rem,delete_learned,dl_type=0x800,nw_proto=17,udp_dst=udp_src,load:5->reg0[0..15],load:ip_src[]->reg1[])',
    ),
    legal(
      '',
      'learn(cookie = 0, limit = 10) { match { vlan_tci[0..11] = pkt.vlan_tci[0..11] } }; learn(cookie = 0, result_dst = reg3[31]) { match { reg0[3..20] = 5 } }; learn(cookie = 1, limit = 0xffffffff, result_dst = metadata[63]) { }; normal',
      'learn(cookie=0,limit=10,vlan_tci[0..11]),learn(cookie=0,result_dst=reg3[31],reg0[3..20]=5),learn(cookie=1,limit=4294967295,result_dst=metadata[63]),normal',
    ),
    legal(
      'ipv6',
      'clone { learn(cookie = 1) { match { ipv6; ipv6_src = pkt.ipv6_dst; ipv6_dst = fe80::1; vlan_vid = 10; metadata = 0x123456789; ip_proto = pkt.ip_proto } action { xxreg1 = pkt.ipv6_src; ipv6_dst[0..63] = 5; output pkt.reg0[0..15] } } }',
      'clone(learn(cookie=1,dl_type=0x86dd,ipv6_src=ipv6_dst,ipv6_dst=fe80::1,vlan_vid=10,metadata=0x123456789,nw_proto=nw_proto,load:ipv6_src[]->xxreg1[],load:5->ipv6_dst[0..63],output:reg0[0..15]))',
    ),
  ],
  drop: [legal('', 'drop', 'drop')],
  group: [legal('', 'group 1', 'group:1')],
  strip_vlan: [
    legal('dl_vlan = 5', 'pop_vlan; normal', 'pop_vlan,normal'),
    legal('', 'push_vlan 0x8100; pop_vlan; normal', 'push_vlan:0x8100,pop_vlan,normal'),
    legal('dl_vlan = 5', 'strip_vlan; normal', 'strip_vlan,normal'),
  ],
  push_vlan: [
    legal(
      '',
      'push_vlan 0x8100; vlan_vid = 5; push_vlan 0x88a8; vlan_pcp = 3; normal',
      'push_vlan:0x8100,set_field:4101->vlan_vid,push_vlan:0x88a8,set_field:3->vlan_pcp,normal',
    ),
    legal('tcp', 'push_vlan 0x8100; tcp_dst = 80; normal', 'push_vlan:0x8100,set_field:80->tcp_dst,normal'),
  ],
  push_mpls: [
    legal(
      'ip',
      'push_mpls 0x8847; mpls_label = 5; mpls_tc = 1; normal',
      'push_mpls:0x8847,set_mpls_label:5,set_mpls_tc:1,normal',
    ),
    legal('', 'push_mpls 0x8848; normal', 'push_mpls:0x8848,normal'),
  ],
  pop_mpls: [
    legal(
      'mpls',
      'pop_mpls 0x0800; ip_src = 10.0.0.1; dec_ttl; normal',
      'pop_mpls:0x0800,mod_nw_src:10.0.0.1,dec_ttl,normal',
    ),
  ],
  set_field: [
    legal(
      'tcp',
      'eth_src = 02:00:00:00:00:01; ip_src = 10.0.0.0/255.0.255.0; tcp_dst = 80; tun_id = 5; normal',
      'mod_dl_src:02:00:00:00:00:01,set_field:10.0.0.0/255.0.255.0->ip_src,mod_tp_dst:80,set_tunnel:5,normal',
    ),
  ],
  load: [
    legal(
      'ip',
      'reg0[3..6] = 5; metadata[0..31] = 10.0.0.1; ip_src[0..7] = 5; normal',
      'load:5->reg0[3..6],load:0x0a000001->metadata[0..31],load:5->ip_src[0..7],normal',
    ),
    legal(
      'ip',
      'ip_dscp[0..2] = 5; in_port[0..3] = 1; normal',
      'load:5->ip_dscp[0..2],load:1->in_port[0..3],normal',
    ),
  ],
  move: [
    legal(
      'arp',
      'arp_op = 2; arp_tha = arp_sha; arp_tpa = arp_spa; reg0[0..15] = in_port; in_port_oxm = reg1; normal',
      'set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],move:in_port[]->reg0[0..15],move:reg1[]->in_port_oxm[],normal',
    ),
    legal(
      'eth_type = nsh',
      'nsh_c1 = nsh_c2; reg0 = nsh_c3; normal',
      'move:nsh_c2[]->nsh_c1[],move:nsh_c3[]->reg0[],normal',
    ),
  ],
  dec_ttl: [
    legal('ip', 'dec_ttl; normal', 'dec_ttl,normal'),
    legal('ipv6', 'dec_ttl(1, 2, 0xffff); normal', 'dec_ttl(1,2,65535),normal'),
  ],
  mod_nw_ttl: [legal('ip', 'mod_nw_ttl 64; normal', 'mod_nw_ttl:64,normal')],
  set_mpls_ttl: [legal('mpls', 'set_mpls_ttl 64; normal', 'set_mpls_ttl:64,normal')],
  dec_mpls_ttl: [legal('mpls', 'dec_mpls_ttl; normal', 'dec_mpls_ttl,normal')],
  dec_nsh_ttl: [legal('eth_type = nsh', 'dec_nsh_ttl; normal', 'dec_nsh_ttl,normal')],
  check_pkt_larger: [
    legal('', 'reg0[5] = check_pkt_larger(1500); normal', 'check_pkt_larger(1500)->reg0[5],normal'),
  ],
  set_queue: [
    legal(
      '',
      'set_queue 0; output 1; set_queue 0xffffffff; output 2',
      'set_queue:0,output:1,set_queue:4294967295,output:2',
    ),
  ],
  pop_queue: [legal('', 'set_queue 5; pop_queue; output 1', 'set_queue:5,pop_queue,output:1')],
  ct: [
    legal('ip', 'ct', 'ct'),
    legal('ipv6', 'ct(table = acl)', 'ct(table=5)'),
    legal('ip', 'ct(commit, force, zone = 0xffff, table = 7)', 'ct(commit,force,zone=65535,table=7)'),
    legal(
      'ip',
      'ct(zone = reg0[16..31], table = acl); ct(zone = ct_zone)',
      'ct(zone=reg0[16..31],table=5),ct(zone=ct_zone[])',
    ),
    legal(
      'tcp',
      'ct(commit, alg = ftp) { ct_mark = 1/3; ct_label[5..9] = 3; ct_mark[0..15] = tcp_dst }',
      'ct(commit,alg=ftp,exec(set_field:1/3->ct_mark,load:3->ct_label[5..9],move:tcp_dst[]->ct_mark[0..15]))',
    ),
    legal(
      'udp6',
      'ct(commit, alg = tftp) { ct_label = 5 }',
      'ct(commit,alg=tftp,exec(set_field:5->ct_label))',
    ),
  ],
  nat: [
    legal(
      'ip',
      'ct(nat); ct(commit, nat(src)); ct(commit, nat(dst))',
      'ct(nat),ct(commit,nat(src)),ct(commit,nat(dst))',
    ),
    legal(
      'ip',
      'ct(commit, nat(src = 10.0.0.1-10.0.0.9, ports = 5-9, hash, persistent))',
      'ct(commit,nat(src=10.0.0.1-10.0.0.9:5-9,hash,persistent))',
    ),
    legal(
      'ip',
      'ct(commit, nat(dst = 10.0.0.1, ports = 80, random))',
      'ct(commit,nat(dst=10.0.0.1:80,random))',
    ),
    legal(
      'ipv6',
      'ct(commit, nat(src = fe80::1-fe80::9, ports = 5-9)) { ct_mark = 1 }',
      'ct(commit,nat(src=[fe80::1]-[fe80::9]:5-9),exec(set_field:1->ct_mark))',
    ),
  ],
  ct_clear: [legal('', 'ct_clear; normal', 'ct_clear,normal')],
  fin_timeout: [
    legal(
      'tcp',
      'fin_timeout(idle_timeout = 5, hard_timeout = 10s); normal',
      'fin_timeout(idle_timeout=5,hard_timeout=10),normal',
    ),
  ],
  resubmit: [
    legal(
      '',
      'resubmit(,5); resubmit(3, 7); resubmit(3); resubmit(local, acl)',
      'resubmit(,5),resubmit(3,7),resubmit:3,resubmit(local,5)',
    ),
    // ovs-ofctl wants another port or a table.
    legal('', 'resubmit(in_port)', null),
    legal('ip; ct_state = +trk+est', 'resubmit(,5,ct)', 'resubmit(,5,ct)'),
  ],
  clone: [
    legal(
      'ip',
      'clone { eth_src = 02:00:00:00:00:01; dec_ttl; output 1; clone { output 2 } }; output 3',
      'clone(set_field:02:00:00:00:00:01->eth_src,dec_ttl,output:1,clone(output:2)),output:3',
    ),
  ],
  push: [
    legal(
      'tcp',
      'push reg0; push tcp_dst; push metadata[3..9]; pop reg1; normal',
      'push:reg0[],push:tcp_dst[],push:metadata[3..9],pop:reg1[],normal',
    ),
  ],
  pop: [
    legal(
      'tcp',
      'push reg0[0..15]; pop tcp_dst; pop reg1[0..3]; normal',
      'push:reg0[0..15],pop:tcp_dst[],pop:reg1[0..3],normal',
    ),
  ],
  exit: [legal('', 'output 1; exit', 'output:1,exit')],
  conjunction: [
    legal(
      'ip; ip_src = 10.0.0.1',
      'conjunction(10, 1/2); conjunction(0xffffffff, 64/64); note "01"',
      'conjunction(10,1/2),conjunction(4294967295,64/64),note:01',
    ),
  ],
  note: [
    legal(
      '',
      'note "01.02.03"; note "0102030405060708"; normal',
      'note:01.02.03,note:01.02.03.04.05.06.07.08,normal',
    ),
  ],
  meter: [
    legal('', 'meter 1; normal', 'meter:1,normal'),
    // ovs-ofctl takes a meter as the first action only.
    legal('', 'output 1; meter 1; output 2', null),
  ],
  clear_actions: [
    legal('', 'output 1; clear_actions', 'output:1,clear_actions'),
    legal('', 'clear_actions; goto acl', 'clear_actions,goto_table:5'),
  ],
  write_actions: [
    legal(
      'ip',
      'write_actions { dec_ttl; eth_src = 02:00:00:00:00:01; reg0[0..15] = in_port; set_queue 5; output 1 }; goto acl',
      'write_actions(dec_ttl,set_field:02:00:00:00:00:01->eth_src,move:in_port[]->reg0[0..15],set_queue:5,output:1),goto_table:5',
    ),
    legal(
      '',
      'write_actions { pop_vlan; push_vlan 0x8100; dec_ttl; group 1 }',
      'write_actions(pop_vlan,push_vlan:0x8100,dec_ttl,group:1)',
    ),
    legal(
      'ip',
      'write_actions { ct(commit, table = 7) { ct_mark = 1 } }',
      'write_actions(ct(commit,table=7,exec(set_field:1->ct_mark)))',
    ),
    legal('', 'write_actions { controller(max_len = 5) }', 'write_actions(controller:5)'),
    legal('', 'write_actions { resubmit(,5) }', 'write_actions(resubmit(,5))'),
  ],
  write_metadata: [
    legal('', 'write_metadata 5; goto acl', 'write_metadata:5,goto_table:5'),
    legal(
      '',
      'output 1; clear_actions; write_actions { output 2 }; write_metadata 0x10/0xf0; goto acl',
      'output:1,clear_actions,write_actions(output:2),write_metadata:0x10/0xf0,goto_table:5',
    ),
  ],
  goto_table: [legal('', 'goto acl', 'goto_table:5')],
};

/** Something that we refuse, and the same for the switch, made by hand. */
export interface Refusal extends Source {
  readonly apply?: readonly Action[];
  readonly instructions?: Partial<Instructions>;
  /** What cannot be said in the IR. */
  readonly raw?: (message: Buffer) => Buffer;
}

/** Flows that are wrong, and the same as the switch is told. */
export const ILLEGAL: Readonly<Partial<Record<ActionName, readonly Refusal[]>>> = {
  bundle: [
    {
      match: '',
      action: 'bundle(fields = eth_src, algorithm = hrw, members = [controller])',
      apply: [bundle([0xfffffffd])],
    },
    {
      match: '',
      action: 'bundle(fields = eth_src, algorithm = hrw, members = [1, 0xff01])',
      apply: [bundle([1, 0x1234])],
      raw: (m) => Buffer.from(m.toString('hex').replace('00011234', '0001ff01'), 'hex'),
    },
    {
      match: '',
      action: 'write_actions { bundle(fields = eth_src, algorithm = hrw, members = [1]) }',
      instructions: { write: [bundle([1])] },
    },
  ],
  bundle_load: [
    {
      match: '',
      action: 'reg0[0..14] = bundle_load(fields = eth_src, algorithm = hrw, members = [1]); normal',
      apply: [bundle([1], sub('reg0', 0, 15))],
    },
    {
      match: '',
      action: 'tcp_dst = bundle_load(fields = eth_src, algorithm = hrw, members = [1]); normal',
      apply: [bundle([1], sub('tcp_dst', 0, 16))],
    },
    {
      match: '',
      action: 'eth_type = bundle_load(fields = eth_src, algorithm = hrw, members = [1]); normal',
      apply: [bundle([1], sub('eth_type', 0, 16))],
    },
  ],
  multipath: [
    {
      match: '',
      action: 'reg0[0] = multipath(fields = eth_src, algorithm = hrw, n_links = 3); normal',
      apply: [multipath(3, sub('reg0', 0, 1))],
    },
    {
      match: '',
      action: 'nw_ttl = multipath(fields = eth_src, algorithm = hrw, n_links = 3); normal',
      apply: [multipath(3, sub('nw_ttl', 0, 8))],
    },
    {
      match: 'ip',
      action: 'ip_proto = multipath(fields = eth_src, algorithm = hrw, n_links = 3); normal',
      apply: [multipath(3, sub('nw_proto', 0, 8))],
    },
    {
      match: '',
      action: 'write_actions { reg0 = multipath(fields = eth_src, algorithm = hrw, n_links = 3) }',
      instructions: { write: [multipath(3, sub('reg0', 0, 32))] },
    },
  ],
  sample: [
    { match: '', action: 'sample(probability = 0)', apply: [{ ...SAMPLE, probability: 0 }] },
    { match: '', action: 'write_actions { sample(probability = 1) }', instructions: { write: [SAMPLE] } },
  ],
  encap: [
    {
      match: 'ip',
      action: 'encap(nsh); ip_src = 10.0.0.1',
      apply: [{ kind: 'encap', header: 'nsh', mdType: null, tlvs: [] }, set('ip_src', 5n)],
    },
    {
      match: 'tcp',
      action: 'clone { encap(mpls); tcp_dst = 5 }',
      apply: [{ kind: 'clone', actions: [{ kind: 'encap', header: 'mpls' }, set('tcp_dst', 5n)] }],
    },
    {
      match: 'ip',
      action: 'encap(mpls); pop_mpls 0x0800',
      apply: [
        { kind: 'encap', header: 'mpls' },
        { kind: 'pop_mpls', ethertype: 0x800 },
      ],
    },
  ],
  decap: [
    {
      match: 'ip',
      action: 'decap; eth_src = 02:00:00:00:00:01; output 1',
      apply: [{ kind: 'decap', packetType: null }, set('eth_src', 5n)],
    },
    {
      match: 'packet_type = ipv4',
      action: 'decap(packet_type(ns = 1, type = 0x0800)); ip_src = 10.0.0.1; output 1',
      apply: [{ kind: 'decap', packetType: { ns: 1, type: 0x800 } }, set('ip_src', 5n)],
    },
  ],
  mod_vlan_vid: [
    {
      match: 'packet_type = ipv4',
      action: 'mod_vlan_vid 5; output 1',
      apply: [{ kind: 'mod_vlan_vid', vid: 5, tagged: false }],
    },
    {
      match: 'dl_vlan = 5',
      action: 'push_vlan 0x8100; vlan_tci = 0; mod_vlan_vid 5; normal',
      apply: [
        { kind: 'push_vlan', ethertype: 0x8100 },
        set('vlan_tci', 0n),
        { kind: 'mod_vlan_vid', vid: 5, tagged: false },
      ],
    },
  ],
  mod_vlan_pcp: [
    {
      match: 'packet_type = ipv4',
      action: 'mod_vlan_pcp 5; output 1',
      apply: [{ kind: 'mod_vlan_pcp', pcp: 5, tagged: false }],
    },
  ],
  learn: [
    {
      match: 'udp',
      action: 'learn { match { udp_dst = pkt.udp_src } }',
      apply: [learn(copied('match', sub('udp_src', 0, 16), sub('udp_dst', 0, 16)))],
    },
    {
      match: '',
      action: 'learn { match { reg0[0..15] = pkt.tcp_dst } }',
      apply: [learn(copied('match', sub('tcp_dst', 0, 16), sub('reg0', 0, 16)))],
    },
    {
      match: '',
      action: 'learn { action { output pkt.tcp_dst } }',
      apply: [learn({ kind: 'output', source: sub('tcp_dst', 0, 16) })],
    },
    {
      match: 'ip',
      action: 'learn { match { eth_type = pkt.eth_type; ip_src = pkt.ip_src } }',
      apply: [
        learn(
          copied('match', sub('eth_type', 0, 16), sub('eth_type', 0, 16)),
          copied('match', sub('ip_src', 0, 32), sub('ip_src', 0, 32)),
        ),
      ],
    },
    {
      match: '',
      action: 'learn { action { nw_ttl = 5 } match { ip } }',
      apply: [learn(said('load', sub('nw_ttl', 0, 8), 5n), said('match', sub('eth_type', 0, 16), 0x800n))],
    },
    {
      match: '',
      action: 'learn { action { eth_type = 5 } }',
      apply: [learn(said('load', sub('eth_type', 0, 16), 5n))],
    },
    {
      match: 'ip; ct_state = +trk',
      action: 'learn { match { reg0 = pkt.ct_nw_src } }',
      apply: [learn(copied('match', sub('ct_nw_src', 0, 32), sub('reg0', 0, 32)))],
    },
    {
      match: '',
      action: 'learn(result_dst = eth_type[0]) { }',
      apply: [{ ...learn(), result: sub('eth_type', 0, 1) }],
    },
    { match: '', action: 'write_actions { learn { } }', instructions: { write: [learn()] } },
    { match: 'ip', action: 'ct(commit) { learn { } }', apply: [{ ...CT, exec: [learn()] }] },
  ],
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
  mod_nw_ttl: [{ match: 'arp', action: 'mod_nw_ttl 64; normal', apply: [{ kind: 'mod_nw_ttl', ttl: 64 }] }],
  set_mpls_ttl: [
    { match: 'ip', action: 'set_mpls_ttl 1; normal', apply: [{ kind: 'set_mpls_ttl', ttl: 1 }] },
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
export const STRICTER: readonly Stricter[] = [
  {
    match: '',
    action: 'learn { match { ip; ip_dscp = 3 } }',
    apply: [learn(said('match', sub('eth_type', 0, 16), 0x800n), said('match', sub('ip_dscp', 0, 6), 3n))],
    code: 'WBF4325',
    reason: 'the switch forgets the term, and the learned flow matches more',
  },
  {
    match: '',
    action: 'learn { action { vlan_vid = 5 } }',
    apply: [learn(said('load', sub('vlan_vid', 0, 12), 5n))],
    code: 'WBF4326',
    reason: 'once it has learned such a flow, the switch lists its flows in a way that ovs-ofctl cannot read',
  },
  {
    match: '',
    action: 'learn { match { reg0 = 1; reg0 = 2 } }',
    apply: [learn(said('match', sub('reg0', 0, 32), 1n), said('match', sub('reg0', 0, 32), 2n))],
    code: 'WBF4328',
    reason: 'the last wins without a word',
  },
  {
    match: '',
    action: 'learn { match { recirc_id = 5 } }',
    apply: [learn(said('match', sub('recirc_id', 0, 32), 5n))],
    code: 'WBF3009',
    reason: 'the switch never makes such a flow',
  },
  {
    match: '',
    action: 'learn(table = 9) { }',
    apply: [{ ...learn(), table: 9 }],
    code: 'WBF2010',
    reason: 'a table that nobody has declared',
  },
  {
    match: 'ip',
    action: 'ct_mark = multipath(fields = eth_src, algorithm = hrw, n_links = 3); normal',
    apply: [multipath(3, sub('ct_mark', 0, 32))],
    code: 'WBF4013',
    reason: 'what is written outside `ct` is gone with the packet',
  },
  {
    match: '',
    action: 'encap(nsh(md_type = 1, tlv(1, 2, "12")))',
    apply: [
      {
        kind: 'encap',
        header: 'nsh',
        mdType: 1,
        tlvs: [{ class: 1, type: 2, value: Uint8Array.of(0x12) }],
      },
    ],
    code: 'WBF4352',
    reason: 'the switch sends no metadata with such a header',
  },
  {
    match: 'ip',
    action: 'encap(mpls); decap',
    apply: [
      { kind: 'encap', header: 'mpls' },
      { kind: 'decap', packetType: null },
    ],
    code: 'WBF4355',
    reason: 'the first packet ends ovs-vswitchd',
  },
  {
    match: '',
    action: 'nw_ttl[0] = check_pkt_larger(1500); normal',
    apply: [{ kind: 'check_pkt_larger', size: 1500, destination: sub('nw_ttl', 0, 1) }],
    code: 'WBF5308',
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
    code: 'WBF2118',
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
    code: 'WBF4013',
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
    code: 'WBF2017',
    reason: 'a port that no switch can have',
  },
  {
    match: '',
    action: 'in_port = 0xff10; normal',
    apply: [set('in_port', 0xff10n)],
    code: 'WBF2017',
    reason: 'as above',
  },
];

interface Unsayable extends Source {
  readonly code: string;
  readonly reason: string;
}

/** What we refuse and no message could say. */
export const UNSAYABLE: readonly Unsayable[] = [
  {
    match: '',
    action: 'output xxreg0',
    code: 'WBF4342',
    reason: 'a message has 6 bits for the width',
  },
  {
    match: '',
    action: 'learn { match { ip; ip_src = 10.0.0.0/8 } }',
    code: 'WBF4323',
    reason: 'a message has bits and no mask',
  },
  {
    match: '',
    action: 'sample(probability = 1, ingress, egress)',
    code: 'WBF4351',
    reason: 'a message has one direction',
  },
  {
    match: '',
    action: 'debug_recirc',
    code: 'OFPBAC_BAD_VENDOR_TYPE',
    reason: 'only a switch for tests takes it',
  },
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

/** They have no statement of their own: an assignment says it (WBF4202). */
export const ASSIGNED = ACTIONS.filter((a) => a.instead !== null && LEGAL[a.name] === undefined).map(
  (a) => a.name,
);
