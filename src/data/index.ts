/** Data files to values that know where they stand. */
import { readCsv } from './csv.ts';
import { readJson } from './json.ts';
import { LIMITS, Problems } from './problems.ts';
import type { DataLimit, DataProblem } from './problems.ts';
import type { DataValue } from './types.ts';
import { readYaml } from './yaml.ts';

export type { DataFormat, DataLimit, DataProblem } from './problems.ts';
export { LIMITS } from './problems.ts';
export type * from './types.ts';

export interface DataFile {
  /** Null where nothing of the file is to be used; a problem says why. */
  readonly value: DataValue | null;
  readonly problems: readonly DataProblem[];
}

interface Format {
  readonly limit: DataLimit;
  readonly read: (text: string, problems: Problems) => DataValue | null;
}

const CSV: Format = { limit: 'characters', read: readCsv };
const JSON: Format = { limit: 'characters', read: readJson };
const YAML: Format = { limit: 'YAML characters', read: readYaml };

const FORMATS: ReadonlyMap<string, Format> = new Map([
  ['csv', CSV],
  ['tsv', CSV],
  ['json', JSON],
  ['yaml', YAML],
  ['yml', YAML],
]);

/** The endings of names of files that can be loaded, without their dot. */
export const DATA_EXTENSIONS: readonly string[] = [...FORMATS.keys()];

/** Reads a data file; the extension of its name says how. Never throws for what is in it. */
export function readData(path: string, text: string): DataFile {
  const problems = new Problems();
  const extension = /\.([^./\\]*)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  const format = FORMATS.get(extension);
  const start = { start: 0, end: 0 };
  if (format === undefined) problems.add({ kind: 'format', span: start, extension });
  else if (text.length > LIMITS[format.limit])
    problems.add({ kind: 'limit', span: start, limit: format.limit });
  const value = problems.all.length > 0 ? null : (format?.read(text, problems) ?? null);
  return { value, problems: problems.all };
}
