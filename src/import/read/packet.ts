/** What is known of a packet where an action stands, and what that allows (ovs-fields(7), "Prerequisites"). */
import type { Field } from '../../openflow/fields.ts';
import { ETH_TYPE, IP_PROTO, NO_ETH_TYPE, PREREQUISITES } from '../../openflow/protocols.ts';
import type { SoftNeed } from './parsed.ts';
import type { MatchContext } from './state.ts';

/** What the walk knows of the packet. */
export interface Packet {
  packetType: number;
  ethType: number;
  ipProto: number;
  /** From the outermost in. */
  tags: [boolean, boolean];
}

/** Packet types: Ethernet, and unknown after a decap. */
export const ETHERNET = 0;
export const UNKNOWN_TYPE = 0xffff_ffff;

/** Is there what the action needs? */
export function has(need: SoftNeed, packet: Packet, match: MatchContext): boolean {
  const { packetType, ethType, ipProto, tags } = packet;
  const ip = ethType === ETH_TYPE.ipv4 || ethType === ETH_TYPE.ipv6;
  const mpls = ethType === ETH_TYPE.mpls || ethType === ETH_TYPE.mplsMulticast;
  switch (need) {
    case 'VLAN':
      return tags[0];
    case 'IPv4':
      return ethType === ETH_TYPE.ipv4;
    case 'IP':
      return ip;
    case 'MPLS':
      return mpls;
    case 'NSH':
      return ethType === ETH_TYPE.nsh;
    case 'TCP':
      return ipProto === IP_PROTO.tcp;
    case 'ports':
      return (
        ip &&
        !match.laterFragment &&
        (ipProto === IP_PROTO.tcp || ipProto === IP_PROTO.udp || ipProto === IP_PROTO.sctp)
      );
    case 'Ethernet':
      return packetType === ETHERNET;
    case 'Ethernet, MPLS':
      return packetType === ETHERNET && mpls;
  }
}

/** The eth_type that counts for fields. */
function effectiveType({ packetType, ethType }: Packet): number {
  if (packetType === ETHERNET) return ethType;
  return packetType >>> 16 === 1 ? packetType & 0xffff : NO_ETH_TYPE;
}

/** Is the header there that the field is part of? */
export function allows(f: Field, packet: Packet, match: MatchContext): boolean {
  const ethType = effectiveType(packet);
  return PREREQUISITES[f.prerequisite].conditions.every((c) => {
    switch (c.kind) {
      case 'packet_type':
        return packet.packetType === c.value;
      case 'eth_type':
        return c.values.includes(ethType);
      case 'ip_proto':
        return c.values.includes(packet.ipProto);
      case 'icmpv6_type':
        return c.values.includes(match.ndType);
      case 'icmpv6_code':
        return true;
      case 'vlan present':
        return packet.tags[0];
      case 'not a later fragment':
        return !match.laterFragment;
      case 'valid ct_state':
        return match.ctValid;
    }
  });
}
