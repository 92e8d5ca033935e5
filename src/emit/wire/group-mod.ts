/**
 * GROUP_MOD messages (OpenFlow 1.5.1 §7.3.4.3, OpenFlow 1.3.5 §7.3.4.2). Buckets of OpenFlow 1.5 have ids and properties, and
 * a group has its selection method in one of Netronome's; before, none of that can be said.
 */
import { ByteWriter } from '../../ir/bytes.ts';
import { writeFieldMask } from '../../ir/tlv.ts';
import type { Bucket, GroupMod } from '../../ir/types.ts';
import { field } from '../../openflow/fields.ts';
import type { WireVersion } from '../../openflow/oxm.ts';
import { writeActions } from './actions.ts';
import { ANY_GROUP, ANY_PORT, closeMessage, OFPT, openMessage } from './message.ts';

/** enum ofp_group_mod_command; the last is an extension of OVS. */
const COMMAND = { add: 0, modify: 1, delete: 2, add_or_mod: 0x8000 } as const;

export type GroupCommand = Exclude<keyof typeof COMMAND, 'delete'>;

/** enum ofp_group_type. */
const TYPE: Readonly<Record<GroupMod['type'], number>> = { all: 0, select: 1, indirect: 2, fast_failover: 3 };

/** enum ofp_group_bucket_prop_type. */
const BUCKET_PROPERTY = { weight: 0, watchPort: 1, watchGroup: 2 } as const;

/** OFPG_BUCKET_ALL: the command is about all buckets. */
const ALL_BUCKETS = 0xffffffff;

/** A property of an experimenter: its type, Netronome's vendor id, and the type of its own. */
const SELECTION = { type: 0xffff, vendor: 0x154d, own: 1, methodBytes: 16 } as const;

/** Appends the message and returns its length; one above `maxFlowModBytes` must not be sent. */
export function encodeGroupMod(
  command: GroupCommand,
  group: GroupMod,
  writer: ByteWriter,
  xid: number,
  version: WireVersion = '1.5',
): number {
  const start = openMessage(writer, OFPT.groupMod, xid, version);
  writer.u16(COMMAND[command]);
  writer.u8(TYPE[group.type]);
  writer.zeros(1);
  writer.u32(group.id);
  const weighted = group.type === 'select';
  if (version === '1.5') {
    const lengthAt = writer.length;
    writer.zeros(4);
    writer.u32(ALL_BUCKETS);
    const buckets = writer.length;
    for (const bucket of group.buckets) writeBucket(writer, bucket, weighted);
    writer.setU16(lengthAt, writer.length - buckets);
    if (group.selection !== null) writeSelection(writer, group.selection);
  } else {
    for (const bucket of group.buckets) writeOldBucket(writer, bucket, weighted, version);
  }
  return closeMessage(writer, start);
}

/** How long the message is that makes the group. A checker compares it with `maxFlowModBytes`. */
export function encodedGroupLength(group: GroupMod, version: WireVersion = '1.5'): number {
  return encodeGroupMod('add_or_mod', group, new ByteWriter(), 0, version);
}

/** Appends the message that deletes the group, if there is one, and all flows that use it; returns its length. */
export function encodeGroupDelete(
  id: number,
  writer: ByteWriter,
  xid: number,
  version: WireVersion = '1.5',
): number {
  const start = openMessage(writer, OFPT.groupMod, xid, version);
  writer.u16(COMMAND.delete);
  writer.zeros(2);
  writer.u32(id);
  if (version === '1.5') {
    writer.zeros(4);
    writer.u32(ALL_BUCKETS);
  }
  return closeMessage(writer, start);
}

/** The weight where none is said. */
const DEFAULT_WEIGHT = 1;

function writeBucket(writer: ByteWriter, bucket: Bucket, weighted: boolean): void {
  const start = writer.length;
  writer.zeros(4);
  writer.u32(bucket.id);
  const actions = writer.length;
  writeActions(writer, bucket.actions);
  writer.setU16(start + 2, writer.length - actions);
  if (weighted) {
    writer.u16(BUCKET_PROPERTY.weight);
    writer.u16(8);
    writer.u16(bucket.weight ?? DEFAULT_WEIGHT);
    writer.zeros(2);
  }
  if (bucket.watchPort !== null) property32(writer, BUCKET_PROPERTY.watchPort, bucket.watchPort);
  if (bucket.watchGroup !== null) property32(writer, BUCKET_PROPERTY.watchGroup, bucket.watchGroup);
  writer.setU16(start, writer.length - start);
}

function property32(writer: ByteWriter, type: number, value: number): void {
  writer.u16(type);
  writer.u16(8);
  writer.u32(value);
}

function writeOldBucket(writer: ByteWriter, bucket: Bucket, weighted: boolean, version: WireVersion): void {
  const start = writer.length;
  writer.u16(0);
  writer.u16(weighted ? (bucket.weight ?? DEFAULT_WEIGHT) : 0);
  writer.u32(bucket.watchPort ?? ANY_PORT);
  writer.u32(bucket.watchGroup ?? ANY_GROUP);
  writer.zeros(4);
  writeActions(writer, bucket.actions, version);
  writer.setU16(start, writer.length - start);
}

function writeSelection(writer: ByteWriter, selection: NonNullable<GroupMod['selection']>): void {
  const start = writer.length;
  writer.u16(SELECTION.type);
  writer.u16(0);
  writer.u32(SELECTION.vendor);
  writer.u32(SELECTION.own);
  writer.zeros(4);
  writer.bytes(new TextEncoder().encode(selection.method.padEnd(SELECTION.methodBytes, '\0')));
  writer.uint(selection.param, 8);
  const fields = [...selection.fields].sort((a, b) => field(a.field).id - field(b.field).id);
  for (const { field: name, mask } of fields) writeFieldMask(writer, name, mask);
  writer.setU16(start + 2, writer.length - start);
  writer.pad8(start);
}
