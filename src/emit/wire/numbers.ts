/** Numbers of actions and instructions, out of the table of actions. */
import type { ActionName } from '../../openflow/actions.ts';
import { actionInfo } from '../../openflow/actions.ts';
import type { ActionWire, OpenFlowVersion } from '../../openflow/types.ts';
import { inVersions } from '../../openflow/versions.ts';

/** The number of the action's `nth` form of that kind in the version (from 0, in the order of the table). */
export function wireNumber(
  name: ActionName,
  form: ActionWire['form'],
  nth = 0,
  version: OpenFlowVersion = '1.5',
): number {
  const forms = actionInfo(name).wire.filter((w) => w.form === form && inVersions(w.versions, version));
  const wire = forms[nth];
  if (wire === undefined) throw new Error(`OpenFlow ${version} has no such ${form} form of ${name}`);
  return wire.number;
}
