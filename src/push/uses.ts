/** What actions refer to, read from their bytes: the groups and meters that must stay, and what a flow learns. */
import { wireNumber } from '../emit/wire/numbers.ts';
import { NX_VENDOR } from '../openflow/errors.ts';
import type { WireVersion } from '../openflow/oxm.ts';

const INSTRUCTION = {
  apply: 4,
  write: wireNumber('write_actions', 'instruction'),
  /** An instruction up to 1.4, an action in 1.5. */
  meter: 6,
} as const;
const ACTION = { group: wireNumber('group', 'standard'), meter: 29, experimenter: 0xffff } as const;
const NXAST = {
  clone: wireNumber('clone', 'nicira'),
  ct: wireNumber('ct', 'nicira'),
  learn: wireNumber('learn', 'nicira', 0),
  learn2: wireNumber('learn', 'nicira', 1),
} as const;

/** NX_LEARN_F_DELETE_LEARNED. */
const DELETE_LEARNED = 2;

export interface UseVisitor {
  readonly group?: (id: number) => void;
  readonly meter?: (id: number) => void;
  readonly learn?: (cookie: bigint, deletesLearned: boolean) => void;
}

/** Visits what a list of instructions uses, in nested actions too. A length that cannot be ends its list. */
export function instructionUses(bytes: Buffer, visit: UseVisitor): void {
  items(bytes, 8, (type, item) => {
    if (type === INSTRUCTION.apply || type === INSTRUCTION.write) actionUses(item.subarray(8), visit);
    else if (type === INSTRUCTION.meter) visit.meter?.(item.readUInt32BE(4));
  });
}

function actionUses(bytes: Buffer, visit: UseVisitor): void {
  items(bytes, 8, (type, item) => {
    if (type === ACTION.group) visit.group?.(item.readUInt32BE(4));
    else if (type === ACTION.meter) visit.meter?.(item.readUInt32BE(4));
    else if (type === ACTION.experimenter && item.length >= 16 && item.readUInt32BE(4) === NX_VENDOR)
      niciraUses(item.readUInt16BE(8), item, visit);
  });
}

function niciraUses(subtype: number, item: Buffer, visit: UseVisitor): void {
  if (subtype === NXAST.clone) actionUses(item.subarray(16), visit);
  else if (subtype === NXAST.ct) actionUses(item.subarray(24), visit);
  else if ((subtype === NXAST.learn || subtype === NXAST.learn2) && item.length >= 32)
    visit.learn?.(item.readBigUInt64BE(16), (item.readUInt16BE(24) & DELETE_LEARNED) !== 0);
}

/** The groups that buckets send to and watch (ofp_bucket, OpenFlow 1.5.1 §7.3.4.3.1). */
export function bucketUses(version: WireVersion, buckets: Buffer, visit: (group: number) => void): void {
  if (version !== '1.5') {
    for (let at = 0; at + 16 <= buckets.length;) {
      const length = buckets.readUInt16BE(at);
      if (length < 16 || at + length > buckets.length) return;
      visit(buckets.readUInt32BE(at + 8));
      actionUses(buckets.subarray(at + 16, at + length), { group: visit });
      at += length;
    }
    return;
  }
  for (let at = 0; at + 8 <= buckets.length;) {
    const length = buckets.readUInt16BE(at);
    const actions = buckets.readUInt16BE(at + 2);
    // The properties of the group come behind its buckets: those of selection begin with 0xffff.
    if (length < 8 || at + length > buckets.length || 8 + actions > length) return;
    actionUses(buckets.subarray(at + 8, at + 8 + actions), { group: visit });
    items(buckets.subarray(at + 8 + actions, at + length), 8, (type, property) => {
      if (type === WATCH_GROUP) visit(property.readUInt32BE(4));
    });
    at += length;
  }
}

/** OFPGBPT_WATCH_GROUP. */
const WATCH_GROUP = 2;

/** Could there be a `learn` in these bytes? Sure where it says no, which it does quickly. */
export function mayLearn(bytes: Buffer): boolean {
  return LEARNS.some((pattern) => bytes.includes(pattern));
}

const LEARNS = [NXAST.learn, NXAST.learn2].map((subtype) => {
  const pattern = Buffer.alloc(6);
  pattern.writeUInt32BE(NX_VENDOR, 0);
  pattern.writeUInt16BE(subtype, 4);
  return pattern;
});

/** Type, length, and so on: what instructions, actions and properties have in common. */
function items(bytes: Buffer, least: number, visit: (type: number, item: Buffer) => void): void {
  for (let at = 0; at + least <= bytes.length;) {
    const length = bytes.readUInt16BE(at + 2);
    if (length < least || at + length > bytes.length) return;
    visit(bytes.readUInt16BE(at), bytes.subarray(at, at + length));
    at += length;
  }
}
