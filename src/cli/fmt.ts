/** `wbfc fmt`: programs in their house style. */
import { syntaxDiagnostic } from '../check/syntax.ts';
import type { Diagnostic } from '../diagnostics/types.ts';
import { format } from '../format/format.ts';
import { discover } from '../project/discover.ts';
import { HostError } from '../project/host.ts';
import type { Format } from '../report/formats.ts';
import type { ReportBatch } from '../report/types.ts';
import type { ExitCode } from './exit.ts';
import { EXIT, UsageError } from './exit.ts';
import { replaceFile } from './files.ts';
import { readSource, STDIN } from './load.ts';
import { nodeHost } from './node-host.ts';
import { complain, STDERR, STDOUT, write } from './output.ts';
import { show } from './show.ts';

export interface FmtOptions {
  readonly check?: boolean;
  readonly format: Format;
  readonly color?: boolean;
}

/** Formats files in place, and standard input to standard output. A file with syntax errors stays as it is. */
export async function fmt(paths: readonly string[], options: FmtOptions): Promise<ExitCode> {
  const { check = false } = options;
  const named = paths.filter((p) => p !== STDIN);
  if (named.length < paths.length && paths.length > 1) {
    throw new UsageError('standard input (-) is formatted to standard output, alone');
  }
  const { files, failures } = discover(nodeHost, named);
  const unreadable: HostError[] = [...failures];
  const batches: ReportBatch[] = [];
  let changed = false;
  for (const path of named.length < paths.length ? [STDIN] : files) {
    try {
      const { file, invalid } = readSource(path);
      const { text, errors } = invalid === null ? format(file.text) : { text: file.text, errors: [] };
      const diagnostics: readonly Diagnostic[] =
        invalid === null ? errors.map((error) => syntaxDiagnostic(error, file.text, 0)) : [invalid];
      if (diagnostics.length > 0) {
        batches.push({ files: [file], diagnostics });
        continue;
      }
      const differs = text !== file.text;
      changed ||= differs;
      if (path === STDIN && !check) write(STDOUT, text);
      else if (differs && !check) replaceFile(path, [text], false);
      if (differs && (check || path !== STDIN)) write(STDOUT, `${file.path}\n`);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      unreadable.push(error);
    }
  }
  for (const { path, reason } of unreadable) complain(`cannot read ${path}: ${reason}`);
  if (batches.length > 0) await show(STDERR, batches, { format: options.format, color: options.color });
  if (unreadable.length > 0) return EXIT.usage;
  return batches.length > 0 || (check && changed) ? EXIT.errors : EXIT.ok;
}
