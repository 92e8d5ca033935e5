/** A program as a push wants it: bytes, and the way back to the source. */
import { encodeFlowMod, encodeGroupMod, encodeMeterMod } from '../emit/bundle.ts';
import { ByteWriter } from '../ir/bytes.ts';
import type { EncodedFlows, FlowList, Origin, ProgramIr } from '../ir/types.ts';
import type { WireVersion } from '../openflow/oxm.ts';
import { isWireVersion } from '../openflow/oxm.ts';
import type { BindingRequest, PartOrigins, PushPlan } from '../push/push.ts';

function encode(flows: FlowList, version: WireVersion): EncodedFlows {
  if (version === '1.5' && flows.encoded !== undefined) return flows.encoded();
  const writer = new ByteWriter();
  const offsets = new Uint32Array(flows.length + 1);
  let i = 0;
  for (const flow of flows) {
    encodeFlowMod(flow, writer, 0, version);
    offsets[++i] = writer.length;
  }
  return { bytes: writer.take(), offsets };
}

function bytesOf(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter();
  write(writer);
  return writer.take();
}

const NOWHERE: Origin = { file: -1, start: 0, end: 0 };

/** What the switch is asked before the ports and meters of the program have their numbers. */
export function bindingRequestOf(
  program: ProgramIr,
  bridgeName: string | null,
): BindingRequest & PartOrigins {
  const { version, groups, meters, meterIds, tlvs } = program;
  const parts = { group: groups, meter: meters, tlv: tlvs };
  return {
    version,
    bridgeName,
    meters: !isWireVersion(version)
      ? []
      : meters.map((meter) => ({
          id: meter.id,
          name: meter.name,
          message: bytesOf((writer) => encodeMeterMod('add', meter, writer, 0, version)),
        })),
    meterIds,
    originOf: (part, i) => parts[part][i]?.origin ?? NOWHERE,
  };
}

/** For a program whose ports have their numbers. In a version that cannot be pushed, which the push says, it is empty. */
export function planOf(program: ProgramIr, bridgeName: string | null): PushPlan {
  const { version, flows, groups, groupIds, tlvs, cookies } = program;
  const encoded = isWireVersion(version)
    ? encode(flows, version)
    : { bytes: new Uint8Array(), offsets: new Uint32Array(1) };
  return {
    ...bindingRequestOf(program, bridgeName),
    flowCount: encoded.offsets.length - 1,
    messages: encoded.bytes,
    offsets: encoded.offsets,
    cookies,
    groups: !isWireVersion(version)
      ? []
      : groups.map((group) => ({
          id: group.id,
          name: group.name,
          message: bytesOf((writer) => encodeGroupMod('add', group, writer, 0, version)),
        })),
    groupIds,
    tlvs,
    origin: (i) => flows.origin(i),
  };
}
