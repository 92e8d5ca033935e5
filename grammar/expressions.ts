/** The rules for what has a value: names, literals, operators, calls, sets, lists, records. */
import { EOF, type IToken, type ParserMethod } from 'chevrotain';
import type { Argument, BinaryOperator, Expr, Name, NameExpr, Span, StringExpr, Subfield } from './ast.ts';
import { stringOf } from './interpolation.ts';
import { durationOf, flagsOf, integerOf, ipv4Of, ipv6Of, macOf, nameOf, spanOf } from './literals.ts';
import { FOREIGN, LEVEL, LEVELS } from './operators.ts';
import { RecoveringParser } from './recovery.ts';
import * as t from './tokens.ts';
import { FUNCTIONS, K } from './tokens.ts';

/** Operators of one expression; more are an error rather than a tree that overflows the stack of who walks it. */
const MAX_OPERATORS = 1000;

/** Where an expression stands: on its own, to the right of an operator, or as the condition of an `if`. */
type Role = 'whole' | 'operand' | 'condition';

interface Operator {
  readonly operator: BinaryOperator | '..';
  readonly span: Span;
  readonly level: number;
}

export abstract class ExpressionParser extends RecoveringParser {
  // --- leaves ---

  protected readonly name = this.RULE('name', (what: string = ''): Name => {
    if (!this.RECORDING_PHASE && !this.is(t.Identifier)) {
      this.expected(what);
      const { start } = this.here();
      if (this.is(t.Invalid)) this.SKIP_TOKEN();
      return { text: '', span: { start, end: start } };
    }
    return nameOf(this.CONSUME(t.Identifier));
  });

  /** The name that a declaration gives: a text may make it. */
  protected readonly declaredName = this.RULE('declaredName', (what: string = ''): Name => {
    if (!this.RECORDING_PHASE && !this.is(t.StringLiteral)) return this.SUBRULE1(this.name, { ARGS: [what] });
    return this.OR<Name>([
      { ALT: () => this.quoted(this.CONSUME(t.StringLiteral)) },
      { ALT: () => this.SUBRULE(this.name) },
    ]);
  });

  protected quoted(token: IToken): Name {
    this.plain = false;
    const text = this.string(token);
    return { text: '', span: text.span, quoted: text };
  }

  protected string(token: IToken): StringExpr {
    const text = stringOf(token, (span, found) => {
      this.report(span, { problem: 'interpolation', found });
    });
    if (text.parts !== undefined) this.plain = false;
    return text;
  }

  // --- operators ---

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
            { ALT: () => this.SUBRULE(this.prefixed) },
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
            if (
              level === last &&
              (level === LEVEL.COMPARISON || level === LEVEL.RANGE) &&
              !this.RECORDING_PHASE
            )
              this.report(span, {
                problem: 'expected',
                expected: level === LEVEL.RANGE ? 'the end of the range' : '`and` or `or`',
                found: this.text.slice(span.start, span.end),
              });
            last = level;
            const right = this.SUBRULE2(this.expression, { ARGS: [level + 1, 'operand'] });
            value = this.operation(operator, value, right, start);
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
    let operator: BinaryOperator | null = null;
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

  // --- what operators stand between ---

  private readonly masked = this.RULE('masked', (): Expr => {
    const start = this.startOfNext();
    let value = this.SUBRULE1(this.primary);
    this.OPTION(() => {
      this.CONSUME(t.Slash);
      const mask = this.SUBRULE2(this.primary);
      value = { kind: 'masked', value, mask, span: this.from(start) };
    });
    return value;
  });

  /** True where a name or a literal stands. */
  protected startsExpression(n = 1): boolean {
    if (this.RECORDING_PHASE) return true;
    const type = this.LA(n).tokenType;
    return (
      this.is(t.Identifier, n) ||
      type === t.Integer ||
      type === t.Mac ||
      type === t.Ipv4 ||
      type === t.Ipv6 ||
      type === t.Duration ||
      type === t.StringLiteral ||
      type === t.Flags ||
      type === t.Invalid
    );
  }

  /** As `startsExpression`, or what opens a value. */
  private startsValue(n: number): boolean {
    const type = this.LA(n).tokenType;
    return this.startsExpression(n) || type === t.LeftBrace || type === t.LeftBracket || type === t.LeftParen;
  }

  private readonly primary = this.RULE('primary', (): Expr => {
    if (!this.RECORDING_PHASE && !this.startsValue(1)) {
      this.expected('a value');
      const { start } = this.here();
      return { kind: 'missing', span: { start, end: start } };
    }
    return this.OR<Expr>([
      { ALT: () => integerOf(this.CONSUME(t.Integer)) },
      { ALT: () => macOf(this.CONSUME(t.Mac)) },
      { ALT: () => ipv4Of(this.CONSUME(t.Ipv4)) },
      { ALT: () => ipv6Of(this.CONSUME(t.Ipv6)) },
      { ALT: () => durationOf(this.CONSUME(t.Duration)) },
      { ALT: () => this.string(this.CONSUME(t.StringLiteral)) },
      { ALT: () => flagsOf(this.CONSUME(t.Flags)) },
      { ALT: () => ({ kind: 'missing', span: nameOf(this.CONSUME(t.Invalid)).span }) },
      {
        GATE: () => this.loads(),
        ALT: () => this.SUBRULE(this.load),
        IGNORE_AMBIGUITIES: true,
      },
      { ALT: () => this.SUBRULE(this.nameOrCall), IGNORE_AMBIGUITIES: true },
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.SUBRULE(this.setOrRecord) },
      { ALT: () => this.SUBRULE(this.parenthesised) },
    ]);
  });

  private readonly parenthesised = this.RULE('parenthesised', (): Expr => {
    const open = this.here();
    this.CONSUME(t.LeftParen);
    const inside = this.SUBRULE(this.expression);
    this.closeParen(open, '`)`');
    return inside;
  });

  /** `load "hosts.csv"`; a word behind `load` is the name of a file without its quotes. */
  private loads(): boolean {
    if (this.RECORDING_PHASE) return true;
    if (this.LA(1).tokenType !== K.load) return false;
    const second = this.LA(2).tokenType;
    return (
      second === t.StringLiteral || (this.is(t.Identifier, 2) && !LEVELS.has(second) && second !== K.alias)
    );
  }

  private readonly load = this.RULE('load', (): Expr => {
    const start = this.startOfNext();
    this.plain = false;
    this.CONSUME(K.load);
    const path = this.SUBRULE(this.filePath);
    return { kind: 'load', path, span: this.from(start) };
  });

  /** Of `load` and `import`. */
  protected readonly filePath = this.RULE('filePath', (): StringExpr | null => {
    if (!this.RECORDING_PHASE && !this.is(t.StringLiteral)) {
      this.expected('the path of a file, in quotes');
      this.skip();
      return null;
    }
    return this.string(this.CONSUME(t.StringLiteral));
  });

  private readonly nameOrCall = this.RULE('nameOrCall', (): Expr => {
    const path = this.SUBRULE(this.path);
    let args: Argument[] | null = null;
    this.OPTION(() => {
      args = this.SUBRULE(this.args);
    });
    const found = args as Argument[] | null;
    if (found === null || this.RECORDING_PHASE) return path;
    const name = { text: path.path.map((p) => p.text).join('.'), span: path.span };
    if (FUNCTIONS.has(name.text)) this.plain = false;
    return { kind: 'call', name, args: found, span: this.from(path.span.start) };
  });

  protected readonly path = this.RULE('path', (): NameExpr => {
    const first = nameOf(this.CONSUME1(t.Identifier));
    const path = [first];
    this.MANY(() => {
      this.CONSUME(t.Dot);
      path.push(this.SUBRULE(this.name, { ARGS: ['a name'] }));
    });
    let subfield: Subfield | null = null;
    this.OPTION(() => {
      subfield = this.SUBRULE(this.subfield);
    });
    // `pkt.` is what a packet has when it is learnt from; other names before a dot are those of files and records.
    if (path.length > 1 && first.text !== 'pkt') this.plain = false;
    return { kind: 'name', path, subfield, span: this.from(first.span.start) };
  });

  private readonly subfield = this.RULE('subfield', (): Subfield => {
    const start = this.startOfNext();
    let from: Expr | null = null;
    let to: Expr | null = null;
    this.CONSUME(t.LeftBracket);
    this.OPTION(() => {
      const inside = this.SUBRULE(this.expression);
      from = inside.kind === 'range' ? inside.from : inside;
      to = inside.kind === 'range' ? inside.to : null;
    });
    this.closeBracket();
    return { from, to, span: this.from(start) };
  });

  private closeBracket(): void {
    if (!this.RECORDING_PHASE && !this.is(t.RightBracket)) {
      this.expected('`]`');
      return;
    }
    this.CONSUME(t.RightBracket);
  }

  private readonly list = this.RULE('list', (): Expr => {
    const start = this.startOfNext();
    const elements: Expr[] = [];
    this.CONSUME(t.LeftBracket);
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => {
        // Behind the last comma.
        if (!this.RECORDING_PHASE && this.is(t.RightBracket)) return;
        elements.push(this.SUBRULE(this.expression));
      },
    });
    this.closeBracket();
    return { kind: 'list', elements, span: this.from(start) };
  });

  private readonly setOrRecord = this.RULE('setOrRecord', (): Expr => {
    const open = this.here();
    const elements: Expr[] = [];
    const entries: { name: Name; value: Expr }[] = [];
    let equals = false;
    this.CONSUME(t.LeftBrace);
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => {
        if (!this.RECORDING_PHASE && this.is(t.RightBrace) && elements.length + entries.length > 0) return;
        const start = this.startOfNext();
        this.OPTION1(() => this.CONSUME1(t.Separator));
        const left = this.SUBRULE1(this.expression);
        const before = entries.length;
        if (!this.RECORDING_PHASE && left.kind === 'name' && left.span.start === start && this.is(t.Equals)) {
          // `{class = 1, …}`, once for the whole record.
          if (!equals) this.expected('`:`');
          equals = true;
          this.readAs(t.Colon);
        }
        this.OPTION2({
          GATE: () => this.RECORDING_PHASE || (left.kind === 'name' && left.path.length === 1),
          DEF: () => {
            this.CONSUME(t.Colon);
            const value = this.SUBRULE2(this.expression);
            if (left.kind === 'name' && left.path[0] !== undefined)
              entries.push({ name: left.path[0], value });
          },
        });
        if (entries.length === before) elements.push(left);
      },
    });
    this.close(open);
    const span = this.from(open.start);
    return entries.length > 0 ? { kind: 'record', entries, span } : { kind: 'set', elements, span };
  });

  // --- arguments ---

  protected readonly args: ParserMethod<[], Argument[]> = this.RULE('args', (): Argument[] => {
    const args: Argument[] = [];
    const open = this.here();
    this.CONSUME(t.LeftParen);
    if (!this.enter()) return args;
    this.SUBRULE1(this.argument, { ARGS: [args] });
    this.MANY(() => {
      this.CONSUME(t.Comma);
      this.SUBRULE2(this.argument, { ARGS: [args] });
    });
    this.depth--;
    // `f()` has no arguments, `f(,3)` has an empty one.
    const [only, second] = args;
    if (second === undefined && only !== undefined && isEmpty(only)) args.pop();
    this.closeParen(open);
    return args;
  });

  protected closeParen(open: Span, what = '`,` or `)`'): void {
    if (!this.RECORDING_PHASE && !this.is(t.RightParen)) {
      if (this.is(t.RightBrace) || this.LA(1).tokenType === EOF) {
        this.report(open, { problem: 'unclosed block', at: this.here() });
        return;
      }
      this.expected(what);
      while (!this.is(t.RightParen)) {
        const type = this.LA(1).tokenType;
        if (type === EOF || type === t.Separator || type === t.LeftBrace || type === t.RightBrace) return;
        this.SKIP_TOKEN();
      }
    }
    this.CONSUME(t.RightParen);
  }

  private readonly argument = this.RULE('argument', (into: Argument[] = []): void => {
    const start = this.startOfNext();
    let name: Name | null = null;
    let value = null as Expr | null;
    this.OPTION(() => {
      const left = this.SUBRULE1(this.expression);
      value = left;
      this.OPTION1({
        GATE: () =>
          this.RECORDING_PHASE || (left.kind === 'name' && left.path.length === 1 && left.subfield === null),
        DEF: () => {
          this.CONSUME(t.Equals);
          name = left.kind === 'name' ? (left.path[0] ?? null) : null;
          value = this.SUBRULE2(this.expression);
        },
      });
    });
    const span = this.from(start);
    into.push({ name, value: value ?? { kind: 'missing', span: { start, end: start } }, span });
  });

  /** A value that is all there is: a cell of a data file. */
  readonly cell = this.RULE('cell', (): Expr => {
    const value = this.SUBRULE(this.expression);
    if (!this.RECORDING_PHASE && this.LA(1).tokenType !== EOF) {
      this.expected('the end of the value');
      while (this.LA(1).tokenType !== EOF) this.SKIP_TOKEN();
    }
    return value;
  });
}

/** `f(a,)`: nothing stands behind the comma. */
export function isEmpty({ name, value }: Argument): boolean {
  return name === null && value.kind === 'missing' && value.span.start === value.span.end;
}
