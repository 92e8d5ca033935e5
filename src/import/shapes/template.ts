/** How flows of one shape are printed: their text with places for the values of holes. */
import { TextBuffer } from '../print/buffer.ts';
import { WIDTH } from '../print/layout.ts';
import type { PrintNames } from '../print/names.ts';
import { portName } from '../print/names.ts';
import type { Skeleton } from './skeleton.ts';
import { HOLE } from './skeleton.ts';

/** A part of a text. */
export interface Piece {
  /** How a value is written; `text` stands as it is. */
  readonly form: 'text' | 'copy' | 'decimal' | 'hex' | 'port' | 'group';
  readonly text: string;
  readonly hole: number;
  /** The value is divided by this first. */
  readonly unit: number;
  /** Values that are written as a word. */
  readonly words: ReadonlyMap<number, string> | null;
}

export const textPiece = (text: string): Piece => ({ form: 'text', text, hole: -1, unit: 1, words: null });

/** What a value must be for the shape to fit. */
export interface Rule {
  readonly hole: number;
  readonly least: number;
  readonly most: number;
  /** One value that has a meaning of its own; -1 for none. */
  readonly not: number;
  /** Bits that must be 0, in two halves of 32 bits; of an IPv6 address they are those behind the prefix. */
  readonly highZero: number;
  readonly lowZero: number;
  /** Length of the prefix of an IPv6 address; 128 where there is no mask. */
  readonly prefix: number;
  /** Where the length of the prefix is; -1 where it is not among the holes. */
  readonly prefixHole: number;
  /** Must it be below 256, or not? null where that is all the same. */
  readonly small: boolean | null;
  /** A port, whose name may be a hole. */
  readonly port: boolean;
}

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

/** The number of the port that an interface has; null where there are too many. */
export type PortOf = (name: string) => number | null;

const HALF = 0x1_0000_0000;

/** What a step of writing does. */
const STEP = { text: 0, copy: 1, decimal: 2, hex: 3, port: 4, group: 5, mark: 6 } as const;
/** More than a value takes: the longest are names. */
const LONGEST_VALUE = 100;
const NOTHING = new Uint8Array(0);

interface Step {
  readonly code: number;
  readonly bytes: Uint8Array;
  /** Of a mark its number. */
  readonly hole: number;
  readonly unit: number;
  readonly words: ReadonlyMap<number, string> | null;
}

/** Places in the text of a flow: between the first two its attributes, then its match, then its block of actions. */
const MARKS = 6;

/** A way of laying a flow out. */
interface Layout {
  readonly steps: readonly Step[];
  /** What there is at most to be written. */
  readonly room: number;
  /** So much longer than in what stands between the marks are attributes, match and actions on one line. */
  readonly more: readonly [number, number, number];
  /** Is the match in one piece? */
  readonly matchInline: boolean;
}

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const mark = (number: number): Step => ({
  code: STEP.mark,
  bytes: NOTHING,
  hole: number,
  unit: 1,
  words: null,
});

function stepOf({ form, text, hole, unit, words }: Piece): Step {
  return { code: STEP[form], bytes: form === 'text' ? bytesOf(text) : NOTHING, hole, unit, words };
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
    const steps = parts.terms
      .flatMap((term, i) => [...(i > 0 ? [textPiece('; ')] : []), ...term])
      .map(stepOf);
    this.terms = { ...layout([]), steps, room: roomFor(steps) };
  }

  /** Do the values in the holes have the shape? */
  fits(skeleton: Skeleton, portOf: PortOf): boolean {
    const { rules, inPort, outputs, fixedInPort, fixedOutputs } = this.parts;
    const { values, kinds } = skeleton;
    for (const rule of rules) {
      const { hole } = rule;
      if (rule.port && kinds[hole] === HOLE.name) {
        // From here on the hole is a port.
        const port = portOf(skeleton.names[values[hole] ?? 0] ?? '');
        if (port === null) return false;
        values[hole] = port;
      }
      if (kinds[hole] === HOLE.ipv6) {
        const prefix = rule.prefixHole === -1 ? rule.prefix : (values[rule.prefixHole] ?? 0);
        if (prefix < 1 || prefix > 128 || (prefix === 128 && rule.prefixHole !== -1)) return false;
        if (prefix < 128 && !endsWithZeros(skeleton, hole, prefix)) return false;
        continue;
      }
      if (kinds[hole] === HOLE.wide) continue;
      const value = values[hole] ?? 0;
      if (value < rule.least || value > rule.most || value === rule.not) return false;
      if (rule.prefixHole !== -1) {
        const prefix = values[rule.prefixHole] ?? 0;
        if (prefix < 1 || prefix > 31 || value % 2 ** (32 - prefix) !== 0) return false;
        continue;
      }
      if (rule.lowZero !== 0 && ((value % HALF) & rule.lowZero) !== 0) return false;
      if (rule.highZero !== 0 && (Math.floor(value / HALF) & rule.highZero) !== 0) return false;
      if (rule.small !== null && value < 256 !== rule.small) return false;
    }
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

function layout(pieces: readonly (Piece | number)[], more: Partial<Layout> = {}): Layout {
  const steps: Step[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') steps.push(stepOf(textPiece(text)));
    text = '';
  };
  for (const p of pieces) {
    if (typeof p !== 'number' && p.form === 'text') text += p.text;
    else {
      flush();
      steps.push(typeof p === 'number' ? mark(p) : stepOf(p));
    }
  }
  flush();
  const plain = { more: [0, 0, 0], matchInline: true } as const;
  return { ...plain, ...more, steps, room: roomFor(steps) };
}

function roomFor(steps: readonly Step[]): number {
  return steps.reduce((n, s) => n + (s.code === STEP.text ? s.bytes.length : LONGEST_VALUE), 0);
}

function run(
  { steps, room }: Layout,
  buffer: TextBuffer,
  skeleton: Skeleton,
  input: Uint8Array,
  names: PrintNames,
  marks: Int32Array,
): void {
  buffer.room(room);
  const { bytes } = buffer;
  const { values, starts, ends, kinds } = skeleton;
  let at = buffer.length;
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] as Step;
    const { code, hole } = step;
    if (code === STEP.text) {
      const text = step.bytes;
      for (let k = 0; k < text.length; k++) bytes[at++] = text[k] as number;
      continue;
    }
    if (code === STEP.mark) {
      marks[hole] = at;
      continue;
    }
    const value = values[hole] as number;
    if (code === STEP.copy && step.words === null) {
      for (let k = starts[hole] as number; k < (ends[hole] as number); k++) bytes[at++] = input[k] as number;
      continue;
    }
    const word = step.words === null ? undefined : step.words.get(value);
    if (word !== undefined) {
      for (let k = 0; k < word.length; k++) bytes[at++] = word.charCodeAt(k);
      continue;
    }
    const given = kinds[hole];
    const shown = step.unit === 1 ? value : Math.floor(value / step.unit);
    if (
      code === STEP.copy ||
      (code === STEP.decimal && given === HOLE.decimal) ||
      (code === STEP.hex && given !== HOLE.decimal && step.unit === 1 && shown >= 10)
    ) {
      // It stands there as it is printed.
      for (let k = starts[hole] as number; k < (ends[hole] as number); k++) bytes[at++] = input[k] as number;
      continue;
    }
    const text =
      code === STEP.port
        ? portName(value, names)
        : code === STEP.group
          ? (names.groups.get(value) ?? String(value))
          : code === STEP.decimal || shown < 10
            ? String(shown)
            : `0x${shown.toString(16)}`;
    for (let k = 0; k < text.length; k++) bytes[at++] = text.charCodeAt(k);
  }
  buffer.length = at;
}

/** Are the bits behind the prefix of the address 0? */
function endsWithZeros({ groups }: Skeleton, hole: number, prefix: number): boolean {
  for (let i = prefix >> 4; i < 8; i++) {
    const bits = i === prefix >> 4 ? prefix & 15 : 0;
    if (((groups[hole * 8 + i] ?? 0) & (0xffff >> bits)) !== 0) return false;
  }
  return true;
}
