/** The files that the programs of a project import and load, over a host. */
import { nearest } from '../diagnostics/suggest.ts';
import type { FoundFile, Library, Missing, SourceFile } from '../expand/types.ts';
import { decodeSource, isHostError, type Host } from './host.ts';

export interface ProjectOptions {
  /** What `import` and `load` never leave; null or left out: see `rootOf`. */
  readonly root?: string | null;
  /** A text that is not that of the file, by `Host.identity`: what an editor has open. */
  readonly open?: (identity: string) => string | undefined;
}

/** Bytes that a file of a project may have. Above this nobody meant to write a program or a table. */
export const MAX_FILE_BYTES = 128 * 1024 * 1024;

type Read = { readonly kind: 'read'; readonly file: SourceFile } | Missing;

/** Several programs may share one: what it has read stays as it was then. */
export class Project {
  private readonly host: Host;
  private readonly options: ProjectOptions;
  private readonly read = new Map<string, Read>();
  /** The identities of all that was asked for, be it there or not. */
  readonly asked = new Set<string>();

  constructor(host: Host, options: ProjectOptions = {}) {
    this.host = host;
    this.options = options;
  }

  /** What the program at `main` finds. `main` is a path for the host; without a directory, it stands in the working directory. */
  library(main: string): Library {
    const home = this.host.identity(directoryOf(main) || '.');
    const { root: stated = null } = this.options;
    const root = stated === null ? rootOf(this.host, home) : this.host.identity(stated);
    return { find: (from, wanted) => this.find(from, wanted, home, root) };
  }

  private find(from: string, wanted: string, home: string, root: string): FoundFile | Missing {
    const path = normal(wanted.startsWith('/') ? wanted : `${directoryOf(from)}${wanted}`);
    const identity = this.host.identity(path);
    this.asked.add(identity);
    if (!within(root, identity)) return { kind: 'missing', why: 'outside', detail: root };
    const found = this.readOnce(path, identity);
    if (found.kind === 'missing')
      return found.why === 'absent' ? { ...found, detail: this.nearby(path, wanted, root) } : found;
    return {
      kind: 'found',
      file: found.file,
      identity,
      module: relative(home, identity).replace(/\.wbf$/, ''),
    };
  }

  /** What may have been meant: a file of the same directory, as the source would write it. */
  private nearby(path: string, wanted: string, root: string): string {
    const directory = directoryOf(path) || '.';
    const identity = this.host.identity(directory);
    if (identity !== root && !within(root, identity)) return '';
    try {
      if (this.host.kind(directory) !== 'directory') return '';
      const names = this.host.list(directory).flatMap(({ name, kind }) => (kind === 'file' ? [name] : []));
      const name = path.slice(path.lastIndexOf('/') + 1);
      const meant = names.includes(`${name}.wbf`) ? `${name}.wbf` : nearest(name, names);
      return meant === undefined ? '' : `${directoryOf(wanted)}${meant}`;
    } catch (error) {
      if (isHostError(error)) return '';
      throw error;
    }
  }

  private readOnce(path: string, identity: string): Read {
    const known = this.read.get(identity);
    if (known !== undefined) return known;
    const made = this.readFile(path, identity);
    this.read.set(identity, made);
    return made;
  }

  private readFile(path: string, identity: string): Read {
    const text = this.options.open?.(identity);
    if (text !== undefined) return { kind: 'read', file: { path, text } };
    const missing = (why: Missing['why'], detail = ''): Missing => ({ kind: 'missing', why, detail });
    try {
      const kind = this.host.kind(path);
      if (kind === undefined) return missing('absent');
      if (kind !== 'file') return missing('not a file', kind === 'directory' ? 'it is a directory' : '');
      if (this.host.size(path) > MAX_FILE_BYTES)
        return missing('too large', `more than ${MAX_FILE_BYTES / 1024 / 1024} MiB`);
      const { file, invalid } = decodeSource(path, this.host.read(path));
      return invalid === null ? { kind: 'read', file } : missing('not UTF-8', invalid.label);
    } catch (error) {
      if (!isHostError(error)) throw error;
      return missing('unreadable', error.reason);
    }
  }
}

/** The nearest directory at or above that has a `.git`; where there is none, the directory itself. */
function rootOf(host: Host, home: string): string {
  for (let at = home; ; at = at.slice(0, at.lastIndexOf('/'))) {
    if (hasGit(host, at)) return at === '' ? '/' : at;
    if (!at.includes('/')) return home;
  }
}

function hasGit(host: Host, directory: string): boolean {
  try {
    return host.kind(`${directory}/.git`) !== undefined;
  } catch (error) {
    // Who may not look there is not above the root of his own project.
    if (isHostError(error)) return false;
    throw error;
  }
}

function within(root: string, identity: string): boolean {
  return identity.startsWith(root.endsWith('/') ? root : `${root}/`);
}

/** With its slash; empty for none. */
function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** Without `.`, and without `..` but at the beginning. */
function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    const last = parts.at(-1);
    if (part === '..' && last !== undefined && last !== '..') parts.pop();
    else if (part !== '..' || !path.startsWith('/')) parts.push(part);
  }
  return (path.startsWith('/') ? '/' : '') + (parts.join('/') || '.');
}

/** From a directory to a file; both are identities. */
function relative(directory: string, file: string): string {
  const from = directory.split('/').filter((p) => p !== '');
  const to = file.split('/').filter((p) => p !== '');
  let common = 0;
  while (common < from.length && common < to.length - 1 && from[common] === to[common]) common++;
  return [...from.slice(common).map(() => '..'), ...to.slice(common)].join('/');
}
