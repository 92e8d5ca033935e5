/** From what a user names, files and directories, to the programs that are meant. */
import type { Host } from './host.ts';
import { HostError } from './host.ts';

export interface Discovery {
  /** Each file once, in the order in which they were named; those of a directory by path. */
  readonly files: readonly string[];
  /** What could not be read. */
  readonly failures: readonly HostError[];
}

const EXTENSION = '.wbf';

export function discover(host: Host, paths: readonly string[]): Discovery {
  const files: string[] = [];
  const failures: HostError[] = [];
  const seen = new Set<string>();

  const once = (path: string): boolean => {
    const identity = host.identity(path);
    if (seen.has(identity)) return false;
    seen.add(identity);
    return true;
  };

  /** The programs in a directory that has not been visited, which ends loops of symbolic links. */
  const search = (directory: string): boolean => {
    let found = false;
    const entries = [...host.list(directory)].sort((a, b) =>
      a.name < b.name ? -1 : a.name > b.name ? 1 : 0,
    );
    for (const { name, kind } of entries) {
      const path = join(directory, name);
      if (kind === 'directory') {
        if (name.startsWith('.') || name === 'node_modules' || !once(path)) continue;
        found = attempt(() => search(path)) || found;
      } else if (name.endsWith(EXTENSION) && name !== EXTENSION) {
        found = true;
        if (kind === 'other') failures.push(new HostError(path, 'not a regular file'));
        else if (once(path)) files.push(path);
      }
    }
    return found;
  };

  const attempt = (visit: () => boolean): boolean => {
    try {
      return visit();
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      failures.push(error);
      return true;
    }
  };

  for (const path of paths) {
    attempt(() => {
      const kind = host.kind(path);
      if (kind === undefined) throw new HostError(path, 'no such file or directory');
      if (kind === 'directory') {
        once(path);
        if (!search(path)) throw new HostError(path, 'there is no .wbf file in this directory');
      } else if (once(path)) files.push(path);
      return true;
    });
  }
  return { files, failures };
}

function join(directory: string, name: string): string {
  if (directory === '.' || directory === './') return name;
  return directory.endsWith('/') ? directory + name : `${directory}/${name}`;
}
