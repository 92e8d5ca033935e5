/** The rules for what operators stand between: names, literals, calls, sets, lists, records. */
import { EOF, type IToken, type ParserMethod } from 'chevrotain';
import type { Argument, Expr, Name, NameExpr, Span, StringExpr, Subfield } from './ast.ts';
import { stringOf } from './interpolation.ts';
import { durationOf, flagsOf, integerOf, ipv4Of, ipv6Of, macOf, nameOf } from './literals.ts';
import { LEVELS } from './operators.ts';
import { RecoveringParser } from './recovery.ts';
import * as t from './tokens.ts';
import { FUNCTIONS, K } from './tokens.ts';

/** Where an expression stands: on its own, to the right of an operator, or as the condition of an `if`. */
export type Role = 'whole' | 'operand' | 'condition';

export abstract class ValueParser extends RecoveringParser {
  /** `min`: operators that bind less are left to the rule around it. Its rule is in `expressions.ts`. */
  abstract readonly expression: ParserMethod<[min?: number, role?: Role], Expr>;

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
    const before = this.problems.length;
    const text = this.string(token);
    // Half a name would be taken for that of others.
    if (this.problems.length > before) return { text: '', span: text.span };
    return { text: '', span: text.span, quoted: text };
  }

  protected string(token: IToken): StringExpr {
    const text = stringOf(token, (span, found) => {
      this.report(span, { problem: 'interpolation', found });
    });
    if (text.parts !== undefined) this.plain = false;
    return text;
  }

  /** A text as a value; nothing where something in it is in error, which has been reported. */
  private wholeText(token: IToken): Expr {
    const before = this.problems.length;
    const text = this.string(token);
    return this.problems.length > before ? { kind: 'missing', span: text.span } : text;
  }

  // --- what operators stand between ---

  protected readonly masked = this.RULE('masked', (): Expr => {
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
  protected startsValue(n: number): boolean {
    const type = this.LA(n).tokenType;
    return this.startsExpression(n) || type === t.LeftBrace || type === t.LeftBracket || type === t.LeftParen;
  }

  private readonly primary = this.RULE('primary', (): Expr => {
    if (!this.RECORDING_PHASE && !this.startsValue(1)) {
      this.expected('a value');
      const { start } = this.here();
      // `-1`: with its sign the number is left out, too.
      if ((this.is(t.Minus) || this.is(t.Plus)) && this.startsExpression(2)) {
        this.SKIP_TOKEN();
        this.SKIP_TOKEN();
      }
      return { kind: 'missing', span: { start, end: start } };
    }
    return this.OR<Expr>([
      { ALT: () => integerOf(this.CONSUME(t.Integer)) },
      { ALT: () => macOf(this.CONSUME(t.Mac)) },
      { ALT: () => ipv4Of(this.CONSUME(t.Ipv4)) },
      { ALT: () => ipv6Of(this.CONSUME(t.Ipv6)) },
      { ALT: () => durationOf(this.CONSUME(t.Duration)) },
      { ALT: () => this.wholeText(this.CONSUME(t.StringLiteral)) },
      { ALT: () => flagsOf(this.CONSUME(t.Flags)) },
      { ALT: () => ({ kind: 'missing', span: nameOf(this.CONSUME(t.Invalid)).span }) },
      {
        GATE: () => this.loads(),
        ALT: () => this.SUBRULE(this.loadExpression),
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
    // Where the text ends before a value, that has been said.
    if (inside.kind !== 'missing' || this.LA(1).tokenType !== EOF) this.closeParen(open, '`)`');
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

  private readonly loadExpression = this.RULE('loadExpression', (): Expr => {
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
