/**
 * Where registers that have a width and no place go: pure.
 *
 * The sixteen 32-bit registers of Open vSwitch are one row of 512 bits, in which `xreg0` is `reg0` and `reg1`, the first
 * in the high half, and `xxreg0` is `reg0` to `reg3` (ovs-fields(7), "Registers").
 */
import { field, fieldByName } from '../openflow/fields.ts';
import type { FieldName } from '../openflow/fields.ts';
import { storage } from '../openflow/storage.ts';
import type { SubfieldRef } from '../ir/types.ts';

/** Some of the 512 bits. */
export type RegisterBits = bigint;

/** How many 32-bit registers there are. */
export const REGISTERS = 16;
/** The widest one, an `xxreg`. */
export const MAX_WIDTH = 128;

const REGISTER = /^x{0,2}reg\d+$/;

/** Is it a register, of whatever width? */
export function isRegister(name: string): boolean {
  return REGISTER.test(name);
}

/** The bits of the row that a part of a register is; none where it is no register. */
export function bitsOf({ field: name, offset, bits }: SubfieldRef): RegisterBits {
  if (!isRegister(name)) return 0n;
  const { unit, offset: base } = storage(field(name));
  const at = Number(unit.slice('xxreg'.length)) * 128 + base + offset;
  return ((1n << BigInt(bits)) - 1n) << BigInt(at);
}

/** All bits of a register by any of its names; none where it is no register. */
export function bitsOfName(name: string): RegisterBits {
  const known = fieldByName(name);
  return known === undefined ? 0n : bitsOf({ field: known.name, offset: 0, bits: known.bits });
}

/**
 * Where a register of that width may be, the first choice first: within one `reg` at a multiple of the next power of
 * two, so that those of 16 bits are halves; above 32 bits the low end of an `xreg`, above 64 that of an `xxreg`.
 */
export function* places(width: number): Generator<SubfieldRef> {
  const [prefix, size] = width <= 32 ? ['', 32] : width <= 64 ? ['x', 64] : ['xx', 128];
  let step = 1;
  while (step < width) step *= 2;
  for (let n = 0; n < (REGISTERS * 32) / size; n++) {
    const name = `${prefix}reg${n}` as FieldName;
    for (let offset = 0; offset + width <= size; offset += step) yield { field: name, offset, bits: width };
  }
}

export interface WantedRegister {
  readonly bits: number;
  /** Where it was; null for a new one. */
  readonly kept: SubfieldRef | null;
}

/** Places for all, in their order; null for those for which there is none left. `taken` goes to nobody. */
export function placeRegisters(
  wanted: readonly WantedRegister[],
  taken: RegisterBits,
): (SubfieldRef | null)[] {
  const found = new Array<SubfieldRef | null>(wanted.length).fill(null);
  let used = taken;
  const take = (i: number, at: SubfieldRef): boolean => {
    const bits = bitsOf(at);
    if (bits === 0n || (used & bits) !== 0n) return false;
    used |= bits;
    found[i] = at;
    return true;
  };
  wanted.forEach(({ kept, bits }, i) => {
    if (kept?.bits === bits) take(i, kept);
  });
  // The widest first, or the narrow ones would leave no whole register.
  const rest = wanted.map((_, i) => i).filter((i) => found[i] === null);
  rest.sort((a, b) => (wanted[b]?.bits ?? 0) - (wanted[a]?.bits ?? 0) || a - b);
  for (const i of rest) {
    for (const at of places(wanted[i]?.bits ?? 0)) if (take(i, at)) break;
  }
  return found;
}

/** `reg3[0..15]`, `xreg1`. */
export function showPlace({ field: name, offset, bits }: SubfieldRef): string {
  if (bits === field(name).bits) return name;
  return bits === 1 ? `${name}[${offset}]` : `${name}[${offset}..${offset + bits - 1}]`;
}
