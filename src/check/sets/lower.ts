/** From the ways through a flow to its FlowMods, and to conjunctions where these are fewer. */
import type { Span } from '../../../grammar/ast.ts';
import * as codes from '../../diagnostics/codes/sets.ts';
import type { Origin } from '../../expand/types.ts';
import { IdentityHash } from '../../ir/identity.ts';
import { encodeMatch } from '../../ir/oxm.ts';
import { FLOW_FLAGS } from '../../ir/types.ts';
import type { FlowMod, Instructions, MatchField } from '../../ir/types.ts';
import { matchKey } from '../duplicates.ts';
import { isAllowed, label, report } from '../report.ts';
import type { FlowContext, Located } from '../types.ts';
import { canonical, clauses, conjunctionSize, crossProduct, crossSize, inCommon } from './expansion.ts';
import type { Expansion, Way } from './expansion.ts';
import { assemble } from './terms.ts';
import type { ManyTerm, Walked } from './walk.ts';

/** How a flow wants to be expanded. */
export interface ExpandAttributes {
  /** null leaves it to the compiler. */
  readonly method: 'cross' | 'conjunction' | null;
  /** Where that is said. */
  readonly at: Span | null;
  readonly overlapping: boolean;
}

/** A conjunction that lacks its id yet. */
export interface PendingConjunction {
  /** What the id is for: stays the same when the flow's sets change. */
  readonly key: string;
  /** With the actions of the flow; its match lacks the `conj_id`. */
  readonly flow: FlowMod;
  /** The matches of each clause. */
  readonly clauses: readonly (readonly (readonly MatchField[])[])[];
  /** The same as a product, where that is as good; null where a conjunction is asked for or the product is too large. */
  readonly crossed: (() => readonly FlowMod[]) | null;
  /** That it overlaps others of its priority is meant. */
  readonly overlaps: boolean;
}

export interface Lowered {
  readonly flows: readonly FlowMod[];
  readonly conjunctions: readonly PendingConjunction[];
  /** null for a flow that is one by nature. */
  readonly expansion: Expansion | null;
  /** The flow has sets or alternatives: what it becomes depends on more than the bits of its values. */
  readonly several: boolean;
}

export const NOTHING: Lowered = { flows: [], conjunctions: [], expansion: null, several: false };

/** Makes a FlowMod; of an unnamed flow the cookie is that of `identity`. */
export type Build = (
  match: readonly MatchField[],
  instructions: Instructions,
  identity: Uint8Array,
) => FlowMod;

interface Planned {
  readonly way: Way;
  readonly joint: boolean;
  readonly flows: bigint;
}

/** The flows of all ways; nothing, and a report, where these are too many or what is asked for cannot be. */
export function lowerWays(
  ctx: FlowContext,
  walked: Walked,
  attributes: ExpandAttributes,
  limit: number,
  origin: Origin,
  build: Build,
): Lowered {
  const { ways, terms, several } = walked;
  const [first] = ways;
  if (first === undefined) return NOTHING;
  if (walked.beyond !== null) {
    tooMany(ctx, walked.beyond * smallest(first), limit, terms);
    return NOTHING;
  }
  if (ways.length === 1 && first.match.choices.length === 0) {
    const flow = build(first.match.fields, first.instructions, encodeMatch(first.match.fields));
    const obstacle = attributes.method === 'conjunction' ? obstacleTo(ctx, ways, flow) : null;
    if (obstacle !== null) refuse(ctx, obstacle, attributes);
    return { ...NOTHING, flows: [flow], several };
  }
  // Nothing is made of the values before it is known how many there are.
  const sample = build(first.match.fields, first.instructions, new Uint8Array());
  const obstacle = obstacleTo(ctx, ways, sample);
  if (attributes.method === 'conjunction' && obstacle !== null) {
    refuse(ctx, obstacle, attributes);
    return NOTHING;
  }
  const planned = ways.map((way): Planned => plan(way, obstacle === null ? attributes.method : 'cross'));
  const total = planned.reduce((sum, { flows }) => sum + flows, 0n);
  if (total > BigInt(limit)) {
    tooMany(ctx, total, limit, terms);
    return NOTHING;
  }
  const identity = canonical(ways);
  const made = ways.map((way) => build(way.match.fields, way.instructions, identity));
  return assembleAll(ctx, planned, made, terms, origin, limit, attributes.method === 'conjunction');
}

function assembleAll(
  ctx: FlowContext,
  planned: readonly Planned[],
  made: readonly FlowMod[],
  terms: readonly ManyTerm[],
  origin: Origin,
  limit: number,
  forced: boolean,
): Lowered {
  const seen = planned.length > 1 ? new Set<string>() : null;
  const flows: FlowMod[] = [];
  const crossed = (way: Way, flow: FlowMod): FlowMod[] => {
    const list: FlowMod[] = [];
    for (const match of crossProduct(way)) {
      if (seen !== null) {
        // Two alternatives may say the same.
        const key = keyOfMatch(match);
        if (seen.has(key)) continue;
        seen.add(key);
      }
      list.push(match === flow.match ? flow : { ...flow, match });
    }
    return list;
  };
  planned.forEach(({ way, joint }, i) => {
    const flow = made[i];
    if (flow !== undefined && !joint) for (const mod of crossed(way, flow)) flows.push(mod);
  });
  const conjunctions: PendingConjunction[] = [];
  const keys = new Map<string, number>();
  const apart = planned.filter((p) => p.joint).length > 1;
  // Whether it does is known when all flows have been seen: then the flow is done with.
  const overlaps = planned.some((p) => p.joint) && isAllowed(ctx, codes.overlappingConjunctions);
  planned.forEach(({ way, joint }, i) => {
    const flow = made[i];
    if (flow === undefined || !joint) return;
    const match = assemble([], inCommon(way));
    const key = keyOf(ctx, origin, flow, apart ? match : null, keys);
    // Where another alternative is exactly a part of this one, its packets are served.
    const parts = clauses(way).map((c) => (seen === null ? c : c.filter((m) => !seen.has(keyOfMatch(m)))));
    if (parts.some((c) => c.length === 0)) return;
    const instead = forced || crossSize(way) > BigInt(limit) ? null : (): FlowMod[] => crossed(way, flow);
    conjunctions.push({ key, flow: { ...flow, match }, clauses: parts, crossed: instead, overlaps });
  });
  const clauseFlows = conjunctions.reduce((n, c) => c.clauses.reduce((m, k) => m + k.length, n + 1), 0);
  const [sample] = made;
  const expansion: Expansion = {
    origin: sample?.origin ?? { file: ctx.file, start: 0, end: 0 },
    name: sample?.name ?? null,
    flows: flows.length + clauseFlows,
    method:
      conjunctions.length > 0
        ? 'conjunction'
        : planned.some((p) => p.way.match.choices.length > 0)
          ? 'cross'
          : 'alternatives',
    terms: terms.map(({ at, values }) => ({ at, values: Number(values) })),
  };
  return { flows, conjunctions, expansion, several: true };
}

function keyOfMatch(match: readonly MatchField[]): string {
  return String.fromCharCode(...matchKey(match));
}

function plan(way: Way, method: ExpandAttributes['method']): Planned {
  const cross = crossSize(way);
  const joined = conjunctionSize(way);
  const joint =
    way.match.choices.length >= 2 && method !== 'cross' && (method === 'conjunction' || joined < cross);
  return { way, joint, flows: joint ? joined : cross };
}

function smallest(way: Way): bigint {
  const cross = crossSize(way);
  const joined = conjunctionSize(way);
  return way.match.choices.length >= 2 && joined < cross ? joined : cross;
}

/** Most clauses that a conjunction has (NXBAC_BAD_CONJUNCTION, seen on OVS 3.1.0). */
const MAX_CLAUSES = 64;

/** Why the flow cannot be a conjunction; null where it can. */
function obstacleTo(ctx: FlowContext, ways: readonly Way[], flow: FlowMod): string | null {
  const most = Math.max(...ways.map((w) => w.match.choices.length));
  if (ctx.scope.version === '1.1') return 'OpenFlow 1.1 has none';
  if (most < 2) return 'it has no two terms with several values that can be apart';
  if (most > MAX_CLAUSES) return `it has more than ${MAX_CLAUSES} terms with several values`;
  if (flow.idleTimeout !== 0) return 'with `idle_timeout`, its parts would expire while it is in use';
  if ((flow.flags & FLOW_FLAGS.check_overlap) !== 0)
    return 'its parts overlap, which `check_overlap` forbids';
  if (ways.some(({ instructions: { apply } }) => apply.some((a) => a.kind === 'conjunction')))
    return 'it is a part of one itself';
  if (ways.some(({ match: { fields } }) => fields.some((f) => f.field === 'conj_id')))
    return 'it matches `conj_id` itself';
  return null;
}

function refuse(ctx: FlowContext, why: string, { at }: ExpandAttributes): void {
  report(ctx, codes.noConjunction, { why }, at ?? ctx.flow.keyword);
}

/** By table, name and instance; which way of several, by what they do not have in common. */
function keyOf(
  { scope, flow: { name } }: FlowContext,
  { module, instance }: Origin,
  flow: FlowMod,
  way: readonly MatchField[] | null,
  taken: Map<string, number>,
): string {
  const table = scope.tables.find((t) => t.number === flow.table)?.name ?? '';
  const own = name === null || name.text === '' ? `0x${flow.cookie.toString(16)}` : name.text;
  let key = `${module === '' ? '' : `${module}:`}${table === '' ? '' : `${table}.`}${own}`;
  if (instance !== '') key += `[${shortened(instance)}]`;
  if (way !== null) {
    const hash = new IdentityHash();
    hash.match(encodeMatch(way), flow.priority);
    key += `#${hash.low().toString(16).padStart(8, '0')}`;
  }
  const nth = (taken.get(key) ?? 0) + 1;
  taken.set(key, nth);
  return nth === 1 ? key : `${key}.${nth}`;
}

/** Longer ones would make a lock that nobody reads. */
const MAX_INSTANCE = 120;

function shortened(instance: string): string {
  if (instance.length <= MAX_INSTANCE) return instance;
  const hash = new IdentityHash();
  hash.text(instance);
  const tail = (hash.high() * 2 ** 32 + hash.low()).toString(16).padStart(11, '0');
  return `${instance.slice(0, 60)}…#${tail}`;
}

/** The term with the most values is to blame. */
function tooMany(ctx: FlowContext, flows: bigint, limit: number, terms: readonly ManyTerm[]): void {
  const blamed = terms.reduce<ManyTerm | null>((m, t) => (m === null || t.values > m.values ? t : m), null);
  const at: Located = blamed?.at ?? { file: ctx.file, span: ctx.flow.name?.span ?? ctx.flow.keyword };
  const text = ctx.scope.textOf(at.file).slice(at.span.start, at.span.end);
  const shown = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  report(
    ctx,
    codes.tooManyFlows,
    { flows: flows.toString(), limit, term: shown, values: (blamed?.values ?? flows).toString() },
    at.span,
    {
      related: terms.filter((t) => t !== blamed).map((t) => label(t.at, `${t.values} values`)),
      help: 'a range or a mask is fewer flows than its values; the limit is `max_expansion` of the program',
    },
  );
}
