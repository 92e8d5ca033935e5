/** Groups and meters by name and id. Each of the two has a name space of its own. */
import type { Expr, GroupDecl, MeterDecl, Name } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/groups.ts';
import { duplicateName, duplicateNumber } from '../diagnostics/codes/program.ts';
import type { Origin } from '../expand/types.ts';
import type { IdRange } from '../ir/types.ts';
import type { EvalContext } from './constants.ts';
import { evaluateInt } from './numbers.ts';
import { label, report, within } from './report.ts';
import type { GroupSymbol, Located, MeterSymbol } from './types.ts';

/** OFPG_MAX and OFPM13_MAX (OpenFlow 1.5.1 §7.3.4.4, §7.3.4.6). */
export const MAX_GROUP = 0xffffff00;
export const MAX_METER = 0xffff0000;

/** Meters of the switch itself, that no flow names (OpenFlow 1.5.1 §7.3.4.6). */
const VIRTUAL_METERS: Readonly<Record<string, number>> = { slowpath: 0xfffffffd, controller: 0xfffffffe };

/** What makes the difference between the two. */
export interface IdKind {
  readonly what: 'group' | 'meter';
  readonly article: 'a group' | 'a meter';
  /** Of `program`. */
  readonly property: 'groups' | 'meters';
  readonly min: number;
  readonly max: number;
}

export const GROUP_IDS: IdKind = {
  what: 'group',
  article: 'a group',
  property: 'groups',
  min: 0,
  max: MAX_GROUP,
};

export const METER_IDS: IdKind = {
  what: 'meter',
  article: 'a meter',
  property: 'meters',
  min: 1,
  max: MAX_METER,
};

/** A declaration, and where it comes from. */
export interface Placed<D> {
  readonly decl: D;
  readonly origin: Origin;
}

interface Entry extends Located, Pick<GroupSymbol, 'origin'> {
  readonly name: string;
  id: number | null;
  readonly external: boolean;
}

/** Symbols by name and id. */
export interface Identified<S> {
  readonly all: readonly S[];
  readonly byName: ReadonlyMap<string, S>;
  readonly byId: ReadonlyMap<number, S>;
  /** The ids that are ours. */
  readonly ids: readonly IdRange[];
}

export function identifyGroups(
  ctx: EvalContext,
  decls: readonly Placed<GroupDecl>[],
  ranges: readonly IdRange[] | null,
): Identified<GroupSymbol> {
  return identify(ctx, decls, ranges, GROUP_IDS, new Map(), (entry, decl) => ({
    kind: 'group' as const,
    ...entry,
    decl,
  }));
}

/** `bound`: ids that are to be used instead of those that the program says, by name. */
export function identifyMeters(
  ctx: EvalContext,
  decls: readonly Placed<MeterDecl>[],
  ranges: readonly IdRange[] | null,
  bound: ReadonlyMap<string, number> = new Map(),
): Identified<MeterSymbol> {
  return identify(ctx, decls, ranges, METER_IDS, bound, (entry, decl) => ({
    kind: 'meter' as const,
    ...entry,
    decl,
  }));
}

function identify<D extends GroupDecl | MeterDecl, S extends Entry>(
  program: EvalContext,
  decls: readonly Placed<D>[],
  ranges: readonly IdRange[] | null,
  kind: IdKind,
  bound: ReadonlyMap<string, number>,
  make: (entry: Entry, decl: D) => S,
): Identified<S> {
  const entries = decls.map(({ decl, origin }): [Entry, D] => {
    const { name, value, body } = decl;
    const external = body === null;
    const id = value === null ? null : statedId(within(program, origin), value, kind, external);
    return [{ name: name.text, id, external, origin, file: origin.file, span: name.span }, decl];
  });
  const free = new FreeIds(
    ranges ?? [],
    entries.flatMap(([{ id }]) => (id === null ? [] : [id])),
  );
  const byName = new Map<string, S>();
  const byId = new Map<number, S>();
  const all: S[] = [];
  for (const [entry, decl] of entries) {
    const ctx = within(program, entry.origin);
    if (entry.id !== null) owned(ctx, entry as Entry & { id: number }, decl, ranges, kind);
    // Under a name that is taken, or that could not be read, that there is no id would be no news.
    else if (decl.value === null && entry.name !== '' && !byName.has(entry.name)) {
      entry.id = takeId(ctx, entry, decl.name, ranges, free, kind);
    }
    const earlier = entry.id === null ? undefined : byId.get(entry.id);
    if (earlier !== undefined && entry.id !== null) {
      const params = { what: kind.what, number: entry.id, other: earlier.name };
      report(ctx, duplicateNumber, params, decl.value?.span ?? decl.name.span, {
        related: [label(earlier, 'first declared here')],
      });
      entry.id = null;
    }
    const symbol = make(entry, decl);
    if (symbol.id !== null) byId.set(symbol.id, symbol);
    enter(ctx, symbol, decl.name, byName, kind);
    all.push(symbol);
  }
  const ids = ranges ?? rangesOf(all.flatMap(({ id, external }) => (id === null || external ? [] : [id])));
  rebind(all, byId, bound);
  return { all, byName, byId, ids };
}

function statedId(ctx: EvalContext, value: Expr, kind: IdKind, external: boolean): number | null {
  const { what, article, min, max } = kind;
  if (what === 'meter' && !external && value.kind === 'name' && value.path.length === 1) {
    const word = value.path[0]?.text ?? '';
    const virtual = Object.hasOwn(VIRTUAL_METERS, word) ? VIRTUAL_METERS[word] : undefined;
    if (virtual !== undefined && ctx.scope.lookup(word) === undefined) return virtual;
  }
  const found = evaluateInt(ctx, value, {
    what: `the id of ${article}`,
    min: BigInt(min),
    max: BigInt(max),
    switchError: what === 'group' ? 'OFPGMFC_INVALID_GROUP' : 'OFPMMFC_INVALID_METER',
  });
  return found === null ? null : Number(found);
}

/** Is it in the right place, inside or outside the ranges of the program? */
function owned(
  ctx: EvalContext,
  entry: Entry & { readonly id: number },
  { value, name }: GroupDecl | MeterDecl,
  ranges: readonly IdRange[] | null,
  { what, property, max }: IdKind,
): void {
  if (ranges === null || entry.id > max) return;
  const inside = ranges.some((r) => r.first <= entry.id && entry.id <= r.last);
  if (inside !== entry.external) return;
  const definition = entry.external ? codes.externalInside : codes.idOutside;
  report(ctx, definition, { what, id: entry.id, property }, value?.span ?? name.span);
}

function takeId(
  ctx: EvalContext,
  { name, external }: Entry,
  at: Name,
  ranges: readonly IdRange[] | null,
  free: FreeIds,
  { what, property }: IdKind,
): number | null {
  if (external) {
    report(ctx, codes.externalWithoutId, { what, name }, at.span, {
      help: `write \`${what} ${name} = NUMBER\` for one that somebody else makes, or give it a body`,
    });
    return null;
  }
  if (ranges === null) {
    report(ctx, codes.noId, { what, name }, at.span, {
      help: `write \`${what} ${name} = NUMBER { … }\`, or give the program numbers of its own: \`program NAME { ${property} = FIRST-LAST }\``,
    });
    return null;
  }
  const id = free.take();
  // A range in error has been reported.
  if (id === null && ranges.length > 0) report(ctx, codes.idsExhausted, { what, name }, at.span);
  return id;
}

function enter<S extends Entry>(
  ctx: EvalContext,
  symbol: S,
  name: Name,
  byName: Map<string, S>,
  { article }: IdKind,
): void {
  if (name.text === '') return;
  const earlier = byName.get(name.text);
  if (earlier === undefined) byName.set(name.text, symbol);
  else {
    const related = [label(earlier, 'first declared here')];
    report(ctx, duplicateName, { name: name.text, what: article }, name.span, { related });
  }
}

/** Gives symbols other ids than they have, all at once. */
function rebind<S extends Entry>(
  all: readonly S[],
  byId: Map<number, S>,
  bound: ReadonlyMap<string, number>,
): void {
  for (const symbol of all) {
    const id = bound.get(symbol.name);
    if (id !== undefined && symbol.id !== null) symbol.id = id;
  }
  if (bound.size === 0) return;
  byId.clear();
  for (const symbol of all) if (symbol.id !== null) byId.set(symbol.id, symbol);
}

/** Ids of the ranges that nobody has, from the lowest. */
class FreeIds {
  private readonly ranges: readonly IdRange[];
  private readonly used: Set<number>;
  private range = 0;
  private next: number | null = null;

  constructor(ranges: readonly IdRange[], used: readonly number[]) {
    this.ranges = ranges;
    this.used = new Set(used);
  }

  take(): number | null {
    for (; this.range < this.ranges.length; this.range++, this.next = null) {
      const { first, last } = this.ranges[this.range] ?? { first: 0, last: -1 };
      let id = this.next ?? first;
      while (id <= last && this.used.has(id)) id++;
      if (id > last) continue;
      this.used.add(id);
      this.next = id + 1;
      return id;
    }
    return null;
  }
}

/** The same numbers as ranges, in order, none next to another. */
export function rangesOf(ids: readonly number[]): readonly IdRange[] {
  return joined(ids.map((id) => ({ first: id, last: id })));
}

/** Ranges in order, with those joined that overlap or touch. */
export function joined(ranges: readonly IdRange[]): readonly IdRange[] {
  const result: { first: number; last: number }[] = [];
  for (const { first, last } of [...ranges].sort((a, b) => a.first - b.first)) {
    const before = result.at(-1);
    if (before !== undefined && first <= before.last + 1) before.last = Math.max(before.last, last);
    else result.push({ first, last });
  }
  return result;
}
