/** Fields as OXM TLVs (OpenFlow 1.5.1 §7.2.3): one header, one value, and a mask where there is one. */
import type { FieldName } from '../openflow/fields.ts';
import { field } from '../openflow/fields.ts';
import type { WireVersion } from '../openflow/oxm.ts';
import { headerFor, headerWord } from '../openflow/oxm.ts';
import { VLAN_PRESENT } from '../openflow/storage.ts';
import type { ByteWriter } from './bytes.ts';

/** The lowest bits. */
export const ones = (bits: number): bigint => (1n << BigInt(bits)) - 1n;

/** How a field is written under one header. */
export interface Carrier {
  readonly exact: number;
  readonly masked: number;
  readonly experimenter: number | null;
  readonly bytes: number;
  /** The mask that says no more than an exact match or assignment. */
  readonly whole: bigint;
  /** tun_metadata: as many bytes as the value needs; the length of the option is the switch's knowledge. */
  readonly variable: boolean;
}

/** Which headers: those of the version, or those of OpenFlow 1.0 with Nicira's extension, which its actions use. */
export type HeaderSet = WireVersion | 'NXM';

const carriers: Readonly<Record<HeaderSet, Map<FieldName, Carrier>>> = {
  '1.3': new Map(),
  '1.4': new Map(),
  '1.5': new Map(),
  NXM: new Map(),
};

/** The headers of the field in that set. */
export function carrier(name: FieldName, set: HeaderSet): Carrier {
  const known = carriers[set].get(name);
  if (known !== undefined) return known;
  const f = field(name);
  const header = headerFor(f, set);
  if (header === undefined) throw new Error(`${name} has no OXM header`);
  const made: Carrier = {
    exact: headerWord(header),
    masked: headerWord(header, true),
    experimenter: header.experimenter,
    bytes: f.bytes,
    whole: ones(f.bytes * 8),
    variable: hasVariableLength(name),
  };
  carriers[set].set(name, made);
  return made;
}

/** Does the field's header have 8 bytes, those of an experimenter's? */
export function hasExperimenterHeader(name: FieldName, set: HeaderSet): boolean {
  return carrier(name, set).experimenter !== null;
}

/** Only the header, as in copy_field: 4 bytes, or 8 with an experimenter. */
export function writeHeader(writer: ByteWriter, name: FieldName, set: HeaderSet = '1.5'): void {
  const c = carrier(name, set);
  writer.u32(c.exact);
  if (c.experimenter !== null) writer.u32(c.experimenter);
}

/** The TLV of a set_field. A mask of all bits of all bytes is none. */
export function writeField(
  writer: ByteWriter,
  name: FieldName,
  value: bigint,
  mask: bigint | null,
  set: HeaderSet = '1.5',
): void {
  const c = carrier(name, set);
  writeTlv(writer, c, value, mask === c.whole ? null : mask);
}

/** Is a write under the mask one of all of the field, also where a mask cannot be sent? */
export function isWholeMask(name: FieldName, mask: bigint): boolean {
  return mask === carrier(name, 'NXM').whole || (name === 'vlan_vid' && mask === VID_WITH_PRESENT);
}

/** In OpenFlow a VLAN id has the bit for the presence of a tag above it. */
const VID_WITH_PRESENT = VLAN_PRESENT | 0xfffn;

/** Has a value of the field as many bytes as it needs, rather than a fixed number? */
export function hasVariableLength(name: FieldName): boolean {
  return name.startsWith('tun_metadata');
}

/** A field with its mask in the place of a value, as a group's selection names what is hashed; null is all bits. */
export function writeFieldMask(writer: ByteWriter, name: FieldName, mask: bigint | null): void {
  const c = carrier(name, '1.5');
  writer.u32(c.exact);
  if (c.experimenter !== null) writer.u32(c.experimenter);
  writer.uint(mask ?? c.whole, c.bytes);
}

/** The TLV, masked unless the mask is null. */
export function writeTlv(writer: ByteWriter, c: Carrier, value: bigint, mask: bigint | null): void {
  const bytes = c.variable ? Math.max(byteLength(value), byteLength(mask ?? 0n)) : c.bytes;
  const shorter = (c.bytes - bytes) * (mask === null ? 1 : 2);
  writer.u32((mask === null ? c.exact : c.masked) - shorter);
  if (c.experimenter !== null) writer.u32(c.experimenter);
  writer.uint(value, bytes);
  if (mask !== null) writer.uint(mask, bytes);
}

/** Bytes without leading zeros; 0 has none, and ovs-ofctl sends it so. */
function byteLength(value: bigint): number {
  return value === 0n ? 0 : Math.ceil(value.toString(16).length / 2);
}
