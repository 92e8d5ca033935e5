/** Every diagnostic there is, by code. Loaded where one is to be explained. */
import type { Definition } from '../diagnostics/define.ts';
import { COMPILER_CODES } from '../diagnostics/codes/index.ts';
import * as importFiles from '../diagnostics/codes/import-files.ts';
import * as importReader from '../diagnostics/codes/import.ts';
import * as push from '../diagnostics/codes/push.ts';
import * as build from './build-codes.ts';
import { internalError } from '../service/internal.ts';

/** A definition without its message, whose parameters differ from one to the next. */
export type AnyDefinition = Omit<Definition<never>, 'message'>;

const isDefinition = (value: unknown): value is AnyDefinition =>
  typeof value === 'object' && value !== null && 'code' in value && 'explanation' in value;

const MODULES: readonly object[] = [
  ...COMPILER_CODES,
  importFiles,
  importReader,
  push,
  build,
  { internalError },
];

/** Each once, though some modules pass on what others declare. */
export const DEFINITIONS: readonly AnyDefinition[] = [
  ...new Set(MODULES.flatMap((module) => Object.values(module).filter(isDefinition))),
].sort((a, b) => (a.code < b.code ? -1 : 1));

export function definitionOf(code: string): AnyDefinition | undefined {
  return DEFINITIONS.find((d) => d.code === code);
}
