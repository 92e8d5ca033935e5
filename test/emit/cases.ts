// Every kind of action, in several forms, each behind a match that it can have.
import type {
  Action,
  HashFields,
  Instructions,
  LearnSpec,
  MatchField,
  Nat,
  SubfieldRef,
} from '../../src/ir/types.ts';
import type { FieldName } from '../../src/openflow/fields.ts';
import { field } from '../../src/openflow/fields.ts';
import { instructions, PREREQUISITES, term } from './judge.ts';

export interface ActionCase {
  readonly match: readonly MatchField[];
  readonly actions: readonly Action[];
}

export const bits = (field: FieldName, offset: number, count: number): SubfieldRef => ({
  field,
  offset,
  bits: count,
});

const set = (field: FieldName, value: bigint | number, mask: bigint | number | null = null): Action => ({
  kind: 'set_field',
  ...term(field, value, mask),
});

const output = (port: number, maxLen = 0xffff): Action => ({ kind: 'output', port, maxLen });

type Controller = Extract<Action, { kind: 'controller' }>;
const controller = (parts: Partial<Controller>): Action => ({
  kind: 'controller',
  maxLen: 0xffff,
  reason: 'action',
  id: 0,
  userdata: null,
  pause: false,
  meterId: null,
  ...parts,
});

type Ct = Extract<Action, { kind: 'ct' }>;
const ct = (parts: Partial<Ct>): Action => ({
  kind: 'ct',
  commit: false,
  force: false,
  zone: null,
  table: null,
  alg: 0,
  nat: null,
  exec: [],
  ...parts,
});

const nat = (parts: Partial<Nat>): Action =>
  ct({
    commit: true,
    nat: {
      direction: 'src',
      family: 4,
      addresses: null,
      ports: null,
      persistent: false,
      hash: false,
      random: false,
      ...parts,
    },
  });

const address6 = 0xfd00_0000_0000_0000_0000_0000_0000_0001n;

type Learn = Extract<Action, { kind: 'learn' }>;
const learn = (parts: Partial<Learn>, ...specs: LearnSpec[]): Action => ({
  kind: 'learn',
  table: 1,
  priority: 0x8000,
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
  ...parts,
});

const constant = (kind: 'match' | 'load', value: bigint, destination: SubfieldRef): LearnSpec => ({
  kind,
  source: { kind: 'value', value },
  destination,
});
/** A match on all of a field. */
const is = (name: FieldName, value: bigint): LearnSpec =>
  constant('match', value, bits(name, 0, field(name).bits));
const learned = (kind: 'match' | 'load', subfield: SubfieldRef, destination: SubfieldRef): LearnSpec => ({
  kind,
  source: { kind: 'field', subfield },
  destination,
});

const HASH_FIELDS: readonly HashFields[] = [
  'eth_src',
  'symmetric_l4',
  'symmetric_l3l4',
  'symmetric_l3l4+udp',
  'nw_src',
  'nw_dst',
  'symmetric_l3',
];

const bundle = (parts: Partial<Extract<Action, { kind: 'bundle' }>>): Action => ({
  kind: 'bundle',
  fields: 'eth_src',
  basis: 0,
  algorithm: 'hrw',
  members: [],
  destination: null,
  ...parts,
});

const multipath = (parts: Partial<Extract<Action, { kind: 'multipath' }>>): Action => ({
  kind: 'multipath',
  fields: 'eth_src',
  basis: 50,
  algorithm: 'modulo_n',
  links: 4,
  arg: 0,
  destination: bits('reg0', 0, 32),
  ...parts,
});

const sample = (parts: Partial<Extract<Action, { kind: 'sample' }>>): Action => ({
  kind: 'sample',
  probability: 65535,
  collectorSetId: 0,
  obsDomainId: 0,
  obsPointId: 0,
  samplingPort: null,
  direction: null,
  ...parts,
});

const nsh = (mdType: number | null, ...values: number[][]): Action => ({
  kind: 'encap',
  header: 'nsh',
  mdType,
  tlvs: values.map((value, n) => ({ class: 0x1000 + n, type: 255 - n, value: Uint8Array.from(value) })),
});

const ip = PREREQUISITES.IPv4;
const ip6 = PREREQUISITES.IPv6;
const tcp = PREREQUISITES.TCP;
const vlan = PREREQUISITES['VLAN VID'];
const mpls = PREREQUISITES.MPLS;
const tracked = PREREQUISITES.CT;

/** Cases of each kind. The type makes a new kind of action ask for its own. */
const CASES: Readonly<Record<Action['kind'], readonly (readonly [readonly MatchField[], ...Action[]])[]>> = {
  output: [
    [[], output(1)],
    [[], output(0)],
    [[], output(0xfeff), output(2, 0)],
    [[], output(0xfffffff8), output(0xfffffff9), output(0xfffffffa)],
    [[], output(0xfffffffb), output(0xfffffffc), output(0xfffffffe)],
    [[], output(0xfffffffd)],
    [[], output(0xfffffffd, 128)],
    [[], output(0xfffffffd, 0)],
  ],
  output_reg: [
    [[], { kind: 'output_reg', source: bits('reg0', 0, 32), maxLen: 0xffff }],
    [[], { kind: 'output_reg', source: bits('reg5', 4, 16), maxLen: 0xffff }],
    [[], { kind: 'output_reg', source: bits('xreg0', 33, 16), maxLen: 0xffff }],
    [[], { kind: 'output_reg', source: bits('xxreg3', 100, 8), maxLen: 0xffff }],
    [[], { kind: 'output_reg', source: bits('tun_erspan_idx', 0, 16), maxLen: 0xffff }],
    [PREREQUISITES.NSH, { kind: 'output_reg', source: bits('nsh_c1', 0, 16), maxLen: 0xffff }],
  ],
  output_trunc: [
    [[], { kind: 'output_trunc', port: 1, maxLen: 14 }],
    [[], { kind: 'output_trunc', port: 0xfffffff8, maxLen: 100 }],
    [[], { kind: 'output_trunc', port: 0xfffffffe, maxLen: 0xffffffff }],
  ],
  controller: [
    [[], controller({})],
    [[], controller({ maxLen: 0 })],
    [[], controller({ maxLen: 100, reason: 'invalid_ttl', id: 5 })],
    [[], controller({ reason: 'no_match' }), controller({ reason: 'action_set' })],
    [[], controller({ reason: 'group' }), controller({ reason: 'packet_out' })],
    [[], controller({ id: 65535 })],
    [[], controller({ userdata: new Uint8Array([1, 2, 0xff]), pause: true })],
    [[], controller({ userdata: new Uint8Array([0]) })],
    [[], controller({ userdata: new Uint8Array(100).fill(0xab), maxLen: 64, id: 3, reason: 'no_match' })],
    [[], controller({ pause: true })],
    [[], controller({ meterId: 7 }), controller({ meterId: 0xffff0000, maxLen: 50 })],
  ],
  set_field: [
    [[], set('reg0', 0x12345678), set('reg0', 0, 0xff), set('reg15', 0xa0, 0xf0)],
    [[], set('xreg2', 1n << 63n, (1n << 63n) | 1n), set('xxreg1', 5, (1n << 128n) - 1n)],
    [[], set('metadata', 0x10, 0xf0), set('tun_id', 0xffffffffffffffffn), set('pkt_mark', 3, 3)],
    [[], set('eth_src', 0x0102030405), set('eth_dst', 0x010000000000n, 0x010000000000n)],
    [[], set('in_port', 0), set('in_port', 0xfffe)],
    [[], set('vlan_tci', 0x1005), set('vlan_tci', 0x1000, 0x1000)],
    [vlan, set('vlan_vid', 0x1005), set('vlan_vid', 0x1005, 0x1fff), set('vlan_vid', 0x1004, 0x100c)],
    [vlan, set('vlan_pcp', 7), set('vlan_pcp', 2, 2), set('vlan_pcp', 2, 6)],
    [ip, set('ip_src', 0x0a000000, 0xff000000), set('ip_dst', 1, 0xff00ff)],
    [ip, set('ip_dscp', 63), set('ip_dscp', 5, 0x3f), set('ip_dscp', 8, 0x18)],
    [ip, set('nw_tos', 252), set('nw_tos', 0x10, 0xf0)],
    [ip, set('nw_ecn', 3), set('nw_ecn', 2, 2), set('nw_ttl', 64), set('nw_ttl', 0x40, 0xf0)],
    [ip6, set('ipv6_src', address6), set('ipv6_dst', address6, (1n << 128n) - (1n << 64n))],
    [ip6, set('ipv6_src', 5, 0xff), set('ipv6_dst', 0, 0xfe00_0000_0000_0000_0000_0000_0000_ffffn)],
    // Masks that ovs-ofctl would take for prefix lengths.
    [ip6, set('ipv6_src', 0, 0x7fff_0000_0000_0000_0000_0000_0000_0000n)],
    [ip6, set('ipv6_src', 1n << 100n, 1n << 100n), set('ipv6_label', 0xabcde), set('ipv6_label', 1, 0xf)],
    [PREREQUISITES.ARP, set('arp_op', 2), set('arp_op', 2, 0xff), set('arp_spa', 1), set('arp_tha', 5, 7)],
    [tcp, set('tcp_src', 1), set('tcp_dst', 80, 0xff)],
    [PREREQUISITES.UDP, set('udp_src', 0), set('udp_dst', 0x8000, 0x8000)],
    [PREREQUISITES.SCTP, set('sctp_src', 1), set('sctp_dst', 65535)],
    [PREREQUISITES.ICMPv4, set('icmp_type', 8), set('icmp_code', 0)],
    [PREREQUISITES.ICMPv6, set('icmpv6_type', 128), set('icmpv6_code', 1, 1)],
    [PREREQUISITES['ND solicit'], set('nd_target', address6), set('nd_sll', 5), set('nd_reserved', 1)],
    [PREREQUISITES['ND advert'], set('nd_tll', 5, 15), set('nd_options_type', 2)],
    [mpls, set('mpls_label', 0xfffff), set('mpls_tc', 7), set('mpls_ttl', 1), set('mpls_label', 16, 0xf0)],
    [
      PREREQUISITES.NSH,
      set('nsh_flags', 1, 3),
      set('nsh_spi', 0xffffff),
      set('nsh_si', 1),
      set('nsh_c4', 1, 1),
    ],
    [PREREQUISITES.NSH, set('nsh_spi', 0x1200, 0xff00), set('nsh_ttl', 63)],
    [[], set('tun_src', 1), set('tun_dst', 0x0a000001), set('tun_ipv6_dst', address6), set('tun_flags', 1)],
    [
      [],
      set('tun_gbp_id', 1, 1),
      set('tun_gbp_flags', 8),
      set('tun_erspan_idx', 0xfffff),
      set('tun_erspan_ver', 2),
    ],
    [[], set('tun_erspan_dir', 1), set('tun_erspan_hwid', 0x3f), set('tun_erspan_hwid', 1, 1)],
    [[], set('tun_metadata0', 0x12345678), set('tun_metadata0', 0), set('tun_metadata1', 1, 0xff)],
    [[], set('tun_metadata2', (1n << 992n) - 1n), set('tun_metadata3', 0xff00, 0xff00)],
  ],
  move: [
    [[], { kind: 'move', source: bits('reg0', 0, 32), destination: bits('reg1', 0, 32) }],
    [[], { kind: 'move', source: bits('reg0', 4, 12), destination: bits('vlan_tci', 0, 12) }],
    [[], { kind: 'move', source: bits('xxreg0', 64, 64), destination: bits('metadata', 0, 64) }],
    [ip, { kind: 'move', source: bits('ip_src', 31, 1), destination: bits('tun_id', 63, 1) }],
    [ip, { kind: 'move', source: bits('nw_ttl', 0, 8), destination: bits('reg0', 8, 8) }],
    [PREREQUISITES.NSH, { kind: 'move', source: bits('nsh_c1', 0, 24), destination: bits('nsh_c2', 8, 24) }],
    [[], { kind: 'move', source: bits('in_port', 0, 16), destination: bits('reg3', 0, 16) }],
    [[], { kind: 'move', source: bits('in_port_oxm', 0, 32), destination: bits('reg3', 0, 32) }],
    [[], { kind: 'move', source: bits('tun_metadata0', 0, 32), destination: bits('reg3', 0, 32) }],
  ],
  push: [
    [[], { kind: 'push', source: bits('reg0', 0, 32) }, { kind: 'push', source: bits('xreg1', 3, 61) }],
    [[], { kind: 'push', source: bits('xxreg2', 127, 1) }, { kind: 'push', source: bits('eth_src', 0, 48) }],
    [
      [],
      { kind: 'push', source: bits('tun_erspan_idx', 1, 3) },
      { kind: 'push', source: bits('tun_id', 0, 64) },
    ],
    [[], { kind: 'push', source: bits('in_port', 0, 16) }],
  ],
  pop: [
    [
      [],
      { kind: 'pop', destination: bits('reg0', 0, 32) },
      { kind: 'pop', destination: bits('xreg1', 3, 61) },
    ],
    [
      [],
      { kind: 'pop', destination: bits('tun_erspan_hwid', 1, 3) },
      { kind: 'pop', destination: bits('eth_dst', 47, 1) },
    ],
    [tcp, { kind: 'pop', destination: bits('tcp_src', 0, 16) }],
  ],
  group: [
    [[], { kind: 'group', id: 0 }],
    [[], { kind: 'group', id: 0xffffff00 }],
  ],
  meter: [
    [[], { kind: 'meter', id: 1 }, output(1)],
    [[], { kind: 'meter', id: 0xffff0000 }],
  ],
  set_queue: [
    [[], { kind: 'set_queue', queue: 0 }],
    [[], { kind: 'set_queue', queue: 0xffffffff }],
  ],
  pop_queue: [[[], { kind: 'pop_queue' }]],
  enqueue: [
    [[], { kind: 'enqueue', port: 1, queue: 2 }],
    [
      [],
      { kind: 'enqueue', port: 0xfffffff8, queue: 0 },
      { kind: 'enqueue', port: 0xfffffffe, queue: 0xffffffff },
    ],
  ],
  push_vlan: [
    [[], { kind: 'push_vlan', ethertype: 0x8100 }],
    [[], { kind: 'push_vlan', ethertype: 0x88a8 }],
  ],
  pop_vlan: [[vlan, { kind: 'pop_vlan' }]],
  push_mpls: [
    [[], { kind: 'push_mpls', ethertype: 0x8847 }],
    [[], { kind: 'push_mpls', ethertype: 0x8848 }],
  ],
  pop_mpls: [
    [mpls, { kind: 'pop_mpls', ethertype: 0x800 }],
    [mpls, { kind: 'pop_mpls', ethertype: 5 }],
  ],
  dec_ttl: [
    [ip, { kind: 'dec_ttl', controllers: [] }],
    [ip6, { kind: 'dec_ttl', controllers: [0] }],
    [ip, { kind: 'dec_ttl', controllers: [1, 2, 65535, 3, 4] }],
  ],
  dec_mpls_ttl: [[mpls, { kind: 'dec_mpls_ttl' }]],
  dec_nsh_ttl: [[PREREQUISITES.NSH, { kind: 'dec_nsh_ttl' }]],
  resubmit: [
    [
      [],
      { kind: 'resubmit', port: 2, table: 3, ct: false },
      { kind: 'resubmit', port: null, table: 254, ct: false },
    ],
    [
      [],
      { kind: 'resubmit', port: 2, table: null, ct: false },
      { kind: 'resubmit', port: 0xfffe, table: null, ct: false },
    ],
    [[], { kind: 'resubmit', port: 0, table: 0, ct: false }],
    [
      tracked,
      { kind: 'resubmit', port: null, table: 3, ct: true },
      { kind: 'resubmit', port: 5, table: 3, ct: true },
    ],
    [tracked, { kind: 'resubmit', port: 5, table: null, ct: true }],
  ],
  ct: [
    [ip, ct({})],
    [ip6, ct({ zone: 5, table: 3 }), ct({ zone: 0, table: 0 })],
    [ip, ct({ zone: bits('reg0', 0, 16), table: 254 }), ct({ zone: bits('reg3', 16, 16) })],
    [
      ip,
      ct({ zone: bits('xreg0', 48, 16) }),
      ct({ zone: bits('xxreg1', 8, 16) }),
      ct({ zone: bits('in_port', 0, 16) }),
    ],
    [ip, ct({ commit: true }), ct({ commit: true, force: true, zone: 65535 })],
    [tcp, ct({ commit: true, alg: 21 })],
    [PREREQUISITES.UDP, ct({ commit: true, alg: 69, zone: 1 })],
    [
      ip,
      ct({
        nat: {
          direction: null,
          family: null,
          addresses: null,
          ports: null,
          persistent: false,
          hash: false,
          random: false,
        },
      }),
    ],
    [ip, nat({}), nat({ direction: 'dst' }), nat({ family: null, random: true, persistent: true })],
    [
      ip,
      nat({ addresses: { min: 0x0a000001n, max: null } }),
      nat({ addresses: { min: 0x0a000001n, max: 0x0a000009n }, hash: true }),
    ],
    [
      tcp,
      nat({ direction: 'dst', addresses: { min: 0x0a000001n, max: null }, ports: { min: 80, max: null } }),
    ],
    [
      tcp,
      nat({ addresses: { min: 0x0a000001n, max: 0x0a000009n }, ports: { min: 1, max: 65535 }, random: true }),
    ],
    [
      ip6,
      nat({ family: 6, addresses: { min: address6, max: null } }),
      nat({ family: 6, addresses: { min: address6, max: address6 + 8n } }),
    ],
    [ip6, nat({ family: 6, addresses: { min: address6, max: null }, ports: { min: 80, max: 90 } })],
    [
      ip6,
      nat({
        family: 6,
        addresses: { min: address6, max: address6 + 8n },
        ports: { min: 80, max: null },
        persistent: true,
      }),
    ],
    [ip, ct({ commit: true, exec: [set('ct_mark', 1), set('ct_label', 5, 0xff)] })],
    [
      ip,
      ct({
        commit: true,
        exec: [{ kind: 'move', source: bits('reg0', 0, 32), destination: bits('ct_label', 96, 32) }],
      }),
    ],
    [
      tcp,
      ct({
        commit: true,
        force: true,
        zone: 3,
        table: 4,
        alg: 21,
        nat: {
          direction: 'src',
          family: 4,
          addresses: { min: 1n, max: 2n },
          ports: { min: 3, max: 4 },
          persistent: true,
          hash: false,
          random: true,
        },
        exec: [set('ct_mark', 0xf0, 0xf0)],
      }),
    ],
  ],
  ct_clear: [[[], { kind: 'ct_clear' }]],
  clone: [
    [[], { kind: 'clone', actions: [] }],
    [[], { kind: 'clone', actions: [output(1), set('reg0', 1), { kind: 'clone', actions: [output(2)] }] }],
    [ip, { kind: 'clone', actions: [ct({ commit: true, exec: [set('ct_mark', 1)] })] }, output(2)],
  ],
  fin_timeout: [
    [tcp, { kind: 'fin_timeout', idle: 5, hard: 10 }],
    [tcp, { kind: 'fin_timeout', idle: 0, hard: 0 }, { kind: 'fin_timeout', idle: 65535, hard: 65535 }],
  ],
  check_pkt_larger: [
    [[], { kind: 'check_pkt_larger', size: 100, destination: bits('reg0', 0, 1) }],
    [[], { kind: 'check_pkt_larger', size: 65535, destination: bits('xxreg3', 127, 1) }],
    [[], { kind: 'check_pkt_larger', size: 0, destination: bits('xreg1', 33, 1) }],
    [[], { kind: 'check_pkt_larger', size: 1, destination: bits('tun_erspan_idx', 2, 1) }],
  ],
  delete_field: [
    [[], { kind: 'delete_field', field: 'tun_metadata0' }, { kind: 'delete_field', field: 'tun_metadata63' }],
  ],
  conjunction: [
    [
      [],
      { kind: 'conjunction', id: 1, clause: 1, clauses: 2 },
      { kind: 'conjunction', id: 0xffffffff, clause: 64, clauses: 64 },
    ],
    [[], { kind: 'conjunction', id: 0, clause: 2, clauses: 3 }, { kind: 'note', bytes: new Uint8Array([1]) }],
  ],
  note: [
    [[], { kind: 'note', bytes: new Uint8Array([0x41, 0x42, 0x43]) }],
    [
      [],
      { kind: 'note', bytes: new Uint8Array([1, 2, 3, 4, 5, 6]) },
      { kind: 'note', bytes: new Uint8Array(50).fill(255) },
    ],
  ],
  learn: [
    [[], learn({})],
    [
      [],
      learn({
        table: 254,
        priority: 0,
        idleTimeout: 65535,
        hardTimeout: 1,
        finIdleTimeout: 2,
        finHardTimeout: 3,
        cookie: 0xffff_ffff_ffff_fffen,
        sendFlowRem: true,
        deleteLearned: true,
      }),
    ],
    [[], learn({ limit: 0xffffffff }), learn({ result: bits('xxreg3', 127, 1) })],
    [[], learn({ limit: 1, result: bits('nsh_c1', 0, 1), priority: 65535 })],
    [[], learn({}, { kind: 'output', source: bits('in_port', 0, 16) })],
    [
      [],
      learn(
        {},
        is('eth_type', 0x800n),
        is('nw_proto', 6n),
        is('tcp_dst', 80n),
        is('ip_src', 0x0a000001n),
        is('ip_frag', 1n),
        learned('match', bits('reg1', 16, 16), bits('reg0', 0, 16)),
        constant('load', 5n, bits('reg2', 3, 7)),
        learned('load', bits('eth_src', 0, 48), bits('xreg4', 8, 48)),
        { kind: 'output', source: bits('reg1', 0, 16) },
      ),
    ],
    [
      [],
      learn(
        {},
        is('in_port', 3n),
        is('in_port_oxm', 0xfffffffen),
        is('eth_dst', 0x0102030405n),
        is('metadata', 5n),
        is('tun_id', 7n),
        is('ct_state', 0x22n),
        is('tun_flags', 1n),
        is('tun_metadata0', 5n),
        constant('match', 0xfn, bits('reg5', 4, 4)),
        constant('match', 1n, bits('eth_src', 40, 1)),
        constant('match', 5n, bits('tun_metadata0', 0, 32)),
        constant('load', (1n << 101n) - 1n, bits('xxreg1', 0, 101)),
        constant('load', 5n, bits('in_port', 0, 16)),
      ),
    ],
    [
      [],
      learn(
        {},
        is('eth_type', 0x86ddn),
        is('ipv6_src', address6),
        constant('match', 1n, bits('ipv6_dst', 100, 9)),
        is('nw_proto', 58n),
        is('icmpv6_type', 135n),
        is('icmpv6_code', 0n),
        is('nd_target', 5n),
      ),
    ],
    [[], learn({}, is('packet_type', 0x10800n), is('ip_src', 1n))],
    [
      [],
      learn(
        {},
        is('vlan_tci', 0x1000n),
        is('vlan_pcp', 3n),
        constant('match', 3n, bits('vlan_vid', 0, 4)),
        is('vlan_vid', 5n),
      ),
    ],
    [ip, learn({}, is('eth_type', 0x800n), learned('match', bits('ip_dst', 0, 32), bits('ip_src', 0, 32)))],
  ],
  bundle: [
    [[], bundle({})],
    [[], bundle({ members: [1, 0xfffffffe, 0xfeff], basis: 65535, algorithm: 'active_backup' })],
    ...HASH_FIELDS.map((fields) => [[], bundle({ fields, members: [1] })] as const),
    [[], bundle({ destination: bits('reg0', 0, 16), members: [1, 2, 3, 4] })],
    [[], bundle({ destination: bits('xxreg1', 100, 16), members: [1, 2, 3, 4, 5] })],
    [tcp, bundle({ destination: bits('tcp_src', 0, 16), members: [] })],
  ],
  multipath: [
    ...HASH_FIELDS.map((fields) => [[], multipath({ fields })] as const),
    ...(['modulo_n', 'hash_threshold', 'hrw', 'iter_hash'] as const).map(
      (algorithm) => [[], multipath({ algorithm, links: 3, arg: 7 })] as const,
    ),
    [[], multipath({ basis: 65535, links: 65536, arg: 0xffffffff, destination: bits('xreg0', 8, 16) })],
    [[], multipath({ links: 1, destination: bits('tun_id', 63, 1) })],
  ],
  sample: [
    [[], sample({})],
    [[], sample({ probability: 1, collectorSetId: 0xffffffff, obsDomainId: 2, obsPointId: 3 })],
    [[], sample({ samplingPort: 1 }), sample({ samplingPort: 0xfff8 })],
    [[], sample({ direction: 'egress' }), sample({ samplingPort: 2, direction: 'ingress' })],
  ],
  encap: [
    [[], { kind: 'encap', header: 'mpls' }],
    [[], { kind: 'encap', header: 'mpls_mc' }],
    [[term('packet_type', 0x1894f)], { kind: 'encap', header: 'ethernet' }],
    [[], nsh(null)],
    [[], nsh(1)],
    [[], nsh(2)],
    [[], nsh(2, [])],
    [[], nsh(2, [0x12, 0x34, 0x56, 0x78])],
    [[], nsh(2, [1, 2, 3, 4, 5, 6, 7, 8], [9, 8, 7, 6, 5, 4, 3, 2, 1])],
    [[], nsh(2, new Array<number>(125).fill(0xab))],
  ],
  decap: [
    [[], { kind: 'decap', packetType: null }],
    [[term('packet_type', 0x1894f)], { kind: 'decap', packetType: { ns: 0, type: 0 } }],
    [[term('eth_type', 0x8847)], { kind: 'decap', packetType: { ns: 1, type: 0x800 } }],
  ],
  mod_vlan_vid: [
    [[], { kind: 'mod_vlan_vid', vid: 0, tagged: false }],
    [vlan, { kind: 'mod_vlan_vid', vid: 4095, tagged: true }],
    [[], { kind: 'push_vlan', ethertype: 0x88a8 }, { kind: 'mod_vlan_vid', vid: 5, tagged: true }],
    [[], { kind: 'clone', actions: [{ kind: 'mod_vlan_vid', vid: 5, tagged: false }] }],
  ],
  mod_nw_ttl: [
    [ip, { kind: 'mod_nw_ttl', ttl: 64 }],
    [ip6, { kind: 'mod_nw_ttl', ttl: 0 }],
  ],
  set_mpls_ttl: [[mpls, { kind: 'set_mpls_ttl', ttl: 255 }]],
  mod_vlan_pcp: [
    [[], { kind: 'mod_vlan_pcp', pcp: 7, tagged: false }, { kind: 'mod_vlan_vid', vid: 5, tagged: true }],
    [vlan, { kind: 'mod_vlan_pcp', pcp: 0, tagged: true }],
  ],
  exit: [
    [[], { kind: 'exit' }],
    [[], output(1), { kind: 'exit' }],
  ],
};

export const ACTION_CASES: readonly ActionCase[] = Object.values(CASES).flatMap((some) =>
  some.map(([match, ...actions]) => ({ match, actions })),
);

/** What instructions can say beside a list of actions. */
export const INSTRUCTION_CASES: readonly Instructions[] = [
  instructions({}),
  instructions({ clear: true }),
  instructions({ goto: 7 }),
  instructions({ writeMetadata: { value: 5n, mask: null } }),
  instructions({ writeMetadata: { value: 0x10n, mask: 0xf0n } }),
  instructions({ writeMetadata: { value: 0n, mask: (1n << 64n) - 1n } }),
  instructions({ write: [output(1)] }),
  instructions({ write: [] }),
  instructions({ write: [set('reg0', 1), { kind: 'group', id: 4 }], goto: 3 }),
  instructions({
    apply: [set('reg0', 1), output(1)],
    clear: true,
    write: [output(0xfffffffd, 128), { kind: 'set_queue', queue: 3 }],
    writeMetadata: { value: 1n, mask: 3n },
    goto: 9,
  }),
];
