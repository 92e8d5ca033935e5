/** The rules for what stands in a file, and for what makes declarations at compile time. */
import { EOF, type ParserMethod } from 'chevrotain';
import type {
  Argument,
  Expr,
  FlowDecl,
  Item,
  Name,
  NameExpr,
  Parameter,
  PortDecl,
  Span,
  Statement,
  TableMaker,
} from './ast.ts';
import { isEmpty } from './values.ts';
import { FlowParser } from './flows.ts';
import * as t from './tokens.ts';
import { DECLARATION_KEYWORDS, K } from './tokens.ts';

const DECLARATION = `a declaration (${DECLARATION_KEYWORDS.slice(0, -1)
  .map((word) => `\`${word}\``)
  .join(', ')} or \`${DECLARATION_KEYWORDS.at(-1) ?? ''}\`)`;

/** Nothing stands behind the last comma. */
function withoutLast(args: Argument[]): void {
  const last = args.at(-1);
  if (last !== undefined && isEmpty(last)) args.pop();
}

export abstract class ItemParser extends FlowParser {
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
    return this.misplaced('') || this.stray(DECLARATION);
  }

  private readonly item: ParserMethod<[items?: Item[]], void> = this.RULE(
    'item',
    (items: Item[] = []): void => {
      this.OR([
        { ALT: () => this.SUBRULE(this.programDecl, { ARGS: [items] }) },
        { ALT: () => this.SUBRULE(this.importDecl, { ARGS: [items] }) },
        { ALT: () => this.SUBRULE(this.constDecl, { ARGS: [items] }) },
        { ALT: () => this.SUBRULE(this.portDecl, { ARGS: [items as PortDecl[]] }) },
        { ALT: () => this.SUBRULE(this.registerDecl, { ARGS: [items] }) },
        { ALT: () => this.SUBRULE(this.tableDecl, { ARGS: [items] }) },
        { ALT: () => this.SUBRULE(this.extendDecl, { ARGS: [items] }) },
        { ALT: () => this.SUBRULE(this.flowDecl, { ARGS: [items as FlowDecl[]] }) },
        { ALT: () => this.SUBRULE(this.groupDecl, { ARGS: [items] }) },
        { ALT: () => this.SUBRULE(this.meterDecl, { ARGS: [items] }) },
        { ALT: () => this.SUBRULE(this.tunnelMetadataDecl, { ARGS: [items] }) },
        { ALT: () => this.SUBRULE(this.bridgeDecl, { ARGS: [items] }) },
        { ALT: () => this.SUBRULE(this.testDecl, { ARGS: [items] }) },
        { ALT: () => this.SUBRULE(this.templateDecl, { ARGS: [items] }) },
        { ALT: () => this.SUBRULE(this.maker, { ARGS: [items as TableMaker[]] }) },
      ]);
    },
  );

  /** `{ … }` around declarations. `keyword` is where that begins which it belongs to. */
  private readonly itemBody: ParserMethod<[items?: Item[], inTable?: boolean, keyword?: number], Span> =
    this.RULE('itemBody', (items: Item[] = [], inTable: boolean = false, keyword: number = 0): Span => {
      if (this.noBrace() || !this.enter()) return this.here();
      const open = this.here();
      const ended = (): boolean =>
        !this.RECORDING_PHASE && (this.dedented(keyword) || (inTable && this.opensDeclaration(false)));
      this.CONSUME(t.LeftBrace);
      let again = true;
      while (again) {
        this.MANY({
          GATE: () => !ended(),
          DEF: () => {
            this.OR([
              { ALT: () => this.CONSUME(t.Separator) },
              {
                ALT: () => {
                  this.SUBRULE(this.item, { ARGS: [items] });
                  this.endOfStatement();
                },
              },
            ]);
          },
        });
        again =
          !ended() &&
          (this.misplaced('') ||
            this.stray(inTable ? '`flow`, `use`, `for`, `if` or `}`' : `${DECLARATION} or \`}\``));
      }
      this.depth--;
      if (!this.RECORDING_PHASE && this.LA(1).tokenType === EOF) this.unended = true;
      this.close(open);
      return this.from(open.start);
    });

  // --- tables ---

  private readonly tableDecl = this.RULE('tableDecl', (items: Item[] = []): void => {
    const { start, ...opening } = this.opening();
    this.CONSUME(K.table);
    const name = this.SUBRULE(this.declaredName, { ARGS: ['the name of the table'] });
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
    node.body = this.SUBRULE(this.tableBody, { ARGS: [node.attributes, node.flows, node.nested] });
    node.span = this.from(start);
  });

  private readonly extendDecl = this.RULE('extendDecl', (items: Item[] = []): void => {
    const { start, ...opening } = this.opening();
    this.plain = false;
    this.CONSUME(K.extend);
    if (!this.RECORDING_PHASE && !this.is(K.table)) this.expected('`table`');
    else this.CONSUME(K.table);
    const table = this.SUBRULE(this.qualified, { ARGS: ['the name of the table'] });
    const node = {
      kind: 'extend' as const,
      ...opening,
      table,
      attributes: [] as Statement[],
      flows: [] as FlowDecl[],
      nested: [] as TableMaker[],
      body: this.here(),
      span: opening.keyword,
    };
    items.push(node);
    node.body = this.SUBRULE(this.tableBody, { ARGS: [node.attributes, node.flows, node.nested] });
    node.span = this.from(start);
  });

  private readonly tableBody = this.RULE(
    'tableBody',
    (attributes: Statement[] = [], flows: FlowDecl[] = [], nested: TableMaker[] = []): Span => {
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
                GATE: () => this.opensFor() || this.opensIf() || this.opensUse(),
                ALT: () => {
                  this.SUBRULE(this.maker, { ARGS: [nested, true] });
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
        again = !this.opensDeclaration(false) && this.stray('`flow`, `miss`, `use`, `for`, `if` or `}`');
      }
      this.close(open);
      return this.from(open.start);
    },
  );

  private opensUse(): boolean {
    return this.RECORDING_PHASE || (this.is(K.use) && !this.staysName());
  }

  // --- compile time ---

  private readonly importDecl = this.RULE('importDecl', (items: Item[] = []): void => {
    const { start, ...opening } = this.opening();
    this.plain = false;
    this.CONSUME(K.import);
    const path = this.SUBRULE(this.filePath);
    let alias: Name | null = null;
    this.OPTION(() => {
      this.CONSUME(K.as);
      alias = this.SUBRULE(this.name, { ARGS: ['a name for the file'] });
    });
    items.push({ kind: 'import', ...opening, path, alias, span: this.from(start) });
  });

  private readonly templateDecl = this.RULE('templateDecl', (items: Item[] = []): void => {
    const { start, ...opening } = this.opening();
    this.plain = false;
    this.CONSUME(K.template);
    const name = this.SUBRULE(this.name, { ARGS: ['the name of the template'] });
    const parameters: Parameter[] = [];
    const open = this.here();
    let parametersSpan: Span = { start: open.start, end: open.start };
    if (!this.RECORDING_PHASE && !this.is(t.LeftParen)) {
      this.expected('`(`');
      this.skipToBrace();
    } else parametersSpan = this.SUBRULE(this.parameters, { ARGS: [parameters] });
    const node = {
      kind: 'template' as const,
      ...opening,
      name,
      parameters,
      parametersSpan,
      items: [] as Item[],
      body: this.here(),
      span: opening.keyword,
    };
    items.push(node);
    node.body = this.SUBRULE(this.itemBody, { ARGS: [node.items, false, start] });
    node.span = this.from(start);
  });

  private readonly parameters = this.RULE('parameters', (parameters: Parameter[] = []): Span => {
    const open = this.here();
    this.CONSUME(t.LeftParen);
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => {
        // Behind the last comma.
        if (!this.RECORDING_PHASE && this.is(t.RightParen)) return;
        this.SUBRULE(this.parameter, { ARGS: [parameters] });
      },
    });
    this.closeParen(open);
    return this.from(open.start);
  });

  private readonly parameter = this.RULE('parameter', (into: Parameter[] = []): void => {
    const start = this.startOfNext();
    const name = this.SUBRULE1(this.name, { ARGS: ['the name of a parameter'] });
    let type = null as Name | null;
    let value: Expr | null = null;
    if (!this.RECORDING_PHASE && !this.is(t.Colon)) {
      if (name.text !== '') this.expected(`\`:\` and the type of \`${name.text}\``);
    } else {
      this.CONSUME(t.Colon);
      type = this.SUBRULE2(this.name, { ARGS: ['a type (`ipv4`, `mac`, `int` …)'] });
      if (!this.RECORDING_PHASE && type.text === '') type = null;
    }
    this.OPTION(() => {
      this.CONSUME(t.Equals);
      value = this.SUBRULE(this.expression);
    });
    into.push({ name, type, default: value, span: this.from(start) });
  });

  /** What makes declarations where it stands; `inTable`: flows only. */
  private readonly maker: ParserMethod<[into?: TableMaker[], inTable?: boolean], void> = this.RULE(
    'maker',
    (into: TableMaker[] = [], inTable: boolean = false): void => {
      this.OR([
        { ALT: () => this.SUBRULE(this.useItem, { ARGS: [into] }) },
        { ALT: () => this.SUBRULE(this.forItem, { ARGS: [into, inTable] }) },
        { ALT: () => this.SUBRULE(this.ifItem, { ARGS: [into, inTable] }) },
      ]);
    },
  );

  private readonly useItem = this.RULE('useItem', (into: TableMaker[] = []): void => {
    const { start, ...opening } = this.opening();
    this.plain = false;
    this.CONSUME(K.use);
    const template = this.SUBRULE(this.qualified, { ARGS: ['the name of a template'] });
    let args = null as Argument[] | null;
    let argsSpan: Span | null = null;
    this.OPTION(() => {
      const open = this.startOfNext();
      args = this.SUBRULE(this.args);
      argsSpan = this.from(open);
    });
    if (!this.RECORDING_PHASE && args !== null) withoutLast(args);
    into.push({ kind: 'use', ...opening, template, args, argsSpan, span: this.from(start) });
  });

  /** `acl`, `p.acl` */
  private readonly qualified = this.RULE('qualified', (what: string = ''): NameExpr => {
    const { start } = this.here();
    const path = [this.SUBRULE1(this.name, { ARGS: [what] })];
    this.MANY(() => {
      this.CONSUME(t.Dot);
      path.push(this.SUBRULE2(this.name, { ARGS: ['a name'] }));
    });
    const empty = !this.RECORDING_PHASE && path[0]?.text === '';
    return { kind: 'name', path, subfield: null, span: empty ? { start, end: start } : this.from(start) };
  });

  private readonly forItem = this.RULE(
    'forItem',
    (into: TableMaker[] = [], inTable: boolean = false): void => {
      const { start, ...opening } = this.opening();
      const head = this.SUBRULE(this.forHead);
      const items: Item[] = [];
      const body = this.SUBRULE(this.itemBody, { ARGS: [items, inTable, start] });
      into.push({ kind: 'for', ...opening, ...head, items, body, span: this.from(start) });
    },
  );

  private readonly ifItem: ParserMethod<[into?: TableMaker[], inTable?: boolean], void> = this.RULE(
    'ifItem',
    (into: TableMaker[] = [], inTable: boolean = false): void => {
      const { start, ...opening } = this.opening();
      const condition = this.SUBRULE(this.ifHead);
      const then: Item[] = [];
      const otherwise: Item[] = [];
      const body = this.SUBRULE1(this.itemBody, { ARGS: [then, inTable, start] });
      this.OPTION({
        GATE: () => this.elseFollows(),
        DEF: () => {
          this.OPTION1(() => this.CONSUME(t.Separator));
          this.CONSUME(K.else);
          if (!this.enter()) return;
          if (!this.RECORDING_PHASE && !this.is(K.if)) {
            this.SUBRULE2(this.itemBody, { ARGS: [otherwise, inTable, start] });
          } else {
            this.OR([
              { ALT: () => this.SUBRULE(this.ifItem, { ARGS: [otherwise as TableMaker[], inTable] }) },
              { ALT: () => this.SUBRULE3(this.itemBody) },
            ]);
          }
          this.depth--;
        },
      });
      into.push({ kind: 'if', ...opening, condition, then, else: otherwise, body, span: this.from(start) });
    },
  );
}
