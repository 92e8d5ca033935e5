/** The `ct` action and `nat` inside it (ovs-actions(7)). */
import { badArgument, badValue, cut, ignored, noRange, notHere } from '../../diagnostics/codes/import.ts';
import type { Nat } from '../../ir/types.ts';
import { ipv6Value, isIpv6Char, scanIpv4 } from './addresses.ts';
import { scanUnsigned } from './numbers.ts';
import { readTable } from './ports.ts';
import type { Args, Parsed } from './parsed.ts';
import { parsed } from './parsed.ts';
import { unknownArgument } from './read-output.ts';
import { KeyValues } from './scanner.ts';
import type { Source } from './source.ts';
import { shown } from './source.ts';
import { hasShortHeader, plain, readSubfield } from './subfields.ts';
import type { SubfieldRef } from '../../ir/types.ts';

/** Port numbers of the protocols that have helpers. */
const ALGORITHMS: Readonly<Record<string, number>> = { ftp: 21, tftp: 69 };

type ReadList = (source: Source, start: number, end: number, outer: 'ct') => readonly Parsed[] | null;

export function readCt(args: Args, readList: ReadList): Parsed | null {
  const { source } = args;
  let commit = false;
  let force = false;
  let zone: number | SubfieldRef | null = null;
  let table: number | null = null;
  let alg = 0;
  const nested: Parsed[] = [];
  const pairs = new KeyValues(source.text, args.start, args.end);
  while (pairs.next()) {
    const { key, valueStart, valueEnd } = pairs;
    if (key === 'commit') commit = true;
    else if (key === 'force') force = true;
    else if (key === 'table') {
      table = readTable(source, valueStart, valueEnd);
      if (table === null) return null;
      if (table === 255)
        return source.fail(
          badValue,
          { value: '255', name: 'table', needed: 'a table from 0 to 254' },
          valueStart,
          valueEnd,
        );
    } else if (key === 'zone') {
      const read = readZone(source, valueStart, valueEnd);
      if (read === null) return null;
      // A field stays, whatever number comes behind it.
      if (typeof read === 'number' && typeof zone === 'object' && zone !== null)
        source.warn(
          ignored,
          { text: pairs.pair, why: 'the zone comes from a field' },
          pairs.keyStart,
          valueEnd,
        );
      else zone = read;
    } else if (key === 'alg') {
      const found = Object.hasOwn(ALGORITHMS, pairs.value) ? ALGORITHMS[pairs.value] : undefined;
      if (found === undefined)
        return source.fail(
          badValue,
          { value: shown(pairs.value), name: 'alg', needed: 'ftp or tftp' },
          valueStart,
          valueEnd,
        );
      alg = found;
    } else if (key === 'nat') {
      const nat = readNat({
        source,
        name: 'nat',
        start: valueStart,
        end: valueEnd,
        whole: { start: pairs.keyStart, end: pairs.end },
      });
      if (nat === null) return null;
      nested.push(nat);
    } else if (key === 'exec') {
      const list = readList(source, valueStart, valueEnd, 'ct');
      if (list === null) return null;
      nested.push(...list);
    } else return unknownArgument(source, pairs, args.name);
  }
  if (force && !commit)
    return source.fail(
      badArgument,
      { action: args.name, what: '`force` needs `commit`' },
      args.whole.start,
      args.whole.end,
    );
  const nats = nested.filter((p) => p.nat !== null);
  const [nat, second] = nats;
  if (second !== undefined)
    return source.fail(notHere, { action: 'nat', why: 'there is one before it' }, second.start, second.end);
  const action = { kind: 'ct', commit, force, zone, table, alg, nat: nat?.nat ?? null, exec: [] } as const;
  return parsed(args, { action, nested });
}

function readZone(source: Source, start: number, end: number): number | SubfieldRef | null {
  const found = scanUnsigned(source.text, start, end);
  if (found !== null && found.next === end && found.value <= 0xffffn) return Number(found.value);
  const field = readSubfield(source, start, end);
  if (field === null || hasShortHeader(field.info)) return field === null ? null : plain(field);
  const what = `there is no room for \`${field.field}\` in it: ovs-ofctl would send a number`;
  return source.fail(badArgument, { action: 'ct', what }, start, end);
}

export function readNat(args: Args): Parsed | null {
  const { source } = args;
  const refuse = (what: string): null =>
    source.fail(badArgument, { action: 'nat', what }, args.whole.start, args.whole.end);
  let direction: 'src' | 'dst' | null = null;
  let range: Range = { family: null, addresses: null, ports: null };
  const flags = { persistent: false, hash: false, random: false };
  const pairs = new KeyValues(source.text, args.start, args.end);
  while (pairs.next()) {
    const { key, valueStart, valueEnd } = pairs;
    if (key === 'src' || key === 'dst') {
      if (direction !== null && direction !== key) return refuse('there is `src` and `dst`');
      direction = key;
      const read = readRange(source, valueStart, valueEnd);
      if (read === null) return null;
      range = read;
    } else if (key === 'persistent' || key === 'hash' || key === 'random') flags[key] = true;
    else return unknownArgument(source, pairs, 'nat');
  }
  if (direction === null && (flags.persistent || flags.hash || flags.random))
    return refuse('flags need `src` or `dst`');
  if (flags.hash && flags.random) return refuse('`hash` and `random` exclude each other');
  const nat: Nat = { direction, ...range, ...flags };
  return parsed(args, { nat });
}

type Range = Pick<Nat, 'family' | 'addresses' | 'ports'>;

/** `10.0.0.1-10.0.0.9:80-90`, `[fe80::1]:80`. */
function readRange(source: Source, start: number, end: number): Range | null {
  const { text } = source;
  const refuse = (from: number): null =>
    source.fail(
      badValue,
      {
        value: shown(text.slice(start, end)),
        name: 'nat',
        needed: 'a range of addresses, with ports or without',
      },
      from,
      Math.max(end, from),
    );
  if (start === end) return { family: null, addresses: null, ports: null };
  const first = scanAddress(source, start, end, null);
  if (first === null) return refuse(start);
  const { family } = first;
  let at = first.next;
  let max: bigint | null = null;
  if (text.charCodeAt(at) === 45 && at < end) {
    const last = scanAddress(source, at + 1, end, family);
    if (last === null || last.value < first.value) return refuse(at);
    max = last.value;
    at = last.next;
  }
  let ports: Nat['ports'] = null;
  if (text.charCodeAt(at) === 58 && at < end) {
    const found = /^:(\d{1,15})(?:-(\d{1,15}))?/.exec(text.slice(at, end));
    if (found === null) return refuse(at);
    const [all, low = '', high] = found;
    const least = cutPort(source, low, at + 1);
    const most = high === undefined ? null : cutPort(source, high, at + 2 + low.length);
    if (most !== null && most < least) return refuse(at);
    ports = { min: least, max: most };
    at += all.length;
  }
  if (at !== end) return refuse(at);
  return withoutZeros(source, { family, addresses: { min: first.value, max }, ports }, start, end);
}

function cutPort(source: Source, digits: string, at: number): number {
  const value = Number(BigInt.asUintN(16, BigInt(digits)));
  if (BigInt(value) !== BigInt(digits))
    source.warn(cut, { written: digits, name: 'nat', becomes: String(value) }, at, at + digits.length);
  return value;
}

/** An address of 0 and a port of 0 are not sent. */
function withoutZeros(source: Source, range: Range, start: number, end: number): Range | null {
  const { family, addresses, ports } = range;
  const noAddress = addresses?.min === 0n;
  const noPort = ports?.min === 0;
  if (!noAddress && !noPort && addresses?.max !== 0n && ports?.max !== 0) return range;
  const text = shown(source.slice(start, end));
  if (
    (noAddress && addresses.max !== null && addresses.max !== 0n) ||
    (noPort && ports.max !== null && ports.max !== 0) ||
    (noAddress && ports !== null && !noPort)
  )
    return source.fail(
      badValue,
      { value: text, name: 'nat', needed: 'a range that does not begin with 0' },
      start,
      end,
      {
        switchError: 'OFPBAC_BAD_ARGUMENT',
      },
    );
  source.warn(noRange, { text }, start, end);
  if (noAddress) return { family: null, addresses: null, ports: null };
  return { family, addresses, ports: noPort ? null : ports };
}

interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
  readonly next: number;
}

function scanAddress(source: Source, start: number, end: number, family: 4 | 6 | null): Address | null {
  const { text } = source;
  if (family !== 6) {
    const found = scanIpv4(text, start, end);
    if (found !== null) {
      if (found.cut) {
        const becomes = [24n, 16n, 8n, 0n].map((s) => ((found.value >> s) & 0xffn).toString()).join('.');
        source.warn(
          cut,
          { written: shown(text.slice(start, found.next)), name: 'nat', becomes },
          start,
          found.next,
        );
      }
      return { family: 4, value: found.value, next: found.next };
    }
    if (family === 4) return null;
  }
  const bracket = text.charCodeAt(start) === 91;
  const from = bracket ? start + 1 : start;
  let to = from;
  while (to < end && isIpv6Char(text.charCodeAt(to))) to++;
  const value = ipv6Value(text.slice(from, to));
  if (value === null || (bracket && text.charCodeAt(to) !== 93)) return null;
  return { family: 6, value, next: bracket ? to + 1 : to };
}
