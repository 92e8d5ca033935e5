/** `use t(…)`: arguments to parameters. */
import type { Argument, Parameter, UseItem } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/expand-templates.ts';
import { badCell } from '../diagnostics/codes/expand-values.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { misleads, reportMisleading } from './bindings.ts';
import { cellLiteral, cellText, compareWith, markBad } from './cells.ts';
import type { Env, Module, Scope, TemplateSym } from './env.ts';
import { Env as Environment, labelAt, pathOf } from './env.ts';
import { evaluate } from './evaluate.ts';
import { MAX_USES } from './fuel.ts';
import { FILE, reportUnknown, resolve } from './names.ts';
import { parameterType } from './parameter-types.ts';
import type { ParameterType } from './parameter-types.ts';
import { identityOf, kindOf, kindOfSymbol } from './show.ts';
import type { Frame, Origin } from './types.ts';
import type { Value } from './values.ts';

/** The template that is used; null where there is none, which is reported. */
export function templateOf(use: UseItem, env: Env): TemplateSym | null {
  const meaning = resolve(env, use.template.path);
  const shown = pathOf(use.template);
  const { span } = use.template;
  switch (meaning.kind) {
    case 'reported':
      return null;
    case 'symbol':
      if (meaning.symbol.kind === 'template') return meaning.symbol;
      return env.report(codes.notATemplate, { name: shown, kind: kindOfSymbol(meaning.symbol) }, span);
    case 'value':
      return env.report(codes.notATemplate, { name: shown, kind: kindOf(meaning.value) }, span);
    case 'unknown': {
      const [first, second] = use.template.path;
      if (first !== undefined && second !== undefined) return reportUnknown(env, first, FILE);
      if (env.module.scope.incomplete) return null;
      const templates = [...env.names()].filter((n) => env.symbol(n)?.kind === 'template');
      const suggestion = nearest(shown, templates);
      const { start, end } = span;
      return env.report(codes.unknownTemplate, { name: shown, suggestion }, span, {
        fixes:
          suggestion === undefined
            ? []
            : [
                {
                  title: `Write \`${suggestion}\``,
                  edits: [{ file: env.file, start, end, newText: suggestion }],
                },
              ],
      });
    }
  }
}

/** The environment of the body; null where an argument is wrong, which is reported. `scopeFor` is for what it declares. */
export function instantiate(
  use: UseItem,
  template: TemplateSym,
  env: Env,
  scopeFor: (instance: string) => Scope | null,
): Env | null {
  const shown = pathOf(use.template);
  if (env.depth >= MAX_USES)
    return env.report(codes.tooDeepUses, { name: shown, max: MAX_USES }, use.template.span);
  const args = matched(use, template, env);
  const { parameters } = template.decl;
  const bindings = new Map<string, Value | null>();
  const words: string[] = [];
  let sound = args !== null;
  const frame: Frame = { file: env.file, span: use.span, message: `in \`${shown}(…)\`, used here` };
  const draft = originOf(template.env.module, env, '', frame);
  // Defaults may use the parameters before them.
  const inner = new Environment(template.env.module, draft, template.env, null, bindings, env.depth + 1);
  for (const parameter of parameters) {
    const { name, type } = parameter;
    const known = type === null ? undefined : parameterType(type.text);
    const arg = args?.get(parameter);
    const value =
      arg === undefined
        ? parameter.default === null
          ? null
          : valueOf(parameter.default, parameter, known, inner)
        : valueOf(arg.value, parameter, known, env);
    if (value === null) sound = false;
    if (arg !== undefined && value !== null) {
      const word = identityOf(value);
      if (parameter.default === null) words.push(word);
      else {
        const usual = evaluateQuietly(parameter, known, inner);
        const same = usual === null ? null : identityOf(usual);
        compareWith(value, same ?? '');
        if (same !== word) words.push(`${name.text}=${word}`);
      }
    }
    if (value !== null && misleads(name.text, value)) {
      reportMisleading(inner, name);
      sound = false;
    }
    if (name.text !== '') bindings.set(name.text, value);
  }
  if (!sound) return null;
  const instance = `${template.name}(${words.join(',')})`;
  const origin = originOf(template.env.module, env, instance, {
    ...frame,
    message: `in \`${brief(`${shown}(${words.join(', ')})`)}\`, used here`,
  });
  const scope = scopeFor(origin.instance);
  return new Environment(template.env.module, origin, template.env, scope, bindings, env.depth + 1);
}

const MAX_BRIEF = 80;
const brief = (text: string): string => (text.length > MAX_BRIEF ? `${text.slice(0, MAX_BRIEF - 1)}…` : text);

function originOf({ file, name }: Module, outer: Env, instance: string, frame: Frame): Origin {
  return {
    file,
    module: name,
    instance: nested(outer.origin.instance, instance),
    chain: [frame, ...outer.origin.chain],
  };
}

/** Instances within instances. */
export function nested(outer: string, inner: string): string {
  return outer === '' ? inner : inner === '' ? outer : `${outer}/${inner}`;
}

/** The default again, to compare with; it has been or will be complained about where it counts. */
function evaluateQuietly(parameter: Parameter, type: ParameterType | undefined, env: Env): Value | null {
  return parameter.default === null ? null : valueOf(parameter.default, parameter, type, env);
}

/** Which argument is for which parameter; null where that is not clear. */
function matched(use: UseItem, template: TemplateSym, env: Env): Map<Parameter, Argument> | null {
  const { parameters } = template.decl;
  const shown = pathOf(use.template);
  const found = new Map<Parameter, Argument>();
  const related = [labelAt({ file: template.place.file, span: template.place.span }, 'declared here')];
  let named = false;
  let sound = true;
  for (const [i, arg] of (use.args ?? []).entries()) {
    let parameter: Parameter | undefined;
    if (arg.name === null) {
      if (named) {
        env.report(codes.positionalAfterNamed, {}, arg.span);
        return null;
      }
      parameter = parameters[i];
      if (parameter === undefined) {
        env.report(codes.tooManyArguments, { template: shown, max: parameters.length }, arg.span, {
          related,
        });
        return null;
      }
    } else {
      named = true;
      const { text, span } = arg.name;
      parameter = parameters.find((p) => p.name.text === text);
      if (parameter === undefined) {
        const suggestion = nearest(
          text,
          parameters.map((p) => p.name.text),
        );
        env.report(codes.unknownArgument, { template: shown, name: text, suggestion }, span, { related });
        sound = false;
        continue;
      }
      if (found.has(parameter)) {
        env.report(codes.argumentTwice, { name: text }, span);
        sound = false;
        continue;
      }
    }
    found.set(parameter, arg);
  }
  if (!sound) return null;
  const missing = parameters.filter((p) => p.default === null && !found.has(p) && p.name.text !== '');
  if (missing.length > 0) {
    const names = missing.map((p) => p.name.text);
    const at = use.argsSpan ?? use.template.span;
    env.report(codes.missingArgument, { template: shown, names }, at, { related });
    return null;
  }
  return found;
}

/** The value of an argument or a default, of the type of its parameter. */
function valueOf(
  expr: Argument['value'],
  parameter: Parameter,
  type: ParameterType | undefined,
  env: Env,
): Value | null {
  const value = evaluate(expr, env, type?.space);
  if (value === null || type === undefined || type.name === 'any') return value;
  const { span } = expr;
  const called = expr.kind === 'name' ? pathOf(expr) : parameter.name.text;
  if (value.kind === 'cell') {
    const read =
      type.text === true ? cellText(value, span, called, env.file) : readAs(value, type, span, called, env);
    if (type.accepts(read)) return read;
    if (markBad(value)) return null;
    return env.reportAt(badCell, { needed: type.needed, found: kindOf(value) }, value.place, {
      related: [labelAt({ file: env.file, span }, `used as \`${called}\` here`)],
    });
  }
  if (type.accepts(value)) return value;
  return env.report(
    codes.wrongArgument,
    { parameter: parameter.name.text, needed: type.needed, found: kindOf(value) },
    span,
  );
}

function readAs(
  cell: Extract<Value, { kind: 'cell' }>,
  type: ParameterType,
  span: Argument['span'],
  called: string,
  env: Env,
): Value {
  if (type.name === 'bool' && (cell.text === 'true' || cell.text === 'false'))
    return { kind: 'truth', value: cell.text === 'true', place: { file: env.file, span } };
  return cellLiteral(cell, span, called, env.file);
}
