/**
 * `wbf.lock`: what the compiler has numbered and placed, so that it stays where it is when a program grows.
 *
 * JSON with sorted keys and one entry a line, made to be committed and merged:
 *
 *     { "version": 1, "programs": { "edge": { "registers": { "zone": "reg0[0..15]" }, "tables": { "acl": 10 } } } }
 */
import { parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import { showPlace } from '../check/register-places.ts';
import { lockConflict, lockSyntax } from '../diagnostics/codes/allocation.ts';
import { make } from '../diagnostics/define.ts';
import type { Diagnostic } from '../diagnostics/types.ts';
import type { Allocation, Lock, SubfieldRef } from '../ir/types.ts';
import { fieldByName } from '../openflow/fields.ts';

/** How the file is called. */
export const LOCK_NAME = 'wbf.lock';

const VERSION = 1;
const MAX_NUMBER = 0xffff_ffff;
const PLACE = /^(x{0,2}reg\d+)(?:\[(\d+)(?:\.\.(\d+))?\])?$/;

export interface ReadLock {
  readonly lock: Lock;
  /** What is wrong with it; places are in its text, as file 0. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a lock. Never throws; where anything is wrong the lock is empty. */
export function readLock(text: string): ReadLock {
  const reader = new Reader();
  const lock = reader.read(text);
  return { lock: reader.diagnostics.length > 0 ? new Map() : lock, diagnostics: reader.diagnostics };
}

class Reader {
  readonly diagnostics: Diagnostic[] = [];

  read(text: string): Lock {
    const lock = new Map<string, Allocation>();
    const conflict = /^(<{7}|={7}|>{7})( .*)?$/m.exec(text);
    if (conflict !== null) {
      const at = { file: 0, start: conflict.index, end: conflict.index + conflict[0].length };
      this.diagnostics.push(make(lockConflict, {}, at));
      return lock;
    }
    const errors: ParseError[] = [];
    const root = parseTree(text, errors, { disallowComments: true });
    const [error] = errors;
    if (error !== undefined || root === undefined) {
      const what = error === undefined ? 'the file is empty' : `not JSON: ${words(error)}`;
      this.complain(what, { offset: error?.offset ?? 0, length: error?.length ?? 1 });
      return lock;
    }
    for (const [key, value] of this.entries(root, 'the file')) {
      if (key.value === 'version') {
        if (value.value !== VERSION) {
          this.complain(`this version of wbfc knows version ${VERSION} of the file only`, value);
        }
      } else if (key.value === 'programs') {
        for (const [name, section] of this.entries(value, '`programs`')) {
          lock.set(String(name.value), this.section(section));
        }
      } else this.unknown(key);
    }
    return lock;
  }

  private section(node: Node): Allocation {
    const tables = new Map<string, number>();
    const registers = new Map<string, SubfieldRef>();
    const conjunctions = new Map<string, number>();
    for (const [key, part] of this.entries(node, 'a program')) {
      const what = String(key.value);
      if (what !== 'tables' && what !== 'registers' && what !== 'conjunctions') {
        this.unknown(key);
        continue;
      }
      for (const [name, value] of this.entries(part, `\`${what}\``)) {
        if (what === 'registers') {
          const place = placeOf(value);
          if (place === null) this.complain('a register is written like "reg0[0..15]" or "xreg1"', value);
          else registers.set(String(name.value), place);
        } else {
          const number = numberOf(value);
          if (number === null) this.complain('a whole number is needed here', value);
          else (what === 'tables' ? tables : conjunctions).set(String(name.value), number);
        }
      }
    }
    return { tables, registers, conjunctions };
  }

  private entries(node: Node, what: string): [Node, Node][] {
    if (node.type !== 'object') {
      this.complain(`${what} is an object, with names before its values`, node);
      return [];
    }
    const seen = new Set<unknown>();
    return (node.children ?? []).flatMap(({ children: [key, value] = [] }): [Node, Node][] => {
      if (key === undefined || value === undefined) return [];
      if (seen.has(key.value)) this.complain(`\`${String(key.value)}\` stands here twice`, key);
      seen.add(key.value);
      return [[key, value]];
    });
  }

  private unknown(key: Node): void {
    this.complain(`\`${String(key.value)}\` means nothing here`, key);
  }

  private complain(what: string, { offset, length }: Pick<Node, 'offset' | 'length'>): void {
    const at = { file: 0, start: offset, end: offset + Math.max(1, length) };
    this.diagnostics.push(make(lockSyntax, { what }, at));
  }
}

/** `CommaExpected` as words. */
function words({ error }: ParseError): string {
  return printParseErrorCode(error)
    .replace(/[A-Z]/g, (letter, at: number) => `${at === 0 ? '' : ' '}${letter.toLowerCase()}`)
    .replace(/^invalid symbol$/, 'a word that is none of JSON');
}

function numberOf({ value }: Node): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_NUMBER
    ? value
    : null;
}

function placeOf({ value }: Node): SubfieldRef | null {
  const [, name, from, to] = (typeof value === 'string' ? PLACE.exec(value) : null) ?? [];
  const known = name === undefined ? undefined : fieldByName(name);
  if (known === undefined) return null;
  if (from === undefined) return { field: known.name, offset: 0, bits: known.bits };
  const offset = Number(from);
  const last = to === undefined ? offset : Number(to);
  return offset <= last && last < known.bits ? { field: known.name, offset, bits: last - offset + 1 } : null;
}

/** The text of the file: the same for the same content. */
export function printLock(lock: Lock): string {
  const sorted = <V, W>(map: ReadonlyMap<string, V>, show: (value: V) => W): Record<string, W> => {
    const entries = [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return Object.fromEntries(entries.map(([name, value]) => [name, show(value)]));
  };
  const programs = sorted(lock, ({ conjunctions, registers, tables }) => ({
    ...(conjunctions.size > 0 ? { conjunctions: sorted(conjunctions, (id) => id) } : {}),
    ...(registers.size > 0 ? { registers: sorted(registers, showPlace) } : {}),
    ...(tables.size > 0 ? { tables: sorted(tables, (number) => number) } : {}),
  }));
  return `${JSON.stringify({ version: VERSION, programs }, null, 2)}\n`;
}

/** The lock with what a program has now; a program without anything to keep is not in it. */
export function withProgram(
  lock: Lock,
  program: string,
  { tables, registers, conjunctions }: Allocation,
): Lock {
  const next = new Map(lock);
  if (tables.size + registers.size + conjunctions.size === 0) next.delete(program);
  else next.set(program, { tables, registers, conjunctions });
  return next;
}

/** What would change for a program, a line for each entry; none where nothing would. */
export function lockChanges(lock: Lock, program: string, now: Allocation): string[] {
  const before = lock.get(program);
  return [
    ...compare('table', before?.tables, now.tables, String),
    ...compare('register', before?.registers, now.registers, showPlace),
    ...compare('conjunction', before?.conjunctions, now.conjunctions, String),
  ];
}

function compare<V>(
  what: string,
  before: ReadonlyMap<string, V> = new Map(),
  now: ReadonlyMap<string, V>,
  show: (value: V) => string,
): string[] {
  const names = [...new Set([...before.keys(), ...now.keys()])].sort();
  return names.flatMap((name) => {
    const [was, is] = [before.get(name), now.get(name)];
    if (is === undefined) return was === undefined ? [] : [`${what} \`${name}\` (${show(was)}) is gone`];
    if (was === undefined) return [`${what} \`${name}\` is new: ${show(is)}`];
    return show(was) === show(is) ? [] : [`${what} \`${name}\` moves from ${show(was)} to ${show(is)}`];
  });
}
