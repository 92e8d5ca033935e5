/** What to write into a match so that a term has what it needs. */
import type { Block } from '../../grammar/ast.ts';
import type { Fix } from '../diagnostics/types.ts';
import { field } from '../openflow/fields.ts';
import { nameOfValue } from '../openflow/names.ts';
import { ICMPV6_TYPE, impliedTerms, isProtocolName, PREREQUISITES } from '../openflow/protocols.ts';
import type { Remedy } from '../openflow/protocols.ts';
import type { PrerequisiteName } from '../openflow/types.ts';
import { insertFirst } from './layout.ts';
import type { LayoutContext } from './layout.ts';
import { showTerm } from './match-terms.ts';
import type { Term } from './match-terms.ts';
import { replaceFix } from './report.ts';
import { ethType, setVlanPresent } from './state.ts';
import type { PacketState } from './state.ts';

/** The match so far. */
export interface Said {
  readonly terms: readonly Term[];
  readonly state: PacketState;
  /** No other mistake has been found in it. */
  readonly sound: boolean;
}

/** What the packet is known to be with the remedy in the match; null where the match says otherwise. */
export function withRemedy(
  { terms, state }: Said,
  prerequisite: PrerequisiteName,
  remedy: Remedy,
): PacketState | null {
  const says = (...names: string[]): boolean => terms.some((t) => names.includes(t.field));
  let after = state;
  for (const { field: name, value } of remedy.protocol === undefined ? [] : impliedTerms(remedy.protocol)) {
    const number = Number(value);
    if (name === 'eth_type') {
      if (ethType(state) !== 0 && ethType(state) !== number) return null;
      after = { ...after, ethType: number };
    } else if (name === 'nw_proto') {
      if (says('nw_proto') && state.ipProto !== number) return null;
      after = { ...after, ipProto: number };
    } else if (says('packet_type')) return null;
  }
  if (remedy.term === undefined) return after;
  for (const condition of PREREQUISITES[prerequisite].conditions) {
    switch (condition.kind) {
      case 'icmpv6_type': {
        const type = remedy.term.includes('solicitation')
          ? ICMPV6_TYPE.neighborSolicitation
          : ICMPV6_TYPE.neighborAdvertisement;
        if (says('icmpv6_type') && state.icmpv6Type !== type) return null;
        after = { ...after, icmpv6Type: type };
        break;
      }
      case 'vlan present':
        if (says('vlan_tci', 'vlan_vid', 'dl_vlan')) return null;
        after = setVlanPresent(after, true);
        break;
      case 'valid ct_state':
        // Flags can be added to those that are there; a number, or `+inv`, says something else.
        if (says('ct_state') && flagsOf(terms) === null) return null;
        after = { ...after, ctState: 0x20, ctStateMask: 0x30 };
        break;
      case 'eth_type':
        if (remedy.protocol !== undefined) break;
        if (ethType(state) !== 0) return null;
        after = { ...after, ethType: condition.values[0] ?? 0 };
        break;
      default:
    }
  }
  return after;
}

/** The place behind `ct_state = +trk`, which says too little; null where something else stands there. */
function flagsOf(terms: readonly Term[]): { readonly end: number } | null {
  const term = terms.find((t) => t.field === 'ct_state');
  if (term?.statement.kind !== 'relation') return null;
  const { value } = term.statement;
  if (value.kind !== 'flags') return null;
  const named = (name: string): boolean => value.flags.some((f) => f.name.text === name);
  const tracked = value.flags.every((f) => f.name.text !== 'trk' || f.set);
  return named('trk') && tracked && !named('inv') ? { end: value.span.end } : null;
}

/** The remedy in words, behind the `family` that is wanted besides, without what the match says already. */
export function remedyWords({ terms, state }: Said, remedy: Remedy, family?: string): string {
  const words = family === undefined ? [] : [family];
  if (remedy.protocol !== undefined) {
    const lacking = impliedTerms(remedy.protocol).filter((t) => !terms.some((s) => s.field === t.field));
    const [first] = lacking;
    // The whole protocol, unless a stated eth_type already says half of it.
    const half = lacking.length === 1 && first?.field === 'nw_proto' && stated(terms, 'eth_type');
    if (half)
      words.push(`ip_proto = ${nameOfValue(field('nw_proto'), first.value) ?? first.value.toString()}`);
    else if (first !== undefined) words.push(remedy.protocol);
  }
  if (wantsFlags(terms, remedy)) words.push('-inv');
  else if (remedy.term !== undefined && !(remedy.term.startsWith('icmpv6_type') && state.icmpv6Type !== 0)) {
    words.push(remedy.term);
  }
  return words.join('; ');
}

function stated(terms: readonly Term[], name: string): boolean {
  return terms.some((t) => t.field === name && t.protocol === null);
}

/** The same as a change of the text. */
export function remedyFix(
  ctx: LayoutContext,
  block: Block,
  said: Said,
  remedy: Remedy,
  family?: string,
): Fix[] {
  const words = remedyWords(said, remedy, family);
  if (words === '') return [];
  const { terms } = said;
  const flags = flagsOf(terms);
  if (wantsFlags(terms, remedy) && flags !== null) {
    const before = family === undefined ? [] : addTerms(ctx, block, family).edits;
    const [edit] = replaceFix(ctx, '', { start: flags.end, end: flags.end }, '-inv').edits;
    return [
      {
        title: upperFirst(flagsWords(said, [remedy], family) ?? words),
        edits: edit === undefined ? before : [...before, edit],
      },
    ];
  }
  const weaker = weakerProtocol(terms, remedy);
  if (weaker === null) return [addTerms(ctx, block, words)];
  const title = `Write \`${weaker.instead}\` instead of \`${weaker.shown}\``;
  return [replaceFix(ctx, title, weaker.at.span, weaker.instead)];
}

/** What to do where the ct_state that is there says too little; undefined where it is not that. */
export function flagsWords(
  { terms }: Said,
  remedies: readonly Remedy[],
  family?: string,
): string | undefined {
  const [remedy] = remedies;
  const term = terms.find((t) => t.field === 'ct_state');
  if (remedy === undefined || term === undefined || !wantsFlags(terms, remedy) || flagsOf(terms) === null)
    return undefined;
  return `${family === undefined ? '' : `add \`${family}\` and `}write \`${showTerm(term)}-inv\``;
}

function upperFirst(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Is there a ct_state that says too little? */
function wantsFlags(terms: readonly Term[], remedy: Remedy): boolean {
  return remedy.term?.startsWith('ct_state') === true && stated(terms, 'ct_state');
}

/** `ip` with `tcp_dst`, where `tcp` is meant. */
function weakerProtocol(
  terms: readonly Term[],
  { protocol, term }: Remedy,
): (Term & { instead: string }) | null {
  if (protocol === undefined || term !== undefined) return null;
  const weaker = terms.find((t) => t.protocol !== null && t.field === 'eth_type');
  if (weaker?.protocol == null || !isProtocolName(weaker.protocol)) return null;
  return impliedTerms(weaker.protocol).length === 1 ? { ...weaker, instead: protocol } : null;
}

/** A fix that puts terms first in a match, in its layout. */
export function addTerms(ctx: LayoutContext, block: Block, words: string): Fix {
  return insertFirst(ctx, `Add \`${words}\``, block.brace, block.statements, words);
}
