/** Text of ASCII characters that grows at its end. A hundred thousand flows are many small strings otherwise. */

const DIGIT = 48;
const COLON = 58;
const DOT = 46;
/** Behind the digits come the letters `a` to `f`. */
const LETTER = 87;

const decoder = new TextDecoder();

const hexDigit = (n: number): number => (n < 10 ? DIGIT + n : LETTER + n);

export class TextBuffer {
  bytes: Uint8Array<ArrayBuffer>;
  length = 0;

  constructor(size = 256) {
    this.bytes = new Uint8Array(size);
  }

  /** Makes room for so many characters more. */
  room(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }

  /** Only ASCII. */
  put(text: string): void {
    const { length } = text;
    this.room(length);
    const { bytes } = this;
    let at = this.length;
    for (let i = 0; i < length; i++) bytes[at++] = text.charCodeAt(i);
    this.length = at;
  }

  byte(code: number): void {
    this.room(1);
    this.bytes[this.length++] = code;
  }

  copy(from: TextBuffer, start: number, end: number): void {
    const count = end - start;
    this.room(count);
    if (count > 400) this.bytes.set(from.bytes.subarray(start, end), this.length);
    else for (let i = 0; i < count; i++) this.bytes[this.length + i] = from.bytes[start + i] ?? 0;
    this.length += count;
  }

  decimal(n: number): void {
    if (n < 10) this.byte(DIGIT + n);
    else if (n < 100) {
      this.byte(DIGIT + Math.floor(n / 10));
      this.byte(DIGIT + (n % 10));
    } else this.put(String(n));
  }

  /** `02:00:00:00:00:01` */
  mac(n: number): void {
    this.room(17);
    const high = Math.floor(n / 0x100_0000);
    const low = n % 0x100_0000;
    const { bytes } = this;
    let at = this.length;
    for (let i = 0; i < 6; i++) {
      const byte = (i < 3 ? high >> (16 - 8 * i) : low >> (40 - 8 * i)) & 0xff;
      bytes[at++] = hexDigit(byte >> 4);
      bytes[at++] = hexDigit(byte & 15);
      if (i < 5) bytes[at++] = COLON;
    }
    this.length = at;
  }

  /** `10.0.0.1` */
  ipv4(n: number): void {
    for (let shift = 24; shift >= 0; shift -= 8) {
      this.decimal((n >>> shift) & 0xff);
      if (shift > 0) this.byte(DOT);
    }
  }

  slice(start = 0, end = this.length): string {
    return decoder.decode(this.bytes.subarray(start, end));
  }
}
