/** The messages about what is no flow: groups, meters, the map of Geneve options, ports (OpenFlow 1.3 to 1.5). */
import { encodeGroupDelete } from '../emit/wire/group-mod.ts';
import { encodeMeterDelete } from '../emit/wire/meter-mod.ts';
import { encodeTlvTableMod } from '../emit/wire/tlv-table-mod.ts';
import { ByteWriter } from '../ir/bytes.ts';
import { NX_VENDOR } from '../openflow/errors.ts';
import type { WireVersion } from '../openflow/oxm.ts';
import type { Tlv, WireGroup, WireMeter, WireTlv } from './plan.ts';
import { message, multipart, OFPMP, OFPT } from './wire.ts';

const OFPG_ALL = 0xfffffffc;
const OFPM_ALL = 0xffffffff;
const OFPP_ANY = 0xffffffff;

/** ofp_group_mod_command, ofp_meter_mod_command (OpenFlow 1.5.1 §7.3.4.3, §7.3.4.5). */
export const COMMAND = { add: 0, modify: 1 } as const;

/** OFPMF_BURST: bands have a burst size of their own. */
const BURST = 1 << 2;

/** The map of options is an extension of OVS (NXT_TLV_TABLE_*). */
const TLV_TABLE = { request: 25, reply: 26 } as const;

/** What a group is: its type, its buckets and (in OpenFlow 1.5) its properties, as text to compare. */
export type Content = string;

/** One of the groups or meters that a switch has. */
export interface Configured {
  readonly id: number;
  readonly content: Content;
  /** Where its actions are: for a group its buckets. */
  readonly bytes: Buffer;
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function encoded(write: (writer: ByteWriter) => void): Buffer {
  const writer = new ByteWriter(64);
  write(writer);
  return Buffer.from(writer.take());
}

// Groups ------------------------------------------------------------------------------------------------------------

export function groupsRequest(version: WireVersion, xid: number): Buffer {
  if (version !== '1.5') return multipart(version, xid, OFPMP.groupDesc);
  const bytes = multipart(version, xid, OFPMP.groupDesc, 8);
  bytes.writeUInt32BE(OFPG_ALL, 16);
  return bytes;
}

/** Its ofp_group_desc entries (§7.3.5.8), which have the buckets of a GROUP_MOD; null where a length is impossible. */
export function readGroups(version: WireVersion, body: Buffer): Configured[] | null {
  const bucketsAt = version === '1.5' ? 16 : 8;
  return entries(body, bucketsAt, (bytes) => {
    const buckets = bytes.subarray(bucketsAt);
    const content = `${bytes.readUInt8(2)} ${buckets.toString('latin1')}`;
    return { id: bytes.readUInt32BE(4), content, bytes: buckets };
  });
}

/** Where the buckets of a GROUP_MOD are. */
const groupBucketsAt = (version: WireVersion): number => (version === '1.5' ? 24 : 16);

export function groupContent(version: WireVersion, group: WireGroup): Content {
  const bytes = bufferOf(group.message);
  return `${bytes.readUInt8(10)} ${bytes.toString('latin1', groupBucketsAt(version))}`;
}

/** A copy of the plan's GROUP_MOD with another command. */
export function groupMod(group: WireGroup, command: number, xid: number): Buffer {
  const bytes = Buffer.from(group.message);
  bytes.writeUInt32BE(xid, 4);
  bytes.writeUInt16BE(command, 8);
  return bytes;
}

export function groupDelete(version: WireVersion, id: number, xid: number): Buffer {
  return encoded((writer) => encodeGroupDelete(id, writer, xid, version));
}

// Meters ------------------------------------------------------------------------------------------------------------

export function metersRequest(version: WireVersion, xid: number): Buffer {
  const bytes = multipart(version, xid, OFPMP.meterConfig, 8);
  bytes.writeUInt32BE(OFPM_ALL, 16);
  return bytes;
}

export function readMeters(body: Buffer): Configured[] | null {
  return entries(body, 8, (bytes) => {
    const bands = bytes.subarray(8);
    return { id: bytes.readUInt32BE(4), content: meterText(bytes.readUInt16BE(2), bands), bytes: bands };
  });
}

export function meterContent(meter: WireMeter): Content {
  const bytes = bufferOf(meter.message);
  return meterText(bytes.readUInt16BE(10), bytes.subarray(16));
}

/** Without OFPMF_BURST a burst size means nothing, and Open vSwitch reports one of its own. */
function meterText(flags: number, bands: Buffer): Content {
  if ((flags & BURST) !== 0) return `${flags} ${bands.toString('latin1')}`;
  const copy = Buffer.from(bands);
  for (let at = 0; at + 12 <= copy.length; at += Math.max(16, copy.readUInt16BE(at + 2)))
    copy.fill(0, at + 8, at + 12);
  return `${flags} ${copy.toString('latin1')}`;
}

export function meterAdd(meter: WireMeter, xid: number): Buffer {
  const bytes = Buffer.from(meter.message);
  bytes.writeUInt32BE(xid, 4);
  bytes.writeUInt16BE(COMMAND.add, 8);
  return bytes;
}

export function meterDelete(version: WireVersion, id: number, xid: number): Buffer {
  return encoded((writer) => encodeMeterDelete(id, writer, xid, version));
}

// Options of Geneve -------------------------------------------------------------------------------------------------

export function tlvRequest(version: WireVersion, xid: number): Buffer {
  const bytes = message(version, OFPT.experimenter, xid, 8);
  bytes.writeUInt32BE(NX_VENDOR, 8);
  bytes.writeUInt32BE(TLV_TABLE.request, 12);
  return bytes;
}

/** The mappings in a reply (NXT_TLV_TABLE_REPLY); null when it is none. */
export function readTlvs(m: Buffer): Tlv[] | null {
  if (m.length < 32 || m.readUInt32BE(8) !== NX_VENDOR || m.readUInt32BE(12) !== TLV_TABLE.reply) return null;
  const all: Tlv[] = [];
  for (let at = 32; at + 8 <= m.length; at += 8)
    all.push({
      class: m.readUInt16BE(at),
      type: m.readUInt8(at + 2),
      length: m.readUInt8(at + 3),
      index: m.readUInt16BE(at + 4),
    });
  return all;
}

export function tlvAdd(version: WireVersion, tlvs: readonly WireTlv[], xid: number): Buffer {
  return encoded((writer) => encodeTlvTableMod(tlvs, writer, xid, version));
}

// Ports -------------------------------------------------------------------------------------------------------------

export interface SwitchPort {
  readonly number: number;
  readonly name: string;
}

export function portsRequest(version: WireVersion, xid: number): Buffer {
  if (version !== '1.5') return multipart(version, xid, OFPMP.portDesc);
  const bytes = multipart(version, xid, OFPMP.portDesc, 8);
  bytes.writeUInt32BE(OFPP_ANY, 16);
  return bytes;
}

/** The ofp_port entries of (a part of) a port description, up to the first with an impossible length. */
export function readPorts(version: WireVersion, body: Buffer): SwitchPort[] {
  const ports: SwitchPort[] = [];
  for (let at = 0; at + 40 <= body.length;) {
    const length = version === '1.3' ? 64 : body.readUInt16BE(at + 4);
    if (length < 40 || at + length > body.length) return ports;
    const name = body.subarray(at + 16, at + 32);
    const end = name.indexOf(0);
    ports.push({
      number: body.readUInt32BE(at),
      name: name.subarray(0, end < 0 ? name.length : end).toString('utf8'),
    });
    at += length;
  }
  return ports;
}

/** Cuts a list of entries that begin with their length. */
function entries<T>(body: Buffer, least: number, read: (bytes: Buffer) => T): T[] | null {
  const all: T[] = [];
  for (let at = 0; at < body.length;) {
    const length = body.length - at >= least ? body.readUInt16BE(at) : 0;
    if (length < least || at + length > body.length) return null;
    all.push(read(body.subarray(at, at + length)));
    at += length;
  }
  return all;
}
