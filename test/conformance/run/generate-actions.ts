// Random actions, in lists where they mostly belong.
import type { Action, Nat, SubfieldRef } from '../../../src/ir/types.ts';
import { FIELDS, type Field, type FieldName } from '../../../src/openflow/fields.ts';
import { headerFor } from '../../../src/openflow/oxm.ts';
import { ones } from '../samples.ts';
import type { Dice } from './dice.ts';
import { bundle, encap, learn, multipath, sample } from './generate-extensions.ts';
import { valueFor, widthOf } from './generate-match.ts';
import type { Packet } from './packet.ts';
import { GROUPS, METERS, OPTION_BYTES } from './world.ts';

/** Where a list stands. */
export type Place = 'apply' | 'write' | 'clone' | 'ct' | 'bucket';

type Kind = Action['kind'];
type Make = (dice: Dice, packet: Packet, depth: number) => Action;

const OPERANDS: readonly Field[] = FIELDS.filter(
  (f) =>
    f.headers.length > 0 &&
    !(f.name.startsWith('tun_metadata') && Number(f.name.slice(12)) >= OPTION_BYTES.length),
);
const WRITABLE = OPERANDS.filter((f) => f.writable && !f.name.startsWith('ct_') && f.name !== 'in_port_oxm');
const CONNECTION = OPERANDS.filter((f) => f.name === 'ct_mark' || f.name === 'ct_label');
const OUT_PORTS = [0xfffffff8, 0xfffffff9, 0xfffffffa, 0xfffffffb, 0xfffffffc, 0xfffffffe];
const WRONG_PORTS = [0, 0xff00, 0xff05, 0xffff, 0x10000, 0xfffffeff, 0xffffff00, 0xfffffff7, 0xffffffff];

/** A field that the packet has, most of the time. */
export function fieldFrom(
  dice: Dice,
  packet: Packet,
  from: readonly Field[],
  wrong: readonly Field[] = OPERANDS,
): Field {
  if (dice.wrong()) return dice.pick(wrong);
  for (let i = 0; i < 8; i++) {
    const f = dice.pick(from);
    if (packet.has(f.name)) return f;
  }
  return dice.pick(from.filter((f) => f.prerequisite === 'none'));
}

export function subfieldOf(dice: Dice, f: Field, bits: number): SubfieldRef {
  const width = widthOf(f);
  const offset = dice.wrong() ? dice.int(0, width) : dice.int(0, Math.max(0, width - bits));
  return { field: f.name, offset, bits };
}

/** Some bits of a field: all of them or any. */
export function anySubfield(dice: Dice, f: Field): SubfieldRef {
  const width = widthOf(f);
  const bits = dice.chance(0.4) ? width : dice.int(1, width);
  return subfieldOf(dice, f, bits);
}

export const readable = (dice: Dice, packet: Packet): SubfieldRef =>
  anySubfield(dice, fieldFrom(dice, packet, OPERANDS));
/** Such as some of Nicira's actions can name: 6 bits say how many, 10 which. */
const narrow = (ref: SubfieldRef): SubfieldRef => ({ ...ref, bits: Math.min(64, ref.bits) });
export const writable = (dice: Dice, packet: Packet): SubfieldRef =>
  anySubfield(dice, fieldFrom(dice, packet, WRITABLE));
/** Has the field a header of 4 bytes in Nicira's actions, which have no room for more? */
export const isShort = (f: Field): boolean => headerFor(f, 'NXM')?.experimenter === null;

/** So many bits of a field that has as many, and fits into actions that have little room. */
export function writableBits(dice: Dice, packet: Packet, bits: number): SubfieldRef {
  const wide = WRITABLE.filter((f) => widthOf(f) >= bits && isShort(f));
  return subfieldOf(dice, fieldFrom(dice, packet, wide, OPERANDS.filter(isShort)), bits);
}

export function outPort(dice: Dice): number {
  if (dice.wrong()) return dice.pick(WRONG_PORTS);
  const n = dice.int(0, 9);
  if (n < 6) return dice.int(1, 4);
  return n < 8 ? dice.pick(OUT_PORTS) : dice.int(5, 0xfeff);
}

const output: Make = (dice) =>
  dice.chance(0.1)
    ? { kind: 'output', port: 0xfffffffd, maxLen: dice.chance(0.5) ? 0xffff : dice.int(0, 0xffff) }
    : { kind: 'output', port: outPort(dice), maxLen: 0 };

/** A constant into a field or some bits of it. */
function assignment(dice: Dice, f: Field): Action {
  const value = valueFor(dice, f);
  const masked = dice.chance(f.maskable ? 0.35 : 0.1) || dice.wrong();
  if (!masked) return { kind: 'set_field', field: f.name, value, mask: null };
  const tag = f.name === 'vlan_vid' ? 0x1000n : 0n;
  const low = f.name === 'nw_tos' ? 2 : 0;
  const whole = ones(widthOf(f));
  const mask = (dice.mask(widthOf(f)) | tag) & ~ones(low);
  if (mask === 0n || mask === (whole | tag)) return { kind: 'set_field', field: f.name, value, mask: null };
  return { kind: 'set_field', field: f.name, value: (dice.wrong() ? value : value & mask) | tag, mask };
}

function move(dice: Dice, packet: Packet, to: readonly Field[]): Action {
  const source = readable(dice, packet);
  const wide = to.filter((f) => widthOf(f) >= source.bits);
  const f = fieldFrom(dice, packet, wide.length === 0 ? to : wide);
  const bits = dice.wrong() ? source.bits : Math.min(source.bits, widthOf(f));
  return { kind: 'move', source: { ...source, bits }, destination: subfieldOf(dice, f, bits) };
}

const controller: Make = (dice) => ({
  kind: 'controller',
  maxLen: dice.chance(0.5) ? 0xffff : dice.int(0, 0xffff),
  reason: dice.pick(['no_match', 'action', 'invalid_ttl', 'action_set', 'group', 'packet_out'] as const),
  id: dice.chance(0.5) ? 0 : dice.int(0, 0xffff),
  userdata: dice.maybe(0.3, () => dice.bytes(20)),
  pause: dice.chance(0.1),
  meterId: dice.maybe(0.1, () => (dice.wrong() ? dice.int(0, 99) : dice.pick(METERS).id)),
});

const ANY_NAT: Nat = {
  direction: null,
  family: null,
  addresses: null,
  ports: null,
  persistent: false,
  hash: false,
  random: false,
};

function nat(dice: Dice, packet: Packet, commit: boolean): Nat {
  if (!commit && !dice.wrong()) return ANY_NAT;
  if (dice.chance(0.2)) return ANY_NAT;
  const flags = {
    persistent: dice.chance(0.2),
    hash: dice.chance(0.2),
    random: dice.wrong(),
  };
  const direction = dice.pick(['src', 'dst'] as const);
  if (dice.chance(0.2)) return { ...ANY_NAT, direction, ...flags };
  const family = packet.isIp6 !== dice.wrong() ? 6 : 4;
  const range = <T extends number | bigint>(a: T, b: T): { min: T; max: T | null } => {
    const [low, high]: [T, T] = a < b ? [a, b] : [b, a];
    if (low === high || dice.chance(0.5)) return { min: low, max: null };
    return dice.wrong() ? { min: high, max: low } : { min: low, max: high };
  };
  const bits = family === 6 ? 128 : 32;
  const address = (): bigint => dice.bits(bits) | (dice.wrong() ? 0n : 1n);
  const port = (): number => (dice.wrong() ? 0 : dice.int(1, 0xffff));
  return {
    direction,
    family,
    addresses: range(address(), address()),
    ports:
      packet.ipProto === 6n || packet.ipProto === 17n || dice.wrong()
        ? dice.maybe(0.4, () => range(port(), port()))
        : null,
    ...flags,
  };
}

const ZONE_FIELDS: readonly FieldName[] = [
  'reg0',
  'reg3',
  'xreg1',
  'ct_zone',
  'metadata',
  'ct_mark',
  'tun_id',
  'in_port',
];

const ct: Make = (dice, packet, depth) => {
  const commit = (dice.chance(0.6) && !packet.isInvalid) || dice.wrong();
  const alg = packet.ipProto === 6n ? 21 : packet.ipProto === 17n ? 69 : 0;
  const zoneField = (): SubfieldRef => {
    const f = OPERANDS.find((o) => o.name === dice.pick(ZONE_FIELDS)) ?? OPERANDS[0]!;
    return subfieldOf(
      dice,
      widthOf(f) < 16 ? OPERANDS.find((o) => o.name === 'reg0')! : f,
      dice.wrong() ? dice.int(1, 32) : 16,
    );
  };
  return {
    kind: 'ct',
    commit,
    force: (commit || dice.wrong()) && dice.chance(0.2),
    zone: dice.maybe(0.6, () => (dice.chance(0.6) ? dice.int(0, 0xffff) : zoneField())),
    table: dice.maybe(0.5, () => dice.int(0, 254)),
    alg: dice.wrong() ? dice.pick([21, 69, 5]) : dice.chance(0.2) ? alg : 0,
    nat: dice.maybe(0.3, () => nat(dice, packet, commit)),
    exec: commit || dice.wrong() ? actionList(dice, packet, 'ct', depth + 1, 3) : [],
  };
};

const clauses = (dice: Dice): Action => {
  const n = dice.wrong() ? dice.pick([0, 1, 65, 255]) : dice.int(2, 64);
  return {
    kind: 'conjunction',
    id: dice.u32(),
    clause: dice.wrong() ? n + 1 : dice.int(1, Math.max(1, n)),
    clauses: n,
  };
};

const MAKE: Readonly<Record<Kind, Make>> = {
  output,
  output_reg: (dice, packet) => ({
    kind: 'output_reg',
    source: narrow(readable(dice, packet)),
    maxLen: dice.chance(0.8) ? 0xffff : dice.int(0, 0xffff),
  }),
  output_trunc: (dice) => ({
    kind: 'output_trunc',
    port: dice.chance(0.8) ? dice.int(1, 4) : outPort(dice),
    maxLen: dice.wrong() ? dice.int(0, 13) : dice.chance(0.9) ? dice.int(14, 0xffff) : dice.u32(),
  }),
  controller,
  set_field: (dice, packet) => assignment(dice, fieldFrom(dice, packet, WRITABLE)),
  move: (dice, packet) => move(dice, packet, WRITABLE),
  push: (dice, packet) => ({ kind: 'push', source: readable(dice, packet) }),
  pop: (dice, packet) => ({ kind: 'pop', destination: writable(dice, packet) }),
  group: (dice) => ({
    kind: 'group',
    id: dice.wrong() ? dice.pick([0, 77, 0xffffff00, 0xfffffffc, 0xffffffff]) : dice.pick(GROUPS).id,
  }),
  meter: (dice) => ({
    kind: 'meter',
    id: dice.wrong() ? dice.pick([0, 99, 0xffff0000, 0xffff0001, 0xffffffff]) : dice.pick(METERS).id,
  }),
  set_queue: (dice) => ({ kind: 'set_queue', queue: dice.chance(0.8) ? dice.int(0, 10) : dice.u32() }),
  pop_queue: () => ({ kind: 'pop_queue' }),
  enqueue: (dice) => ({
    kind: 'enqueue',
    port: dice.wrong()
      ? dice.pick(WRONG_PORTS)
      : dice.chance(0.8)
        ? dice.int(1, 4)
        : dice.pick([0xfffffff8, 0xfffffffe]),
    queue: dice.chance(0.8) ? dice.int(0, 10) : dice.u32(),
  }),
  push_vlan: (dice) => ({
    kind: 'push_vlan',
    ethertype: dice.wrong() ? dice.pick([0x0800, 0x9100]) : dice.pick([0x8100, 0x88a8]),
  }),
  pop_vlan: () => ({ kind: 'pop_vlan' }),
  push_mpls: (dice) => ({
    kind: 'push_mpls',
    ethertype: dice.wrong() ? dice.pick([0x0800, 0x1234]) : dice.pick([0x8847, 0x8848]),
  }),
  pop_mpls: (dice) => ({
    kind: 'pop_mpls',
    ethertype: dice.chance(0.9) ? dice.pick([0x0800, 0x86dd, 0x8847]) : dice.int(0, 0xffff),
  }),
  dec_ttl: (dice) => ({
    kind: 'dec_ttl',
    controllers: dice.chance(0.7) ? [] : dice.some(6, () => dice.int(0, 0xffff)),
  }),
  dec_mpls_ttl: () => ({ kind: 'dec_mpls_ttl' }),
  dec_nsh_ttl: () => ({ kind: 'dec_nsh_ttl' }),
  resubmit: (dice, packet) => ({
    kind: 'resubmit',
    port: dice.maybe(0.4, () =>
      dice.chance(0.8) ? dice.int(1, 20) : dice.chance(0.5) ? dice.int(0xfff8, 0xffff) : dice.int(0, 0xffff),
    ),
    table: dice.maybe(0.8, () => dice.int(0, 254)),
    ct: dice.wrong() || (packet.isTracked && packet.isIp && dice.chance(0.3)),
  }),
  ct,
  ct_clear: () => ({ kind: 'ct_clear' }),
  clone: (dice, packet, depth) => ({
    kind: 'clone',
    actions: actionList(dice, packet, 'clone', depth + 1, 4),
  }),
  fin_timeout: (dice) => ({
    kind: 'fin_timeout',
    idle: dice.int(0, 0xffff),
    hard: dice.chance(0.5) ? 0 : dice.int(0, 0xffff),
  }),
  check_pkt_larger: (dice, packet) => ({
    kind: 'check_pkt_larger',
    size: dice.int(0, 0xffff),
    destination: writableBits(dice, packet, 1),
  }),
  delete_field: (dice) => ({
    kind: 'delete_field',
    field: dice.wrong()
      ? dice.pick(OPERANDS.filter(isShort)).name
      : `tun_metadata${dice.int(0, 3) as 0 | 1 | 2 | 3}`,
  }),
  conjunction: clauses,
  learn,
  bundle,
  multipath,
  sample,
  encap,
  decap: (dice, packet) => ({
    kind: 'decap',
    packetType:
      packet.isEthernet && dice.chance(0.5)
        ? null
        : dice.maybe(0.5, () => ({
            ns: dice.wrong() ? 2 : dice.int(0, 1),
            type: dice.chance(0.5) ? 0 : dice.int(0, 0xffff),
          })),
  }),
  mod_vlan_vid: (dice, packet) => ({ kind: 'mod_vlan_vid', vid: dice.int(0, 0xfff), tagged: packet.tagged }),
  mod_vlan_pcp: (dice, packet) => ({ kind: 'mod_vlan_pcp', pcp: dice.int(0, 7), tagged: packet.tagged }),
  mod_nw_ttl: (dice) => ({ kind: 'mod_nw_ttl', ttl: dice.int(0, 255) }),
  set_mpls_ttl: (dice) => ({ kind: 'set_mpls_ttl', ttl: dice.int(0, 255) }),
  note: (dice) => ({ kind: 'note', bytes: dice.bytes(20) }),
  exit: () => ({ kind: 'exit' }),
};

const KINDS = Object.keys(MAKE) as Kind[];
/** More of what flows are mostly made of. */
const USUAL: readonly Kind[] = [
  'output',
  'output',
  'set_field',
  'set_field',
  'set_field',
  'move',
  'ct',
  'resubmit',
  'learn',
];
const IN_ACTION_SET: readonly Kind[] = [
  'output',
  'set_field',
  'move',
  'group',
  'set_queue',
  'dec_ttl',
  'ct',
  'resubmit',
  'push_vlan',
  'pop_vlan',
  'push_mpls',
  'pop_mpls',
  'dec_mpls_ttl',
  'mod_nw_ttl',
  'set_mpls_ttl',
  'dec_nsh_ttl',
  'ct_clear',
  'encap',
  'decap',
  'output_trunc',
];

function belongs(kind: Kind, packet: Packet, place: Place): boolean {
  if (place === 'write' && !IN_ACTION_SET.includes(kind)) return false;
  switch (kind) {
    case 'conjunction':
      return false;
    case 'meter':
      return place === 'apply';
    case 'pop_vlan':
      return packet.tagged;
    case 'push_vlan':
      return packet.isEthernet && packet.tags < 2;
    case 'mod_vlan_vid':
    case 'mod_vlan_pcp':
      return packet.isEthernet;
    case 'dec_ttl':
    case 'mod_nw_ttl':
      return packet.isIp;
    case 'ct':
      return packet.isIp;
    case 'dec_mpls_ttl':
    case 'set_mpls_ttl':
      return packet.isMpls;
    case 'push_mpls':
      return packet.isEthernet;
    case 'pop_mpls':
      return packet.isEthernet && packet.isMpls;
    case 'dec_nsh_ttl':
      return packet.isNsh;
    case 'fin_timeout':
      return packet.ipProto === 6n;
    default:
      return true;
  }
}

function kindFor(dice: Dice, packet: Packet, place: Place, depth: number): Kind {
  if (dice.wrong()) return dice.pick(KINDS);
  for (let i = 0; i < 20; i++) {
    const kind = dice.pick(dice.chance(0.5) ? USUAL : KINDS);
    const nests = kind === 'clone' || kind === 'ct';
    if (belongs(kind, packet, place) && !(nests && depth > 2)) return kind;
  }
  return 'output';
}

/** A list of up to `most` actions, of which each sees what those before it have done to the packet. */
export function actionList(dice: Dice, start: Packet, place: Place, depth: number, most: number): Action[] {
  const made: Action[] = [];
  let packet = start;
  for (let left = dice.int(0, most); left > 0; left--) {
    let action: Action;
    if (place === 'ct' && !dice.wrong()) {
      const f = dice.pick(CONNECTION);
      action = dice.chance(0.6) ? assignment(dice, f) : move(dice, packet, CONNECTION);
    } else action = MAKE[kindFor(dice, packet, place, depth)](dice, packet, depth);
    made.push(action);
    packet = packet.after(action);
  }
  return made;
}

/** The clauses of a conjunctive match, with or without something that must not stand beside them. */
export function conjunctions(dice: Dice, packet: Packet): Action[] {
  const made = [clauses(dice), ...dice.some(2, () => clauses(dice))];
  if (dice.chance(0.2)) made.push(MAKE.note(dice, packet, 0));
  if (dice.wrong()) made.push(MAKE.output(dice, packet, 0));
  return made;
}
