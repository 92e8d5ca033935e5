// Reads the match texts of the recorded vectors. Apart from src/, so that it can judge src/.
import { isIPv6 } from 'node:net';
import type { MatchField } from '../../src/ir/types.ts';
import { fieldByName } from '../../src/openflow/fields.ts';
import { flagBits } from '../../src/openflow/names.ts';
import { impliedTerms, isProtocolName } from '../../src/openflow/protocols.ts';

const FRAG: Readonly<Record<string, readonly [bigint, bigint | null]>> = {
  later: [3n, null],
  not_later: [0n, 2n],
};

export function parseMatch(text: string): MatchField[] {
  // A comma inside parentheses does not end a term.
  return text.split(/,(?![^(]*\))/).flatMap((word): MatchField[] => {
    const [name = '', value] = word.split('=');
    if (value === undefined) {
      if (!isProtocolName(name)) throw new Error(`no protocol: ${name}`);
      return impliedTerms(name).map((t) => ({ ...t, mask: null }));
    }
    const f = fieldByName(name);
    if (f === undefined) throw new Error(`no field: ${name}`);
    const bits = flagBits(f);
    if (bits !== undefined && !/^\d/.test(value)) {
      let [v, m] = [0n, 0n];
      for (const [, sign, flag] of value.matchAll(/([+-]?)(\w+)/g)) {
        const bit = bits.get(flag!)!;
        m |= bit;
        if (sign !== '-') v |= bit;
      }
      return [{ field: f.name, value: v, mask: m }];
    }
    if (f.format === 'frag') {
      const [v, mask] = FRAG[value]!;
      return [{ field: f.name, value: v, mask }];
    }
    const [v = '', m] = value.split('/');
    const prefix = m !== undefined && /^\d+$/.test(m) && f.format.startsWith('IPv');
    const mask = m === undefined ? null : prefix ? prefixMask(Number(m), f.bits) : number(m);
    return [{ field: f.name, value: number(v), mask }];
  });
}

const prefixMask = (length: number, bits: number): bigint =>
  ((1n << BigInt(length)) - 1n) << BigInt(bits - length);

function number(text: string): bigint {
  if (text.startsWith('(')) {
    const [ns = '', type = ''] = text.slice(1, -1).split(',');
    return (BigInt(ns) << 16n) | BigInt(type);
  }
  if (isIPv6(text)) return ipv6(text);
  if (text.includes(':')) return BigInt(`0x${text.replaceAll(':', '')}`);
  if (text.includes('.')) return text.split('.').reduce((n, part) => n * 256n + BigInt(part), 0n);
  return BigInt(text);
}

function ipv6(text: string): bigint {
  const [head = '', tail] = text.split('::');
  const groups = (s: string | undefined): string[] => (s === undefined || s === '' ? [] : s.split(':'));
  const left = groups(head);
  const right = groups(tail);
  const middle = tail === undefined ? [] : new Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...middle, ...right].reduce((n, group) => (n << 16n) | BigInt(`0x${group}`), 0n);
}
