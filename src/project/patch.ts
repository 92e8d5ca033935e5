/** What both quick roads do: values put into a copy of a FLOW_MOD, and what a flow does besides having bytes. */
import type { FlowDecl } from '../../grammar/ast.ts';
import type { Action, FlowMod } from '../ir/types.ts';
import type { SlotRole } from './roles.ts';
import type { Slot } from './slots.ts';

/** Offsets in a FLOW_MOD of OpenFlow 1.5 (§7.3.4.2). */
export const TABLE_AT = 24;
export const PRIORITY_AT = 30;
const MATCH_LENGTH_AT = 50;
export const MATCH_AT = 52;

/** Where the TLVs of the match end of the message at `at`. */
export function matchEndOf(bytes: Uint8Array, at = 0): number {
  const length = ((bytes[at + MATCH_LENGTH_AT] as number) << 8) | (bytes[at + MATCH_LENGTH_AT + 1] as number);
  return at + MATCH_AT - 4 + length;
}

export function priorityAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at + PRIORITY_AT] as number) << 8) | (bytes[at + PRIORITY_AT + 1] as number);
}

/**
 * Puts a value into its slot, and the mask of a prefix of `length` bits where the slot has one, in the message at
 * `at`; false where it does not fit.
 */
export function patchNumber(
  slot: Slot,
  value: number,
  length: number,
  bytes: Uint8Array,
  at: number,
): boolean {
  if (!(value >= slot.min && value <= slot.max)) return false;
  if (slot.length !== -1) {
    const mask = (0xffffffff << (32 - length)) >>> 0;
    if ((value & ~mask) !== 0) return false;
    putWord(bytes, at + slot.maskLastByte - 3, mask);
  }
  let rest = value;
  if (slot.unit !== 1) {
    if (value % slot.unit !== 0) return false;
    rest = value / slot.unit;
  }
  rest *= 1 << slot.bitInByte;
  const p = at + slot.lastByte;
  if (rest > 0xffffffff) {
    const high = Math.floor(rest / 0x1_0000_0000);
    const low = (rest - high * 0x1_0000_0000) >>> 0;
    orWord(bytes, p, low);
    orWord(bytes, p - 4, high);
  } else orWord(bytes, p, rest >>> 0);
  return true;
}

/** Adds the bits of a word whose last byte is at `at`. */
function orWord(bytes: Uint8Array, at: number, word: number): void {
  for (let rest = word, p = at; rest !== 0; rest >>>= 8, p--) bytes[p] = (bytes[p] as number) | (rest & 255);
}

export function putWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24;
  bytes[at + 1] = word >>> 16;
  bytes[at + 2] = word >>> 8;
  bytes[at + 3] = word;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** The port that a flow matches, and those that it sends to: they must differ. */
export interface Ports {
  /** null where the match has no in_port. */
  readonly inPort: number | null;
  readonly outputs: readonly number[];
}

export function portsOf(mod: FlowMod): Ports {
  const inPort = mod.match.find((m) => m.field === 'in_port' && m.mask === null);
  const outputs: number[] = [];
  collectOutputs(mod.instructions.apply, outputs);
  collectOutputs(mod.instructions.write ?? [], outputs);
  return { inPort: inPort === undefined ? null : Number(inPort.value), outputs };
}

function collectOutputs(actions: readonly Action[], into: number[]): void {
  for (const action of actions) {
    if (action.kind === 'output' || action.kind === 'output_trunc') into.push(action.port);
    else if (action.kind === 'clone') collectOutputs(action.actions, into);
  }
}

/** Is it a port in the match or in the actions of the flow? */
export function isPortIn(flow: FlowDecl, role: SlotRole, which: 'match' | 'action'): boolean {
  const blocks = which === 'match' ? flow.matches : flow.actions;
  return role.port && blocks.some(({ span }) => role.start >= span.start && role.start < span.end);
}
