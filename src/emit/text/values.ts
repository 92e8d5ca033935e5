/** Values of fields as ovs-ofctl reads them. */
import type { Field } from '../../openflow/fields.ts';
import { flagBits } from '../../openflow/names.ts';
import type { Dialect } from './names.ts';
import { portText } from './names.ts';

export function hex(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}

const bytesOf = (value: bigint, bytes: number): string => value.toString(16).padStart(bytes * 2, '0');

export function macText(value: bigint): string {
  return bytesOf(value, 6).replace(/(..)(?!$)/g, '$1:');
}

export function ipv4Text(value: bigint): string {
  const n = Number(value);
  return `${n >>> 24}.${(n >>> 16) & 0xff}.${(n >>> 8) & 0xff}.${n & 0xff}`;
}

/** The form of RFC 5952: no leading zeros, the first of the longest runs of zeros (of two or more) as `::`. */
export function ipv6Text(value: bigint): string {
  const groups = (bytesOf(value, 16).match(/.{4}/g) ?? []).map((g) => parseInt(g, 16).toString(16));
  let best = { start: 0, length: 1 };
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (groups[end] === '0') end++;
    if (end - start > best.length) best = { start, length: end - start };
  }
  if (best.length < 2) return groups.join(':');
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`;
}

/** The length of a mask that is a run of ones from the top, else undefined. */
function prefixLength(mask: bigint, bits: number): number | undefined {
  const inverted = ~mask & ((1n << BigInt(bits)) - 1n);
  if ((inverted & (inverted + 1n)) !== 0n) return undefined;
  return inverted === 0n ? bits : bits - inverted.toString(2).length;
}

/** `value` or `value/mask`, for a match and for set_field alike. */
export function valueText(f: Field, value: bigint, mask: bigint | null, words: Dialect): string {
  switch (f.format) {
    case 'Ethernet':
      return mask === null ? macText(value) : `${macText(value)}/${macText(mask)}`;
    case 'IPv4':
      return mask === null ? ipv4Text(value) : `${ipv4Text(value)}/${addressMask(mask, 32, ipv4Text)}`;
    case 'IPv6':
      return mask === null ? ipv6Text(value) : `${ipv6Text(value)}/${addressMask(mask, 128, ipv6Text)}`;
    case 'OpenFlow 1.0 port':
    case 'OpenFlow 1.1+ port':
      return portText(Number(value), words);
    case 'packet type':
      return `(${Number(value >> 16n)},${hex(value & 0xffffn)})`;
    case 'decimal':
      return mask === null ? value.toString() : `${hex(value)}/${hex(mask)}`;
    case 'ct state':
    case 'TCP flags':
    case 'tunnel flags':
    case 'frag':
    case 'hexadecimal':
      return mask === null ? hex(value) : `${hex(value)}/${hex(mask)}`;
  }
}

function addressMask(mask: bigint, bits: number, text: (value: bigint) => string): string {
  const length = prefixLength(mask, bits);
  return length === undefined ? text(mask) : String(length);
}

/**
 * Does ovs-ofctl (3.1.0) read the mask that `valueText` writes? An IPv6 mask that begins with a decimal digit, such
 * as `7fff::`, is taken for the length of a prefix, and refused for what follows.
 */
export function isReadableMask(f: Field, mask: bigint): boolean {
  if (f.format !== 'IPv6' || prefixLength(mask, 128) !== undefined) return true;
  return !/^\d/.test(ipv6Text(mask));
}

/** `+trk-inv`; undefined where a bit of the mask has no name. */
export function flagsText(f: Field, value: bigint, mask: bigint): string | undefined {
  let rest = mask;
  let text = '';
  for (const [name, bit] of flagBits(f) ?? []) {
    if ((mask & bit) === 0n) continue;
    text += `${(value & bit) === 0n ? '-' : '+'}${name}`;
    rest &= ~bit;
  }
  return rest === 0n && text !== '' ? text : undefined;
}

/** `field[a..b]` in the shortest way: `field[]` is all of it. */
export function subfieldText(f: Field, offset: number, bits: number): string {
  if (offset === 0 && bits === f.bits) return `${f.name}[]`;
  return bits === 1 ? `${f.name}[${offset}]` : `${f.name}[${offset}..${offset + bits - 1}]`;
}
