/** What the command line calls: a push that may connect before there is anything to push, and says how it ended. */
import { flowTooLarge } from '../diagnostics/codes/program.ts';
import { foreignFlow, refusedFlow } from '../diagnostics/codes/push.ts';
import { make, type Details } from '../diagnostics/define.ts';
import type { Diagnostic } from '../diagnostics/types.ts';
import type { OfpErrorName } from '../openflow/errors.ts';
import type { SwitchIdentity } from './identity.ts';
import type { PushPlan } from './plan.ts';
import { errorText, type Problem } from './problem.ts';
import { Session, type Outcome, type SessionHooks, type SessionOptions } from './session.ts';
import type { Target } from './target.ts';
import { startThread, type Sessionlike } from './thread.ts';

export type { Expectation, SwitchIdentity } from './identity.ts';
export type { PushPlan, WirePlan } from './plan.ts';
export type { Problem } from './problem.ts';
export type { Phase, Progress, SessionHooks as PushHooks } from './session.ts';
export { formatDpid, formatTarget, parseDpid, parseTarget, type Parsed, type Target } from './target.ts';

export interface PushOptions extends SessionOptions {
  /**
   * The script of the connection's thread (`worker.ts`, built). With it, echo requests are answered while the caller
   * compiles; without it, whenever the caller's thread is free.
   */
  readonly thread?: string | URL | null;
  /** Ctrl-C. Before the commit the bundle is forgotten; after it the answer is waited for. */
  readonly signal?: AbortSignal | null;
}

/** How a push ended. Only `installed` is a success; the others are exit code 3. */
export type PushResult =
  | {
      readonly kind: 'installed';
      readonly flows: number;
      readonly identity: SwitchIdentity;
      /** The connection died at the commit, and a second one found the new program. */
      readonly lookedUp: boolean;
    }
  /** Nothing is installed; every flow that was refused, in the order of the program. */
  | {
      readonly kind: 'refused';
      readonly errors: readonly Diagnostic[];
      /** There may be more of them. */ readonly maybeMore: boolean;
    }
  /** The connection was lost, or we were interrupted; the switch is as it was. */
  | { readonly kind: 'unchanged'; readonly problem: Problem }
  /** The switch holds the old program or the new one. */
  | { readonly kind: 'unknown'; readonly problem: Problem }
  /** It did not come to that; the switch is as it was. */
  | { readonly kind: 'failed'; readonly problem: Problem };

export interface Push {
  /** Sends the program; once. */
  readonly install: (plan: PushPlan) => Promise<PushResult>;
  /** Ends everything; for a caller who has nothing to install after all. Harmless after `install`. */
  readonly close: () => void;
}

/** Calls the switch (or listens for it) at once, so that it is there when the compiler is done. */
export function startPush(target: Target, options: PushOptions = {}, hooks: SessionHooks = {}): Push {
  const { thread = null, signal = null, ...rest } = options;
  const session = open(thread, target, rest, hooks);
  const abort = (): void => session.abort();
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted === true) abort();
  const close = (): void => {
    signal?.removeEventListener('abort', abort);
    session.close();
  };
  return {
    install: async (plan) => {
      try {
        return await resultOf(await session.push(plan), plan);
      } finally {
        close();
      }
    },
    close,
  };
}

/** The same for a caller who has the plan already. */
export function push(
  plan: PushPlan,
  target: Target,
  options: PushOptions = {},
  hooks: SessionHooks = {},
): Promise<PushResult> {
  return startPush(target, options, hooks).install(plan);
}

function open(
  thread: string | URL | null,
  target: Target,
  options: SessionOptions,
  hooks: SessionHooks,
): Sessionlike {
  if (thread !== null) return startThread(thread, target, options, hooks);
  const session = new Session(target, options, hooks);
  session.start();
  return session;
}

async function resultOf(outcome: Outcome, plan: PushPlan): Promise<PushResult> {
  if (outcome.kind !== 'refused') return outcome;
  const found: { readonly index: number; readonly diagnostic: Diagnostic }[] = [];
  for (const { index, bytes } of outcome.tooLong)
    found.push({ index, diagnostic: make(flowTooLarge, { bytes }, plan.origin(index)) });
  for (const { index, cookie, table, priority } of outcome.foreign)
    found.push({
      index,
      diagnostic: make(
        foreignFlow,
        { cookie: `0x${cookie.toString(16)}`, table, priority },
        plan.origin(index),
        {
          notes: [
            'to the switch they are one flow: adding ours would take the other one over without a word',
          ],
          help: 'change the match or the priority, or take it over with --adopt',
        },
      ),
    });
  for (const error of outcome.errors)
    found.push({
      index: error.index,
      diagnostic: make(
        refusedFlow,
        { error: error.names.length === 1 ? null : errorText(error) },
        plan.origin(error.index),
        await explained(error.names),
      ),
    });
  found.sort((a, b) => a.index - b.index);
  return { kind: 'refused', errors: found.map((f) => f.diagnostic), maybeMore: outcome.maybeMore };
}

/** The texts are many, and needed only when something is refused. */
async function explained(names: readonly OfpErrorName[]): Promise<Details> {
  const [name, second] = names;
  if (name === undefined) return {};
  const { ERROR_TEXTS } = await import('../openflow/error-texts.ts');
  const { says, advice } = ERROR_TEXTS[name];
  return { notes: [says], help: advice, ...(second === undefined ? { switchError: name } : {}) };
}
