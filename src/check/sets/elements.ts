/** The elements of a set as they are written: one by one, with what is wrong with each reported at its own place. */
import type { Expr, Span } from '../../../grammar/ast.ts';
import * as codes from '../../diagnostics/codes/sets.ts';
import type { Cube, Interval } from '../../ir/prefixes.ts';
import { prefixes } from '../../ir/prefixes.ts';
import { valueName } from '../../openflow/names.ts';
import { VLAN_PRESENT } from '../../openflow/storage.ts';
import { complain, literal, refuses, symbolOf, valueOf } from '../constants.ts';
import type { EvalContext, Literal } from '../constants.ts';
import { replaceFix } from '../report.ts';
import { kindOf, showExpr } from '../show.ts';
import type { ConstSymbol, ResolvedField } from '../types.ts';
import { evaluate, evaluateLiteral } from '../values.ts';
import { spaceOf, toCube } from './space.ts';
import type { Space } from './space.ts';

/** One element: a value, a value under a mask, or a range. */
export interface Element {
  /** Where it stands, or where the constant stands that it comes from. */
  readonly at: Literal;
  readonly part: Cube | Interval;
}

/** Sets within sets (constants of constants) that are not followed further; nobody has so many values. */
const MAX_VISITS = 1_000_000;

/** The elements of a set, a range, a list or one value; `sound` is false where something is wrong, which is reported. */
export function readElements(
  ctx: EvalContext,
  target: ResolvedField,
  expr: Expr,
): { readonly elements: readonly Element[]; readonly sound: boolean } {
  const reader = new ElementReader(ctx, target);
  reader.read(literal(expr));
  return reader;
}

class ElementReader {
  readonly elements: Element[] = [];
  sound = true;
  private readonly ctx: EvalContext;
  private readonly target: ResolvedField;
  private readonly space: Space;
  /** The constants that are being followed: one that stands for itself has been reported. */
  private readonly open = new Set<ConstSymbol>();
  private visits = 0;

  constructor(ctx: EvalContext, target: ResolvedField) {
    this.ctx = ctx;
    this.target = target;
    this.space = spaceOf(target);
  }

  read(at: Literal): void {
    const { expr } = at;
    if (++this.visits > MAX_VISITS) {
      this.sound = false;
      return;
    }
    switch (expr.kind) {
      case 'set':
      case 'list':
        for (const e of expr.elements) this.read(literal(e, at));
        return;
      case 'range':
        this.range(at, expr.from, expr.to);
        return;
      case 'name': {
        const symbol = this.constantOf(at);
        if (symbol !== undefined) this.constant(at, symbol);
        else this.value(at);
        return;
      }
      default:
        this.value(at);
    }
  }

  /** The constant behind a name, unless the field has a value of that name. */
  private constantOf({ expr }: Literal): ConstSymbol | undefined {
    if (expr.kind !== 'name' || expr.subfield !== null || expr.path.length !== 1) return undefined;
    const { field, subfield } = this.target;
    if (subfield === null && valueName(field, expr.path[0]?.text ?? '') !== undefined) return undefined;
    const symbol = symbolOf(this.ctx, expr);
    return symbol?.kind === 'const' ? symbol : undefined;
  }

  private constant(at: Literal, symbol: ConstSymbol): void {
    const value = this.open.has(symbol) ? null : valueOf(at, symbol);
    if (value === null) {
      this.sound = false;
      return;
    }
    this.open.add(symbol);
    this.read(value);
    this.open.delete(symbol);
  }

  private value(at: Literal): void {
    const value = evaluateLiteral(this.ctx, at, this.target, 'match');
    if (value === null) this.sound = false;
    else this.elements.push({ at, part: toCube(this.space, value) });
  }

  private range(at: Literal, from: Expr, to: Expr): void {
    const first = this.end(literal(from, at));
    const last = this.end(literal(to, at));
    if (first === null || last === null) {
      this.sound = false;
      return;
    }
    if (first.kind !== last.kind) {
      this.sound = false;
      complain(this.ctx, at, codes.rangeOfKinds, { from: first.kind, to: last.kind });
      return;
    }
    if (first.value > last.value) {
      this.sound = false;
      const [high, low] = [showExpr(from), showExpr(to)];
      const text = from.kind === 'name' || to.kind === 'name' ? `${low}..${high}` : `${low}-${high}`;
      const fixes = [replaceFix(this.ctx, `Write \`${text}\``, at.span, text)];
      complain(this.ctx, at, codes.reversedRange, { from: high, to: low }, { fixes });
      return;
    }
    for (const part of this.placed({ from: first.value, to: last.value })) this.elements.push({ at, part });
  }

  /** A range of some bits of a VLAN number is none of the whole, which has a present bit besides. */
  private placed(range: Interval): readonly (Cube | Interval)[] {
    const { field, subfield } = this.target;
    if (field.name !== 'vlan_vid' || subfield === null) return [range];
    return prefixes(range, subfield.bits).map(({ value, mask }) => ({
      value: (value << BigInt(subfield.offset)) | VLAN_PRESENT,
      mask: (mask << BigInt(subfield.offset)) | VLAN_PRESENT,
    }));
  }

  /** One end of a range: its value in the bits that are named, and what kind of value it is. */
  private end(at: Literal): { readonly value: bigint; readonly kind: string } | null {
    const { ctx, target } = this;
    const raw = evaluate({ ctx, target, usage: 'match' }, at);
    if (raw === null) return null;
    const port = target.field.format.endsWith('port') || this.literalBehind(at).kind === 'name';
    if (raw.mask === null && !(port && ctx.scope.unresolvedPorts.byNumber.has(Number(raw.value))))
      return { value: raw.value, kind: kindOfEnd(this.literalBehind(at)) };
    const found = raw.mask === null ? 'a port that only the switch knows the number of' : kindOf(at.expr);
    refuses(ctx, at, codes.badRangeEnd, { found });
    return null;
  }

  private literalBehind(at: Literal): Expr {
    let here: Literal | null = at;
    for (;;) {
      const symbol = this.constantOf(here);
      const next: Literal | null = symbol === undefined ? null : valueOf(here, symbol);
      if (next === null) return here.expr;
      here = next;
    }
  }
}

/** Names stand for numbers. */
function kindOfEnd(expr: Expr): string {
  return expr.kind === 'name' ? 'a number' : kindOf(expr);
}

/** Where an element is to be complained about. */
export function spanOf({ at }: Element): Span {
  return at.span;
}
