/** What values must be for flows to be alike. */
import type { Field } from '../../openflow/fields.ts';
import type { Skeleton } from './skeleton.ts';
import { HOLE } from './skeleton.ts';

/** What a value must be for the shape to fit. */
export interface Rule {
  readonly hole: number;
  readonly least: number;
  readonly most: number;
  /** Bits that must be 0, in two halves of 32 bits; of an IPv6 address they are those behind the prefix. */
  readonly highZero: number;
  readonly lowZero: number;
  /** Length of the prefix of an IPv6 address; 128 where there is no mask. */
  readonly prefix: number;
  /** Where the length of the prefix is; -1 where it is not among the holes. */
  readonly prefixHole: number;
  /** Must it be below 256, or not? null where that is all the same. */
  readonly small: boolean | null;
  /** A port, whose name may be a hole. */
  readonly port: boolean;
}

/** All rules alike, so that they are looked at quickly. */
export function rule(hole: number, least: number, most: number, more: Partial<Rule> = {}): Rule {
  const { highZero = 0, lowZero = 0, prefix = 128, prefixHole = -1 } = more;
  const { small = null, port = false } = more;
  return { hole, least, most, highZero, lowZero, prefix, prefixHole, small, port };
}

export const SAFE = Number.MAX_SAFE_INTEGER;

/** Up to here every number is a value of the field. */
export function largest({ bits, domain }: Field): number {
  const most = bits > 52 ? SAFE : 2 ** bits - 1;
  if (domain.kind === 'one of') return -1;
  if (domain.kind === 'forbidden bits') {
    const allowed = ~domain.bits & ((1n << BigInt(bits)) - 1n);
    return (allowed & (allowed + 1n)) === 0n ? Math.min(most, Number(allowed)) : -1;
  }
  return domain.kind === 'max' ? Math.min(most, Number(domain.max)) : most;
}

/** The number of the port that an interface has; null where there are too many. */
export type PortOf = (name: string) => number | null;

const HALF = 0x1_0000_0000;

/** Do the values in the holes keep the rules? Names of ports become their numbers. */
export function keeps(rules: readonly Rule[], skeleton: Skeleton, portOf: PortOf): boolean {
  const { values, kinds } = skeleton;
  for (const rule of rules) {
    const { hole } = rule;
    if (rule.port && kinds[hole] === HOLE.name) {
      // From here on the hole is a port.
      const port = portOf(skeleton.names[values[hole] ?? 0] ?? '');
      if (port === null) return false;
      values[hole] = port;
      kinds[hole] = HOLE.decimal;
    }
    if (kinds[hole] === HOLE.ipv6) {
      const prefix = rule.prefixHole === -1 ? rule.prefix : (values[rule.prefixHole] ?? 0);
      if (prefix < 1 || prefix > 128 || (prefix === 128 && rule.prefixHole !== -1)) return false;
      if (prefix < 128 && !endsWithZeros(skeleton, hole, prefix)) return false;
      continue;
    }
    if (kinds[hole] === HOLE.wide) continue;
    const value = values[hole] ?? 0;
    if (value < rule.least || value > rule.most) return false;
    if (rule.prefixHole !== -1) {
      const prefix = values[rule.prefixHole] ?? 0;
      if (prefix < 1 || prefix > 31 || value % 2 ** (32 - prefix) !== 0) return false;
      continue;
    }
    if (rule.lowZero !== 0 && ((value % HALF) & rule.lowZero) !== 0) return false;
    if (rule.highZero !== 0 && (Math.floor(value / HALF) & rule.highZero) !== 0) return false;
    if (rule.small !== null && value < 256 !== rule.small) return false;
  }
  return true;
}

/** Are the bits behind the prefix of the address 0? */
function endsWithZeros({ groups }: Skeleton, hole: number, prefix: number): boolean {
  for (let i = prefix >> 4; i < 8; i++) {
    const bits = i === prefix >> 4 ? prefix & 15 : 0;
    if (((groups[hole * 8 + i] ?? 0) & (0xffff >> bits)) !== 0) return false;
  }
  return true;
}
