// Flows as people and programs write them, careful ones and sloppy ones. Written apart from the reader.
import { field, FIELDS, type Field } from '../../src/openflow/fields.ts';

/** A small random generator, so that a seed repeats a run. */
export class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0 || 1;
  }

  /** 0 to below - 1. */
  roll(below: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.state / 0x1_0000_0000) * below);
  }

  one<T>(of: readonly T[]): T {
    return of[this.roll(of.length)]!;
  }

  chance(percent: number): boolean {
    return this.roll(100) < percent;
  }

  some<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.roll(most + 1) }, make);
  }

  big(bits: number): bigint {
    let value = 0n;
    for (let i = 0; i < bits; i += 16) value = (value << 16n) | BigInt(this.roll(0x10000));
    return BigInt.asUintN(bits, value);
  }
}

const PROTOCOLS =
  'ip ipv4 ip4 ipv6 ip6 icmp icmp6 tcp tcp6 udp udp6 sctp sctp6 arp rarp mpls mplsm eth'.split(' ');
/** tun_metadata needs the switch's map; dp_hash and recirc_id are the datapath's own. */
const USED = FIELDS.filter((f) => !/^tun_metadata|^dp_hash|^recirc_id/.test(f.name));
const REGISTERS = USED.filter((f) => /^x*reg\d/.test(f.name));
const COMMON = [
  ...'nw_src nw_dst nw_proto nw_tos tp_src tp_dst dl_type dl_src dl_dst dl_vlan dl_vlan_pcp vlan_tci vlan_vid vlan_pcp'.split(
    ' ',
  ),
  ...'in_port ip_src ip_dst tcp_src tcp_dst udp_dst icmp_type icmp_code arp_op arp_spa arp_tpa arp_sha reg0 xreg0 xxreg0 reg1'.split(
    ' ',
  ),
  ...'ct_state ct_zone ct_mark metadata tun_id nw_ecn nw_ttl ip_frag ipv6_src icmpv6_type nd_target nd_sll tcp_flags'.split(
    ' ',
  ),
];

const hex = (v: bigint): string => `0x${v.toString(16)}`;

function numberText(d: Dice, bits: number): string {
  const narrow = d.chance(60) ? Math.min(bits, 8) : bits;
  const value = d.big(d.chance(4) ? bits + 1 : narrow);
  return d.chance(50) ? value.toString() : d.chance(90) ? hex(value) : `0${value.toString(8)}`;
}

const macText = (d: Dice): string =>
  Array.from({ length: 6 }, () => {
    const byte = d.roll(d.chance(1) ? 4096 : 256).toString(16);
    return d.chance(95) ? byte.padStart(2, '0') : byte;
  }).join(':');
const ip4Text = (d: Dice): string =>
  Array.from({ length: 4 }, () => d.roll(d.chance(1) ? 400 : 256)).join('.');
const ip6Text = (d: Dice): string => {
  const groups = Array.from({ length: 8 }, () => d.roll(0x10000).toString(16));
  if (d.chance(60)) groups.splice(d.roll(6), 2 + d.roll(2), '');
  const text = groups.join(':');
  return text.startsWith(':') ? `:${text}` : text.endsWith(':') ? `${text}:` : text;
};

export function portText(d: Dice): string {
  if (d.chance(70)) return d.one(['0', '1', '2', '3', '4', '10', '255']);
  return d.one([
    'LOCAL',
    'local',
    'in_port',
    'IN_PORT',
    'controller',
    'CONTROLLER',
    'normal',
    'FLOOD',
    'all',
    'TABLE',
    'any',
    'none',
    'unset',
    '65534',
    '65280',
    '65279',
    '65535',
    '65536',
    '4294967294',
    '0x1',
    '-1',
    '',
  ]);
}

const flag = (d: Dice, names: readonly string[]): string => d.one(d.chance(98) ? names : ['foo', '']);
const flagNames: Readonly<Record<string, readonly string[]>> = {
  'ct state': 'new est rel rpl inv trk snat dnat'.split(' '),
  'TCP flags': 'fin syn rst psh ack urg ece cwr ns [9] [10] [11]'.split(' '),
  'tunnel flags': ['oam'],
};

/** A value of the field, mostly one that it can have. */
export function valueText(d: Dice, f: Field): string {
  const masked = f.maskable ? d.chance(30) : d.chance(2);
  switch (f.format) {
    case 'Ethernet':
      return masked ? `${macText(d)}/${d.chance(30) ? '01:00:00:00:00:00' : macText(d)}` : macText(d);
    case 'IPv4':
      return masked ? `${ip4Text(d)}/${d.chance(70) ? d.roll(34) : ip4Text(d)}` : ip4Text(d);
    case 'IPv6':
      return masked ? `${ip6Text(d)}/${d.chance(70) ? d.roll(130) : ip6Text(d)}` : ip6Text(d);
    case 'OpenFlow 1.0 port':
    case 'OpenFlow 1.1+ port':
      return portText(d);
    case 'frag':
      return d.one(['no', 'yes', 'first', 'later', 'not_later', 'No', 'LATER', 'maybe', '0']);
    case 'packet type':
      return d.one([
        '(0,0)',
        '(1,0x800)',
        '(1,0x86dd)',
        '(1,0x894f)',
        '(1,2048)',
        '(0,1)',
        '(1,0x8847)',
        '(1,0x800',
        '5',
      ]);
    case 'ct state':
    case 'TCP flags':
    case 'tunnel flags': {
      const names = flagNames[f.format]!;
      if (d.chance(15)) return names.filter(() => d.chance(30)).join('|') || '0';
      if (d.chance(15)) return masked ? `${numberText(d, 8)}/${numberText(d, 8)}` : numberText(d, 8);
      const count = 1 + d.roll(3);
      return Array.from({ length: count }, () => d.one(['+', '-']) + flag(d, names)).join('');
    }
    default: {
      const bits = d.chance(6) ? Math.min(f.bytes * 8, 64) : Math.min(f.bits, 64);
      const value = numberText(d, bits);
      return masked ? `${value}/${d.chance(50) ? hex(d.big(bits)) : d.one(['-1', '0', '0xff', '1'])}` : value;
    }
  }
}

const DECIDING: Readonly<Record<string, readonly string[]>> = {
  dl_type: ['0x800', '0x806', '0x86dd', '0x8847', '0x8035', '0x894f', '2048', '0x88cc'],
  eth_type: ['0x800', '0x86dd', '0x806'],
  nw_proto: ['6', '17', '1', '58', '132', '2', '0'],
  ip_proto: ['6', '17', '58'],
  icmp_type: ['8', '0', '135'],
  icmpv6_type: ['135', '136', '128'],
  icmpv6_code: ['0', '1'],
  vlan_tci: [
    '0',
    '0x1000/0x1000',
    '0/0x1000',
    '0x1005',
    '5',
    '0x6000/0xe000',
    '0xf005',
    '0x3000/0x3000',
    '0xffff',
  ],
  vlan_vid: ['0', '5', '0x1005', '0x1000/0x1000', '0x1005/0x1fff', '5/0xfff', '*', '0x3005'],
  dl_vlan: ['5', '0xffff', '65535', '0', '4095', '5000', '*'],
};

function partText(d: Dice, f: Field): string {
  const name = d.chance(60) && f.headers[0] !== undefined ? d.one(f.headers).name : f.name;
  if (d.chance(30)) return `${name}[]`;
  const from = d.roll(Math.min(f.bits, 64));
  if (d.chance(30)) return `${name}[${from}]`;
  return `${name}[${from}..${d.chance(97) ? from + d.roll(Math.min(f.bits, 64) - from) : f.bits}]`;
}

function term(d: Dice): string {
  if (d.chance(6)) {
    const f = d.one(d.chance(60) ? REGISTERS : USED.filter((g) => g.maskable));
    return `${partText(d, f)}=${numberText(d, 1 + d.roll(8))}`;
  }
  const name = d.chance(70) ? d.one(COMMON) : d.one(d.one(USED.map((f) => [f.name, ...f.aliases])));
  const f = FIELDS.find((g) => g.name === name || g.aliases.includes(name)) ?? field('reg0');
  const known = DECIDING[name];
  if (known !== undefined && d.chance(70)) return `${name}=${d.one(known)}`;
  if (d.chance(2)) return d.one([name, `${name}=`, `${name}=*`]);
  return `${name}=${valueText(d, f)}`;
}

function setting(d: Dice): string {
  return d.one(
    [
      () => `priority=${d.one(['0', '100', '65535', '0x10', '010', '65536', '-1', '32768'])}`,
      () => `table=${d.one(['0', '1', '10', '253', '254', '255', '256', '0x1'])}`,
      () =>
        `cookie=${d.one(['0x1', '0', '0xffffffffffffffff', '12345', '-1', '0x1/-1', '0x123456789abcdef01'])}`,
      () => `idle_timeout=${d.one(['0', '60', '65535', '65536'])}`,
      () => `hard_timeout=${d.one(['0', '60'])}`,
      () => `importance=${d.one(['0', '5'])}`,
      () =>
        d.one([
          'send_flow_rem',
          'check_overlap',
          'reset_counts',
          'no_packet_counts',
          'no_byte_counts',
          'no_readonly_table',
        ]),
      () => d.one(['duration=1.5s', 'n_packets=5', 'n_bytes=0', 'idle_age=1', 'hard_age=65534', 'duration=']),
      () => d.one(['foo=1', 'out_port=1', 'nsh', 'igmp', '0', '5=6']),
    ].slice(0, d.chance(2) ? 9 : 8),
  )();
}

/** What stands before `actions=`. */
export function matchText(d: Dice): string {
  const parts: string[] = [];
  if (d.chance(75)) parts.push(d.one(PROTOCOLS));
  if (d.chance(5)) parts.push(d.one(PROTOCOLS));
  parts.push(...d.some(d.chance(70) ? 3 : 6, () => term(d)));
  if (d.chance(30)) parts.unshift(setting(d));
  if (d.chance(10)) parts.push(setting(d));
  return parts.join(d.chance(85) ? ',' : d.one([' ', ', ', ',,', ' , ']));
}
