/** A flow as a FLOW_MOD of OpenFlow 1.5 (OpenFlow 1.5.1 §7.3.4.2), as ovs-ofctl sends it. */
import type { ByteWriter } from '../../ir/bytes.ts';
import { writeMatchFields } from '../../ir/oxm.ts';
import type { Action, CookieSpace, FlowMod, Instructions } from '../../ir/types.ts';
import { writeActions } from './actions.ts';

export const OFP_VERSION_15 = 6;
const OFPT_FLOW_MOD = 14;
const OFPFC_ADD = 0;
const OFPFC_DELETE = 3;
const OFPTT_ALL = 0xff;
const NO_BUFFER = 0xffffffff;
const ANY = 0xffffffff;

const INSTRUCTION = { goto: 1, writeMetadata: 2, write: 3, apply: 4, clear: 5 } as const;

/** The longest message there is: its length is a 16-bit number. */
export const MAX_MESSAGE = 0xffff;
/** Bytes that a bundle puts before each message it carries. */
export const BUNDLE_ADD_HEADER = 16;

/**
 * Writes an OFPFC_ADD. A message longer than `MAX_MESSAGE` has a length that means something else; see
 * `encodedLength`.
 */
export function encodeFlowMod(flow: FlowMod, writer: ByteWriter, xid: number): void {
  const start = header(writer, xid);
  writer.uint(flow.cookie, 8);
  writer.zeros(8);
  writer.u8(flow.table);
  writer.u8(OFPFC_ADD);
  writer.u16(flow.idleTimeout);
  writer.u16(flow.hardTimeout);
  writer.u16(flow.priority);
  writer.u32(NO_BUFFER);
  writer.u32(ANY);
  writer.u32(ANY);
  writer.u16(flow.flags);
  writer.u16(flow.importance);
  const match = writer.length;
  writer.u16(1);
  writer.u16(0);
  writeMatchFields(writer, flow.match);
  writer.setU16(match + 2, writer.length - match);
  writer.pad8(match);
  writeInstructions(writer, flow.instructions);
  writer.setU16(start + 2, writer.length - start);
}

/** How long the FLOW_MOD is in truth, whatever its length field can say. */
export function encodedLength(flow: FlowMod, writer: ByteWriter): number {
  const start = writer.length;
  encodeFlowMod(flow, writer, 0);
  const { length } = writer;
  writer.truncate(start);
  return length - start;
}

/** Writes the OFPFC_DELETE of all flows, in all tables, that have a cookie of the space. */
export function encodeDelete(cookies: CookieSpace, writer: ByteWriter, xid: number): void {
  const start = header(writer, xid);
  writer.uint(cookies.value, 8);
  writer.uint(cookies.mask, 8);
  writer.u8(OFPTT_ALL);
  writer.u8(OFPFC_DELETE);
  writer.zeros(4);
  writer.u16(0x8000);
  writer.u32(NO_BUFFER);
  writer.u32(ANY);
  writer.u32(ANY);
  writer.zeros(4);
  writer.u16(1);
  writer.u16(4);
  writer.zeros(4);
  writer.setU16(start + 2, writer.length - start);
}

function header(writer: ByteWriter, xid: number): number {
  const start = writer.length;
  writer.u8(OFP_VERSION_15);
  writer.u8(OFPT_FLOW_MOD);
  writer.u16(0);
  writer.u32(xid);
  return start;
}

/** Instructions in the order in which OVS sends them, which is that of their execution. */
function writeInstructions(writer: ByteWriter, instructions: Instructions): void {
  const { apply, clear, write, writeMetadata, goto } = instructions;
  if (apply.length > 0) list(writer, INSTRUCTION.apply, apply);
  if (clear) {
    writer.u16(INSTRUCTION.clear);
    writer.u16(8);
    writer.zeros(4);
  }
  if (write !== null) list(writer, INSTRUCTION.write, write);
  if (writeMetadata !== null) {
    writer.u16(INSTRUCTION.writeMetadata);
    writer.u16(24);
    writer.zeros(4);
    writer.uint(writeMetadata.value, 8);
    writer.uint(writeMetadata.mask ?? (1n << 64n) - 1n, 8);
  }
  if (goto !== null) {
    writer.u16(INSTRUCTION.goto);
    writer.u16(8);
    writer.u8(goto);
    writer.zeros(3);
  }
}

function list(writer: ByteWriter, type: number, actions: readonly Action[]): void {
  const start = writer.length;
  writer.u16(type);
  writer.u16(0);
  writer.zeros(4);
  writeActions(writer, actions);
  writer.setU16(start + 2, writer.length - start);
}
