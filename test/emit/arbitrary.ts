// Random flows that are valid: what the checker would let through. Written apart from the checker.
import fc from 'fast-check';
import { matchOrder } from '../../src/ir/oxm.ts';
import type { Action, FlowMod, Instructions, MatchField, Nat, SubfieldRef } from '../../src/ir/types.ts';
import type { Field, FieldName } from '../../src/openflow/fields.ts';
import { field, FIELDS } from '../../src/openflow/fields.ts';

const ones = (bits: number): bigint => (1n << BigInt(bits)) - 1n;
const uint = (bits: number): fc.Arbitrary<bigint> =>
  fc.oneof(fc.bigInt({ min: 0n, max: ones(bits) }), fc.constantFrom(0n, 1n, ones(bits)));
const int = (max: number, min = 0): fc.Arbitrary<number> => fc.integer({ min, max });

const port16 = fc.oneof(int(0xfeff).map(BigInt), fc.constantFrom(0xfff8n, 0xfffdn, 0xfffen));
const port32 = fc.oneof(int(0xfeff).map(BigInt), fc.constantFrom(0xfffffff8n, 0xfffffffdn, 0xfffffffen));

const VALUES: Partial<Record<FieldName, fc.Arbitrary<bigint>>> = {
  in_port: port16,
  in_port_oxm: port32,
  actset_output: fc.oneof(port32, fc.constant(0xfffffff7n)),
  nw_tos: int(63).map((n) => BigInt(n << 2)),
  arp_op: uint(8),
  nsh_mdtype: fc.constantFrom(1n, 2n),
  nsh_ttl: uint(6),
  vlan_vid: uint(12).map((v) => v | 0x1000n),
  ct_state: uint(8),
  ct_nw_proto: fc.constantFrom(1n, 6n, 17n, 255n),
  nd_options_type: uint(8),
};

const valueOf = (f: Field): fc.Arbitrary<bigint> =>
  VALUES[f.name] ?? uint(f.name.startsWith('tun_metadata') ? 64 : f.bits);
const bitsOf = (f: Field): number =>
  f.name === 'vlan_vid' ? 13 : f.name === 'ct_state' ? 8 : f.name.startsWith('tun_metadata') ? 64 : f.bits;

/** One term, masked where the field may be. */
export function term(name: FieldName, exact = false): fc.Arbitrary<MatchField> {
  const f = field(name);
  const plain = valueOf(f).map((value): MatchField => ({ field: name, value, mask: null }));
  if (exact || !f.maskable) return plain;
  const bits = bitsOf(f);
  const prefix = int(bits, 1).map((n) => ones(n) << BigInt(bits - n));
  const mask = fc.oneof(uint(bits), prefix).filter((m) => m !== 0n);
  const masked = fc
    .tuple(valueOf(f), mask)
    .map(([value, m]): MatchField => ({ field: name, value: value & m, mask: m }));
  return fc.oneof(plain, masked);
}

const is = (name: FieldName, value: bigint | number): MatchField => ({
  field: name,
  value: BigInt(value),
  mask: null,
});

/** Where ovs-ofctl 3.1.0 sends another mask than was written (see src/ir/oxm.ts). */
const MASK_BUG: readonly FieldName[] = [
  'tun_erspan_ver',
  'tun_erspan_dir',
  'tun_erspan_hwid',
  'tun_gtpu_flags',
  'tun_gtpu_msgtype',
];
/** Flows of ours must not match them: OFPBRC_EPERM. */
const INTERNAL: readonly FieldName[] = ['dp_hash', 'recirc_id'];

const usable = (f: Field): boolean =>
  f.headers.length > 0 && !/^x*reg|^in_port|^packet_type|metadata\d/.test(f.name);
const METADATA = FIELDS.filter((f) => usable(f) && f.prerequisite === 'none')
  .map((f) => f.name)
  .filter(
    (name) =>
      !MASK_BUG.includes(name) && !INTERNAL.includes(name) && name !== 'ct_state' && name !== 'conj_id',
  );

/** What a packet is, and the fields that it then has. */
interface Shape {
  readonly pinned: readonly MatchField[];
  readonly fields: readonly FieldName[];
}

const ETHERNET: FieldName[] = ['eth_src', 'eth_dst'];
const ARP: FieldName[] = [...ETHERNET, 'arp_op', 'arp_spa', 'arp_tpa', 'arp_sha', 'arp_tha'];
const IP: FieldName[] = [...ETHERNET, 'nw_ecn', 'nw_ttl', 'ip_frag'];
const IP4: FieldName[] = [...IP, 'ip_src', 'ip_dst'];
const IP6: FieldName[] = [...IP, 'ipv6_src', 'ipv6_dst', 'ipv6_label'];
const NSH: FieldName[] = [
  'nsh_flags',
  'nsh_mdtype',
  'nsh_np',
  'nsh_spi',
  'nsh_si',
  'nsh_c1',
  'nsh_c2',
  'nsh_c3',
  'nsh_c4',
  'nsh_ttl',
];
const withoutFrag = (names: FieldName[]): FieldName[] => names.filter((n) => n !== 'ip_frag');
const notEthernet = (names: FieldName[]): FieldName[] => names.filter((n) => !ETHERNET.includes(n));

const ip = (proto: number): MatchField[] => [is('eth_type', 0x800), is('nw_proto', proto)];
const ip6 = (proto: number): MatchField[] => [is('eth_type', 0x86dd), is('nw_proto', proto)];
const transport = (pinned: MatchField[], base: FieldName[], more: FieldName[]): Shape => ({
  pinned,
  fields: [...withoutFrag(base), ...more],
});

const SHAPES: readonly Shape[] = [
  { pinned: [], fields: [] },
  { pinned: [is('packet_type', 0)], fields: [] },
  { pinned: [is('packet_type', 0)], fields: ETHERNET },
  { pinned: [], fields: ETHERNET },
  { pinned: [is('eth_type', 0x88cc)], fields: ETHERNET },
  { pinned: [is('eth_type', 0x806)], fields: ARP },
  { pinned: [is('eth_type', 0x8035)], fields: ARP },
  { pinned: [is('eth_type', 0x800)], fields: IP4 },
  { pinned: [is('eth_type', 0x86dd)], fields: IP6 },
  { pinned: ip(47), fields: IP4 },
  { pinned: ip6(0), fields: IP6 },
  transport(ip(6), IP4, ['tcp_src', 'tcp_dst', 'tcp_flags']),
  transport(ip6(6), IP6, ['tcp_src', 'tcp_dst', 'tcp_flags']),
  transport(ip(17), IP4, ['udp_src', 'udp_dst']),
  transport(ip6(17), IP6, ['udp_src', 'udp_dst']),
  transport(ip(132), IP4, ['sctp_src', 'sctp_dst']),
  transport(ip6(132), IP6, ['sctp_src', 'sctp_dst']),
  { pinned: ip(1), fields: [...IP4, 'icmp_type', 'icmp_code'] },
  { pinned: ip6(58), fields: [...IP6, 'icmpv6_type', 'icmpv6_code'] },
  {
    pinned: [...ip6(58), is('icmpv6_type', 135)],
    fields: [...IP6, 'nd_target', 'nd_sll', 'nd_reserved', 'nd_options_type'],
  },
  {
    pinned: [...ip6(58), is('icmpv6_type', 136), is('icmpv6_code', 0)],
    fields: [...IP6, 'nd_target', 'nd_tll'],
  },
  {
    pinned: [is('eth_type', 0x8847)],
    fields: [...ETHERNET, 'mpls_label', 'mpls_tc', 'mpls_bos', 'mpls_ttl'],
  },
  { pinned: [is('eth_type', 0x8848)], fields: ['mpls_label', 'mpls_bos'] },
  { pinned: [is('eth_type', 0x894f)], fields: [...ETHERNET, ...NSH] },
  { pinned: [is('packet_type', 0x1894f)], fields: NSH },
  { pinned: [is('packet_type', 0x10800)], fields: notEthernet(IP4) },
  { pinned: [is('packet_type', 0x10800), is('nw_proto', 6)], fields: ['ip_src', 'tcp_dst'] },
];

const someTerms = (names: readonly FieldName[], most = 4): fc.Arbitrary<MatchField[]> =>
  fc
    .subarray([...names], { maxLength: Math.min(most, names.length) })
    .chain((chosen) => (chosen.length === 0 ? fc.constant([]) : fc.tuple(...chosen.map((n) => term(n)))));

const vlan: fc.Arbitrary<MatchField[]> = fc.oneof(
  { weight: 4, arbitrary: fc.constant([]) },
  fc.constantFrom(
    [is('vlan_vid', 0)],
    [is('vlan_tci', 0)],
    [{ field: 'vlan_vid', value: 0n, mask: 0x1000n } as MatchField],
  ),
  fc.tuple(term('vlan_vid', true)),
  fc.tuple(term('vlan_vid', true), term('vlan_pcp')),
  uint(12).map((m): MatchField[] => [{ field: 'vlan_vid', value: 0x1000n, mask: 0x1000n | m }]),
  fc.tuple(fc.constant<MatchField>({ field: 'vlan_vid', value: 0x1000n, mask: 0x1000n }), term('vlan_pcp')),
  fc.tuple(term('dl_vlan')),
  fc.tuple(term('dl_vlan'), term('dl_vlan_pcp')),
  fc.tuple(term('dl_vlan_pcp')),
  uint(16).map((v): MatchField[] => [is('vlan_tci', v | 0x1000n)]),
  uint(12).map((m): MatchField[] => [{ field: 'vlan_tci', value: 0x1000n, mask: 0x1000n | m }]),
);

const registerTerms: fc.Arbitrary<MatchField[]> = fc
  .array(fc.tuple(int(3), fc.constantFrom('reg', 'xreg', 'xxreg')), { maxLength: 3 })
  .chain((chosen) => {
    const names = new Map<number, FieldName[]>();
    for (const [unit, kind] of chosen) {
      const size = kind === 'reg' ? 4 : kind === 'xreg' ? 2 : 1;
      names.set(
        unit,
        Array.from({ length: size }, (_, i) => `${kind}${unit * size + i}` as FieldName),
      );
    }
    return someTerms([...names.values()].flat(), 6);
  });

const ct = (six: boolean): fc.Arbitrary<MatchField[]> => {
  const addresses: FieldName[] = six ? ['ct_ipv6_src', 'ct_ipv6_dst'] : ['ct_nw_src', 'ct_nw_dst'];
  const state: MatchField = { field: 'ct_state', value: 0x22n, mask: 0x22n };
  return fc.oneof(
    someTerms(addresses).map((terms) => [state, ...terms]),
    fc
      .tuple(term('ct_nw_proto'), someTerms([...addresses, 'ct_tp_src', 'ct_tp_dst']))
      .map(([p, terms]) => [state, p, ...terms]),
  );
};

const match: fc.Arbitrary<{ terms: MatchField[]; shape: Shape }> = fc
  .tuple(fc.constantFrom(...SHAPES), fc.boolean())
  .chain(([shape, tracked]) => {
    const ethernet = !shape.pinned.some((t) => t.field === 'packet_type' && t.value !== 0n);
    const ethType = shape.pinned.find((t) => t.field === 'eth_type')?.value;
    const isIp = ethType === 0x800n || ethType === 0x86ddn;
    const tos = isIp
      ? fc.oneof(fc.constant([]), fc.tuple(term('nw_tos')), fc.tuple(term('ip_dscp')))
      : fc.constant([]);
    return fc
      .tuple(
        someTerms(shape.fields, 6),
        someTerms(METADATA),
        fc.option(fc.oneof(term('in_port'), term('in_port_oxm'))),
        registerTerms,
        ethernet && shape.pinned.every((t) => t.field !== 'packet_type') ? vlan : fc.constant([]),
        tos,
        isIp && tracked ? ct(ethType === 0x86ddn) : fc.oneof(fc.constant([]), fc.tuple(term('ct_state'))),
      )
      .map(([own, metadata, port, registers, tag, dscp, tracking]) => {
        const all = [...shape.pinned, ...own, ...metadata, ...registers, ...tag, ...dscp, ...tracking];
        return { terms: matchOrder(port === null ? all : [...all, port]), shape };
      });
  });

const SETTABLE: readonly FieldName[] = [
  'reg0', 'reg7', 'reg15', 'xreg3', 'xxreg1', 'metadata', 'tun_id', 'tun_src', 'tun_ipv6_dst', 'tun_flags',
  'tun_gbp_id', 'tun_gbp_flags', 'tun_erspan_idx', 'tun_erspan_ver', 'pkt_mark', 'in_port', 'vlan_tci', 'eth_dst',
]; // prettier-ignore
const READABLE: readonly FieldName[] = [
  ...SETTABLE,
  'in_port_oxm',
  'ct_state',
  'ct_mark',
  'ct_label',
  'ct_zone',
  'actset_output',
];

/** Fields whose header has 4 bytes, which is what ct has room for. */
const ZONES = READABLE.filter((n) => !n.startsWith('tun_erspan') && n !== 'actset_output');

const setField = (name: FieldName): fc.Arbitrary<Action> => {
  const f = field(name);
  if (f.maskable)
    return term(name).map(({ value, mask }): Action => {
      const present = name === 'vlan_vid' ? 0x1000n : 0n;
      return {
        kind: 'set_field',
        field: name,
        value: value | present,
        mask: mask === null ? null : mask | present,
      };
    });
  const low = name === 'nw_tos' ? 2 : 0;
  const bits = f.bits - low;
  const run = int(bits - 1).chain((offset) =>
    int(bits - offset, 1).map((n) => ones(n) << BigInt(offset + low)),
  );
  return fc.oneof(
    valueOf(f).map((value): Action => ({ kind: 'set_field', field: name, value, mask: null })),
    fc
      .tuple(valueOf(f), run)
      .map(([value, mask]): Action => ({ kind: 'set_field', field: name, value: value & mask, mask })),
  );
};

const subfield = (names: readonly FieldName[], bits: number): fc.Arbitrary<SubfieldRef> => {
  const wide = names.filter((n) => field(n).bits >= bits);
  return fc
    .constantFrom(...wide)
    .chain((name) => int(field(name).bits - bits).map((offset) => ({ field: name, offset, bits })));
};

const bytes = (max: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength: max });
const outPort = fc.oneof(
  int(4, 1),
  fc.constantFrom(0xfffffff8, 0xfffffffa, 0xfffffffb, 0xfffffffc, 0xfffffffe),
);

const output: fc.Arbitrary<Action> = fc.oneof(
  outPort.map((port): Action => ({ kind: 'output', port, maxLen: 0 })),
  int(0xffff).map((maxLen): Action => ({ kind: 'output', port: 0xfffffffd, maxLen })),
);

const controller: fc.Arbitrary<Action> = fc.record({
  kind: fc.constant('controller' as const),
  maxLen: fc.oneof(fc.constant(0xffff), int(0xffff)),
  reason: fc.constantFrom('no_match', 'action', 'invalid_ttl', 'action_set', 'group', 'packet_out'),
  id: fc.oneof(fc.constant(0), int(0xffff)),
  userdata: fc.option(bytes(20)),
  pause: fc.boolean(),
  meterId: fc.option(int(1000)),
});

const between = <T>(
  min: fc.Arbitrary<T>,
  up: (min: T) => fc.Arbitrary<T>,
): fc.Arbitrary<{ min: T; max: T | null }> =>
  min.chain((m) => fc.option(up(m)).map((max) => ({ min: m, max })));

const nat = (six: boolean, ports: boolean): fc.Arbitrary<Nat> => {
  const bits = six ? 128 : 32;
  const addresses = between(fc.bigInt({ min: 1n, max: ones(bits) }), (min) =>
    fc.bigInt({ min, max: ones(bits) }),
  );
  const portRange = between(int(0xffff, 1), (min) => int(0xffff, min));
  return fc
    .record({
      direction: fc.option(fc.constantFrom('src' as const, 'dst' as const)),
      addresses: fc.option(addresses),
      ports: ports ? fc.option(portRange) : fc.constant(null),
      persistent: fc.boolean(),
      mode: fc.constantFrom(null, 'hash', 'random'),
    })
    .map(({ direction, addresses: a, ports: p, persistent, mode }): Nat => {
      const has = direction !== null && a !== null;
      return {
        direction,
        family: has ? (six ? 6 : 4) : null,
        addresses: has ? a : null,
        ports: has ? p : null,
        persistent: direction !== null && persistent,
        hash: direction !== null && mode === 'hash',
        random: direction !== null && mode === 'random',
      };
    });
};

const ctAction = (six: boolean, proto: bigint | undefined): fc.Arbitrary<Action> => {
  const execs: fc.Arbitrary<Action> = fc.oneof(
    setField('ct_mark'),
    setField('ct_label'),
    int(32, 1).chain((n) =>
      fc
        .tuple(subfield(READABLE, n), subfield(['ct_mark', 'ct_label'], n))
        .map(([source, destination]): Action => ({ kind: 'move', source, destination })),
    ),
  );
  return fc
    .record({
      commit: fc.boolean(),
      force: fc.boolean(),
      zone: fc.oneof(
        fc.constant(null),
        int(0xffff),
        subfield(
          ZONES,
          16,
        ),
      ),
      table: fc.option(int(254)),
      alg: proto === 6n ? fc.constantFrom(0, 21) : proto === 17n ? fc.constantFrom(0, 69) : fc.constant(0),
      nat: fc.option(nat(six, proto === 6n || proto === 17n)),
      exec: fc.array(execs, { maxLength: 3 }),
    })
    .map((c): Action => {
      const plain: Nat = {
        direction: null,
        family: null,
        addresses: null,
        ports: null,
        persistent: false,
        hash: false,
        random: false,
      };
      return {
        kind: 'ct',
        ...c,
        force: c.force && c.commit,
        nat: c.commit || c.nat === null ? c.nat : plain,
        exec: c.commit ? c.exec : [],
      };
    });
};

/** Actions that change nothing on which the validity of others depends. */
function actions(shape: Shape, terms: readonly MatchField[], nested = false): fc.Arbitrary<Action> {
  const exact = (name: FieldName): bigint | undefined => terms.find((t) => t.field === name)?.value;
  const ethernet = (exact('packet_type') ?? 0n) === 0n;
  const settable = [
    ...SETTABLE.filter((n) => ethernet || (n !== 'eth_dst' && n !== 'vlan_tci')),
    ...shape.fields.filter((n) => field(n).writable),
  ];
  const tagged = (name: FieldName): boolean => name === 'vlan_tci'; // would change whether there is a tag
  const targets = settable.filter((n) => !tagged(n));
  const readable = READABLE.filter((n) => ethernet || (n !== 'eth_dst' && n !== 'vlan_tci'));
  const isIp = exact('eth_type') === 0x800n || exact('eth_type') === 0x86ddn;
  const six = exact('eth_type') === 0x86ddn;
  const proto = exact('nw_proto');
  const choices: fc.Arbitrary<Action>[] = [
    output,
    controller,
    fc.constantFrom(...targets).chain(setField),
    fc.constantFrom(...targets).chain(setField),
    int(64, 1).chain((n) =>
      fc
        .tuple(subfield(readable, n), subfield(targets, n))
        .map(([source, destination]): Action => ({ kind: 'move', source, destination })),
    ),
    int(16, 8)
      .chain((n) => subfield(readable, n))
      .map((source): Action => ({ kind: 'output_reg', source, maxLen: 0xffff })),
    fc
      .tuple(int(4, 1), int(65535, 14))
      .map(([port, maxLen]): Action => ({ kind: 'output_trunc', port, maxLen })),
    int(32, 1)
      .chain((n) => subfield(readable, n))
      .map((source): Action => ({ kind: 'push', source })),
    int(32, 1)
      .chain((n) => subfield(targets, n))
      .map((destination): Action => ({ kind: 'pop', destination })),
    int(3, 1).map((id): Action => ({ kind: 'group', id })),
    fc.nat().map((queue): Action => ({ kind: 'set_queue', queue })),
    fc.tuple(int(4, 1), fc.nat()).map(([port, queue]): Action => ({ kind: 'enqueue', port, queue })),
    fc
      .tuple(fc.option(int(0xfeff)), fc.option(int(254)))
      .filter(([port, table]) => port !== null || table !== null)
      .map(([port, table]): Action => ({ kind: 'resubmit', port, table, ct: false })),
    subfield(targets, 1).chain((destination) =>
      int(0xffff).map((size): Action => ({ kind: 'check_pkt_larger', size, destination })),
    ),
    bytes(20).map((b): Action => ({ kind: 'note', bytes: b })),
    fc.constantFrom<Action>({ kind: 'pop_queue' }, { kind: 'ct_clear' }, { kind: 'exit' }),
  ];
  if (isIp || exact('packet_type') === 0x10800n)
    choices.push(
      fc
        .array(int(0xffff), { maxLength: 6 })
        .map((controllers): Action => ({ kind: 'dec_ttl', controllers })),
    );
  if (isIp) choices.push(ctAction(six, proto));
  if (isIp && terms.some((t) => t.field === 'ct_state' && (t.value & 2n) !== 0n))
    choices.push(
      fc
        .tuple(fc.option(int(0xfeff)), int(254))
        .map(([port, table]): Action => ({ kind: 'resubmit', port, table, ct: true })),
    );
  if (proto === 6n && exact('packet_type') === undefined)
    choices.push(
      fc.tuple(int(0xffff), int(0xffff)).map(([idle, hard]): Action => ({ kind: 'fin_timeout', idle, hard })),
    );
  if (exact('eth_type') === 0x8847n) choices.push(fc.constant({ kind: 'dec_mpls_ttl' }));
  if (exact('eth_type') === 0x894fn) choices.push(fc.constant({ kind: 'dec_nsh_ttl' }));
  if (!nested)
    choices.push(
      fc
        .array(actions(shape, terms, true), { maxLength: 3 })
        .map((list): Action => ({ kind: 'clone', actions: list })),
    );
  return fc.oneof(...choices);
}

/** What may end a list: it changes the packet's headers. */
const last = (terms: readonly MatchField[]): fc.Arbitrary<Action[]> => {
  const none = fc.constant<Action[]>([]);
  if (terms.some((t) => t.field === 'packet_type' && t.value !== 0n)) return none;
  const ethType = terms.find((t) => t.field === 'eth_type')?.value;
  const vid: Action = { kind: 'set_field', field: 'vlan_vid', value: 0x1005n, mask: null };
  const choices: Action[][] = [
    [],
    [
      { kind: 'push_vlan', ethertype: 0x8100 },
      vid,
      { kind: 'set_field', field: 'vlan_pcp', value: 3n, mask: null },
    ],
    [{ kind: 'push_vlan', ethertype: 0x88a8 }, vid, { kind: 'pop_vlan' }],
    [
      { kind: 'push_mpls', ethertype: 0x8847 },
      { kind: 'set_field', field: 'mpls_label', value: 77n, mask: null },
    ],
  ];
  if (ethType === 0x8847n) choices.push([{ kind: 'pop_mpls', ethertype: 0x800 }]);
  return fc.constantFrom(...choices);
};

const WRITABLE_KINDS: readonly Action['kind'][] = [
  'output',
  'set_field',
  'move',
  'group',
  'set_queue',
  'dec_ttl',
  'ct',
  'resubmit',
];

const conjunctions: fc.Arbitrary<Action> = int(64, 2).chain((clauses) =>
  fc
    .tuple(fc.nat(), int(clauses, 1))
    .map(([id, clause]): Action => ({ kind: 'conjunction', id, clause, clauses })),
);

function instructions(shape: Shape, terms: readonly MatchField[], table: number): fc.Arbitrary<Instructions> {
  const one = actions(shape, terms);
  const inSet = one.filter((a) => WRITABLE_KINDS.includes(a.kind));
  const usual = fc
    .record({
      meter: fc.option(int(3, 1)),
      apply: fc.array(one, { maxLength: 6 }),
      last: last(terms),
      clear: fc.boolean(),
      write: fc.option(fc.array(inSet, { maxLength: 3 })),
      writeMetadata: fc.option(
        fc
          .tuple(uint(64), fc.option(uint(64)))
          .map(([value, mask]) => ({ value: mask === null ? value : value & mask, mask })),
      ),
      goto: table < 254 ? fc.option(int(254, table + 1)) : fc.constant(null),
    })
    .map(({ meter, apply, last: end, ...rest }): Instructions => ({
      ...rest,
      // An action set is checked against what the list before it has made of the packet.
      write: end.length > 0 ? null : rest.write,
      apply: [...(meter === null ? [] : [{ kind: 'meter', id: meter } as const]), ...apply, ...end],
    }));
  const conjunctive = fc
    .array(conjunctions, { minLength: 1, maxLength: 3 })
    .map((apply): Instructions => ({ apply, clear: false, write: null, writeMetadata: null, goto: null }));
  return fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: conjunctive });
}

export const flowMod: fc.Arbitrary<FlowMod> = fc.tuple(match, int(253)).chain(([{ terms, shape }, table]) =>
  fc.record({
    table: fc.constant(table),
    priority: int(0xffff),
    cookie: uint(64).filter((c) => c !== ones(64)),
    idleTimeout: fc.oneof(fc.constant(0), int(0xffff)),
    hardTimeout: fc.oneof(fc.constant(0), int(0xffff)),
    importance: fc.oneof(fc.constant(0), int(0xffff)),
    // Without check_overlap, which would make one flow depend on the others.
    flags: int(31).map((n) => n & ~2),
    match: fc.constant(terms),
    instructions: instructions(shape, terms, table),
    name: fc.constant(null),
    origin: fc.constant({ file: 0, start: 0, end: 0 }),
  }),
);
