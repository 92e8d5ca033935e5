/** Parts of fields: `NXM_NX_REG0[0..15]`, `reg0[3]`, `ip_src[]`, `eth_dst`. */
import { badSubfield } from '../../diagnostics/codes/import.ts';
import type { SubfieldRef } from '../../ir/types.ts';
import type { Field, FieldName } from '../../openflow/fields.ts';
import { field, fieldByName, FIELDS } from '../../openflow/fields.ts';
import { headerFor } from '../../openflow/oxm.ts';
import type { Source } from './source.ts';
import { shown } from './source.ts';

export interface Subfield extends SubfieldRef {
  readonly info: Field;
  /** Behind it. */
  readonly next: number;
}

const headers = new Map<string, Field>();
/** Names that dump-flows prints and nobody reads. */
const PRINTED: readonly (readonly [string, FieldName])[] = [
  ['gtpu_flags', 'tun_gtpu_flags'],
  ['gtpu_msgtype', 'tun_gtpu_msgtype'],
];

const plainNames = new Map<string, Field>();

/** The field that is called so in a match: its names, not those of its headers. */
export function fieldByPlainName(name: string): Field | undefined {
  if (plainNames.size === 0) {
    for (const f of FIELDS) for (const n of [f.name, ...f.aliases]) plainNames.set(n, f);
    for (const [n, f] of PRINTED) plainNames.set(n, field(f));
  }
  return plainNames.get(name);
}

/** The same, or by one of its headers, with `_W` behind it for a masked one. */
function fieldInSubfield(name: string): Field | undefined {
  const known = headers.get(name);
  if (known !== undefined) return known;
  const found = fieldByName(name.endsWith('_W') && /^[A-Z]/.test(name) ? name.slice(0, -2) : name);
  if (found !== undefined) headers.set(name, found);
  return found;
}

/** Reads a subfield that begins at `start`; null is reported. */
export function readSubfieldAt(source: Source, start: number, end: number): Subfield | null {
  const { text } = source;
  let nameEnd = start;
  for (; nameEnd < end; nameEnd++) {
    const code = text.charCodeAt(nameEnd);
    if (code === 91 || code === 45) break;
  }
  const name = text.slice(start, nameEnd);
  const refuse = (what: string, to = end): null =>
    source.fail(badSubfield, { text: shown(text.slice(start, end)), what }, start, to);
  const info = fieldInSubfield(name);
  if (info === undefined) return refuse(`there is no field \`${shown(name)}\``, Math.max(nameEnd, start + 1));
  if (info.headers.length === 0)
    return refuse(
      'OpenFlow has no number for this field, and ovs-ofctl would send that of another one',
      nameEnd,
    );
  if (text.charCodeAt(nameEnd) !== 91 || nameEnd >= end)
    return { field: info.name, offset: 0, bits: info.bits, info, next: nameEnd };
  const close = text.indexOf(']', nameEnd);
  if (close === -1 || close >= end) return refuse('`]` is missing');
  const range = text.slice(nameEnd + 1, close);
  const next = close + 1;
  if (range === '') return { field: info.name, offset: 0, bits: info.bits, info, next };
  const [, from, to] = /^ *([+-]?\d{1,9})(?: *\.\. *([+-]?\d{1,9}) *)?$/.exec(range) ?? [];
  if (from === undefined) return refuse('in brackets stand a bit or two, as `[0..15]`');
  const first = Number(from);
  const last = to === undefined ? first : Number(to);
  if (first > last) return refuse(`bit ${first} comes after bit ${last}`);
  if (first < 0 || last >= info.bits) return refuse(`\`${info.name}\` has the bits 0 to ${info.bits - 1}`);
  return { field: info.name, offset: first, bits: last - first + 1, info, next };
}

/** Reads a subfield that goes on to `end`; null is reported. */
export function readSubfield(source: Source, start: number, end: number): Subfield | null {
  const found = readSubfieldAt(source, start, end);
  if (found === null || found.next === end) return found;
  const text = shown(source.slice(start, end));
  return source.fail(badSubfield, { text, what: 'something follows it' }, found.next, end);
}

/** Without what only the reader needs. */
export function plain({ field, offset, bits }: Subfield): SubfieldRef {
  return { field, offset, bits };
}

/** Has the field a header of 4 bytes, which is all that some actions have room for? */
export function hasShortHeader(f: Field): boolean {
  return headerFor(f, 'NXM')?.experimenter === null;
}

/** All of the bits of a field, as wide as it is on the wire. */
const ones = new Map<number, bigint>();
export function onesOf(bits: number): bigint {
  let found = ones.get(bits);
  if (found === undefined) ones.set(bits, (found = (1n << BigInt(bits)) - 1n));
  return found;
}
