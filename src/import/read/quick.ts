/**
 * Terms in their usual form, read in place: most of a file is of these, and each has a value of its own, so that there is
 * nothing to remember of it. Whatever is unusual about a term (a value that does not fit, bits outside its mask, blanks)
 * goes the other way, which finds the words for it.
 */
import type { Field, FieldName } from '../../openflow/fields.ts';
import { FIELDS } from '../../openflow/fields.ts';
import { genericCandidates, isGenericName } from '../../openflow/protocols.ts';
import { VLAN_PRESENT } from '../../openflow/storage.ts';
import { prefixMask } from './addresses.ts';
import { MAX_PORTS } from './ports.ts';
import { onesOf } from './subfields.ts';
import { DECISIVE, shapeOfWrite } from './tokens.ts';

/** A name that is quickly read. */
export interface Spec {
  readonly form: 'mac' | 'ipv4' | 'number' | 'port';
  /** The fields that it may become. */
  readonly fields: readonly FieldName[];
  readonly max: number;
  /** Bits that are set besides. */
  readonly adds: number;
  /** The shapes of such tokens: of a byte, larger, with a mask. */
  readonly small: number;
  readonly exact: number;
  readonly masked: number;
}

/** Numbers are exact up to here. */
const SAFE_BITS = 53;

let specs: Map<string, Spec> | null = null;

function makeSpecs(): Map<string, Spec> {
  const all = new Map<string, Spec>();
  for (const f of FIELDS)
    for (const name of [f.name, ...f.aliases]) {
      const spec = specFor(f, name);
      if (spec !== null) all.set(name, spec);
    }
  return all;
}

const OTHER = /^(vlan_vid|nw_tos|tun_metadata\d+|in_port_oxm|actset_output)$/;

const FORMS: Readonly<Partial<Record<Field['format'], Spec['form']>>> = {
  Ethernet: 'mac',
  IPv4: 'ipv4',
  decimal: 'number',
  hexadecimal: 'number',
  'OpenFlow 1.0 port': 'port',
};

function specFor(f: Field, name: string): Spec | null {
  const { format, bytes } = f;
  const form = FORMS[format];
  if (form === undefined || f.exactIn.length === 0) return null;
  if (OTHER.test(name) || DECISIVE.test(f.name) || f.name === 'vlan_vid') return null;
  const generic = isGenericName(name) ? name : null;
  const vlan = f.name === 'dl_vlan';
  const max = form === 'port' ? MAX_PORTS - 1 : 2 ** Math.min(f.bits, SAFE_BITS) - 1;
  const fields: FieldName[] = vlan
    ? ['vlan_vid']
    : generic === null
      ? [f.name]
      : genericCandidates(generic).map((g) => g.name);
  const all = onesOf(bytes * 8);
  // Ports of the transport protocols may become the type or code of ICMP, where they fit; those come last.
  const wide = generic === null ? fields.length : genericCandidates(generic).filter((g) => g.bits > 8).length;
  const shape = (mask: bigint, terms: number): number =>
    shapeOfWrite({ field: f, value: 1n, mask, partial: false, generic }, terms);
  return {
    form,
    fields,
    max,
    adds: vlan ? Number(VLAN_PRESENT) : 0,
    small: shape(all, fields.length),
    exact: shape(all, wide),
    masked: shape(all - 1n, fields.length),
  };
}

export function specOf(name: string): Spec | undefined {
  specs ??= makeSpecs();
  return specs.get(name);
}

/** The mask that the last value had; null where it had none. */
export let lastMask: bigint | null = null;

/** The value that stands there; -1 where it is not in its usual form. */
export function quickValue(text: string, start: number, end: number, { form, max }: Spec): number {
  lastMask = null;
  if (form === 'mac') return quickMac(text, start, end);
  if (form === 'ipv4') return quickIpv4(text, start, end);
  // Ports are decimal.
  if (form === 'port' && end - start > 1 && text.charCodeAt(start) === 48) return -1;
  const value = quickNumber(text, start, end);
  return value <= max ? value : -1;
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

function quickMac(text: string, start: number, end: number): number {
  if (end - start !== 17) return -1;
  let value = 0;
  for (let at = start; at < end; at += 3) {
    const high = hexDigit(text.charCodeAt(at));
    const low = hexDigit(text.charCodeAt(at + 1));
    if (high < 0 || low < 0 || (at + 2 < end && text.charCodeAt(at + 2) !== 58)) return -1;
    value = value * 256 + high * 16 + low;
  }
  return value;
}

function quickIpv4(text: string, start: number, end: number): number {
  let at = start;
  let value = 0;
  for (let part = 0; part < 4; part++) {
    if (part > 0 && text.charCodeAt(at++) !== 46) return -1;
    const first = at;
    let byte = 0;
    for (; at < end; at++) {
      const digit = text.charCodeAt(at) - 48;
      if (digit < 0 || digit > 9) break;
      byte = byte * 10 + digit;
    }
    if (at === first || at - first > 3 || byte > 255) return -1;
    value = value * 256 + byte;
  }
  if (at === end) return value;
  if (text.charCodeAt(at) !== 47) return -1;
  const length = quickNumber(text, at + 1, end);
  // A network, and no host in it.
  if (length < 1 || length > 31 || value % 2 ** (32 - length) !== 0) return -1;
  lastMask = prefixMask(length, 32);
  return value;
}

function quickNumber(text: string, start: number, end: number): number {
  const length = end - start;
  if (length === 0 || length > 15) return -1;
  const first = text.charCodeAt(start);
  let value = 0;
  if (first === 48 && length > 1) {
    if (text.charCodeAt(start + 1) !== 120 || length === 2 || length > 15) return -1;
    for (let at = start + 2; at < end; at++) {
      const digit = hexDigit(text.charCodeAt(at));
      if (digit < 0) return -1;
      value = value * 16 + digit;
    }
    return value;
  }
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
