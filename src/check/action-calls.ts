/** Actions on the right of `=`. */
import type { CallExpr } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/actions.ts';
import type { Action } from '../ir/types.ts';
import { numberOf, readCallExpr } from './action-args.ts';
import { subfieldRef, written } from './action-assign.ts';
import { bundleLoad, multipath } from './action-hash.ts';
import type { ActionList } from './action-list.ts';
import { showTarget } from './show.ts';
import { nearest } from '../diagnostics/suggest.ts';
import type { ResolvedField } from './types.ts';

/** Actions whose result is written with `=`, by name. */
const VALUES: ReadonlyMap<
  string,
  (list: ActionList, target: ResolvedField, call: CallExpr) => Action | null
> = new Map([
  ['check_pkt_larger', checkPktLarger],
  ['bundle_load', bundleLoad],
  ['multipath', multipath],
]);

export const VALUE_NAMES: readonly string[] = [...VALUES.keys()];

/** `field = action(…)` */
export function call(list: ActionList, target: ResolvedField, value: CallExpr): Action | null {
  const name = value.name.text;
  const handler = VALUES.get(name);
  if (handler === undefined) {
    const suggestion = nearest(name, VALUE_NAMES);
    return list.error(codes.unknownCall, { name, suggestion }, value.name.span);
  }
  if (list.level === 'exec') return list.error(codes.notInCt, { what: `\`${name}\`` }, value.span);
  const action = handler(list, target, value);
  return list.level === 'write' ? list.error(codes.notInActionSet, { action: name }, value.span) : action;
}

/** `reg0[0] = check_pkt_larger(1500)` */
function checkPktLarger(list: ActionList, target: ResolvedField, value: CallExpr): Action | null {
  const form = 'FIELD[BIT] = check_pkt_larger(LENGTH)';
  const args = readCallExpr(list, value, { values: ['length'], positional: 1, form });
  const size = numberOf(list, args, 'length', { what: 'the length', max: 0xffff });
  const destination = subfieldRef(target);
  list.needs(target.field.prerequisite, `\`${showTarget(target)}\``, target.node.span, {
    switchNotices: false,
  });
  written(list, target.field);
  if (args.sound && size === undefined) {
    return list.error(codes.missingPart, { action: value.name.text, what: 'a length', form }, value.span);
  }
  const { bits } = destination;
  const params = { what: '`check_pkt_larger`', field: showTarget(target), bits };
  if (bits !== 1 && list.refuses(codes.notOneBit, params, target.node.span)) return null;
  if (!args.sound || size === null || size === undefined) return null;
  return { kind: 'check_pkt_larger', size, destination };
}
