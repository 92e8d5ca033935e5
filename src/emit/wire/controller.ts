/** The `controller` action, for which ovs-ofctl chooses the least of three forms that can say it. */
import type { ByteWriter } from '../../ir/bytes.ts';
import type { Action, ControllerReason } from '../../ir/types.ts';
import { closeAction, OFPP, openNicira, WHOLE_PACKET } from './frame.ts';
import { wireNumber } from './numbers.ts';

type Controller = Extract<Action, { kind: 'controller' }>;

const NXAST_CONTROLLER = wireNumber('controller', 'nicira', 0);
const NXAST_CONTROLLER2 = wireNumber('controller', 'nicira', 1);

/** enum nx_action_controller2_prop_type. */
const PROPERTY = { maxLen: 0, id: 1, reason: 2, userdata: 3, pause: 4, meter: 5 } as const;

/** enum ofp_packet_in_reason (OpenFlow 1.5.1 §7.4.1). */
const REASON: Readonly<Record<ControllerReason, number>> = {
  no_match: 0,
  action: 1,
  invalid_ttl: 2,
  action_set: 3,
  group: 4,
  packet_out: 5,
};

/** Meter 0 is none. */
export function controllerMeter(action: Controller): number | null {
  return action.meterId === 0 ? null : action.meterId;
}

/** Can an `output` to the port called controller say the same? */
export function isPlainController(action: Controller): boolean {
  const { reason, id, userdata, pause } = action;
  return (
    reason === 'action' &&
    id === 0 &&
    (userdata === null || userdata.length === 0) &&
    !pause &&
    controllerMeter(action) === null
  );
}

export function writeController(
  writer: ByteWriter,
  action: Controller,
  writeOutput: (writer: ByteWriter, port: number, maxLen: number) => void,
): void {
  if (isPlainController(action)) writeOutput(writer, OFPP.controller.number32, action.maxLen);
  else if ((action.userdata?.length ?? 0) > 0 || action.pause || controllerMeter(action) !== null)
    writeProperties(writer, action);
  else writeFixed(writer, action);
}

function writeFixed(writer: ByteWriter, { maxLen, id, reason }: Controller): void {
  const start = openNicira(writer, NXAST_CONTROLLER);
  writer.u16(maxLen);
  writer.u16(id);
  writer.u8(REASON[reason]);
  closeAction(writer, start);
}

function writeProperties(writer: ByteWriter, action: Controller): void {
  const start = openNicira(writer, NXAST_CONTROLLER2);
  writer.zeros(6);
  const { maxLen, id, reason, userdata, pause } = action;
  const meter = controllerMeter(action);
  if (maxLen !== WHOLE_PACKET) property16(writer, PROPERTY.maxLen, maxLen);
  if (id !== 0) property16(writer, PROPERTY.id, id);
  if (reason !== 'action') property(writer, PROPERTY.reason, Uint8Array.of(REASON[reason]));
  if (userdata !== null && userdata.length > 0) property(writer, PROPERTY.userdata, userdata);
  if (pause) property(writer, PROPERTY.pause, new Uint8Array());
  if (meter !== null) property32(writer, PROPERTY.meter, meter);
  closeAction(writer, start);
}

/** A property's length is without its padding (OpenFlow 1.5.1 §7.2.1.3) … */
function property(writer: ByteWriter, type: number, value: Uint8Array): void {
  const start = writer.length;
  writer.u16(type);
  writer.u16(4 + value.length);
  writer.bytes(value);
  writer.pad8(start);
}

/** … except that of 16 bits, which OVS widens to 32. */
function property16(writer: ByteWriter, type: number, value: number): void {
  property32(writer, type, value * 0x10000);
}

function property32(writer: ByteWriter, type: number, value: number): void {
  writer.u16(type);
  writer.u16(8);
  writer.u32(value);
}
