/** From names to what they mean. */
import type { Expr, Name, NameExpr, Span } from '../../grammar/ast.ts';
import { unknownName } from '../diagnostics/codes/names.ts';
import { privateName } from '../diagnostics/codes/expand-modules.ts';
import { noMembers, noValue, unknownMember } from '../diagnostics/codes/expand-values.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { constantValue } from './constants.ts';
import type { Env, ModuleSym, Space, Sym } from './env.ts';
import { placed } from './placing.ts';
import { kindOf, kindOfSymbol } from './show.ts';
import { literalOf, nameExpr } from './values.ts';
import type { Value } from './values.ts';

/** What a path means: a value, a symbol, nothing that is known here, or what has been reported. */
export type Meaning =
  | { readonly kind: 'value'; readonly value: Value; readonly constant: boolean }
  | { readonly kind: 'symbol'; readonly symbol: Sym }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'reported' };

const UNKNOWN: Meaning = { kind: 'unknown' };
export const REPORTED: Meaning = { kind: 'reported' };

/** Names that begin so are seen by their file only. */
export const isPrivate = (name: string): boolean => name.startsWith('_');

/** What a path means. A constant is a symbol where it is all of the path, and a value where something follows it. */
export function resolve(env: Env, path: readonly Name[], space: Space = 'value'): Meaning {
  const [first, ...rest] = path;
  if (first === undefined || path.some((n) => n.text === '')) return REPORTED;
  const bound = env.bound(first.text);
  if (bound === null) return REPORTED;
  if (bound !== undefined) return members(env, bound, first.text, rest, false);
  const symbol = rest.length === 0 ? inSpace(env, first.text, space) : env.symbol(first.text);
  if (symbol === undefined) return UNKNOWN;
  if (rest.length === 0) return { kind: 'symbol', symbol };
  if (symbol.kind === 'module') return inModule(env, symbol, rest, space);
  return ofSymbol(env, symbol, first.text, rest);
}

/** Where there is no group or meter of a name, a constant may say its id. */
function inSpace(env: Env, name: string, space: Space): Sym | undefined {
  const symbol = env.symbol(name, space);
  if (symbol !== undefined || space === 'value') return symbol;
  const value = env.symbol(name);
  return value?.kind === 'const' ? value : undefined;
}

function ofSymbol(env: Env, symbol: Sym, shown: string, rest: readonly Name[]): Meaning {
  if (rest.length === 0) return { kind: 'symbol', symbol };
  if (symbol.kind === 'const') {
    const value = constantValue(symbol);
    return value === null ? REPORTED : members(env, value, shown, rest, true);
  }
  const [member] = rest;
  if (member !== undefined) {
    env.report(noMembers, { name: shown, found: kindOfSymbol(symbol), member: member.text }, member.span);
  }
  return REPORTED;
}

function inModule(
  env: Env,
  { module, name: alias }: ModuleSym,
  rest: readonly Name[],
  space: Space,
): Meaning {
  const [member, ...more] = rest;
  if (module === null || member === undefined) return REPORTED;
  const { scope } = module;
  const symbol =
    (more.length === 0 ? scope[space].get(member.text) : undefined) ?? scope.value.get(member.text);
  if (symbol === undefined || symbol.kind === 'module' || symbol.place.file !== module.file) {
    if (scope.broken) return REPORTED;
    const suggestion = nearest(member.text, exported(module.file, scope[space]));
    env.report(unknownMember, { name: member.text, of: `\`${alias}\``, suggestion }, member.span, {
      fixes: fixTo(env, member.span, suggestion),
    });
    return REPORTED;
  }
  if (isPrivate(member.text)) {
    env.report(privateName, { name: `${alias}.${member.text}` }, member.span);
    return REPORTED;
  }
  return ofSymbol(env, symbol, `${alias}.${member.text}`, more);
}

/** The names that a file declares itself and that others may use. */
export function exported(file: number, symbols: ReadonlyMap<string, Sym>): string[] {
  return [...symbols].flatMap(([name, symbol]) =>
    symbol.place.file === file && symbol.kind !== 'module' && !isPrivate(name) ? [name] : [],
  );
}

function members(env: Env, start: Value, name: string, path: readonly Name[], constant: boolean): Meaning {
  let value = start;
  let shown = name;
  for (const { text, span } of path) {
    if (value.kind !== 'record') {
      env.report(noMembers, { name: shown, found: kindOf(value), member: text }, span);
      return REPORTED;
    }
    const member = value.get(text);
    if (member === undefined) {
      const suggestion = nearest(text, value.keys);
      const related = [
        { file: value.place.file, ...value.place.span, message: `\`${shown}\` is given here` },
      ];
      env.report(unknownMember, { name: text, of: `\`${shown}\``, suggestion }, span, {
        related,
        fixes: fixTo(env, span, suggestion),
      });
      return REPORTED;
    }
    value = member;
    shown = `${shown}.${text}`;
  }
  return { kind: 'value', value, constant };
}

function fixTo(env: Env, { start, end }: Span, suggestion: string | undefined) {
  if (suggestion === undefined) return [];
  return [{ title: `Write \`${suggestion}\``, edits: [{ file: env.file, start, end, newText: suggestion }] }];
}

/** What stands before a dot where only a file can. */
export const FILE = 'imported file';

/** `what`: the kind of thing that is wanted. Says nothing where it may come from a file that could not be read. */
export function reportUnknown(env: Env, { text, span }: Name, what: string, space: Space = 'value'): null {
  if (isIncomplete(env)) return null;
  const others =
    what === FILE ? [...env.names()].filter((n) => env.symbol(n)?.kind === 'module') : env.names(space);
  const suggestion = nearest(text, others);
  return env.report(unknownName, { name: text, what, suggestion }, span, {
    fixes: fixTo(env, span, suggestion),
  });
}

export function isIncomplete(env: Env): boolean {
  return env.module.scope.incomplete;
}

/** A name that is no value by itself, as a value: a port, a table, a word of the language. */
export function symbolValue(env: Env, symbol: Sym, node: NameExpr): Value | null {
  switch (symbol.kind) {
    case 'const': {
      const value = constantValue(symbol);
      if (value === null) return null;
      return referred(value, node, env.file, true);
    }
    case 'template':
    case 'module':
      return env.report(noValue, { name: symbol.name, kind: kindOfSymbol(symbol) }, node.span);
    default: {
      const shown = node.path.map((n) => n.text).join('.');
      const expr: Expr = { ...nameExpr(symbol.unique, node.span, shown), subfield: node.subfield };
      return { ...literalOf(expr, env.file), symbol };
    }
  }
}

/** A value as a name's use has it: lists and records stay what they are. */
export function referred(value: Value, node: NameExpr, file: number, constant: boolean): Value {
  if (value.kind !== 'literal') return value;
  const name = node.path.map((n) => n.shown ?? n.text).join('.');
  const expr = placed(value, node.span, name, file, constant);
  return { ...value, expr, place: { file, span: node.span } };
}
