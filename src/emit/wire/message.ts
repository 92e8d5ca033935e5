/** Messages as such (OpenFlow 1.5.1 §7.1): headers, and numbers that belong to no field or action. */
import type { ByteWriter } from '../../ir/bytes.ts';
import type { WireVersion } from '../../openflow/oxm.ts';
import { WIRE_VERSION } from '../../openflow/types.ts';

/** enum ofp_type. */
export const OFPT = {
  experimenter: 4,
  flowMod: 14,
  groupMod: 15,
  meterMod: 29,
  bundleControl: 33,
  bundleAdd: 34,
} as const;

export const HEADER_BYTES = 8;

/** The length field of a message has 16 bits. */
export const MAX_MESSAGE_BYTES = 0xffff;

/** `OFPTT_ALL`, `OFPP_ANY`, `OFPG_ANY`, `OFP_NO_BUFFER`: "not said". */
export const ALL_TABLES = 0xff;
export const ANY_PORT = 0xffffffff;
export const ANY_GROUP = 0xffffffff;
export const NO_BUFFER = 0xffffffff;

/** Bundles of OpenFlow 1.3 are an extension of ONF (EXT-230), with these types. */
const ONF_VENDOR = 0x4f4e4600;
const ONF_BUNDLE = { bundleControl: 2300, bundleAdd: 2301 } as const;

/** An ofp_header with the length left open; `closeMessage` fills it in. Returns where the message begins. */
export function openMessage(
  writer: ByteWriter,
  type: number,
  xid: number,
  version: WireVersion = '1.5',
): number {
  const start = writer.length;
  writer.u8(WIRE_VERSION[version]);
  writer.u8(type);
  writer.u16(0);
  writer.u32(xid);
  return start;
}

/** A message of somebody else's than the standard's. */
export function openExperimenter(
  writer: ByteWriter,
  vendor: number,
  subtype: number,
  xid: number,
  version: WireVersion,
): number {
  const start = openMessage(writer, OFPT.experimenter, xid, version);
  writer.u32(vendor);
  writer.u32(subtype);
  return start;
}

/** A message on bundles, up to the bundle's id. */
export function openBundleMessage(
  writer: ByteWriter,
  type: keyof typeof ONF_BUNDLE,
  bundleId: number,
  xid: number,
  version: WireVersion,
): number {
  const start =
    version === '1.3'
      ? openExperimenter(writer, ONF_VENDOR, ONF_BUNDLE[type], xid, version)
      : openMessage(writer, OFPT[type], xid, version);
  writer.u32(bundleId);
  return start;
}

/** Bytes of a bundle-add message before the message in it. */
export function bundleAddBytes(version: WireVersion): number {
  return HEADER_BYTES + (version === '1.3' ? 16 : 8);
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
