/**
 * Which literals of a flow may be changed without the checker having to look again.
 *
 * A literal is a *slot* when all that the checker asks of its value is that it fits: then flows that differ in it
 * only have bytes that differ in it only. Every other literal is a *guard*: flows count as alike only when it is
 * the same. A new check that looks at a value for another reason must take the field out of here; the property
 * test that compares the two roads of `compile` is there to notice.
 */
import type { Block, Expr, FlowDecl, NameExpr, RelationStatement, Statement } from '../../grammar/ast.ts';
import type { Scope } from '../check/types.ts';
import type { CookieSpace } from '../ir/types.ts';
import type { Field } from '../openflow/fields.ts';
import { fieldByName } from '../openflow/fields.ts';
import { isGenericName } from '../openflow/protocols.ts';

/** A literal that may vary. */
export interface SlotRole {
  /** Offset of the literal in the source. */
  readonly start: number;
  /** The node, whose value is changed to learn where it goes. */
  readonly node: ValueNode;
  /** Two values that differ in all bits of the run `[shift, shift + bits)` and in no other. */
  readonly low: bigint;
  readonly high: bigint;
  readonly shift: number;
  readonly bits: number;
  /** The bits outside the run, the same in every value. */
  readonly base: bigint;
  readonly cookie: boolean;
  /** It is a port, in the match or sent to. */
  readonly port: boolean;
  /** The prefix length behind an IPv4 address, which varies too; null where there is none. */
  readonly prefix: Extract<Expr, { kind: 'int' }> | null;
}

export type ValueNode = Extract<Expr, { kind: 'int' | 'mac' | 'ipv4' | 'ipv6' | 'duration' }>;

/**
 * Fields whose value decides more than bits: prerequisites, the presence of a tag, other names, known bugs.
 * in_port is compared with the ports of the actions and with the declared ones.
 */
const SENSITIVE =
  /^(eth_type|nw_proto|icmp_type|icmp_code|icmpv6_type|icmpv6_code|ip_frag|vlan_tci|dl_vlan|dl_vlan_pcp|ct_state|ct_zone|ct_nw_.*|ct_ipv6_.*|ct_tp_.*|packet_type|tun_flags|tun_erspan.*|tun_gtpu.*|tun_metadata.*|in_port_oxm|actset_output|recirc_id|dp_hash|nw_tos|skb_priority|tun_tos|tun_ttl|nsh_.*|conj_id)$/;

/** Does a value of the field decide more than its bits do? */
export function isSensitive({ name }: Field): boolean {
  return SENSITIVE.test(name);
}

const ATTRIBUTE_BITS: Readonly<Record<string, number>> = {
  priority: 16,
  idle_timeout: 16,
  hard_timeout: 16,
  importance: 16,
};

/** What decides which literals are slots. */
interface Names extends Pick<Scope, 'lookup' | 'cookies' | 'foreignCookies'> {
  readonly anyPort: boolean;
}

/** Ports above this are reserved or out of range somewhere; they take the plain road. */
const PORT_BITS = 15;

/**
 * The slots of a flow. Its in_port and output ports are among them only where no port is declared, or (`declared`) where
 * the caller sees to it that those of each flow are.
 */
export function slotsOf(flow: FlowDecl, outer: Scope, declared = false): SlotRole[] {
  const scope: Names = {
    lookup: (name) => outer.lookup(name),
    cookies: outer.cookies,
    foreignCookies: outer.foreignCookies,
    anyPort: declared || outer.ports.length === 0,
  };
  const slots: SlotRole[] = [];
  for (const statement of flow.attributes) {
    if (statement.kind !== 'relation' || statement.operator !== '=') continue;
    const bits =
      statement.target.kind === 'name' ? ATTRIBUTE_BITS[statement.target.path[0]?.text ?? ''] : undefined;
    const { value } = statement;
    if (bits !== undefined && (value.kind === 'int' || value.kind === 'duration')) add(slots, value, bits, 0);
    if (
      statement.target.kind === 'name' &&
      statement.target.path[0]?.text === 'cookie' &&
      value.kind === 'int'
    ) {
      const cookie = scope.foreignCookies ? anyCookieSlot(value) : cookieSlot(value, scope.cookies);
      if (cookie !== null) slots.push(cookie);
    }
  }
  for (const block of flow.matches) fieldsIn(block.statements, scope, slots, true);
  for (const block of flow.actions) actionsIn(block, scope, slots);
  return slots;
}

function actionsIn(block: Block, scope: Names, slots: SlotRole[]): void {
  fieldsIn(block.statements, scope, slots, false);
  for (const statement of block.statements) {
    if (statement.kind !== 'command') continue;
    if (statement.block !== null) actionsIn(statement.block, scope, slots);
    const { operand } = statement;
    if (statement.name.text === 'output' && operand?.kind === 'int' && scope.anyPort) {
      slots.push(portSlot(operand));
    }
  }
}

function fieldsIn(statements: readonly Statement[], scope: Names, slots: SlotRole[], match: boolean): void {
  for (const statement of statements) {
    if (statement.kind !== 'relation' || statement.operator !== '=' || statement.target.kind !== 'name')
      continue;
    fieldSlot(statement, statement.target, scope, slots, match);
  }
}

function fieldSlot(
  statement: RelationStatement,
  target: NameExpr,
  scope: Names,
  slots: SlotRole[],
  match: boolean,
): void {
  const width = widthOf(target, scope, match);
  if (width === null) return;
  const { value } = statement;
  if (isValue(value)) {
    if (width.port) slots.push(portSlot(value));
    else add(slots, value, width.bits, 0);
  } else if (value.kind === 'masked' && isValue(value.value) && !width.port && target.subfield === null) {
    if (value.value.kind === 'ipv4' && value.mask.kind === 'int' && value.mask.radix === 10) {
      slots.push({ ...slot(value.value, 32, 0), prefix: value.mask });
      return;
    }
    const run = runOf(value.value, value.mask, width.bits);
    if (run !== null) add(slots, value.value, run.bits, run.shift);
  }
}

/** How many bits the target has; null where its values mean more than their bits. */
function widthOf(target: NameExpr, scope: Names, match: boolean): { bits: number; port: boolean } | null {
  const name = target.path[0]?.text ?? '';
  if (target.path.length !== 1 || isGenericName(name)) return null;
  let bits: number;
  const field = fieldByName(name);
  if (field !== undefined) {
    if (isSensitive(field)) return null;
    if (field.name === 'in_port')
      return match && scope.anyPort && target.subfield === null ? { bits: 16, port: true } : null;
    bits = field.bits;
    // Subfields of these carry presence bits along.
    if (target.subfield !== null && field.name.startsWith('vlan')) return null;
  } else {
    const symbol = scope.lookup(name);
    if (symbol?.kind !== 'register' || symbol.subfield === null) return null;
    bits = symbol.subfield.bits;
  }
  const { subfield } = target;
  if (subfield !== null && subfield.from !== null) {
    const { from, to } = subfield;
    if (from.kind !== 'int' || (to !== null && to.kind !== 'int')) return null;
    bits = to === null ? 1 : Number(to.value - from.value) + 1;
  }
  return bits >= 1 ? { bits, port: false } : null;
}

function isValue(expr: Expr): expr is ValueNode {
  return expr.kind === 'int' || expr.kind === 'mac' || expr.kind === 'ipv4' || expr.kind === 'ipv6';
}

/** The bits that a mask selects, where they are one run. */
function runOf(value: ValueNode, mask: Expr, width: number): { shift: number; bits: number } | null {
  let bits: bigint;
  if (value.kind === 'ipv4' || value.kind === 'ipv6') {
    const full = value.kind === 'ipv4' ? 32 : 128;
    if (mask.kind !== 'int' || mask.radix !== 10 || mask.value < 1n || mask.value > BigInt(full)) return null;
    return { shift: full - Number(mask.value), bits: Number(mask.value) };
  }
  if (value.kind === 'int' && mask.kind === 'int') bits = mask.value;
  else if (value.kind === 'mac' && mask.kind === 'mac') bits = mask.value;
  else return null;
  if (bits === 0n) return null;
  let shift = 0;
  while ((bits & 1n) === 0n) {
    bits >>= 1n;
    shift++;
  }
  if ((bits & (bits + 1n)) !== 0n) return null;
  const length = bits.toString(2).length;
  return shift + length <= width ? { shift, bits: length } : null;
}

function add(slots: SlotRole[], node: ValueNode, bits: number, shift: number): void {
  if (bits >= 1) slots.push(slot(node, bits, shift));
}

function slot(node: ValueNode, bits: number, shift: number): SlotRole {
  const high = ((1n << BigInt(bits)) - 1n) << BigInt(shift);
  return {
    start: node.span.start,
    node,
    low: 0n,
    high,
    shift,
    bits,
    base: 0n,
    cookie: false,
    port: false,
    prefix: null,
  };
}

/** Neither 0 nor a reserved port. */
function portSlot(node: ValueNode): SlotRole {
  const high = (1n << BigInt(PORT_BITS)) - 2n;
  return { ...slot(node, PORT_BITS, 0), low: 1n, high, port: true };
}

/** A stated cookie, whose ever it is. One with its highest bit set, like the reserved one, takes the plain road. */
function anyCookieSlot(node: ValueNode): SlotRole {
  return { ...slot(node, 63, 0), cookie: true };
}

/** A stated cookie, within the program's space; another one is worth a warning. */
function cookieSlot(node: ValueNode, { value, mask }: CookieSpace): SlotRole | null {
  const free = ~mask & ((1n << 64n) - 1n);
  const bits = free.toString(2).length;
  // Only the usual kind of space: its bits are the upper ones.
  if (free === 0n || free !== (1n << BigInt(bits)) - 1n || (value | free) === (1n << 64n) - 1n) return null;
  return { ...slot(node, bits, 0), low: value, high: value | free, base: value, cookie: true };
}
