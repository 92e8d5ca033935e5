/** Ports and tables that an input calls by name, whose numbers only its switch knows. */

/** The last number that a port can have. */
const LAST_PORT = 0xfeff;
/** The last number that a table can have: 254 is the switch's own. */
const LAST_TABLE = 253;

/**
 * Gives every name a number to stand for it: from the last one down, without those that stand in the input, so that
 * a name and a number never become the same port.
 */
export class InputNames {
  /** By the number that stands for the name. */
  readonly ports = new Map<number, string>();
  readonly tables = new Map<number, string>();
  private readonly portNumbers: StandIns;
  private readonly tableNumbers: StandIns;

  /** `text` is all of the input. */
  constructor(text = '') {
    this.portNumbers = new StandIns(this.ports, LAST_PORT, () => numbersIn(text));
    this.tableNumbers = new StandIns(this.tables, LAST_TABLE, () => tablesIn(text));
  }

  /** The number that stands for the interface of that name; null where there are more names than numbers. */
  port(name: string): number | null {
    return this.portNumbers.of(name);
  }

  /** The number that stands for the table of that name; null where there are more names than numbers. */
  table(name: string): number | null {
    return this.tableNumbers.of(name);
  }

  /** Has the input called a port so before? */
  knowsPort(name: string): boolean {
    return this.portNumbers.knows(name);
  }
}

class StandIns {
  private readonly numbers = new Map<string, number>();
  private readonly names: Map<number, string>;
  private readonly numbersInUse: () => ReadonlySet<number>;
  private used: ReadonlySet<number> | null = null;
  private next: number;

  constructor(names: Map<number, string>, last: number, numbersInUse: () => ReadonlySet<number>) {
    this.names = names;
    this.next = last;
    this.numbersInUse = numbersInUse;
  }

  knows(name: string): boolean {
    return this.numbers.has(name);
  }

  of(name: string): number | null {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    this.used ??= this.numbersInUse();
    while (this.used.has(this.next)) this.next--;
    if (this.next < 0) return null;
    const number = this.next--;
    this.numbers.set(name, number);
    this.names.set(number, name);
    return number;
  }
}

/** The numbers of up to five digits in a text. */
function numbersIn(text: string): ReadonlySet<number> {
  const found = new Uint8Array(0x10000);
  let value = -1;
  for (let at = 0; at <= text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit >= 0 && digit <= 9) value = value < 0 ? digit : Math.min(value * 10 + digit, 0x10000);
    else if (value >= 0) {
      if (value < 0x10000) found[value] = 1;
      value = -1;
    }
  }
  return new Set([...found.keys()].filter((n) => found[n] === 1));
}

/** Where the number of a table may stand; of `resubmit(1,2)` the part behind the comma. */
const TABLE = /table[=:](\d{1,3})\b|\bresubmit\([^,()\s]{0,70},(\d{1,3})\b/g;

function tablesIn(text: string): ReadonlySet<number> {
  return new Set([...text.matchAll(TABLE)].map(([, a, b]) => Number(a ?? b)));
}
