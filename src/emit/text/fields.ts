/** Writes to fields in the words of ovs-ofctl: `set_field` where it says what is meant in the version, else `load`. */
import type { Action, SubfieldRef } from '../../ir/types.ts';
import type { Field, FieldName } from '../../openflow/fields.ts';
import { field } from '../../openflow/fields.ts';
import type { OpenFlowVersion } from '../../openflow/types.ts';
import type { BitRun } from './match.ts';
import { bitRuns } from './match.ts';
import type { Dialect } from './names.ts';
import { hex, isReadableMask, subfieldText, valueText } from './values.ts';

type SetField = Extract<Action, { kind: 'set_field' }>;

/** Fields that OpenFlow 1.0 and 1.1 have actions of their own for, which write all of the field. */
const LEGACY: ReadonlySet<FieldName> = new Set([
  'eth_src',
  'eth_dst',
  'vlan_vid',
  'vlan_pcp',
  'ip_src',
  'ip_dst',
  'ip_dscp',
  'nw_tos',
  'tcp_src',
  'tcp_dst',
  'udp_src',
  'udp_dst',
  'sctp_src',
  'sctp_dst',
] satisfies FieldName[]);

/** Bits that OpenFlow wants in the value of vlan_vid, and that are no part of the field. */
const isPresentBit = (f: Field, mask: bigint): boolean => f.name === 'vlan_vid' && mask === 0x1fffn;

/** One action, or several that come to the same. */
export function setFieldText({ field: name, value, mask }: SetField, words: Dialect): string {
  const f = field(name);
  if (words.version === '1.0' || words.version === '1.1') return oldText(f, value, mask, words);
  if (mask === null || takesMask(f, mask, words.version))
    return `set_field:${valueText(f, value, isPresentBit(f, mask ?? 0n) && words.version !== '1.5' ? null : mask, words)}->${name}`;
  return bitRuns(mask).map((run) => loadText(f, value, run)).join(',');
}

/**
 * In the oldest versions set_field loses its mask where there is an action for the field, and in 1.1 exists for such
 * fields only; for vlan_tci it becomes two actions with another meaning.
 */
function oldText(f: Field, value: bigint, mask: bigint | null, words: Dialect): string {
  const whole = mask === null || isPresentBit(f, mask) || mask === (1n << BigInt(f.bits)) - 1n;
  if (whole && LEGACY.has(f.name)) return `set_field:${valueText(f, value, null, words)}->${f.name}`;
  const runs = whole ? [{ offset: 0, bits: f.bits }] : bitRuns(mask);
  return runs.map((run) => loadText(f, value, run)).join(',');
}

function loadText(f: Field, value: bigint, { offset, bits }: BitRun): string {
  return `load:${hex(BigInt.asUintN(bits, value >> BigInt(offset)))}->${subfieldText(f, offset, bits)}`;
}

/**
 * Does ovs-ofctl take the mask in a set_field? Otherwise it may take the same as ranges of bits of a `load`, which it
 * sends as a masked set_field, too.
 */
export function takesMask(f: Field, mask: bigint, version: OpenFlowVersion): boolean {
  return f.maskable && isReadableMask(f, mask) && (version === '1.5' || f.name !== 'vlan_vid' || isPresentBit(f, mask));
}

export function refText({ field: name, offset, bits }: SubfieldRef): string {
  return subfieldText(field(name), offset, bits);
}
