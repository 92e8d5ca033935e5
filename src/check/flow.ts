/** From a flow's declaration to a `FlowMod`. */
import type { Block, Expr, FlowDecl, RelationStatement, Statement } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/program.ts';
import type { Sink } from '../diagnostics/define.ts';
import { flowCookie, RESERVED_COOKIE } from '../ir/identity.ts';
import { encodeMatch } from '../ir/oxm.ts';
import { FLOW_FLAGS, type FlowMod, type Instructions, type MatchField } from '../ir/types.ts';
import { withCookie } from './action-learn.ts';
import { checkActions } from './actions.ts';
import { FlowSink, readAllowance, reportUnneeded } from './allow.ts';
import { chained } from '../expand/origin.ts';
import type { Origin } from '../expand/types.ts';
import { evaluateDuration, evaluateInt } from './numbers.ts';
import { elements, FLOW_ATTRIBUTES, readProperties, word } from './properties.ts';
import type { Properties } from './properties.ts';
import { replaceFix, report } from './report.ts';
import { lowerWays, NOTHING } from './sets/lower.ts';
import type { ExpandAttributes, Lowered } from './sets/lower.ts';
import { walk } from './sets/walk.ts';
import { hex } from './show.ts';
import { nearest } from '../diagnostics/suggest.ts';
import type { CheckedMatch, FlowContext, Scope, TableSymbol } from './types.ts';
import { checkAttributeVersion } from './versions.ts';

const DEFAULT_PRIORITY = 0x8000;
const MAX_U16 = 0xffffn;
/** Characters of an instance in the name of a flow. */
const MAX_SHOWN = 80;
const FLAGS = Object.keys(FLOW_FLAGS) as (keyof typeof FLOW_FLAGS)[];

/**
 * Checks a flow and makes its FlowMods, one unless it has sets or alternatives; none where anything about it is an error,
 * which is then reported. `table` null is table 0 of the flows at top level. `whole` looks at each of them as it is then:
 * what it reports can be allowed too. Of a flow that becomes a conjunction nothing is among them: see `lower`.
 */
export function lowerFlow(
  scope: Scope,
  table: TableSymbol | null,
  flow: FlowDecl,
  origin: Origin,
  outer: Sink,
): readonly FlowMod[] {
  return lower(scope, table, flow, origin, outer).flows;
}

/** The same, with the conjunctions that it becomes, and with what is to be told about its expansion. */
export function lower(
  scope: Scope,
  table: TableSymbol | null,
  flow: FlowDecl,
  origin: Origin,
  outer: Sink,
  whole?: (mod: FlowMod, sink: Sink) => void,
): Lowered {
  const { file } = origin;
  const sink = chained(outer, origin);
  const number = table === null ? 0 : table.number;
  const allowance = readAllowance({ scope, sink, file }, flow);
  const counting = new FlowSink(sink, allowance.codes);
  const ctx: FlowContext = { scope, sink: counting, file, table: number, flow };
  const misnamed = misnamedBlocks(flow);
  const { attributes, expand } = readAttributes(ctx, flow, misnamed);
  const blocks = flow.matches.length > 1 ? flow.matches : oneBlock(ctx, flow, 'match', misnamed);
  const action = oneBlock(ctx, flow, 'action', misnamed)[0] ?? null;
  if (blocks.length === 0 && action !== null) checkActions(ctx, unsaid(flow), action);
  const limit = scope.maxExpansion;
  const walked = walk(ctx, blocks, action, limit, expand.overlapping);
  if (hasFailed(counting) || number === null) return NOTHING;
  const lowered = lowerWays(ctx, walked, expand, limit, origin, (match, instructions, identity) =>
    build(scope, table, flow, origin, match, instructions, attributes, identity),
  );
  if (whole !== undefined) lookAt(lowered, whole, counting);
  if (hasFailed(counting)) return NOTHING;
  reportUnneeded({ scope, sink, file }, allowance, counting);
  return lowered;
}

/** A match that is missing. */
function unsaid(flow: FlowDecl): CheckedMatch {
  return { fields: [], sources: new Map(), insertAt: flow.body.start + 1, sound: false };
}

/** One of the flows with the same actions: they differ in values only. */
function lookAt(
  { flows, conjunctions }: Lowered,
  whole: (mod: FlowMod, sink: Sink) => void,
  sink: FlowSink,
): void {
  const seen = new Set<Instructions>();
  for (const mod of [...flows, ...conjunctions.map((c) => c.flow)]) {
    if (seen.has(mod.instructions)) continue;
    seen.add(mod.instructions);
    whole(mod, sink);
  }
}

/** A function, as what has been seen to be false before may have changed. */
const hasFailed = (sink: FlowSink): boolean => sink.failed;

/**
 * Puts the parts together; computes the cookie where none is stated. `identity` stands for the match in the cookie of an
 * unnamed flow, where it is not the whole of it.
 */
export function build(
  scope: Scope,
  table: TableSymbol | null,
  flow: FlowDecl,
  { file, module, instance }: Origin,
  match: readonly MatchField[],
  instructions: Instructions,
  attributes: Attributes,
  identity?: Uint8Array,
): FlowMod {
  const name = flow.name?.text ?? null;
  const { cookie: stated, ...numbers } = attributes;
  const cookie =
    stated ??
    flowCookie(scope.cookies, {
      module,
      table: table?.name ?? '',
      flow: name === null ? { match: identity ?? encodeMatch(match), priority: numbers.priority } : { name },
      instance,
    });
  return {
    table: table?.number ?? 0,
    ...numbers,
    cookie,
    match,
    instructions: withCookie(instructions, cookie, scope.cookies),
    name: displayName(table?.name ?? null, name, instance),
    origin: { file, start: flow.span.start, end: flow.span.end },
  };
}

/** `acl.allow`, `acl.allow(10.0.0.1)`; null for an unnamed flow outside of templates and loops. */
function displayName(table: string | null, name: string | null, instance: string): string | null {
  if (instance === '') return name === null ? null : table === null ? name : `${table}.${name}`;
  const shown = instance.length > MAX_SHOWN ? `${instance.slice(0, MAX_SHOWN - 1)}…` : instance;
  return `${[table, name].filter((part) => part !== null).join('.')}[${shown}]`;
}

export interface Attributes {
  readonly priority: number;
  /** null where none is stated. */
  readonly cookie: bigint | null;
  readonly idleTimeout: number;
  readonly hardTimeout: number;
  readonly importance: number;
  readonly flags: number;
}

export const DEFAULTS: Attributes = {
  priority: DEFAULT_PRIORITY,
  cookie: null,
  idleTimeout: 0,
  hardTimeout: 0,
  importance: 0,
  flags: 0,
};

type BlockName = 'match' | 'action';

/** `actions { … }` and `matches { … }`, by what they are meant to be. */
type Misnamed = ReadonlyMap<Statement, BlockName>;

function misnamedBlocks(flow: FlowDecl): Misnamed {
  const found = new Map<Statement, BlockName>();
  for (const s of flow.attributes) {
    if (s.kind !== 'command' || s.block === null || s.args !== null || s.operand !== null) continue;
    const meant = nearest(s.name.text, ['match', 'action', ...FLOW_ATTRIBUTES]);
    if (meant === 'match' || meant === 'action') found.set(s, meant);
  }
  return found;
}

function readAttributes(
  ctx: FlowContext,
  flow: FlowDecl,
  misnamed: Misnamed,
): { readonly attributes: Attributes; readonly expand: ExpandAttributes } {
  for (const [s, suggestion] of misnamed) {
    const { text: name, span } = s.kind === 'command' ? s.name : { text: '', span: s.span };
    report(ctx, codes.unknownProperty, { name, of: 'a flow', suggestion }, span, {
      fixes: [replaceFix(ctx, `Write \`${suggestion}\``, span, suggestion)],
    });
  }
  const statements = flow.attributes.filter((s) => !misnamed.has(s));
  if (statements.length === 0) return { attributes: DEFAULTS, expand: AS_IT_FITS };
  const properties = readProperties(ctx, statements, 'a flow', FLOW_ATTRIBUTES);
  const number = (name: string, fallback: number): number => {
    const value = properties.get(name)?.value;
    if (value === undefined) return fallback;
    return Number(evaluateInt(ctx, value, { what: `\`${name}\``, min: 0n, max: MAX_U16 }) ?? fallback);
  };
  const seconds = (name: string): number => {
    const value = properties.get(name)?.value;
    if (value === undefined) return 0;
    return evaluateDuration(ctx, value, { what: `\`${name}\``, min: 0n, max: MAX_U16 }) ?? 0;
  };
  const cookie = properties.get('cookie');
  const flags = properties.get('flags');
  const attributes = {
    priority: number('priority', DEFAULT_PRIORITY),
    cookie: cookie === undefined ? null : readCookie(ctx, cookie),
    idleTimeout: seconds('idle_timeout'),
    hardTimeout: seconds('hard_timeout'),
    importance: readImportance(ctx, properties.get('importance'), number('importance', 0)),
    flags: flags === undefined ? 0 : readFlags(ctx, flags.value),
  };
  return { attributes, expand: readExpand(ctx, properties) };
}

const AS_IT_FITS: ExpandAttributes = { method: null, at: null, overlapping: false };

/** `expand = cross`, `masks = overlapping` */
function readExpand(ctx: FlowContext, properties: Properties): ExpandAttributes {
  const expand = properties.get('expand');
  const masks = properties.get('masks');
  const method = expand === undefined ? null : word(ctx, 'expand', expand.value, ['cross', 'conjunction']);
  const kind = masks === undefined ? null : word(ctx, 'masks', masks.value, ['disjoint', 'overlapping']);
  return { method, at: expand?.value.span ?? null, overlapping: kind === 'overlapping' };
}

function readImportance(ctx: FlowContext, statement: RelationStatement | undefined, value: number): number {
  if (statement !== undefined && value !== 0) {
    const note = 'ovs-ofctl leaves it out without a word';
    checkAttributeVersion(ctx, '`importance`', '1.4', statement.target.span, note);
  }
  return value;
}

/** True if a flow states its cookie rather than leave it to the compiler. */
export function statesCookie(flow: FlowDecl): boolean {
  return flow.attributes.some(
    (a) => a.kind === 'relation' && a.target.kind === 'name' && a.target.path[0]?.text === 'cookie',
  );
}

function readCookie(ctx: FlowContext, statement: RelationStatement): bigint | null {
  const { value: expr } = statement;
  const cookie = evaluateInt(ctx, expr, { what: '`cookie`', min: 0n, max: RESERVED_COOKIE });
  if (cookie === null) return null;
  if (cookie === RESERVED_COOKIE) return report(ctx, codes.reservedCookie, {}, expr.span) ? null : cookie;
  const { value, mask } = ctx.scope.cookies;
  if ((cookie & mask) !== value && !ctx.scope.foreignCookies) {
    report(ctx, codes.foreignCookie, { space: `${hex(value)}/${hex(mask)}` }, expr.span);
  }
  return cookie;
}

function readFlags(ctx: FlowContext, value: Expr): number {
  let flags = 0;
  for (const e of elements(value)) {
    const found = word(ctx, 'flags', e, FLAGS);
    if (found === null) continue;
    if (found.startsWith('no_')) checkAttributeVersion(ctx, `flag \`${found}\``, '1.3', e.span);
    flags |= FLOW_FLAGS[found];
  }
  return flags;
}

/** The block with that keyword, alone in the list; none or a second one is reported. */
function oneBlock(
  ctx: FlowContext,
  flow: FlowDecl,
  keyword: BlockName,
  misnamed: Misnamed,
): readonly Block[] {
  const blocks = keyword === 'match' ? flow.matches : flow.actions;
  const [first, second] = blocks;
  if (second !== undefined) {
    report(ctx, codes.severalBlocks, { keyword }, second.keyword?.span ?? second.span);
  }
  if (first !== undefined) return [first];
  for (const [s, meant] of misnamed) {
    if (meant === keyword && s.kind === 'command' && s.block !== null) return [s.block];
  }
  // A body that was not written at all has been complained about.
  if (flow.body.end - flow.body.start < 2) return [];
  const at = flow.name?.span ?? flow.keyword;
  if (keyword === 'action') {
    const end = { start: flow.body.end - 1, end: flow.body.end - 1 };
    const fix = replaceFix(ctx, 'Add `action { drop }`', end, 'action { drop } ');
    report(ctx, codes.noAction, {}, at, {
      help: 'write what becomes of the packet, or `action { drop }`',
      fixes: [fix],
    });
  } else {
    const start = { start: flow.body.start + 1, end: flow.body.start + 1 };
    report(ctx, codes.noMatch, {}, at, {
      help: 'write `match {}` to match every packet',
      fixes: [replaceFix(ctx, 'Add `match {}`', start, ' match {}')],
    });
  }
  return [];
}
