/**
 * Cookies: how a flow on a switch leads back to the program, and to the place in it, that it came from.
 *
 * ```
 *  63            44  43  42                                             0
 * ┌────────────────┬───┬─────────────────────────────────────────────────┐
 * │ program id, 20 │ L │ hash of where the flow is declared, 43          │
 * └────────────────┴───┴─────────────────────────────────────────────────┘
 * ```
 * L is set in flows that the switch has learnt by itself. What is hashed never includes a position or the
 * formatting of the source, so that moving a flow does not change its cookie.
 */
import type { CookieSpace } from './types.ts';

const PROGRAM_BITS = 20;
const HASH_BITS = 43n;

/** Set in the cookie of flows that come from a `learn` action. */
export const LEARNED_BIT = 1n << HASH_BITS;

const PROGRAM_SHIFT = HASH_BITS + 1n;
const ALL_BITS = (1n << 64n) - 1n;

/** OVS takes this cookie to mean "leave the cookie alone". */
export const RESERVED_COOKIE = ALL_BITS;

/** The cookies of a program: a push replaces all flows that have one of them, learnt ones included. */
export function programCookies(id: number): CookieSpace {
  if (!Number.isInteger(id) || id < 1 || id >= 0xfffff)
    throw new RangeError(`not a program id: ${id} (1 to 0xffffe)`);
  return { value: BigInt(id) << PROGRAM_SHIFT, mask: ((1n << BigInt(PROGRAM_BITS)) - 1n) << PROGRAM_SHIFT };
}

/**
 * An id for a program that states none: 1 to 0xffffe, so never all zeros (the cookies of everybody who sets
 * none) nor all ones (the reserved cookie).
 */
export function programIdFromName(name: string): number {
  const hash = new IdentityHash();
  hash.text(name);
  return 1 + (hash.low() % 0xffffe);
}

/** Where a flow is declared. */
export interface FlowKey {
  /** The file, as the project names it: relative to its root, with `/`. */
  readonly module: string;
  readonly table: string;
  readonly flow:
    | { readonly name: string }
    /** An unnamed flow is known by what it matches: `encodeMatch` of its match. */
    | { readonly match: Uint8Array; readonly priority: number };
  /** Which of the flows that this declaration makes: arguments of templates, values of loops, elements of sets. */
  readonly instance: string;
}

/** The cookie of a flow in a space: its hash in all bits that the space leaves free below the learned bit. */
export function flowCookie(space: CookieSpace, key: FlowKey): bigint {
  const hash = new IdentityHash();
  hash.key(key);
  return cookieFromHash(space, hash.high(), hash.low());
}

/** The same from the two halves of the hash, which a caller may have computed by its own steps. */
export function cookieFromHash(space: CookieSpace, high: number, low: number): bigint {
  const hash = (BigInt(high) << 32n) | BigInt(low);
  const cookie = space.value | (hash & ~space.mask);
  return cookie === RESERVED_COOKIE ? cookie ^ (~space.mask & -~space.mask) : cookie;
}

/** A code that no character has, after each part: `("ab", "c")` and `("a", "bc")` differ. */
const END = 0x10000;
/** Introduces a match, so that no name can look like one. */
const MATCH = 0x10001;

const SEED_A = 0xdeadbeef;
const SEED_B = 0x41c6ce57;
const STEP_A = 2654435761;
const STEP_B = 1597334677;

/**
 * The hash of identities: cyrb53 (bryc, public domain) cut to 43 bits. Two 32-bit lanes take one code at a time:
 *
 *     a = imul(a ^ code, 2654435761)     b = imul(b ^ code, 1597334677)
 *
 * from a = 0xdeadbeef, b = 0x41c6ce57, and are mixed at the end (`low`, `high`) without being changed. A code is a
 * UTF-16 code unit of a text, a byte of a match, or one of the separators. No step makes an object or a bigint,
 * and a state can be copied: what many flows have in common is hashed once, the rest for each.
 *
 * Cookies are stored on switches, so these numbers must never change; tests pin them.
 */
export class IdentityHash {
  private a = SEED_A | 0;
  private b = SEED_B | 0;

  reset(): void {
    this.a = SEED_A | 0;
    this.b = SEED_B | 0;
  }

  copyFrom(other: IdentityHash): void {
    this.a = other.a;
    this.b = other.b;
  }

  add(code: number): void {
    this.a = Math.imul(this.a ^ code, STEP_A);
    this.b = Math.imul(this.b ^ code, STEP_B);
  }

  /** One part that is a text, with its end. */
  text(part: string): void {
    this.piece(part, 0, part.length);
    this.add(END);
  }

  /** Some characters of a part. */
  piece(text: string, from: number, to: number): void {
    // In variables of their own the lanes stay in registers: `add` for each character takes twice as long.
    let { a, b } = this;
    for (let i = from; i < to; i++) {
      const code = text.charCodeAt(i);
      a = Math.imul(a ^ code, STEP_A);
      b = Math.imul(b ^ code, STEP_B);
    }
    this.a = a;
    this.b = b;
  }

  /** Pieces of one part: texts as they are, and by their number those of `codes` from `from` to `to`. */
  pieces(
    pieces: readonly (Uint16Array | number)[],
    codes: Uint16Array,
    from: Int32Array,
    to: Int32Array,
  ): void {
    let { a, b } = this;
    for (let n = 0; n < pieces.length; n++) {
      const piece = pieces[n] as Uint16Array | number;
      const own = typeof piece !== 'number';
      const source = own ? piece : codes;
      const end = own ? piece.length : (to[piece] as number);
      for (let i = own ? 0 : (from[piece] as number); i < end; i++) {
        const code = source[i] as number;
        a = Math.imul(a ^ code, STEP_A);
        b = Math.imul(b ^ code, STEP_B);
      }
    }
    this.a = a;
    this.b = b;
  }

  /** Ends a part. */
  end(): void {
    this.add(END);
  }

  /** One part that is the canonical match of an unnamed flow, with its priority and end. */
  match(bytes: Uint8Array, priority: number): void {
    this.add(MATCH);
    let { a, b } = this;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      a = Math.imul(a ^ byte, STEP_A);
      b = Math.imul(b ^ byte, STEP_B);
    }
    this.a = a;
    this.b = b;
    this.add(END);
    this.add(priority);
    this.add(END);
  }

  /** The parts of a key in their order. */
  key({ module, table, flow, instance }: FlowKey): void {
    this.text(module);
    this.text(table);
    if ('name' in flow) this.text(flow.name);
    else this.match(flow.match, flow.priority);
    this.instance(instance);
  }

  /** The last part, which stands apart: the flows of one instance have it in common. */
  instance(instance: string): void {
    if (instance === '') {
      this.text('');
      return;
    }
    const own = new IdentityHash();
    own.text(instance);
    this.joined(own);
  }

  /** The instance from its own hash. */
  joined(own: IdentityHash): void {
    this.add(own.a);
    this.add(own.b);
    this.add(END);
  }

  /** Bits 31..0 of the hash, unsigned. */
  low(): number {
    return this.mixedA() >>> 0;
  }

  /** Bits 42..32 of the hash. */
  high(): number {
    const a = this.mixedA();
    const b = Math.imul(this.b ^ (this.b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
    return b & 0x7ff;
  }

  private mixedA(): number {
    return Math.imul(this.a ^ (this.a >>> 16), 2246822507) ^ Math.imul(this.b ^ (this.b >>> 13), 3266489909);
  }
}
