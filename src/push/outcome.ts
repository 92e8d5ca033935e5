/** After a connection died at the commit: which program does the switch hold? */
import type { Configured } from './config-wire.ts';
import type { Connection } from './connection.ts';
import { areDone, type GroupWork } from './groups.ts';
import { groupsOf } from './inventory.ts';
import { Learning } from './learned.ts';
import type { PlanFlows } from './plan.ts';
import { Digest, survey } from './survey.ts';

/** What was on the switch before the bundle. */
export interface Before {
  /** Our flows, without what they have learned. */
  readonly own: Digest;
  /** Age of the youngest of them when they were looked at; Infinity if there were none. */
  readonly youngest: number;
  /** When they were looked at; monotonic milliseconds. */
  readonly at: number;
  /** All groups, where the program has a part in them. */
  readonly groups: readonly Configured[];
  /** What the bundle was to do with them. */
  readonly groupWork: GroupWork;
}

export type Verdict =
  { readonly kind: 'old' } | { readonly kind: 'new' } | { readonly kind: 'unknown'; readonly found: string };

export interface Attempt {
  readonly before: Before;
  /** When the commit was sent; monotonic milliseconds. */
  readonly committedAt: number;
  /** Were our earlier flows deleted? */
  readonly replace: boolean;
}

/** The clock of a switch ticks once per turn of its main loop; so much is no difference. */
const SLACK = 50;

export async function lookUp(
  connection: Connection,
  flows: PlanFlows,
  { before, committedAt, replace }: Attempt,
): Promise<Verdict> {
  // Two flows with one key are one flow to the switch, the last one.
  const program = new Map<string, { index: number; cookie: bigint; mayExpire: boolean }>();
  for (let index = 0; index < flows.count; index++)
    if (flows.isWhole(index))
      program.set(flows.key(index), {
        index,
        cookie: flows.cookie(index),
        mayExpire: flows.hasTimeout(index),
      });
  const stated = flows.stated();
  const learning = new Learning(flows);

  const now = new Digest();
  let [youngest, oldest, surplus, found, different] = [Infinity, 0, 0, 0, 0];
  await survey(connection, (flow) => {
    const isStated = stated.get(flow.key) === flow.cookie;
    const ours = program.get(flow.key);
    if (!isStated && learning.isLearned(flow.cookie)) {
      // It has taken the place of one of ours, perhaps.
      program.delete(flow.key);
      return;
    }
    if (!flows.isOurs(flow.cookie) && !isStated) return;
    flow.digest(now);
    if (!learning.mayBeSpared(flow.cookie)) {
      youngest = Math.min(youngest, flow.age);
      oldest = Math.max(oldest, flow.age);
    }
    if (ours?.cookie !== flow.cookie) {
      surplus++;
      return;
    }
    found++;
    if (flow.content() !== flows.content(ours.index)) different++;
    program.delete(flow.key);
  });
  const seenAt = performance.now();
  const missing = [...program.values()].filter((flow) => !flow.mayExpire).length;
  const isNew = missing === 0 && (surplus === 0 || !replace);
  const isOld = now.equals(before.own);
  const groups = await groupVerdict(connection, flows, before);
  if (isNew && isOld) {
    // No flow is there whose age could tell.
    if (youngest === Infinity) return { kind: groups ?? 'new' };
    // The same flows, perhaps with other actions. The commit makes all of them anew, so their age tells.
    const oldWouldBe = before.youngest + (seenAt - before.at);
    const couldBeOld = youngest >= oldWouldBe - SLACK;
    // Without a replacement, an ADD leaves flows that are the same; then age says nothing.
    const couldBeNew = !replace || oldest <= seenAt - committedAt + SLACK;
    if (couldBeOld !== couldBeNew) return { kind: couldBeNew ? 'new' : 'old' };
    // Too little time lies between them. Where they do not differ, the switch holds both.
    return { kind: groups ?? (different === 0 ? 'new' : 'old') };
  }
  if (isNew) return { kind: 'new' };
  if (isOld) return { kind: 'old' };
  return {
    kind: 'unknown',
    found: `the switch holds ${found} of the ${found + missing} flows of the program and ${surplus} other flows of its cookie space`,
  };
}

/** What the groups say, which came and went with the flows; null where there was nothing to do with them. */
async function groupVerdict(
  connection: Connection,
  { plan }: PlanFlows,
  { groups, groupWork }: Before,
): Promise<'old' | 'new' | null> {
  if (groupWork.mods.length + groupWork.deletes.length === 0) return null;
  const now = await groupsOf(connection, plan);
  if (areDone(connection.agreed, plan, groupWork, now)) return 'new';
  const contents = new Map(now.map((group) => [group.id, group.content]));
  return groups.every((group) => contents.get(group.id) === group.content) ? 'old' : null;
}
