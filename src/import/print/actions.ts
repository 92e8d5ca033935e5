/** The `action` block of a flow. */
import type { Action, Instructions, Nat } from '../../ir/types.ts';
import { field } from '../../openflow/fields.ts';
import { valueName } from '../../openflow/names.ts';
import { ipv4Text, ipv6Text } from '../../emit/text/values.ts';
import { learnNode } from './learn.ts';
import type { Node } from './layout.ts';
import type { PrintNames } from './names.ts';
import { groupName, isReservedPort, meterName, portName, tableName } from './names.ts';
import {
  assignment,
  fieldWord,
  number,
  refBesidePorts,
  refBrackets,
  refWord,
  secondsText,
} from './values.ts';

const CONTROLLER = 0xfffffffd;
const WHOLE_PACKET = 0xffff;

/** The statements of the block. */
export function instructionNodes(instructions: Instructions, names: PrintNames): Node[] {
  const { apply, clear, write, writeMetadata, goto } = instructions;
  const nodes = actionNodes(apply, names);
  if (clear) nodes.push('clear_actions');
  if (write !== null && write.length > 0)
    nodes.push({ head: 'write_actions', body: actionNodes(write, names) });
  if (writeMetadata !== null) {
    const { value, mask } = writeMetadata;
    nodes.push(`write_metadata ${number(value)}${mask === null ? '' : `/0x${mask.toString(16)}`}`);
  }
  if (goto !== null) nodes.push(`goto ${tableName(goto, names)}`);
  if (nodes.length === 0) nodes.push('drop');
  return nodes;
}

export function actionNodes(actions: readonly Action[], names: PrintNames): Node[] {
  return actions.map((a) => actionNode(a, names));
}

/** `name(a, b)`; without parentheses where there is nothing to say. */
function call(name: string, args: readonly string[]): string {
  return args.length === 0 ? name : `${name}(${args.join(', ')})`;
}

function actionNode(action: Action, names: PrintNames): Node {
  switch (action.kind) {
    case 'output':
      if (action.port === CONTROLLER) return call('controller', maxLength(action.maxLen));
      return `output ${portName(action.port, names)}`;
    case 'output_reg':
      if (action.maxLen !== WHOLE_PACKET)
        return `output(port = ${refBesidePorts(action.source)}, max_len = ${action.maxLen})`;
      return `output ${refBesidePorts(action.source)}`;
    case 'output_trunc':
      return `output(port = ${portName(action.port, names)}, max_len = ${action.maxLen})`;
    case 'controller':
      return controllerText(action, names);
    case 'set_field':
      return assignment(action.field, action.value, action.mask, 'set', names);
    case 'move':
      return moveText(action);
    case 'push':
      return `push ${refBrackets(action.source)}`;
    case 'pop':
      return `pop ${refBrackets(action.destination)}`;
    case 'group':
      return `group ${groupName(action.id, names)}`;
    case 'meter':
      return `meter ${meterName(action.id, names)}`;
    case 'set_queue':
      return `set_queue ${action.queue}`;
    case 'enqueue':
      return `enqueue(port = ${portName(action.port, names)}, queue = ${action.queue})`;
    case 'push_vlan':
    case 'push_mpls':
    case 'pop_mpls':
      return `${action.kind} 0x${action.ethertype.toString(16).padStart(4, '0')}`;
    case 'dec_ttl':
      return call('dec_ttl', action.controllers.map(String));
    case 'resubmit':
      return resubmitText(action, names);
    case 'ct':
      return ctNode(action, names);
    case 'clone':
      return { head: 'clone', body: actionNodes(action.actions, names) };
    case 'fin_timeout':
      return finTimeoutText(action);
    case 'check_pkt_larger':
      return `${refWord(action.destination)} = check_pkt_larger(${action.size})`;
    case 'delete_field':
      return `delete_field ${fieldWord(action.field)}`;
    case 'conjunction':
      return `conjunction(${action.id}, ${action.clause}/${action.clauses})`;
    case 'learn':
      return learnNode(action, names);
    case 'bundle':
      return bundleText(action, names);
    case 'multipath':
      return multipathText(action);
    case 'sample':
      return sampleText(action, names);
    case 'encap':
      return encapText(action);
    case 'decap': {
      const { packetType } = action;
      return packetType === null
        ? 'decap'
        : `decap(packet_type(ns = ${packetType.ns}, type = ${number(BigInt(packetType.type))}))`;
    }
    case 'mod_vlan_vid':
      return `mod_vlan_vid ${action.vid}`;
    case 'mod_vlan_pcp':
      return `mod_vlan_pcp ${action.pcp}`;
    case 'mod_nw_ttl':
    case 'set_mpls_ttl':
      return `${action.kind} ${action.ttl}`;
    case 'note':
      // As many zeros as the switch adds to a note of none.
      return `note "${bytesText(action.bytes.length === 0 ? new Uint8Array(6) : action.bytes)}"`;
    case 'pop_queue':
    case 'pop_vlan':
    case 'dec_mpls_ttl':
    case 'dec_nsh_ttl':
    case 'ct_clear':
    case 'exit':
      return action.kind;
  }
}

const maxLength = (bytes: number): string[] => (bytes === WHOLE_PACKET ? [] : [`max_len = ${bytes}`]);

/** `01.02.ff`. */
function bytesText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += `${text === '' ? '' : '.'}${byte.toString(16).padStart(2, '0')}`;
  return text;
}

function controllerText(action: Extract<Action, { kind: 'controller' }>, names: PrintNames): string {
  const { maxLen, reason, id, userdata, pause, meterId } = action;
  const args = maxLength(maxLen);
  if (reason !== 'action') args.push(`reason = ${reason}`);
  if (id !== 0) args.push(`id = ${id}`);
  if (userdata !== null && userdata.length > 0) args.push(`userdata = "${bytesText(userdata)}"`);
  if (pause) args.push('pause');
  if (meterId !== null && meterId !== 0) args.push(`meter_id = ${meterName(meterId, names)}`);
  return call('controller', args);
}

function moveText({ source, destination }: Extract<Action, { kind: 'move' }>): string {
  const to = refWord(destination);
  const from = refWord(source);
  // A word that is a value of the field is the value.
  const target = field(destination.field);
  const value =
    valueName(target, from) !== undefined || (target.format.includes('port') && isReservedPort(from));
  return `${to} = ${value ? refBrackets(source) : from}`;
}

function resubmitText({ port, table, ct }: Extract<Action, { kind: 'resubmit' }>, names: PrintNames): string {
  const to = port === null ? (table === null ? 'in_port' : '') : portName(port, names);
  const args = [to, ...(table === null ? [] : [tableName(table, names)]), ...(ct ? ['ct'] : [])];
  return `resubmit(${args.join(', ').replace(/^, /, ',')})`;
}

/** Port numbers of the protocol helpers (ovs-actions(7), "alg"). */
const ALGORITHMS: Readonly<Record<number, string>> = { 21: 'ftp', 69: 'tftp' };

function ctNode(ct: Extract<Action, { kind: 'ct' }>, names: PrintNames): Node {
  const args: string[] = [];
  if (ct.commit) args.push('commit');
  if (ct.force) args.push('force');
  if (ct.table !== null) args.push(`table = ${tableName(ct.table, names)}`);
  if (ct.zone !== null) args.push(`zone = ${typeof ct.zone === 'number' ? ct.zone : refWord(ct.zone)}`);
  if (ct.nat !== null) args.push(natText(ct.nat));
  if (ct.alg !== 0) args.push(`alg = ${ALGORITHMS[ct.alg] ?? String(ct.alg)}`);
  const head = call('ct', args);
  return ct.exec.length === 0 ? head : { head, body: actionNodes(ct.exec, names) };
}

function natText({ direction, family, addresses, ports, persistent, hash, random }: Nat): string {
  const args: string[] = [];
  const address = family === 6 ? ipv6Text : ipv4Text;
  if (addresses !== null) args.push(`${direction ?? 'src'} = ${rangeText(addresses, address)}`);
  else if (direction !== null) args.push(direction);
  if (ports !== null) args.push(`ports = ${rangeText(ports, String)}`);
  if (persistent) args.push('persistent');
  if (hash) args.push('hash');
  if (random) args.push('random');
  return call('nat', args);
}

function rangeText<T>(
  { min, max }: { readonly min: T; readonly max: T | null },
  text: (value: T) => string,
): string {
  return max === null ? text(min) : `${text(min)}-${text(max)}`;
}

function finTimeoutText({ idle, hard }: Extract<Action, { kind: 'fin_timeout' }>): string {
  const args: string[] = [];
  if (idle !== 0 || hard === 0) args.push(`idle_timeout = ${secondsText(idle)}`);
  if (hard !== 0) args.push(`hard_timeout = ${secondsText(hard)}`);
  return call('fin_timeout', args);
}

/** What is no identifier stands in quotes. */
const word = (text: string): string => (/^\w+$/.test(text) ? text : JSON.stringify(text));

function bundleText(bundle: Extract<Action, { kind: 'bundle' }>, names: PrintNames): string {
  const { fields, basis, algorithm, members, destination } = bundle;
  const list = members.map((m) => portName(m, names)).join(', ');
  const args = `fields = ${word(fields)}, basis = ${basis}, algorithm = ${algorithm}, members = [${list}]`;
  return destination === null ? `bundle(${args})` : `${refWord(destination)} = bundle_load(${args})`;
}

function multipathText(action: Extract<Action, { kind: 'multipath' }>): string {
  const { fields, basis, algorithm, links, arg, destination } = action;
  const args = `fields = ${word(fields)}, basis = ${basis}, algorithm = ${algorithm}, n_links = ${links}, arg = ${arg}`;
  return `${refWord(destination)} = multipath(${args})`;
}

function sampleText(action: Extract<Action, { kind: 'sample' }>, names: PrintNames): string {
  const args = [`probability = ${action.probability}`];
  if (action.collectorSetId !== 0) args.push(`collector_set_id = ${action.collectorSetId}`);
  if (action.obsDomainId !== 0) args.push(`obs_domain_id = ${action.obsDomainId}`);
  if (action.obsPointId !== 0) args.push(`obs_point_id = ${action.obsPointId}`);
  if (action.samplingPort !== null) args.push(`sampling_port = ${portName(action.samplingPort, names)}`);
  if (action.direction !== null) args.push(action.direction);
  return call('sample', args);
}

function encapText(action: Extract<Action, { kind: 'encap' }>): string {
  if (action.header !== 'nsh') return `encap(${action.header})`;
  const args: string[] = [];
  if (action.mdType !== null) args.push(`md_type = ${action.mdType}`);
  for (const tlv of action.tlvs)
    args.push(`tlv(0x${tlv.class.toString(16)}, ${tlv.type}, "${bytesText(tlv.value)}")`);
  return `encap(${call('nsh', args)})`;
}
