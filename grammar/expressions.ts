/** The rules for expressions: values with operators between them. */
import type { IToken, ParserMethod } from 'chevrotain';
import type { BinaryOperator, Expr, NameExpr, Span } from './ast.ts';
import { flagsOf, spanOf } from './literals.ts';
import { FOREIGN, LEVEL, LEVELS } from './operators.ts';
import * as t from './tokens.ts';
import { K } from './tokens.ts';
import { ValueParser, type Role } from './values.ts';

/** Operators of one expression; more are an error rather than a tree that overflows the stack of who walks it. */
const MAX_OPERATORS = 1000;

interface Operator {
  readonly operator: BinaryOperator | '..';
  readonly span: Span;
  readonly level: number;
}

export abstract class ExpressionParser extends ValueParser {
  /** `min`: operators that bind less are left to the rule around it. */
  readonly expression: ParserMethod<[min?: number, role?: Role], Expr> = this.RULE(
    'expression',
    (min: number = LEVEL.OR, role: Role = 'whole'): Expr => {
      const start = this.startOfNext();
      const whole = role !== 'operand';
      if (whole) {
        if (!this.enter()) return { kind: 'missing', span: { start, end: start } };
      }
      const outer = this.operators;
      let value = this.RECORDING_PHASE
        ? this.OR<Expr>([
            // `not` may be a name, too.
            { ALT: () => this.SUBRULE(this.prefixed), IGNORE_AMBIGUITIES: true },
            { ALT: () => this.SUBRULE1(this.masked) },
          ])
        : this.prefixFollows(min, whole)
          ? this.SUBRULE(this.prefixed)
          : this.SUBRULE1(this.masked);
      this.OPTION(() => {
        const dash = this.CONSUME(t.RangeDash);
        // `5-x` reads as `5 - x` as much as it reads as a range.
        if (!this.RECORDING_PHASE && this.is(t.Identifier)) this.tight(spanOf(dash), '-');
        const to = this.SUBRULE2(this.masked);
        value = { kind: 'range', from: value, to, span: this.from(start) };
      });
      let last = 0;
      let again = true;
      while (again) {
        this.MANY({
          GATE: () => this.levelOfNext(role, min) >= min,
          DEF: () => {
            const operator = this.SUBRULE(this.binaryOperator);
            const { level, span } = operator;
            const chained =
              level === last &&
              (level === LEVEL.COMPARISON || level === LEVEL.RANGE) &&
              !this.RECORDING_PHASE;
            if (chained)
              this.report(span, {
                problem: 'expected',
                expected: level === LEVEL.RANGE ? 'the end of the range' : '`and` or `or`',
                found: this.text.slice(span.start, span.end),
              });
            last = level;
            const right = this.SUBRULE2(this.expression, { ARGS: [level + 1, 'operand'] });
            value = chained
              ? { kind: 'missing', span: this.from(start) }
              : this.operation(operator, value, right, start);
          },
        });
        again = !this.RECORDING_PHASE && min <= LEVEL.SUM && this.is(t.Flags);
        if (again) value = this.tightSigns(value, start);
      }
      if (whole) {
        this.depth--;
        this.operators = outer;
      }
      return value;
    },
  );

  private operation(
    { operator, span: operatorSpan }: Operator,
    left: Expr,
    right: Expr,
    start: number,
  ): Expr {
    const span = this.from(start);
    if (operator === '..') return { kind: 'range', from: left, to: right, span };
    this.plain = false;
    if (++this.operators === MAX_OPERATORS + 1) {
      this.report(operatorSpan, { problem: 'too long' });
      this.skip();
    }
    return { kind: 'binary', operator, operatorSpan, left, right, span };
  }

  /** How tightly the operator binds that comes next; 0 where none does. */
  private levelOfNext(role: Role, min: number): number {
    if (this.RECORDING_PHASE) return Infinity;
    const { tokenType, image } = this.LA(1);
    if (tokenType === t.Operator) {
      const foreign = FOREIGN.get(image);
      if (foreign !== undefined && min <= LEVEL.AND)
        this.expectedButReads(`\`${foreign.word}\``, foreign.type);
    } else if (tokenType === t.Equals && role === 'condition') {
      this.expectedButReads('`==`', t.EqualEqual);
    } else if (tokenType === K.not && !this.is(K.in, 2)) return 0;
    return LEVELS.get(this.LA(1).tokenType) ?? 0;
  }

  private readonly binaryOperator = this.RULE('binaryOperator', (): Operator => {
    const { start } = this.here();
    let operator = null as BinaryOperator | null;
    const token = this.OR<IToken>([
      { ALT: () => this.CONSUME(K.or) },
      { ALT: () => this.CONSUME(K.and) },
      { ALT: () => this.CONSUME(t.EqualEqual) },
      { ALT: () => this.CONSUME(t.NotEquals) },
      { ALT: () => this.CONSUME(t.LessEqual) },
      { ALT: () => this.CONSUME(t.Less) },
      { ALT: () => this.CONSUME(t.GreaterEqual) },
      { ALT: () => this.CONSUME(t.Greater) },
      { ALT: () => this.CONSUME1(K.in) },
      {
        ALT: () => {
          this.CONSUME(K.not);
          operator = 'not in';
          return this.CONSUME2(K.in);
        },
      },
      { ALT: () => this.CONSUME(t.Bar) },
      { ALT: () => this.CONSUME(t.Caret) },
      { ALT: () => this.CONSUME(t.Ampersand) },
      { ALT: () => this.CONSUME(t.ShiftLeft) },
      { ALT: () => this.CONSUME(t.ShiftRight) },
      { ALT: () => this.CONSUME(t.DotDot) },
      { ALT: () => this.CONSUME(t.Plus) },
      {
        ALT: () => {
          const minus = this.CONSUME(t.Minus);
          if (!this.RECORDING_PHASE) this.spaced(spanOf(minus));
          return minus;
        },
      },
      { ALT: () => this.CONSUME(t.Star) },
    ]);
    const level = LEVELS.get(token.tokenType) ?? LEVEL.OR;
    // What was read for another has the image of that.
    const known = token.tokenType === t.EqualEqual ? '==' : token.tokenType === K.and ? 'and' : null;
    const image = token.tokenType === K.or ? 'or' : (known ?? token.image);
    return { operator: operator ?? (image as BinaryOperator | '..'), span: this.from(start), level };
  });

  /** A dash that touches something is part of a range, a flag or a name. */
  private spaced(minus: Span): void {
    const { start, end } = minus;
    if (!/\s/.test(this.text.charAt(start - 1)) || !/\s|^$/.test(this.text.charAt(end)))
      this.tight(minus, '-');
  }

  private tight(span: Span, sign: string): void {
    this.report(span, { problem: 'space around sign', sign });
  }

  /** `a -b` has been read as `a` and a set of flags: reports it and reads it as what was meant. */
  private tightSigns(left: Expr, start: number): Expr {
    const flags = flagsOf(this.LA(1));
    this.SKIP_TOKEN();
    if (flags.kind !== 'flags') return left;
    const sign = flags.flags[0]?.set === true ? '+' : '-';
    const { start: at } = flags.span;
    this.tight({ start: at, end: at + 1 }, sign);
    return flags.flags.reduce<Expr>((value, { set, name }) => {
      const right: NameExpr = { kind: 'name', path: [name], subfield: null, span: name.span };
      const span = { start: name.span.start - 1, end: name.span.start };
      const sum = this.operation({ operator: set ? '+' : '-', span, level: LEVEL.SUM }, value, right, start);
      return { ...sum, span: { start, end: name.span.end } };
    }, left);
  }

  /** `not` begins a condition where something follows it that can be denied; else it is a name. */
  private prefixFollows(min: number, whole: boolean): boolean {
    const { tokenType, image } = this.LA(1);
    if (tokenType === t.Tilde) return true;
    const denies = !whole || min <= LEVEL.NOT;
    if (tokenType === t.Operator && image === '!' && denies) {
      this.expectedButReads('`not`', K.not);
      return true;
    }
    return tokenType === K.not && denies && !this.is(K.in, 2) && (this.startsValue(2) || this.is(t.Tilde, 2));
  }

  private readonly prefixed: ParserMethod<[], Expr> = this.RULE('prefixed', (): Expr => {
    const start = this.startOfNext();
    if (!this.enter()) return { kind: 'missing', span: { start, end: start } };
    this.plain = false;
    const node = this.OR<Expr>([
      {
        ALT: () => {
          this.CONSUME(K.not);
          const operand = this.SUBRULE1(this.expression, { ARGS: [LEVEL.NOT, 'operand'] });
          return { kind: 'unary', operator: 'not', operand, span: this.from(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Tilde);
          const operand = this.SUBRULE2(this.expression, { ARGS: [LEVEL.COMPLEMENT, 'operand'] });
          return { kind: 'unary', operator: '~', operand, span: this.from(start) };
        },
      },
    ]);
    this.depth--;
    return node;
  });
}
