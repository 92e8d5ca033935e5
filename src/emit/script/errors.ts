/** Why there is no script. */
import type { GroupMod, MeterMod } from '../../ir/types.ts';
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

/** A group or a meter that has no text. A caller finds it first, by `groupLosses` and `meterLosses`. */
export class NoTextResourceError extends Error {
  override readonly name = 'NoTextResourceError';
  readonly resource: GroupMod | MeterMod;
  readonly losses: readonly TextLoss[];

  constructor(resource: GroupMod | MeterMod, losses: readonly TextLoss[]) {
    const reasons = losses.map(({ what, reason }) => `${what}: ${reason}`);
    super(`${resource.name} has no text for ovs-ofctl: ${reasons.join('; ')}`);
    this.resource = resource;
    this.losses = losses;
  }
}
