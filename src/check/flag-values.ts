/** `+trk+est-new` */
import type { FlagsExpr } from '../../grammar/ast.ts';
import { flagTwice, unknownFlag } from '../diagnostics/codes/values.ts';
import { flagBits } from '../openflow/names.ts';
import { complain } from './constants.ts';
import type { Literal } from './constants.ts';
import { replaceFix } from './report.ts';
import { showTarget } from './show.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { wrongKind } from './values.ts';
import type { FieldValue, Job } from './values.ts';

export function flags(job: Job, at: Literal, expr: FlagsExpr): FieldValue | null {
  const { ctx, target } = job;
  const bits = target.subfield === null ? flagBits(target.field) : undefined;
  if (bits === undefined) return wrongKind(job, at);
  let value = 0n;
  let mask = 0n;
  let sound = true;
  for (const flag of expr.flags) {
    const name = flag.name.text;
    const here: Literal = at.via === null ? { expr, span: flag.name.span, via: null } : at;
    const bit = bits.get(name);
    if (bit === undefined) {
      sound = false;
      // An empty name is where the parser missed one.
      if (name === '') continue;
      const suggestion = nearest(name, bits.keys());
      const title = `Write \`${suggestion ?? ''}\``;
      const fixes = suggestion === undefined ? [] : [replaceFix(ctx, title, here.span, suggestion)];
      complain(ctx, here, unknownFlag, { name, target: showTarget(target), suggestion }, { fixes });
    } else if ((mask & bit) !== 0n) {
      sound = false;
      complain(ctx, here, flagTwice, { name, contradicts: ((value & bit) !== 0n) !== flag.set });
    } else {
      mask |= bit;
      if (flag.set) value |= bit;
    }
  }
  return sound ? { value, mask } : null;
}
