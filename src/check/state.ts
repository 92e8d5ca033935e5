/**
 * What is known of a packet at one point of a flow: after its match, and between two of its actions.
 *
 * The switch judges prerequisites on the *values* of a match, in which what is not matched is 0
 * (`mf_are_match_prereqs_ok` of OVS), and so do we.
 */
import type { MatchField } from '../ir/types.ts';
import { ETH_TYPE, NO_ETH_TYPE, PREREQUISITES } from '../openflow/protocols.ts';
import type { Condition, ProtocolState } from '../openflow/protocols.ts';
import { VLAN_PRESENT } from '../openflow/storage.ts';
import type { PrerequisiteName } from '../openflow/types.ts';

/** Immutable; the functions below make the next one. */
export interface PacketState {
  /** As in the field: 0 is Ethernet, 0x10800 a bare IPv4 packet, `UNKNOWN_PACKET` after `decap` of one. */
  readonly packetType: number;
  /** eth_type of the match, 0 where it says none. Use `ethType(state)` for what prerequisites see. */
  readonly ethType: number;
  /** 0 where nothing is said. */
  readonly ipProto: number;
  /** ip_frag asks for later fragments, which have no transport header. */
  readonly laterFragment: boolean;
  /** Tags that are known to be there, outermost first. OVS looks at two. */
  readonly vlan: readonly [boolean, boolean];
  readonly icmpv6Type: number;
  readonly icmpv6Code: number;
  readonly ctState: number;
  readonly ctStateMask: number;
}

/** packet_type behind the `decap` of something else than Ethernet. */
export const UNKNOWN_PACKET = 0xffffffff;

/** The state of a packet of which nothing is known, but that it is Ethernet. */
export const ANY_PACKET: PacketState = {
  packetType: 0,
  ethType: 0,
  ipProto: 0,
  laterFragment: false,
  vlan: [false, false],
  icmpv6Type: 0,
  icmpv6Code: 0,
  ctState: 0,
  ctStateMask: 0,
};

/** The fragment bit of ip_frag that says "not the first". */
const LATER = 2n;

/** What a whole match says of the packet, whatever the order of its terms. */
export function stateOfMatch(fields: readonly MatchField[]): PacketState {
  const state = { ...ANY_PACKET };
  for (const { field, value, mask } of fields) {
    switch (field) {
      case 'packet_type':
        state.packetType = Number(value);
        break;
      case 'eth_type':
        state.ethType = Number(value);
        break;
      case 'nw_proto':
        state.ipProto = Number(value);
        break;
      case 'ip_frag':
        state.laterFragment = (value & LATER) !== 0n;
        break;
      case 'vlan_tci':
      case 'vlan_vid':
        state.vlan = [(value & VLAN_PRESENT) !== 0n, false];
        break;
      case 'dl_vlan':
      case 'dl_vlan_pcp':
        state.vlan = [true, false];
        break;
      case 'icmpv6_type':
        state.icmpv6Type = Number(value);
        break;
      case 'icmpv6_code':
        state.icmpv6Code = Number(value);
        break;
      case 'ct_state':
        state.ctState = Number(value);
        state.ctStateMask = mask === null ? 0xff : Number(mask);
        break;
      default:
    }
  }
  return state;
}

/** The eth_type that prerequisites look at: of a bare packet it is the one inside packet_type. */
export function ethType(state: PacketState): number {
  if (state.packetType === 0) return state.ethType;
  return state.packetType >>> 16 === 1 ? state.packetType & 0xffff : NO_ETH_TYPE;
}

/** The same in the terms of `resolveGeneric` and `protocolAllows`; what is not said is undefined. */
export function protocolOf(state: PacketState): ProtocolState {
  const type = ethType(state);
  return { ethType: type === 0 ? undefined : type, ipProto: state.ipProto === 0 ? undefined : state.ipProto };
}

/** A condition that does not hold. */
export interface Missing {
  readonly condition: Condition;
  /** The packet is known to be something else; false: nothing has been said of it. */
  readonly contradicted: boolean;
  /** What the packet has in that place; 0 where nothing is said. */
  readonly found: number;
}

/** A prerequisite that is not met, with everything that lacks. */
export interface Unmet {
  readonly prerequisite: PrerequisiteName;
  readonly missing: readonly [Missing, ...Missing[]];
}

/** What is missing for a prerequisite; null when it is met. */
export function unmet(prerequisite: PrerequisiteName, state: PacketState): Unmet | null {
  if (prerequisite === 'none') return null;
  let missing: [Missing, ...Missing[]] | null = null;
  for (const condition of PREREQUISITES[prerequisite].conditions) {
    const found = judge(condition, state);
    if (found === null) continue;
    const entry: Missing = { condition, contradicted: found !== 0, found };
    if (missing === null) missing = [entry];
    else missing.push(entry);
  }
  return missing === null ? null : { prerequisite, missing };
}

/** null when the condition holds, else what is there instead (0 for nothing). */
function judge(condition: Condition, state: PacketState): number | null {
  switch (condition.kind) {
    case 'packet_type':
      return state.packetType === condition.value ? null : state.packetType;
    case 'eth_type':
      return among(condition.values, ethType(state));
    case 'ip_proto':
      return among(condition.values, state.ipProto);
    case 'icmpv6_type':
      return among(condition.values, state.icmpv6Type);
    case 'icmpv6_code':
      return state.icmpv6Code === condition.value ? null : state.icmpv6Code;
    case 'vlan present':
      return state.vlan[0] ? null : 0;
    case 'not a later fragment':
      return state.laterFragment ? 1 : null;
    case 'valid ct_state':
      return validCtState(state) ? null : state.ctState;
  }
}

function among(values: readonly number[], found: number): number | null {
  return values.includes(found) ? null : found;
}

const CT_TRACKED = 0x20;
const CT_INVALID = 0x10;
/** new, est, rel, rpl, snat, dnat: none of them without a valid connection. */
const CT_IMPLIES_VALID = 0x01 | 0x02 | 0x04 | 0x08 | 0x40 | 0x80;

/** Does the match guarantee a tracked, valid connection? `+trk` alone does not (seen on OVS 3.1.0). */
function validCtState({ ctState, ctStateMask }: PacketState): boolean {
  if ((ctState & CT_IMPLIES_VALID) !== 0) return true;
  return (ctState & CT_TRACKED) !== 0 && (ctStateMask & CT_INVALID) !== 0 && (ctState & CT_INVALID) === 0;
}

/** Is the packet known to be IPv4 or IPv6? */
export function isIp(state: PacketState): boolean {
  const type = ethType(state);
  return type === ETH_TYPE.ipv4 || type === ETH_TYPE.ipv6;
}

/** The second place is taken, so that `push_vlan` fails with OFPBAC_BAD_TAG; even where vlan_tci has been cleared. */
export function vlanFull(state: PacketState): boolean {
  return state.vlan[1];
}

export function pushVlan(state: PacketState): PacketState {
  return { ...state, vlan: [true, state.vlan[0]] };
}

export function popVlan(state: PacketState): PacketState {
  return { ...state, vlan: [state.vlan[1], false] };
}

/** `set_vlan_vid` and friends add a tag where there is none; a write of vlan_tci adds or removes it by bit 0x1000 of its value. */
export function setVlanPresent(state: PacketState, present: boolean): PacketState {
  return { ...state, vlan: [present, state.vlan[1]] };
}

export function pushMpls(state: PacketState, type: number): PacketState {
  return { ...state, ethType: type, ipProto: 0 };
}

/** ip_proto stays what it was, which is 0 behind an MPLS match: transport fields remain out of reach. */
export function popMpls(state: PacketState, type: number): PacketState {
  return { ...state, ethType: type };
}

/** `encap(ethernet)`: eth_type keeps the value that the match gave it, which may be none. */
export function encapEthernet(state: PacketState): PacketState {
  const next = { ...state, packetType: 0 };
  return isIp(next) ? next : { ...next, ipProto: 0 };
}

/** `encap(nsh)`, `encap(mpls)`: a bare packet of that type. */
export function encap(state: PacketState, type: number): PacketState {
  return { ...state, packetType: 0x10000 | type, ethType: type, ipProto: 0 };
}

export function decap(state: PacketState): PacketState {
  if (state.packetType !== 0) return { ...state, packetType: UNKNOWN_PACKET, ethType: 0xffff };
  return { ...state, packetType: (0x10000 | state.ethType) >>> 0 };
}
