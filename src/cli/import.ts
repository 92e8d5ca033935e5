/** `wbfc import`: from what ovs-ofctl reads and prints to a program. */
import { basename } from 'node:path';
import { importText } from '../import/import.ts';
import type { Imported } from '../import/import.ts';
import type { Format } from '../report/formats.ts';
import type { ExitCode } from './exit.ts';
import { EXIT, UsageError } from './exit.ts';
import { replaceFile } from './files.ts';
import { readSource, STDIN } from './load.ts';
import { nodeHost } from './node-host.ts';
import { STDERR, STDOUT, write } from './output.ts';
import { batchOf, show } from './show.ts';

export interface ImportCommandOptions {
  readonly output?: string;
  readonly keepGoing?: boolean;
  readonly bridge?: string;
  readonly format: Format;
  readonly color?: boolean;
}

const STDOUT_NAME = '-';

export async function importCommand(path: string, options: ImportCommandOptions): Promise<ExitCode> {
  const { output = STDOUT_NAME, keepGoing = false } = options;
  if (output !== STDOUT_NAME && path !== STDIN && nodeHost.identity(path) === nodeHost.identity(output))
    throw new UsageError(`${output} is the input and would be overwritten`);
  const { file, invalid } = readSource(path);
  const imported = importText(file, {
    name: nameFor(output === STDOUT_NAME ? path : output),
    bridge: options.bridge ?? null,
    keepGoing,
  });
  const diagnostics = [
    ...(invalid === null ? [] : [keepGoing ? ({ ...invalid, severity: 'warning' } as const) : invalid]),
    ...imported.diagnostics,
  ];
  const machine = options.format === 'json' || options.format === 'sarif';
  if (machine || diagnostics.length > 0)
    await show(STDERR, [batchOf({ files: [file], diagnostics })], {
      format: options.format,
      color: options.color,
    });
  if (imported.chunks === null || (invalid !== null && !keepGoing)) return EXIT.errors;
  if (output === STDOUT_NAME) for (const chunk of imported.chunks) write(STDOUT, chunk);
  else {
    replaceFile(output, imported.chunks, false);
    if (!machine) write(STDERR, `wrote ${output}: ${summary(imported)}\n`);
  }
  return EXIT.ok;
}

/** `dumps/br-int.flows` is the program `br_int`. */
function nameFor(path: string): string {
  return path === STDIN ? 'imported' : basename(path).replace(/\.[^.]*$/, '');
}

function summary({ flows, groups, meters, diagnostics }: Imported): string {
  const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
  const parts = [count(flows, 'flow')];
  if (groups > 0) parts.push(count(groups, 'group'));
  if (meters > 0) parts.push(count(meters, 'meter'));
  if (diagnostics.length > 0) parts.push(count(diagnostics.length, 'warning'));
  return parts.join(', ');
}
