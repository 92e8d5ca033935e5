/** Actions and instructions in the words of ovs-ofctl (ovs-actions(7)). */
import type { Action, ControllerReason, Instructions, Nat, SubfieldRef } from '../../ir/types.ts';
import type { Field, FieldName } from '../../openflow/fields.ts';
import { field } from '../../openflow/fields.ts';
import { controllerMeter, isPlainController } from '../wire/controller.ts';
import { OFPP, WHOLE_PACKET } from '../wire/frame.ts';
import { bitRuns } from './match.ts';
import type { Names } from './names.ts';
import { portText, tableText } from './names.ts';
import { hex, ipv4Text, ipv6Text, isReadableMask, subfieldText, valueText } from './values.ts';

/** What follows `actions=`. */
export function instructionsText(instructions: Instructions, names: Names): string {
  const { apply, clear, write, writeMetadata, goto } = instructions;
  const parts = apply.map((a) => actionText(a, names));
  if (clear) parts.push('clear_actions');
  if (write !== null && write.length > 0) parts.push(`write_actions(${listText(write, names)})`);
  if (writeMetadata !== null) {
    const { value, mask } = writeMetadata;
    parts.push(`write_metadata:${hex(value)}${mask === null ? '' : `/${hex(mask)}`}`);
  }
  if (goto !== null) parts.push(`goto_table:${tableText(goto, names)}`);
  return parts.length === 0 ? 'drop' : parts.join(',');
}

function listText(actions: readonly Action[], names: Names): string {
  return actions.map((a) => actionText(a, names)).join(',');
}

function actionText(action: Action, names: Names): string {
  switch (action.kind) {
    case 'output':
      return action.port === OFPP.controller.number32
        ? `controller:${action.maxLen}`
        : `output:${portText(action.port, names)}`;
    case 'output_reg':
      return `output:${refText(action.source)}`;
    case 'output_trunc':
      return `output(port=${portText(action.port, names)},max_len=${action.maxLen})`;
    case 'controller':
      return controllerText(action);
    case 'set_field':
      return setFieldText(action.field, action.value, action.mask, names);
    case 'move':
      return `move:${refText(action.source)}->${refText(action.destination)}`;
    case 'push':
      return `push:${refText(action.source)}`;
    case 'pop':
      return `pop:${refText(action.destination)}`;
    case 'group':
    case 'meter':
      return `${action.kind}:${action.id}`;
    case 'set_queue':
      return `set_queue:${action.queue}`;
    case 'enqueue':
      return `enqueue(${portText(action.port, names)},${action.queue})`;
    case 'push_vlan':
    case 'push_mpls':
    case 'pop_mpls':
      return `${action.kind}:0x${action.ethertype.toString(16).padStart(4, '0')}`;
    case 'dec_ttl':
      return action.controllers.length === 0 ? 'dec_ttl' : `dec_ttl(${action.controllers.join(',')})`;
    case 'resubmit':
      return resubmitText(action, names);
    case 'ct':
      return ctText(action, names);
    case 'clone':
      return `clone(${listText(action.actions, names)})`;
    case 'fin_timeout':
      return `fin_timeout(idle_timeout=${action.idle},hard_timeout=${action.hard})`;
    case 'check_pkt_larger':
      return `check_pkt_larger(${action.size})->${refText(action.destination)}`;
    case 'delete_field':
      return `delete_field:${action.field}`;
    case 'conjunction':
      return `conjunction(${action.id},${action.clause}/${action.clauses})`;
    case 'note':
      return `note:${bytesText(action.bytes)}`;
    case 'pop_queue':
    case 'pop_vlan':
    case 'dec_mpls_ttl':
    case 'dec_nsh_ttl':
    case 'ct_clear':
    case 'exit':
      return action.kind;
    case 'learn':
    case 'bundle':
    case 'multipath':
    case 'sample':
    case 'encap':
    case 'decap':
    case 'mod_vlan_vid':
    case 'mod_vlan_pcp':
      throw new Error(`${action.kind}: not yet`);
  }
}

function refText({ field: name, offset, bits }: SubfieldRef): string {
  return subfieldText(field(name), offset, bits);
}

/** `01.02.ff`. */
function bytesText(bytes: Uint8Array): string {
  return [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('.');
}

function setFieldText(name: FieldName, value: bigint, mask: bigint | null, names: Names): string {
  const f = field(name);
  const [run] = mask === null || takesMask(f, mask) ? [] : bitRuns(mask);
  if (run === undefined) return `set_field:${valueText(f, value, mask, names)}->${name}`;
  return `load:${hex(value >> BigInt(run.offset))}->${subfieldText(f, run.offset, run.bits)}`;
}

/**
 * Does ovs-ofctl take the mask in a set_field? Otherwise it may take the same as the range of bits of a `load`,
 * which it sends as a masked set_field, too.
 */
export function takesMask(f: Field, mask: bigint): boolean {
  return f.maskable && isReadableMask(f, mask);
}

const DEFAULT_REASON: ControllerReason = 'action';

function controllerText(action: Extract<Action, { kind: 'controller' }>): string {
  const { maxLen, reason, id, userdata, pause } = action;
  if (isPlainController(action)) return `controller:${maxLen}`;
  const meter = controllerMeter(action);
  const args: string[] = [];
  if (reason !== DEFAULT_REASON) args.push(`reason=${reason}`);
  if (maxLen !== WHOLE_PACKET) args.push(`max_len=${maxLen}`);
  if (id !== 0) args.push(`id=${id}`);
  if (userdata !== null && userdata.length > 0) args.push(`userdata=${bytesText(userdata)}`);
  if (pause) args.push('pause');
  if (meter !== null) args.push(`meter_id=${meter}`);
  return `controller(${args.join(',')})`;
}

function resubmitText(action: Extract<Action, { kind: 'resubmit' }>, names: Names): string {
  const { port, table, ct } = action;
  const args = [
    port === null ? '' : portText(port, names),
    table === null ? '' : tableText(table, names),
    ...(ct ? ['ct'] : []),
  ];
  return `resubmit(${args.join(',')})`;
}

/** Port numbers of the protocol helpers (ovs-actions(7), "alg"). */
const ALGORITHMS: Readonly<Record<number, string>> = { 21: 'ftp', 69: 'tftp' };

function ctText(ct: Extract<Action, { kind: 'ct' }>, names: Names): string {
  const args: string[] = [];
  if (ct.commit) args.push('commit');
  if (ct.force) args.push('force');
  if (ct.table !== null) args.push(`table=${tableText(ct.table, names)}`);
  if (ct.zone !== null && ct.zone !== 0)
    args.push(`zone=${typeof ct.zone === 'number' ? ct.zone : refText(ct.zone)}`);
  if (ct.nat !== null) args.push(natText(ct.nat));
  if (ct.exec.length > 0) args.push(`exec(${listText(ct.exec, names)})`);
  if (ct.alg !== 0) args.push(`alg=${ALGORITHMS[ct.alg] ?? String(ct.alg)}`);
  return args.length === 0 ? 'ct' : `ct(${args.join(',')})`;
}

function natText(nat: Nat): string {
  if (nat.direction === null) return 'nat';
  const flags = (['persistent', 'hash', 'random'] as const).filter((flag) => nat[flag]);
  return `nat(${[nat.direction + natRange(nat), ...flags].join(',')})`;
}

/** `=10.0.0.1-10.0.0.9:80-90`; an IPv6 address is in brackets where a port follows. */
function natRange({ family, addresses, ports }: Nat): string {
  if (addresses === null) return '';
  const address = (value: bigint): string => {
    if (family !== 6) return ipv4Text(value);
    return ports === null ? ipv6Text(value) : `[${ipv6Text(value)}]`;
  };
  const to = <T>(max: T | null, text: (value: T) => string): string => (max === null ? '' : `-${text(max)}`);
  const range = address(addresses.min) + to(addresses.max, address);
  return ports === null ? `=${range}` : `=${range}:${ports.min}${to(ports.max, String)}`;
}
