/**
 * A commit stops at its first error. To find the others the bundle is sent again without the flows that are known to
 * be wrong, and with a message at its end that makes the commit fail in any case. That it does is known of Open
 * vSwitch, so no other switch is asked.
 */
import { sendBundle, type BundleOptions } from './bundle.ts';
import type { Connection } from './connection.ts';
import { interrupted, pushFailed } from '../diagnostics/codes/push.ts';
import type { Refusal } from './finding.ts';
import type { PlanFlows } from './plan.ts';
import { problem, PushError } from './problem.ts';
import { refusal } from './refusal.ts';
import { descRequest, OFPMP, readMultipart } from './wire.ts';

/** At most so many flows that only the commit refuses are looked for, one bundle each. */
const MAX_REHEARSALS = 32;

export type Found =
  /** `maybeMore`: it could not be made sure that these are all. */
  | { readonly kind: 'errors'; readonly errors: readonly Refusal[]; readonly maybeMore: boolean }
  /** The switch has taken what it cannot take, and holds a part of the program. */
  | { readonly kind: 'committed'; readonly error: PushError };

export async function findAll(
  connection: Connection,
  flows: PlanFlows,
  first: readonly Refusal[],
  options: Pick<BundleOptions, 'work'> & { readonly onAdded: (flows: number) => void },
): Promise<Found> {
  const errors = new Map(first.map((e) => [e.index, e]));
  const done = (maybeMore: boolean): Found => ({
    kind: 'errors',
    errors: [...errors.values()].sort((a, b) => a.index - b.index),
    maybeMore,
  });
  // Flows that use a group that cannot be would be refused for that.
  if (first.some((e) => e.part !== 'flow')) return done(true);
  try {
    if (!(await isOpenVSwitch(connection))) return done(true);
    for (let round = 0; round < MAX_REHEARSALS; round++) {
      const result = await sendBundle(
        connection,
        flows,
        { onAdded: options.onAdded, onCommit: () => undefined },
        { work: options.work, skip: new Set(errors.keys()), rehearse: true },
      );
      if (result.kind === 'rehearsed') return done(false);
      if (result.kind === 'committed') {
        const why = 'the switch committed a bundle that had to fail, and holds a part of the program';
        return { kind: 'committed', error: new PushError(problem(pushFailed, { why })) };
      }
      if (result.errors.length === 0 || result.errors.some((e) => e.part !== 'flow')) return done(true);
      for (const e of result.errors) errors.set(e.index, e);
    }
  } catch (error) {
    // The flows that are known are worth more than the reason why there are no more of them.
    if (!(error instanceof PushError) || error.problem.code === interrupted.code) throw error;
  }
  return done(true);
}

/** By its description (OFPMP_DESC): "Nicira, Inc.", "Open vSwitch". */
async function isOpenVSwitch(connection: Connection): Promise<boolean> {
  return connection.request<boolean>(
    'its description',
    descRequest(connection.agreed, connection.nextXid()),
    (m) => {
      const part = readMultipart(m);
      if (part === null || part.type !== OFPMP.desc) return undefined;
      return part.body.subarray(256, 512).toString('latin1').startsWith('Open vSwitch');
    },
    { onError: (error) => refusal('to describe itself', error) },
  );
}
