/** A piece of the input that is being read, and what there is to say about it. */
import type { Definition, Details } from '../../diagnostics/define.ts';
import { make } from '../../diagnostics/define.ts';
import type { Diagnostic, Place, TextEdit } from '../../diagnostics/types.ts';
import type { InputNames } from './names.ts';
import type { Parsed } from './parsed.ts';
import type { ReadContext } from './types.ts';

/**
 * Offsets are those of `text`, which may be only a token: equal tokens are read once, and what was said about one is
 * said again about the others, each at its place.
 */
export class Source {
  readonly text: string;
  readonly names: InputNames;
  readonly notes: Diagnostic[] = [];
  /** How many actions enclose what is being read. */
  depth = 0;

  /** Actions that have been read before, of which there is nothing to say; empty where nobody remembers any. */
  readonly known: Map<string, Parsed> | null;

  constructor(text: string, names: InputNames, known: Map<string, Parsed> | null = null) {
    this.text = text;
    this.names = names;
    this.known = known;
  }

  /** Says something that does not stop the reading. */
  warn<P>(definition: Definition<P>, params: P, start: number, end: number, details?: Details): void {
    this.notes.push(make(definition, params, { file: 0, start, end }, details));
  }

  /** Says why it cannot be read. */
  fail<P>(definition: Definition<P>, params: P, start: number, end: number, details?: Details): null {
    this.warn(definition, params, start, end, details);
    return null;
  }

  slice(start: number, end: number): string {
    return this.text.slice(start, end);
  }
}

/** Says what was noted about a piece that begins at `base`. */
export function report(ctx: ReadContext, notes: readonly Diagnostic[], base: number): void {
  for (const note of notes) ctx.sink.add(moved(note, ctx.file, base));
}

function moved(note: Diagnostic, file: number, base: number): Diagnostic {
  const move = <P extends Place>(place: P): P => ({
    ...place,
    file,
    start: place.start + base,
    end: place.end + base,
  });
  const edit = (e: TextEdit): TextEdit => move(e);
  return {
    ...note,
    place: move(note.place),
    related: note.related.map(move),
    fixes: note.fixes.map((fix) => ({ ...fix, edits: fix.edits.map(edit) })),
  };
}

/** For messages: what stands there, without line breaks and not too long. */
export function shown(text: string): string {
  // eslint-disable-next-line no-control-regex -- terminals must not see them
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  return plain.length > 60 ? `${plain.slice(0, 57)}…` : plain;
}
