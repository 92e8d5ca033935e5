/** Which holes of a skeleton may vary without the reader having to look again, as far as their text tells. */
import { fieldByName } from '../../openflow/fields.ts';
import { isGenericName } from '../../openflow/protocols.ts';
import { specOf } from '../read/quick.ts';
import { Finder, skipSeparators, tokenEnd } from '../read/scanner.ts';
import type { Skeleton } from './skeleton.ts';
import { HOLE } from './skeleton.ts';

/** What the value of a hole is for; `fixed`: flows are alike only where it is the same. */
export const ROLE = { fixed: 0, priority: 1, cookie: 2, match: 3, action: 4, prefix: 5 } as const;

/** An action by whose text its hole is known: `output:1`, `set_field:1/3->reg0`. */
export interface ActionToken {
  readonly start: number;
  readonly end: number;
  /** The hole that may vary; -1 where there is none. */
  readonly hole: number;
  readonly name: string;
}

/** Actions whose first value is only a value. `1` and `"eth0"` are ports. */
const VARIES = /^(?:output|set_field|load|mod_dl_src|mod_dl_dst|mod_nw_src|mod_nw_dst|group|set_queue)$/;

const finder = new Finder('action');

/** Where the list of actions begins; -1 where there is none. */
export function actionsAt(text: string, start: number, end: number): number {
  const word = finder.find(text, start, end);
  if (word === -1) return -1;
  const equals = text.indexOf('=', word);
  return equals === -1 || equals >= end ? -1 : equals + 1;
}

export function rolesOf(skeleton: Skeleton, text: string, start: number, end: number): Uint8Array {
  const roles = new Uint8Array(skeleton.holes);
  const actions = actionsAt(text, start, end);
  if (actions === -1) return roles;
  const { kinds } = skeleton;
  const limit = text.lastIndexOf('action', actions);
  for (let at = skipSeparators(text, start, limit); at < limit; at = skipSeparators(text, at, limit)) {
    const to = tokenEnd(text, at, limit);
    const equals = text.indexOf('=', at);
    if (equals !== -1 && equals < to) {
      const hole = holeAt(skeleton, equals + 1);
      if (hole !== -1) {
        const role = roleOf(text.slice(at, equals), kinds[hole] ?? 0);
        const whole = skeleton.ends[hole] === to;
        const masked = !whole && isMasked(skeleton, hole, text, to);
        if (whole || (masked && role === ROLE.match && kinds[hole] !== HOLE.name)) roles[hole] = role;
        const address = kinds[hole] === HOLE.ipv4 || kinds[hole] === HOLE.ipv6;
        if (masked && address && role === ROLE.match && kinds[hole + 1] === HOLE.decimal)
          roles[hole + 1] = ROLE.prefix;
      }
    }
    at = Math.max(to, at + 1);
  }
  for (const { hole } of actionTokens(skeleton, text, actions, end))
    if (hole !== -1) roles[hole] = ROLE.action;
  return roles;
}

/** Is the rest of the token `/` and a mask? */
function isMasked(skeleton: Skeleton, hole: number, text: string, end: number): boolean {
  const behind = skeleton.ends[hole] ?? 0;
  return (
    text.charCodeAt(behind) === 0x2f &&
    holeAt(skeleton, behind + 1) === hole + 1 &&
    skeleton.ends[hole + 1] === end
  );
}

function roleOf(key: string, kind: number): number {
  if (key === 'priority') return kind === HOLE.decimal ? ROLE.priority : ROLE.fixed;
  if (key === 'cookie')
    return kind === HOLE.decimal || kind === HOLE.hex || kind === HOLE.wide ? ROLE.cookie : ROLE.fixed;
  if (kind === HOLE.ipv6) return fieldByName(key)?.format === 'IPv6' ? ROLE.match : ROLE.fixed;
  const spec = specOf(key);
  if (spec === undefined) return ROLE.fixed;
  const fits =
    (spec.form === 'mac' && kind === HOLE.mac) ||
    (spec.form === 'ipv4' && kind === HOLE.ipv4) ||
    (spec.form === 'number' && (kind === HOLE.decimal || kind === HOLE.hex)) ||
    (spec.form === 'port' && (kind === HOLE.decimal || kind === HOLE.name));
  return fits ? ROLE.match : ROLE.fixed;
}

/** The actions of the list, those of others in parentheses not among them. */
export function actionTokens(skeleton: Skeleton, text: string, start: number, end: number): ActionToken[] {
  const tokens: ActionToken[] = [];
  for (let at = skipSeparators(text, start, end); at < end; at = skipSeparators(text, at, end)) {
    const to = tokenEnd(text, at, end);
    let colon = at;
    while (colon < to && /\w/.test(text.charAt(colon))) colon++;
    const name = text.slice(at, colon);
    const bare = holeAt(skeleton, at);
    let hole = -1;
    if (bare !== -1) {
      if (skeleton.ends[bare] === to) hole = bare;
    } else if (VARIES.test(name) && text.charCodeAt(colon) === 0x3a) {
      const value = holeAt(skeleton, colon + 1);
      if (value !== -1) {
        const rest = text.slice(skeleton.ends[value], to);
        // A mask is a hole of its own, and the same for all.
        if (/^(?:\/[^>]*)?(?:->[\w.[\]]+)?$/.test(rest)) hole = value;
      }
    }
    tokens.push({ start: at, end: to, hole, name: bare === -1 ? name : 'output' });
    at = Math.max(to, at + 1);
  }
  return tokens;
}

/** The hole that begins there; -1 where there is none. */
export function holeAt({ holes, starts }: Skeleton, at: number): number {
  for (let i = 0; i < holes; i++) if (starts[i] === at) return i;
  return -1;
}

/** The hole with that role within a part of the text; -1 where there is none. */
export function holeIn(
  { holes, starts }: Skeleton,
  roles: Uint8Array,
  role: number,
  start: number,
  end: number,
): number {
  for (let i = 0; i < holes; i++)
    if (roles[i] === role && (starts[i] ?? 0) >= start && (starts[i] ?? 0) < end) return i;
  return -1;
}

/** The largest value of a match term that goes by this name; null where values are no numbers. */
export function mostOf(key: string): number | null {
  return specOf(key)?.max ?? null;
}

/** Do values of this name mean one field or another, as they are small or not? */
export const isGeneric = isGenericName;
