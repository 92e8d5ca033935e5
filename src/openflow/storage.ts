/**
 * Which bits of the packet or the pipeline a field stands for.
 *
 * Several names may mean the same bits: `xreg0` is `reg0` and `reg1`, `vlan_tci` contains `vlan_vid`, `nw_tos` is
 * `ip_dscp` moved up by two. Every field therefore maps to one range of one *unit*. Two fields overlap where
 * their ranges in the same unit do; an encoder writes all terms of a unit into one value and one mask and then
 * cuts out what it sends.
 *
 * A value `v` of the field lies in its unit as `((v >> drop) & ones(width)) << offset`.
 */
import { field, FIELDS } from './fields.ts';
import type { Field, FieldName } from './fields.ts';
import { portTo16, portTo32 } from './ports.ts';
import type { OpenFlowVersion } from './types.ts';

export interface Storage {
  /** The store: `xxreg0`, `vlan_tci`, `ip_tos`, `in_port` or, where nothing is shared, the field's own name. */
  readonly unit: string;
  /** Lowest bit of the range in the unit, 0 being the least significant. */
  readonly offset: number;
  /** Bits of the range. `vlan_vid` has 13: its value on the wire carries the present bit. */
  readonly width: number;
  /** Low bits of the field's value that stand for nothing: 2 in `nw_tos`, whose ECN bits must be zero. */
  readonly drop: number;
  /**
   * Bits of the unit, besides the range, that a match on the field sets to 1. `dl_vlan = 5` means "tagged and
   * VLAN 5", so it includes the present bit; `vlan_vid` carries that bit in its own value.
   */
  readonly implies: bigint;
  /** 16-bit numbers from 0xff00 stand for 32-bit ones from 0xffffff00: convert with `portTo32`, do not shift. */
  readonly port: boolean;
}

/** The bit of a tag control word that says "there is a tag" (`CFI` in 802.1Q, OFPVID_PRESENT in OpenFlow). */
export const VLAN_PRESENT = 0x1000n;

const range = (unit: string, offset: number, width: number, more: Partial<Storage> = {}): Storage => ({
  unit,
  offset,
  width,
  drop: 0,
  implies: 0n,
  port: false,
  ...more,
});

const SHARED: Readonly<Partial<Record<FieldName, Storage>>> = {
  in_port: range('in_port', 0, 16, { port: true }),
  in_port_oxm: range('in_port', 0, 32, { port: true }),
  vlan_tci: range('vlan_tci', 0, 16),
  vlan_vid: range('vlan_tci', 0, 13),
  dl_vlan: range('vlan_tci', 0, 12, { implies: VLAN_PRESENT }),
  vlan_pcp: range('vlan_tci', 13, 3, { implies: VLAN_PRESENT }),
  dl_vlan_pcp: range('vlan_tci', 13, 3, { implies: VLAN_PRESENT }),
  nw_tos: range('ip_tos', 2, 6, { drop: 2 }),
  ip_dscp: range('ip_tos', 2, 6),
  nw_ecn: range('ip_tos', 0, 2),
};

/** A register's place in the 128-bit one that contains it: the lower its number, the higher its bits. */
function register(name: string): Storage | undefined {
  const [, x, n] = /^(x{0,2})reg(\d+)$/.exec(name) ?? [];
  if (x === undefined || n === undefined) return undefined;
  const width = 32 << x.length;
  const perUnit = 128 / width;
  const index = Number(n);
  return range(`xxreg${Math.floor(index / perUnit)}`, 128 - width * ((index % perUnit) + 1), width);
}

const cache: Storage[] = [];

/** Where the bits of a field are kept. */
export function storage(f: Field): Storage {
  return (cache[f.id] ??= SHARED[f.name] ?? register(f.name) ?? range(f.name, 0, f.bits));
}

/** Do the two fields have a bit in common? Both forms of the port number do, whatever their widths. */
export function overlap(a: Field, b: Field): boolean {
  const x = storage(a);
  const y = storage(b);
  return x.unit === y.unit && x.offset < y.offset + y.width && y.offset < x.offset + x.width;
}

/** The other fields that share a bit with this one. */
export function overlaps(f: Field): readonly Field[] {
  return FIELDS.filter((other) => other !== f && overlap(f, other));
}

/** A value (or mask) of the field, on the wire's terms, as bits of its unit. */
export function toStorage(f: Field, value: bigint): bigint {
  const s = storage(f);
  const placed = s.port && s.width === 16 ? BigInt(portTo32(Number(value))) : value >> BigInt(s.drop);
  const width = s.port ? 32 : s.width;
  return BigInt.asUintN(width, placed) << BigInt(s.offset);
}

/** The reverse of `toStorage`: the field's part of the unit's bits. */
export function fromStorage(f: Field, bits: bigint): bigint {
  const s = storage(f);
  if (s.port) return s.width === 16 ? BigInt(portTo16(Number(bits)) ?? 0xffff) : bits;
  return BigInt.asUintN(s.width, bits >> BigInt(s.offset)) << BigInt(s.drop);
}

/**
 * The fields under whose headers ovs-ofctl sends a match on the unit, in wire order. OpenFlow 1.5 has standard
 * 64-bit registers, and no others are used there.
 */
export function carriers(unit: string, version: OpenFlowVersion): readonly Field[] {
  const extensible = version !== '1.0' && version !== '1.1';
  if (unit === 'in_port') return [field(extensible ? 'in_port_oxm' : 'in_port')];
  if (unit === 'vlan_tci') return extensible ? [field('vlan_vid'), field('vlan_pcp')] : [field('vlan_tci')];
  if (unit === 'ip_tos') return [field(extensible ? 'ip_dscp' : 'nw_tos'), field('nw_ecn')];
  const width = version === '1.5' ? 64 : 32;
  return FIELDS.filter((f) => {
    const s = storage(f);
    return s.unit === unit && (s.width === width || !unit.startsWith('xxreg'));
  });
}
