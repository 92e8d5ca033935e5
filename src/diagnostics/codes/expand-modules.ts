/** Files that a program imports or loads. WBF64xx. */
import { define } from '../define.ts';

export const missingFile = define<{ path: string; what: string }>({
  code: 'WBF6401',
  title: 'File that is not there',
  message: ({ path, what }) => `there is no ${what} ${JSON.stringify(path)}`,
  explanation:
    'The path of `import` and `load` is relative to the file that it stands in. `std/…` is what comes with the compiler.',
});

export const outsideRoot = define<{ path: string; root: string }>({
  code: 'WBF6402',
  title: 'File outside of the project',
  message: ({ path, root }) =>
    `${JSON.stringify(path)} leads out of the project${root === '' ? '' : ` (${root})`}`,
  explanation:
    'A program is made of files below its root: the directory given with `--root`, or the nearest one above that has a `.git`, or that of the file. Links are followed before this is judged. A program from elsewhere can then not read what it should not.',
});

export const unreadableFile = define<{ path: string; why: string }>({
  code: 'WBF6403',
  title: 'File that cannot be read',
  message: ({ path, why }) => `${JSON.stringify(path)} cannot be read: ${why}`,
  explanation: 'The file is there and the compiler cannot make text of it.',
});

export const importCycle = define<{ path: string }>({
  code: 'WBF6404',
  title: 'Files that import each other',
  message: ({ path }) => `${JSON.stringify(path)} imports this file, directly or by way of others`,
  explanation: 'Imports go one way. What two files need of each other belongs in a third that both import.',
});

export const importClash = define<{ name: string; path: string }>({
  code: 'WBF6405',
  title: 'Name that is imported and there already',
  message: ({ name, path }) => `${JSON.stringify(path)} declares \`${name}\`, which is there already`,
  explanation:
    'Without `as`, what a file declares is known here by the same names, and no two things may have one name. `import "x.wbf" as x` keeps them apart: they are `x.name` then.',
});

export const privateName = define<{ name: string }>({
  code: 'WBF6406',
  title: 'Private name of another file',
  message: ({ name }) => `\`${name}\` is private to its file`,
  explanation:
    'Everything that a file declares at its top level can be used by others, except names that begin with `_`.',
});

export const interpolatedPath = define<{ keyword: string }>({
  code: 'WBF6407',
  title: 'Path that is put together',
  message: ({ keyword }) => `the path of \`${keyword}\` is a plain text`,
  explanation: 'Which files a program is made of can be seen without compiling it.',
  example: {
    bad: 'const n = "x"\nimport "${n}.wbf"\n',
    good: 'const n = "x"\n',
  },
});

export const notATable = define<{ name: string; suggestion?: string | undefined }>({
  code: 'WBF6408',
  title: 'Extension of something that is no table',
  message: ({ name, suggestion }) =>
    `there is no table called \`${name}\`${suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`}`,
  explanation: '`extend table` adds flows to a table that this file or one that it imports declares.',
  example: {
    bad: 'table acl = 1 { miss = drop }\nextend table alc { flow { match { tcp } action { drop } } }\n',
    good: 'table acl = 1 { miss = drop }\nextend table acl { flow { match { tcp } action { drop } } }\n',
  },
});

export const extendAttribute = define<{ name: string }>({
  code: 'WBF6409',
  title: 'Property in an extension of a table',
  message: ({ name }) => `\`${name}\` belongs where the table is declared`,
  explanation:
    'An extension adds flows. What holds for the table as a whole, `miss` above all, is said once, where it is declared.',
  example: {
    bad: 'table acl = 1 { miss = drop }\nextend table acl { miss = drop }\n',
    good: 'table acl = 1 { miss = drop }\nextend table acl { flow { match { tcp } action { drop } } }\n',
  },
});

export const noLibrary = define<{ path: string }>({
  code: 'WBF6410',
  title: 'File of a program that has no other files',
  message: ({ path }) =>
    `${JSON.stringify(path)} cannot be read: this program was compiled as a text of its own`,
  explanation:
    'Whoever called the compiler gave it one file and no way to find others, as when a program is read from standard input.',
});

export const unknownStandard = define<{ path: string; suggestion?: string | undefined }>({
  code: 'WBF6411',
  title: 'Not in the standard library',
  message: ({ path, suggestion }) =>
    `the standard library has no ${JSON.stringify(path)}${suggestion === undefined ? '' : `; did you mean ${JSON.stringify(suggestion)}?`}`,
  explanation: 'Paths that begin with `std/` are those of the library that comes with the compiler.',
  example: { bad: 'import "std/apr"\n', good: 'const a = 1\n' },
});
