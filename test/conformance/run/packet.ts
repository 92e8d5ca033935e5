// What is known of a packet on its way through a list of actions, as far as the generator needs it to make mostly legal
// flows. The judge is the switch; nothing is decided here.
import type { Action, MatchField } from '../../../src/ir/types.ts';
import { field, type FieldName } from '../../../src/openflow/fields.ts';
import type { PrerequisiteName } from '../../../src/openflow/types.ts';

const ETHERNET = 0n;
const UNKNOWN = -1n;
const VLAN_PRESENT = 0x1000n;

interface State {
  readonly packetType: bigint;
  readonly ethType: bigint | null;
  readonly ipProto: bigint | null;
  /** Tags that are known to be there, 0 to 2. */
  readonly tags: number;
}

export class Packet {
  private readonly match: readonly MatchField[];
  private readonly state: State;

  private constructor(match: readonly MatchField[], state: State) {
    this.match = match;
    this.state = state;
  }

  static of(match: readonly MatchField[]): Packet {
    const exact = (name: FieldName): bigint | null =>
      match.find((t) => t.field === name && t.mask === null)?.value ?? null;
    const packetType = exact('packet_type') ?? ETHERNET;
    return new Packet(match, {
      packetType,
      ethType: packetType >> 16n === 1n ? packetType & 0xffffn : exact('eth_type'),
      ipProto: exact('nw_proto'),
      tags: match.some(isTagged) ? 1 : 0,
    });
  }

  get tagged(): boolean {
    return this.state.tags > 0;
  }
  get tags(): number {
    return this.state.tags;
  }
  get isEthernet(): boolean {
    return this.state.packetType === ETHERNET;
  }
  get isIp4(): boolean {
    return this.state.ethType === 0x0800n;
  }
  get isIp6(): boolean {
    return this.state.ethType === 0x86ddn;
  }
  get isIp(): boolean {
    return this.isIp4 || this.isIp6;
  }
  get ipProto(): bigint | null {
    return this.isIp ? this.state.ipProto : null;
  }
  get isMpls(): boolean {
    return this.state.ethType === 0x8847n || this.state.ethType === 0x8848n;
  }
  get isNsh(): boolean {
    return this.state.ethType === 0x894fn;
  }
  /** May the connection be committed? */
  get isInvalid(): boolean {
    return this.match.some((t) => t.field === 'ct_state' && (t.value & 16n) !== 0n);
  }
  get isTracked(): boolean {
    return this.match.some(
      (t) =>
        t.field === 'ct_state' &&
        ((t.value & 0xcfn) !== 0n ||
          ((t.value & 0x20n) !== 0n && ((t.mask ?? 0xffn) & ~t.value & 0x10n) !== 0n)),
    );
  }

  /** Are the prerequisites of the field there? */
  has(name: FieldName): boolean {
    return this.holds(field(name).prerequisite);
  }

  private exact(name: FieldName): bigint | null {
    return this.match.find((t) => t.field === name && t.mask === null)?.value ?? null;
  }

  holds(prerequisite: PrerequisiteName): boolean {
    switch (prerequisite) {
      case 'none':
        return true;
      case 'Ethernet':
        return this.isEthernet;
      case 'VLAN VID':
        return this.isEthernet && this.tagged;
      case 'ARP':
        return this.state.ethType === 0x0806n || this.state.ethType === 0x8035n;
      case 'IPv4':
        return this.isIp4;
      case 'IPv6':
        return this.isIp6;
      case 'IPv4/IPv6':
        return this.isIp;
      case 'MPLS':
        return this.isMpls;
      case 'NSH':
        return this.isNsh;
      case 'TCP':
        return this.ipProto === 6n && !this.isLaterFragment;
      case 'UDP':
        return this.ipProto === 17n && !this.isLaterFragment;
      case 'SCTP':
        return this.ipProto === 132n && !this.isLaterFragment;
      case 'ICMPv4':
        return this.isIp4 && this.state.ipProto === 1n;
      case 'ICMPv6':
        return this.isIp6 && this.state.ipProto === 58n;
      case 'ND':
        return this.isNeighbour(135n) || this.isNeighbour(136n);
      case 'ND solicit':
        return this.isNeighbour(135n);
      case 'ND advert':
        return this.isNeighbour(136n);
      case 'CT':
        return this.isTracked && this.isIp;
    }
  }

  private get isLaterFragment(): boolean {
    return this.match.some((t) => t.field === 'ip_frag' && (t.value & 2n) !== 0n);
  }

  private isNeighbour(type: bigint): boolean {
    return (
      this.holds('ICMPv6') && this.exact('icmpv6_type') === type && (this.exact('icmpv6_code') ?? 0n) === 0n
    );
  }

  /** The packet behind the action. */
  after(action: Action): Packet {
    const { tags, ethType } = this.state;
    switch (action.kind) {
      case 'push_vlan':
        return this.with({ tags: Math.min(2, tags + 1) });
      case 'pop_vlan':
        return this.with({ tags: Math.max(0, tags - 1) });
      case 'mod_vlan_vid':
      case 'mod_vlan_pcp':
        return this.with({ tags: Math.max(1, tags) });
      case 'set_field':
        if (action.field === 'vlan_tci')
          return this.with({ tags: (action.value & VLAN_PRESENT) === 0n ? 0 : 1 });
        return action.field === 'vlan_vid' ? this.with({ tags: Math.max(1, tags) }) : this;
      case 'push_mpls':
        return this.with({ ethType: BigInt(action.ethertype), ipProto: 0n });
      case 'pop_mpls':
        return this.with({ ethType: BigInt(action.ethertype), ipProto: 0n });
      case 'encap':
        return this.with(encapsulated(action.header));
      case 'decap':
        return this.isEthernet
          ? this.with({ packetType: 0x10000n | (ethType ?? 0xffffn) })
          : this.with({ packetType: UNKNOWN, ethType: 0xffffn, ipProto: null });
      default:
        return this;
    }
  }

  private with(change: Partial<State>): Packet {
    return new Packet(this.match, { ...this.state, ...change });
  }
}

function encapsulated(header: Extract<Action, { kind: 'encap' }>['header']): Partial<State> {
  switch (header) {
    case 'ethernet':
      return { packetType: ETHERNET };
    case 'nsh':
      return { packetType: 0x1894fn, ethType: 0x894fn, ipProto: 0n };
    case 'mpls':
      return { packetType: 0x18847n, ethType: 0x8847n, ipProto: 0n };
    case 'mpls_mc':
      return { packetType: 0x18848n, ethType: 0x8848n, ipProto: 0n };
  }
}

/** Does the term say that there is a tag? */
function isTagged({ field: name, value, mask }: MatchField): boolean {
  if (name === 'dl_vlan') return value !== 0xffffn;
  if (name === 'dl_vlan_pcp' || name === 'vlan_pcp') return true;
  if (name !== 'vlan_vid' && name !== 'vlan_tci') return false;
  return (value & (mask ?? VLAN_PRESENT) & VLAN_PRESENT) !== 0n;
}
