/** Actions that add, remove and count down headers, and so change what is known of the packet (seen on OVS 3.1.0). */
import type { CommandStatement, Span } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/actions.ts';
import type { Action } from '../ir/types.ts';
import { field } from '../openflow/fields.ts';
import { nameOfValue } from '../openflow/names.ts';
import { ETH_TYPE } from '../openflow/protocols.ts';
import { VLAN_PRESENT } from '../openflow/storage.ts';
import { bytesOf, missing, numberOf, readArguments } from './action-args.ts';
import { fieldOf } from './action-assign.ts';
import type { ActionList } from './action-list.ts';
import { hex, showName } from './show.ts';
import { popMpls, popVlan, pushMpls, pushVlan, setVlanPresent, vlanFull } from './state.ts';
import { evaluateForField, evaluateInt } from './values.ts';

/** An action of which there is nothing more to say than its name. Null when there is more. */
export function bare(list: ActionList, s: CommandStatement): boolean {
  return readArguments(list, s, { form: s.name.text }).sound;
}

/** `push_vlan 0x8100` */
export function pushVlanAction(list: ActionList, s: CommandStatement): Action | null {
  const ethertype = etherType(list, s, [ETH_TYPE.vlan, ETH_TYPE.vlanService], 'push_vlan 0x8100');
  if (list.tagKnown && vlanFull(list.state)) list.error(codes.thirdTag, {}, s.span);
  list.change('push_vlan', 'the packet has a tag', s.span, pushVlan);
  return ethertype === null ? null : { kind: 'push_vlan', ethertype };
}

/** `pop_vlan`, alias `strip_vlan` */
export function popVlanAction(list: ActionList, s: CommandStatement): Action | null {
  const sound = bare(list, s);
  // Only the tag counts, even in a packet that is not Ethernet.
  const ignoring = { packetType: 0 };
  if (!list.needs('VLAN VID', `\`${s.name.text}\``, s.span, { soft: true, ignoring })) list.forgetTag();
  list.change(s.name.text, 'the tag is gone', s.span, popVlan);
  return sound ? { kind: 'pop_vlan' } : null;
}

/** `mod_vlan_vid 10` */
export function modVlanVid(list: ActionList, s: CommandStatement): Action | null {
  const vid = onlyNumber(list, s, 'vid', 'a VLAN', 0xfff);
  const tagged = adding(list, s);
  return vid === null ? null : { kind: 'mod_vlan_vid', vid, tagged };
}

/** `mod_nw_ttl 64`, which differs from `nw_ttl = 64` only on the wire and in dumps; alias `set_nw_ttl` */
export function modNwTtl(list: ActionList, s: CommandStatement): Action | null {
  list.needs('IPv4/IPv6', `\`${s.name.text}\``, s.name.span, { soft: true });
  const ttl = onlyNumber(list, s, 'ttl', 'a TTL', 0xff);
  return ttl === null ? null : { kind: 'mod_nw_ttl', ttl };
}

/** `set_mpls_ttl 64`, which differs from `mpls_ttl = 64` only on the wire and in dumps */
export function setMplsTtl(list: ActionList, s: CommandStatement): Action | null {
  list.needs('MPLS', '`set_mpls_ttl`', s.name.span, { soft: true });
  const ttl = onlyNumber(list, s, 'ttl', 'a TTL', 0xff);
  return ttl === null ? null : { kind: 'set_mpls_ttl', ttl };
}

/** `mod_vlan_pcp 3` */
export function modVlanPcp(list: ActionList, s: CommandStatement): Action | null {
  const pcp = onlyNumber(list, s, 'pcp', 'a priority', 7);
  const tagged = adding(list, s);
  return pcp === null ? null : { kind: 'mod_vlan_pcp', pcp, tagged };
}

/** The one number that an action has. */
function onlyNumber(
  list: ActionList,
  s: CommandStatement,
  name: string,
  what: string,
  max: number,
): number | null {
  const form = `${s.name.text} NUMBER`;
  const args = readArguments(list, s, { values: [name], positional: 1, form });
  const value = numberOf(list, args, name, { what, max });
  if (value === undefined) return args.sound ? missing(list, s, 'a number', form) : null;
  return args.sound ? value : null;
}

/**
 * Is the packet known to have the tag that is changed here? Where it is not, versions of OpenFlow without such an action
 * push one first, whatever the packet has.
 */
function adding(list: ActionList, s: CommandStatement): boolean {
  const action = s.name.text;
  list.needs('Ethernet', `\`${action}\``, s.name.span);
  const tagged = list.state.vlan[0];
  if (list.tagKnown && !tagged) {
    if (vlanFull(list.state)) list.error(codes.thirdTag, {}, s.span);
    else if (mayHaveTag(list)) {
      list.warn(codes.secondTag, { action }, s.name.span, {
        help: 'write one flow that matches `vlan_vid = none`, and one for packets with a tag',
      });
    }
  }
  list.change(action, 'the packet has a tag', s.span, (state) => setVlanPresent(state, true));
  return tagged;
}

/** Is it open whether the packet has a tag, where that matters? Behind actions that change what it is, nothing is said. */
function mayHaveTag(list: ActionList): boolean {
  const { ctx, match, state } = list;
  if (ctx.scope.version === '1.0' || state.packetType !== 0 || list.changedBy('')) return false;
  return !match.fields.some(
    ({ field: name, value, mask }) =>
      (name === 'vlan_tci' || name === 'vlan_vid') &&
      ((mask ?? VLAN_PRESENT) & VLAN_PRESENT) !== 0n &&
      (value & VLAN_PRESENT) === 0n,
  );
}

/** `push_mpls 0x8847` */
export function pushMplsAction(list: ActionList, s: CommandStatement): Action | null {
  const ethertype = etherType(list, s, [ETH_TYPE.mpls, ETH_TYPE.mplsMulticast], 'push_mpls 0x8847');
  if (!list.needs('Ethernet', '`push_mpls`', s.span, { soft: true })) list.forget();
  const type = ethertype ?? ETH_TYPE.mpls;
  list.change('push_mpls', 'the packet is MPLS', s.span, (state) => pushMpls(state, type));
  return ethertype === null ? null : { kind: 'push_mpls', ethertype };
}

/** `pop_mpls 0x0800`: what the packet is without the label has to be said. */
export function popMplsAction(list: ActionList, s: CommandStatement): Action | null {
  const ethertype = etherType(list, s, null, undefined);
  // What comes to light cannot be judged where there is no label to take off.
  const soft = { soft: true };
  const labelled =
    list.needs('MPLS', '`pop_mpls`', s.span, soft) && list.needs('Ethernet', '`pop_mpls`', s.span, soft);
  if (!labelled || ethertype === null) list.forget();
  if (ethertype === null) return null;
  const name = nameOfValue(field('eth_type'), BigInt(ethertype)) ?? hex(ethertype, 4);
  const effect = `the packet is ${name}, and nothing is known of what is in it`;
  list.change('pop_mpls', effect, s.span, (state) => popMpls(state, ethertype));
  return { kind: 'pop_mpls', ethertype };
}

/** The EtherType that an action wants; `allowed` null for any. */
function etherType(
  list: ActionList,
  s: CommandStatement,
  allowed: readonly number[] | null,
  usual: string | undefined,
): number | null {
  const form = `${s.name.text} ETHERTYPE`;
  const args = readArguments(list, s, { values: ['ethertype'], positional: 1, form });
  const expr = args.value('ethertype');
  if (expr === undefined) return args.sound ? missing(list, s, 'an EtherType', form, usual) : null;
  const node = {
    kind: 'name',
    path: [{ text: 'eth_type', span: s.name.span }],
    subfield: null,
    span: s.name.span,
  } as const;
  const value = evaluateForField(list.ctx, expr, { field: field('eth_type'), subfield: null, node }, 'set');
  if (value === null) return list.fail();
  const type = Number(value.value);
  if (allowed !== null && !allowed.includes(type)) {
    return list.error(codes.badEtherType, { action: s.name.text, value: type, allowed }, expr.span);
  }
  return args.sound ? type : null;
}

/** `dec_ttl`, `dec_ttl(1, 2)`: ids of the controllers that hear of a TTL that has run out. */
export function decTtl(list: ActionList, s: CommandStatement): Action | null {
  list.needs('IPv4/IPv6', '`dec_ttl`', s.name.span, { soft: true });
  const form = 'dec_ttl or dec_ttl(CONTROLLER_ID, …)';
  if (s.operand !== null || s.block !== null) {
    const what = s.operand === null ? 'a block' : 'a value';
    const at: Span = (s.operand ?? s.block ?? s).span;
    return list.error(codes.unexpectedPart, { action: s.name.text, what, form }, at);
  }
  const controllers: number[] = [];
  for (const arg of s.args ?? []) {
    if (arg.name !== null) {
      list.error(codes.unknownArgument, { action: 'dec_ttl', argument: arg.name.text, form }, arg.name.span);
      continue;
    }
    const id = evaluateInt(list.ctx, arg.value, { what: 'the id of a controller', min: 0n, max: 0xffffn });
    if (id === null) list.fail();
    else controllers.push(Number(id));
  }
  return controllers.length === (s.args ?? []).length ? { kind: 'dec_ttl', controllers } : null;
}

export function decMplsTtl(list: ActionList, s: CommandStatement): Action | null {
  list.needs('MPLS', '`dec_mpls_ttl`', s.name.span, { soft: true });
  return bare(list, s) ? { kind: 'dec_mpls_ttl' } : null;
}

export function decNshTtl(list: ActionList, s: CommandStatement): Action | null {
  list.needs('NSH', '`dec_nsh_ttl`', s.name.span, { soft: true });
  return bare(list, s) ? { kind: 'dec_nsh_ttl' } : null;
}

/** `delete_field tun_metadata5` */
export function deleteField(list: ActionList, s: CommandStatement): Action | null {
  const form = 'delete_field tun_metadata0 (to 63)';
  const args = readArguments(list, s, { values: ['field'], positional: 1, form });
  const expr = args.value('field');
  if (expr === undefined) return args.sound ? missing(list, s, 'a field', form) : null;
  if (expr.kind !== 'name') {
    if (expr.kind === 'missing') return list.fail();
    return list.error(codes.unexpectedPart, { action: s.name.text, what: 'this', form }, expr.span);
  }
  const found = fieldOf(list, expr);
  if (found === null) return null;
  if (!found.field.name.startsWith('tun_metadata') || expr.subfield !== null) {
    return list.error(codes.notDeletable, { field: showName(expr) }, expr.span);
  }
  return args.sound ? { kind: 'delete_field', field: found.field.name } : null;
}

/** As many bytes as fit the action, whose length has 16 bits. */
const MAX_NOTE = 65000;

/** `note "01.02.ab"`: the switch pads it with zeros to 6 bytes more than a multiple of 8. */
export function note(list: ActionList, s: CommandStatement): Action | null {
  const form = 'note "HEX.HEX…"';
  const args = readArguments(list, s, { values: ['bytes'], positional: 1, form });
  const expr = args.value('bytes');
  if (expr === undefined) return args.sound ? missing(list, s, 'its bytes', form) : null;
  const bytes = bytesOf(list, expr, 'a note', MAX_NOTE);
  return bytes === null || !args.sound ? null : { kind: 'note', bytes };
}
