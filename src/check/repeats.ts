/**
 * What concerns several flows: the same match twice at one priority of a table, and two flows with one cookie.
 *
 * Works on bytes and numbers, in growing typed arrays, because it sees every one of 100,000 flows and most of them
 * have no other form (see `src/project/shapes.ts`).
 */

/** Where a flow stands: offsets in the file. */
export interface FlowPlace {
  readonly file: number;
  readonly start: number;
  readonly end: number;
  /** Span of its name, or of the keyword where it has none. */
  readonly nameStart: number;
  readonly nameEnd: number;
  /** Its number among those that `Repeats` has; only where it comes from there. */
  readonly entry?: number;
}

/** A hash table from keys, held elsewhere, to entry numbers. */
class HashIndex {
  private slots: Int32Array<ArrayBuffer>;
  private hashes: Int32Array<ArrayBuffer>;
  count = 0;

  /** `size` is a power of two. */
  constructor(size: number) {
    this.hashes = new Int32Array(size);
    this.slots = new Int32Array(size * 2).fill(-1);
  }

  /** The slot to begin with for a hash; entries with it are found by `entryAt` and `next`. */
  first(hash: number): number {
    return hash & (this.slots.length - 1);
  }

  next(slot: number): number {
    return (slot + 1) & (this.slots.length - 1);
  }

  /** The entry in a slot: -1 ends the search, -2 is one with another hash. */
  entryAt(slot: number, hash: number): number {
    const entry = this.slots[slot] as number;
    return entry === -1 || this.hashes[entry] === hash ? entry : -2;
  }

  /** Adds entry number `count`. */
  insert(hash: number): number {
    if (this.count === this.hashes.length) {
      const hashes = new Int32Array(this.count * 2);
      hashes.set(this.hashes);
      this.hashes = hashes;
      this.slots = new Int32Array(this.count * 4).fill(-1);
      for (let entry = 0; entry < this.count; entry++) this.place(hashes[entry] as number, entry);
    }
    const entry = this.count++;
    this.hashes[entry] = hash;
    this.place(hash, entry);
    return entry;
  }

  private place(hash: number, entry: number): void {
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    while (this.slots[slot] !== -1) slot = (slot + 1) & mask;
    this.slots[slot] = entry;
  }
}

/** Some bits of a cookie hash into a table index. */
const mixCookie = (high: number, low: number): number => Math.imul(high ^ low ^ (low >>> 15), 0x9e3779b1) | 0;

/** All flows seen so far. */
export class Repeats {
  private readonly matches: HashIndex;
  private readonly cookies: HashIndex;
  /** Per flow: start, end, name start, name end, file. */
  private places: Int32Array<ArrayBuffer>;
  private count = 0;
  /** Keys of the matches one behind the other: table, priority (2 bytes), TLVs. */
  private arena: Uint8Array<ArrayBuffer>;
  private arenaUsed = 0;
  /** Per entry of `matches`: where its key starts in the arena; one more for the end. */
  private keyStarts: Int32Array<ArrayBuffer>;
  /** Per entry of `cookies`: high word, low word, number of the flow. */
  private cookieRows: Int32Array<ArrayBuffer>;

  /** Makes room for so many flows; more may come. */
  constructor(expected = 256) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(expected, 256) + 16));
    this.matches = new HashIndex(size);
    this.cookies = new HashIndex(size);
    this.places = new Int32Array(size * 5);
    this.arena = new Uint8Array(expected * 72 + 4096);
    this.keyStarts = new Int32Array(size + 1);
    this.cookieRows = new Int32Array(size * 3);
  }

  /** The earlier flow with the same table, priority and match (`bytes[from..to)`, TLVs in canonical order), or null. */
  findMatch(table: number, priority: number, bytes: Uint8Array, from: number, to: number): FlowPlace | null {
    const hash = hashKey(table, priority, bytes, from, to);
    this.lastHash = hash;
    const { matches } = this;
    for (let slot = matches.first(hash); ; slot = matches.next(slot)) {
      const entry = matches.entryAt(slot, hash);
      if (entry === -1) return null;
      if (entry >= 0 && this.sameKey(entry, table, priority, bytes, from, to)) return this.placeOf(entry);
    }
  }

  private sameKey(
    entry: number,
    table: number,
    priority: number,
    bytes: Uint8Array,
    from: number,
    to: number,
  ): boolean {
    const { arena, keyStarts } = this;
    let at = keyStarts[entry] as number;
    if ((keyStarts[entry + 1] as number) - at !== to - from + 3) return false;
    if (arena[at] !== table || arena[at + 1] !== priority >> 8 || arena[at + 2] !== (priority & 255))
      return false;
    at += 3;
    for (let i = from; i < to; i++, at++) if (arena[at] !== bytes[i]) return false;
    return true;
  }

  private lastHash = 0;

  /** Adds the flow that `findMatch` has just not found. */
  addMatch(
    table: number,
    priority: number,
    bytes: Uint8Array,
    from: number,
    to: number,
    at: FlowPlace,
  ): void {
    this.addMatchAt(table, priority, bytes, from, to, at.start, at.end, at.nameStart, at.nameEnd, at.file);
  }

  /** The same, with the place as numbers. */
  addMatchAt(
    table: number,
    priority: number,
    bytes: Uint8Array,
    from: number,
    to: number,
    start: number,
    end: number,
    nameStart: number,
    nameEnd: number,
    file = 0,
  ): void {
    const length = to - from + 3;
    if (this.arenaUsed + length > this.arena.length) {
      const larger = new Uint8Array(Math.max(this.arena.length * 2, this.arenaUsed + length));
      larger.set(this.arena.subarray(0, this.arenaUsed));
      this.arena = larger;
    }
    const { arena } = this;
    let p = this.arenaUsed;
    arena[p++] = table;
    arena[p++] = priority >> 8;
    arena[p++] = priority & 255;
    for (let i = from; i < to; i++) arena[p++] = bytes[i] as number;
    this.arenaUsed = p;
    const entry = this.matches.insert(this.lastHash);
    this.keyStarts = room(this.keyStarts, entry + 2);
    this.keyStarts[entry + 1] = p;
    this.places = room(this.places, (entry + 1) * 5);
    this.places[entry * 5] = start;
    this.places[entry * 5 + 1] = end;
    this.places[entry * 5 + 2] = nameStart;
    this.places[entry * 5 + 3] = nameEnd;
    this.places[entry * 5 + 4] = file;
    this.count = entry + 1;
  }

  /** The number of the flow added last. */
  get last(): number {
    return this.count - 1;
  }

  /** The earlier flow to which the compiler has given this cookie (as two unsigned 32-bit words), or null. */
  findCookie(high: number, low: number): FlowPlace | null {
    const { cookies, cookieRows } = this;
    const hash = mixCookie(high, low);
    for (let slot = cookies.first(hash); ; slot = cookies.next(slot)) {
      const entry = cookies.entryAt(slot, hash);
      if (entry === -1) return null;
      if (entry >= 0 && cookieRows[entry * 3] === (high | 0) && cookieRows[entry * 3 + 1] === (low | 0)) {
        return this.placeOf(cookieRows[entry * 3 + 2] as number);
      }
    }
  }

  /** Adds the cookie of the flow added last. */
  addCookie(high: number, low: number): void {
    const entry = this.cookies.insert(mixCookie(high, low));
    this.cookieRows = room(this.cookieRows, (entry + 1) * 3);
    this.cookieRows[entry * 3] = high;
    this.cookieRows[entry * 3 + 1] = low;
    this.cookieRows[entry * 3 + 2] = this.count - 1;
  }

  /** All cookies that have been added, as two unsigned words. */
  eachCookie(visit: (high: number, low: number) => void): void {
    const { cookieRows } = this;
    for (let i = 0; i < this.cookies.count; i++)
      visit((cookieRows[i * 3] as number) >>> 0, (cookieRows[i * 3 + 1] as number) >>> 0);
  }

  private placeOf(flow: number): FlowPlace {
    const p = this.places;
    return {
      start: p[flow * 5] ?? 0,
      end: p[flow * 5 + 1] ?? 0,
      nameStart: p[flow * 5 + 2] ?? 0,
      nameEnd: p[flow * 5 + 3] ?? 0,
      file: p[flow * 5 + 4] ?? 0,
      entry: flow,
    };
  }
}

/** A hash of what a flow is known by on a switch: its table, its priority and its match, `bytes[from..to)`. */
export function hashKey(
  table: number,
  priority: number,
  bytes: Uint8Array,
  from: number,
  to: number,
): number {
  let h = Math.imul((table << 16) ^ priority, 0x9e3779b1);
  for (let i = from; i < to; i++) h = Math.imul(h ^ (bytes[i] as number), 0x01000193);
  h ^= h >>> 15;
  h = Math.imul(h, 0x85ebca6b);
  return h ^ (h >>> 13);
}

function room(array: Int32Array<ArrayBuffer>, needed: number): Int32Array<ArrayBuffer> {
  if (needed <= array.length) return array;
  const larger = new Int32Array(Math.max(array.length * 2, needed));
  larger.set(array);
  return larger;
}
