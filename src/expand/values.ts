/** Values at compile time. */
import type { Expr, Given, NameExpr, Span } from '../../grammar/ast.ts';
import type { Env, Sym } from './env.ts';

/** A place in a file of the program. */
export interface Place {
  readonly file: number;
  readonly span: Span;
}

/** Everything that one word or one literal says; what a name stands for has been found. */
export interface Literal {
  readonly kind: 'literal';
  /** Its span lies in `place.file`; `given`, if any, says where it came from before. */
  readonly expr: Expr;
  readonly place: Place;
  /** What a name means that the program declares; undefined for words of the language. */
  readonly symbol?: Sym;
}

export interface Truth {
  readonly kind: 'truth';
  readonly value: boolean;
  readonly place: Place;
}

/** A cell of a data file: it has no type until it is used. */
export interface Cell {
  readonly kind: 'cell';
  readonly text: string;
  /** In the data file. Slow: for diagnostics. */
  readonly place: Place;
  /** Names in it mean what they mean where the file was loaded. */
  readonly home: Env;
  /** Is told that its text decides more than what is made of it. */
  readonly examine?: () => void;
  /** Is told of a text that its own was compared with, to leave out an argument that is the default. */
  readonly compare?: (text: string) => void;
}

export interface Sequence {
  readonly kind: 'sequence';
  readonly form: 'list' | 'set';
  readonly length: number;
  at(index: number): Value;
  readonly place: Place;
}

export interface RecordValue {
  readonly kind: 'record';
  /** In the order of the source. */
  readonly keys: readonly string[];
  get(key: string): Value | undefined;
  readonly place: Place;
}

export type Value = Literal | Truth | Cell | Sequence | RecordValue;

export function literalOf(expr: Expr, file: number): Literal {
  return { kind: 'literal', expr, place: { file, span: expr.span } };
}

export function sequence(form: 'list' | 'set', elements: readonly Value[], place: Place): Sequence {
  return {
    kind: 'sequence',
    form,
    length: elements.length,
    at: (index) => {
      const element = elements[index];
      if (element === undefined) throw new RangeError(`no element ${index}`);
      return element;
    },
    place,
  };
}

export function record(entries: ReadonlyMap<string, Value>, place: Place): RecordValue {
  return { kind: 'record', keys: [...entries.keys()], get: (key) => entries.get(key), place };
}

/** Where the value was written first. */
export function originOf(value: Value): Given | null {
  return value.kind === 'literal' ? (value.expr.given ?? null) : null;
}

/** The one word that a name expression is; undefined for anything else. */
export function wordIn(expr: Expr): string | undefined {
  return expr.kind === 'name' && expr.path.length === 1 && expr.subfield === null
    ? expr.path[0]?.text
    : undefined;
}

export function nameExpr(text: string, span: Span, shown?: string): NameExpr {
  const name = shown === undefined || shown === text ? { text, span } : { text, span, shown };
  return { kind: 'name', path: [name], subfield: null, span };
}
