/** Expressions typed by the field they stand beside. */
import type { Expr, Ipv4Expr, Ipv6Expr, MacExpr } from '../../grammar/ast.ts';
import { badPortNumber, notLowerCase } from '../diagnostics/codes/names.ts';
import { severalValues } from '../diagnostics/codes/sets.ts';
import * as codes from '../diagnostics/codes/values.ts';
import type { Details } from '../diagnostics/define.ts';
import type { OfpErrorName } from '../openflow/errors.ts';
import type { Field } from '../openflow/fields.ts';
import { flagBits, valueName, valueNames } from '../openflow/names.ts';
import { portTo16 } from '../openflow/ports.ts';
import { VLAN_PRESENT } from '../openflow/storage.ts';
import { complain, followConstants, literal, symbolOf, valueOf } from './constants.ts';
import type { EvalContext, Literal } from './constants.ts';
import { checkWidth, doesNotFit, fullMask, ones } from './domain.ts';
import { flags } from './flag-values.ts';
import { masked } from './masks.ts';
import { portNumber } from './port-values.ts';
import { replaceFix } from './report.ts';
import { kindOf, needed, showTarget } from './show.ts';
import type { ResolvedField } from './types.ts';

export type { EvalContext } from './constants.ts';
export { evaluateDuration, evaluateInt, evaluateTable } from './numbers.ts';
export { evaluatePort } from './port-values.ts';
export { resolveField } from './resolve.ts';

/** Compared with (in a match), written (in an action), or written by `write_metadata`, of which the switch checks nothing. */
export type Usage = 'match' | 'set' | 'instruction';

/**
 * In terms of the whole field as it stands on the wire of OpenFlow 1.5, a subfield shifted to its place. `mask`
 * null is the whole field; bits outside a mask are 0 in the value.
 */
export interface FieldValue {
  readonly value: bigint;
  readonly mask: bigint | null;
}

/** What is being evaluated, and for whom. */
export interface Job {
  readonly ctx: EvalContext;
  readonly target: ResolvedField;
  readonly usage: Usage;
  /** What the switch says before it looks at whether a value fits, where there is something to say. */
  readonly switchError?: OfpErrorName;
}

/** The value of `expr` for a field or some bits of it; null when something is wrong with it, which is then reported. */
export function evaluateForField(
  ctx: EvalContext,
  expr: Expr,
  target: ResolvedField,
  usage: Usage,
): FieldValue | null {
  return evaluateLiteral(ctx, literal(expr), target, usage);
}

/** The same of a value whose mistakes are reported elsewhere than where it stands. */
export function evaluateLiteral(
  ctx: EvalContext,
  at: Literal,
  target: ResolvedField,
  usage: Usage,
): FieldValue | null {
  const raw = evaluate({ ctx, target, usage }, at);
  if (raw === null) return null;
  const { field, subfield } = target;
  const full = fullMask(field);
  if (subfield === null) return raw.mask === full ? { value: raw.value, mask: null } : raw;
  const shift = BigInt(subfield.offset);
  const tag = field.name === 'vlan_vid' ? VLAN_PRESENT : 0n;
  const value = (raw.value << shift) | tag;
  const mask = ((raw.mask ?? ones(subfield.bits)) << shift) | tag;
  if (mask === full) return { value, mask: null };
  if (usage === 'match' && !field.maskable) {
    const span = target.node.subfield?.span ?? target.node.span;
    return complain(ctx, { expr: at.expr, span, via: null }, codes.notMaskable, { target: field.name });
  }
  return { value, mask };
}

/** The value in terms of the target's own bits. */
export function evaluate(job: Job, at: Literal): FieldValue | null {
  const { expr } = at;
  switch (expr.kind) {
    case 'int':
      return integer(job, at, expr.value);
    case 'mac':
    case 'ipv4':
    case 'ipv6':
      return address(job, at, expr);
    case 'name':
      return name(job, at);
    case 'flags':
      return flags(job, at, expr);
    case 'masked':
      return masked(job, at, expr);
    case 'set':
    case 'list':
    case 'range':
      return complain(job.ctx, at, severalValues, { found: kindOf(expr) });
    case 'missing':
      return null;
    default:
      return wrongKind(job, at);
  }
}

export function wrongKind({ ctx, target }: Job, at: Literal): null {
  return complain(ctx, at, codes.wrongKind, {
    target: showTarget(target),
    needed: target.subfield === null ? needed(target.field) : 'a number',
    found: kindOf(at.expr),
  });
}

const ADDRESS = {
  mac: { format: 'Ethernet', bits: 48 },
  ipv4: { format: 'IPv4', bits: 32 },
  ipv6: { format: 'IPv6', bits: 128 },
} as const;

const STORE = /^(x{0,2}reg\d+|metadata|ct_mark|ct_label|tun_metadata\d+)$/;

/** Holds what the program puts there, addresses and port numbers too. */
function isStore(field: Field): boolean {
  return STORE.test(field.name);
}

function address(job: Job, at: Literal, { kind, value }: MacExpr | Ipv4Expr | Ipv6Expr): FieldValue | null {
  const { field, subfield } = job.target;
  const { format, bits } = ADDRESS[kind];
  const width = subfield?.bits ?? field.bits;
  if (field.format === format && width === bits) return { value, mask: null };
  if (!isStore(field)) return wrongKind(job, at);
  return width >= bits ? { value, mask: null } : doesNotFit(job.ctx, at, job.target);
}

export function isAddress(field: Field): boolean {
  return field.format === 'Ethernet' || field.format === 'IPv4' || field.format === 'IPv6';
}

function isPort(field: Field): boolean {
  return field.format === 'OpenFlow 1.0 port' || field.format === 'OpenFlow 1.1+ port';
}

function integer(job: Job, at: Literal, value: bigint): FieldValue | null {
  const { field, subfield } = job.target;
  if (subfield === null) {
    if (isAddress(field)) return wrongKind(job, at);
    if (isPort(field)) return port(job, at);
    if (field.name === 'vlan_vid') return vlan(job, at, value);
  }
  return checkWidth(job, at, value) ? { value, mask: null } : null;
}

/** `10` is "tagged, VLAN 10"; where the present bit is written out, in hexadecimal, it is taken: `0x100a`. */
function vlan(job: Job, at: Literal, value: bigint): FieldValue | null {
  const raw = at.expr.kind === 'int' && at.expr.radix !== 10 && value >> 12n === 1n;
  if (raw) return { value, mask: null };
  return checkWidth(job, at, value) ? { value: value | VLAN_PRESENT, mask: null } : null;
}

function port({ ctx, target, usage }: Job, at: Literal): FieldValue | null {
  const use = target.field.name === 'actset_output' ? 'any' : usage === 'set' ? 'write' : 'match';
  const { expr } = at;
  if (target.field.bits === 32 && expr.kind === 'int' && expr.value >= 0xff00n && expr.value <= 0xffffn) {
    const details: Details = usage === 'match' ? { switchError: 'OFPBMC_BAD_VALUE' } : {};
    return complain(ctx, at, badPortNumber, { port: expr.value }, details);
  }
  const number = portNumber(ctx, at, use);
  if (number === null) return null;
  return { value: BigInt(target.field.bits === 16 ? (portTo16(number) ?? number) : number), mask: null };
}

function name(job: Job, at: Literal): FieldValue | null {
  const { ctx, target, usage } = job;
  const { field } = target;
  if (at.expr.kind !== 'name') return null;
  if (target.subfield === null && isPort(field)) return port(job, at);
  const word = at.expr.path.length === 1 && at.expr.subfield === null ? (at.expr.path[0]?.text ?? '') : '';
  if (target.subfield === null) {
    const known = valueName(field, word);
    if (known !== undefined) return wellKnown(job, at, word, known.value, known.mask ?? null);
    const correct = word.toLowerCase();
    if (correct !== word && ctx.scope.lookup(word) === undefined && valueName(field, correct) !== undefined) {
      return complain(
        ctx,
        at,
        notLowerCase,
        { name: word, correct },
        {
          fixes: [replaceFix(ctx, `Write \`${correct}\``, at.span, correct)],
        },
      );
    }
  }
  if (isStore(field) && ctx.scope.lookup(word)?.kind === 'port') {
    const number = portNumber(ctx, at, 'register');
    return number === null || !checkWidth(job, at, BigInt(number))
      ? null
      : { value: BigInt(number), mask: null };
  }
  const symbol = at.expr.subfield === null ? symbolOf(ctx, at.expr) : undefined;
  if (symbol?.kind === 'const') {
    const value = valueOf(at, symbol);
    return value === null ? null : evaluate(job, value);
  }
  const names = target.subfield === null && usage === 'match' ? valueNames(field) : [];
  const what = names.length > 0 ? `value of \`${showTarget(target)}\` or constant` : 'constant';
  const found = followConstants(ctx, at, what, needed(field), names);
  return found === null ? null : evaluate(job, found);
}

function wellKnown(
  job: Job,
  at: Literal,
  word: string,
  value: bigint,
  mask: bigint | null,
): FieldValue | null {
  const { ctx, target, usage } = job;
  if (flagBits(target.field) !== undefined) {
    return complain(
      ctx,
      at,
      codes.flagWithoutSign,
      { name: word },
      {
        fixes: [replaceFix(ctx, `Write \`+${word}\``, at.span, `+${word}`)],
      },
    );
  }
  if (usage === 'set' && target.field.name === 'vlan_vid' && word === 'none') {
    return complain(ctx, at, codes.noVlanToWrite, {}, { help: 'write `pop_vlan` instead' });
  }
  return { value, mask };
}
