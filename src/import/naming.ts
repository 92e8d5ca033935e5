/** Names of declarations, made from what the input calls things. */
import { reservedMeaning } from '../openflow/well-known.ts';
import type { Item } from './items.ts';
import type { PrintNames } from './print/names.ts';
import type { InputNames } from './read/index.ts';

/** The highest number of a table that can be declared. */
export const LAST_TABLE = 253;

/** Words that are something else where a port or a table may stand. */
const TAKEN = ['ct', 'pkt'];

/** An identifier that looks like the name. */
export function identifier(name: string, fallback: string): string {
  const plain = name.replace(/[^A-Za-z0-9_]+/g, '_').slice(0, 60);
  if (/^_*$/.test(plain)) return fallback;
  return /^[0-9]/.test(plain) ? `${fallback}_${plain}` : plain;
}

/** Gives names out, each once. */
class Names {
  private readonly taken = new Set(TAKEN);

  give(name: string, kind: 'port' | 'table'): string {
    const plain = identifier(name, kind);
    let free = plain;
    for (let n = 2; this.taken.has(free) || reservedMeaning(free, kind) !== undefined; n++)
      free = n === 2 && reservedMeaning(plain, kind) !== undefined ? `${plain}_${kind}` : `${plain}_${n}`;
    this.taken.add(free);
    return free;
  }
}

/** What is called how, and what has been used. */
export class ImportNames implements PrintNames {
  /** Ports and tables share one space of names. */
  private readonly names = new Names();
  private readonly input: InputNames;
  private readonly portNames = new Map<number, string>();
  private readonly tableNames = new Map<number, string>();
  /** Ports that are used by their numbers. */
  readonly portNumbers = new Set<number>();
  /** Groups and meters, by id, with the flow that uses them first. */
  readonly usedGroups = new Map<number, Item | null>();
  readonly usedMeters = new Map<number, Item | null>();
  /** What is being written. */
  user: Item | null = null;
  /** Whether ports with a number are declared too: where one port has a name, the others are to have one. */
  declaresNumbers = false;

  constructor(input: InputNames) {
    this.input = input;
  }

  readonly ports = {
    get: (port: number): string | undefined => {
      const known = this.portNames.get(port);
      if (known !== undefined) return known;
      const named = this.input.ports.get(port);
      if (named === undefined) {
        if (port === 0) return undefined;
        this.portNumbers.add(port);
        if (!this.declaresNumbers) return undefined;
      }
      // Ports have numbers beside names as a rule.
      else if (this.portNumbers.size === 0) this.declaresNumbers = true;
      const name = this.names.give(named ?? `port${port}`, 'port');
      this.portNames.set(port, name);
      return name;
    },
  };

  /** What a port has been called so far; what it has not been called is `absent` and its number. Nothing is remembered. */
  peekPort(port: number, absent: string): string | undefined {
    return this.portNames.get(port) ?? (this.portNumbers.has(port) ? undefined : `${absent}${port}`);
  }

  readonly tables = {
    get: (table: number): string | undefined => {
      const known = this.tableNames.get(table);
      if (known !== undefined || table > LAST_TABLE) return known;
      const name = this.names.give(this.input.tables.get(table) ?? `table${table}`, 'table');
      this.tableNames.set(table, name);
      return name;
    },
  };

  readonly groups = {
    get: (group: number): string => {
      if (!this.usedGroups.has(group)) this.usedGroups.set(group, this.user);
      return `g${group}`;
    },
  };

  readonly meters = {
    get: (meter: number): string => {
      if (!this.usedMeters.has(meter)) this.usedMeters.set(meter, this.user);
      return `m${meter}`;
    },
  };

  /** The declarations of ports, the named ones first. */
  portDeclarations(): { readonly name: string; readonly value: number | string }[] {
    const numbers = [...this.portNumbers].sort((a, b) => a - b);
    const named = [...this.input.ports].map(([number, name]) => ({
      name: this.ports.get(number) ?? name,
      value: name,
    }));
    if (!this.declaresNumbers) return named;
    return [...named, ...numbers.map((number) => ({ name: this.ports.get(number) ?? '', value: number }))];
  }

  /** Every table that has a name, by its number in the IR. */
  get tableEntries(): ReadonlyMap<number, string> {
    return this.tableNames;
  }

  /** Is the number of the table that of the input, or just a stand-in for a name? */
  isStandIn(table: number): boolean {
    return this.input.tables.has(table);
  }
}
