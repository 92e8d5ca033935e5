/** Numbers of actions and instructions in OpenFlow 1.5, out of the table of actions. */
import type { ActionName } from '../../openflow/actions.ts';
import { actionInfo } from '../../openflow/actions.ts';
import type { ActionWire } from '../../openflow/types.ts';
import { inVersions } from '../../openflow/versions.ts';

/** The number of the action's `nth` form of that kind (from 0, in the order of the table). */
export function wireNumber(name: ActionName, form: ActionWire['form'], nth = 0): number {
  const forms = actionInfo(name).wire.filter((w) => w.form === form && inVersions(w.versions, '1.5'));
  const wire = forms[nth];
  if (wire === undefined) throw new Error(`OpenFlow 1.5 has no such ${form} form of ${name}`);
  return wire.number;
}
