/** Flows and groups that do not fit into a message. */
import type { Span } from '../../grammar/ast.ts';
import { placeOf, report } from '../check/report.ts';
import type { Reporter } from '../check/report.ts';
import type { Scope } from '../check/types.ts';
import { groupTooLarge } from '../diagnostics/codes/groups.ts';
import { flowNotListed, flowTooLarge } from '../diagnostics/codes/program.ts';
import type { Sink } from '../diagnostics/define.ts';
import { make } from '../diagnostics/define.ts';
import { encodedLength, maxFlowModBytes } from '../emit/wire/flow-mod.ts';
import { encodeGroupMod } from '../emit/wire/group-mod.ts';
import { ByteWriter } from '../ir/bytes.ts';
import type { Action, FlowMod, GroupMod } from '../ir/types.ts';
import type { WireVersion } from '../openflow/oxm.ts';
import { isWireVersion } from '../openflow/oxm.ts';
import type { OpenFlowVersion } from '../openflow/types.ts';

/** What older versions have takes as many bytes as in the first that we encode, or fewer. */
function measured(version: OpenFlowVersion): WireVersion {
  return isWireVersion(version) ? version : '1.3';
}

/** Reports groups that are too large. */
export function checkGroupSizes(scope: Scope, groups: readonly GroupMod[], sink: Sink): void {
  const writer = new ByteWriter();
  const version = measured(scope.version);
  for (const group of groups) {
    writer.truncate();
    const bytes = encodeGroupMod('add', group, writer, 0, version);
    if (bytes > maxFlowModBytes(version)) {
      const symbol = scope.groupById(group.id);
      const at = symbol === undefined ? group.origin : placeOf(symbol);
      sink.add(make(groupTooLarge, { name: group.name, bytes }, at));
    }
  }
}

/** Reports a flow that is too large. */
export function checkFlowSize(mod: FlowMod, version: OpenFlowVersion, ctx: Reporter, at: Span): void {
  if (!mayBeLong(mod)) return;
  const bytes = encodedLength(mod, measured(version));
  if (bytes > maxFlowModBytes(measured(version))) report(ctx, flowTooLarge, { bytes }, at);
  else if (bytes > MAX_LISTED_BYTES) report(ctx, flowNotListed, { bytes }, at);
}

/** Flows that are longer are missing from the switch's list in OpenFlow 1.5 (seen on OVS 3.1.0). */
const MAX_LISTED_BYTES = 65472;

/** No match field and no action takes more, but for what an action has of bytes and of actions in it. */
const MOST_BYTES = 400;

/** False for flows that fit into a message for sure, which are not encoded to find out. */
function mayBeLong({ match, instructions: { apply, write } }: FlowMod): boolean {
  const atMost = (actions: readonly Action[]): number => {
    let bytes = actions.length * MOST_BYTES;
    for (const action of actions) {
      if (action.kind === 'clone') bytes += atMost(action.actions);
      else if (action.kind === 'ct') bytes += atMost(action.exec);
      else bytes += growth(action);
    }
    return bytes;
  };
  return (match.length + 1) * MOST_BYTES + atMost(apply) + atMost(write ?? []) > MAX_LISTED_BYTES;
}

/** What an action has besides, as many bytes as it may take. */
function growth(action: Action): number {
  switch (action.kind) {
    case 'note':
      return action.bytes.length;
    case 'controller':
      return action.userdata?.length ?? 0;
    case 'dec_ttl':
      return 2 * action.controllers.length;
    case 'bundle':
      return 2 * action.members.length;
    case 'learn':
      return 136 * action.specs.length;
    case 'encap':
      return action.header === 'nsh' ? action.tlvs.reduce((sum, tlv) => sum + 16 + tlv.value.length, 0) : 0;
    default:
      return 0;
  }
}
