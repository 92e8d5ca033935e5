/** From an expression to the literal behind it, and the place to complain about it. */
import type { Expr, Given, NameExpr, Span } from '../../grammar/ast.ts';
import type { Definition, Details } from '../diagnostics/define.ts';
import { notAValue, qualifiedName, unknownName } from '../diagnostics/codes/names.ts';
import { fieldByName } from '../openflow/fields.ts';
import { reservedPort } from '../openflow/ports.ts';
import { isProtocolName } from '../openflow/protocols.ts';
import { label, refuse, replaceFix, report } from './report.ts';
import type { Reporter } from './report.ts';
import { showName } from './show.ts';
import { nearest } from '../diagnostics/suggest.ts';
import type { ConstSymbol, Scope, Symbol } from './types.ts';
import { ownerOfValue } from '../openflow/well-known.ts';

/** What evaluation needs to know. A `FlowContext` is one. */
export interface EvalContext extends Reporter {
  readonly scope: Pick<
    Scope,
    | 'lookup'
    | 'table'
    | 'hasTable'
    | 'portByNumber'
    | 'unresolvedPorts'
    | 'version'
    | 'ports'
    | 'consts'
    | 'tables'
    | 'registers'
    | 'group'
    | 'groupById'
    | 'groups'
    | 'meter'
    | 'meterById'
    | 'meters'
    | 'tunnelOption'
  >;
}

/** A literal, and where its mistakes are reported: at its use, even if it stands in a `const`. */
export interface Literal {
  readonly expr: Expr;
  readonly span: Span;
  /** Where its value was written, if that is elsewhere: in a constant, an argument, a file of data; else null. */
  readonly via: Given | null;
  /** How many constants lie between. */
  readonly hops?: number;
}

export function literal(expr: Expr, outer?: Literal): Literal {
  if (outer === undefined || outer.via === null) return { expr, span: expr.span, via: expr.given ?? null };
  return { ...outer, expr };
}

export function complain<P>(
  ctx: Reporter,
  at: Literal,
  definition: Definition<P>,
  params: P,
  details: Details = {},
): null {
  if (at.via?.cell === true)
    refuse({ ...ctx, file: at.via.file }, ...inCell(ctx, at.via, at, definition, params, details));
  else refuse(ctx, definition, params, at.span, detailsAt(at, details));
  return null;
}

/** The same for what can be allowed: false where the flow allows it, and what is written holds. */
export function refuses<P>(
  ctx: Reporter,
  at: Literal,
  definition: Definition<P>,
  params: P,
  details: Details = {},
): boolean {
  if (at.via?.cell === true)
    return report({ ...ctx, file: at.via.file }, ...inCell(ctx, at.via, at, definition, params, details));
  return report(ctx, definition, params, at.span, detailsAt(at, details));
}

/** What is wrong with a value of a data file is reported there. */
function inCell<P>(
  { file }: Reporter,
  cell: Given,
  { span }: Literal,
  definition: Definition<P>,
  params: P,
  details: Details,
): [Definition<P>, P, Span, Details] {
  const used = label({ file, span }, `used as \`${cell.name}\` here`);
  return [
    definition,
    params,
    cell.span,
    { ...details, related: [used, ...(details.related ?? [])], fixes: [] },
  ];
}

function detailsAt(at: Literal, details: Details): Details {
  if (at.via === null) return details;
  const { file, span, name, constant } = at.via;
  const declared = label(
    { file, span },
    constant === true ? `\`${name}\` is declared here` : `\`${name}\` is given here`,
  );
  return { ...details, related: [declared, ...(details.related ?? [])], fixes: [] };
}

const KIND_OF_SYMBOL: Readonly<Record<Symbol['kind'], string>> = {
  const: 'a constant',
  port: 'a port',
  register: 'a register',
  table: 'a table',
};

export function symbolKind(symbol: Symbol): string {
  return KIND_OF_SYMBOL[symbol.kind];
}

/** The symbol that an unqualified name without a subfield stands for; undefined when there is none. */
export function symbolOf(ctx: EvalContext, node: NameExpr): Symbol | undefined {
  const [name, ...rest] = node.path;
  return name === undefined || rest.length > 0 ? undefined : ctx.scope.lookup(name.text);
}

/**
 * Follows constants to a literal. `what` completes "there is no … called", `wanted` "… is needed here". What is
 * no constant is reported; a constant that stands for itself is not, since its declaration is.
 */
export function followConstants(
  ctx: EvalContext,
  at: Literal,
  what: string,
  wanted: string,
  more: Iterable<string> = [],
): Literal | null {
  let current = at;
  while (current.expr.kind === 'name') {
    const node = current.expr;
    if (node.path.some((n) => n.text === '')) return null;
    if (node.path.length > 1) return complain(ctx, current, qualifiedName, { name: showName(node) });
    const symbol = symbolOf(ctx, node);
    if (symbol === undefined) {
      const name = showName(node);
      if (reportedThere(current, name)) return null;
      if (fieldByName(node.path[0]?.text ?? '') !== undefined) {
        return complain(ctx, current, notAValue, { name, kind: 'a field', needed: wanted });
      }
      if (name === 'true' || name === 'false')
        return complain(ctx, current, notAValue, { name, kind: 'a truth value', needed: wanted });
      return unknown(ctx, current, name, what, more);
    }
    if (symbol.kind !== 'const' || node.subfield !== null) {
      const kind = node.subfield === null ? symbolKind(symbol) : 'some bits of a field';
      return complain(ctx, current, notAValue, { name: showName(node), kind, needed: wanted });
    }
    const value = valueOf(current, symbol);
    if (value === null) return null;
    current = value;
  }
  return current;
}

function declaredAt({ file, name, value }: ConstSymbol): Given {
  return { file, name, span: value.span, cell: false, constant: true };
}

/** The value of a constant at its use; null where its declaration has been reported. */
export function valueOf(at: Literal, symbol: ConstSymbol): Literal | null {
  const hops = (at.hops ?? 0) + 1;
  if (hops > MAX_HOPS || isLaterForm(symbol.value)) return null;
  return { expr: symbol.value, span: at.span, via: at.via ?? symbol.value.given ?? declaredAt(symbol), hops };
}

/** A constant that goes through more others than this has been reported, as have those that stand for themselves. */
export const MAX_HOPS = 100;

/** What is no value of a constant: calls are parts of actions. */
export function isLaterForm({ kind }: Expr): boolean {
  return kind === 'call';
}

/** Words that stand for themselves in constants, lists and records, whatever is around them. */
export function isWord(name: string): boolean {
  return isProtocolName(name) || name === 'true' || name === 'false';
}

/** Has the name been reported where the constant is declared, rather than being none for the field at its use? */
function reportedThere(at: Literal, name: string): boolean {
  return (
    at.via?.constant === true &&
    ownerOfValue(name) === undefined &&
    reservedPort(name) === undefined &&
    !isWord(name)
  );
}

function unknown(ctx: EvalContext, at: Literal, name: string, what: string, more: Iterable<string>): null {
  const suggestion = nearest(name, [...more, ...ctx.scope.consts.map((c) => c.name)]);
  return complain(
    ctx,
    at,
    unknownName,
    { name, what, suggestion },
    {
      fixes:
        suggestion === undefined ? [] : [replaceFix(ctx, `Write \`${suggestion}\``, at.span, suggestion)],
    },
  );
}
