/** The `ct` action with what it nests (ovs-actions(7), "The ct action"). */
import type { ByteWriter } from '../../ir/bytes.ts';
import { hasExperimenterHeader, writeHeader } from '../../ir/tlv.ts';
import type { Action, Nat, SubfieldRef } from '../../ir/types.ts';
import type { WireVersion } from '../../openflow/oxm.ts';
import { closeAction, offsetAndBits, openNicira } from './frame.ts';
import { wireNumber } from './numbers.ts';

type Ct = Extract<Action, { kind: 'ct' }>;

const NXAST_CT = wireNumber('ct', 'nicira');
const NXAST_NAT = wireNumber('nat', 'nicira');

const CT_FLAG = { commit: 1, force: 2 } as const;
const NAT_FLAG = { src: 1, dst: 2, persistent: 4, hash: 8, random: 16 } as const;
const NAT_RANGE = { ipv4Min: 1, ipv4Max: 2, ipv6Min: 4, ipv6Max: 8, portMin: 16, portMax: 32 } as const;

const NO_TABLE = 0xff;

/** Nested are first `nat`, then the actions of `exec`. */
export function writeCt(
  writer: ByteWriter,
  ct: Ct,
  version: WireVersion,
  writeActions: (writer: ByteWriter, actions: readonly Action[], version: WireVersion) => void,
): void {
  const start = openNicira(writer, NXAST_CT);
  writer.u16((ct.commit ? CT_FLAG.commit : 0) | (ct.force ? CT_FLAG.force : 0));
  writeZone(writer, ct.zone);
  writer.u8(ct.table ?? NO_TABLE);
  writer.zeros(3);
  writer.u16(ct.alg);
  if (ct.nat !== null) writeNat(writer, ct.nat);
  writeActions(writer, ct.exec, version);
  closeAction(writer, start);
}

function writeZone(writer: ByteWriter, zone: number | SubfieldRef | null): void {
  if (zone === null || typeof zone === 'number') {
    writer.u32(0);
    writer.u16(zone ?? 0);
    return;
  }
  // There is room for 4 bytes. ovs-ofctl 3.1.0 writes 0 for such a field, which makes the range the zone's number.
  if (hasExperimenterHeader(zone.field, 'NXM')) throw new Error(`ct cannot take its zone from ${zone.field}`);
  writeHeader(writer, zone.field, 'NXM');
  writer.u16(offsetAndBits(zone));
}

function writeNat(writer: ByteWriter, nat: Nat): void {
  const start = openNicira(writer, NXAST_NAT);
  writer.zeros(2);
  writer.u16(
    (nat.direction === null ? 0 : NAT_FLAG[nat.direction]) |
      (nat.persistent ? NAT_FLAG.persistent : 0) |
      (nat.hash ? NAT_FLAG.hash : 0) |
      (nat.random ? NAT_FLAG.random : 0),
  );
  const { addresses, ports } = nat;
  const six = nat.family === 6;
  let present = 0;
  if (addresses !== null) {
    present |= six ? NAT_RANGE.ipv6Min : NAT_RANGE.ipv4Min;
    if (addresses.max !== null) present |= six ? NAT_RANGE.ipv6Max : NAT_RANGE.ipv4Max;
  }
  if (ports !== null) {
    present |= NAT_RANGE.portMin;
    if (ports.max !== null) present |= NAT_RANGE.portMax;
  }
  writer.u16(present);
  const bytes = six ? 16 : 4;
  if (addresses !== null) {
    writer.uint(addresses.min, bytes);
    if (addresses.max !== null) writer.uint(addresses.max, bytes);
  }
  if (ports !== null) {
    writer.u16(ports.min);
    if (ports.max !== null) writer.u16(ports.max);
  }
  closeAction(writer, start);
}
