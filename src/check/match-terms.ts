/** What the parts of the match checker tell each other. */
import type { RelationStatement, Statement } from '../../grammar/ast.ts';
import type { Sink } from '../diagnostics/define.ts';
import type { MatchField } from '../ir/types.ts';
import { field } from '../openflow/fields.ts';
import type { FieldName } from '../openflow/fields.ts';
import { valueName, valueNames } from '../openflow/names.ts';
import { VLAN_PRESENT } from '../openflow/storage.ts';
import { hex, showExpr, showValue } from './show.ts';
import type { Branches } from './sets/branches.ts';
import type { Choice, ValueClass } from './sets/choice.ts';
import type { Space } from './sets/space.ts';
import type { CheckedMatch, Located } from './types.ts';
import { isAddress } from './values.ts';

/** A term with where it stands. */
export interface Term extends MatchField {
  /** Of the name; of the word for what a protocol implies. */
  readonly at: Located;
  readonly statement: Statement;
  /** The field as the source calls it; the protocol where one implies it. */
  readonly shown: string;
  /** The protocol that implies it; null for a term of its own. */
  readonly protocol: string | null;
  /** Where it has several values that are checked alike: `value` and `mask` are then one of them. */
  readonly choice?: Chosen;
}

/** The values of a term. */
export interface Chosen {
  readonly space: Space;
  readonly values: ValueClass;
}

/** A match on one of the ways through it. */
export interface CheckedWay extends CheckedMatch {
  /** The terms with one value, in no order; those on bits of one field are one. */
  readonly fixed: readonly MatchField[];
  /** The terms with several values, in the order of the source; `fields` has the first of each. */
  readonly choices: readonly ChosenTerm[];
}

/** A term with several values that are checked alike. */
export type ChosenTerm = Term & { readonly choice: Chosen };

/** What the ways through one match have in common. */
export interface MatchWays {
  readonly branches: Branches;
  /** Masks may overlap where that makes fewer flows. */
  readonly overlapping: boolean;
  /** Sets that have been read, by their first statement and the field. */
  readonly read: Map<RelationStatement, Map<FieldName, Choice | null>>;
  /** For what is wrong with a set, whichever way is taken. */
  readonly once: Sink;
}

/** `tcp`, `ip_dst = 10.0.0.0/8`: the term as one would write it. Constants are shown by their values. */
export function showTerm(term: Term): string {
  if (term.statement.kind === 'command') return term.protocol ?? term.shown;
  if (term.choice !== undefined)
    return `${term.shown} ${term.statement.operator} ${showExpr(term.statement.value)}`;
  return term.protocol ?? `${term.shown} = ${asWritten(term) ?? byValue(term)}`;
}

function asWritten({ field: name, statement }: Term): string | null {
  if (statement.kind !== 'relation' || statement.operator !== '=') return null;
  const { value } = statement;
  const written = showExpr(value);
  if (value.kind === 'name') return valueName(field(name), written) === undefined ? null : written;
  return value.kind === 'int' || value.kind === 'flags' ? written : null;
}

function byValue({ field: name, value, mask }: Term): string {
  const f = field(name);
  if (f.format === 'frag') {
    const word = valueNames(f).find((w) => {
      const known = valueName(f, w);
      return known?.value === value && (known.mask ?? 3n) === (mask ?? 3n);
    });
    if (word !== undefined) return word;
  }
  if (mask === null && name === 'vlan_vid')
    return (value & VLAN_PRESENT) === 0n ? 'none' : (value & 0xfffn).toString();
  if (mask === null) return showValue(f, value);
  return `${showValue(f, value)}/${isAddress(f) ? showValue(f, mask) : hex(mask)}`;
}

/** `a`, `b` and `c`. */
export function listTerms(terms: readonly Term[]): string {
  const items = [...new Set(terms.map((t) => `\`${showTerm(t)}\``))];
  const last = items.pop() ?? '';
  return items.length === 0 ? last : `${items.join(', ')} and ${last}`;
}
