/** FLOW_MOD messages of OpenFlow 1.3, 1.4 and 1.5 (OpenFlow 1.5.1 §7.3.4.2), whose fixed parts are the same. */
import { ByteWriter } from '../../ir/bytes.ts';
import { writeMatchFields } from '../../ir/oxm.ts';
import type { Action, CookieSpace, FlowMod, Instructions, MatchField } from '../../ir/types.ts';
import { APPLY_ACTIONS } from '../../openflow/actions.ts';
import type { WireVersion } from '../../openflow/oxm.ts';
import { writeActions } from './actions.ts';
import {
  ALL_TABLES,
  ANY_GROUP,
  ANY_PORT,
  bundleAddBytes,
  closeMessage,
  MAX_MESSAGE_BYTES,
  NO_BUFFER,
  OFPT,
  openMessage,
} from './message.ts';
import { wireNumber } from './numbers.ts';

/** enum ofp_flow_mod_command. */
const COMMAND = { add: 0, delete: 3 } as const;

/** enum ofp_instruction_type. */
const INSTRUCTION = {
  apply: APPLY_ACTIONS.number,
  clear: wireNumber('clear_actions', 'instruction'),
  write: wireNumber('write_actions', 'instruction'),
  writeMetadata: wireNumber('write_metadata', 'instruction'),
  goto: wireNumber('goto_table', 'instruction'),
  /** Until OpenFlow 1.4. */
  meter: wireNumber('meter', 'instruction', 0, '1.4'),
} as const;

const MATCH_TYPE_OXM = 1;
const DEFAULT_PRIORITY = 0x8000;

/** Where things stand in an encoded FLOW_MOD, for callers that patch a copy of one. */
export const FLOW_MOD_OFFSET = {
  xid: 4,
  cookie: 8,
  table: 24,
  idleTimeout: 26,
  hardTimeout: 28,
  priority: 30,
  flags: 44,
  importance: 46,
  match: 48,
  /** First TLV of the match. */
  oxm: 52,
} as const;

/** Of the 65535 bytes that a message may have, a bundle of OpenFlow 1.4 or 1.5 needs 16 around the message in it. */
export const MAX_FLOW_MOD_BYTES = maxFlowModBytes('1.5');

/** How long a message in a bundle may be. */
export function maxFlowModBytes(version: WireVersion): number {
  return MAX_MESSAGE_BYTES - bundleAddBytes(version);
}

/**
 * Appends the FLOW_MOD that adds the flow and returns its length in bytes. Where that is more than
 * `maxFlowModBytes`, what has been written must not be sent: see `encodedLength`.
 */
export function encodeFlowMod(
  flow: FlowMod,
  writer: ByteWriter,
  xid: number,
  version: WireVersion = '1.5',
): number {
  const start = openMessage(writer, OFPT.flowMod, xid, version);
  writeFixed(writer, {
    cookie: flow.cookie,
    cookieMask: 0n,
    table: flow.table,
    command: COMMAND.add,
    idleTimeout: flow.idleTimeout,
    hardTimeout: flow.hardTimeout,
    priority: flow.priority,
    flags: flow.flags,
    importance: version === '1.3' ? 0 : flow.importance,
  });
  writeMatch(writer, flow.match, version);
  writeInstructions(writer, flow.instructions, version);
  return closeMessage(writer, start);
}

const scratch = new ByteWriter(4096);

/** How long the flow's FLOW_MOD is. A checker compares it with `maxFlowModBytes`. */
export function encodedLength(flow: FlowMod, version: WireVersion = '1.5'): number {
  scratch.truncate();
  return encodeFlowMod(flow, scratch, 0, version);
}

/** The FLOW_MOD that deletes all flows of a cookie space, in all tables. Returns its length. */
export function encodeDelete(
  space: CookieSpace,
  writer: ByteWriter,
  xid: number,
  version: WireVersion = '1.5',
): number {
  const start = openMessage(writer, OFPT.flowMod, xid, version);
  writeFixed(writer, {
    cookie: space.value,
    cookieMask: space.mask,
    table: ALL_TABLES,
    command: COMMAND.delete,
    idleTimeout: 0,
    hardTimeout: 0,
    priority: DEFAULT_PRIORITY,
    flags: 0,
    importance: 0,
  });
  writeMatch(writer, [], version);
  return closeMessage(writer, start);
}

interface Fixed {
  readonly cookie: bigint;
  readonly cookieMask: bigint;
  readonly table: number;
  readonly command: number;
  readonly idleTimeout: number;
  readonly hardTimeout: number;
  readonly priority: number;
  readonly flags: number;
  readonly importance: number;
}

function writeFixed(writer: ByteWriter, fixed: Fixed): void {
  writer.uint(fixed.cookie, 8);
  writer.uint(fixed.cookieMask, 8);
  writer.u8(fixed.table);
  writer.u8(fixed.command);
  writer.u16(fixed.idleTimeout);
  writer.u16(fixed.hardTimeout);
  writer.u16(fixed.priority);
  writer.u32(NO_BUFFER);
  writer.u32(ANY_PORT);
  writer.u32(ANY_GROUP);
  writer.u16(fixed.flags);
  writer.u16(fixed.importance);
}

/** struct ofp_match: its length is without the padding. */
function writeMatch(writer: ByteWriter, fields: readonly MatchField[], version: WireVersion): void {
  const start = writer.length;
  writer.u16(MATCH_TYPE_OXM);
  writer.u16(0);
  writeMatchFields(writer, fields, version);
  writer.setU16(start + 2, writer.length - start);
  writer.pad8(start);
}

/** Instructions in the order of their execution; a list without actions is left out, as ovs-ofctl does. */
function writeInstructions(writer: ByteWriter, instructions: Instructions, version: WireVersion): void {
  const { apply, clear, write, writeMetadata, goto } = instructions;
  const [first] = apply;
  if (version !== '1.5' && first?.kind === 'meter') {
    writer.u16(INSTRUCTION.meter);
    writer.u16(8);
    writer.u32(first.id);
    writeList(writer, INSTRUCTION.apply, apply.slice(1), version);
  } else {
    writeList(writer, INSTRUCTION.apply, apply, version);
  }
  if (clear) {
    writer.u16(INSTRUCTION.clear);
    writer.u16(8);
    writer.zeros(4);
  }
  if (write !== null) writeList(writer, INSTRUCTION.write, write, version);
  if (writeMetadata !== null) {
    writer.u16(INSTRUCTION.writeMetadata);
    writer.u16(24);
    writer.zeros(4);
    writer.uint(writeMetadata.value, 8);
    writer.uint(writeMetadata.mask ?? 0xffff_ffff_ffff_ffffn, 8);
  }
  if (goto !== null) {
    writer.u16(INSTRUCTION.goto);
    writer.u16(8);
    writer.u8(goto);
    writer.zeros(3);
  }
}

/** Nothing where there are no actions, be it that none of them can be seen (a set_field with an empty mask). */
function writeList(writer: ByteWriter, type: number, actions: readonly Action[], version: WireVersion): void {
  if (actions.length === 0) return;
  const start = writer.length;
  writer.u16(type);
  writer.u16(0);
  writer.zeros(4);
  writeActions(writer, actions, version);
  const length = writer.length - start;
  if (length === 8) writer.truncate(start);
  else writer.setU16(start + 2, length);
}
