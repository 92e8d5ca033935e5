/**
 * The actions and instructions of ovs-actions(7) as Open vSwitch 3.1 has them, in the order of that page.
 *
 * The names of reserved ports (`normal`, `flood`, …), which ovs-ofctl also takes as actions, are in `ports.ts`.
 * What each action changes in the state of the packet that later ones are checked against belongs to the checker.
 */
import { grows, inst } from './action-row.ts';
import { FIELD_ACTIONS } from './actions-fields.ts';
import { FLOW_CONTROL, INSTRUCTIONS, STATEFUL } from './actions-flow.ts';
import { HEADERS, OUTPUT } from './actions-output.ts';
import type { ActionInfo, OpenFlowVersion } from './types.ts';
import { inVersions, OPENFLOW_VERSIONS } from './versions.ts';

const TABLE = [...OUTPUT, ...HEADERS, ...FIELD_ACTIONS, ...STATEFUL, ...FLOW_CONTROL, ...INSTRUCTIONS];

export type ActionName = (typeof TABLE)[number]['name'];
export type Action = ActionInfo<ActionName>;

export const ACTIONS: readonly Action[] = TABLE;

let byName: ReadonlyMap<string, Action> | undefined;

/** The action called so, by its name or an alias (`pop_vlan`). */
export function actionByName(name: string): Action | undefined {
  byName ??= new Map(ACTIONS.flatMap((a) => [a.name, ...a.aliases].map((n) => [n, a] as const)));
  return byName.get(name);
}

export function actionInfo(name: ActionName): Action {
  const found = actionByName(name);
  if (found === undefined) throw new Error(`no such action: ${name}`);
  return found;
}

/** The OpenFlow versions in which some form of the action exists. */
export function actionVersions(a: Action): readonly OpenFlowVersion[] {
  if (a.wire.length === 0) return OPENFLOW_VERSIONS;
  return OPENFLOW_VERSIONS.filter((v) => a.wire.some((w) => inVersions(w.versions, v)));
}

/** The instruction of OpenFlow 1.1+ that carries the action list; in text it is never named. */
export const APPLY_ACTIONS = inst('1.1+', 4, 8, grows);

/** The order in which ovs-ofctl wants instructions written, the actions between `meter` and `clear_actions`. */
export const INSTRUCTION_ORDER: readonly ActionName[] = [
  'meter',
  'clear_actions',
  'write_actions',
  'write_metadata',
  'goto_table',
];

/** The order in which an action set is carried out, whatever the order of writing; at most one of each. */
export const ACTION_SET_ORDER: readonly ActionName[] = [
  'strip_vlan',
  'pop_mpls',
  'decap',
  'encap',
  'push_mpls',
  'push_vlan',
  'dec_ttl',
  'dec_mpls_ttl',
  'dec_nsh_ttl',
];

/** After them the writes to fields, in the order written; then the first of these that is there, and no other. */
export const ACTION_SET_FINAL: readonly ActionName[] = ['group', 'output', 'resubmit', 'ct_clear', 'ct'];
