// Groups, meters and options for plans, and what a switch says that it has of them.
import { encodeGroupMod, encodeMeterMod } from '../../src/emit/bundle.ts';
import { ByteWriter } from '../../src/ir/bytes.ts';
import type { Action, GroupMod, MeterMod } from '../../src/ir/types.ts';
import type { WireVersion } from '../../src/openflow/oxm.ts';
import type { WireGroup, WireMeter, WireTlv } from '../../src/push/plan.ts';
import { bundleControl, readBundleControl } from '../lab/openflow.ts';
import { startProxy, type Proxy } from '../lab/proxy.ts';
import type { Lab } from '../lab/switch.ts';
import { hex } from './plans.ts';

const origin = { file: 0, start: 0, end: 0 };

export const output = (port: number): Action => ({ kind: 'output', port, maxLen: 0 });

export interface TestBucket {
  readonly actions?: readonly Action[];
  readonly watchGroup?: number;
}

/** A group that sends to each of these ports, or to these buckets. */
export function group(
  id: number,
  buckets: readonly (number | TestBucket)[],
  { type = 'all', version = '1.5' }: { type?: GroupMod['type']; version?: WireVersion } = {},
): WireGroup {
  const name = `g${id}`;
  const mod: GroupMod = {
    id,
    type,
    selection: null,
    name,
    origin,
    buckets: buckets.map((bucket, i) => ({
      id: i,
      weight: null,
      watchPort: null,
      watchGroup: typeof bucket === 'number' ? null : (bucket.watchGroup ?? null),
      actions: typeof bucket === 'number' ? [output(bucket)] : (bucket.actions ?? []),
      origin,
    })),
  };
  return { id, name, message: bytesOf((w) => encodeGroupMod('add', mod, w, 0, version)) };
}

/** A meter that drops above the rate. */
export function meter(
  id: number,
  rate: number,
  { name = `m${id}`, version = '1.5', ...more }: Partial<MeterMod> & { version?: WireVersion } = {},
): WireMeter {
  const mod: MeterMod = {
    id,
    unit: 'kbps',
    burst: false,
    stats: false,
    bands: [{ type: 'drop', rate, burstSize: 0, precLevel: 0 }],
    name,
    origin,
    ...more,
  };
  return { id, name, message: bytesOf((w) => encodeMeterMod('add', mod, w, 0, version)) };
}

export function tlvOf(index: number, type: number, length = 4): WireTlv {
  return { class: 0xffff, type, length, index, origin };
}

function bytesOf(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter();
  write(writer);
  return writer.take();
}

/** Instructions of OpenFlow 1.5. */
export const does = {
  meterAndOutput: (id: number, port: number): string =>
    `0004002000000000 001d0008${hex(id, 8)} 00000010${hex(port, 8)}ffff000000000000`,
  /** The same of OpenFlow 1.3 and 1.4. */
  meterThenOutput: (id: number, port: number): string =>
    `00060008${hex(id, 8)} 0004001800000000 00000010${hex(port, 8)}ffff000000000000`,
  /** clone(group:ID). */
  cloneToGroup: (id: number): string =>
    `0004002000000000 ffff001800002320 002a000000000000 00160008${hex(id, 8)}`,
  writeGroup: (id: number): string => `0003001000000000 00160008${hex(id, 8)}`,
};

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.includes('reply'))
    .sort();

export async function dumpGroups(lab: Lab, bridge: string, version = 'OpenFlow15'): Promise<string[]> {
  const { stdout } = await lab.ofctl('-O', version, 'dump-groups', bridge, { check: true });
  return lines(stdout);
}

/** `meter=1 kbps bands= type=drop rate=100`, one line each. */
export async function dumpMeters(lab: Lab, bridge: string, version = 'OpenFlow15'): Promise<string[]> {
  const { stdout } = await lab.ofctl('-O', version, 'dump-meters', bridge, { check: true });
  return lines(stdout.replaceAll(/bands=\n/g, 'bands= '));
}

export async function clear(lab: Lab, bridge: string, version = 'OpenFlow15'): Promise<void> {
  for (const words of [['del-flows'], ['del-groups'], ['del-meters'], ['del-tlv-map']] as const)
    await lab.ofctl('-O', version, ...words, bridge, { check: true });
}

/** A way to br0 on which the first connection ends at the commit: before the switch hears of it, or after. */
export function cutAtCommit(lab: Lab, heard: boolean): Promise<Proxy> {
  let committed = false;
  return startProxy(lab, 'br0', {
    hook: ({ connection, from, bytes }) => {
      if (connection > 0) return undefined;
      if (from === 'switch') return committed ? 'cut' : undefined;
      committed ||= readBundleControl(bytes)?.type === bundleControl.commit;
      return committed && !heard ? 'cut' : undefined;
    },
  });
}
