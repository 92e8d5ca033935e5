// Holds the code to the table of ARCHITECTURE.md: which room may import from which, and what from outside.
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Room {
  /** `src/check`, without a slash at the end. */
  readonly path: string;
  /** How other rows call it: `check`. */
  readonly name: string;
  /** The cell "may import", as written. */
  readonly cell: string;
}

/** What a room may import: other rooms by name, packages, `node:*`. */
interface Permission {
  readonly rooms: ReadonlySet<string>;
  readonly packages: readonly string[];
  readonly node: boolean;
}

/** The rows of the table that says what rooms may import. */
function readRooms(markdown: string): Room[] {
  return [...markdown.matchAll(/^\| `([\w/]+)\/` \|[^|]*\|([^|]*)\|$/gm)].map(([, path = '', cell = '']) => ({
    path,
    name: path.split('/').at(-1) ?? path,
    cell: cell.trim(),
  }));
}

function readPermissions(rooms: readonly Room[]): Map<string, Permission> {
  const byName = new Map<string, Permission>();
  const names = rooms.map((room) => room.name);
  const at = (name: string): Permission => {
    const found = byName.get(name);
    if (found === undefined) throw new Error(`ARCHITECTURE.md names \`${name}\` before its row`);
    return found;
  };
  rooms.forEach((room, row) => {
    const allowed = { rooms: new Set([room.name]), packages: [] as string[], node: false };
    for (const part of room.cell.split(/[,;]/).map((text) => text.trim())) {
      const quoted = /^`([\w:*]+)`( and what it may import)?$/.exec(part);
      if (part === 'nothing' || part === 'nothing of ours') continue;
      else if (part === 'all of the above') names.slice(0, row).forEach((name) => allowed.rooms.add(name));
      else if (part === 'everything') names.forEach((name) => allowed.rooms.add(name));
      else if (quoted?.[1] === 'node:*') allowed.node = true;
      else if (quoted?.[1] !== undefined && names.includes(quoted[1])) {
        allowed.rooms.add(quoted[1]);
        if (quoted[2] !== undefined) at(quoted[1]).rooms.forEach((name) => allowed.rooms.add(name));
      } else if (/^[a-z][\w-]*$/.test(part)) allowed.packages.push(part);
      else throw new Error(`ARCHITECTURE.md, \`${room.path}/\`: cannot read "${part}"`);
    }
    byName.set(room.name, allowed);
  });
  return byName;
}

const markdown = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
const rooms = readRooms(markdown);
const permissions = readPermissions(rooms);

/** The room of a file, given its path from the root; undefined outside of all. */
function roomOf(path: string): Room | undefined {
  return rooms.find((room) => path.startsWith(`${room.path}/`));
}

function sourceFiles(): string[] {
  return ['grammar', 'src', 'lsp'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:ts|mts|cts|js|mjs|cjs)$/.test(name) && !/\.d\.ts$/.test(name))
      .filter((name) => !/(?:^|\/)(?:node_modules|dist)\//.test(name))
      .map((name) => `${folder}/${name}`),
  );
}

/** Every module that a file names: static and dynamic imports, of types too, re-exports and `require`. */
function imports(text: string): string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map((file) => file.fileName);
}

/** Why a file may not import a module; undefined where it may. */
function objection(file: string, specifier: string): string | undefined {
  const room = roomOf(file);
  if (room === undefined) return `${file} is in no room of ARCHITECTURE.md`;
  const may = permissions.get(room.name);
  if (may === undefined) return undefined;
  const wrong = `${file} imports ${specifier}, and ${room.path}/ may import: ${room.cell}`;
  if (specifier.startsWith('.')) {
    const target = relative(root, join(root, dirname(file), specifier));
    // The version of the package, wherever it is needed.
    if (target === 'package.json') return undefined;
    const to = roomOf(target);
    return to !== undefined && may.rooms.has(to.name) ? undefined : wrong;
  }
  if (isBuiltin(specifier)) {
    if (!specifier.startsWith('node:')) return `${file} imports ${specifier} without \`node:\``;
    return may.node ? undefined : wrong;
  }
  // `vscode-languageserver` stands for its family: `vscode`, `vscode-languageclient`, `vscode-languageserver/node`.
  const known = may.packages.some((name) => {
    const family = name.split('-')[0] ?? name;
    return specifier === family || specifier.startsWith(`${family}-`) || specifier.startsWith(`${name}/`);
  });
  return known ? undefined : wrong;
}

describe('the table of ARCHITECTURE.md', () => {
  test('has a row for every room, and no other', () => {
    const used = new Set(sourceFiles().map((file) => roomOf(file)?.path ?? `${dirname(file)} (no row)`));
    expect(rooms.length).toBeGreaterThan(8);
    expect([...used].sort()).toEqual(rooms.map((room) => room.path).sort());
  });

  test('keeps what is special in its place', () => {
    const having = (has: (may: Permission) => boolean): string[] =>
      rooms.flatMap((room) => (has(permissions.get(room.name)!) ? [room.path] : []));
    const importing = (name: string): string[] => having((may) => may.packages.includes(name));
    expect(importing('chevrotain')).toEqual(['grammar']);
    expect(importing('commander')).toEqual(['src/cli']);
    expect(importing('vscode-languageserver')).toEqual(['lsp']);
    expect(having((may) => may.node)).toEqual(['src/push', 'src/cli', 'lsp']);
    expect(having((may) => may.rooms.has('push'))).toEqual(['src/push', 'src/cli']);
  });

  test('has no arrow back', () => {
    const back = rooms.flatMap(({ name }) =>
      [...permissions.get(name)!.rooms].filter(
        (other) => other !== name && permissions.get(other)!.rooms.has(name),
      ),
    );
    expect(back).toEqual([]);
  });
});

test('every import follows the table', () => {
  const objections = sourceFiles().flatMap((file) =>
    imports(readFileSync(join(root, file), 'utf8')).flatMap((specifier) => objection(file, specifier) ?? []),
  );
  expect(objections).toEqual([]);
});

test('the check itself sees every kind of import', () => {
  const text = `
    import a, { type B } from './a.ts';
    import type { C } from '../c.ts';
    export * from 'd';
    const e = await import('node:fs');
    // import f from 'f';`;
  expect(imports(text).sort()).toEqual(['../c.ts', './a.ts', 'd', 'node:fs']);
  expect(objection('src/check/x.ts', '../emit/y.ts')).toContain('src/check/ may import');
  expect(objection('src/check/x.ts', '../../grammar/ast.ts')).toBeUndefined();
  expect(objection('src/ir/x.ts', 'node:fs')).toContain('src/ir/ may import');
  expect(objection('src/push/x.ts', 'fs')).toContain('without `node:`');
  expect(objection('src/emit/x.ts', 'chevrotain')).toContain('src/emit/ may import');
  expect(objection('lsp/x.ts', 'vscode-languageserver-textdocument')).toBeUndefined();
  expect(objection('src/project/x.ts', '../push/y.ts')).toContain('src/project/ may import');
});

describe('files do one thing', () => {
  /** A file past this is looked at; past the second number it needs a reason. */
  const soft = 300;
  const hard = 400;

  const reasons: Readonly<Record<string, string>> = {
    'grammar/scanner.ts': 'one loop over the characters; taken apart it is slower',
    'src/openflow/error-texts.ts': 'data: an explanation for each of 198 errors',
    'src/openflow/errors.ts': 'data: the errors of OpenFlow 1.0 to 1.5 and of Open vSwitch',
    'src/std/sources.ts': 'generated from the .wbf files beside it',
    'src/project/shapes.ts': 'the quick road for flows of a known shape; its parts share one state',
  };

  const lines = new Map(
    sourceFiles().map((file) => [file, readFileSync(join(root, file), 'utf8').split('\n').length - 1]),
  );

  test(`none has more than ${hard} lines without a reason`, () => {
    const long = [...lines]
      .filter(([, n]) => n > soft && n <= hard)
      .map(([file, n]) => `${file}: ${n} lines`);
    if (long.length > 0) console.warn(`past the soft limit of ${soft} lines:\n${long.join('\n')}`);
    expect([...lines].filter(([file, n]) => n > hard && !(file in reasons))).toEqual([]);
  });

  test('no reason is left over', () => {
    expect(Object.keys(reasons).filter((file) => (lines.get(file) ?? 0) <= soft)).toEqual([]);
  });
});
