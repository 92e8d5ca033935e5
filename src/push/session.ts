/**
 * One push, from the first connection to the outcome. Works on plain data only, so that it runs in a thread of its
 * own as well (`thread.ts`).
 */
import {
  connectionLost,
  interrupted,
  noCommonVersion,
  pushFailed,
  stillOld,
  unknownOutcome,
} from '../diagnostics/codes/push.ts';
import type { OpenFlowVersion } from '../openflow/types.ts';
import { sendBundle, type BundleResult, type FlowError } from './bundle.ts';
import { compare, type ForeignFlow } from './compare.ts';
import { createDialer, type Connected, type Dialer } from './dialer.ts';
import type { SwitchIdentity } from './identity.ts';
import { lookUp, type Before } from './outcome.ts';
import { PlanFlows, wrongPlan, type WirePlan } from './plan.ts';
import { problem, PushError, reasonOf, type Problem } from './problem.ts';
import { findAll } from './rehearsal.ts';
import { formatTarget, type Target } from './target.ts';
import { bundleAddOverhead, MAX_MESSAGE } from './wire.ts';

export interface SessionOptions {
  /** Versions of OpenFlow that the caller can compile for; default 1.5 alone. */
  readonly offer?: readonly OpenFlowVersion[];
  /** Without progress for that long, it is over; default 10 s. */
  readonly timeoutMs?: number;
  /** The bridge that the switch must be. For a `ptcp:` target that of the program's `bridge` block, if not said. */
  readonly bridge?: string | null;
  /** The datapath id that the switch must have; then the program's `bridge` block does not matter. */
  readonly dpid?: bigint | null;
  /** Take over flows of others that have the match and priority of ours. */
  readonly adopt?: boolean;
  /** Delete the flows of the cookie space first; default true. */
  readonly replace?: boolean;
}

export type Phase = 'connecting' | 'comparing' | 'sending' | 'committing' | 'looking';

export interface Progress {
  readonly phase: Phase;
  /** Flows that the switch has. */
  readonly done: number;
  readonly total: number;
}

export interface SessionHooks {
  /** Not more often than the switch answers: once in 4,096 flows. */
  readonly onProgress?: (progress: Progress) => void;
  /** A `ptcp:` target listens; the port is the real one where 0 was asked for. */
  readonly onListening?: (port: number) => void;
  /** A switch called that is not the right one; once for each. */
  readonly onRejected?: (identity: SwitchIdentity) => void;
}

/** How it ended; plain data. All but `installed` and `unknown` leave the switch as it was. */
export type Outcome =
  | {
      readonly kind: 'installed';
      readonly flows: number;
      readonly identity: SwitchIdentity;
      /** The connection died at the commit, and a second one found the new program. */
      readonly lookedUp: boolean;
    }
  /** The switch, or we in its place, said no to these flows. */
  | {
      readonly kind: 'refused';
      readonly errors: readonly FlowError[];
      readonly foreign: readonly ForeignFlow[];
      readonly tooLong: readonly { readonly index: number; readonly bytes: number; readonly limit: number }[];
      /** A commit stops at its first error, and so many rounds were not enough to find all. */
      readonly maybeMore: boolean;
    }
  /** The connection ended on the way, or we were interrupted. */
  | { readonly kind: 'unchanged'; readonly problem: Problem }
  | { readonly kind: 'unknown'; readonly problem: Problem }
  /** It did not come to a bundle, or the switch wants none. */
  | { readonly kind: 'failed'; readonly problem: Problem };

export class Session {
  private readonly target: Target;
  private readonly options: SessionOptions;
  private readonly hooks: SessionHooks;
  private readonly dialer: Dialer;
  private connected: Connected | null = null;
  private committedAt: number | null = null;

  constructor(target: Target, options: SessionOptions, hooks: SessionHooks) {
    this.target = target;
    this.options = options;
    this.hooks = hooks;
    this.dialer = createDialer(target, {
      offer: options.offer ?? ['1.5'],
      timeoutMs: this.timeoutMs,
      onListening: (port) => hooks.onListening?.(port),
      onRejected: (identity) => hooks.onRejected?.(identity),
    });
  }

  /** Calls the switch, or listens for it, at once: before there is anything to push. */
  start(): void {
    this.dialer.start();
  }

  async push(plan: WirePlan): Promise<Outcome> {
    try {
      const wrong = wrongPlan(plan);
      if (wrong !== null) return { kind: 'failed', problem: problem(pushFailed, { why: wrong }) };
      return await this.run(new PlanFlows(plan));
    } catch (error) {
      if (!(error instanceof PushError))
        return {
          kind: this.committedAt === null ? 'failed' : 'unknown',
          problem: problem(pushFailed, { why: reasonOf(error) }),
        };
      const unchanged = error.problem.code === connectionLost.code || error.problem.code === interrupted.code;
      return { kind: unchanged ? 'unchanged' : 'failed', problem: error.problem };
    } finally {
      this.close();
    }
  }

  /** Ctrl-C: the bundle is forgotten. Once the commit is sent it cannot be taken back, and its answer is waited for. */
  abort(): void {
    if (this.committedAt !== null) return;
    const reason = new PushError(problem(interrupted, { target: formatTarget(this.target) }));
    this.connected?.connection.fail(reason);
    this.dialer.close(reason);
  }

  close(): void {
    this.connected?.connection.close();
    this.dialer.close(new PushError(problem(pushFailed, { why: 'the session is closed' })));
  }

  private get timeoutMs(): number {
    return this.options.timeoutMs ?? 10_000;
  }

  private get replace(): boolean {
    return this.options.replace ?? true;
  }

  private report(phase: Phase, done: number, flows: PlanFlows): void {
    this.hooks.onProgress?.({ phase, done, total: flows.count });
  }

  private connect(flows: PlanFlows): Promise<Connected> {
    const { bridge = null, dpid = null } = this.options;
    // Who calls us may be anyone; an address that somebody wrote down says as much as the program's `bridge`.
    const own = this.target.kind === 'ptcp' && dpid === null ? flows.plan.bridgeName : null;
    return this.dialer.next({ bridge: bridge ?? own, dpid });
  }

  private async run(flows: PlanFlows): Promise<Outcome> {
    this.report('connecting', 0, flows);
    const connected = await this.connect(flows);
    this.connected = connected;
    const { connection, identity } = connected;
    const { version } = flows.plan;
    if (connection.agreed !== version)
      throw new PushError(
        problem(noCommonVersion, {
          target: connection.name,
          offered: `OpenFlow ${connection.agreed}`,
          wanted: `OpenFlow ${version}, for which the program was compiled`,
        }),
      );
    const tooLong = tooLongFlows(flows);
    if (tooLong.length > 0) return refused({ tooLong });

    this.report('comparing', 0, flows);
    connection.phase = 'while its flows were looked at';
    const { before, foreign } = await compare(connection, flows);
    if (foreign.length > 0 && this.options.adopt !== true) return refused({ foreign });

    this.report('sending', 0, flows);
    let result: BundleResult;
    try {
      result = await sendBundle(
        connection,
        flows,
        {
          onAdded: (done) => this.report('sending', done, flows),
          onCommit: () => {
            this.committedAt = performance.now();
            this.report('committing', flows.count, flows);
          },
        },
        { replace: this.replace, skip: new Set(), rehearse: false },
      );
    } catch (error) {
      if (this.committedAt === null || !(error instanceof PushError)) throw error;
      return await this.afterCommit(flows, before, this.committedAt, error);
    }
    if (result.kind === 'committed')
      return { kind: 'installed', flows: flows.count, identity, lookedUp: false };
    if (result.kind === 'rehearsed') throw new Error('a rehearsal that nobody asked for');
    // The switch has said no, so an interruption is harmless again.
    this.committedAt = null;
    if (result.other !== null) throw result.other;
    if (!result.atCommit) return refused({ errors: result.errors });
    const found = await findAll(connection, flows, result.errors, {
      replace: this.replace,
      onAdded: (done) => this.report('sending', done, flows),
    });
    return found.kind === 'errors'
      ? refused({ errors: found.errors, maybeMore: found.maybeMore })
      : { kind: 'unknown', problem: found.error.problem };
  }

  private async afterCommit(
    flows: PlanFlows,
    before: Before,
    committedAt: number,
    lost: PushError,
  ): Promise<Outcome> {
    const target = formatTarget(this.target);
    const why = lost.reason;
    this.report('looking', 0, flows);
    const unknown = (found: string): Outcome => ({
      kind: 'unknown',
      problem: problem(unknownOutcome, { target, why, found }, { help: 'push again: that settles it' }),
    });
    const deadline = performance.now() + this.timeoutMs;
    for (;;) {
      try {
        const connected = await this.connect(flows);
        this.connected = connected;
        connected.connection.phase = 'while the outcome was looked up';
        const attempt = { before, committedAt, replace: this.replace };
        let verdict = await lookUp(connected.connection, flows, attempt);
        if (verdict.kind === 'old') {
          // The commit may be on its way still, in a buffer of the connection that died.
          await new Promise((resolve) => setTimeout(resolve, SECOND_LOOK));
          verdict = await lookUp(connected.connection, flows, attempt);
        }
        switch (verdict.kind) {
          case 'new':
            return { kind: 'installed', flows: flows.count, identity: connected.identity, lookedUp: true };
          case 'old':
            return {
              kind: 'unchanged',
              problem: problem(stillOld, { target, why }, { help: 'push again' }),
            };
          case 'unknown':
            return unknown(verdict.found);
        }
      } catch (error) {
        if (!(error instanceof PushError)) throw error;
        if (!error.transient || performance.now() + RETRY > deadline)
          return unknown(`it could not be looked up: ${error.message}`);
        await new Promise((resolve) => setTimeout(resolve, RETRY));
      }
    }
  }
}

/** After which the old program is believed to stay. */
const SECOND_LOOK = 500;

/** Between two attempts to reach a switch that may be starting again. */
const RETRY = 250;

type Refused = Extract<Outcome, { kind: 'refused' }>;

function refused(what: Partial<Omit<Refused, 'kind'>>): Outcome {
  return { kind: 'refused', errors: [], foreign: [], tooLong: [], maybeMore: false, ...what };
}

function tooLongFlows(flows: PlanFlows): { index: number; bytes: number; limit: number }[] {
  const limit = MAX_MESSAGE - bundleAddOverhead(flows.plan.version);
  const all: { index: number; bytes: number; limit: number }[] = [];
  for (let index = 0; index < flows.count; index++)
    if (flows.length(index) > limit) all.push({ index, bytes: flows.length(index), limit });
  return all;
}
