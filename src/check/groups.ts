/**
 * `group web = 4096 { type = select; bucket { weight = 10; action { output 1 } } }`
 *
 * The actions of a bucket are an action set, of which the switch does not look at prerequisites: no match stands
 * before them. What it says was seen on OVS 3.1.0.
 */
import type {
  Block,
  CommandStatement,
  Expr,
  FlowDecl,
  GroupDecl,
  Span,
  Statement,
} from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/groups.ts';
import { notAProperty } from '../diagnostics/codes/program.ts';
import type { Sink } from '../diagnostics/define.ts';
import { chained } from '../expand/origin.ts';
import type { Bucket, GroupMod } from '../ir/types.ts';
import { RESERVED_PORTS } from '../openflow/ports.ts';
import { ActionList } from './action-list.ts';
import { nestedBlock } from './action-statements.ts';
import { FlowSink, readAllowance, reportUnneeded } from './allow.ts';
import { inOrder } from './group-order.ts';
import type { Edge } from './group-order.ts';
import { readSelection, SELECTION } from './group-selection.ts';
import { evaluateInt } from './numbers.ts';
import { propertyName, readProperties, word } from './properties.ts';
import type { Properties } from './properties.ts';
import { evaluateGroup } from './references.ts';
import { label, report } from './report.ts';
import type { CheckedMatch, FlowContext, GroupSymbol, Scope } from './types.ts';
import { evaluatePort } from './values.ts';
import { checkGroupVersion } from './versions.ts';

export const GROUP_TYPES = ['all', 'select', 'indirect', 'fast_failover'] as const;
export type GroupType = (typeof GROUP_TYPES)[number];

/** The largest bucket id: OFPG15_BUCKET_MAX (OpenFlow 1.5.1 §7.3.4.3). */
const MAX_BUCKET = 0xffffff00n;
const MAX_WEIGHT = 0xffffn;
const FIRST_RESERVED = 0xffffff00;
const LOCAL = 0xfffffffe;

/** The groups of the program, checked, each behind those that it refers to. */
export function lowerGroups(scope: Scope, sink: Sink): readonly GroupMod[] {
  const edges: Edge[] = [];
  const groups = scope.groups.flatMap((symbol) => {
    const mod = lowerGroup(scope, chained(sink, symbol.origin), symbol, edges);
    return mod === null ? [] : [mod];
  });
  return inOrder(sink, scope.groups, groups, edges);
}

/** What is known of a group while its buckets are read. */
interface GroupContext extends FlowContext {
  readonly symbol: GroupSymbol;
  /** null where it is in error. */
  readonly type: GroupType | null;
  readonly edges: Edge[];
}

function lowerGroup(scope: Scope, sink: Sink, symbol: GroupSymbol, edges: Edge[]): GroupMod | null {
  const { decl, id, name, file } = symbol;
  if (decl.body === null) return null;
  const flow = pretend(decl, decl.body);
  const allowance = readAllowance({ scope, sink, file }, flow);
  const groupSink = new FlowSink(sink, allowance.codes);
  const outer: FlowContext = { scope, sink: groupSink, file, table: null, flow };
  const { statements, broken } = decl.body;
  const rest = statements.filter((s) => !isBucket(s));
  const p = readProperties(outer, rest, 'a group', ['type', ...SELECTION, 'allow'], ['bucket']);
  const at = decl.name.text === '' ? decl.keyword : decl.name.span;
  const typeAt = p.get('type')?.value;
  const type = typeAt === undefined ? null : word(outer, 'type', typeAt, GROUP_TYPES);
  if (typeAt === undefined && !broken && !rest.some((s) => propertyName(s) === 'type')) {
    report(outer, codes.missingProperty, { of: 'a group', form: 'type = …' }, at, {
      notes: [`it is one of ${GROUP_TYPES.map((t) => `\`${t}\``).join(', ')}`],
    });
  }
  const ctx: GroupContext = { ...outer, symbol, type, edges };
  const selection = readSelection(ctx, p, type);
  checkGroupVersion(ctx, at, p.get('selection_method')?.target.span ?? null);
  const written = statements.filter(isBucket);
  const buckets = readBuckets(ctx, written);
  // A bucket that could not be read has been reported.
  const counted = !broken && !rest.some((s) => propertyName(s) === 'bucket');
  if (type === 'indirect' && written.length !== 1 && counted) {
    report(ctx, codes.indirectBuckets, { count: written.length }, written[1]?.name.span ?? at);
  } else if (type !== null && written.length === 0 && counted) report(ctx, codes.emptyGroup, { name }, at);
  if (groupSink.failed || broken || type === null || buckets === null || selection === undefined) return null;
  reportUnneeded({ scope, sink, file }, allowance, groupSink);
  if (id === null) return null;
  const { start, end } = decl.span;
  return { id, type, selection, buckets, name, origin: { file, start, end } };
}

function isBucket(s: Statement): s is CommandStatement & { readonly block: Block } {
  return s.kind === 'command' && s.name.text === 'bucket' && s.block !== null;
}

/** Actions are checked as those of a flow are. */
function pretend({ keyword, span }: GroupDecl, body: Block): FlowDecl {
  return {
    kind: 'flow',
    keyword,
    doc: null,
    name: null,
    attributes: body.statements,
    matches: [],
    actions: [],
    body: body.span,
    span,
  };
}

/** A bucket that may be without an id yet. */
interface Draft {
  readonly bucket: Omit<Bucket, 'id'>;
  readonly id: number | null;
  /** Where the id stands. */
  readonly at: Span;
}

function readBuckets(
  ctx: GroupContext,
  statements: readonly (CommandStatement & { readonly block: Block })[],
): readonly Bucket[] | null {
  const drafts = statements.map((s) => readBucket(ctx, s));
  const stated = new Map<number, Span>();
  for (const draft of drafts) {
    if (draft?.id == null) continue;
    const earlier = stated.get(draft.id);
    if (earlier === undefined) stated.set(draft.id, draft.at);
    else {
      const related = [label({ file: ctx.file, span: earlier }, 'first used here')];
      report(ctx, codes.duplicateBucket, { id: draft.id }, draft.at, { related });
    }
  }
  if (drafts.includes(null)) return null;
  const used = new Set(stated.keys());
  return drafts.flatMap((draft, place) => {
    if (draft === null) return [];
    const { bucket } = draft;
    if (draft.id !== null) return [{ ...bucket, id: draft.id }];
    let id = place;
    while (used.has(id)) id++;
    used.add(id);
    return [{ ...bucket, id }];
  });
}

const BUCKET = ['weight', 'watch_port', 'watch_group', 'bucket_id'] as const;

function readBucket(ctx: GroupContext, s: CommandStatement & { readonly block: Block }): Draft | null {
  if (s.args !== null || s.operand !== null) {
    report(ctx, notAProperty, { of: 'a group', form: 'bucket { … }' }, s.span);
    return null;
  }
  const p = readProperties(ctx, s.block.statements, 'a bucket', BUCKET, ['action']);
  const number = (name: string, what: string, max: bigint): number | null => {
    const value = p.get(name)?.value;
    const switchError = name === 'bucket_id' ? ('OFPGMFC_BAD_BUCKET' as const) : undefined;
    const found = value === undefined ? null : evaluateInt(ctx, value, { what, min: 0n, max, switchError });
    return found === null ? null : Number(found);
  };
  const weight = number('weight', 'a weight', MAX_WEIGHT);
  const id = number('bucket_id', 'the id of a bucket', MAX_BUCKET);
  const watch = readWatch(ctx, p, s);
  const { type } = ctx;
  if (weight !== null && weight > 0 && type !== null && type !== 'select') {
    report(ctx, codes.weightOutsideSelect, { type }, p.get('weight')?.target.span ?? s.span);
  }
  const action = p.block('action')?.block ?? null;
  if (action === null) {
    if (!s.block.broken && !s.block.statements.some((inner) => propertyName(inner) === 'action')) {
      report(ctx, codes.missingProperty, { of: 'a bucket', form: 'action { … }' }, s.name.span, {
        help: 'a bucket that drops packets says so: `action { drop }`',
      });
    }
    return null;
  }
  const list = bucketList(ctx, action);
  collectEdges(ctx, action);
  if (list.failed) return null;
  const { start, end } = s.span;
  return {
    bucket: {
      // Elsewhere none is said, which is 0.
      weight: type === 'select' ? weight : null,
      ...watch,
      actions: list.actions,
      origin: { file: ctx.file, start, end },
    },
    id,
    at: p.get('bucket_id')?.value.span ?? s.name.span,
  };
}

/** Nothing is known of the packets of a bucket, and the switch does not ask. */
function bucketList(ctx: FlowContext, block: Block): ActionList {
  const match: CheckedMatch = { fields: [], sources: new Map(), insertAt: block.brace.end, sound: true };
  const list = new ActionList(ctx, match, 'bucket');
  list.judged = false;
  list.tagKnown = false;
  nestedBlock(list, block, 'bucket');
  list.finish();
  return list;
}

function readWatch(
  ctx: GroupContext,
  p: Properties,
  s: CommandStatement,
): Pick<Bucket, 'watchPort' | 'watchGroup'> {
  const port = p.get('watch_port');
  const group = p.get('watch_group');
  const watched = port ?? group;
  const { type } = ctx;
  if (watched !== undefined && (type === 'all' || type === 'indirect')) {
    const property = propertyName(watched);
    report(ctx, codes.watchUnsupported, { property, type }, watched.target.span);
  }
  const tried = s.block?.broken === true || s.block?.statements.some((i) => /^watch/.test(propertyName(i)));
  if (watched === undefined && type === 'fast_failover' && tried !== true) {
    report(ctx, codes.failoverWithoutWatch, {}, s.name.span);
  }
  return {
    watchPort: port === undefined ? null : watchedPort(ctx, port.value),
    watchGroup: group === undefined ? null : watchedGroup(ctx, group.value),
  };
}

function watchedPort(ctx: FlowContext, expr: Expr): number | null {
  const port = evaluatePort(ctx, expr, 'output');
  if (port === null || port < FIRST_RESERVED || port === LOCAL) return port;
  const name = RESERVED_PORTS.find((r) => r.number32 === port)?.name ?? port.toString();
  report(ctx, codes.badWatchPort, { port: name }, expr.span);
  return null;
}

function watchedGroup(ctx: GroupContext, expr: Expr): number | null {
  // The switch takes it, and the group never becomes alive.
  const found = evaluateGroup(ctx, expr, { switchError: null });
  if (found === null) return null;
  ctx.edges.push({ from: ctx.symbol, to: found, at: { file: ctx.file, span: expr.span } });
  return found.id;
}

/** Which groups the actions of a bucket name. What names none has been reported. */
function collectEdges(ctx: GroupContext, block: Block): void {
  const silent = { ...ctx, sink: { add: () => undefined } };
  for (const s of block.statements) {
    if (s.kind !== 'command') continue;
    if (s.block !== null) collectEdges(ctx, s.block);
    const expr = s.name.text === 'group' ? (s.operand ?? s.args?.[0]?.value) : undefined;
    const to = expr === undefined ? null : evaluateGroup(silent, expr);
    if (to !== null && expr !== undefined) {
      ctx.edges.push({ from: ctx.symbol, to, at: { file: ctx.file, span: expr.span } });
    }
  }
}
