/** Groups that do not fit into a message. */
import { placeOf } from '../check/report.ts';
import type { Scope } from '../check/types.ts';
import { groupTooLarge } from '../diagnostics/codes/groups.ts';
import type { Sink } from '../diagnostics/define.ts';
import { make } from '../diagnostics/define.ts';
import { MAX_FLOW_MOD_BYTES } from '../emit/wire/flow-mod.ts';
import { encodeGroupMod } from '../emit/wire/group-mod.ts';
import { ByteWriter } from '../ir/bytes.ts';
import type { GroupMod } from '../ir/types.ts';

/** Reports them. */
export function checkGroupSizes(scope: Scope, groups: readonly GroupMod[], sink: Sink): void {
  const writer = new ByteWriter();
  for (const group of groups) {
    writer.truncate();
    const bytes = encodeGroupMod('add', group, writer, 0);
    if (bytes > MAX_FLOW_MOD_BYTES) {
      const symbol = scope.groupById(group.id);
      const at = symbol === undefined ? group.origin : placeOf(symbol);
      sink.add(make(groupTooLarge, { name: group.name, bytes }, at));
    }
  }
}
