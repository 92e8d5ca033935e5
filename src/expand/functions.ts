/** The functions of compile time. */
import type { CallExpr, Expr } from '../../grammar/ast.ts';
import {
  argumentKind,
  argumentsOfFunction,
  noSuchMask,
  outsidePrefix,
  textTooLong,
} from '../diagnostics/codes/expand-values.ts';
import { examine } from './cells.ts';
import type { Env } from './env.ts';
import { evaluate, literally } from './evaluate.ts';
import { divided, isOrdered, maskOf, number, placeIn, WIDTHS } from './operators.ts';
import type { Ordered } from './operators.ts';
import { kindOf, showExpr } from './show.ts';
import { literalOf, sequence } from './values.ts';
import type { Literal, Value } from './values.ts';

interface Call {
  readonly name: string;
  readonly expr: CallExpr;
  readonly env: Env;
  readonly args: readonly Value[];
}

export interface FunctionInfo {
  readonly name: string;
  /** How it is called. */
  readonly form: string;
  readonly summary: string;
  readonly min: number;
  readonly max: number;
  readonly apply: (call: Call) => Value | null;
}

const MAX_TEXT = 10_000;

/** All of them; the reference is made of this table. */
export const FUNCTION_TABLE: readonly FunctionInfo[] = [
  {
    name: 'addr',
    form: 'addr(prefix, n)',
    summary: 'the address number `n` of a prefix, counted from 0: `addr(10.0.0.0/24, 5)` is 10.0.0.5',
    min: 2,
    max: 2,
    apply: address,
  },
  {
    name: 'mask',
    form: 'mask(n)',
    summary: 'the IPv4 mask with `n` ones from the left: `mask(24)` is 255.255.255.0',
    min: 1,
    max: 1,
    apply: mask,
  },
  {
    name: 'bit',
    form: 'bit(n)',
    summary: 'the number in which bit `n` alone is set: `bit(3)` is 8',
    min: 1,
    max: 1,
    apply: (call) => {
      const n = whole(call, 0);
      return n === null ? null : number(call.env, call.expr.span, n > 128n ? 1n << 128n : 1n << n);
    },
  },
  {
    name: 'len',
    form: 'len(x)',
    summary:
      'how many elements a list, set or range has, how many fields a record, how many characters a text',
    min: 1,
    max: 1,
    apply: length,
  },
  {
    name: 'div',
    form: 'div(a, b)',
    summary: '`a` divided by `b`, rounded down; `/` is for masks',
    min: 2,
    max: 2,
    apply: (call) => quotient(call, 'div'),
  },
  {
    name: 'mod',
    form: 'mod(a, b)',
    summary: 'what is left when `a` is divided by `b`',
    min: 2,
    max: 2,
    apply: (call) => quotient(call, 'mod'),
  },
  {
    name: 'min',
    form: 'min(a, b, …)',
    summary: 'the smallest of numbers or of addresses of one kind',
    min: 1,
    max: Infinity,
    apply: (call) => extreme(call, (a, b) => a < b),
  },
  {
    name: 'max',
    form: 'max(a, b, …)',
    summary: 'the largest of numbers or of addresses of one kind',
    min: 1,
    max: Infinity,
    apply: (call) => extreme(call, (a, b) => a > b),
  },
  {
    name: 'concat',
    form: 'concat(a, b, …)',
    summary: 'lists one behind the other, or texts',
    min: 1,
    max: Infinity,
    apply: concat,
  },
  {
    name: 'name',
    form: 'name(x)',
    summary: 'the name of a port, table, register, protocol or field, as a text',
    min: 1,
    max: 1,
    apply: nameOf,
  },
  {
    name: 'keys',
    form: 'keys(record)',
    summary: 'the names of the fields of a record, as a list of texts',
    min: 1,
    max: 1,
    apply: keys,
  },
];

const BY_NAME = new Map(FUNCTION_TABLE.map((f) => [f.name, f]));

/** The value of a call of a function that is known to be one. */
export function call(expr: CallExpr, env: Env): Value | null {
  const info = BY_NAME.get(expr.name.text);
  if (info === undefined) return null;
  const { name, form, min, max } = info;
  const { args } = expr;
  if (args.length < min || args.length > max || args.some((a) => a.name !== null))
    return env.report(argumentsOfFunction, { name, form }, expr.span);
  const values = args.map((a) => evaluate(a.value, env));
  const found = values.filter((v) => v !== null);
  found.forEach(examine);
  return found.length < values.length ? null : info.apply({ name, expr, env, args: found });
}

function argument({ expr }: Call, index: number): Expr {
  return expr.args[index]?.value ?? expr;
}

/** Not what is needed: reported at the argument, or at the cell that it comes from. */
function wrong(call: Call, index: number, value: Value, needed: string): null {
  const { env, name } = call;
  const { span } = argument(call, index);
  const given = value.kind === 'literal' ? value.expr.given : undefined;
  const params = { name, needed, found: kindOf(value) };
  if (given?.cell !== true) return env.report(argumentKind, params, span);
  return env.reportAt(argumentKind, params, given, {
    related: [{ file: env.file, ...span, message: `used as \`${given.name}\` here` }],
  });
}

function at(call: Call, index: number): Value | null {
  const value = call.args[index];
  return value === undefined ? null : literally(value, argument(call, index), call.env);
}

function whole(call: Call, index: number): bigint | null {
  const value = at(call, index);
  if (value?.kind === 'literal' && value.expr.kind === 'int') return value.expr.value;
  return value === null ? null : wrong(call, index, value, 'a number');
}

function address(call: Call): Value | null {
  const prefix = at(call, 0);
  const n = whole(call, 1);
  if (prefix === null || n === null) return null;
  const parts = prefix.kind === 'literal' ? prefixOf(prefix.expr) : null;
  if (parts === null) return wrong(call, 0, prefix, 'a prefix');
  const { kind, value, host } = parts;
  if (n > host) {
    const shown = prefix.kind === 'literal' ? showExpr(prefix.expr) : '';
    const size = host > 1n << 40n ? `2^${host.toString(2).length}` : (host + 1n).toString();
    return call.env.report(outsidePrefix, { prefix: shown, number: n, size }, argument(call, 1).span);
  }
  return number(call.env, call.expr.span, value + n, kind);
}

/** The first address of a prefix, and its host bits; null where it is none. */
function prefixOf(
  expr: Expr,
): { readonly kind: Ordered['kind']; readonly value: bigint; readonly host: bigint } | null {
  if (isOrdered(expr)) return expr.kind === 'int' ? null : { kind: expr.kind, value: expr.value, host: 0n };
  if (expr.kind !== 'masked' || !isOrdered(expr.value) || expr.value.kind === 'int') return null;
  const { kind, value } = expr.value;
  const mask = maskOf(expr.value, expr.mask);
  if (mask === null) return null;
  const host = ((1n << BigInt(WIDTHS[kind])) - 1n) ^ mask;
  // The host bits are those at the end.
  return (host & (host + 1n)) === 0n ? { kind, value: value & mask, host } : null;
}

function mask(call: Call): Value | null {
  const n = whole(call, 0);
  if (n === null) return null;
  if (n > 32n) return call.env.report(noSuchMask, { length: n, max: 32 }, argument(call, 0).span);
  return number(call.env, call.expr.span, ((1n << n) - 1n) << (32n - n), 'ipv4');
}

function length(call: Call): Value | null {
  const [value] = call.args;
  if (value === undefined) return null;
  const n = sizeOf(value);
  if (n === null) return wrong(call, 0, value, 'a list, a set, a range, a record or a text');
  return number(call.env, call.expr.span, n);
}

function sizeOf(value: Value): bigint | null {
  if (value.kind === 'sequence') return BigInt(value.length);
  if (value.kind === 'record') return BigInt(value.keys.length);
  if (value.kind === 'cell') return BigInt(characters(value.text));
  if (value.kind !== 'literal') return null;
  const { expr } = value;
  if (expr.kind === 'string') return BigInt(characters(expr.value));
  if (expr.kind === 'range' && isOrdered(expr.from) && isOrdered(expr.to))
    return expr.to.value - expr.from.value + 1n;
  return null;
}

function quotient(call: Call, name: 'div' | 'mod'): Value | null {
  const a = whole(call, 0);
  const b = whole(call, 1);
  return a === null || b === null ? null : divided(call.env, name, a, b, call.expr.span);
}

function extreme(call: Call, better: (a: bigint, b: bigint) => boolean): Value | null {
  const [only] = call.args;
  const spread = call.args.length === 1 && only?.kind === 'sequence' && only.length > 0 ? only : null;
  const count = spread?.length ?? call.args.length;
  let best: Literal | null = null;
  for (let i = 0; i < count; i++) {
    const index = spread === null ? i : 0;
    const value = spread === null ? at(call, i) : literally(spread.at(i), argument(call, 0), call.env);
    if (value === null) return null;
    examine(value);
    if (value.kind !== 'literal' || !isOrdered(value.expr)) return wrong(call, index, value, 'numbers');
    if (best === null || !isOrdered(best.expr)) best = value;
    else if (best.expr.kind !== value.expr.kind) return wrong(call, index, value, 'values of one kind');
    else if (better(value.expr.value, best.expr.value)) best = value;
  }
  return best;
}

function concat(call: Call): Value | null {
  const { env, expr, args } = call;
  if (args.every((a) => a.kind === 'sequence')) {
    const elements: Value[] = [];
    for (const list of args) {
      if (!env.fuel.take(list.length)) return null;
      for (let i = 0; i < list.length; i++) elements.push(list.at(i));
    }
    const form = args.every((a) => a.form === 'set') ? 'set' : 'list';
    return sequence(form, elements, placeIn(env, expr.span));
  }
  let text = '';
  const lists = args.some((a) => a.kind === 'sequence');
  for (const [i, value] of args.entries()) {
    if (lists && value.kind === 'sequence') continue;
    if (lists) return wrong(call, i, value, 'a list');
    const word = value.kind === 'cell' ? value.text : textOf(value);
    if (word === null) return wrong(call, i, value, 'a text');
    text += word;
  }
  if (text.length > MAX_TEXT) return env.report(textTooLong, { max: MAX_TEXT }, expr.span);
  return literalOf({ kind: 'string', value: text, span: expr.span }, env.file);
}

function textOf(value: Value): string | null {
  return value.kind === 'literal' && value.expr.kind === 'string' ? value.expr.value : null;
}

function nameOf(call: Call): Value | null {
  const value = at(call, 0);
  if (value === null) return null;
  if (value.kind !== 'literal' || value.expr.kind !== 'name')
    return wrong(call, 0, value, 'the name of something');
  const text = value.symbol?.name ?? showExpr(value.expr);
  return literalOf({ kind: 'string', value: text, span: call.expr.span }, call.env.file);
}

function keys(call: Call): Value | null {
  const [value] = call.args;
  if (value === undefined) return null;
  if (value.kind !== 'record') return wrong(call, 0, value, 'a record');
  const place = placeIn(call.env, call.expr.span);
  const texts = value.keys.map((key) =>
    literalOf({ kind: 'string', value: key, span: call.expr.span }, call.env.file),
  );
  return sequence('list', texts, place);
}

/** Of a text: what takes two UTF-16 units is one. */
function characters(text: string): number {
  return Array.from(text).length;
}
