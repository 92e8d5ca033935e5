/** A growing buffer of big-endian numbers: what OpenFlow messages are written into. */
export class ByteWriter {
  private buffer: Uint8Array;
  private used = 0;

  constructor(capacity = 1024) {
    this.buffer = new Uint8Array(capacity);
  }

  /** Bytes written so far; also the position of the next one. */
  get length(): number {
    return this.used;
  }

  u8(value: number): void {
    const at = this.reserve(1);
    this.buffer[at] = value;
  }

  u16(value: number): void {
    const at = this.reserve(2);
    this.buffer[at] = value >>> 8;
    this.buffer[at + 1] = value;
  }

  u32(value: number): void {
    const at = this.reserve(4);
    this.buffer[at] = value >>> 24;
    this.buffer[at + 1] = value >>> 16;
    this.buffer[at + 2] = value >>> 8;
    this.buffer[at + 3] = value;
  }

  /** A number of any width, such as an IPv6 address; bits above `bytes` are cut off. */
  uint(value: bigint, bytes: number): void {
    if (bytes === 4) {
      this.u32(Number(BigInt.asUintN(32, value)));
      return;
    }
    if (bytes === 2) {
      this.u16(Number(BigInt.asUintN(16, value)));
      return;
    }
    const start = this.reserve(bytes);
    let rest = value;
    let at = start + bytes;
    while (at > start) {
      // 32 bits at a time: arithmetic on bigints is what costs.
      let word = Number(BigInt.asUintN(32, rest));
      rest >>= 32n;
      for (let i = 0; i < 4 && at > start; i++) {
        this.buffer[--at] = word;
        word >>>= 8;
      }
    }
  }

  bytes(source: Uint8Array): void {
    const at = this.reserve(source.length);
    this.buffer.set(source, at);
  }

  zeros(count: number): void {
    const at = this.reserve(count);
    this.buffer.fill(0, at, at + count);
  }

  /** Zeros until what began at `from` has a multiple of 8 bytes. */
  pad8(from: number): void {
    const rest = (this.used - from) % 8;
    if (rest !== 0) this.zeros(8 - rest);
  }

  /** Overwrites two bytes that have been written before, such as a length that was not known then. */
  setU16(at: number, value: number): void {
    this.buffer[at] = value >>> 8;
    this.buffer[at + 1] = value;
  }

  setU32(at: number, value: number): void {
    this.setU16(at, value >>> 16);
    this.setU16(at + 2, value);
  }

  /** Forgets what was written from `length` on. */
  truncate(length = 0): void {
    this.used = length;
  }

  /** What was written, without a copy: valid until the next write. */
  view(from = 0): Uint8Array {
    return this.buffer.subarray(from, this.used);
  }

  /** A copy of what was written. */
  take(from = 0): Uint8Array {
    return this.buffer.slice(from, this.used);
  }

  private reserve(count: number): number {
    const at = this.used;
    const needed = at + count;
    if (needed > this.buffer.length) {
      const larger = new Uint8Array(Math.max(needed, this.buffer.length * 2));
      larger.set(this.buffer);
      this.buffer = larger;
    }
    this.used = needed;
    return at;
  }
}
