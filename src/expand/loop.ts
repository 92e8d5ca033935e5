/** `for`: what it runs through, and one round of it. */
import type { Expr, ForBinding, Name, Span } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/expand-templates.ts';
import { unknownMember } from '../diagnostics/codes/expand-values.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { checkBinding, misleads, reportMisleading } from './bindings.ts';
import { Env } from './env.ts';
import type { Bindings, Scope } from './env.ts';
import { evaluate, literally } from './evaluate.ts';
import { isOrdered } from './operators.ts';
import type { Ordered } from './operators.ts';
import { identityOf, kindOf, show } from './show.ts';
import type { Frame } from './types.ts';
import { nested } from './use.ts';
import type { Sequence, Value } from './values.ts';
import { record } from './values.ts';

/** What a loop runs through. */
export interface Elements {
  readonly length: bigint;
  at(index: number): Value;
  /** The sequence, where it is one. */
  readonly source: Sequence | null;
}

/** The head of a `for` around declarations or statements. */
export interface Loop {
  readonly binding: ForBinding;
  readonly in: Expr;
  readonly keyword: Span;
}

/** A loop whose head has been looked at. */
export interface Opened {
  readonly loop: Loop;
  readonly elements: Elements;
  /** Those of its names that can be bound. */
  readonly bound: ReadonlySet<Name>;
}

export function namesOf({ value, index }: ForBinding): readonly Name[] {
  const names = value.kind === 'name' ? [value.name] : value.names;
  return index === null ? names : [...names, index];
}

/** Looks at the head of a loop; null where it cannot run, which is reported. */
export function open(loop: Loop, env: Env): Opened | null {
  const names = namesOf(loop.binding);
  const bound = new Set(names.filter((name) => checkBinding(env, name, names)));
  const value = evaluate(loop.in, env);
  const elements = value === null ? null : elementsOf(value, loop.in, env);
  // A body with a name that is not bound would be full of mistakes that are none.
  return elements === null || bound.size < names.length ? null : { loop, elements, bound };
}

function elementsOf(value: Value, expr: Expr, env: Env): Elements | null {
  const { span } = expr;
  if (value.kind === 'sequence')
    return { length: BigInt(value.length), at: (index) => value.at(index), source: value };
  const found = literally(value, expr, env);
  if (found.kind === 'literal' && found.expr.kind === 'range') {
    const { from, to } = found.expr;
    if (isOrdered(from) && isOrdered(to) && from.value <= to.value) {
      const place = found.place;
      return {
        length: to.value - from.value + 1n,
        at: (index) => ({ kind: 'literal', expr: nth(from, index, span), place }),
        source: null,
      };
    }
  }
  return env.report(codes.notIterable, { found: kindOf(value) }, span);
}

function nth(from: Ordered, index: number, span: Span): Expr {
  const value = from.value + BigInt(index);
  return from.kind === 'int' ? { kind: 'int', value, radix: 10, span } : { kind: from.kind, value, span };
}

/**
 * What one round binds; null where the element is not what the loop takes apart, which is reported. Everything that a
 * round depends on is its element, its index and the environment of the loop.
 */
export function bind({ loop }: Opened, element: Value, index: number, env: Env): Bindings | null {
  const { value, index: counter } = loop.binding;
  const bindings = new Map<string, Value | null>();
  if (value.kind === 'name') {
    if (misleads(value.name.text, element)) return reportMisleading(env, value.name);
    bindings.set(value.name.text, element);
  } else {
    if (element.kind !== 'record') {
      const related = [{ file: element.place.file, ...element.place.span, message: 'this element' }];
      return env.report(codes.notARecord, { found: kindOf(element) }, value.span, { related });
    }
    for (const { text, span } of value.names) {
      const member = element.get(text);
      if (member === undefined) {
        const suggestion = nearest(text, element.keys);
        const related = [{ file: element.place.file, ...element.place.span, message: 'this record' }];
        return env.report(unknownMember, { name: text, of: 'a record', suggestion }, span, { related });
      }
      bindings.set(text, member);
    }
  }
  if (counter !== null) {
    const expr: Expr = { kind: 'int', value: BigInt(index), radix: 10, span: counter.span };
    bindings.set(counter.text, { kind: 'literal', expr, place: { file: env.file, span: counter.span } });
  }
  return bindings;
}

/** How an instance is known by an element: what the loop takes of it. */
export function identityOfRound({ loop }: Opened, element: Value): string {
  const { value } = loop.binding;
  if (value.kind === 'name' || element.kind !== 'record') return identityOf(element);
  const taken = new Map<string, Value>();
  for (const { text } of value.names) {
    const member = element.get(text);
    if (member !== undefined) taken.set(text, member);
  }
  return identityOf(record(taken, element.place));
}

/** How the compiler came to a round; its message is made when somebody asks. */
class RoundFrame implements Frame {
  readonly file: number;
  private readonly element: Value;
  private readonly binding: ForBinding;

  constructor(binding: ForBinding, element: Value) {
    this.binding = binding;
    this.element = element;
    this.file = element.place.file;
  }

  get span(): Span {
    return this.element.place.span;
  }

  get message(): string {
    const { value } = this.binding;
    const name = value.kind === 'name' ? value.name.text : `{${value.names.map((n) => n.text).join(', ')}}`;
    return `for \`${name}\` = ${show(this.element)}`;
  }
}

/** The environment of one round around declarations. `instance` is from `identityOfRound`. */
export function roundEnv(
  { loop }: Opened,
  element: Value,
  instance: string,
  bindings: Bindings,
  env: Env,
  scope: Scope | null,
): Env {
  const origin = {
    file: env.origin.file,
    module: env.origin.module,
    instance: nested(env.origin.instance, instance),
    chain: [new RoundFrame(loop.binding, element), ...env.origin.chain],
  };
  return new Env(env.module, origin, env, scope, bindings);
}
