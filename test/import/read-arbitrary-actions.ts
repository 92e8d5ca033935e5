// Actions as people and programs write them, careful ones and sloppy ones. Written apart from the reader.
import { FIELDS, type Field } from '../../src/openflow/fields.ts';
import { portText, valueText, type Dice } from './read-arbitrary.ts';

const TARGETS = FIELDS.filter(
  (f) => !/^tun_metadata|^dp_hash|^recirc_id|^skb|^tun_tos|^tun_ttl/.test(f.name),
);
const WRITABLE = TARGETS.filter((f) => f.writable);
const REGISTERS = TARGETS.filter((f) => /^x*reg\d/.test(f.name));

const aField = (d: Dice, writable = false): Field =>
  d.chance(60) ? d.one(REGISTERS) : d.one(writable && d.chance(95) ? WRITABLE : TARGETS);

interface Part {
  readonly text: string;
  readonly bits: number;
}

function part(d: Dice, f: Field, bits = d.chance(40) ? f.bits : 1 + d.roll(f.bits)): Part {
  const name = d.chance(60) && f.headers[0] !== undefined ? d.one(f.headers).name : f.name;
  const width = Math.min(bits, f.bits);
  if (width === f.bits)
    return {
      text: d.chance(70) ? `${name}[]` : d.chance(80) ? name : `${name}[0..${f.bits - 1}]`,
      bits: width,
    };
  const from = d.roll(f.bits - width + 1);
  const to = from + width - 1;
  if (width === 1 && d.chance(80)) return { text: `${name}[${from}]`, bits: 1 };
  return { text: `${name}[${from}..${d.chance(98) ? to : to + 5}]`, bits: width };
}

function number(d: Dice, bits: number): string {
  const value = d.big(d.chance(2) ? bits + 1 : d.chance(60) ? Math.min(bits, 7) : bits);
  return d.chance(50) ? value.toString() : `0x${value.toString(16)}`;
}

const colonOrParens = (d: Dice, name: string, arg: string): string =>
  d.chance(70) ? `${name}:${arg}` : d.chance(80) ? `${name}(${arg})` : `${name}=${arg}`;

const mac = (d: Dice): string =>
  Array.from({ length: 6 }, () => d.roll(256).toString(16).padStart(2, '0')).join(':');
const ip4 = (d: Dice): string => Array.from({ length: 4 }, () => d.roll(256)).join('.');

function nat(d: Dice): string {
  if (d.chance(30)) return d.one(['nat', 'nat()']);
  const low = `10.0.0.${d.roll(100)}`;
  const range = d.one([
    '',
    `=${low}`,
    `=${low}-10.0.1.${d.roll(250)}`,
    `=${low}:${d.roll(60000)}`,
    `=${low}-10.0.1.1:${d.roll(30000)}-${30000 + d.roll(30000)}`,
    `=[fe80::${d.roll(9)}]:${d.roll(100)}`,
    `=fe80::1-fe80::ff`,
    `=10.0.0.9-10.0.0.1`,
  ]);
  const flags = d.some(1, () => d.one([',hash', ',random', ',persistent', ',persistent,random']));
  return `nat(${d.one(['src', 'dst'])}${range}${flags.join('')})`;
}

function ct(d: Dice, depth: number): string {
  const commit = d.chance(60);
  const args = d.some(2, () =>
    d.one([
      () => `table=${d.one(['0', '1', '20', '254', '255'])}`,
      () =>
        `zone=${d.one(['0', '5', '65535', 'NXM_NX_REG0[0..15]', 'reg1[16..31]', '70000', 'NXM_NX_CT_ZONE[]'])}`,
      () => `alg=${d.one(['ftp', 'tftp', 'ftp', 'sip'])}`,
      () => (commit ? 'force' : 'table=3'),
    ])(),
  );
  if (commit) args.unshift('commit');
  if (d.chance(35)) args.push(nat(d));
  if (commit && d.chance(40))
    args.push(
      `exec(${d.one([
        'load:0x1->NXM_NX_CT_MARK[]',
        'set_field:0x1->ct_mark,set_field:0x2/0xff->ct_label',
        'move:NXM_NX_REG0[]->NXM_NX_CT_MARK[]',
        'set_field:1->reg0',
        'move:NXM_OF_ETH_SRC[]->NXM_NX_CT_LABEL[0..47]',
        depth > 0 ? 'output:1' : 'load:1->NXM_NX_CT_LABEL[64..127]',
      ])})`,
    );
  return args.length === 0 ? d.one(['ct', 'ct()']) : `ct(${args.join(',')})`;
}

function learn(d: Dice): string {
  const args = d.some(3, () =>
    d.one([
      () => `table=${d.one(['0', '10', '254', '255'])}`,
      () => `priority=${d.one(['1', '100', '65536', '70000', '-1'])}`,
      () => `idle_timeout=${d.one(['10', '65537'])}`,
      () => `hard_timeout=${d.one(['10', '99999', '10x'])}`,
      () => 'fin_idle_timeout=2,fin_hard_timeout=3',
      () => `cookie=${d.one(['0x1', '123', '-1', 'x'])}`,
      () => d.one(['send_flow_rem', 'delete_learned', 'limit=5', 'result_dst=NXM_NX_REG0[8]']),
    ])(),
  );
  const specs = d.some(4, () =>
    d.one([
      () =>
        d.one([
          'NXM_OF_VLAN_TCI[0..11]',
          'eth_type=0x800',
          'dl_type=0x86dd,nw_proto=6',
          'NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[]',
          'in_port=99',
          'eth_dst=eth_src',
        ]),
      () => {
        const a = aField(d);
        const to = part(d, a);
        const from = part(d, d.one(REGISTERS), to.bits);
        return `${to.text}=${from.text}`;
      },
      () => {
        const to = part(d, aField(d));
        return `${to.text}=${number(d, to.bits)}`;
      },
      () => {
        const to = part(d, d.one(REGISTERS));
        return `load:${number(d, Math.min(to.bits, 64))}->${to.text}`;
      },
      () => {
        const to = part(d, aField(d, true));
        return `load:${part(d, d.one(REGISTERS), to.bits).text}->${to.text}`;
      },
      () =>
        d.one([
          'output:NXM_OF_IN_PORT[]',
          'output:reg0[0..15]',
          'tcp_dst=80',
          'ip_src=10.0.0.1',
          'foo=1',
          'reg0=0x5',
          'vlan_vid=5',
          'NXM_OF_VLAN_TCI[12]=1',
        ]),
    ])(),
  );
  return `learn(${[...args, ...specs].join(d.chance(80) ? ',' : ', ')})`;
}

const HASHES = [
  'eth_src',
  'symmetric_l4',
  'symmetric_l3l4',
  'symmetric_l3l4+udp',
  'nw_src',
  'nw_dst',
  'symmetric_l3',
];
const basis = (d: Dice): string => d.one(['0', '50', '65535', '70000', '-1', '0x10']);

function hash(d: Dice): string {
  const fields = d.one(HASHES);
  const ports = d.some(3, () => (d.chance(90) ? String(d.roll(5)) : portText(d))).join(',');
  return d.one([
    () =>
      `multipath(${fields},${basis(d)},${d.one(['modulo_n', 'hash_threshold', 'hrw', 'iter_hash', 'x'])},${1 + d.roll(20)},${d.roll(5)},${part(d, d.one(REGISTERS)).text})`,
    () =>
      `bundle(${fields},${basis(d)},${d.one(['hrw', 'active_backup'])},ofport,${d.one(['members', 'slaves', 'members'])}:${ports})`,
    () =>
      `bundle_load(${fields},${basis(d)},hrw,ofport,${part(d, d.one(REGISTERS), 16 + d.roll(17)).text},${d.one(['members', 'slaves'])}:${ports})`,
    () => `bundle(${fields},0,hrw,ofport,members:[${ports}])`,
  ])();
}

/** One action. */
function action(d: Dice, depth: number): string {
  return d.one<() => string>([
    () => colonOrParens(d, 'output', portText(d)),
    () => portText(d) || 'normal',
    () => `output:${part(d, aField(d)).text}`,
    () => `output(port=${portText(d)},max_len=${d.one(['100', '14', '13', '65535', '70000'])})`,
    () =>
      d.one([
        'controller',
        'CONTROLLER:65535',
        'controller:128',
        'controller()',
        'controller(max_len=100)',
        'controller(reason=no_match,id=5)',
        'controller(userdata=01.02.03,pause)',
        'controller(meter_id=7,reason=action)',
        'controller(reason=foo)',
        'controller(userdata=0102 03)',
        'controller(max_len=70000)',
      ]),
    () =>
      d.one([
        'enqueue:1:2',
        'enqueue(2,5)',
        'enqueue:1q5',
        'enqueue:LOCAL:0',
        'enqueue:1',
        'enqueue:in_port:4294967296',
      ]),
    () => colonOrParens(d, 'group', d.one(['1', '0x10', '4294967296', '-1', 'x'])),
    () =>
      d.one([
        'resubmit:1',
        'resubmit(,2)',
        'resubmit(1,2)',
        'resubmit(,5,ct)',
        'resubmit(in_port,3)',
        'resubmit:in_port',
        'resubmit(1)',
        'resubmit(,)',
        'resubmit(1,2,x)',
        'resubmit(,254)',
        'resubmit(,255)',
        'resubmit(1,,ct)',
      ]),
    () => {
      const f = aField(d, true);
      return colonOrParens(
        d,
        'set_field',
        `${valueText(d, f)}->${d.chance(95) ? d.one([f.name, ...f.aliases]) : `${f.name}[]`}`,
      );
    },
    () => {
      const to = part(d, aField(d, true));
      return colonOrParens(d, 'load', `${number(d, Math.min(to.bits, 64))}->${to.text}`);
    },
    () => {
      const to = part(d, aField(d, true));
      return `move:${part(d, aField(d), to.bits).text}->${to.text}`;
    },
    () => colonOrParens(d, 'push', part(d, aField(d)).text),
    () => colonOrParens(d, 'pop', part(d, aField(d, true)).text),
    () => d.one(['mod_vlan_vid', 'set_vlan_vid']) + ':' + d.one(['5', '0', '4095', '4096', '0x10']),
    () => d.one(['mod_vlan_pcp', 'set_vlan_pcp']) + ':' + d.one(['3', '7', '8']),
    () =>
      d.one([
        'strip_vlan',
        'pop_vlan',
        'push_vlan:0x8100',
        'push_vlan:0x88a8',
        'push_vlan:0x800',
        'push_vlan:33024',
        'strip_vlan:5',
      ]),
    () => `${d.one(['mod_dl_src', 'mod_dl_dst'])}:${mac(d)}${d.chance(3) ? 'x' : ''}`,
    () => `${d.one(['mod_nw_src', 'mod_nw_dst'])}:${ip4(d)}`,
    () => d.one(['mod_nw_tos:32', 'mod_nw_tos:3', 'mod_nw_ecn:2', 'mod_nw_ecn:4', 'mod_nw_tos:0xfc']),
    () => d.one(['mod_tp_src:80', 'mod_tp_dst:0x50', 'mod_tp_dst:65536']),
    () =>
      d.one([
        'set_mpls_label:5',
        'set_mpls_label(1048576)',
        'set_mpls_tc:3',
        'set_mpls_tc(8)',
        'push_mpls:0x8847',
        'push_mpls:0x1234',
        'pop_mpls:0x0800',
        'dec_mpls_ttl',
      ]),
    () =>
      d.one([
        'dec_ttl',
        'dec_ttl(1,2)',
        'dec_ttl(0)',
        'dec_ttl(70000)',
        'dec_ttl()',
        'dec_ttl(x)',
        'dec_nsh_ttl',
        'DEC_TTL',
      ]),
    () =>
      d.one([
        'set_queue:5',
        'set_queue:0xffffffff',
        'pop_queue',
        'set_tunnel:5',
        'set_tunnel64:0x123456789a',
        'set_tunnel:-1',
      ]),
    () =>
      d.one([
        'fin_timeout(idle_timeout=1,hard_timeout=2)',
        'fin_timeout()',
        'fin_timeout(idle_timeout=70000)',
      ]),
    () =>
      d.one(['note:01.02.03', 'note:', 'note:010203040506', 'note:1', 'note:01.02.03.04.05.06.07', 'note']),
    () =>
      d.one([
        'sample(probability=1,collector_set_id=2,obs_domain_id=3,obs_point_id=4)',
        'sample(probability=0)',
        'sample(probability=5,sampling_port=1,egress)',
        'sample(probability=65535,ingress)',
        'sample(collector_set_id=1)',
        'sample(probability=1,sampling_port=none)',
      ]),
    () => d.one(['exit', 'ct_clear', 'pop_queue', 'exit()']),
    () =>
      d.one([
        'encap(ethernet)',
        'encap(nsh)',
        'encap(nsh(md_type=1))',
        'encap(nsh(md_type=2,tlv(0x1000,10,0x12345678)))',
        'encap(nsh(md_type=3))',
        'encap(mpls)',
        'encap(mpls_mc)',
        'encap(vxlan)',
        'encap(nsh(md_type=2,tlv(0x1000,10,0x123)))',
        'decap',
        'decap()',
        'decap(packet_type(ns=0,type=0))',
        'decap(packet_type(ns=1,type=0x800))',
        'decap(packet_type(ns=2,type=0))',
        'encap(mpls(ether_type=0x8847))',
      ]),
    () =>
      d.one([
        'check_pkt_larger(1500)->reg0[0]',
        'check_pkt_larger(1500)->NXM_NX_REG0[5]',
        'check_pkt_larger:1500->reg0[0]',
        'check_pkt_larger(70000)->reg0[0]',
        'check_pkt_larger(1500)->reg0[0..3]',
      ]),
    () =>
      d.one([
        'delete_field:tun_metadata0',
        'delete_field:reg0',
        'meter:1',
        'meter:0',
        'meter:0xffff0001',
        'foo',
        'apply_actions(output:1)',
        'nat',
        'drop',
        'output_trunc',
        'output:',
      ]),
    () => (depth > 0 ? `clone(${list(d, depth - 1)})` : 'clone(output:1)'),
    () => ct(d, depth),
    () => learn(d),
    () => hash(d),
    () =>
      d.one([
        'conjunction(1,1/2)',
        'conjunction(0x5,2/3),conjunction(6,1/2)',
        'conjunction(1,3/2)',
        'conjunction( 1 , 1 / 2 )',
        'conjunction(1,1/65)',
      ]),
  ])();
}

function list(d: Dice, depth: number): string {
  return Array.from({ length: 1 + d.roll(d.chance(80) ? 2 : 5) }, () => action(d, depth)).join(
    d.chance(90) ? ',' : d.one([', ', ' ', ',,']),
  );
}

/** What stands behind `actions=`. */
export function actionsText(d: Dice): string {
  if (d.chance(3)) return d.one(['drop', '', ' ', 'DROP', 'drop,output:1']);
  const parts = d.chance(95) ? [list(d, 2)] : [];
  if (d.chance(6)) parts.unshift(d.one(['meter:1', 'meter:5']));
  const instructions = [
    () => 'clear_actions',
    () => `write_actions(${list(d, 1)})`,
    () => `write_metadata:${d.one(['0x5', '0x5/0xff', '7', '0x100/0xff', '-1'])}`,
    () => `goto_table:${d.one(['5', '254', '255', '1', '0'])}`,
  ].flatMap((make) => (d.chance(9) ? [make()] : []));
  if (d.chance(3)) instructions.reverse();
  return [...parts, ...instructions].join(',');
}
