/** Where in a flow's declaration a finding stands. */
import type { Block, Expr, FlowDecl, NameExpr, Span, Statement } from '../../../grammar/ast.ts';
import { field, fieldByName } from '../../openflow/fields.ts';
import type { SubfieldRef } from '../../ir/types.ts';
import type { Scope } from '../types.ts';
import { registerBits, type Bits } from './facts.ts';

/** A place, and what is written there. */
export interface Written {
  readonly span: Span;
  readonly name: string;
}

/** Actions that only change the packet: by their names, as commands. */
const CHANGES =
  /^(pop|push_vlan|pop_vlan|push_mpls|pop_mpls|encap|decap|mod_vlan_vid|mod_vlan_pcp|mod_nw_ttl|set_mpls_ttl|delete_field|write_metadata|strip_vlan)$/;
/** Commands that see nothing of a packet and change nothing of it. */
const BLIND = /^(note|meter|set_queue|pop_queue|exit|ct_clear|conjunction|fin_timeout|clear_actions)$/;

export class Locator {
  private readonly scope: Pick<Scope, 'lookup' | 'table'>;

  constructor(scope: Pick<Scope, 'lookup' | 'table'>) {
    this.scope = scope;
  }

  /** The first term of the match that reads some of these bits. */
  inMatch({ matches }: FlowDecl, bits: Bits): Written | null {
    for (const { statements } of matches) {
      for (const s of statements) {
        if (s.kind === 'relation' && s.target.kind === 'name' && (this.bits(s.target) & bits) !== 0n) {
          return written(s.target);
        }
      }
    }
    return null;
  }

  /** The first name in the actions that reads some of these bits: not one that is written to. */
  inActions({ actions }: FlowDecl, bits: Bits): Written | null {
    for (const name of actions.flatMap((block) => [...readNames(block)])) {
      if ((this.bits(name) & bits) !== 0n) return written(name);
    }
    return null;
  }

  private bits(node: NameExpr): Bits {
    const name = node.path.at(-1)?.text ?? '';
    const known = fieldByName(name);
    const symbol = known === undefined ? this.scope.lookup(name) : undefined;
    const whole: SubfieldRef | null =
      known !== undefined
        ? { field: known.name, offset: 0, bits: known.bits }
        : symbol?.kind === 'register'
          ? symbol.subfield
          : null;
    if (whole === null || field(whole.field).bits < whole.bits) return 0n;
    const from = node.subfield?.from;
    if (from?.kind !== 'int') return registerBits(whole);
    const to = node.subfield?.to?.kind === 'int' ? node.subfield.to.value : from.value;
    return registerBits({
      field: whole.field,
      offset: whole.offset + Number(from.value),
      bits: Number(to - from.value) + 1,
    });
  }

  /** The statement that goes to that table. */
  leading({ actions }: FlowDecl, to: number, own: number): Written | null {
    for (const statement of actions.flatMap(({ statements }) => [...nested(statements)])) {
      if (statement.kind !== 'command') continue;
      const { name, operand, args } = statement;
      if (name.text !== 'goto' && name.text !== 'resubmit') continue;
      const positional = args?.[name.text === 'goto' ? 0 : 1];
      const target =
        operand ?? args?.find((a) => a.name?.text === 'table')?.value ?? positional?.value ?? null;
      const table = target === null || target.kind === 'missing' ? own : this.tableOf(target);
      if (table === to) return { span: statement.span, name: name.text };
    }
    return null;
  }

  private tableOf(expr: Expr): number | null {
    let current = expr;
    for (let hops = 0; hops < 100; hops++) {
      if (current.kind === 'int') return Number(current.value);
      const name = current.kind === 'name' ? (current.path[0]?.text ?? '') : '';
      const symbol = this.scope.lookup(name);
      if (symbol?.kind !== 'const') return this.scope.table(name)?.number ?? null;
      current = symbol.value;
    }
    return null;
  }
}

/** The first of the changes behind the last statement that sees anything, in the actions or in a `clone`. */
export function unseenIn(blocks: readonly Block[], inClone: boolean): Span | null {
  for (const block of blocks) {
    if (!inClone) return firstUnseen(block.statements);
    for (const statement of nested(block.statements)) {
      if (statement.kind !== 'command' || statement.name.text !== 'clone' || statement.block === null)
        continue;
      const span = firstUnseen(statement.block.statements);
      if (span !== null) return span;
    }
  }
  return null;
}

function firstUnseen(statements: readonly Statement[]): Span | null {
  let first: Span | null = null;
  for (const s of statements) {
    const change = s.kind === 'relation' || CHANGES.test(s.name.text);
    if (change) first ??= s.span;
    else if (!BLIND.test(s.name.text)) first = null;
  }
  return first;
}

/** The `drop` of a flow. */
export function dropIn({ actions }: FlowDecl): Span | null {
  for (const { statements } of actions) {
    for (const s of statements) if (s.kind === 'command' && s.name.text === 'drop') return s.span;
  }
  return null;
}

function written(node: NameExpr): Written {
  const { span } = node;
  const name = node.path.map((n) => n.shown ?? n.text).join('.');
  return { span, name };
}

function* nested(statements: readonly Statement[]): Generator<Statement> {
  for (const s of statements) {
    yield s;
    if (s.kind === 'command' && s.block !== null) yield* nested(s.block.statements);
  }
}

/** Names in values, operands and arguments. */
function* readNames(block: Block): Generator<NameExpr> {
  for (const s of nested(block.statements)) {
    if (s.kind === 'relation') yield* names(s.value);
    else {
      if (s.operand !== null) yield* names(s.operand);
      for (const { value } of s.args ?? []) yield* names(value);
    }
  }
}

function* names(expr: Expr): Generator<NameExpr> {
  if (expr.kind === 'name') yield expr;
  else if (expr.kind === 'call') for (const { value } of expr.args) yield* names(value);
}
