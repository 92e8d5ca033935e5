/** What is on the switch before a push, what of it is in our way, and what is to be done. */
import type { CookieSpace } from '../ir/types.ts';
import type { Connection } from './connection.ts';
import { priorityOfKey, tableOfKey } from './flow-key.ts';
import type { Finding } from './finding.ts';
import { planGroups, type GroupWork } from './groups.ts';
import { askTlvs, groupsOf, metersOf } from './inventory.ts';
import { Learning } from './learned.ts';
import { planMeters, type MeterWork } from './meters.ts';
import type { Before } from './outcome.ts';
import type { PlanFlows } from './plan.ts';
import { Digest, survey } from './survey.ts';
import { planTlvs } from './tlvs.ts';
import { instructionUses } from './uses.ts';

export interface Work {
  /** The flows that go before ours come. */
  readonly deletions: readonly CookieSpace[];
  readonly groups: GroupWork;
  readonly meters: MeterWork;
  /** Options of Geneve to add, by their index in the program. */
  readonly tlvs: readonly number[];
}

export interface Comparison {
  readonly before: Before;
  /** Not to be installed, where there are any. */
  readonly findings: readonly Finding[];
  readonly work: Work;
}

export interface CompareOptions {
  readonly adopt: boolean;
  readonly replace: boolean;
}

/** Asks only for what the program has a part in. */
export async function compare(
  connection: Connection,
  flows: PlanFlows,
  options: CompareOptions,
): Promise<Comparison> {
  const { plan } = flows;
  const existing = await groupsOf(connection, plan);
  const groups = planGroups(connection.agreed, plan, existing, options);
  const meters = planMeters(plan, await metersOf(connection, plan), options.replace);
  const tlvs = planTlvs(plan.tlvs, plan.tlvs.length === 0 ? [] : await askTlvs(connection));
  const uses = new ForeignUses(groups.work.deletes, meters.work.deletes);

  const stated = flows.stated();
  const learning = new Learning(flows);
  const own = new Digest();
  let youngest = Infinity;
  const others = new Map<string, bigint>();
  await survey(connection, (flow) => {
    if (stated.get(flow.key) !== flow.cookie && learning.isLearned(flow.cookie)) learning.sawLearned(flow);
    else if (flows.isOurs(flow.cookie) || stated.get(flow.key) === flow.cookie) {
      flow.digest(own);
      if (!learning.mayBeSpared(flow.cookie)) youngest = Math.min(youngest, flow.age);
      learning.sawOwn(flow);
    } else {
      others.set(flow.key, flow.cookie);
      uses.look(flow);
    }
  });
  const at = performance.now();
  const foreign = options.adopt ? [] : [...foreignFlows(flows, others), ...uses.findings()];
  return {
    before: { own, youngest, at, groups: existing, groupWork: groups.work },
    findings: [...foreign, ...groups.findings, ...meters.findings, ...tlvs.findings],
    work: {
      deletions: options.replace ? learning.deletions() : [],
      groups: groups.work,
      meters: meters.work,
      tlvs: tlvs.adds,
    },
  };
}

function* foreignFlows(flows: PlanFlows, others: ReadonlyMap<string, bigint>): Generator<Finding> {
  if (others.size === 0) return;
  for (let index = 0; index < flows.count; index++) {
    if (!flows.isWhole(index)) continue;
    const key = flows.key(index);
    const cookie = others.get(key);
    if (cookie !== undefined)
      yield { kind: 'foreign flow', index, cookie, table: tableOfKey(key), priority: priorityOfKey(key) };
  }
}

/** With a group or a meter the switch deletes the flows that use it, whosever they are. */
class ForeignUses {
  private readonly doomed: Readonly<Record<'group' | 'meter', ReadonlySet<number>>>;
  private readonly found = new Map<string, Extract<Finding, { kind: 'in use' }>>();

  constructor(groups: readonly number[], meters: readonly number[]) {
    this.doomed = { group: new Set(groups), meter: new Set(meters) };
  }

  look(flow: { readonly cookie: bigint; readonly table: number; readonly instructions: () => Buffer }): void {
    if (this.doomed.group.size + this.doomed.meter.size === 0) return;
    const used = new Map<string, { what: 'group' | 'meter'; id: number }>();
    const saw =
      (what: 'group' | 'meter') =>
      (id: number): void => {
        if (this.doomed[what].has(id)) used.set(`${what} ${id}`, { what, id });
      };
    instructionUses(flow.instructions(), { group: saw('group'), meter: saw('meter') });
    for (const [key, { what, id }] of used) {
      const before = this.found.get(key)?.by;
      const by =
        before?.kind === 'flow'
          ? { ...before, more: before.more + 1 }
          : { kind: 'flow' as const, cookie: flow.cookie, table: flow.table, more: 0 };
      this.found.set(key, { kind: 'in use', what, id, by });
    }
  }

  findings(): Iterable<Finding> {
    return this.found.values();
  }
}
