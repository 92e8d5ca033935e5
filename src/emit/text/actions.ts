/** Actions and instructions in the words of ovs-ofctl (ovs-actions(7)). */
import type { Action, ControllerReason, Instructions, Nat } from '../../ir/types.ts';
import { controllerMeter, isPlainController } from '../wire/controller.ts';
import { OFPP, WHOLE_PACKET } from '../wire/frame.ts';
import { refText, setFieldText } from './fields.ts';
import { learnText } from './learn.ts';
import type { Dialect } from './names.ts';
import { portText, tableText } from './names.ts';
import { hex, ipv4Text, ipv6Text } from './values.ts';

/** What follows `actions=`. */
export function instructionsText(instructions: Instructions, words: Dialect): string {
  const { apply, clear, write, writeMetadata, goto } = instructions;
  const parts = apply.map((a) => actionText(a, words));
  if (clear) parts.push('clear_actions');
  if (write !== null && write.length > 0) parts.push(`write_actions(${listText(write, words)})`);
  if (writeMetadata !== null) {
    const { value, mask } = writeMetadata;
    // In OpenFlow 1.0 goto_table is an action, and none may follow write_metadata.
    if (words.version === '1.0' && goto !== null)
      parts.push(setFieldText({ kind: 'set_field', field: 'metadata', value, mask }, words));
    else parts.push(`write_metadata:${hex(value)}${mask === null ? '' : `/${hex(mask)}`}`);
  }
  if (goto !== null) parts.push(`goto_table:${tableText(goto, words)}`);
  return parts.length === 0 ? 'drop' : parts.join(',');
}

/** What stands between the parentheses of `clone` and the like, and behind a bucket's `actions=`. */
export function listText(actions: readonly Action[], words: Dialect): string {
  return actions.map((a) => actionText(a, words)).join(',');
}

function actionText(action: Action, words: Dialect): string {
  switch (action.kind) {
    case 'output':
      return action.port === OFPP.controller.number32
        ? `controller:${action.maxLen}`
        : `output:${portText(action.port, words)}`;
    case 'output_reg':
      return `output:${refText(action.source)}`;
    case 'output_trunc':
      return `output(port=${portText(action.port, words)},max_len=${action.maxLen})`;
    case 'controller':
      return controllerText(action);
    case 'set_field':
      return setFieldText(action, words);
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
      return `enqueue(${portText(action.port, words)},${action.queue})`;
    case 'push_vlan':
    case 'push_mpls':
    case 'pop_mpls':
      return `${action.kind}:0x${action.ethertype.toString(16).padStart(4, '0')}`;
    case 'dec_ttl':
      return action.controllers.length === 0 ? 'dec_ttl' : `dec_ttl(${action.controllers.join(',')})`;
    case 'resubmit':
      return resubmitText(action, words);
    case 'ct':
      return ctText(action, words);
    case 'clone':
      return `clone(${listText(action.actions, words)})`;
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
      return learnText(action, words);
    case 'bundle':
      return bundleText(action, words);
    case 'multipath': {
      const { fields, basis, algorithm, links, arg } = action;
      return `multipath(${fields},${basis},${algorithm},${links},${arg},${refText(action.destination)})`;
    }
    case 'sample':
      return sampleText(action, words);
    case 'encap':
      return action.header === 'nsh' ? nshText(action) : `encap(${action.header})`;
    case 'decap': {
      const type = action.packetType;
      return type === null ? 'decap()' : `decap(packet_type(ns=${type.ns},type=${hex(type.type)}))`;
    }
    case 'mod_vlan_vid':
      return `mod_vlan_vid:${action.vid}`;
    case 'mod_vlan_pcp':
      return `mod_vlan_pcp:${action.pcp}`;
    case 'mod_nw_ttl':
    case 'set_mpls_ttl':
      return `${action.kind}:${action.ttl}`;
  }
}

/** `01.02.ff`. */
function bytesText(bytes: Uint8Array): string {
  return [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('.');
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

function resubmitText(action: Extract<Action, { kind: 'resubmit' }>, words: Dialect): string {
  const { port, table, ct } = action;
  const args = [
    port === null ? '' : portText(port, words),
    table === null ? '' : tableText(table, words),
    ...(ct ? ['ct'] : []),
  ];
  return `resubmit(${args.join(',')})`;
}

/** Port numbers of the protocol helpers (ovs-actions(7), "alg"). */
const ALGORITHMS: Readonly<Record<number, string>> = { 21: 'ftp', 69: 'tftp' };

function ctText(ct: Extract<Action, { kind: 'ct' }>, words: Dialect): string {
  const args: string[] = [];
  if (ct.commit) args.push('commit');
  if (ct.force) args.push('force');
  if (ct.table !== null) args.push(`table=${tableText(ct.table, words)}`);
  if (ct.zone !== null && ct.zone !== 0)
    args.push(`zone=${typeof ct.zone === 'number' ? ct.zone : refText(ct.zone)}`);
  if (ct.nat !== null) args.push(natText(ct.nat));
  if (ct.exec.length > 0) args.push(`exec(${listText(ct.exec, words)})`);
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

function bundleText(action: Extract<Action, { kind: 'bundle' }>, words: Dialect): string {
  const { fields, basis, algorithm, members, destination } = action;
  const name = destination === null ? 'bundle' : 'bundle_load';
  const to = destination === null ? '' : `${refText(destination)},`;
  const ports = members.map((port) => portText(port, words)).join(',');
  return `${name}(${fields},${basis},${algorithm},ofport,${to}members:${ports})`;
}

function sampleText(action: Extract<Action, { kind: 'sample' }>, words: Dialect): string {
  const args = [
    `probability=${action.probability}`,
    `collector_set_id=${action.collectorSetId}`,
    `obs_domain_id=${action.obsDomainId}`,
    `obs_point_id=${action.obsPointId}`,
  ];
  if (action.samplingPort !== null) args.push(`sampling_port=${portText(action.samplingPort, words)}`);
  if (action.direction !== null) args.push(action.direction);
  return `sample(${args.join(',')})`;
}

function nshText({ mdType, tlvs }: Extract<Action, { kind: 'encap'; header: 'nsh' }>): string {
  const args = tlvs.map(({ class: tlvClass, type, value }) => {
    const digits = [...value].map((b) => b.toString(16).padStart(2, '0')).join('');
    // One digit is no byte.
    return `tlv(${hex(tlvClass)},${type},0x${digits === '' ? '0' : digits})`;
  });
  if (mdType !== null) args.unshift(`md_type=${mdType}`);
  return args.length === 0 ? 'encap(nsh)' : `encap(nsh(${args.join(',')}))`;
}
