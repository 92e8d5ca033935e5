/** The map of tunnel options as `add-tlv-map` of ovs-ofctl takes it (ovs-ofctl(8)). */
import { badTlvMap, badValue } from '../../diagnostics/codes/import.ts';
import type { TlvMapping } from '../../ir/types.ts';
import { readSmall } from './numbers.ts';
import { KeyValues } from './scanner.ts';
import { report, shown, Source } from './source.ts';
import type { ReadContext, ReadTlvMap } from './types.ts';
import { hasVariable } from './variables.ts';

/** Slots, and bytes of an option (ovs-fields(7), "Tunnel metadata"). */
const SLOTS = 64;
const MAX_LENGTH = 124;

/** Reads the argument of `add-tlv-map`. Null where it cannot be read, which has been reported. */
export function readTlvMap(ctx: ReadContext, start: number, end: number): ReadTlvMap | null {
  if (hasVariable(ctx, start, end)) return null;
  const source = new Source(ctx.text.slice(start, end), ctx.names);
  const mappings = readWhole(source);
  report(ctx, source.notes, start);
  return mappings === null ? null : { mappings, start, end, warnings: source.notes.length };
}

function readWhole(source: Source): Omit<TlvMapping, 'origin'>[] | null {
  const { text } = source;
  const mappings: Omit<TlvMapping, 'origin'>[] = [];
  let at = 0;
  const option = /[,\s]*(\{[^}]*\})(?:->(tun_metadata(\d{1,2})))?/y;
  const rest = /[,\s]*$/y;
  for (;;) {
    rest.lastIndex = at;
    if (rest.test(text)) break;
    option.lastIndex = at;
    const found = option.exec(text);
    if (found === null) {
      const what = `\`${shown(text.slice(at))}\` is no option`;
      return source.fail(badTlvMap, { what }, at, text.length);
    }
    const [all, braces = '', name = '', index = ''] = found;
    const start = at + all.indexOf('{');
    if (name === '' || Number(index) >= SLOTS)
      return source.fail(
        badTlvMap,
        { what: '`->tun_metadata0` to `63` is missing' },
        start,
        start + braces.length,
      );
    const mapping = readOption(source, start + 1, start + braces.length - 1, Number(index));
    if (mapping === null) return null;
    mappings.push(mapping);
    at += all.length;
  }
  if (mappings.length === 0) return source.fail(badTlvMap, { what: 'there is no option' }, 0, text.length);
  return mappings;
}

function readOption(
  source: Source,
  start: number,
  end: number,
  index: number,
): Omit<TlvMapping, 'origin'> | null {
  const numbers: Record<'class' | 'type' | 'len', number | null> = { class: null, type: null, len: null };
  const pairs = new KeyValues(source.text, start, end);
  while (pairs.next()) {
    const { key, keyStart, valueStart, valueEnd } = pairs;
    if (key !== 'class' && key !== 'type' && key !== 'len')
      return source.fail(
        badTlvMap,
        { what: `\`${shown(key)}\` is none of class, type, len` },
        keyStart,
        Math.max(valueEnd, keyStart + 1),
      );
    const value = readSmall(source, valueStart, valueEnd, key, key === 'class' ? 0xffff : 0xff);
    if (value === null) return null;
    numbers[key] = value;
  }
  const { class: optionClass, type, len } = numbers;
  if (optionClass === null || type === null || len === null)
    return source.fail(badTlvMap, { what: 'an option has class, type and len' }, start, end);
  if (len === 0 || len % 4 !== 0 || len > MAX_LENGTH)
    return source.fail(
      badValue,
      { value: String(len), name: 'len', needed: 'a multiple of 4 up to 124' },
      start,
      end,
    );
  return { class: optionClass, type, length: len, index };
}
