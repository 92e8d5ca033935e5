/** `wbfc push`: a program onto a switch. */
import { join } from 'node:path';
import type { Diagnostic } from '../diagnostics/types.ts';
import type { Compilation } from '../project/compile.ts';
import { compileDecoded } from '../project/host.ts';
import { describeIdentity } from '../push/identity.ts';
import type { Problem, Push, PushHooks, PushOptions, PushResult, Target } from '../push/push.ts';
import { formatDpid, formatTarget, parseDpid, parseTarget, startPush } from '../push/push.ts';
import type { Format } from '../report/formats.ts';
import type { ExitCode } from './exit.ts';
import { EXIT, UsageError } from './exit.ts';
import { readSource } from './load.ts';
import { complain, isTerminal, STDERR, write } from './output.ts';
import { planOf } from './plan.ts';
import { ProgressLine } from './progress.ts';
import { show } from './show.ts';

export interface PushCommandOptions {
  readonly to: string;
  readonly dpid?: string;
  readonly bridge?: string;
  /** Seconds. */
  readonly timeout: number;
  readonly adopt?: boolean;
  readonly format: Format;
  readonly color?: boolean;
}

/** A source of this size compiles for long enough that the connection gets a thread of its own meanwhile. */
const LARGE = 2_000_000;

export async function pushCommand(path: string, options: PushCommandOptions): Promise<ExitCode> {
  const target = targetOf(options.to);
  const progress = new ProgressLine(await isTerminal(STDERR));
  const source = readSource(path);
  const abort = new AbortController();
  const connect = (thread: string | null): Push =>
    startPush(target, { ...sessionOptions(options), thread, signal: abort.signal }, hooks(target, progress));

  const early = source.file.text.length >= LARGE ? connect(THREAD) : null;
  const compilation = compileDecoded(source);
  const { program } = compilation;
  if (program === null) {
    early?.close();
    await show(STDERR, [compilation], reportOptions(options));
    return EXIT.errors;
  }
  // Not before: while the compiler is busy, a handler would only delay the end.
  const interrupt = (): void => {
    abort.abort();
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const result = await (early ?? connect(null)).install(planOf(program, compilation.bridge));
    progress.clear();
    return await report(result, compilation, target, options);
  } finally {
    progress.clear();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

/** Built beside the bundle that this is part of; without it the connection lives in this thread. */
const THREAD = typeof __dirname === 'string' ? join(__dirname, 'push-thread.cjs') : null;

const reportOptions = ({
  format,
  color,
}: PushCommandOptions): { format: Format; color: boolean | undefined } => ({
  format,
  color,
});

function targetOf(text: string): Target {
  const parsed = parseTarget(text);
  if (parsed.ok) return parsed.value;
  const { message, help } = parsed.problem;
  throw new UsageError(help === null ? message : `${message}\n${help}`);
}

function sessionOptions(options: PushCommandOptions): PushOptions {
  const dpid = options.dpid === undefined ? null : parseDpid(options.dpid);
  if (options.dpid !== undefined && dpid === null) {
    throw new UsageError(`'${options.dpid}' is no datapath id: write 0x1, or its 16 hexadecimal digits`);
  }
  return {
    timeoutMs: options.timeout * 1000,
    bridge: options.bridge ?? null,
    dpid,
    adopt: options.adopt ?? false,
  };
}

function hooks(target: Target, progress: ProgressLine): PushHooks {
  return {
    onProgress: ({ phase, done, total }) => {
      progress.update(phase === 'sending' && total > 0 ? `sending: ${done} of ${total} flows` : `${phase} …`);
    },
    onListening: (port) => {
      if (target.kind === 'ptcp') progress.say(`listening at ${formatTarget({ ...target, port })}`);
    },
    onRejected: (identity) => {
      progress.say(`refused ${describeIdentity(identity)}: it is not the right switch`);
    },
  };
}

/** A failure that has no place in the source. */
function placeless(problem: Problem): Diagnostic {
  const place = { file: -1, start: 0, end: 0 };
  return { ...problem, severity: 'error', place, label: '', related: [], fixes: [] };
}

async function report(
  result: PushResult,
  compilation: Compilation,
  target: Target,
  options: PushCommandOptions,
): Promise<ExitCode> {
  const found =
    result.kind === 'installed'
      ? []
      : result.kind === 'refused'
        ? result.errors
        : [placeless(result.problem)];
  const diagnostics = [...compilation.diagnostics, ...found];
  if (diagnostics.length > 0) await show(STDERR, [{ ...compilation, diagnostics }], reportOptions(options));
  switch (result.kind) {
    case 'installed': {
      const { identity, flows, lookedUp } = result;
      const where = `${identity.bridge ?? formatTarget(target)} (datapath ${formatDpid(identity.dpid)})`;
      const how = lookedUp
        ? '; the connection was lost at the commit, and the new program was found there'
        : '';
      write(STDERR, `installed ${flows} flow${flows === 1 ? '' : 's'} on ${where}${how}\n`);
      const meant = options.bridge === undefined && options.dpid === undefined ? compilation.bridge : null;
      if (meant !== null && identity.bridge !== null && meant !== identity.bridge) {
        complain(
          `warning: the program says \`bridge ${meant}\`; to be refused by another one, say --bridge ${meant}`,
        );
      }
      return EXIT.ok;
    }
    case 'refused':
      complain(
        `nothing was installed${result.maybeMore ? '; there may be more flows that the switch refuses' : ''}`,
      );
      return EXIT.failure;
    default:
      return EXIT.failure;
  }
}
