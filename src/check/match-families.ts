/** Connection tracking fields that go with one address family: the switch wants the match to say which (seen on OVS 3.1.0). */
import type { Block } from '../../grammar/ast.ts';
import { trackedFamily } from '../diagnostics/codes/match.ts';
import { field } from '../openflow/fields.ts';
import type { FieldName } from '../openflow/fields.ts';
import { ETH_TYPE } from '../openflow/protocols.ts';
import { addTerms } from './match-remedies.ts';
import type { Term } from './match-terms.ts';
import { report } from './report.ts';
import { stateOfMatch, unmet } from './state.ts';
import type { FlowContext } from './types.ts';

const FAMILIES: Readonly<Partial<Record<FieldName, { readonly word: string; readonly ethType: number }>>> = {
  ct_nw_src: { word: 'ip', ethType: ETH_TYPE.ipv4 },
  ct_nw_dst: { word: 'ip', ethType: ETH_TYPE.ipv4 },
  ct_ipv6_src: { word: 'ipv6', ethType: ETH_TYPE.ipv6 },
  ct_ipv6_dst: { word: 'ipv6', ethType: ETH_TYPE.ipv6 },
};

/** The protocol that a match with this field has to state; undefined for any other field. */
export function familyOf(name: FieldName): string | undefined {
  return FAMILIES[name]?.word;
}

/** Reports a field whose family the match does not state; false then. What lacks a ct_state too has been reported with it. */
export function checkFamilies(ctx: FlowContext, block: Block, terms: readonly Term[]): boolean {
  const state = stateOfMatch(terms);
  for (const term of terms) {
    const family = FAMILIES[term.field];
    // The switch looks at eth_type itself, not at what packet_type says.
    if (family === undefined || state.ethType === family.ethType) continue;
    if (unmet(field(term.field).prerequisite, state) !== null) continue;
    const { word } = family;
    const free = state.ethType === 0;
    report(ctx, trackedFamily, { field: term.shown, needs: word }, term.at.span, {
      ...(free ? { help: `add \`${word}\`` } : {}),
      fixes: free ? [addTerms(ctx, block, word)] : [],
    });
    return false;
  }
  return true;
}
