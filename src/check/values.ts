/** Expressions typed by the field they stand beside. */
import type { Expr, FlagsExpr, MaskedExpr } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/values.ts';
import { valueName, valueNames, flagBits } from '../openflow/names.ts';
import type { Field } from '../openflow/fields.ts';
import { portTo16 } from '../openflow/ports.ts';
import { VLAN_PRESENT } from '../openflow/storage.ts';
import { complain, followConstants, literal } from './constants.ts';
import type { EvalContext, Literal } from './constants.ts';
import { checkWidth, fits, fullMask, ones } from './domain.ts';
import { portNumber } from './port-values.ts';
import { place, replaceFix } from './report.ts';
import { kindOf, needed, showExpr, showIpv4, showIpv6, showTarget } from './show.ts';
import { nearest } from './suggest.ts';
import type { ResolvedField } from './types.ts';

export type { EvalContext } from './constants.ts';
export { evaluateDuration, evaluateInt, evaluateTable } from './numbers.ts';
export { evaluatePort } from './port-values.ts';
export { resolveField } from './resolve.ts';

/** Compared with (in a match) or written (in an action). */
export type Usage = 'match' | 'set';

/**
 * In terms of the whole field as it stands on the wire of OpenFlow 1.5, a subfield shifted to its place. `mask`
 * null is the whole field; bits outside a mask are 0 in the value.
 */
export interface FieldValue {
  readonly value: bigint;
  readonly mask: bigint | null;
}

/** What is being evaluated, for the functions below. */
interface Job {
  readonly ctx: EvalContext;
  readonly target: ResolvedField;
  readonly usage: Usage;
}

/** The value of `expr` for a field or some bits of it; null when something is wrong with it, which is then reported. */
export function evaluateForField(
  ctx: EvalContext,
  expr: Expr,
  target: ResolvedField,
  usage: Usage,
): FieldValue | null {
  const job: Job = { ctx, target, usage };
  const raw = evaluate(job, literal(expr));
  if (raw === null) return null;
  const { field, subfield } = target;
  if (subfield === null) return raw.mask === fullMask(field) ? { value: raw.value, mask: null } : raw;
  const shift = BigInt(subfield.offset);
  let value = raw.value << shift;
  let mask = (raw.mask ?? ones(subfield.bits)) << shift;
  if (field.name === 'vlan_vid') {
    value |= VLAN_PRESENT;
    mask |= VLAN_PRESENT;
  }
  if (mask === fullMask(field)) return { value, mask: null };
  if (usage === 'match' && !field.maskable) {
    return complain(ctx, { ...literal(expr), span: subfieldSpan(target) }, codes.notMaskable, {
      target: field.name,
    });
  }
  return { value, mask };
}

function subfieldSpan(target: ResolvedField) {
  return target.node.subfield?.span ?? target.node.span;
}

function evaluate(job: Job, at: Literal): FieldValue | null {
  const { field, subfield } = job.target;
  const { expr } = at;
  switch (expr.kind) {
    case 'int':
      return integer(job, at, expr.value);
    case 'mac':
    case 'ipv4':
    case 'ipv6':
      return acceptsAddress(job.target, expr.kind)
        ? { value: expr.value, mask: null }
        : wrongKind(job, at);
    case 'name':
      return name(job, at);
    case 'flags':
      return flags(job, at, expr);
    case 'masked':
      return masked(job, at, expr);
    case 'set':
    case 'range':
      return complain(job.ctx, at, codes.laterForm, { form: kindOf(expr) });
    case 'missing':
      return null;
    default:
      return wrongKind(job, at, subfield === null ? needed(field) : 'a number');
  }
}

function wrongKind({ ctx, target }: Job, at: Literal, wanted?: string): null {
  return complain(ctx, at, codes.wrongKind, {
    target: showTarget(target),
    needed: wanted ?? (target.subfield === null ? needed(target.field) : 'a number'),
    found: kindOf(at.expr),
  });
}

const ADDRESS = {
  mac: { format: 'Ethernet', bits: 48 },
  ipv4: { format: 'IPv4', bits: 32 },
  ipv6: { format: 'IPv6', bits: 128 },
} as const;

/** Registers and the like hold what one puts there. */
const STORE = /^(x{0,2}reg\d+|metadata|ct_mark|ct_label|tun_metadata\d+)$/;

export function isStore(field: Field): boolean {
  return STORE.test(field.name);
}

function acceptsAddress({ field, subfield }: ResolvedField, kind: keyof typeof ADDRESS): boolean {
  const { format, bits } = ADDRESS[kind];
  if (field.format === format) return subfield === null || subfield.bits === bits;
  return isStore(field) && (subfield?.bits ?? field.bits) >= bits;
}

function isAddress(format: Field['format']): boolean {
  return format === 'Ethernet' || format === 'IPv4' || format === 'IPv6';
}

function integer(job: Job, at: Literal, value: bigint): FieldValue | null {
  const { field, subfield } = job.target;
  if (subfield === null) {
    if (isAddress(field.format)) return wrongKind(job, at);
    if (field.format === 'OpenFlow 1.0 port' || field.format === 'OpenFlow 1.1+ port') return port(job, at);
    if (field.name === 'vlan_vid') return vlan(job, at, value);
  }
  return checkWidth(job, at, value) ? { value, mask: null } : null;
}

/** `10` is "tagged, VLAN 10"; in hexadecimal the present bit may be written: `0x100a` is the same. */
function vlan(job: Job, at: Literal, value: bigint): FieldValue | null {
  const raw = at.expr.kind === 'int' && at.expr.radix !== 10 && value >> 12n === 1n;
  if (raw) return { value, mask: null };
  return checkWidth(job, at, value) ? { value: value | VLAN_PRESENT, mask: null } : null;
}

function port({ ctx, target, usage }: Job, at: Literal): FieldValue | null {
  const use = target.field.name === 'actset_output' ? 'any' : usage === 'set' ? 'write' : 'match';
  const number = portNumber(ctx, at, use);
  if (number === null) return null;
  return { value: BigInt(target.field.bits === 16 ? (portTo16(number) ?? number) : number), mask: null };
}

function name(job: Job, at: Literal): FieldValue | null {
  const { ctx, target, usage } = job;
  const { field } = target;
  const { expr } = at;
  if (expr.kind !== 'name') return null;
  if (target.subfield === null) {
    if (field.format === 'OpenFlow 1.0 port' || field.format === 'OpenFlow 1.1+ port') return port(job, at);
    const word = expr.path.length === 1 && expr.subfield === null ? (expr.path[0]?.text ?? '') : '';
    const known = valueName(field, word);
    if (known !== undefined) return wellKnown(job, at, word, known.value, known.mask ?? null);
    if (ctx.scope.lookup(word) === undefined) {
      const lower = word.toLowerCase();
      if (lower !== word && valueName(field, lower) !== undefined) {
        return complain(ctx, at, notLowerCase, { name: word, correct: lower }, {
          fixes: [replaceFix(ctx, `Write \`${lower}\``, expr.span, lower)],
        });
      }
    }
  }
  if (isStore(field)) {
    const symbol = expr.path.length === 1 && expr.subfield === null ? ctx.scope.lookup(expr.path[0]?.text ?? '') : undefined;
    if (symbol?.kind === 'port') {
      const number = portNumber(ctx, at, 'any');
      return number === null ? null : integer(job, at, BigInt(number));
    }
  }
  const what = valueNames(field).length > 0 ? `value of \`${showTarget(target)}\` or constant` : 'constant';
  const found = followConstants(ctx, at, what, needed(field), usage === 'match' ? valueNames(field) : []);
  return found === null ? null : evaluate(job, found);
}
