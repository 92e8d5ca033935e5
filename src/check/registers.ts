/** `register zone = reg3[0..15]`, `register zone: 16` */
import { aliasOfNothing, registerOfItself } from '../diagnostics/codes/allocation.ts';
import type { RegisterDecl } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/program.ts';
import type { SubfieldRef } from '../ir/types.ts';
import { field } from '../openflow/fields.ts';
import { storage } from '../openflow/storage.ts';
import type { EvalContext } from './constants.ts';
import { label, replaceFix, report } from './report.ts';
import { kindOf } from './show.ts';
import { ANY_PACKET } from './state.ts';
import type { RegisterSymbol } from './types.ts';
import { MAX_WIDTH } from './register-places.ts';
import { evaluateInt, resolveField } from './values.ts';

/** What may be given a name: where the pipeline keeps things for itself. */
const NAMEABLE = /^(x{0,2}reg\d+|metadata|pkt_mark)$/;

/** The width of a register that the compiler is to place, in bits; null where it is in error. */
export function registerWidth(ctx: EvalContext, { width, alias }: RegisterDecl): number | null {
  if (width === null) return null;
  if (alias !== null) {
    report(ctx, aliasOfNothing, {}, alias, { fixes: [replaceFix(ctx, 'Remove `alias`', alias, '')] });
  }
  const limits = { what: 'the width of a register', min: 1n, max: BigInt(MAX_WIDTH) };
  const bits = evaluateInt(ctx, width, limits);
  return bits === null ? null : Number(bits);
}

/** A register whose place is being looked for. */
export type Unplaced = { -readonly [P in keyof RegisterSymbol]: RegisterSymbol[P] };

/** Reads where those registers are that say so. Gives back those that name a register whose place is not known yet. */
export function resolveStated(
  registers: readonly Unplaced[],
  contextOf: (register: RegisterSymbol) => EvalContext,
): Unplaced[] {
  let left = [...registers];
  for (;;) {
    const waiting = left.filter((register) => {
      const ctx = contextOf(register);
      const base = baseOf(ctx, register);
      if (base !== null && base.subfield === null && (base.decl.width !== null || left.includes(base))) {
        return true;
      }
      register.subfield = registerBits(ctx, register.decl);
      return false;
    });
    if (waiting.length === left.length) return waiting;
    left = waiting;
  }
}

/** Reports those that have no place because they lead back to themselves. */
export function reportCircles(
  registers: readonly Unplaced[],
  contextOf: (register: RegisterSymbol) => EvalContext,
): void {
  for (const register of registers) {
    const ctx = contextOf(register);
    const base = baseOf(ctx, register);
    // What a register in error has for its base has been reported there.
    if (base === null || !registers.includes(base)) continue;
    const { decl, name, span } = register;
    report(ctx, registerOfItself, { name: decl.name.shown ?? name }, decl.value?.span ?? span);
  }
}

/** The register that another one is some bits of. */
function baseOf(ctx: EvalContext, { decl: { value } }: RegisterSymbol): RegisterSymbol | null {
  if (value?.kind !== 'name' || value.path.length !== 1) return null;
  const symbol = ctx.scope.lookup(value.path[0]?.text ?? '');
  return symbol?.kind === 'register' ? symbol : null;
}

/** The bits of a register that states them; null where the declaration is in error. */
export function registerBits(ctx: EvalContext, decl: RegisterDecl): SubfieldRef | null {
  const { value } = decl;
  if (value === null || value.kind === 'missing') return null;
  if (value.kind !== 'name') {
    report(ctx, codes.notARegister, { what: kindOf(value) }, value.span);
    return null;
  }
  const resolved = resolveField(ctx, value, ANY_PACKET);
  if (resolved === null) return null;
  const { field: f, subfield } = resolved;
  if (!NAMEABLE.test(f.name)) {
    report(ctx, codes.notARegister, { what: `\`${f.name}\`` }, value.span);
    return null;
  }
  return subfield ?? { field: f.name, offset: 0, bits: f.bits };
}

/** Reports an overlap with an earlier register, unless it is meant. */
export function checkOverlap(
  ctx: EvalContext,
  symbol: RegisterSymbol,
  earlier: readonly RegisterSymbol[],
): void {
  const { decl, subfield, name } = symbol;
  if (subfield === null || decl.alias !== null) return;
  const other = earlier.find((r) => r.subfield !== null && overlap(r.subfield, subfield));
  if (other === undefined) return;
  const end = { start: decl.span.end, end: decl.span.end };
  report(ctx, codes.registerOverlap, { name, other: other.name }, decl.value?.span ?? decl.name.span, {
    related: [
      label({ file: other.file, span: other.decl.value?.span ?? other.span }, `\`${other.name}\` is here`),
    ],
    help: 'end the declaration with `alias` if that is what is meant',
    fixes: [replaceFix(ctx, 'Add `alias`', end, ' alias')],
  });
}

function overlap(a: SubfieldRef, b: SubfieldRef): boolean {
  const x = storage(field(a.field));
  const y = storage(field(b.field));
  if (x.unit !== y.unit) return false;
  const [from, to] = [x.offset + a.offset, y.offset + b.offset];
  return from < to + b.bits && to < from + a.bits;
}
