/** Paths as the repository has them, for reports that are read elsewhere. */
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { SOURCES } from '../std/sources.ts';

function rootAbove(directory: string): string | null {
  for (let at = directory; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return null;
  }
}

/**
 * Maps a path to one relative to the root of the repository of the working directory, or of the first file when
 * the working directory is in none; without any repository, to the working directory. Null for files outside.
 */
export function repositoryPaths(paths: readonly string[]): (path: string) => string | null {
  const cwd = process.cwd();
  const first = paths[0];
  const root = rootAbove(cwd) ?? (first === undefined ? null : rootAbove(dirname(resolve(first)))) ?? cwd;
  return (path) => {
    if (path.startsWith('<')) return path;
    // The standard library is in no repository but ours.
    if (Object.hasOwn(SOURCES, path)) return null;
    const inside = relative(root, resolve(path));
    if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return null;
    return inside.split(sep).join('/');
  };
}
