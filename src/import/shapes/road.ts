/**
 * The quick road of an import. Flows of a file are of a few shapes: the same but for values that mean no more than
 * themselves. The first flows of a shape are read and printed like any other; then it is known where each value goes, and
 * the others are printed without being read. A value that is out of its range, or has a meaning of its own, sends its
 * flow down the plain road, which finds the words for it.
 *
 * test/import/roads.test.ts compares the two.
 */
import { DiagnosticBag } from '../../diagnostics/define.ts';
import type { Alike } from '../alike.ts';
import type { ImportNames } from '../naming.ts';
import { TextBuffer } from '../print/buffer.ts';
import { FlowPrinter } from '../print/flow.ts';
import type { PrintNames } from '../print/names.ts';
import { readFlow } from '../read/index.ts';
import type { ReadContext, ReadFlow } from '../read/index.ts';
import { memoryOf } from '../read/memory.ts';
import { learn } from './learn.ts';
import { probeOf } from './probe.ts';
import { ROLE, rolesOf } from './roles.ts';
import { HOLE, Skeleton } from './skeleton.ts';
import type { Template } from './template.ts';

/** More than any file has that is not made to exhaust us. */
const MOST_SKELETONS = 20_000;
const MOST_SHAPES = 40_000;
/** Flows of a shape from which we try to learn, and all of them; each takes as long as reading several. */
const MOST_TRIES = 3;
const MOST_LESSONS = 5_000;
const PROBES = 2;
const ABSENT = 'probe';

/** Flows with one skeleton, and one value in each hole that must not vary. */
interface Shape {
  /** The values of the fixed holes, and the groups of IPv6 addresses among them. */
  readonly values: readonly number[];
  /** There is more than one such flow. */
  seen: boolean;
  tries: number;
  /** Mostly one; a port below 256 makes another match of some terms than a larger one. */
  readonly learned: Learned[];
}

/** What all flows of a shape have in common. */
export interface Learned {
  readonly template: Template;
  readonly table: number;
  readonly alike: number;
  /** Where the priority is, or what it is. */
  readonly priorityHole: number;
  readonly priority: number;
  readonly cookieHole: number;
  readonly cookie: bigint | null;
}

interface Known {
  readonly bytes: Uint8Array;
  /** Null until a second flow has the skeleton. */
  roles: Uint8Array | null;
  /** The holes that are fixed. */
  fixed: number[];
  shapes: Map<number, Shape[]>;
  /** Nothing is to be learned of it. */
  hopeless: boolean;
}

export class QuickRoad {
  readonly skeleton = new Skeleton();
  private readonly known = new Map<number, Known[]>();
  private readonly ctx: ReadContext;
  private readonly names: ImportNames;
  private readonly alike: Alike;
  /** The characters of the text that is being looked at; those that are not ASCII are any others. */
  input = new Uint8Array(0);
  private text = '';
  private whole: Uint8Array<ArrayBuffer> | null = null;
  private skeletons = 0;
  private shapes = 0;
  private lessons = 0;
  /** Of the flow that was looked for last. */
  private entry: Known | null = null;
  private shape: Shape | null = null;
  private readonly portOf = (name: string): number | null => this.ctx.names.port(name);

  constructor(ctx: ReadContext, names: ImportNames, alike: Alike) {
    this.ctx = ctx;
    this.names = names;
    this.alike = alike;
  }

  /** What is known of flows of the shape; null where the flow has to be read. */
  find(text: string, start: number, end: number): Learned | null {
    const { skeleton } = this;
    this.entry = null;
    this.shape = null;
    this.enter(text);
    if (!skeleton.scan(this.input, start, end)) return null;
    const entry = this.entryOf();
    if (entry === null || entry.hopeless) return null;
    this.entry = entry;
    if (entry.roles === null) {
      entry.roles = rolesOf(skeleton, text, start, end);
      this.fix(entry, []);
    }
    const shape = this.shapeOf(entry);
    this.shape = shape;
    if (shape !== null)
      for (const learned of shape.learned) if (learned.template.fits(skeleton, this.portOf)) return learned;
    return null;
  }

  /** From here on, flows stand in this text. */
  private enter(text: string): void {
    if (text === this.text) return;
    this.text = text;
    this.input = text === this.ctx.text ? (this.whole ??= bytesOf(text)) : bytesOf(text);
  }

  private entryOf(): Known | null {
    const { skeleton, known } = this;
    const { hash, length, bytes } = skeleton;
    let list = known.get(hash);
    if (list !== undefined) for (const entry of list) if (isEqual(entry.bytes, bytes, length)) return entry;
    if (this.skeletons === MOST_SKELETONS) return null;
    this.skeletons++;
    if (list === undefined) known.set(hash, (list = []));
    list.push({
      bytes: bytes.slice(0, length),
      roles: null,
      fixed: [],
      shapes: new Map(),
      hopeless: false,
    });
    // One flow is no reason to learn.
    return null;
  }

  private shapeOf(entry: Known): Shape | null {
    const { skeleton } = this;
    const { fixed } = entry;
    let hash = 0;
    for (const hole of fixed)
      hash = Math.imul(hash ^ ((skeleton.values[hole] ?? 0) | 0), 0x9e3779b1) ^ (hash >>> 15);
    let list = entry.shapes.get(hash);
    if (list !== undefined)
      for (const shape of list)
        if (hasValues(shape, skeleton, fixed)) {
          shape.seen = true;
          return shape;
        }
    if (this.shapes === MOST_SHAPES) return null;
    this.shapes++;
    if (list === undefined) entry.shapes.set(hash, (list = []));
    const shape: Shape = {
      values: valuesOf(skeleton, fixed),
      seen: fixed.length === 0,
      tries: 0,
      learned: [],
    };
    list.push(shape);
    return shape;
  }

  /** The flow that was looked for last has been read, and there was nothing to say of it. */
  learn(text: string, start: number, end: number, read: ReadFlow, cookie: bigint | null): void {
    const { entry, shape, skeleton, names } = this;
    const roles = entry?.roles ?? null;
    if (entry === null || shape === null || roles === null) return;
    if (!shape.seen || shape.tries === MOST_TRIES) return;
    if (this.lessons++ > MOST_LESSONS) return;
    shape.tries++;
    skeleton.scan(this.input, start, end);
    const memory = memoryOf(this.ctx.names);
    // A table may say `miss` instead of a flow of the lowest priority.
    if (memory.plan === null || read.flow.priority === 0) {
      entry.hopeless = true;
      return;
    }
    const printer = new FlowPrinter(names, 1);
    const parts = printer.partsOf(read.flow, { cookie });
    const found = learn({ text, start, end, skeleton, roles, read, memory, parts, names });
    if (!('write' in found)) {
      this.fix(entry, found);
      return;
    }
    const priorityHole = roles.indexOf(ROLE.priority);
    const cookieHole = roles.indexOf(ROLE.cookie);
    const alike = this.alike.of(read.flow);
    const learned: Learned = {
      template: found,
      table: read.flow.table,
      alike,
      priorityHole,
      priority: read.flow.priority,
      cookieHole,
      cookie,
    };
    const own = new TextBuffer();
    printer.write(own, read.flow, { cookie });
    if (this.says(found, this.input, start, end, names) !== own.slice()) return;
    for (let round = 0; round < PROBES; round++)
      if (!this.proves(learned, roles, text, start, end, round)) {
        entry.hopeless = true;
        return;
      }
    shape.learned.push(learned);
  }

  /** These holes must be the same for all. */
  private fix(entry: Known, holes: readonly number[]): void {
    const { roles } = entry;
    if (roles === null) return;
    for (const hole of holes) roles[hole] = ROLE.fixed;
    entry.fixed = [...roles.keys()].filter((hole) => roles[hole] === ROLE.fixed);
    // Their numbers are not exact.
    entry.hopeless ||= entry.fixed.some((hole) => this.skeleton.kinds[hole] === HOLE.wide);
    entry.shapes = new Map();
  }

  /** What the template makes of the text; null where it does not fit. */
  private says(
    template: Template,
    input: Uint8Array,
    start: number,
    end: number,
    names: PrintNames,
  ): string | null {
    const { skeleton } = this;
    if (!skeleton.scan(input, start, end) || !template.fits(skeleton, this.portOf)) return null;
    const buffer = new TextBuffer();
    template.write(buffer, skeleton, input, names);
    return buffer.slice();
  }

  /** Reads another flow of the shape, and compares. */
  private proves(
    { template, alike, table }: Learned,
    roles: Uint8Array,
    text: string,
    start: number,
    end: number,
    round: number,
  ): boolean {
    const { skeleton, names } = this;
    const fits = (line: string): boolean =>
      skeleton.scan(bytesOf(line), 0, line.length) &&
      skeleton.holes === roles.length &&
      template.fits(skeleton, this.portOf);
    skeleton.scan(this.input, start, end);
    const { kinds, starts, ends, holes } = skeleton;
    // The skeleton is used for others.
    const places = {
      kinds: kinds.slice(0, holes),
      starts: starts.slice(0, holes),
      ends: ends.slice(0, holes),
    };
    const line = probeOf(places, roles, text, start, end, round, fits);
    const bag = new DiagnosticBag();
    const read = readFlow({ ...this.ctx, text: line, sink: bag }, 0, line.length);
    if (read === null || bag.all.length > 0 || read.flow.table !== table) return false;
    if (this.alike.of(read.flow) !== alike) return false;
    // Ports and groups that only the probe has leave no trace.
    const quiet: PrintNames = {
      tables: names.tables,
      ports: { get: (port) => names.peekPort(port, ABSENT) },
      groups: { get: (group) => `g${group}` },
      meters: names.meters,
    };
    const own = new TextBuffer();
    const cookie = read.cookieStated && read.flow.cookie !== 0n ? read.flow.cookie : null;
    new FlowPrinter(quiet, 1).write(own, read.flow, { cookie });
    return this.says(template, bytesOf(line), 0, line.length, quiet) === own.slice();
  }
}

const encoder = new TextEncoder();
/** What stands for a character that is not ASCII. */
const FOREIGN = 0xff;

/** A byte for each character. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  const { read, written } = encoder.encodeInto(text, bytes);
  if (read === written && written === text.length) return bytes;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    bytes[i] = code < 128 ? code : FOREIGN;
  }
  return bytes;
}

function isEqual(a: Uint8Array, b: Uint8Array, length: number): boolean {
  if (a.length !== length) return false;
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function valuesOf({ values, kinds, groups }: Skeleton, fixed: readonly number[]): number[] {
  const all: number[] = [];
  for (const hole of fixed) {
    all.push(values[hole] ?? 0);
    if (kinds[hole] === HOLE.ipv6) for (let i = 0; i < 8; i++) all.push(groups[hole * 8 + i] ?? 0);
  }
  return all;
}

function hasValues(shape: Shape, { values, kinds, groups }: Skeleton, fixed: readonly number[]): boolean {
  let at = 0;
  for (const hole of fixed) {
    if (shape.values[at++] !== values[hole]) return false;
    if (kinds[hole] === HOLE.ipv6)
      for (let i = 0; i < 8; i++) if (shape.values[at++] !== groups[hole * 8 + i]) return false;
  }
  return true;
}
