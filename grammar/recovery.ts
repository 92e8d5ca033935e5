/**
 * Where the parser is, what it has found wrong, and how it goes on after a mistake.
 *
 * Recovery is our own rather than chevrotain's: what is missing is reported and left out of the tree, what is
 * in the way is skipped up to the next separator or brace of the same level, and parsing goes on. So a file
 * with five mistakes gets five errors, and half-typed text still has a tree.
 */
import { EmbeddedActionsParser, EOF, type IToken, type TokenType } from 'chevrotain';
import type { Item, Span } from './ast.ts';
import type { GrammarError, SyntaxProblem } from './errors.ts';
import * as t from './tokens.ts';
import { K, type WbfToken } from './tokens.ts';

/** Blocks, sets and calls nested deeper than this are an error rather than a stack overflow. */
const MAX_DEPTH = 64;

/** What chevrotain's parsers have and their type does not say. */
interface Recorder {
  RECORDING_PHASE: boolean;
  enableRecording(): void;
}

export abstract class RecoveringParser extends EmbeddedActionsParser {
  /**
   * While chevrotain records the grammar it puts some ninety methods on the parser and deletes them afterwards,
   * which leaves an object that V8 treats as a dictionary: slow to take apart, and slow ever after. Here they go on
   * an object of their own between the parser and its class, and are gone when that is taken out again.
   */
  protected enableRecording(): void {
    const own = Object.getPrototypeOf(this) as object;
    const methods = Object.create(own) as Recorder;
    (EmbeddedActionsParser.prototype as unknown as Recorder).enableRecording.call(methods);
    Object.setPrototypeOf(this, methods);
    this.RECORDING_PHASE = true;
  }

  /** See `enableRecording`. */
  protected disableRecording(): void {
    Object.setPrototypeOf(this, Object.getPrototypeOf(Object.getPrototypeOf(this) as object) as object);
    this.RECORDING_PHASE = false;
  }

  /** What was found wrong in the input of the last parse. */
  problems: GrammarError[] = [];
  /** What `file` has read; kept here so that nothing is lost should a rule ever throw. */
  items: Item[] = [];
  protected depth = 0;
  /** Within a `match` or `action` block, in which neither word can open another. */
  protected keyed = false;
  /** Within an `action` block, in which a colon belongs to ovs-ofctl's form of an action. */
  protected acting = false;
  /** See `FileNode.plain`. */
  plain = true;
  /** Operators above what is being read in the tree of its expression. */
  protected operators = 0;
  /**
   * A body of declarations (`template`, `for`, `if`) reached the end of the file. As any declaration may stand in it,
   * nothing but its indentation tells where it should have ended: then the file is read again, with an eye on that.
   */
  unended = false;
  protected byIndent = false;
  /** Tokens that were taken for others, with what they were. */
  private readonly changed: { token: IToken; type: TokenType }[] = [];

  protected docOf(token: WbfToken): string | null {
    const docs = token.docs;
    if (this.RECORDING_PHASE || docs === null) return null;
    const lines: string[] = [];
    for (let i = 0; i + 1 < docs.length; i += 2) {
      lines.push(this.text.slice((docs[i] ?? 0) + 3, docs[i + 1]).replace(/^ /, ''));
    }
    return lines.join('\n');
  }

  /** Source of the input, for documentation comments. */
  text = '';

  protected opening(): { keyword: Span; doc: string | null; start: number } {
    const token = this.la(1);
    const keyword = this.here();
    return { keyword, doc: this.docOf(token), start: keyword.start };
  }

  // --- positions and problems ---

  protected la(n: number): WbfToken {
    return this.LA(n) as WbfToken;
  }

  protected is(type: TokenType, n = 1): boolean {
    const token = this.LA(n).tokenType;
    return token === type || (token.CATEGORIES?.includes(type) ?? false);
  }

  /** Span of the next token; at the end of input, the end of the last one. */
  protected here(): Span {
    const next = this.LA(1);
    if (next.tokenType === EOF) {
      const end = this.endOfLast();
      return { start: end, end };
    }
    return { start: next.startOffset, end: (next.endOffset ?? next.startOffset) + 1 };
  }

  protected startOfNext(): number {
    return this.here().start;
  }

  protected endOfLast(): number {
    const last = this.LA(0) as IToken | undefined;
    return last === undefined || Number.isNaN(last.startOffset)
      ? 0
      : (last.endOffset ?? last.startOffset) + 1;
  }

  protected from(start: number): Span {
    return { start, end: Math.max(start, this.endOfLast()) };
  }

  protected report(span: Span, problem: SyntaxProblem): void {
    // What is missing after something that is missing, or around a block that is not closed, is the same mistake.
    const last = this.problems[this.problems.length - 1];
    if (last?.problem === 'expected' && problem.problem === 'expected' && last.span.start === span.start)
      return;
    if (
      last?.problem === 'unclosed block' &&
      problem.problem === 'unclosed block' &&
      last.at.start === problem.at.start
    ) {
      return;
    }
    this.problems.push({ span, ...problem });
  }

  protected found(): string {
    const next = this.LA(1);
    if (next.tokenType === EOF) return '';
    return next.tokenType === t.Separator ? 'end of line' : next.image;
  }

  /** Says that something else should stand here, unless the scanner has already said what is wrong with it. */
  protected expected(what: string): void {
    if (this.is(t.Invalid)) return;
    this.report(this.here(), { problem: 'expected', expected: what, found: this.found() });
  }

  /** Says that `what` should stand here, and takes the next token for it. */
  protected expectedButReads(what: string, type: TokenType): void {
    this.expected(what);
    this.readAs(type);
  }

  /** Takes the next token for another. */
  protected readAs(type: TokenType): void {
    const token: IToken = this.LA(1);
    this.changed.push({ token, type: token.tokenType });
    token.tokenType = type;
    token.tokenTypeIdx = type.tokenTypeIdx ?? 0;
  }

  /** `priority: 3`, but not `output:3`. */
  protected colonForEquals(): boolean {
    if (this.RECORDING_PHASE || this.acting || !this.is(t.Colon)) return false;
    const colon = this.la(1);
    const next = this.la(2);
    return (
      !Number.isNaN(next.startOffset) && next.startOffset > colon.endOffset + 1 && !this.is(t.Separator, 2)
    );
  }

  // --- recovery ---

  /** Skips to the next separator or closing brace of this level, over whole blocks. */
  protected skip(): void {
    let level = 0;
    for (;;) {
      const type = this.LA(1).tokenType;
      if (type === EOF) return;
      if (level === 0 && (type === t.Separator || type === t.RightBrace)) return;
      if (type === t.LeftBrace) level++;
      else if (type === t.RightBrace) {
        level--;
        if (level === 0) {
          this.SKIP_TOKEN();
          return;
        }
      }
      this.SKIP_TOKEN();
    }
  }

  /** After a term or statement: there must be a separator unless it ended with a block. */
  protected endOfStatement(): void {
    if (this.RECORDING_PHASE) return;
    const type = this.LA(1).tokenType;
    if (type === t.Separator || type === t.RightBrace || type === EOF) return;
    if (this.LA(0).tokenType === t.RightBrace) return;
    if (this.opensKeyed()) return;
    if (type === t.Comma) {
      this.expected('the end of the line or `;`');
      this.SKIP_TOKEN();
      return;
    }
    // A block that was never closed has been reported, and ended here.
    const last = this.problems[this.problems.length - 1];
    if (last?.problem === 'unclosed block' && last.at.start === this.here().start) return;
    if (this.is(t.Identifier) || this.is(t.StringLiteral)) {
      this.report(this.here(), { problem: 'missing separator', found: this.found() });
      return;
    }
    this.expected('the end of the line or `;`');
    this.skip();
  }

  /**
   * In a body, at a token with which nothing begins: reports it and skips. False where the body ends.
   */
  protected stray(what: string): boolean {
    if (this.RECORDING_PHASE) return false;
    const type = this.LA(1).tokenType;
    if (type === EOF || type === t.RightBrace) return false;
    if (type === t.Invalid) this.SKIP_TOKEN();
    else {
      this.expected(what);
      this.SKIP_TOKEN();
    }
    this.skip();
    return true;
  }

  /** `match {` or `action {` inside such a block: the block before it was never closed. */
  private opensKeyed(): boolean {
    if (!this.keyed || this.RECORDING_PHASE) return false;
    const token = this.LA(1).tokenType;
    return (token === K.match || token === K.action) && this.is(t.LeftBrace, 2);
  }

  /** Runs a rule of the repetition; true where a new declaration shows that this block was never closed. */
  protected opensDeclaration(inner: boolean): boolean {
    const token = this.LA(1).tokenType;
    if (inner && this.opensKeyed()) return true;
    if (this.LA(0).tokenType !== t.Separator && this.LA(0).tokenType !== t.LeftBrace) return false;
    if (token === K.template) return this.is(t.Identifier, 2) && this.is(t.LeftParen, 3);
    if (token === K.import) return this.is(t.StringLiteral, 2);
    if (token === K.extend) return this.is(K.table, 2);
    if (
      token === K.table ||
      token === K.bridge ||
      token === K.program ||
      token === K.register ||
      token === K.const ||
      token === K.group ||
      token === K.meter
    ) {
      const second = this.LA(2).tokenType;
      const third = this.LA(3).tokenType;
      return (
        (this.is(t.Identifier, 2) || second === t.StringLiteral) &&
        second !== t.Separator &&
        (third === t.LeftBrace || third === t.Equals || third === t.Colon)
      );
    }
    if (token === K.tunnel_metadata) return this.is(t.LeftBrace, 2);
    if (!inner) return false;
    if (token === K.flow)
      return (
        this.is(t.LeftBrace, 2) ||
        ((this.is(t.Identifier, 2) || this.is(t.StringLiteral, 2)) && this.is(t.LeftBrace, 3))
      );
    return false;
  }

  /** True where the next token begins its line, no further to the right than the line of `keyword` begins. */
  protected dedented(keyword: number): boolean {
    if (!this.byIndent || this.RECORDING_PHASE || !this.is(t.Identifier)) return false;
    const { start } = this.here();
    const line = this.text.lastIndexOf('\n', start - 1) + 1;
    if (line <= keyword || this.text.slice(line, start).trim() !== '') return false;
    const outer = this.text.lastIndexOf('\n', keyword - 1) + 1;
    const before = this.text.slice(outer, keyword);
    return start - line <= before.length - before.trimStart().length;
  }

  /** Skips to the `{` of what was begun, if there is one before the end of the statement. */
  protected skipToBrace(): void {
    for (;;) {
      const type = this.LA(1).tokenType;
      if (type === EOF || type === t.Separator || type === t.LeftBrace || type === t.RightBrace) return;
      this.SKIP_TOKEN();
    }
  }

  /** Consumes the `}` of the block that was opened at `open`. */
  protected close(open: Span): void {
    if (!this.RECORDING_PHASE && !this.is(t.RightBrace)) {
      this.report(open, { problem: 'unclosed block', at: this.here() });
      return;
    }
    this.CONSUME(t.RightBrace);
  }

  protected enter(): boolean {
    if (this.RECORDING_PHASE || this.depth < MAX_DEPTH) {
      this.depth++;
      return true;
    }
    this.report(this.here(), { problem: 'too deep' });
    this.skip();
    return false;
  }

  /** Prepares for a new input; `byIndent` to read one again whose braces do not match. */
  begin(text: string, tokens: WbfToken[], byIndent = false): void {
    for (const { token, type } of this.changed.reverse()) {
      token.tokenType = type;
      token.tokenTypeIdx = type.tokenTypeIdx ?? 0;
    }
    this.changed.length = 0;
    this.text = text;
    this.byIndent = byIndent;
    this.unended = false;
    this.plain = true;
    this.operators = 0;
    this.problems = [];
    this.items = [];
    this.depth = 0;
    this.keyed = false;
    this.acting = false;
    this.input = tokens;
  }
}
