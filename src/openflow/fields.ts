/**
 * The fields of ovs-fields(7) as Open vSwitch 3.1 knows them: one row each, in the switch's own order.
 *
 * A row states only what cannot be derived. From it follow
 * - `bytes`: the smallest wire size that holds `bits` (unless stated),
 * - a header's `length`: `bytes`, and 4 more under an experimenter's header,
 * - `domain`: the bits above `bits` are forbidden (unless stated),
 * - `exactIn`, `prefixIn`, `maskedIn`: OXM and NXM carry every field that has a header; what the fixed match
 *   structures of OpenFlow 1.0 and 1.1 carry is in `legacy`.
 *
 * Which fields share storage (`reg0` and `xreg0`, `vlan_tci` and `vlan_vid`) is in `storage.ts`.
 */
import type {
  FieldFormat,
  FieldInfo,
  OpenFlowVersion,
  OxmHeader,
  PrerequisiteName,
  ValueDomain,
} from './types.ts';

/** A header, once the size of its field is known. */
type Header = (bytes: number) => OxmHeader;
type FlowFormat = OpenFlowVersion | 'NXM';

/** What one may do with a field besides an exact match. */
type Access = 'match' | 'mask' | 'set' | 'mask, set';

/** How far the match structures of OpenFlow 1.0 and 1.1 reach: [1.0, 1.1]. */
type Legacy = readonly ['no' | 'exact' | 'prefix', 'no' | 'exact' | 'mask'];

interface More {
  readonly aliases?: readonly string[];
  readonly bytes?: number;
  readonly domain?: ValueDomain;
  readonly legacy?: Legacy;
  /** Part of the pipeline's state (OpenFlow 1.5.1 §7.2.3.9) rather than of the packet. */
  readonly pipeline?: true;
}

const NX = 0x2320;
const ONF = 0x4f4e4600;
const NSH = 0x5ad650;

const header =
  (name: string, oxmClass: number, field: number, since: OpenFlowVersion | null): Header =>
  (bytes) => ({ name, class: oxmClass, field, experimenter: null, length: bytes, since });

/** ONF's basic class. */
const oxm = (name: string, field: number, since: OpenFlowVersion = '1.2'): Header =>
  header(`OXM_OF_${name}`, 0x8000, field, since);

/** Nicira's two classes: `NXM_OF_` holds what OpenFlow 1.0 had, `NXM_NX_` what it lacked. */
const nxm = (name: `${'OF' | 'NX'}_${string}`, field: number): Header =>
  header(`NXM_${name}`, name.startsWith('OF_') ? 0x0000 : 0x0001, field, null);

/** A header under the experimenter class. */
const exp =
  (name: string, experimenter: number, field: number): Header =>
  (bytes) => ({
    name,
    class: 0xffff,
    field,
    experimenter,
    length: bytes + 4,
    since: experimenter === ONF ? '1.3' : null,
  });

const nsh = (name: string, field: number): Header => exp(`NXOXM_NSH_${name}`, NSH, field);
const eric = (name: string, field: number): Header =>
  header(`ERICOXM_OF_ICMPV6_${name}`, 0x1000, field, null);
const packetRegister = (n: number): Header => header(`OXM_OF_PKT_REG${n}`, 0x8001, n, '1.3');

const forbid = (bits: bigint): ValueDomain => ({ kind: 'forbidden bits', bits });
const ANY: ValueDomain = { kind: 'any' };
const PORT32: ValueDomain = { kind: 'OpenFlow 1.1+ port' };

const NO_ALIASES: readonly string[] = [];
const NONE: readonly FlowFormat[] = [];
const EXTENSIBLE: readonly FlowFormat[] = ['NXM', '1.2', '1.3', '1.4', '1.5'];
const FROM_1_1: readonly FlowFormat[] = ['1.1', ...EXTENSIBLE];
const EVERY: readonly FlowFormat[] = ['1.0', ...FROM_1_1];

const NO_LEGACY: Legacy = ['no', 'no'];
const EXACT: Legacy = ['exact', 'exact'];
const ADDRESS: Legacy = ['prefix', 'mask'];
const ONLY_1_1: Legacy = ['no', 'exact'];

/** The fixed matches of 1.0 and 1.1 carry these as they are, without any header. */
const HEADERLESS_BUT_USABLE = new Set(['dl_vlan', 'dl_vlan_pcp']);

/** The wire sizes that occur: u8, be16, be32, MAC, be64, be128. */
const wireBytes = (bits: number): number => {
  const bytes = Math.ceil(bits / 8);
  return bytes === 3 ? 4 : bytes;
};

/** Rows number themselves as they are written down: copying 183 of them would take a third of the start-up time. */
let nextId = 0;

function row<const N extends string>(
  name: N,
  bits: number,
  format: FieldFormat,
  prerequisite: PrerequisiteName,
  access: Access,
  headers: readonly Header[],
  summary: string,
  more: More = {},
): FieldInfo<N> {
  const bytes = more.bytes ?? wireBytes(bits);
  const maskable = access.startsWith('mask');
  const [in10, in11] = more.legacy ?? NO_LEGACY;
  const usable = headers.length > 0 || HEADERLESS_BUT_USABLE.has(name);
  const wide = bits === bytes * 8;
  return {
    id: nextId++,
    name,
    aliases: more.aliases ?? NO_ALIASES,
    bits,
    bytes,
    maskable,
    writable: access.endsWith('set'),
    format,
    prerequisite,
    domain: more.domain ?? (wide ? ANY : forbid((1n << BigInt(bytes * 8)) - (1n << BigInt(bits)))),
    headers: headers.map((make) => make(bytes)),
    exactIn: !usable ? NONE : in10 !== 'no' ? EVERY : in11 !== 'no' ? FROM_1_1 : EXTENSIBLE,
    maskedIn: !maskable ? NONE : in11 === 'mask' ? FROM_1_1 : EXTENSIBLE,
    prefixIn: !maskable ? NONE : in10 === 'prefix' ? EVERY : in11 === 'mask' ? FROM_1_1 : EXTENSIBLE,
    pipeline: more.pipeline === true,
    summary,
  };
}

/** `prefix0` … `prefix(count - 1)`; `N` names them for the type. */
function series<N extends string>(
  prefix: string,
  count: number,
  make: (name: N, n: number) => FieldInfo<N>,
): FieldInfo<N>[] {
  return Array.from({ length: count }, (_, n) => make(`${prefix}${n}` as N, n));
}

type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
type Below4 = 0 | 1 | 2 | 3;
type Below8 = Below4 | 4 | 5 | 6 | 7;
type Below16 = Digit | 10 | 11 | 12 | 13 | 14 | 15;
type Below64 = Digit | `${1 | 2 | 3 | 4 | 5}${Digit}` | `6${Below4}`;

const P = { pipeline: true } as const;

// One line per field, so that the table can be read down its columns.
// prettier-ignore
const ROWS = [
  // Metadata of the datapath
  row('dp_hash', 32, 'hexadecimal', 'none', 'mask', [nxm('NX_DP_HASH', 35), exp('NXOXM_ET_DP_HASH', NX, 0)], 'Flow hash computed by the datapath; internal, flows from outside may not match it'),
  row('recirc_id', 32, 'decimal', 'none', 'match', [nxm('NX_RECIRC_ID', 36)], 'Recirculation number of the datapath; internal, flows from outside may match only 0'),
  row('packet_type', 32, 'packet type', 'none', 'match', [oxm('PACKET_TYPE', 44, '1.5')], 'What the outermost header is: (0,0) Ethernet, (1,T) a bare payload of EtherType T', P),
  row('conj_id', 32, 'decimal', 'none', 'match', [nxm('NX_CONJ_ID', 37)], 'Id of the conjunctive match that has just been completed'),

  // Tunnels
  row('tun_id', 64, 'hexadecimal', 'none', 'mask, set', [oxm('TUNNEL_ID', 38, '1.3'), nxm('NX_TUN_ID', 16)], 'Tunnel key: VNI for VXLAN and Geneve, key for GRE; 0 for packets from no tunnel', { ...P, aliases: ['tunnel_id'] }),
  row('tun_src', 32, 'IPv4', 'none', 'mask, set', [nxm('NX_TUN_IPV4_SRC', 31)], 'IPv4 source of the outer header of a tunnelled packet', P),
  row('tun_dst', 32, 'IPv4', 'none', 'mask, set', [nxm('NX_TUN_IPV4_DST', 32)], 'IPv4 destination of the outer header; set it to choose the remote end of a flow-based tunnel', P),
  row('tun_ipv6_src', 128, 'IPv6', 'none', 'mask, set', [nxm('NX_TUN_IPV6_SRC', 109)], 'IPv6 source of the outer header of a tunnelled packet', P),
  row('tun_ipv6_dst', 128, 'IPv6', 'none', 'mask, set', [nxm('NX_TUN_IPV6_DST', 110)], 'IPv6 destination of the outer header; set it to choose the remote end of a flow-based tunnel', P),
  row('tun_flags', 1, 'tunnel flags', 'none', 'mask, set', [nxm('NX_TUN_FLAGS', 104)], 'Flags of the tunnel header; only `oam` is defined', { ...P, bytes: 2 }),
  row('tun_ttl', 8, 'decimal', 'none', 'match', [], 'TTL of the outer header; known to the switch, unusable in OpenFlow'),
  row('tun_tos', 8, 'decimal', 'none', 'match', [], 'TOS byte of the outer header; known to the switch, unusable in OpenFlow'),
  row('tun_gbp_id', 16, 'decimal', 'none', 'mask, set', [nxm('NX_TUN_GBP_ID', 38)], 'Group policy id of a VXLAN-GBP packet', P),
  row('tun_gbp_flags', 8, 'hexadecimal', 'none', 'mask, set', [nxm('NX_TUN_GBP_FLAGS', 39)], 'Group policy flags of a VXLAN-GBP packet: 0x40 do not learn, 0x08 policy applied', P),
  row('tun_erspan_idx', 20, 'hexadecimal', 'none', 'mask, set', [exp('NXOXM_ET_ERSPAN_IDX', NX, 11)], 'Port index in an ERSPAN version 1 header', { ...P, domain: ANY }),
  row('tun_erspan_ver', 4, 'decimal', 'none', 'mask, set', [exp('NXOXM_ET_ERSPAN_VER', NX, 12)], 'ERSPAN version, 1 or 2', { ...P, domain: ANY }),
  row('tun_erspan_dir', 1, 'decimal', 'none', 'mask, set', [exp('NXOXM_ET_ERSPAN_DIR', NX, 13)], 'Direction of the mirrored traffic in ERSPAN version 2: 0 ingress, 1 egress', { ...P, domain: ANY }),
  row('tun_erspan_hwid', 6, 'hexadecimal', 'none', 'mask, set', [exp('NXOXM_ET_ERSPAN_HWID', NX, 14)], 'Id of the ERSPAN version 2 engine', { ...P, domain: ANY }),
  row('tun_gtpu_flags', 8, 'hexadecimal', 'none', 'mask', [exp('NXOXM_ET_GTPU_FLAGS', NX, 15)], 'First byte of the GTP-U header: version, protocol type and extension flags', P),
  row('tun_gtpu_msgtype', 8, 'decimal', 'none', 'mask', [exp('NXOXM_ET_GTPU_MSGTYPE', NX, 16)], 'Message type of the GTP-U header; 255 carries user data', P),
  ...series<`tun_metadata${Below64}`>('tun_metadata', 64, (name, n) =>
    row(name, 992, 'hexadecimal', 'none', 'mask, set', [nxm(`NX_TUN_METADATA${n}`, 40 + n)], `Geneve option mapped to slot ${n} of the bridge's TLV table`, P)),

  // State of the pipeline
  row('metadata', 64, 'hexadecimal', 'none', 'mask, set', [oxm('METADATA', 2)], 'Scratch value carried from table to table; 0 when the packet enters', { ...P, legacy: ['no', 'mask'] }),
  row('in_port', 16, 'OpenFlow 1.0 port', 'none', 'set', [nxm('OF_IN_PORT', 0)], 'Port the packet came in by; set it to 0 to be able to send a packet back there', { ...P, legacy: EXACT }),
  row('in_port_oxm', 32, 'OpenFlow 1.1+ port', 'none', 'set', [oxm('IN_PORT', 0)], 'The 32-bit form of `in_port`; reserved ports are numbered from 0xffffff00', { ...P, legacy: ONLY_1_1, domain: PORT32 }),
  row('actset_output', 32, 'OpenFlow 1.1+ port', 'none', 'match', [oxm('ACTSET_OUTPUT', 43, '1.5'), exp('ONFOXM_ET_ACTSET_OUTPUT', ONF, 43)], 'Output port in the action set; `unset` when there is none', { domain: PORT32 }),
  row('skb_priority', 32, 'hexadecimal', 'none', 'match', [], "Queueing priority of the packet in Linux; known to the switch, unusable in OpenFlow"),
  row('pkt_mark', 32, 'hexadecimal', 'none', 'mask, set', [nxm('NX_PKT_MARK', 33)], 'Packet mark shared with the host, the skb mark in Linux; 0 on most ports'),

  // Connection tracking
  row('ct_state', 32, 'ct state', 'none', 'mask', [nxm('NX_CT_STATE', 105)], 'What the connection tracker said of the packet, as flags; all 0 before `ct`', { domain: forbid(0xffff_ff00n) }),
  row('ct_zone', 16, 'hexadecimal', 'none', 'match', [nxm('NX_CT_ZONE', 106)], 'Zone of the `ct` action that the packet went through last'),
  row('ct_mark', 32, 'hexadecimal', 'none', 'mask, set', [nxm('NX_CT_MARK', 107)], 'Mark stored with the connection; written inside `ct(commit)` only'),
  row('ct_label', 128, 'hexadecimal', 'none', 'mask, set', [nxm('NX_CT_LABEL', 108)], 'Label stored with the connection; written inside `ct(commit)` only'),
  row('ct_nw_proto', 8, 'decimal', 'CT', 'match', [nxm('NX_CT_NW_PROTO', 119)], 'IP protocol of the first packet of the connection'),
  row('ct_nw_src', 32, 'IPv4', 'CT', 'mask', [nxm('NX_CT_NW_SRC', 120)], 'IPv4 source of the first packet of the connection, before any NAT'),
  row('ct_nw_dst', 32, 'IPv4', 'CT', 'mask', [nxm('NX_CT_NW_DST', 121)], 'IPv4 destination of the first packet of the connection, before any NAT'),
  row('ct_ipv6_src', 128, 'IPv6', 'CT', 'mask', [nxm('NX_CT_IPV6_SRC', 122)], 'IPv6 source of the first packet of the connection, before any NAT'),
  row('ct_ipv6_dst', 128, 'IPv6', 'CT', 'mask', [nxm('NX_CT_IPV6_DST', 123)], 'IPv6 destination of the first packet of the connection, before any NAT'),
  row('ct_tp_src', 16, 'decimal', 'CT', 'mask', [nxm('NX_CT_TP_SRC', 124)], 'Source port (or ICMP type) of the first packet of the connection'),
  row('ct_tp_dst', 16, 'decimal', 'CT', 'mask', [nxm('NX_CT_TP_DST', 125)], 'Destination port (or ICMP code) of the first packet of the connection'),

  // Registers: one store, three widths
  ...series<`reg${Below16}`>('reg', 16, (name, n) =>
    row(name, 32, 'hexadecimal', 'none', 'mask, set', [nxm(`NX_REG${n}`, n)], `32-bit register; the ${n % 2 === 0 ? 'upper' : 'lower'} half of xreg${n >> 1}`, P)),
  ...series<`xreg${Below8}`>('xreg', 8, (name, n) =>
    row(name, 64, 'hexadecimal', 'none', 'mask, set', [packetRegister(n)], `64-bit register: reg${2 * n} (upper half) and reg${2 * n + 1}`, P)),
  ...series<`xxreg${Below4}`>('xxreg', 4, (name, n) =>
    row(name, 128, 'hexadecimal', 'none', 'mask, set', [nxm(`NX_XXREG${n}`, 111 + n)], `128-bit register: reg${4 * n} (top) to reg${4 * n + 3}`, P)),

  // Ethernet and VLAN
  row('eth_src', 48, 'Ethernet', 'Ethernet', 'mask, set', [oxm('ETH_SRC', 4), nxm('OF_ETH_SRC', 2)], 'Source MAC address', { aliases: ['dl_src'], legacy: ['exact', 'mask'] }),
  row('eth_dst', 48, 'Ethernet', 'Ethernet', 'mask, set', [oxm('ETH_DST', 3), nxm('OF_ETH_DST', 1)], 'Destination MAC address', { aliases: ['dl_dst'], legacy: ['exact', 'mask'] }),
  row('eth_type', 16, 'hexadecimal', 'Ethernet', 'match', [oxm('ETH_TYPE', 5), nxm('OF_ETH_TYPE', 3)], 'EtherType behind any VLAN tags', { aliases: ['dl_type'], legacy: EXACT }),
  row('vlan_tci', 16, 'hexadecimal', 'Ethernet', 'mask, set', [nxm('OF_VLAN_TCI', 4)], 'Raw outer VLAN tag: priority (15..13), present bit (12), VLAN id (11..0); 0 when untagged', { legacy: EXACT }),
  row('dl_vlan', 12, 'decimal', 'Ethernet', 'set', [], 'VLAN id of a tagged packet, in the manner of OpenFlow 1.0', { legacy: EXACT }),
  row('vlan_vid', 12, 'decimal', 'Ethernet', 'mask, set', [oxm('VLAN_VID', 6)], 'VLAN id of the outer tag; on the wire with the present bit 0x1000', { legacy: EXACT, domain: forbid(0xe000n) }),
  row('dl_vlan_pcp', 3, 'decimal', 'Ethernet', 'set', [], 'VLAN priority of a tagged packet, in the manner of OpenFlow 1.0', { legacy: EXACT }),
  row('vlan_pcp', 3, 'decimal', 'VLAN VID', 'set', [oxm('VLAN_PCP', 7)], 'Priority (802.1Q PCP) of the outer VLAN tag', { legacy: EXACT }),

  // MPLS
  row('mpls_label', 20, 'decimal', 'MPLS', 'set', [oxm('MPLS_LABEL', 34)], 'Label of the outermost MPLS entry', { legacy: ONLY_1_1 }),
  row('mpls_tc', 3, 'decimal', 'MPLS', 'set', [oxm('MPLS_TC', 35)], 'Traffic class of the outermost MPLS entry', { legacy: ONLY_1_1 }),
  row('mpls_bos', 1, 'decimal', 'MPLS', 'match', [oxm('MPLS_BOS', 36, '1.3')], '1 when the outermost MPLS entry is the bottom of the stack'),
  row('mpls_ttl', 8, 'decimal', 'MPLS', 'set', [nxm('NX_MPLS_TTL', 30)], 'TTL of the outermost MPLS entry'),

  // IPv4 and IPv6
  row('ip_src', 32, 'IPv4', 'IPv4', 'mask, set', [oxm('IPV4_SRC', 11), nxm('OF_IP_SRC', 7)], 'IPv4 source address', { aliases: ['nw_src'], legacy: ADDRESS }),
  row('ip_dst', 32, 'IPv4', 'IPv4', 'mask, set', [oxm('IPV4_DST', 12), nxm('OF_IP_DST', 8)], 'IPv4 destination address', { aliases: ['nw_dst'], legacy: ADDRESS }),
  row('ipv6_src', 128, 'IPv6', 'IPv6', 'mask, set', [oxm('IPV6_SRC', 26), nxm('NX_IPV6_SRC', 19)], 'IPv6 source address'),
  row('ipv6_dst', 128, 'IPv6', 'IPv6', 'mask, set', [oxm('IPV6_DST', 27), nxm('NX_IPV6_DST', 20)], 'IPv6 destination address'),
  row('ipv6_label', 20, 'hexadecimal', 'IPv6', 'mask, set', [oxm('IPV6_FLABEL', 28), nxm('NX_IPV6_LABEL', 27)], 'Flow label of the IPv6 header'),
  row('nw_proto', 8, 'decimal', 'IPv4/IPv6', 'match', [oxm('IP_PROTO', 10), nxm('OF_IP_PROTO', 6)], 'IP protocol number; in IPv6 that of the last header the switch could read', { aliases: ['ip_proto'], legacy: EXACT }),
  row('nw_tos', 8, 'decimal', 'IPv4/IPv6', 'set', [nxm('OF_IP_TOS', 5)], 'DSCP in its place in the TOS byte: the two ECN bits must be 0', { legacy: EXACT, domain: forbid(3n) }),
  row('ip_dscp', 6, 'decimal', 'IPv4/IPv6', 'set', [oxm('IP_DSCP', 8)], 'Differentiated services code point, 0 to 63', { legacy: EXACT }),
  row('nw_ecn', 2, 'decimal', 'IPv4/IPv6', 'set', [oxm('IP_ECN', 9), nxm('NX_IP_ECN', 28)], 'Explicit congestion notification, 0 to 3', { aliases: ['ip_ecn'], legacy: ONLY_1_1 }),
  row('nw_ttl', 8, 'decimal', 'IPv4/IPv6', 'set', [nxm('NX_IP_TTL', 29)], 'IPv4 time to live or IPv6 hop limit'),
  row('ip_frag', 2, 'frag', 'IPv4/IPv6', 'mask', [nxm('NX_IP_FRAG', 26)], 'Fragment or not: `no`, `yes`, `first`, `later`, `not_later`', { aliases: ['nw_frag'] }),

  // ARP and RARP
  row('arp_op', 16, 'decimal', 'ARP', 'set', [oxm('ARP_OP', 21), nxm('OF_ARP_OP', 15)], 'ARP opcode; the switch takes 0 to 255 only', { legacy: EXACT, domain: forbid(0xff00n) }),
  row('arp_spa', 32, 'IPv4', 'ARP', 'mask, set', [oxm('ARP_SPA', 22), nxm('OF_ARP_SPA', 16)], 'IPv4 address of the ARP sender', { legacy: ADDRESS }),
  row('arp_tpa', 32, 'IPv4', 'ARP', 'mask, set', [oxm('ARP_TPA', 23), nxm('OF_ARP_TPA', 17)], 'IPv4 address that the ARP packet asks for or answers to', { legacy: ADDRESS }),
  row('arp_sha', 48, 'Ethernet', 'ARP', 'mask, set', [oxm('ARP_SHA', 24), nxm('NX_ARP_SHA', 17)], 'MAC address of the ARP sender'),
  row('arp_tha', 48, 'Ethernet', 'ARP', 'mask, set', [oxm('ARP_THA', 25), nxm('NX_ARP_THA', 18)], 'MAC address of the ARP target; zero in a request'),

  // Transport
  row('tcp_src', 16, 'decimal', 'TCP', 'mask, set', [oxm('TCP_SRC', 13), nxm('OF_TCP_SRC', 9)], 'TCP source port', { aliases: ['tp_src'], legacy: EXACT }),
  row('tcp_dst', 16, 'decimal', 'TCP', 'mask, set', [oxm('TCP_DST', 14), nxm('OF_TCP_DST', 10)], 'TCP destination port', { aliases: ['tp_dst'], legacy: EXACT }),
  row('tcp_flags', 12, 'TCP flags', 'TCP', 'mask', [oxm('TCP_FLAGS', 42, '1.5'), exp('ONFOXM_ET_TCP_FLAGS', ONF, 42), nxm('NX_TCP_FLAGS', 34)], 'TCP flags, `fin` (bit 0) to `ns` (bit 8)'),
  row('udp_src', 16, 'decimal', 'UDP', 'mask, set', [oxm('UDP_SRC', 15), nxm('OF_UDP_SRC', 11)], 'UDP source port', { legacy: EXACT }),
  row('udp_dst', 16, 'decimal', 'UDP', 'mask, set', [oxm('UDP_DST', 16), nxm('OF_UDP_DST', 12)], 'UDP destination port', { legacy: EXACT }),
  row('sctp_src', 16, 'decimal', 'SCTP', 'mask, set', [oxm('SCTP_SRC', 17)], 'SCTP source port', { legacy: ONLY_1_1 }),
  row('sctp_dst', 16, 'decimal', 'SCTP', 'mask, set', [oxm('SCTP_DST', 18)], 'SCTP destination port', { legacy: ONLY_1_1 }),

  // ICMP and neighbour discovery
  row('icmp_type', 8, 'decimal', 'ICMPv4', 'set', [oxm('ICMPV4_TYPE', 19), nxm('OF_ICMP_TYPE', 13)], 'ICMP type (IPv4)', { legacy: EXACT }),
  row('icmp_code', 8, 'decimal', 'ICMPv4', 'set', [oxm('ICMPV4_CODE', 20), nxm('OF_ICMP_CODE', 14)], 'ICMP code (IPv4); what it means depends on the type', { legacy: EXACT }),
  row('icmpv6_type', 8, 'decimal', 'ICMPv6', 'set', [oxm('ICMPV6_TYPE', 29), nxm('NX_ICMPV6_TYPE', 21)], 'ICMPv6 type'),
  row('icmpv6_code', 8, 'decimal', 'ICMPv6', 'set', [oxm('ICMPV6_CODE', 30), nxm('NX_ICMPV6_CODE', 22)], 'ICMPv6 code; what it means depends on the type'),
  row('nd_target', 128, 'IPv6', 'ND', 'mask, set', [oxm('IPV6_ND_TARGET', 31), nxm('NX_ND_TARGET', 23)], 'IPv6 address that a neighbour solicitation or advertisement is about'),
  row('nd_sll', 48, 'Ethernet', 'ND solicit', 'mask, set', [oxm('IPV6_ND_SLL', 32), nxm('NX_ND_SLL', 24)], 'Source link-layer address option of a neighbour solicitation'),
  row('nd_tll', 48, 'Ethernet', 'ND advert', 'mask, set', [oxm('IPV6_ND_TLL', 33), nxm('NX_ND_TLL', 25)], 'Target link-layer address option of a neighbour advertisement'),
  row('nd_reserved', 32, 'decimal', 'ND', 'set', [eric('ND_RESERVED', 1)], 'Flags and reserved bits of a neighbour discovery message: router, solicited, override on top'),
  row('nd_options_type', 8, 'decimal', 'ND', 'set', [eric('ND_OPTIONS_TYPE', 2)], 'Type of the first option of a neighbour discovery message'),

  // Network service header
  row('nsh_flags', 8, 'decimal', 'NSH', 'mask, set', [nsh('FLAGS', 1)], 'Flags of the network service header'),
  row('nsh_mdtype', 8, 'decimal', 'NSH', 'match', [nsh('MDTYPE', 2)], 'Kind of NSH metadata: 1 four fixed words, 2 variable', { domain: { kind: 'one of', values: [1n, 2n] } }),
  row('nsh_np', 8, 'decimal', 'NSH', 'match', [nsh('NP', 3)], 'Protocol that follows the network service header'),
  row('nsh_spi', 24, 'hexadecimal', 'NSH', 'set', [nsh('SPI', 4)], 'Service path: which chain the packet follows', { aliases: ['nsp'] }),
  row('nsh_si', 8, 'decimal', 'NSH', 'set', [nsh('SI', 5)], 'Service index: how far along its path the packet is', { aliases: ['nsi'] }),
  row('nsh_c1', 32, 'hexadecimal', 'NSH', 'mask, set', [nsh('C1', 6)], 'First context word of NSH metadata type 1', { aliases: ['nshc1'] }),
  row('nsh_c2', 32, 'hexadecimal', 'NSH', 'mask, set', [nsh('C2', 7)], 'Second context word of NSH metadata type 1', { aliases: ['nshc2'] }),
  row('nsh_c3', 32, 'hexadecimal', 'NSH', 'mask, set', [nsh('C3', 8)], 'Third context word of NSH metadata type 1', { aliases: ['nshc3'] }),
  row('nsh_c4', 32, 'hexadecimal', 'NSH', 'mask, set', [nsh('C4', 9)], 'Fourth context word of NSH metadata type 1', { aliases: ['nshc4'] }),
  row('nsh_ttl', 8, 'decimal', 'NSH', 'set', [nsh('TTL', 10)], 'Time to live of the network service header, 0 to 63', { domain: { kind: 'max', max: 63n } }),
];

/** The name that ovs-fields(7) prefers for a field. Aliases are strings; `fieldByName` resolves them. */
export type FieldName = (typeof ROWS)[number]['name'];
export type Field = FieldInfo<FieldName>;

/** All fields, in the order in which the switch numbers them; `FIELDS[f.id] === f`. */
export const FIELDS: readonly Field[] = ROWS;

let names: ReadonlyMap<string, Field> | undefined;

/** The field called so: by its name, an alias (`dl_src`, `ip_proto`) or any of its headers (`NXM_OF_IP_SRC`). */
export function fieldByName(name: string): Field | undefined {
  names ??= new Map(
    FIELDS.flatMap((f) =>
      [f.name, ...f.aliases, ...f.headers.map((h) => h.name)].map((n) => [n, f] as const),
    ),
  );
  return names.get(name);
}

export function field(name: FieldName): Field {
  const found = fieldByName(name);
  if (found === undefined) throw new Error(`no such field: ${name}`);
  return found;
}
