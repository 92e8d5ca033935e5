/**
 * What a field needs of the packet, and the words with which a flow says it: the protocol shorthands of
 * ovs-ofctl and the conditions behind the prerequisite names of ovs-fields(7).
 */
import type { Field, FieldName } from './fields.ts';
import { field } from './fields.ts';
import type { PrerequisiteName } from './types.ts';

export const ETH_TYPE = {
  ipv4: 0x0800,
  arp: 0x0806,
  vlan: 0x8100,
  rarp: 0x8035,
  ipv6: 0x86dd,
  mpls: 0x8847,
  mplsMulticast: 0x8848,
  vlanService: 0x88a8,
  nsh: 0x894f,
} as const;

export const IP_PROTO = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58, sctp: 132 } as const;

export const ICMPV6_TYPE = { neighborSolicitation: 135, neighborAdvertisement: 136 } as const;

/** The eth_type that the switch assumes of a non-Ethernet packet whose packet_type names none. */
export const NO_ETH_TYPE = 0x05ff;

interface Implied {
  readonly packet_type?: number;
  readonly eth_type?: number;
  readonly nw_proto?: number;
}

const ip = (nw_proto: number): Implied => ({ eth_type: ETH_TYPE.ipv4, nw_proto });
const ip6 = (nw_proto: number): Implied => ({ eth_type: ETH_TYPE.ipv6, nw_proto });

/** A bare protocol name in a match and the exact matches that it stands for. */
export const PROTOCOLS = {
  eth: { packet_type: 0 },
  ip: { eth_type: ETH_TYPE.ipv4 },
  ipv4: { eth_type: ETH_TYPE.ipv4 },
  ip4: { eth_type: ETH_TYPE.ipv4 },
  ipv6: { eth_type: ETH_TYPE.ipv6 },
  ip6: { eth_type: ETH_TYPE.ipv6 },
  icmp: ip(IP_PROTO.icmp),
  icmp6: ip6(IP_PROTO.icmpv6),
  tcp: ip(IP_PROTO.tcp),
  tcp6: ip6(IP_PROTO.tcp),
  udp: ip(IP_PROTO.udp),
  udp6: ip6(IP_PROTO.udp),
  sctp: ip(IP_PROTO.sctp),
  sctp6: ip6(IP_PROTO.sctp),
  arp: { eth_type: ETH_TYPE.arp },
  rarp: { eth_type: ETH_TYPE.rarp },
  mpls: { eth_type: ETH_TYPE.mpls },
  mplsm: { eth_type: ETH_TYPE.mplsMulticast },
} as const satisfies Readonly<Record<string, Implied>>;

export type ProtocolName = keyof typeof PROTOCOLS;

export const PROTOCOL_NAMES: readonly ProtocolName[] = Object.keys(PROTOCOLS) as ProtocolName[];

export function isProtocolName(name: string): name is ProtocolName {
  return Object.hasOwn(PROTOCOLS, name);
}

export interface ImpliedTerm {
  readonly field: FieldName;
  readonly value: bigint;
}

/** The terms a protocol stands for, in the order in which the wire wants them. */
export function impliedTerms(protocol: ProtocolName): readonly ImpliedTerm[] {
  const implied: Implied = PROTOCOLS[protocol];
  return (['packet_type', 'eth_type', 'nw_proto'] as const).flatMap((name) => {
    const value = implied[name];
    return value === undefined ? [] : [{ field: name, value: BigInt(value) }];
  });
}

/** The shorthands that stand for this eth_type and (when given) ip_proto; the one ovs-ofctl prints comes first. */
export function protocolsFor(ethType: number, ipProto?: number): readonly ProtocolName[] {
  return PROTOCOL_NAMES.filter((name) => {
    const implied: Implied = PROTOCOLS[name];
    return implied.eth_type === ethType && implied.nw_proto === ipProto;
  });
}

/** One thing that must hold of the packet. A prerequisite is the conjunction of its conditions. */
export type Condition =
  /** packet_type, which is Ethernet unless the match says otherwise. */
  | { readonly kind: 'packet_type'; readonly value: number }
  /** The effective eth_type: that of the match, or the one inside a packet_type of (1, eth_type). */
  | { readonly kind: 'eth_type'; readonly values: readonly number[] }
  | { readonly kind: 'ip_proto'; readonly values: readonly number[] }
  | { readonly kind: 'icmpv6_type'; readonly values: readonly number[] }
  /** The *value* of icmpv6_code is 0; a match that says nothing of the code satisfies it. */
  | { readonly kind: 'icmpv6_code'; readonly value: number }
  /** Bit 0x1000 of the tag control word is 1 in the value. */
  | { readonly kind: 'vlan present' }
  /** ip_frag does not ask for later fragments, which have no transport header. */
  | { readonly kind: 'not a later fragment' }
  /** ct_state has one of new, est, rel, rpl, snat, dnat, or trk without inv (and inv is matched). */
  | { readonly kind: 'valid ct_state' };

/** Something one can write into a match to satisfy a prerequisite. */
export interface Remedy {
  /** A shorthand to state, unless the match has said as much already. */
  readonly protocol?: ProtocolName;
  /** A term to state besides, as source text. */
  readonly term?: string;
}

export interface Prerequisite {
  readonly name: PrerequisiteName;
  /** All must hold. */
  readonly conditions: readonly Condition[];
  /** What to write, best first. Empty where nothing needs to be written. */
  readonly remedies: readonly Remedy[];
  /** Completes "this match never says that …". */
  readonly packet: string;
  /** Completes "needs …": the conditions as terms. */
  readonly terms: string;
}

const ethType = (...values: number[]): Condition => ({ kind: 'eth_type', values });
const ipProto = (...values: number[]): Condition => ({ kind: 'ip_proto', values });
const icmpv6Type = (...values: number[]): Condition => ({ kind: 'icmpv6_type', values });
const eitherIp = ethType(ETH_TYPE.ipv4, ETH_TYPE.ipv6);
const ethernet: Condition = { kind: 'packet_type', value: 0 };

const transport = (
  name: 'TCP' | 'UDP' | 'SCTP',
  proto: number,
  over4: ProtocolName,
  over6: ProtocolName,
): Prerequisite => ({
  name,
  conditions: [eitherIp, ipProto(proto), { kind: 'not a later fragment' }],
  remedies: [{ protocol: over4 }, { protocol: over6 }],
  packet: `the packet is ${name}`,
  terms: `eth_type = 0x0800 or 0x86dd, and ip_proto = ${proto}`,
});

const ND_TYPES = [ICMPV6_TYPE.neighborSolicitation, ICMPV6_TYPE.neighborAdvertisement];
const neighbourDiscovery = (types: readonly number[]): Condition[] => [
  ethType(ETH_TYPE.ipv6),
  ipProto(IP_PROTO.icmpv6),
  icmpv6Type(...types),
  { kind: 'icmpv6_code', value: 0 },
];
const solicit: Remedy = { protocol: 'icmp6', term: 'icmpv6_type = neighbor_solicitation' };
const advert: Remedy = { protocol: 'icmp6', term: 'icmpv6_type = neighbor_advertisement' };

/** ovs-fields(7) names the prerequisites; what each asks for is read off the switch. */
export const PREREQUISITES: Readonly<Record<PrerequisiteName, Prerequisite>> = {
  none: { name: 'none', conditions: [], remedies: [], packet: 'anything', terms: 'nothing' },
  Ethernet: {
    name: 'Ethernet',
    conditions: [ethernet],
    remedies: [{ protocol: 'eth' }],
    packet: 'the packet is Ethernet',
    terms: 'packet_type = ethernet',
  },
  ARP: {
    name: 'ARP',
    conditions: [ethType(ETH_TYPE.arp, ETH_TYPE.rarp)],
    remedies: [{ protocol: 'arp' }, { protocol: 'rarp' }],
    packet: 'the packet is ARP',
    terms: 'eth_type = 0x0806 or 0x8035',
  },
  'VLAN VID': {
    name: 'VLAN VID',
    conditions: [ethernet, { kind: 'vlan present' }],
    remedies: [{ term: 'vlan_tci = 0x1000/0x1000' }],
    packet: 'the packet has a VLAN tag',
    terms: 'a vlan_vid, or vlan_tci with bit 0x1000 set',
  },
  IPv4: {
    name: 'IPv4',
    conditions: [ethType(ETH_TYPE.ipv4)],
    remedies: [{ protocol: 'ip' }],
    packet: 'the packet is IPv4',
    terms: 'eth_type = 0x0800',
  },
  IPv6: {
    name: 'IPv6',
    conditions: [ethType(ETH_TYPE.ipv6)],
    remedies: [{ protocol: 'ipv6' }],
    packet: 'the packet is IPv6',
    terms: 'eth_type = 0x86dd',
  },
  'IPv4/IPv6': {
    name: 'IPv4/IPv6',
    conditions: [eitherIp],
    remedies: [{ protocol: 'ip' }, { protocol: 'ipv6' }],
    packet: 'the packet is IPv4 or IPv6',
    terms: 'eth_type = 0x0800 or 0x86dd',
  },
  MPLS: {
    name: 'MPLS',
    conditions: [ethType(ETH_TYPE.mpls, ETH_TYPE.mplsMulticast)],
    remedies: [{ protocol: 'mpls' }, { protocol: 'mplsm' }],
    packet: 'the packet is MPLS',
    terms: 'eth_type = 0x8847 or 0x8848',
  },
  NSH: {
    name: 'NSH',
    conditions: [ethType(ETH_TYPE.nsh)],
    remedies: [{ term: 'eth_type = nsh' }],
    packet: 'the packet is NSH',
    terms: 'eth_type = 0x894f',
  },
  TCP: transport('TCP', IP_PROTO.tcp, 'tcp', 'tcp6'),
  UDP: transport('UDP', IP_PROTO.udp, 'udp', 'udp6'),
  SCTP: transport('SCTP', IP_PROTO.sctp, 'sctp', 'sctp6'),
  ICMPv4: {
    name: 'ICMPv4',
    conditions: [ethType(ETH_TYPE.ipv4), ipProto(IP_PROTO.icmp)],
    remedies: [{ protocol: 'icmp' }],
    packet: 'the packet is ICMPv4',
    terms: 'eth_type = 0x0800 and ip_proto = 1',
  },
  ICMPv6: {
    name: 'ICMPv6',
    conditions: [ethType(ETH_TYPE.ipv6), ipProto(IP_PROTO.icmpv6)],
    remedies: [{ protocol: 'icmp6' }],
    packet: 'the packet is ICMPv6',
    terms: 'eth_type = 0x86dd and ip_proto = 58',
  },
  ND: {
    name: 'ND',
    conditions: neighbourDiscovery(ND_TYPES),
    remedies: [solicit, advert],
    packet: 'the packet is an IPv6 neighbour solicitation or advertisement',
    terms: 'eth_type = 0x86dd, ip_proto = 58, icmpv6_type = 135 or 136, and icmpv6_code 0 or unstated',
  },
  'ND solicit': {
    name: 'ND solicit',
    conditions: neighbourDiscovery([ICMPV6_TYPE.neighborSolicitation]),
    remedies: [solicit],
    packet: 'the packet is an IPv6 neighbour solicitation',
    terms: 'eth_type = 0x86dd, ip_proto = 58, icmpv6_type = 135, and icmpv6_code 0 or unstated',
  },
  'ND advert': {
    name: 'ND advert',
    conditions: neighbourDiscovery([ICMPV6_TYPE.neighborAdvertisement]),
    remedies: [advert],
    packet: 'the packet is an IPv6 neighbour advertisement',
    terms: 'eth_type = 0x86dd, ip_proto = 58, icmpv6_type = 136, and icmpv6_code 0 or unstated',
  },
  CT: {
    name: 'CT',
    conditions: [{ kind: 'valid ct_state' }],
    remedies: [{ term: 'ct_state = +trk-inv' }],
    packet: 'the packet belongs to a tracked connection',
    terms: 'ct_state with one of +new, +est, +rel, +rpl, +snat, +dnat, or with +trk-inv',
  },
};

/**
 * Names of OpenFlow 1.0 that mean another field under each protocol, as ovs-ofctl reads them. Which meaning
 * applies follows from the candidates' own prerequisites: they exclude each other.
 */
const GENERIC = {
  nw_src: ['ip_src', 'arp_spa'],
  nw_dst: ['ip_dst', 'arp_tpa'],
  nw_proto: ['nw_proto', 'arp_op'],
  tp_src: ['tcp_src', 'udp_src', 'sctp_src', 'icmp_type', 'icmpv6_type'],
  tp_dst: ['tcp_dst', 'udp_dst', 'sctp_dst', 'icmp_code', 'icmpv6_code'],
} as const satisfies Readonly<Record<string, readonly FieldName[]>>;

export type GenericName = keyof typeof GENERIC;

/** Must the protocol be known before this name means anything? */
export function isGenericName(name: string): name is GenericName {
  return Object.hasOwn(GENERIC, name);
}

export function genericCandidates(name: GenericName): readonly Field[] {
  return GENERIC[name].map((n) => field(n));
}

/** What is known of the packet's protocol; `ethType` is the effective one. */
export interface ProtocolState {
  readonly ethType?: number | undefined;
  readonly ipProto?: number | undefined;
}

/** Do eth_type and ip_proto allow the field? Other conditions (VLAN, ND type, ct_state) are not looked at. */
export function protocolAllows(prerequisite: PrerequisiteName, state: ProtocolState): boolean {
  return PREREQUISITES[prerequisite].conditions.every((c) => {
    if (c.kind === 'eth_type') return state.ethType !== undefined && c.values.includes(state.ethType);
    if (c.kind === 'ip_proto') return state.ipProto !== undefined && c.values.includes(state.ipProto);
    return true;
  });
}

/** The field that a generic name means under a protocol; undefined when the protocol is unknown or has none. */
export function resolveGeneric(name: GenericName, state: ProtocolState): Field | undefined {
  return genericCandidates(name).find((f) => protocolAllows(f.prerequisite, state));
}
