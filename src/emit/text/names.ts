/** Numbers of ports and tables as ovs-ofctl reads them, with names where they are asked for. */
import { portTo32, RESERVED_PORTS } from '../../openflow/ports.ts';

export interface Names {
  port(number: number): string | undefined;
  table(number: number): string | undefined;
}

/** Numbers throughout. */
export const NO_NAMES: Names = { port: () => undefined, table: () => undefined };

/** A name that ovs-ofctl reads back as this name wherever it may stand; others are written as numbers. */
const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;

const RESERVED = new Set(RESERVED_PORTS.map((p) => p.name));

/** Names of a program's ports and tables. */
export function namesOf(ports: ReadonlyMap<number, string>, tables: ReadonlyMap<number, string>): Names {
  const plain = (name: string | undefined): string | undefined =>
    name !== undefined && PLAIN_NAME.test(name) && !RESERVED.has(name.toLowerCase()) ? name : undefined;
  return { port: (n) => plain(ports.get(n)), table: (n) => plain(tables.get(n)) };
}

/** A port in either numbering; those that OpenFlow reserves have the same words for every switch. */
export function portText(port: number, names: Names): string {
  const reserved = RESERVED_PORTS.find((p) => p.number32 === portTo32(port));
  return reserved?.name ?? names.port(port) ?? String(port);
}

export function tableText(table: number, names: Names): string {
  return names.table(table) ?? String(table);
}
