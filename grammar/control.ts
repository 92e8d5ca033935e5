/** The heads of `for` and `if`, which are the same around declarations and around statements. */
import { EOF, type TokenType } from 'chevrotain';
import type { Expr, ForBinding, Name } from './ast.ts';
import { ExpressionParser } from './expressions.ts';
import { LEVEL } from './operators.ts';
import * as t from './tokens.ts';
import { K } from './tokens.ts';

export abstract class ControlParser extends ExpressionParser {
  /** `for h, i in hosts` */
  protected readonly forHead = this.RULE(
    'forHead',
    (): { readonly binding: ForBinding; readonly in: Expr } => {
      this.plain = false;
      this.CONSUME(K.for);
      const binding = this.SUBRULE(this.forBinding);
      if (!this.RECORDING_PHASE && !this.is(K.in)) {
        this.expected('`in`');
        const span = this.here();
        this.skipToBrace();
        return { binding, in: { kind: 'missing', span: { start: span.start, end: span.start } } };
      }
      this.CONSUME(K.in);
      return { binding, in: this.SUBRULE(this.expression, { ARGS: [LEVEL.BAR] }) };
    },
  );

  private readonly forBinding = this.RULE('forBinding', (): ForBinding => {
    const what = 'the name of what the loop runs through';
    const value =
      this.RECORDING_PHASE || this.is(t.LeftBrace) || this.is(t.Identifier)
        ? this.OR<ForBinding['value']>([
            { ALT: () => this.SUBRULE(this.fieldNames) },
            { ALT: () => ({ kind: 'name', name: this.SUBRULE1(this.boundName, { ARGS: [what] }) }) },
          ])
        : { kind: 'name' as const, name: this.SUBRULE2(this.boundName, { ARGS: [what] }) };
    let index = null as Name | null;
    this.OPTION(() => {
      this.CONSUME(t.Comma);
      index = this.SUBRULE3(this.boundName, { ARGS: ['the name of the index'] });
    });
    return { value, index };
  });

  /** A name that `in` can follow: where a name was left out, that `in` is none. */
  private readonly boundName = this.RULE('boundName', (what: string = ''): Name => {
    if (!this.RECORDING_PHASE && this.is(K.in) && !this.is(K.in, 2) && !this.is(t.Comma, 2)) {
      this.expected(what);
      const { start } = this.here();
      return { text: '', span: { start, end: start } };
    }
    return this.SUBRULE(this.name, { ARGS: [what] });
  });

  private readonly fieldNames = this.RULE('fieldNames', (): ForBinding['value'] => {
    const open = this.here();
    const names: Name[] = [];
    this.CONSUME(t.LeftBrace);
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => {
        if (!this.RECORDING_PHASE && this.is(t.RightBrace)) return;
        names.push(this.SUBRULE(this.name, { ARGS: ['the name of a field of the records'] }));
      },
    });
    if (!this.RECORDING_PHASE && !this.is(t.RightBrace)) {
      this.expected('`,` or `}`');
      while (
        !this.is(t.RightBrace) &&
        !this.is(K.in) &&
        this.LA(1).tokenType !== EOF &&
        !this.is(t.Separator) &&
        !this.is(t.LeftBrace)
      )
        this.SKIP_TOKEN();
    }
    if (this.RECORDING_PHASE || this.is(t.RightBrace)) this.CONSUME(t.RightBrace);
    return { kind: 'fields', names, span: this.from(open.start) };
  });

  /** `if` with its condition. */
  protected readonly ifHead = this.RULE('ifHead', (): Expr => {
    this.plain = false;
    this.CONSUME(K.if);
    // A condition does not begin with a set: that is the body.
    if (!this.RECORDING_PHASE && this.is(t.LeftBrace)) {
      this.expected('a condition');
      const { start } = this.here();
      return { kind: 'missing', span: { start, end: start } };
    }
    const condition = this.SUBRULE(this.expression, { ARGS: [LEVEL.OR, 'condition'] });
    if (!this.RECORDING_PHASE && !this.is(t.LeftBrace)) {
      this.expected('an operator or `{`');
      this.skipToBrace();
    }
    return condition;
  });

  /** Behind the `}` of an `if`, on its line or on the next. */
  protected elseFollows(): boolean {
    if (this.RECORDING_PHASE) return true;
    const at = this.is(t.Separator) ? 2 : 1;
    return this.is(K.else, at) && !this.is(t.Equals, at + 1) && this.LA(0).tokenType === t.RightBrace;
  }

  protected opensFor(): boolean {
    return this.RECORDING_PHASE || (this.is(K.for) && !this.staysName());
  }

  protected opensIf(): boolean {
    return this.RECORDING_PHASE || (this.is(K.if) && !this.staysName());
  }

  /** `if = 1`, `use in {1}`: the word is the name of something. */
  protected staysName(): boolean {
    const type = this.LA(2).tokenType;
    return (
      type === t.Equals ||
      type === t.NotEquals ||
      type === t.Dot ||
      type === t.Colon ||
      (type === K.in && !this.is(K.in, 3) && !this.is(t.Comma, 3)) ||
      (type === K.not && this.is(K.in, 3))
    );
  }

  /** True (and reported) where a `use` or `else` stands at which nothing of the kind can. */
  protected misplaced(where: string, words: readonly TokenType[] = [K.use, K.else]): boolean {
    if (this.RECORDING_PHASE) return false;
    const { tokenType, image } = this.LA(1);
    if (!words.includes(tokenType) || this.staysName()) return false;
    if (tokenType === K.use && !this.is(t.Identifier, 2)) return false;
    if (tokenType === K.else && !this.is(t.LeftBrace, 2) && !this.is(K.if, 2)) return false;
    const place = tokenType === K.else ? 'behind the `}` of an `if`' : where;
    this.report(this.here(), { problem: 'misplaced', construct: image, where: place });
    this.skip();
    return true;
  }

  /** True (and reported) where a block should start and does not. */
  protected noBrace(): boolean {
    if (this.RECORDING_PHASE || this.is(t.LeftBrace)) return false;
    this.expected('`{`');
    this.skip();
    return true;
  }
}
