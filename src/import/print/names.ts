/** What numbers are called in the program that is written. */
import { reservedPort, RESERVED_PORTS } from '../../openflow/ports.ts';

/** A map, or what answers like one. */
export interface Labels {
  get(number: number): string | undefined;
}

/** Names of declarations, by number. They are identifiers that may be declared; what has none is written as a number. */
export interface PrintNames {
  readonly tables: Labels;
  readonly ports: Labels;
  readonly groups: Labels;
  readonly meters: Labels;
}

const NONE: Labels = new Map<number, string>();

export const NUMBERS_ONLY: PrintNames = { tables: NONE, ports: NONE, groups: NONE, meters: NONE };

const RESERVED = new Map(RESERVED_PORTS.flatMap((p) => [[p.number32, p.name] as const]).reverse());

/** A port of 32 bits (`output`) or of 16 (`in_port`, `resubmit`). */
export function portName(port: number, names: PrintNames): string {
  if (port < 0xff00) return names.ports.get(port) ?? String(port);
  return RESERVED.get(port <= 0xffff ? port + 0xffff_0000 : port) ?? String(port);
}

export function tableName(table: number, names: PrintNames): string {
  return names.tables.get(table) ?? String(table);
}

export function groupName(group: number, names: PrintNames): string {
  return names.groups.get(group) ?? String(group);
}

export function meterName(meter: number, names: PrintNames): string {
  return names.meters.get(meter) ?? String(meter);
}

/** Does the word mean a port wherever a port may stand, whatever else it is? */
export function isReservedPort(word: string): boolean {
  return reservedPort(word) !== undefined;
}
