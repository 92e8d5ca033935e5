/** What constants stand for, looked at once where they are declared. */
import type { Expr } from '../../grammar/ast.ts';
import { notAValue, unknownName } from '../diagnostics/codes/names.ts';
import { constantCycle, laterDeclaration } from '../diagnostics/codes/program.ts';
import type { Label } from '../diagnostics/types.ts';
import { fieldByName } from '../openflow/fields.ts';
import { reservedPort } from '../openflow/ports.ts';
import { isLaterForm } from './constants.ts';
import type { EvalContext } from './constants.ts';
import { label, replaceFix, report } from './report.ts';
import { kindOf } from './show.ts';
import { nearest } from './suggest.ts';
import type { ConstSymbol } from './types.ts';
import { ownerOfValue } from './well-known.ts';

/**
 * Reports what no use could make sense of. Whether a value fits is judged at each use, by the field there; what is
 * reported here is not reported again.
 */
export function checkConstantValue(ctx: EvalContext, symbol: ConstSymbol): void {
  const { value } = symbol;
  if (isLaterForm(value)) {
    const what = `a constant that is ${kindOf(value)}`;
    report(ctx, laterDeclaration, { what }, value.span, { help: 'write a constant for each value' });
  }
  for (const e of value.kind === 'masked' ? [value.value, value.mask] : [value]) checkName(ctx, symbol, e);
}

/** A name must be another constant, a port or a well-known value. */
function checkName(ctx: EvalContext, symbol: ConstSymbol, e: Expr): void {
  if (e.kind !== 'name' || e.path.length !== 1 || e.subfield !== null) return;
  const name = e.path[0]?.text ?? '';
  if (name === '') return;
  if (ctx.scope.lookup(name) !== undefined) {
    checkCycle(ctx, symbol, name);
  } else if (fieldByName(name) !== undefined) {
    report(ctx, notAValue, { name, kind: 'a field', needed: 'a value' }, e.span);
  } else if (ownerOfValue(name) === undefined && reservedPort(name) === undefined) {
    const others = ctx.scope.consts.map((c) => c.name).filter((n) => n !== symbol.name);
    const suggestion = nearest(name, others);
    report(ctx, unknownName, { name, what: 'constant', suggestion }, e.span, {
      fixes: suggestion === undefined ? [] : [replaceFix(ctx, `Write \`${suggestion}\``, e.span, suggestion)],
    });
  }
}

/** Reports a cycle of constants once, at the one of them that is declared first. */
function checkCycle(ctx: EvalContext, start: ConstSymbol, next: string): void {
  const seen = new Set<string>([start.name]);
  const related: Label[] = [];
  for (let name = next; name !== start.name; ) {
    const symbol = ctx.scope.lookup(name);
    if (seen.has(name) || symbol?.kind !== 'const' || symbol.value.kind !== 'name') return;
    if (symbol.span.start < start.span.start) return;
    seen.add(name);
    related.push(label(symbol, 'by way of this'));
    name = symbol.value.path[0]?.text ?? '';
  }
  report(ctx, constantCycle, { name: start.name }, start.span, { related });
}
