/**
 * What a switch takes for the same flow: table, priority and match. Two matches are compared whatever the order of
 * their terms and under whichever header they travel (OXM or NXM, `reg0` or half of `xreg0`, a mask of all ones).
 */
import { fieldByHeader, headerFor, headerWord } from '../openflow/oxm.ts';
import type { Field } from '../openflow/fields.ts';
import { carriers, fromStorage, storage, toStorage } from '../openflow/storage.ts';

const EXPERIMENTER_CLASS = 0xffff;

/** One NXM/OXM term where it stands. */
interface Term {
  readonly field: Field | undefined;
  readonly masked: boolean;
  readonly valueAt: number;
  readonly bytes: number;
  readonly end: number;
}

/** A key for the flow whose ofp_match begins at `matchAt`; equal keys are one flow to a switch. */
export function flowKey(table: number, priority: number, bytes: Buffer, matchAt: number): string {
  return String.fromCharCode(table, priority) + matchKey(bytes, matchAt);
}

export function tableOfKey(key: string): number {
  return key.charCodeAt(0);
}

export function priorityOfKey(key: string): number {
  return key.charCodeAt(1);
}

function matchKey(bytes: Buffer, matchAt: number): string {
  const end = Math.min(matchAt + bytes.readUInt16BE(matchAt + 2), bytes.length);
  const start = matchAt + 4;
  // A match of OpenFlow 1.1 (OFPMT_STANDARD), which no one sends who wants to be compared.
  if (bytes.readUInt16BE(matchAt) !== 1) return bytes.toString('latin1', matchAt, end);
  let last = '';
  let sorted = true;
  const terms: string[] = [];
  for (let at = start; at + 4 <= end;) {
    const next = Math.min(at + 4 + bytes.readUInt8(at + 3), end);
    if (!isPlain(bytes, at, next)) return slowKey(bytes, start, end);
    const term = bytes.toString('latin1', at, next);
    if (term < last) sorted = false;
    last = term;
    terms.push(term);
    at = next;
  }
  if (!sorted) terms.sort();
  return terms.join('');
}

/** By header word: is the term already in the one form that OVS itself uses? Experimenters' headers are no numbers. */
const plainHeaders = new Map<number, boolean>();

function isPlain(bytes: Buffer, at: number, end: number): boolean {
  const header = bytes.readUInt32BE(at);
  let plain = plainHeaders.get(header);
  if (plain === undefined) {
    plain = isPlainHeader(termAt(bytes, at, end), header);
    plainHeaders.set(header, plain);
  }
  if (!plain || (header & 0x100) === 0) return plain;
  // A mask of all ones or all zeros is another way to say "exactly" or nothing.
  const middle = (at + 4 + end) >> 1;
  let ones = true;
  let zeros = true;
  for (let i = middle; i < end; i++) {
    if (bytes[i] !== 0xff) ones = false;
    if (bytes[i] !== 0) zeros = false;
  }
  return !ones && !zeros;
}

function isPlainHeader({ field, masked }: Term, header: number): boolean {
  if (field === undefined || header >>> 16 === EXPERIMENTER_CLASS || field.name === 'packet_type')
    return false;
  const own = headerFor(field, '1.5');
  if (own === undefined || headerWord(own, masked) !== header) return false;
  const s = storage(field);
  if (masked && s.width !== field.bytes * 8) return false;
  return carriers(s.unit, '1.5').includes(field);
}

function termAt(bytes: Buffer, at: number, end: number): Term {
  const oxmClass = bytes.readUInt16BE(at);
  const experimenter = oxmClass === EXPERIMENTER_CLASS && at + 8 <= end ? bytes.readUInt32BE(at + 4) : null;
  const masked = (bytes.readUInt8(at + 2) & 1) === 1;
  const valueAt = at + (oxmClass === EXPERIMENTER_CLASS ? 8 : 4);
  const length = Math.max(0, end - valueAt);
  return {
    field: fieldByHeader(oxmClass, bytes.readUInt8(at + 2) >> 1, experimenter),
    masked,
    valueAt,
    bytes: masked ? length >> 1 : length,
    end,
  };
}

function slowKey(bytes: Buffer, start: number, end: number): string {
  const units = new Map<string, { value: bigint; mask: bigint }>();
  const terms: string[] = [];
  for (let at = start; at + 4 <= end;) {
    const next = Math.min(at + 4 + bytes.readUInt8(at + 3), end);
    const term = termAt(bytes, at, next);
    if (term.field === undefined) terms.push(bytes.toString('latin1', at, next));
    else {
      const s = storage(term.field);
      const value = number(bytes, term.valueAt, term.bytes);
      const full = s.port ? 0xffffffffn : toStorage(term.field, (1n << BigInt(s.width + s.drop)) - 1n);
      const masked =
        term.masked && !s.port
          ? toStorage(term.field, number(bytes, term.valueAt + term.bytes, term.bytes))
          : full;
      const mask = masked === 0n ? 0n : masked | s.implies;
      const unit = units.get(s.unit) ?? { value: 0n, mask: 0n };
      units.set(s.unit, {
        value: unit.value | ((toStorage(term.field, value) | s.implies) & mask),
        mask: unit.mask | mask,
      });
    }
    at = next;
  }
  for (const [unit, { value, mask }] of units)
    if (!(unit === 'packet_type' && value === 0n)) terms.push(...carried(unit, value, mask));
  return terms.sort().join('');
}

/** The terms that OVS would send for these bits. */
function carried(unit: string, value: bigint, mask: bigint): string[] {
  return carriers(unit, '1.5').flatMap((field) => {
    const s = storage(field);
    const header = headerFor(field, '1.5');
    const m = s.port
      ? mask
      : fromStorage(field, mask & toStorage(field, (1n << BigInt(s.width + s.drop)) - 1n));
    if (header === undefined || m === 0n) return [];
    const exact = s.port || m === fromStorage(field, ((1n << BigInt(s.width)) - 1n) << BigInt(s.offset));
    const size = field.bytes * 2;
    const hex = (n: bigint): string => n.toString(16).padStart(size, '0').slice(-size);
    const text =
      headerWord(header, !exact).toString(16).padStart(8, '0') +
      (header.experimenter === null ? '' : header.experimenter.toString(16).padStart(8, '0')) +
      hex(fromStorage(field, value)) +
      (exact ? '' : hex(m));
    return [Buffer.from(text, 'hex').toString('latin1')];
  });
}

function number(bytes: Buffer, at: number, length: number): bigint {
  if (length === 0) return 0n;
  return BigInt(`0x${bytes.toString('hex', at, at + length)}`);
}
