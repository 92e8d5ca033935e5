// The tables, groups and meters that a flow names.
import type { Action, FlowMod } from '../../src/ir/types.ts';

function nested(actions: readonly Action[]): Action[] {
  return actions.flatMap((a) => {
    if (a.kind === 'clone') return [a, ...nested(a.actions)];
    if (a.kind === 'ct') return [a, ...nested(a.exec)];
    return [a];
  });
}

function actionsOf({ instructions: { apply, write } }: FlowMod): Action[] {
  return nested([...apply, ...(write ?? [])]);
}

export function tablesOf(flow: FlowMod): number[] {
  const tables = actionsOf(flow).flatMap((a) =>
    (a.kind === 'resubmit' || a.kind === 'ct' || a.kind === 'learn') && a.table !== null ? [a.table] : [],
  );
  return flow.instructions.goto === null ? tables : [...tables, flow.instructions.goto];
}

export function groupsOf(flow: FlowMod): number[] {
  return [...new Set(actionsOf(flow).flatMap((a) => (a.kind === 'group' ? [a.id] : [])))];
}

export function metersOf(flow: FlowMod): number[] {
  const ids = actionsOf(flow).flatMap((a) => {
    if (a.kind === 'meter') return [a.id];
    return a.kind === 'controller' && a.meterId !== null && a.meterId !== 0 ? [a.meterId] : [];
  });
  return [...new Set(ids)];
}
