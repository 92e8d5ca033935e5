/** Values and expressions in the words of messages. */
import type { Expr, NameExpr } from '../../grammar/ast.ts';
import { KINDS } from '../expand/show.ts';
import type { Field } from '../openflow/fields.ts';
import type { FieldFormat } from '../openflow/types.ts';
import { hex, showIpv4, showIpv6, showMac } from '../openflow/addresses.ts';
import type { ResolvedField } from './types.ts';

export { hex, showIpv4, showIpv6, showMac } from '../openflow/addresses.ts';

/** A value of the field as one would write it. */
export function showValue(field: Field, value: bigint): string {
  switch (field.format) {
    case 'Ethernet':
      return showMac(value);
    case 'IPv4':
      return showIpv4(value);
    case 'IPv6':
      return showIpv6(value);
    case 'decimal':
    case 'OpenFlow 1.0 port':
    case 'OpenFlow 1.1+ port':
      return value.toString();
    default:
      return hex(value, field.name === 'eth_type' ? 4 : 1);
  }
}

/** What stands in the source, shortened to one line; for values that have a short form. */
export function showExpr(expr: Expr): string {
  switch (expr.kind) {
    case 'int':
      return expr.radix === 16 ? hex(expr.value) : expr.value.toString();
    case 'mac':
      return showMac(expr.value);
    case 'ipv4':
      return showIpv4(expr.value);
    case 'ipv6':
      return showIpv6(expr.value);
    case 'duration':
      return `${expr.seconds}s`;
    case 'string':
      return JSON.stringify(expr.value);
    case 'name':
      return showName(expr);
    case 'call':
      return `${expr.name.text}(…)`;
    case 'masked':
      return `${showExpr(expr.value)}/${showExpr(expr.mask)}`;
    case 'range':
      return `${showExpr(expr.from)}-${showExpr(expr.to)}`;
    case 'flags':
      return expr.flags.map((f) => (f.set ? '+' : '-') + f.name.text).join('');
    case 'set':
      return '{…}';
    case 'list':
      return '[…]';
    case 'record':
      return '{…: …}';
    case 'binary':
      return `${showExpr(expr.left)} ${expr.operator} ${showExpr(expr.right)}`;
    case 'unary':
      return expr.operator === 'not' ? `not ${showExpr(expr.operand)}` : `~${showExpr(expr.operand)}`;
    case 'load':
      return 'load …';
    case 'missing':
      return 'nothing';
  }
}

export function showName(node: NameExpr): string {
  const path = node.path.map((n) => n.shown ?? n.text).join('.');
  if (node.subfield === null) return path;
  const { from, to } = node.subfield;
  if (from === null) return `${path}[]`;
  return `${path}[${showExpr(from)}${to === null ? '' : `..${showExpr(to)}`}]`;
}

/** The field in the words of the source. */
export function showTarget(target: ResolvedField): string {
  return showName(target.node);
}

/** `a MAC address`, `a number` … */
export function kindOf(expr: Expr): string {
  return KINDS[expr.kind];
}

const NEEDED: Readonly<Partial<Record<FieldFormat, string>>> = {
  Ethernet: 'a MAC address',
  IPv4: 'an IPv4 address',
  IPv6: 'an IPv6 address',
  'ct state': 'flags such as `+trk+est`',
  'TCP flags': 'flags such as `+syn-ack`',
  'tunnel flags': 'flags such as `+oam`',
  frag: '`no`, `yes`, `first`, `later` or `not_later`',
  'OpenFlow 1.0 port': 'a port',
  'OpenFlow 1.1+ port': 'a port',
  'packet type': 'a packet type such as `ipv4`',
};

/** What a field wants to be compared with. */
export function needed(field: Field): string {
  return NEEDED[field.format] ?? 'a number';
}
