/** NXM/OXM headers as numbers, which header a version uses, and the order in which ovs-ofctl sends matches. */
import type { Field, FieldName } from './fields.ts';
import { FIELDS } from './fields.ts';
import type { OpenFlowVersion, OxmHeader } from './types.ts';
import { WIRE_VERSION } from './types.ts';

/** The versions whose messages we write ourselves. Others have text only. */
export type WireVersion = Extract<OpenFlowVersion, '1.3' | '1.4' | '1.5'>;

export const WIRE_VERSIONS: readonly WireVersion[] = ['1.3', '1.4', '1.5'];

/** Can we write messages of the version? */
export function isWireVersion(version: OpenFlowVersion): version is WireVersion {
  return (WIRE_VERSIONS as readonly OpenFlowVersion[]).includes(version);
}

/** The 32 bits of a header: class, field, hasmask, length. A mask doubles the value, not the experimenter's 4 bytes. */
export function headerWord(h: OxmHeader, masked = false): number {
  const prefix = h.experimenter === null ? 0 : 4;
  const length = masked ? prefix + 2 * (h.length - prefix) : h.length;
  return h.class * 0x1_0000 + h.field * 0x200 + (masked ? 0x100 : 0) + length;
}

/**
 * The header that OVS itself writes for the field: the newest standard one that the version has, else one of
 * Nicira's, else whatever there is. `NXM` is OpenFlow 1.0 with Nicira's extension.
 */
export function headerFor(f: Field, version: OpenFlowVersion | 'NXM'): OxmHeader | undefined {
  const wire = version === 'NXM' ? WIRE_VERSION['1.0'] : WIRE_VERSION[version];
  const since = (h: OxmHeader): number => (h.since === null ? Infinity : WIRE_VERSION[h.since]);
  const standard = f.headers.filter((h) => since(h) <= wire).sort((a, b) => since(b) - since(a));
  const extension = f.headers.find((h) => h.since === null);
  return standard[0] ?? extension ?? [...f.headers].sort((a, b) => since(a) - since(b))[0];
}

let byHeader: ReadonlyMap<string, Field> | undefined;

/** The field behind a header met on the wire. */
export function fieldByHeader(
  oxmClass: number,
  oxmField: number,
  experimenter: number | null,
): Field | undefined {
  byHeader ??= new Map(
    FIELDS.flatMap((f) =>
      f.headers.map((h) => [`${h.class}/${h.field}/${h.experimenter ?? ''}`, f] as const),
    ),
  );
  return byHeader.get(`${oxmClass}/${oxmField}/${experimenter ?? ''}`);
}

/**
 * The order in which ovs-ofctl writes the terms of a match. Any order will do for the switch in which a term's
 * prerequisites come before it; keeping to this one makes our bytes equal to those of ovs-ofctl.
 */
const BEFORE_REGISTERS: readonly FieldName[] = [
  'packet_type',
  'dp_hash',
  'recirc_id',
  'conj_id',
  'in_port',
  'in_port_oxm',
  'actset_output',
  'eth_src',
  'eth_dst',
  'eth_type',
  'vlan_tci',
  'dl_vlan',
  'vlan_vid',
  'dl_vlan_pcp',
  'vlan_pcp',
  'mpls_tc',
  'mpls_bos',
  'mpls_ttl',
  'mpls_label',
  'ip_src',
  'ip_dst',
  'ipv6_src',
  'ipv6_dst',
  'ip_frag',
  'nw_tos',
  'ip_dscp',
  'nw_ecn',
  'nw_ttl',
  'ipv6_label',
  'nw_proto',
  'tcp_src',
  'tcp_dst',
  'tcp_flags',
  'udp_src',
  'udp_dst',
  'sctp_src',
  'sctp_dst',
  'icmp_type',
  'icmp_code',
  'icmpv6_type',
  'icmpv6_code',
  'nd_reserved',
  'nd_target',
  'nd_options_type',
  'nd_sll',
  'nd_tll',
  'arp_op',
  'arp_spa',
  'arp_tpa',
  'arp_sha',
  'arp_tha',
  'tun_id',
  'tun_flags',
  'tun_src',
  'tun_dst',
  'tun_ipv6_src',
  'tun_ipv6_dst',
  'tun_gbp_id',
  'tun_gbp_flags',
];

const AFTER_TUNNEL_METADATA: readonly FieldName[] = [
  'tun_erspan_idx',
  'tun_erspan_ver',
  'tun_erspan_dir',
  'tun_erspan_hwid',
  'tun_gtpu_flags',
  'tun_gtpu_msgtype',
  'nsh_flags',
  'nsh_ttl',
  'nsh_mdtype',
  'nsh_np',
  'nsh_spi',
  'nsh_si',
  'nsh_c1',
  'nsh_c2',
  'nsh_c3',
  'nsh_c4',
];

const AFTER_REGISTERS: readonly FieldName[] = [
  'pkt_mark',
  'ct_state',
  'ct_zone',
  'ct_mark',
  'ct_label',
  'ct_nw_src',
  'ct_ipv6_src',
  'ct_nw_dst',
  'ct_ipv6_dst',
  'ct_nw_proto',
  'ct_tp_src',
  'ct_tp_dst',
  'metadata',
];

let order: ReadonlyMap<FieldName, number> | undefined;

/** Where the field stands in a match as ovs-ofctl sends it; fields that are never sent come last. */
export function matchOrder(f: Field): number {
  if (order === undefined) {
    const named = (prefix: string): FieldName[] =>
      FIELDS.filter((g) => g.name.startsWith(prefix)).map((g) => g.name);
    const all = [
      ...BEFORE_REGISTERS,
      ...named('tun_metadata'),
      ...AFTER_TUNNEL_METADATA,
      ...named('reg'),
      ...named('xreg'),
      ...named('xxreg'),
      ...AFTER_REGISTERS,
    ];
    order = new Map(all.map((name, i) => [name, i] as const));
  }
  return order.get(f.name) ?? FIELDS.length;
}
