/** The names that declarations declare. */
import type { Item, Name } from '../../grammar/ast.ts';
import { unknownType } from '../diagnostics/codes/expand-templates.ts';
import { badMadeName } from '../diagnostics/codes/expand-values.ts';
import { duplicateName } from '../diagnostics/codes/program.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { checkBinding } from './bindings.ts';
import { constantValue, isPlain } from './constants.ts';
import type { ConstSym, Env, Scope, Sym } from './env.ts';
import { labelAt } from './env.ts';
import { interpolated } from './evaluate.ts';
import { PARAMETER_TYPES, parameterType } from './parameter-types.ts';
import { kindOfSymbol } from './show.ts';

const DECLARED = /^[A-Za-z_][\w.:/-]{0,199}$/;
// eslint-disable-next-line no-control-regex
const FLOW = /^[^\u0000-\u001f\u007f]{1,200}$/;

/** The name of a declaration as it is in the source, or put together; null where it is in error, which is reported. */
export function nameOf(name: Name, env: Env, what: 'a flow' | 'a declaration'): Name | null {
  if (name.quoted === undefined) return name;
  const text = interpolated(name.quoted, env, what === 'a flow' ? 'name of a flow' : 'other');
  if (text === null) return null;
  if (!(what === 'a flow' ? FLOW : DECLARED).test(text)) {
    env.report(badMadeName, { name: text.slice(0, 200), what }, name.span);
    if (what === 'a flow') return null;
  }
  // What uses a name in error finds it, and says nothing.
  return { text, span: name.span };
}

/** True where something is declared that has a name, so that instances need a scope of their own. */
export function declares(items: readonly Item[]): boolean {
  let known = DECLARES.get(items);
  if (known === undefined) {
    known = items.some((item) => {
      if (item.kind === 'if') return declares(item.then) || declares(item.else);
      return 'name' in item && item.kind !== 'flow' && item.kind !== 'test';
    });
    DECLARES.set(items, known);
  }
  return known;
}

const DECLARES = new WeakMap<readonly Item[], boolean>();

/** Enters the names of declarations, of the branches of an `if` when it is decided. The names by declaration, for those that have one. */
export function declareAll(items: readonly Item[], env: Env): Map<Item, Name> {
  const names = new Map<Item, Name>();
  for (const item of items) declareItem(item, env, names);
  return names;
}

function declareItem(item: Item, env: Env, names: Map<Item, Name>): void {
  switch (item.kind) {
    case 'const':
    case 'port':
    case 'register':
    case 'table':
    case 'group':
    case 'meter':
      declareNamed(item, env, names);
      break;
    case 'bridge':
      for (const port of item.ports) declareNamed(port, env, names);
      break;
    case 'template': {
      const { name } = item;
      enter(env, env.home, { kind: 'template', name: name.text, place: placeOf(env, name), decl: item, env });
      break;
    }
    default:
  }
}

type NamedItem = Extract<Item, { kind: 'const' | 'port' | 'register' | 'table' | 'group' | 'meter' }>;

const placeOf = (env: Env, { span }: Name): Sym['place'] => ({ file: env.file, span });

function declareNamed(item: NamedItem, env: Env, names: Map<Item, Name>): void {
  const made = nameOf(item.name, env, 'a declaration');
  if (made === null) return;
  // A name that is made of a text is told apart by that text, and can be used by the whole file.
  const scope = item.name.quoted === undefined ? env.home : env.module.scope;
  const unique = made.text === '' ? '' : scope.prefix + made.text;
  const name = unique === made.text ? made : { ...made, text: unique, shown: made.text };
  names.set(item, name);
  if (made.text === '') return;
  const place = placeOf(env, made);
  if (item.kind !== 'const') {
    enter(env, scope, { kind: item.kind, name: made.text, unique, place, entry: null });
    return;
  }
  const local = scope !== env.module.scope;
  const symbol: ConstSym = {
    kind: 'const',
    name: made.text,
    unique,
    place,
    decl: item,
    env,
    local,
    state: 'new',
    value: null,
    plain: null,
  };
  enter(env, scope, symbol);
}

/** The first one with a name has it. Of those that stay in the program the checker reports the others. */
function enter(env: Env, scope: Scope, symbol: Sym): void {
  if (symbol.name === '') return;
  const space = symbol.kind === 'group' || symbol.kind === 'meter' ? symbol.kind : 'value';
  const within = scope !== env.module.scope;
  if (within && env.bound(symbol.name) !== undefined) {
    const what = 'a parameter, or a name of a loop,';
    env.report(duplicateName, { name: symbol.name, what }, symbol.place.span);
    env.silence(symbol.name);
  }
  // What an instance declares hides nothing around it.
  const earlier = scope[space].get(symbol.name) ?? (within ? env.symbol(symbol.name, space) : undefined);
  if (earlier === undefined) {
    scope[space].set(symbol.name, symbol);
    return;
  }
  if (within || !staysInProgram(earlier) || !staysInProgram(symbol)) {
    env.report(duplicateName, { name: symbol.name, what: kindOfSymbol(earlier) }, symbol.place.span, {
      related: [labelAt(earlier.place, 'first declared here')],
    });
  }
}

function staysInProgram(symbol: Sym): boolean {
  if (symbol.kind === 'template' || symbol.kind === 'module') return false;
  return symbol.kind !== 'const' || (!symbol.local && isPlain(symbol));
}

/** What can be said of a template that nobody uses. */
export function checkTemplates(items: readonly Item[], env: Env): void {
  for (const item of items) {
    if (item.kind !== 'template') continue;
    const names = item.parameters.map((p) => p.name);
    for (const { name, type } of item.parameters) {
      checkBinding(env, name, names);
      if (type === null || parameterType(type.text) !== undefined) continue;
      const types = PARAMETER_TYPES.map((t) => t.name);
      const suggestion = nearest(type.text, types);
      env.report(unknownType, { name: type.text, types: types.join(', '), suggestion }, type.span, {
        notes: suggestion === undefined ? [`the types are ${types.map((t) => `\`${t}\``).join(', ')}`] : [],
        fixes:
          suggestion === undefined
            ? []
            : [
                {
                  title: `Write \`${suggestion}\``,
                  edits: [
                    { file: env.file, start: type.span.start, end: type.span.end, newText: suggestion },
                  ],
                },
              ],
      });
    }
  }
}

/** Looks at constants that nobody else looks at. */
export function checkConstants(items: readonly Item[], env: Env): void {
  for (const item of items) {
    if (item.kind !== 'const') continue;
    const symbol = env.symbol(item.name.text);
    if (symbol?.kind === 'const' && symbol.decl === item && !isPlain(symbol)) constantValue(symbol);
  }
}
