/** How a `select` group chooses: `selection_method = hash; selection_param = 7; fields = {ip_src, ip_dst/16}`. */
import type { Expr, RelationStatement } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/groups.ts';
import { noTlvMap } from '../diagnostics/codes/match.ts';
import { wrongKindFor } from '../diagnostics/codes/values.ts';
import type { GroupMod } from '../ir/types.ts';
import type { EvalContext } from './constants.ts';
import { fullMask, ones } from './domain.ts';
import { maskOf } from './masks.ts';
import { evaluateInt } from './numbers.ts';
import { elements, word } from './properties.ts';
import type { Properties } from './properties.ts';
import { report } from './report.ts';
import { kindOf, showName } from './show.ts';
import { ANY_PACKET } from './state.ts';
import { isUnmapped } from './tunnel-metadata.ts';
import { resolveField } from './values.ts';

export const SELECTION = ['selection_method', 'selection_param', 'fields'] as const;

const METHODS = ['hash', 'dp_hash'] as const;
const MAX_PARAM = (1n << 64n) - 1n;

type Selection = GroupMod['selection'];
type HashField = NonNullable<Selection>['fields'][number];

/** The selection; undefined where something is wrong with it, which is then reported. `type` null is unknown. */
export function readSelection(
  ctx: EvalContext,
  p: Properties,
  type: GroupMod['type'] | null,
): Selection | undefined {
  const [method, param, fields] = SELECTION.map((name) => p.get(name));
  const first = method ?? param ?? fields;
  if (first === undefined) return null;
  if (type !== null && type !== 'select') {
    const params = { property: nameOf(first), type };
    report(ctx, codes.selectionOutsideSelect, params, first.target.span);
    return undefined;
  }
  const which = method === undefined ? null : word(ctx, 'selection_method', method.value, METHODS);
  const number =
    param === undefined
      ? 0n
      : evaluateInt(ctx, param.value, { what: '`selection_param`', min: 0n, max: MAX_PARAM });
  const hashed = fields === undefined ? [] : elements(fields.value).map((e) => hashField(ctx, e));
  const useless = method === undefined ? first : which === 'dp_hash' ? fields : undefined;
  if (useless !== undefined) {
    const params = { property: nameOf(useless), method: 'hash' };
    report(ctx, codes.selectionWithout, params, useless.target.span);
    return undefined;
  }
  const seen = new Set<string>();
  for (const [i, found] of hashed.entries()) {
    const at = fields === undefined ? undefined : elements(fields.value)[i];
    if (found === null || at === undefined) continue;
    if (seen.has(found.field)) badField(ctx, at, found.field, 'it is there twice', 'OFPBMC_DUP_FIELD');
    seen.add(found.field);
  }
  if (which === null || number === null || hashed.includes(null)) return undefined;
  return { method: which, param: number, fields: hashed.filter((f) => f !== null) };
}

function nameOf(s: RelationStatement): string {
  return s.target.kind === 'name' ? showName(s.target) : s.target.value;
}

function badField(
  ctx: EvalContext,
  at: Expr,
  field: string,
  why: string,
  switchError?: 'OFPBMC_DUP_FIELD' | 'OFPBMC_BAD_FIELD' | 'OFPBMC_BAD_MASK',
): null {
  report(ctx, codes.badHashField, { field, why }, at.span, switchError === undefined ? {} : { switchError });
  return null;
}

/** `ip_src`, `ip_dst/255.255.0.0`, `reg0[0..15]` or the name of a register */
function hashField(ctx: EvalContext, expr: Expr): HashField | null {
  const name = expr.kind === 'masked' ? expr.value : expr;
  if (name.kind === 'missing') return null;
  if (name.kind !== 'name') {
    const params = { what: 'a field to hash', needed: 'a name', found: kindOf(name) };
    report(ctx, wrongKindFor, params, name.span);
    return null;
  }
  const found = resolveField(ctx, name, ANY_PACKET);
  if (found === null) return null;
  const { field, subfield } = found;
  if (field.headers.length === 0) return badField(ctx, name, field.name, 'no message can name it');
  if (isUnmapped(ctx, field)) {
    report(ctx, noTlvMap, { field: field.name }, name.span, { switchError: null });
    return null;
  }
  let mask = subfield === null ? fullMask(field) : ones(subfield.bits);
  if (expr.kind === 'masked') {
    const said = maskOf(ctx, expr.mask, found);
    if (said === null) return null;
    if (said === 0n) return badField(ctx, expr.mask, showName(name), 'no bit of it counts');
    mask = said;
  }
  mask <<= BigInt(subfield?.offset ?? 0);
  if (mask === fullMask(field)) return { field: field.name, mask: null };
  if (field.maskable) return { field: field.name, mask };
  return badField(ctx, expr, field.name, 'it counts as a whole only', 'OFPBMC_BAD_MASK');
}
