/**
 * What OpenFlow can say and the text of ovs-ofctl 3.1.0 cannot: some of it is refused, some of it silently sent as
 * something else. The bytes that we encode ourselves are as the source says.
 */
import { vlanFitsOxm, vlanTci } from '../../ir/oxm.ts';
import type { Action, FlowMod, MatchField } from '../../ir/types.ts';
import { field } from '../../openflow/fields.ts';
import { storage } from '../../openflow/storage.ts';
import { WHOLE_PACKET } from '../wire/frame.ts';
import { takesMask } from './actions.ts';
import { bitRuns } from './match.ts';

export interface TextLoss {
  /** The field of the match, or the kind of the action, that cannot be written. */
  readonly what: MatchField['field'] | Action['kind'];
  /** `refused`: ovs-ofctl takes no such text. `changed`: it would send something else. */
  readonly outcome: 'refused' | 'changed';
  readonly reason: string;
}

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

/** Why the flow has no text; empty where it has. */
export function textLosses(flow: FlowMod): TextLoss[] {
  const { apply, write } = flow.instructions;
  const losses = matchLosses(flow.match);
  apply.forEach((action, index) => {
    losses.push(...actionLosses(action, index));
  });
  for (const action of write ?? []) losses.push(...actionLosses(action, null));
  return losses;
}

function matchLosses(match: readonly MatchField[]): TextLoss[] {
  const losses: TextLoss[] = [];
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
function actionLosses(action: Action, index: number | null): TextLoss[] {
  const refused = (reason: string): TextLoss[] => [{ what: action.kind, outcome: 'refused', reason }];
  switch (action.kind) {
    case 'meter':
      return index === 0 ? [] : refused('a meter must be the first action');
    case 'output_reg':
      return action.maxLen === WHOLE_PACKET ? [] : refused('a port in a field takes no max_len');
    case 'resubmit':
      return action.port === null && action.table === null ? refused('a port or a table is needed') : [];
    case 'set_field':
      return action.mask !== null &&
        !takesMask(field(action.field), action.mask) &&
        bitRuns(action.mask).length !== 1
        ? refused(`${action.field} takes no such mask but only a range of bits`)
        : [];
    case 'ct':
      return action.exec.flatMap((a) => actionLosses(a, null));
    case 'clone':
      return action.actions.flatMap((a) => actionLosses(a, null));
    default:
      return [];
  }
}
