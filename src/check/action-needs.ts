/**
 * Prerequisites that actions lack, put into words once the whole flow has been seen: several actions that lack
 * the same are one mistake.
 */
import type { Span } from '../../grammar/ast.ts';
import { lostPrerequisite, missingPrerequisite, otherPacket } from '../diagnostics/codes/actions.ts';
import { unnoticedPrerequisite } from '../diagnostics/codes/versions.ts';
import type { Details } from '../diagnostics/define.ts';
import type { Label } from '../diagnostics/types.ts';
import type { FieldName } from '../openflow/fields.ts';
import { impliedTerms, PREREQUISITES } from '../openflow/protocols.ts';
import type { Condition, Remedy } from '../openflow/protocols.ts';
import type { PrerequisiteName } from '../openflow/types.ts';
import { arpFix, fixFor, helpFor } from './action-fixes.ts';
import { label, placeOf, report } from './report.ts';
import { setVlanPresent, stateOfMatch, unmet } from './state.ts';
import type { PacketState } from './state.ts';
import type { CheckedMatch, FlowContext, Located } from './types.ts';

/** An action that made the packet something else. */
export interface Change {
  readonly name: string;
  /** Completes "from here on …". */
  readonly effect: string;
  readonly at: Located;
  readonly apply: (state: PacketState) => PacketState;
}

/** A prerequisite that does not hold where it is needed. */
export interface Need {
  readonly prerequisite: PrerequisiteName;
  /** What needs it, as in the source, with its quotes. */
  readonly subject: string;
  readonly span: Span;
  /** What happened to the packet before, in order. */
  readonly changes: readonly Change[];
  readonly ignoring: Partial<PacketState>;
  readonly switchNotices: boolean;
}

/** Something to write into the match, and what the match says then. */
interface Addition {
  readonly remedy: Remedy;
  readonly state: PacketState;
}

type Group =
  /** The match could say it. */
  | { readonly kind: 'addable'; needs: Need[]; additions: readonly Addition[] }
  /** An action before took it away. */
  | { readonly kind: 'lost'; needs: Need[]; readonly change: Change }
  /** The match says something else. */
  | { readonly kind: 'other'; needs: Need[] };

export function reportNeeds(ctx: FlowContext, match: CheckedMatch, needs: readonly Need[]): void {
  const start = stateOfMatch(match.fields);
  const groups: Group[] = [];
  for (const need of needs) sort(need, groups, start, match);
  for (const group of groups) say(ctx, match, start, group);
}

function sort(need: Need, groups: Group[], start: PacketState, match: CheckedMatch): void {
  const additions = additionsFor(need, start, match);
  if (additions.length > 0) {
    for (const group of groups) {
      if (group.kind !== 'addable') continue;
      const common = [...group.additions, ...additions].filter(
        (a, n, all) =>
          [...group.needs, need].every((other) => holds(other, a.state)) &&
          all.findIndex((b) => same(a.remedy, b.remedy)) === n,
      );
      if (common.length === 0) continue;
      group.needs.push(need);
      group.additions = common;
      return;
    }
    groups.push({ kind: 'addable', needs: [need], additions });
    return;
  }
  const change = culprit(need, start, match);
  const known = groups.find((g) =>
    change === undefined
      ? g.kind === 'other' && g.needs[0]?.prerequisite === need.prerequisite
      : g.kind === 'lost' && g.change === change,
  );
  if (known !== undefined) known.needs.push(need);
  else
    groups.push(
      change === undefined ? { kind: 'other', needs: [need] } : { kind: 'lost', needs: [need], change },
    );
}

function same(a: Remedy, b: Remedy): boolean {
  return a.protocol === b.protocol && a.term === b.term;
}

function stateAt(need: Need, start: PacketState, changes = need.changes): PacketState {
  const state = changes.reduce((s, change) => change.apply(s), start);
  return { ...state, ...need.ignoring };
}

function holds(need: Need, start: PacketState): boolean {
  return unmet(need.prerequisite, stateAt(need, start)) === null;
}

function additionsFor(need: Need, start: PacketState, match: CheckedMatch): Addition[] {
  return PREREQUISITES[need.prerequisite].remedies.flatMap((remedy, index) => {
    const state = assume(start, need.prerequisite, remedy, index, match);
    return state !== null && holds(need, state) ? [{ remedy, state }] : [];
  });
}

/** What the match would say with the remedy in it; null where it says something else already. */
function assume(
  start: PacketState,
  prerequisite: PrerequisiteName,
  { protocol }: Remedy,
  index: number,
  match: CheckedMatch,
): PacketState | null {
  const implied = protocol === undefined ? [] : impliedTerms(protocol);
  const { conditions, remedies } = PREREQUISITES[prerequisite];
  const choose = (name: FieldName, values: readonly number[]): number =>
    Number(
      implied.find((t) => t.field === name)?.value ??
        values[remedies.length === values.length ? index : 0] ??
        0,
    );
  const says = (...names: FieldName[]): boolean => match.fields.some((f) => names.includes(f.field));
  let state = start;
  for (const c of conditions) {
    switch (c.kind) {
      case 'packet_type':
        if (state.packetType !== c.value) return null;
        break;
      case 'eth_type': {
        const value = choose('eth_type', c.values);
        if (state.packetType !== 0 || (state.ethType !== 0 && state.ethType !== value)) return null;
        state = { ...state, ethType: value };
        break;
      }
      case 'ip_proto': {
        const value = choose('nw_proto', c.values);
        if (state.ipProto !== 0 && state.ipProto !== value) return null;
        state = { ...state, ipProto: value };
        break;
      }
      case 'icmpv6_type': {
        const value = choose('icmpv6_type', c.values);
        if (says('icmpv6_type') && state.icmpv6Type !== value) return null;
        state = { ...state, icmpv6Type: value };
        break;
      }
      case 'vlan present':
        if (!state.vlan[0] && says('vlan_tci', 'vlan_vid', 'dl_vlan', 'vlan_pcp', 'dl_vlan_pcp')) return null;
        state = setVlanPresent(state, true);
        break;
      case 'valid ct_state':
        if (says('ct_state')) return null;
        state = { ...state, ctState: 0x20, ctStateMask: 0x30 };
        break;
      // Nothing to add: a match that says otherwise stays as it is, and `holds` finds that it does not help.
      case 'icmpv6_code':
      case 'not a later fragment':
    }
  }
  return state;
}

/** The parts of the state that conditions of this kind look at. */
const LOOKS_AT: Readonly<Record<Condition['kind'], readonly (keyof PacketState)[]>> = {
  packet_type: ['packetType'],
  eth_type: ['packetType', 'ethType'],
  ip_proto: ['ethType', 'ipProto'],
  icmpv6_type: [],
  icmpv6_code: [],
  'vlan present': ['vlan'],
  'not a later fragment': [],
  'valid ct_state': [],
};

/** The last action that changed what the prerequisite looks at, in a packet that had what is needed or as it is matched. */
function culprit(need: Need, start: PacketState, match: CheckedMatch): Change | undefined {
  const { conditions, remedies } = PREREQUISITES[need.prerequisite];
  const keys = conditions.flatMap((c) => LOOKS_AT[c.kind]);
  const starts = remedies.flatMap((r, i) => assume(start, need.prerequisite, r, i, match) ?? []);
  for (const from of [...starts, start]) {
    const found = need.changes.findLast((_, i) => {
      const before = stateAt(need, from, need.changes.slice(0, i));
      const after = stateAt(need, from, need.changes.slice(0, i + 1));
      return keys.some((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
    });
    if (found !== undefined) return found;
  }
  return undefined;
}

function say(ctx: FlowContext, match: CheckedMatch, start: PacketState, group: Group): void {
  const weight = (n: Need): number => PREREQUISITES[n.prerequisite].conditions.length;
  const lead = group.needs.reduce((best, n) => (weight(n) > weight(best) ? n : best));
  const { packet, terms } = PREREQUISITES[lead.prerequisite];
  const others = group.needs
    .filter((n) => n !== lead)
    .map((n) => label({ file: ctx.file, span: n.span }, `needs ${PREREQUISITES[n.prerequisite].terms}`));
  const base: Details = {
    label: `needs ${terms}`,
    ...(lead.switchNotices ? { switchError: 'OFPBAC_MATCH_INCONSISTENT' as const } : {}),
  };
  const { subject, span } = lead;
  const unnoticed = group.needs.every((n) => !n.switchNotices);
  switch (group.kind) {
    case 'addable': {
      const fixes = group.additions.flatMap(({ remedy }) => fixFor(ctx, match, start, remedy) ?? []);
      const help = helpFor(
        ctx.flow,
        lead.prerequisite,
        group.additions.map((a) => a.remedy),
      );
      const definition = unnoticed ? unnoticedPrerequisite : missingPrerequisite;
      report(ctx, definition, { subject, packet }, span, { ...base, related: others, help, fixes });
      return;
    }
    case 'lost': {
      const { name, effect, at } = group.change;
      const related = inOrder([label(at, `from here on ${effect}`), ...others]);
      const details = {
        ...base,
        related,
        help: `move it before \`${name}\`, or \`resubmit\` to a table whose flow matches the packet anew`,
      };
      if (unnoticed) report(ctx, unnoticedPrerequisite, { subject, packet }, span, details);
      else report(ctx, lostPrerequisite, { subject, packet, action: name }, span, details);
      return;
    }
    case 'other': {
      const said = contradiction(lead, start, match);
      const source = said === undefined ? undefined : match.sources.get(said);
      const clash: Label[] =
        source === undefined ? [] : [{ ...placeOf(source), message: 'the match says this' }];
      const details = {
        ...base,
        related: inOrder([...clash, ...others]),
        fixes: said === 'eth_type' ? arpFix(ctx, start, group.needs) : [],
      };
      if (unnoticed) report(ctx, unnoticedPrerequisite, { subject, packet }, span, details);
      else report(ctx, otherPacket, { subject, packet, field: said }, span, details);
    }
  }
}

function inOrder(labels: readonly Label[]): Label[] {
  return [...labels].sort((a, b) => a.start - b.start);
}

const FIELDS_OF: Readonly<Record<Condition['kind'], readonly FieldName[]>> = {
  packet_type: ['packet_type'],
  eth_type: ['packet_type', 'eth_type'],
  ip_proto: ['nw_proto'],
  icmpv6_type: ['icmpv6_type'],
  icmpv6_code: ['icmpv6_code'],
  'vlan present': ['vlan_vid', 'vlan_tci'],
  'not a later fragment': ['ip_frag'],
  'valid ct_state': ['ct_state'],
};

/** The field in which the match says something else. */
function contradiction(need: Need, start: PacketState, match: CheckedMatch): FieldName | undefined {
  const missing = unmet(need.prerequisite, stateAt(need, start))?.missing ?? [];
  return missing.flatMap((m) => FIELDS_OF[m.condition.kind]).find((name) => match.sources.has(name));
}
