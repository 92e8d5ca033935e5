/** `nat(src = 10.0.0.1-10.0.0.9, ports = 5000-6000, random)`: address translation inside `ct`. */
import type { CallExpr, Expr, Span } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/actions.ts';
import type { Definition, Details } from '../diagnostics/define.ts';
import type { Nat } from '../ir/types.ts';
import { readCallExpr } from './action-args.ts';
import type { Arguments } from './action-args.ts';
import type { ActionList } from './action-list.ts';
import { followConstants, literal } from './constants.ts';
import { replaceFix } from './report.ts';
import { kindOf } from './show.ts';
import { evaluateInt } from './values.ts';

/** Does to the packet what the connection was given before. */
export const BARE_NAT: Nat = {
  direction: null,
  family: null,
  addresses: null,
  ports: null,
  persistent: false,
  hash: false,
  random: false,
};

/** Something is wrong, and has been reported; null means "not given" here. */
type Bad = 'bad';

function bad<P>(list: ActionList, definition: Definition<P>, params: P, span: Span, details?: Details): Bad {
  list.error(definition, params, span, details);
  return 'bad';
}

export function readNat(list: ActionList, call: CallExpr): Nat | Bad {
  const args = readCallExpr(list, call, {
    values: ['src', 'dst', 'ports'],
    flags: ['src', 'dst', 'persistent', 'hash', 'random'],
    form: 'nat, nat(src = ADDRESS-ADDRESS, ports = PORT-PORT) or nat(dst = …), with persistent, hash or random',
  });
  if (!args.sound) return 'bad';
  const has = (name: string): boolean => args.flag(name) !== undefined || args.value(name) !== undefined;
  const flags = (['persistent', 'hash', 'random'] as const).filter(has);
  const ports = args.value('ports');
  if (has('src') && has('dst')) return bad(list, codes.natBothWays, {}, args.span('dst'));
  if (has('hash') && has('random')) return bad(list, codes.natHashAndRandom, {}, args.span('random'));
  if (!has('src') && !has('dst')) {
    const [flag] = flags;
    if (ports !== undefined) return bad(list, codes.natPortsAlone, {}, args.span('ports'));
    if (flag !== undefined) return bad(list, codes.natFlagAlone, { flag }, args.span(flag));
    return BARE_NAT;
  }
  const direction = has('src') ? 'src' : 'dst';
  const addresses = addressesOf(list, args, direction);
  if (addresses === 'bad') return 'bad';
  if (ports !== undefined && addresses === null) {
    return bad(list, codes.natPortsAlone, {}, args.span('ports'));
  }
  const range = ports === undefined ? null : portsOf(list, ports);
  if (range === 'bad') return 'bad';
  return {
    direction,
    family: addresses?.family ?? null,
    addresses: addresses === null ? null : { min: addresses.min, max: addresses.max },
    ports: range,
    persistent: flags.includes('persistent'),
    hash: flags.includes('hash'),
    random: flags.includes('random'),
  };
}

interface Addresses {
  readonly family: 4 | 6;
  readonly min: bigint;
  readonly max: bigint | null;
}

const BACKWARDS = { why: 'its end comes before its start' };

function addressesOf(list: ActionList, args: Arguments, direction: 'src' | 'dst'): Addresses | null | Bad {
  const expr = args.value(direction);
  if (expr === undefined) return null;
  const from = address(list, expr.kind === 'range' ? expr.from : expr);
  const to = expr.kind === 'range' ? address(list, expr.to) : null;
  if (from === 'bad' || to === 'bad') return 'bad';
  if (from.value === 0n) {
    const fix = replaceFix(list.ctx, `Write \`${direction}\``, args.span(direction), direction);
    return bad(list, codes.natToZero, { direction }, expr.span, { fixes: to === null ? [fix] : [] });
  }
  if (to === null) return { family: from.family, min: from.value, max: null };
  if (from.family !== to.family) {
    return bad(list, codes.badNatRange, { why: 'its ends are of different families' }, expr.span);
  }
  if (to.value < from.value) return bad(list, codes.badNatRange, BACKWARDS, expr.span);
  return { family: from.family, min: from.value, max: to.value };
}

function address(list: ActionList, expr: Expr): { readonly family: 4 | 6; readonly value: bigint } | Bad {
  const at = followConstants(list.ctx, literal(expr), 'constant', 'an address');
  if (at?.expr.kind === 'ipv4') return { family: 4, value: at.expr.value };
  if (at?.expr.kind === 'ipv6') return { family: 6, value: at.expr.value };
  if (at !== null && at.expr.kind !== 'missing') {
    return bad(list, codes.badNatRange, { why: `this is ${kindOf(at.expr)}, not an address` }, expr.span);
  }
  list.fail();
  return 'bad';
}

function portsOf(list: ActionList, expr: Expr): NonNullable<Nat['ports']> | Bad {
  const limits = {
    what: 'a port to translate to',
    min: 1n,
    max: 0xffffn,
    switchError: 'OFPBAC_BAD_ARGUMENT',
  } as const;
  const ends = expr.kind === 'range' ? [expr.from, expr.to] : [expr];
  const [min, max] = ends.map((end) => evaluateInt(list.ctx, end, limits));
  if (min === null || min === undefined || max === null) {
    list.fail();
    return 'bad';
  }
  if (max === undefined) return { min: Number(min), max: null };
  if (max < min) return bad(list, codes.badNatRange, BACKWARDS, expr.span);
  return { min: Number(min), max: Number(max) };
}
