/** Which number a declared port has. */
import type { Expr, PortDecl } from '../../grammar/ast.ts';
import { notAnInterfaceName, notAValue } from '../diagnostics/codes/names.ts';
import { duplicateNumber } from '../diagnostics/codes/program.ts';
import type { Origin } from '../expand/types.ts';
import { reservedPort } from '../openflow/ports.ts';
import type { EvalContext } from './constants.ts';
import { badInterfaceName, LAST_PORT, Placeholders } from './interface-ports.ts';
import { evaluateInt } from './numbers.ts';
import type { IntLimits } from './numbers.ts';
import { label, report, within } from './report.ts';
import type { Reporter } from './report.ts';
import { showName } from './show.ts';
import type { PortSymbol, Scope } from './types.ts';

const LIMITS: IntLimits = { what: 'the number of a port', min: 1n, max: BigInt(LAST_PORT) };

export interface PortNumber {
  /** null where the declaration is in error, which is then reported. */
  readonly number: number | null;
  /** False where it only stands for the port. */
  readonly known: boolean;
}

export class PortNumbering {
  /** All declarations of ports, wherever they stand. */
  decls: readonly PortDecl[] = [];
  private readonly ctx: EvalContext & { readonly scope: Pick<Scope, 'textOf'> };
  /** By the name of the interface, what a switch has. */
  private readonly bound: ReadonlyMap<string, number>;
  private placeholders: Placeholders | null = null;

  constructor(
    ctx: EvalContext & { readonly scope: Pick<Scope, 'textOf'> },
    bound: ReadonlyMap<string, number>,
  ) {
    this.ctx = ctx;
    this.bound = bound;
  }

  /** `others` have been declared before. */
  numberOf({ value }: PortDecl, origin: Origin, others: readonly PortSymbol[]): PortNumber {
    const ctx = within(this.ctx, origin);
    if (value.kind === 'string') return this.ofInterface(ctx, value.value, value, others);
    if (value.kind === 'name' && value.path.length === 1 && reservedPort(showName(value)) !== undefined) {
      const params = { name: showName(value), kind: 'a reserved port', needed: 'a number' };
      report(ctx, notAValue, params, value.span, {
        help: `write \`${showName(value)}\` where a port is named; it needs no declaration`,
      });
      return { number: null, known: true };
    }
    const found = evaluateInt(ctx, value, LIMITS);
    return { number: found === null ? null : Number(found), known: true };
  }

  private ofInterface(ctx: Reporter, name: string, at: Expr, others: readonly PortSymbol[]): PortNumber {
    const earlier = others.find((p) => p.interfaceName === name);
    if (earlier !== undefined) {
      const params = { what: 'interface', number: name, other: earlier.name };
      report(ctx, duplicateNumber, params, at.span, {
        related: [label(earlier, 'first declared here')],
      });
      return { number: null, known: true };
    }
    const why = badInterfaceName(name);
    if (why !== null) return this.refuse(ctx, name, why, at);
    const number = this.bound.get(name);
    if (number !== undefined) return { number, known: true };
    this.placeholders ??= new Placeholders(this.ctx.scope.textOf(0), this.inUse());
    const placeholder = this.placeholders.take();
    if (placeholder === null) return this.refuse(ctx, name, 'a bridge has fewer ports than that', at);
    return { number: placeholder, known: false };
  }

  private refuse(ctx: Reporter, name: string, why: string, at: Expr): PortNumber {
    report(ctx, notAnInterfaceName, { name, why }, at.span);
    return { number: null, known: true };
  }

  /** The numbers that declarations state, and those of the switch. */
  private *inUse(): Iterable<number> {
    const silent = { ...this.ctx, sink: { add: () => undefined } };
    for (const { value } of this.decls) {
      const found = value.kind === 'string' ? null : evaluateInt(silent, value, LIMITS);
      if (found !== null) yield Number(found);
    }
    yield* this.bound.values();
  }
}
