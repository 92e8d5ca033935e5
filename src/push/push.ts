/** What the command line calls: a push that may connect before there is anything to push, and says how it ended. */
import type { Diagnostic } from '../diagnostics/types.ts';
import type { SwitchIdentity } from './identity.ts';
import type { BindingRequest, PartOrigins, PushPlan } from './plan.ts';
import type { Problem } from './problem.ts';
import { diagnosticsOf } from './report.ts';
import type {
  Bound,
  Failure,
  Outcome,
  Refused,
  SessionHooks,
  Sessionlike,
  SessionOptions,
} from './session-types.ts';
import { Session } from './session.ts';
import type { Target } from './target.ts';
import { startThread } from './thread.ts';

export type { Expectation, SwitchIdentity } from './identity.ts';
export type { BindingRequest, PartOrigins, PushPlan, WirePlan } from './plan.ts';
export type { Problem } from './problem.ts';
export type { Phase, Progress, SessionHooks as PushHooks } from './session-types.ts';
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
  /** Nothing is installed; everything that was refused, in the order of the program. */
  | {
      readonly kind: 'refused';
      readonly errors: readonly Diagnostic[];
      /** There may be more of them. */ readonly maybeMore: boolean;
    }
  /** The switch holds the old program or the new one. */
  | { readonly kind: 'unknown'; readonly problem: Problem }
  | Failure;

/** The switch's numbers for names in a program; all but `bound` end the push. */
export type BindingResult =
  | { readonly kind: 'bound'; readonly numbers: ReadonlyMap<string, number> }
  | Extract<PushResult, { kind: 'refused' }>
  | Failure;

export interface Push {
  /**
   * The OpenFlow numbers of the switch's ports by the names of their interfaces, its LOCAL port included. For a program
   * that names ports so: it is compiled again with them, and then installed.
   */
  readonly ports: (request: BindingRequest & PartOrigins) => Promise<BindingResult>;
  /**
   * An id for every meter of the program by the name of its declaration: that of a meter on the switch that is just the
   * same, or a free one. Where one is not what the program has, it is compiled again with them, and then installed.
   */
  readonly meters: (request: BindingRequest & PartOrigins) => Promise<BindingResult>;
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
  const bind = async (
    bound: Promise<Bound>,
    request: BindingRequest & PartOrigins,
  ): Promise<BindingResult> => {
    const result = await bound;
    if (result.kind === 'bound') return result;
    close();
    return result.kind === 'refused' ? refusedResult(result, request) : result;
  };
  return {
    ports: (request) => bind(session.ports(request), request),
    meters: (request) => bind(session.meters(request), request),
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
  return startPush(target, { offer: [plan.version], ...options }, hooks).install(plan);
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
  return outcome.kind === 'refused' ? refusedResult(outcome, plan) : outcome;
}

async function refusedResult(
  { findings, maybeMore }: Refused,
  source: Parameters<typeof diagnosticsOf>[1],
): Promise<Extract<PushResult, { kind: 'refused' }>> {
  return { kind: 'refused', errors: await diagnosticsOf(findings, source), maybeMore };
}
