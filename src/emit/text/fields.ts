/** Writes to fields in the words of ovs-ofctl: `set_field` where it says what is meant in the version, else `load`. */
import { isWholeMask, ones } from '../../ir/tlv.ts';
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

/** One action, or several that come to the same. */
export function setFieldText({ field: name, value, mask }: SetField, words: Dialect): string {
  const f = field(name);
  const { version } = words;
  const old = version === '1.0' || version === '1.1';
  const whole = mask === null || isWhole(f, mask, version);
  if (old ? whole && LEGACY.has(name) : whole || takesMask(f, mask, version))
    return `set_field:${valueText(f, value, whole ? null : mask, words)}->${name}`;
  return bitRuns(whole ? ones(f.bits) : mask & ones(f.bits))
    .map((run) => loadText(f, value, run))
    .join(',');
}

/** Does ovs-ofctl send in that version no more for the mask than for none? */
function isWhole(f: Field, mask: bigint, version: OpenFlowVersion): boolean {
  if (version === '1.5') return false;
  if (version === '1.0' || version === '1.1') return (mask & ones(f.bits)) === ones(f.bits);
  return isWholeMask(f.name, mask);
}

function loadText(f: Field, value: bigint, { offset, bits }: BitRun): string {
  return `load:${hex(BigInt.asUintN(bits, value >> BigInt(offset)))}->${subfieldText(f, offset, bits)}`;
}

/**
 * Does ovs-ofctl take the mask in a set_field? Otherwise it may take the same as ranges of bits of a `load`. It sends
 * both as a masked set_field in OpenFlow 1.5 and as loads before, where the presence of a tag is no bit to load.
 */
export function takesMask(f: Field, mask: bigint, version: OpenFlowVersion): boolean {
  return f.maskable && isReadableMask(f, mask) && (version === '1.5' || (mask & ~ones(f.bits)) === 0n);
}

export function refText({ field: name, offset, bits }: SubfieldRef): string {
  return subfieldText(field(name), offset, bits);
}
