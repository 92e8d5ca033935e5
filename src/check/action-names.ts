/** Statements whose name is not that of an action: what is meant, where that can be told. */
import type { CommandStatement } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/actions.ts';
import { notLowerCase } from '../diagnostics/codes/names.ts';
import { actionByName, ACTIONS } from '../openflow/actions.ts';
import { fieldByName, FIELDS } from '../openflow/fields.ts';
import { RESERVED_PORTS, reservedPort } from '../openflow/ports.ts';
import { isGenericName, isProtocolName, resolveGeneric } from '../openflow/protocols.ts';
import type { ActionList } from './action-list.ts';
import { replaceFix } from './report.ts';
import { showExpr } from './show.ts';
import { protocolOf } from './state.ts';
import { nearest } from './suggest.ts';

/** Other names for the same thing, each with what is written here instead. */
const RENAMED: Readonly<Record<string, string>> = {
  goto_table: 'goto',
  output_reg: 'output',
  apply_actions: 'the actions themselves',
};

/** Actions of ovs-actions(7) that change the packet in ways that are then unknown. */
const CHANGES_PACKET = new Set(['encap', 'decap']);

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
  if (text === 'check_pkt_larger') {
    return list.error(codes.otherWay, { name: text, instead: 'FIELD[BIT] = check_pkt_larger(LENGTH)' }, span);
  }
  const action = actionByName(text);
  if (action !== undefined) {
    if (action.instead !== null) return assignment(list, s, action.instead);
    if (CHANGES_PACKET.has(action.name)) list.forget();
    return list.error(codes.laterAction, { name: text, summary: action.summary }, span);
  }
  return noAction(list, s, [...known]);
}

function renamed(list: ActionList, s: CommandStatement, instead: string): null {
  const { text, span } = s.name;
  const word = /^\w+$/.test(instead);
  return list.error(codes.otherWay, { name: text, instead }, span, {
    fixes: word ? [replaceFix(list.ctx, `Write \`${instead}\``, span, instead)] : [],
  });
}

/** `mod_dl_src MAC` is `eth_src = MAC`. */
function assignment(list: ActionList, s: CommandStatement, instead: string): null {
  const { text, span } = s.name;
  const field = /^([a-z]\w*) = [A-Z]+$/.exec(instead)?.[1] ?? transportField(list, text);
  const simple = field !== undefined && s.operand !== null && s.args === null && s.block === null;
  return list.error(
    codes.otherWay,
    { name: text, instead: field === undefined ? instead : `${field} = …` },
    span,
    {
      fixes: simple ? [replaceFix(list.ctx, `Write \`${field} =\``, span, `${field} =`)] : [],
    },
  );
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
    return list.error(codes.notAnAction, { name: text, kind: 'a protocol', instead: undefined }, span);
  }
  const lower = text.toLowerCase();
  const meant =
    known.includes(lower) || actionByName(lower) !== undefined || reservedPort(lower) !== undefined;
  if (lower !== text && meant) {
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
  return list.error(codes.unknownAction, { name: text, suggestion }, span, {
    fixes: suggestion === undefined ? [] : [replaceFix(ctx, `Write \`${suggestion}\``, span, suggestion)],
  });
}
