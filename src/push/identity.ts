/** Which switch is at the other end, and whether it is the right one. */
import { readPorts } from './config-wire.ts';
import type { Connection } from './connection.ts';
import { formatDpid } from './target.ts';
import { HEADER, localPortRequest, message, OFPMP, OFPP_LOCAL, OFPT, readMultipart, typeOf } from './wire.ts';

export interface SwitchIdentity {
  readonly dpid: bigint;
  /** The name of its LOCAL port; null when it has none. */
  readonly bridge: string | null;
  /** Its address, where it called us. */
  readonly address: string | null;
}

/** What the switch must be: all that is not null holds; both null is anything. */
export interface Expectation {
  readonly bridge: string | null;
  readonly dpid: bigint | null;
}

export function isExpected(identity: SwitchIdentity, expected: Expectation): boolean {
  return (
    (expected.dpid === null || identity.dpid === expected.dpid) &&
    (expected.bridge === null || identity.bridge === expected.bridge)
  );
}

export function describeIdentity(identity: SwitchIdentity): string {
  const from = identity.address === null ? '' : ` from ${identity.address}`;
  return `the bridge ${identity.bridge ?? '(without a LOCAL port)'} with datapath id ${formatDpid(identity.dpid)}${from}`;
}

export function describeExpectation(expected: Expectation): string {
  const what = expected.bridge === null ? 'switch' : `bridge ${expected.bridge}`;
  if (expected.dpid !== null) return `the ${what} with datapath id ${formatDpid(expected.dpid)}`;
  return expected.bridge === null ? 'a switch' : `the ${what}`;
}

/** The options with which this switch would be the expected one. */
export function optionsFor(identity: SwitchIdentity, expected: Expectation): string {
  const options: string[] = [];
  if (expected.bridge !== null && identity.bridge !== null && identity.bridge !== expected.bridge)
    options.push(`--bridge ${identity.bridge}`);
  // A stated id stands instead of the program's bridge, which matters where the switch has no name.
  const byId = expected.dpid !== null && identity.dpid !== expected.dpid;
  if (byId || options.length === 0) options.push(`--dpid ${formatDpid(identity.dpid)}`);
  return options.join(' ');
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
      found ??= readPorts(version, part.body).find((port) => port.number === OFPP_LOCAL)?.name ?? null;
      return part.more ? undefined : found;
    },
    // It has no such port: then it has no name either.
    { onError: () => null },
  );
  return { dpid, bridge, address };
}
