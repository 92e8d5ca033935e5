/**
 * The session in a thread of its own: the compiler is synchronous and keeps its thread busy, and a switch wants its
 * echo requests answered meanwhile. The plan crosses as bytes; origins stay with the compiler.
 */
import { Worker, parentPort, workerData } from 'node:worker_threads';
import { pushFailed } from '../diagnostics/codes/push.ts';
import type { SwitchIdentity } from './identity.ts';
import type { BindingRequest, WirePlan } from './plan.ts';
import { problem } from './problem.ts';
import type {
  Bound,
  Failure,
  Outcome,
  Progress,
  SessionHooks,
  Sessionlike,
  SessionOptions,
} from './session-types.ts';
import { Session } from './session.ts';
import type { Target } from './target.ts';

interface Start {
  readonly wbfcPush: true;
  readonly target: Target;
  readonly options: SessionOptions;
}

/** What is asked of the thread, one thing after the other; each gets its answer. */
type Call =
  | { readonly call: 'ports' | 'meters'; readonly request: BindingRequest }
  | { readonly call: 'push'; readonly plan: WirePlan };

type ToThread = Call | 'abort' | 'close';

type FromThread =
  | { readonly progress: Progress }
  | { readonly listening: number }
  | { readonly rejected: SwitchIdentity }
  | { readonly answer: Bound | Outcome };

/** Runs a session in a thread; `file` is the script that calls `runThread` (built from `worker.ts`). */
export function startThread(
  file: string | URL,
  target: Target,
  options: SessionOptions,
  hooks: SessionHooks,
): Sessionlike {
  const start: Start = { wbfcPush: true, target, options };
  const worker = new Worker(file, { workerData: start });
  let waiting: ((answer: Bound | Outcome) => void) | null = null;
  let broken: Failure | null = null;
  const failed = (why: string): void => {
    broken ??= { kind: 'failed', problem: problem(pushFailed, { why }) };
    waiting?.(broken);
  };
  worker.on('message', (message: FromThread) => {
    if ('progress' in message) hooks.onProgress?.(message.progress);
    else if ('listening' in message) hooks.onListening?.(message.listening);
    else if ('rejected' in message) hooks.onRejected?.(message.rejected);
    else waiting?.(message.answer);
  });
  worker.on('error', (error) => failed(error.message));
  worker.on('exit', () => failed('the thread of the connection ended'));
  const say = (message: ToThread): void => worker.postMessage(message);
  const call = (what: Call): Promise<Bound | Outcome> =>
    new Promise((resolve) => {
      if (broken !== null) resolve(broken);
      waiting = resolve;
      say(what);
    });
  return {
    // The answer is of the kind that was asked for.
    ports: (request) => call({ call: 'ports', request: requestOf(request) }) as Promise<Bound>,
    meters: (request) => call({ call: 'meters', request: requestOf(request) }) as Promise<Bound>,
    push: async (plan) => {
      // Named one by one: `origin` and `originOf` are functions and cannot cross.
      const { flowCount, messages, offsets, cookies, groups, groupIds, tlvs } = plan;
      const wire = { ...requestOf(plan), flowCount, messages, offsets, cookies, groups, groupIds, tlvs };
      try {
        return (await call({ call: 'push', plan: wire })) as Outcome;
      } finally {
        await worker.terminate();
      }
    },
    abort: () => say('abort'),
    close: () => {
      void worker.terminate();
    },
  };
}

function requestOf({ version, bridgeName, meters, meterIds }: BindingRequest): BindingRequest {
  return { version, bridgeName, meters, meterIds };
}

/** The thread's side. Does nothing in a thread that is not ours, or in none. */
export function runThread(): void {
  const port = parentPort;
  const start = workerData as Partial<Start> | null;
  if (port === null || start?.wbfcPush !== true || start.target === undefined) return;
  const say = (message: FromThread): void => port.postMessage(message);
  const session = new Session(
    start.target,
    { offer: ['1.5'], ...start.options },
    {
      onProgress: (progress) => say({ progress }),
      onListening: (listening) => say({ listening }),
      onRejected: (rejected) => say({ rejected }),
    },
  );
  session.start();
  const answer = (what: Call): Promise<Bound | Outcome> => {
    switch (what.call) {
      case 'ports':
        return session.ports(what.request);
      case 'meters':
        return session.meters(what.request);
      case 'push':
        return session.push(what.plan);
    }
  };
  port.on('message', (message: ToThread) => {
    if (message === 'abort') session.abort();
    else if (message === 'close') session.close();
    else void answer(message).then((given) => say({ answer: given }));
  });
}
