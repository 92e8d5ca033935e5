/**
 * What each piece of a text is: where statements begin, which braces are those of blocks, which words are operators.
 *
 * It says what the parser says, of a text in which the parser finds nothing wrong. Told from the tokens alone, because
 * the tree of a large file fills the memory; a test compares the two.
 */
import { OVS_WRITES } from '../../grammar/statements.ts';
import { DECLARATION_KEYWORDS } from '../../grammar/tokens.ts';
import { placeComments } from './comments.ts';
import { gapBefore } from './gaps.ts';
import type { Pieces } from './pieces.ts';
import { F, GAP, P } from './pieces.ts';

/** Something that is open. */
export interface Frame {
  /** The piece that opened it. */
  readonly open: number;
  /** Statements or declarations stand in it, not elements of a list. */
  readonly block: boolean;
  /** Declarations may stand in it. */
  readonly items: boolean;
  /** Where the statement begins that is being read; 0 while none is. */
  entry: number;
  /** The keyword of that statement, if it has one. */
  word: string;
  /** An `else` may follow. */
  chain: boolean;
  /** The statement before ended with a block; null where there is none. */
  before: boolean | null;
}

const DECLARES: ReadonlySet<string> = new Set(DECLARATION_KEYWORDS);
/** What opens a body of declarations. */
const OPENS_ITEMS: ReadonlySet<string> = new Set(['table', 'extend', 'template', 'for', 'if']);
/** Behind a value, these go on with it. */
const OPERATORS: ReadonlySet<string> = new Set(['in', 'not', 'and', 'or', 'as', 'alias']);

/** Finds out what the pieces are: sets their flags, gaps, matches and columns. */
export function assignRoles(pieces: Pieces): void {
  const roles = new Roles(pieces);
  for (let i = 1; i < pieces.count; i++) {
    if (!pieces.isComment(i) && pieces.kind[i] !== P.Nothing) roles.next(i);
  }
  for (let i = 1; i < pieces.count; i++) {
    pieces.flat[i] = (pieces.flat[i - 1] as number) + pieces.length(i - 1) + (pieces.gap[i] as number);
  }
}

class Roles {
  private readonly p: Pieces;
  private readonly frames: Frame[] = [];
  private top: Frame;
  /** The token before. */
  private last = 0;
  /** The next token begins a value: one stands to the right of an operator. */
  private expecting = false;
  /** The next word is a name, whatever it says. */
  private naming = false;

  constructor(pieces: Pieces) {
    this.p = pieces;
    pieces.set(0, F.BLOCK | F.BREAK);
    this.top = frame(0, true, true);
  }

  next(i: number): void {
    const { p, top } = this;
    if (p.closes(i) || p.kind[i] === P.EndOfFile) this.close(i);
    else if (top.block && this.starts(i)) {
      this.endStatement();
      const entry = placeComments(p, top, this.last, i, true);
      this.begin(i, entry);
    } else this.goOn(i);
    this.last = i;
  }

  // --- statements ---

  private closesBlock(i: number): boolean {
    return this.p.kind[i] === P.RightBrace && this.p.is(i, F.BLOCK);
  }

  private starts(i: number): boolean {
    const { p, top, last } = this;
    if (last === top.open) return true;
    const separated = ((p.separated[i] as number) & 1) !== 0;
    if (this.closesBlock(last)) return !this.goesOnWithElse(i);
    if (separated) return true;
    if (p.kind[last] !== P.RightBrace) return false;
    // Behind a set no separator is needed.
    return p.kind[i] === P.String || (p.kind[i] === P.Identifier && !OPERATORS.has(p.word(i)));
  }

  private goesOnWithElse(i: number): boolean {
    return this.top.chain && this.p.word(i) === 'else' && this.p.kind[this.after(i)] !== P.Equals;
  }

  /** The next token. */
  private after(i: number): number {
    let k = i + 1;
    while (k < this.p.count - 1 && this.p.isComment(k)) k++;
    return Math.min(k, this.p.count - 1);
  }

  private begin(i: number, entry: number): void {
    const { p, top } = this;
    top.entry = entry;
    p.set(entry, F.START);
    if (entry !== i) p.gap[i] = GAP.SPACE;
    if ((p.lines[entry] as number) > 0) p.set(top.open, F.BREAK);
    const word = p.word(i);
    top.word = '';
    top.chain = false;
    this.expecting = false;
    this.naming = false;
    if ((word === 'if' || word === 'for') && !this.staysName(i)) {
      top.word = word;
      top.chain = word === 'if';
      this.expecting = true;
      p.set(i, F.WORD);
    } else if (top.items && DECLARES.has(word)) {
      top.word = word;
      this.naming = word !== 'extend';
      p.set(i, F.WORD);
    } else if (!top.items && OVS_WRITES.test(word)) this.verbatim(i);
  }

  /** `if = 1`, `for in {1}`: as the parser's rule of that name. */
  private staysName(i: number): boolean {
    const { p } = this;
    const second = this.after(i);
    const third = this.after(second);
    const kind = p.kind[second];
    if (kind === P.Equals || kind === P.NotEquals || kind === P.Dot || kind === P.Colon) return true;
    const word = p.word(second);
    if (word === 'in') return p.word(third) !== 'in' && p.kind[third] !== P.Comma;
    return word === 'not' && p.word(third) === 'in';
  }

  /** `load:5->reg0`: joins the pieces of such a statement to one. */
  private verbatim(i: number): void {
    const { p } = this;
    const follows = this.after(i);
    const kind = p.kind[follows];
    const word = p.word(follows);
    if (kind === P.Equals || kind === P.NotEquals || kind === P.LeftParen || word === 'in' || word === 'not')
      return;
    let end = i;
    let level = 0;
    for (let k = follows; k < p.count - 1; k++) {
      if (p.isComment(k)) continue;
      if (level === 0 && (((p.separated[k] as number) & 1) !== 0 || p.kind[k] === P.RightBrace)) break;
      end = k;
      if (p.kind[k] === P.LeftBrace) level++;
      else if (p.kind[k] === P.RightBrace && --level === 0) break;
    }
    if (end === i) return;
    p.kind[i] = P.Verbatim;
    p.end[i] = p.end[end] as number;
    for (let k = i + 1; k <= end; k++) this.drop(k, p.end[i]);
    if (p.spansLines(i)) p.set(this.top.open, F.BREAK);
  }

  private drop(k: number, at: number): void {
    const { p } = this;
    p.kind[k] = P.Nothing;
    p.start[k] = p.end[k] = at;
    p.gap[k] = GAP.NONE;
  }

  /** Two statements on a line have `;` between them, unless both end with a block. */
  private endStatement(): void {
    const { p, top } = this;
    if (top.entry === 0) return;
    const block = this.closesBlock(this.last);
    p.gap[top.entry] = top.before === null || (top.before && block) ? GAP.SPACE : GAP.SEMICOLON;
    top.before = block;
    top.entry = 0;
  }

  // --- within a statement ---

  private goOn(i: number): void {
    const { p, top, last } = this;
    const kind = p.kind[i] as number;
    const inList = !top.block;
    const boundary = inList && (last === top.open || p.kind[last] === P.Comma || kind === P.Comma);
    const entry = placeComments(p, top, last, i, boundary);
    const wordy = this.wordRole(i, kind);
    p.gap[i] = gapBefore(p, i, last);
    const newLine = (p.lines[entry] as number) > 0;
    if (boundary) {
      if (newLine) p.set(top.open, F.BREAK);
    } else if (inList && newLine && entry === i && p.gap[i] !== GAP.NONE && kind !== P.LeftBrace) {
      p.set(i, F.NEWLINE);
      p.set(top.open, F.BREAK);
    }
    if (p.opens(i)) this.open(i, kind);
    else if (!wordy) {
      this.naming = kind === P.Dot;
      this.expecting =
        kind === P.Equals ||
        kind === P.NotEquals ||
        kind === P.Operator ||
        kind === P.Comma ||
        kind === P.Colon ||
        kind === P.DotDot ||
        kind === P.RangeDash ||
        kind === P.Slash;
    }
  }

  /** True where the piece is a word that is no name. */
  private wordRole(i: number, kind: number): boolean {
    const { p, top } = this;
    if (kind !== P.Identifier || this.naming) return false;
    const word = p.word(i);
    if (this.expecting) {
      if (word !== 'not' || !this.startsValue(this.after(i))) return false;
    } else if (top.block && word === 'else' && this.closesBlock(this.last)) {
      const second = this.after(i);
      const again = p.word(second) === 'if';
      top.chain = again;
      if (again) p.set(second, F.WORD);
      p.set(i, F.WORD);
      this.expecting = false;
      return true;
    } else if (p.is(i, F.WORD)) {
      // The `if` of an `else if`.
      this.expecting = true;
      return true;
    } else if (word === 'table' && top.block && top.word === 'extend' && p.word(this.last) === 'extend') {
      p.set(i, F.WORD);
      this.naming = true;
      return true;
    } else if (!OPERATORS.has(word)) return false;
    p.set(i, F.WORD);
    // Behind the `not` of `not in` that `in` follows, behind the others a value.
    this.expecting = this.expecting || word !== 'not';
    return true;
  }

  private startsValue(i: number): boolean {
    const kind = this.p.kind[i] as number;
    return (
      (kind >= P.Identifier && kind <= P.Flags) ||
      kind === P.LeftBrace ||
      kind === P.LeftBracket ||
      kind === P.LeftParen ||
      (kind === P.Operator && this.p.text.charAt(this.p.start[i] as number) === '~')
    );
  }

  // --- what opens and closes ---

  private open(i: number, kind: number): void {
    const { p, top } = this;
    const block = kind === P.LeftBrace && top.block && !this.expecting;
    if (block) p.set(i, F.BLOCK);
    const named = p.kind[this.last] === P.Identifier && !p.is(this.last, F.WORD);
    if (kind === P.LeftBracket && named) p.set(i, F.TIGHT);
    else if (kind !== P.LeftParen) p.set(i, block ? 0 : F.COMMAS);
    else if (top.block && named && (top.word === 'use' || top.word === 'template')) p.set(i, F.COMMAS);
    this.frames.push(top);
    this.top = frame(i, block, block && top.items && OPENS_ITEMS.has(top.word));
    this.expecting = !block;
    this.naming = false;
  }

  /** A comma behind an element. */
  private isSpare(comma: number): boolean {
    const { p } = this;
    if (p.kind[comma] !== P.Comma) return false;
    let k = comma - 1;
    while (p.isComment(k)) k--;
    return p.kind[k] !== P.Comma && !p.opens(k);
  }

  private close(i: number): void {
    const { p, top, last } = this;
    if (top.block) this.endStatement();
    else if (p.is(top.open, F.COMMAS) && this.isSpare(last)) this.drop(last, p.end[last] as number);
    placeComments(p, top, last, i, true);
    const empty = i - 1 === top.open;
    if (!empty && (p.lines[i] as number) > 0) p.set(top.open, F.BREAK);
    if (top.block) p.set(i, F.BLOCK);
    p.gap[i] = top.block && !empty ? GAP.SPACE : GAP.NONE;
    p.match[top.open] = i;
    const outer = this.frames.pop();
    if (outer === undefined) return;
    if (p.is(top.open, F.BREAK)) p.set(outer.open, F.BREAK);
    this.top = outer;
    this.expecting = false;
    this.naming = false;
  }
}

function frame(open: number, block: boolean, items: boolean): Frame {
  return { open, block, items, entry: 0, word: '', chain: false, before: null };
}
