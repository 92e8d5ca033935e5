// Random actions that Open vSwitch alone has: learn, bundle, multipath, sample, encap.
import type { Action, HashFields, LearnSpec, MatchField, SubfieldRef } from '../../../src/ir/types.ts';
import { FIELDS, type Field } from '../../../src/openflow/fields.ts';
import type { Dice } from './dice.ts';
import { anySubfield, fieldFrom, outPort, subfieldOf, writableBits } from './generate-actions.ts';
import { valueFor, widthOf } from './generate-match.ts';
import { Packet } from './packet.ts';
import { OPTION_BYTES } from './world.ts';

const HASHES: readonly HashFields[] = [
  'eth_src',
  'symmetric_l4',
  'symmetric_l3l4',
  'symmetric_l3l4+udp',
  'nw_src',
  'nw_dst',
  'symmetric_l3',
];

/** A learn action has room for headers of 4 bytes. */
const WITH_HEADER = FIELDS.filter(
  (f) =>
    f.headers.some((h) => h.experimenter === null) &&
    !(f.name.startsWith('tun_metadata') && Number(f.name.slice(12)) >= OPTION_BYTES.length),
);
const LOADED: readonly Field[] = WITH_HEADER.filter((f) => f.writable);
const MATCHED: readonly Field[] = WITH_HEADER.filter((f) => f.name !== 'recirc_id' && f.name !== 'dp_hash');

function fieldsOf(dice: Dice, packet: Packet, bits: number): SubfieldRef {
  const wide = WITH_HEADER.filter((f) => widthOf(f) >= bits);
  return subfieldOf(dice, fieldFrom(dice, packet, wide, WITH_HEADER), bits);
}

function spec(dice: Dice, packet: Packet, learned: Packet): LearnSpec {
  const n = dice.int(0, 9);
  if (n === 0)
    return { kind: 'output', source: anySubfield(dice, fieldFrom(dice, packet, WITH_HEADER, WITH_HEADER)) };
  const kind = n < 6 ? 'match' : 'load';
  const destination =
    kind === 'load'
      ? anySubfield(dice, fieldFrom(dice, learned, LOADED, WITH_HEADER))
      : anySubfield(dice, fieldFrom(dice, learned, MATCHED, WITH_HEADER));
  // Most often the same field: what a learning switch does.
  const same = packet.has(destination.field) && dice.chance(0.3);
  if (same) return { kind, source: { kind: 'field', subfield: destination }, destination };
  if (dice.chance(0.5)) {
    const value = valueFor(dice, FIELDS.find((f) => f.name === destination.field) ?? FIELDS[0]!);
    const low = value >> BigInt(destination.offset);
    return { kind, source: { kind: 'value', value: BigInt.asUintN(destination.bits, low) }, destination };
  }
  return { kind, source: { kind: 'field', subfield: fieldsOf(dice, packet, destination.bits) }, destination };
}

const PROTOCOLS: readonly (readonly [ethType: bigint, proto: bigint | null])[] = [
  [0x0800n, 6n],
  [0x0800n, 17n],
  [0x86ddn, 6n],
  [0x0800n, null],
  [0x0806n, null],
];

const immediate = (name: 'eth_type' | 'nw_proto', bits: number, value: bigint): LearnSpec => ({
  kind: 'match',
  source: { kind: 'value', value },
  destination: { field: name, offset: 0, bits },
});

function protocol(dice: Dice): LearnSpec[] {
  const [ethType, proto] = dice.pick(PROTOCOLS);
  const first = immediate('eth_type', 16, ethType);
  return proto === null ? [first] : [first, immediate('nw_proto', 8, proto)];
}

/** What the learned flow matches so far. */
function learnedMatch(specs: readonly LearnSpec[]): MatchField[] {
  return specs.flatMap((s): MatchField[] =>
    s.kind === 'match' && s.source.kind === 'value'
      ? [{ field: s.destination.field, value: s.source.value << BigInt(s.destination.offset), mask: null }]
      : [],
  );
}

export function learn(dice: Dice, packet: Packet): Action {
  const specs = dice.chance(0.5) ? protocol(dice) : [];
  for (let left = dice.int(0, 4); left > 0; left--)
    specs.push(spec(dice, packet, Packet.of(learnedMatch(specs))));
  const seconds = (): number => (dice.chance(0.6) ? 0 : dice.int(0, 0xffff));
  return {
    kind: 'learn',
    table: dice.wrong() ? 255 : dice.int(0, 254),
    priority: dice.chance(0.3) ? 32768 : dice.int(0, 0xffff),
    idleTimeout: seconds(),
    hardTimeout: seconds(),
    finIdleTimeout: seconds(),
    finHardTimeout: seconds(),
    cookie: dice.bits(64),
    sendFlowRem: dice.chance(0.2),
    deleteLearned: dice.chance(0.2),
    limit: dice.chance(0.7) ? 0 : dice.u32(),
    result: dice.maybe(0.2, () => writableBits(dice, packet, 1)),
    specs,
  };
}

export const bundle = (dice: Dice, packet: Packet): Action => ({
  kind: 'bundle',
  fields: dice.pick(HASHES),
  basis: dice.int(0, 0xffff),
  algorithm: dice.pick(['active_backup', 'hrw'] as const),
  members: dice.some(6, () => (dice.wrong() ? outPort(dice) : dice.int(1, 20))),
  destination: dice.maybe(0.4, () =>
    writableBits(dice, packet, dice.wrong() ? dice.int(1, 15) : dice.int(16, 32)),
  ),
});

export const multipath = (dice: Dice, packet: Packet): Action => {
  const links = dice.wrong() ? 65536 : dice.int(1, 256);
  const bits = dice.wrong() ? dice.int(1, 8) : dice.int(16, 32);
  return {
    kind: 'multipath',
    fields: dice.pick(HASHES),
    basis: dice.int(0, 0xffff),
    algorithm: dice.pick(['modulo_n', 'hash_threshold', 'hrw', 'iter_hash'] as const),
    links,
    arg: dice.chance(0.5) ? 0 : dice.u32(),
    destination: writableBits(dice, packet, bits),
  };
};

export const sample = (dice: Dice): Action => ({
  kind: 'sample',
  probability: dice.wrong() ? 0 : dice.int(1, 0xffff),
  collectorSetId: dice.u32(),
  obsDomainId: dice.u32(),
  obsPointId: dice.u32(),
  samplingPort: dice.maybe(0.4, () => dice.int(1, 20)),
  direction: dice.maybe(0.4, () => dice.pick(['ingress', 'egress'] as const)),
});

export const encap = (dice: Dice, packet: Packet): Action => {
  const header = dice.pick(
    packet.isEthernet || dice.wrong()
      ? (['nsh', 'mpls', 'mpls_mc', 'ethernet'] as const)
      : (['ethernet', 'nsh'] as const),
  );
  if (header !== 'nsh') return { kind: 'encap', header };
  const mdType = dice.maybe(0.6, () => (dice.wrong() ? dice.int(0, 255) : dice.int(1, 2)));
  const tlv = (): { class: number; type: number; value: Uint8Array } => ({
    class: dice.int(0, 0xffff),
    type: dice.int(0, 255),
    value: dice.bytes(dice.chance(0.1) ? 124 : 12),
  });
  return { kind: 'encap', header, mdType, tlvs: mdType === 2 || dice.wrong() ? dice.some(3, tlv) : [] };
};
