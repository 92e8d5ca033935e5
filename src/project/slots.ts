/**
 * Where a literal of a flow goes in its FLOW_MOD.
 *
 * That is not written down anywhere a second time: it is learnt by lowering and encoding the flow with two values in
 * that place, and looking which bits of the message differ. What does not come out as one run of bits is not a slot.
 */
import type { FlowDecl } from '../../grammar/ast.ts';
import { lowerFlow } from '../check/flow.ts';
import type { Scope, TableSymbol } from '../check/types.ts';
import { undeclaredPort } from '../diagnostics/codes/names.ts';
import { MAIN } from '../expand/origin.ts';
import { DiagnosticBag } from '../diagnostics/define.ts';
import { encodeFlowMod } from '../emit/wire/flow-mod.ts';
import { ByteWriter } from '../ir/bytes.ts';
import type { FlowMod } from '../ir/types.ts';
import type { SlotRole, ValueNode } from './roles.ts';

/** Offset of the cookie in a FLOW_MOD of OpenFlow 1.5 (§7.3.4.2). */
export const COOKIE_AT = 8;

/** A literal and where its value goes. */
export interface Slot {
  /** Which literal of the flow. */
  readonly literal: number;
  /** Read from the text as a bigint: IPv6 addresses, and cookies, which have bits above 2^53 in common. */
  readonly wide: boolean;
  /** Values are multiples of `unit` from `min` up to `max`. */
  readonly unit: number;
  readonly min: number;
  readonly max: number;
  /** The same for bigints, where the value less `base` is looked at. */
  readonly base: bigint;
  readonly run: bigint;
  /** Byte that holds the value's lowest used bit. */
  readonly lastByte: number;
  /** Position of that bit in the byte. */
  readonly bitInByte: number;
  /** The literal that is the length of the prefix, from 1 to 31, and the last byte of the mask; -1 for no prefix. */
  readonly length: number;
  readonly maskLastByte: number;
}

/** Tries values in one flow. */
export class SlotLearner {
  private readonly scope: Scope;
  private readonly table: TableSymbol | null;
  private readonly flow: FlowDecl;

  constructor(scope: Scope, table: TableSymbol | null, flow: FlowDecl) {
    this.scope = scope;
    this.table = table;
    this.flow = flow;
  }

  /** Learns where a literal goes. */
  learn(literal: number, role: SlotRole): Slot | null {
    const { node, prefix } = role;
    // A prefix of 32 bits is an exact address, the others have a mask.
    const masked = prefix !== null && prefix.value !== 32n;
    if (masked && lengthKind(Number(prefix.value)) !== MASKED) return null;
    const length: Change[] = masked ? [[prefix, 31n]] : [];
    const high = masked ? role.high - 1n : role.high;
    const bits = masked ? 31 : role.bits;
    const probe = (...changes: Change[]): Uint8Array | null => this.probe([...length, ...changes]);
    const found = differingRun(probe([node, role.low]), probe([node, high]), bits, role.cookie);
    if (found === null) return null;
    // Of a value with a mask the lowest bit was not tried; it is the next one.
    const lastBit = masked ? found + 1 : found;
    const bitInByte = 7 - (lastBit & 7);
    const wide = node.kind === 'ipv6' || role.cookie;
    if (!wide && bits + bitInByte > 53 && bitInByte !== 0) return null;
    let maskLastByte = -1;
    if (masked) {
      const mask = differingRun(probe([node, 0n], [prefix, 1n]), probe([node, 0n], [prefix, 31n]), 30, false);
      if (mask === null || (mask & 7) !== 6 || bitInByte !== 0) return null;
      maskLastByte = mask >> 3;
    }
    return {
      literal,
      wide,
      unit: 2 ** role.shift,
      min: Number(role.low),
      max: Number(role.high),
      base: role.base,
      run: ((1n << BigInt(role.bits)) - 1n) << BigInt(role.shift),
      lastByte: lastBit >> 3,
      bitInByte,
      length: masked ? literal + 1 : -1,
      maskLastByte,
    };
  }

  /** The bytes of the flow with other values in some places; null where that has any diagnostic. */
  private probe(changes: readonly Change[]): Uint8Array | null {
    const before = changes.map(([node]) => (node.kind === 'duration' ? node.seconds : node.value));
    for (const [node, value] of changes) setValue(node, value);
    try {
      const bag = new DiagnosticBag();
      const [mod] = lowerFlow(this.scope, this.table, this.flow, MAIN, bag);
      // The ports that are tried need not be declared; whoever patches looks at those that are used.
      const sound = bag.all.every(({ code }) => code === undeclaredPort.code);
      return mod === undefined || !sound ? null : encode(mod);
    } finally {
      // Backwards: a node may have been changed twice.
      for (let i = changes.length - 1; i >= 0; i--) {
        const change = changes[i];
        if (change !== undefined) setValue(change[0], before[i] ?? 0n);
      }
    }
  }
}

/** A literal and the value to try in its place. */
type Change = readonly [node: ValueNode, value: bigint];

function setValue(node: ValueNode, value: bigint): void {
  const mutable = node as { value?: bigint; seconds?: bigint };
  if (node.kind === 'duration') mutable.seconds = value;
  else mutable.value = value;
}

/** Prefix lengths that make the same bytes but for the mask. */
const MASKED = 1;

/** Which lengths are alike. */
export function lengthKind(length: number): number {
  return length >= 1 && length <= 31 ? MASKED : length === 32 ? 32 : -1 - length;
}

/**
 * The last bit in which two messages differ, where they differ in one run of so many bits; else null. `stated` cookies
 * count; a computed one follows from the match, and is made anew.
 */
function differingRun(
  a: Uint8Array | null,
  b: Uint8Array | null,
  bits: number,
  stated: boolean,
): number | null {
  if (a === null || b === null || a.length !== b.length) return null;
  let lastBit = -1;
  let firstBit = -1;
  let differing = 0;
  for (let i = 0; i < a.length; i++) {
    if (i >= COOKIE_AT && i < COOKIE_AT + 8 && !stated) continue;
    const difference = (a[i] as number) ^ (b[i] as number);
    for (let bit = 7; difference !== 0 && bit >= 0; bit--) {
      if ((difference & (1 << bit)) === 0) continue;
      lastBit = i * 8 + (7 - bit);
      if (firstBit === -1) firstBit = lastBit;
      differing++;
    }
  }
  return differing === bits && lastBit - firstBit + 1 === bits ? lastBit : null;
}

/** The FLOW_MOD of a flow, alone. */
export function encode(mod: FlowMod): Uint8Array {
  const writer = new ByteWriter();
  encodeFlowMod(mod, writer, 0);
  return writer.take();
}

/** Zeros where the value of a slot goes. */
export function clear(bytes: Uint8Array, slot: Slot, bits: number): void {
  let bit = slot.bitInByte;
  let at = slot.lastByte;
  for (let i = 0; i < bits; i++) {
    bytes[at] = (bytes[at] as number) & ~(1 << bit);
    if (++bit === 8) {
      bit = 0;
      at--;
    }
  }
}
