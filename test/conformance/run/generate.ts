// Random flows as fast-check makes and shrinks them: half of them legal by intention, the others wrong in a place or in many.
// They go around the checker: what is made is what it would have made.
import fc from 'fast-check';
import type { FlowMod, GroupMod, Instructions, MeterMod } from '../../../src/ir/types.ts';
import { Dice } from './dice.ts';
import { actionList, conjunctions } from './generate-actions.ts';
import { match } from './generate-match.ts';
import { group, meter } from './generate-resources.ts';
import { Packet } from './packet.ts';
import { smaller, smallerGroup, smallerMeter } from './smaller.ts';

/** How wrong a flow shall be. */
const BADNESS = [0, 0, 0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4];

function instructions(dice: Dice, packet: Packet, table: number): Instructions {
  const most = dice.pick([1, 2, 2, 3, 4, 8]);
  const conjunctive = dice.chance(0.03);
  const apply = conjunctive ? conjunctions(dice, packet) : actionList(dice, packet, 'apply', 0, most);
  const alone = conjunctive && !dice.wrong();
  // A meter in OpenFlow 1.5 is an action, which ovs-ofctl sends first.
  const after = apply.reduce((p, a) => p.after(a), packet);
  return {
    apply,
    clear: !alone && dice.chance(0.1),
    write: alone ? null : dice.maybe(0.15, () => actionList(dice, after, 'write', 0, 3)),
    writeMetadata: alone
      ? null
      : dice.maybe(0.15, () => {
          const mask = dice.maybe(0.5, () => dice.mask(64));
          const value = dice.bits(64);
          return { value: mask === null || dice.wrong() ? value : value & mask, mask };
        }),
    goto:
      alone || table >= 254
        ? null
        : dice.maybe(0.25, () =>
            dice.wrong() ? dice.pick([dice.int(0, 254), 255]) : dice.int(Math.min(254, table + 1), 254),
          ),
  };
}

function flow(dice: Dice): FlowMod {
  const table = dice.wrong() ? dice.pick([254, 255]) : dice.chance(0.5) ? dice.int(0, 20) : dice.int(0, 253);
  const terms = match(dice);
  // Nothing that could expire before we have looked at it.
  const timeout = (): number => (dice.chance(0.8) ? 0 : dice.int(300, 0xffff));
  return {
    table,
    priority: dice.int(0, 0xffff),
    cookie: dice.bits(64),
    idleTimeout: timeout(),
    hardTimeout: timeout(),
    importance: dice.chance(0.8) ? 0 : dice.int(0, 0xffff),
    flags: dice.chance(0.8) ? 0 : dice.int(0, dice.wrong() ? 0xff : 0x1f),
    match: terms,
    instructions: instructions(dice, Packet.of(terms), table),
    name: null,
    origin: { file: 0, start: 0, end: 0 },
  };
}

/** Of `T`, made by chance and made smaller by hand. */
class Made<T> extends fc.Arbitrary<T> {
  private readonly make: (dice: Dice) => T;
  private readonly less: (value: T) => Iterable<T>;

  constructor(make: (dice: Dice) => T, less: (value: T) => Iterable<T>) {
    super();
    this.make = make;
    this.less = less;
  }

  override generate(random: fc.Random): fc.Value<T> {
    const dice = new Dice(random, BADNESS[random.nextInt(0, BADNESS.length - 1)] ?? 0);
    return new fc.Value(this.make(dice), undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is T {
    return value !== undefined;
  }

  override shrink(value: T): fc.Stream<fc.Value<T>> {
    const values = function* (from: Iterable<T>): Generator<fc.Value<T>> {
      for (const v of from) yield new fc.Value(v, undefined);
    };
    return fc.stream(values(this.less(value)));
  }
}

export const anyFlow: fc.Arbitrary<FlowMod> = new Made(flow, smaller);
export const anyGroup: fc.Arbitrary<GroupMod> = new Made(group, smallerGroup);
export const anyMeter: fc.Arbitrary<MeterMod> = new Made(meter, smallerMeter);
