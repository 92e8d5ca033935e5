/** `allow = WBF3014` of a flow: diagnostics that it turns off, because what they are about is meant. */
import type { Expr, FlowDecl, Span, Statement } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/allow.ts';
import * as pipeline from '../diagnostics/codes/pipeline.ts';
import { noMiss } from '../diagnostics/codes/program.ts';
import { COMPILER_CODES } from '../diagnostics/codes/index.ts';
import type { Definition, Details, Sink } from '../diagnostics/define.ts';
import type { Diagnostic } from '../diagnostics/types.ts';
import { elements, propertyName } from './properties.ts';
import { replaceFix, report } from './report.ts';
import type { Reporter } from './report.ts';
import { kindOf, showName } from './show.ts';

export const ALLOW = 'allow';

/** True for flows of which equal words may be judged differently. */
export function allows(flow: FlowDecl): boolean {
  return flow.attributes.some((s) => propertyName(s) === ALLOW);
}

/** Tells whether errors went by, and stops those that are allowed. */
export class FlowSink implements Sink {
  failed = false;
  private readonly sink: Sink;
  private readonly allowed: ReadonlySet<string>;
  private readonly met = new Set<string>();

  constructor(sink: Sink, allowed: ReadonlySet<string> = NOTHING) {
    this.sink = sink;
    this.allowed = allowed;
  }

  add(diagnostic: Diagnostic): void {
    if (diagnostic.severity === 'error') this.failed = true;
    this.sink.add(diagnostic);
  }

  allows(code: string): boolean {
    if (!this.allowed.has(code)) return false;
    this.met.add(code);
    return true;
  }

  /** Would it have been reported? */
  wasMet(code: string): boolean {
    return this.met.has(code);
  }
}

const NOTHING: ReadonlySet<string> = new Set();

/** One code in the source. */
interface Entry {
  readonly code: string;
  readonly span: Span;
  /** The edit that takes it out of the text. */
  readonly cut: Span;
}

/** The codes that a flow allows. */
export interface Allowance {
  readonly codes: ReadonlySet<string>;
  readonly entries: readonly Entry[];
}

const NO_ALLOWANCE: Allowance = { codes: NOTHING, entries: [] };

interface AllowContext extends Reporter {
  readonly scope: { textOf(file: number): string; readonly needed: NeededAllowances };
}

/**
 * What is allowed in a template or a loop may be needed by one of the flows that come of it only: which words have been
 * needed, by file and place.
 */
export class NeededAllowances {
  private readonly places = new Set<string>();

  note(file: number, { start }: Span): void {
    this.places.add(`${file} ${start}`);
  }

  /** Those that are not about words which another flow has needed. To be asked when all of the program has been seen. */
  without(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
    if (this.places.size === 0) return diagnostics;
    return diagnostics.filter(
      ({ code, place }) =>
        code !== codes.nothingToAllow.code || !this.places.has(`${place.file} ${place.start}`),
    );
  }
}

/** Reads it, and reports what cannot be allowed. */
export function readAllowance(
  ctx: AllowContext,
  { attributes }: { readonly attributes: readonly Statement[] },
): Allowance {
  const statement = attributes.find((s) => propertyName(s) === ALLOW);
  // In another form than `allow = …` it is complained about with the other attributes.
  if (statement?.kind !== 'relation' || statement.operator !== '=') return NO_ALLOWANCE;
  const exprs = elements(statement.value);
  const whole = wholeStatement(ctx.scope.textOf(ctx.file), statement);
  const entries: Entry[] = [];
  const allowed = new Set<string>();
  exprs.forEach((expr, i) => {
    if (expr.kind === 'missing') return;
    const code = codeOf(expr);
    if (code === null) {
      report(ctx, codes.notACode, { found: kindOf(expr) }, expr.span);
      return;
    }
    const entry = { code, span: expr.span, cut: exprs.length === 1 ? whole : cutOf(exprs, i) };
    const definition = definitionOf(code);
    if (definition === undefined) {
      const upper = code.toUpperCase();
      if (upper === code || definitionOf(upper) === undefined)
        complain(ctx, entry, codes.unknownCode, { code });
      else {
        const fixes = [replaceFix(ctx, `Write \`${upper}\``, expr.span, upper)];
        report(ctx, codes.unknownCode, { code, suggestion: upper }, expr.span, { fixes });
      }
    } else if (!definition.allowable) complain(ctx, entry, codes.notAllowable, { code });
    else if (allowed.has(code)) complain(ctx, entry, codes.nothingToAllow, { code });
    else {
      allowed.add(code);
      entries.push(entry);
    }
  });
  return { codes: allowed, entries };
}

/**
 * Reports what was allowed and would not have been reported. To be called when the flow has been seen; with `late`, when
 * the whole program has, of the diagnostics that only show then. Another flow of the same words may need it all the same:
 * see `NeededAllowances`.
 */
export function reportUnneeded(
  ctx: AllowContext,
  { entries }: Allowance,
  sink: FlowSink,
  late = false,
): void {
  for (const entry of entries) {
    if (isLate(entry.code) !== late) continue;
    if (sink.wasMet(entry.code)) ctx.scope.needed.note(ctx.file, entry.span);
    else complain(ctx, entry, codes.nothingToAllow, { code: entry.code });
  }
}

let lateCodes: ReadonlySet<string> | undefined;

/** Is it found only when all flows are known? */
function isLate(code: string): boolean {
  lateCodes ??= new Set(Object.values(pipeline).map((definition) => definition.code));
  return lateCodes.has(code);
}

/** Does anything in it concern what only shows when all flows are known? */
export function allowsLate({ entries }: Allowance): boolean {
  return entries.some(({ code }) => isLate(code));
}

function complain<P>(ctx: AllowContext, entry: Entry, definition: Definition<P>, params: P): void {
  const details: Details = { fixes: [replaceFix(ctx, `Remove \`${entry.code}\``, entry.cut, '')] };
  report(ctx, definition, params, entry.span, details);
}

function codeOf(expr: Expr): string | null {
  return expr.kind === 'name' && /^WBF\d+$/i.test(showName(expr)) ? showName(expr) : null;
}

/** An element with the comma that goes with it. */
function cutOf(exprs: readonly Expr[], i: number): Span {
  const { start, end } = exprs[i]?.span ?? { start: 0, end: 0 };
  const next = exprs[i + 1];
  if (next !== undefined) return { start, end: next.span.start };
  return { start: exprs[i - 1]?.span.end ?? start, end };
}

/** A statement with what separates it from the next one; its line, where it has one of its own. */
function wholeStatement(text: string, { span }: Statement): Span {
  const lineStart = text.lastIndexOf('\n', span.start - 1) + 1;
  const after = /^[ \t]*(;[ \t]*)?/.exec(text.slice(span.end, span.end + 200))?.[0].length ?? 0;
  const end = span.end + after;
  const newline = /^\r?\n/.exec(text.slice(end, end + 2))?.[0].length ?? 0;
  if (newline > 0 && text.slice(lineStart, span.start).trim() === '') {
    return { start: lineStart, end: end + newline };
  }
  return { start: span.start, end };
}

type AnyDefinition = Pick<Definition<never>, 'code' | 'allowable'>;

let definitions: ReadonlyMap<string, AnyDefinition> | undefined;

/** What the compiler may say, by code. */
function known(): ReadonlyMap<string, AnyDefinition> {
  definitions ??= new Map(
    COMPILER_CODES.flatMap((module) => Object.values(module) as unknown[])
      .filter(isDefinition)
      .map((d) => [d.code, d]),
  );
  return definitions;
}

function isDefinition(value: unknown): value is AnyDefinition {
  return typeof value === 'object' && value !== null && 'code' in value && 'allowable' in value;
}

function definitionOf(code: string): AnyDefinition | undefined {
  return known().get(code);
}

/** May a flow turn it off? */
export function isAllowable(code: string): boolean {
  return definitionOf(code)?.allowable === true;
}

/** May a table turn it off? What shows between tables, of the table itself and of its `miss`, and that it has no `miss`. */
export function isAllowableInTable(code: string): boolean {
  return isAllowable(code) && (isLate(code) || code === noMiss.code);
}
