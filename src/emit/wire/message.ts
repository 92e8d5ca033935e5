/** Numbers of OpenFlow 1.5 that belong to no field or action (OpenFlow 1.5.1 §7.1, §7.3). */
import { WIRE_VERSION } from '../../openflow/types.ts';
import type { ByteWriter } from '../../ir/bytes.ts';

/** enum ofp_type. */
export const OFPT = { flowMod: 14, bundleControl: 33, bundleAdd: 34 } as const;

export const HEADER_BYTES = 8;

/** The length field of a message has 16 bits. */
export const MAX_MESSAGE_BYTES = 0xffff;

/** `OFPTT_ALL`, `OFPP_ANY`, `OFPG_ANY`, `OFP_NO_BUFFER`: "not said". */
export const ALL_TABLES = 0xff;
export const ANY_PORT = 0xffffffff;
export const ANY_GROUP = 0xffffffff;
export const NO_BUFFER = 0xffffffff;

/** An ofp_header with the length left open; `closeMessage` fills it in. Returns where the message begins. */
export function openMessage(writer: ByteWriter, type: number, xid: number): number {
  const start = writer.length;
  writer.u8(WIRE_VERSION['1.5']);
  writer.u8(type);
  writer.u16(0);
  writer.u32(xid);
  return start;
}

/**
 * Writes the length of the message and returns it. It may be more than `MAX_MESSAGE_BYTES`: then what has been
 * written is no message, and the caller must not send it.
 */
export function closeMessage(writer: ByteWriter, start: number): number {
  const length = writer.length - start;
  writer.setU16(start + 2, Math.min(length, MAX_MESSAGE_BYTES));
  return length;
}
