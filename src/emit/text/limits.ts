/**
 * What OpenFlow can say and the text of ovs-ofctl 3.1.0 cannot, in the version that the text is for: some of it is
 * refused, some of it silently sent as something else. The bytes that we encode ourselves are as the source says.
 */
import { fitsFixedMatch, isExactIn10 } from '../../ir/fixed-match.ts';
import { saysNothing, vlanFitsOxm, vlanTci } from '../../ir/oxm.ts';
import { hasExperimenterHeader } from '../../ir/tlv.ts';
import type {
  Action,
  FlowMod,
  GroupMod,
  LearnSpec,
  MatchField,
  MeterMod,
  SubfieldRef,
} from '../../ir/types.ts';
import { FLOW_FLAGS } from '../../ir/types.ts';
import { versionsOf } from '../../ir/versions.ts';
import { field } from '../../openflow/fields.ts';
import { storage } from '../../openflow/storage.ts';
import type { OpenFlowVersion } from '../../openflow/types.ts';
import { WIRE_VERSION } from '../../openflow/types.ts';
import { WHOLE_PACKET } from '../wire/frame.ts';
import { takesMask } from './fields.ts';
import { bitRuns } from './match.ts';

export interface TextLoss {
  /** The field of the match, the kind of the action, or the attribute of the flow or group that cannot be written. */
  readonly what: MatchField['field'] | Action['kind'] | 'write_actions' | 'clear_actions' | Attribute;
  /** `refused`: ovs-ofctl takes no such text. `changed`: it would send something else. */
  readonly outcome: 'refused' | 'changed';
  readonly reason: string;
}

type Attribute =
  | 'priority'
  | 'importance'
  | 'selection_method'
  | 'watch_port'
  | 'bands'
  | 'burst_size'
  | 'rate'
  | 'prec_level'
  | keyof typeof FLOW_FLAGS;

/** A flow that has no text. A caller finds it first, by `textLosses`. */
export class NoTextError extends Error {
  override readonly name = 'NoTextError';
  readonly flow: FlowMod;
  readonly losses: readonly TextLoss[];

  constructor(flow: FlowMod, losses: readonly TextLoss[]) {
    const reasons = losses.map(({ what, reason }) => `${what}: ${reason}`);
    super(`${flow.name ?? 'a flow'} has no text for ovs-ofctl: ${reasons.join('; ')}`);
    this.flow = flow;
    this.losses = losses;
  }
}

const before = (version: OpenFlowVersion, other: OpenFlowVersion): boolean =>
  WIRE_VERSION[version] < WIRE_VERSION[other];

/** Why the flow has no text in that version; empty where it has. */
export function textLosses(flow: FlowMod, version: OpenFlowVersion = '1.5'): TextLoss[] {
  const { apply, clear, write } = flow.instructions;
  const losses = matchLosses(flow.match, version);
  losses.push(...attributeLosses(flow, version));
  apply.forEach((action, index) => {
    losses.push(...actionLosses(action, index, version));
  });
  for (const action of write ?? []) {
    losses.push(...actionLosses(action, null, version));
    const to = action.kind === 'set_field' ? action : action.kind === 'move' ? action.destination : null;
    if (to?.field === 'ct_mark' || to?.field === 'ct_label')
      losses.push({ what: action.kind, outcome: 'refused', reason: `only ct writes ${to.field}` });
  }
  if (version === '1.0') {
    const reason = 'OpenFlow 1.0 has no action set, and it is dropped';
    if (clear) losses.push({ what: 'clear_actions', outcome: 'changed', reason });
    if (write !== null && write.length > 0)
      losses.push({ what: 'write_actions', outcome: 'changed', reason });
  }
  return losses;
}

/** Do groups have selection methods and ids of buckets? OpenFlow 1.0 has none, so there OVS uses those of 1.5. */
export function hasExtendedGroups(version: OpenFlowVersion): boolean {
  return version === '1.5' || version === '1.0';
}

/** Why the group has no text in that version; empty where it has. */
export function groupLosses(group: GroupMod, version: OpenFlowVersion): TextLoss[] {
  const losses: TextLoss[] = [];
  if (group.selection !== null && !hasExtendedGroups(version))
    losses.push({
      what: 'selection_method',
      outcome: 'changed',
      reason: `it is dropped in OpenFlow ${version}`,
    });
  for (const { watchPort, actions } of group.buckets) {
    if (watchPort !== null && watchPort >= FIRST_RESERVED_PORT)
      losses.push({ what: 'watch_port', outcome: 'refused', reason: 'no reserved port can be watched' });
    losses.push(...listLosses(actions, version));
  }
  return losses;
}

/** Why the meter has no text; empty where it has. */
export function meterLosses({ burst, bands }: MeterMod): TextLoss[] {
  const losses: TextLoss[] = [];
  if (bands.length === 0) losses.push({ what: 'bands', outcome: 'refused', reason: 'a meter needs a band' });
  if (bands.some((band) => (band.burstSize !== 0) !== burst))
    losses.push({ what: 'burst_size', outcome: 'refused', reason: 'it and the flag burst need each other' });
  if (bands.some((band) => band.rate === 0))
    losses.push({ what: 'rate', outcome: 'refused', reason: 'a rate of 0 counts as none' });
  if (bands.some((band) => band.type === 'dscp_remark' && band.precLevel === 0))
    losses.push({ what: 'prec_level', outcome: 'refused', reason: 'a level of 0 counts as none' });
  return losses;
}

const FIRST_RESERVED_PORT = 0xff00;
/** Of those, the ones that stand for one port: in_port and local. */
const ONE_PORT: ReadonlySet<number> = new Set([0xfffffff8, 0xfffffffe]);

function listLosses(actions: readonly Action[], version: OpenFlowVersion): TextLoss[] {
  return actions.flatMap((action) => actionLosses(action, null, version));
}

function attributeLosses(flow: FlowMod, version: OpenFlowVersion): TextLoss[] {
  const losses: TextLoss[] = [];
  if (flow.importance !== 0 && before(version, '1.4'))
    losses.push({ what: 'importance', outcome: 'changed', reason: 'it is dropped before OpenFlow 1.4' });
  if (before(version, '1.3'))
    for (const what of ['no_packet_counts', 'no_byte_counts'] as const)
      if ((flow.flags & FLOW_FLAGS[what]) !== 0)
        losses.push({ what, outcome: 'refused', reason: 'OpenFlow has it since 1.3' });
  if (version === '1.0' && flow.priority !== 0xffff && isExactIn10(flow.match))
    losses.push({
      what: 'priority',
      outcome: 'changed',
      reason: 'a match on all fields of OpenFlow 1.0 has priority 65535 there',
    });
  return losses;
}

function matchLosses(match: readonly MatchField[], version: OpenFlowVersion): TextLoss[] {
  const losses: TextLoss[] = [];
  if (version === '1.1') {
    for (const t of match) {
      if (saysNothing(t)) continue;
      const dropped = t.field === 'nw_ecn';
      if (!fitsFixedMatch(t, match))
        losses.push({
          what: t.field,
          outcome: dropped ? 'changed' : 'refused',
          reason: dropped ? 'it is dropped in OpenFlow 1.1' : 'OpenFlow 1.1 cannot match it so',
        });
      else if (t.mask !== null && storage(field(t.field)).unit === 'vlan_tci')
        losses.push({
          what: t.field,
          outcome: 'refused',
          reason: 'OpenFlow 1.1 can match any tag, but has no text for it',
        });
    }
  }
  const vlan = match.filter((t) => t.field.includes('vlan') && storage(field(t.field)).unit === 'vlan_tci');
  const [tag] = vlan;
  if (tag !== undefined && !vlanFitsOxm(vlanTci(vlan)))
    losses.push({ what: tag.field, outcome: 'changed', reason: 'only all of a priority can be matched' });
  const proto = match.find((t) => t.field === 'ct_nw_proto');
  if (proto === undefined || proto.value === 0n) {
    for (const t of match)
      if (t.field === 'ct_nw_proto' || t.field === 'ct_tp_src' || t.field === 'ct_tp_dst')
        losses.push({
          what: t.field,
          outcome: 'changed',
          reason: 'it is dropped unless ct_nw_proto is not 0',
        });
  }
  return losses;
}

/** `index` is the place in apply_actions, null where the action is nested. */
function actionLosses(action: Action, index: number | null, version: OpenFlowVersion): TextLoss[] {
  const refused = (reason: string): TextLoss[] => [{ what: action.kind, outcome: 'refused', reason }];
  const noRoom = (s: SubfieldRef | null): TextLoss[] =>
    s !== null && hasExperimenterHeader(s.field, 'NXM') ? refused(`it has no room for ${s.field}`) : [];
  if (action.kind !== 'set_field' && !versionsOf(action).includes(version))
    return refused(`OpenFlow ${version} has no such action`);
  switch (action.kind) {
    case 'meter':
      return index === 0 ? [] : refused('a meter must be the first action');
    case 'output_reg':
      return action.maxLen === WHOLE_PACKET ? [] : refused('a port in a field takes no max_len');
    case 'output_trunc':
      return action.port >= FIRST_RESERVED_PORT && !ONE_PORT.has(action.port)
        ? refused('only what goes to one port can be cut')
        : [];
    case 'check_pkt_larger':
      return action.destination.bits === 1 ? [] : refused('its answer has one bit');
    case 'resubmit':
      return action.port === null && action.table === null ? refused('a port or a table is needed') : [];
    case 'set_field':
      return version === '1.5' &&
        action.mask !== null &&
        !takesMask(field(action.field), action.mask, version) &&
        bitRuns(action.mask).length !== 1
        ? refused(`${action.field} takes no such mask but only a range of bits`)
        : [];
    case 'ct':
      return listLosses(action.exec, version);
    case 'clone':
      return listLosses(action.actions, version);
    case 'encap':
      if (action.header === 'nsh' && action.mdType !== null && action.mdType !== 1 && action.mdType !== 2)
        return refused(`it has no md_type ${action.mdType}`);
      return action.header === 'nsh' && action.tlvs.some((tlv) => tlv.value.length > MOST_TLV_BYTES)
        ? [{ what: 'encap', outcome: 'changed', reason: `a value is cut after ${MOST_TLV_BYTES} bytes` }]
        : [];
    case 'bundle':
    case 'multipath':
      return noRoom(action.destination);
    case 'learn':
      return action.specs.flatMap((spec) => [
        ...subfieldsOf(spec).flatMap(noRoom),
        ...(hasWords(spec) ? [] : refused('this value of ip_frag has no word')),
      ]);
    default:
      return [];
  }
}

/** What ovs-ofctl reads of the value of an NSH TLV. */
const MOST_TLV_BYTES = 125;

function subfieldsOf(spec: LearnSpec): SubfieldRef[] {
  if (spec.kind === 'output') return [spec.source];
  return spec.source.kind === 'field' ? [spec.source.subfield, spec.destination] : [spec.destination];
}

/** All of ip_frag is written as a word, and 2 has none. */
function hasWords(spec: LearnSpec): boolean {
  if (spec.kind !== 'match' || spec.source.kind !== 'value') return true;
  const { field: name, bits } = spec.destination;
  return name !== 'ip_frag' || bits !== 2 || spec.source.value !== 2n;
}
