/** Cuts a stream of bytes into OpenFlow messages. */
import { HEADER } from './wire.ts';

/** The stream holds something that cannot be a message; nothing after it can be told apart. */
export class BadFrame extends Error {}

export class Framer {
  private chunks: Buffer[] = [];
  private size = 0;
  /** Bytes that are needed before there is anything to do. */
  private wanted = HEADER;
  private readonly check: (version: number, type: number) => string | null;

  /** `check` may say why a header with that version and type cannot be. */
  constructor(check: (version: number, type: number) => string | null) {
    this.check = check;
  }

  /** Hands over every message that is complete. What it hands over is valid for good. */
  push(chunk: Buffer, take: (message: Buffer) => void): void {
    this.chunks.push(chunk);
    this.size += chunk.length;
    if (this.size < this.wanted) return;
    const bytes = this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks, this.size);
    let at = 0;
    this.wanted = HEADER;
    while (bytes.length - at >= HEADER) {
      const length = bytes.readUInt16BE(at + 2);
      const wrong = this.check(bytes.readUInt8(at), bytes.readUInt8(at + 1));
      if (wrong !== null) throw new BadFrame(`${wrong}${excerpt(bytes.subarray(at))}`);
      if (length < HEADER)
        throw new BadFrame(`a message says that it is ${length} bytes long${excerpt(bytes.subarray(at))}`);
      if (bytes.length - at < length) {
        this.wanted = length;
        break;
      }
      take(bytes.subarray(at, at + length));
      at += length;
    }
    const rest = bytes.subarray(at);
    this.chunks = rest.length === 0 ? [] : [rest];
    this.size = rest.length;
  }
}

/** What there is instead, readable: nobody recognises an HTTP answer by its bytes. */
export function excerpt(bytes: Buffer): string {
  const some = bytes.subarray(0, 32);
  const printable = /^[\x20-\x7e\r\n\t]{4,}/.exec(some.toString('latin1'));
  if (printable !== null) return ` (it says ${JSON.stringify(printable[0])})`;
  return some.length === 0 ? '' : ` (${some.subarray(0, 16).toString('hex')})`;
}
