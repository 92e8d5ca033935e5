/** `wbfc build`: from programs to what a switch is given. */
import { basename, resolve } from 'node:path';
import type { Compilation } from '../project/compile.ts';
import type { ProgramIr } from '../ir/types.ts';
import type { Format } from '../report/formats.ts';
import { emitter, type EmitOptions } from './emitters.ts';
import type { ExitCode } from './exit.ts';
import { EXIT, UsageError } from './exit.ts';
import type { Chunk } from './files.ts';
import { replaceFile } from './files.ts';
import type { Form } from './forms.ts';
import { compilePath, STDIN } from './load.ts';
import { STDERR, STDOUT, write } from './output.ts';
import { batchOf, show } from './show.ts';

export interface BuildOptions extends EmitOptions {
  readonly emit: Form;
  readonly output?: string;
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
  readonly program: ProgramIr;
}

export async function build(files: readonly string[], options: BuildOptions): Promise<ExitCode> {
  validate(files, options);
  const single = options.output;
  const emit = await emitter(options.emit, options);
  const compilations: Compilation[] = [];
  const programs: Built[] = [];
  for (const path of files) {
    const compilation = compilePath(path);
    compilations.push(compilation);
    if (compilation.program !== null) programs.push({ path, program: compilation.program });
  }
  const failed = programs.length < files.length;
  if (compilations.some((c) => c.diagnostics.length > 0) || options.format === 'json' || options.format === 'sarif') {
    await show(STDERR, compilations.map(batchOf), { format: options.format, color: options.color });
  }
  if (single !== undefined) {
    if (failed) return EXIT.errors;
    deliver(single, concatenate(programs.map((p) => emit(p.program))), programs, options.emit);
    return EXIT.ok;
  }
  for (const built of programs) {
    deliver(outputFor(built.path, options.emit), emit(built.program), [built], options.emit);
  }
  return failed ? EXIT.errors : EXIT.ok;
}

function validate(files: readonly string[], { emit, output }: BuildOptions): void {
  if (files.filter((f) => f === STDIN).length > 1) throw new UsageError('standard input (-) can be read only once');
  if (output !== undefined && files.length > 1 && (emit === 'script' || emit === 'json')) {
    throw new UsageError(`--output takes the ${emit} of one program; there are ${files.length}. Leave it out, or build them one by one`);
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

function* concatenate(parts: readonly Iterable<Chunk>[]): Iterable<Chunk> {
  for (const part of parts) yield* part;
}

function deliver(target: string, chunks: Iterable<Chunk>, built: readonly Built[], form: Form): void {
  if (target === STDOUT_NAME) {
    for (const chunk of chunks) write(STDOUT, chunk);
    return;
  }
  replaceFile(target, chunks, form === 'script');
  const flows = built.reduce((n, b) => n + b.program.flows.length, 0);
  const from = built.map((b) => (b.path === STDIN ? 'standard input' : basename(b.path))).join(', ');
  write(STDERR, `wrote ${target} from ${from} (${flows} flow${flows === 1 ? '' : 's'})\n`);
}
