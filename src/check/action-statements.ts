/** Which statement is which action, and what holds for the statements of one block among each other. */
import type { Block, CommandStatement, Span, Statement } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/actions.ts';
import { notInBucket } from '../diagnostics/codes/groups.ts';
import type { Action } from '../ir/types.ts';
import { ACTION_SET_FINAL, ACTION_SET_ORDER, actionByName } from '../openflow/actions.ts';
import { reservedPort } from '../openflow/ports.ts';
import { readArguments } from './action-args.ts';
import { assign } from './action-assign.ts';
import { call } from './action-calls.ts';
import { ct } from './action-ct.ts';
import { decap, encap, sample } from './action-encap.ts';
import { bundle } from './action-hash.ts';
import { conjunction, finTimeout, pop, push, resubmit } from './action-flow.ts';
import {
  bare,
  decMplsTtl,
  decNshTtl,
  decTtl,
  deleteField,
  modNwTtl,
  modVlanPcp,
  modVlanVid,
  note,
  popMplsAction,
  popVlanAction,
  pushMplsAction,
  pushVlanAction,
  setMplsTtl,
} from './action-headers.ts';
import { INSTRUCTION_NAMES, isInstruction } from './action-instructions.ts';
import { learn } from './action-learn.ts';
import { isEmpty } from './action-list.ts';
import type { ActionList } from './action-list.ts';
import { notAnAction } from './action-names.ts';
import { bareReservedPort, controller, enqueue, group, meter, output, setQueue } from './action-output.ts';
import { placeOf } from './report.ts';
import { checkActionVersion } from './versions.ts';
import { showExpr } from './show.ts';

/** Checks the statements of a block into a list; `owner` is the action whose block it is. */
export type ActionBlock = (list: ActionList, block: Block, owner: string) => void;

type Handler = (list: ActionList, s: CommandStatement) => Action | null;

const just =
  (kind: 'pop_queue' | 'ct_clear'): Handler =>
  (list, s) =>
    bare(list, s) ? { kind } : null;

/** By name; a map, since names come from the source. */
const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['output', output],
  ['controller', controller],
  ['group', group],
  ['meter', meter],
  ['set_queue', setQueue],
  ['pop_queue', just('pop_queue')],
  ['enqueue', enqueue],
  ['bundle', bundle],
  ['push_vlan', pushVlanAction],
  ['pop_vlan', popVlanAction],
  ['strip_vlan', popVlanAction],
  ['push_mpls', pushMplsAction],
  ['pop_mpls', popMplsAction],
  ['encap', encap],
  ['decap', decap],
  ['mod_vlan_vid', modVlanVid],
  ['mod_vlan_pcp', modVlanPcp],
  ['mod_nw_ttl', modNwTtl],
  ['set_nw_ttl', modNwTtl],
  ['set_mpls_ttl', setMplsTtl],
  ['dec_ttl', decTtl],
  ['dec_mpls_ttl', decMplsTtl],
  ['dec_nsh_ttl', decNshTtl],
  ['delete_field', deleteField],
  ['resubmit', resubmit],
  ['ct', (list, s) => ct(list, s, inCt)],
  ['ct_clear', just('ct_clear')],
  ['clone', clone],
  ['push', push],
  ['pop', pop],
  ['learn', learn],
  ['fin_timeout', finTimeout],
  ['conjunction', conjunction],
  ['note', note],
  ['sample', sample],
  ['exit', exit],
]);

/** Every word that may open a statement, reserved ports aside. */
export const STATEMENT_NAMES: readonly string[] = [...HANDLERS.keys(), ...INSTRUCTION_NAMES, 'drop'];

/** One statement that is no instruction; what it does is added to the list. */
export function statement(list: ActionList, s: Statement): void {
  const action = s.kind === 'relation' ? assign(list, s, call) : command(list, s);
  if (action === null) {
    list.fail();
    return;
  }
  if (list.level === 'bucket' && !IN_BUCKET.has(action.kind)) {
    const name = s.kind === 'command' ? s.name.text : showExpr(s.value);
    list.refuses(notInBucket, { action: name }, s.span);
    list.exit = null;
  }
  const name = s.kind === 'command' ? s.name : null;
  checkActionVersion(list.ctx, action, name?.text ?? action.kind, name?.span ?? s.span);
  list.actions.push(action);
}

/** What a bucket executes (seen on OVS 3.1.0): what has a place in an action set. */
const IN_BUCKET: ReadonlySet<Action['kind']> = new Set<Action['kind']>([
  'output',
  'group',
  'resubmit',
  'ct',
  'ct_clear',
  'set_field',
  'move',
  'mod_vlan_vid',
  'mod_vlan_pcp',
  'mod_nw_ttl',
  'set_mpls_ttl',
  'set_queue',
  'enqueue',
  'push_vlan',
  'pop_vlan',
  'push_mpls',
  'pop_mpls',
  'dec_ttl',
  'dec_mpls_ttl',
  'dec_nsh_ttl',
  'encap',
  'decap',
]);

function command(list: ActionList, s: CommandStatement): Action | null {
  const name = s.name.text;
  const handler = HANDLERS.get(name);
  if (handler !== undefined) {
    const action = handler(list, s);
    return list.level === 'write' ? inActionSet(list, s, action) : action;
  }
  if (reservedPort(name) !== undefined) return bareReservedPort(list, s);
  return notAnAction(list, s, STATEMENT_NAMES);
}

/** An action set takes only some actions, and some of these in their plain form only. */
function inActionSet(list: ActionList, s: CommandStatement, action: Action | null): Action | null {
  const allowed = actionByName(s.name.text)?.inActionSet ?? 'no';
  if (allowed === 'yes' || (allowed === 'plain' && (action === null || action.kind === 'output')))
    return action;
  return list.error(codes.notInActionSet, { action: s.name.text, form: allowed === 'plain' }, s.span);
}

/** The block of `write_actions` or `clone`, or the `action` of a bucket. */
export const nestedBlock: ActionBlock = (list, block, owner) => {
  if (isEmpty(block)) list.warn(codes.emptyBlock, { action: owner }, block.span);
  for (const s of block.statements) {
    afterExit(list, s);
    if (s.kind === 'command' && isInstruction(s.name.text)) {
      list.error(codes.instructionInside, { instruction: s.name.text, action: owner }, s.span);
    } else if (s.kind === 'command' && s.name.text === 'drop') {
      if (list.level === 'bucket' && block.statements.length === 1) readArguments(list, s, { form: 'drop' });
      else list.error(codes.dropInside, { action: owner }, s.name.span);
    } else statement(list, s);
  }
  company(list, block);
  if (list.level === 'write' || list.level === 'bucket') replaced(list, block);
};

/** Only writes to the connection's mark and label may stand in the block of `ct`. */
function inCt(list: ActionList, s: CommandStatement): void {
  const statements = s.block?.statements ?? [];
  const [first] = statements;
  // Where a list begins with a conjunction, the switch looks only whether conjunctions and notes follow.
  const named = (inner: Statement, ...names: string[]): boolean =>
    inner.kind === 'command' && names.includes(inner.name.text);
  if (
    first !== undefined &&
    named(first, 'conjunction') &&
    statements.every((i) => named(i, 'conjunction', 'note'))
  ) {
    list.error(codes.conjunctionInCt, {}, first.span);
    return;
  }
  for (const inner of statements) {
    if (inner.kind === 'relation') statement(list, inner);
    else if (inner.name.text === 'nat') list.error(codes.natInBlock, {}, inner.span);
    else if (inner.name.text !== '')
      list.error(codes.notInCt, { what: `\`${inner.name.text}\`` }, inner.span);
  }
}

/** `clone { … }` */
function clone(list: ActionList, s: CommandStatement): Action | null {
  const { block, sound } = readArguments(list, s, { block: 'required', form: 'clone { … }' });
  if (block === null || !sound) return null;
  const inner = list.nested('clone');
  nestedBlock(inner, block, 'clone');
  return { kind: 'clone', actions: inner.actions };
}

function exit(list: ActionList, s: CommandStatement): Action | null {
  if (!bare(list, s)) return null;
  list.exit = s.name.span;
  return { kind: 'exit' };
}

/** Nothing behind `exit` is executed; said once. */
export function afterExit(list: ActionList, s: Statement): void {
  if (list.exit === null) return;
  list.warn(codes.afterExit, {}, s.span, {
    related: [{ ...placeOf({ file: list.ctx.file, span: list.exit }), message: 'processing ends here' }],
  });
  list.exit = null;
}

/** A flow (or clone) with `conjunction` does nothing else. */
export function company(list: ActionList, block: Block): void {
  const named = (name: string) => (s: Statement) => s.kind === 'command' && s.name.text === name;
  const first = block.statements.find(named('conjunction'));
  if (first === undefined) return;
  const other = block.statements.find(
    (s) => !['conjunction', 'note', 'drop'].some((name) => named(name)(s)) && isKnown(s),
  );
  if (other === undefined) return;
  list.error(codes.conjunctionCompany, {}, other.span, {
    related: [{ ...placeOf({ file: list.ctx.file, span: first.span }), message: 'the conjunction' }],
  });
}

/** False for a statement whose name is complained about. */
export function isKnown(s: Statement): boolean {
  if (s.kind === 'relation') return true;
  const { text } = s.name;
  return HANDLERS.has(text) || isInstruction(text) || text === 'drop' || reservedPort(text) !== undefined;
}

/** An action set has one place for most kinds of actions, and executes only one that sends the packet on. */
function replaced(list: ActionList, block: Block): void {
  let final: { readonly rank: number; readonly name: string; readonly span: Span } | null = null;
  const slots = new Map<string, Span>();
  for (const s of block.statements) {
    if (s.kind !== 'command') continue;
    const port = reservedPort(s.name.text) !== undefined;
    const name = port ? 'output' : (actionByName(s.name.text)?.name ?? '');
    const rank = (ACTION_SET_FINAL as readonly string[]).indexOf(name);
    if (rank >= 0) {
      // The earlier in the table wins; of two of a kind, the later in the set.
      if (final !== null) {
        const loser = rank <= final.rank ? final.span : s.span;
        const winner = rank <= final.rank ? { name: s.name.text, span: s.span } : final;
        lost(list, loser, winner);
        if (rank > final.rank) continue;
      }
      final = { rank, name: s.name.text, span: s.span };
    } else if ((ACTION_SET_ORDER as readonly string[]).includes(name)) {
      const before = slots.get(name);
      if (before !== undefined) lost(list, before, { name: s.name.text, span: s.span });
      slots.set(name, s.span);
    }
  }
}

function lost(list: ActionList, span: Span, winner: { readonly name: string; readonly span: Span }): void {
  list.warn(codes.replacedInSet, { winner: winner.name }, span, {
    related: [
      { ...placeOf({ file: list.ctx.file, span: winner.span }), message: 'this is executed instead' },
    ],
  });
}
