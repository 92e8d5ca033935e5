/** What actions have in common: how they begin and end, ports with a meaning, parts of fields. */
import type { ByteWriter } from '../../ir/bytes.ts';
import type { SubfieldRef } from '../../ir/types.ts';
import { NX_VENDOR } from '../../openflow/errors.ts';
import type { ReservedPort } from '../../openflow/ports.ts';
import { portTo16, reservedPort } from '../../openflow/ports.ts';

function reserved(name: string): ReservedPort {
  const port = reservedPort(name);
  if (port === undefined) throw new Error(`no reserved port is called ${name}`);
  return port;
}

export const OFPP = { controller: reserved('controller'), inPort: reserved('in_port') } as const;

/** OFPCML_NO_BUFFER: send all of the packet. */
export const WHOLE_PACKET = 0xffff;

const OFPAT_EXPERIMENTER = 0xffff;

/** Type and a length that `closeAction` fills in. Returns where the action begins. */
export function openStandard(writer: ByteWriter, type: number): number {
  const start = writer.length;
  writer.u16(type);
  writer.u16(0);
  return start;
}

export function openNicira(writer: ByteWriter, subtype: number): number {
  const start = openStandard(writer, OFPAT_EXPERIMENTER);
  writer.u32(NX_VENDOR);
  writer.u16(subtype);
  return start;
}

/** Pads to a multiple of 8 bytes, which OpenFlow wants of all actions, and writes the length. */
export function closeAction(writer: ByteWriter, start: number): void {
  writer.pad8(start);
  writer.setU16(start + 2, writer.length - start);
}

/** `offset << 6 | bits - 1`: how Nicira's actions name some bits of a field in 16 bits. */
export function offsetAndBits({ offset, bits }: SubfieldRef): number {
  return (offset << 6) | (bits - 1);
}

export function standard(writer: ByteWriter, type: number, body: () => void): void {
  const start = openStandard(writer, type);
  body();
  closeAction(writer, start);
}

export function standard32(writer: ByteWriter, type: number, value: number): void {
  const start = openStandard(writer, type);
  writer.u32(value);
  closeAction(writer, start);
}

export function standard16(writer: ByteWriter, type: number, value: number): void {
  const start = openStandard(writer, type);
  writer.u16(value);
  closeAction(writer, start);
}

export function nicira(writer: ByteWriter, subtype: number, body?: () => void): void {
  const start = openNicira(writer, subtype);
  body?.();
  closeAction(writer, start);
}

/** A port in the 16 bits that Nicira's actions have for it. */
export function port16(port: number): number {
  const short = portTo16(port);
  if (short === undefined) throw new Error(`no switch has a port ${port}`);
  return short;
}
