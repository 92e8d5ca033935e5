/** `wbfc check`: what is wrong with these programs? */
import { HostError } from '../project/host.ts';
import { discover } from '../project/discover.ts';
import type { OpenFlowVersion } from '../openflow/types.ts';
import type { Format } from '../report/formats.ts';
import type { ReportBatch } from '../report/types.ts';
import type { ExitCode } from './exit.ts';
import { EXIT, UsageError } from './exit.ts';
import { compilePath, STDIN } from './load.ts';
import { lockFileOf } from './lock-file.ts';
import { nodeHost } from './node-host.ts';
import { complain, STDOUT } from './output.ts';
import { batchOf, show } from './show.ts';

export interface CheckOptions {
  readonly of?: OpenFlowVersion;
  readonly format: Format;
  readonly color?: boolean;
}

export async function check(paths: readonly string[], options: CheckOptions): Promise<ExitCode> {
  const named = paths.filter((p) => p !== STDIN);
  if (paths.length - named.length > 1) throw new UsageError('standard input (-) can be read only once');
  const { files, failures } = discover(nodeHost, named);
  const unreadable: HostError[] = [...failures];
  const batches: ReportBatch[] = [];
  const locks = new Set<string | null>();
  let hasErrors = false;
  for (const path of named.length < paths.length ? [STDIN, ...files] : files) {
    try {
      const lockFile = await lockFileOf(path);
      const broken = lockFile.diagnostics.length > 0;
      // Told once for all the programs beside it.
      if (broken && !locks.has(lockFile.path)) batches.push(batchOf(lockFile));
      locks.add(lockFile.path);
      const compilation = compilePath(path, { version: options.of ?? null, lock: lockFile.lock });
      hasErrors ||= compilation.hasErrors || broken;
      batches.push(batchOf(compilation));
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      unreadable.push(error);
    }
  }
  for (const { path, reason } of unreadable) complain(`cannot read ${path}: ${reason}`);
  if (batches.length > 0 || options.format !== 'pretty') {
    await show(STDOUT, batches, { format: options.format, color: options.color });
  }
  if (unreadable.length > 0) return EXIT.usage;
  return hasErrors ? EXIT.errors : EXIT.ok;
}
