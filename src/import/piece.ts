/** Pieces of the input, and where they stand in it. */
import type { Sink } from '../diagnostics/define.ts';
import type { Diagnostic, Place } from '../diagnostics/types.ts';
import type { ReadContext } from './read/types.ts';

/**
 * A part of a text. Mostly that is the input itself; where a shell would have taken quotes and backslashes away it is
 * what is left, and `map` leads back.
 */
export interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Per character of `text` its offset in the input, and one more for the end; null where they are the same. */
  readonly map: Int32Array | null;
}

/** A part of the input. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

/** Where an offset in the piece's text is in the input. */
export function placeIn({ map }: Piece, at: number): number {
  if (map === null) return at;
  return map[Math.min(Math.max(at, 0), map.length - 1)] ?? 0;
}

/** The span of the piece in the input. */
export function spanOf(piece: Piece): TextSpan {
  return { start: placeIn(piece, piece.start), end: placeIn(piece, piece.end) };
}

/** The context in which a reader reads the piece. */
export function contextOf(ctx: ReadContext, piece: Piece): ReadContext {
  if (piece.map === null) return ctx;
  return { ...ctx, text: piece.text, sink: new MappingSink(ctx.sink, piece) };
}

/** What is said about the piece's text is said about the input. */
export function movedSink(sink: Sink, piece: Piece): Sink {
  return new MappingSink(sink, piece);
}

/** The piece as a text of its own. */
export function withPlaces(piece: Piece): Piece {
  const builder = new PieceBuilder();
  for (let i = piece.start; i < piece.end; i++) builder.add(piece.text[i] ?? '', placeIn(piece, i));
  return builder.build(placeIn(piece, piece.end));
}

/** Moves what is reported to where it stands in the input. */
class MappingSink implements Sink {
  private readonly sink: Sink;
  private readonly piece: Piece;

  constructor(sink: Sink, piece: Piece) {
    this.sink = sink;
    this.piece = piece;
  }

  add(diagnostic: Diagnostic): void {
    const move = <P extends Place>(place: P): P => ({
      ...place,
      start: placeIn(this.piece, place.start),
      end: placeIn(this.piece, place.end),
    });
    this.sink.add({
      ...diagnostic,
      place: move(diagnostic.place),
      related: diagnostic.related.map(move),
      fixes: diagnostic.fixes.map((fix) => ({ ...fix, edits: fix.edits.map(move) })),
    });
  }
}

/** Puts a text together from characters of the input. */
export class PieceBuilder {
  private readonly chars: string[] = [];
  private readonly offsets: number[] = [];

  /** A character as it stands at that offset, or what stands for it. */
  add(char: string, at: number): void {
    this.chars.push(char);
    this.offsets.push(at);
  }

  /** The end is behind the last character unless it is said. */
  build(end = (this.offsets.at(-1) ?? -1) + 1): Piece {
    const text = this.chars.join('');
    const map = Int32Array.from([...this.offsets, end]);
    return { text, start: 0, end: text.length, map };
  }
}
