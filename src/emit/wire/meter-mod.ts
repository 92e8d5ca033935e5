/** METER_MOD messages (OpenFlow 1.5.1 §7.3.4.5), the same since OpenFlow 1.3. A bundle does not take them. */
import type { ByteWriter } from '../../ir/bytes.ts';
import type { MeterBand, MeterMod } from '../../ir/types.ts';
import type { WireVersion } from '../../openflow/oxm.ts';
import { closeMessage, OFPT, openMessage } from './message.ts';

/** enum ofp_meter_mod_command. */
const COMMAND = { add: 0, modify: 1, delete: 2 } as const;

/** enum ofp_meter_flags. */
const FLAG = { kbps: 1, pktps: 2, burst: 4, stats: 8 } as const;

/** enum ofp_meter_band_type, and how many bytes of a band come before the padding. */
const BAND: Readonly<Record<MeterBand['type'], number>> = { drop: 1, dscp_remark: 2 };
const BAND_BYTES = 16;

/** Appends the message and returns its length. */
export function encodeMeterMod(
  command: 'add' | 'modify',
  meter: MeterMod,
  writer: ByteWriter,
  xid: number,
  version: WireVersion = '1.5',
): number {
  const start = openMessage(writer, OFPT.meterMod, xid, version);
  writer.u16(COMMAND[command]);
  writer.u16(FLAG[meter.unit] | (meter.burst ? FLAG.burst : 0) | (meter.stats ? FLAG.stats : 0));
  writer.u32(meter.id);
  for (const band of meter.bands) {
    writer.u16(BAND[band.type]);
    writer.u16(BAND_BYTES);
    writer.u32(band.rate);
    writer.u32(band.burstSize);
    writer.u8(band.type === 'dscp_remark' ? band.precLevel : 0);
    writer.zeros(3);
  }
  return closeMessage(writer, start);
}

/** Appends the message that deletes the meter, if there is one, and all flows that use it; returns its length. */
export function encodeMeterDelete(
  id: number,
  writer: ByteWriter,
  xid: number,
  version: WireVersion = '1.5',
): number {
  const start = openMessage(writer, OFPT.meterMod, xid, version);
  writer.u16(COMMAND.delete);
  writer.u16(0);
  writer.u32(id);
  return closeMessage(writer, start);
}
