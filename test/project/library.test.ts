import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeHost } from '../../src/cli/node-host.ts';
import type { ProjectOptions } from '../../src/project/library.ts';
import { MAX_FILE_BYTES, Project } from '../../src/project/library.ts';

let directory: string;
let before: string;

beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'wbfc-library-')));
  before = process.cwd();
  process.chdir(directory);
});

afterEach(() => {
  process.chdir(before);
  rmSync(directory, { recursive: true, force: true });
});

function put(path: string, text = ''): void {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), text);
}

/** `path module`, or why it is not there. */
function find(main: string, from: string, wanted: string, options: ProjectOptions = {}): string {
  const found = new Project(nodeHost, options).library(main).find(from, wanted);
  return found.kind === 'found'
    ? `${found.file.path} ${found.module}`
    : `${found.why} ${found.detail}`.trim();
}

describe('a path is relative to the file in which it stands', () => {
  test('and shown from the working directory; a module is known from the directory of the program', () => {
    put('.git/HEAD');
    put('site/main.wbf');
    put('site/lib/acl.wbf', 'const a = 1');
    put('common/hosts.csv', 'ip\n');
    expect(find('site/main.wbf', 'site/main.wbf', 'lib/acl.wbf')).toBe('site/lib/acl.wbf lib/acl');
    expect(find('site/main.wbf', 'site/lib/acl.wbf', '../../common/hosts.csv')).toBe(
      'common/hosts.csv ../common/hosts.csv',
    );
    expect(find(`${directory}/site/main.wbf`, `${directory}/site/main.wbf`, './lib/acl.wbf')).toBe(
      `${directory}/site/lib/acl.wbf lib/acl`,
    );
  });

  test('from standard input, to the working directory', () => {
    put('lib/acl.wbf');
    expect(find('<stdin>', '<stdin>', 'lib/acl.wbf')).toBe('lib/acl.wbf lib/acl');
  });

  test('two ways to one file have one identity, and it is read once', () => {
    put('a/x.wbf', 'const a = 1');
    symlinkSync('a', join(directory, 'b'));
    const library = new Project(nodeHost).library('main.wbf');
    const [one, other] = [library.find('main.wbf', 'a/x.wbf'), library.find('main.wbf', 'b/x.wbf')];
    if (one.kind !== 'found' || other.kind !== 'found') throw new Error('not found');
    expect(one.identity).toBe(other.identity);
    expect(one.file).toBe(other.file);
    expect(one.module).toBe('a/x');
    writeFileSync(join(directory, 'a/x.wbf'), 'const b = 2');
    const again = library.find('main.wbf', 'a/x.wbf');
    expect(again.kind === 'found' && again.file.text).toBe('const a = 1');
  });
});

describe('nothing outside of the root', () => {
  test('which is the repository', () => {
    put('repo/.git/HEAD');
    put('repo/a/main.wbf');
    put('repo/x.wbf');
    put('secret.csv');
    expect(find('repo/a/main.wbf', 'repo/a/main.wbf', '../x.wbf')).toBe('repo/x.wbf ../x');
    expect(find('repo/a/main.wbf', 'repo/a/main.wbf', '../../secret.csv')).toBe(`outside ${directory}/repo`);
    expect(find('repo/a/main.wbf', 'repo/a/main.wbf', '/etc/hostname')).toBe(`outside ${directory}/repo`);
    // Whether it is there is nobody's business.
    expect(find('repo/a/main.wbf', 'repo/a/main.wbf', '../../absent.csv')).toBe(`outside ${directory}/repo`);
  });

  test('or, outside of one, the directory of the program', () => {
    put('a/main.wbf');
    put('x.wbf');
    put('ab/x.wbf');
    expect(find('a/main.wbf', 'a/main.wbf', '../x.wbf')).toBe(`outside ${directory}/a`);
    expect(find('a/main.wbf', 'a/main.wbf', '../ab/x.wbf')).toBe(`outside ${directory}/a`);
  });

  test('or what is said', () => {
    put('a/main.wbf');
    put('x.wbf');
    expect(find('a/main.wbf', 'a/main.wbf', '../x.wbf', { root: '.' })).toBe('x.wbf ../x');
    expect(find('a/main.wbf', 'a/main.wbf', '../x.wbf', { root: 'a' })).toBe(`outside ${directory}/a`);
  });

  test('links are followed first', () => {
    put('repo/.git/HEAD');
    put('repo/main.wbf');
    put('secret.csv');
    put('repo/real/hosts.csv');
    symlinkSync('../secret.csv', join(directory, 'repo/hosts.csv'));
    symlinkSync('..', join(directory, 'repo/up'));
    symlinkSync('real', join(directory, 'repo/inside'));
    expect(find('repo/main.wbf', 'repo/main.wbf', 'hosts.csv')).toBe(`outside ${directory}/repo`);
    expect(find('repo/main.wbf', 'repo/main.wbf', 'up/secret.csv')).toBe(`outside ${directory}/repo`);
    expect(find('repo/main.wbf', 'repo/main.wbf', 'inside/hosts.csv')).toBe(
      'repo/inside/hosts.csv real/hosts.csv',
    );
  });
});

test('what is not there may be called nearly so', () => {
  put('a/main.wbf');
  put('a/lib/acl.wbf');
  put('a/hosts.csv');
  put('secret.csv');
  expect(find('a/main.wbf', 'a/main.wbf', 'lib/acl')).toBe('absent lib/acl.wbf');
  expect(find('a/main.wbf', 'a/main.wbf', './host.csv')).toBe('absent ./hosts.csv');
  expect(find('a/main.wbf', 'a/main.wbf', 'nothing/like/it')).toBe('absent');
  expect(find('a/main.wbf', 'a/main.wbf', 'zzz.csv')).toBe('absent');
});

describe('what cannot be read', () => {
  test.each<[string, string, () => void]>([
    ['nothing.wbf', 'absent', (): void => undefined],
    ['no/thing.wbf', 'absent', (): void => undefined],
    ['lib', 'not a file it is a directory', (): void => put('lib/x.wbf')],
    ['dangling.wbf', 'absent', (): void => symlinkSync('gone.wbf', join(directory, 'dangling.wbf'))],
    [
      'latin.csv',
      'not UTF-8 byte 0xfc at offset 4',
      (): void => {
        writeFileSync(join(directory, 'latin.csv'), Buffer.from('ip,z\xfcrich\n', 'latin1'));
      },
    ],
    [
      'large.csv',
      'too large more than 128 MiB',
      (): void => {
        put('large.csv');
        truncateSync(join(directory, 'large.csv'), MAX_FILE_BYTES + 1);
      },
    ],
  ])('%s: %s', (wanted, why, prepare) => {
    prepare();
    expect(find('main.wbf', 'main.wbf', wanted)).toBe(why);
  });

  test('a file in the place of a directory', () => {
    put('lib');
    expect(find('main.wbf', 'main.wbf', 'lib/x.wbf')).toMatch(/^(absent|unreadable .*)$/);
  });
});

test('a text that an editor has open comes before the file', () => {
  put('x.wbf', 'const a = 1');
  const open = (identity: string): string | undefined =>
    identity === join(directory, 'x.wbf') ? 'const a = 2' : undefined;
  const found = new Project(nodeHost, { open }).library('main.wbf').find('main.wbf', 'x.wbf');
  expect(found).toMatchObject({ kind: 'found', file: { path: 'x.wbf', text: 'const a = 2' } });
});
