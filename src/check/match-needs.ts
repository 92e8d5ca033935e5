/** Terms of a match that need another one: one diagnostic for all that the same words would mend. */
import type { Block } from '../../grammar/ast.ts';
import { contradictedPrerequisite, missingPrerequisite } from '../diagnostics/codes/match.ts';
import { field } from '../openflow/fields.ts';
import type { Field } from '../openflow/fields.ts';
import { genericCandidates, PREREQUISITES, resolveGeneric } from '../openflow/protocols.ts';
import type { GenericName, Remedy } from '../openflow/protocols.ts';
import type { PrerequisiteName } from '../openflow/types.ts';
import { familyOf } from './match-families.ts';
import { flagsWords, remedyFix, remedyWords, withRemedy } from './match-remedies.ts';
import type { Said } from './match-remedies.ts';
import { listTerms, showTerm } from './match-terms.ts';
import type { Term } from './match-terms.ts';
import { label, replaceFix, report } from './report.ts';
import { protocolOf, stateOfMatch, unmet } from './state.ts';
import type { Missing, Unmet } from './state.ts';
import type { FlowContext } from './types.ts';

/** A term that lacks something. */
interface Lack {
  readonly term: Term;
  readonly unmet: Unmet;
  readonly prerequisite: PrerequisiteName;
}

/**
 * Reports every missing prerequisite of a match; true if there is none. `sound` is false where other mistakes are in the
 * match, for which ovs-ofctl may refuse it: then nothing is said of what it would do.
 */
export function reportPrerequisites(
  ctx: FlowContext,
  block: Block,
  terms: readonly Term[],
  sound: boolean,
): boolean {
  const said: Said = { terms, state: stateOfMatch(terms), sound };
  const all: Lack[] = [];
  for (const term of terms) {
    if (term.protocol !== null) continue;
    const { prerequisite } = field(term.field);
    const found = unmet(prerequisite, said.state);
    if (found !== null) all.push({ term, unmet: found, prerequisite });
  }
  let rest: readonly Lack[] = all;
  while (rest.length > 0) {
    const lead = mostDemanding(rest);
    const remedies = bestRemedies(lead, rest, said);
    const group = remedies?.mended ?? rest.filter((l) => sameObstacle(l, lead));
    if (remedies === null) contradicted(ctx, lead, group, said);
    else missing(ctx, block, { lead, group, all }, remedies.remedies, said);
    rest = rest.filter((l) => !group.includes(l));
  }
  return all.length === 0;
}

/** The one that asks for most; among equals the first of the source. */
function mostDemanding(lacks: readonly Lack[]): Lack {
  const demand = (l: Lack): number => PREREQUISITES[l.prerequisite].conditions.length;
  return lacks.reduce((best, l) => (demand(l) > demand(best) ? l : best));
}

/** The remedies that mend as many of the terms as any, the lead among them; null where none mends it. */
function bestRemedies(
  lead: Lack,
  rest: readonly Lack[],
  said: Said,
): { readonly remedies: readonly Remedy[]; readonly mended: readonly Lack[] } | null {
  let best: { remedies: Remedy[]; mended: Lack[] } | null = null;
  for (const remedy of PREREQUISITES[lead.prerequisite].remedies) {
    const after = withRemedy(said, lead.prerequisite, remedy);
    if (after === null) continue;
    const mended = rest.filter((l) => unmet(l.prerequisite, after) === null);
    if (!mended.includes(lead)) continue;
    if (best === null || mended.length > best.mended.length) best = { remedies: [remedy], mended };
    else if (mended.length === best.mended.length) best.remedies.push(remedy);
  }
  return best;
}

/** Do the two fail for the same reason? */
function sameObstacle(a: Lack, b: Lack): boolean {
  const x = obstacle(a.unmet);
  const y = obstacle(b.unmet);
  return x.condition.kind === y.condition.kind && x.found === y.found;
}

/** What cannot be mended by adding to the match: a condition that the match says otherwise of. */
function obstacle({ missing: [first, ...rest] }: Unmet): Missing {
  return first.contradicted ? first : (rest.find((m) => m.contradicted) ?? first);
}

interface Group {
  readonly lead: Lack;
  /** Everything that the same words would mend. */
  readonly group: readonly Lack[];
  /** Everything in this match that lacks something. */
  readonly all: readonly Lack[];
}

function missing(
  ctx: FlowContext,
  block: Block,
  { lead, group, all }: Group,
  remedies: readonly Remedy[],
  said: Said,
): void {
  const prerequisite = PREREQUISITES[lead.prerequisite];
  const [family] = said.state.ethType === 0 ? group.flatMap((l) => familyOf(l.term.field) ?? []) : [];
  const words = remedies.map((r) => remedyWords(said, r, family)).filter((w) => w !== '');
  const others = group.filter((l) => l !== lead);
  report(ctx, missingPrerequisite, { packet: prerequisite.packet }, lead.term.at.span, {
    label: `needs ${family === undefined ? '' : `\`${family}\` and `}${prerequisite.terms}`,
    related: others.map((l) => {
      const same = l.prerequisite === lead.prerequisite;
      return label(l.term.at, same ? '' : `needs ${PREREQUISITES[l.prerequisite].terms}`);
    }),
    notes:
      !said.sound || group.some((l) => SENT_AS_IT_IS.has(l.prerequisite))
        ? []
        : [silentWidening(group, all, said)],
    ...(words.length === 0
      ? {}
      : { help: flagsWords(said, remedies, family) ?? `add ${words.map((w) => `\`${w}\``).join(' or ')}` }),
    fixes: remedies.flatMap((remedy) => remedyFix(ctx, block, said, remedy, family)),
  });
}

/** Prerequisites that ovs-ofctl does not look at: what lacks them goes to the switch, which refuses it. */
const SENT_AS_IT_IS: ReadonlySet<PrerequisiteName> = new Set(['CT', 'VLAN VID', 'Ethernet', 'NSH']);

/** What ovs-ofctl makes of it (a test asks ovs-ofctl itself). */
function silentWidening(group: readonly Lack[], all: readonly Lack[], { terms }: Said): string {
  const kept = terms.filter((t) => !all.some((l) => l.term === t));
  const dropped =
    group.length === 1 ? 'this term' : `these ${COUNT[group.length] ?? group.length.toString()} terms`;
  const left = kept.length === 0 ? 'matches every packet' : `matches everything with ${listTerms(kept)}`;
  return `ovs-ofctl does not refuse it: it drops ${dropped} without an error, and the flow ${left}`;
}

const COUNT = ['', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

function contradicted(
  ctx: FlowContext,
  lead: Lack,
  group: readonly Lack[],
  { terms, state, sound }: Said,
): void {
  const { condition } = obstacle(lead.unmet);
  const names = FIELDS_OF[condition.kind];
  const source = terms.find((t) => names.includes(t.field));
  const says = source === undefined ? 'otherwise' : `\`${showTerm(source)}\``;
  const { packet, terms: needs } = PREREQUISITES[lead.prerequisite];
  const meant = meantInstead(field(lead.term.field), state);
  const fixes =
    meant !== undefined && sameValues(meant, field(lead.term.field))
      ? [replaceFix(ctx, `Write \`${meant.name}\``, lead.term.at.span, meant.name)]
      : [];
  report(ctx, contradictedPrerequisite, { field: lead.term.shown, packet, says }, lead.term.at.span, {
    label:
      condition.kind === 'not a later fragment'
        ? 'later fragments have no transport header'
        : `needs ${needs}`,
    related: [
      ...group.filter((l) => l !== lead).map((l) => label(l.term.at, 'so does this')),
      ...(source === undefined ? [] : [label(source.at, `the match says ${says}`)]),
    ],
    notes: sound && SILENT.has(condition.kind) && lead.prerequisite !== 'NSH' ? [silentChange(meant)] : [],
    ...(meant === undefined ? {} : { help: `with ${says}, the field is \`${meant.name}\`` }),
    fixes,
  });
}

const FIELDS_OF: Readonly<Record<Missing['condition']['kind'], readonly string[]>> = {
  packet_type: ['packet_type'],
  eth_type: ['eth_type', 'packet_type'],
  ip_proto: ['nw_proto'],
  icmpv6_type: ['icmpv6_type'],
  icmpv6_code: ['icmpv6_code'],
  'vlan present': ['vlan_vid', 'vlan_tci', 'dl_vlan'],
  'not a later fragment': ['ip_frag'],
  'valid ct_state': ['ct_state'],
};

/** Contradictions that ovs-ofctl resolves by itself instead of sending them. */
const SILENT: ReadonlySet<Missing['condition']['kind']> = new Set([
  'eth_type',
  'ip_proto',
  'icmpv6_type',
  'icmpv6_code',
]);

function silentChange(instead: Field | undefined): string {
  const what = instead === undefined ? 'drops this term' : `takes it for \`${instead.name}\``;
  return `ovs-ofctl does not refuse it: it ${what} without an error`;
}

const GENERIC_NAMES: readonly GenericName[] = ['nw_src', 'nw_dst', 'tp_src', 'tp_dst'];

/** The field that shares a generic name with this one and goes with what the match says. */
function meantInstead(f: Field, state: Said['state']): Field | undefined {
  for (const generic of GENERIC_NAMES) {
    if (!genericCandidates(generic).includes(f)) continue;
    const found = resolveGeneric(generic, protocolOf(state));
    if (found !== undefined && found !== f) return found;
  }
  return undefined;
}

/** Does a value mean the same for both? A port is no ICMP type, and ICMP numbers its types otherwise than ICMPv6. */
function sameValues(a: Field, b: Field): boolean {
  return !a.name.startsWith('icmp') && !b.name.startsWith('icmp');
}
