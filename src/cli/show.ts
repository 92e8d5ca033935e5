/** Prints a report. */
import type { Format } from '../report/formats.ts';
import { reporter } from '../report/formats.ts';
import type { ReportBatch, Rule } from '../report/types.ts';
import { wantsColor, write } from './output.ts';
import { VERSION } from './version.ts';

export interface ShowOptions {
  readonly format: Format;
  /** `--color`, `--no-color`, or neither. */
  readonly color: boolean | undefined;
}

/** What of a compilation a report needs. The text of files without diagnostics is let go. */
export function batchOf({ files, diagnostics }: ReportBatch): ReportBatch {
  return diagnostics.length === 0 ? { files: [], diagnostics } : { files, diagnostics };
}

export async function show(fd: number, batches: readonly ReportBatch[], options: ShowOptions): Promise<void> {
  const report = await reporter(options.format);
  const found = batches.some((b) => b.diagnostics.length > 0);
  const machine = options.format !== 'pretty' && options.format !== 'concise';
  const paths = batches.flatMap((b) => b.files.map((f) => f.path));
  const repositoryPath = machine ? (await import('./repository.ts')).repositoryPaths(paths) : () => null;
  const rules = options.format === 'sarif' ? await import('./rules.ts') : null;
  const text = report(batches, {
    color: options.format === 'pretty' && found && (await wantsColor(fd, options.color)),
    version: VERSION,
    repositoryPath,
    rule: (code): Rule | undefined => rules?.definitionOf(code),
  });
  write(fd, text);
}
