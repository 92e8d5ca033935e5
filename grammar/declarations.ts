/** The rules for declarations other than tables and flows. */
import type { Block, Expr, Item, PortDecl, Span, Statement, StringExpr } from './ast.ts';
import { nameOf } from './literals.ts';
import { StatementParser } from './statements.ts';
import * as t from './tokens.ts';
import { K } from './tokens.ts';

/** What cannot stand beside the properties of a bridge. */
const MAKERS = [K.use, K.for, K.if, K.else];
const BESIDE_BRIDGE = 'in blocks, in tables and around declarations';

export abstract class DeclarationParser extends StatementParser {
  protected readonly programDecl = this.RULE('programDecl', (items: Item[] = []): void => {
    const { start, ...opening } = this.opening();
    this.CONSUME(K.program);
    const name = this.SUBRULE(this.name, { ARGS: ['the name of the program'] });
    let body: Block | null = null;
    this.OPTION(() => {
      body = this.SUBRULE(this.block, { ARGS: [null] });
    });
    items.push({ kind: 'program', ...opening, name, body, span: this.from(start) });
  });

  protected readonly constDecl = this.RULE('constDecl', (items: Item[] = []): void => {
    const { start, ...opening } = this.opening();
    this.CONSUME(K.const);
    const name = this.SUBRULE(this.declaredName, { ARGS: ['the name of the constant'] });
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

  protected readonly portDecl = this.RULE('portDecl', (ports: PortDecl[] = []): void => {
    const { start, ...opening } = this.opening();
    this.CONSUME(K.port);
    const name = this.SUBRULE(this.declaredName, { ARGS: ['the name of the port'] });
    const value = this.SUBRULE(this.initializer);
    let body: Block | null = null;
    this.OPTION(() => {
      body = this.SUBRULE(this.block, { ARGS: [null] });
    });
    ports.push({ kind: 'port', ...opening, name, value, body, span: this.from(start) });
  });

  protected readonly registerDecl = this.RULE('registerDecl', (items: Item[] = []): void => {
    const { start, ...opening } = this.opening();
    this.CONSUME(K.register);
    const name = this.SUBRULE(this.declaredName, { ARGS: ['the name of the register'] });
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

  protected readonly groupDecl = this.RULE('groupDecl', (items: Item[] = []): void => {
    const { start, ...opening } = this.opening();
    this.CONSUME(K.group);
    const name = this.SUBRULE(this.declaredName, { ARGS: ['the name of the group'] });
    const rest = this.SUBRULE(this.idAndBody);
    items.push({ kind: 'group', ...opening, name, ...rest, span: this.from(start) });
  });

  protected readonly meterDecl = this.RULE('meterDecl', (items: Item[] = []): void => {
    const { start, ...opening } = this.opening();
    this.CONSUME(K.meter);
    const name = this.SUBRULE(this.declaredName, { ARGS: ['the name of the meter'] });
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

  protected readonly tunnelMetadataDecl = this.RULE('tunnelMetadataDecl', (items: Item[] = []): void => {
    const { start, ...opening } = this.opening();
    this.CONSUME(K.tunnel_metadata);
    const body = this.noBrace() ? null : this.SUBRULE(this.block, { ARGS: [null] });
    items.push({ kind: 'tunnel_metadata', ...opening, body, span: this.from(start) });
  });

  protected readonly bridgeDecl = this.RULE('bridgeDecl', (items: Item[] = []): void => {
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
                  if (this.misplaced(BESIDE_BRIDGE, MAKERS)) return;
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

  protected readonly testDecl = this.RULE('testDecl', (items: Item[] = []): void => {
    const { start, ...opening } = this.opening();
    this.CONSUME(K.test);
    let name = null as StringExpr | null;
    this.OPTION(() => {
      name = this.string(this.CONSUME(t.StringLiteral));
    });
    if (!this.RECORDING_PHASE && name === null) this.expected('the name of the test, in quotes');
    const body = this.noBrace() ? null : this.SUBRULE(this.block, { ARGS: [null] });
    items.push({ kind: 'test', ...opening, name, body, span: this.from(start) });
  });
}
