/** Which switch is at the other end, and whether it is the right one. */
import type { Connection } from './connection.ts';
import { formatDpid } from './target.ts';
import {
  HEADER,
  localPortName,
  localPortRequest,
  message,
  OFPMP,
  OFPT,
  readMultipart,
  typeOf,
} from './wire.ts';

export interface SwitchIdentity {
  readonly dpid: bigint;
  /** The name of its LOCAL port; null when it has none. */
  readonly bridge: string | null;
  /** Its address, where it called us. */
  readonly address: string | null;
}

/** What the switch must be; both null is anything. The datapath id, being said on the command line, decides alone. */
export interface Expectation {
  readonly bridge: string | null;
  readonly dpid: bigint | null;
}

export function isExpected(identity: SwitchIdentity, expected: Expectation): boolean {
  if (expected.dpid !== null) return identity.dpid === expected.dpid;
  return expected.bridge === null || identity.bridge === expected.bridge;
}

export function describeIdentity(identity: SwitchIdentity): string {
  const from = identity.address === null ? '' : ` from ${identity.address}`;
  return `the bridge ${identity.bridge ?? '(without a LOCAL port)'} with datapath id ${formatDpid(identity.dpid)}${from}`;
}

export function describeExpectation(expected: Expectation): string {
  if (expected.dpid !== null) return `the switch with datapath id ${formatDpid(expected.dpid)}`;
  return expected.bridge === null ? 'a switch' : `the bridge ${expected.bridge}`;
}

export async function identify(connection: Connection, address: string | null): Promise<SwitchIdentity> {
  connection.phase = 'while the switch was asked who it is';
  const version = connection.agreed;
  const dpid = await connection.request(
    'its features',
    message(version, OFPT.featuresRequest, connection.nextXid()),
    (m) => (typeOf(m) === OFPT.featuresReply ? m.readBigUInt64BE(HEADER) : undefined),
  );
  let found: string | null = null;
  const bridge = await connection.request<string | null>(
    'its LOCAL port',
    localPortRequest(version, connection.nextXid()),
    (m) => {
      const part = readMultipart(m);
      if (part === null || part.type !== OFPMP.portDesc) return undefined;
      found ??= localPortName(version, part.body);
      return part.more ? undefined : found;
    },
    // It has no such port: then it has no name either.
    { onError: () => null },
  );
  return { dpid, bridge, address };
}
