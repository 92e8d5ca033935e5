/** `nat(src = 10.0.0.1-10.0.0.9, ports = 5000-6000, random)`: address translation inside `ct`. */
import type { CallExpr, Expr } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/actions.ts';
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

type Range = NonNullable<Nat['addresses']> & { readonly family: 4 | 6 };

/** undefined when something is wrong, which is then reported. */
export function readNat(list: ActionList, call: CallExpr): Nat | undefined {
  const args = readCallExpr(list, call, {
    values: ['src', 'dst', 'ports'],
    flags: ['src', 'dst', 'persistent', 'hash', 'random'],
    form: 'nat, nat(src = ADDRESS-ADDRESS, ports = PORT-PORT) or nat(dst = …), with persistent, hash or random',
  });
  const src = args.value('src') ?? args.flag('src');
  const dst = args.value('dst') ?? args.flag('dst');
  const flags = (['persistent', 'hash', 'random'] as const).filter((f) => args.flag(f) !== undefined);
  if (!args.sound) return undefined;
  if (src !== undefined && dst !== undefined) return fail(list.error(codes.natBothWays, {}, args.span('dst')));
  if (flags.includes('hash') && flags.includes('random')) {
    return fail(list.error(codes.natHashAndRandom, {}, args.span('random')));
  }
  const portsExpr = args.value('ports');
  if (src === undefined && dst === undefined) {
    const [first] = flags;
    if (portsExpr !== undefined) return fail(list.error(codes.natPortsAlone, {}, args.span('ports')));
    if (first === undefined) return BARE_NAT;
    return fail(list.error(codes.natFlagAlone, { flag: first }, args.span(first)));
  }
  const direction = src === undefined ? 'dst' : 'src';
  const addresses = addressesOf(list, args, direction);
  if (addresses === undefined) return undefined;
  if (portsExpr !== undefined && addresses === null) {
    return fail(list.error(codes.natPortsAlone, {}, args.span('ports')));
  }
  const ports = portsExpr === undefined ? null : portsOf(list, portsExpr);
  if (ports === undefined) return undefined;
  return {
    direction,
    family: addresses?.family ?? null,
    addresses: addresses === null ? null : { min: addresses.min, max: addresses.max },
    ports,
    persistent: flags.includes('persistent'),
    hash: flags.includes('hash'),
    random: flags.includes('random'),
  };
}

function fail(_: null): undefined {
  return undefined;
}

/** null where none is given. */
function addressesOf(list: ActionList, args: Arguments, direction: 'src' | 'dst'): Range | null | undefined {
  const expr = args.value(direction);
  if (expr === undefined) return null;
  if (expr.kind === 'missing') return fail(list.fail());
  const from = address(list, expr.kind === 'range' ? expr.from : expr);
  const to = expr.kind === 'range' ? address(list, expr.to) : null;
  if (from === undefined || to === undefined) return undefined;
  if (from.value === 0n) {
    const span = args.span(direction);
    return fail(
      list.error(codes.natToZero, { direction }, expr.span, {
        fixes: to === null ? [replaceFix(list.ctx, `Write \`${direction}\``, span, direction)] : [],
      }),
    );
  }
  if (to === null) return { family: from.family, min: from.value, max: null };
  if (from.family !== to.family) {
    return fail(list.error(codes.badNatRange, { why: 'its ends are of different families' }, expr.span));
  }
  if (to.value < from.value) {
    return fail(list.error(codes.badNatRange, { why: 'its end comes before its start' }, expr.span));
  }
  return { family: from.family, min: from.value, max: to.value === from.value ? null : to.value };
}

function address(list: ActionList, expr: Expr): { family: 4 | 6; value: bigint } | undefined {
  const at = followConstants(list.ctx, literal(expr), 'constant', 'an address');
  if (at === null || at.expr.kind === 'missing') return fail(list.fail());
  if (at.expr.kind === 'ipv4') return { family: 4, value: at.expr.value };
  if (at.expr.kind === 'ipv6') return { family: 6, value: at.expr.value };
  return fail(list.error(codes.badNatRange, { why: `this is ${kindOf(at.expr)}, not an address` }, expr.span));
}

function portsOf(list: ActionList, expr: Expr): Nat['ports'] | undefined {
  const limits = { what: 'a port to translate to', min: 1n, max: 0xffffn };
  const from = evaluateInt(list.ctx, expr.kind === 'range' ? expr.from : expr, limits);
  const to = expr.kind === 'range' ? evaluateInt(list.ctx, expr.to, limits) : null;
  if (from === null || (expr.kind === 'range' && to === null)) return fail(list.fail());
  if (to === null) return { min: Number(from), max: null };
  if (to < from) {
    return fail(list.error(codes.badNatRange, { why: 'its end comes before its start' }, expr.span));
  }
  return { min: Number(from), max: to === from ? null : Number(to) };
}
