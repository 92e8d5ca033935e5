/** The rules for flows. */
import type { FlowDecl, Name, Span } from './ast.ts';
import { DeclarationParser } from './declarations.ts';
import { nameOf } from './literals.ts';
import { brokenBlock, NOWHERE, type Mutable } from './statements.ts';
import * as t from './tokens.ts';
import { K } from './tokens.ts';

/** What cannot stand beside the attributes of a flow. */
const MAKERS = [K.use, K.for, K.if, K.else];
const IN_A_FLOW = 'around flows and inside `match` and `action`';

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

export abstract class FlowParser extends DeclarationParser {
  protected readonly flowDecl = this.RULE('flowDecl', (flows: FlowDecl[] = []): void => {
    const { start, ...opening } = this.opening();
    this.CONSUME(K.flow);
    let name: Name | null = null;
    this.OPTION(() => {
      name = this.SUBRULE(this.declaredName);
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
                  this.noBrace()
                    ? brokenBlock(keyword, keyword.span)
                    : this.SUBRULE1(this.block, { ARGS: [keyword] }),
                );
              },
              IGNORE_AMBIGUITIES: true,
            },
            {
              ALT: () => {
                const keyword = nameOf(this.CONSUME(K.action));
                node.actions.push(
                  this.noBrace()
                    ? brokenBlock(keyword, keyword.span)
                    : this.SUBRULE2(this.block, { ARGS: [keyword] }),
                );
              },
              IGNORE_AMBIGUITIES: true,
            },
            {
              ALT: () => {
                if (this.misplaced(IN_A_FLOW, MAKERS)) return;
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

  /** True (and reported) where only the brace is missing: the next line goes on as a body would. */
  protected assumedBrace(bodyFollows: () => boolean): boolean {
    if (this.RECORDING_PHASE || !this.is(t.Separator) || !bodyFollows()) return false;
    this.expected('`{`');
    return true;
  }

  /** A single flow, as `flowDecl`. */
  readonly oneFlow = this.RULE('oneFlow', (): FlowDecl | null => {
    const flows: FlowDecl[] = [];
    this.SUBRULE(this.flowDecl, { ARGS: [flows] });
    return flows[0] ?? null;
  });
}
