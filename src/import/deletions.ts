/** Which flows a `del-flows` takes away (ovs-ofctl(8), "Flow Syntax"). */
import type { Action, MatchField } from '../ir/types.ts';
import { field } from '../openflow/fields.ts';
import { storage, toStorage } from '../openflow/storage.ts';
import type { ReadFlow } from './read/types.ts';

const ALL_TABLES = 255;

interface Bits {
  value: bigint;
  mask: bigint;
}

/** What the match says, per store of bits, so that `reg0` and `xreg0` are compared. */
function unitsOf(match: readonly MatchField[]): Map<string, Bits> {
  const units = new Map<string, Bits>();
  for (const term of match) {
    const f = field(term.field);
    const { unit, width, implies } = storage(f);
    const bits = units.get(unit) ?? { value: 0n, mask: 0n };
    bits.value |= toStorage(f, term.value) | implies;
    bits.mask |= toStorage(f, term.mask ?? (1n << BigInt(width + storage(f).drop)) - 1n) | implies;
    units.set(unit, bits);
  }
  return units;
}

function covers(general: readonly MatchField[], special: readonly MatchField[]): boolean {
  const units = unitsOf(special);
  for (const [unit, { value, mask }] of unitsOf(general)) {
    const other = units.get(unit) ?? { value: 0n, mask: 0n };
    if ((other.mask & mask) !== mask || (other.value & mask) !== value) return false;
  }
  return true;
}

function uses(actions: readonly Action[], wanted: (action: Action) => boolean): boolean {
  return actions.some(
    (a) =>
      wanted(a) ||
      (a.kind === 'clone' && uses(a.actions, wanted)) ||
      (a.kind === 'ct' && uses(a.exec, wanted)),
  );
}

/** Does the deletion take the flow away? */
export function deletes(deletion: ReadFlow, flow: ReadFlow['flow']): boolean {
  const { flow: said, command, tableStated, cookieMask, outPort, outGroup } = deletion;
  if (tableStated && said.table !== ALL_TABLES && said.table !== flow.table) return false;
  if (cookieMask !== null && (flow.cookie & cookieMask) !== (said.cookie & cookieMask)) return false;
  const actions = [...flow.instructions.apply, ...(flow.instructions.write ?? [])];
  if (outPort !== null && !uses(actions, (a) => a.kind === 'output' && a.port === outPort)) return false;
  if (outGroup !== null && !uses(actions, (a) => a.kind === 'group' && a.id === outGroup)) return false;
  if (command !== 'delete_strict') return covers(said.match, flow.match);
  return said.priority === flow.priority && covers(said.match, flow.match) && covers(flow.match, said.match);
}
