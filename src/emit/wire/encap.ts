/** `encap` and `decap` (ovs-actions(7)). */
import type { ByteWriter } from '../../ir/bytes.ts';
import type { Action } from '../../ir/types.ts';
import { closeAction, openNicira } from './frame.ts';
import { wireNumber } from './numbers.ts';

type Encap = Extract<Action, { kind: 'encap' }>;
type Decap = Extract<Action, { kind: 'decap' }>;

const NXAST_ENCAP = wireNumber('encap', 'nicira');
const NXAST_DECAP = wireNumber('decap', 'nicira');

/** The packet type of a header: its name space and number (OpenFlow 1.5.1 §7.2.3.11). */
const PACKET_TYPE: Readonly<Record<Encap['header'], number>> = {
  ethernet: 0,
  mpls: 0x18847,
  mpls_mc: 0x18848,
  nsh: 0x1894f,
};

/** enum ofp_ed_nsh_prop_type, in the class of NSH. */
const NSH_CLASS = 4;
const NSH_PROPERTY = { mdType: 1, tlv: 2 } as const;
/** A property up to its value: class, type, length; a TLV's class, type, length. */
const PROPERTY_BYTES = 4;
const TLV_BYTES = 8;

/** OFPHTN_ONF and OFPHTO_USE_NEXT_PROTO: the packet is whatever the header says that follows. */
const USE_NEXT_PROTO = 0xfffe;

export function writeEncap(writer: ByteWriter, encap: Encap): void {
  const start = openNicira(writer, NXAST_ENCAP);
  writer.zeros(2);
  writer.u32(PACKET_TYPE[encap.header]);
  if (encap.header === 'nsh') {
    if (encap.mdType !== null) {
      openProperty(writer, NSH_PROPERTY.mdType, PROPERTY_BYTES + 1);
      writer.u8(encap.mdType);
      writer.zeros(3);
    }
    for (const tlv of encap.tlvs) {
      const padded = Math.ceil(tlv.value.length / 8) * 8;
      openProperty(writer, NSH_PROPERTY.tlv, TLV_BYTES + padded);
      writer.u16(tlv.class);
      writer.u8(tlv.type);
      writer.u8(tlv.value.length);
      writer.bytes(tlv.value);
      writer.zeros(padded - tlv.value.length);
    }
  }
  closeAction(writer, start);
}

function openProperty(writer: ByteWriter, type: number, length: number): void {
  writer.u16(NSH_CLASS);
  writer.u8(type);
  writer.u8(length);
}

export function writeDecap(writer: ByteWriter, { packetType }: Decap): void {
  const start = openNicira(writer, NXAST_DECAP);
  writer.zeros(2);
  writer.u16(packetType?.ns ?? 0);
  writer.u16(packetType?.type ?? USE_NEXT_PROTO);
  closeAction(writer, start);
}
