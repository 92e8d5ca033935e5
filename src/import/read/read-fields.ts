/** Actions that write fields: set_field, load, move, push, pop, mod_* and their relatives (ovs-actions(7)). */
import {
  badArgument,
  badSubfield,
  badValue,
  bitsCleared,
  cut,
  ignored,
} from '../../diagnostics/codes/import.ts';
import type { Field, FieldName } from '../../openflow/fields.ts';

import { scanIpv4, scanMac } from './addresses.ts';
import { readSmall, readU32, readU64, scanField } from './numbers.ts';
import type { Args, Parsed, ReadAction, SoftNeed } from './parsed.ts';
import { just, parsed } from './parsed.ts';
import { shown } from './source.ts';
import { fieldByPlainName, onesOf, plain, readSubfield, readSubfieldAt } from './subfields.ts';
import { readValue } from './values.ts';

interface Arrow {
  /** Where `->` stands. */
  readonly at: number;
  /** Behind it. */
  readonly target: number;
}

/** `value->field`: where the arrow is; null is reported. */
export function arrowIn(args: Args): Arrow | null {
  const { source, start, end } = args;
  const at = source.text.indexOf('->', start);
  const refuse = (what: string): null =>
    source.fail(badArgument, { action: args.name, what }, args.whole.start, args.whole.end);
  if (at === -1 || at >= end) return refuse('`->` and a field are missing');
  if (at + 2 >= end) return refuse('a field is missing behind `->`');
  return { at, target: at + 2 };
}

/** Is it a value that ovs-ofctl lets a set_field write? */
function isValid(f: Field, value: bigint): boolean {
  const { domain } = f;
  switch (domain.kind) {
    case 'any':
    case 'OpenFlow 1.1+ port':
      return true;
    case 'forbidden bits':
      return (value & domain.bits) === 0n;
    case 'one of':
      return domain.values.includes(value);
    case 'max':
      return true;
  }
}

export function readSetField(args: Args): Parsed | null {
  const { source, start, end } = args;
  const arrow = arrowIn(args);
  if (arrow === null) return null;
  const name = source.slice(arrow.target, end);
  const f = fieldByPlainName(name);
  if (f === undefined)
    return source.fail(
      badSubfield,
      { text: shown(name), what: 'a set_field writes a whole field, by its own name' },
      arrow.target,
      end,
    );
  if (f.headers.length === 0)
    return source.fail(
      badSubfield,
      {
        text: shown(name),
        what: 'OpenFlow has no number for this field, and ovs-ofctl would send that of another one',
      },
      arrow.target,
      end,
    );
  if (!f.writable)
    return source.fail(
      badArgument,
      { action: args.name, what: `\`${f.name}\` can only be read` },
      arrow.target,
      end,
    );
  const read = readValue(source, f, start, arrow.at);
  if (read === null) return null;
  if (!isValid(f, read.value)) {
    const needed = `a value of ${f.bits} bits`;
    return source.fail(
      badValue,
      { value: shown(source.slice(start, arrow.at)), name: f.name, needed },
      start,
      arrow.at,
    );
  }
  const exact = read.mask === onesOf(f.bytes * 8);
  const value = read.value & read.mask;
  if (value !== read.value) {
    const becomes = `0x${value.toString(16)}/0x${read.mask.toString(16)}`;
    source.warn(bitsCleared, { written: shown(source.slice(start, arrow.at)), becomes }, start, arrow.at);
  }
  const mask = exact ? null : read.mask;
  return parsed(args, { action: { kind: 'set_field', field: f.name, value, mask }, writes: f.name });
}

export function readLoad(args: Args): Parsed | null {
  const { source, start, end } = args;
  const arrow = arrowIn(args);
  if (arrow === null) return null;
  const target = readSubfield(source, arrow.target, end);
  if (target === null) return null;
  const { info: f, offset, bits } = target;
  const value = scanField(source.text, start, arrow.at, f.bytes);
  if (value === null || value === 'too large')
    return source.fail(
      badValue,
      { value: shown(source.slice(start, arrow.at)), name: args.name, needed: `a number of ${bits} bits` },
      start,
      arrow.at,
    );
  if (value.next !== arrow.at)
    source.warn(
      ignored,
      { text: shown(source.slice(value.next, arrow.at)), why: 'a number stands before `->`' },
      value.next,
      arrow.at,
    );
  if (value.value >> BigInt(bits) !== 0n) {
    const what = `${shown(source.slice(start, arrow.at))} does not fit into ${bits} bit${bits === 1 ? '' : 's'}`;
    return source.fail(badSubfield, { text: source.slice(arrow.target, end), what }, start, end);
  }
  const shift = BigInt(offset);
  const mask = bits === f.bytes * 8 ? null : onesOf(bits) << shift;
  return parsed(args, {
    action: { kind: 'set_field', field: f.name, value: value.value << shift, mask },
    writes: f.name,
  });
}

export function readMove(args: Args): Parsed | null {
  const { source, start, end } = args;
  const from = readSubfieldAt(source, start, end);
  if (from === null) return null;
  if (!source.text.startsWith('->', from.next))
    return source.fail(badArgument, { action: args.name, what: '`->` is missing' }, from.next, end);
  const to = readSubfield(source, from.next + 2, end);
  if (to === null) return null;
  if (from.bits !== to.bits)
    return source.fail(
      badArgument,
      { action: args.name, what: `${from.bits} bits cannot be moved to ${to.bits}` },
      start,
      end,
    );
  return parsed(args, {
    action: { kind: 'move', source: plain(from), destination: plain(to) },
    writes: to.field,
  });
}

export function readPush(args: Args): Parsed | null {
  const from = readSubfield(args.source, args.start, args.end);
  return from === null ? null : just(args, { kind: 'push', source: plain(from) });
}

export function readPop(args: Args): Parsed | null {
  const to = readSubfield(args.source, args.start, args.end);
  return to === null ? null : just(args, { kind: 'pop', destination: plain(to) });
}

/** An action that writes a number to a whole field. */
export function number(name: FieldName, max: number, soft: SoftNeed | null, shift = 0): ReadAction {
  return (args) => {
    const { source, start, end } = args;
    const value =
      max > 0xffff ? readU32(source, start, end, args.name) : readSmall(source, start, end, args.name, max);
    if (value === null) return null;
    if (value > max)
      return source.fail(
        badValue,
        { value: shown(source.slice(start, end)), name: args.name, needed: `a number from 0 to ${max}` },
        start,
        end,
      );
    const action = { kind: 'set_field', field: name, value: BigInt(value >> shift), mask: null } as const;
    return parsed(args, { action, soft });
  };
}

/** The actions that write a TTL, which OpenFlow 1.1 to 1.5 have beside set_field. */
export function ttl(kind: 'mod_nw_ttl' | 'set_mpls_ttl', soft: SoftNeed): ReadAction {
  return (args) => {
    const value = readSmall(args.source, args.start, args.end, args.name, 255);
    return value === null ? null : parsed(args, { action: { kind, ttl: value }, soft });
  };
}

export const readModTos: ReadAction = (args) => {
  const { source, start, end } = args;
  const value = readSmall(source, start, end, args.name, 255);
  if (value === null) return null;
  if ((value & 3) !== 0)
    return source.fail(
      badValue,
      { value: shown(source.slice(start, end)), name: args.name, needed: 'a multiple of 4' },
      start,
      end,
    );
  const action = { kind: 'set_field', field: 'ip_dscp', value: BigInt(value >> 2), mask: null } as const;
  return parsed(args, { action, soft: 'IP' });
};

/** An action that writes a MAC address. */
export function mac(name: FieldName): ReadAction {
  return (args) => {
    const { source, start, end } = args;
    const found = scanMac(source.text, start, end);
    if (found === null)
      return source.fail(
        badValue,
        { value: shown(source.slice(start, end)), name: args.name, needed: 'an Ethernet address' },
        start,
        end,
      );
    if (found.cut) {
      const becomes = found.value
        .toString(16)
        .padStart(12, '0')
        .replace(/(..)(?!$)/g, '$1:');
      source.warn(cut, { written: shown(source.slice(start, end)), name: args.name, becomes }, start, end);
    }
    if (found.next !== end)
      source.warn(
        ignored,
        { text: shown(source.slice(found.next, end)), why: 'the address ends before it' },
        found.next,
        end,
      );
    return just(args, { kind: 'set_field', field: name, value: found.value, mask: null });
  };
}

/** An action that writes an IPv4 address. */
export function ipv4(name: FieldName): ReadAction {
  return (args) => {
    const { source, start, end } = args;
    const found = scanIpv4(source.text, start, end);
    const text = source.slice(start, end);
    if (found === null || found.next !== end || found.cut || /(^|\.)0\d/.test(text))
      return source.fail(
        badValue,
        { value: shown(text), name: args.name, needed: 'an IPv4 address' },
        start,
        end,
      );
    const action = { kind: 'set_field', field: name, value: found.value, mask: null } as const;
    return parsed(args, { action, soft: 'IPv4' });
  };
}

/** `mod_tp_src` and `mod_tp_dst`: the protocol decides which field it is. */
export function port(isSource: boolean): ReadAction {
  return (args) => {
    const value = readSmall(args.source, args.start, args.end, args.name, 0xffff);
    if (value === null) return null;
    return parsed(args, { deferred: { kind: 'port', source: isSource, value }, soft: 'ports' });
  };
}

/** `mod_vlan_vid` and `mod_vlan_pcp`, which add a tag where there is none; `set_vlan_…` need one. */
export function vlan(kind: 'vlan_vid' | 'vlan_pcp', adds: boolean): ReadAction {
  const max = kind === 'vlan_vid' ? 4095 : 7;
  return (args) => {
    const value = readSmall(args.source, args.start, args.end, args.name, max);
    if (value === null) return null;
    if (adds) return parsed(args, { deferred: { kind, value } });
    const written = BigInt(kind === 'vlan_vid' ? value | 0x1000 : value);
    const action = { kind: 'set_field', field: kind, value: written, mask: null } as const;
    return parsed(args, { action, soft: 'VLAN' });
  };
}

export function readSetTunnel(args: Args): Parsed | null {
  const value = readU64(args.source, args.start, args.end, args.name);
  return value === null ? null : just(args, { kind: 'set_field', field: 'tun_id', value, mask: null });
}

export function readDeleteField(args: Args): Parsed | null {
  const { source, start, end } = args;
  const target = readSubfieldAt(source, start, end);
  if (target === null) return null;
  const { info: f } = target;
  if (target.next !== end || source.slice(start, end).includes('['))
    return source.fail(
      badSubfield,
      { text: shown(source.slice(start, end)), what: 'a whole field is needed' },
      start,
      end,
    );
  if (!f.name.startsWith('tun_metadata'))
    return source.fail(
      badArgument,
      { action: args.name, what: `only tun_metadata0 to 63 can be deleted, and this is \`${f.name}\`` },
      start,
      end,
      {
        switchError: 'OFPBAC_BAD_ARGUMENT',
      },
    );
  return just(args, { kind: 'delete_field', field: f.name });
}

export function readCheckPktLarger(args: Args): Parsed | null {
  const { source, end } = args;
  const arrow = arrowIn(args);
  if (arrow === null) return null;
  const to = readSubfield(source, arrow.target, end);
  if (to === null) return null;
  if (to.bits !== 1)
    return source.fail(badArgument, { action: args.name, what: 'the result is one bit' }, arrow.target, end);
  const numberEnd = source.text.charCodeAt(arrow.at - 1) === 41 ? arrow.at - 1 : arrow.at;
  const size = readSmall(source, args.start, numberEnd, args.name, 0xffff);
  return size === null ? null : just(args, { kind: 'check_pkt_larger', size, destination: plain(to) });
}
