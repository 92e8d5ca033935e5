/** The words of a flow before its actions, each read once however often it occurs. */
import {
  badMask,
  badSubfield,
  badValue,
  bitsCleared,
  cut,
  ignored,
  unknownWord,
  unusableField,
} from '../../diagnostics/codes/import.ts';
import type { Diagnostic } from '../../diagnostics/types.ts';
import { FLOW_FLAGS } from '../../ir/types.ts';
import type { MatchField } from '../../ir/types.ts';
import type { Field } from '../../openflow/fields.ts';
import { field, FIELDS } from '../../openflow/fields.ts';
import type { GenericName, ProtocolName } from '../../openflow/protocols.ts';
import {
  genericCandidates,
  isGenericName,
  isProtocolName,
  PROTOCOL_NAMES,
  PROTOCOLS,
} from '../../openflow/protocols.ts';
import { nearest } from '../../diagnostics/suggest.ts';
import { scanField } from './numbers.ts';
import { KeyValues } from './scanner.ts';
import { Source, shown } from './source.ts';
import { fieldByPlainName, onesOf, readSubfield } from './subfields.ts';
import { readValue } from './values.ts';
import { showTerm } from './show.ts';
import { losesMask } from './state.ts';
import { kept, termOf } from './units.ts';
import type { InputNames } from './names.ts';

/** What a token writes into the match. */
export interface Write {
  readonly field: Field;
  /** As wide as the field is on the wire, and what of it is kept. */
  readonly value: bigint;
  /** 0 takes the field out again. */
  readonly mask: bigint;
  /** Only these bits: the others stay as they are. */
  readonly partial: boolean;
  /** The name by which it was called, where that means another field under each protocol. */
  readonly generic: GenericName | null;
}

export type Token =
  | {
      readonly kind: 'match';
      readonly writes: readonly Write[];
      /** A bare protocol, or a field that implies it, says that the packet is Ethernet. */
      readonly ethernet: boolean;
      /** The terms that it may become. */
      readonly terms: readonly MatchField[];
      /** Equal for tokens that differ only in bits of a value that nothing depends on. */
      readonly shape: number;
      readonly notes: readonly Diagnostic[];
    }
  | { readonly kind: 'flag'; readonly bit: number; readonly notes: readonly Diagnostic[] }
  | { readonly kind: 'nothing'; readonly notes: readonly Diagnostic[] }
  /** `table=0` and the like: the flow reads them itself. */
  | { readonly kind: 'setting' }
  /** It has been reported. */
  | { readonly kind: 'refused'; readonly notes: readonly Diagnostic[] };

const FLAGS = new Map<string, number>(Object.entries(FLOW_FLAGS));

/** Statistics of dump-flows, and words for another command: ovs-ofctl passes over them. */
const STATISTICS = new Set(['duration', 'n_packets', 'n_bytes', 'idle_age', 'hard_age']);
const IGNORED = new Set(['no_readonly_table', 'allow_hidden_fields']);

/** Words with a number behind them. */
const SETTINGS = new Set([
  'table',
  'priority',
  'idle_timeout',
  'hard_timeout',
  'importance',
  'cookie',
  'out_port',
  'out_group',
]);

const NOTHING: Token = { kind: 'nothing', notes: [] };
const SETTING: Token = { kind: 'setting' };

const shapes = new Map<string, number>();

function shapeOf(key: string): number {
  let shape = shapes.get(key);
  if (shape === undefined) shapes.set(key, (shape = shapes.size));
  return shape;
}

/** Reads one token; `text` is all of it. */
export function readToken(text: string, names: InputNames, flags: boolean): Token {
  const source = new Source(text, names);
  const pair = new KeyValues(text, 0, text.length);
  pair.next();
  const { key } = pair;
  const refused = (): Token => ({ kind: 'refused', notes: source.notes });
  if (isProtocolName(key)) return protocol(source, key, pair);
  const flag = flags ? FLAGS.get(key) : undefined;
  if (flag !== undefined) {
    passOver(source, pair, 'a flag has no value');
    return { kind: 'flag', bit: flag, notes: source.notes };
  }
  if (IGNORED.has(key)) return NOTHING;
  const f = fieldByPlainName(key);
  if (f !== undefined) return fieldToken(source, f, pair) ?? refused();
  if (key.includes('[')) return partToken(source, pair) ?? refused();
  if (SETTINGS.has(key) || STATISTICS.has(key)) {
    if (pair.valueStart === pair.valueEnd) {
      source.warn(badValue, { value: '', name: key, needed: 'a number' }, 0, text.length);
      return refused();
    }
    return SETTINGS.has(key) ? SETTING : NOTHING;
  }
  unknown(source, pair);
  return refused();
}

function unknown(source: Source, pair: KeyValues): void {
  const { key, keyStart, keyEnd } = pair;
  const known = [
    ...FIELDS.flatMap((f) => [f.name, ...f.aliases]),
    ...PROTOCOL_NAMES,
    ...SETTINGS,
    ...FLAGS.keys(),
    'actions',
  ];
  const suggestion = key === '' ? undefined : nearest(key, known);
  const word = shown(key === '' ? source.text : key);
  source.warn(unknownWord, { word, where: 'a flow', suggestion }, keyStart, Math.max(keyEnd, keyStart + 1));
}

function passOver(source: Source, pair: KeyValues, why: string): void {
  if (pair.keyEnd >= pair.end) return;
  const text = shown(source.slice(pair.keyEnd, pair.end));
  source.warn(ignored, { text, why }, pair.keyEnd, pair.end);
}

function protocol(source: Source, name: ProtocolName, pair: KeyValues): Token {
  passOver(source, pair, `\`${name}\` has no value`);
  const implied: { packet_type?: number; eth_type?: number; nw_proto?: number } = PROTOCOLS[name];
  const writes: Write[] = [];
  for (const f of ['packet_type', 'eth_type', 'nw_proto'] as const) {
    const value = implied[f];
    if (value !== undefined) writes.push(write(field(f), BigInt(value), onesOf(field(f).bytes * 8)));
  }
  const terms = writes.map((w) => ({ field: w.field.name, value: w.value, mask: null }));
  const ethernet = implied.packet_type === undefined;
  return { kind: 'match', writes, ethernet, terms, shape: shapeOf(name), notes: source.notes };
}

function write(f: Field, value: bigint, mask: bigint, generic: GenericName | null = null): Write {
  return { field: f, value, mask, partial: false, generic };
}

/** Names of OpenFlow 1.0, and the field that ovs-ofctl first takes each for. */
function genericOf(name: string): GenericName | null {
  return isGenericName(name) ? name : null;
}

function fieldToken(source: Source, f: Field, pair: KeyValues): Token | null {
  const { valueStart, valueEnd } = pair;
  const empty = valueStart === valueEnd;
  if (empty && !takesNothing(f)) {
    source.warn(badValue, { value: '', name: f.name, needed: 'one' }, pair.keyStart, pair.end);
    return null;
  }
  const read = empty ? { value: 0n, mask: 0n } : readValue(source, f, valueStart, valueEnd);
  if (read === null) return null;
  if (f.exactIn.length === 0 && read.mask !== 0n)
    return source.fail(unusableField, { name: f.name }, pair.keyStart, pair.end);
  const value = kept(f, read.value);
  if (value !== read.value && read.mask !== 0n) {
    const written = shown(source.slice(valueStart, valueEnd));
    const becomes = f.format === 'hexadecimal' ? `0x${value.toString(16)}` : value.toString();
    source.warn(cut, { written, name: f.name, becomes }, valueStart, valueEnd);
  }
  // Where Open vSwitch confuses value and mask, all of the value counts.
  const w = write(f, losesMask(f) ? value : value & read.mask, read.mask, genericOf(pair.key));
  if (w.value !== value) explainMask(source, w, pair);
  return matchToken(source, w);
}

/** Is the field enough without a value, for numbers and flags? Then `0/0` is read. */
function takesNothing({ format }: Field): boolean {
  return /^(decimal|hexadecimal|ct state|TCP flags|tunnel flags)$/.test(format);
}

function explainMask(source: Source, w: Write, pair: KeyValues): void {
  const [term] = termOf({ ...w, generic: null });
  const becomes = term === undefined ? 'any value' : showTerm(term);
  source.warn(bitsCleared, { written: shown(pair.pair), becomes }, pair.valueStart, pair.valueEnd);
}

/** `reg0[0..15]=5`. */
function partToken(source: Source, pair: KeyValues): Token | null {
  const part = readSubfield(source, pair.keyStart, pair.keyEnd);
  if (part === null) return null;
  const { info: f, offset, bits } = part;
  const { text } = source;
  const { valueStart, valueEnd } = pair;
  const found = scanField(text, valueStart, valueEnd, f.bytes);
  if (found === null || found === 'too large' || found.next !== valueEnd) {
    const value = shown(source.slice(valueStart, valueEnd));
    return source.fail(badValue, { value, name: pair.key, needed: 'a number' }, pair.keyStart, valueEnd);
  }
  if (found.value >> BigInt(bits) !== 0n) {
    const what = `${shown(pair.value)} does not fit into ${bits} bit${bits === 1 ? '' : 's'}`;
    return source.fail(badSubfield, { text: pair.key, what }, valueStart, valueEnd);
  }
  const shift = BigInt(offset);
  const whole = bits === f.bytes * 8;
  if (!whole && !f.maskable)
    return source.fail(badMask, { name: f.name, partly: true }, pair.keyStart, pair.keyEnd);
  return matchToken(source, {
    field: f,
    value: found.value << shift,
    mask: onesOf(bits) << shift,
    partial: !whole,
    generic: null,
  });
}

function matchToken(source: Source, w: Write): Token {
  const { field: f } = w;
  const terms = termOf(w);
  return {
    kind: 'match',
    writes: [w],
    ethernet: f.prerequisite !== 'none',
    terms,
    shape: shapeOfWrite(w, terms.length),
    notes: source.notes,
  };
}

/** Fields whose value decides what becomes of others. */
export const DECISIVE =
  /^(eth_type|nw_proto|arp_op|packet_type|vlan_tci|dl_vlan_pcp|vlan_pcp|ip_frag|ct_state|ct_nw_proto|icmpv6_type|icmpv6_code|tun_erspan_(ver|dir|hwid)|tun_gtpu_.*|nd_options_type)$/;

/** The shape of a token that makes this write and may become so many terms. */
export function shapeOfWrite(w: Write, terms: number): number {
  return shapeOf(shapeKey(w, terms));
}

function shapeKey({ field: f, value, mask, partial, generic }: Write, terms: number): string {
  const full = onesOf(f.bytes * 8);
  let values = mask === full ? '' : mask === 0n ? '0' : partial ? `p${mask}` : '/';
  if (DECISIVE.test(f.name)) values = `=${value}/${mask}`;
  else if (f.name === 'vlan_vid')
    values = mask === full && (value & 0x1000n) !== 0n ? '' : `=${value}/${mask}`;
  else if (f.name === 'dl_vlan') values = value === 0xffffn || mask !== full ? `=${value}/${mask}` : '';
  return `${f.name}${values} ${generic ?? ''}${terms}`;
}

/** The fields that a name stands for. */
export function fieldsMeant(w: Write): readonly Field[] {
  return w.generic === null ? [w.field] : genericCandidates(w.generic);
}
