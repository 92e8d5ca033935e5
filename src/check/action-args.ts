/** What stands behind the name of an action: arguments by name or place, flags, a value without parentheses, a block. */
import type { Argument, Block, CallExpr, CommandStatement, Expr, Span } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/actions.ts';
import type { ActionList } from './action-list.ts';
import type { OfpErrorName } from '../openflow/errors.ts';
import { evaluateInt } from './numbers.ts';
import { replaceFix } from './report.ts';
import { kindOf, showExpr } from './show.ts';
import { nearest } from '../diagnostics/suggest.ts';

export interface Parameters {
  /** Parameters with a value; the first `positional` of them need no name. */
  readonly values?: readonly string[];
  /** How many of the values may stand without their name; none unless said. */
  readonly positional?: number;
  /** Bare words. */
  readonly flags?: readonly string[];
  /** Words that may have arguments of their own: `nat(…)`. */
  readonly calls?: readonly string[];
  /** May a place be left empty, as in `resubmit(,3)`? */
  readonly holes?: boolean;
  /** Is there a block behind it? Not unless said. */
  readonly block?: 'required' | 'optional';
  /** For the message when something is missing: what the whole looks like. */
  readonly form: string;
}

/** The arguments of one action, sorted. */
export interface Arguments {
  /** The value of a parameter; undefined where it is not given. */
  value(name: string): Expr | undefined;
  /** Where a flag stands; undefined where it does not. */
  flag(name: string): Span | undefined;
  /** The call of that name; undefined where there is none. */
  call(name: string): CallExpr | undefined;
  /** Where the argument stands, name and value. */
  span(name: string): Span;
  readonly block: Block | null;
  /** False where something about the arguments has been reported. */
  readonly sound: boolean;
}

/** An action, or a call inside one (`nat(…)`). */
interface Call {
  readonly name: { readonly text: string; readonly span: Span };
  readonly args: readonly Argument[];
}

/** Sorts what stands behind an action's name. What is wrong is reported; `sound` tells. */
export function readArguments(list: ActionList, s: CommandStatement, parameters: Parameters): Arguments {
  const args: Argument[] = [...(s.args ?? [])];
  if (s.operand !== null) {
    if (s.args === null) args.push({ name: null, value: s.operand, span: s.operand.span });
    else
      list.error(
        codes.unexpectedPart,
        { action: s.name.text, what: 'a value', form: parameters.form },
        s.operand.span,
      );
  }
  const found = readCall(list, { name: s.name, args }, parameters);
  let sound = found.sound && (s.operand === null || s.args === null);
  if (s.block !== null && parameters.block === undefined) {
    list.error(
      codes.unexpectedPart,
      { action: s.name.text, what: 'a block', form: parameters.form },
      s.block.span,
    );
    sound = false;
  }
  if (s.block === null && parameters.block === 'required') {
    list.error(
      codes.missingPart,
      { action: s.name.text, what: 'a block', form: parameters.form },
      s.name.span,
    );
    sound = false;
  }
  return { ...found, sound, block: s.block };
}

export function readCallExpr(list: ActionList, call: CallExpr, parameters: Parameters): Arguments {
  return { ...readCall(list, call, parameters), block: null };
}

function readCall(list: ActionList, { name, args }: Call, parameters: Parameters): Omit<Arguments, 'block'> {
  const { values = [], positional = 0, flags = [], calls = [], holes = false, form } = parameters;
  const given = new Map<string, Argument>();
  let sound = true;
  let place = 0;
  for (const arg of args) {
    const key = keyOf(arg);
    if (key === null) {
      place++;
      const empty = arg.span.start === arg.span.end;
      if (holes && empty) continue;
      sound = false;
      // What could not be read has been complained about.
      if (!empty) list.fail();
      if (!empty) continue;
      list.error(codes.missingPart, { action: name.text, what: 'a value', form }, arg.span);
      continue;
    }
    if (key === undefined) {
      sound = false;
      unknown(arg);
      continue;
    }
    const earlier = given.get(key);
    if (earlier !== undefined) {
      sound = false;
      list.error(codes.argumentTwice, { action: name.text, argument: key }, arg.span, {
        related: [
          {
            file: list.ctx.file,
            start: earlier.span.start,
            end: earlier.span.end,
            message: 'it is here too',
          },
        ],
      });
      continue;
    }
    given.set(key, arg);
  }
  const isFlag = (arg: Argument): boolean => arg.name === null && flags.includes(bareWord(arg.value) ?? '');
  return {
    sound,
    value: (key) => {
      const arg = given.get(key);
      return arg === undefined || isFlag(arg) || arg.value.kind === 'call' ? undefined : arg.value;
    },
    flag: (key) => {
      const arg = given.get(key);
      return arg !== undefined && isFlag(arg) ? arg.span : undefined;
    },
    call: (key) => {
      const value = given.get(key)?.value;
      return calls.includes(key) && value?.kind === 'call' ? value : undefined;
    },
    span: (key) => given.get(key)?.span ?? name.span,
  };

  /** Which parameter an argument is for; null for an empty place, undefined for none. */
  function keyOf(arg: Argument): string | null | undefined {
    if (arg.name !== null) return values.includes(arg.name.text) ? arg.name.text : undefined;
    if (arg.value.kind === 'missing') return null;
    if (arg.value.kind === 'call' && calls.includes(arg.value.name.text)) return arg.value.name.text;
    const word = bareWord(arg.value);
    if (word !== undefined && flags.includes(word)) return word;
    return place < positional ? values[place++] : undefined;
  }

  function unknown(arg: Argument): void {
    const word = arg.name?.text ?? (arg.value.kind === 'call' ? arg.value.name.text : bareWord(arg.value));
    if (arg.name !== null && flags.includes(arg.name.text)) {
      list.error(codes.flagWithValue, { action: name.text, flag: arg.name.text }, arg.span, {
        fixes: [replaceFix(list.ctx, `Write \`${arg.name.text}\``, arg.span, arg.name.text)],
      });
      return;
    }
    if (word === undefined || word === '') {
      const what = `${kindOf(arg.value)} here`;
      list.error(codes.unexpectedPart, { action: name.text, what, form }, arg.span);
      return;
    }
    const suggestion = nearest(word, arg.name === null ? [...flags, ...values] : values);
    const span = arg.name?.span ?? arg.span;
    list.error(codes.unknownArgument, { action: name.text, argument: word, form, suggestion }, span, {
      fixes:
        suggestion === undefined ? [] : [replaceFix(list.ctx, `Write \`${suggestion}\``, span, suggestion)],
    });
  }
}

/** The word, if the expression is nothing but one. */
export function bareWord(expr: Expr): string | undefined {
  return expr.kind === 'name' && expr.path.length === 1 && expr.subfield === null
    ? expr.path[0]?.text
    : undefined;
}

/** One of a few words; null when it is another, which is then reported. */
export function oneOf<W extends string>(
  list: ActionList,
  expr: Expr,
  what: string,
  words: readonly W[],
): W | null {
  if (expr.kind === 'missing') return list.fail();
  const word = bareWord(expr);
  const found = words.find((w) => w === word);
  if (found !== undefined && expr.kind === 'name') return found;
  const suggestion = word === undefined ? undefined : nearest(word, words);
  return list.error(codes.badWord, { what, found: showExpr(expr), words }, expr.span, {
    fixes:
      suggestion === undefined
        ? []
        : [replaceFix(list.ctx, `Write \`${suggestion}\``, expr.span, suggestion)],
  });
}

export interface Limits {
  readonly what: string;
  readonly min?: number;
  readonly max: number;
  /** What the switch says to a number out of these limits, where it can be told of it. */
  readonly switchError?: OfpErrorName;
}

/** A number that a parameter takes; null when something is wrong, undefined when it is not given. */
export function numberOf(
  list: ActionList,
  args: Arguments,
  name: string,
  limits: Limits,
): number | null | undefined {
  const expr = args.value(name);
  if (expr === undefined) return undefined;
  const { what, min = 0, max, switchError } = limits;
  const value = evaluateInt(list.ctx, expr, { what, min: BigInt(min), max: BigInt(max), switchError });
  return value === null ? list.fail() : Number(value);
}

/** Says that an argument without which the action means nothing is not there. */
export function missing(
  list: ActionList,
  s: CommandStatement,
  what: string,
  form: string,
  insert?: string,
): null {
  return list.error(codes.missingPart, { action: s.name.text, what, form }, s.name.span, {
    fixes: insert === undefined ? [] : [replaceFix(list.ctx, `Write \`${insert}\``, s.span, insert)],
  });
}

/** Bytes written as hexadecimal digits in a string, pairs perhaps separated by dots; at least one, unless said. */
export function bytesOf(list: ActionList, expr: Expr, what: string, max: number, min = 1): Uint8Array | null {
  if (expr.kind === 'missing') return list.fail();
  if (expr.kind !== 'string') {
    return list.error(codes.badBytes, { what, why: `this is ${kindOf(expr)}` }, expr.span);
  }
  const digits = expr.value.replace(/\./g, '');
  if (!/^(?:[0-9a-fA-F]{2}(?:\.?[0-9a-fA-F]{2})*)?$/.test(expr.value)) {
    const why = /[^0-9a-fA-F.]/.test(expr.value)
      ? 'only hexadecimal digits and dots may stand in it'
      : 'its digits do not come in pairs';
    return list.error(codes.badBytes, { what, why }, expr.span);
  }
  if (digits.length / 2 < min) return list.error(codes.badBytes, { what, why: 'it is empty' }, expr.span);
  if (digits.length / 2 > max) {
    return list.error(codes.badBytes, { what, why: `it has more than ${max} bytes` }, expr.span);
  }
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
