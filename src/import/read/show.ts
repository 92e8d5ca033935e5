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
  if (f.format === 'IPv6') return ipv6Text(value);
  return `0x${value.toString(16)}`;
}

/** With the first of the longest runs of zeros as `::`. */
function ipv6Text(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16),
  );
  let start = 0;
  let length = 1;
  for (let at = 0; at < 8; at++) {
    let end = at;
    while (groups[end] === '0') end++;
    if (end - at > length) [start, length] = [at, end - at];
  }
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}
