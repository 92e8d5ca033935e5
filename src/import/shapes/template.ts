/** How flows of one shape are printed: their text with places for the values of holes. */
import { TextBuffer } from '../print/buffer.ts';
import { WIDTH } from '../print/layout.ts';
import type { PrintNames } from '../print/names.ts';
import type { Layout, Piece } from './layout.ts';
import { layout, MARKS, NOTHING, run, textPiece } from './layout.ts';
import type { PortOf, Rule } from './rules.ts';
import { keeps } from './rules.ts';
import type { Skeleton } from './skeleton.ts';

/** An action in its block. */
export interface ActionPart {
  /** Null where it has a block that does not fit on a line. */
  readonly inline: readonly Piece[] | null;
  /** With its indentation and newlines, where it has a block; else null. */
  readonly block: string | null;
}

export interface TemplateParts {
  readonly attributes: readonly (readonly Piece[])[];
  readonly terms: readonly (readonly Piece[])[];
  readonly actions: readonly ActionPart[];
  readonly rules: readonly Rule[];
  /** Holes with a port that is matched, and with ports that are sent to; none may be the same. */
  readonly inPort: number;
  readonly outputs: readonly number[];
  /** Ports that all flows of the shape match or send to. */
  readonly fixedInPort: number;
  readonly fixedOutputs: ReadonlySet<number>;
}

/** Prints flows at depth 1, as `FlowPrinter` does. */
export class Template {
  private readonly parts: TemplateParts;
  private readonly layouts: (Layout | undefined)[] = [];
  /** The layout of the last flow: the next one is mostly like it. */
  private last = 0;
  private readonly marks = new Int32Array(MARKS);
  /** What the match of the last flow says, and from where to where. */
  said: Uint8Array = NOTHING;
  saidFrom = 0;
  saidTo = 0;
  private readonly scratch = new TextBuffer(256);
  private readonly terms: Layout;

  constructor(parts: TemplateParts) {
    this.parts = parts;
    this.terms = layout(parts.terms.flatMap((term, i) => [...(i > 0 ? [textPiece('; ')] : []), ...term]));
  }

  /** Do the values in the holes have the shape? */
  fits(skeleton: Skeleton, portOf: PortOf): boolean {
    const { rules, inPort, outputs, fixedInPort, fixedOutputs } = this.parts;
    if (!keeps(rules, skeleton, portOf)) return false;
    const { values } = skeleton;
    // A packet is not sent back to where it came from.
    const from = inPort === -1 ? fixedInPort : (values[inPort] ?? 0);
    if (inPort !== -1 && fixedOutputs.has(from)) return false;
    for (const output of outputs) if (values[output] === from) return false;
    return true;
  }

  /** Writes the flow whose skeleton this is; `input` is what it was made of. It ends with a newline. */
  write(buffer: TextBuffer, skeleton: Skeleton, input: Uint8Array, names: PrintNames): void {
    const { marks } = this;
    const start = buffer.length;
    let number = this.last;
    for (;;) {
      const way = (this.layouts[number] ??= this.makeLayout(number));
      run(way, buffer, skeleton, input, names, marks);
      const { more } = way;
      const attributes = (marks[1] as number) - (marks[0] as number) + more[0];
      const match = (marks[3] as number) - (marks[2] as number) + more[1];
      const action = (marks[5] as number) - (marks[4] as number) + more[2];
      const wanted = this.choose(attributes, match, action);
      if (wanted === number) {
        this.last = number;
        if (way.matchInline) {
          this.said = buffer.bytes;
          this.saidFrom = marks[2] as number;
          this.saidTo = marks[3] as number;
        } else this.saySeparately(skeleton, input, names);
        return;
      }
      buffer.length = start;
      number = wanted;
    }
  }

  /** The number of the layout for parts of these lengths: 0 is one line, others have bits for a match and actions of several. */
  private choose(attributes: number, said: number, action: number): number {
    const { actions } = this.parts;
    const match = said === 0 ? 'match {}'.length : 'match {  }'.length + said;
    const inline = 'action {  }'.length + action;
    const fits = !actions.some((a) => a.inline === null);
    if (fits && !actions.some((a) => a.block !== null) && inline <= WIDTH)
      // Besides there are the head, a blank, and a blank with a brace.
      if ('  flow { '.length + attributes + match + inline + 3 <= WIDTH) return 0;
    const tallMatch = INNER.length + 'match {  }'.length + said > WIDTH;
    const tallAction = !fits || INNER.length + inline > WIDTH;
    return 1 + (tallMatch ? 1 : 0) + (tallAction ? 2 : 0);
  }

  private makeLayout(number: number): Layout {
    const { attributes, terms, actions } = this.parts;
    const onOneLine = number === 0;
    const tallMatch = (number - 1) % 2 === 1 && !onOneLine;
    const tallAction = number >= 3;
    const steps: (Piece | number)[] = [];
    const put = (...pieces: (Piece | string | number)[]): void => {
      for (const p of pieces) steps.push(typeof p === 'string' ? textPiece(p) : p);
    };
    put(onOneLine ? '  flow { ' : '  flow {\n', 0);
    for (const attribute of attributes)
      put(...(onOneLine ? [] : [INNER]), ...attribute, onOneLine ? '; ' : '\n');
    put(1);
    if (!onOneLine) put(INNER);
    if (tallMatch) {
      put('match {\n', 2);
      for (const term of terms) put(DEEP, ...term, '\n');
      put(3, `${INNER}}`);
    } else if (terms.length === 0) put('match {}', 2, 3);
    else {
      put('match { ', 2);
      terms.forEach((term, i) => {
        put(...(i > 0 ? ['; '] : []), ...term);
      });
      put(3, ' }');
    }
    put(onOneLine ? ' ' : `\n${INNER}`);
    if (tallAction) {
      put('action {\n', 4);
      for (const { inline, block } of actions)
        if (block !== null) put(block);
        else put(DEEP, ...(inline ?? []), '\n');
      put(5, `${INNER}}`);
    } else {
      put('action { ', 4);
      actions.forEach(({ inline }, i) => {
        put(...(i > 0 ? [this.between(i)] : []), ...(inline ?? []));
      });
      put(5, ' }');
    }
    put(onOneLine ? ' }\n' : '\n  }\n');
    return layout(steps, {
      matchInline: !tallMatch,
      more: [
        onOneLine ? 0 : attributes.length * (2 - INNER.length - 1),
        tallMatch ? terms.length * (2 - DEEP.length - 1) - 2 : 0,
        tallAction ? this.saved() : 0,
      ],
    });
  }

  /** What stands between an action and the one before it. */
  private between(i: number): string {
    const { actions } = this.parts;
    return actions[i - 1]?.block !== null && actions[i]?.block !== null ? ' ' : '; ';
  }

  /** How much longer actions are on one line than on lines of their own, less what is around them. */
  private saved(): number {
    let more = 0;
    this.parts.actions.forEach(({ inline, block }, i) => {
      if (i > 0) more += this.between(i).length;
      if (block === null) more -= DEEP.length + 1;
      else more += (inline ?? []).reduce((n, p) => n + p.text.length, 0) - block.length;
    });
    return more;
  }

  private saySeparately(skeleton: Skeleton, input: Uint8Array, names: PrintNames): void {
    const { scratch } = this;
    scratch.length = 0;
    run(this.terms, scratch, skeleton, input, names, this.marks);
    this.said = scratch.bytes;
    this.saidFrom = 0;
    this.saidTo = scratch.length;
  }
}

const INNER = '    ';
const DEEP = '      ';
