/** Which flows can be made from another one of their shape by changing literals. */
import type { Facts } from '../check/pipeline/facts.ts';
import { LEARNED_BIT } from '../ir/identity.ts';
import type { Action, FlowMod } from '../ir/types.ts';

/**
 * False for flows that hold more of themselves than their literals tell: a `learn` with their cookie in it, and bytes
 * that are as many as the digits of a number.
 */
export function patchable({ instructions, cookie }: FlowMod): boolean {
  return every([...instructions.apply, ...(instructions.write ?? [])], (action) =>
    action.kind === 'learn'
      ? action.cookie !== cookie && action.cookie !== (cookie | LEARNED_BIT)
      : !(action.kind === 'encap' && action.header === 'nsh' && action.tlvs.length > 0),
  );
}

/**
 * Do all flows of a shape have these facts? Not where a mask of a register may vary (`prefixes`: some masks do), nor of
 * flows that match everything: there are few, and what they are worth depends on their priority.
 */
export function factsHold({ everything, matched }: Facts, prefixes: boolean): boolean {
  return !everything && !(prefixes && matched.length > 0);
}

/** Does it hold for all actions, those in blocks included? */
function every(actions: readonly Action[], holds: (action: Action) => boolean): boolean {
  return actions.every((a) => holds(a) && (a.kind !== 'clone' || every(a.actions, holds)));
}
