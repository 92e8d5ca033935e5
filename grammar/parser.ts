/**
 * The grammar of `.wbf`: tokens to the tree of `ast.ts`. The rules of this class are the only grammar there is;
 * the EBNF in `generated/` is printed from them. How it goes on after a mistake is in `recovery.ts`.
 */
import { EOF } from 'chevrotain';
import type {
  Argument,
  Block,
  Expr,
  FileNode,
  FlowDecl,
  Item,
  Name,
  NameExpr,
  PortDecl,
  RelationOperator,
  Span,
  Statement,
  StringExpr,
  Subfield,
  TableMaker,
} from './ast.ts';
import type { GrammarError } from './errors.ts';
import { durationOf, flagsOf, integerOf, ipv4Of, ipv6Of, macOf, nameOf, stringOf } from './literals.ts';
import { RecoveringParser } from './recovery.ts';
import * as t from './tokens.ts';
import { K, type TokenVector } from './tokens.ts';

type Mutable<X> = { -readonly [P in keyof X]: X[P] extends readonly (infer E)[] ? E[] : X[P] };

/** A block of which only the keyword is there. */
const brokenBlock = (keyword: Name): Block => ({
  kind: 'block',
  keyword,
  statements: [],
  nested: [],
  broken: true,
  brace: keyword.span,
  span: keyword.span,
});

/** Actions of ovs-ofctl that are written as assignments here. */
const OVS_WRITES = /^(load|move|set_field|mod_(?!vlan_|nw_ttl$)\w+|set_tunnel(64)?)$/;

const NOWHERE: Span = { start: 0, end: 0 };
/** What rules are given while chevrotain records the grammar. */
const NOTHING: NameExpr = { kind: 'name', path: [], subfield: null, span: NOWHERE };
const emptyFlow = (): Mutable<FlowDecl> => ({
  kind: 'flow',
  keyword: NOWHERE,
  doc: null,
  name: null,
  attributes: [],
  matches: [],
  actions: [],
  body: NOWHERE,
  span: NOWHERE,
});

class WbfParser extends RecoveringParser {
  constructor() {
    super(t.ALL_TOKENS, {
      recoveryEnabled: false,
      maxLookahead: 1,
      skipValidations: true,
      nodeLocationTracking: 'none',
    });
    this.performSelfAnalysis();
  }

  // --- leaves ---

  private readonly name = this.RULE('name', (what: string = ''): Name => {
    if (!this.RECORDING_PHASE && !this.is(t.Identifier)) {
      this.expected(what);
      const { start } = this.here();
      if (this.is(t.Invalid)) this.SKIP_TOKEN();
      return { text: '', span: { start, end: start } };
    }
    return nameOf(this.CONSUME(t.Identifier));
  });

  // --- declarations ---

  readonly file = this.RULE('file', (): void => {
    const { items } = this;
    let again = true;
    while (again) {
      this.MANY(() => {
        this.OR([
          { ALT: () => this.CONSUME(t.Separator) },
          {
            ALT: () => {
              this.SUBRULE(this.item, { ARGS: [items] });
              this.endOfStatement();
            },
          },
        ]);
      });
      again = this.strayAtTop();
    }
  });

  private strayAtTop(): boolean {
    if (this.RECORDING_PHASE || this.LA(1).tokenType === EOF) return false;
    if (this.is(t.RightBrace)) {
      this.report(this.here(), { problem: 'stray', found: '}' });
      this.SKIP_TOKEN();
      return true;
    }
    return this.stray(
      'a declaration (`table`, `flow`, `const`, `port`, `register`, `group`, `meter`, `tunnel_metadata`, `bridge`, `program` or `test`)',
    );
  }

  private readonly item = this.RULE('item', (items: Item[] = []): void => {
    this.OR([
      { ALT: () => this.SUBRULE(this.programDecl, { ARGS: [items] }) },
      { ALT: () => this.SUBRULE(this.constDecl, { ARGS: [items] }) },
      { ALT: () => this.SUBRULE(this.portDecl, { ARGS: [items as PortDecl[]] }) },
      { ALT: () => this.SUBRULE(this.registerDecl, { ARGS: [items] }) },
      { ALT: () => this.SUBRULE(this.tableDecl, { ARGS: [items] }) },
      { ALT: () => this.SUBRULE(this.flowDecl, { ARGS: [items as FlowDecl[]] }) },
      { ALT: () => this.SUBRULE(this.groupDecl, { ARGS: [items] }) },
      { ALT: () => this.SUBRULE(this.meterDecl, { ARGS: [items] }) },
      { ALT: () => this.SUBRULE(this.tunnelMetadataDecl, { ARGS: [items] }) },
      { ALT: () => this.SUBRULE(this.bridgeDecl, { ARGS: [items] }) },
      { ALT: () => this.SUBRULE(this.testDecl, { ARGS: [items] }) },
      { ALT: () => this.SUBRULE(this.laterDecl) },
    ]);
  });

  private readonly programDecl = this.RULE('programDecl', (items: Item[] = []): void => {
    const { start, ...opening } = this.opening();
    this.CONSUME(K.program);
    const name = this.SUBRULE(this.name, { ARGS: ['the name of the program'] });
    let body: Block | null = null;
    this.OPTION(() => {
      body = this.SUBRULE(this.block, { ARGS: [null] });
    });
    items.push({ kind: 'program', ...opening, name, body, span: this.from(start) });
  });

  private readonly constDecl = this.RULE('constDecl', (items: Item[] = []): void => {
    const { start, ...opening } = this.opening();
    this.CONSUME(K.const);
    const name = this.SUBRULE(this.name, { ARGS: ['the name of the constant'] });
    const value = this.SUBRULE(this.initializer);
    items.push({ kind: 'const', ...opening, name, value, span: this.from(start) });
  });

  /** `= value` */
  private readonly initializer = this.RULE('initializer', (): Expr => {
    if (!this.RECORDING_PHASE && !this.is(t.Equals)) {
      this.expected('`=`');
      const span = this.here();
      this.skip();
      return { kind: 'missing', span };
    }
    this.CONSUME(t.Equals);
    return this.SUBRULE(this.expression);
  });

  private readonly portDecl = this.RULE('portDecl', (ports: PortDecl[] = []): void => {
    const { start, ...opening } = this.opening();
    this.CONSUME(K.port);
    const name = this.SUBRULE(this.name, { ARGS: ['the name of the port'] });
    const value = this.SUBRULE(this.initializer);
    let body: Block | null = null;
    this.OPTION(() => {
      body = this.SUBRULE(this.block, { ARGS: [null] });
    });
    ports.push({ kind: 'port', ...opening, name, value, body, span: this.from(start) });
  });

  private readonly registerDecl = this.RULE('registerDecl', (items: Item[] = []): void => {
    const { start, ...opening } = this.opening();
    this.CONSUME(K.register);
    const name = this.SUBRULE(this.name, { ARGS: ['the name of the register'] });
    let value: Expr | null = null;
    let width: Expr | null = null;
    let alias: Span | null = null;
    if (!this.RECORDING_PHASE && !this.is(t.Colon) && !this.is(t.Equals)) {
      this.expected('`=` or `:`');
      this.skip();
      items.push({ kind: 'register', ...opening, name, value, width, alias, span: this.from(start) });
      return;
    }
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.Colon);
          width = this.SUBRULE1(this.expression);
        },
      },
      {
        ALT: () => {
          value = this.SUBRULE(this.initializer);
        },
      },
    ]);
    this.OPTION(() => {
      const token = this.CONSUME(K.alias);
      alias = nameOf(token).span;
    });
    items.push({ kind: 'register', ...opening, name, value, width, alias, span: this.from(start) });
  });

  private readonly tableDecl = this.RULE('tableDecl', (items: Item[] = []): void => {
    const { start, ...opening } = this.opening();
    this.CONSUME(K.table);
    const name = this.SUBRULE(this.name, { ARGS: ['the name of the table'] });
    let value: Expr | null = null;
    this.OPTION(() => {
      this.CONSUME(t.Equals);
      value = this.SUBRULE(this.expression);
    });
    const node = {
      kind: 'table' as const,
      ...opening,
      name,
      value: value as Expr | null,
      attributes: [] as Statement[],
      flows: [] as FlowDecl[],
      nested: [] as TableMaker[],
      body: this.here(),
      span: opening.keyword,
    };
    items.push(node);
    node.body = this.SUBRULE(this.tableBody, { ARGS: [node.attributes, node.flows] });
    node.span = this.from(start);
  });

  private readonly tableBody = this.RULE(
    'tableBody',
    (attributes: Statement[] = [], flows: FlowDecl[] = []): Span => {
      const assumed = this.assumedBrace(() => this.is(K.flow, 2) || this.LA(2).image === 'miss');
      if (!assumed && this.noBrace()) return this.here();
      const open = this.here();
      if (!assumed) this.CONSUME(t.LeftBrace);
      let again = true;
      while (again) {
        this.MANY({
          GATE: () => !this.opensDeclaration(false),
          DEF: () => {
            this.OR([
              { ALT: () => this.CONSUME(t.Separator) },
              {
                GATE: () =>
                  this.is(t.LeftBrace, 2) ||
                  this.is(t.LeftBrace, 3) ||
                  (this.is(t.Identifier, 2) && this.is(t.Separator, 3)),
                ALT: () => this.SUBRULE(this.flowDecl, { ARGS: [flows] }),
                IGNORE_AMBIGUITIES: true,
              },
              {
                ALT: () => {
                  this.SUBRULE(this.statement, { ARGS: [attributes] });
                  this.endOfStatement();
                },
                IGNORE_AMBIGUITIES: true,
              },
            ]);
          },
        });
        again = !this.opensDeclaration(false) && this.stray('`flow`, `miss` or `}`');
      }
      this.close(open);
      return this.from(open.start);
    },
  );

  /** True (and reported) where only the brace is missing: the next line goes on as a body would. */
  private assumedBrace(bodyFollows: () => boolean): boolean {
    if (this.RECORDING_PHASE || !this.is(t.Separator) || !bodyFollows()) return false;
    this.expected('`{`');
    return true;
  }

  /** True (and reported) where a block should start and does not. */
  private noBrace(): boolean {
    if (this.RECORDING_PHASE || this.is(t.LeftBrace)) return false;
    this.expected('`{`');
    this.skip();
    return true;
  }

  private readonly flowDecl = this.RULE('flowDecl', (flows: FlowDecl[] = []): void => {
    const { start, ...opening } = this.opening();
    this.CONSUME(K.flow);
    let name: Name | null = null;
    this.OPTION(() => {
      name = nameOf(this.CONSUME(t.Identifier));
    });
    const node: Mutable<FlowDecl> = {
      kind: 'flow',
      ...opening,
      name: name,
      attributes: [],
      matches: [],
      actions: [],
      body: this.here(),
      span: opening.keyword,
    };
    flows.push(node);
    node.body = this.SUBRULE(this.flowBody, { ARGS: [node] });
    node.span = this.from(start);
  });

  private readonly flowBody = this.RULE('flowBody', (node: Mutable<FlowDecl> = emptyFlow()): Span => {
    const assumed = this.assumedBrace(
      () => this.is(t.Identifier, 2) && (this.is(t.Equals, 3) || this.is(t.LeftBrace, 3)),
    );
    if (!assumed && this.noBrace()) return this.here();
    const open = this.here();
    if (!assumed) this.CONSUME(t.LeftBrace);
    let again = true;
    while (again) {
      this.MANY({
        GATE: () => !this.opensNextFlow(),
        DEF: () => {
          this.OR([
            { ALT: () => this.CONSUME(t.Separator) },
            {
              ALT: () => {
                const keyword = nameOf(this.CONSUME(K.match));
                node.matches.push(
                  this.noBrace() ? brokenBlock(keyword) : this.SUBRULE1(this.block, { ARGS: [keyword] }),
                );
              },
              IGNORE_AMBIGUITIES: true,
            },
            {
              ALT: () => {
                const keyword = nameOf(this.CONSUME(K.action));
                node.actions.push(
                  this.noBrace() ? brokenBlock(keyword) : this.SUBRULE2(this.block, { ARGS: [keyword] }),
                );
              },
              IGNORE_AMBIGUITIES: true,
            },
            {
              ALT: () => {
                this.SUBRULE(this.statement, { ARGS: [node.attributes] });
                this.endOfStatement();
              },
              IGNORE_AMBIGUITIES: true,
            },
          ]);
        },
      });
      again = !this.opensNextFlow() && this.stray('`match`, `action`, an attribute of the flow or `}`');
    }
    this.close(open);
    return this.from(open.start);
  });

  private opensNextFlow(): boolean {
    if (this.RECORDING_PHASE) return false;
    return this.opensDeclaration(false) || (this.is(K.flow) && this.opensDeclaration(true));
  }

  private readonly groupDecl = this.RULE('groupDecl', (items: Item[] = []): void => {
    const { start, ...opening } = this.opening();
    this.CONSUME(K.group);
    const name = this.SUBRULE(this.name, { ARGS: ['the name of the group'] });
    const rest = this.SUBRULE(this.idAndBody);
    items.push({ kind: 'group', ...opening, name, ...rest, span: this.from(start) });
  });

  private readonly meterDecl = this.RULE('meterDecl', (items: Item[] = []): void => {
    const { start, ...opening } = this.opening();
    this.CONSUME(K.meter);
    const name = this.SUBRULE(this.name, { ARGS: ['the name of the meter'] });
    const rest = this.SUBRULE(this.idAndBody);
    items.push({ kind: 'meter', ...opening, name, ...rest, span: this.from(start) });
  });

  /** `= 4096 { … }`, either of which may be missing. */
  private readonly idAndBody = this.RULE(
    'idAndBody',
    (): { readonly value: Expr | null; readonly body: Block | null } => {
      let value: Expr | null = null;
      let body: Block | null = null;
      this.OPTION1(() => {
        this.CONSUME(t.Equals);
        if (this.RECORDING_PHASE || !this.is(t.LeftBrace)) value = this.SUBRULE(this.expression);
        else {
          // `group g = { … }`: the id was forgotten, this is the body.
          this.expected('an id');
          value = { kind: 'missing', span: this.here() };
        }
      });
      this.OPTION2(() => {
        body = this.SUBRULE(this.block, { ARGS: [null] });
      });
      return { value, body };
    },
  );

  private readonly tunnelMetadataDecl = this.RULE('tunnelMetadataDecl', (items: Item[] = []): void => {
    const { start, ...opening } = this.opening();
    this.CONSUME(K.tunnel_metadata);
    const body = this.noBrace() ? null : this.SUBRULE(this.block, { ARGS: [null] });
    items.push({ kind: 'tunnel_metadata', ...opening, body, span: this.from(start) });
  });

  private readonly bridgeDecl = this.RULE('bridgeDecl', (items: Item[] = []): void => {
    const { start, ...opening } = this.opening();
    this.CONSUME(K.bridge);
    const name = this.SUBRULE(this.name, { ARGS: ['the name of the bridge'] });
    const node = {
      kind: 'bridge' as const,
      ...opening,
      name,
      attributes: [] as Statement[],
      ports: [] as PortDecl[],
      body: this.here(),
      span: opening.keyword,
    };
    items.push(node);
    node.body = this.SUBRULE(this.bridgeBody, { ARGS: [node.attributes, node.ports] });
    node.span = this.from(start);
  });

  private readonly bridgeBody = this.RULE(
    'bridgeBody',
    (attributes: Statement[] = [], ports: PortDecl[] = []): Span => {
      if (this.noBrace()) return this.here();
      const open = this.here();
      this.CONSUME(t.LeftBrace);
      let again = true;
      while (again) {
        this.MANY({
          GATE: () => !this.opensDeclaration(true),
          DEF: () => {
            this.OR([
              { ALT: () => this.CONSUME(t.Separator) },
              {
                GATE: () => this.is(t.Equals, 3),
                ALT: () => {
                  this.SUBRULE(this.portDecl, { ARGS: [ports] });
                  this.endOfStatement();
                },
                IGNORE_AMBIGUITIES: true,
              },
              {
                ALT: () => {
                  this.SUBRULE(this.statement, { ARGS: [attributes] });
                  this.endOfStatement();
                },
                IGNORE_AMBIGUITIES: true,
              },
            ]);
          },
        });
        again = !this.opensDeclaration(true) && this.stray('a property of the bridge, `port` or `}`');
      }
      this.close(open);
      return this.from(open.start);
    },
  );

  private readonly testDecl = this.RULE('testDecl', (items: Item[] = []): void => {
    const { start, ...opening } = this.opening();
    this.CONSUME(K.test);
    let name = null as StringExpr | null;
    this.OPTION(() => {
      name = stringOf(this.CONSUME(t.StringLiteral));
    });
    if (!this.RECORDING_PHASE && name === null) this.expected('the name of the test, in quotes');
    const body = this.noBrace() ? null : this.SUBRULE(this.block, { ARGS: [null] });
    items.push({ kind: 'test', ...opening, name, body, span: this.from(start) });
  });

  /** What a later version of the language reads; skipped whole, reported once. */
  private readonly laterDecl = this.RULE('laterDecl', (): void => {
    const token = this.CONSUME(t.Later);
    if (this.RECORDING_PHASE) return;
    this.report(nameOf(token).span, { problem: 'later', construct: token.image });
    this.skip();
  });

  // --- bodies ---

  /** `{ … }`; `keyword` is what stood before it and tells a match or action block from the rest. */
  private readonly block = this.RULE('block', (keyword: Name | null = null): Block => {
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
    const inner = keyword !== null;
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
  });

  /** A match term, an attribute or an action. */
  private readonly statement = this.RULE('statement', (into: Statement[] = []): void => {
    const start = this.startOfNext();
    if (this.laterStatement()) return;
    const target = this.SUBRULE(this.target);
    if (this.colonForEquals()) this.expectedButReads('`=`', t.Equals);
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
      },
      { ALT: () => this.SUBRULE(this.command, { ARGS: [target, into] }) },
    ]);
  });

  /** `for`, `if` and `use` inside a block; true where one was skipped. */
  private laterStatement(): boolean {
    if (this.RECORDING_PHASE || !this.is(t.Later)) return false;
    const word = this.LA(1).image;
    if (word !== 'for' && word !== 'if' && word !== 'use') return false;
    if (!this.is(t.Identifier, 2)) return false;
    this.report(this.here(), { problem: 'later', construct: word });
    this.skip();
    return true;
  }

  private readonly target = this.RULE('target', (): NameExpr | StringExpr => {
    return this.OR<NameExpr | StringExpr>([
      { ALT: () => stringOf(this.CONSUME(t.StringLiteral)) },
      { ALT: () => this.SUBRULE(this.path) },
    ]);
  });

  private readonly operator = this.RULE('operator', (): { operator: RelationOperator; span: Span } => {
    const start = this.startOfNext();
    const operator = this.OR<RelationOperator>([
      {
        // `==` is what other languages write; it is read as `=` once it has been reported.
        GATE: () => this.LA(1).image === '==',
        ALT: () => {
          if (!this.RECORDING_PHASE) this.expected('`=`');
          this.CONSUME(t.Operator);
          return '=';
        },
      },
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
    const value = this.SUBRULE1(this.expression);
    let operand: Expr | null = null;
    this.OPTION({
      GATE: () => miss && value.kind === 'name' && this.startsExpression(),
      DEF: () => {
        operand = this.SUBRULE2(this.expression);
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

  private startsExpression(): boolean {
    if (this.RECORDING_PHASE) return true;
    const type = this.LA(1).tokenType;
    return (
      this.is(t.Identifier) ||
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
          !this.is(t.LeftBrace) && !this.startsNextTerm() && (args === null || !this.is(t.Identifier)),
        DEF: () => {
          operand = this.SUBRULE(this.expression);
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

  private readonly args = this.RULE('args', (): Argument[] => {
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
    if (second === undefined && only?.value.kind === 'missing' && only.span.start === only.span.end)
      args.pop();
    this.closeParen(open);
    return args;
  });

  private closeParen(open: Span): void {
    if (!this.RECORDING_PHASE && !this.is(t.RightParen)) {
      if (this.is(t.RightBrace) || this.LA(1).tokenType === EOF) {
        this.report(open, { problem: 'unclosed block', at: this.here() });
        return;
      }
      this.expected('`,` or `)`');
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

  // --- expressions ---

  readonly expression = this.RULE('expression', (): Expr => {
    const start = this.startOfNext();
    if (!this.enter()) return { kind: 'missing', span: { start, end: start } };
    let value = this.SUBRULE(this.masked);
    this.OPTION(() => {
      this.OR([{ ALT: () => this.CONSUME(t.RangeDash) }, { ALT: () => this.CONSUME(t.DotDot) }]);
      const to = this.SUBRULE2(this.masked);
      value = { kind: 'range', from: value, to, span: this.from(start) };
    });
    this.depth--;
    return value;
  });

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

  private readonly primary = this.RULE('primary', (): Expr => {
    if (
      !this.RECORDING_PHASE &&
      !this.startsExpression() &&
      !this.is(t.LeftBrace) &&
      !this.is(t.LeftBracket)
    ) {
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
      { ALT: () => stringOf(this.CONSUME(t.StringLiteral)) },
      { ALT: () => flagsOf(this.CONSUME(t.Flags)) },
      { ALT: () => ({ kind: 'missing', span: nameOf(this.CONSUME(t.Invalid)).span }) },
      { ALT: () => this.SUBRULE(this.nameOrCall) },
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.SUBRULE(this.setOrRecord) },
    ]);
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
    return { kind: 'call', name, args: found, span: this.from(path.span.start) };
  });

  private readonly path = this.RULE('path', (): NameExpr => {
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
    this.MANY_SEP({ SEP: t.Comma, DEF: () => elements.push(this.SUBRULE(this.expression)) });
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

  /** A single flow, as `flowDecl`. */
  readonly oneFlow = this.RULE('oneFlow', (): FlowDecl | null => {
    const flows: FlowDecl[] = [];
    this.SUBRULE(this.flowDecl, { ARGS: [flows] });
    return flows[0] ?? null;
  });
}

let instance: WbfParser | undefined;

/** The one parser; made when first needed, because its analysis of itself takes some milliseconds. */
export function parserInstance(): WbfParser {
  instance ??= new WbfParser();
  return instance;
}

export interface ParseResult {
  readonly tree: FileNode;
  /** Lexical and syntactic errors, in the order of the text. */
  readonly errors: readonly GrammarError[];
}

/** Parses a whole file. Never throws: the tree of a broken text is what could be read. */
export function parse(text: string): ParseResult {
  return parseTokens(text, t.tokenize(text));
}

/** Parses tokens that were made from `text` (all of them, or those that a caller left in). */
export function parseTokens(text: string, vector: TokenVector): ParseResult {
  const parser = parserInstance();
  parser.begin(text, vector.tokens);
  parser.file();
  const tree: FileNode = {
    kind: 'file',
    items: parser.items,
    plain: true,
    span: { start: 0, end: text.length },
  };
  return { tree, errors: collect(vector, parser) };
}

/** Parses the flow that is `text[start..end)`. */
export function parseFlow(
  text: string,
  start: number,
  end: number,
): { flow: FlowDecl | null; errors: readonly GrammarError[] } {
  const parser = parserInstance();
  const vector = t.tokenize(text, start, end);
  parser.begin(text, vector.tokens);
  const flow = (parser.oneFlow() as FlowDecl | null | undefined) ?? null;
  return { flow, errors: collect(vector, parser) };
}

/** True if a slash that has been complained about stands just before. */
function follows(slashes: ReadonlySet<number>, start: number): boolean {
  return slashes.has(start) || slashes.has(start - 1);
}

function collect(vector: TokenVector, parser: WbfParser): readonly GrammarError[] {
  const errors: GrammarError[] = vector.errors.map(({ problem, start, end }) => ({
    problem,
    span: { start, end },
  }));
  const slashes = new Set(vector.errors.filter((e) => e.problem === 'space around slash').map((e) => e.end));
  errors.push(
    ...parser.problems.filter(({ problem, span }) => problem !== 'expected' || !follows(slashes, span.start)),
  );
  // What the rules did not foresee; chevrotain's own words are not for users, its place is.
  for (const error of parser.errors) {
    const { startOffset, endOffset, image } = error.token;
    const last = vector.tokens.at(-1);
    const at = Number.isNaN(startOffset) ? (last?.endOffset ?? -1) + 1 : startOffset;
    const end = Number.isNaN(startOffset) ? at : (endOffset ?? at) + 1;
    errors.push({ problem: 'expected', expected: 'something else', found: image, span: { start: at, end } });
  }
  return errors.sort((a, b) => a.span.start - b.span.start);
}
