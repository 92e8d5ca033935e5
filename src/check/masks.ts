/** `value/mask` and `prefix/len`. */
import type { Expr, MaskedExpr } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/values.ts';
import { VLAN_PRESENT } from '../openflow/storage.ts';
import { complain, followConstants, literal, refuses } from './constants.ts';
import type { EvalContext, Literal } from './constants.ts';
import { fullMask, ones } from './domain.ts';
import { replaceFix } from './report.ts';
import { hex, kindOf, showExpr, showIpv4, showIpv6, showMac, showTarget } from './show.ts';
import type { ResolvedField } from './types.ts';
import { evaluate } from './values.ts';
import type { FieldValue, Job } from './values.ts';

type AddressKind = 'mac' | 'ipv4' | 'ipv6';

const BITS: Readonly<Record<AddressKind, number>> = { mac: 48, ipv4: 32, ipv6: 128 };

export function masked(job: Job, at: Literal, expr: MaskedExpr): FieldValue | null {
  if (expr.value.kind === 'missing' || expr.mask.kind === 'missing') return null;
  if (job.target.field.name === 'vlan_vid' && job.target.subfield === null) return maskedVlan(job, at, expr);
  const valueAt = literal(expr.value, at);
  const kind = addressKind(job, valueAt);
  const mask = kind === null ? integerMask(job, expr, at) : addressMask(job, expr, at, kind);
  if (mask === null) return null;
  // The switch looks at bits outside the mask before anything else.
  const wild = hasBitsOutside(valueAt, mask);
  if (!comparable(job, at, mask, wild)) return null;
  const given = evaluate(wild ? { ...job, switchError: WILD } : job, valueAt);
  if (given === null) return null;
  if (given.mask !== null) {
    return complain(job.ctx, valueAt, codes.maskTwice, { value: showExpr(expr.value) });
  }
  const kept = given.value & mask;
  if (kept === given.value) return writableBits(job, at, mask) ? { value: kept, mask } : null;
  if (!outside(job, at, expr, { value: given.value, mask, kind })) return null;
  // An instruction has such bits only where they are allowed.
  return { value: job.usage === 'instruction' ? given.value : kept, mask };
}

const WILD = 'OFPBMC_BAD_WILDCARDS';

/** Has a value that is written as a number bits that the mask does not cover? */
export function hasBitsOutside({ expr }: Literal, mask: bigint): boolean {
  return (
    (expr.kind === 'int' || expr.kind === 'mac' || expr.kind === 'ipv4' || expr.kind === 'ipv6') &&
    (expr.value & ~mask) !== 0n
  );
}

/** A mask alone, of the field or the bits that are named. */
export function maskOf(ctx: EvalContext, mask: Expr, target: ResolvedField): bigint | null {
  if (mask.kind === 'missing') return null;
  const job: Job = { ctx, target, usage: 'match' };
  const at = literal(mask);
  const expr: MaskedExpr = { kind: 'masked', value: mask, mask, span: mask.span };
  const kind = formatKind(target);
  return kind === null ? integerMask(job, expr, at) : addressMask(job, expr, at, kind);
}

function formatKind({ field: { format }, subfield }: ResolvedField): AddressKind | null {
  if (subfield !== null) return null;
  if (format === 'Ethernet') return 'mac';
  if (format === 'IPv4') return 'ipv4';
  return format === 'IPv6' ? 'ipv6' : null;
}

/** An address behind the value, which decides how the mask is read; null for a plain number. */
function addressKind({ ctx, target }: Job, at: Literal): AddressKind | null {
  const byFormat = formatKind(target);
  if (byFormat !== null) return byFormat;
  let { expr } = at;
  for (let hops = 0; expr.kind === 'name' && hops < 100; hops++) {
    const symbol = ctx.scope.lookup(expr.path[0]?.text ?? '');
    if (symbol?.kind !== 'const') return null;
    expr = symbol.value;
  }
  return expr.kind === 'mac' || expr.kind === 'ipv4' || expr.kind === 'ipv6' ? expr.kind : null;
}

function addressMask(job: Job, expr: MaskedExpr, outer: Literal, kind: AddressKind): bigint | null {
  const { ctx, target } = job;
  const at = followConstants(ctx, literal(expr.mask, outer), 'constant', 'a mask');
  if (at === null) return null;
  const bits = BITS[kind];
  if (at.expr.kind === 'int' && kind !== 'mac') {
    const prefix = at.expr.value;
    if (prefix > BigInt(bits)) return complain(ctx, at, codes.badPrefix, { prefix, bits });
    return ones(bits) ^ ones(bits - Number(prefix));
  }
  if (at.expr.kind !== kind) {
    const needed =
      kind === 'mac' ? 'a mask written as a MAC address' : 'a prefix length, or a mask written as an address';
    return complain(ctx, at, codes.wrongKind, { target: showTarget(target), needed, found: kindOf(at.expr) });
  }
  return at.expr.value;
}

function integerMask(job: Job, expr: MaskedExpr, outer: Literal): bigint | null {
  const { ctx, target } = job;
  const at = followConstants(ctx, literal(expr.mask, outer), 'constant', 'a mask');
  if (at === null) return null;
  if (at.expr.kind !== 'int') {
    return complain(ctx, at, codes.wrongKind, {
      target: showTarget(target),
      needed: 'a number as its mask',
      found: kindOf(at.expr),
    });
  }
  const bits = target.subfield?.bits ?? target.field.bits;
  if (at.expr.value > ones(bits)) {
    const max = hex(ones(bits));
    return complain(ctx, at, codes.tooWide, {
      value: `the mask ${showExpr(at.expr)}`,
      target: showTarget(target),
      bits,
      max,
    });
  }
  const { domain } = target.field;
  const beyond = target.subfield === null && target.field.maskable && domain.kind === 'forbidden bits';
  if (beyond && (at.expr.value & domain.bits) !== 0n) {
    // The switch drops such bits without a word (seen on OVS 3.1.0).
    const value = `the mask ${showExpr(at.expr)}`;
    return complain(ctx, at, codes.outOfDomain, {
      value,
      target: showTarget(target),
      allowed: `bits below ${hex(domain.bits & -domain.bits)}`,
    });
  }
  return at.expr.value;
}

/** Does the field take the mask? */
function takesMask({ target: { field, subfield } }: Job, mask: bigint): boolean {
  // The bits of a subfield are judged together with those around them.
  return field.maskable || mask === 0n || subfield !== null || mask === fullMask(field);
}

function comparable(job: Job, at: Literal, mask: bigint, wild: boolean): boolean {
  if (job.usage !== 'match' || takesMask(job, mask)) return true;
  complain(
    job.ctx,
    at,
    codes.notMaskable,
    { target: showTarget(job.target) },
    wild ? { switchError: WILD } : {},
  );
  return false;
}

function writableBits(job: Job, at: Literal, mask: bigint): boolean {
  if (job.usage === 'match' || takesMask(job, mask)) return true;
  return !refuses(
    job.ctx,
    at,
    codes.maskedWrite,
    { target: showTarget(job.target) },
    { help: 'write the bits as a subfield' },
  );
}

interface Outside {
  readonly value: bigint;
  readonly mask: bigint;
  readonly kind: AddressKind | null;
}

/** Bits of the value that the mask does not cover: a warning for networks in a match, else an error (then false). */
function outside(job: Job, at: Literal, expr: MaskedExpr, { value, mask, kind }: Outside): boolean {
  const kept = value & mask;
  const show = (v: bigint): string =>
    kind === null ? hex(v) : kind === 'mac' ? showMac(v) : kind === 'ipv4' ? showIpv4(v) : showIpv6(v);
  const text = `${show(kept)}/${expr.mask.kind === 'name' ? (expr.mask.path[0]?.text ?? '') : showExpr(expr.mask)}`;
  const fixes = [replaceFix(job.ctx, `Write \`${text}\``, at.span, text)];
  if (job.usage === 'match' && (kind === 'ipv4' || kind === 'ipv6') && isPrefix(mask, BITS[kind])) {
    complain(job.ctx, at, codes.hostBits, { written: showExpr(expr), network: text }, { fixes });
    return true;
  }
  const params = { value: showExpr(expr.value), mask: showExpr(expr.mask), kept: show(kept) };
  if (job.usage === 'instruction') return !refuses(job.ctx, at, codes.metadataOutsideMask, params, { fixes });
  complain(job.ctx, at, codes.bitsOutsideMask, params, { fixes });
  return false;
}

function isPrefix(mask: bigint, bits: number): boolean {
  const inverted = ones(bits) ^ mask;
  return (inverted & (inverted + 1n)) === 0n;
}

/**
 * A mask of at most 12 bits speaks of the VLAN number of a tagged packet. One that covers the present bit, 0x1000, is
 * the wire's own form: `0x1000/0x1000` is any tag, `0/0x1000` none.
 */
function maskedVlan(job: Job, at: Literal, expr: MaskedExpr): FieldValue | null {
  const { ctx, target, usage } = job;
  const valueAt = followConstants(ctx, literal(expr.value, at), 'constant', 'a number');
  const maskAt = followConstants(ctx, literal(expr.mask, at), 'constant', 'a mask');
  if (valueAt === null || maskAt === null) return null;
  for (const part of [valueAt, maskAt]) {
    if (part.expr.kind !== 'int') {
      return complain(ctx, part, codes.wrongKind, {
        target: showTarget(target),
        needed: 'a number',
        found: kindOf(part.expr),
      });
    }
    if (part.expr.value > 0x1fffn) {
      const value = part === maskAt ? `the mask ${showExpr(part.expr)}` : showExpr(part.expr);
      const params = { value, target: showTarget(target), bits: 12, max: '4095' };
      return complain(ctx, part, codes.tooWide, params, part === valueAt ? { switchError: WILD } : {});
    }
  }
  if (valueAt.expr.kind !== 'int' || maskAt.expr.kind !== 'int') return null;
  const value = valueAt.expr.value;
  const mask = maskAt.expr.value;
  if ((value & ~mask) !== 0n && !outside(job, at, expr, { value, mask, kind: null })) return null;
  if (mask === 0n) return { value: 0n, mask };
  if ((mask & VLAN_PRESENT) === 0n) return { value: value | VLAN_PRESENT, mask: mask | VLAN_PRESENT };
  if ((value & VLAN_PRESENT) !== 0n) return { value, mask };
  if (usage === 'set')
    return complain(ctx, at, codes.noVlanToWrite, {}, { help: 'write `pop_vlan` instead' });
  const term = `${showTarget(target)} = ${showExpr(expr)}`;
  if (value !== 0n && refuses(ctx, at, codes.neverTagged, { term })) return null;
  return { value, mask };
}
