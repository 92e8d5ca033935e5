/** `encap` and `decap` (ovs-actions(7)). */
import { badArgument, badTarget, badValue, ignored } from '../../diagnostics/codes/import.ts';
import type { Action } from '../../ir/types.ts';
import { readSmall } from './numbers.ts';
import type { Args, Parsed } from './parsed.ts';
import { parsed } from './parsed.ts';
import { unknownArgument } from './read-output.ts';
import { KeyValues } from './scanner.ts';
import { shown } from './source.ts';

type EncapNsh = Extract<Action, { kind: 'encap'; header: 'nsh' }>;

const HEADERS = ['ethernet', 'mpls', 'mpls_mc'] as const;

/** Name spaces of packet types (OpenFlow 1.5.1 §7.2.3.11), of which ovs-ofctl takes these. */
const NAME_SPACES = 5;

export function readEncap(args: Args): Parsed | null {
  const { source, name } = args;
  const pairs = new KeyValues(source.text, args.start, args.end);
  if (!pairs.next())
    return source.fail(
      badArgument,
      { action: name, what: 'a header is missing' },
      args.whole.start,
      args.whole.end,
    );
  const { key, keyStart, keyEnd, valueStart, valueEnd } = pairs;
  const header = HEADERS.find((h) => h === key);
  if (header === undefined && key !== 'nsh')
    return source.fail(
      badValue,
      { value: shown(key), name, needed: 'ethernet, mpls, mpls_mc or nsh' },
      keyStart,
      Math.max(keyEnd, keyStart + 1),
    );
  const properties = new KeyValues(source.text, valueStart, valueEnd);
  let action: Action;
  if (header !== undefined) {
    if (properties.next()) return unknownArgument(source, properties, `encap(${key})`);
    action = { kind: 'encap', header };
  } else {
    const read = readNsh(args, properties);
    if (read === null) return null;
    action = read;
  }
  if (pairs.next())
    source.warn(
      ignored,
      { text: shown(pairs.pair), why: '`encap` has one argument' },
      pairs.keyStart,
      pairs.end,
    );
  return parsed(args, { action, in10: false });
}

function readNsh({ source }: Args, pairs: KeyValues): EncapNsh | null {
  let mdType: number | null = null;
  const tlvs: EncapNsh['tlvs'][number][] = [];
  while (pairs.next()) {
    const { key, valueStart, valueEnd } = pairs;
    if (key === 'md_type') {
      mdType = readSmall(source, valueStart, valueEnd, key, 255);
      if (mdType === null) return null;
      if (mdType < 1 || mdType > 2)
        return source.fail(
          badValue,
          { value: shown(pairs.value), name: key, needed: '1 or 2' },
          valueStart,
          valueEnd,
        );
    } else if (key === 'tlv') {
      const found = /^0x([0-9a-fA-F]{1,4}),(\d{1,3}),0x([0-9a-fA-F]{1,251})(.*)$/s.exec(pairs.value);
      if (found === null || Number(found[2]) > 255) {
        const needed = 'class, type and value, as (0x1000,10,0x12345678)';
        return source.fail(badValue, { value: shown(pairs.value), name: key, needed }, valueStart, valueEnd);
      }
      const [, optionClass = '', type = '', digits = '', rest = ''] = found;
      const even = digits.length - (digits.length % 2);
      const left = digits.slice(even) + rest;
      if (left !== '')
        source.warn(
          ignored,
          { text: shown(left), why: 'a value has pairs of digits' },
          valueEnd - left.length,
          valueEnd,
        );
      const value = Uint8Array.from(digits.slice(0, even).match(/../g) ?? [], (pair) => parseInt(pair, 16));
      tlvs.push({ class: parseInt(optionClass, 16), type: Number(type), value });
    } else return unknownArgument(source, pairs, 'encap(nsh)');
  }
  return { kind: 'encap', header: 'nsh', mdType, tlvs };
}

export function readDecap(args: Args): Parsed | null {
  const { source } = args;
  const pairs = new KeyValues(source.text, args.start, args.end);
  if (!pairs.next()) return parsed(args, { action: { kind: 'decap', packetType: null }, in10: true });
  if (pairs.key !== 'packet_type') return unknownArgument(source, pairs, args.name);
  const parts = new KeyValues(source.text, pairs.valueStart, pairs.valueEnd);
  const attribute = (name: string, max: number): number | null => {
    if (!parts.next() || parts.key !== name)
      return source.fail(
        badArgument,
        { action: args.name, what: `\`${name}\` is missing` },
        pairs.keyStart,
        pairs.end,
      );
    return readSmall(source, parts.valueStart, parts.valueEnd, name, max);
  };
  const ns = attribute('ns', 0xffff);
  if (ns === null) return null;
  if (ns >= NAME_SPACES)
    return source.fail(
      badTarget,
      { action: args.name, what: `there is no name space ${ns}` },
      pairs.valueStart,
      pairs.valueEnd,
    );
  const type = attribute('type', 0xffff);
  if (type === null) return null;
  return parsed(args, { action: { kind: 'decap', packetType: { ns, type } } });
}
