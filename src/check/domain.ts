/** Which numbers a field can hold. */
import * as codes from '../diagnostics/codes/values.ts';
import type { Details } from '../diagnostics/define.ts';
import type { Field } from '../openflow/fields.ts';
import { nameOfValue } from '../openflow/names.ts';
import type { ValueDomain } from '../openflow/types.ts';
import { complain } from './constants.ts';
import type { Literal } from './constants.ts';
import type { Reporter } from './report.ts';
import { hex, showExpr, showTarget } from './show.ts';
import type { ResolvedField } from './types.ts';
import type { Job } from './values.ts';

const ONES: bigint[] = [];

/** That many bits, all 1. */
export function ones(bits: number): bigint {
  return (ONES[bits] ??= (1n << BigInt(bits)) - 1n);
}

const FULL: bigint[] = [];

/** The mask of an exact match on the wire: `vlan_vid` includes its present bit. */
export function fullMask(field: Field): bigint {
  // As wide as its option, which differs from program to program.
  if (field.name.startsWith('tun_metadata')) return ones(field.bits);
  return (FULL[field.id] ??= ones(field.name === 'vlan_vid' ? 13 : field.bits));
}

/** Can the field have that value? */
export function isInDomain(domain: ValueDomain, value: bigint): boolean {
  switch (domain.kind) {
    case 'any':
    case 'OpenFlow 1.1+ port':
      return true;
    case 'forbidden bits':
      return (value & domain.bits) === 0n;
    case 'one of':
      return domain.values.includes(value);
    case 'max':
      return value <= domain.max;
  }
}

/** Is it a value of the field or subfield? Reports it when it is not. `value` counts from the subfield's lowest bit. */
export function checkWidth({ ctx, target, usage, switchError }: Job, at: Literal, value: bigint): boolean {
  const { field, subfield } = target;
  const bits = subfield === null ? field.bits : subfield.bits;
  if (value > ones(bits)) {
    const cut = subfield === null && usage === 'match' ? silentlyCut(field, value) : null;
    doesNotFit(ctx, at, target, {
      notes: cut === null ? [] : [cut],
      ...(subfield === null && refusedBySwitch(field, value)
        ? { switchError: switchError ?? REFUSAL[usage] }
        : {}),
    });
    return false;
  }
  const { domain } = field;
  if (domain.kind === 'any') return true;
  const placed = subfield === null ? value : value << BigInt(subfield.offset);
  if (isInDomain(domain, placed)) return true;
  const cut = subfield === null && usage === 'match' ? silentlyCut(field, value) : null;
  complain(
    ctx,
    at,
    codes.outOfDomain,
    { value: showExpr(at.expr), target: showTarget(target), allowed: allowed(field) },
    {
      notes: cut === null ? [] : [cut],
      switchError: switchError ?? REFUSAL[usage],
    },
  );
  return false;
}

/** Reports a value that is wider than what it is for. */
export function doesNotFit(ctx: Reporter, at: Literal, target: ResolvedField, details: Details = {}): null {
  const { field, subfield } = target;
  const bits = subfield?.bits ?? field.bits;
  const max = field.format === 'decimal' ? ones(bits).toString() : hex(ones(bits));
  const params = { value: showExpr(at.expr), target: showTarget(target), bits, max };
  return complain(ctx, at, codes.tooWide, params, details);
}

/** What the switch says to a value that is outside the field's domain. */
const REFUSAL = { match: 'OFPBMC_BAD_VALUE', set: 'OFPBAC_BAD_SET_ARGUMENT', instruction: null } as const;

/** Can a value that is too wide be sent at all, and does the switch notice? */
function refusedBySwitch(field: Field, value: bigint): boolean {
  return value <= ones(field.bytes * 8) && !isInDomain(field.domain, value);
}

function allowed(field: Field): string {
  const { domain } = field;
  switch (domain.kind) {
    case 'forbidden bits':
      if (field.name === 'nw_tos') return 'multiples of 4 up to 252 (DSCP in its place)';
      return `0 to ${lowOnes(domain.bits)}`;
    case 'one of':
      return domain.values.map((v) => `${v}${named(field, v)}`).join(' or ');
    case 'max':
      return `0 to ${domain.max}`;
    default:
      return 'other values';
  }
}

function named(field: Field, value: bigint): string {
  const found = nameOfValue(field, value);
  return found === undefined ? '' : ` (\`${found}\`)`;
}

/** The largest number below all forbidden bits. */
function lowOnes(forbidden: bigint): bigint {
  return (forbidden & -forbidden) - 1n;
}

/** Bits that ovs-ofctl 3.1 keeps of a value in a match; the rest it clears without a word (tried on OVS 3.1.0). */
const KEPT: Readonly<Partial<Record<Field['name'], bigint>>> = {
  dl_vlan: 0xfffn,
  vlan_vid: 0xfffn,
  vlan_pcp: 7n,
  dl_vlan_pcp: 7n,
  nw_tos: 0xfcn,
  ip_dscp: 0x3fn,
  nw_ecn: 3n,
  mpls_label: 0xfffffn,
  mpls_tc: 7n,
  mpls_bos: 1n,
  arp_op: 0xffn,
};

function silentlyCut(field: Field, value: bigint): string | null {
  const kept = KEPT[field.name];
  if (kept === undefined || value > ones(field.bytes * 8)) return null;
  return `ovs-ofctl does not refuse it: it makes ${value & kept} of it without a word`;
}
