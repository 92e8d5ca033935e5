/** The few OpenFlow messages that a push says and understands (OpenFlow 1.3 to 1.5). FLOW_MODs come ready made. */
import { deleteOwnFlows } from '../emit/bundle.ts';
import type { CookieSpace } from '../ir/types.ts';
import { ONF_VENDOR } from '../openflow/errors.ts';
import type { WireVersion } from '../openflow/oxm.ts';
import { WIRE_VERSION } from '../openflow/types.ts';

export const HEADER = 8;
/** The length of a message is a 16-bit number. */
export const MAX_MESSAGE = 0xffff;

/** ofp_type; these numbers are the same from 1.3 on (OpenFlow 1.5.1 §7.1.1). */
export const OFPT = {
  hello: 0,
  error: 1,
  echoRequest: 2,
  echoReply: 3,
  experimenter: 4,
  featuresRequest: 5,
  featuresReply: 6,
  flowMod: 14,
  groupMod: 15,
  multipartRequest: 18,
  multipartReply: 19,
  barrierRequest: 20,
  barrierReply: 21,
  meterMod: 29,
  bundleControl: 33,
  bundleAdd: 34,
} as const;

export const OFPMP = { desc: 0, flow: 1, groupDesc: 7, meterConfig: 10, portDesc: 13 } as const;
const OFPMPF_MORE = 1;

/** ofp_bundle_ctrl_type (§7.3.9.2). */
export const BUNDLE = { open: 0, close: 2, commit: 4, discard: 6 } as const;
/** OFPBF_ATOMIC | OFPBF_ORDERED. */
const BUNDLE_FLAGS = 3;
const ONF_BUNDLE_CONTROL = 2300;
const ONF_BUNDLE_ADD = 2301;

export const OFPP_LOCAL = 0xfffffffe;
const OFPP_ANY = 0xffffffff;
const OFPTT_ALL = 0xff;

export function message(version: WireVersion, type: number, xid: number, bodyLength = 0): Buffer {
  const bytes = Buffer.alloc(HEADER + bodyLength);
  bytes[0] = WIRE_VERSION[version];
  bytes[1] = type;
  bytes.writeUInt16BE(bytes.length, 2);
  bytes.writeUInt32BE(xid, 4);
  return bytes;
}

export const typeOf = (m: Buffer): number => m.readUInt8(1);
export const xidOf = (m: Buffer): number => m.readUInt32BE(4);

/** With the bitmap element that 1.3.1 introduced, so that no version is chosen that was not offered (§7.5.1). */
export function hello(offer: readonly WireVersion[], xid: number): Buffer {
  const newest = offer.reduce((a, b) => (WIRE_VERSION[a] > WIRE_VERSION[b] ? a : b));
  const bytes = message(newest, OFPT.hello, xid, 8);
  bytes.writeUInt16BE(1, 8); // OFPHET_VERSIONBITMAP
  bytes.writeUInt16BE(8, 10);
  bytes.writeUInt32BE(
    offer.reduce((bits, v) => bits | (1 << WIRE_VERSION[v]), 0),
    12,
  );
  return bytes;
}

/** The version bytes that a hello offers: those of its bitmap, or without one everything up to its own. */
export function offeredBy(m: Buffer): readonly number[] {
  for (let at = HEADER; at + 4 <= m.length;) {
    const length = m.readUInt16BE(at + 2);
    if (length < 4 || at + length > m.length) break;
    if (m.readUInt16BE(at) === 1 && length >= 8) {
      const bits = m.readUInt32BE(at + 4);
      return Array.from({ length: 32 }, (_, v) => v).filter((v) => ((bits >>> v) & 1) === 1);
    }
    at += Math.ceil(length / 8) * 8;
  }
  return Array.from({ length: m.readUInt8(0) }, (_, i) => i + 1);
}

export function echoReply(request: Buffer): Buffer {
  const bytes = Buffer.from(request);
  bytes[1] = OFPT.echoReply;
  return bytes;
}

export function errorMessage(
  version: WireVersion,
  xid: number,
  type: number,
  code: number,
  text: string,
): Buffer {
  const data = Buffer.from(text, 'ascii');
  const bytes = message(version, OFPT.error, xid, 4 + data.length);
  bytes.writeUInt16BE(type, 8);
  bytes.writeUInt16BE(code, 10);
  data.copy(bytes, 12);
  return bytes;
}

export function multipart(version: WireVersion, xid: number, type: number, bodyLength = 0): Buffer {
  const bytes = message(version, OFPT.multipartRequest, xid, 8 + bodyLength);
  bytes.writeUInt16BE(type, 8);
  return bytes;
}

export const descRequest = (version: WireVersion, xid: number): Buffer => multipart(version, xid, OFPMP.desc);

/** From 1.5 on one may ask for a single port; before that, all come. */
export function localPortRequest(version: WireVersion, xid: number): Buffer {
  if (version !== '1.5') return multipart(version, xid, OFPMP.portDesc);
  const bytes = multipart(version, xid, OFPMP.portDesc, 8);
  bytes.writeUInt32BE(OFPP_LOCAL, 16);
  return bytes;
}

/** Every flow of the switch, of every table and cookie (§7.3.5.2; 1.5 calls it OFPMP_FLOW_DESC). */
export function flowsRequest(version: WireVersion, xid: number): Buffer {
  const bytes = multipart(version, xid, OFPMP.flow, 40);
  bytes.writeUInt8(OFPTT_ALL, 16);
  bytes.writeUInt32BE(OFPP_ANY, 20);
  bytes.writeUInt32BE(OFPP_ANY, 24); // OFPG_ANY
  writeEmptyMatch(bytes, 48);
  return bytes;
}

function writeEmptyMatch(bytes: Buffer, at: number): void {
  bytes.writeUInt16BE(1, at); // OFPMT_OXM
  bytes.writeUInt16BE(4, at + 2);
}

export interface MultipartReply {
  readonly type: number;
  readonly more: boolean;
  readonly body: Buffer;
}

export function readMultipart(m: Buffer): MultipartReply | null {
  if (typeOf(m) !== OFPT.multipartReply || m.length < 16) return null;
  return { type: m.readUInt16BE(8), more: (m.readUInt16BE(10) & OFPMPF_MORE) !== 0, body: m.subarray(16) };
}

function experimenter(version: WireVersion, xid: number, subtype: number, bodyLength: number): Buffer {
  const bytes = message(version, OFPT.experimenter, xid, 8 + bodyLength);
  bytes.writeUInt32BE(ONF_VENDOR, 8);
  bytes.writeUInt32BE(subtype, 12);
  return bytes;
}

/** Bundles are messages of their own from 1.4 on; 1.3 has them as an extension of ONF (ext-230). */
const bundleBodyAt = (version: WireVersion): number => (version === '1.3' ? 16 : 8);

/** Bytes before the FLOW_MOD in a message that adds it to a bundle. */
export const bundleAddOverhead = (version: WireVersion): number => bundleBodyAt(version) + 8;

export function bundleControl(version: WireVersion, xid: number, id: number, type: number): Buffer {
  const bytes =
    version === '1.3'
      ? experimenter(version, xid, ONF_BUNDLE_CONTROL, 8)
      : message(version, OFPT.bundleControl, xid, 8);
  const at = bundleBodyAt(version);
  bytes.writeUInt32BE(id, at);
  bytes.writeUInt16BE(type, at + 4);
  bytes.writeUInt16BE(BUNDLE_FLAGS, at + 6);
  return bytes;
}

/** The type of a bundle control reply with this id, minus one: what it replies to. */
export function bundleReplyTo(version: WireVersion, m: Buffer, id: number): number | null {
  const at = bundleBodyAt(version);
  if (m.length < at + 8) return null;
  if (version === '1.3') {
    if (typeOf(m) !== OFPT.experimenter || m.readUInt32BE(8) !== ONF_VENDOR) return null;
    if (m.readUInt32BE(12) !== ONF_BUNDLE_CONTROL) return null;
  } else if (typeOf(m) !== OFPT.bundleControl) return null;
  return m.readUInt32BE(at) === id ? m.readUInt16BE(at + 4) - 1 : null;
}

/** What stands before a FLOW_MOD of that length in a bundle; the transaction id must be that of the FLOW_MOD. */
export function writeBundleAdd(
  version: WireVersion,
  bytes: Buffer,
  at: number,
  flowModLength: number,
  xid: number,
  id: number,
): void {
  bytes[at] = WIRE_VERSION[version];
  bytes[at + 1] = version === '1.3' ? OFPT.experimenter : OFPT.bundleAdd;
  bytes.writeUInt16BE(bundleAddOverhead(version) + flowModLength, at + 2);
  bytes.writeUInt32BE(xid, at + 4);
  if (version === '1.3') {
    bytes.writeUInt32BE(ONF_VENDOR, at + 8);
    bytes.writeUInt32BE(ONF_BUNDLE_ADD, at + 12);
  }
  const body = at + bundleBodyAt(version);
  bytes.writeUInt32BE(id, body);
  bytes.writeUInt16BE(0, body + 4);
  bytes.writeUInt16BE(BUNDLE_FLAGS, body + 6);
}

/** Where what stands in an OFPT_FLOW_MOD of 1.1 and newer (§7.3.4.2). */
export const FLOW_MOD = {
  cookie: 8,
  table: 24,
  command: 25,
  idleTimeout: 26,
  hardTimeout: 28,
  priority: 30,
  flags: 44,
  match: 48,
} as const;

/** Deletes every flow of a cookie space, whatever its table; these bytes are the same in every version from 1.1 on. */
export function deleteCookies(version: WireVersion, space: CookieSpace): Buffer {
  const bytes = Buffer.from(deleteOwnFlows(space, 0));
  bytes[0] = WIRE_VERSION[version];
  return bytes;
}

/** OFPG_MAX + 1 (§7.2.9): no group can have that number. */
const NO_GROUP = 0xffffff01;

/**
 * A flow that no commit can take, because its group cannot exist; when it is added, that is not looked at (OVS 3.1:
 * groups and meters are looked up by the commit).
 */
export function impossibleFlow(version: WireVersion): Buffer {
  const actions = Buffer.alloc(16);
  actions.writeUInt16BE(4, 0); // OFPIT_APPLY_ACTIONS
  actions.writeUInt16BE(16, 2);
  actions.writeUInt16BE(22, 8); // OFPAT_GROUP
  actions.writeUInt16BE(8, 10);
  actions.writeUInt32BE(NO_GROUP, 12);
  const bytes = Buffer.concat([deleteCookies(version, { value: 0n, mask: 0n }), actions]);
  bytes.writeUInt16BE(bytes.length, 2);
  bytes.writeUInt16BE(0, FLOW_MOD.table); // table 0, OFPFC_ADD
  return bytes;
}
