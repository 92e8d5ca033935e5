/**
 * Bundles (OpenFlow 1.5.1 §7.3.9; in OpenFlow 1.3 the extension EXT-230 of the ONF): messages that a switch carries out
 * all or not at all.
 *
 * A bundle-add message is a header before the message that it carries. Both have the same transaction id, else the
 * switch answers OFPBFC_MSG_BAD_XID.
 *
 * A switch takes neither meters nor the TLV map in a bundle (OFPBFC_MSG_UNSUP), so they are not in it: whoever sends
 * it makes those before.
 */
import { ByteWriter } from '../ir/bytes.ts';
import type {
  CookieSpace,
  EncodedFlows,
  FlowList,
  FlowMod,
  GroupMod,
  IdRange,
  ProgramIr,
} from '../ir/types.ts';
import type { WireVersion } from '../openflow/oxm.ts';
import { isWireVersion } from '../openflow/oxm.ts';
import {
  FlowTooLongError,
  GroupTooLongError,
  NoBundlesError,
  UnresolvedPortsError,
} from './bundle-errors.ts';
import { encodeDelete, encodeFlowMod, maxFlowModBytes } from './wire/flow-mod.ts';
import { encodeGroupDelete, encodeGroupMod } from './wire/group-mod.ts';
import { bundleAddBytes, closeMessage, openBundleMessage } from './wire/message.ts';

export * from './bundle-errors.ts';
export { encodeDelete, encodeFlowMod, maxFlowModBytes } from './wire/flow-mod.ts';
export { encodedGroupLength, encodeGroupDelete, encodeGroupMod } from './wire/group-mod.ts';
export { encodeMeterDelete, encodeMeterMod } from './wire/meter-mod.ts';
export { encodeTlvTableMod } from './wire/tlv-table-mod.ts';

/** enum ofp_bundle_ctrl_type. */
export const BUNDLE_CONTROL = {
  openRequest: 0,
  openReply: 1,
  closeRequest: 2,
  closeReply: 3,
  commitRequest: 4,
  commitReply: 5,
  discardRequest: 6,
  discardReply: 7,
} as const;

/** OFPBF_ATOMIC | OFPBF_ORDERED: what ovs-ofctl asks for. */
const ATOMIC_AND_ORDERED = 3;

export interface BundleOptions {
  /**
   * Within the bundle, delete all flows of the program's cookie space before the new ones, and after them the groups
   * of the program's ids that it does not have (where these are few: see `strayGroups`).
   */
  readonly replace: boolean;
  /** The program's unless said. */
  readonly version?: WireVersion;
  /** Default 1. */
  readonly bundleId?: number;
  /** Transaction id of the first message; the others count up from it. Default 1. */
  readonly firstXid?: number;
}

/**
 * The bundle that installs a program, from open to commit: its groups, a group that another one uses before it, the
 * flows, and what is to be deleted. A flow whose group is not there yet would fail.
 *
 * Note that a switch commits what is left when it has refused a message of a bundle. Whoever sends this must wait
 * for the answers before the last message (`src/push/` does), or accept that.
 *
 * Throws `NoBundlesError`, `UnresolvedPortsError`, `FlowTooLongError` and `GroupTooLongError`.
 */
export function emitBundle(program: ProgramIr, options: BundleOptions): Uint8Array {
  const parts = emitBundleParts(program, options);
  const writer = new ByteWriter(parts.reduce((sum, part) => sum + part.length, 0));
  for (const part of parts) writer.bytes(part);
  return writer.view();
}

/** The same in parts, one behind the other: the flows need not be moved. */
export function emitBundleParts(program: ProgramIr, options: BundleOptions): Uint8Array[] {
  const version = options.version ?? program.version;
  if (!isWireVersion(version)) throw new NoBundlesError(version);
  if (program.unresolvedPorts.size > 0) throw new UnresolvedPortsError([...program.unresolvedPorts.values()]);
  const id = options.bundleId ?? 1;
  let xid = options.firstXid ?? 1;
  const encoded = version === '1.5' ? spacedFlows(program.flows) : undefined;
  const { length } = program.flows;
  const writer = new ByteWriter(4096 + (encoded === undefined ? length * 160 : 0));
  writeBundleControl(writer, BUNDLE_CONTROL.openRequest, id, xid++, version);
  for (const group of program.groups) writeBundledGroup(writer, group, id, xid++, version);
  if (options.replace) writeBundledDelete(writer, program.cookies, id, xid++, version);
  const before = encoded === undefined ? null : writer.take();
  if (encoded === undefined)
    for (const flow of program.flows) writeBundledFlow(writer, flow, id, xid++, version);
  else {
    writer.truncate();
    xid = putHeaders(program.flows, encoded, id, xid);
  }
  if (options.replace)
    for (const group of strayGroups(program.groupIds, program.groups))
      writeBundledGroupDelete(writer, group, id, xid++, version);
  writeBundleControl(writer, BUNDLE_CONTROL.closeRequest, id, xid++, version);
  writeBundleControl(writer, BUNDLE_CONTROL.commitRequest, id, xid, version);
  return before === null || encoded === undefined ? [writer.view()] : [before, encoded.bytes, writer.view()];
}

/** The flows where they are at hand with room for the header of a bundle-add before each. */
function spacedFlows(flows: FlowList): EncodedFlows | undefined {
  const spaced = flows.spaced?.() ?? null;
  return spaced?.gap === bundleAddBytes('1.5') ? spaced : undefined;
}

/** How many groups are deleted blindly. */
const MOST_STRAY_GROUPS = 1024;

/**
 * The ids of groups that are the program's and that it does not have. Without a switch to ask nobody knows which of
 * them there are, so all are listed; none where they are more than 1024 (`src/push/` asks, and deletes those there are).
 */
export function strayGroups(ids: readonly IdRange[], groups: readonly GroupMod[]): number[] {
  const count = ids.reduce((n, { first, last }) => n + last - first + 1, 0);
  if (count - groups.length > MOST_STRAY_GROUPS) return [];
  const declared = new Set(groups.map((group) => group.id));
  return ids.flatMap(({ first, last }) =>
    Array.from({ length: last - first + 1 }, (_, n) => first + n).filter((id) => !declared.has(id)),
  );
}

/**
 * Puts the headers of bundle-adds before FLOW_MODs of OpenFlow 1.5 that have room for them, and transaction ids into both.
 * Returns the next transaction id.
 */
function putHeaders(
  flows: FlowList,
  { bytes, offsets }: EncodedFlows,
  bundleId: number,
  firstXid: number,
): number {
  const gap = bundleAddBytes('1.5');
  const most = maxFlowModBytes('1.5');
  const header = new ByteWriter(gap);
  openBundleAdd(header, bundleId, 0, '1.5');
  const head = header.view();
  const count = offsets.length - 1;
  for (let i = 0, xid = firstXid; i < count; i++, xid++) {
    const at = offsets[i] as number;
    const length = (offsets[i + 1] as number) - at;
    if (length - gap > most) throw new FlowTooLongError(flows.at(i), length - gap, most);
    bytes.set(head, at);
    bytes[at + 2] = length >>> 8;
    bytes[at + 3] = length;
    setXid(bytes, at + 4, xid);
    setXid(bytes, at + gap + 4, xid);
  }
  return firstXid + count;
}

function setXid(out: Uint8Array, at: number, xid: number): void {
  out[at] = xid >>> 24;
  out[at + 1] = xid >>> 16;
  out[at + 2] = xid >>> 8;
  out[at + 3] = xid;
}

export function writeBundleControl(
  writer: ByteWriter,
  type: number,
  bundleId: number,
  xid: number,
  version: WireVersion = '1.5',
): void {
  const start = openBundleMessage(writer, 'bundleControl', bundleId, xid, version);
  writer.u16(type);
  writer.u16(ATOMIC_AND_ORDERED);
  closeMessage(writer, start);
}

/** Appends a bundle-add message with the flow's FLOW_MOD in it. Throws `FlowTooLongError`. */
export function writeBundledFlow(
  writer: ByteWriter,
  flow: FlowMod,
  bundleId: number,
  xid: number,
  version: WireVersion = '1.5',
): void {
  const start = openBundleAdd(writer, bundleId, xid, version);
  const length = encodeFlowMod(flow, writer, xid, version);
  const most = maxFlowModBytes(version);
  if (length > most) {
    writer.truncate(start);
    throw new FlowTooLongError(flow, length, most);
  }
  closeMessage(writer, start);
}

/**
 * Appends a bundle-add message that makes the group, or changes it where there is one with its id. Throws
 * `GroupTooLongError`.
 */
export function writeBundledGroup(
  writer: ByteWriter,
  group: GroupMod,
  bundleId: number,
  xid: number,
  version: WireVersion = '1.5',
): void {
  const start = openBundleAdd(writer, bundleId, xid, version);
  const length = encodeGroupMod('add_or_mod', group, writer, xid, version);
  const most = maxFlowModBytes(version);
  if (length > most) {
    writer.truncate(start);
    throw new GroupTooLongError(group, length, most);
  }
  closeMessage(writer, start);
}

/** Appends a bundle-add message that deletes the group, where there is one. */
export function writeBundledGroupDelete(
  writer: ByteWriter,
  group: number,
  bundleId: number,
  xid: number,
  version: WireVersion = '1.5',
): void {
  const start = openBundleAdd(writer, bundleId, xid, version);
  encodeGroupDelete(group, writer, xid, version);
  closeMessage(writer, start);
}

/** Appends a bundle-add message that deletes all flows of the space. */
export function writeBundledDelete(
  writer: ByteWriter,
  space: CookieSpace,
  bundleId: number,
  xid: number,
  version: WireVersion = '1.5',
): void {
  const start = openBundleAdd(writer, bundleId, xid, version);
  encodeDelete(space, writer, xid, version);
  closeMessage(writer, start);
}

function openBundleAdd(writer: ByteWriter, bundleId: number, xid: number, version: WireVersion): number {
  const start = openBundleMessage(writer, 'bundleAdd', bundleId, xid, version);
  writer.zeros(2);
  writer.u16(ATOMIC_AND_ORDERED);
  return start;
}

/** One bundle control message. */
export function bundleControl(
  type: number,
  bundleId: number,
  xid: number,
  version: WireVersion = '1.5',
): Uint8Array {
  const writer = new ByteWriter(24);
  writeBundleControl(writer, type, bundleId, xid, version);
  return writer.take();
}

/** Any message (a FLOW_MOD, a GROUP_MOD) inside a bundle-add message, which takes over its transaction id. */
export function bundleAdd(message: Uint8Array, bundleId: number, version: WireVersion = '1.5'): Uint8Array {
  const xid = new DataView(message.buffer, message.byteOffset, message.byteLength).getUint32(4);
  const writer = new ByteWriter(bundleAddBytes(version) + message.length);
  const start = openBundleAdd(writer, bundleId, xid, version);
  writer.bytes(message);
  closeMessage(writer, start);
  return writer.take();
}

/** The FLOW_MOD that deletes all flows of the space, not in a bundle. */
export function deleteOwnFlows(space: CookieSpace, xid: number, version: WireVersion = '1.5'): Uint8Array {
  const writer = new ByteWriter(64);
  encodeDelete(space, writer, xid, version);
  return writer.take();
}
