/** `wbfc push`: a program onto a switch. */
import { join } from 'node:path';
import type { Diagnostic } from '../diagnostics/types.ts';
import type { ProgramIr } from '../ir/types.ts';
import { isWireVersion } from '../openflow/oxm.ts';
import type { OpenFlowVersion } from '../openflow/types.ts';
import type { Bindings, Compilation, CompileOptions } from '../project/compile.ts';
import type { Decoded } from '../project/host.ts';
import { compileDecoded } from '../project/host.ts';
import { describeIdentity } from '../push/identity.ts';
import type { Problem, Push, PushHooks, PushOptions, PushResult, Target } from '../push/push.ts';
import { formatDpid, formatTarget, parseDpid, parseTarget, startPush } from '../push/push.ts';
import type { Format } from '../report/formats.ts';
import type { ExitCode } from './exit.ts';
import { EXIT, UsageError } from './exit.ts';
import { openProject, readSource } from './load.ts';
import { keep, lockFileOf } from './lock-file.ts';
import { complain, isTerminal, STDERR, write } from './output.ts';
import { bindingRequestOf, planOf } from './plan.ts';
import { ProgressLine } from './progress.ts';
import { show } from './show.ts';

export interface PushCommandOptions {
  readonly to: string;
  readonly of?: OpenFlowVersion;
  readonly root?: string;
  readonly dpid?: string;
  readonly bridge?: string;
  /** Seconds. */
  readonly timeout: number;
  readonly adopt?: boolean;
  /** `wbf.lock` must not change. */
  readonly locked?: boolean;
  readonly format: Format;
  readonly color?: boolean;
}

/** A source of this size compiles for long enough that the connection gets a thread of its own meanwhile. */
const LARGE = 2_000_000;

export async function pushCommand(path: string, options: PushCommandOptions): Promise<ExitCode> {
  const target = targetOf(options.to);
  const progress = new ProgressLine(await isTerminal(STDERR));
  const project = openProject(options.root);
  const source = readSource(path);
  const lockFile = await lockFileOf(path);
  if (lockFile.diagnostics.length > 0) {
    await show(STDERR, [lockFile], reportOptions(options));
    return EXIT.errors;
  }
  const { lock } = lockFile;
  const abort = new AbortController();
  const connect = (thread: string | null): Push =>
    startPush(target, { ...sessionOptions(options), thread, signal: abort.signal }, hooks(target, progress));

  const early = source.file.text.length >= LARGE ? connect(THREAD) : null;
  const base: CompileOptions = {
    version: options.of ?? null,
    library: project.library(source.file.path),
    lock,
  };
  const compilation = compileDecoded(source, base);
  const { program } = compilation;
  if (program === null) {
    early?.close();
    await show(STDERR, [compilation], reportOptions(options));
    return EXIT.errors;
  }
  if (!isWireVersion(program.version)) {
    early?.close();
    throw new UsageError(
      `${path} is for OpenFlow ${program.version}, which has no bundles: a push takes 1.3, 1.4 or 1.5`,
    );
  }
  // Before anything is sent: what is on the switch must be known by what is written down.
  const refused = await keep(lockFile, compilation, options.locked ?? false);
  if (refused.length > 0) {
    early?.close();
    await show(
      STDERR,
      [{ ...compilation, diagnostics: [...compilation.diagnostics, ...refused] }],
      reportOptions(options),
    );
    return EXIT.errors;
  }
  // Not before: while the compiler is busy, a handler would only delay the end.
  const interrupt = (): void => {
    abort.abort();
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const push = early ?? connect(null);
    const bound = await bind(push, source, { ...compilation, program }, base);
    const { result, compilation: last } = bound.kind === 'ended' ? bound : await install(push, bound);
    progress.clear();
    return result === null ? await notBound(last, options) : await report(result, last, target, options);
  } finally {
    progress.clear();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

/** A program without errors. */
interface Compiled extends Compilation {
  readonly program: ProgramIr;
}

type BoundProgram =
  | { readonly kind: 'bound'; readonly compilation: Compiled }
  | {
      readonly kind: 'ended';
      /** null where the switch lacks something, or the program has errors with its numbers. */
      readonly result: PushResult | null;
      readonly compilation: Compilation;
    };

/** Gives ports and meters the numbers that they are to have on the switch, by compiling the program again. */
async function bind(
  push: Push,
  source: Decoded,
  first: Compiled,
  options: CompileOptions,
): Promise<BoundProgram> {
  let current = first;
  let bindings: Bindings = {};
  /** The program with more bindings; null ends it. */
  const again = (more: Bindings): BoundProgram => {
    bindings = { ...bindings, ...more };
    const compilation = compileDecoded(source, { ...options, bindings });
    const { program } = compilation;
    if (program !== null) return { kind: 'bound', compilation: { ...compilation, program } };
    push.close();
    return { kind: 'ended', result: null, compilation };
  };
  if (current.unresolved.length > 0) {
    const found = await push.ports(bindingRequestOf(current.program, current.bridge));
    if (found.kind !== 'bound') return { kind: 'ended', result: found, compilation: current };
    const { missingOnSwitch } = await import('./unresolved.ts');
    const missing = missingOnSwitch(current, found.numbers);
    if (missing.length > 0) {
      push.close();
      const diagnostics = [...current.diagnostics, ...missing];
      return { kind: 'ended', result: null, compilation: { ...current, diagnostics } };
    }
    const next = again({ ports: found.numbers });
    if (next.kind === 'ended') return next;
    current = next.compilation;
  }
  const { meters } = current.program;
  if (meters.length > 0) {
    const found = await push.meters(bindingRequestOf(current.program, current.bridge));
    if (found.kind !== 'bound') return { kind: 'ended', result: found, compilation: current };
    const others = meters.some(({ name, id }) => (found.numbers.get(name) ?? id) !== id);
    if (others) return again({ meters: found.numbers });
  }
  return { kind: 'bound', compilation: current };
}

async function install(
  push: Push,
  { compilation }: Extract<BoundProgram, { kind: 'bound' }>,
): Promise<{ readonly result: PushResult; readonly compilation: Compilation }> {
  return { result: await push.install(planOf(compilation.program, compilation.bridge)), compilation };
}

async function notBound(compilation: Compilation, options: PushCommandOptions): Promise<ExitCode> {
  await show(STDERR, [compilation], reportOptions(options));
  complain('nothing was installed');
  return compilation.hasErrors ? EXIT.errors : EXIT.failure;
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
