/** Which flows of one table and priority a packet could match too: for `check_overlap`. */
import type { MatchField } from '../ir/types.ts';
import { field } from '../openflow/fields.ts';
import { storage, toStorage } from '../openflow/storage.ts';
import type { FlowPlace } from './repeats.ts';

/** Per unit of storage, the bits that a match looks at and what it wants them to be. */
export type Bits = ReadonlyMap<string, { readonly value: bigint; readonly mask: bigint }>;

/** Flows that look at the same bits; by what they want them to be. */
interface Alike {
  readonly bits: Bits;
  readonly flows: Map<string, { readonly bits: Bits; readonly place: FlowPlace }>;
}

/** The flows of one table and priority. */
export class Peers {
  private readonly alike = new Map<string, Alike>();
  private readonly waiting: { readonly match: readonly MatchField[]; readonly place: FlowPlace }[] = [];

  add(match: readonly MatchField[], place: FlowPlace): void {
    this.waiting.push({ match, place });
  }

  /** An earlier flow that shares a packet with this match, or null. */
  find(match: readonly MatchField[]): FlowPlace | null {
    // Most flows are never asked about.
    for (const { match: m, place } of this.waiting.splice(0)) this.sort(bitsOfMatch(m), place);
    const bits = bitsOfMatch(match);
    for (const { bits: looked, flows } of this.alike.values()) {
      if (covers(bits, looked)) {
        const found = flows.get(valuesUnder(bits, looked));
        if (found !== undefined) return found.place;
      } else {
        for (const flow of flows.values()) if (compatible(bits, flow.bits)) return flow.place;
      }
    }
    return null;
  }

  private sort(bits: Bits, place: FlowPlace): void {
    const key = [...bits].map(([unit, { mask }]) => `${unit}/${mask}`).join();
    let alike = this.alike.get(key);
    if (alike === undefined) this.alike.set(key, (alike = { bits, flows: new Map() }));
    const values = valuesUnder(bits, bits);
    if (!alike.flows.has(values)) alike.flows.set(values, { bits, place });
  }
}

export function bitsOfMatch(match: readonly MatchField[]): Bits {
  const bits = new Map<string, { value: bigint; mask: bigint }>();
  // Every packet is Ethernet unless the match says otherwise.
  if (!match.some((t) => t.field === 'packet_type'))
    bits.set('packet_type', { value: 0n, mask: 0xffff_ffffn });
  for (const term of match) {
    const f = field(term.field);
    const { unit, width, drop, implies, port } = storage(f);
    // OpenFlow 1.0 §5.2.3: dl_vlan = 0xffff is "no VLAN id".
    const untagged = term.field === 'dl_vlan' && term.value === 0xffffn;
    const whole = port ? 0xffff_ffffn : toStorage(f, (1n << BigInt(width + drop)) - 1n);
    const mask = (term.mask === null ? whole : toStorage(f, term.mask)) | implies;
    const value = untagged ? 0n : (toStorage(f, term.value) | implies) & mask;
    const known = bits.get(unit);
    bits.set(unit, { value: value | (known?.value ?? 0n), mask: mask | (known?.mask ?? 0n) });
  }
  return bits;
}

/** Does the first look at every bit that the second looks at? */
function covers(a: Bits, b: Bits): boolean {
  for (const [unit, { mask }] of b) if ((mask & ~(a.get(unit)?.mask ?? 0n)) !== 0n) return false;
  return true;
}

function valuesUnder(bits: Bits, looked: Bits): string {
  return [...looked].map(([unit, { mask }]) => (bits.get(unit)?.value ?? 0n) & mask).join();
}

/** Could one packet match both? */
export function compatible(a: Bits, b: Bits): boolean {
  for (const [unit, { value, mask }] of a) {
    const other = b.get(unit);
    if (other !== undefined && ((value ^ other.value) & mask & other.mask) !== 0n) return false;
  }
  return true;
}
