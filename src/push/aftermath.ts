/** The connection died at the commit: asks the switch, over a new one, which program it holds. */
import { stillOld, unknownOutcome } from '../diagnostics/codes/push.ts';
import type { Connected } from './dialer.ts';
import { lookUp, type Attempt } from './outcome.ts';
import type { PlanFlows } from './plan.ts';
import { problem, PushError } from './problem.ts';
import type { Outcome } from './session-types.ts';

export async function whichProgram(
  flows: PlanFlows,
  attempt: Attempt,
  about: {
    readonly target: string;
    /** Why the connection died. */
    readonly why: string;
    readonly timeoutMs: number;
    readonly connect: () => Promise<Connected>;
  },
): Promise<Outcome> {
  const { target, why } = about;
  const unknown = (found: string): Outcome => ({
    kind: 'unknown',
    problem: problem(unknownOutcome, { target, why, found }, { help: 'push again: that settles it' }),
  });
  const deadline = performance.now() + about.timeoutMs;
  for (;;) {
    try {
      const { connection, identity } = await about.connect();
      connection.phase = 'while the outcome was looked up';
      let verdict = await lookUp(connection, flows, attempt);
      if (verdict.kind === 'old') {
        // The commit may be on its way still, in a buffer of the connection that died.
        await new Promise((resolve) => setTimeout(resolve, SECOND_LOOK));
        verdict = await lookUp(connection, flows, attempt);
      }
      switch (verdict.kind) {
        case 'new':
          return { kind: 'installed', flows: flows.count, identity, lookedUp: true };
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

/** After which the old program is believed to stay. */
const SECOND_LOOK = 500;

/** Between two attempts to reach a switch that may be starting again. */
const RETRY = 250;
