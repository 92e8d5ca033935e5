// Random matches: what a packet is, and terms that mostly go with it.
import { matchOrder } from '../../../src/ir/oxm.ts';
import type { MatchField } from '../../../src/ir/types.ts';
import { field, FIELDS, type Field, type FieldName } from '../../../src/openflow/fields.ts';
import { overlap } from '../../../src/openflow/storage.ts';
import { ones } from '../samples.ts';
import type { Dice } from './dice.ts';
import { Packet } from './packet.ts';
import { OPTION_BYTES } from './world.ts';

export const term = (name: FieldName, value: bigint | number, mask: bigint | null = null): MatchField => ({
  field: name,
  value: BigInt(value),
  mask,
});

const ETHER_TYPES = [0x0800, 0x0800, 0x86dd, 0x0806, 0x8035, 0x8847, 0x8848, 0x894f, 0x88cc, 0x1234];
const IP_PROTOS = [1, 6, 6, 17, 47, 58, 132, 0, 255];
const BARE = [0x0800, 0x86dd, 0x8847, 0x894f, 0x0806];

/** Fields that a TLV of a match can carry, or that stand for one that does. */
const IN_A_MATCH: readonly Field[] = FIELDS.filter(
  (f) =>
    (f.headers.length > 0 || f.name === 'dl_vlan' || f.name === 'dl_vlan_pcp') &&
    !(f.name.startsWith('tun_metadata') && Number(f.name.slice(12)) >= OPTION_BYTES.length),
);
const ANYWHERE = IN_A_MATCH.filter((f) => f.prerequisite === 'none' && f.name !== 'packet_type');
const OF_HEADERS = IN_A_MATCH.filter(
  (f) => f.prerequisite !== 'none' && f.name !== 'eth_type' && !f.name.startsWith('dl_'),
);

/** Bits of a Geneve option, of any other field what it has and a switch keeps. */
export function widthOf(f: Field): number {
  if (f.name === 'ct_state') return 8;
  return f.name.startsWith('tun_metadata') ? (OPTION_BYTES[Number(f.name.slice(12))] ?? 8) * 8 : f.bits;
}

const RESERVED = [0xfffffff8, 0xfffffff9, 0xfffffffa, 0xfffffffb, 0xfffffffc, 0xfffffffd, 0xfffffffe];

/**
 * Can a number be said that the field is too narrow for? The switch looks at no bits beyond those of a Geneve option, and
 * takes all of the bytes of an ERSPAN header.
 */
function hasWrongValues(f: Field): boolean {
  return !f.name.startsWith('tun_metadata') && !f.name.startsWith('tun_erspan');
}

/** A value that the switch takes for the field, most of the time. */
export function valueFor(dice: Dice, f: Field): bigint {
  // Nothing but these 12 bits could stand on the wire.
  if (f.name === 'dl_vlan') return dice.bits(12);
  if (f.name === 'dl_vlan_pcp') return dice.bits(3);
  if (dice.wrong() && hasWrongValues(f)) return dice.bits(f.bytes * 8);
  switch (f.name) {
    case 'vlan_vid':
      return dice.bits(12) | 0x1000n;
    case 'vlan_tci':
      return dice.bits(16) | 0x1000n;
    case 'in_port':
      return BigInt(dice.chance(0.9) ? dice.int(0, 20) : dice.int(0, 0xfeff));
    case 'in_port_oxm':
    case 'actset_output':
      return BigInt(dice.chance(0.8) ? dice.int(0, 20) : dice.pick(RESERVED));
    case 'packet_type':
      return dice.chance(0.5) ? 0n : 0x10000n | BigInt(dice.pick(BARE));
    case 'nw_tos':
      return dice.bits(6) << 2n;
    case 'eth_type':
      return BigInt(dice.pick(ETHER_TYPES));
    case 'nw_proto':
    case 'ct_nw_proto':
      return BigInt(dice.pick(IP_PROTOS));
    case 'arp_op':
      return dice.bits(8);
    case 'nsh_mdtype':
      return BigInt(dice.int(1, 2));
    case 'nsh_ttl':
      return dice.bits(6);
    case 'recirc_id':
      return 0n;
    default:
      return dice.bits(widthOf(f));
  }
}

/** Of which the language takes `10.0.0.5/24` to mean the network. */
const isAddress = ({ format }: Field): boolean => format === 'IPv4' || format === 'IPv6';

/** One term on the field. */
function termOn(dice: Dice, f: Field): MatchField {
  const value = valueFor(dice, f);
  const name = f.name;
  const masked = f.maskable ? dice.chance(0.35) : dice.wrong();
  if (!masked) return { field: name, value, mask: null };
  const tag = name === 'vlan_vid' ? 0x1000n : 0n;
  const mask = dice.mask(widthOf(f)) | tag;
  if (mask === (ones(widthOf(f)) | tag)) return { field: name, value, mask: null };
  return { field: name, value: isAddress(f) || !dice.wrong() ? value & mask : value, mask };
}

/** What says which packet it is. */
function pinned(dice: Dice): MatchField[] {
  const n = dice.int(0, 19);
  if (n < 3) return [];
  if (n === 3) return [term('packet_type', 0x10000 + dice.pick(BARE))];
  const found: MatchField[] = n === 4 ? [term('packet_type', 0)] : [];
  const ethType = dice.pick(ETHER_TYPES);
  found.push(term('eth_type', ethType));
  if ((ethType === 0x0800 || ethType === 0x86dd) && dice.chance(0.8)) {
    const proto = ethType === 0x86dd && dice.chance(0.4) ? 58 : dice.pick(IP_PROTOS);
    found.push(term('nw_proto', proto));
    if (ethType === 0x86dd && proto === 58 && dice.chance(0.7)) {
      found.push(term('icmpv6_type', dice.int(135, 136)));
      if (dice.chance(0.6)) found.push(term('icmpv6_code', 0));
    }
  }
  return found;
}

function tag(dice: Dice): MatchField[] {
  const vid = dice.bits(12);
  switch (dice.int(0, 9)) {
    case 0:
      return [term('vlan_vid', 0)];
    case 1:
      return [term('vlan_vid', 0x1000n, 0x1000n)];
    case 2:
      return [term('vlan_vid', vid | 0x1000n), term('vlan_pcp', dice.bits(3))];
    case 3:
      return dice.chance(0.3)
        ? [term('dl_vlan', vid), term('dl_vlan_pcp', dice.bits(3))]
        : [term('dl_vlan', vid)];
    case 4:
      return [term('dl_vlan_pcp', dice.bits(3))];
    case 5:
      return [term('vlan_tci', vid | 0x1000n | (dice.bits(3) << 13n))];
    default:
      return [term('vlan_vid', vid | 0x1000n)];
  }
}

const CT_STATES = [0x21n, 0x22n, 0x24n, 0x28n, 0x29n, 0x20n, 0x30n, 0x60n, 0xa2n];

function tracking(dice: Dice): MatchField[] {
  const value = dice.pick(CT_STATES);
  const mask = dice.chance(0.3) ? null : value | dice.pick([0n, 1n, 2n, 0x10n]);
  return [term('ct_state', value, mask)];
}

/** The terms of a match, in the order in which they are sent. */
export function match(dice: Dice): MatchField[] {
  const found = pinned(dice);
  if (dice.chance(0.25)) found.push(...tag(dice));
  if (dice.chance(0.2)) found.push(...tracking(dice));
  const packet = Packet.of(found);
  const add = (candidates: readonly Field[]): void => {
    const f = dice.pick(candidates);
    const others = found.filter((t) => overlap(field(t.field), f));
    // OpenFlow 1.0 has one term on the tag, and we have written it.
    if (f.name.startsWith('vlan') && found.some((t) => t.field.startsWith('dl_'))) return;
    if (!dice.wrong() && (others.length > 0 || !packet.has(f.name))) return;
    const made = termOn(dice, f);
    // Different bits of one field would be one term in the source.
    if (others.some((t) => t.mask !== null || made.mask !== null)) return;
    found.push(made);
  };
  const own = OF_HEADERS.filter((f) => packet.has(f.name));
  const headers = dice.wrong() || own.length === 0 ? OF_HEADERS : own;
  for (const candidates of [...dice.some(4, () => headers), ...dice.some(3, () => ANYWHERE)]) add(candidates);
  if (dice.wrong() && found.length > 0) found.splice(dice.int(0, found.length - 1), 1);
  return matchOrder(found);
}
