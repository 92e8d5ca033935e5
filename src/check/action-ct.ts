/** `ct` and what stands in it (ovs-actions(7), "Firewalling actions"). */
import type { CommandStatement, Expr } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/actions.ts';
import type { Action, Nat, SubfieldRef } from '../ir/types.ts';
import { fieldByName } from '../openflow/fields.ts';
import { oneOf, readArguments } from './action-args.ts';
import type { Arguments } from './action-args.ts';
import { fieldOf, subfieldRef } from './action-assign.ts';
import { isEmpty } from './action-list.ts';
import type { ActionList } from './action-list.ts';
import { BARE_NAT, readNat } from './action-nat.ts';
import { placeOf } from './report.ts';
import { showTarget } from './show.ts';
import { evaluateInt, evaluateTable } from './values.ts';

/** The helpers that OVS knows, by the port they are called after. */
const HELPERS = { ftp: 21, tftp: 69 } as const;

const INVALID = 0x10;

/**
 * `ct(commit, force, zone = 5, table = acl, alg = ftp, nat(…)) { ct_mark = 1 }`. `inside` checks the statements of
 * the block, which write into the connection.
 */
export function ct(
  list: ActionList,
  s: CommandStatement,
  inside: (exec: ActionList, s: CommandStatement) => void,
): Action | null {
  const args = readArguments(list, s, {
    values: ['zone', 'table', 'alg'],
    flags: ['commit', 'force', 'nat'],
    calls: ['nat'],
    block: 'optional',
    form: 'ct(commit, force, zone = ZONE, table = TABLE, alg = ftp, nat(…)) { ct_mark = … }',
  });
  list.needs('IPv4/IPv6', '`ct`', s.name.span);
  const commit = args.flag('commit') !== undefined;
  const force = args.flag('force');
  if (force !== undefined && !commit) {
    list.error(codes.needsCommit, { what: '`force`', why: 'it decides what is remembered' }, force);
  }
  if (commit) notInvalid(list, args);
  const zone = zoneOf(list, args);
  const tableExpr = args.value('table');
  const table = tableExpr === undefined ? null : (evaluateTable(list.ctx, tableExpr) ?? list.fail());
  const alg = helper(list, args);
  const nat = natOf(list, args, commit, zone !== null && typeof zone === 'object');
  const exec = list.nested('exec');
  if (zone !== null && typeof zone === 'object') exec.judged = false;
  if (s.block !== null) {
    inside(exec, s);
    if (isEmpty(s.block)) list.warn(codes.emptyBlock, { action: 'ct' }, s.block.span);
    else if (!commit) {
      const why = 'the connection keeps what is written only when it is remembered';
      list.error(codes.needsCommit, { what: 'this block', why }, s.block.span);
    }
  }
  if (!args.sound || zone === null || nat === 'bad' || alg === null) return null;
  if (tableExpr !== undefined && table === null) return null;
  return {
    kind: 'ct',
    commit,
    force: force !== undefined,
    zone: zone === 'default' ? null : zone,
    table,
    alg,
    nat,
    exec: exec.actions,
  };
}

/** The switch refuses to remember what the match says is invalid. */
function notInvalid(list: ActionList, args: Arguments): void {
  if (!list.known || (list.state.ctState & INVALID) === 0) return;
  const source = list.match.sources.get('ct_state');
  list.error(codes.commitInvalid, {}, args.span('commit'), {
    related: source === undefined ? [] : [{ ...placeOf(source), message: 'the match says `+inv`' }],
  });
}

function zoneOf(list: ActionList, args: Arguments): number | SubfieldRef | 'default' | null {
  const expr = args.value('zone');
  if (expr === undefined) return 'default';
  if (expr.kind === 'name' && isField(list, expr)) {
    const found = fieldOf(list, expr);
    if (found === null) return null;
    const ref = subfieldRef(found);
    list.needs(found.field.prerequisite, `\`${showTarget(found)}\``, expr.span);
    // The action has room for a header of 32 bits only.
    if (found.field.headers[0]?.experimenter !== null) {
      return list.error(codes.zoneFromExperimenter, { field: found.field.name }, expr.span);
    }
    if (ref.bits === 16) return ref;
    return list.error(codes.zoneWidth, { field: showTarget(found), bits: ref.bits }, expr.span);
  }
  const zone = evaluateInt(list.ctx, expr, { what: 'a zone', min: 0n, max: 0xffffn });
  return zone === null ? list.fail() : Number(zone);
}

function isField(list: ActionList, expr: Extract<Expr, { kind: 'name' }>): boolean {
  if (expr.subfield !== null) return true;
  const word = expr.path[0]?.text ?? '';
  const symbol = list.ctx.scope.lookup(word);
  return symbol === undefined ? fieldByName(word) !== undefined : symbol.kind === 'register';
}

/** The port of the helper, 0 for none, null when there is no such helper. */
function helper(list: ActionList, args: Arguments): number | null {
  const expr = args.value('alg');
  if (expr === undefined) return 0;
  const name = oneOf(list, expr, '`alg`', ['ftp', 'tftp'] as const);
  if (name === null) return null;
  list.needs(name === 'ftp' ? 'TCP' : 'UDP', `\`alg = ${name}\``, args.span('alg'), {
    ignoring: { laterFragment: false },
  });
  return HELPERS[name];
}

/** null for none. */
function natOf(list: ActionList, args: Arguments, commit: boolean, zoneIsField: boolean): Nat | null | 'bad' {
  const call = args.call('nat');
  const bare = args.flag('nat');
  if (call === undefined) return bare === undefined ? null : BARE_NAT;
  const nat = readNat(list, call);
  if (nat === 'bad') return nat;
  if (nat.direction !== null && !commit) {
    const why = 'a translation is set up when the connection is remembered';
    list.error(codes.needsCommit, { what: '`nat` with an address', why }, call.span);
  }
  // Addresses are translated to addresses of the same family. In a zone from a field the switch does not look.
  const options = { switchNotices: !zoneIsField };
  if (nat.family === 4) list.needs('IPv4', '`nat` to an IPv4 address', call.span, options);
  if (nat.family === 6) list.needs('IPv6', '`nat` to an IPv6 address', call.span, options);
  return nat;
}
