/** Why there is no script. */
import type { GroupMod } from '../../ir/types.ts';
import type { TextLoss } from '../text/limits.ts';

/** A program that no script installs in that version. A caller finds it first. */
export class NoScriptError extends Error {
  override readonly name = 'NoScriptError';
  readonly what: 'not atomic' | 'meters' | 'TLV map';

  constructor(message: string, what: NoScriptError['what']) {
    super(message);
    this.what = what;
  }
}

/** A group that has no text. A caller finds it first, by `groupLosses`. */
export class NoTextGroupError extends Error {
  override readonly name = 'NoTextGroupError';
  readonly group: GroupMod;
  readonly losses: readonly TextLoss[];

  constructor(group: GroupMod, losses: readonly TextLoss[]) {
    const reasons = losses.map(({ what, reason }) => `${what}: ${reason}`);
    super(`group ${group.name} has no text for ovs-ofctl: ${reasons.join('; ')}`);
    this.group = group;
    this.losses = losses;
  }
}
