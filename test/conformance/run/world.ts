// What there is on the bridge that the flows are sent to, and in the programs that we judge them in.
import type { GroupMod, MeterMod, TlvMapping } from '../../../src/ir/types.ts';

/** Ports 1 to 4 are there; other numbers are legal. */
export const PORTS = 4;
export const GROUPS: readonly Pick<GroupMod, 'id' | 'type'>[] = [
  { id: 1, type: 'all' },
  { id: 2, type: 'select' },
  { id: 3, type: 'indirect' },
  { id: 4, type: 'fast_failover' },
];
export const METERS: readonly Pick<MeterMod, 'id'>[] = [{ id: 1 }, { id: 2 }, { id: 3 }];
/** Length of the Geneve option in tun_metadata0, 1 and so on. */
export const OPTION_BYTES: readonly number[] = [8, 8, 124, 16];

const NOWHERE = { file: 0, start: 0, end: 0 };

export const TLVS: readonly TlvMapping[] = OPTION_BYTES.map((length, index) => ({
  class: 0xffff,
  type: index,
  length,
  index,
  origin: NOWHERE,
}));
