// Random flows that are valid: what the checker would let through.
import fc from 'fast-check';
import type { Action, FlowMod, Instructions, MatchField } from '../../src/ir/types.ts';
import { actions, last } from './arbitrary-actions.ts';
import type { Shape } from './arbitrary-match.ts';
import { int, match, ones, uint } from './arbitrary-match.ts';

const WRITABLE_KINDS: readonly Action['kind'][] = [
  'output',
  'set_field',
  'move',
  'group',
  'set_queue',
  'dec_ttl',
  'ct',
  'resubmit',
];

const conjunctions: fc.Arbitrary<Action> = int(64, 2).chain((clauses) =>
  fc
    .tuple(fc.nat(), int(clauses, 1))
    .map(([id, clause]): Action => ({ kind: 'conjunction', id, clause, clauses })),
);

function instructions(shape: Shape, terms: readonly MatchField[], table: number): fc.Arbitrary<Instructions> {
  const one = actions(shape, terms);
  const inSet = one.filter((a) => WRITABLE_KINDS.includes(a.kind));
  const usual = fc
    .record({
      meter: fc.option(int(3, 1)),
      apply: fc.array(one, { maxLength: 6 }),
      last: last(terms),
      clear: fc.boolean(),
      write: fc.option(fc.array(inSet, { maxLength: 3 })),
      writeMetadata: fc.option(
        fc
          .tuple(uint(64), fc.option(uint(64)))
          .map(([value, mask]) => ({ value: mask === null ? value : value & mask, mask })),
      ),
      goto: table < 254 ? fc.option(int(254, table + 1)) : fc.constant(null),
    })
    .map(({ meter, apply, last: end, ...rest }): Instructions => ({
      ...rest,
      // An action set is checked against what the list before it has made of the packet.
      write: end.length > 0 ? null : rest.write,
      apply: [...(meter === null ? [] : [{ kind: 'meter', id: meter } as const]), ...apply, ...end],
    }));
  const conjunctive = fc
    .array(conjunctions, { minLength: 1, maxLength: 3 })
    .map((apply): Instructions => ({ apply, clear: false, write: null, writeMetadata: null, goto: null }));
  return fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: conjunctive });
}

export const flowMod: fc.Arbitrary<FlowMod> = fc.tuple(match, int(253)).chain(([{ terms, shape }, table]) =>
  fc.record({
    table: fc.constant(table),
    priority: int(0xffff),
    cookie: uint(64).filter((c) => c !== ones(64)),
    idleTimeout: fc.oneof(fc.constant(0), int(0xffff)),
    hardTimeout: fc.oneof(fc.constant(0), int(0xffff)),
    importance: fc.oneof(fc.constant(0), int(0xffff)),
    // Without check_overlap, which would make one flow depend on the others.
    flags: int(31).map((n) => n & ~2),
    match: fc.constant(terms),
    instructions: instructions(shape, terms, table),
    name: fc.constant(null),
    origin: fc.constant({ file: 0, start: 0, end: 0 }),
  }),
);
