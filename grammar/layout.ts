/**
 * Flows that are written alike.
 *
 * A program that prints flows prints the same text around other names and values. A layout remembers the text of a
 * shape's first flow in the pieces between its literals; the next flow with the same pieces is recognised by comparing
 * them, which is several times quicker than taking it apart into tokens. Layouts share their beginnings in a tree.
 *
 * What is recognised so has the tokens of the first flow: equal text between tokens of equal kinds reads equally,
 * since a literal or a name reaches as far as it can wherever it stands.
 */
import type { FlowColumns, Shape } from './outline.ts';
import { Scanner, T, type TokenKind } from './scanner.ts';

/** What may follow a piece of text: a literal of some kind, the name, or the end of the flow. */
interface Piece {
  readonly text: string;
  readonly next: Map<TokenKind, Node>;
  /** Set where the flow ends with this piece. */
  shape: Shape | null;
}

type Node = Piece[];

/** Pieces that may follow at one place; more are not tried. */
const MAX_PIECES = 48;
const MAX_LAYOUTS = 2000;

export class Layouts {
  private readonly root: Node = [];
  private count = 0;
  /** After `recognise`: where the flow and its name are. */
  end = 0;
  nameStart = 0;
  nameEnd = 0;

  /** The shape of the flow whose keyword ends at `start`, its literals added to `flows`; null where it is like none. */
  recognise(scanner: Scanner, start: number, flows: FlowColumns): Shape | null {
    const { text } = scanner;
    const literals = flows.literalCount;
    const errors = scanner.errors.length;
    let node = this.root;
    let p = start;
    this.nameStart = this.nameEnd = 0;
    for (;;) {
      const piece = pieceAt(node, text, p);
      if (piece === null) break;
      p += piece.text.length;
      if (piece.shape !== null) {
        this.end = p;
        return piece.shape;
      }
      const kind = scanner.literalAt(p);
      const next = piece.next.get(kind);
      if (next === undefined) break;
      if (kind === T.Identifier) {
        this.nameStart = p;
        this.nameEnd = scanner.end;
      } else flows.addLiteral(p, scanner.end, scanner.value);
      p = scanner.end;
      node = next;
    }
    flows.literalCount = literals;
    scanner.errors.length = errors;
    return null;
  }

  /** Remembers how a flow is written. Its keyword ends at `start`. */
  add(text: string, start: number, end: number, shape: Shape): void {
    if (this.count >= MAX_LAYOUTS) return;
    const scanner = new Scanner(text, start, end);
    let node = this.root;
    let from = start;
    for (let first = true; ; first = false) {
      const kind = scanner.next();
      if (kind === T.EndOfFile) break;
      const varies = (kind >= T.Integer && kind <= T.Duration) || (first && kind === T.Identifier);
      if (!varies) continue;
      const piece = pieceFor(node, text.slice(from, scanner.start));
      if (piece === null || piece.shape !== null) return;
      let next = piece.next.get(kind);
      if (next === undefined) {
        next = [];
        piece.next.set(kind, next);
      }
      node = next;
      from = scanner.end;
    }
    const last = pieceFor(node, text.slice(from, end));
    if (last === null || last.next.size > 0) return;
    last.shape = shape;
    this.count++;
  }
}

/** The piece that stands at `p`; it comes first the next time. */
function pieceAt(node: Node, text: string, p: number): Piece | null {
  for (let i = 0; i < node.length; i++) {
    const piece = node[i] as Piece;
    if (!text.startsWith(piece.text, p)) continue;
    if (i > 0) {
      node[i] = node[i - 1] as Piece;
      node[i - 1] = piece;
    }
    return piece;
  }
  return null;
}

function pieceFor(node: Node, text: string): Piece | null {
  const known = node.find((piece) => piece.text === text);
  if (known !== undefined) return known;
  if (node.length >= MAX_PIECES) return null;
  const made: Piece = { text, next: new Map(), shape: null };
  node.push(made);
  return made;
}
