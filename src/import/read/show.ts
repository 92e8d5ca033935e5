/** Terms in messages. */
import type { MatchField } from '../../ir/types.ts';
import type { Field } from '../../openflow/fields.ts';
import { field } from '../../openflow/fields.ts';

/** The value of a term, with its mask. */
export function showTerm({ field: name, value, mask }: MatchField): string {
  const f = field(name);
  if (mask === null) return f.format === 'decimal' ? value.toString() : showBits(f, value);
  return `${showBits(f, value)}/${showBits(f, mask)}`;
}

function showBits(f: Field, value: bigint): string {
  if (f.format === 'IPv4') return [24n, 16n, 8n, 0n].map((s) => ((value >> s) & 0xffn).toString()).join('.');
  if (f.format === 'Ethernet')
    return value
      .toString(16)
      .padStart(12, '0')
      .replace(/(..)(?!$)/g, '$1:');
  return `0x${value.toString(16)}`;
}
