/** A program as one OpenFlow 1.5 bundle (OpenFlow 1.5.1 §7.3.9): the bytes that a push sends. */
import { ByteWriter } from '../ir/bytes.ts';
import type { CookieSpace, EncodedFlows, FlowList, ProgramIr } from '../ir/types.ts';
import { BUNDLE_ADD_HEADER, encodeDelete, encodeFlowMod, OFP_VERSION_15 } from './openflow15/flow-mod.ts';

const OFPT_BUNDLE_CONTROL = 33;
const OFPT_BUNDLE_ADD_MESSAGE = 34;
/** OFPBCT_*: kinds of bundle control. */
export const BUNDLE_CONTROL = { open: 0, close: 2, commit: 4, discard: 6 } as const;
/** OFPBF_ATOMIC | OFPBF_ORDERED. */
export const BUNDLE_FLAGS = 3;

export interface BundleOptions {
  /** Delete the flows of the program's cookie space first. */
  readonly replace: boolean;
  readonly bundleId?: number;
  readonly firstXid?: number;
}

/** A BUNDLE_CONTROL message, 16 bytes. */
export function bundleControl(writer: ByteWriter, bundleId: number, type: number, xid: number): void {
  writer.u8(OFP_VERSION_15);
  writer.u8(OFPT_BUNDLE_CONTROL);
  writer.u16(16);
  writer.u32(xid);
  writer.u32(bundleId);
  writer.u16(type);
  writer.u16(BUNDLE_FLAGS);
}

/** The header of the BUNDLE_ADD_MESSAGE around a message of that length; the inner message must have the same xid. */
export function bundleAddHeader(writer: ByteWriter, bundleId: number, messageLength: number, xid: number): void {
  writer.u8(OFP_VERSION_15);
  writer.u8(OFPT_BUNDLE_ADD_MESSAGE);
  writer.u16(BUNDLE_ADD_HEADER + messageLength);
  writer.u32(xid);
  writer.u32(bundleId);
  writer.u16(0);
  writer.u16(BUNDLE_FLAGS);
}

/** The FLOW_MODs of a program, from where they are or made now. */
export function encodeFlows(flows: FlowList): EncodedFlows {
  if (flows.encoded !== undefined) return flows.encoded();
  const writer = new ByteWriter();
  const offsets = new Uint32Array(flows.length + 1);
  let i = 0;
  for (const flow of flows) {
    encodeFlowMod(flow, writer, 0);
    offsets[++i] = writer.length;
  }
  return { bytes: writer.take(), offsets };
}

/**
 * Open, the delete of the own flows where asked for, every flow, close, commit. The xids count up from `firstXid`,
 * one for each message.
 */
export function emitBundle(program: ProgramIr, options: BundleOptions): Uint8Array {
  const { replace, bundleId = 1, firstXid = 1 } = options;
  const { bytes, offsets } = encodeFlows(program.flows);
  const count = offsets.length - 1;
  const writer = new ByteWriter(bytes.length + count * BUNDLE_ADD_HEADER + 256);
  let xid = firstXid;
  bundleControl(writer, bundleId, BUNDLE_CONTROL.open, xid++);
  if (replace) addDelete(writer, bundleId, program.cookies, xid++);
  for (let i = 0; i < count; i++, xid++) {
    const start = offsets[i] as number;
    const end = offsets[i + 1] as number;
    bundleAddHeader(writer, bundleId, end - start, xid);
    const at = writer.length;
    writer.bytes(bytes.subarray(start, end));
    writer.setU32(at + 4, xid);
  }
  bundleControl(writer, bundleId, BUNDLE_CONTROL.close, xid++);
  bundleControl(writer, bundleId, BUNDLE_CONTROL.commit, xid);
  return writer.view();
}

function addDelete(writer: ByteWriter, bundleId: number, cookies: CookieSpace, xid: number): void {
  const inner = new ByteWriter();
  encodeDelete(cookies, inner, xid);
  bundleAddHeader(writer, bundleId, inner.length, xid);
  writer.bytes(inner.view());
}
