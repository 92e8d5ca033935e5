/** Statements whose name is not that of an action: what is meant, where that can be told. */
import type { CommandStatement, Span } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/actions.ts';
import { notLowerCase } from '../diagnostics/codes/names.ts';
import { actionByName, ACTIONS } from '../openflow/actions.ts';
import { fieldByName, FIELDS } from '../openflow/fields.ts';
import { RESERVED_PORTS, reservedPort } from '../openflow/ports.ts';
import { isGenericName, isProtocolName, resolveGeneric } from '../openflow/protocols.ts';
import type { ActionList } from './action-list.ts';
import { replaceFix } from './report.ts';
import { showExpr } from './show.ts';
import { protocolOf, unmet } from './state.ts';
import { nearest } from '../diagnostics/suggest.ts';

/** Other names for the same thing, each with what is written here instead. */
const RENAMED: Readonly<Record<string, string>> = {
  goto_table: 'goto',
  output_reg: 'output',
  apply_actions: 'the actions themselves',
};

/** Actions that stand on the right of `=`. */
const AS_VALUE: Readonly<Record<string, string | undefined>> = {
  check_pkt_larger: 'FIELD[BIT] = check_pkt_larger(LENGTH)',
  bundle_load: 'FIELD = bundle_load(fields = …, algorithm = …, members = […])',
  multipath: 'FIELD = multipath(fields = …, algorithm = …, n_links = …)',
};

/** Names of other switches and languages, as `instead` of the table of actions. */
const ASSIGNED: Readonly<Record<string, string>> = { set_ttl: 'nw_ttl = TTL' };

/** Actions of ovs-actions(7) that change the packet in ways that are then unknown. */
const CHANGES_PACKET = new Set([
  'encap',
  'decap',
  'push_vlan',
  'pop_vlan',
  'strip_vlan',
  'mod_vlan_vid',
  'mod_vlan_pcp',
  'push_mpls',
  'pop_mpls',
]);

/** Actions that add a tag, or may. */
const CHANGES_TAG = new Set(['set_field', 'load', 'move']);

/** Reports a name that is not one of an action. `known` are the names that are. */
export function notAnAction(list: ActionList, s: CommandStatement, known: Iterable<string>): null {
  const { text, span } = s.name;
  if (text === '') {
    // Where the parser has found no name it has said so; `miss = 5` has none either.
    if (s.operand === null || s.operand.kind === 'missing') return list.fail();
    return list.error(codes.unknownAction, { name: showExpr(s.operand) }, s.operand.span);
  }
  if (Object.hasOwn(RENAMED, text)) return renamed(list, s, RENAMED[text] ?? '');
  if (text === 'nat') return list.error(codes.natOutside, {}, s.span);
  const value = AS_VALUE[text];
  if (value !== undefined) return list.error(codes.otherWay, { name: text, instead: `\`${value}\`` }, span);
  if (Object.hasOwn(ASSIGNED, text)) return assignment(list, s, ASSIGNED[text] ?? '');
  const action = actionByName(text);
  if (action !== undefined) {
    if (action.instead !== null) return assignment(list, s, action.instead);
    return list.error(codes.debugAction, { name: text }, span);
  }
  return noAction(list, s, [...known]);
}

function renamed(list: ActionList, s: CommandStatement, instead: string): null {
  const { text, span } = s.name;
  const word = /^\w+$/.test(instead);
  return list.error(codes.otherWay, { name: text, instead: word ? `\`${instead}\`` : instead }, span, {
    fixes: word ? [replaceFix(list.ctx, `Write \`${instead}\``, span, instead)] : [],
  });
}

/** `mod_dl_src MAC` is `eth_src = MAC`. */
function assignment(list: ActionList, s: CommandStatement, instead: string): null {
  const { text, span } = s.name;
  const meant = meantAssignment(list, s);
  const tagged = list.tagKnown && list.state.vlan[0];
  if (CHANGES_TAG.has(text)) list.forgetTag();
  if (meant !== null) {
    return list.error(codes.otherWay, { name: text, instead: `\`${meant.text}\`` }, span, {
      fixes: [replaceFix(list.ctx, `Write \`${meant.text}\``, meant.span, meant.text)],
    });
  }
  // With a tag there is nothing to push first.
  const form = tagged ? instead.replace('push_vlan 0x8100, then ', '') : instead;
  const field = /^([a-z]\w*) = [A-Z]+$/.exec(form)?.[1] ?? transportField(list, text);
  if (field === undefined) return list.error(codes.otherWay, { name: text, instead: quoted(form) }, span);
  const value = onlyValue(list, s);
  const written = `${field} = ${value?.text ?? '…'}`;
  // The value of `mod_nw_tos` is the whole byte, with the two bits of ECN.
  const sure = value !== null && text !== 'mod_nw_tos' && exists(list, field, tagged);
  const shown = sure ? written : `${field} = …`;
  return list.error(codes.otherWay, { name: text, instead: `\`${shown}\`` }, span, {
    fixes: sure ? [replaceFix(list.ctx, `Write \`${written}\``, value.span, written)] : [],
  });
}

/** What follows a name up to the end of its statement, where that is one word; the parser may have left it out. */
const ONE_VALUE = /^\w+(?:[ \t]*:[ \t]*|[ \t]+)([\w.:/]+)(?=[ \t]*(?:[;}\n\r#]|$))/;

function onlyValue(list: ActionList, s: CommandStatement): { text: string; span: Span } | null {
  const { start } = s.span;
  const [whole, text] = ONE_VALUE.exec(textOf(list, s)) ?? [];
  return text === undefined || whole === undefined
    ? null
    : { text, span: { start, end: start + whole.length } };
}

/** The source from the statement on, as much of it as one may have; empty where it is not at hand. */
function textOf(list: ActionList, s: CommandStatement): string {
  const { start } = s.span;
  const text = list.ctx.scope.textOf(list.ctx.file).slice(start, start + 200);
  return text.startsWith(s.name.text) ? text : '';
}

/** Code in quotes, and what joins it outside of them. */
function quoted(instead: string): string {
  const [first = '', rest] = instead.split(', or ');
  const code = first.split(', then ').map((part) => `\`${part}\``);
  return code.join(', then ') + (rest === undefined ? '' : `, or ${rest}`);
}

/** False where a write to the field would be an error for what the packet is. */
function exists(list: ActionList, name: string, tagged: boolean): boolean {
  const field = fieldByName(name);
  if (field === undefined || !list.known) return true;
  if (field.name === 'vlan_vid') return tagged;
  return unmet(field.prerequisite, list.state)?.missing.some((m) => m.contradicted) !== true;
}

/** `load 5 reg0`, `set_field(5, reg0)`, `move reg0->reg1`: value and field, up to the end of the statement. */
const VALUE_FIELD =
  /^(?:set_field|load|move)(?:[ \t]*\([ \t]*|[ \t]*:[ \t]*|[ \t]+)([\w.:[\]]+(?:\/[\w.:]+)?)(?:[ \t]*,[ \t]*|[ \t]*->[ \t]*|[ \t]+)([a-z]\w*(?:\[\d+(?:\.\.\d+)?\])?)(?:\[\])?(?:[ \t]*\))?(?=[ \t]*(?:[;}\n\r#]|$))/;

/** What a `load`, `set_field` or `move` with its operands would be here; null where that is not sure. */
function meantAssignment(list: ActionList, s: CommandStatement): { text: string; span: Span } | null {
  const { start } = s.span;
  const found = VALUE_FIELD.exec(textOf(list, s));
  const [whole = '', value = '', target = ''] = found ?? [];
  const name = /^\w*/.exec(target)?.[0] ?? '';
  const symbol = list.ctx.scope.lookup(name);
  const writable = symbol === undefined ? fieldByName(name)?.writable === true : symbol.kind === 'register';
  if (!writable || value.includes('[]')) return null;
  return { text: `${target} = ${value}`, span: { start, end: start + whole.length } };
}

/** `mod_tp_dst` is `tcp_dst = …` where the match says `tcp`. */
function transportField(list: ActionList, name: string): string | undefined {
  const generic = /^mod_(tp_(?:src|dst))$/.exec(name)?.[1];
  if (generic === undefined || !list.known || !isGenericName(generic)) return undefined;
  return resolveGeneric(generic, protocolOf(list.state))?.name;
}

function noAction(list: ActionList, s: CommandStatement, known: readonly string[]): null {
  const { ctx } = list;
  const { text, span } = s.name;
  const write = (words: string): { fixes: ReturnType<typeof replaceFix>[] } => ({
    fixes: s.operand === null && s.args === null ? [replaceFix(ctx, `Write \`${words}\``, span, words)] : [],
  });
  const symbol = ctx.scope.lookup(text) ?? ctx.scope.table(text);
  if (symbol?.kind === 'port') {
    return list.error(
      codes.notAnAction,
      { name: text, kind: 'a port', instead: `output ${text}` },
      span,
      write(`output ${text}`),
    );
  }
  if (symbol?.kind === 'table') {
    return list.error(
      codes.notAnAction,
      { name: text, kind: 'a table', instead: `goto ${text}` },
      span,
      write(`goto ${text}`),
    );
  }
  if (symbol?.kind === 'register' || (symbol === undefined && fieldByName(text) !== undefined)) {
    const kind = symbol === undefined ? 'a field' : 'a register';
    return list.error(codes.notAnAction, { name: text, kind, instead: `${text} = …` }, span);
  }
  if (isProtocolName(text)) {
    // What needs the protocol is the same mistake.
    list.forget();
    return list.error(codes.notAnAction, { name: text, kind: 'a protocol', instead: undefined }, span);
  }
  const lower = text.toLowerCase();
  const meant =
    known.includes(lower) || actionByName(lower) !== undefined || reservedPort(lower) !== undefined;
  if (lower !== text && meant) {
    if (CHANGES_PACKET.has(lower)) list.forget();
    return list.error(notLowerCase, { name: text, correct: lower }, span, {
      fixes: [replaceFix(ctx, `Write \`${lower}\``, span, lower)],
    });
  }
  const assigned = s.operand === null && s.args === null ? [] : FIELDS.map((f) => f.name);
  const suggestion = nearest(text, [
    ...known,
    ...ACTIONS.filter((a) => a.instead === null).map((a) => a.name),
    ...RESERVED_PORTS.filter((p) => p.output).map((p) => p.name),
    ...assigned,
  ]);
  if (suggestion === undefined || CHANGES_PACKET.has(suggestion)) list.forget();
  return list.error(codes.unknownAction, { name: text, suggestion }, span, {
    fixes: suggestion === undefined ? [] : [replaceFix(ctx, `Write \`${suggestion}\``, span, suggestion)],
  });
}
