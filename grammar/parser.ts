/**
 * The grammar of `.wbf`: tokens to the tree of `ast.ts`. The rules of this class and those that it is made of are the
 * only grammar there is; the EBNF in `generated/` is printed from them. Each of the classes adds rules to the one
 * before: `recovery.ts` (how it goes on after a mistake), `values.ts`, `expressions.ts`, `control.ts`, `statements.ts`,
 * `declarations.ts`, `flows.ts`, `items.ts`.
 */
import type { IParserConfig } from 'chevrotain';
import type { Expr, FileNode, FlowDecl } from './ast.ts';
import type { GrammarError } from './errors.ts';
import { ItemParser } from './items.ts';
import { OneTokenLookahead } from './lookahead.ts';
import * as t from './tokens.ts';
import type { TokenVector } from './tokens.ts';

/** Its configuration can be varied by tests. */
export class WbfParser extends ItemParser {
  constructor(config: IParserConfig = {}) {
    super(t.ALL_TOKENS, {
      recoveryEnabled: false,
      maxLookahead: 1,
      lookaheadStrategy: new OneTokenLookahead(),
      skipValidations: true,
      nodeLocationTracking: 'none',
      ...config,
    });
    this.performSelfAnalysis();
  }
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
  if (parser.unended) {
    parser.begin(text, vector.tokens, true);
    parser.file();
  }
  const tree: FileNode = {
    kind: 'file',
    items: parser.items,
    plain: parser.plain,
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

/** Parses the value that is all of `text[start..end)`: a cell of a data file. */
export function parseExpression(
  text: string,
  start = 0,
  end = text.length,
): { expr: Expr; errors: readonly GrammarError[] } {
  const parser = parserInstance();
  const vector = t.tokenize(text, start, end);
  parser.begin(text, vector.tokens);
  const expr = (parser.cell() as Expr | null | undefined) ?? { kind: 'missing', span: { start, end } };
  return { expr, errors: collect(vector, parser) };
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
