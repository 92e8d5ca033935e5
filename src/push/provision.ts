/** What no bundle can hold: options of Geneve and meters, added before it and, as for meters, deleted after it. */
import { meterAdd, meterDelete, tlvAdd } from './config-wire.ts';
import type { Connection } from './connection.ts';
import type { Work } from './compare.ts';
import type { Finding } from './finding.ts';
import { order } from './orders.ts';
import type { WirePlan } from './plan.ts';

/** The map of options is one message: the switch takes all of it or nothing. */
export async function growTlvs(
  connection: Connection,
  plan: WirePlan,
  { tlvs }: Work,
): Promise<readonly Finding[]> {
  if (tlvs.length === 0) return [];
  const entries = tlvs.flatMap((index) => plan.tlvs[index] ?? []);
  const errors = await order(connection, [tlvAdd(connection.agreed, entries, connection.nextXid())]);
  // Which of them it was the switch does not say.
  const index = tlvs[0] ?? 0;
  return [...errors.values()].map((error) => ({ kind: 'refused', part: 'tlv', index, ...named(error) }));
}

/** `ids` gets those that may be on the switch from now on. */
export async function addMeters(
  connection: Connection,
  plan: WirePlan,
  { meters }: Work,
  ids: Set<number>,
): Promise<readonly Finding[]> {
  const adds = meters.adds.flatMap((index) => {
    const meter = plan.meters[index];
    return meter === undefined ? [] : [{ index, meter }];
  });
  if (adds.length === 0) return [];
  for (const { meter } of adds) ids.add(meter.id);
  const errors = await order(
    connection,
    adds.map(({ meter }) => meterAdd(meter, connection.nextXid())),
  );
  return adds.flatMap(({ index, meter }, i): Finding[] => {
    const error = errors.get(i);
    if (error === undefined) return [];
    // Somebody else's, perhaps: it is not for us to remove.
    ids.delete(meter.id);
    return [{ kind: 'refused', part: 'meter', index, ...named(error) }];
  });
}

export async function deleteMeters(connection: Connection, ids: Iterable<number>): Promise<void> {
  await order(connection, meterDeletions(connection, ids));
}

export function meterDeletions(connection: Connection, ids: Iterable<number>): Buffer[] {
  return [...ids].map((id) => meterDelete(connection.agreed, id, connection.nextXid()));
}

function named<E extends Pick<Extract<Finding, { kind: 'refused' }>, 'names' | 'type' | 'code'>>({
  names,
  type,
  code,
}: E): Pick<E, 'names' | 'type' | 'code'> {
  return { names, type, code };
}
