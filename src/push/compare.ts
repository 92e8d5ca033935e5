/** The flows on the switch before a push: those of others must not be in our way, and ours are remembered. */
import type { Connection } from './connection.ts';
import { priorityOfKey, tableOfKey } from './flow-key.ts';
import type { Before } from './outcome.ts';
import type { PlanFlows } from './plan.ts';
import { Digest, survey } from './survey.ts';

/** A flow of somebody else that stands where one of ours goes. */
export interface ForeignFlow {
  readonly index: number;
  readonly cookie: bigint;
  readonly table: number;
  readonly priority: number;
}

export async function compare(
  connection: Connection,
  flows: PlanFlows,
): Promise<{ before: Before; foreign: readonly ForeignFlow[] }> {
  const stated = flows.stated();
  const own = new Digest();
  let youngest = Infinity;
  const others = new Map<string, bigint>();
  await survey(connection, (flow) => {
    if (flows.isOurs(flow.cookie) || stated.get(flow.key) === flow.cookie) {
      flow.digest(own);
      youngest = Math.min(youngest, flow.age);
    } else others.set(flow.key, flow.cookie);
  });
  const at = performance.now();
  const foreign: ForeignFlow[] = [];
  if (others.size > 0)
    for (let index = 0; index < flows.count; index++) {
      if (!flows.isWhole(index)) continue;
      const key = flows.key(index);
      const cookie = others.get(key);
      if (cookie !== undefined)
        foreign.push({ index, cookie, table: tableOfKey(key), priority: priorityOfKey(key) });
    }
  return { before: { own, youngest, at }, foreign };
}
