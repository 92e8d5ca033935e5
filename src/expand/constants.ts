/** Constants, evaluated when somebody needs their value. */
import type { Expr } from '../../grammar/ast.ts';
import { constantCycle } from '../diagnostics/codes/program.ts';
import type { ConstSym } from './env.ts';
import { evaluate } from './evaluate.ts';
import type { Value } from './values.ts';

/** The value; null where something is wrong with it, which has been reported or will be by who checks plain constants. */
export function constantValue(symbol: ConstSym): Value | null {
  if (symbol.state === 'done') return symbol.value;
  if (symbol.state === 'busy') {
    // Where all of them are plain, the checker of constants says so.
    if (!isPlain(symbol)) symbol.env.report(constantCycle, { name: symbol.name }, symbol.decl.name.span);
    symbol.state = 'done';
    return null;
  }
  symbol.state = 'busy';
  // What is wrong with a constant is wrong with the program, whoever needs it first.
  const { sink } = symbol.env.module.program;
  const value = symbol.local
    ? evaluate(symbol.decl.value, symbol.env)
    : sink.during(null, () => evaluate(symbol.decl.value, symbol.env));
  // A cycle has come back to it meanwhile.
  if ((symbol.state as ConstSym['state']) === 'busy') symbol.value = value;
  symbol.state = 'done';
  return symbol.value;
}

/** Says nothing but literals and names, which are not followed: what checks a program without an expansion can check it. */
export function isPlain(symbol: ConstSym): boolean {
  symbol.plain ??= !symbol.local && isPlainExpr(symbol.decl.value);
  return symbol.plain;
}

function isPlainExpr(expr: Expr): boolean {
  switch (expr.kind) {
    case 'binary':
    case 'unary':
    case 'load':
    case 'call':
      return false;
    case 'string':
      return expr.parts === undefined;
    case 'name':
      return expr.path.length === 1 && expr.subfield === null;
    case 'masked':
      return isPlainExpr(expr.value) && isPlainExpr(expr.mask);
    case 'range':
      return isPlainExpr(expr.from) && isPlainExpr(expr.to);
    case 'set':
    case 'list':
      return expr.elements.every(isPlainExpr);
    case 'record':
      return expr.entries.every((e) => isPlainExpr(e.value));
    default:
      return true;
  }
}
