/** `wbfc build`: from programs to what a switch is given. */
import { basename, resolve } from 'node:path';
import type { Diagnostic } from '../diagnostics/types.ts';
import type { ProgramIr } from '../ir/types.ts';
import type { OpenFlowVersion } from '../openflow/types.ts';
import type { Compilation } from '../project/compile.ts';
import type { Format } from '../report/formats.ts';
import { linesOf } from '../report/lines.ts';
import type { ReportBatch } from '../report/types.ts';
import { checkForm, emitter, type EmitOptions } from './emitters.ts';
import type { ExitCode } from './exit.ts';
import { EXIT, UsageError } from './exit.ts';
import type { Chunk } from './files.ts';
import { replaceFile } from './files.ts';
import type { Form } from './forms.ts';
import { compilePath, openProject, readSource, STDIN } from './load.ts';
import { keep, lockFileOf } from './lock-file.ts';
import { STDERR, STDOUT, write } from './output.ts';
import type { PortsFile } from './ports-file.ts';
import { batchOf, show } from './show.ts';

export interface BuildOptions extends EmitOptions {
  readonly emit: Form;
  readonly of?: OpenFlowVersion;
  readonly root?: string;
  readonly ports?: string;
  readonly output?: string;
  /** `wbf.lock` must not change. */
  readonly locked?: boolean;
  /** Say what the program takes up. */
  readonly stats?: boolean;
  readonly format: Format;
  readonly color?: boolean;
}

const SUFFIX: Readonly<Record<Form, string>> = {
  script: '.sh',
  flows: '.flows',
  bundle: '.bundle',
  json: '.json',
};

interface Built {
  readonly path: string;
  readonly compilation: Compilation;
  readonly program: ProgramIr;
  readonly flows: number;
  readonly result: Chunk | readonly Chunk[];
}

export async function build(files: readonly string[], options: BuildOptions): Promise<ExitCode> {
  validate(files, options);
  const emit = await emitter(options.emit, options);
  const batches: ReportBatch[] = [];
  const built: Built[] = [];
  const project = openProject(options.root);
  const portsFile = options.ports === undefined ? null : await readPortsFile(options.ports);
  if (portsFile !== null) batches.push(batchOf({ files: [portsFile], diagnostics: portsFile.diagnostics }));
  const bindings = portsFile === null ? {} : { ports: portsFile.ports };
  for (const path of portsFile !== null && portsFile.diagnostics.length > 0 ? [] : files) {
    const lockFile = await lockFileOf(path);
    if (lockFile.diagnostics.length > 0) {
      batches.push(batchOf(lockFile));
      continue;
    }
    const { lock } = lockFile;
    const compilation = compilePath(path, project, { version: options.of ?? null, bindings, lock });
    const { program } = compilation;
    if (program !== null) checkForm(options.emit, program.version, options.nonAtomic ?? false, path);
    const unknown = await unresolved(compilation, options.emit, portsFile);
    const emitted = program === null || unknown.length > 0 ? null : emit(program, compilation.files);
    const sound = emitted?.errors.length === 0;
    const refused = sound ? await keep(lockFile, compilation, options.locked ?? false) : [];
    const diagnostics = [...compilation.diagnostics, ...unknown, ...(emitted?.errors ?? []), ...refused];
    batches.push(batchOf({ ...compilation, diagnostics }));
    if (program !== null && sound && refused.length === 0) {
      built.push({ path, compilation, program, flows: program.flows.length, result: emitted.result });
    }
  }
  const machine = options.format === 'json' || options.format === 'sarif';
  if (machine || batches.some((b) => b.diagnostics.length > 0)) {
    await show(STDERR, batches, { format: options.format, color: options.color });
  }
  if (options.stats === true) {
    const { describeProgram } = await import('./stats.ts');
    for (const { path, program, compilation } of built) {
      const lineOf = (file: number, offset: number): number => {
        const at = compilation.files[file];
        return at === undefined ? 1 : linesOf(at).position(offset).line;
      };
      write(STDERR, describeProgram(path, program, lineOf));
    }
  }
  const code = built.length < files.length ? EXIT.errors : EXIT.ok;
  if (options.output === undefined) {
    for (const one of built) deliver(outputFor(one.path, options.emit), [one], options.emit);
  } else if (code === EXIT.ok) deliver(options.output, built, options.emit);
  return code;
}

async function readPortsFile(path: string): Promise<PortsFile> {
  const { file, invalid } = readSource(path);
  if (invalid !== null) return { ...file, ports: new Map(), diagnostics: [invalid] };
  return (await import('./ports-file.ts')).readPorts(file.path, file.text);
}

/** Errors about ports whose numbers are needed and not known. */
async function unresolved(
  compilation: Compilation,
  form: Form,
  portsFile: PortsFile | null,
): Promise<readonly Diagnostic[]> {
  if (compilation.program === null || compilation.unresolved.length === 0) return [];
  const { unresolvedErrors } = await import('./unresolved.ts');
  return unresolvedErrors(compilation, form, portsFile);
}

function validate(files: readonly string[], { emit, output, ports, of, nonAtomic }: BuildOptions): void {
  if ([...files, ports].filter((f) => f === STDIN).length > 1)
    throw new UsageError('standard input (-) can be read only once');
  if (of !== undefined) checkForm(emit, of, nonAtomic ?? false, `--of ${of}`);
  if (output !== undefined && files.length > 1 && (emit === 'script' || emit === 'json')) {
    throw new UsageError(
      `--output takes the ${emit} of one program; there are ${files.length}. Leave it out, or build them one by one`,
    );
  }
  const sources = new Set(files.filter((f) => f !== STDIN).map((f) => resolve(f)));
  const outputs = new Map<string, string>();
  for (const target of output === undefined ? files.map((f) => outputFor(f, emit)) : [output]) {
    if (target === STDOUT_NAME) continue;
    const where = resolve(target);
    if (sources.has(where)) throw new UsageError(`${target} is a program and would be overwritten`);
    if (outputs.has(where)) throw new UsageError(`two of the programs would be written to ${target}`);
    outputs.set(where, target);
  }
}

const STDOUT_NAME = '-';

/** Where the result of a program goes when it is not said. */
function outputFor(path: string, form: Form): string {
  return path === STDIN ? STDOUT_NAME : path.replace(/\.wbf$/, '') + SUFFIX[form];
}

function deliver(target: string, built: readonly Built[], form: Form): void {
  const chunks = built.flatMap((b) => b.result);
  if (target === STDOUT_NAME) {
    for (const chunk of chunks) write(STDOUT, chunk);
    return;
  }
  replaceFile(target, chunks, form === 'script');
  const flows = built.reduce((n, b) => n + b.flows, 0);
  const from = built.map((b) => (b.path === STDIN ? 'standard input' : basename(b.path))).join(', ');
  write(STDERR, `wrote ${target} from ${from} (${flows} flow${flows === 1 ? '' : 's'})\n`);
}
