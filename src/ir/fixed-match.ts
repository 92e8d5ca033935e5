/** What the fixed structures for a match in OpenFlow 1.0 and 1.1 can say (OpenFlow 1.0.0 §5.2.3, 1.1.0 §A.2.3). */
import { field } from '../openflow/fields.ts';
import { ETH_TYPE } from '../openflow/protocols.ts';
import { storage, VLAN_PRESENT } from '../openflow/storage.ts';
import type { PrerequisiteName } from '../openflow/types.ts';
import { vlanTci } from './oxm.ts';
import type { MatchField } from './types.ts';

/** Can OpenFlow 1.1 carry the term, among the others of its match? There is nothing else to carry it. */
export function fitsFixedMatch(term: MatchField, match: readonly MatchField[]): boolean {
  const f = field(term.field);
  const { unit } = storage(f);
  if (unit === 'vlan_tci') return vlanFits(match.filter((t) => storage(field(t.field)).unit === unit));
  // A packet without Ethernet has no structure; that it has some is the usual.
  if (term.field === 'packet_type') return term.value === 0n;
  if (term.field === 'nw_ecn') return false;
  // What it says of a packet behind its EtherType it says of IPv4, ARP and MPLS; the switch ignores it for others.
  const ipv6 = match.some((t) => t.field === 'eth_type' && t.value === BigInt(ETH_TYPE.ipv6));
  if (ipv6 && !OF_ANY_PACKET.has(f.prerequisite)) return false;
  if (unit === 'ip_tos') return true;
  const whole = term.mask === null || term.mask === (1n << BigInt(f.bits)) - 1n;
  return (whole ? f.exactIn : f.maskedIn).includes('1.1');
}

const OF_ANY_PACKET: ReadonlySet<PrerequisiteName> = new Set(['none', 'Ethernet', 'VLAN VID']);

/** No tag, any tag, or one id; with an id or a tag, also a priority. */
function vlanFits(terms: readonly MatchField[]): boolean {
  const { value, mask } = vlanTci(terms);
  const id = mask & 0xfffn;
  const priority = mask >> 13n;
  if ((mask & VLAN_PRESENT) === 0n || (id !== 0n && id !== 0xfffn)) return false;
  if ((value & VLAN_PRESENT) === 0n) return value === 0n;
  return priority === 0n || priority === 7n;
}

const IN_1_0 = [
  ['in_port'],
  ['eth_src'],
  ['eth_dst'],
  ['eth_type'],
  ['ip_src', 'arp_spa'],
  ['ip_dst', 'arp_tpa'],
  ['ip_tos'],
  ['nw_proto'],
  ['tcp_src', 'udp_src', 'sctp_src', 'icmp_type'],
  ['tcp_dst', 'udp_dst', 'sctp_dst', 'icmp_code'],
] as const;

/** Does the match say everything that a match of OpenFlow 1.0 can? */
export function isExactIn10(match: readonly MatchField[]): boolean {
  const exact = new Set(match.filter((t) => t.mask === null).map((t) => storage(field(t.field)).unit));
  if (!IN_1_0.every((names) => names.some((name) => exact.has(name)))) return false;
  const { value, mask } = vlanTci(match.filter((t) => storage(field(t.field)).unit === 'vlan_tci'));
  return mask === 0xffffn || (mask !== 0n && value === 0n);
}
