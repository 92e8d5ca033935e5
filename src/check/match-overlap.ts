/** Two terms of a match that look at the same bits. */
import { contradiction, duplicateField } from '../diagnostics/codes/match.ts';
import { field } from '../openflow/fields.ts';
import type { Field } from '../openflow/fields.ts';
import { fromStorage, storage, toStorage, VLAN_PRESENT } from '../openflow/storage.ts';
import type { MatchField } from '../ir/types.ts';
import { fullMask } from './domain.ts';
import { showTerm } from './match-terms.ts';
import type { Term } from './match-terms.ts';
import { label, report } from './report.ts';
import type { Reporter } from './report.ts';

/**
 * What an earlier term and a later one have in common: nothing, the same said in two ways (`tcp` and `ip_proto = 6`),
 * a field matched twice, or terms that no packet satisfies.
 */
export type Overlap = 'none' | 'same' | 'twice' | 'contradiction';

export function overlapOf(earlier: Term, later: Term): Overlap {
  const f = field(earlier.field);
  const g = field(later.field);
  const { unit } = storage(f);
  if (unit !== storage(g).unit) return 'none';
  if (deniesTag(earlier, g) || deniesTag(later, f)) return 'contradiction';
  const common = bitsOf(f, earlier.mask) & bitsOf(g, later.mask);
  // Terms on bits of one field become one: `vlan_vid[0..3] = 1; vlan_vid[8..11] = 2`, both of which want a tag.
  const joined = f === g && earlier.mask !== null && later.mask !== null;
  if (
    joined &&
    unit === 'vlan_tci' &&
    common === VLAN_PRESENT &&
    (earlier.value & later.value & common) !== 0n
  )
    return 'none';
  if (common === 0n) return !joined && coversNumber(earlier) && coversNumber(later) ? 'twice' : 'none';
  if (earlier.protocol === null) return 'twice';
  return earlier.value === later.value && later.mask === null ? 'same' : 'contradiction';
}

/** The bits of its unit that a term looks at, the present bit that some imply aside. */
function bitsOf(f: Field, mask: bigint | null): bigint {
  const { width, offset, port } = storage(f);
  if (port || mask === null) return ((1n << BigInt(width)) - 1n) << BigInt(offset);
  return toStorage(f, mask);
}

/** The number of a tag with its present bit, which ovs-ofctl sets as a whole: of two such terms the last wins. */
const NUMBER = VLAN_PRESENT | 0xfffn;

function coversNumber({ field: name, mask }: Term): boolean {
  if (mask === 0n) return false;
  return (
    name === 'vlan_vid' || name === 'dl_vlan' || (name === 'vlan_tci' && ((mask ?? NUMBER) & NUMBER) !== 0n)
  );
}

/** Does the term ask for packets without a tag, while the other field is a part of one? `vlan_pcp` has a prerequisite to say so. */
function deniesTag(term: Term, part: Field): boolean {
  if (storage(part).implies !== VLAN_PRESENT || part.name === 'vlan_pcp') return false;
  if (term.field !== 'vlan_vid' && term.field !== 'vlan_tci') return false;
  return ((term.mask ?? VLAN_PRESENT) & ~term.value & VLAN_PRESENT) !== 0n;
}

/**
 * The terms as fields, with those on a register put into the term on a wider one that contains it: ovs-ofctl writes all
 * of `xreg0` where it reads some bits of it, and what `reg0` said before would be lost.
 */
export function joinRegisters(terms: readonly MatchField[]): MatchField[] {
  const joined: MatchField[] = [];
  // The widest first.
  const plain = terms.map(({ field: name, value, mask }) => ({ field: name, value, mask }));
  for (const term of plain.sort((a, b) => field(b.field).bits - field(a.field).bits)) {
    const f = field(term.field);
    const at = storage(f).unit.startsWith('xxreg')
      ? joined.findIndex((t) => contains(field(t.field), f))
      : -1;
    const wider = joined[at];
    if (wider === undefined) {
      joined.push(term);
      continue;
    }
    const g = field(wider.field);
    const lower = (v: bigint): bigint => fromStorage(g, toStorage(f, v));
    const mask = (wider.mask ?? fullMask(g)) | lower(term.mask ?? fullMask(f));
    joined[at] = {
      field: wider.field,
      value: wider.value | lower(term.value),
      mask: mask === fullMask(g) ? null : mask,
    };
  }
  return joined;
}

/** Is every bit of the second a bit of the first? */
function contains(outer: Field, inner: Field): boolean {
  const [a, b] = [storage(outer), storage(inner)];
  return a.unit === b.unit && a.offset <= b.offset && a.offset + a.width >= b.offset + b.width;
}

const LAST_WINS = 'ovs-ofctl does not refuse it: it lets the last of them win';

export function reportContradiction(ctx: Reporter, a: Term, b: Term): void {
  // Protocols are looked at first, wherever they stand.
  const [earlier, later] = a.at.span.start < b.at.span.start ? [a, b] : [b, a];
  const [left, right] = [showTerm(earlier), showTerm(later)];
  const sameUnit = storage(field(earlier.field)).unit === storage(field(later.field)).unit;
  report(ctx, contradiction, { left, right }, later.statement.span, {
    switchError: earlier.field === later.field ? 'OFPBMC_DUP_FIELD' : 'OFPBMC_BAD_PREREQ',
    related: [label(earlier.at, `the match says \`${left}\` here`)],
    notes: sameUnit ? [LAST_WINS] : [],
  });
}

export function reportTwice(ctx: Reporter, earlier: Term, later: Term): void {
  const equal = earlier.field === later.field && earlier.value === later.value && earlier.mask === later.mask;
  const same = earlier.field === later.field && isWhole(earlier) && isWhole(later);
  report(ctx, duplicateField, { field: later.shown, other: earlier.shown, equal, same }, later.at.span, {
    related: [label(earlier.at, 'first matched here')],
    notes: [LAST_WINS],
  });
}

/** Not some bits of the field only. */
function isWhole({ statement }: Term): boolean {
  return (
    statement.kind === 'relation' && statement.target.kind === 'name' && statement.target.subfield === null
  );
}
