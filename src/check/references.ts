/** Groups and meters where they are used: `group web`, `meter 100`, `controller(meter_id = limit)`. */
import type { Expr } from '../../grammar/ast.ts';
import { undeclaredGroup, undeclaredMeter } from '../diagnostics/codes/groups.ts';
import { notLowerCase } from '../diagnostics/codes/names.ts';
import { outOfRange, wrongKindFor } from '../diagnostics/codes/values.ts';
import type { Definition, Details } from '../diagnostics/define.ts';
import type { OfpErrorName } from '../openflow/errors.ts';
import { bareWord } from './action-args.ts';
import { complain, followConstants, literal } from './constants.ts';
import type { EvalContext } from './constants.ts';
import { GROUP_IDS, METER_IDS } from './identified.ts';
import type { IdKind } from './identified.ts';
import { replaceFix } from './report.ts';
import { kindOf, showExpr } from './show.ts';
import type { GroupSymbol, MeterSymbol } from './types.ts';

/** The group that is meant; null when there is none, which is then reported. */
export function evaluateGroup(ctx: EvalContext, expr: Expr, details?: Details): GroupSymbol | null {
  const { scope } = ctx;
  return refer(ctx, expr, {
    ids: GROUP_IDS,
    names: scope.groups,
    byName: (name) => scope.group(name),
    byId: (id) => scope.groupById(id),
    undeclared: undeclaredGroup,
    outside: 'OFPBAC_BAD_OUT_GROUP',
    details,
  });
}

/** The meter that is meant; null when there is none, which is then reported. */
export function evaluateMeter(ctx: EvalContext, expr: Expr, details?: Details): MeterSymbol | null {
  const { scope } = ctx;
  return refer(ctx, expr, {
    ids: METER_IDS,
    names: scope.meters,
    byName: (name) => scope.meter(name),
    byId: (id) => scope.meterById(id),
    undeclared: undeclaredMeter,
    outside: 'OFPMMFC_INVALID_METER',
    details,
  });
}

interface Reference<S> {
  readonly ids: IdKind;
  readonly names: readonly { readonly name: string }[];
  readonly byName: (name: string) => S | undefined;
  readonly byId: (id: number) => S | undefined;
  readonly undeclared: Definition<{ id: number }>;
  /** What the switch says to a number that none can have. */
  readonly outside: OfpErrorName;
  readonly details: Details | undefined;
}

function refer<S>(ctx: EvalContext, expr: Expr, of: Reference<S>): S | null {
  if (expr.kind === 'missing') return null;
  const { what, article, min, max } = of.ids;
  const word = bareWord(expr);
  if (word !== undefined) {
    const symbol = of.byName(word);
    if (symbol !== undefined) return symbol;
    const correct = word.toLowerCase();
    if (correct !== word && of.byName(correct) !== undefined && ctx.scope.lookup(word) === undefined) {
      const fixes = [replaceFix(ctx, `Write \`${correct}\``, expr.span, correct)];
      return complain(ctx, literal(expr), notLowerCase, { name: word, correct }, { fixes });
    }
  }
  const names = of.names.map((s) => s.name);
  const at = followConstants(ctx, literal(expr), what, article, names);
  if (at === null) return null;
  if (at.expr.kind !== 'int') {
    const params = { what: article, needed: 'a name or a number', found: kindOf(at.expr) };
    return complain(ctx, at, wrongKindFor, params);
  }
  const { value } = at.expr;
  if (value < BigInt(min) || value > BigInt(max)) {
    const params = { what: article, value: showExpr(at.expr), min: BigInt(min), max: BigInt(max) };
    return complain(ctx, at, outOfRange, params, { switchError: of.outside });
  }
  const id = Number(value);
  return (
    of.byId(id) ??
    complain(
      ctx,
      at,
      of.undeclared,
      { id },
      {
        help: `declare it, or, if somebody else makes it, write \`${what} NAME = ${id}\` at top level`,
        ...of.details,
      },
    )
  );
}
