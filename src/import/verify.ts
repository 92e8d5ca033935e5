/** What the compiler says to the result: what can be allowed is, at the flow, and the rest is reported at the input. */
import { COMPILER_CODES } from '../diagnostics/codes/index.ts';
import { notCompiled } from '../diagnostics/codes/import-files.ts';
import { duplicateFlow, foreignCookie } from '../diagnostics/codes/program.ts';
import { make } from '../diagnostics/define.ts';
import type { Diagnostic } from '../diagnostics/types.ts';
import { compile } from '../project/compile.ts';
import type { Assembled } from './assemble.ts';
import { spanOf } from './piece.ts';
import type { TextSpan } from './scan.ts';
import type { FlowEntry, Session } from './session.ts';

/** A mistake can hide another. */
const MAX_ROUNDS = 6;

/** Compiles and mends until there is nothing more to say. */
export function settle(session: Session, put: () => Assembled): Assembled {
  let assembled = put();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { diagnostics } = compile({ path: 'import.wbf', text: assembled.text });
    const changed = new Set<FlowEntry>();
    let shaken = false;
    for (const d of diagnostics) {
      const entry = entryAt(assembled, d.place.start);
      if (entry === null) {
        const declared = assembled.declared.find((g) => d.place.start >= g.start && d.place.start < g.end);
        if (declared !== undefined && d.severity === 'error') report(session, declared.at, d);
        continue;
      }
      if (d.code === duplicateFlow.code) {
        const earlier = entryAt(assembled, d.related[0]?.start ?? -1);
        if (earlier === null || earlier.gone !== null) continue;
        session.replace(earlier);
        shaken = true;
      } else if (isAllowable(d.code) && !entry.allow.has(d.code)) {
        // A cookie of its own is what the flow says anyway.
        entry.allow.set(d.code, d.code === foreignCookie.code ? '' : d.message);
        entry.plain = true;
        changed.add(entry);
      } else if (d.severity === 'error' && entry.gone === null) {
        entry.gone = 'refused';
        report(session, spanOf(entry.item.piece), d);
        shaken = true;
      }
    }
    if (changed.size === 0 && !shaken) break;
    for (const entry of changed) session.reprint(entry);
    assembled = put();
  }
  return assembled;
}

function report(session: Session, at: TextSpan, d: Diagnostic): void {
  const { switchError, notes } = d;
  const help = d.help ?? undefined;
  const details = { switchError, notes, ...(help === undefined ? {} : { help }) };
  session.bag.add(make(notCompiled, { code: d.code, message: d.message }, { file: 0, ...at }, details));
}

/** The flow whose text has the offset in it. */
function entryAt({ order, starts }: Assembled, offset: number): FlowEntry | null {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const entry = order[low];
  const start = starts[low] ?? 0;
  if (entry === undefined || offset < start) return null;
  const shown = entry.miss ?? entry.text;
  return offset < start + shown.length ? entry : null;
}

let allowable: ReadonlySet<string> | undefined;

function isAllowable(code: string): boolean {
  allowable ??= new Set(
    COMPILER_CODES.flatMap((module) => Object.values(module) as unknown[]).flatMap((d) =>
      typeof d === 'object' && d !== null && 'code' in d && 'allowable' in d && d.allowable === true
        ? [String(d.code)]
        : [],
    ),
  );
  return allowable.has(code);
}
