/**
 * The session in a thread of its own: the compiler is synchronous and keeps its thread busy, and a switch wants its
 * echo requests answered meanwhile. The plan crosses as bytes; origins stay with the compiler.
 */
import { Worker, parentPort, workerData } from 'node:worker_threads';
import { pushFailed } from '../diagnostics/codes/push.ts';
import type { SwitchIdentity } from './identity.ts';
import type { WirePlan } from './plan.ts';
import { problem } from './problem.ts';
import { Session, type Outcome, type Progress, type SessionHooks, type SessionOptions } from './session.ts';
import type { Target } from './target.ts';

interface Start {
  readonly wbfcPush: true;
  readonly target: Target;
  readonly options: SessionOptions;
}

type ToThread = { readonly push: WirePlan } | 'abort' | 'close';

type FromThread =
  | { readonly progress: Progress }
  | { readonly listening: number }
  | { readonly rejected: SwitchIdentity }
  | { readonly outcome: Outcome };

/** What `Session` and its threaded twin have in common. */
export interface Sessionlike {
  push(plan: WirePlan): Promise<Outcome>;
  abort(): void;
  close(): void;
}

/** Runs a session in a thread; `file` is the script that calls `runThread` (built from `worker.ts`). */
export function startThread(
  file: string | URL,
  target: Target,
  options: SessionOptions,
  hooks: SessionHooks,
): Sessionlike {
  const start: Start = { wbfcPush: true, target, options };
  const worker = new Worker(file, { workerData: start });
  let settle: (outcome: Outcome) => void = () => undefined;
  const outcome = new Promise<Outcome>((resolve) => {
    settle = resolve;
  });
  const failed = (why: string): void => {
    settle({ kind: 'failed', problem: problem(pushFailed, { why }) });
  };
  worker.on('message', (message: FromThread) => {
    if ('progress' in message) hooks.onProgress?.(message.progress);
    else if ('listening' in message) hooks.onListening?.(message.listening);
    else if ('rejected' in message) hooks.onRejected?.(message.rejected);
    else settle(message.outcome);
  });
  worker.on('error', (error) => failed(error.message));
  worker.on('exit', () => failed('the thread of the connection ended'));
  const say = (message: ToThread): void => worker.postMessage(message);
  return {
    push: async (plan) => {
      const { version, flowCount, messages, offsets, cookies, bridgeName } = plan;
      // Named one by one: `origin` is a function and cannot cross.
      say({ push: { version, flowCount, messages, offsets, cookies, bridgeName } });
      try {
        return await outcome;
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

/** The thread's side. Does nothing in a thread that is not ours, or in none. */
export function runThread(): void {
  const port = parentPort;
  const start = workerData as Partial<Start> | null;
  if (port === null || start?.wbfcPush !== true || start.target === undefined) return;
  const say = (message: FromThread): void => port.postMessage(message);
  const session = new Session(start.target, start.options ?? {}, {
    onProgress: (progress) => say({ progress }),
    onListening: (listening) => say({ listening }),
    onRejected: (rejected) => say({ rejected }),
  });
  session.start();
  port.on('message', (message: ToThread) => {
    if (message === 'abort') session.abort();
    else if (message === 'close') session.close();
    else void session.push(message.push).then((outcome) => say({ outcome }));
  });
}
