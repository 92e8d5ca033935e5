/** NXT_TLV_TABLE_MOD (ovs-fields(7), "Tunnel metadata"), the same in all versions. A bundle does not take it. */
import type { ByteWriter } from '../../ir/bytes.ts';
import type { TlvMapping } from '../../ir/types.ts';
import { NX_VENDOR } from '../../openflow/errors.ts';
import type { WireVersion } from '../../openflow/oxm.ts';
import { closeMessage, openExperimenter } from './message.ts';

const NXT_TLV_TABLE_MOD = 24;
/** NXTTMC_ADD: a mapping that is there already, or shares its index or its option with one, is refused. */
const ADD = 0;

/** Appends the message that adds the mappings and returns its length. */
export function encodeTlvTableMod(
  mappings: readonly TlvMapping[],
  writer: ByteWriter,
  xid: number,
  version: WireVersion = '1.5',
): number {
  const start = openExperimenter(writer, NX_VENDOR, NXT_TLV_TABLE_MOD, xid, version);
  writer.u16(ADD);
  writer.zeros(6);
  for (const mapping of mappings) {
    writer.u16(mapping.class);
    writer.u8(mapping.type);
    writer.u8(mapping.length);
    writer.u16(mapping.index);
    writer.zeros(2);
  }
  return closeMessage(writer, start);
}
