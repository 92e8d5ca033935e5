// Random matches that are valid. Written apart from the checker.
import fc from 'fast-check';
import { matchOrder } from '../../src/ir/oxm.ts';
import type { MatchField } from '../../src/ir/types.ts';
import type { Field, FieldName } from '../../src/openflow/fields.ts';
import { field, FIELDS } from '../../src/openflow/fields.ts';

export const ones = (bits: number): bigint => (1n << BigInt(bits)) - 1n;
export const uint = (bits: number): fc.Arbitrary<bigint> =>
  fc.oneof(fc.bigInt({ min: 0n, max: ones(bits) }), fc.constantFrom(0n, 1n, ones(bits)));
export const int = (max: number, min = 0): fc.Arbitrary<number> => fc.integer({ min, max });

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

export const valueOf = (f: Field): fc.Arbitrary<bigint> =>
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
  .concat('tun_metadata0')
  .filter(
    (name) =>
      !MASK_BUG.includes(name) && !INTERNAL.includes(name) && name !== 'ct_state' && name !== 'conj_id',
  );

/** What a packet is, and the fields that it then has. */
export interface Shape {
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

const none: fc.Arbitrary<MatchField[]> = fc.constant([]);

const vlan: fc.Arbitrary<MatchField[]> = fc.oneof<fc.Arbitrary<MatchField[]>[]>(
  none,
  none,
  none,
  none,
  fc.constantFrom(
    [is('vlan_vid', 0)],
    [is('vlan_tci', 0)],
    [{ field: 'vlan_vid', value: 0n, mask: 0x1000n }],
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

/** A match, and what it says of the packet. */
export const match: fc.Arbitrary<{ terms: MatchField[]; shape: Shape }> = fc
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
