/** Terms of a match that need another one: one diagnostic for all that the same words would mend. */
import type { Block } from '../../grammar/ast.ts';
import { contradictedPrerequisite, missingPrerequisite } from '../diagnostics/codes/match.ts';
import type { Details } from '../diagnostics/define.ts';
import type { Fix } from '../diagnostics/types.ts';
import { field } from '../openflow/fields.ts';
import { nameOfValue } from '../openflow/names.ts';
import { impliedTerms, isProtocolName, PREREQUISITES } from '../openflow/protocols.ts';
import type { Remedy } from '../openflow/protocols.ts';
import type { PrerequisiteName } from '../openflow/types.ts';
import type { Term } from './match.ts';
import { label, replaceFix, report } from './report.ts';
import type { Reporter } from './report.ts';
import { hex, showValue } from './show.ts';
import { setVlanPresent, stateOfMatch, unmet } from './state.ts';
import type { PacketState, Unmet } from './state.ts';
import type { FlowContext } from './types.ts';

/** A term that lacks something. */
interface Lack {
  readonly term: Term;
  readonly unmet: Unmet;
  readonly prerequisite: PrerequisiteName;
}

/** Reports every missing prerequisite of a match; true if there is none. */
export function reportPrerequisites(ctx: FlowContext, block: Block, terms: readonly Term[]): boolean {
  const state = stateOfMatch(terms);
  const all: Lack[] = [];
  for (const term of terms) {
    if (term.protocol !== null) continue;
    const { prerequisite } = field(term.field);
    const found = unmet(prerequisite, state);
    if (found !== null) all.push({ term, unmet: found, prerequisite });
  }
  if (all.length === 0) return true;
  let rest = all;
  while (rest.length > 0) {
    const lead = mostDemanding(rest);
    const choice = bestRemedies(lead, rest, state, terms);
    const group = choice === null ? rest.filter((l) => sameObstacle(l, lead)) : choice.mended;
    if (choice === null) contradicted(ctx, lead, group, terms);
    else missing(ctx, block, lead, group, choice.remedies, terms, state);
    rest = rest.filter((l) => !group.includes(l));
  }
  return false;
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
  state: PacketState,
  terms: readonly Term[],
): { remedies: Remedy[]; mended: Lack[] } | null {
  let best: { remedies: Remedy[]; mended: Lack[] } | null = null;
  for (const remedy of PREREQUISITES[lead.prerequisite].remedies) {
    const after = withRemedy(state, lead.prerequisite, remedy, terms);
    if (after === null) continue;
    const mended = rest.filter((l) => unmet(l.prerequisite, after) === null);
    if (!mended.includes(lead)) continue;
    if (best === null || mended.length > best.mended.length) best = { remedies: [remedy], mended };
    else if (mended.length === best.mended.length) best.remedies.push(remedy);
  }
  return best;
}

/** What the packet is known to be with the remedy in the match; null where the match says otherwise. */
function withRemedy(
  state: PacketState,
  prerequisite: PrerequisiteName,
  remedy: Remedy,
  terms: readonly Term[],
): PacketState | null {
  const says = (pattern: RegExp): boolean => terms.some((t) => pattern.test(t.field));
  let after = state;
  for (const { field: name, value } of remedy.protocol === undefined ? [] : impliedTerms(remedy.protocol)) {
    const stated = terms.find((t) => t.field === name);
    if (stated !== undefined && stated.value !== value) return null;
    if (name === 'eth_type') after = { ...after, ethType: Number(value) };
    else if (name === 'nw_proto') after = { ...after, ipProto: Number(value) };
  }
  if (remedy.term === undefined) return after;
  for (const c of PREREQUISITES[prerequisite].conditions) {
    if (c.kind === 'icmpv6_type') {
      const type = remedy.term.includes('solicitation') ? 135 : 136;
      if (says(/^icmpv6_type$/) && after.icmpv6Type !== type) return null;
      after = { ...after, icmpv6Type: type };
    } else if (c.kind === 'vlan present') {
      if (says(/^vlan_(tci|vid)$|^dl_vlan$/)) return null;
      after = setVlanPresent(after, true);
    } else if (c.kind === 'valid ct_state') {
      if (says(/^ct_state$/)) return null;
      after = { ...after, ctState: 0x20, ctStateMask: 0x30 };
    } else if (c.kind === 'eth_type' && remedy.protocol === undefined) {
      if (says(/^eth_type$/)) return null;
      after = { ...after, ethType: c.values[0] ?? 0 };
    }
  }
  return after;
}

/** Do the two fail for the same reason? */
function sameObstacle(a: Lack, b: Lack): boolean {
  const [x] = a.unmet.missing;
  const [y] = b.unmet.missing;
  return x.condition.kind === y.condition.kind && x.found === y.found;
}

function missing(
  ctx: FlowContext,
  block: Block,
  lead: Lack,
  group: readonly Lack[],
  remedies: readonly Remedy[],
  terms: readonly Term[],
  state: PacketState,
): void {
  const prerequisite = PREREQUISITES[lead.prerequisite];
  const fixes = remedies.flatMap((remedy) => fixFor(ctx, block, remedy, terms, state));
  const words = remedies.map((r) => wordsOf(r, terms, state)).filter((w) => w !== '');
  report(ctx, missingPrerequisite, { packet: prerequisite.packet }, lead.term.at.span, {
    label: `needs ${prerequisite.terms}`,
    related: group
      .filter((l) => l !== lead)
      .map((l) =>
        label(
          l.term.at,
          l.prerequisite === lead.prerequisite ? '' : `needs ${PREREQUISITES[l.prerequisite].terms}`,
        ),
      ),
    notes: silentWidening(group, terms),
    ...(words.length === 0 ? {} : { help: `add ${words.map((w) => `\`${w}\``).join(' or ')}` }),
    fixes,
  });
}

function contradicted(ctx: FlowContext, lead: Lack, group: readonly Lack[], terms: readonly Term[]): void {
  const [first] = lead.unmet.missing;
  const source = terms.find((t) => t.field === FIELD_OF[first.condition.kind]);
  const found = describe(first.condition.kind, first.found, source);
  const details: Details = {
    label: `needs ${PREREQUISITES[lead.prerequisite].terms}`,
    related: [
      ...group.filter((l) => l !== lead).map((l) => label(l.term.at, 'so does this')),
      ...(source === undefined ? [] : [label(source.at, `says ${found}`)]),
    ],
    notes: ['ovs-ofctl takes such a term for another field, or drops it, without an error'],
  };
  const { packet } = PREREQUISITES[lead.prerequisite];
  report(
    ctx,
    contradictedPrerequisite,
    { field: lead.term.shown, packet, found },
    lead.term.at.span,
    details,
  );
}

const FIELD_OF: Readonly<Record<Unmet['missing'][0]['condition']['kind'], string>> = {
  packet_type: 'packet_type',
  eth_type: 'eth_type',
  ip_proto: 'nw_proto',
  icmpv6_type: 'icmpv6_type',
  icmpv6_code: 'icmpv6_code',
  'vlan present': 'vlan_vid',
  'not a later fragment': 'ip_frag',
  'valid ct_state': 'ct_state',
};

function describe(kind: keyof typeof FIELD_OF, found: number, source: Term | undefined): string {
  if (source?.protocol != null) return `\`${source.protocol}\``;
  if (kind === 'not a later fragment') return '`ip_frag = later`: fragments without a transport header';
  if (kind === 'valid ct_state') return 'nothing of the kind in `ct_state`';
  if (kind === 'vlan present') return 'that there is no tag';
  if (source === undefined) return `${FIELD_OF[kind]} = ${found}`;
  return `\`${source.shown} = ${showValue(field(source.field), source.value)}\``;
}

/** The remedy's words that the match lacks. */
function wordsOf(remedy: Remedy, terms: readonly Term[], state: PacketState): string {
  const words: string[] = [];
  if (remedy.protocol !== undefined) {
    const lacking = impliedTerms(remedy.protocol).filter((t) => !terms.some((s) => s.field === t.field));
    const [first] = lacking;
    if (first !== undefined) {
      // The whole protocol, unless a stated eth_type already says half of it.
      const half = lacking.length === 1 && first.field === 'nw_proto' && statesEthType(terms);
      words.push(
        half
          ? `ip_proto = ${nameOfValue(field('nw_proto'), first.value) ?? first.value.toString()}`
          : remedy.protocol,
      );
    }
  }
  if (remedy.term !== undefined && !(remedy.term.startsWith('icmpv6_type') && state.icmpv6Type !== 0)) {
    words.push(remedy.term);
  }
  return words.join('; ');
}

function statesEthType(terms: readonly Term[]): boolean {
  return terms.some((t) => t.field === 'eth_type' && t.protocol === null);
}

function fixFor(
  ctx: FlowContext,
  block: Block,
  remedy: Remedy,
  terms: readonly Term[],
  state: PacketState,
): Fix[] {
  const words = wordsOf(remedy, terms, state);
  if (words === '') return [];
  // `ip` with `tcp_dst`: what is meant is `tcp`.
  const { protocol } = remedy;
  const weaker = terms.find((t) => t.protocol !== null && t.field === 'eth_type');
  if (
    protocol !== undefined &&
    weaker?.protocol != null &&
    isProtocolName(weaker.protocol) &&
    remedy.term === undefined
  ) {
    if (impliedTerms(weaker.protocol).length === 1) {
      return [
        replaceFix(ctx, `Write \`${protocol}\` instead of \`${weaker.protocol}\``, weaker.at.span, protocol),
      ];
    }
  }
  return [addTerms(ctx, block, words)];
}

/** A fix that puts terms first in a match, in its layout. */
export function addTerms(
  ctx: Reporter & { readonly scope: { readonly text: string } },
  block: Block,
  words: string,
): Fix {
  const title = `Add \`${words}\``;
  const first = block.statements[0];
  const { end } = block.brace;
  if (first === undefined) return replaceFix(ctx, title, { start: end, end }, ` ${words} `);
  const { text } = ctx.scope;
  const at = { start: first.span.start, end: first.span.start };
  const lineStart = text.lastIndexOf('\n', first.span.start - 1) + 1;
  if (lineStart > end) {
    const indent = text.slice(lineStart, first.span.start);
    if (indent.trim() === '') {
      const newline = text[lineStart - 2] === '\r' ? '\r\n' : '\n';
      return replaceFix(ctx, title, at, `${words.replaceAll('; ', newline + indent)}${newline}${indent}`);
    }
  }
  return replaceFix(ctx, title, at, `${words}; `);
}

/** What ovs-ofctl would make of it, where that is known: see checks.md §8. */
function silentWidening(group: readonly Lack[], terms: readonly Term[]): string[] {
  if (
    group.some(
      (l) => l.prerequisite === 'CT' || l.prerequisite === 'VLAN VID' || l.prerequisite === 'Ethernet',
    )
  ) {
    return [];
  }
  const kept = terms.filter((t) => !group.some((l) => l.term === t));
  const dropped =
    group.length === 1 ? 'this term' : `these ${COUNT[group.length] ?? group.length.toString()} terms`;
  const left =
    kept.length === 0
      ? 'matches every packet'
      : `matches everything with ${listOf(kept.map((t) => t.protocol ?? `${t.shown} = ${shown(t)}`))}`;
  return [`ovs-ofctl does not refuse it: it drops ${dropped} without an error, and the flow ${left}`];
}

const COUNT = ['', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

function shown(t: Term): string {
  const f = field(t.field);
  if (t.field === 'vlan_vid' && t.mask === null)
    return t.value === 0n ? 'none' : (t.value & 0xfffn).toString();
  return t.mask === null ? showValue(f, t.value) : `${showValue(f, t.value)}/${hex(t.mask)}`;
}

function listOf(items: readonly string[]): string {
  const unique = [...new Set(items)];
  const last = unique.pop() ?? '';
  return unique.length === 0 ? last : `${unique.join(', ')} and ${last}`;
}
