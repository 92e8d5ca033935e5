/** One program onto one switch: what is looked at, sent and put right again, in its order. */
import { pushFailed } from '../diagnostics/codes/push.ts';
import { whichProgram } from './aftermath.ts';
import { sendBundle, type BundleResult } from './bundle.ts';
import { compare, type Work } from './compare.ts';
import type { Connection } from './connection.ts';
import type { Connected } from './dialer.ts';
import type { Finding } from './finding.ts';
import type { Before } from './outcome.ts';
import type { PlanFlows } from './plan.ts';
import { problem, PushError, reasonOf } from './problem.ts';
import { addMeters, deleteMeters, growTlvs } from './provision.ts';
import { findAll } from './rehearsal.ts';
import { refused, type Outcome, type Phase } from './session-types.ts';
import { bundleAddOverhead, MAX_MESSAGE } from './wire.ts';

export interface InstallationOptions {
  /** The switch, for messages. */
  readonly target: string;
  readonly timeoutMs: number;
  readonly adopt: boolean;
  readonly replace: boolean;
  /** The connection that there is, or a new one. */
  readonly connect: () => Promise<Connected>;
  readonly report: (phase: Phase, done: number) => void;
}

export class Installation {
  /** Meters that are on the switch, perhaps, and that no program uses yet. */
  readonly addedMeters = new Set<number>();
  private readonly flows: PlanFlows;
  private readonly options: InstallationOptions;
  private work: Work | null = null;
  private committedAt: number | null = null;

  constructor(flows: PlanFlows, options: InstallationOptions) {
    this.flows = flows;
    this.options = options;
  }

  /** The commit is sent, and cannot be taken back. */
  get isCommitted(): boolean {
    return this.committedAt !== null;
  }

  async run(): Promise<Outcome> {
    let outcome: Outcome;
    try {
      outcome = await this.install();
    } catch (error) {
      if (this.isCommitted && !(error instanceof PushError))
        return { kind: 'unknown', problem: problem(pushFailed, { why: reasonOf(error) }) };
      await this.tidy(this.addedMeters);
      throw error;
    }
    if (outcome.kind === 'installed') await this.tidy(this.work?.meters.deletes ?? []);
    // A commit whose answer was lost may come true after we looked, and with its meter a flow would go.
    else if (!this.isCommitted) await this.tidy(this.addedMeters);
    return outcome;
  }

  private async install(): Promise<Outcome> {
    const { flows, options } = this;
    options.report('connecting', 0);
    const { connection, identity } = await options.connect();
    const tooLong = tooLongMessages(flows, connection);
    if (tooLong.length > 0) return refused(tooLong);

    options.report('comparing', 0);
    connection.phase = 'while its flows were looked at';
    const { before, findings, work } = await compare(connection, flows, options);
    if (findings.length > 0) return refused(findings);
    this.work = work;

    options.report('sending', 0);
    connection.phase = 'before the commit';
    const against = [
      ...(await growTlvs(connection, flows.plan, work)),
      ...(await addMeters(connection, flows.plan, work, this.addedMeters)),
    ];
    if (against.length > 0) return refused(against);
    let result: BundleResult;
    try {
      result = await this.send(connection, work);
    } catch (error) {
      if (this.committedAt === null || !(error instanceof PushError)) throw error;
      return await this.lookAgain(before, this.committedAt, error);
    }
    if (result.kind === 'committed')
      return { kind: 'installed', flows: flows.count, identity, lookedUp: false };
    if (result.kind === 'rehearsed') throw new Error('a rehearsal that nobody asked for');
    // The switch has said no, so an interruption is harmless again.
    this.committedAt = null;
    if (result.other !== null) throw result.other;
    if (!result.atCommit) return refused(result.errors.map((e) => ({ kind: 'refused', ...e })));
    const found = await findAll(connection, flows, result.errors, {
      work,
      onAdded: (done) => options.report('sending', done),
    });
    return found.kind === 'errors'
      ? refused(
          found.errors.map((e) => ({ kind: 'refused', ...e })),
          found.maybeMore,
        )
      : { kind: 'unknown', problem: found.error.problem };
  }

  private send(connection: Connection, work: Work): Promise<BundleResult> {
    const { flows, options } = this;
    return sendBundle(
      connection,
      flows,
      {
        onAdded: (done) => options.report('sending', done),
        onCommit: () => {
          this.committedAt = performance.now();
          options.report('committing', flows.count);
        },
      },
      { work, skip: new Set(), rehearse: false },
    );
  }

  private lookAgain(before: Before, committedAt: number, lost: PushError): Promise<Outcome> {
    const { target, timeoutMs, connect, replace } = this.options;
    this.options.report('looking', 0);
    return whichProgram(
      this.flows,
      { before, committedAt, replace },
      { target, timeoutMs, connect, why: lost.reason },
    );
  }

  /**
   * Deletes meters that no program uses any more, or never will. Where that fails, they lie in the ranges of the
   * program and the next push deletes them.
   */
  private async tidy(meters: Iterable<number>): Promise<void> {
    const ids = [...meters];
    if (ids.length === 0) return;
    try {
      const { connection } = await soon(this.options.connect());
      await soon(deleteMeters(connection, ids));
    } catch (error) {
      if (!(error instanceof PushError)) throw error;
    }
  }
}

/** Nobody shall wait for long for something that is no part of the outcome. */
const PATIENCE = 2_000;

function soon<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new PushError(problem(pushFailed, { why: 'it takes too long' })));
    }, PATIENCE);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function tooLongMessages(flows: PlanFlows, { agreed }: Connection): Finding[] {
  const limit = MAX_MESSAGE - bundleAddOverhead(agreed);
  const all: Finding[] = [];
  flows.plan.groups.forEach(({ message: { length } }, index) => {
    if (length > limit) all.push({ kind: 'too long', part: 'group', index, bytes: length, limit });
  });
  for (let index = 0; index < flows.count; index++)
    if (flows.length(index) > limit)
      all.push({ kind: 'too long', part: 'flow', index, bytes: flows.length(index), limit });
  return all;
}
