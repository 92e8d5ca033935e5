/** WBF7500-7519: mistakes in a data file itself, whichever values of it are used. */
import { define } from '../define.ts';

const CSV = `In a CSV file the first line names the columns, and every other line has one cell for each of them. Cells are separated by
commas; by tabs or semicolons where the first line has those and no comma. A cell that has the separator, a line break or a quote in
it stands in quotes, and a quote in it is written twice. Empty lines, and lines that begin with \`#\`, are left out.`;

export const dataSyntax = define<{ format: string; reason: string }>({
  code: 'WBF7500',
  title: 'a data file that cannot be read',
  message: ({ format, reason }) => `this is not ${format} that can be read: ${reason}`,
  explanation: `\`load\` reads CSV, JSON and YAML; the extension of the file's name says which. The place is in the data file. Nothing
of the file is used until it is mended.

${CSV}

JSON may have comments. YAML is version 1.2, one document in a file, its keys plain texts, without tags and without merge keys (\`<<\`).`,
});

export const dataFormat = define<{ extension: string; known: string }>({
  code: 'WBF7501',
  title: 'a data file of an unknown format',
  message: ({ extension, known }) =>
    `${extension === '' ? 'a file without an extension' : `a \`.${extension}\` file`} cannot be loaded: ${known} can`,
  explanation: `The extension of a data file's name says how it is read: \`.csv\` and \`.tsv\`, \`.json\`, \`.yaml\` and \`.yml\`. A
spreadsheet has to be saved as CSV first.`,
});

export const dataCells = define<{ cells: number; columns: number }>({
  code: 'WBF7502',
  title: 'a row with too few or too many cells',
  message: ({ cells, columns }) =>
    `this row has ${cells} cell${cells === 1 ? '' : 's'}, and the first line names ${columns} column${columns === 1 ? '' : 's'}`,
  explanation: `Which cell belongs to which column cannot be told of such a row.

${CSV}`,
});

export const dataColumn = define<{ column: number }>({
  code: 'WBF7503',
  title: 'a column without a name',
  message: ({ column }) => `column ${column} has no name`,
  explanation: `The first line of a CSV file names the columns: it is by these names that a program asks for cells. A separator at the
end of the line makes a column too.`,
});

export const dataRepeated = define<{ name: string }>({
  code: 'WBF7504',
  title: 'two columns or entries with one name',
  message: ({ name }) => `\`${name}\` is there already`,
  explanation: `A program that asks for this name could be given either. Give one of them another name, or take it out.`,
});

export const dataLimit = define<{ what: string }>({
  code: 'WBF7505',
  title: 'a data file past a limit',
  message: ({ what }) => what,
  explanation: `What a data file may have is bounded, so that none takes the compiler's memory: 64 Mi characters for CSV and JSON,
4 Mi characters for YAML, whose reader is slow, 4,000,000 values, and lists and records 64 deep. What stands behind an alias in YAML
counts as often as the alias is used.

Large tables are best kept as CSV.`,
});

export const dataMore = define<{ count: number }>({
  code: 'WBF7506',
  title: 'more mistakes in a data file',
  message: ({ count }) => `${count} more mistake${count === 1 ? '' : 's'} in this file from here on`,
  explanation: `Of one data file twenty mistakes are told. Often they have one cause, such as a separator that is another one.`,
});
