/** The `match` block of a flow. */
import { fullMask } from '../../check/domain.ts';
import type { MatchField } from '../../ir/types.ts';
import type { Field, FieldName } from '../../openflow/fields.ts';
import { field } from '../../openflow/fields.ts';
import { impliedTerms, protocolsFor } from '../../openflow/protocols.ts';
import type { TextBuffer } from './buffer.ts';
import type { PrintNames } from './names.ts';
import { assignment, fieldWord, knownNames } from './values.ts';

/** Values that are written as they are, and not by way of a string. */
export type Form = 'mac' | 'ipv4' | 'decimal' | 'hexadecimal' | 'other';

/** What is the same for all values of a field, and of a field with one mask. */
interface Writer {
  readonly f: Field;
  /** `eth_dst = ` */
  readonly prefix: string;
  readonly form: Form;
  /** Names of values; null where there are none. */
  readonly names: ReadonlyMap<bigint, string> | null;
  readonly masks: Map<bigint, Masked>;
}

/** `prefix value suffix`, the value being moved down; form 'other' where it is written in another way. */
interface Masked {
  readonly prefix: string;
  readonly form: Form;
  readonly shift: bigint;
  readonly suffix: string;
}

const FORMS: Readonly<Partial<Record<Field['format'], Form>>> = {
  Ethernet: 'mac',
  IPv4: 'ipv4',
  decimal: 'decimal',
  hexadecimal: 'hexadecimal',
};

const writers = new Map<FieldName, Writer>();

function writerOf(name: FieldName): Writer {
  let writer = writers.get(name);
  if (writer === undefined) {
    const f = field(name);
    const special = name === 'vlan_vid' || name.endsWith('_code');
    const form = special ? 'other' : (FORMS[f.format] ?? 'other');
    writer = { f, prefix: `${fieldWord(name)} = `, form, names: knownNames(f), masks: new Map() };
    writers.set(name, writer);
  }
  return writer;
}

/** Numbers are exact below. */
const MAX_SAFE = 1n << 53n;

/** Writes the terms one behind the other. */
export class MatchWriter {
  /** Where each of the terms last written ends in the buffer; between two are a semicolon and a blank. */
  readonly ends: number[] = [];
  /** Of each of them the index of the field in the match; -1 for a protocol. */
  readonly sources: number[] = [];
  count = 0;
  private source = -1;
  private readonly names: PrintNames;
  private readonly buffer: TextBuffer;

  constructor(buffer: TextBuffer, names: PrintNames) {
    this.buffer = buffer;
    this.names = names;
  }

  /** The terms of the block: the protocol first, the others in their order. */
  write(match: readonly MatchField[]): void {
    let ethType: bigint | null = null;
    let ipProto: bigint | null = null;
    let icmpType: bigint | undefined;
    let twice = false;
    for (const { field: name, value, mask } of match) {
      if (mask !== null) continue;
      if (name === 'eth_type') {
        twice ||= ethType !== null;
        ethType = value;
      } else if (name === 'nw_proto') {
        twice ||= ipProto !== null;
        ipProto = value;
      } else if (name === 'icmp_type' || name === 'icmpv6_type') icmpType = value;
    }
    const protocol = ethType === null || twice ? null : protocolWord(ethType, ipProto);
    this.count = 0;
    this.source = -1;
    if (protocol !== null) this.word(protocol.word);
    for (const { field: name, value, mask } of match) {
      this.source++;
      if (mask === null) {
        if (name === 'eth_type' && protocol !== null) continue;
        if (name === 'nw_proto' && protocol?.withProto === true) continue;
        if (name === 'packet_type' && value === 0n) {
          this.word('eth');
          continue;
        }
      }
      this.begin();
      if (mask === null) this.exact(name, value, icmpType);
      else this.masked(name, value, mask, icmpType);
      this.end();
    }
  }

  private begin(): void {
    if (this.count > 0) this.buffer.put('; ');
  }

  private end(): void {
    this.sources[this.count] = this.source;
    this.ends[this.count++] = this.buffer.length;
  }

  private word(word: string): void {
    this.begin();
    this.buffer.put(word);
    this.end();
  }

  private exact(name: FieldName, value: bigint, icmpType: bigint | undefined): void {
    const { buffer } = this;
    const { prefix, form, names } = writerOf(name);
    const word = names?.get(value);
    if (word === undefined && form !== 'other' && value < MAX_SAFE) {
      buffer.put(prefix);
      writeNumber(buffer, form, Number(value));
    } else if (word !== undefined && form !== 'other') {
      buffer.put(prefix);
      buffer.put(word);
    } else buffer.put(assignment(name, value, null, 'match', this.names, icmpType));
  }

  private masked(name: FieldName, value: bigint, mask: bigint, icmpType: bigint | undefined): void {
    const { buffer } = this;
    const writer = writerOf(name);
    if (mask === fullMask(writer.f)) {
      this.exact(name, value, icmpType);
      return;
    }
    let masked = writer.masks.get(mask);
    if (masked === undefined) {
      if (writer.masks.size > MOST_MASKS) writer.masks.clear();
      writer.masks.set(mask, (masked = this.maskedForm(writer, mask)));
    }
    const { form, prefix, shift, suffix } = masked;
    const shifted = value >> shift;
    if (form === 'other' || shifted >= MAX_SAFE || (value & ~mask) !== 0n) {
      buffer.put(assignment(name, value, mask, 'match', this.names, icmpType));
      return;
    }
    buffer.put(prefix);
    writeNumber(buffer, form, Number(shifted));
    buffer.put(suffix);
  }

  /** How a value with that mask is written, taken from one that is. */
  private maskedForm({ f, form, prefix }: Writer, mask: bigint): Masked {
    const other: Masked = { form: 'other', prefix, shift: 0n, suffix: '' };
    const text = assignment(f.name, 0n, mask, 'match', this.names);
    if (form === 'mac' || form === 'ipv4') {
      const suffix = text.slice(text.indexOf('/'));
      return { form, prefix, shift: 0n, suffix };
    }
    if (form === 'other') return other;
    const at = text.indexOf('= 0');
    if (at === -1 || mask === 0n) return other;
    const bits = text.startsWith(`${fieldWord(f.name)}[`);
    const shift = bits ? BigInt((mask & -mask).toString(2).length - 1) : 0n;
    return { form: 'hexadecimal', prefix: text.slice(0, at + 2), shift, suffix: text.slice(at + 3) };
  }
}

/** Masks of one field that are remembered. */
const MOST_MASKS = 1000;

function writeNumber(buffer: TextBuffer, form: Form, value: number): void {
  if (form === 'mac') buffer.mac(value);
  else if (form === 'ipv4') buffer.ipv4(value);
  else if (form === 'decimal' || value < 10) buffer.decimal(value);
  else {
    buffer.put('0x');
    buffer.put(value.toString(16));
  }
}

export interface ProtocolWord {
  readonly word: string;
  /** Does the word say the ip_proto too? */
  readonly withProto: boolean;
}

const words = new Map<number, ProtocolWord | null>();

/** How values of a field are written. */
export function formOf(name: FieldName): Form {
  return writerOf(name).form;
}

/** `tcp` for 0x0800 and 6; null where there is no word for the eth_type. */
export function protocolWord(ethType: bigint, ipProto: bigint | null): ProtocolWord | null {
  const key = Number(ethType) * 0x1_0000 + Number(ipProto ?? -1n);
  let known = words.get(key);
  if (known === undefined) words.set(key, (known = findWord(Number(ethType), ipProto)));
  return known;
}

function findWord(ethType: number, ipProto: bigint | null): ProtocolWord | null {
  const [both] = ipProto === null ? [] : protocolsFor(ethType, Number(ipProto));
  if (both !== undefined) return { word: both, withProto: impliedTerms(both).length > 1 };
  const [alone] = protocolsFor(ethType);
  return alone === undefined ? null : { word: alone, withProto: false };
}
