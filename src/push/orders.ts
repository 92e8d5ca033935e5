/** Messages without a reply: what a switch has against them comes before the reply to a barrier. */
import type { DecodedError } from '../openflow/errors.ts';
import type { Connection } from './connection.ts';
import { HEADER, message, OFPT, typeOf, xidOf } from './wire.ts';

/** Sends the messages; the errors of those that the switch refuses, by their place in the list. */
export async function order(
  connection: Connection,
  messages: readonly Buffer[],
): Promise<ReadonlyMap<number, DecodedError>> {
  const errors = new Map<number, DecodedError>();
  if (messages.length === 0) return errors;
  const places = new Map(messages.map((m, i) => [xidOf(m), i]));
  connection.onError = (xid, error) => {
    const place = places.get(xid);
    if (place !== undefined && !errors.has(place)) errors.set(place, error);
  };
  await connection.send(Buffer.concat(messages));
  await barrier(connection, 'the switch to have read what we sent');
  return errors;
}

export async function barrier(connection: Connection, what: string): Promise<void> {
  const bytes = message(connection.agreed, OFPT.barrierRequest, connection.nextXid());
  await connection.request(what, bytes, (m) =>
    typeOf(m) === OFPT.barrierReply && m.length >= HEADER ? true : undefined,
  );
}
