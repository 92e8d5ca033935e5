/** What the parts of the match checker tell each other. */
import type { Statement } from '../../grammar/ast.ts';
import type { MatchField } from '../ir/types.ts';
import { field } from '../openflow/fields.ts';
import { nameOfValue } from '../openflow/names.ts';
import { hex, showValue } from './show.ts';
import type { Located } from './types.ts';

/** A term with where it stands. */
export interface Term extends MatchField {
  /** Of the name; of the word for what a protocol implies. */
  readonly at: Located;
  readonly statement: Statement;
  /** The field as the source calls it; the protocol where one implies it. */
  readonly shown: string;
  /** The protocol that implies it; null for a term of its own. */
  readonly protocol: string | null;
}

/** `tcp`, `ip_dst = 10.0.0.0/8`: the term as one would write it. */
export function showTerm(term: Term): string {
  if (term.protocol !== null) return term.protocol;
  const f = field(term.field);
  const { value, mask } = term;
  if (f.name === 'vlan_vid' && mask === null)
    return `${term.shown} = ${value === 0n ? 'none' : value & 0xfffn}`;
  if (f.name === 'packet_type') return `${term.shown} = ${nameOfValue(f, value) ?? hex(value)}`;
  const shown = showValue(f, value);
  if (mask === null) return `${term.shown} = ${shown}`;
  return `${term.shown} = ${shown}/${f.format === 'IPv4' || f.format === 'IPv6' || f.format === 'Ethernet' ? showValue(f, mask) : hex(mask)}`;
}

/** `a`, `b` and `c`. */
export function listTerms(terms: readonly Term[]): string {
  const items = [...new Set(terms.map((t) => `\`${showTerm(t)}\``))];
  const last = items.pop() ?? '';
  return items.length === 0 ? last : `${items.join(', ')} and ${last}`;
}
