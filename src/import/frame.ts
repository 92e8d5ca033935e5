/** What stands around the flows of the result, and follows from them. */
import * as codes from '../diagnostics/codes/import-files.ts';
import { make } from '../diagnostics/define.ts';
import type { TlvMapping } from '../ir/types.ts';
import type { Item } from './items.ts';
import { spanOf } from './piece.ts';
import type { TextSpan } from './piece.ts';
import type { Scanned } from './scan.ts';
import type { Session } from './session.ts';
import { numberTables } from './table-order.ts';
import { placeholder } from './tunnel-options.ts';

/** Numbers for the tables of which the input knows the names only. */
export function tableNumbers(session: Session): ReadonlyMap<number, number> {
  const { names, entries, edges, bag } = session;
  const all = [...names.tableEntries];
  const named = all.filter(([table]) => names.isStandIn(table));
  if (named.length === 0) return new Map();
  const first = entries.find((e) => names.isStandIn(e.table))?.item;
  const at = { file: 0, ...(first === undefined ? { start: 0, end: 0 } : spanOf(first)) };
  const used = new Set(all.filter(([table]) => !names.isStandIn(table)).map(([table]) => table));
  const numbers = numberTables(
    named.map(([table]) => table),
    used,
    edges,
  );
  if (numbers === null) {
    bag.add(make(codes.noNumbers, {}, at));
    return new Map();
  }
  const tables = named.map(([table, name]) => `${name} = ${numbers.get(table) ?? table}`).join(', ');
  bag.add(make(codes.namedTables, { tables }, at));
  return numbers;
}

/** The options of the input, and stand-ins for those that its flows use besides. */
export function optionsOf({ declared: { tlvs }, options, bag }: Session): Omit<TlvMapping, 'origin'>[] {
  const missing = [...options].filter(([index]) => !tlvs.has(index));
  if (missing.length > 0) {
    const fields = missing.map(([index]) => `\`tun_metadata${index}\``).join(', ');
    bag.add(make(codes.tunnelOption, { fields }, { file: 0, start: 0, end: 0 }));
  }
  const all = [...tlvs.values(), ...missing.map(([index, bits]) => placeholder(index, bits))];
  return all.sort((a, b) => a.index - b.index);
}

/** Groups and meters that flows use and the input does not make. */
export function reportExternals({ names, declared: { groups, meters }, bag }: Session): void {
  const report = (
    what: string,
    used: ReadonlyMap<number, Item | null>,
    own: ReadonlyMap<number, unknown>,
  ): void => {
    const missing = [...used].filter(([id]) => !own.has(id));
    const [first] = missing;
    if (first === undefined) return;
    const ids = missing.map(([id]) => id).sort((a, b) => a - b);
    const at = first[1] === null ? { start: 0, end: 0 } : spanOf(first[1]);
    bag.add(make(codes.external, { what, ids: listed(ids) }, { file: 0, ...at }));
  };
  report('group', names.usedGroups, groups);
  report('meter', names.usedMeters, meters);
}

const MOST_IDS = 10;

function listed(ids: readonly number[]): string {
  const shown = ids.slice(0, MOST_IDS).join(', ');
  return ids.length > MOST_IDS ? `${shown} and ${ids.length - MOST_IDS} more` : shown;
}

interface Lost extends TextSpan {
  readonly messages: readonly string[];
}

/** What could not be read, as comments. */
export function leftovers(text: string, scanned: Scanned, session: Session): string[] {
  const messagesIn = ({ start, end }: TextSpan): string[] =>
    session.bag.all.filter((d) => d.place.start >= start && d.place.start <= end).map((d) => d.message);
  const lost: Lost[] = [
    ...session.unreadable,
    ...scanned.unreadable.map((at) => ({ start: at.start, end: at.end, messages: messagesIn(at) })),
  ].sort((a, b) => a.start - b.start);
  if (lost.length === 0) return [];
  const lines = ['Not imported:'];
  let line = 1;
  let counted = 0;
  for (const { start, end, messages } of lost) {
    for (; counted < start; counted++) if (text.charCodeAt(counted) === 0x0a) line++;
    lines.push(`line ${line}: ${[...new Set(messages)].join('; ')}`);
    for (const part of text.slice(start, end).split('\n')) lines.push(`    ${part.trim()}`);
  }
  return lines;
}
