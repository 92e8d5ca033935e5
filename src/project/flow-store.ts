/** The flows of a compilation in source order: some lowered, the others known by their bytes alone. */
import type { TableSymbol } from '../check/types.ts';
import { encodeFlowMod } from '../emit/wire/flow-mod.ts';
import { ByteWriter } from '../ir/bytes.ts';
import type { EncodedFlows, FlowList, FlowMod, Origin } from '../ir/types.ts';

export class FlowStore implements FlowList {
  /** Lowers a flow of the outline again, for those of which only bytes are kept. */
  relower: (outlineIndex: number, table: TableSymbol | null) => FlowMod | null = () => null;

  length = 0;
  private readonly lowered = new Map<number, FlowMod>();
  private readonly tables: (TableSymbol | null)[] = [];
  private starts = new Int32Array(256);
  private ends = new Int32Array(256);
  private files = new Int32Array(256);
  private outlineIndices = new Int32Array(256);
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
      this.room(bytes.length).set(bytes, this.used);
      this.used += bytes.length;
    }
    this.add(mod.origin.start, mod.origin.end, table, outlineIndex, mod.origin.file);
  }

  /** The buffer, with room for that many more bytes at `position`. */
  room(bytes: number): Uint8Array {
    if (this.used + bytes > this.buffer.length) {
      const larger = new Uint8Array(Math.max(this.buffer.length * 2, this.used + bytes));
      larger.set(this.buffer.subarray(0, this.used));
      this.buffer = larger;
    }
    return this.buffer;
  }

  get position(): number {
    return this.used;
  }

  /** Adds the flow whose bytes have been put into `room` at `position`. */
  addBytes(
    bytes: number,
    start: number,
    end: number,
    table: TableSymbol | null,
    outlineIndex: number,
    file = 0,
  ): void {
    this.used += bytes;
    this.add(start, end, table, outlineIndex, file);
  }

  private add(start: number, end: number, table: TableSymbol | null, outlineIndex: number, file = 0): void {
    const index = this.length++;
    if (index === this.starts.length) this.grow(index * 2);
    this.starts[index] = start;
    this.ends[index] = end;
    this.files[index] = file;
    this.outlineIndices[index] = outlineIndex;
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

  origin(index: number): Origin {
    return { file: this.files[index] ?? 0, start: this.starts[index] ?? 0, end: this.ends[index] ?? 0 };
  }

  *[Symbol.iterator](): Iterator<FlowMod> {
    for (let i = 0; i < this.length; i++) yield this.at(i);
  }

  encoded(): EncodedFlows {
    if (this.quick) {
      return {
        bytes: this.buffer.subarray(0, this.used),
        offsets: this.offsets.subarray(0, this.length + 1),
      };
    }
    const writer = new ByteWriter();
    const offsets = new Uint32Array(this.length + 1);
    for (let i = 0; i < this.length; i++) {
      encodeFlowMod(this.at(i), writer, 0);
      offsets[i + 1] = writer.length;
    }
    return { bytes: writer.take(), offsets };
  }
}
