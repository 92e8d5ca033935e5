/** What the compiler says to the result: what can be allowed is, at the flow, and the rest is reported at the input. */
import { COMPILER_CODES } from '../diagnostics/codes/index.ts';
import { notCompiled } from '../diagnostics/codes/import-files.ts';
import { unreachedTable } from '../diagnostics/codes/pipeline.ts';
import { duplicateFlow } from '../diagnostics/codes/program.ts';
import { make } from '../diagnostics/define.ts';
import type { Diagnostic } from '../diagnostics/types.ts';
import { compile } from '../project/compile.ts';
import type { Assembled } from './assemble.ts';
import { textOf } from './assemble.ts';
import { spanOf } from './piece.ts';
import type { TextSpan } from './piece.ts';
import type { FlowEntry, Session } from './session.ts';

/** A mistake can hide another. */
const MAX_ROUNDS = 6;

/** Of OpenFlow 1.0, whose flows may do what those of later versions must not. */
const OLD = 'OpenFlow10';

/** Inputs with so many flows are judged by a sample: one of each class of flows that the compiler judges alike. */
const SAMPLE_FROM = 5_000;

/** What the text is when flows and their comments are as they stand in the session; with these flows only, or all. */
export type Put = (
  protocol: string | null,
  only: ReadonlySet<FlowEntry> | null,
  /** Does it matter where in the text they are? */
  places: boolean,
) => Assembled;

/** Compiles and mends until there is nothing more to say. */
export function settle(session: Session, put: Put, sampleFrom = SAMPLE_FROM): Assembled {
  return new Settler(session, put, sampleFrom).settle();
}

class Settler {
  private readonly session: Session;
  private readonly put: Put;
  /** The flows that are compiled; null for all. */
  private readonly sample: Set<FlowEntry> | null;
  /** Classes all of whose flows are in the sample. */
  private readonly spread = new Set<number>();

  constructor(session: Session, put: Put, sampleFrom: number) {
    this.session = session;
    this.put = put;
    this.sample = session.entries.length < sampleFrom || !session.tellsRepeats ? null : sampleOf(session);
  }

  settle(): Assembled {
    const { session } = this;
    const { assembled, verdict, protocol } = this.chosenVersion();
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
      for (const number of next.entered) session.entered.add(number);
      const changed = next.refused.size + next.allowed.size + next.entered.size;
      if (next.replaced.size + changed === 0) break;
      text = this.put(protocol, this.sample, true);
      // A flow that has become a comment gives nothing new to say.
      if (changed === 0) break;
      const again = this.judge(protocol);
      text = again.assembled;
      next = { ...again.verdict, declarations: new Map() };
    }
    return this.sample === null ? text : this.put(protocol, null, false);
  }

  /** Flows that nothing but OpenFlow 1.0 takes make a program of that version. */
  private chosenVersion(): { assembled: Assembled; verdict: Verdict; protocol: string | null } {
    const usual = this.judge(null);
    if (usual.verdict.refused.size === 0) return { ...usual, protocol: null };
    const old = this.judge(OLD);
    return old.verdict.refused.size < usual.verdict.refused.size
      ? { ...old, protocol: OLD }
      : { ...usual, protocol: null };
  }

  private judge(protocol: string | null): { assembled: Assembled; verdict: Verdict } {
    for (;;) {
      const assembled = this.put(protocol, this.sample, true);
      const verdict = judge(assembled, this.sample !== null);
      if (!this.widen(verdict)) return { assembled, verdict };
    }
  }

  /** Where there is something to say about a flow, all that are like it are looked at. True where that makes it more. */
  private widen({ allowed, refused, replaced }: Verdict): boolean {
    const { sample, spread } = this;
    if (sample === null) return false;
    const found = new Set<number>();
    for (const entry of [...allowed.keys(), ...refused.keys(), ...replaced])
      if (!spread.has(entry.alike)) found.add(entry.alike);
    if (found.size === 0) return false;
    const before = sample.size;
    for (const entry of this.session.entries) if (found.has(entry.alike)) sample.add(entry);
    for (const alike of found) spread.add(alike);
    return sample.size > before;
  }
}

/** The first of each class. */
function sampleOf({ entries }: Session): Set<FlowEntry> {
  const seen = new Set<number>();
  const sample = new Set<FlowEntry>();
  for (const entry of entries) {
    if (entry.gone !== null || seen.has(entry.alike)) continue;
    seen.add(entry.alike);
    sample.add(entry);
  }
  return sample;
}

interface Verdict {
  /** Flows whose match and priority a later one has. */
  readonly replaced: ReadonlySet<FlowEntry>;
  readonly allowed: ReadonlyMap<FlowEntry, readonly Diagnostic[]>;
  readonly refused: ReadonlyMap<FlowEntry, Diagnostic>;
  /** Errors in groups and meters. */
  readonly declarations: ReadonlyMap<TextSpan, Diagnostic>;
  /** Tables to which nothing leads. */
  readonly entered: ReadonlySet<number>;
}

function judge(assembled: Assembled, sampled: boolean): Verdict {
  // A sample is small, and still made of few shapes.
  const options = sampled ? { quickFrom: 0, pipeline: false } : {};
  const { diagnostics } = compile({ path: 'import.wbf', text: textOf(assembled.chunks) }, options);
  const replaced = new Set<FlowEntry>();
  const allowed = new Map<FlowEntry, Diagnostic[]>();
  const refused = new Map<FlowEntry, Diagnostic>();
  const declarations = new Map<TextSpan, Diagnostic>();
  const entered = new Set<number>();
  /** Of flows with one match and priority, the last so far, by the first. */
  const last = new Map<FlowEntry, FlowEntry>();
  for (const d of diagnostics) {
    const entry = entryAt(assembled, d.place.start);
    if (d.code === unreachedTable.code) {
      const header = assembled.headers.findLast(({ start }) => start <= d.place.start);
      if (header !== undefined) entered.add(header.number);
    } else if (entry === null) {
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
  return { replaced, allowed, refused, declarations, entered };
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
  const length = entry.miss?.length ?? entry.text?.length ?? entry.to - entry.from;
  return offset < start + length ? entry : null;
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
