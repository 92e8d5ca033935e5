/** Ports and tables that an input calls by name, whose numbers only its switch knows. */

/** No port of a switch has such a number: OpenFlow 1.0 reserves them (0xff00 to 0xfff6). */
const LAST_PORT = 0xfeff;
const LAST_TABLE = 253;

/**
 * Gives every name a number to stand for it. Numbers that the input itself uses are passed over where they came
 * first (`usePort`, `useTable`), so that a name and a number never become the same port.
 */
export class InputNames {
  /** By placeholder. */
  readonly ports = new Map<number, string>();
  readonly tables = new Map<number, string>();
  private readonly portNumbers = new Map<string, number>();
  private readonly tableNumbers = new Map<string, number>();

  /** The number that stands for the interface of that name. */
  port(name: string): number {
    return remember(name, this.portNumbers, this.ports, LAST_PORT);
  }

  /** The number that stands for the table of that name. */
  table(name: string): number {
    return remember(name, this.tableNumbers, this.tables, LAST_TABLE);
  }
}

function remember(
  name: string,
  numbers: Map<string, number>,
  names: Map<number, string>,
  last: number,
): number {
  const known = numbers.get(name);
  if (known !== undefined) return known;
  const number = last - names.size;
  numbers.set(name, number);
  names.set(number, name);
  return number;
}
