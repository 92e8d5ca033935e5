/** Ports and tables, by number or by name. */
import { badPort, badTable, tooManyNames } from '../../diagnostics/codes/import.ts';
import { portTo32, RESERVED_PORTS } from '../../openflow/ports.ts';
import type { Source } from './source.ts';
import { shown } from './source.ts';

/** OVS has no port from here on, but those with a name of their own. */
export const MAX_PORTS = 0xff00;

const RESERVED = new Map(RESERVED_PORTS.map((p) => [p.name, p.number16] as const));

/** The port that every switch has by that name, in the numbers of OpenFlow 1.0. */
export function reservedPort(name: string): number | undefined {
  return name.length > 10 ? undefined : RESERVED.get(name.toLowerCase());
}

/** A port in the numbers of OpenFlow 1.0, from 0 to 65535; null is reported. */
export function readPort(source: Source, start: number, end: number): number | null {
  const { text } = source;
  if (isDecimal(text, start, end)) {
    const number = scanDecimal(text, start, end);
    if (number < 0x10000) return number;
    if (number >= 0xffffff00 && number <= 0xffffffff) return number - 0xffff0000;
    return refusePort(source, start, end);
  }
  const word = text.slice(start, end);
  return reservedPort(word) ?? namedPort(source, word, start, end);
}

/** The same in the numbers of OpenFlow 1.1 and newer. */
export function readPort32(source: Source, start: number, end: number): number | null {
  const port = readPort(source, start, end);
  return port === null ? null : portTo32(port);
}

function refusePort(source: Source, start: number, end: number): null {
  return source.fail(badPort, { port: shown(source.slice(start, end)) }, start, end);
}

function namedPort(source: Source, word: string, start: number, end: number): number | null {
  const name = word.startsWith('"') ? unquoted(word) : word;
  if (name === null || !isInterfaceName(name)) return refusePort(source, start, end);
  return source.names.port(name) ?? source.fail(tooManyNames, { name: shown(name) }, start, end);
}

/** What an interface could be called; numbers in other forms are no names. */
function isInterfaceName(name: string): boolean {
  return /^[!-~]{1,63}$/.test(name) && !/["'\\/]|^[-+]|^0[xX][0-9a-fA-F]*$/.test(name);
}

/** The inside of a string in double quotes; null where it is none. */
export function unquoted(word: string): string | null {
  if (word.length < 2 || !word.endsWith('"')) return null;
  try {
    const value: unknown = JSON.parse(word);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

/** Could a port or a table be called so, where a bare word stands? */
export function looksLikeInterface(source: Source, word: string): boolean {
  if (word.startsWith('"')) return unquoted(word) !== null;
  return isInterfaceName(word) && (source.names.knowsPort(word) || /\d/.test(word));
}

/** A table from 0 to 255; null is reported. */
export function readTable(source: Source, start: number, end: number): number | null {
  const { text } = source;
  if (isDecimal(text, start, end)) {
    const number = scanDecimal(text, start, end);
    return number <= 255 ? number : refuseTable(source, start, end);
  }
  const word = text.slice(start, end);
  const name = word.startsWith('"') ? unquoted(word) : word;
  if (name === null || !/^[ -~]{1,63}$/.test(name) || /^[-+]|^0[xX][0-9a-fA-F]*$/.test(name))
    return refuseTable(source, start, end);
  return source.names.table(name) ?? source.fail(tooManyNames, { name: shown(name) }, start, end);
}

function refuseTable(source: Source, start: number, end: number): null {
  return source.fail(badTable, { table: shown(source.slice(start, end)) }, start, end);
}

/** Only decimal digits, but for a plus? */
function isDecimal(text: string, start: number, end: number): boolean {
  let at = start;
  if (text.charCodeAt(at) === 43) at++;
  if (at >= end) return false;
  for (; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

function scanDecimal(text: string, start: number, end: number): number {
  return end - start > 15 ? Number.MAX_SAFE_INTEGER : Number(text.slice(start, end));
}

/** A group: a number, or `any` or `all`; null is reported by the caller. */
export function groupFrom(text: string, start: number, end: number): number | null {
  const word = text.slice(start, end).toLowerCase();
  if (word === 'any') return 0xffffffff;
  if (word === 'all') return 0xfffffffc;
  if (!isDecimal(text, start, end)) return null;
  const number = scanDecimal(text, start, end);
  return number > 0xffffffff ? null : number;
}
