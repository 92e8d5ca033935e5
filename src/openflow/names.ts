/**
 * Well-known values by name, per field: from the IANA and IEEE registries, in the spelling of this language
 * (`[a-z][a-z0-9_]*`). Where a registry has several names for a number, the first one here is the one printed.
 */
import type { Field, FieldName } from './fields.ts';
import { RESERVED_PORTS } from './ports.ts';
import type { Codes, Names } from './registries.ts';
import {
  ETH_TYPES,
  IP_PROTOS,
  ARP_OPS,
  ICMP_TYPES,
  ICMPV6_TYPES,
  ICMP_CODES,
  ICMPV6_CODES,
  DSCP,
  CT_STATE,
  TCP_FLAGS,
  TUNNEL_FLAGS,
} from './registries.ts';
import { SCTP_PORTS, TCP_PORTS, UDP_PORTS } from './services.ts';

/** A value (and mask), in the form in which the field stands on the wire. */
export interface NamedValue {
  readonly value: bigint;
  readonly mask?: bigint;
}

/** `value/mask`, as ovs-fields(7) gives them: bit 0 says "a fragment", bit 1 "not the first". */
const IP_FRAG: Readonly<Record<string, NamedValue>> = {
  no: { value: 0n, mask: 3n },
  yes: { value: 1n, mask: 1n },
  first: { value: 1n, mask: 3n },
  later: { value: 3n, mask: 3n },
  not_later: { value: 0n, mask: 2n },
};

/** No tag at all: every one of the 13 bits is 0, the present bit among them. */
const VLAN_VID: Readonly<Record<string, NamedValue>> = { none: { value: 0n, mask: 0x1fffn } };

const PACKET_TYPES: Names = {
  ethernet: 0,
  ipv4: 0x1_0800,
  ipv6: 0x1_86dd,
  mpls: 0x1_8847,
  mpls_mc: 0x1_8848,
  nsh: 0x1_894f,
};

const ports16: Names = Object.fromEntries(RESERVED_PORTS.map((p) => [p.name, p.number16]));
const ports32: Names = Object.fromEntries(RESERVED_PORTS.map((p) => [p.name, p.number32]));

const CT_PORTS: Names = { ...UDP_PORTS, ...TCP_PORTS };

type Entry =
  | { readonly kind: 'values'; readonly names: Names }
  | { readonly kind: 'flags'; readonly names: Names }
  | { readonly kind: 'masked'; readonly names: Readonly<Record<string, NamedValue>> }
  | { readonly kind: 'codes'; readonly codes: Codes };

const values = (names: Names): Entry => ({ kind: 'values', names });
const flags = (names: Names): Entry => ({ kind: 'flags', names });

const BY_FIELD: Readonly<Partial<Record<FieldName, Entry>>> = {
  packet_type: values(PACKET_TYPES),
  tun_flags: flags(TUNNEL_FLAGS),
  tun_erspan_dir: values({ ingress: 0, egress: 1 }),
  tun_gtpu_msgtype: values({
    echo_request: 1,
    echo_response: 2,
    error_indication: 26,
    end_marker: 254,
    g_pdu: 255,
  }),
  in_port: values(ports16),
  in_port_oxm: values(ports32),
  actset_output: values(ports32),
  ct_state: flags(CT_STATE),
  ct_nw_proto: values(IP_PROTOS),
  ct_tp_src: values(CT_PORTS),
  ct_tp_dst: values(CT_PORTS),
  eth_type: values(ETH_TYPES),
  vlan_vid: { kind: 'masked', names: VLAN_VID },
  mpls_label: values({
    ipv4_explicit_null: 0,
    router_alert: 1,
    ipv6_explicit_null: 2,
    implicit_null: 3,
    entropy_indicator: 7,
    gal: 13,
    oam_alert: 14,
    extension: 15,
  }),
  nw_proto: values(IP_PROTOS),
  nw_tos: values(Object.fromEntries(Object.entries(DSCP).map(([name, code]) => [name, code << 2]))),
  ip_dscp: values(DSCP),
  nw_ecn: values({ not_ect: 0, ect_1: 1, ect_0: 2, ce: 3 }),
  ip_frag: { kind: 'masked', names: IP_FRAG },
  arp_op: values(ARP_OPS),
  tcp_src: values(TCP_PORTS),
  tcp_dst: values(TCP_PORTS),
  tcp_flags: flags(TCP_FLAGS),
  udp_src: values(UDP_PORTS),
  udp_dst: values(UDP_PORTS),
  sctp_src: values(SCTP_PORTS),
  sctp_dst: values(SCTP_PORTS),
  icmp_type: values(ICMP_TYPES),
  icmp_code: { kind: 'codes', codes: ICMP_CODES },
  icmpv6_type: values(ICMPV6_TYPES),
  icmpv6_code: { kind: 'codes', codes: ICMPV6_CODES },
  nd_options_type: values({
    source_link_layer_address: 1,
    target_link_layer_address: 2,
    prefix_information: 3,
    redirected_header: 4,
    mtu: 5,
  }),
  nsh_mdtype: values({ md1: 1, md2: 2 }),
  nsh_np: values({ ipv4: 1, ipv6: 2, ethernet: 3, nsh: 4, mpls: 5 }),
};

function allNames(entry: Entry): Readonly<Record<string, number | NamedValue>> {
  if (entry.kind !== 'codes') return entry.names;
  return Object.assign({}, ...Object.values(entry.codes)) as Names;
}

/** What a well-known name means for the field; undefined when it has no such name. */
export function valueName(field: Field, name: string): NamedValue | undefined {
  const entry = BY_FIELD[field.name];
  if (entry === undefined) return undefined;
  const names = allNames(entry);
  const found = Object.hasOwn(names, name) ? names[name] : undefined;
  if (typeof found !== 'number') return found;
  const value = BigInt(found);
  return entry.kind === 'flags' ? { value, mask: value } : { value };
}

/** Every name of the field's well-known values; empty when it has none. */
export function valueNames(field: Field): readonly string[] {
  const entry = BY_FIELD[field.name];
  return entry === undefined ? [] : Object.keys(allNames(entry));
}

/**
 * The name of an exact value, for printing. A code has one only under its type, so `icmpType` must be given for
 * `icmp_code` and `icmpv6_code`; flag words have none (see `flagBits`).
 */
export function nameOfValue(field: Field, value: bigint, icmpType?: bigint): string | undefined {
  const entry = BY_FIELD[field.name];
  if (entry === undefined || entry.kind === 'flags') return undefined;
  if (entry.kind === 'masked') {
    const full = field.name === 'vlan_vid' ? 0x1fffn : (1n << BigInt(field.bits)) - 1n;
    return Object.entries(entry.names).find(([, v]) => v.value === value && (v.mask ?? full) === full)?.[0];
  }
  const names = entry.kind === 'codes' ? entry.codes[Number(icmpType ?? -1n)] : entry.names;
  return Object.entries(names ?? {}).find(([, v]) => BigInt(v) === value)?.[0];
}

/** The ICMP types under which a code name is meant; undefined when the field or the name is no such thing. */
export function typesOfCode(field: Field, name: string): readonly bigint[] | undefined {
  const entry = BY_FIELD[field.name];
  if (entry?.kind !== 'codes') return undefined;
  const types = Object.entries(entry.codes).filter(([, names]) => Object.hasOwn(names, name));
  return types.length === 0 ? undefined : types.map(([type]) => BigInt(type));
}

/** The flags of a flag field (`ct_state`, `tcp_flags`, `tun_flags`), lowest bit first; undefined for others. */
export function flagBits(field: Field): ReadonlyMap<string, bigint> | undefined {
  const entry = BY_FIELD[field.name];
  if (entry?.kind !== 'flags') return undefined;
  return new Map(Object.entries(entry.names).map(([name, bit]) => [name, BigInt(bit)]));
}
