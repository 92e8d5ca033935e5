/** What constants stand for, looked at once where they are declared. */
import type { Expr } from '../../grammar/ast.ts';
import { FUNCTIONS } from '../../grammar/tokens.ts';
import { unknownFunction } from '../diagnostics/codes/expand-values.ts';
import { notAValue, unknownName } from '../diagnostics/codes/names.ts';
import { constantCycle, constantTooDeep } from '../diagnostics/codes/program.ts';
import { fieldByName } from '../openflow/fields.ts';
import { reservedPort } from '../openflow/ports.ts';
import { isWord, MAX_HOPS } from './constants.ts';
import type { EvalContext } from './constants.ts';
import { label, replaceFix, report } from './report.ts';
import { nearest } from '../diagnostics/suggest.ts';
import type { ConstSymbol } from './types.ts';
import { ownerOfValue } from '../openflow/well-known.ts';

/**
 * Reports what no use could make sense of. Whether a value fits is judged at each use, by the field there; what is
 * reported here is not reported again.
 */
export function checkConstants(ctx: EvalContext, consts: readonly ConstSymbol[]): void {
  for (const symbol of consts) {
    const { value } = symbol;
    if (value.kind === 'call') {
      const { text, span } = value.name;
      report(ctx, unknownFunction, { name: text, suggestion: nearest(text, FUNCTIONS) }, span);
    }
    for (const { name, e } of namesIn(value)) {
      if (ctx.scope.lookup(name) === undefined) checkName(ctx, symbol, name, e);
    }
  }
  checkChains(ctx, consts);
}

/** The names that a value consists of: one, or those of its parts. */
function namesIn(value: Expr): { readonly name: string; readonly e: Expr }[] {
  switch (value.kind) {
    case 'masked':
      return [value.value, value.mask].flatMap(namesIn);
    case 'range':
      return [value.from, value.to].flatMap(namesIn);
    case 'set':
    case 'list':
      return value.elements.flatMap(namesIn);
    case 'record':
      return value.entries.flatMap((entry) => namesIn(entry.value));
    case 'name': {
      const name = value.path.length === 1 && value.subfield === null ? value.path[0]?.text : undefined;
      return name === undefined || name === '' ? [] : [{ name, e: value }];
    }
    default:
      return [];
  }
}

/** A name must be another constant, a port or a well-known value. */
function checkName(ctx: EvalContext, symbol: ConstSymbol, name: string, e: Expr): void {
  if (fieldByName(name) !== undefined) {
    report(ctx, notAValue, { name, kind: 'a field', needed: 'a value' }, e.span);
  } else if (ownerOfValue(name) === undefined && reservedPort(name) === undefined && !isWord(name)) {
    const others = ctx.scope.consts.map((c) => c.name).filter((n) => n !== symbol.name);
    const suggestion = nearest(name, others);
    report(ctx, unknownName, { name, what: 'constant', suggestion }, e.span, {
      fixes: suggestion === undefined ? [] : [replaceFix(ctx, `Write \`${suggestion}\``, e.span, suggestion)],
    });
  }
}

interface Visit {
  readonly symbol: ConstSymbol;
  /** Constants in its value that have not been looked at. */
  readonly rest: ConstSymbol[];
  depth: number;
}

/** Reports cycles of constants, each once, and chains so long that no use would follow them. */
function checkChains(ctx: EvalContext, consts: readonly ConstSymbol[]): void {
  // Depth of each constant that is done with; -1 while it is on the stack.
  const depths = new Map<ConstSymbol, number>();
  const visit = (symbol: ConstSymbol): Visit => {
    depths.set(symbol, -1);
    return { symbol, rest: constantsIn(ctx, symbol), depth: 0 };
  };
  for (const start of consts) {
    const stack: Visit[] = depths.has(start) ? [] : [visit(start)];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.rest.pop();
      if (next !== undefined) {
        const depth = depths.get(next);
        if (depth === undefined) stack.push(visit(next));
        else if (depth === -1) reportCycle(ctx, stack.slice(stack.findIndex((v) => v.symbol === next)));
        else top.depth = Math.max(top.depth, depth + 1);
        continue;
      }
      stack.pop();
      const { symbol, depth } = top;
      depths.set(symbol, depth);
      if (depth === MAX_HOPS) report(ctx, constantTooDeep, { name: symbol.name, max: MAX_HOPS }, symbol.span);
      const above = stack.at(-1);
      if (above !== undefined) above.depth = Math.max(above.depth, depth + 1);
    }
  }
}

function constantsIn(ctx: EvalContext, { value }: ConstSymbol): ConstSymbol[] {
  return namesIn(value).flatMap(({ name }) => {
    const symbol = ctx.scope.lookup(name);
    return symbol?.kind === 'const' ? [symbol] : [];
  });
}

/** At the one that is declared first. */
function reportCycle(ctx: EvalContext, cycle: readonly Visit[]): void {
  const [first, ...others] = cycle.map((v) => v.symbol).sort((a, b) => a.span.start - b.span.start);
  if (first === undefined) return;
  const related = others.map((c) => label(c, 'by way of this'));
  report(ctx, constantCycle, { name: first.name }, first.span, { related });
}
