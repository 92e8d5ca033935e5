/** Terms that are well formed and do not do what they say. */
import type { Block, Name } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/match.ts';
import { neverTagged } from '../diagnostics/codes/values.ts';
import { ETH_TYPE } from '../openflow/protocols.ts';
import { field } from '../openflow/fields.ts';
import type { Field } from '../openflow/fields.ts';
import { saysNothing } from '../ir/oxm.ts';
import { nameOfValue, typesOfCode } from '../openflow/names.ts';
import { VLAN_PRESENT } from '../openflow/storage.ts';
import { addTerms } from './match-remedies.ts';
import { showTerm } from './match-terms.ts';
import type { Term } from './match-terms.ts';
import { label, report } from './report.ts';
import { hex } from './show.ts';
import type { FlowContext } from './types.ts';

/** Matches that Open vSwitch 3.1.0 installs with the value as their mask (seen on OVS 3.1.0). */
const MASK_BUG: ReadonlySet<string> = new Set([
  'tun_erspan_ver',
  'tun_erspan_dir',
  'tun_erspan_hwid',
  'tun_gtpu_flags',
  'tun_gtpu_msgtype',
]);

export function hasMaskBug({ name }: Field): boolean {
  return MASK_BUG.has(name);
}

/** Looks at one term; false where it is an error. */
export function traps(ctx: FlowContext, term: Term): boolean {
  const { field: name, value, mask, statement } = term;
  const { format } = field(name);
  // `0.0.0.0/0` is a way of writing "any".
  if (saysNothing(term) && format !== 'IPv4' && format !== 'IPv6') {
    const at = statement.kind === 'relation' ? statement.value.span : statement.span;
    report(ctx, codes.matchesNothing, { field: term.shown }, at);
  }
  if (MASK_BUG.has(name)) report(ctx, codes.maskBug, { field: name }, statement.span);
  if (name === 'eth_type' && (value === BigInt(ETH_TYPE.vlan) || value === BigInt(ETH_TYPE.vlanService))) {
    report(ctx, codes.ethTypeOfTag, { value: hex(value) }, statement.span, {
      help: 'match tagged packets with `vlan_vid = 10`, or `vlan_vid = 0x1000/0x1000` for any tag',
    });
  }
  const untagged = ((mask ?? VLAN_PRESENT) & ~value & VLAN_PRESENT) !== 0n;
  if (name === 'vlan_tci' && value !== 0n && untagged) {
    return !report(ctx, neverTagged, { term: showTerm(term) }, statement.span, {
      help: `write \`vlan_tci = ${hex(value | VLAN_PRESENT)}${mask === null ? '' : `/${hex(mask)}`}\` for a tag with these bits`,
    });
  }
  return true;
}

/** The parts of a VLAN tag. */
export const PRIORITY = 0xe000n;
export const NUMBER = 0xfffn;

/** The switch lists priority and number without the present bit in a way that ovs-ofctl cannot read; false then. */
export function readableTag(ctx: FlowContext, terms: readonly Term[]): boolean {
  const term = terms.find((t) => t.field === 'vlan_tci');
  if (term === undefined) return true;
  const { value, mask } = term;
  const looked = mask ?? PRIORITY | VLAN_PRESENT | NUMBER;
  if ((value & VLAN_PRESENT) !== 0n || (looked & PRIORITY) === 0n || (value & NUMBER) === 0n) return true;
  const tagged = `vlan_tci = ${hex(value | VLAN_PRESENT)}/${hex(looked | VLAN_PRESENT)}`;
  return !report(ctx, codes.unreadableTag, { term: showTerm(term) }, term.statement.span, {
    ...((looked & VLAN_PRESENT) === 0n ? { help: `write \`${tagged}\`, which means the same` } : {}),
  });
}

/** Names of ICMP codes mean something under one type only; false where a match says another. */
export function codeNames(ctx: FlowContext, block: Block, terms: readonly Term[]): boolean {
  let sound = true;
  for (const term of terms) {
    if (term.field !== 'icmp_code' && term.field !== 'icmpv6_code') continue;
    const name = wordOf(term);
    const types = name === undefined ? undefined : typesOfCode(field(term.field), name.text);
    if (name === undefined || types === undefined) continue;
    const typeField = term.field === 'icmp_code' ? 'icmp_type' : 'icmpv6_type';
    const stated = terms.find((t) => t.field === typeField);
    if (stated !== undefined && types.includes(stated.value)) continue;
    const of = types.map(
      (type) => `${typeField} = ${nameOfValue(field(typeField), type) ?? type.toString()}`,
    );
    if (stated !== undefined) {
      const params = { name: name.text, of: of.join('` or `'), says: showTerm(stated) };
      const counts = report(ctx, codes.codeOfOtherType, params, name.span, {
        related: [label(stated.at, 'the type is stated here')],
      });
      if (counts) sound = false;
      continue;
    }
    const [only] = of;
    report(
      ctx,
      codes.codeWithoutType,
      { name: name.text, of: of.join('` or `'), code: term.value },
      name.span,
      {
        help: `add \`${of.join('` or `')}\``,
        fixes: only === undefined || of.length > 1 ? [] : [addTerms(ctx, block, only)],
      },
    );
  }
  return sound;
}

/** The one word on the right of a term. */
function wordOf({ statement }: Term): Name | undefined {
  if (statement.kind !== 'relation' || statement.value.kind !== 'name') return undefined;
  const { path, subfield } = statement.value;
  return path.length === 1 && subfield === null ? path[0] : undefined;
}
