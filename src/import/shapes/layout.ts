/** A text with places for the values of holes, as the steps in which it is written. */
import { ipv4Text, macText } from '../../emit/text/values.ts';
import type { TextBuffer } from '../print/buffer.ts';
import type { PrintNames } from '../print/names.ts';
import { portName } from '../print/names.ts';
import type { Skeleton } from './skeleton.ts';
import { HOLE } from './skeleton.ts';

/** A part of a text. */
export interface Piece {
  /** How a value is written; `text` stands as it is. */
  readonly form: 'text' | 'copy' | 'decimal' | 'hex' | 'mac' | 'ipv4' | 'port' | 'group';
  readonly text: string;
  readonly hole: number;
  /** The value is divided by this first. */
  readonly unit: number;
  /** Values that are written as a word. */
  readonly words: ReadonlyMap<number, string> | null;
}

export const textPiece = (text: string): Piece => ({ form: 'text', text, hole: -1, unit: 1, words: null });

/** What a step of writing does. */
const STEP = { text: 0, copy: 1, decimal: 2, hex: 3, port: 4, group: 5, mark: 6, mac: 7, ipv4: 8 } as const;
/** More than a value takes: the longest are names. */
const LONGEST_VALUE = 100;
export const NOTHING = new Uint8Array(0);

interface Step {
  readonly code: number;
  readonly bytes: Uint8Array;
  /** Of a mark its number. */
  readonly hole: number;
  readonly unit: number;
  readonly words: ReadonlyMap<number, string> | null;
}

/** Places in the text of a flow: between the first two its attributes, then its match, then its block of actions. */
export const MARKS = 6;

/** A way of laying a flow out. */
export interface Layout {
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

export function layout(pieces: readonly (Piece | number)[], more: Partial<Layout> = {}): Layout {
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

export function run(
  { steps, room }: Layout,
  buffer: TextBuffer,
  skeleton: Skeleton,
  input: Uint8Array,
  names: PrintNames,
  marks: Int32Array,
): void {
  buffer.room(room);
  const { bytes } = buffer;
  const { values, starts, ends, kinds, usual } = skeleton;
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
    const given = kinds[hole];
    const rewritten = given === HOLE.ipv6 && usual[hole] === 0;
    if (code === STEP.copy && !rewritten) {
      for (let k = starts[hole] as number; k < (ends[hole] as number); k++) bytes[at++] = input[k] as number;
      continue;
    }
    const word = step.words === null ? undefined : step.words.get(value);
    if (word !== undefined) {
      for (let k = 0; k < word.length; k++) bytes[at++] = word.charCodeAt(k);
      continue;
    }
    const shown = step.unit === 1 ? value : Math.floor(value / step.unit);
    if (
      (code === STEP.decimal && given === HOLE.decimal) ||
      (code === STEP.hex && given !== HOLE.decimal && step.unit === 1 && shown >= 10)
    ) {
      // It stands there as it is printed.
      for (let k = starts[hole] as number; k < (ends[hole] as number); k++) bytes[at++] = input[k] as number;
      continue;
    }
    const text = rewritten ? skeleton.address(hole) : written(code, shown, names);
    for (let k = 0; k < text.length; k++) bytes[at++] = text.charCodeAt(k);
  }
  buffer.length = at;
}

function written(code: number, value: number, names: PrintNames): string {
  switch (code) {
    case STEP.port:
      return portName(value, names);
    case STEP.group:
      return names.groups.get(value) ?? String(value);
    case STEP.mac:
      return macText(BigInt(value));
    case STEP.ipv4:
      return ipv4Text(BigInt(value));
    default:
      return code === STEP.decimal || value < 10 ? String(value) : `0x${value.toString(16)}`;
  }
}
