/** What is learnt from one row of a data file about all that are written like it: see `rows.ts`. */
import type { Expr, FlowDecl } from '../../grammar/ast.ts';
import { matchKey } from '../check/duplicates.ts';
import { statesCookie } from '../check/flow.ts';
import type { Scope, TableSymbol } from '../check/types.ts';
import { DiagnosticBag } from '../diagnostics/define.ts';
import type { ExpandedFlow, ExpandedRows } from '../expand/types.ts';
import { IdentityHash } from '../ir/identity.ts';
import type { FlowMod, Origin } from '../ir/types.ts';
import { CELL, CellReader, codesOf } from './cells.ts';
import {
  isPortIn,
  MATCH_AT,
  matchEndOf,
  patchNumber,
  portsOf,
  priorityAt,
  putWord,
  sameBytes,
} from './patch.ts';
import { factsOf, type Facts } from '../check/pipeline/facts.ts';
import { factsHold, patchable } from './patchable.ts';
import { slotsOf, type SlotRole } from './roles.ts';
import { clear, COOKIE_AT, encode, SlotLearner, type Slot } from './slots.ts';

/** A text in which the cells of some columns stand: texts and numbers of columns. */
type Pattern = readonly (string | number)[];

/** The same with the texts as UTF-16 codes. */
export type Codes = readonly (Uint16Array | number)[];

/** A port as the flow has it, or (column ≥ 0) as a cell has it. */
export interface PortSource {
  readonly number: number;
  readonly column: number;
}

/** A place for the value of a cell. */
export interface RowSlot {
  readonly slot: Slot;
  readonly column: number;
  /** It is a port, which must be declared if any is. */
  readonly port: boolean;
}

/** How to make one flow of a row. */
export interface FlowPlan {
  /** The FLOW_MOD with zeros in all slots and, where it is computed, the cookie. */
  readonly template: Uint8Array;
  readonly slots: readonly RowSlot[];
  readonly matchEnd: number;
  /** The cookie is stated; else it is the hash of what follows. */
  readonly stated: boolean;
  /** The hash of the module and the table. */
  readonly prefix: IdentityHash;
  /** null: the flow is known by its match. */
  readonly name: Codes | null;
  /** The same one for flows that have it in common. */
  readonly instance: Codes;
  readonly inPort: PortSource | null;
  readonly outputs: readonly PortSource[];
  readonly place: Origin;
  readonly facts: Facts;
}

/** How to make all flows of a row. */
export interface RowPlan {
  readonly flows: readonly FlowPlan[];
}

export type Learnt =
  | { readonly kind: 'plan'; readonly plan: RowPlan }
  /** The text of these columns decides what is made: rows are alike only when it is the same. */
  | { readonly kind: 'guards'; readonly guards: readonly number[] }
  /** It counts whether the text of a column is one of some. */
  | { readonly kind: 'compared'; readonly compared: ReadonlyMap<number, ReadonlySet<string>> }
  | { readonly kind: 'never' };

const NEVER: Learnt = { kind: 'never' };

/** `mods` are the flows of the row as they were lowered, without any diagnostic. */
export function learnRow(
  scope: Scope,
  table: TableSymbol | null,
  rows: ExpandedRows,
  row: number,
  mods: readonly FlowMod[],
  known: readonly number[],
  knownTexts: ReadonlyMap<number, ReadonlySet<string>>,
): Learnt {
  const { flows, examined, compared } = rows.expand(row, new DiagnosticBag());
  if (flows.length !== mods.length || !usualCookies(scope)) return NEVER;
  for (const [column, texts] of compared) {
    const before = knownTexts.get(column);
    if (![...texts].every((text) => before?.has(text))) return { kind: 'compared', compared };
  }
  const columnOf = columnsByPlace(rows, row);
  const guards = new Set([...known, ...examined]);
  const sought = flows.map(({ decl }): Sought => {
    const roles = slotsOf(decl, scope, true);
    const found: Sought = { roles: new Map() };
    const byNode = new Map<Expr, SlotRole>(roles.map((role) => [role.node, role]));
    cellsIn(decl, (node) => {
      const column = columnOf.get(node.given?.span.start ?? -1);
      if (column === undefined) return;
      const role = byNode.get(node.kind === 'masked' ? node.value : node);
      if (role === undefined) guards.add(column);
      else found.roles.set(role, column);
    });
    return found;
  });
  if (guards.size > known.length) return { kind: 'guards', guards: [...guards] };
  const fixed = rows.table
    .row(row)
    .map((cell, column) => guards.has(column) || knownTexts.get(column)?.has(cell) === true);
  const patterns = learnPatterns(rows, row, flows, fixed);
  if (patterns === null) return NEVER;
  const plans: FlowPlan[] = [];
  const instances = new Map<string, Codes>();
  for (const [i, flow] of flows.entries()) {
    const mod = mods[i];
    const { roles } = sought[i] ?? { roles: new Map<SlotRole, number>() };
    const pattern = patterns[i];
    if (mod === undefined || pattern === undefined) return NEVER;
    for (const [role, column] of roles) if (guards.has(column)) roles.delete(role);
    const key = JSON.stringify(pattern.instance);
    const instance = instances.get(key) ?? patternCodes(pattern.instance);
    instances.set(key, instance);
    const plan = planFlow(scope, table, flow, mod, roles, { name: pattern.name, instance });
    if (plan === null || !proves(plan, pattern, rows.table.row(row), encode(mod), scope)) return NEVER;
    plans.push(plan);
  }
  return { kind: 'plan', plan: { flows: plans } };
}

interface Sought {
  readonly roles: Map<SlotRole, number>;
}

/** The cookies of every program that does not ask for others. */
function usualCookies({ cookies: { mask } }: Scope): boolean {
  return (mask & 0x7ff_ffff_ffffn) === 0n && mask >> 44n === 0xfffffn;
}

export function columnsByPlace({ table }: ExpandedRows, row: number): ReadonlyMap<number, number> {
  return new Map(table.columns.map((_, column) => [table.place(row, column).start, column]));
}

/** All expressions in a flow that came out of a cell, whole. */
export function cellsIn(node: unknown, visit: (node: Expr) => void): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) {
    for (const child of node) cellsIn(child, visit);
    return;
  }
  const { given } = node as Partial<Expr>;
  if (given?.cell === true) {
    visit(node as Expr);
    return;
  }
  for (const [key, child] of Object.entries(node))
    if (key !== 'given' && key !== 'span') cellsIn(child, visit);
}

// --- names and instances ---

interface Texts {
  readonly name: Pattern | null;
  readonly instance: Pattern;
}

/** A text of that kind that stands in no other text. */
function marker(cell: string, column: number, reader: CellReader): string {
  reader.readText(cell);
  const digits = String(10 + column);
  switch (reader.kind) {
    case CELL.int:
      return `4${digits}7`;
    case CELL.ipv4:
      return `203.0.113.1${digits}`;
    case CELL.prefix:
      return `203.0.1${digits}.0/24`;
    case CELL.prefix32:
      return `203.0.113.1${digits}/32`;
    case CELL.prefix0:
      return cell;
    case CELL.mac:
      return `f2:d4:b6:98:7a:${digits}`;
    case CELL.word:
      return `wbfc_cell_${digits}_`;
    case CELL.other:
      return cell;
  }
}

/**
 * Where the cells stand in the names and instances of the flows: seen by expanding the row with other cells, and proved
 * with its own; null where that shows nothing. Cells that are `fixed` are the same in all rows that will be alike.
 */
function learnPatterns(
  rows: ExpandedRows,
  row: number,
  flows: readonly ExpandedFlow[],
  fixed: readonly boolean[],
): Texts[] | null {
  const cells = rows.table.row(row);
  if (cells.length > 80) return null;
  const reader = new CellReader();
  const markers = cells.map((cell, column) => (fixed[column] === true ? cell : marker(cell, column, reader)));
  const bag = new DiagnosticBag();
  const { flows: tried } = rows.expand(row, bag, markers);
  if (bag.all.length > 0 || tried.length !== flows.length) return null;
  const varied = markers.flatMap((text, column) => (text === cells[column] ? [] : [{ text, column }]));
  const texts: Texts[] = [];
  for (const [i, { decl, origin }] of flows.entries()) {
    const other = tried[i];
    if (other === undefined || (other.decl.name === null) !== (decl.name === null)) return null;
    const instance = patternOf(other.origin.instance, varied);
    const name = other.decl.name === null ? null : patternOf(other.decl.name.text, varied);
    if (fill(instance, cells) !== origin.instance) return null;
    if (name !== null && fill(name, cells) !== decl.name?.text) return null;
    texts.push({ name, instance });
  }
  return texts;
}

function patternOf(
  text: string,
  varied: readonly { readonly text: string; readonly column: number }[],
): Pattern {
  let parts: (string | number)[] = [text];
  for (const { text: sought, column } of varied) {
    parts = parts.flatMap((part) =>
      typeof part === 'number'
        ? [part]
        : part.split(sought).flatMap((piece, i) => (i === 0 ? [piece] : [column, piece])),
    );
  }
  return parts.filter((part) => part !== '');
}

function fill(pattern: Pattern, cells: readonly string[]): string {
  return pattern.map((part) => (typeof part === 'string' ? part : (cells[part] ?? ''))).join('');
}

function patternCodes(pattern: Pattern): Codes {
  return pattern.map((part) => (typeof part === 'number' ? part : codesOf(part)));
}

// --- bytes ---

function planFlow(
  scope: Scope,
  table: TableSymbol | null,
  { decl, origin }: ExpandedFlow,
  mod: FlowMod,
  roles: ReadonlyMap<SlotRole, number>,
  { name, instance }: { readonly name: Pattern | null; readonly instance: Codes },
): FlowPlan | null {
  const own = encode(mod);
  const matchEnd = matchEndOf(own);
  if (!sameBytes(matchKey(mod.match), own.subarray(MATCH_AT, matchEnd)) || !patchable(mod)) return null;
  const template = own.slice();
  const learner = new SlotLearner(scope, table, decl);
  const slots: RowSlot[] = [];
  for (const [role, column] of roles) {
    const slot = learner.learn(column, role);
    if (slot === null || slot.wide) return null;
    slots.push({ slot, column, port: role.port });
    clear(template, slot, role.bits);
    if (slot.length !== -1) template.fill(0, slot.maskLastByte - 3, slot.maskLastByte + 1);
  }
  const facts = factsOf(mod);
  if (
    !factsHold(
      facts,
      slots.some(({ slot }) => slot.length !== -1),
    )
  )
    return null;
  const stated = statesCookie(decl);
  if (!stated) template.fill(0, COOKIE_AT, COOKIE_AT + 8);
  const prefix = new IdentityHash();
  prefix.text(origin.module);
  prefix.text(table?.name ?? '');
  return {
    template,
    slots,
    matchEnd,
    stated,
    prefix,
    name: name === null ? null : patternCodes(name),
    instance,
    ...portSources(decl, mod, roles),
    facts,
    place: { file: origin.file, start: decl.span.start, end: decl.span.end },
  };
}

function portSources(
  decl: FlowDecl,
  mod: FlowMod,
  roles: ReadonlyMap<SlotRole, number>,
): Pick<FlowPlan, 'inPort' | 'outputs'> {
  const { inPort, outputs } = portsOf(mod);
  const columns = (which: 'match' | 'action'): { column: number; value: number }[] =>
    [...roles]
      .filter(([role]) => isPortIn(decl, role, which))
      .map(([{ node }, column]) => ({ column, value: node.kind === 'duration' ? -1 : Number(node.value) }));
  const [matched] = columns('match');
  const sent = columns('action');
  const varying = new Set(sent.map(({ value }) => value));
  return {
    inPort: inPort === null ? null : { number: inPort, column: matched?.column ?? -1 },
    outputs: [
      ...outputs.filter((port) => !varying.has(port)).map((number) => ({ number, column: -1 })),
      ...sent.map(({ column }) => ({ number: -1, column })),
    ],
  };
}

/** True if the plan makes of its own row what lowering made of it. */
function proves(
  plan: FlowPlan,
  { name, instance }: Texts,
  cells: readonly string[],
  own: Uint8Array,
  { cookies }: Scope,
): boolean {
  const bytes = plan.template.slice();
  const reader = new CellReader();
  for (const { slot, column } of plan.slots) {
    reader.readText(cells[column] ?? '');
    if (!patchNumber(slot, reader.value, reader.length, bytes, 0)) return false;
  }
  if (!plan.stated) {
    const hash = new IdentityHash();
    hash.copyFrom(plan.prefix);
    if (name === null) hash.match(bytes.subarray(MATCH_AT, plan.matchEnd), priorityAt(bytes, 0));
    else hash.text(fill(name, cells));
    hash.instance(fill(instance, cells));
    putWord(bytes, COOKIE_AT, Number(cookies.value >> 32n) | hash.high());
    putWord(bytes, COOKIE_AT + 4, Number(cookies.value & 0xffff_ffffn) | hash.low());
  }
  return sameBytes(bytes, own);
}
