/** Which terms of a match have several values, and what one of their values looks like as a term. */
import type { Block, Expr, RelationStatement } from '../../../grammar/ast.ts';
import { fieldByName } from '../../openflow/fields.ts';
import { valueName } from '../../openflow/names.ts';
import { joinRegisters } from '../match-overlap.ts';
import type { Chosen, Term } from '../match-terms.ts';
import { matchOrder } from '../../ir/oxm.ts';
import type { MatchField } from '../../ir/types.ts';
import { MAX_HOPS } from '../constants.ts';
import { showName, showTarget, showValue } from '../show.ts';
import type { ResolvedField, Scope } from '../types.ts';
import type { Choice, ValueClass } from './choice.ts';
import { lookedAt, toValue } from './space.ts';

/** What stands on the left of `protocol in {tcp, udp}`. */
const PROTOCOL = 'protocol';

type Names = { readonly scope: Pick<Scope, 'lookup'> };

/** May the term have more than one value? */
export function isSeveral(ctx: Names, { target, operator, value }: RelationStatement): boolean {
  if (operator !== '=' || isSet(value)) return true;
  if (value.kind !== 'name' || target.kind !== 'name') return false;
  const f = fieldByName(target.path[0]?.text ?? '');
  const word = value.path[0]?.text ?? '';
  if (f !== undefined && target.subfield === null && valueName(f, word) !== undefined) return false;
  return isSet(behind(ctx, value));
}

function isSet({ kind }: Expr): boolean {
  return kind === 'set' || kind === 'range' || kind === 'list';
}

/** What a constant stands for. */
function behind(ctx: Names, expr: Expr): Expr {
  let here = expr;
  for (let hops = 0; here.kind === 'name' && here.path.length === 1 && hops < MAX_HOPS; hops++) {
    const symbol = ctx.scope.lookup(here.path[0]?.text ?? '');
    if (symbol?.kind !== 'const') return here;
    here = symbol.value;
  }
  return here;
}

export function isProtocolTerm(ctx: Names, { target }: RelationStatement): boolean {
  if (target.kind !== 'name' || target.path.length !== 1 || target.subfield !== null) return false;
  return target.path[0]?.text === PROTOCOL && ctx.scope.lookup(PROTOCOL)?.kind !== 'register';
}

/** Does any term of the match have several values? */
export function hasSeveral(ctx: Names, { statements }: Block): boolean {
  return statements.some((s) => s.kind === 'relation' && (isSeveral(ctx, s) || isProtocolTerm(ctx, s)));
}

/** The terms, those on the same bits together where one of them has several values: then all have to hold. */
export function groupTerms(
  ctx: Names,
  relations: readonly RelationStatement[],
): readonly (readonly RelationStatement[])[] {
  if (!relations.some((r) => isSeveral(ctx, r))) return relations.map((r) => [r]);
  const groups = new Map<string, RelationStatement[]>();
  for (const r of relations) {
    const key = targetKey(r);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [r]);
    else group.push(r);
  }
  return [...groups.values()].flatMap((group) =>
    group.some((r) => isSeveral(ctx, r)) ? [group] : group.map((r) => [r]),
  );
}

function targetKey({ target }: RelationStatement): string {
  if (target.kind === 'string') return JSON.stringify(target.value);
  const [first, ...rest] = target.path;
  const name = first?.text ?? '';
  if (rest.length > 0 || target.subfield?.from === null) return showName({ ...target, subfield: null });
  return showName({
    ...target,
    path: [{ text: fieldByName(name)?.name ?? name, span: target.span }],
  });
}

export function hasChoice(term: Term): term is Term & { readonly choice: Chosen } {
  return term.choice !== undefined;
}

/** A term as it looks at bits: those of any of its values. */
export function wholeOf(term: Term): Term {
  return term.choice === undefined ? term : { ...term, mask: lookedAt(term.choice.space) };
}

/** A statement with the one element that is taken of its set. */
export function withElement(statement: RelationStatement, { element }: ValueClass): RelationStatement {
  if (element === null) return statement;
  return { ...statement, operator: '=', value: element.at.expr };
}

/** `icmp_type = 8`, for one of the values that are checked one by one. */
export function showClass(target: ResolvedField, { space, classes }: Choice, index: number): string {
  const values = classes[index];
  if (values === undefined) return '';
  const name = showTarget(target);
  if (values.count > 1n) return space.field.name === 'vlan_vid' ? `${name} with a tag` : name;
  if (space.field.name === 'vlan_vid' && values.first.value === 0n) return `${name} = none`;
  const { value, mask } = toValue(space, values.first);
  const shown = showValue(space.field, value);
  return `${name} = ${mask === null ? shown : `${shown}/0x${mask.toString(16)}`}`;
}

/** The terms as they are sent, each choice with its present value. */
export function assemble(fixed: readonly MatchField[], chosen: readonly MatchField[]): MatchField[] {
  const terms = chosen.length === 0 ? fixed : joinFields([...fixed, ...chosen]);
  return matchOrder(joinRegisters(terms));
}

/** Terms on different bits of one field become one. */
function joinFields(terms: readonly MatchField[]): MatchField[] {
  const joined = new Map<MatchField['field'], MatchField>();
  for (const { field, value, mask } of terms) {
    const other = joined.get(field);
    if (other === undefined) joined.set(field, { field, value, mask });
    else {
      const both = other.mask === null || mask === null ? null : other.mask | mask;
      joined.set(field, { field, value: other.value | value, mask: both });
    }
  }
  return [...joined.values()];
}
