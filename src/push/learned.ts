/**
 * Learned flows: made by the switch itself, out of a `learn` action of ours, whose cookie they carry. They outlive a
 * push as long as the flow that learns them is the same before and after.
 */
import { LEARNED_BIT } from '../ir/identity.ts';
import type { CookieSpace } from '../ir/types.ts';
import { cookiesExcept, EXACT } from './cookies.ts';
import type { PlanFlows } from './plan.ts';
import type { SeenFlow } from './survey.ts';
import { instructionUses, mayLearn } from './uses.ts';

/** A flow of the program that learns. */
interface Learner {
  readonly index: number;
  readonly cookie: bigint;
  /** Of what it learns. */
  readonly learns: ReadonlySet<bigint>;
  /** The switch deletes what it has learned together with it. */
  readonly deletesLearned: boolean;
  /** It is on the switch, just so. */
  unchanged: boolean;
}

export class Learning {
  private readonly flows: PlanFlows;
  private readonly byKey = new Map<string, Learner>();
  /** Cookies of learners, which lie outside of the space where they are stated. */
  private readonly cookies = new Set<bigint>();
  /** Those of learners that must not be deleted where their learned flows are to stay. */
  private readonly sparable = new Set<bigint>();
  /** Cookies that learned flows on the switch have. */
  private readonly seen = new Set<bigint>();
  /** Cookies of what flows on the switch learn that the program does not have so. */
  private readonly changed = new Set<bigint>();
  /** Cookies of learners that flows on the switch have that are no learners of the program. */
  private readonly shared = new Set<bigint>();

  constructor(flows: PlanFlows) {
    this.flows = flows;
    if (!mayLearn(flows.bytes)) return;
    for (let index = 0; index < flows.count; index++) {
      if (!flows.isWhole(index)) continue;
      const cookie = flows.cookie(index);
      const found = learnsOf(flows.instructions(index));
      const learns = new Set(found.cookies.filter((learnt) => this.isLearnedFrom(learnt, cookie)));
      // Two flows with one key are one flow to the switch, the last one.
      if (learns.size === 0) this.byKey.delete(flows.key(index));
      else
        this.byKey.set(flows.key(index), {
          index,
          cookie,
          learns,
          deletesLearned: found.deletesLearned,
          unchanged: false,
        });
    }
    for (const { cookie, deletesLearned } of this.byKey.values()) {
      this.cookies.add(cookie);
      if (deletesLearned) this.sparable.add(cookie);
    }
  }

  /** Is that the cookie of learned flows of ours? Nobody else uses the learned bit in the space of the program. */
  isLearned(cookie: bigint): boolean {
    if ((cookie & LEARNED_BIT) === 0n) return false;
    return this.flows.isOurs(cookie) || this.cookies.has(cookie & ~LEARNED_BIT);
  }

  /** A learned flow on the switch. */
  sawLearned(flow: SeenFlow): void {
    this.seen.add(flow.cookie);
  }

  /** Another flow of ours on the switch. */
  sawOwn(flow: SeenFlow): void {
    if (this.byKey.size === 0) return;
    const learner = this.byKey.get(flow.key);
    if (learner?.cookie === flow.cookie && flow.content() === this.flows.content(learner.index)) {
      learner.unchanged = true;
      return;
    }
    if (this.cookies.has(flow.cookie) && learner === undefined) this.shared.add(flow.cookie);
    const instructions = flow.instructions();
    if (mayLearn(instructions))
      for (const cookie of learnsOf(instructions).cookies)
        if (this.isLearnedFrom(cookie, flow.cookie)) this.changed.add(cookie);
  }

  /** What a push deletes before it adds its flows, once the flows of the switch have been seen. */
  deletions(): CookieSpace[] {
    const { cookies } = this.flows.plan;
    const { kept, spared } = this.keeping();
    const gone = [...this.seen, ...this.changed].filter((cookie) => !kept.has(cookie));
    // Those of the space go with it, unless some of them stay.
    const isSingle = (cookie: bigint): boolean => kept.size > 0 || !this.flows.isOurs(cookie);
    return [
      ...cookiesExcept(
        kept.size === 0 ? cookies : { value: cookies.value, mask: cookies.mask | LEARNED_BIT },
        [...spared],
      ),
      ...[...new Set(gone)].filter(isSingle).map((value) => ({ value, mask: EXACT })),
    ];
  }

  /** Might the flows with that cookie be left standing, rather than be deleted and added? Then their age says nothing. */
  mayBeSpared(cookie: bigint): boolean {
    return this.sparable.has(cookie);
  }

  /** `kept`: the cookies of learned flows that stay; `spared`: those of learners that must not be deleted for that. */
  private keeping(): { kept: ReadonlySet<bigint>; spared: ReadonlySet<bigint> } {
    const kept = new Set<bigint>();
    const lost = new Set(this.changed);
    for (const { unchanged, learns, deletesLearned, cookie } of this.byKey.values())
      if (unchanged)
        for (const learned of learns)
          if (deletesLearned && this.shared.has(cookie)) lost.add(learned);
          else kept.add(learned);
    for (const cookie of lost) kept.delete(cookie);
    const spared = new Set<bigint>();
    for (const { cookie, learns, deletesLearned } of this.byKey.values())
      if (deletesLearned && [...learns].some((learnt) => kept.has(learnt))) spared.add(cookie);
    return { kept, spared };
  }

  /** Flows whose cookie a `learn` states otherwise are not ours to look after. */
  private isLearnedFrom(learned: bigint, cookie: bigint): boolean {
    if ((learned & LEARNED_BIT) === 0n) return false;
    return this.flows.isOurs(learned) || learned === (cookie | LEARNED_BIT);
  }
}

function learnsOf(instructions: Buffer): { cookies: bigint[]; deletesLearned: boolean } {
  const cookies: bigint[] = [];
  let deletesLearned = false;
  instructionUses(instructions, {
    learn: (cookie, deletes) => {
      cookies.push(cookie);
      deletesLearned ||= deletes;
    },
  });
  return { cookies, deletesLearned };
}
