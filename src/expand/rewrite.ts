/** Expressions of the expanded program: what is computed replaced by its value, names by what is unique. */
import type { Argument, Expr, Name, NameExpr, Span, StringExpr } from '../../grammar/ast.ts';
import { FUNCTIONS } from '../../grammar/tokens.ts';
import { noValue } from '../diagnostics/codes/expand-values.ts';
import { fieldByName } from '../openflow/fields.ts';
import type { Field } from '../openflow/fields.ts';
import { valueName } from '../openflow/names.ts';
import { isProtocolName } from '../openflow/protocols.ts';
import { ownerOfValue } from '../openflow/well-known.ts';
import { reservedPort } from '../openflow/ports.ts';
import { constantValue, isPlain } from './constants.ts';
import type { ConstSym, Env, Space, Sym } from './env.ts';
import { evaluate, interpolated } from './evaluate.ts';
import { isIncomplete, reportUnknown, resolve } from './names.ts';
import { placed } from './placing.ts';
import { kindOfSymbol } from './show.ts';
import { nameExpr } from './values.ts';
import type { Value } from './values.ts';

/** Where an expression stands. */
export interface Where {
  readonly space: Space;
  /** The field beside it, whose well-known names win. */
  readonly field?: Field | undefined;
  /** Names of protocols are protocols. */
  readonly protocols?: boolean;
  /** A text may be the name of something. */
  readonly texts?: boolean;
  /** Words are those of a property (`type = vxlan`); what was declared under such a name is not meant. */
  readonly words?: boolean;
}

export const VALUE: Where = { space: 'value' };

const missing = (span: Span): Expr => ({ kind: 'missing', span });

/** The expression as it is in the expanded program; the same one where nothing changes. */
export function rewrite(expr: Expr, env: Env, where: Where = VALUE): Expr {
  switch (expr.kind) {
    case 'name':
      return name(expr, env, where);
    case 'string':
      return text(expr, env, where);
    case 'masked': {
      const value = rewrite(expr.value, env, where);
      const mask = rewrite(expr.mask, env, VALUE);
      if (value.kind === 'missing' || mask.kind === 'missing') return missing(expr.span);
      return value === expr.value && mask === expr.mask ? expr : { ...expr, value, mask };
    }
    case 'range': {
      const from = rewrite(expr.from, env, where);
      const to = rewrite(expr.to, env, where);
      if (from.kind === 'missing' || to.kind === 'missing') return missing(expr.span);
      return from === expr.from && to === expr.to ? expr : { ...expr, from, to };
    }
    case 'set':
    case 'list': {
      const elements = all(expr.elements, (e) => rewrite(e, env, where));
      if (elements === expr.elements) return expr;
      if (elements.some((e) => e.kind === 'missing')) return missing(expr.span);
      return { ...expr, elements };
    }
    case 'record': {
      const entries = all(expr.entries, (entry) => {
        const value = rewrite(entry.value, env, where);
        return value === entry.value ? entry : { ...entry, value };
      });
      return entries === expr.entries ? expr : { ...expr, entries };
    }
    case 'call':
      if (FUNCTIONS.has(expr.name.text)) return computed(expr, env);
      return rewriteCall(expr, env, where);
    case 'binary':
    case 'unary':
    case 'load':
      return computed(expr, env);
    default:
      return expr;
  }
}

function rewriteCall(expr: Extract<Expr, { kind: 'call' }>, env: Env, where: Where): Expr {
  const args = rewriteArgs(expr.args, env, where);
  return args === expr.args ? expr : { ...expr, args };
}

/** The arguments of an action: names in front of `=` are those of the action. */
export function rewriteArgs(args: readonly Argument[], env: Env, where: Where): readonly Argument[] {
  return all(args, (arg) => {
    const space = arg.name?.text === 'meter_id' ? 'meter' : where.space;
    const value = rewrite(arg.value, env, { ...where, space, texts: true });
    return value === arg.value ? arg : { ...arg, value };
  });
}

/** `map` that gives the same array where nothing changes. */
export function all<T>(items: readonly T[], f: (item: T) => T): readonly T[] {
  let made: T[] | null = null;
  for (const [i, item] of items.entries()) {
    const changed = f(item);
    if (made === null && changed !== item) made = items.slice(0, i);
    made?.push(changed);
  }
  return made ?? items;
}

function computed(expr: Expr, env: Env): Expr {
  const value = evaluate(expr, env);
  if (value === null) return missing(expr.span);
  return inPlace(value, expr.span, env);
}

/** A value that was computed here. */
function inPlace(value: Value, span: Span, env: Env): Expr {
  if (value.kind === 'literal') return value.place.file === env.file ? { ...value.expr, span } : value.expr;
  return withoutOrigin(placed(value, span, '', env.file));
}

function name(node: NameExpr, env: Env, where: Where): Expr {
  const [first] = node.path;
  if (first === undefined) return node;
  const subfield = rewriteSubfield(node, env);
  const expr = subfield === node.subfield ? node : { ...node, subfield };
  const word = first.text;
  if (node.path.length === 1) {
    if (fieldByName(word) !== undefined) return expr;
    if (where.protocols === true && isProtocolName(word)) return expr;
  } else if (word === 'pkt') return expr;
  const meaning = resolve(env, node.path, where.space);
  switch (meaning.kind) {
    case 'reported':
      return missing(node.span);
    case 'value':
      return placed(meaning.value, node.span, shownPath(node), env.file, meaning.constant);
    case 'symbol':
      if (node.path.length === 1 && where.field !== undefined && valueName(where.field, word) !== undefined)
        return expr;
      // `ct(nat)` beside `import "std/nat" as nat`: no argument is a file, so the word is one of the action's own.
      if (where.texts === true && meaning.symbol.kind === 'module') return expr;
      if (where.words === true && node.path.length === 1) return expr;
      return symbolExpr(expr, meaning.symbol, env);
    case 'unknown':
      return unknown(expr, env, where);
  }
}

/** A word of the language, or a mistake that the checker of the place finds words for. */
function unknown(expr: NameExpr, env: Env, where: Where): Expr {
  const [first, second] = expr.path;
  if (first === undefined) return expr;
  if (second !== undefined) {
    reportUnknown(env, first, 'record, parameter or imported file');
    return missing(expr.span);
  }
  if (!isIncomplete(env)) return expr;
  const { text } = first;
  const known =
    isProtocolName(text) ||
    ownerOfValue(text) !== undefined ||
    reservedPort(text) !== undefined ||
    (where.field !== undefined && valueName(where.field, text) !== undefined);
  return known ? expr : missing(expr.span);
}

function symbolExpr(expr: NameExpr, symbol: Sym, env: Env): Expr {
  switch (symbol.kind) {
    case 'const':
      return constant(expr, symbol, env);
    case 'template':
    case 'module':
      env.report(noValue, { name: shownPath(expr), kind: kindOfSymbol(symbol) }, expr.span);
      return missing(expr.span);
    default:
      return uniquely(expr, symbol.unique);
  }
}

function constant(expr: NameExpr, symbol: ConstSym, env: Env): Expr {
  if (isInProgram(symbol)) return uniquely(expr, symbol.unique);
  const value = constantValue(symbol);
  return value === null ? missing(expr.span) : placed(value, expr.span, shownPath(expr), env.file, true);
}

/** Is the constant one of the expanded program, to be named there? Others are replaced by their values. */
export function isInProgram(symbol: ConstSym): boolean {
  if (symbol.local) return false;
  if (isPlain(symbol)) return true;
  const value = constantValue(symbol);
  // What is in error stays, without a value: uses find it and say nothing.
  return value === null || value.kind === 'literal';
}

/** The same name as it is in the expanded program. */
export function uniquely(expr: NameExpr, unique: string): NameExpr {
  const [first, ...rest] = expr.path;
  if (first === undefined || (rest.length === 0 && first.text === unique)) return expr;
  return { ...expr, path: [uniqueName(shownPath(expr), unique, expr)] };
}

function uniqueName(shown: string, text: string, { path, subfield, span }: NameExpr): Name {
  const end = subfield === null ? span.end : (path.at(-1)?.span.end ?? span.end);
  return { text, span: { start: span.start, end }, shown };
}

export function shownPath(node: NameExpr): string {
  return node.path.map((n) => n.shown ?? n.text).join('.');
}

export function rewriteSubfield(node: NameExpr, env: Env): NameExpr['subfield'] {
  const { subfield } = node;
  if (subfield === null) return null;
  const from = subfield.from === null ? null : rewrite(subfield.from, env);
  const to = subfield.to === null ? null : rewrite(subfield.to, env);
  return from === subfield.from && to === subfield.to ? subfield : { ...subfield, from, to };
}

function text(expr: StringExpr, env: Env, where: Where): Expr {
  const value = interpolated(expr, env);
  if (value === null) return missing(expr.span);
  if (where.texts === true || expr.parts !== undefined) {
    const symbol = env.symbol(value, where.space);
    if (symbol !== undefined && symbol.kind !== 'module' && symbol.kind !== 'template')
      return symbolExpr(nameExpr(value, expr.span), symbol, env);
  }
  return expr.parts === undefined ? expr : { kind: 'string', value, span: expr.span };
}

/** The same expression, as if it stood where it is. */
function withoutOrigin(expr: Expr): Expr {
  const bare: { given?: unknown } = { ...expr };
  delete bare.given;
  return bare as Expr;
}
