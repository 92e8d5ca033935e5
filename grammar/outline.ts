/**
 * A quick first reading of a large file.
 *
 * Generated flow files repeat a few forms with other numbers in them. The outline recognises such *shapes* at
 * the level of tokens: two flows have the same shape when their tokens are the same but for the flow's name and
 * the values of literals (the kind of each literal, every word, mark and separator being equal). Since the grammar
 * never looks at a name or a value, what it says of one flow of a shape it says of all; so only the first of each
 * shape goes to the parser, with everything that stands outside flows.
 */
import { Layouts } from './layout.ts';
import { Scanner, T, type TokenKind } from './scanner.ts';
import { FUNCTIONS, makeToken, tokenize, type TokenVector, type WbfToken } from './tokens.ts';

/** Codes of a shape: below this a `TokenKind`, from here an interned text. */
export const FIRST_TEXT_CODE = 32;
/** Shapes whose first flow goes to the parser with the rest of the file. */
const MAX_LISTED = 1000;
/** Stands for the name of the flow. */
export const NAME_CODE = 31;

/** Flows that are the same but for their name and the values of their literals. */
export interface Shape {
  readonly id: number;
  readonly codes: Int32Array;
  /** How many literals a flow of this shape has. */
  readonly literals: number;
  /** Index of the first flow of this shape. */
  readonly exemplar: number;
  /** Whether that flow is in the token vector: the first shapes are, so that a file in which no two flows are alike does not fill the memory. */
  readonly listed: boolean;
  /** How many flows have it. */
  count: number;
}

/** The flows of a file in source order, as columns. */
export class FlowColumns {
  count = 0;
  start: Int32Array<ArrayBuffer>;
  end: Int32Array<ArrayBuffer>;
  shape: Int32Array<ArrayBuffer>;
  /** Span of the name; equal where there is none. */
  nameStart: Int32Array<ArrayBuffer>;
  nameEnd: Int32Array<ArrayBuffer>;
  /** Index of the first literal of the flow in the literal columns. */
  firstLiteral: Int32Array<ArrayBuffer>;

  literalCount = 0;
  literalStart: Int32Array<ArrayBuffer>;
  literalEnd: Int32Array<ArrayBuffer>;
  /** Value of an integer below 2^53, a MAC, an IPv4 address or a duration; NaN for larger ones and IPv6 addresses. */
  literalValue: Float64Array<ArrayBuffer>;

  /** Makes room for what a text of that length usually holds. */
  constructor(length: number) {
    const flows = 64 + (length >> 7);
    const literals = 64 + (length >> 4);
    this.start = new Int32Array(flows);
    this.end = new Int32Array(flows);
    this.shape = new Int32Array(flows);
    this.nameStart = new Int32Array(flows);
    this.nameEnd = new Int32Array(flows);
    this.firstLiteral = new Int32Array(flows);
    this.literalStart = new Int32Array(literals);
    this.literalEnd = new Int32Array(literals);
    this.literalValue = new Float64Array(literals);
  }

  /** Adds a flow whose literals have been added before. */
  addFlow(
    start: number,
    end: number,
    shape: number,
    nameStart: number,
    nameEnd: number,
    firstLiteral: number,
  ): void {
    const index = this.count++;
    if (index === this.start.length) {
      const size = index * 2;
      this.start = grown(this.start, size);
      this.end = grown(this.end, size);
      this.shape = grown(this.shape, size);
      this.nameStart = grown(this.nameStart, size);
      this.nameEnd = grown(this.nameEnd, size);
      this.firstLiteral = grown(this.firstLiteral, size);
    }
    this.start[index] = start;
    this.end[index] = end;
    this.shape[index] = shape;
    this.nameStart[index] = nameStart;
    this.nameEnd[index] = nameEnd;
    this.firstLiteral[index] = firstLiteral;
  }

  /** Adds a literal of the flow that is being read. */
  addLiteral(start: number, end: number, value: number): void {
    const at = this.literalCount++;
    if (at === this.literalStart.length) {
      const size = at * 2;
      this.literalStart = grown(this.literalStart, size);
      this.literalEnd = grown(this.literalEnd, size);
      const values = new Float64Array(size);
      values.set(this.literalValue);
      this.literalValue = values;
    }
    this.literalStart[at] = start;
    this.literalEnd[at] = end;
    this.literalValue[at] = value;
  }
}

function grown(array: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(size);
  larger.set(array);
  return larger;
}

export interface Outline {
  /** Everything outside flows, and the first flow of each shape. */
  readonly vector: TokenVector;
  readonly flows: FlowColumns;
  readonly shapes: readonly Shape[];
}

/** Texts by number, found by hash without making a string of each occurrence. */
class Interner {
  private slots = new Int32Array(4096).fill(-1);
  private readonly hashes: number[] = [];
  private readonly texts: string[] = [];

  intern(text: string, start: number, end: number, hash: number): number {
    let mask = this.slots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const id = this.slots[slot] as number;
      if (id === -1) break;
      if (this.hashes[id] === hash && same(this.texts[id] as string, text, start, end)) return id;
      slot = (slot + 1) & mask;
    }
    const id = this.texts.length;
    this.texts.push(text.slice(start, end));
    this.hashes.push(hash);
    this.slots[slot] = id;
    if (id * 2 > this.slots.length) {
      this.slots = new Int32Array(this.slots.length * 2).fill(-1);
      mask = this.slots.length - 1;
      this.hashes.forEach((h, i) => {
        let s = (h ^ (h >>> 15)) & mask;
        while (this.slots[s] !== -1) s = (s + 1) & mask;
        this.slots[s] = i;
      });
    }
    return id;
  }
}

function same(known: string, text: string, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let i = 0; i < known.length; i++) if (known.charCodeAt(i) !== text.charCodeAt(start + i)) return false;
  return true;
}

function hashOf(text: string, start: number, end: number): number {
  let h = 0x811c9dc5;
  for (let i = start; i < end; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h;
}

/** Reads the outline of `text`. Null where something in it is not as it should be: then only `parse` tells what. */
export function outline(text: string): Outline | null {
  const scanner = new Scanner(text);
  const interner = new Interner();
  const flows = new FlowColumns(text.length);
  const layouts = new Layouts();
  const shapes: Shape[] = [];
  const byHash = new Map<number, Shape[]>();
  const tokens: WbfToken[] = [];

  // The codes of the flow that is being read.
  let codes = new Int32Array(256);

  /** Brace level: 0 top, 1 in a table. */
  let level = 0;
  /** True at level 1 when the block is that of a table. */
  let inTable = false;
  /** First word of the declaration at level 0. */
  let opener = '';
  let previous: TokenKind = T.Separator;
  let separatorAt = -1;

  const emit = (kind: TokenKind, start: number, end: number, docs: readonly number[] | null): void => {
    if (separatorAt >= 0) {
      tokens.push(makeToken(T.Separator, text, separatorAt, separatorAt + 1, null));
      separatorAt = -1;
    }
    tokens.push(makeToken(kind, text, start, end, docs));
  };

  for (;;) {
    const kind = scanner.next();
    if (kind === T.EndOfFile) break;
    if (kind === T.Separator) {
      if (separatorAt < 0) separatorAt = scanner.start;
      previous = kind;
      continue;
    }
    const opens = previous === T.Separator || previous === T.LeftBrace || previous === T.RightBrace;
    const isFlow =
      kind === T.Identifier &&
      opens &&
      (level === 0 || (level === 1 && inTable)) &&
      isFlowWord(text, scanner);
    if (!isFlow) {
      if (kind === T.LeftBrace) {
        if (level === 0) inTable = opener === 'table';
        level++;
      } else if (kind === T.RightBrace) level--;
      else if (kind === T.Identifier && level === 0 && opens) opener = text.slice(scanner.start, scanner.end);
      emit(kind, scanner.start, scanner.end, scanner.docs.length > 0 ? scanner.docs.slice() : null);
      previous = kind;
      continue;
    }

    const flowStart = scanner.start;
    const docs = scanner.docs.length > 0 ? scanner.docs.slice() : null;
    const index = flows.count;
    const firstLiteral = flows.literalCount;
    const alike = layouts.recognise(scanner, scanner.end, flows);
    if (alike !== null) {
      alike.count++;
      flows.addFlow(flowStart, layouts.end, alike.id, layouts.nameStart, layouts.nameEnd, firstLiteral);
      scanner.resumeAfterBrace(layouts.end);
      previous = T.RightBrace;
      continue;
    }
    scanner.goTo(flowStart + 4);
    const errorsBefore = scanner.errors.length;
    let nameStart = 0;
    let nameEnd = 0;
    let length = 0;
    let depth = 0;
    let hash = 0;
    let flowEnd: number;
    for (;;) {
      const k = scanner.next();
      if (k === T.EndOfFile) return null;
      const { start, end } = scanner;
      let code: number = k;
      if (k === T.Identifier) {
        if (length === 0) {
          code = NAME_CODE;
          nameStart = start;
          nameEnd = end;
        } else code = FIRST_TEXT_CODE + interner.intern(text, start, end, scanner.hash);
      } else if (k >= T.Integer && k <= T.Flags) {
        if (k === T.String || k === T.Flags) {
          code = FIRST_TEXT_CODE + interner.intern(text, start, end, hashOf(text, start, end));
        } else flows.addLiteral(start, end, scanner.value);
      } else if (k === T.Operator) {
        code = FIRST_TEXT_CODE + interner.intern(text, start, end, hashOf(text, start, end));
      } else if (k === T.LeftBrace) depth++;
      else if (k === T.RightBrace) depth--;
      if (length === codes.length) codes = grown(codes, length * 2);
      codes[length++] = code;
      hash = Math.imul(hash ^ code, 0x9e3779b1);
      hash ^= hash >>> 15;
      if (depth === 0 && k === T.RightBrace) {
        flowEnd = end;
        break;
      }
      // A flow that has no block is a mistake, or no flow; the parser will tell.
      if (depth <= 0 && (length > 2 || k === T.Separator)) return null;
    }

    const candidates = byHash.get(hash);
    let shape = candidates === undefined ? undefined : shapeAmong(candidates, codes, length);
    if (shape === undefined) {
      shape = {
        id: shapes.length,
        codes: codes.slice(0, length),
        literals: flows.literalCount - firstLiteral,
        exemplar: index,
        listed: shapes.length < MAX_LISTED,
        count: 0,
      };
      // The parser is asked whether what it sees is plain, and does not see this flow.
      if (!shape.listed && !surelyPlain(text, flowStart + 4, flowEnd)) return null;
      shapes.push(shape);
      if (candidates === undefined) byHash.set(hash, [shape]);
      else candidates.push(shape);
      if (shape.listed) {
        emit(T.Identifier, flowStart, flowStart + 4, docs);
        // Read again: only the first flow of a shape needs token objects.
        for (const token of tokenize(text, flowStart + 4, flowEnd).tokens) tokens.push(token);
      }
    }
    if (scanner.errors.length === errorsBefore) layouts.add(text, flowStart + 4, flowEnd, shape);
    shape.count++;
    flows.addFlow(flowStart, flowEnd, shape.id, nameStart, nameEnd, firstLiteral);
    previous = T.RightBrace;
  }
  if (scanner.errors.length > 0 || level !== 0) return null;
  return { vector: { tokens, errors: [] }, flows, shapes };
}

/** True if nothing in a flow can happen at compile time (see `FileNode.plain`); false where that takes a parser. */
function surelyPlain(text: string, start: number, end: number): boolean {
  const scanner = new Scanner(text, start, end);
  let before = '';
  let parentheses = 0;
  for (let first = true; ; first = false) {
    const kind = scanner.next();
    if (kind === T.EndOfFile) return true;
    const word = kind >= T.Identifier ? text.slice(scanner.start, scanner.end) : '';
    if (kind === T.LeftParen) parentheses++;
    else if (kind === T.RightParen) parentheses--;
    // A comparison, which outside of all parentheses is a term of the match.
    else if (parentheses > 0 && (kind === T.NotEquals || word === 'in' || word === 'not')) return false;
    if (kind === T.Operator || (kind === T.String && (first || word.includes('${')))) return false;
    if (kind === T.Dot && before !== 'pkt') return false;
    if (kind === T.LeftParen && FUNCTIONS.has(before)) return false;
    if (kind === T.Identifier && MAKERS.has(word)) return false;
    before = word;
  }
}

/** Words with which something begins that happens at compile time. */
const MAKERS: ReadonlySet<string> = new Set(['for', 'if', 'load', 'and', 'or']);

function isFlowWord(text: string, scanner: Scanner): boolean {
  const s = scanner.start;
  return (
    scanner.end - s === 4 &&
    text.charCodeAt(s) === 102 &&
    text.charCodeAt(s + 1) === 108 &&
    text.charCodeAt(s + 2) === 111 &&
    text.charCodeAt(s + 3) === 119
  );
}

/** A loop, not a closure: what a closure holds is slow to count with. */
function shapeAmong(shapes: readonly Shape[], codes: Int32Array, length: number): Shape | undefined {
  for (const shape of shapes) if (equal(shape.codes, codes, length)) return shape;
  return undefined;
}

function equal(known: Int32Array, codes: Int32Array, length: number): boolean {
  if (known.length !== length) return false;
  for (let i = 0; i < length; i++) if (known[i] !== codes[i]) return false;
  return true;
}
