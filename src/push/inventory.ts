/** What a switch has beside flows: few enough to be kept. */
import {
  groupsRequest,
  metersRequest,
  portsRequest,
  readGroups,
  readMeters,
  readPorts,
  readTlvs,
  tlvRequest,
  type Configured,
  type SwitchPort,
} from './config-wire.ts';
import type { Connection } from './connection.ts';
import type { BindingRequest, WirePlan, Tlv } from './plan.ts';
import { malformed } from './survey.ts';
import { OFPMP, readMultipart } from './wire.ts';

/** The groups of the switch; none where the program has no part in them. */
export async function groupsOf(connection: Connection, plan: WirePlan): Promise<readonly Configured[]> {
  if (plan.groups.length === 0 && plan.groupIds.length === 0) return [];
  const version = connection.agreed;
  const bytes = groupsRequest(version, connection.nextXid());
  return list(connection, 'its groups', bytes, OFPMP.groupDesc, (body) => readGroups(version, body));
}

/** The meters of the switch; none where the program has no part in them. */
export async function metersOf(
  connection: Connection,
  { meters, meterIds }: BindingRequest,
): Promise<readonly Configured[]> {
  if (meters.length === 0 && meterIds.length === 0) return [];
  const bytes = metersRequest(connection.agreed, connection.nextXid());
  return list(connection, 'its meters', bytes, OFPMP.meterConfig, readMeters);
}

export async function askTlvs(connection: Connection): Promise<readonly Tlv[]> {
  const bytes = tlvRequest(connection.agreed, connection.nextXid());
  return connection.request('its map of tunnel options', bytes, (m) => readTlvs(m) ?? undefined);
}

export async function askPorts(connection: Connection): Promise<readonly SwitchPort[]> {
  const version = connection.agreed;
  const bytes = portsRequest(version, connection.nextXid());
  return list(connection, 'its ports', bytes, OFPMP.portDesc, (body) => readPorts(version, body));
}

/** No switch has as many bytes of them; an answer that never ends does. */
const MAX_BYTES = 256 << 20;

async function list<T>(
  connection: Connection,
  what: string,
  request: Buffer,
  type: number,
  read: (body: Buffer) => readonly T[] | null,
): Promise<readonly T[]> {
  const all: T[] = [];
  let bytes = 0;
  return connection.request<readonly T[]>(what, request, (m) => {
    const part = readMultipart(m);
    if (part === null || part.type !== type) return undefined;
    const some = read(part.body);
    bytes += part.body.length;
    if (some === null) throw malformed(connection, `an entry in ${what} has an impossible length`);
    if (bytes > MAX_BYTES) throw malformed(connection, `the list of ${what} does not end`);
    for (const one of some) all.push(one);
    return part.more ? undefined : all;
  });
}
