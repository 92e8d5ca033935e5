/** Choosing by a hash: `bundle`, `bundle_load` and `multipath` (ovs-actions(7)). */
import type { CallExpr, CommandStatement, Expr } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/actions.ts';
import type { Action, HashFields } from '../ir/types.ts';
import { actionInfo } from '../openflow/actions.ts';
import { bareWord, missing, numberOf, oneOf, readArguments, readCallExpr } from './action-args.ts';
import type { Arguments } from './action-args.ts';
import { subfieldRef, tagFor, written } from './action-assign.ts';
import type { ActionList } from './action-list.ts';
import { kindOf, showTarget } from './show.ts';
import type { ResolvedField } from './types.ts';
import { evaluatePort } from './values.ts';

type Bundle = Extract<Action, { kind: 'bundle' }>;
type Multipath = Extract<Action, { kind: 'multipath' }>;

const BUNDLE_ALGORITHMS = ['active_backup', 'hrw'] as const satisfies readonly Bundle['algorithm'][];
const MULTIPATH_ALGORITHMS = [
  'modulo_n',
  'hash_threshold',
  'hrw',
  'iter_hash',
] as const satisfies readonly Multipath['algorithm'][];

const MAX_MEMBERS = 2048;
/** A port has as many. */
const PORT_BITS = 16;
const CONTROLLER = 0xfffffffd;
const NO_PORT = 0xffffffff;

const BUNDLE = 'fields = …, basis = NUMBER, algorithm = hrw, members = [PORT, …]';

/** Says what is not there, of the statement or the call. */
type Missing = (what: string) => null;

/** Are these arguments there? What is missing is reported, once. */
function complete(args: Arguments, names: readonly string[], lacks: Missing): boolean {
  const gone = names.filter((name) => args.value(name) === undefined).map((name) => `\`${name}\``);
  const last = gone.pop();
  if (!args.sound || last === undefined) return args.sound;
  lacks(gone.length === 0 ? last : `${gone.join(', ')} and ${last}`);
  return false;
}

/** `bundle(fields = symmetric_l4, basis = 0, algorithm = hrw, members = [1, 2, uplink])` */
export function bundle(list: ActionList, s: CommandStatement): Action | null {
  const form = `bundle(${BUNDLE})`;
  const args = readArguments(list, s, { values: ['fields', 'basis', 'algorithm', 'members'], form });
  const parts = bundleOf(list, args, 'bundle', (what) => missing(list, s, what, form));
  return parts === null ? null : { kind: 'bundle', ...parts, destination: null };
}

/** `reg0[0..15] = bundle_load(fields = symmetric_l4, basis = 0, algorithm = hrw, members = [1, 2, uplink])` */
export function bundleLoad(list: ActionList, target: ResolvedField, call: CallExpr): Action | null {
  const action = call.name.text;
  const form = `FIELD = bundle_load(${BUNDLE})`;
  const args = readCallExpr(list, call, { values: ['fields', 'basis', 'algorithm', 'members'], form });
  const parts = bundleOf(list, args, action, (what) =>
    list.error(codes.missingPart, { action, what, form }, call.span),
  );
  const held = holds(list, target, action, PORT_BITS);
  if (parts === null || !held) return null;
  return { kind: 'bundle', ...parts, destination: subfieldRef(target) };
}

function bundleOf(
  list: ActionList,
  args: Arguments,
  action: string,
  lacks: Missing,
): Pick<Bundle, 'fields' | 'basis' | 'algorithm' | 'members'> | null {
  const whole = complete(args, ['fields', 'algorithm', 'members'], lacks);
  const basis = numberOf(list, args, 'basis', { what: '`basis`', max: 0xffff });
  const fields = hashFields(list, args);
  const algorithm = wordOf(list, args, 'algorithm', BUNDLE_ALGORITHMS);
  const members = membersOf(list, args, action);
  if (!whole || basis === null || fields === null || algorithm === null || members === null) return null;
  return { fields, basis: basis ?? 0, algorithm, members };
}

/** `reg0[0..15] = multipath(fields = eth_src, basis = 50, algorithm = modulo_n, n_links = 4, arg = 0)` */
export function multipath(list: ActionList, target: ResolvedField, call: CallExpr): Action | null {
  const action = call.name.text;
  const form = 'FIELD = multipath(fields = …, basis = NUMBER, algorithm = …, n_links = NUMBER, arg = NUMBER)';
  const args = readCallExpr(list, call, {
    values: ['fields', 'basis', 'algorithm', 'n_links', 'arg'],
    form,
  });
  const lacks: Missing = (what) => list.error(codes.missingPart, { action, what, form }, call.span);
  const whole = complete(args, ['fields', 'algorithm', 'n_links'], lacks);
  const basis = numberOf(list, args, 'basis', { what: '`basis`', max: 0xffff });
  const fields = hashFields(list, args);
  const algorithm = wordOf(list, args, 'algorithm', MULTIPATH_ALGORITHMS);
  const links = numberOf(list, args, 'n_links', { what: '`n_links`', min: 1, max: 0x10000 });
  const arg = numberOf(list, args, 'arg', { what: '`arg`', max: 0xffffffff });
  const needed = links === undefined || links === null ? 1 : Math.max(1, Math.ceil(Math.log2(links)));
  const held = holds(list, target, action, needed);
  if (!whole || basis === null || fields === null || algorithm === null || arg === null) return null;
  if (links === undefined || links === null || !held) return null;
  return {
    kind: 'multipath',
    fields,
    basis: basis ?? 0,
    algorithm,
    links,
    arg: arg ?? 0,
    destination: subfieldRef(target),
  };
}

const FIELDS = actionInfo('bundle').args.find((a) => a.name === 'fields')?.words ?? [];

/** A word, or in quotes the one that has a sign in it: `"symmetric_l3l4+udp"`. */
function hashFields(list: ActionList, args: Arguments): HashFields | null {
  const expr = args.value('fields');
  if (expr === undefined) return null;
  const words = FIELDS as readonly HashFields[];
  const quoted = expr.kind === 'string' ? words.find((w) => w === expr.value) : undefined;
  return quoted ?? oneOf(list, expr, '`fields`', words);
}

function wordOf<W extends string>(
  list: ActionList,
  args: Arguments,
  name: string,
  words: readonly W[],
): W | null {
  const expr = args.value(name);
  return expr === undefined ? null : oneOf(list, expr, `\`${name}\``, words);
}

function membersOf(list: ActionList, args: Arguments, action: string): number[] | null {
  const expr = args.value('members');
  if (expr === undefined) return null;
  if (expr.kind === 'missing') return list.fail();
  if (expr.kind !== 'list') {
    const form = 'members = [PORT, …]';
    return list.error(codes.unexpectedPart, { action, what: kindOf(expr), form }, expr.span);
  }
  const count = expr.elements.length;
  if (count > MAX_MEMBERS) {
    return list.error(codes.tooManyMembers, { count, max: MAX_MEMBERS }, expr.span);
  }
  if (count === 0) list.warn(codes.noMembers, { action }, expr.span);
  const members = expr.elements.map((e) => memberOf(list, e));
  return members.every((m) => m !== null) ? members : null;
}

function memberOf(list: ActionList, expr: Expr): number | null {
  const word = bareWord(expr);
  // A place that is never chosen.
  if (word === 'none' || word === 'any') return NO_PORT;
  const port = evaluatePort(list.ctx, expr, 'output');
  if (port === null) return list.fail();
  if (port === CONTROLLER) return list.error(codes.notAMember, { port: 'controller' }, expr.span);
  return port;
}

/** May the result be written there, and does it fit? */
function holds(list: ActionList, target: ResolvedField, action: string, needed: number): boolean {
  const { field, node } = target;
  const shown = showTarget(target);
  list.needs(field.prerequisite, `\`${shown}\``, node.span);
  tagFor(list, target);
  written(list, field);
  const { bits } = subfieldRef(target);
  if (field.headers[0]?.experimenter !== null) {
    list.error(codes.longFieldNumber, { field: field.name, action }, node.span);
    return false;
  }
  if (bits < needed) {
    list.error(codes.tooNarrow, { target: shown, bits, needed, action }, node.span);
    return false;
  }
  return fitsName(list, target, action);
}

/** The width of a subfield in a message of such actions has 6 bits. */
const MAX_BITS = 64;

/** Can the action name so many bits? */
export function fitsName(list: ActionList, target: ResolvedField, action: string): boolean {
  const { bits } = subfieldRef(target);
  if (bits <= MAX_BITS) return true;
  list.error(codes.tooWideOperand, { target: showTarget(target), bits, action }, target.node.span);
  return false;
}
