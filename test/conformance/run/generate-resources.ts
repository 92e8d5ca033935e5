// Random groups and meters.
import type { Action, Bucket, GroupMod, MeterBand, MeterMod } from '../../../src/ir/types.ts';
import { FIELDS } from '../../../src/openflow/fields.ts';
import { ones } from '../samples.ts';
import type { Dice } from './dice.ts';
import { actionList } from './generate-actions.ts';
import { widthOf } from './generate-match.ts';
import { Packet } from './packet.ts';
import { GROUPS } from './world.ts';

const NOWHERE = { file: 0, start: 0, end: 0 };
const NO_PACKET = Packet.of([]);

const TYPES = ['all', 'select', 'select', 'indirect', 'fast_failover'] as const;
const HASHED = FIELDS.filter((f) => f.headers.length > 0 && !f.name.startsWith('tun_metadata'));

function selection(dice: Dice): GroupMod['selection'] {
  const method = dice.pick(['hash', 'dp_hash'] as const);
  const fields = dice.some(4, () => {
    const f = dice.pick(HASHED);
    const mask = f.maskable || dice.wrong() ? dice.maybe(0.3, () => dice.mask(widthOf(f))) : null;
    return { field: f.name, mask: mask === ones(widthOf(f)) ? null : mask };
  });
  const once = fields.filter((a, i) => dice.wrong() || fields.findIndex((b) => b.field === a.field) === i);
  return {
    method,
    param: dice.chance(0.5) ? 0n : dice.bits(64),
    fields: method === 'hash' || dice.wrong() ? once : [],
  };
}

/** No prerequisite is looked at in a bucket, so that only these tell whether the packet has a tag. */
function inBucket(actions: readonly Action[]): Action[] {
  let tags = 0;
  return actions.map((action) => {
    const tagged = tags > 0;
    if (action.kind === 'pop_vlan') tags = Math.max(0, tags - 1);
    else if (action.kind === 'push_vlan') tags = Math.min(2, tags + 1);
    else if (action.kind === 'set_field' && action.field === 'vlan_tci')
      tags = (action.value & 0x1000n) === 0n ? 0 : 1;
    else if (action.kind === 'mod_vlan_vid' || action.kind === 'mod_vlan_pcp') {
      tags = Math.max(1, tags);
      return { ...action, tagged };
    }
    return action;
  });
}

function bucket(dice: Dice, type: GroupMod['type'], index: number): Bucket {
  const failover = type === 'fast_failover';
  const watches = failover || dice.wrong();
  return {
    id: dice.wrong() ? dice.pick([0, 1, 0xffffff00, 0xffffff01, 0xffffffff]) : index,
    weight: type === 'select' && dice.chance(0.6) ? dice.int(0, 0xffff) : null,
    watchPort:
      watches && dice.chance(0.8)
        ? dice.wrong()
          ? dice.pick([0, 0xffffff00, 0xfffffffe])
          : dice.int(1, 4)
        : null,
    watchGroup:
      watches && dice.chance(0.3)
        ? dice.wrong()
          ? dice.pick([77, 0xffffff00])
          : dice.pick(GROUPS).id
        : null,
    actions: inBucket(actionList(dice, NO_PACKET, 'bucket', 1, 3)),
    origin: NOWHERE,
  };
}

const WRONG_IDS = [0, 0xffffff00, 0xffffff01, 0xfffffffc, 0xffffffff];

export function group(dice: Dice): GroupMod {
  const type = dice.pick(TYPES);
  const count = type === 'indirect' && !dice.wrong() ? 1 : dice.int(0, 4);
  return {
    id: dice.wrong() ? dice.pick(WRONG_IDS) : 0x1000,
    type,
    selection: type === 'select' || dice.wrong() ? dice.maybe(0.5, () => selection(dice)) : null,
    buckets: Array.from({ length: count }, (_, i) => bucket(dice, type, i)),
    name: 'g',
    origin: NOWHERE,
  };
}

function band(dice: Dice): MeterBand {
  const remark = dice.chance(0.2);
  return {
    type: remark ? 'dscp_remark' : 'drop',
    rate: dice.wrong() ? 0 : dice.chance(0.8) ? dice.int(1, 10_000) : dice.u32(),
    burstSize: dice.chance(0.5) ? 0 : dice.int(0, 10_000),
    precLevel: remark ? dice.int(0, dice.wrong() ? 255 : 3) : 0,
  };
}

const WRONG_METERS = [0, 0xffff0000, 0xffff0001, 0xfffffffd, 0xffffffff];

export function meter(dice: Dice): MeterMod {
  const count = dice.wrong() ? dice.pick([0, 9, 12]) : dice.pick([1, 1, 1, 2, 3]);
  return {
    id: dice.wrong() ? dice.pick(WRONG_METERS) : 0x100,
    unit: dice.pick(['kbps', 'pktps'] as const),
    burst: dice.chance(0.5),
    stats: dice.chance(0.5),
    bands: Array.from({ length: count }, () => band(dice)),
    name: 'm',
    origin: NOWHERE,
  };
}
