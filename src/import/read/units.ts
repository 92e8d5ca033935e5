/**
 * Where ovs-ofctl keeps the fields of a match. Many share a place: the ports of TCP, UDP and SCTP and the type and
 * code of ICMP; the addresses of IPv4 and of ARP; the protocol of IP and the operation of ARP. What is kept in such a
 * place is sent as the field that the protocol makes of it.
 */
import type { MatchField } from '../../ir/types.ts';
import type { Field, FieldName } from '../../openflow/fields.ts';
import { portTo16 } from '../../openflow/ports.ts';
import { genericCandidates } from '../../openflow/protocols.ts';
import { storage, toStorage } from '../../openflow/storage.ts';
import { onesOf } from './subfields.ts';
import type { Write } from './tokens.ts';

/** Some bits of a place. */
export interface UnitBits {
  readonly unit: string;
  readonly value: bigint;
  readonly mask: bigint;
  /** These bits are overwritten, those of the mask with the value and the others with "does not matter". */
  readonly covers: bigint;
}

const SHARED: Readonly<Partial<Record<FieldName, string>>> = {
  ip_src: 'nw_src',
  arp_spa: 'nw_src',
  ip_dst: 'nw_dst',
  arp_tpa: 'nw_dst',
  nw_proto: 'nw_proto',
  arp_op: 'nw_proto',
  arp_sha: 'arp_sha',
  nd_sll: 'arp_sha',
  arp_tha: 'arp_tha',
  nd_tll: 'arp_tha',
  tcp_src: 'tp_src',
  udp_src: 'tp_src',
  sctp_src: 'tp_src',
  icmp_type: 'tp_src',
  icmpv6_type: 'tp_src',
  tcp_dst: 'tp_dst',
  udp_dst: 'tp_dst',
  sctp_dst: 'tp_dst',
  icmp_code: 'tp_dst',
  icmpv6_code: 'tp_dst',
  tcp_flags: 'tcp_flags',
  nd_options_type: 'tcp_flags',
};

/** How many bits a place has, where that is not what its fields have on the wire. */
const WIDTHS: Readonly<Record<string, number>> = { nw_proto: 8, tp_src: 16, tp_dst: 16, tcp_flags: 16 };

/** Bits of a value that are kept; the others are cut without a word. */
const KEPT: Readonly<Partial<Record<FieldName, bigint>>> = {
  dl_vlan: 0xfffn,
  vlan_vid: 0x1fffn,
  dl_vlan_pcp: 7n,
  vlan_pcp: 7n,
  nw_tos: 0xfcn,
  ip_dscp: 0x3fn,
  nw_ecn: 3n,
  mpls_label: 0xfffffn,
  mpls_tc: 7n,
  mpls_bos: 1n,
  arp_op: 0xffn,
  nsh_spi: 0xffffffn,
};

/** "No VLAN" in OpenFlow 1.0. */
const NO_VLAN = 0xffffn;
const PRESENT = 0x1000n;

/** What is left of a value. */
export function kept(f: Field, value: bigint): bigint {
  const bits = KEPT[f.name];
  if (bits === undefined || (f.name === 'dl_vlan' && value === NO_VLAN)) return value;
  return value & bits;
}

/** The place of a field. */
export function unitOf(f: Field): string {
  return SHARED[f.name] ?? storage(f).unit;
}

/** The bits that a write leaves in its place. */
export function bitsOf({ field: f, value, mask, partial }: Write): UnitBits {
  const unit = unitOf(f);
  const wide = onesOf(f.bytes * 8);
  const exact = mask === wide;
  switch (f.name) {
    case 'dl_vlan':
      if (exact && value === NO_VLAN) return { unit, value: 0n, mask: 0xffffn, covers: 0xffffn };
      return exact
        ? { unit, value: value | PRESENT, mask: 0x1fffn, covers: 0x1fffn }
        : { unit, value: 0n, mask: 0n, covers: 0x1fffn };
    case 'vlan_vid':
      return { unit, value: value & mask & 0x1fffn, mask: mask & 0x1fffn, covers: partial ? mask : 0x1fffn };
    case 'dl_vlan_pcp':
    case 'vlan_pcp':
      return exact
        ? { unit, value: (value << 13n) | PRESENT, mask: 0xf000n, covers: 0xf000n }
        : { unit, value: 0n, mask: 0n, covers: 0xe000n };
    case 'nw_tos':
    case 'ip_dscp':
    case 'nw_ecn': {
      const at = f.name === 'ip_dscp' ? value << 2n : value;
      const covers = f.name === 'nw_ecn' ? 3n : 0xfcn;
      return { unit, value: mask === 0n ? 0n : at & covers, mask: mask === 0n ? 0n : covers, covers };
    }
    case 'ip_frag':
      return { unit, value: value & 3n, mask: mask & 3n, covers: partial ? mask & 3n : 3n };
    case 'in_port_oxm':
      return {
        unit,
        value: BigInt(portTo16(Number(value)) ?? 0xffff),
        mask: exact ? 0xffffn : 0n,
        covers: 0xffffn,
      };
    case 'in_port':
      return { unit, value, mask, covers: partial ? mask : 0xffffn };
    case 'ct_state':
      return {
        unit,
        value: value & mask & 0xffn,
        mask: mask & 0xffn,
        covers: partial ? mask & 0xffn : 0xffn,
      };
    case 'tun_flags':
      return { unit, value: value & mask & 1n, mask: mask & 1n, covers: 1n };
    default:
  }
  const s = storage(f);
  if (s.unit.startsWith('xxreg')) {
    const place = toStorage(f, wide);
    return {
      unit,
      value: toStorage(f, value & mask),
      mask: toStorage(f, mask),
      covers: partial ? toStorage(f, mask) : place,
    };
  }
  const width = WIDTHS[unit] ?? f.bytes * 8;
  const all = onesOf(width);
  if (exact) return { unit, value: value & all, mask: all, covers: all };
  return { unit, value: value & mask & all, mask: mask & all, covers: partial ? mask & all : all };
}

const TAGGED: MatchField = { field: 'vlan_vid', value: PRESENT, mask: PRESENT };
const UNTAGGED: MatchField = { field: 'vlan_vid', value: 0n, mask: null };

/** The terms that a write becomes where nothing else interferes: one, or one of several. */
export function termOf(w: Write): readonly MatchField[] {
  const { field: f, value, mask, generic } = w;
  if (mask === 0n) return f.name.startsWith('tun_metadata') ? [{ field: f.name, value: 0n, mask: 0n }] : [];
  const exact = mask === onesOf(f.bytes * 8);
  if (generic !== null)
    return genericCandidates(generic)
      .filter((g) => (exact ? value >> BigInt(g.bits) === 0n : g.maskable && g.bytes === f.bytes))
      .map((g) => ({ field: g.name, value, mask: exact ? null : mask }));
  switch (f.name) {
    case 'in_port_oxm':
      return [{ field: 'in_port', value: BigInt(portTo16(Number(value)) ?? 0xffff), mask: null }];
    case 'dl_vlan':
      return value === NO_VLAN ? [UNTAGGED] : [{ field: 'vlan_vid', value: value | PRESENT, mask: null }];
    case 'dl_vlan_pcp':
    case 'vlan_pcp':
      return [{ field: 'vlan_pcp', value, mask: null }, TAGGED];
    case 'nw_tos':
      return [{ field: 'ip_dscp', value: value >> 2n, mask: null }];
    default:
      return [{ field: f.name, value: value & mask, mask: exact ? null : mask }];
  }
}
