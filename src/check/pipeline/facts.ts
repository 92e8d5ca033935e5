/**
 * What of a flow matters to others: which registers it reads and writes, where it leads, and whether anybody sees what it
 * does. Nothing in here depends on a value that may vary between flows of one shape (see `src/project/shapes.ts`): not
 * on priorities, timeouts, ports or the values of a match.
 */
import type { Action, FlowMod, Instructions, MatchField, SubfieldRef } from '../../ir/types.ts';
import { field } from '../../openflow/fields.ts';
import { bitsOf } from '../register-places.ts';

/** Bits of registers, in one row of 512; those of `metadata` lie above them. */
export type Bits = bigint;

export const ALL_BITS: Bits = (1n << 576n) - 1n;

export interface Facts {
  /** It matches every packet. */
  readonly everything: boolean;
  /** It is a part of a conjunction, which does nothing by itself. */
  readonly clause: boolean;
  /** Registers in the match, each by itself. */
  readonly matched: readonly Bits[];
  readonly reads: readonly Read[];
  /** Registers that its actions write, learned flows apart. */
  readonly writes: Bits;
  readonly links: readonly Link[];
  readonly calls: readonly Call[];
  /** Tables to which it leads, and whether the packet is then as it came. */
  readonly leads: readonly {
    readonly to: number;
    readonly unchanged: boolean;
    readonly by: 'goto' | 'resubmit';
  }[];
  readonly learns: readonly { readonly to: number; readonly writes: Bits }[];
  readonly groups: readonly number[];
  /** What becomes of an action set that sends the packet somewhere. */
  readonly actionSet: 'filled' | 'emptied' | 'kept';
  /** It does nothing at all. */
  readonly drops: boolean;
  /** A change of the packet that nothing in the flow sees: behind its last output, or without any. */
  readonly unseen: 'behind' | 'all' | null;
  /** The same in a `clone`, where nothing outside could see it. */
  readonly unseenInClone: boolean;
}

/** A register that an action reads. */
export interface Read {
  readonly bits: Bits;
  /** Registers that the flow itself has written by then. */
  readonly before: Bits;
  /** Tables that have been visited by then. */
  readonly visited: readonly number[];
}

/** A packet gets from the flow to that table. */
export interface Link {
  readonly to: number;
  readonly kind: 'goto' | 'resubmit' | 'ct';
}

/** A visit to another table, after which the flow goes on. */
export interface Call {
  readonly to: number;
  /** The flow sends the packet somewhere afterwards, whatever was found there. */
  readonly sends: boolean;
  /** Registers that are read afterwards in the flow. */
  readonly reads: Bits;
  /** Tables that come afterwards. */
  readonly next: readonly number[];
}

const METADATA_AT = 512n;

/** The bits of a part of a register or of the metadata; none of other fields. */
export function registerBits(ref: SubfieldRef): Bits {
  if (ref.field !== 'metadata') return bitsOf(ref);
  return ((1n << BigInt(ref.bits)) - 1n) << (METADATA_AT + BigInt(ref.offset));
}

/** The bits of a register that a value with a mask concerns. */
function maskedBits(name: MatchField['field'], mask: bigint | null): Bits {
  const { bits } = field(name);
  const whole = registerBits({ field: name, offset: 0, bits });
  if (whole === 0n || mask === null) return whole;
  let shift = 0n;
  while (((whole >> shift) & 1n) === 0n) shift++;
  return mask << shift;
}

/** The facts of a flow. */
export function factsOf({
  table,
  match,
  instructions,
}: Pick<FlowMod, 'table' | 'match' | 'instructions'>): Facts {
  const walk = new Walk(table);
  walk.list(instructions.apply, false);
  return walk.finish(match, instructions);
}

/** What the actions of a group's bucket do to others, as if they stood in a flow. */
export function factsOfActions(actions: readonly Action[]): Facts {
  return factsOf({
    table: -1,
    match: [],
    instructions: { apply: actions, clear: false, write: null, writeMetadata: null, goto: null },
  });
}

/** Actions that send the packet somewhere. */
function sends(action: Action): boolean {
  switch (action.kind) {
    case 'output':
    case 'output_trunc':
    case 'enqueue':
    case 'group':
      return true;
    case 'bundle':
      return action.destination === null;
    default:
      return false;
  }
}

/** Actions of which somebody sees how the packet is. */
function sees(action: Action): boolean {
  switch (action.kind) {
    case 'output_reg':
    case 'controller':
    case 'resubmit':
    case 'ct':
    case 'learn':
    case 'sample':
    case 'push':
    case 'dec_ttl':
    case 'dec_mpls_ttl':
    case 'dec_nsh_ttl':
      return true;
    case 'clone':
      return action.actions.some(sees);
    default:
      return sends(action);
  }
}

/** Actions that do nothing but change the packet or a register. */
function changes(action: Action): boolean {
  switch (action.kind) {
    case 'set_field':
    case 'move':
    case 'pop':
    case 'push_vlan':
    case 'pop_vlan':
    case 'push_mpls':
    case 'pop_mpls':
    case 'encap':
    case 'decap':
    case 'mod_vlan_vid':
    case 'mod_vlan_pcp':
    case 'mod_nw_ttl':
    case 'set_mpls_ttl':
    case 'delete_field':
    case 'check_pkt_larger':
    case 'multipath':
      return true;
    case 'bundle':
      return action.destination !== null;
    default:
      return false;
  }
}

/** Collects the facts of one list of actions and of those in it. */
class Walk {
  private readonly table: number;
  private readonly reads: Read[] = [];
  private writes: Bits = 0n;
  private readonly links: Link[] = [];
  private readonly calls: { to: number; sends: boolean; reads: Bits; next: number[] }[] = [];
  private readonly leads: { to: number; unchanged: boolean; by: 'goto' | 'resubmit' }[] = [];
  private readonly learns: { to: number; writes: Bits }[] = [];
  private readonly groups: number[] = [];
  private readonly visited: number[] = [];
  private clause = false;
  private unseenInClone = false;
  /** Has anything happened to the packet, or could it have? */
  private touched = false;
  /** Of the list itself: a change that nobody has seen yet, and whether anybody has seen anything. */
  private pending = false;
  private seen = false;

  constructor(table: number) {
    this.table = table;
  }

  list(actions: readonly Action[], inClone: boolean): void {
    let pending = false;
    let seen = false;
    const openCalls = this.calls.length;
    for (const action of actions) {
      if (sees(action)) {
        pending = false;
        seen = true;
      } else if (changes(action)) pending = true;
      if (sends(action)) for (const call of this.calls.slice(openCalls)) call.sends = true;
      this.action(action, openCalls);
    }
    if (inClone) this.unseenInClone ||= pending;
    else {
      this.pending = pending;
      this.seen = seen;
    }
  }

  private read(ref: SubfieldRef, from: number): void {
    const bits = registerBits(ref);
    if (bits === 0n) return;
    this.reads.push({ bits, before: this.writes, visited: [...this.visited] });
    for (const call of this.calls.slice(from)) call.reads |= bits;
  }

  private write(bits: Bits): void {
    this.writes |= bits;
    this.touched = true;
  }

  private lead(to: number, kind: Link['kind'], unchanged: boolean, from: number): void {
    this.links.push({ to, kind });
    for (const call of this.calls.slice(from)) call.next.push(to);
    if (kind !== 'ct') this.leads.push({ to, unchanged: unchanged && !this.touched, by: kind });
  }

  private action(action: Action, from: number): void {
    switch (action.kind) {
      case 'set_field':
        this.write(maskedBits(action.field, action.mask));
        break;
      case 'move':
        this.read(action.source, from);
        this.write(registerBits(action.destination));
        break;
      case 'push':
        this.read(action.source, from);
        break;
      case 'output_reg':
        this.read(action.source, from);
        break;
      case 'pop':
      case 'check_pkt_larger':
      case 'multipath':
        this.write(registerBits(action.destination));
        break;
      case 'bundle':
        if (action.destination !== null) this.write(registerBits(action.destination));
        break;
      case 'resubmit': {
        const to = action.table ?? this.table;
        this.lead(to, 'resubmit', action.port === null && !action.ct, from);
        this.calls.push({ to, sends: false, reads: 0n, next: [] });
        this.visited.push(to);
        this.touched = true;
        break;
      }
      case 'ct':
        if (typeof action.zone === 'object' && action.zone !== null) this.read(action.zone, from);
        for (const inner of action.exec) if (inner.kind === 'move') this.read(inner.source, from);
        if (action.table !== null) this.lead(action.table, 'ct', false, from);
        this.touched = true;
        break;
      case 'clone': {
        const touched = this.touched;
        this.list(action.actions, true);
        this.touched = touched;
        break;
      }
      case 'learn': {
        let writes = 0n;
        for (const spec of action.specs) {
          if (spec.kind === 'output') this.read(spec.source, from);
          else {
            if (spec.source.kind === 'field') this.read(spec.source.subfield, from);
            if (spec.kind === 'load') writes |= registerBits(spec.destination);
          }
        }
        if (action.result !== null) this.write(registerBits(action.result));
        this.learns.push({ to: action.table, writes });
        this.touched = true;
        break;
      }
      case 'group':
        this.groups.push(action.id);
        break;
      case 'conjunction':
        this.clause = true;
        break;
      default:
        if (changes(action) || /^(dec_|ct_clear|exit|meter)/.test(action.kind)) this.touched = true;
    }
  }

  finish(match: readonly MatchField[], instructions: Instructions): Facts {
    const { apply, clear, write, writeMetadata, goto } = instructions;
    const setSends =
      write?.some((a) => sends(a) || a.kind === 'output_reg' || a.kind === 'controller') === true;
    for (const action of write ?? []) {
      if (action.kind === 'output_reg') this.read(action.source, 0);
      if (action.kind === 'move') this.read(action.source, 0);
      if (action.kind === 'group') this.groups.push(action.id);
    }
    if (setSends) for (const call of this.calls) call.sends = true;
    if (writeMetadata !== null) this.write((writeMetadata.mask ?? (1n << 64n) - 1n) << METADATA_AT);
    if (goto !== null) this.lead(goto, 'goto', true, 0);
    const unseen = (this.pending || writeMetadata !== null) && goto === null && !setSends;
    return {
      everything: match.length === 0,
      clause: this.clause,
      matched: match.flatMap(({ field: name, mask }) => {
        const bits = maskedBits(name, mask);
        return bits === 0n ? [] : [bits];
      }),
      reads: this.reads,
      writes: this.writes,
      links: this.links,
      calls: this.calls,
      leads: this.leads,
      learns: this.learns,
      groups: this.groups,
      actionSet: setSends ? 'filled' : clear ? 'emptied' : 'kept',
      drops:
        apply.every((a) => a.kind === 'note') &&
        !clear &&
        (write === null || write.length === 0) &&
        writeMetadata === null &&
        goto === null,
      unseen: !unseen ? null : this.seen ? 'behind' : 'all',
      unseenInClone: this.unseenInClone,
    };
  }
}

/** Facts by number: the same number for the same facts. */
export class FactsIndex {
  private readonly numbers = new Map<string, number>();
  /** What has been asked for before, as the object that it is. */
  private readonly known = new Map<Facts, number>();
  readonly all: Facts[] = [];
  private last: Facts | null = null;
  private lastNumber = 0;

  add(facts: Facts): number {
    const before = this.known.get(facts);
    if (before !== undefined) return before;
    const key = keyOf(facts);
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.all.length;
      this.all.push(facts);
      this.numbers.set(key, number);
      this.known.set(facts, number);
    }
    return number;
  }

  /** The same, remembering the object, which is to come again, mostly at once. */
  addOften(facts: Facts): number {
    if (facts === this.last) return this.lastNumber;
    let number = this.known.get(facts);
    if (number === undefined) this.known.set(facts, (number = this.add(facts)));
    this.last = facts;
    this.lastNumber = number;
    return number;
  }
}

function keyOf(facts: Facts): string {
  return JSON.stringify(facts, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString(36) : value,
  );
}
