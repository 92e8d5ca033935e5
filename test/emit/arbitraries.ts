// Flows that a switch could be given, by chance: any match, any list of actions.
import fc from 'fast-check';
import type { Action, FlowMod, MatchField, Nat, SubfieldRef } from '../../src/ir/types.ts';
import { field, FIELDS, type Field, type FieldName } from '../../src/openflow/fields.ts';
import { overlap } from '../../src/openflow/storage.ts';
import {
  flow,
  instructions,
  maskWidth,
  PREREQUISITES,
  prerequisitesOf,
  term,
  usable,
  valid,
} from './judge.ts';

const bits = (n: number): fc.Arbitrary<bigint> =>
  fc.oneof(
    fc.bigInt({ min: 0n, max: (1n << BigInt(n)) - 1n }),
    fc.constantFrom(0n, 1n, (1n << BigInt(n)) - 1n, 1n << BigInt(n - 1)),
  );

/** Masks as people write them (prefixes, one bit, some low bits), and any. */
const masks = (n: number): fc.Arbitrary<bigint> =>
  fc.oneof(
    bits(n),
    fc.nat(n).map((length) => ((1n << BigInt(length)) - 1n) << BigInt(n - length)),
    fc.nat(n).map((length) => (1n << BigInt(length)) - 1n),
    fc.nat(n - 1).map((bit) => 1n << BigInt(bit)),
  );

/** A term on the field: exact or, where it can be, masked. */
export function termOn(f: Field): fc.Arbitrary<MatchField> {
  const width = maskWidth(f);
  const exact = bits(width).map((v) => term(f.name, valid(f, v)));
  if (!f.maskable) return exact;
  const masked = fc
    .tuple(bits(width), masks(width))
    .map(([v, mask]) => term(f.name, valid(f, v) & mask, mask))
    .filter((t) => t.mask !== 0n);
  return fc.oneof(exact, masked);
}

const FREE = FIELDS.filter(
  (f) =>
    usable(f) &&
    (f.prerequisite === 'none' || f.prerequisite === 'Ethernet') &&
    f.name !== 'eth_type' &&
    f.name !== 'packet_type',
);
const BOUND = FIELDS.filter((f) => usable(f) && f.prerequisite !== 'none' && f.prerequisite !== 'Ethernet');

/** Adds terms as long as no two say something of the same bits. */
function together(terms: readonly MatchField[]): MatchField[] {
  const kept: MatchField[] = [];
  for (const t of terms) {
    const f = field(t.field);
    if (kept.every((k) => k.field !== t.field && !overlap(field(k.field), f))) kept.push(t);
  }
  return kept;
}

/** Fields with the same prerequisites as a chosen one, and any that have none. */
export const matches: fc.Arbitrary<readonly MatchField[]> = fc
  .tuple(
    fc.option(fc.constantFrom(...BOUND), { nil: null }),
    fc.subarray(FREE, { maxLength: 5 }),
    fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
  )
  .chain(([chosen, free, chance]) => {
    const needed = chosen === null ? [] : prerequisitesOf(chosen);
    const siblings =
      chosen === null
        ? []
        : BOUND.filter(
            (f) =>
              f === chosen ||
              (f.prerequisite === chosen.prerequisite && (chance.next().value as number) < 0.5),
          );
    const own = [...siblings, ...free].map(termOn);
    return fc.tuple(...own).map((terms) => together([...needed, ...terms]));
  });

const WRITABLE = FIELDS.filter((f) => usable(f) && f.writable && f.headers.length > 0);

/** Fields of the pipeline, which may be written and read whatever the packet is. */
const ANYTIME = WRITABLE.filter((f) => f.prerequisite === 'none' && !f.name.startsWith('ct_'));

function setField(f: Field): fc.Arbitrary<Action> {
  const width = maskWidth(f);
  const whole = bits(width).map((v): Action => ({
    kind: 'set_field',
    field: f.name,
    value: valid(f, v),
    mask: null,
  }));
  if (f.name.startsWith('in_port')) return whole;
  // The present bit of a VLAN id must be 1, in the value and in the mask.
  if (f.name === 'vlan_vid')
    return fc
      .tuple(bits(12), masks(12))
      .map(([v, m]): Action => ({
        kind: 'set_field',
        field: f.name,
        value: (v & m) | 0x1000n,
        mask: m | 0x1000n,
      }));
  const part = f.maskable
    ? masks(width)
    : fc.tuple(fc.nat(f.bits - 1), fc.nat(f.bits - 1)).map(([a, b]) => {
        const low = BigInt(Math.min(a, b));
        return ((1n << (BigInt(Math.max(a, b)) - low + 1n)) - 1n) << low;
      });
  const masked = fc
    .tuple(bits(width), part)
    .map(([v, mask]): Action => ({ kind: 'set_field', field: f.name, value: valid(f, v) & mask, mask }))
    .filter((a) => a.kind === 'set_field' && a.mask !== 0n);
  return fc.oneof(whole, masked);
}

const subfieldOf = (f: Field, atMost = f.bits): fc.Arbitrary<SubfieldRef> =>
  fc
    .integer({ min: 1, max: Math.min(f.bits, atMost) })
    .chain((n) => fc.nat(f.bits - n).map((offset) => ({ field: f.name, offset, bits: n })));

const anySubfield = (atMost?: number): fc.Arbitrary<SubfieldRef> =>
  fc.constantFrom(...ANYTIME).chain((f) => subfieldOf(f, atMost));

const moves: fc.Arbitrary<Action> = fc.tuple(anySubfield(), fc.constantFrom(...ANYTIME)).chain(([a, f]) => {
  const n = Math.min(a.bits, f.bits);
  return fc
    .nat(f.bits - n)
    .map((offset): Action => ({
      kind: 'move',
      source: { ...a, bits: n },
      destination: { field: f.name, offset, bits: n },
    }));
});

const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffffffff);
const bytes = (max: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: 1, maxLength: max });

/** Ports that a flow may send to. */
const ports = fc.oneof(
  fc.nat(0xfeff),
  fc.constantFrom(0xfffffff8, 0xfffffff9, 0xfffffffa, 0xfffffffb, 0xfffffffc, 0xfffffffe),
);
const plainPorts = fc.oneof(fc.nat(0xfeff), fc.constantFrom(0xfffffff8, 0xfffffffe));

const kind = <A extends Action>(a: fc.Arbitrary<A>): fc.Arbitrary<Action> => a;

const CT_TARGETS = [field('ct_mark'), field('ct_label')];
const inExec = fc.oneof(
  fc.constantFrom(...CT_TARGETS).chain(setField),
  fc.tuple(anySubfield(32), fc.constantFrom(...CT_TARGETS)).map(([source, f]): Action => ({
    kind: 'move',
    source,
    destination: { field: f.name, offset: 0, bits: source.bits },
  })),
);

const pair = <T extends number | bigint>(a: T, b: T): { min: T; max: T | null } =>
  a === b ? { min: a, max: null } : a < b ? { min: a, max: b } : { min: b, max: a };

const nats = (family: 4 | 6): fc.Arbitrary<Nat> => {
  const address = fc.bigInt({ min: 1n, max: family === 4 ? 0xffffffffn : (1n << 128n) - 1n });
  const range = fc.oneof(
    address.map((min) => ({ min, max: null })),
    fc.tuple(address, address).map(([a, b]) => pair(a, b)),
  );
  const port = fc.integer({ min: 1, max: 0xffff });
  const portRange = fc.oneof(
    port.map((min) => ({ min, max: null })),
    fc.tuple(port, port).map(([a, b]) => pair(a, b)),
  );
  return fc
    .record({
      direction: fc.constantFrom('src' as const, 'dst' as const, null),
      addresses: fc.option(range, { nil: null }),
      ports: fc.option(portRange, { nil: null }),
      persistent: fc.boolean(),
      spread: fc.constantFrom('hash', 'random', ''),
    })
    .map(({ direction, addresses, ports, persistent, spread }): Nat => {
      if (direction === null)
        return {
          direction,
          family: null,
          addresses: null,
          ports: null,
          persistent: false,
          hash: false,
          random: false,
        };
      return {
        direction,
        family: addresses === null ? null : family,
        addresses,
        ports: addresses === null ? null : ports,
        persistent,
        hash: spread === 'hash',
        random: spread === 'random',
      };
    });
};

const cts = (family: 4 | 6): fc.Arbitrary<Action> =>
  fc
    .record({
      commit: fc.boolean(),
      force: fc.boolean(),
      zone: fc.oneof(
        fc.constant(null),
        u16,
        fc
          .constantFrom(
            ...ANYTIME.filter(
              (f) =>
                f.bits >= 16 && !f.name.includes('reg8') && f.headers.every((h) => h.experimenter === null),
            ),
          )
          .chain((f) =>
            fc
              .nat(Math.min(f.bits, 128) - 16)
              .map((offset): SubfieldRef => ({ field: f.name, offset, bits: 16 })),
          ),
      ),
      table: fc.option(fc.nat(254), { nil: null }),
      nat: fc.option(nats(family), { nil: null }),
      exec: fc.array(inExec, { maxLength: 2 }),
    })
    .map(({ commit, force, zone, table, nat, exec }): Action => ({
      kind: 'ct',
      commit,
      force: force && commit,
      zone,
      table,
      alg: 0,
      nat: commit
        ? nat
        : nat === null
          ? null
          : {
              ...nat,
              direction: null,
              family: null,
              addresses: null,
              ports: null,
              persistent: false,
              hash: false,
              random: false,
            },
      exec: commit ? exec : [],
    }));

/** Actions that may stand behind any match. */
const anywhere: fc.Arbitrary<Action> = fc.oneof(
  kind(ports.map((port) => ({ kind: 'output', port, maxLen: 0xffff }))),
  kind(u16.map((maxLen) => ({ kind: 'output', port: 0xfffffffd, maxLen }))),
  kind(anySubfield(32).map((source) => ({ kind: 'output_reg', source, maxLen: 0xffff }))),
  kind(
    fc
      .tuple(plainPorts, fc.integer({ min: 14, max: 0xffffffff }))
      .map(([port, maxLen]) => ({ kind: 'output_trunc', port, maxLen })),
  ),
  fc
    .record({
      maxLen: fc.oneof(u16, fc.constant(0xffff)),
      reason: fc.constantFrom(
        'no_match' as const,
        'action' as const,
        'invalid_ttl' as const,
        'action_set' as const,
        'group' as const,
        'packet_out' as const,
      ),
      id: fc.oneof(fc.constant(0), u16),
      userdata: fc.option(bytes(20), { nil: null }),
      pause: fc.boolean(),
      meterId: fc.option(fc.integer({ min: 1, max: 0xffff0000 }), { nil: null }),
    })
    .map((c): Action => ({ kind: 'controller', ...c })),
  { weight: 4, arbitrary: fc.constantFrom(...ANYTIME).chain(setField) },
  moves,
  kind(anySubfield().map((source) => ({ kind: 'push', source }))),
  kind(anySubfield().map((destination) => ({ kind: 'pop', destination }))),
  kind(fc.nat(0xffffff00).map((id) => ({ kind: 'group', id }))),
  kind(u32.map((queue) => ({ kind: 'set_queue', queue }))),
  kind(fc.constant({ kind: 'pop_queue' })),
  kind(fc.tuple(plainPorts, u32).map(([port, queue]) => ({ kind: 'enqueue', port, queue }))),
  kind(
    fc
      .tuple(fc.oneof(fc.nat(0xfeff), fc.constantFrom(0xfffe, 0xfffd)), fc.option(fc.nat(254), { nil: null }))
      .map(([port, table]) => ({ kind: 'resubmit', port, table, ct: false })),
  ),
  kind(fc.nat(254).map((table) => ({ kind: 'resubmit', port: null, table, ct: false }))),
  kind(fc.constant({ kind: 'ct_clear' })),
  kind(
    fc
      .tuple(u16, anySubfield(1))
      .map(([size, destination]) => ({ kind: 'check_pkt_larger', size, destination })),
  ),
  kind(
    fc
      .constantFrom<FieldName>('tun_metadata0', 'tun_metadata1', 'tun_metadata2', 'tun_metadata3')
      .map((name) => ({ kind: 'delete_field', field: name })),
  ),
  kind(bytes(30).map((data) => ({ kind: 'note', bytes: data }))),
  kind(fc.constant({ kind: 'exit' })),
);

/** A match and actions that need it. */
const bound: fc.Arbitrary<{ match: readonly MatchField[]; actions: readonly Action[] }> = fc.oneof(
  fc
    .constantFrom(...WRITABLE.filter((f) => f.prerequisite !== 'none' && !f.name.startsWith('ct_')))
    .chain((f) =>
      setField(f).map((a) => ({
        match: f.name === 'vlan_vid' ? PREREQUISITES['VLAN VID'] : prerequisitesOf(f),
        actions: [a],
      })),
    ),
  fc
    .constantFrom<readonly [4 | 6, number]>([4, 0x800], [6, 0x86dd])
    .chain(([family, type]) =>
      fc
        .array(
          fc.oneof(
            cts(family),
            kind(
              fc.uniqueArray(u16, { maxLength: 4 }).map((controllers) => ({ kind: 'dec_ttl', controllers })),
            ),
          ),
          { minLength: 1, maxLength: 3 },
        )
        .map((actions) => ({ match: [term('eth_type', type)], actions })),
    ),
  fc
    .tuple(u16, u16)
    .map(([idle, hard]) => ({
      match: PREREQUISITES.TCP,
      actions: [{ kind: 'fin_timeout', idle, hard } as const],
    })),
  fc
    .constantFrom(0x8100, 0x88a8)
    .map((ethertype) => ({
      match: [],
      actions: [{ kind: 'push_vlan', ethertype } as const, { kind: 'pop_vlan' } as const],
    })),
  fc.tuple(fc.constantFrom(0x8847, 0x8848), fc.constantFrom(0x800, 0x86dd, 0x8847)).map(([type, inner]) => ({
    match: [],
    actions: [
      { kind: 'push_mpls', ethertype: type } as const,
      { kind: 'dec_mpls_ttl' } as const,
      { kind: 'pop_mpls', ethertype: inner } as const,
    ],
  })),
  fc.constant({ match: PREREQUISITES.NSH, actions: [{ kind: 'dec_nsh_ttl' } as const] }),
  fc.constantFrom([20, 21] as const, [6, 21] as const, [17, 69] as const).map(([proto, alg]) => ({
    match: [term('eth_type', 0x800), term('nw_proto', proto === 20 ? 6 : proto)],
    actions: [
      { kind: 'ct', commit: true, force: false, zone: 5, table: null, alg, nat: null, exec: [] } as const,
    ],
  })),
  fc.tuple(fc.option(fc.nat(0xfeff), { nil: null }), fc.nat(254)).map(([port, table]) => ({
    match: PREREQUISITES.CT,
    actions: [{ kind: 'resubmit', port, table, ct: true } as const],
  })),
);

const lists: fc.Arbitrary<readonly Action[]> = fc
  .tuple(
    fc.option(fc.integer({ min: 1, max: 0xffff0000 }), { nil: null, freq: 4 }),
    fc.array(
      fc.oneof(
        { weight: 8, arbitrary: anywhere },
        kind(fc.array(anywhere, { maxLength: 3 }).map((actions) => ({ kind: 'clone', actions }))),
      ),
      { maxLength: 5 },
    ),
  )
  .map(([id, actions]): readonly Action[] => (id === null ? actions : [{ kind: 'meter', id }, ...actions]));

/** Actions that an action set may have, the kinds that need nothing of the packet. */
const inSet: fc.Arbitrary<Action> = fc.oneof(
  kind(ports.map((port) => ({ kind: 'output', port, maxLen: 0xffff }))),
  kind(u16.map((maxLen) => ({ kind: 'output', port: 0xfffffffd, maxLen }))),
  fc.constantFrom(...ANYTIME).chain(setField),
  kind(fc.nat(0xffffff00).map((id) => ({ kind: 'group', id }))),
  kind(u32.map((queue) => ({ kind: 'set_queue', queue }))),
);

const conjunctions: fc.Arbitrary<readonly Action[]> = fc.array(
  fc
    .tuple(u32, fc.integer({ min: 2, max: 64 }))
    .chain(([id, clauses]) =>
      fc
        .integer({ min: 1, max: clauses })
        .map((clause): Action => ({ kind: 'conjunction', id, clause, clauses })),
    ),
  { minLength: 1, maxLength: 3 },
);

const attributes = fc.record({
  table: fc.nat(100),
  priority: u16,
  cookie: fc.oneof(bits(64).map((c) => (c === (1n << 64n) - 1n ? 0n : c))),
  idleTimeout: fc.oneof(fc.constant(0), u16),
  hardTimeout: fc.oneof(fc.constant(0), u16),
  importance: fc.oneof(fc.constant(0), u16),
  flags: fc.nat(31),
});

const results = fc.oneof(
  {
    weight: 1,
    arbitrary: conjunctions.map((apply) => ({
      match: [] as readonly MatchField[],
      instructions: instructions({ apply }),
    })),
  },
  {
    weight: 3,
    arbitrary: bound.map(({ match, actions }) => ({ match, instructions: instructions({ apply: actions }) })),
  },
  {
    weight: 8,
    arbitrary: fc
      .record({
        apply: lists,
        clear: fc.boolean(),
        write: fc.option(fc.array(inSet, { maxLength: 4 }), { nil: null }),
        writeMetadata: fc.option(
          fc.oneof(
            bits(64).map((value) => ({ value, mask: null })),
            fc.tuple(bits(64), bits(64)).map(([v, mask]) => ({ value: v & mask, mask })),
          ),
          { nil: null },
        ),
        goto: fc.option(fc.integer({ min: 101, max: 253 }), { nil: null }),
      })
      .map((i) => ({ match: [] as readonly MatchField[], instructions: instructions(i) })),
  },
);

/** Any flow. What its actions need stands in the match; of the rest, what does not contradict that. */
export const flows: fc.Arbitrary<FlowMod> = fc
  .tuple(attributes, matches, results)
  .map(([a, match, result]) => {
    const given = new Set(result.match.map((t) => t.field));
    const needs = result.match.length > 0;
    const own = match.filter(
      (t) => !given.has(t.field) && (!needs || field(t.field).prerequisite === 'none'),
    );
    // `ct(commit)` contradicts a match on +inv.
    const commits = result.instructions.apply.some((action) => action.kind === 'ct' && action.commit);
    const kept = commits ? own.filter((t) => t.field !== 'ct_state') : own;
    return flow({ ...a, match: together([...result.match, ...kept]), instructions: result.instructions });
  });
