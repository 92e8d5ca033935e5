/** The actions that choose by a hash of the packet: `bundle`, `bundle_load` and `multipath` (ovs-actions(7)). */
import type { ByteWriter } from '../../ir/bytes.ts';
import { hasExperimenterHeader, writeHeader } from '../../ir/tlv.ts';
import type { Action, HashFields, SubfieldRef } from '../../ir/types.ts';
import { closeAction, offsetAndBits, openNicira, port16 } from './frame.ts';
import { wireNumber } from './numbers.ts';

type Bundle = Extract<Action, { kind: 'bundle' }>;
type Multipath = Extract<Action, { kind: 'multipath' }>;

const NXAST_BUNDLE = wireNumber('bundle', 'nicira');
const NXAST_BUNDLE_LOAD = wireNumber('bundle_load', 'nicira');
const NXAST_MULTIPATH = wireNumber('multipath', 'nicira');

/** enum nx_hash_fields. */
const FIELDS: Readonly<Record<HashFields, number>> = {
  eth_src: 0,
  symmetric_l4: 1,
  symmetric_l3l4: 2,
  'symmetric_l3l4+udp': 3,
  nw_src: 4,
  nw_dst: 5,
  symmetric_l3: 6,
};

/** enum nx_bd_algorithm and enum nx_mp_algorithm. */
const BUNDLE_ALGORITHM: Readonly<Record<Bundle['algorithm'], number>> = { active_backup: 0, hrw: 1 };
const MULTIPATH_ALGORITHM: Readonly<Record<Multipath['algorithm'], number>> = {
  modulo_n: 0,
  hash_threshold: 1,
  hrw: 2,
  iter_hash: 3,
};

export function writeBundle(writer: ByteWriter, bundle: Bundle): void {
  const start = openNicira(writer, bundle.destination === null ? NXAST_BUNDLE : NXAST_BUNDLE_LOAD);
  writer.u16(BUNDLE_ALGORITHM[bundle.algorithm]);
  writer.u16(FIELDS[bundle.fields]);
  writer.u16(bundle.basis);
  // What the members are: ports, by the header of NXM_OF_IN_PORT.
  writeHeader(writer, 'in_port', 'NXM');
  writer.u16(bundle.members.length);
  if (bundle.destination === null) writer.zeros(6);
  else writeDestination(writer, bundle.destination);
  writer.zeros(4);
  for (const port of bundle.members) writer.u16(port16(port));
  closeAction(writer, start);
}

export function writeMultipath(writer: ByteWriter, action: Multipath): void {
  const start = openNicira(writer, NXAST_MULTIPATH);
  writer.u16(FIELDS[action.fields]);
  writer.u16(action.basis);
  writer.zeros(2);
  writer.u16(MULTIPATH_ALGORITHM[action.algorithm]);
  writer.u16(action.links - 1);
  writer.u32(action.arg);
  writer.zeros(2);
  writeDestination(writer, action.destination);
  closeAction(writer, start);
}

function writeDestination(writer: ByteWriter, destination: SubfieldRef): void {
  if (hasExperimenterHeader(destination.field, 'NXM'))
    throw new Error(`there is no room for the header of ${destination.field}`);
  writer.u16(offsetAndBits(destination));
  writeHeader(writer, destination.field, 'NXM');
}
