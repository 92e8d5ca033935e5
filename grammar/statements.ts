/** The rules for blocks and what stands in them: match terms, attributes, actions, and `for` and `if` around such. */
import { EOF, type ParserMethod } from 'chevrotain';
import type {
  Argument,
  Block,
  Expr,
  ForStatement,
  IfStatement,
  Name,
  NameExpr,
  RelationOperator,
  Span,
  Statement,
  StatementMaker,
  StringExpr,
} from './ast.ts';
import { ControlParser } from './control.ts';
import { LEVEL } from './operators.ts';
import * as t from './tokens.ts';
import { K } from './tokens.ts';

/** A node that is still being filled. */
export type Mutable<X> = { -readonly [P in keyof X]: X[P] extends readonly (infer E)[] ? E[] : X[P] };

/** A block of which only the keyword is there, or the place where it should stand. */
export const brokenBlock = (keyword: Name | null, { start }: Span): Block => {
  const span = keyword?.span ?? { start, end: start };
  return { kind: 'block', keyword, statements: [], nested: [], broken: true, brace: span, span };
};

/** Actions of ovs-ofctl that are written as assignments here; what follows them is read over. */
export const OVS_WRITES = /^(load|move|set_field|mod_(?!vlan_|nw_ttl$)\w+|set_tunnel(64)?)$/;

export const NOWHERE: Span = { start: 0, end: 0 };
/** What rules are given while chevrotain records the grammar. */
const NOTHING: NameExpr = { kind: 'name', path: [], subfield: null, span: NOWHERE };

export abstract class StatementParser extends ControlParser {
  // --- bodies ---

  /**
   * `{ … }`; `keyword` is what stood before it and tells a match or action block from the rest. `within`: it is the
   * body of a `for` or `if`, and what holds for the block around that holds for it.
   */
  protected readonly block: ParserMethod<[keyword?: Name | null, within?: boolean], Block> = this.RULE(
    'block',
    (keyword: Name | null = null, within: boolean = false): Block => {
      const open = this.here();
      const problems = this.problems.length;
      const node: Mutable<Block> = {
        kind: 'block',
        keyword,
        statements: [],
        nested: [],
        broken: false,
        brace: open,
        span: open,
      };
      this.CONSUME(t.LeftBrace);
      if (!this.enter()) return node;
      const inner = keyword !== null || (within && this.keyed);
      const outer = this.keyed;
      const acting = this.acting;
      this.keyed = inner;
      if (keyword !== null) this.acting = keyword.text === 'action';
      let again = true;
      while (again) {
        this.MANY({
          GATE: () => this.RECORDING_PHASE || !this.opensDeclaration(inner),
          DEF: () => {
            this.OR([
              { ALT: () => this.CONSUME(t.Separator) },
              {
                GATE: () => this.opensFor() || this.opensIf(),
                ALT: () => {
                  node.nested.push(this.SUBRULE(this.statementMaker));
                  this.endOfStatement();
                },
                IGNORE_AMBIGUITIES: true,
              },
              {
                ALT: () => {
                  this.SUBRULE(this.statement, { ARGS: [node.statements] });
                  this.endOfStatement();
                },
              },
            ]);
          },
        });
        again = (this.RECORDING_PHASE || !this.opensDeclaration(inner)) && this.stray('a statement or `}`');
      }
      this.depth--;
      this.keyed = outer;
      this.acting = acting;
      this.close(open);
      node.broken = this.problems.length > problems;
      node.span = this.from(keyword?.span.start ?? open.start);
      return node;
    },
  );

  // --- for and if ---

  /** `for` or `if` in a block. */
  private readonly statementMaker: ParserMethod<[], StatementMaker> = this.RULE(
    'statementMaker',
    (): StatementMaker =>
      this.OR<StatementMaker>([
        { ALT: () => this.SUBRULE(this.forStatement) },
        { ALT: () => this.SUBRULE(this.ifStatement) },
      ]),
  );

  private readonly forStatement: ParserMethod<[], ForStatement> = this.RULE(
    'forStatement',
    (): ForStatement => {
      const keyword = this.here();
      const head = this.SUBRULE(this.forHead);
      const body = this.noBrace()
        ? brokenBlock(null, this.here())
        : this.SUBRULE(this.block, { ARGS: [null, true] });
      return { kind: 'for', keyword, ...head, body, span: this.from(keyword.start) };
    },
  );

  private readonly ifStatement: ParserMethod<[], IfStatement> = this.RULE('ifStatement', (): IfStatement => {
    const keyword = this.here();
    const condition = this.SUBRULE(this.ifHead);
    const then = this.noBrace()
      ? brokenBlock(null, this.here())
      : this.SUBRULE1(this.block, { ARGS: [null, true] });
    let otherwise = null as Block | null;
    this.OPTION({
      GATE: () => this.elseFollows(),
      DEF: () => {
        this.OPTION1(() => this.CONSUME(t.Separator));
        this.CONSUME(K.else);
        if (!this.enter()) return;
        if (!this.RECORDING_PHASE && !this.is(K.if) && this.noBrace()) {
          otherwise = brokenBlock(null, this.here());
        } else {
          otherwise = this.OR<Block>([
            {
              ALT: () => {
                const problems = this.problems.length;
                const node = this.SUBRULE(this.ifStatement);
                const broken = this.problems.length > problems;
                const { keyword: brace, span } = node;
                return { kind: 'block', keyword: null, statements: [], nested: [node], broken, brace, span };
              },
            },
            { ALT: () => this.SUBRULE2(this.block, { ARGS: [null, true] }) },
          ]);
        }
        this.depth--;
      },
    });
    return { kind: 'if', keyword, condition, then, else: otherwise, span: this.from(keyword.start) };
  });

  // --- statements ---

  /** A match term, an attribute or an action. */
  protected readonly statement: ParserMethod<[into?: Statement[]], void> = this.RULE(
    'statement',
    (into: Statement[] = []): void => {
      const start = this.startOfNext();
      if (this.misplaced('at the top level, in a table or in a template')) return;
      const target = this.SUBRULE(this.target);
      // `==` is what other languages write.
      if (this.colonForEquals() || (!this.RECORDING_PHASE && this.is(t.EqualEqual))) {
        this.expectedButReads('`=`', t.Equals);
      }
      this.OR([
        {
          ALT: () => {
            const { operator, span } = this.SUBRULE(this.operator);
            const value = this.SUBRULE(this.value, {
              ARGS: [!this.RECORDING_PHASE && target.kind === 'name' && target.path[0]?.text === 'miss'],
            });
            into.push({
              kind: 'relation',
              target,
              operator,
              operatorSpan: span,
              value,
              span: this.from(start),
            });
          },
          // A command may begin with the names `in` and `not`, which are operators here.
          IGNORE_AMBIGUITIES: true,
        },
        { ALT: () => this.SUBRULE(this.command, { ARGS: [target, into] }) },
      ]);
    },
  );

  private readonly target = this.RULE('target', (): NameExpr | StringExpr => {
    return this.OR<NameExpr | StringExpr>([
      { ALT: () => this.string(this.CONSUME(t.StringLiteral)) },
      { ALT: () => this.SUBRULE(this.path) },
    ]);
  });

  private readonly operator = this.RULE('operator', (): { operator: RelationOperator; span: Span } => {
    const start = this.startOfNext();
    const operator = this.OR<RelationOperator>([
      {
        ALT: () => {
          this.CONSUME(t.Equals);
          return '=';
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.NotEquals);
          return '!=';
        },
      },
      {
        ALT: () => {
          this.CONSUME1(K.in);
          return 'in';
        },
      },
      {
        ALT: () => {
          this.CONSUME(K.not);
          if (!this.RECORDING_PHASE && !this.is(K.in)) this.expected('`in`');
          else this.CONSUME2(K.in);
          return 'not in';
        },
      },
    ]);
    return { operator, span: this.from(start) };
  });

  /** The right side of a relation. After `miss =` an action may stand with its operand: `miss = goto acl`. */
  private readonly value = this.RULE('value', (miss: boolean = false): Expr => {
    const value = this.SUBRULE1(this.expression, { ARGS: [LEVEL.BAR] });
    let operand: Expr | null = null;
    this.OPTION({
      GATE: () => miss && value.kind === 'name' && this.startsExpression(),
      DEF: () => {
        operand = this.SUBRULE2(this.expression, { ARGS: [LEVEL.BAR] });
      },
    });
    const argument = operand as Expr | null;
    if (argument === null || this.RECORDING_PHASE || value.kind !== 'name') return value;
    const name = value.path[0] ?? { text: '', span: value.span };
    return {
      kind: 'call',
      name,
      args: [{ name: null, value: argument, span: argument.span }],
      span: this.from(value.span.start),
    };
  });

  private readonly command = this.RULE(
    'command',
    (target: NameExpr | StringExpr = NOTHING, into: Statement[] = []): void => {
      const subfield = target.kind === 'name' ? target.subfield : null;
      if (!this.RECORDING_PHASE && (target.kind === 'string' || subfield !== null)) {
        this.expected('`=`');
        this.skip();
        const at = { start: target.span.end, end: target.span.end };
        into.push({
          kind: 'relation',
          target,
          operator: '=',
          operatorSpan: at,
          value: { kind: 'missing', span: at },
          span: target.span,
        });
        return;
      }
      const path = target.kind === 'name' ? target.path : [];
      const name: Name = { text: path.map((p) => p.text).join('.'), span: target.span };
      let args = null as Argument[] | null;
      let argsSpan: Span | null = null;
      let operand = null as Expr | null;
      let block = null as Block | null;
      // `load:5->reg0` and the like: the checker says what is written here instead of such an action.
      if (!this.RECORDING_PHASE && OVS_WRITES.test(name.text)) {
        if (!this.is(t.LeftParen)) this.skip();
        if (!this.is(t.LeftParen)) {
          into.push({ kind: 'command', name, args, argsSpan, operand, block, span: target.span });
          return;
        }
      }
      this.OPTION1(() => {
        const start = this.startOfNext();
        args = this.SUBRULE(this.args);
        argsSpan = this.from(start);
      });
      this.OPTION2({
        // An action has arguments or an operand: a word behind its arguments begins the next one.
        GATE: () =>
          !this.is(t.LeftBrace) &&
          !this.is(t.LeftParen) &&
          !this.startsNextTerm() &&
          (args === null || !this.is(t.Identifier)),
        DEF: () => {
          operand = this.SUBRULE(this.expression, { ARGS: [LEVEL.BAR] });
        },
      });
      this.OPTION3(() => {
        // `match` and `action` of `learn`, `action` of a bucket.
        const keyed = operand === null && args === null && (name.text === 'match' || name.text === 'action');
        block = this.SUBRULE(this.block, { ARGS: [keyed ? name : null] });
      });
      // `output:2`: what follows cannot be read, and is where the operand would be.
      if (operand === null && args === null && block === null && this.junkFollows()) {
        operand = { kind: 'missing', span: this.here() };
      }
      into.push({
        kind: 'command',
        name,
        args,
        argsSpan,
        operand,
        block,
        span: this.from(target.span.start),
      });
    },
  );

  private junkFollows(): boolean {
    if (this.RECORDING_PHASE) return false;
    const type = this.LA(1).tokenType;
    return (
      type !== t.Separator &&
      type !== t.RightBrace &&
      type !== t.Comma &&
      type !== EOF &&
      !this.is(t.Identifier)
    );
  }

  /** `icmp eth_dst = …`: the second word begins a term of its own, a separator is missing before it. */
  private startsNextTerm(): boolean {
    if (this.RECORDING_PHASE || !this.is(t.Identifier)) return false;
    const second = this.LA(2).tokenType;
    return second === t.Equals || second === t.NotEquals || second === K.in || second === K.not;
  }
}
