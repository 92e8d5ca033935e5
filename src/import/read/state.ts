/** A match as ovs-ofctl builds it, term by term, and what it sends of it in OpenFlow 1.5. */
import type { MatchField } from '../../ir/types.ts';
import type { Field, FieldName } from '../../openflow/fields.ts';
import { field, FIELDS } from '../../openflow/fields.ts';
import { ETH_TYPE, IP_PROTO, ICMPV6_TYPE, NO_ETH_TYPE } from '../../openflow/protocols.ts';
import { overlap } from '../../openflow/storage.ts';
import { onesOf } from './subfields.ts';
import type { Write } from './tokens.ts';
import { bitsOf, unitOf } from './units.ts';

interface Bits {
  value: bigint;
  mask: bigint;
}

const NOTHING: Readonly<Bits> = { value: 0n, mask: 0n };

/** These have a mask that Open vSwitch overwrites with the value. */
const MASK_BUG = /^tun_(erspan_(ver|dir|hwid)|gtpu_(flags|msgtype))$/;

/** Their places are sent under names that depend on the protocol. */
const BY_PROTOCOL = new Set([
  'nw_src',
  'nw_dst',
  'nw_proto',
  'tp_src',
  'tp_dst',
  'tcp_flags',
  'arp_sha',
  'arp_tha',
  'nw_ttl',
  'ip_tos',
  'ip_frag',
  'ipv6_src',
  'ipv6_dst',
  'ipv6_label',
  'nd_target',
  'nd_reserved',
  'mpls_label',
  'mpls_tc',
  'mpls_bos',
  'mpls_ttl',
  'ct_nw_proto',
  'ct_tp_src',
  'ct_tp_dst',
  'vlan_tci',
  'packet_type',
]);

/** How many bits there are to match, where that is less than the field has on the wire. */
const WIDTHS: Readonly<Record<string, bigint>> = { ip_frag: 3n, tun_flags: 1n, ct_state: 0xffn };

/** What the actions of a flow can count on. */
export interface MatchContext {
  readonly packetType: number;
  readonly ethType: number;
  readonly ipProto: number;
  readonly tagged: boolean;
  readonly laterFragment: boolean;
  readonly ctValid: boolean;
  readonly ctInvalid: boolean;
  /** -1 where no neighbour discovery is matched. */
  readonly ndType: number;
  /** Equal for equal contexts. */
  readonly key: string;
}

/** Fields of ct_state (ovs-fields(7)). */
const CT = { anyOf: 0xcfn, tracked: 0x20n, invalid: 0x10n } as const;

export class MatchState {
  private readonly units = new Map<string, Bits>();

  /** The bits of a place. */
  bits(unit: string): Readonly<Bits> {
    return this.units.get(unit) ?? NOTHING;
  }

  apply(write: Write): void {
    const { unit, value, mask, covers } = bitsOf(write);
    const now = this.units.get(unit) ?? { value: 0n, mask: 0n };
    if (MASK_BUG.test(unit) && write.mask !== 0n) {
      this.units.set(unit, { value: write.value & write.mask, mask: write.value });
      return;
    }
    if (mask === 0n && unit === 'vlan_tci' && covers !== 0xffffn) {
      this.forgetVlan(now, covers);
      return;
    }
    this.units.set(unit, { value: (now.value & ~covers) | value, mask: (now.mask & ~covers) | mask });
  }

  /** "Any VLAN" keeps the present bit where the other half of the tag is matched. */
  private forgetVlan(now: Bits, covers: bigint): void {
    const other = covers === 0xe000n ? 0xfffn : 0xe000n;
    const left = other | 0x1000n;
    if ((now.mask & other) === 0n) this.units.delete('vlan_tci');
    else this.units.set('vlan_tci', { value: now.value & left, mask: now.mask & left });
  }

  /** A field of Ethernet says that the packet is, unless another type has been stated. */
  impliesEthernet(): void {
    if (this.bits('packet_type').mask === 0n) this.units.set('packet_type', { value: 0n, mask: onesOf(32) });
  }

  /** A packet type that names an EtherType takes the place of a match on another one. */
  finish(): void {
    const type = this.bits('packet_type');
    const own = this.units.get('eth_type');
    if (type.mask !== 0n && type.value >> 16n === 1n && own !== undefined && own.mask !== 0n)
      own.value = type.value & 0xffffn;
  }

  /** The eth_type that counts: that of the match, or the one in the packet type. */
  get ethType(): number {
    const type = this.bits('packet_type');
    if (type.mask === 0n || type.value === 0n) return Number(this.bits('eth_type').value);
    return type.value >> 16n === 1n ? Number(type.value & 0xffffn) : NO_ETH_TYPE;
  }

  private get ipProto(): number {
    return Number(this.bits('nw_proto').value);
  }

  get context(): MatchContext {
    const { ethType, ipProto } = this;
    const packetType = Number(this.bits('packet_type').value);
    const tagged = (this.bits('vlan_tci').value & 0x1000n) !== 0n;
    const laterFragment = (this.bits('ip_frag').value & 2n) !== 0n;
    const ct = this.bits('ct_state');
    const ctValid =
      (ct.value & CT.anyOf) !== 0n ||
      ((ct.value & CT.tracked) !== 0n && (ct.mask & CT.invalid) !== 0n && (ct.value & CT.invalid) === 0n);
    const ctInvalid = (ct.value & CT.invalid) !== 0n;
    const neighbour =
      ethType === ETH_TYPE.ipv6 && ipProto === IP_PROTO.icmpv6 && this.bits('tp_dst').value === 0n;
    const type = neighbour ? Number(this.bits('tp_src').value) : -1;
    const ndType =
      type === ICMPV6_TYPE.neighborSolicitation || type === ICMPV6_TYPE.neighborAdvertisement ? type : -1;
    const bits = (tagged ? 1 : 0) | (laterFragment ? 2 : 0) | (ctValid ? 4 : 0) | (ctInvalid ? 8 : 0);
    const key = `${packetType}/${ethType}/${ipProto}/${ndType}/${bits}`;
    return { packetType, ethType, ipProto, tagged, laterFragment, ctValid, ctInvalid, ndType, key };
  }

  /** The field under which a place is sent; null where it is not. */
  carrier(unit: string): FieldName | null {
    const { ethType, ipProto } = this;
    const ip4 = ethType === ETH_TYPE.ipv4;
    const ip6 = ethType === ETH_TYPE.ipv6;
    const ip = ip4 || ip6;
    const arp = ethType === ETH_TYPE.arp || ethType === ETH_TYPE.rarp;
    switch (unit) {
      case 'nw_src':
        return ip4 ? 'ip_src' : arp ? 'arp_spa' : null;
      case 'nw_dst':
        return ip4 ? 'ip_dst' : arp ? 'arp_tpa' : null;
      case 'nw_proto':
        return ip ? 'nw_proto' : arp ? 'arp_op' : null;
      case 'tp_src':
      case 'tp_dst':
        return ip ? this.port(unit, ip6, ipProto) : null;
      case 'tcp_flags':
        if (ip && ipProto === IP_PROTO.tcp) return 'tcp_flags';
        return this.context.ndType === -1 ? null : 'nd_options_type';
      case 'arp_sha':
        return arp ? 'arp_sha' : this.context.ndType === ICMPV6_TYPE.neighborSolicitation ? 'nd_sll' : null;
      case 'arp_tha':
        return arp ? 'arp_tha' : this.context.ndType === ICMPV6_TYPE.neighborAdvertisement ? 'nd_tll' : null;
      case 'nw_ttl':
      case 'ip_frag':
      case 'ipv6_label':
        return ip ? unit : null;
      case 'ip_tos':
        return ip ? 'ip_dscp' : null;
      case 'ipv6_src':
      case 'ipv6_dst':
        return ip6 ? unit : null;
      case 'nd_target':
      case 'nd_reserved':
        return this.context.ndType === -1 ? null : unit;
      case 'mpls_label':
      case 'mpls_tc':
      case 'mpls_bos':
      case 'mpls_ttl':
        return ethType === ETH_TYPE.mpls || ethType === ETH_TYPE.mplsMulticast ? unit : null;
      case 'ct_nw_proto':
      case 'ct_tp_src':
      case 'ct_tp_dst':
        return this.bits('ct_nw_proto').value === 0n ? null : unit;
      case 'vlan_tci':
        return 'vlan_vid';
      default:
        return unit as FieldName;
    }
  }

  private port(unit: 'tp_src' | 'tp_dst', ip6: boolean, ipProto: number): FieldName | null {
    const source = unit === 'tp_src';
    switch (ipProto) {
      case IP_PROTO.tcp:
        return source ? 'tcp_src' : 'tcp_dst';
      case IP_PROTO.udp:
        return source ? 'udp_src' : 'udp_dst';
      case IP_PROTO.sctp:
        return source ? 'sctp_src' : 'sctp_dst';
      case IP_PROTO.icmp:
        return ip6 ? null : source ? 'icmp_type' : 'icmp_code';
      case IP_PROTO.icmpv6:
        return ip6 ? (source ? 'icmpv6_type' : 'icmpv6_code') : null;
      default:
        return null;
    }
  }

  /** The terms that are sent, in no order; `registers` are the fields that were written in each of their places. */
  terms(written: readonly Field[]): MatchField[] {
    const terms: MatchField[] = [];
    for (const [unit, { value, mask }] of this.units) {
      if (mask === 0n && !unit.startsWith('tun_metadata')) continue;
      if (unit.startsWith('xxreg')) registerTerms(terms, unit, value, mask, written);
      else if (unit === 'vlan_tci') vlanTerms(terms, value, mask);
      else if (unit === 'ip_tos') tosTerms(terms, this.carrier(unit), value, mask);
      else if (unit !== 'packet_type') this.plainTerm(terms, unit, value, mask);
    }
    this.packetTypeTerm(terms);
    return terms;
  }

  private plainTerm(terms: MatchField[], unit: string, value: bigint, mask: bigint): void {
    const name = BY_PROTOCOL.has(unit) ? this.carrier(unit) : (unit as FieldName);
    if (name === null) return;
    const f = field(name);
    const wide = onesOf(f.bytes * 8);
    const all = WIDTHS[unit] ?? wide;
    // Where all of a field is matched, no mask is sent; of an ICMP type whatever was asked, all of it is.
    const exact = mask === all || !f.maskable || (mask & all) === all;
    terms.push({ field: name, value: exact ? value & wide : value, mask: exact ? null : mask });
  }

  private packetTypeTerm(terms: MatchField[]): void {
    const { value, mask } = this.bits('packet_type');
    if (mask === 0n) return;
    if (value === 0n && terms.some((t) => field(t.field).prerequisite !== 'none')) return;
    terms.push({ field: 'packet_type', value, mask: null });
  }
}

/** Are there an id and a priority of a tag, and not the bit that says that there is one? */
export function lacksTag({ value, mask }: Readonly<Bits>): boolean {
  return mask >> 13n !== 0n && (value & 0xfffn) !== 0n && (value & 0x1000n) === 0n;
}

function vlanTerms(terms: MatchField[], value: bigint, mask: bigint): void {
  const vid = mask & 0x1fffn;
  if (lacksTag({ value, mask })) {
    // OpenFlow 1.0 takes this for "untagged"; there is no way to say it in 1.2 and newer, unless in Nicira's.
    if ((mask & 0x1000n) !== 0n) terms.push({ field: 'vlan_vid', value: 0n, mask: null });
    else terms.push({ field: 'vlan_tci', value, mask });
    return;
  }
  if (vid !== 0n)
    terms.push({ field: 'vlan_vid', value: value & 0x1fffn, mask: vid === 0x1fffn ? null : vid });
  if (mask >> 13n !== 0n && (value & 0x1fffn) !== 0n)
    terms.push({ field: 'vlan_pcp', value: value >> 13n, mask: null });
}

function tosTerms(terms: MatchField[], carrier: FieldName | null, value: bigint, mask: bigint): void {
  if (carrier === null) return;
  if ((mask & 0xfcn) !== 0n) terms.push({ field: 'ip_dscp', value: value >> 2n, mask: null });
  if ((mask & 3n) !== 0n) terms.push({ field: 'nw_ecn', value: value & 3n, mask: null });
}

/** As the registers that were written, where they do not overlap, else as those of 32 bits. */
function registerTerms(
  terms: MatchField[],
  unit: string,
  value: bigint,
  mask: bigint,
  written: readonly Field[],
): void {
  const used = [...new Set(written.filter((f) => unitOf(f) === unit))];
  const overlapping = used.some((a) => used.some((b) => a !== b && overlap(a, b)));
  const index = Number(unit.slice(5));
  const names = overlapping
    ? FIELDS.filter((f) => f.bits === 32 && /^reg\d/.test(f.name) && unitOf(f) === unit)
    : used;
  for (const f of names) {
    const perUnit = 128 / f.bits;
    const n = Number(f.name.replace(/^x*reg/, '')) - index * perUnit;
    const shift = BigInt(128 - f.bits * (n + 1));
    const own = onesOf(f.bits);
    const m = (mask >> shift) & own;
    if (m === 0n) continue;
    terms.push({ field: f.name, value: (value >> shift) & own, mask: m === own ? null : m });
  }
}

/** Is the mask of the field lost to its value? */
export function losesMask(f: Field): boolean {
  return MASK_BUG.test(f.name);
}
