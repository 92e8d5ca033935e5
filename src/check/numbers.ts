/** Numbers, durations and tables that belong to no field. */
import type { Expr } from '../../grammar/ast.ts';
import { notAValue, notLowerCase, undeclaredTable } from '../diagnostics/codes/names.ts';
import * as codes from '../diagnostics/codes/values.ts';
import type { OfpErrorName } from '../openflow/errors.ts';
import { complain, followConstants, literal, refuses, symbolKind } from './constants.ts';
import type { EvalContext } from './constants.ts';
import { replaceFix } from './report.ts';
import { kindOf, showExpr, showName } from './show.ts';

export interface IntLimits {
  readonly min: bigint;
  readonly max: bigint;
  /** What it is, as the subject of a sentence: `the priority`, `a queue`. */
  readonly what: string;
  /** What the switch says to a number out of these limits, where it can be told of it. */
  readonly switchError?: OfpErrorName | ((value: bigint) => OfpErrorName | undefined) | undefined;
}

/** A number; null when something is wrong with it, which is then reported. */
export function evaluateInt(ctx: EvalContext, expr: Expr, limits: IntLimits): bigint | null {
  const { what, min, max } = limits;
  if (expr.kind === 'missing') return null;
  const at = followConstants(ctx, literal(expr), 'constant', 'a number');
  if (at === null) return null;
  if (at.expr.kind !== 'int') {
    return complain(ctx, at, codes.wrongKindFor, { what, needed: 'a number', found: kindOf(at.expr) });
  }
  const { value } = at.expr;
  if (value < min || value > max) {
    const switchError =
      typeof limits.switchError === 'function' ? limits.switchError(value) : limits.switchError;
    const details = switchError === undefined ? {} : { switchError };
    return complain(ctx, at, codes.outOfRange, { what, value: showExpr(at.expr), min, max }, details);
  }
  return value;
}

/** A number of seconds, given as such (`30`) or as a duration (`30s`, `5m`). */
export function evaluateDuration(ctx: EvalContext, expr: Expr, limits: IntLimits): number | null {
  const { what, min, max } = limits;
  if (expr.kind === 'missing') return null;
  const at = followConstants(ctx, literal(expr), 'constant', 'a duration');
  if (at === null) return null;
  if (at.expr.kind !== 'int' && at.expr.kind !== 'duration') {
    return complain(ctx, at, codes.wrongKindFor, {
      what,
      needed: 'a duration such as `30s`',
      found: kindOf(at.expr),
    });
  }
  const seconds = at.expr.kind === 'int' ? at.expr.value : at.expr.seconds;
  if (seconds < min || seconds > max) {
    const value = `${seconds} seconds`;
    return complain(ctx, at, codes.outOfRange, { what, value, min, max });
  }
  return Number(seconds);
}

export const MAX_TABLE = 253;
/** The switch's own, which flows can name but not be in. */
export const INTERNAL_TABLE = 254;

/** What the switch says to a flow in a table that a program cannot have. */
export function tableRefusal(table: bigint): OfpErrorName | undefined {
  if (table === BigInt(INTERNAL_TABLE)) return 'OFPBRC_EPERM';
  return table === 255n ? 'OFPFMFC_BAD_TABLE_ID' : undefined;
}

export interface TableLimits {
  /** The highest number that can be named. */
  readonly last?: number;
  /** What the switch says to a higher one that can be sent. */
  readonly switchError?: OfpErrorName;
}

/** The number of a declared table, by name or number. */
export function evaluateTable(ctx: EvalContext, expr: Expr, limits: TableLimits = {}): number | null {
  if (expr.kind === 'missing') return null;
  if (expr.kind === 'name' && expr.path.length === 1 && expr.subfield === null) {
    const name = expr.path[0]?.text ?? '';
    const table = ctx.scope.table(name);
    // Without a number, its declaration has been reported.
    if (table !== undefined) return table.number;
    const symbol = ctx.scope.lookup(name);
    if (symbol !== undefined && symbol.kind !== 'const') {
      const kind = symbolKind(symbol);
      return complain(ctx, literal(expr), notAValue, { name, kind, needed: 'a table' });
    }
    const meant = symbol?.kind === 'const' && symbol.value.kind === 'name' ? showName(symbol.value) : '';
    if (ctx.scope.table(meant) !== undefined) {
      const fixes = [replaceFix(ctx, `Write \`${meant}\``, expr.span, meant)];
      const kind = `a constant that stands for table \`${meant}\``;
      return complain(ctx, literal(expr), notAValue, { name, kind, needed: 'the table itself' }, { fixes });
    }
    const correct = name.toLowerCase();
    if (symbol === undefined && correct !== name && ctx.scope.table(correct) !== undefined) {
      return complain(
        ctx,
        literal(expr),
        notLowerCase,
        { name, correct },
        {
          fixes: [replaceFix(ctx, `Write \`${correct}\``, expr.span, correct)],
        },
      );
    }
  }
  const names = ctx.scope.tables.map((t) => t.name);
  const at = followConstants(ctx, literal(expr), 'table', 'a table', names);
  if (at === null) return null;
  if (at.expr.kind !== 'int') {
    return complain(ctx, at, codes.wrongKindFor, {
      what: 'a table',
      needed: 'a name or a number',
      found: kindOf(at.expr),
    });
  }
  const { value } = at.expr;
  const { last = INTERNAL_TABLE, switchError } = limits;
  if (value > BigInt(last)) {
    const params = { what: 'a table', value: showExpr(at.expr), min: 0n, max: BigInt(MAX_TABLE) };
    return complain(ctx, at, codes.outOfRange, params, switchError === undefined ? {} : { switchError });
  }
  const table = Number(value);
  return ctx.scope.hasTable(table) || !refuses(ctx, at, undeclaredTable, { table }) ? table : null;
}
