/** What becomes of the groups of a switch. */
import type { WireVersion } from '../openflow/oxm.ts';
import { COMMAND, groupContent, type Configured } from './config-wire.ts';
import type { Finding } from './finding.ts';
import type { WirePlan } from './plan.ts';
import { isWithin } from './ranges.ts';
import { bucketUses } from './uses.ts';

export interface GroupWork {
  /** The program's groups to send, by their index; those that the switch has as they are stay. */
  readonly mods: readonly { readonly index: number; readonly command: number }[];
  /** Ids of ours that the program does not have. */
  readonly deletes: readonly number[];
}

export const NO_GROUP_WORK: GroupWork = { mods: [], deletes: [] };

/** Groups have no cookie: ours are those in the ranges that the program states, and those that are as it wants them. */
export function planGroups(
  version: WireVersion,
  plan: WirePlan,
  existing: readonly Configured[],
  options: { readonly adopt: boolean; readonly replace: boolean },
): { readonly work: GroupWork; readonly findings: readonly Finding[] } {
  const onSwitch = new Map(existing.map((group) => [group.id, group]));
  const mods: { index: number; command: number }[] = [];
  const findings: Finding[] = [];
  plan.groups.forEach((group, index) => {
    const there = onSwitch.get(group.id);
    if (there === undefined) mods.push({ index, command: COMMAND.add });
    else if (there.content !== groupContent(version, group)) {
      mods.push({ index, command: COMMAND.modify });
      if (!options.adopt && !isWithin(plan.groupIds, group.id))
        findings.push({ kind: 'foreign group', index, id: group.id });
    }
  });
  if (!options.replace) return { work: { mods, deletes: [] }, findings };

  const wanted = new Set(plan.groups.map((group) => group.id));
  const isDoomed = (id: number): boolean => isWithin(plan.groupIds, id) && !wanted.has(id);
  // The buckets of a group that stays would lead nowhere.
  if (!options.adopt)
    for (const group of existing)
      if (!isDoomed(group.id) && !wanted.has(group.id))
        for (const id of new Set(usedBy(version, group)))
          if (isDoomed(id) && onSwitch.has(id))
            findings.push({ kind: 'in use', what: 'group', id, by: { kind: 'group', id: group.id } });
  return { work: { mods, deletes: existing.map((group) => group.id).filter(isDoomed) }, findings };
}

function usedBy(version: WireVersion, group: Configured): number[] {
  const ids: number[] = [];
  bucketUses(version, group.bytes, (id) => ids.push(id));
  return ids;
}

/** Does a switch hold the groups as they would be after that work? */
export function areDone(
  version: WireVersion,
  plan: WirePlan,
  work: GroupWork,
  existing: readonly Configured[],
): boolean {
  const onSwitch = new Map(existing.map((group) => [group.id, group.content]));
  return (
    work.deletes.every((id) => !onSwitch.has(id)) &&
    work.mods.every(({ index }) => {
      const group = plan.groups[index];
      return group === undefined || onSwitch.get(group.id) === groupContent(version, group);
    })
  );
}
