/** The flows of a compilation in source order: some lowered, the others known by their bytes alone. */
import type { FlowDecl } from '../../grammar/ast.ts';
import { FactsIndex, factsOf, type Facts } from '../check/pipeline/facts.ts';
import type { Kind } from '../check/pipeline/tables.ts';
import type { TableSymbol } from '../check/types.ts';
import type { Origin as DeclarationOrigin } from '../expand/types.ts';
import { encodeFlowMod } from '../emit/wire/flow-mod.ts';
import { bundleAddBytes } from '../emit/wire/message.ts';
import { ByteWriter } from '../ir/bytes.ts';
import { priorityAt } from './patch.ts';
import type { EncodedFlows, FlowList, FlowMod, Origin } from '../ir/types.ts';

/** Room before each flow for the header that it has in a bundle. */
const GAP = bundleAddBytes('1.5');
/** Of the transaction id in a message. */
const XID_AT = 4;
/** More kinds of flows than a program can have. */
const MAX_FACTS = 2 ** 32;

/** A flow as it stands in the source. */
export interface DeclaredFlow {
  readonly decl: FlowDecl;
  readonly origin: DeclarationOrigin;
}

export class FlowStore implements FlowList {
  /** Lowers a flow of the outline again, for those of which only bytes are kept. */
  relower: (outlineIndex: number, table: TableSymbol | null) => FlowMod | null = () => null;

  /** The declaration of a flow of the outline. */
  redeclare: (outlineIndex: number) => DeclaredFlow | null = () => null;

  /** What of the flows matters to others. */
  readonly facts = new FactsIndex();
  /** The kinds of flows that there are in each table, in the order in which they came. */
  readonly kinds = new Map<number, Kind>();
  length = 0;
  private readonly lowered = new Map<number, FlowMod>();
  private readonly tables: (TableSymbol | null)[] = [];
  private starts = new Int32Array(256);
  private ends = new Int32Array(256);
  private files = new Int32Array(256);
  private outlineIndices = new Int32Array(256);
  private factNumbers = new Int32Array(256);
  private offsets = new Uint32Array(257);
  private buffer: Uint8Array<ArrayBuffer>;
  private used = 0;
  /** True where bytes are made as flows come in; else they are made when asked for. */
  private readonly quick: boolean;

  /** `expectedBytes` of zero is the plain road: flows are encoded only when somebody wants bytes. */
  constructor(expectedBytes = 0) {
    this.quick = expectedBytes > 0;
    this.buffer = new Uint8Array(expectedBytes);
  }

  /** Adds a flow that has been lowered. */
  addLowered(mod: FlowMod, table: TableSymbol | null, outlineIndex: number): void {
    // What can be lowered again is not kept: in a file of unlike flows that would be all of them.
    if (!this.quick || outlineIndex < 0) this.lowered.set(this.length, mod);
    if (this.quick) {
      const writer = new ByteWriter();
      encodeFlowMod(mod, writer, 0);
      const bytes = writer.take();
      this.room(bytes.length).set(bytes, this.position);
      this.used += GAP + bytes.length;
    }
    const facts = this.facts.add(factsOf(mod));
    this.kind(mod.table, facts);
    this.add(mod.origin.start, mod.origin.end, table, outlineIndex, facts, mod.origin.file);
  }

  /** The buffer, with room for that many more bytes at `position`. */
  room(bytes: number): Uint8Array {
    const needed = this.used + GAP + bytes;
    if (needed > this.buffer.length) {
      const larger = new Uint8Array(Math.max(this.buffer.length * 2, needed));
      larger.set(this.buffer.subarray(0, this.used));
      this.buffer = larger;
    }
    return this.buffer;
  }

  get position(): number {
    return this.used + GAP;
  }

  /** Adds the flow whose bytes have been put into `room` at `position`. */
  addBytes(
    bytes: number,
    start: number,
    end: number,
    table: TableSymbol | null,
    outlineIndex: number,
    facts: Facts,
    file = 0,
  ): void {
    this.used += GAP + bytes;
    this.add(start, end, table, outlineIndex, this.facts.addOften(facts), file);
  }

  private kind(table: number, id: number): void {
    const key = table * MAX_FACTS + id;
    const facts = this.facts.all[id];
    if (facts !== undefined && !this.kinds.has(key)) this.kinds.set(key, { table, facts, id });
  }

  private add(
    start: number,
    end: number,
    table: TableSymbol | null,
    outlineIndex: number,
    facts: number,
    file: number,
  ): void {
    const index = this.length++;
    if (index === this.starts.length) this.grow(index * 2);
    this.starts[index] = start;
    this.ends[index] = end;
    this.files[index] = file;
    this.outlineIndices[index] = outlineIndex;
    this.factNumbers[index] = facts;
    this.tables.push(table);
    this.offsets[index + 1] = this.used;
  }

  private grow(size: number): void {
    const copy = (from: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
      const to = new Int32Array(size);
      to.set(from);
      return to;
    };
    this.starts = copy(this.starts);
    this.ends = copy(this.ends);
    this.files = copy(this.files);
    this.outlineIndices = copy(this.outlineIndices);
    this.factNumbers = copy(this.factNumbers);
    const offsets = new Uint32Array(size + 1);
    offsets.set(this.offsets);
    this.offsets = offsets;
  }

  at(index: number): FlowMod {
    const known = this.lowered.get(index);
    if (known !== undefined) return known;
    const again = this.relower(this.outlineIndices[index] ?? -1, this.tables[index] ?? null);
    if (again === null) throw new RangeError(`no flow ${index}`);
    return again;
  }

  /** The kind of a flow: the table it is in, and the number of its facts. */
  kindOf(index: number): Kind | undefined {
    return this.kinds.get(this.tableOf(index) * MAX_FACTS + (this.factNumbers[index] ?? 0));
  }

  tableOf(index: number): number {
    return this.tables[index]?.number ?? 0;
  }

  /** The table that a flow stands in; null at top level. */
  symbolOf(index: number): TableSymbol | null {
    return this.tables[index] ?? null;
  }

  priorityOf(index: number): number {
    return this.quick
      ? priorityAt(this.buffer, (this.offsets[index] ?? 0) + GAP)
      : (this.lowered.get(index)?.priority ?? 0);
  }

  /** How the flow was declared, where that has not been kept. */
  declarationOf(index: number): DeclaredFlow | null {
    return this.redeclare(this.outlineIndices[index] ?? -1);
  }

  origin(index: number): Origin {
    return { file: this.files[index] ?? 0, start: this.starts[index] ?? 0, end: this.ends[index] ?? 0 };
  }

  *[Symbol.iterator](): Iterator<FlowMod> {
    for (let i = 0; i < this.length; i++) yield this.at(i);
  }

  spaced(): (EncodedFlows & { readonly gap: number }) | null {
    if (!this.quick) return null;
    return {
      bytes: this.buffer.subarray(0, this.used),
      offsets: this.offsets.subarray(0, this.length + 1),
      gap: GAP,
    };
  }

  encoded(): EncodedFlows {
    const writer = new ByteWriter(this.used);
    const offsets = new Uint32Array(this.length + 1);
    for (let i = 0; i < this.length; i++) {
      if (this.quick) {
        const message = this.buffer.subarray((this.offsets[i] as number) + GAP, this.offsets[i + 1]);
        // Where somebody has put a transaction id.
        message.fill(0, XID_AT, XID_AT + 4);
        writer.bytes(message);
      } else encodeFlowMod(this.at(i), writer, 0);
      offsets[i + 1] = writer.length;
    }
    return { bytes: writer.take(), offsets };
  }
}
