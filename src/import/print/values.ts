/** Values of fields in the words of the language. */
import { flagsText, ipv4Text, ipv6Text, macText } from '../../emit/text/values.ts';
import type { SubfieldRef } from '../../ir/types.ts';
import type { Field, FieldName } from '../../openflow/fields.ts';
import { field } from '../../openflow/fields.ts';
import { fullMask } from '../../check/domain.ts';
import { nameOfValue, valueName, valueNames } from '../../openflow/names.ts';
import { VLAN_PRESENT } from '../../openflow/storage.ts';
import type { PrintNames } from './names.ts';
import { isReservedPort, portName } from './names.ts';

/** What the value is for: compared with, or written. */
export type Use = 'match' | 'set';

/** The names that examples and messages use, where ovs-fields(7) prefers another. */
const PREFERRED: Readonly<Partial<Record<FieldName, string>>> = { nw_proto: 'ip_proto' };

export function fieldWord(name: FieldName): string {
  return PREFERRED[name] ?? name;
}

/** `reg0[0..15]`, `reg0[3]`, `reg0`. */
export function refWord({ field: name, offset, bits }: SubfieldRef): string {
  if (offset === 0 && bits === field(name).bits) return fieldWord(name);
  return `${fieldWord(name)}${bitsWord(offset, bits)}`;
}

/** The same where a field must not be taken for anything else: `in_port[]`. */
export function refBrackets(ref: SubfieldRef): string {
  const word = refWord(ref);
  return word.endsWith(']') ? word : `${word}[]`;
}

/** The same where a port may stand, and `in_port` is one. */
export function refBesidePorts(ref: SubfieldRef): string {
  const word = refWord(ref);
  return isReservedPort(word) ? `${word}[]` : word;
}

export function bitsWord(offset: number, bits: number): string {
  return bits === 1 ? `[${offset}]` : `[${offset}..${offset + bits - 1}]`;
}

/** `field = value`, `field = value/mask` or `field[a..b] = value`. `icmpType` is that of the match, for names of codes. */
export function assignment(
  name: FieldName,
  value: bigint,
  mask: bigint | null,
  use: Use,
  names: PrintNames,
  icmpType?: bigint,
): string {
  const f = field(name);
  if (mask !== null && mask !== fullMask(f)) return masked(f, value, mask, use);
  return `${fieldWord(name)} = ${exact(f, value, names, icmpType)}`;
}

/** A value of the whole field. */
export function exact(f: Field, value: bigint, names: PrintNames, icmpType?: bigint): string {
  switch (f.format) {
    case 'Ethernet':
      return macText(value);
    case 'IPv4':
      return ipv4Text(value);
    case 'IPv6':
      return ipv6Text(value);
    case 'OpenFlow 1.0 port':
    case 'OpenFlow 1.1+ port':
      return portName(Number(value), names);
    case 'frag':
      return fragWord(f, value, 3n) ?? String(value);
    case 'tunnel flags':
      return (value > 1n ? undefined : flagsText(f, value, 1n)) ?? String(value);
    case 'hexadecimal':
    case 'packet type':
      return knownName(f, value) ?? number(value);
    case 'decimal':
      if (f.name === 'vlan_vid') return vlanWord(value);
      if (icmpType !== undefined && f.name.endsWith('_code'))
        return nameOfValue(f, value, icmpType) ?? String(value);
      return knownName(f, value) ?? String(value);
    case 'ct state':
    case 'TCP flags':
      return number(value);
  }
}

const namesOf: (ReadonlyMap<bigint, string> | null)[] = [];

/** The names that are printed for values, as `nameOfValue` has them; null where there are none. */
export function knownNames(f: Field): ReadonlyMap<bigint, string> | null {
  let names = namesOf[f.id];
  if (names === undefined) {
    const values = valueNames(f).flatMap((word) => valueName(f, word)?.value ?? []);
    const pairs = values.flatMap((v) => {
      const name = nameOfValue(f, v);
      return name === undefined ? [] : [[v, name] as const];
    });
    namesOf[f.id] = names = pairs.length === 0 ? null : new Map(pairs);
  }
  return names;
}

function knownName(f: Field, value: bigint): string | undefined {
  return knownNames(f)?.get(value);
}

/** Numbers that stand for bits, in hexadecimal unless both ways are the same. */
export function number(value: bigint): string {
  return value < 10n ? String(value) : `0x${value.toString(16)}`;
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}

/** `10` is a tag with VLAN 10; the wire's own form is left for what cannot be said so. */
function vlanWord(value: bigint): string {
  if (value === 0n) return 'none';
  // No such number can be compared with, and it takes no mask to say so.
  if (value > 0x1fffn) return hex(value);
  return value >> 12n === 1n ? String(value & 0xfffn) : `${hex(value)}/0x1fff`;
}

function fragWord(f: Field, value: bigint, mask: bigint): string | undefined {
  return valueNames(f).find((word) => {
    const known = valueName(f, word);
    return known?.value === value && (known.mask ?? 3n) === mask;
  });
}

/** What a program keeps there is bits of its own choice, so they are named rather than masked. */
const STORE = /^(x{0,2}reg\d+|metadata|tun_id|pkt_mark|ct_mark|ct_label|tun_metadata\d+)$/;

function masked(f: Field, value: bigint, mask: bigint, use: Use): string {
  const word = fieldWord(f.name);
  if (mask !== 0n) {
    switch (f.format) {
      case 'Ethernet':
        return `${word} = ${macText(value)}/${macText(mask)}`;
      case 'IPv4':
        return `${word} = ${ipv4Text(value)}/${prefixOf(mask, 32) ?? ipv4Text(mask)}`;
      case 'IPv6':
        return `${word} = ${ipv6Text(value)}/${prefixOf(mask, 128) ?? ipv6Text(mask)}`;
      case 'ct state':
      case 'TCP flags':
      case 'tunnel flags': {
        const flags = (value & ~mask) === 0n ? flagsWord(f, value, mask) : undefined;
        if (flags !== undefined) return `${word} = ${flags}`;
        break;
      }
      case 'frag': {
        const known = fragWord(f, value, mask);
        if (known !== undefined) return `${word} = ${known}`;
        break;
      }
      default:
        if (f.name === 'vlan_vid') return maskedVlan(value, mask, use);
        if (use === 'set' || STORE.test(f.name)) {
          const bits = someBits(f, value, mask);
          if (bits !== null) return bits;
        }
    }
  }
  return `${word} = ${wide(f, value, number)}/${wide(f, mask, hex)}`;
}

/** `+trk` says that there is something to say, and stands before the rest. */
function flagsWord(f: Field, value: bigint, mask: bigint): string | undefined {
  return flagsText(f, value, mask)?.replace(/^(.+)([+-]trk)/, '$2$1');
}

/** The mask of an address has its form even where it is 0. */
function wide(f: Field, value: bigint, otherwise: (value: bigint) => string): string {
  if (f.format === 'Ethernet') return macText(value);
  if (f.format === 'IPv4') return ipv4Text(value);
  return f.format === 'IPv6' ? ipv6Text(value) : otherwise(value);
}

/** `reg0[0..15] = 5`; null where the mask is no run of bits, or there are others in the value. */
function someBits(f: Field, value: bigint, mask: bigint): string | null {
  const offset = lowestBit(mask);
  const run = mask >> BigInt(offset);
  if ((run & (run + 1n)) !== 0n || (value & ~mask) !== 0n) return null;
  const bits = run.toString(2).length;
  if (offset + bits > f.bits) return null;
  return `${fieldWord(f.name)}${bitsWord(offset, bits)} = ${number(value >> BigInt(offset))}`;
}

function lowestBit(mask: bigint): number {
  return (mask & -mask).toString(2).length - 1;
}

/** A mask without the bit for "there is a tag" says nothing of that; in the language only `vlan_tci` can. */
function maskedVlan(value: bigint, mask: bigint, use: Use): string {
  // What no flow can say stays as it is, for the compiler to say so.
  if (value > 0x1fffn || (value & ~mask) !== 0n) return `vlan_vid = ${number(value)}/${hex(mask)}`;
  const tagged = (mask & VLAN_PRESENT) !== 0n;
  if (!tagged) return use === 'match' ? `vlan_tci = ${number(value)}/${hex(mask)}` : setVlan(value, mask);
  const low = mask & 0xfffn;
  if ((value & VLAN_PRESENT) === 0n || low === 0n) return `vlan_vid = ${number(value)}/${hex(mask)}`;
  return `vlan_vid = ${number(value & 0xfffn)}/${hex(low)}`;
}

function setVlan(value: bigint, mask: bigint): string {
  return `vlan_vid = ${number(value)}/${hex(mask)}`;
}

/** The length of a mask that is a run of ones from the top; null for other masks. */
function prefixOf(mask: bigint, bits: number): number | null {
  const inverted = ~mask & ((1n << BigInt(bits)) - 1n);
  if ((inverted & (inverted + 1n)) !== 0n) return null;
  return inverted === 0n ? bits : bits - inverted.toString(2).length;
}

/** The mask of a field without its value. */
export function prefixMask(f: Field, mask: bigint): string {
  return wide(f, mask, hex);
}

/** Whole minutes and hours as such. */
export function secondsText(seconds: number): string {
  if (seconds === 0) return '0';
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
