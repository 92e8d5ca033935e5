/** Every diagnostic there is, by code. Loaded where one is to be explained. */
import type { Definition } from '../diagnostics/define.ts';
import * as actionForms from '../diagnostics/codes/action-forms.ts';
import * as actionHeaders from '../diagnostics/codes/action-headers.ts';
import * as actionLists from '../diagnostics/codes/action-lists.ts';
import * as actions from '../diagnostics/codes/actions.ts';
import * as bridge from '../diagnostics/codes/bridge.ts';
import * as match from '../diagnostics/codes/match.ts';
import * as names from '../diagnostics/codes/names.ts';
import * as program from '../diagnostics/codes/program.ts';
import * as push from '../diagnostics/codes/push.ts';
import * as syntax from '../diagnostics/codes/syntax.ts';
import * as values from '../diagnostics/codes/values.ts';
import { noText } from './build-codes.ts';
import { internalError } from '../service/internal.ts';

/** A definition without its message, whose parameters differ from one to the next. */
export type AnyDefinition = Omit<Definition<never>, 'message'>;

const isDefinition = (value: unknown): value is AnyDefinition =>
  typeof value === 'object' && value !== null && 'code' in value && 'explanation' in value;

const MODULES: readonly object[] = [
  actionForms,
  actionHeaders,
  actionLists,
  actions,
  bridge,
  match,
  names,
  program,
  push,
  syntax,
  values,
  { noText, internalError },
];

/** Each once, though some modules pass on what others declare. */
export const DEFINITIONS: readonly AnyDefinition[] = [
  ...new Set(MODULES.flatMap((module) => Object.values(module).filter(isDefinition))),
].sort((a, b) => (a.code < b.code ? -1 : 1));

export function definitionOf(code: string): AnyDefinition | undefined {
  return DEFINITIONS.find((d) => d.code === code);
}
