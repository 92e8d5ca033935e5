/** From the ways through a flow's matches to the flows that go to the switch. */
import { encodeMatch } from '../../ir/oxm.ts';
import type { Action, FlowMod, Instructions, MatchField } from '../../ir/types.ts';
import { VLAN_PRESENT } from '../../openflow/storage.ts';
import type { CheckedWay, ChosenTerm } from '../match-terms.ts';
import type { Located } from '../types.ts';
import { toValue } from './space.ts';
import { assemble } from './terms.ts';

/** One way through a match, with the actions as they are on it. */
export interface Way {
  readonly match: CheckedWay;
  readonly instructions: Instructions;
}

export type Method = 'cross' | 'conjunction' | 'alternatives';

/** What became of a flow that has sets or several matches: for reports, hover and JSON. */
export interface Expansion {
  readonly origin: FlowMod['origin'];
  /** As `FlowMod.name`. */
  readonly name: string | null;
  /** How many flows it is on the switch; some may be shared with other conjunctions. */
  readonly flows: number;
  readonly method: Method;
  /** The terms with several values. */
  readonly terms: readonly ExpandedTerm[];
}

export interface ExpandedTerm {
  readonly at: Located;
  /** In how many flows (or clauses) it is; for what is checked one by one, its values. */
  readonly values: number;
}

/** How many flows the product of the values is. */
export function crossSize({ match }: Way): bigint {
  return match.choices.reduce((product, { choice }) => product * choice.values.count, 1n);
}

/** How many flows a conjunction is: one for each value, and one with the actions. */
export function conjunctionSize({ match }: Way): bigint {
  return match.choices.reduce((sum, { choice }) => sum + choice.values.count, 1n);
}

/** The values of a choice as fields. */
function fieldsOf({ field, choice: { space, values } }: ChosenTerm): MatchField[] {
  return values.cubes().map((cube) => ({ field, ...toValue(space, cube) }));
}

/** The matches of the product, the last term's values in turn first. */
export function* crossProduct({ match }: Way): Generator<readonly MatchField[]> {
  const { choices, fixed, fields } = match;
  if (choices.length === 0) {
    yield fields;
    return;
  }
  const values = choices.map(fieldsOf);
  // Where every term has a field of its own, only that changes.
  const apart = fields.length === fixed.length + choices.length;
  const places = choices.map((c) => fields.findIndex((f) => f.field === c.field));
  const at = choices.map(() => 0);
  for (;;) {
    const chosen = values.map((v, i) => v[at[i] ?? 0]).filter((f) => f !== undefined);
    if (!apart) yield assemble(fixed, chosen);
    else {
      const made = [...fields];
      places.forEach((place, i) => {
        const f = chosen[i];
        if (f !== undefined) made[place] = f;
      });
      yield made;
    }
    let turn = at.length - 1;
    for (; turn >= 0; turn--) {
      at[turn] = (at[turn] ?? 0) + 1;
      if ((at[turn] ?? 0) < (values[turn]?.length ?? 0)) break;
      at[turn] = 0;
    }
    if (turn < 0) return;
  }
}

/**
 * What all packets of the way have in common: the terms with one value, and that there is a tag where every value of
 * another term says so. Actions need it where the values themselves are not.
 */
export function inCommon({ match: { fixed, choices } }: Way): readonly MatchField[] {
  const tagged = choices.some(({ field, value }) => field === 'vlan_vid' && (value & VLAN_PRESENT) !== 0n);
  if (!tagged) return fixed;
  return [...fixed, { field: 'vlan_vid', value: VLAN_PRESENT, mask: VLAN_PRESENT }];
}

/** The matches of each clause of a conjunction. Each has all that is in common, so that what they need is there. */
export function clauses(way: Way): readonly (readonly MatchField[])[][] {
  const common = inCommon(way);
  return way.match.choices.map((choice) => fieldsOf(choice).map((f) => assemble(common, [f])));
}

/** Actions of a flow of a clause. */
export function clauseInstructions(apply: readonly Action[]): Instructions {
  return { apply, clear: false, write: null, writeMetadata: null, goto: null };
}

/**
 * What a flow matches, as bytes that are the same however it is written: whatever the order of its terms, elements and
 * matches, and whatever it is expanded into. For a match without any of these, its `encodeMatch`.
 */
export function canonical(ways: readonly Way[]): Uint8Array {
  const parts = ways.map(canonicalWay);
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  return joined(distinct(parts.sort(compareBytes)), WAY);
}

/** No header of a term begins with these: its class would be one that nobody has. */
const WAY = Uint8Array.of(0xff, 0xfe, 0x00);
const CHOICE = Uint8Array.of(0xff, 0xfe, 0x01);
const VALUE = Uint8Array.of(0xff, 0xfe, 0x02);

function canonicalWay({ match: { fixed, choices, fields } }: Way): Uint8Array {
  if (choices.length === 0) return encodeMatch(fields);
  const sets = choices.map((c) => {
    const values = c.choice.values
      .canonical()
      .map((cube) => encodeMatch([{ field: c.field, ...toValue(c.choice.space, cube) }]));
    return joined(values, VALUE);
  });
  return joined([encodeMatch(assemble(fixed, [])), ...sets.sort(compareBytes)], CHOICE);
}

function joined(parts: readonly Uint8Array[], separator: Uint8Array): Uint8Array {
  const length = parts.reduce((sum, p) => sum + p.length + separator.length, 0);
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(separator, at);
    bytes.set(part, at + separator.length);
    at += part.length + separator.length;
  }
  return bytes;
}

function distinct(sorted: readonly Uint8Array[]): Uint8Array[] {
  return sorted.filter((p, i) => {
    const before = sorted[i - 1];
    return before === undefined || compareBytes(before, p) !== 0;
  });
}

export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
