/** Names of fields, and of some bits of them. */
import type { Expr, NameExpr } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/names.ts';
import type { SubfieldRef } from '../ir/types.ts';
import { fieldByName, FIELDS } from '../openflow/fields.ts';
import type { Field } from '../openflow/fields.ts';
import { genericCandidates, isGenericName, PREREQUISITES, resolveGeneric } from '../openflow/protocols.ts';
import { symbolKind } from './constants.ts';
import type { EvalContext } from './constants.ts';
import { evaluateInt } from './numbers.ts';
import { FLOW_ATTRIBUTES } from './properties.ts';
import { replaceFix, report } from './report.ts';
import { showName } from './show.ts';
import { protocolOf } from './state.ts';
import type { PacketState } from './state.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { sizedField } from './tunnel-metadata.ts';
import type { ResolvedField } from './types.ts';

/**
 * The field that a name means; null when there is none, which is then reported. `state` is what the packet is known
 * to be there, which decides what `nw_src`, `tp_dst` and the like mean.
 */
export function resolveField(
  ctx: EvalContext,
  node: NameExpr,
  state: PacketState,
  usage: 'match' | 'action' = 'match',
): ResolvedField | null {
  const [first, ...rest] = node.path;
  // An empty name is where the parser found none, and has said so.
  if (first === undefined || first.text === '') return null;
  if (rest.length > 0) {
    report(ctx, codes.qualifiedName, { name: showName(node) }, node.span);
    return null;
  }
  const name = first.text;
  const known = fieldByName(name);
  if (known !== undefined) {
    const field = isGenericName(name) ? generic(ctx, node, name, state) : sizedField(ctx, known);
    return field === null ? null : withSubfield(ctx, node, field, null, usage);
  }
  const symbol = ctx.scope.lookup(name);
  if (symbol?.kind === 'register') {
    // A register in error has been reported where it is declared.
    if (symbol.subfield === null) return null;
    const field = fieldByName(symbol.subfield.field);
    return field === undefined ? null : withSubfield(ctx, node, field, symbol.subfield, usage);
  }
  if (symbol !== undefined) {
    report(ctx, codes.notAField, { name, kind: symbolKind(symbol) }, first.span);
    return null;
  }
  unknown(ctx, node, name);
  return null;
}

function generic(
  ctx: EvalContext,
  node: NameExpr,
  name: Parameters<typeof genericCandidates>[0],
  state: PacketState,
): Field | null {
  const field = resolveGeneric(name, protocolOf(state));
  if (field !== undefined) return field;
  const candidates = genericCandidates(name);
  report(ctx, codes.genericWithoutProtocol, { name, meanings: candidates.map(usualName) }, node.span, {
    notes: ['ovs-ofctl drops such a term without an error, and the flow matches more than was written'],
    help: `add a protocol: ${candidates.map((f) => protocolFor(f)).join(', ')}`,
  });
  return null;
}

/** Where the name of the field is the generic name itself, the other one that it has. */
function usualName(field: Field): string {
  return field.name === 'nw_proto' ? 'ip_proto' : field.name;
}

/** `\`tcp\` makes it \`tcp_dst\`` */
function protocolFor(field: Field): string {
  const remedy = PREREQUISITES[field.prerequisite].remedies[0]?.protocol ?? 'ip';
  return `\`${remedy}\` makes it \`${usualName(field)}\``;
}

function unknown(ctx: EvalContext, node: NameExpr, name: string): void {
  const span = node.path[0]?.span ?? node.span;
  const folded = [name.toLowerCase(), name.toUpperCase()].find((n) => n !== name && isFieldName(ctx, n));
  if (folded !== undefined) {
    report(ctx, codes.notLowerCase, { name, correct: folded }, span, {
      fixes: [replaceFix(ctx, `Write \`${folded}\``, span, folded)],
    });
    return;
  }
  if (FLOW_ATTRIBUTES.some((a) => a === name)) {
    report(ctx, codes.unknownField, { name, suggestion: undefined }, span, {
      help: `\`${name}\` is an attribute of the flow: it stands beside \`match\` and \`action\``,
    });
    return;
  }
  const suggestion = nearest(name, fieldNames(ctx));
  report(ctx, codes.unknownField, { name, suggestion }, span, {
    fixes: suggestion === undefined ? [] : [replaceFix(ctx, `Write \`${suggestion}\``, span, suggestion)],
  });
}

function isFieldName(ctx: EvalContext, name: string): boolean {
  return fieldByName(name) !== undefined || ctx.scope.lookup(name)?.kind === 'register';
}

function* fieldNames(ctx: EvalContext): Iterable<string> {
  for (const f of FIELDS) {
    yield f.name;
    yield* f.aliases;
  }
  yield* ctx.scope.registers.map((r) => r.name);
}

/** Applies `[a..b]`, which counts from the lowest bit of what the name stands for. */
function withSubfield(
  ctx: EvalContext,
  node: NameExpr,
  field: Field,
  base: SubfieldRef | null,
  usage: 'match' | 'action',
): ResolvedField | null {
  const offset = base?.offset ?? 0;
  const bits = base?.bits ?? field.bits;
  if (node.subfield === null || node.subfield.from === null)
    return { field, subfield: whole(field, base), node };
  const from = bit(ctx, node.subfield.from);
  const to = node.subfield.to === null ? from : bit(ctx, node.subfield.to);
  if (from === null || to === null) return null;
  const { span } = node.subfield;
  if (from > to) {
    const [low, high] = [Number(to), Number(from)];
    report(ctx, codes.subfieldReversed, { from: high, to: low }, span, {
      fixes: [replaceFix(ctx, `Write \`[${low}..${high}]\``, span, `[${low}..${high}]`)],
    });
    return null;
  }
  if (to >= BigInt(bits)) {
    report(ctx, codes.subfieldOutside, { field: node.path[0]?.text ?? field.name, bits, bit: to }, span, {
      // A match has no subfields when it is sent.
      ...(usage === 'action' ? { switchError: 'OFPBAC_BAD_SET_LEN' } : {}),
    });
    return null;
  }
  const width = Number(to - from) + 1;
  return {
    field,
    subfield: whole(field, { field: field.name, offset: offset + Number(from), bits: width }),
    node,
  };
}

function bit(ctx: EvalContext, expr: Expr): bigint | null {
  return evaluateInt(ctx, expr, { what: 'a bit of a field', min: 0n, max: 1n << 32n });
}

/** All bits of a field are the field. */
function whole(field: Field, subfield: SubfieldRef | null): SubfieldRef | null {
  return subfield !== null && subfield.bits === field.bits ? null : subfield;
}
