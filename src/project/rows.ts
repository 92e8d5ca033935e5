/**
 * The quick road through a loop over the rows of a data file.
 *
 * All rows go through the same source, so rows whose cells are written alike make flows whose bytes differ where the
 * values of cells stand. A few rows are expanded and lowered; from them is learnt which bits a column moves (`slots.ts`)
 * and where its text stands in names and instances. The others are made by patching. What is unusual about a row (a cell
 * that is written otherwise, a value that does not fit, a warning) sends it down the plain road.
 */
import type { Sink } from '../diagnostics/define.ts';
import { DiagnosticBag } from '../diagnostics/define.ts';
import { allows } from '../check/allow.ts';
import { lowerFlow } from '../check/flow.ts';
import type { Scope, TableSymbol } from '../check/types.ts';
import type { ExpandedFlow, ExpandedRows } from '../expand/types.ts';
import { IdentityHash } from '../ir/identity.ts';
import type { FlowMod } from '../ir/types.ts';
import { CELL, CELL_KINDS, CellReader, codesOf } from './cells.ts';
import type { Collector } from './collector.ts';
import type { FlowStore } from './flow-store.ts';
import { LateRepeats } from './late-repeats.ts';
import { MATCH_AT, patchNumber, priorityAt, putWord } from './patch.ts';
import { learnRow, type Codes, type FlowPlan, type RowPlan, type RowSlot } from './row-plan.ts';
import { COOKIE_AT } from './slots.ts';

/** A row that is learnt costs as much as some hundred that are patched. */
const MAX_PLANS = 256;
/** Rows of a kind that take the plain road before one is learnt. */
const LEARN_AT = 2;
/** Flows of one row that can be told apart in a number. */
const FLOWS_PER_ROW = 1024;

/** Where the flows of a loop begin in the numbering of `FlowStore`. */
interface Numbered {
  readonly first: number;
  readonly rows: ExpandedRows;
  readonly table: TableSymbol | null;
}

/** All loops of a program. */
export class RowsRoad {
  private readonly scope: Scope;
  private readonly collect: Collector;
  private readonly store: FlowStore;
  private readonly repeats: LateRepeats;
  private readonly loops: Numbered[] = [];
  private next = 0;

  constructor(scope: Scope, collect: Collector, store: FlowStore, expected: number) {
    this.repeats = new LateRepeats(expected);
    this.scope = scope;
    this.collect = collect;
    this.store = store;
    store.relower = (index) => this.relower(index);
    store.redeclare = (index) => this.declared(index)?.flow ?? null;
  }

  /** Makes the flows of a loop that stands in `table`. */
  run(rows: ExpandedRows, table: TableSymbol | null, sink: Sink): void {
    const { scope, collect, store, repeats } = this;
    this.loops.push({ first: this.next, rows, table });
    new Loop(rows, table, this.next, { scope, collect, store, repeats }, sink).run();
    this.next += rows.count;
  }

  /** True, when all flows of the program have been made, where some may be the same: only the plain road can tell. */
  hasRepeats(): boolean {
    const flows = this.store.spaced();
    return flows !== null && this.repeats.found(flows, this.collect.duplicates.repeats);
  }

  private relower(index: number): FlowMod | null {
    const found = this.declared(index);
    if (found === null) return null;
    const { flow, table } = found;
    return lowerFlow(this.scope, table, flow.decl, flow.origin, new DiagnosticBag())[0] ?? null;
  }

  private declared(
    index: number,
  ): { readonly flow: ExpandedFlow; readonly table: TableSymbol | null } | null {
    const row = Math.floor(index / FLOWS_PER_ROW);
    const loop = this.loops.findLast(({ first }) => first <= row);
    if (loop === undefined) return null;
    const { flows } = loop.rows.expand(row - loop.first, new DiagnosticBag());
    const flow = flows[index % FLOWS_PER_ROW];
    return flow === undefined ? null : { flow, table: loop.table };
  }
}

interface Tools {
  readonly repeats: LateRepeats;
  readonly scope: Scope;
  readonly collect: Collector;
  readonly store: FlowStore;
}

class Loop {
  private readonly rows: ExpandedRows;
  private readonly table: TableSymbol | null;
  private readonly first: number;
  private readonly tools: Tools;
  private readonly sink: Sink;
  private readonly reader = new CellReader();
  /** Of the row at hand: what its cells stand in, and where. */
  private codes: Uint16Array;
  private readonly from: Int32Array;
  private readonly to: Int32Array;
  /** Its cells as numbers. */
  private readonly values: Float64Array;
  private readonly lengths: Uint8Array;
  /** Columns whose text decides what is made. */
  private guards: readonly number[] = [];
  private guarded: readonly boolean[] = [];
  /** By column: texts that are compared with, which make another flow of a row than others do. */
  private readonly special: Set<string>[];
  private readonly plans = new Map<string, RowPlan | number>();
  /** Words that stand for a longer name. */
  private readonly symbols: ReadonlySet<string>;
  private readonly symbolLengths: ReadonlySet<number>;
  private learnt = 0;
  private readonly hash = new IdentityHash();
  /** Of the instance that was hashed last, in this row. */
  private readonly instance = new IdentityHash();
  private hashed: Codes | null = null;
  private readonly highBits: number;
  private readonly lowBits: number;

  constructor(rows: ExpandedRows, table: TableSymbol | null, first: number, tools: Tools, sink: Sink) {
    this.rows = rows;
    this.table = table;
    this.first = first;
    this.tools = tools;
    this.sink = sink;
    const { lines, columns } = rows.table;
    const { length } = columns;
    this.codes = lines?.codes ?? codesOf('');
    this.special = columns.map(() => new Set());
    this.from = new Int32Array(length);
    this.to = new Int32Array(length);
    this.values = new Float64Array(length);
    this.lengths = new Uint8Array(length);
    this.symbols = namesIn(tools.scope);
    this.symbolLengths = new Set([...this.symbols].map((name) => name.length));
    const { value } = tools.scope.cookies;
    this.highBits = Number(value >> 32n);
    this.lowBits = Number(value & 0xffff_ffffn);
  }

  run(): void {
    let lastKey = '';
    let plan: RowPlan | null = null;
    for (let row = 0; row < this.rows.count; row++) {
      this.locate(row);
      const key = this.read();
      if (plan === null || lastKey !== key) {
        const found = this.plans.get(key);
        plan = typeof found === 'object' ? found : null;
        lastKey = key;
      }
      const done = plan === null ? 0 : this.patchRow(plan, row);
      if (plan === null || done < plan.flows.length) this.plainRow(row, done, plan === null ? key : null);
    }
  }

  /** Finds the cells of a row. */
  private locate(row: number): void {
    const { lines } = this.rows.table;
    const { from, to } = this;
    this.hashed = null;
    if (lines !== null) {
      const first = row * lines.stride;
      for (let c = 0; c < from.length; c++) {
        from[c] = lines.cells[first + c] as number;
        to[c] = (lines.cells[first + c + 1] as number) - 1;
      }
      return;
    }
    const cells = this.rows.table.row(row);
    this.codes = codesOf(cells.join(''));
    let at = 0;
    for (let c = 0; c < from.length; c++) {
      from[c] = at;
      at += cells[c]?.length ?? 0;
      to[c] = at;
    }
  }

  private cell(column: number): string {
    return String.fromCharCode(...this.codes.subarray(this.from[column], this.to[column]));
  }

  /** Reads the cells of the row; what comes back is the same for rows that are made alike. */
  private read(): string {
    const { reader, values, lengths, guarded, from, to } = this;
    let kinds = 0;
    let key = '';
    for (let c = 0; c < from.length; c++) {
      if (guarded[c] === true) {
        key += keyOf(this.cell(c));
        continue;
      }
      reader.read(this.codes, from[c] as number, to[c] as number);
      let { kind } = reader;
      values[c] = reader.value;
      lengths[c] = reader.length;
      if (kind === CELL.word && this.names(c)) kind = CELL.other;
      const special = this.special[c];
      if (special !== undefined && special.size > 0 && special.has(this.cell(c))) kind = CELL.other;
      if (kind === CELL.other) key += `${c}=${keyOf(this.cell(c))}`;
      kinds = kinds * CELL_KINDS + kind;
      if (c % 16 === 15) {
        key += `${kinds};`;
        kinds = 0;
      }
    }
    return `${key}${kinds}`;
  }

  /** How many flows of the row, from its first one, have been made. */
  private patchRow({ flows }: RowPlan, row: number): number {
    const index = (this.first + row) * FLOWS_PER_ROW;
    for (let i = 0; i < flows.length; i++) {
      if (!this.patch(flows[i] as FlowPlan, index + i)) return i;
    }
    return flows.length;
  }

  private patch(plan: FlowPlan, index: number): boolean {
    const { values, lengths, hash } = this;
    const { store, repeats } = this.tools;
    const { template, slots, inPort, outputs } = plan;
    const size = template.length;
    const room = store.room(size);
    const at = store.position;
    room.set(template, at);
    for (let i = 0; i < slots.length; i++) {
      const { slot, column, port } = slots[i] as RowSlot;
      const value = values[column] as number;
      if (!patchNumber(slot, value, lengths[column] as number, room, at)) return false;
      if (port && !this.isUsable(value)) return false;
    }
    if (inPort !== null) {
      const port = inPort.column === -1 ? inPort.number : values[inPort.column];
      for (const output of outputs)
        if ((output.column === -1 ? output.number : values[output.column]) === port) return false;
    }
    if (!plan.stated) {
      hash.copyFrom(plan.prefix);
      if (plan.name === null)
        hash.match(room.subarray(at + MATCH_AT, at + plan.matchEnd), priorityAt(room, at));
      else this.hashCodes(hash, plan.name);
      this.hashInstance(hash, plan.instance);
      const high = (this.highBits | hash.high()) >>> 0;
      const low = (this.lowBits | hash.low()) >>> 0;
      putWord(room, at + COOKIE_AT, high);
      putWord(room, at + COOKIE_AT + 4, low);
      repeats.cookie(high, low);
    }
    const { start, end, file } = plan.place;
    store.addBytes(size, start, end, this.table, index, plan.facts, file);
    return true;
  }

  /** Does the word in that column name something? */
  private names(column: number): boolean {
    const length = (this.to[column] as number) - (this.from[column] as number);
    return this.symbolLengths.has(length) && this.symbols.has(this.cell(column));
  }

  /** Is there nothing to say about a port? */
  private isUsable(port: number): boolean {
    const { ports, unresolvedPorts } = this.tools.scope;
    if (ports.length === 0) return true;
    return this.tools.scope.portByNumber(port) !== undefined && !unresolvedPorts.byNumber.has(port);
  }

  /** Adds a text to a hash. */
  private hashCodes(hash: IdentityHash, parts: Codes): void {
    hash.pieces(parts, this.codes, this.from, this.to);
    hash.end();
  }

  /** Ends the identity of a flow with its instance, which flows of the row have in common. */
  private hashInstance(hash: IdentityHash, instance: Codes): void {
    if (instance.length === 0) {
      hash.end();
      return;
    }
    if (this.hashed !== instance) {
      this.hashed = instance;
      this.instance.reset();
      this.hashCodes(this.instance, instance);
    }
    hash.joined(this.instance);
  }

  /** Expands and lowers the row, but for the flows that have been made; `key` where it may be learnt. */
  private plainRow(row: number, done: number, key: string | null): void {
    const { collect } = this.tools;
    const bag = new DiagnosticBag();
    const { flows } = this.rows.expand(row, bag);
    for (const diagnostic of bag.all) this.sink.add(diagnostic);
    const mods: (FlowMod | null)[] = [];
    for (const [i, { decl, origin }] of flows.entries()) {
      if (i < done) continue;
      const index = i < FLOWS_PER_ROW ? (this.first + row) * FLOWS_PER_ROW + i : -1;
      const mod = collect.flow(this.table, decl, origin, index);
      mods.push(mod !== null && !allows(decl) ? mod : null);
    }
    if (key === null || bag.all.length > 0 || mods.length === 0 || mods.length > FLOWS_PER_ROW) return;
    if (mods.every((mod) => mod !== null)) this.learn(row, key, mods);
  }

  private learn(row: number, key: string, mods: readonly FlowMod[]): void {
    const seen = this.plans.get(key);
    const times = typeof seen === 'number' ? seen + 1 : 1;
    this.plans.set(key, times);
    if (times !== LEARN_AT || this.learnt >= MAX_PLANS) return;
    this.learnt++;
    const special = new Map(this.special.entries());
    const made = learnRow(this.tools.scope, this.table, this.rows, row, mods, this.guards, special);
    if (made.kind === 'plan') this.plans.set(key, made.plan);
    else if (made.kind === 'guards') {
      // The texts of these columns count from now on.
      this.guards = made.guards;
      this.guarded = this.rows.table.columns.map((_, c) => made.guards.includes(c));
      this.plans.clear();
    } else if (made.kind === 'compared') {
      for (const [column, texts] of made.compared) for (const text of texts) this.special[column]?.add(text);
      this.plans.clear();
    }
  }
}

/** Words that stand for a longer name, which is what instances have then: the names of what modules declare. */
function namesIn({ consts, ports, registers, tables, groups, meters }: Scope): ReadonlySet<string> {
  const all = [consts, ports, registers, tables, groups, meters].flat();
  return new Set(
    all.flatMap(({ name }) => (name.includes('.') ? [name.slice(name.lastIndexOf('.') + 1)] : [])),
  );
}

function keyOf(cell: string): string {
  return `${cell.length}:${cell}`;
}
