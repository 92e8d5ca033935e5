/** Flows whose actions are compiled for a test; what is expected to be marked stands between `«` and `»`. */
import { expect } from 'vitest';
import type { FlowDecl } from '../../grammar/ast.ts';
import { parse } from '../../grammar/parser.ts';
import { checkActions, lowerActions } from '../../src/check/actions.ts';
import { checkMatch } from '../../src/check/match.ts';
import { checkDeclarations } from '../../src/check/scope.ts';
import type { FlowContext } from '../../src/check/types.ts';
import { plainItems } from '../../src/expand/plain.ts';
import { DiagnosticBag } from '../../src/diagnostics/define.ts';
import type { Diagnostic } from '../../src/diagnostics/types.ts';
import type { Instructions, MatchField } from '../../src/ir/types.ts';

export interface Result {
  readonly text: string;
  /** Did it parse without an error? */
  readonly formed: boolean;
  /** Is the match without an error? */
  readonly sound: boolean;
  /** What it would be without the checks. */
  readonly unchecked: Instructions;
  readonly instructions: Instructions | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly match: readonly MatchField[];
}

export interface FlowText {
  readonly match?: string;
  readonly action: string;
  /** Declarations before the table. */
  readonly before?: string;
  /** Number of the flow's table. */
  readonly table?: number;
}

/** Groups and meters of somebody else, which actions may refer to. */
const OTHERS = [
  ...[1, 3, 5, 0xffffff00].map((id) => `group g${id} = ${id}\n`),
  ...[1, 3, 9, 0xffff0000].map((id) => `meter m${id} = ${id}\n`),
].join('');

/** A program with one flow, in table `here`; tables 5 (`acl`) and 7 (`last`) exist too. */
export function program({ match = '', action, before = '', table = 1 }: FlowText): string {
  const flow = `flow { match { ${match} } action { ${action} } }`;
  return `${before}\ntable here = ${table} { miss = drop; ${flow} }\ntable acl = 5 { miss = drop }\ntable last = 7 { miss = drop }\n${OTHERS}`;
}

export function compile(source: FlowText, sound = true): Result {
  return compileText(program(source), sound);
}

export function compileText(text: string, sound = true, wellFormed = true): Result {
  const { tree, errors } = parse(text);
  if (wellFormed) expect(errors, text).toEqual([]);
  const bag = new DiagnosticBag();
  const scope = checkDeclarations(plainItems(tree), { defaultProgramName: 'test', texts: [text] }, bag);
  let found: { flow: FlowDecl; table: number } | undefined;
  for (const item of tree.items) {
    if (item.kind === 'flow') found ??= { flow: item, table: 0 };
    if (item.kind === 'table' && item.flows[0] !== undefined) {
      const value = item.value?.kind === 'int' ? Number(item.value.value) : 0;
      found ??= { flow: item.flows[0], table: value };
    }
  }
  if (found === undefined || found.flow.matches[0] === undefined || found.flow.actions[0] === undefined) {
    const nothing = { apply: [], clear: false, write: null, writeMetadata: null, goto: null };
    return {
      text,
      instructions: null,
      unchecked: nothing,
      diagnostics: [],
      match: [],
      formed: false,
      sound: false,
    };
  }
  const { flow, table } = found;
  const ctx: FlowContext = { scope, sink: bag, file: 0, table, flow };
  const checked = checkMatch(ctx, flow.matches[0]!);
  const match = sound ? checked : { ...checked, sound };
  const instructions = checkActions(ctx, match, flow.actions[0]!);
  const quiet: FlowContext = { ...ctx, sink: new DiagnosticBag() };
  const unchecked = lowerActions(quiet, match, flow.actions[0]!).instructions;
  return {
    text,
    instructions,
    unchecked,
    diagnostics: bag.all,
    match: match.fields,
    formed: errors.length === 0,
    sound: checked.sound,
  };
}

/** Removes the marks and tells where they were. */
export function unmark(text: string): {
  readonly plain: string;
  readonly marks: readonly [number, number][];
} {
  const marks: [number, number][] = [];
  const open: number[] = [];
  let plain = '';
  for (const c of text) {
    if (c === '«') open.push(plain.length);
    else if (c === '»') marks.push([open.pop()!, plain.length]);
    else plain += c;
  }
  return { plain, marks: marks.sort((a, b) => a[0] - b[0] || a[1] - b[1]) };
}

/** The flow compiles without a word; what it does. */
export function accepts(source: FlowText): Instructions {
  const { instructions, diagnostics, text } = compile(source);
  expect(diagnostics, text).toEqual([]);
  expect(instructions, text).not.toBeNull();
  return instructions!;
}

export interface Expected {
  /** In the order of the places. */
  readonly codes: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  readonly text: string;
}

/** The flow gives one diagnostic for each marked stretch, with these codes in order of place. */
export function complains(source: FlowText, ...codes: string[]): readonly Diagnostic[] {
  const marked = program(source);
  const { plain, marks } = unmark(marked);
  const { diagnostics, instructions } = compileText(plain);
  const sorted = [...diagnostics].sort((a, b) => a.place.start - b.place.start || a.place.end - b.place.end);
  const seen = sorted.map((d) => `${d.code} ${plain.slice(d.place.start, d.place.end)}`);
  expect(seen, plain).toEqual(
    marks.map(([start, end], i) => `${codes[i] ?? '?'} ${plain.slice(start, end)}`),
  );
  expect(sorted.map((d) => [d.place.start, d.place.end])).toEqual(marks);
  const errors = sorted.some((d) => d.severity === 'error');
  expect(instructions === null, plain).toBe(errors);
  return sorted;
}

/** The text of the program with the first fix applied. */
export function fixed(source: FlowText, index = 0): string {
  const { plain } = unmark(program(source));
  const { diagnostics } = compileText(plain);
  const fix = diagnostics.flatMap((d) => d.fixes)[index];
  if (fix === undefined) throw new Error('no fix');
  const edits = [...fix.edits].sort((a, b) => b.start - a.start);
  return edits.reduce((t, e) => t.slice(0, e.start) + e.newText + t.slice(e.end), plain);
}
