/** Expressions at compile time. */
import type { CallExpr, Expr, NameExpr, StringExpr } from '../../grammar/ast.ts';
import { FUNCTIONS } from '../../grammar/tokens.ts';
import { notInText, textTooLong, unknownFunction } from '../diagnostics/codes/expand-values.ts';
import { reversedRange, unusedLoopEnd } from '../diagnostics/codes/expand-templates.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { fieldByName } from '../openflow/fields.ts';
import { reservedPort } from '../openflow/ports.ts';
import { isProtocolName } from '../openflow/protocols.ts';
import { ownerOfValue } from '../openflow/well-known.ts';
import { cellLiteral, examine } from './cells.ts';
import type { Env, Space } from './env.ts';
import { call } from './functions.ts';
import { loadData } from './load.ts';
import { referred, reportUnknown, resolve, symbolValue } from './names.ts';
import { binary, complement, condition, isOrdered, placeIn, truth } from './operators.ts';
import { kindOf, showExpr } from './show.ts';
import { literalOf, record, sequence } from './values.ts';
import type { Value } from './values.ts';

/** Texts that are put together. */
const MAX_TEXT = 10_000;

/** The value of an expression; null where there is none, which has been reported. */
export function evaluate(expr: Expr, env: Env, space: Space = 'value'): Value | null {
  switch (expr.kind) {
    case 'int':
    case 'mac':
    case 'ipv4':
    case 'ipv6':
    case 'duration':
    case 'flags':
      return literalOf(expr, env.file);
    case 'string':
      return text(expr, env);
    case 'name':
      return name(expr, env, space);
    case 'masked': {
      const value = part(expr.value, env);
      const mask = part(expr.mask, env);
      return value === null || mask === null ? null : literalOf({ ...expr, value, mask }, env.file);
    }
    case 'range':
      return range(expr, env);
    case 'set':
    case 'list': {
      const elements = expr.elements.map((e) => evaluate(e, env));
      if (!env.fuel.take(elements.length)) return null;
      const found = elements.filter((e) => e !== null);
      return found.length < elements.length ? null : sequence(expr.kind, found, placeIn(env, expr.span));
    }
    case 'record': {
      const entries = new Map<string, Value>();
      let sound = true;
      for (const entry of expr.entries) {
        const value = evaluate(entry.value, env);
        if (value === null) sound = false;
        else entries.set(entry.name.text, value);
      }
      return sound ? record(entries, placeIn(env, expr.span)) : null;
    }
    case 'binary':
      return operation(expr, env);
    case 'unary': {
      const operand = evaluate(expr.operand, env);
      if (operand === null) return null;
      if (expr.operator === '~') return complement(env, literally(operand, expr.operand, env), expr.span);
      const holds = condition(env, operand, expr.operand.span);
      return holds === null ? null : truth(!holds, env, expr.span);
    }
    case 'call':
      return called(expr, env);
    case 'load':
      return loadData(expr, env);
    case 'missing':
      return null;
  }
}

/** True or false; null where it is neither, which has been reported. */
export function evaluateCondition(expr: Expr, env: Env): boolean | null {
  const value = evaluate(expr, env);
  return value === null ? null : condition(env, value, expr.span);
}

function operation(expr: Extract<Expr, { kind: 'binary' }>, env: Env): Value | null {
  const left = evaluate(expr.left, env);
  if (expr.operator !== 'and' && expr.operator !== 'or') {
    const right = evaluate(expr.right, env);
    return left === null || right === null ? null : binary(env, expr, left, right);
  }
  if (left === null) return null;
  const first = condition(env, left, expr.left.span);
  if (first === null) return null;
  if (first === (expr.operator === 'or')) return truth(first, env, expr.span);
  const right = evaluate(expr.right, env);
  const second = right === null ? null : condition(env, right, expr.right.span);
  return second === null ? null : truth(second, env, expr.span);
}

/** A cell as what it says; everything else as it is. */
export function literally(value: Value, expr: Expr, env: Env): Value {
  return value.kind === 'cell' ? cellLiteral(value, expr.span, nameOf(expr), env.file) : value;
}

/** As the source calls it. */
function nameOf(expr: Expr): string {
  return expr.kind === 'name' ? expr.path.map((n) => n.text).join('.') : showExpr(expr);
}

/** One side of a mask or a range. */
function part(expr: Expr, env: Env): Expr | null {
  const value = evaluate(expr, env);
  if (value === null) return null;
  const found = literally(value, expr, env);
  if (found.kind === 'literal') return found.expr;
  return env.report(unusedLoopEnd, { kinds: kindOf(found) }, expr.span);
}

function range(expr: Extract<Expr, { kind: 'range' }>, env: Env): Value | null {
  const from = part(expr.from, env);
  const to = part(expr.to, env);
  if (from === null || to === null) return null;
  if (!isOrdered(from) || !isOrdered(to) || from.kind !== to.kind) {
    const kinds = `${kindOf(literalOf(from, env.file))} and ${kindOf(literalOf(to, env.file))}`;
    return env.report(unusedLoopEnd, { kinds }, expr.span);
  }
  for (const end of [from, to]) examine(literalOf(end, env.file));
  if (from.value > to.value)
    return env.report(reversedRange, { from: showExpr(from), to: showExpr(to) }, expr.span);
  return literalOf({ ...expr, from, to }, env.file);
}

function name(expr: NameExpr, env: Env, space: Space): Value | null {
  const meaning = resolve(env, expr.path, space);
  switch (meaning.kind) {
    case 'reported':
      return null;
    case 'value':
      return referred(meaning.value, expr, env.file, meaning.constant);
    case 'symbol':
      return symbolValue(env, meaning.symbol, expr);
    case 'unknown':
      return word(expr, env, space);
  }
}

/** A name that the program does not declare: a word of the language, or a mistake. */
function word(expr: NameExpr, env: Env, space: Space): Value | null {
  const [first, ...rest] = expr.path;
  if (first === undefined) return null;
  const { text } = first;
  if (rest.length > 0) return reportUnknown(env, first, 'record or file');
  if (expr.subfield === null && (text === 'true' || text === 'false'))
    return truth(text === 'true', env, expr.span);
  const known =
    fieldByName(text) !== undefined ||
    isProtocolName(text) ||
    ownerOfValue(text) !== undefined ||
    reservedPort(text) !== undefined;
  if (!known) return reportUnknown(env, first, space, space);
  return literalOf(expr, env.file);
}

/** A text with names in it, put together. */
export function interpolated(
  { value, parts, span }: StringExpr,
  env: Env,
  use: 'name of a flow' | 'other' = 'other',
): string | null {
  if (parts === undefined) return value;
  let made = '';
  let sound = true;
  for (const p of parts) {
    const word = typeof p === 'string' ? p : wordOf(p, env, use);
    if (word === null) sound = false;
    else made += word;
  }
  if (made.length > MAX_TEXT) return env.report(textTooLong, { max: MAX_TEXT }, span);
  return sound ? made : null;
}

function wordOf(node: NameExpr, env: Env, use: 'name of a flow' | 'other'): string | null {
  const value = evaluate(node, env);
  if (value === null) return null;
  if (use === 'other') examine(value);
  if (value.kind === 'cell') return value.text;
  if (value.kind === 'truth') return String(value.value);
  if (value.kind === 'literal') {
    const { expr } = value;
    if (expr.kind === 'string') return expr.value;
    if (expr.kind === 'name') return expr.path.map((n) => n.shown ?? n.text).join('.');
    if (expr.kind !== 'call') return showExpr(expr);
  }
  const shown = node.path.map((n) => n.text).join('.');
  return env.report(notInText, { name: shown, found: kindOf(value) }, node.span);
}

function text(expr: StringExpr, env: Env): Value | null {
  if (expr.parts === undefined) return literalOf(expr, env.file);
  const value = interpolated(expr, env);
  return value === null ? null : literalOf({ kind: 'string', value, span: expr.span }, env.file);
}

function called(expr: CallExpr, env: Env): Value | null {
  if (FUNCTIONS.has(expr.name.text)) return call(expr, env);
  const suggestion = nearest(expr.name.text, FUNCTIONS);
  return env.report(unknownFunction, { name: expr.name.text, suggestion }, expr.name.span);
}
