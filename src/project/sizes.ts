/** Groups that do not fit into a message. */
import { groupTooLarge } from '../diagnostics/codes/groups.ts';
import type { Sink } from '../diagnostics/define.ts';
import { make } from '../diagnostics/define.ts';
import { MAX_FLOW_MOD_BYTES } from '../emit/wire/flow-mod.ts';
import { encodeGroupMod } from '../emit/wire/group-mod.ts';
import { ByteWriter } from '../ir/bytes.ts';
import type { GroupMod } from '../ir/types.ts';

/** Reports them. */
export function checkGroupSizes(groups: readonly GroupMod[], sink: Sink): void {
  const writer = new ByteWriter();
  for (const group of groups) {
    writer.truncate();
    const bytes = encodeGroupMod('add', group, writer, 0);
    if (bytes > MAX_FLOW_MOD_BYTES) {
      sink.add(make(groupTooLarge, { name: group.name, bytes }, group.origin));
    }
  }
}
