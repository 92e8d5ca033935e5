/** `learn`: a flow that the switch makes from the packet (ovs-actions(7), "The learn action"). */
import type { CommandStatement } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/actions.ts';
import { undeclaredTable } from '../diagnostics/codes/names.ts';
import { foreignCookie, reservedCookie } from '../diagnostics/codes/program.ts';
import { LEARNED_BIT, RESERVED_COOKIE } from '../ir/identity.ts';
import type { Action, CookieSpace, Instructions, SubfieldRef } from '../ir/types.ts';
import { numberOf, readArguments } from './action-args.ts';
import type { Arguments } from './action-args.ts';
import { fieldOf, subfieldRef, writable } from './action-assign.ts';
import { readSpecs } from './action-learn-specs.ts';
import type { ActionList } from './action-list.ts';
import { hex, kindOf, showTarget } from './show.ts';
import { evaluateDuration, evaluateInt, evaluateTable } from './values.ts';

type Learn = Extract<Action, { kind: 'learn' }>;

/** Where learned flows go unless it is said. */
const DEFAULT_TABLE = 1;
const DEFAULT_PRIORITY = 0x8000;

/** Stands for the cookie of the flow that the action is in, until that is known: see `withCookie`. */
const OWN_COOKIE = -1n;

const FORM =
  'learn(table = TABLE, priority = …, idle_timeout = …, hard_timeout = …, cookie = …, …) { match { … } action { … } }';

/**
 * `learn(table = macs, idle_timeout = 5m) { match { eth_dst = pkt.eth_src } action { output pkt.in_port } }`. What goes
 * into the learned flow is read by `readSpecs`; all arguments may be left out.
 */
export function learn(list: ActionList, s: CommandStatement): Action | null {
  const args = readArguments(list, s, {
    values: [
      'table',
      'priority',
      'idle_timeout',
      'hard_timeout',
      'fin_idle_timeout',
      'fin_hard_timeout',
      'cookie',
      'limit',
      'result_dst',
    ],
    flags: ['send_flow_rem', 'delete_learned'],
    block: 'required',
    form: FORM,
  });
  const seconds = (name: string): number | null => {
    const expr = args.value(name);
    if (expr === undefined) return 0;
    return evaluateDuration(list.ctx, expr, { what: `\`${name}\``, min: 0n, max: 0xffffn }) ?? list.fail();
  };
  const numbers = {
    table: tableOf(list, s, args),
    priority: orElse(numberOf(list, args, 'priority', { what: '`priority`', max: 0xffff }), DEFAULT_PRIORITY),
    idleTimeout: seconds('idle_timeout'),
    hardTimeout: seconds('hard_timeout'),
    finIdleTimeout: seconds('fin_idle_timeout'),
    finHardTimeout: seconds('fin_hard_timeout'),
    limit: orElse(numberOf(list, args, 'limit', { what: '`limit`', max: 0xffffffff }), 0),
    cookie: cookieOf(list, s, args),
  };
  const result = resultOf(list, args);
  const specs = args.block === null ? null : readSpecs(list, args.block);
  if (!args.sound || result === 'bad' || specs === null || !allKnown(numbers)) return null;
  return {
    kind: 'learn',
    ...numbers,
    sendFlowRem: args.flag('send_flow_rem') !== undefined,
    deleteLearned: args.flag('delete_learned') !== undefined,
    result,
    specs,
  };
}

function orElse(value: number | null | undefined, fallback: number): number | null {
  return value === undefined ? fallback : value;
}

function allKnown<T extends object>(numbers: T): numbers is { [K in keyof T]: NonNullable<T[K]> } {
  return Object.values(numbers).every((n) => n !== null);
}

function tableOf(list: ActionList, s: CommandStatement, args: Arguments): number | null {
  const expr = args.value('table');
  if (expr !== undefined)
    return evaluateTable(list.ctx, expr, { switchError: 'OFPBAC_BAD_ARGUMENT' }) ?? list.fail();
  // An argument that could not be read may be the table.
  if (!args.sound) return list.fail();
  if (list.ctx.scope.hasTable(DEFAULT_TABLE)) return DEFAULT_TABLE;
  return list.error(undeclaredTable, { table: DEFAULT_TABLE }, s.name.span, {
    notes: ['without `table` the learned flows go to table 1'],
    help: 'say where they go: `learn(table = …)`',
  });
}

function cookieOf(list: ActionList, s: CommandStatement, args: Arguments): bigint | null {
  const expr = args.value('cookie');
  if (expr === undefined) {
    return list.inBucket ? list.error(codes.noCookieToLearn, {}, s.name.span) : OWN_COOKIE;
  }
  const cookie = evaluateInt(list.ctx, expr, { what: '`cookie`', min: 0n, max: RESERVED_COOKIE });
  if (cookie === null) return list.fail();
  if (cookie === RESERVED_COOKIE) return list.refuses(reservedCookie, {}, expr.span) ? null : cookie;
  const { value, mask } = list.ctx.scope.cookies;
  if ((cookie & mask) !== value && !list.ctx.scope.foreignCookies) {
    list.warn(foreignCookie, { space: `${hex(value)}/${hex(mask)}` }, expr.span);
  }
  return cookie;
}

/** One bit, of which the switch does not look whether the packet has it; null for none. */
function resultOf(list: ActionList, args: Arguments): SubfieldRef | null | 'bad' {
  const expr = args.value('result_dst');
  if (expr === undefined) return null;
  if (expr.kind !== 'name') {
    if (expr.kind === 'missing') list.fail();
    else list.error(codes.unexpectedPart, { action: 'learn', what: kindOf(expr), form: FORM }, expr.span);
    return 'bad';
  }
  const target = fieldOf(list, expr);
  if (target === null || !writable(list, target, 'result')) return 'bad';
  const subject = `\`${showTarget(target)}\``;
  list.needs(target.field.prerequisite, subject, expr.span, { switchNotices: false });
  if (target.field.headers[0]?.experimenter !== null) {
    list.error(codes.longFieldNumber, { field: target.field.name, action: 'learn' }, expr.span);
    return 'bad';
  }
  const result = subfieldRef(target);
  if (result.bits === 1) return result;
  list.error(
    codes.notOneBit,
    { what: '`result_dst`', field: showTarget(target), bits: result.bits },
    expr.span,
  );
  return 'bad';
}

/** The cookie of flows that are learned by a flow: its own, with the bit that tells, where that is left free. */
function learnedCookie(cookie: bigint, { mask }: CookieSpace): bigint {
  return cookie | (LEARNED_BIT & ~mask);
}

/** The instructions with the cookie of their flow where a `learn` is to have it. */
export function withCookie(instructions: Instructions, cookie: bigint, space: CookieSpace): Instructions {
  if (!learnsOwn(instructions.apply)) return instructions;
  return { ...instructions, apply: fillCookie(instructions.apply, learnedCookie(cookie, space)) };
}

function learnsOwn(actions: readonly Action[]): boolean {
  return actions.some(
    (a) => (a.kind === 'learn' && a.cookie === OWN_COOKIE) || (a.kind === 'clone' && learnsOwn(a.actions)),
  );
}

function fillCookie(actions: readonly Action[], cookie: bigint): Action[] {
  return actions.map((a) => {
    if (a.kind === 'learn') return a.cookie === OWN_COOKIE ? ({ ...a, cookie } satisfies Learn) : a;
    return a.kind === 'clone' ? { ...a, actions: fillCookie(a.actions, cookie) } : a;
  });
}
