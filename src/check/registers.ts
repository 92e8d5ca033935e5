/** `register zone = reg3[0..15]` */
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
import { resolveField } from './values.ts';

/** What may be given a name: where the pipeline keeps things for itself. */
const NAMEABLE = /^(x{0,2}reg\d+|metadata|pkt_mark)$/;

/** The bits of a register; null where the declaration is in error. */
export function registerBits(ctx: EvalContext, decl: RegisterDecl): SubfieldRef | null {
  if (decl.width !== null) {
    const what = 'a register that the compiler places';
    report(ctx, codes.laterDeclaration, { what }, decl.width.span, {
      help: 'say which bits: `register zone = reg0[0..15]`',
    });
    return null;
  }
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
