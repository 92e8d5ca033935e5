/** Terms of a match that have several values: which, and how they fall into classes that are checked alike. */
import type { RelationStatement } from '../../../grammar/ast.ts';
import * as codes from '../../diagnostics/codes/sets.ts';
import { contains } from '../../ir/cubes.ts';
import { intervalOf, size } from '../../ir/prefixes.ts';
import type { Cube } from '../../ir/prefixes.ts';
import type { Field } from '../../openflow/fields.ts';
import { VLAN_PRESENT } from '../../openflow/storage.ts';
import { isInDomain, ones } from '../domain.ts';
import { label, report } from '../report.ts';
import { showExpr, showTarget } from '../show.ts';
import type { FlowContext, ResolvedField } from '../types.ts';
import { readElements, spanOf } from './elements.ts';
import type { Element } from './elements.ts';
import { spaceOf } from './space.ts';
import type { Space } from './space.ts';
import * as sets from './values.ts';
import type { ValueSet } from './values.ts';

/** The values of one term, or of several terms on the same bits. */
export interface Choice {
  readonly space: Space;
  readonly set: ValueSet;
  /** The term holds for every value: nothing is to be matched. */
  readonly everything: boolean;
  readonly classes: readonly ValueClass[];
}

/** Values that are checked alike: they differ in nothing but their bits. */
export interface ValueClass {
  readonly count: bigint;
  /** In order; more than a flow may become are not to be asked for. */
  cubes(): readonly Cube[];
  /** The same set, always as disjoint masks. */
  canonical(): readonly Cube[];
  /** One of them. */
  readonly first: Cube;
  readonly set: ValueSet;
  /** The element of the source that it is, where it is a single one. */
  readonly element: Element | null;
}

/** Fields of which each value is checked for itself, since it says what the packet is or is judged alone. */
const ONE_BY_ONE: ReadonlySet<Field['name']> = new Set([
  'packet_type',
  'eth_type',
  'nw_proto',
  'ip_frag',
  'vlan_tci',
  'dl_vlan',
  'dl_vlan_pcp',
  'icmp_type',
  'icmp_code',
  'icmpv6_type',
  'icmpv6_code',
  'ct_state',
  'recirc_id',
]);

/** The choice that the statements make together, all on `target`; null where something is wrong, which is reported. */
export function readChoice(
  ctx: FlowContext,
  target: ResolvedField,
  statements: readonly RelationStatement[],
  overlapping: boolean,
): Choice | null {
  const space = spaceOf(target);
  const { width, field } = space;
  let sound = true;
  let positive: ValueSet | null = null;
  let negative: ValueSet | null = null;
  const elements: Element[] = [];
  for (const statement of statements) {
    const read = readElements(ctx, target, statement.value);
    sound &&= read.sound;
    if (!read.sound) continue;
    reportRepeated(ctx, read.elements, width);
    const set = sets.unionOf(
      read.elements.map((e) => e.part),
      width,
    );
    if (isNegative(statement)) {
      negative =
        negative === null
          ? set
          : sets.unionOf([...negative.intervals, ...negative.cubes, ...set.intervals, ...set.cubes], width);
      continue;
    }
    if (sets.isEmpty(set)) {
      sound = false;
      report(ctx, codes.noValueLeft, { field: showTarget(target) }, statement.value.span);
      continue;
    }
    elements.push(...read.elements);
    positive = positive === null ? set : sets.intersectionOf(positive, set, width);
  }
  const [first] = statements;
  if (!sound || first === undefined) return null;
  if (positive === null && !field.maskable) {
    const params = { field: showTarget(target), operator: first.operator };
    report(ctx, codes.notNegatable, params, first.operatorSpan, {
      help: 'write a flow of higher priority for the exception',
    });
    return null;
  }
  const all = positive ?? sets.everything(width);
  const left = negative === null ? all : sets.difference(all, negative, width);
  const set = left === null ? null : existing(space, left);
  if (set === null || sets.isEmpty(set)) {
    nothingLeft(ctx, target, statements);
    return null;
  }
  const everything = sets.isEverything(set, width);
  if (everything) report(ctx, codes.everyValue, { field: showTarget(target) }, first.value.span);
  return { space, set, everything, classes: classesOf(space, set, elements, overlapping) };
}

/** `!=` and `not in` */
export function isNegative({ operator }: RelationStatement): boolean {
  return operator === '!=' || operator === 'not in';
}

function nothingLeft(
  ctx: FlowContext,
  target: ResolvedField,
  statements: readonly RelationStatement[],
): void {
  const [first, second] = statements;
  if (first === undefined) return;
  const params = { field: showTarget(target) };
  if (second === undefined) {
    report(ctx, codes.noValueLeft, params, first.value.span);
    return;
  }
  const last = statements.at(-1) ?? second;
  report(ctx, codes.nothingInCommon, params, last.span, {
    related: statements
      .filter((s) => s !== last)
      .map((s) => label({ file: ctx.file, span: s.span }, 'this has to hold, too')),
  });
}

/** Without values that no packet has: a tag control word without the present bit is 0. */
function existing({ field, width, whole }: Space, set: ValueSet): ValueSet {
  if (field.name !== 'vlan_tci' || !whole) return set;
  const cubes = sets.asCubes(set, width).filter(({ value, mask }) => {
    const untagged = (mask & ~value & VLAN_PRESENT) !== 0n;
    return !untagged || value === 0n;
  });
  return cubes.length === 0 ? set : sets.unionOf(cubes, width);
}

/** An element that another one contains: a slip, mostly. Those of one constant are its own affair. */
function reportRepeated(ctx: FlowContext, elements: readonly Element[], width: number): void {
  const exact = new Map<string, Element>();
  let told = 0;
  elements.forEach((element, i) => {
    const key = keyOf(element);
    const same = exact.get(key);
    if (same === undefined) exact.set(key, element);
    const earlier = same ?? (elements.length <= MAX_COMPARED ? containing(elements, i, width) : undefined);
    if (earlier === undefined || earlier.at.span === element.at.span || ++told > MAX_TOLD) return;
    const written = showExpr(element.at.expr);
    report(ctx, codes.elementTwice, { element: written }, element.at.span, {
      related: [label({ file: ctx.file, span: spanOf(earlier) }, 'here')],
    });
  });
}

const MAX_COMPARED = 300;
const MAX_TOLD = 20;

function keyOf({ part }: Element): string {
  return 'from' in part ? `${part.from}-${part.to}` : `${part.value}/${part.mask}`;
}

function containing(elements: readonly Element[], index: number, width: number): Element | undefined {
  const inner = elements[index];
  if (inner === undefined) return undefined;
  const a = inner.part;
  const x = 'from' in a ? a : intervalOf(a, width);
  return elements.find(({ part }, j) => {
    if (j === index) return false;
    const y = 'from' in part ? part : intervalOf(part, width);
    if (x !== null && y !== null)
      return y.from <= x.from && x.to <= y.to && (y.from < x.from || x.to < y.to || j < index);
    if ('from' in part || 'from' in a) return false;
    return contains(part, a) && (!contains(a, part) || j < index);
  });
}

function classesOf(
  { field, width }: Space,
  set: ValueSet,
  elements: readonly Element[],
  overlapping: boolean,
): readonly ValueClass[] {
  if (!field.maskable) return valueClasses(field, width, set, elements);
  if (field.name === 'vlan_vid') return tagClasses(set, width, overlapping);
  if (!ONE_BY_ONE.has(field.name)) return [maskClass(set, width, overlapping)];
  const cubes = overlapping ? sets.asOverlapping(set, width) : sets.asCubes(set, width);
  return cubes.map((cube) => single(cube, elementOf(elements, cube)));
}

function single(cube: Cube, element: Element | null): ValueClass {
  const cubes = (): readonly Cube[] => [cube];
  return { count: 1n, cubes, canonical: cubes, first: cube, set: { intervals: [], cubes: [cube] }, element };
}

/** The element that is exactly that. */
function elementOf(elements: readonly Element[], { value, mask }: Cube): Element | null {
  return elements.find(({ part }) => !('from' in part) && part.value === value && part.mask === mask) ?? null;
}

function maskClass(set: ValueSet, width: number, overlapping: boolean): ValueClass {
  let made: readonly Cube[] | null = null;
  const cubes = (): readonly Cube[] =>
    (made ??= overlapping ? sets.asOverlapping(set, width) : sets.asCubes(set, width));
  const [interval] = set.intervals;
  const first = set.cubes[0] ?? { value: interval?.from ?? 0n, mask: ones(width) };
  return {
    // Of masks that overlap it is only known what they are at most.
    count: overlapping ? BigInt(cubes().length) : sets.countCubes(set),
    cubes,
    canonical: () => (overlapping ? sets.asCubes(set, width) : cubes()),
    first: interval === undefined ? first : (cubes()[0] ?? first),
    set,
    element: null,
  };
}

/** Untagged, and tagged: what follows from a match differs. */
function tagClasses(set: ValueSet, width: number, overlapping: boolean): readonly ValueClass[] {
  const tagged = sets.unionOf([{ value: VLAN_PRESENT, mask: VLAN_PRESENT }], width);
  const untagged = sets.unionOf([{ value: 0n, mask: VLAN_PRESENT }], width);
  return [sets.intersectionOf(set, untagged, width), sets.intersectionOf(set, tagged, width)]
    .filter((part) => !sets.isEmpty(part))
    .map((part) => maskClass(part, width, overlapping));
}

/** Of a field without masks: one value after the other. */
function valueClasses(
  field: Field,
  width: number,
  set: ValueSet,
  elements: readonly Element[],
): readonly ValueClass[] {
  const exact = (value: bigint): Cube => ({ value, mask: ones(width) });
  const count = size(set.intervals);
  const few = count <= MAX_ENUMERATED;
  const values = few ? sets.asValues(set).filter((v) => isInDomain(field.domain, v)) : null;
  if (ONE_BY_ONE.has(field.name) && values !== null) {
    return values.map((v) => single(exact(v), elementOf(elements, exact(v))));
  }
  const first = exact(values?.[0] ?? set.intervals[0]?.from ?? 0n);
  const cubes = (): readonly Cube[] => (values ?? sets.asValues(set)).map(exact);
  return [
    {
      count: values === null ? count : BigInt(values.length),
      cubes,
      canonical: cubes,
      first,
      set,
      element: null,
    },
  ];
}

/** More values than this are only counted. */
const MAX_ENUMERATED = 100_000n;
