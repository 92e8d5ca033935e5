/** What a program has on a switch beside its flows: groups, meters and the map of tunnel options. */
import type { GroupDecl, MeterDecl, TunnelMetadataDecl } from '../../grammar/ast.ts';
import type { Sink } from '../diagnostics/define.ts';
import type { ExpandedItem } from '../expand/types.ts';
import type { ProgramIr } from '../ir/types.ts';
import type { EvalContext } from './constants.ts';
import { lowerGroups } from './groups.ts';
import { identifyGroups, identifyMeters } from './identified.ts';
import type { Placed } from './identified.ts';
import { lowerMeters } from './meters.ts';
import type { Ownership } from './program.ts';
import { readTunnelMetadata } from './tunnel-metadata.ts';
import type { Scope } from './types.ts';

/** What `Scope` knows of them. */
export type Resources = Pick<
  Scope,
  | 'group'
  | 'groupById'
  | 'groups'
  | 'groupIds'
  | 'meter'
  | 'meterById'
  | 'meters'
  | 'meterIds'
  | 'tunnelOption'
  | 'tlvs'
>;

export const NO_RESOURCES: Resources = {
  group: () => undefined,
  groupById: () => undefined,
  groups: [],
  groupIds: [],
  meter: () => undefined,
  meterById: () => undefined,
  meters: [],
  meterIds: [],
  tunnelOption: () => undefined,
  tlvs: [],
};

/** Reads the declarations, of groups and meters the names and ids only. `bound`: other ids of meters, by name. */
export function readResources(
  ctx: EvalContext,
  items: readonly ExpandedItem[],
  ownership: Ownership | null,
  bound?: ReadonlyMap<string, number>,
): Resources {
  const groupDecls: Placed<GroupDecl>[] = [];
  const meterDecls: Placed<MeterDecl>[] = [];
  const maps: Placed<TunnelMetadataDecl>[] = [];
  for (const { decl, origin } of items) {
    if (decl.kind === 'group') groupDecls.push({ decl, origin });
    else if (decl.kind === 'meter') meterDecls.push({ decl, origin });
    else if (decl.kind === 'tunnel_metadata') maps.push({ decl, origin });
  }
  const groups = identifyGroups(ctx, groupDecls, ownership?.groups ?? null);
  const meters = identifyMeters(ctx, meterDecls, ownership?.meters ?? null, bound);
  const { tlvs, lengths } = readTunnelMetadata(ctx, maps);
  return {
    group: (name) => groups.byName.get(name),
    groupById: (id) => groups.byId.get(id),
    groups: groups.all,
    groupIds: groups.ids,
    meter: (name) => meters.byName.get(name),
    meterById: (id) => meters.byId.get(id),
    meters: meters.all,
    meterIds: meters.ids,
    tunnelOption: (index) => lengths.get(index),
    tlvs,
  };
}

/** Checks the bodies of groups and meters, and makes what goes to the switch. To be called once for a program. */
export function lowerResources(
  scope: Scope,
  sink: Sink,
): Pick<ProgramIr, 'groups' | 'groupIds' | 'meters' | 'meterIds' | 'tlvs'> {
  const { groupIds, meterIds, tlvs } = scope;
  return {
    groups: lowerGroups(scope, sink),
    groupIds,
    meters: lowerMeters(scope, sink),
    meterIds,
    tlvs,
  };
}
