/** `wbfc check`: what is wrong with these programs? */
import { HostError } from '../project/host.ts';
import type { Compilation } from '../project/compile.ts';
import { discover } from '../project/discover.ts';
import type { Diagnostic } from '../diagnostics/types.ts';
import type { OpenFlowVersion } from '../openflow/types.ts';
import type { Format } from '../report/formats.ts';
import type { ReportBatch } from '../report/types.ts';
import type { ExitCode } from './exit.ts';
import { EXIT, UsageError } from './exit.ts';
import { compilePath, openProject, STDIN } from './load.ts';
import { lockFileOf } from './lock-file.ts';
import { nodeHost } from './node-host.ts';
import { complain, STDOUT } from './output.ts';
import { batchOf, show } from './show.ts';

export interface CheckOptions {
  readonly of?: OpenFlowVersion;
  readonly root?: string;
  readonly format: Format;
  readonly color?: boolean;
}

export async function check(paths: readonly string[], options: CheckOptions): Promise<ExitCode> {
  const named = paths.filter((p) => p !== STDIN);
  if (paths.length - named.length > 1) throw new UsageError('standard input (-) can be read only once');
  const { files, failures } = discover(nodeHost, named);
  const unreadable: HostError[] = [...failures];
  const batches: ReportBatch[] = [];
  const project = openProject(options.root);
  const once = new Once();
  const locks = new Set<string | null>();
  let hasErrors = false;
  for (const path of named.length < paths.length ? [STDIN, ...files] : files) {
    try {
      const lockFile = await lockFileOf(path);
      const broken = lockFile.diagnostics.length > 0;
      // Told once for all the programs beside it.
      if (broken && !locks.has(lockFile.path)) batches.push(batchOf(lockFile));
      locks.add(lockFile.path);
      const compilation = compilePath(path, project, { version: options.of ?? null, lock: lockFile.lock });
      hasErrors ||= compilation.hasErrors || broken;
      batches.push(batchOf({ ...compilation, diagnostics: once.of(compilation) }));
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

/** What is wrong with a module is told once, though several programs import it and it is checked by itself. */
class Once {
  private readonly told = new Set<string>();
  private readonly identities = new Map<string, string>();

  of({ files, diagnostics }: Compilation): readonly Diagnostic[] {
    return diagnostics.filter(({ code, message, place: { file, start, end } }) => {
      const path = files[file]?.path;
      if (path === undefined) return true;
      const key = `${this.identity(path)}\n${start}-${end} ${code} ${message}`;
      if (this.told.has(key)) return false;
      this.told.add(key);
      return true;
    });
  }

  private identity(path: string): string {
    let known = this.identities.get(path);
    if (known === undefined) {
      known = nodeHost.identity(path);
      this.identities.set(path, known);
    }
    return known;
  }
}
