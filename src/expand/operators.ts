/** What operators make of values. */
import type { BinaryExpr, Expr, Span } from '../../grammar/ast.ts';
import {
  divisionByZero,
  notACondition,
  overflow,
  unlikeOperand,
  unlikeOperands,
} from '../diagnostics/codes/expand-values.ts';
import { cellLiteral, cellText, examine, examineAll } from './cells.ts';
import type { Env } from './env.ts';
import { identityOf, kindOf, showExpr } from './show.ts';
import { literalOf } from './values.ts';
import type { Cell, Literal, Place, Truth, Value } from './values.ts';

/** Numbers at compile time are as wide as the widest field. */
export const MAX_NUMBER = (1n << 128n) - 1n;

/** What has an order and a width. */
export type Ordered = Extract<Expr, { readonly kind: 'int' | 'mac' | 'ipv4' | 'ipv6' }>;

export const WIDTHS = { int: 128, mac: 48, ipv4: 32, ipv6: 128 } as const;

export function isOrdered(expr: Expr): expr is Ordered {
  return expr.kind === 'int' || expr.kind === 'mac' || expr.kind === 'ipv4' || expr.kind === 'ipv6';
}

export function truth(value: boolean, env: Env, span: Span): Truth {
  return { kind: 'truth', value, place: { file: env.file, span } };
}

/** A number, where it fits; else it is reported. */
export function number(env: Env, span: Span, value: bigint, kind: Ordered['kind'] = 'int'): Literal | null {
  const max = (1n << BigInt(WIDTHS[kind])) - 1n;
  if (value < 0n || value > max) {
    const what = kind === 'int' ? 'this number' : 'this address';
    const limit =
      kind === 'int'
        ? value < 0n
          ? `would be ${value}, and there are none below 0`
          : 'would have more than 128 bits'
        : value < 0n
          ? 'would lie before the first one'
          : 'would lie behind the last one';
    return env.report(overflow, { what, limit }, span);
  }
  const expr: Expr = kind === 'int' ? { kind, value, radix: 10, span } : { kind, value, span };
  return literalOf(expr, env.file);
}

/** A cell becomes what the other side is; the result is never a cell but where both are. */
function alike(env: Env, value: Value, other: Value, span: Span): Value {
  if (value.kind !== 'cell') return value;
  return cellAs(value, other, span, env);
}

function cellAs(cell: Cell, other: Value, span: Span, env: Env): Value {
  if (other.kind === 'truth' && (cell.text === 'true' || cell.text === 'false'))
    return { kind: 'truth', value: cell.text === 'true', place: { file: env.file, span } };
  const isText = other.kind === 'cell' || (other.kind === 'literal' && other.expr.kind === 'string');
  return isText ? cellText(cell, span, cell.text, env.file) : cellLiteral(cell, span, cell.text, env.file);
}

/** The value of `left operator right`, of which `and` and `or` are none: they do not always look at both. */
export function binary(env: Env, expr: BinaryExpr, left: Value, right: Value): Value | null {
  const { operator } = expr;
  examine(left);
  examine(right);
  switch (operator) {
    case 'and':
    case 'or':
      return null;
    case 'in':
    case 'not in': {
      const found = contains(env, expr, left, right);
      return found === null ? null : truth(found === (operator === 'in'), env, expr.span);
    }
    case '==':
    case '!=': {
      const same = equal(env, expr, left, right);
      return same === null ? null : truth(same === (operator === '=='), env, expr.span);
    }
    default: {
      const a = alike(env, left, right, expr.left.span);
      const b = alike(env, right, left, expr.right.span);
      return operator === '<' || operator === '<=' || operator === '>' || operator === '>='
        ? compared(env, expr, a, b)
        : computed(env, expr, a, b);
    }
  }
}

function unlike(env: Env, { operator, operatorSpan }: BinaryExpr, left: Value, right: Value): null {
  for (const [value, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const given = value.kind === 'literal' ? value.expr.given : undefined;
    if (given?.cell === true && other !== value) {
      const place = { file: env.file, start: value.place.span.start, end: value.place.span.end };
      return env.reportAt(
        unlikeOperands,
        { operator, left: kindOf(left), right: kindOf(right) },
        { file: given.file, span: given.span },
        { related: [{ ...place, message: 'used here' }] },
      );
    }
  }
  return env.report(unlikeOperands, { operator, left: kindOf(left), right: kindOf(right) }, operatorSpan);
}

/** A number to compare by: of numbers and addresses, and of durations their seconds. */
function rank(value: Value): { readonly kind: string; readonly value: bigint } | null {
  if (value.kind !== 'literal') return null;
  const { expr } = value;
  if (expr.kind === 'duration') return { kind: 'duration', value: expr.seconds };
  return isOrdered(expr) ? expr : null;
}

function compared(env: Env, expr: BinaryExpr, left: Value, right: Value): Value | null {
  const a = rank(left);
  const b = rank(right);
  if (a === null || b === null || a.kind !== b.kind) return unlike(env, expr, left, right);
  const { operator } = expr;
  const holds =
    operator === '<'
      ? a.value < b.value
      : operator === '<='
        ? a.value <= b.value
        : operator === '>'
          ? a.value > b.value
          : a.value >= b.value;
  return truth(holds, env, expr.span);
}

function computed(env: Env, expr: BinaryExpr, left: Value, right: Value): Value | null {
  const { operator, span } = expr;
  if (left.kind !== 'literal' || right.kind !== 'literal') return unlike(env, expr, left, right);
  const [a, b] = [left.expr, right.expr];
  if (a.kind === 'duration' && b.kind === 'duration' && (operator === '+' || operator === '-')) {
    const seconds = operator === '+' ? a.seconds + b.seconds : a.seconds - b.seconds;
    if (seconds < 0n)
      return env.report(overflow, { what: 'this duration', limit: 'would be shorter than nothing' }, span);
    return literalOf({ kind: 'duration', seconds, span }, env.file);
  }
  if (!isOrdered(a) || !isOrdered(b)) return unlike(env, expr, left, right);
  const kind = a.kind;
  if (kind === 'int' && b.kind === 'int') return arithmetic(env, expr, a.value, b.value);
  if (b.kind === 'int' && operator === '+') return number(env, span, a.value + b.value, kind);
  if (b.kind === 'int' && operator === '-') return number(env, span, a.value - b.value, kind);
  if (kind === 'int' && operator === '+') return number(env, span, a.value + b.value, b.kind);
  if (kind === b.kind) {
    if (operator === '-') return number(env, span, a.value - b.value);
    if (operator === '&') return number(env, span, a.value & b.value, kind);
    if (operator === '|') return number(env, span, a.value | b.value, kind);
    if (operator === '^') return number(env, span, a.value ^ b.value, kind);
  }
  return unlike(env, expr, left, right);
}

function arithmetic(env: Env, { operator, span }: BinaryExpr, a: bigint, b: bigint): Literal | null {
  switch (operator) {
    case '+':
      return number(env, span, a + b);
    case '-':
      return number(env, span, a - b);
    case '*':
      return number(env, span, a * b);
    case '&':
      return number(env, span, a & b);
    case '|':
      return number(env, span, a | b);
    case '^':
      return number(env, span, a ^ b);
    case '<<':
      return number(env, span, a === 0n ? 0n : b > 128n ? MAX_NUMBER + 1n : a << b);
    case '>>':
      return number(env, span, b > 128n ? 0n : a >> b);
    default:
      return null;
  }
}

/** `div` and `mod`. */
export function divided(env: Env, name: 'div' | 'mod', a: bigint, b: bigint, span: Span): Literal | null {
  if (b === 0n) return env.report(divisionByZero, { name }, span);
  return number(env, span, name === 'div' ? a / b : a % b);
}

/** `~a` */
export function complement(env: Env, value: Value, span: Span): Literal | null {
  examine(value);
  if (value.kind === 'literal' && isOrdered(value.expr) && value.expr.kind !== 'int') {
    const { kind } = value.expr;
    const max = (1n << BigInt(WIDTHS[kind])) - 1n;
    return number(env, span, value.expr.value ^ max, kind);
  }
  const needed = 'an address, whose width is known';
  return env.report(unlikeOperand, { operator: '~', found: kindOf(value), needed }, span);
}

/** True or false; null where it is neither, which is reported. */
export function condition(env: Env, value: Value, span: Span): boolean | null {
  examine(value);
  if (value.kind === 'truth') return value.value;
  if (value.kind === 'cell') {
    if (value.text === 'true') return true;
    if (value.text === 'false') return false;
    return env.reportAt(notACondition, { found: kindOf(value) }, value.place, {
      related: [{ file: env.file, ...span, message: 'used here' }],
    });
  }
  return env.report(notACondition, { found: kindOf(value) }, span);
}

/** What can be compared: null where two values are not alike. */
function sameness(a: Value, b: Value): boolean | null {
  if (a.kind === 'truth' && b.kind === 'truth') return a.value === b.value;
  if (a.kind === 'sequence' || a.kind === 'record') examineAll(a);
  if (b.kind === 'sequence' || b.kind === 'record') examineAll(b);
  if (a.kind === 'sequence' && b.kind === 'sequence') return identityOf(a) === identityOf(b);
  if (a.kind === 'record' && b.kind === 'record') return identityOf(a) === identityOf(b);
  if (a.kind !== 'literal' || b.kind !== 'literal') return null;
  const [x, y] = [a.expr, b.expr];
  if (x.kind !== y.kind) return null;
  if (x.kind === 'string' && y.kind === 'string') return x.value === y.value;
  return showExpr(x) === showExpr(y);
}

function equal(env: Env, expr: BinaryExpr, left: Value, right: Value): boolean | null {
  const a = alike(env, left, right, expr.left.span);
  const b = alike(env, right, left, expr.right.span);
  const same = sameness(a, b);
  return same ?? unlike(env, expr, a, b);
}

function contains(env: Env, expr: BinaryExpr, left: Value, right: Value): boolean | null {
  if (right.kind === 'sequence') {
    for (let i = 0; i < right.length; i++) {
      const found = within(env, expr, left, right.at(i));
      if (found !== false) return found;
    }
    return false;
  }
  if (right.kind === 'literal' && (right.expr.kind === 'range' || right.expr.kind === 'masked'))
    return within(env, expr, left, right);
  if (right.kind === 'record') {
    const key = left.kind === 'literal' && left.expr.kind === 'string' ? left.expr.value : null;
    if (key !== null) return right.keys.includes(key);
  }
  return unlike(env, expr, left, right);
}

/** Is a value an element, or within a range or prefix that is one, or in a set that is one? */
function within(env: Env, expr: BinaryExpr, left: Value, element: Value): boolean | null {
  if (element.kind === 'sequence') return contains(env, expr, left, element);
  examine(element);
  if (element.kind === 'literal') {
    const { expr: e } = element;
    const value = alike(env, left, element, expr.left.span);
    if (value.kind === 'literal' && isOrdered(value.expr)) {
      const { kind, value: v } = value.expr;
      if (e.kind === 'range' && isOrdered(e.from) && isOrdered(e.to)) {
        if (e.from.kind !== kind || e.to.kind !== kind) return unlike(env, expr, value, element);
        return v >= e.from.value && v <= e.to.value;
      }
      if (e.kind === 'masked') {
        const mask = maskOf(e.value, e.mask);
        if (mask === null || !isOrdered(e.value) || e.value.kind !== kind)
          return unlike(env, expr, value, element);
        return (v & mask) === (e.value.value & mask);
      }
    }
  }
  const a = alike(env, left, element, expr.left.span);
  const b = alike(env, element, left, expr.right.span);
  return sameness(a, b) ?? unlike(env, expr, a, b);
}

/** The mask of a masked value, be it a length or written out; null where it is none. */
export function maskOf(value: Expr, mask: Expr): bigint | null {
  if (!isOrdered(value) || !isOrdered(mask)) return null;
  if (value.kind !== 'int' && mask.kind === 'int') {
    const bits = BigInt(WIDTHS[value.kind]);
    if (value.kind === 'mac' || mask.value > bits) return null;
    return ((1n << mask.value) - 1n) << (bits - mask.value);
  }
  return mask.kind === value.kind ? mask.value : null;
}

export function placeIn(env: Env, span: Span): Place {
  return { file: env.file, span };
}
