/** What the compiler says to the result: what can be allowed is, at the flow, and the rest is reported at the input. */
import { COMPILER_CODES } from '../diagnostics/codes/index.ts';
import { notCompiled } from '../diagnostics/codes/import-files.ts';
import { duplicateFlow } from '../diagnostics/codes/program.ts';
import { make } from '../diagnostics/define.ts';
import type { Diagnostic } from '../diagnostics/types.ts';
import { compile } from '../project/compile.ts';
import type { Assembled } from './assemble.ts';
import { spanOf } from './piece.ts';
import type { TextSpan } from './piece.ts';
import type { FlowEntry, Session } from './session.ts';

/** A mistake can hide another. */
const MAX_ROUNDS = 6;

/** Of OpenFlow 1.0, whose flows may do what those of later versions must not. */
const OLD = 'OpenFlow10';

/** What the text is when flows and their comments are as they stand in the session. */
export type Put = (protocol: string | null) => Assembled;

/** Compiles and mends until there is nothing more to say. */
export function settle(session: Session, put: Put): Assembled {
  const { assembled, verdict, protocol } = chosenVersion(put);
  let text = assembled;
  let next = verdict;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    for (const earlier of next.replaced) session.replace(earlier);
    for (const [entry, d] of next.refused) {
      entry.gone = 'refused';
      report(session, spanOf(entry.item), d);
    }
    for (const [at, d] of next.declarations) report(session, at, d);
    for (const entry of next.allowed.keys()) entry.plain = true;
    for (const [entry, ds] of next.allowed) {
      entry.allow ??= new Map();
      for (const d of ds) entry.allow.set(d.code, d.message);
      session.reprint(entry);
    }
    if (next.replaced.size + next.refused.size + next.allowed.size === 0) break;
    text = put(protocol);
    // A flow that has become a comment gives nothing new to say.
    if (next.refused.size + next.allowed.size === 0) break;
    next = { ...judge(text), declarations: new Map() };
  }
  return text;
}

/** Flows that nothing but OpenFlow 1.0 takes make a program of that version. */
function chosenVersion(put: Put): { assembled: Assembled; verdict: Verdict; protocol: string | null } {
  const assembled = put(null);
  const verdict = judge(assembled);
  if (verdict.refused.size === 0) return { assembled, verdict, protocol: null };
  const old = put(OLD);
  const other = judge(old);
  return other.refused.size < verdict.refused.size
    ? { assembled: old, verdict: other, protocol: OLD }
    : { assembled, verdict, protocol: null };
}

interface Verdict {
  /** Flows whose match and priority a later one has. */
  readonly replaced: ReadonlySet<FlowEntry>;
  readonly allowed: ReadonlyMap<FlowEntry, readonly Diagnostic[]>;
  readonly refused: ReadonlyMap<FlowEntry, Diagnostic>;
  /** Errors in groups and meters. */
  readonly declarations: ReadonlyMap<TextSpan, Diagnostic>;
}

function judge(assembled: Assembled): Verdict {
  const { diagnostics } = compile({ path: 'import.wbf', text: assembled.text });
  const replaced = new Set<FlowEntry>();
  const allowed = new Map<FlowEntry, Diagnostic[]>();
  const refused = new Map<FlowEntry, Diagnostic>();
  const declarations = new Map<TextSpan, Diagnostic>();
  /** Of flows with one match and priority, the last so far, by the first. */
  const last = new Map<FlowEntry, FlowEntry>();
  for (const d of diagnostics) {
    const entry = entryAt(assembled, d.place.start);
    if (entry === null) {
      const placed = assembled.declared.find((g) => d.place.start >= g.start && d.place.start < g.end);
      if (placed !== undefined && d.severity === 'error') declarations.set(placed.at, d);
    } else if (d.code === duplicateFlow.code) {
      // All of them are compared with the first, and the last one stays.
      const first = entryAt(assembled, d.related[0]?.start ?? -1);
      if (first === null) continue;
      replaced.add(last.get(first) ?? first);
      last.set(first, entry);
    } else if (isAllowable(d.code) && entry.allow?.has(d.code) !== true) {
      allowed.set(entry, [...(allowed.get(entry) ?? []), d]);
    } else if (d.severity === 'error' && !refused.has(entry)) refused.set(entry, d);
  }
  return { replaced, allowed, refused, declarations };
}

function report(session: Session, at: TextSpan, d: Diagnostic): void {
  const { switchError, notes } = d;
  const help = d.help ?? undefined;
  const details = { switchError, notes, ...(help === undefined ? {} : { help }) };
  const params = { code: d.code, message: d.message };
  session.bag.add(make(notCompiled, params, { file: 0, start: at.start, end: at.end }, details));
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
