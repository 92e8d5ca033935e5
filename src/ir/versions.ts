/** In which versions of OpenFlow there is an action. */
import type { ActionName } from '../openflow/actions.ts';
import { actionInfo, actionVersions } from '../openflow/actions.ts';
import type { OpenFlowVersion } from '../openflow/types.ts';
import type { Action } from './types.ts';

/** Kinds of action that ovs-actions(7) has under another name. */
const NAMES: Readonly<Partial<Record<Action['kind'], ActionName>>> = {
  output_reg: 'output',
  output_trunc: 'output',
  pop_vlan: 'strip_vlan',
};

/** The versions in which there is such an action. */
export function versionsOf(action: Action): readonly OpenFlowVersion[] {
  return actionVersions(actionInfo(NAMES[action.kind] ?? (action.kind as ActionName)));
}
