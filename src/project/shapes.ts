/**
 * The quick road for flows of a shape that is known: their bytes are those of another flow of the shape, with other
 * values in some places.
 * Where its literals go is learnt (`slots.ts`).
 */
import type { FlowDecl } from '../../grammar/ast.ts';
import type { FlowColumns, Outline, Shape } from '../../grammar/outline.ts';
import { parseIpv6 } from '../../grammar/scanner.ts';
import { matchKey } from '../check/duplicates.ts';
import { statesCookie } from '../check/flow.ts';
import { factsOf, type Facts } from '../check/pipeline/facts.ts';
import { MAIN } from '../expand/origin.ts';
import type { Repeats } from '../check/repeats.ts';
import type { Scope, TableSymbol } from '../check/types.ts';
import { IdentityHash } from '../ir/identity.ts';
import type { FlowMod } from '../ir/types.ts';
import type { FlowStore } from './flow-store.ts';
import {
  isPortIn,
  MATCH_AT,
  matchEndOf,
  patchNumber,
  portsOf,
  priorityAt,
  putWord,
  sameBytes,
  TABLE_AT,
} from './patch.ts';
import { factsHold, patchable } from './patchable.ts';
import { slotsOf, type SlotRole } from './roles.ts';
import { clear, COOKIE_AT, encode, lengthKind, SlotLearner, type Slot } from './slots.ts';

/** Shapes that occur less often are not worth learning. */
export const MIN_COUNT = 24;
/** Guards with ever new values make no shapes. */
const MAX_VARIANTS = 512;

/** How to make a flow of one shape with one set of guards in one table. */
interface Plan {
  /** The FLOW_MOD with zeros in all slots and, where it is computed, the cookie. */
  readonly template: Uint8Array;
  readonly slots: readonly Slot[];
  readonly guards: readonly number[];
  readonly guardValues: readonly number[];
  /** Literals that are prefix lengths, and of which kind they are. */
  readonly lengths: readonly number[];
  readonly lengthKinds: readonly number[];
  readonly matchEnd: number;
  readonly cookie: 'name' | 'match' | 'stated';
  /** in_port, where the match has it, and the ports of output actions: they must differ. */
  readonly inPort: number | null;
  readonly inPortSlot: number;
  readonly outputs: readonly number[];
  readonly outputSlots: readonly number[];
  readonly facts: Facts;
}

interface Variants {
  readonly table: TableSymbol | null;
  /** Literals that must be the same. */
  readonly guards: readonly number[];
  /** Literals that are prefix lengths: only their kind must be the same. */
  readonly lengths: readonly number[];
  readonly plans: Map<string, Plan | 'seen' | 'never'>;
  /** The plan used last, which is mostly the next one too. */
  last: Plan | null;
}

export class ShapeCompiler {
  private readonly text: string;
  private readonly flows: FlowColumns;
  private readonly shapes: readonly Shape[];
  private readonly scope: Scope;
  private readonly repeats: Repeats;
  private readonly minCount: number;
  private readonly variants = new Map<number, Variants>();
  private readonly prefix = new Map<TableSymbol | null, IdentityHash>();
  private readonly hash = new IdentityHash();
  private readonly highBits: number;
  private readonly lowBits: number;
  /** False for cookie spaces that leave other bits free than the usual one. */
  private readonly usualCookies: boolean;

  constructor(
    text: string,
    { flows, shapes }: Outline,
    scope: Scope,
    repeats: Repeats,
    minCount = MIN_COUNT,
  ) {
    this.minCount = minCount;
    this.text = text;
    this.flows = flows;
    this.shapes = shapes;
    this.scope = scope;
    this.repeats = repeats;
    const { value, mask } = scope.cookies;
    this.usualCookies = (mask & 0x7ff_ffff_ffffn) === 0n && mask >> 44n === 0xfffffn;
    this.highBits = Number(value >> 32n);
    this.lowBits = Number(value & 0xffff_ffffn);
  }

  /** Puts flow `index` into the store by patching; false where it has to be lowered. */
  emit(index: number, table: TableSymbol | null, store: FlowStore): boolean {
    const variants = this.variants.get(this.flows.shape[index] as number);
    if (variants === undefined || variants.table !== table) return false;
    const first = this.flows.firstLiteral[index] as number;
    let plan = variants.last;
    if (plan === null || !this.guarded(plan, first)) {
      const found = variants.plans.get(this.guardKey(variants, first));
      if (found === undefined || typeof found === 'string') return false;
      plan = variants.last = found;
    }
    const start = this.flows.start[index] as number;
    const end = this.flows.end[index] as number;
    const length = plan.template.length;
    const room = store.room(length);
    const at = store.position;
    const { template } = plan;
    room.set(template, at);
    if (!this.patch(plan, first, room, at)) return false;
    if (plan.inPort !== null && this.sendsBack(plan, first)) return false;
    const { repeats } = this;
    const tableNumber = room[at + TABLE_AT] as number;
    const priority = priorityAt(room, at);
    const from = at + MATCH_AT;
    const to = at + plan.matchEnd;
    if (repeats.findMatch(tableNumber, priority, room, from, to) !== null) return false;
    const nameStart = this.flows.nameStart[index] as number;
    const nameEnd = this.flows.nameEnd[index] as number;
    let high = 0;
    let low = 0;
    if (plan.cookie !== 'stated') {
      this.identify(plan.cookie, table, nameStart, nameEnd, room, from, to, priority);
      high = this.highBits | this.hash.high();
      low = this.lowBits | this.hash.low();
      if (repeats.findCookie(high, low) !== null) return false;
      putWord(room, at + COOKIE_AT, high);
      putWord(room, at + COOKIE_AT + 4, low);
    }
    const named = nameEnd > nameStart;
    if (named) repeats.addMatchAt(tableNumber, priority, room, from, to, start, end, nameStart, nameEnd);
    else repeats.addMatchAt(tableNumber, priority, room, from, to, start, end, start, start + 4);
    if (plan.cookie !== 'stated') repeats.addCookie(high, low);
    store.addBytes(length, start, end, table, index, plan.facts);
    return true;
  }

  /** Takes note of a flow that has been lowered without any diagnostic. */
  learn(index: number, table: TableSymbol | null, flow: FlowDecl, mod: FlowMod): void {
    const shape = this.shapes[this.flows.shape[index] as number];
    if (shape === undefined || shape.count < this.minCount) return;
    const first = this.flows.firstLiteral[index] as number;
    let variants = this.variants.get(shape.id);
    if (variants !== undefined && variants.table !== table) return;
    const roles = new Map<number, SlotRole>();
    const lengths: number[] = [];
    for (const role of slotsOf(flow, this.scope)) {
      const literal = this.literalAt(role.start, first, shape.literals);
      const length = role.prefix === null ? 0 : this.literalAt(role.prefix.span.start, first, shape.literals);
      if (literal === -1 || length === -1) continue;
      roles.set(literal, role);
      if (role.prefix !== null) lengths.push(length);
    }
    if (variants === undefined) {
      const guards = Array.from({ length: shape.literals }, (_, i) => i).filter(
        (i) => !roles.has(i) && !lengths.includes(i),
      );
      variants = { table, guards, lengths, plans: new Map(), last: null };
      this.variants.set(shape.id, variants);
    }
    const key = this.guardKey(variants, first);
    const known = variants.plans.get(key);
    if (known === undefined) {
      // A guard that is never the same twice would fill the memory with plans nobody uses.
      if (variants.plans.size < MAX_VARIANTS) variants.plans.set(key, 'seen');
      if (variants.guards.length > 0) return;
    } else if (known !== 'seen') return;
    // What is a slot depends on masks too: in this flow a literal may be none that was one in the first.
    for (const guard of variants.guards) roles.delete(guard);
    const complete = roles.size + variants.guards.length + variants.lengths.length === shape.literals;
    const plan = complete ? this.plan(index, table, flow, mod, roles, variants) : null;
    variants.plans.set(key, plan ?? 'never');
  }

  private literalAt(start: number, first: number, count: number): number {
    for (let i = 0; i < count; i++) if (this.flows.literalStart[first + i] === start) return i;
    return -1;
  }

  private guardKey({ guards, lengths }: Variants, first: number): string {
    const values = this.flows.literalValue;
    let key = '';
    for (const guard of guards) {
      const value = values[first + guard] as number;
      key += Number.isNaN(value) ? `${this.literalText(first + guard)};` : `${value};`;
    }
    for (const length of lengths) key += `/${lengthKind(values[first + length] as number)}`;
    return key;
  }

  private literalText(at: number): string {
    return this.text.slice(this.flows.literalStart[at], this.flows.literalEnd[at]);
  }

  private guarded(plan: Plan, first: number): boolean {
    const { guards, guardValues, lengths, lengthKinds } = plan;
    const values = this.flows.literalValue;
    for (let i = 0; i < guards.length; i++) {
      if (values[first + (guards[i] as number)] !== guardValues[i]) return false;
    }
    for (let i = 0; i < lengths.length; i++) {
      if (lengthKind(values[first + (lengths[i] as number)] as number) !== lengthKinds[i]) return false;
    }
    return true;
  }

  /** Puts the values into the slots; false where one does not fit. */
  private patch(plan: Plan, first: number, bytes: Uint8Array, at: number): boolean {
    const { slots } = plan;
    const values = this.flows.literalValue;
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] as Slot;
      const value = values[first + slot.literal] as number;
      // NaN is a number that is none of ours to hold: an address, or one above 2^53.
      if (slot.wide || value !== value) {
        if (!this.patchWide(slot, first + slot.literal, bytes, at)) return false;
        continue;
      }
      const length = slot.length === -1 ? 0 : (values[first + slot.length] as number);
      if (!patchNumber(slot, value, length, bytes, at)) return false;
    }
    return true;
  }

  private patchWide(slot: Slot, literal: number, bytes: Uint8Array, at: number): boolean {
    const text = this.literalText(literal);
    const value = text.includes(':') ? parseIpv6(text) : BigInt(text.replaceAll('_', ''));
    if (value === null) return false;
    const own = value ^ slot.base;
    if ((own & ~slot.run) !== 0n) return false;
    let rest = (own / BigInt(slot.unit)) << BigInt(slot.bitInByte);
    let p = at + slot.lastByte;
    while (rest !== 0n) {
      bytes[p] = (bytes[p] as number) | Number(rest & 255n);
      rest >>= 8n;
      p--;
    }
    return true;
  }

  /** True if the flow outputs to the port that it matches, which is worth a warning. */
  private sendsBack(plan: Plan, first: number): boolean {
    const values = this.flows.literalValue;
    const inPort = plan.inPortSlot === -1 ? plan.inPort : values[first + plan.inPortSlot];
    return (
      plan.outputs.some((port) => port === inPort) ||
      plan.outputSlots.some((literal) => values[first + literal] === inPort)
    );
  }

  /** Sets `hash` to that of the flow's identity, as `IdentityHash.key` does. */
  private identify(
    by: 'name' | 'match',
    table: TableSymbol | null,
    nameStart: number,
    nameEnd: number,
    bytes: Uint8Array,
    from: number,
    to: number,
    priority: number,
  ): void {
    let prefix = this.prefix.get(table);
    if (prefix === undefined) {
      prefix = new IdentityHash();
      prefix.text(MAIN.module);
      prefix.text(table?.name ?? '');
      this.prefix.set(table, prefix);
    }
    const { hash, text } = this;
    hash.copyFrom(prefix);
    if (by === 'name') {
      hash.piece(text, nameStart, nameEnd);
      hash.text('');
    } else hash.match(bytes.subarray(from, to), priority);
    hash.text('');
  }

  private plan(
    index: number,
    table: TableSymbol | null,
    flow: FlowDecl,
    mod: FlowMod,
    roles: ReadonlyMap<number, SlotRole>,
    { guards, lengths }: Variants,
  ): Plan | null {
    const first = this.flows.firstLiteral[index] as number;
    const own = encode(mod);
    const matchEnd = matchEndOf(own);
    const stated = statesCookie(flow);
    // Flows are compared by these bytes, which must therefore be what all others are compared by.
    if (!sameBytes(matchKey(mod.match), own.subarray(MATCH_AT, matchEnd))) return null;
    if (!stated && !this.usualCookies) return null;
    const facts = factsOf(mod);
    if (!patchable(mod) || !factsHold(facts, lengths.length > 0)) return null;
    const template = own.slice();
    const slots: Slot[] = [];
    const learner = new SlotLearner(this.scope, table, flow);
    for (const [literal, role] of roles) {
      const slot = learner.learn(literal, role);
      if (slot === null) return null;
      slots.push(slot);
      clear(template, slot, role.bits);
      if (slot.length !== -1) template.fill(0, slot.maskLastByte - 3, slot.maskLastByte + 1);
    }
    if (!stated) template.fill(0, COOKIE_AT, COOKIE_AT + 8);
    const { inPort, outputs } = portsOf(mod);
    const portSlots = (within: 'match' | 'action'): number[] =>
      [...roles].filter(([, role]) => isPortIn(flow, role, within)).map(([literal]) => literal);
    const outputSlots = portSlots('action');
    const varying = new Set(outputSlots.map((literal) => this.flows.literalValue[first + literal]));
    const plan: Plan = {
      template,
      slots,
      guards,
      guardValues: guards.map((guard) => this.flows.literalValue[first + guard] as number),
      lengths,
      lengthKinds: lengths.map((length) => lengthKind(this.flows.literalValue[first + length] as number)),
      matchEnd,
      cookie: stated ? 'stated' : flow.name === null ? 'match' : 'name',
      inPort,
      inPortSlot: portSlots('match')[0] ?? -1,
      outputs: outputs.filter((port) => !varying.has(port)),
      outputSlots,
      facts,
    };
    return this.proves(plan, index, table, own) ? plan : null;
  }

  /** True if the plan makes of its own flow what lowering made of it. */
  private proves(plan: Plan, index: number, table: TableSymbol | null, own: Uint8Array): boolean {
    const bytes = plan.template.slice();
    if (!this.patch(plan, this.flows.firstLiteral[index] as number, bytes, 0)) return false;
    if (plan.cookie !== 'stated') {
      const priority = priorityAt(bytes, 0);
      const nameStart = this.flows.nameStart[index] as number;
      const nameEnd = this.flows.nameEnd[index] as number;
      this.identify(plan.cookie, table, nameStart, nameEnd, bytes, MATCH_AT, plan.matchEnd, priority);
      putWord(bytes, COOKIE_AT, this.highBits | this.hash.high());
      putWord(bytes, COOKIE_AT + 4, this.lowBits | this.hash.low());
    }
    return sameBytes(bytes, own);
  }
}
