/** Numbers for the tables and places for the registers that a program leaves to the compiler. */
import type { Expr, FlowDecl, TableDecl } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/allocation.ts';
import type { ExpandedItem, Origin } from '../expand/types.ts';
import type { Allocation, SubfieldRef } from '../ir/types.ts';
import { field } from '../openflow/fields.ts';
import { MAX_HOPS } from './constants.ts';
import type { EvalContext } from './constants.ts';
import { MAX_TABLE } from './numbers.ts';
import { directUses } from './register-uses.ts';
import { bitsOf, places, placeRegisters, REGISTERS, showPlace } from './register-places.ts';
import type { RegisterBits } from './register-places.ts';
import { label, report, within } from './report.ts';
import { numberTables } from './table-numbers.ts';
import type { TableLink, TableNode } from './table-numbers.ts';
import { groupsIn, usesOfFlow, usesOfGroup, usesOfStatements } from './table-uses.ts';
import type { TableUse } from './table-uses.ts';
import type { GroupSymbol, Located, RegisterSymbol, Scope, TableSymbol } from './types.ts';

/** A flow in its table; null is table 0 of the flows at top level. Flows that differ in literals only may be one. */
export interface PlacedFlow {
  readonly table: TableDecl | null;
  readonly flow: FlowDecl;
  readonly origin: Origin;
}

/** All flows of a program, but for those of rows that are not expanded. */
export function* flowsOf(items: readonly ExpandedItem[]): Generator<PlacedFlow> {
  for (const item of items) {
    if (item.kind === 'flow') yield { table: null, flow: item.decl, origin: item.origin };
    else if (item.kind === 'table') {
      for (const flow of item.flows)
        if (flow.kind === 'flow') yield { table: item.decl, flow: flow.decl, origin: flow.origin };
    }
  }
}

/** Does a declaration leave a number or a place to the compiler? */
export function isLeftToUs({ decl }: ExpandedItem): boolean {
  return (decl.kind === 'table' && decl.value === null) || (decl.kind === 'register' && decl.width !== null);
}

type Context = EvalContext & { readonly scope: Scope };
type Mutable<X> = { -readonly [P in keyof X]: X[P] };
type Link = TableLink & { readonly at: Located };

/** Gives numbers to the tables among `tables` that have none, and reports those that there is none for. */
export function allocateTables(
  ctx: Context,
  tables: readonly Mutable<TableSymbol>[],
  flows: Iterable<PlacedFlow>,
  topFlows: boolean,
): void {
  // Under a name that is taken, a table has been reported.
  const ours = tables.filter((t) => t.decl.value === null && ctx.scope.table(t.name) === t);
  if (ours.length === 0) return;
  const { kept } = ctx.scope;
  const symbols = tables.filter((t) => t.number !== null || ours.includes(t));
  const nodes: TableNode[] = symbols.map((t) => ({
    stated: t.number,
    kept: t.number === null ? (kept.tables.get(t.name) ?? null) : null,
  }));
  const zero = symbols.findIndex((t) => t.number === 0);
  const top = zero === -1 && topFlows ? nodes.push({ stated: 0, kept: null }) - 1 : zero;
  const links = new LinkFinder(ctx.scope, symbols, top);
  for (const { table, flow, origin } of flows) {
    links.add(table, usesOfFlow(flow), groupsIn(flow.actions), origin);
  }
  for (const { decl, origin } of symbols) {
    const blocks = decl.attributes.flatMap((s) =>
      s.kind === 'command' && s.block !== null ? [s.block] : [],
    );
    links.add(decl, usesOfStatements(decl.attributes), groupsIn(blocks), origin);
  }
  const { numbers, circles, moved, homeless } = numberTables(nodes, links.found, links.reserved);
  symbols.forEach((symbol, i) => {
    symbol.number = numbers[i] ?? null;
  });
  const nameOf = (node: number): string => symbols[node]?.decl.name.shown ?? symbols[node]?.name ?? 'table 0';
  for (const circle of circles) {
    const [first, ...rest] = circle as readonly Link[];
    if (first === undefined) continue;
    const way = [nameOf(first.from), ...circle.map((l) => nameOf(l.to))];
    const at = { ...ctx, file: first.at.file };
    report(at, codes.gotoCircle, { way }, first.at.span, {
      related: rest.map(({ at: other, to }) => label(other, `and from here to \`${nameOf(to)}\``)),
    });
  }
  for (const { node, link } of homeless) {
    const symbol = symbols[node];
    if (symbol === undefined) continue;
    const at = link === null ? [] : [label((link as Link).at, `this \`goto\` must lead to a higher number`)];
    report(
      within(ctx, symbol.origin),
      codes.noTableNumber,
      { name: nameOf(node), max: MAX_TABLE },
      symbol.span,
      {
        related: at,
      },
    );
  }
  for (const { node, link } of moved) {
    const symbol = symbols[node];
    const was = nodes[node]?.kept ?? null;
    if (symbol === undefined || was === null || symbol.number === null) continue;
    const params = { name: nameOf(node), from: was, to: symbol.number };
    report(within(ctx, symbol.origin), codes.tableMoved, params, symbol.span, {
      related:
        link === null
          ? []
          : [label((link as Link).at, `from \`${nameOf(link.from)}\` to \`${nameOf(link.to)}\``)],
    });
  }
}

/** Which tables lead to which. */
class LinkFinder {
  readonly found: Link[] = [];
  /** Numbers in the source that are none of a declared table: to be given to nobody, or they would mean it. */
  readonly reserved = new Set<number>();
  private readonly scope: Scope;
  private readonly index: ReadonlyMap<TableDecl | null, number>;
  private readonly byNumber: ReadonlyMap<number, number>;
  private readonly seen = new Set<string>();

  constructor(scope: Scope, symbols: readonly TableSymbol[], top: number) {
    this.scope = scope;
    this.index = new Map<TableDecl | null, number>([
      ...symbols.map((t, i) => [t.decl, i] as const),
      [null, top],
    ]);
    this.byNumber = new Map([
      ...symbols.flatMap((t, i) => (t.number === null ? [] : [[t.number, i] as const])),
      ...(top === -1 ? [] : [[0, top] as const]),
    ]);
  }

  add(table: TableDecl | null, uses: readonly TableUse[], groups: readonly Expr[], origin: Origin): void {
    if (uses.length === 0 && groups.length === 0) return;
    const from = this.index.get(table) ?? -1;
    for (const use of uses) this.link(from, use, origin.file);
    const seen = new Set<GroupSymbol>();
    const visit = (expr: Expr): void => {
      const group = this.group(expr);
      if (group?.decl.body == null || seen.has(group)) return;
      seen.add(group);
      for (const use of usesOfGroup(group.decl)) this.link(from, use, group.file);
      groupsIn([group.decl.body]).forEach(visit);
    };
    groups.forEach(visit);
  }

  private link(from: number, { kind, target }: TableUse, file: number): void {
    const to = this.table(target);
    if (to === null || from === -1) return;
    const forward = kind === 'goto';
    const key = `${from} ${to} ${forward}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.found.push({ from, to, forward, at: { file, span: target.span } });
  }

  private table(target: Expr): number | null {
    const expr = this.follow(target);
    if (expr?.kind === 'int') {
      const number = Number(expr.value);
      const known = this.byNumber.get(number);
      if (known === undefined) this.reserved.add(number);
      return known ?? null;
    }
    if (expr?.kind !== 'name' || expr.path.length !== 1) return null;
    const symbol = this.scope.table(expr.path[0]?.text ?? '');
    return symbol === undefined ? null : (this.index.get(symbol.decl) ?? null);
  }

  private group(target: Expr): GroupSymbol | undefined {
    const expr = this.follow(target);
    if (expr?.kind === 'int') return this.scope.groupById(Number(expr.value));
    return expr?.kind === 'name' ? this.scope.group(expr.path[0]?.text ?? '') : undefined;
  }

  /** What constants lead to. */
  private follow(expr: Expr): Expr | null {
    let current = expr;
    for (let hops = 0; hops <= MAX_HOPS; hops++) {
      if (current.kind !== 'name' || current.path.length !== 1) return current;
      const symbol = this.scope.lookup(current.path[0]?.text ?? '');
      if (symbol?.kind !== 'const') return current;
      current = symbol.value;
    }
    return null;
  }
}

/**
 * Gives places to the registers that have a width only, and reports those that there is none for. What others say
 * outright, in declarations or flows, is nobody else's.
 */
export function allocateRegisters(
  ctx: Context,
  registers: readonly Mutable<RegisterSymbol>[],
  widths: ReadonlyMap<RegisterSymbol, number>,
  items: readonly ExpandedItem[],
  flows: Iterable<PlacedFlow>,
): void {
  const ours = registers.filter((r) => widths.has(r));
  const [first] = ours;
  if (first === undefined) return;
  const { version, kept } = ctx.scope;
  if (!(field('reg0').exactIn as readonly string[]).includes(version)) {
    report(within(ctx, first.origin), codes.noRegisters, { version }, first.span);
    return;
  }
  const direct = directUses(items, flows);
  let taken: RegisterBits = direct;
  for (const { subfield } of registers) if (subfield !== null) taken |= bitsOf(subfield);
  const wanted = ours.map((r) => ({ bits: widths.get(r) ?? 0, kept: kept.registers.get(r.name) ?? null }));
  const found = placeRegisters(wanted, taken);
  ours.forEach((register, i) => {
    register.subfield = found[i] ?? null;
  });
  ours.forEach((register, i) => {
    const at = within(ctx, register.origin);
    const name = register.decl.name.shown ?? register.name;
    const before = wanted[i]?.kept ?? null;
    if (register.subfield === null) {
      const bits = wanted[i]?.bits ?? 0;
      const anew = placeRegisters(
        wanted.map((w) => ({ ...w, kept: null })),
        taken,
      ).every((place) => place !== null);
      report(at, codes.outOfRegisters, { name, bits }, register.span, {
        notes: mapOf(registers, direct),
        ...(anew && wanted.some((w) => w.kept !== null)
          ? { help: 'there is room when all are placed anew: take `registers` out of `wbf.lock`' }
          : {}),
      });
    } else if (
      before !== null &&
      before.bits === register.subfield.bits &&
      !same(before, register.subfield)
    ) {
      const params = { name, from: showPlace(before), to: showPlace(register.subfield) };
      report(at, codes.registerMoved, params, register.span);
    }
  });
}

/** Which register holds what, a line for each that holds something. */
function mapOf(registers: readonly RegisterSymbol[], direct: RegisterBits): string[] {
  const lines: string[] = [];
  for (let n = 0; n < REGISTERS; n++) {
    const [whole] = [...places(32)].slice(n, n + 1);
    if (whole === undefined) continue;
    const bits = bitsOf(whole);
    const names = registers.flatMap(({ subfield, name, decl }) =>
      subfield === null || (bitsOf(subfield) & bits) === 0n
        ? []
        : [`\`${decl.name.shown ?? name}\` (${showPlace(subfield)})`],
    );
    if ((direct & bits) !== 0n) names.push('used by its own name');
    lines.push(`reg${n}: ${names.length === 0 ? 'free' : names.join(', ')}`);
  }
  return lines;
}

function same(a: SubfieldRef, b: SubfieldRef): boolean {
  return a.field === b.field && a.offset === b.offset && a.bits === b.bits;
}

/** What the compiler has given, for `wbf.lock`. */
export function allocationOf(
  { tables, registers }: Pick<Scope, 'tables' | 'registers'>,
  conjunctions: Allocation['conjunctions'],
): Allocation {
  return {
    tables: new Map(
      tables.flatMap((t) => (t.decl.value === null && t.number !== null ? [[t.name, t.number]] : [])),
    ),
    registers: new Map(
      registers.flatMap((r) => (r.decl.width !== null && r.subfield !== null ? [[r.name, r.subfield]] : [])),
    ),
    conjunctions,
  };
}
