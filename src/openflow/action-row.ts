/** How a row of the table of actions is written. */
import type {
  ActionArgument,
  ActionInfo,
  ActionNeed,
  ActionWire,
  ArgumentType,
  PrerequisiteName,
} from './types.ts';
import type { Versions } from './versions.ts';

interface WireMore {
  readonly grows?: true;
  readonly when?: string;
}

const wire =
  (form: ActionWire['form']) =>
  (versions: Versions, number: number, bytes: number, more: WireMore = {}): ActionWire => ({
    versions,
    form,
    number,
    bytes,
    grows: more.grows === true,
    when: more.when ?? '',
  });

export const std = wire('standard');
export const nx = wire('nicira');
export const inst = wire('instruction');

/** The length of a set_field depends on the field. */
export const asSetField = (versions: Versions, when = 'as set_field'): ActionWire =>
  std(versions, 25, 16, { grows: true, when });
export const grows = { grows: true } as const;

export const arg = (
  name: string,
  type: ArgumentType,
  says: string,
  more: { optional?: boolean; words?: readonly string[] } = {},
): ActionArgument => ({ name, type, says, optional: more.optional ?? false, words: more.words ?? [] });
export const opt = (name: string, type: ArgumentType, says: string): ActionArgument =>
  arg(name, type, says, { optional: true });
export const word = (name: string, words: readonly string[], says: string): ActionArgument =>
  arg(name, 'keyword', says, { words });

export const hard = (...anyOf: PrerequisiteName[]): ActionNeed => ({ anyOf, strictness: 'hard' });
export const soft = (...anyOf: PrerequisiteName[]): ActionNeed => ({ anyOf, strictness: 'soft' });

type More = Partial<Omit<ActionInfo, 'name' | 'forms' | 'args' | 'wire' | 'summary'>>;

export function action<const N extends string>(
  name: N,
  forms: readonly string[],
  args: readonly ActionArgument[],
  wires: readonly ActionWire[],
  summary: string,
  more: More = {},
): ActionInfo<N> {
  return {
    name,
    aliases: more.aliases ?? [],
    instruction: more.instruction ?? false,
    forms,
    args,
    wire: wires,
    inActionSet: more.inActionSet ?? 'no',
    inCtExec: more.inCtExec ?? false,
    inClone: more.inClone ?? more.instruction !== true,
    needs: more.needs ?? null,
    checksOperands: more.checksOperands ?? false,
    instead: more.instead ?? null,
    summary,
  };
}

/** What some rows share. */
export const set = { inActionSet: 'yes' } as const;

/** What `bundle` and `multipath` can hash. */
export const HASH_FIELDS = [
  'eth_src',
  'symmetric_l4',
  'symmetric_l3l4',
  'symmetric_l3l4+udp',
  'nw_src',
  'nw_dst',
  'symmetric_l3',
];
