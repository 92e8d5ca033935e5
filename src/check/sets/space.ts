/** The numbers that a set is about: the bits of a field, or some of them, as one number. */
import type { Field } from '../../openflow/fields.ts';
import { VLAN_PRESENT } from '../../openflow/storage.ts';
import type { Cube } from '../../ir/prefixes.ts';
import { ones } from '../domain.ts';
import type { ResolvedField } from '../types.ts';
import type { FieldValue } from '../values.ts';

export interface Space {
  readonly field: Field;
  /** Bits of the number. */
  readonly width: number;
  /** Where its lowest bit is in the field. */
  readonly shift: bigint;
  /** The number is the whole field. */
  readonly whole: boolean;
}

/** Bits of ct_state that mean something. */
const CT_STATE_BITS = 8;
/** `vlan_vid` goes with its present bit, since "no tag" is one of its values. */
const VLAN_BITS = 13;

export function spaceOf({ field, subfield }: ResolvedField): Space {
  if (field.name === 'vlan_vid') return { field, width: VLAN_BITS, shift: 0n, whole: true };
  if (subfield !== null) {
    return { field, width: subfield.bits, shift: BigInt(subfield.offset), whole: false };
  }
  return { field, width: field.name === 'ct_state' ? CT_STATE_BITS : field.bits, shift: 0n, whole: true };
}

/** The value of a field as numbers of the space. */
export function toCube({ field, width, shift }: Space, { value, mask }: FieldValue): Cube {
  const all = ones(width);
  const looked = mask === null ? all : (mask >> shift) & all;
  // Without a tag there is no number to look at.
  if (field.name === 'vlan_vid' && (looked & ~value & VLAN_PRESENT) !== 0n)
    return { value: 0n, mask: VLAN_PRESENT };
  return { value: (value >> shift) & looked, mask: looked };
}

/** And back: as it is matched. */
export function toValue({ field, width, shift, whole }: Space, { value, mask }: Cube): FieldValue {
  if (field.name === 'vlan_vid' && value === 0n && mask === VLAN_PRESENT) return { value, mask: null };
  if (whole && mask === ones(width)) return { value, mask: null };
  return { value: value << shift, mask: mask << shift };
}

/** The bits of the field that a term over the space may look at; null for all of them. */
export function lookedAt({ width, shift, whole }: Space): bigint | null {
  return whole ? null : ones(width) << shift;
}
