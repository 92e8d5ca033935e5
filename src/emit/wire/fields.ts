/**
 * Actions that write fields. OpenFlow 1.5 has set_field with a mask and copy_field; before, set_field writes all of a
 * field, and parts of one and copies are Nicira's reg_load and reg_move.
 */
import type { ByteWriter } from '../../ir/bytes.ts';
import {
  hasExperimenterHeader,
  hasVariableLength,
  isWholeMask,
  writeField,
  writeHeader,
} from '../../ir/tlv.ts';
import type { Action } from '../../ir/types.ts';
import { field } from '../../openflow/fields.ts';
import type { WireVersion } from '../../openflow/oxm.ts';
import { VLAN_PRESENT } from '../../openflow/storage.ts';
import { closeAction, nicira, openNicira, openStandard, standard16 } from './frame.ts';
import { wireNumber } from './numbers.ts';

type SetField = Extract<Action, { kind: 'set_field' }>;
type Move = Extract<Action, { kind: 'move' }>;
type ModVlan = Extract<Action, { kind: 'mod_vlan_vid' | 'mod_vlan_pcp' }>;

const SET_FIELD = wireNumber('set_field', 'standard');
const COPY_FIELD = wireNumber('move', 'standard');
const PUSH_VLAN = wireNumber('push_vlan', 'standard');
const REG_LOAD = wireNumber('load', 'nicira', 0, '1.4');
const REG_LOAD2 = wireNumber('load', 'nicira', 1, '1.4');
const REG_MOVE = wireNumber('move', 'nicira', 0, '1.4');

const ETH_TYPE_VLAN = 0x8100;

export function writeSetField(writer: ByteWriter, action: SetField, version: WireVersion): void {
  const { field: name, value } = action;
  let { mask } = action;
  if (version !== '1.5' && mask !== null) {
    if (!isWholeMask(name, mask)) {
      writeLoads(writer, action, mask);
      return;
    }
    mask = null;
  }
  const start = openStandard(writer, SET_FIELD);
  writeField(writer, name, value, mask, version);
  closeAction(writer, start);
}

/** One reg_load for each run of at most 64 bits, or a reg_load2 where that has no room for the header. */
function writeLoads(writer: ByteWriter, { field: name, value }: SetField, mask: bigint): void {
  if (hasExperimenterHeader(name, 'NXM') || hasVariableLength(name)) {
    nicira(writer, REG_LOAD2, () => {
      writeField(writer, name, value, mask, 'NXM');
    });
    return;
  }
  const width = field(name).bits;
  const isSet = (bit: number): boolean => bit < width && ((mask >> BigInt(bit)) & 1n) !== 0n;
  for (let bit = 0; bit < width; bit++) {
    if (!isSet(bit)) continue;
    const offset = bit;
    while (isSet(bit) && bit - offset < 64) bit++;
    const bits = bit - offset;
    const start = openNicira(writer, REG_LOAD);
    writer.u16((offset << 6) | (bits - 1));
    writeHeader(writer, name, 'NXM');
    writer.uint(BigInt.asUintN(bits, value >> BigInt(offset)), 8);
    closeAction(writer, start);
    bit--;
  }
}

export function writeMove(writer: ByteWriter, { source, destination }: Move, version: WireVersion): void {
  const standard = version === '1.5';
  const start = standard ? openStandard(writer, COPY_FIELD) : openNicira(writer, REG_MOVE);
  writer.u16(source.bits);
  writer.u16(source.offset);
  writer.u16(destination.offset);
  if (standard) writer.zeros(2);
  const headers = standard ? version : 'NXM';
  writeHeader(writer, source.field, headers);
  writeHeader(writer, destination.field, headers);
  closeAction(writer, start);
}

/** A set_field, behind a push_vlan where the packet may have no tag. */
export function writeModVlan(writer: ByteWriter, action: ModVlan, version: WireVersion): void {
  if (!action.tagged) standard16(writer, PUSH_VLAN, ETH_TYPE_VLAN);
  const start = openStandard(writer, SET_FIELD);
  if (action.kind === 'mod_vlan_vid')
    writeField(writer, 'vlan_vid', BigInt(action.vid) | VLAN_PRESENT, null, version);
  else writeField(writer, 'vlan_pcp', BigInt(action.pcp), null, version);
  closeAction(writer, start);
}
