// The little OpenFlow that the lab itself speaks. Written apart from src/, so that it can judge src/.
import type { OpenFlowVersion } from './switch.ts';

const versionBytes: Readonly<Record<OpenFlowVersion, number>> = {
  OpenFlow10: 1,
  OpenFlow11: 2,
  OpenFlow12: 3,
  OpenFlow13: 4,
  OpenFlow14: 5,
  OpenFlow15: 6,
};

export function versionByte(version: OpenFlowVersion): number {
  return versionBytes[version];
}

export const ofpt = {
  hello: 0,
  error: 1,
  echoRequest: 2,
  echoReply: 3,
  experimenter: 4,
  featuresRequest: 5,
  flowMod: 14,
  /** 1.4 and later; 1.3 has them as experimenter messages of the ONF. */
  bundleControl: 33,
  bundleAdd: 34,
} as const;

export const bundleControl = {
  open: 0,
  openReply: 1,
  close: 2,
  closeReply: 3,
  commit: 4,
  commitReply: 5,
  discard: 6,
  discardReply: 7,
} as const;

const onf = 0x4f4e4600;
const nicira = 0x00002320;
const onfBundleControl = 2300;
const onfBundleAdd = 2301;
const nxtFlowMod = 13;

export function message(
  version: number,
  type: number,
  xid: number,
  body: Uint8Array = new Uint8Array(),
): Buffer {
  const header = Buffer.alloc(8);
  header[0] = version;
  header[1] = type;
  header.writeUInt16BE(8 + body.length, 2);
  header.writeUInt32BE(xid, 4);
  return Buffer.concat([header, body]);
}

export function versionOf(m: Buffer): number {
  return m.readUInt8(0);
}
export function typeOf(m: Buffer): number {
  return m.readUInt8(1);
}
export function xidOf(m: Buffer): number {
  return m.readUInt32BE(4);
}

/** A copy with another transaction id. */
export function withXid(m: Buffer, xid: number): Buffer {
  const copy = Buffer.from(m);
  copy.writeUInt32BE(xid, 4);
  return copy;
}

export function barrierRequest(version: number, xid: number): Buffer {
  return message(version, version === 1 ? 18 : 20, xid);
}

export function isBarrierRequest(m: Buffer): boolean {
  return typeOf(m) === (versionOf(m) === 1 ? 18 : 20);
}

export function isBarrierReply(m: Buffer): boolean {
  return typeOf(m) === (versionOf(m) === 1 ? 19 : 21);
}

function experimenter(m: Buffer): { vendor: number; subtype: number } | undefined {
  if (typeOf(m) !== ofpt.experimenter || m.length < 16) return undefined;
  return { vendor: m.readUInt32BE(8), subtype: m.readUInt32BE(12) };
}

/** A FLOW_MOD, or what OpenFlow 1.0 has for matches beyond its own: NXT_FLOW_MOD. */
export function isFlowMod(m: Buffer): boolean {
  if (typeOf(m) === ofpt.flowMod) return true;
  const x = experimenter(m);
  return x?.vendor === nicira && x.subtype === nxtFlowMod;
}

export function bundleControlMessage(
  version: number,
  xid: number,
  id: number,
  type: number,
  flags: number,
): Buffer {
  const body = Buffer.alloc(8);
  body.writeUInt32BE(id, 0);
  body.writeUInt16BE(type, 4);
  body.writeUInt16BE(flags, 6);
  return bundleMessage(version, xid, ofpt.bundleControl, onfBundleControl, body);
}

export function bundleAddMessage(version: number, id: number, flags: number, inner: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(id, 0);
  head.writeUInt16BE(flags, 6);
  // Both transaction ids must be equal (OFPBFC_MSG_BAD_XID).
  return bundleMessage(version, xidOf(inner), ofpt.bundleAdd, onfBundleAdd, Buffer.concat([head, inner]));
}

function bundleMessage(version: number, xid: number, type: number, onfSubtype: number, body: Buffer): Buffer {
  if (version >= 5) return message(version, type, xid, body);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(onf, 0);
  head.writeUInt32BE(onfSubtype, 4);
  return message(version, ofpt.experimenter, xid, Buffer.concat([head, body]));
}

/** Where the body of a bundle message begins: after the header, and after the experimenter's in 1.3. */
function bundleBody(m: Buffer, type: number, onfSubtype: number): number | undefined {
  if (typeOf(m) === type && versionOf(m) >= 5 && m.length >= 16) return 8;
  const x = experimenter(m);
  return x?.vendor === onf && x.subtype === onfSubtype && m.length >= 24 ? 16 : undefined;
}

export interface BundleControl {
  readonly id: number;
  readonly type: number;
  readonly flags: number;
}

export function readBundleControl(m: Buffer): BundleControl | undefined {
  const at = bundleBody(m, ofpt.bundleControl, onfBundleControl);
  if (at === undefined) return undefined;
  return { id: m.readUInt32BE(at), type: m.readUInt16BE(at + 4), flags: m.readUInt16BE(at + 6) };
}

/** The message inside a bundle-add message. */
export function unwrapBundleAdd(m: Buffer): Buffer | undefined {
  const at = bundleBody(m, ofpt.bundleAdd, onfBundleAdd);
  if (at === undefined || m.length < at + 16) return undefined;
  const inner = m.subarray(at + 8);
  return inner.subarray(0, Math.max(8, inner.readUInt16BE(2)));
}

export interface WireError {
  /** As in the message; for an experimenter's error 0xffff, and `code` is its own type. */
  readonly type: number;
  readonly code: number;
  readonly vendor?: number;
  readonly xid: number;
  /** The whole error message, for `errorNames`. */
  readonly raw: Buffer;
}

export function readError(m: Buffer): WireError | undefined {
  if (typeOf(m) !== ofpt.error || m.length < 12) return undefined;
  const type = m.readUInt16BE(8);
  const code = m.readUInt16BE(10);
  const base = { xid: xidOf(m), raw: m };
  if (type === 0xffff && m.length >= 16) return { ...base, type, code, vendor: m.readUInt32BE(12) };
  // NXET_VENDOR, which carries the errors of Nicira in OpenFlow 1.0 and 1.1.
  if (type === 0xb0c2 && m.length >= 20)
    return { ...base, type: m.readUInt16BE(16), code: m.readUInt16BE(18), vendor: m.readUInt32BE(12) };
  return { ...base, type, code };
}

/** Cuts a byte stream into messages. A length below 8 ends the stream: nothing after it can be told apart. */
export class MessageSplitter {
  private rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): Buffer[] {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const messages: Buffer[] = [];
    let at = 0;
    while (this.rest.length - at >= 8) {
      const length = this.rest.readUInt16BE(at + 2);
      if (length < 8 || this.rest.length - at < length) break;
      messages.push(Buffer.from(this.rest.subarray(at, at + length)));
      at += length;
    }
    this.rest = this.rest.subarray(at);
    return messages;
  }

  /** Bytes that are no whole message (yet). */
  pending(): Buffer {
    return this.rest;
  }
}
