/** Numbers of ports and tables as ovs-ofctl reads them, with names where they are asked for or needed. */
import { fieldByName } from '../../openflow/fields.ts';
import { portTo32, RESERVED_PORTS } from '../../openflow/ports.ts';
import type { OpenFlowVersion } from '../../openflow/types.ts';

/** What the text of a flow depends on, beside the flow. */
export interface Dialect {
  readonly version: OpenFlowVersion;
  port(number: number): string | undefined;
  table(number: number): string | undefined;
}

/** Numbers throughout, in OpenFlow 1.5. */
export const PLAIN: Dialect = { version: '1.5', port: () => undefined, table: () => undefined };

/** A name that ovs-ofctl reads back as this name wherever it may stand. */
const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;

const RESERVED = new Set(RESERVED_PORTS.map((p) => p.name));

export interface Known {
  /** Names to prefer to numbers; those that would need quotes stay numbers. */
  readonly ports?: ReadonlyMap<number, string>;
  readonly tables?: ReadonlyMap<number, string>;
  /** Numbers that stand for interfaces and are not theirs: the names must be written. */
  readonly unresolvedPorts?: ReadonlyMap<number, string>;
}

/** The words of a version, with the names of a program's ports and tables. */
export function dialect(
  version: OpenFlowVersion,
  { ports, tables, unresolvedPorts = new Map<number, string>() }: Known = {},
): Dialect {
  const plain = (name: string | undefined): string | undefined =>
    name !== undefined && PLAIN_NAME.test(name) && !RESERVED.has(name.toLowerCase()) ? name : undefined;
  return {
    version,
    port: (n) => {
      const interfaceName = unresolvedPorts.get(n);
      return interfaceName === undefined ? plain(ports?.get(n)) : interfaceText(interfaceName);
    },
    table: (n) => plain(tables?.get(n)),
  };
}

/**
 * The name of an interface, in quotes where it could be taken for something else. ovs-ofctl cuts its text at blanks,
 * commas and parentheses before it looks at quotes, but a character may stand there by its number.
 */
export function interfaceText(name: string): string {
  if (PLAIN_NAME.test(name) && !RESERVED.has(name.toLowerCase()) && fieldByName(name) === undefined)
    return name;
  const safe = name.replace(
    /[^A-Za-z0-9_.@-]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${safe}"`;
}

/** A port in either numbering; those that OpenFlow reserves have the same words for every switch. */
export function portText(port: number, words: Dialect): string {
  const reserved = RESERVED_PORTS.find((p) => p.number32 === portTo32(port));
  return reserved?.name ?? words.port(port) ?? String(port);
}

export function tableText(table: number, words: Dialect): string {
  return words.table(table) ?? String(table);
}
