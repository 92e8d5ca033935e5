// Random actions that are valid after a match. Written apart from the checker.
import fc from 'fast-check';
import type {
  Action,
  ControllerReason,
  LearnSpec,
  MatchField,
  Nat,
  SubfieldRef,
} from '../../src/ir/types.ts';
import type { FieldName } from '../../src/openflow/fields.ts';
import { field } from '../../src/openflow/fields.ts';
import type { Shape } from './arbitrary-match.ts';
import { int, ones, term, valueOf } from './arbitrary-match.ts';

const SETTABLE: readonly FieldName[] = [
  'reg0', 'reg7', 'reg15', 'xreg3', 'xxreg1', 'metadata', 'tun_id', 'tun_src', 'tun_ipv6_dst', 'tun_flags',
  'tun_gbp_id', 'tun_gbp_flags', 'tun_erspan_idx', 'tun_erspan_ver', 'pkt_mark', 'in_port', 'vlan_tci', 'eth_dst',
]; // prettier-ignore
const READABLE: readonly FieldName[] = [
  ...SETTABLE,
  'in_port_oxm',
  'ct_state',
  'ct_mark',
  'ct_label',
  'ct_zone',
  'actset_output',
];

/** Fields whose header has 4 bytes, which is what ct has room for. */
const ZONES = READABLE.filter((n) => !n.startsWith('tun_erspan') && n !== 'actset_output');

const setField = (name: FieldName): fc.Arbitrary<Action> => {
  const f = field(name);
  if (f.maskable)
    return term(name).map(({ value, mask }): Action => {
      const present = name === 'vlan_vid' ? 0x1000n : 0n;
      return {
        kind: 'set_field',
        field: name,
        value: value | present,
        mask: mask === null ? null : mask | present,
      };
    });
  const low = name === 'nw_tos' ? 2 : 0;
  const bits = f.bits - low;
  const run = int(bits - 1).chain((offset) =>
    int(bits - offset, 1).map((n) => ones(n) << BigInt(offset + low)),
  );
  return fc.oneof(
    valueOf(f).map((value): Action => ({ kind: 'set_field', field: name, value, mask: null })),
    fc
      .tuple(valueOf(f), run)
      .map(([value, mask]): Action => ({ kind: 'set_field', field: name, value: value & mask, mask })),
  );
};

const subfield = (names: readonly FieldName[], bits: number): fc.Arbitrary<SubfieldRef> => {
  const wide = names.filter((n) => field(n).bits >= bits);
  return fc
    .constantFrom(...wide)
    .chain((name) => int(field(name).bits - bits).map((offset) => ({ field: name, offset, bits })));
};

const bytes = (max: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength: max });
const outPort = fc.oneof(
  int(4, 1),
  fc.constantFrom(0xfffffff8, 0xfffffffa, 0xfffffffb, 0xfffffffc, 0xfffffffe),
);

const output: fc.Arbitrary<Action> = fc.oneof(
  outPort.map((port): Action => ({ kind: 'output', port, maxLen: 0 })),
  int(0xffff).map((maxLen): Action => ({ kind: 'output', port: 0xfffffffd, maxLen })),
);

const controller: fc.Arbitrary<Action> = fc.record<Extract<Action, { kind: 'controller' }>>({
  kind: fc.constant('controller' as const),
  maxLen: fc.oneof(fc.constant(0xffff), int(0xffff)),
  reason: fc.constantFrom<ControllerReason>(
    'no_match',
    'action',
    'invalid_ttl',
    'action_set',
    'group',
    'packet_out',
  ),
  id: fc.oneof(fc.constant(0), int(0xffff)),
  userdata: fc.option(bytes(20)),
  pause: fc.boolean(),
  meterId: fc.option(int(1000)),
});

const between = <T>(
  min: fc.Arbitrary<T>,
  up: (min: T) => fc.Arbitrary<T>,
): fc.Arbitrary<{ min: T; max: T | null }> =>
  min.chain((m) => fc.option(up(m)).map((max) => ({ min: m, max })));

const nat = (six: boolean, ports: boolean): fc.Arbitrary<Nat> => {
  const bits = six ? 128 : 32;
  const addresses = between(fc.bigInt({ min: 1n, max: ones(bits) }), (min) =>
    fc.bigInt({ min, max: ones(bits) }),
  );
  const portRange = between(int(0xffff, 1), (min) => int(0xffff, min));
  return fc
    .record({
      direction: fc.option(fc.constantFrom('src' as const, 'dst' as const)),
      addresses: fc.option(addresses),
      ports: ports ? fc.option(portRange) : fc.constant(null),
      persistent: fc.boolean(),
      mode: fc.constantFrom(null, 'hash', 'random'),
    })
    .map(({ direction, addresses: a, ports: p, persistent, mode }): Nat => {
      const has = direction !== null && a !== null;
      return {
        direction,
        family: has ? (six ? 6 : 4) : null,
        addresses: has ? a : null,
        ports: has ? p : null,
        persistent: direction !== null && persistent,
        hash: direction !== null && mode === 'hash',
        random: direction !== null && mode === 'random',
      };
    });
};

const ctAction = (six: boolean, proto: bigint | undefined, mayCommit: boolean): fc.Arbitrary<Action> => {
  const execs: fc.Arbitrary<Action> = fc.oneof(
    setField('ct_mark'),
    setField('ct_label'),
    int(32, 1).chain((n) =>
      fc
        .tuple(subfield(READABLE, n), subfield(['ct_mark', 'ct_label'], n))
        .map(([source, destination]): Action => ({ kind: 'move', source, destination })),
    ),
  );
  return fc
    .record({
      commit: mayCommit ? fc.boolean() : fc.constant(false),
      force: fc.boolean(),
      zone: fc.oneof(fc.constant(null), int(0xffff), subfield(ZONES, 16)),
      table: fc.option(int(254)),
      alg: proto === 6n ? fc.constantFrom(0, 21) : proto === 17n ? fc.constantFrom(0, 69) : fc.constant(0),
      nat: fc.option(nat(six, proto === 6n || proto === 17n)),
      exec: fc.array(execs, { maxLength: 3 }),
    })
    .map((c): Action => {
      const plain: Nat = {
        direction: null,
        family: null,
        addresses: null,
        ports: null,
        persistent: false,
        hash: false,
        random: false,
      };
      return {
        kind: 'ct',
        ...c,
        force: c.force && c.commit,
        nat: c.commit || c.nat === null ? c.nat : plain,
        exec: c.commit ? c.exec : [],
      };
    });
};

const HASHES = [
  'eth_src',
  'symmetric_l4',
  'symmetric_l3l4',
  'symmetric_l3l4+udp',
  'nw_src',
  'nw_dst',
  'symmetric_l3',
] as const;

/** Those that 32 bits can name. */
const short = (names: readonly FieldName[]): FieldName[] =>
  names.filter((n) => !/^tun_erspan|^nsh|^actset/.test(n));

const learnSpec = (readable: readonly FieldName[]): fc.Arbitrary<LearnSpec> => {
  const from = short(readable);
  // What a learned flow may match and write without knowing what the packet is.
  const to: FieldName[] = ['reg1', 'xreg2', 'xxreg3', 'metadata', 'tun_id', 'pkt_mark', 'eth_src', 'in_port'];
  return int(32, 1).chain((n) =>
    fc.oneof(
      fc
        .tuple(fc.constantFrom('match' as const, 'load' as const), subfield(from, n), subfield(to, n))
        .map(([kind, source, destination]): LearnSpec => ({
          kind,
          source: { kind: 'field', subfield: source },
          destination,
        })),
      fc
        .tuple(
          fc.constantFrom('match' as const, 'load' as const),
          fc.bigInt({ min: 0n, max: ones(n) }),
          subfield(to, n),
        )
        .map(([kind, value, destination]): LearnSpec => ({
          kind,
          source: { kind: 'value', value },
          destination,
        })),
      subfield(from, n).map((source): LearnSpec => ({ kind: 'output', source })),
    ),
  );
};

const learn = (readable: readonly FieldName[], targets: readonly FieldName[]): fc.Arbitrary<Action> =>
  fc.record<Extract<Action, { kind: 'learn' }>>({
    kind: fc.constant('learn' as const),
    table: int(253),
    priority: int(0xffff),
    idleTimeout: int(0xffff),
    hardTimeout: fc.oneof(fc.constant(0), int(0xffff)),
    finIdleTimeout: fc.oneof(fc.constant(0), int(0xffff)),
    finHardTimeout: fc.oneof(fc.constant(0), int(0xffff)),
    cookie: fc.bigInt({ min: 0n, max: ones(63) }),
    sendFlowRem: fc.boolean(),
    deleteLearned: fc.boolean(),
    limit: fc.oneof(fc.constant(0), fc.nat()),
    result: fc.option(subfield(targets, 1)),
    specs: fc.array(learnSpec(readable), { maxLength: 5 }),
  });

const hashing = (targets: readonly FieldName[]): fc.Arbitrary<Action> => {
  const fields = fc.constantFrom(...HASHES);
  const members = fc.array(int(5, 1), { maxLength: 9 });
  return fc.oneof(
    fc.record<Extract<Action, { kind: 'bundle' }>>({
      kind: fc.constant('bundle' as const),
      fields,
      basis: int(0xffff),
      algorithm: fc.constantFrom('active_backup' as const, 'hrw' as const),
      members,
      destination: fc.option(subfield(short(targets), 16)),
    }),
    fc.record<Extract<Action, { kind: 'multipath' }>>({
      kind: fc.constant('multipath' as const),
      fields,
      basis: int(0xffff),
      algorithm: fc.constantFrom('modulo_n', 'hash_threshold', 'hrw', 'iter_hash'),
      links: int(65536, 1),
      arg: fc.nat(),
      destination: subfield(short(targets), 16),
    }),
    fc.record<Extract<Action, { kind: 'sample' }>>({
      kind: fc.constant('sample' as const),
      probability: int(0xffff, 1),
      collectorSetId: fc.nat(),
      obsDomainId: fc.nat(),
      obsPointId: fc.nat(),
      samplingPort: fc.option(int(5, 1)),
      direction: fc.option(fc.constantFrom('ingress' as const, 'egress' as const)),
    }),
  );
};

const nsh: fc.Arbitrary<Action> = fc.record<Extract<Action, { kind: 'encap'; header: 'nsh' }>>({
  kind: fc.constant('encap' as const),
  header: fc.constant('nsh' as const),
  mdType: fc.constantFrom(null, 1, 2),
  tlvs: fc.array(fc.record({ class: int(0xffff), type: int(0xff), value: bytes(40) }), { maxLength: 3 }),
});

/** `inv` in a ct_state: nothing to commit. */
const INVALID = 16n;

/** Actions that change nothing on which the validity of others depends. */
export function actions(shape: Shape, terms: readonly MatchField[], nested = false): fc.Arbitrary<Action> {
  const exact = (name: FieldName): bigint | undefined => terms.find((t) => t.field === name)?.value;
  const ethernet = (exact('packet_type') ?? 0n) === 0n;
  const settable = [
    ...SETTABLE.filter((n) => ethernet || (n !== 'eth_dst' && n !== 'vlan_tci')),
    ...shape.fields.filter((n) => field(n).writable),
  ];
  const tagged = (name: FieldName): boolean => name === 'vlan_tci'; // would change whether there is a tag
  const targets = settable.filter((n) => !tagged(n));
  const readable = READABLE.filter((n) => ethernet || (n !== 'eth_dst' && n !== 'vlan_tci'));
  const isIp = exact('eth_type') === 0x800n || exact('eth_type') === 0x86ddn;
  const six = exact('eth_type') === 0x86ddn;
  const proto = exact('nw_proto');
  const choices: fc.Arbitrary<Action>[] = [
    output,
    controller,
    fc.constantFrom(...targets).chain(setField),
    fc.constantFrom(...targets).chain(setField),
    int(64, 1).chain((n) =>
      fc
        .tuple(subfield(readable, n), subfield(targets, n))
        .map(([source, destination]): Action => ({ kind: 'move', source, destination })),
    ),
    int(16, 8)
      .chain((n) => subfield(readable, n))
      .map((source): Action => ({ kind: 'output_reg', source, maxLen: 0xffff })),
    fc
      .tuple(int(4, 1), int(65535, 14))
      .map(([port, maxLen]): Action => ({ kind: 'output_trunc', port, maxLen })),
    int(32, 1)
      .chain((n) => subfield(readable, n))
      .map((source): Action => ({ kind: 'push', source })),
    int(32, 1)
      .chain((n) => subfield(targets, n))
      .map((destination): Action => ({ kind: 'pop', destination })),
    int(3, 1).map((id): Action => ({ kind: 'group', id })),
    fc.nat().map((queue): Action => ({ kind: 'set_queue', queue })),
    fc.tuple(int(4, 1), fc.nat()).map(([port, queue]): Action => ({ kind: 'enqueue', port, queue })),
    fc
      .tuple(fc.option(int(0xfeff)), fc.option(int(254)))
      .filter(([port, table]) => port !== null || table !== null)
      .map(([port, table]): Action => ({ kind: 'resubmit', port, table, ct: false })),
    subfield(targets, 1).chain((destination) =>
      int(0xffff).map((size): Action => ({ kind: 'check_pkt_larger', size, destination })),
    ),
    bytes(20).map((b): Action => ({ kind: 'note', bytes: b })),
    learn(readable, targets),
    hashing(targets),
    fc.constantFrom<Action>({ kind: 'pop_queue' }, { kind: 'ct_clear' }, { kind: 'exit' }),
  ];
  if (isIp || exact('packet_type') === 0x10800n)
    choices.push(
      fc
        .array(int(0xffff), { maxLength: 6 })
        .map((controllers): Action => ({ kind: 'dec_ttl', controllers })),
    );
  if (isIp) choices.push(ctAction(six, proto, ((exact('ct_state') ?? 0n) & INVALID) === 0n));
  if (isIp && terms.some((t) => t.field === 'ct_state' && (t.value & 2n) !== 0n))
    choices.push(
      fc
        .tuple(fc.option(int(0xfeff)), int(254))
        .map(([port, table]): Action => ({ kind: 'resubmit', port, table, ct: true })),
    );
  if (proto === 6n && exact('packet_type') === undefined)
    choices.push(
      fc.tuple(int(0xffff), int(0xffff)).map(([idle, hard]): Action => ({ kind: 'fin_timeout', idle, hard })),
    );
  if (exact('eth_type') === 0x8847n) choices.push(fc.constant({ kind: 'dec_mpls_ttl' }));
  if (exact('eth_type') === 0x894fn) choices.push(fc.constant({ kind: 'dec_nsh_ttl' }));
  if (!nested)
    choices.push(
      fc
        .array(actions(shape, terms, true), { maxLength: 3 })
        .map((list): Action => ({ kind: 'clone', actions: list })),
    );
  return fc.oneof(...choices);
}

/** What may end a list: it changes the packet's headers. */
export const last = (terms: readonly MatchField[]): fc.Arbitrary<Action[]> => {
  const none = fc.constant<Action[]>([]);
  if (terms.some((t) => t.field === 'packet_type' && t.value !== 0n)) return none;
  const ethType = terms.find((t) => t.field === 'eth_type')?.value;
  const vid: Action = { kind: 'set_field', field: 'vlan_vid', value: 0x1005n, mask: null };
  const choices: Action[][] = [
    [],
    [
      { kind: 'push_vlan', ethertype: 0x8100 },
      vid,
      { kind: 'set_field', field: 'vlan_pcp', value: 3n, mask: null },
    ],
    [{ kind: 'push_vlan', ethertype: 0x88a8 }, vid, { kind: 'pop_vlan' }],
    [
      { kind: 'push_mpls', ethertype: 0x8847 },
      { kind: 'set_field', field: 'mpls_label', value: 77n, mask: null },
    ],
  ];
  if (ethType === 0x8847n)
    choices.push([{ kind: 'set_mpls_ttl', ttl: 9 }], [{ kind: 'pop_mpls', ethertype: 0x800 }]);
  if (ethType === 0x800n || ethType === 0x86ddn) choices.push([{ kind: 'mod_nw_ttl', ttl: 64 }]);
  if (!terms.some((t) => t.field.includes('vlan')))
    choices.push(
      [
        { kind: 'mod_vlan_pcp', pcp: 3, tagged: false },
        { kind: 'mod_vlan_vid', vid: 4095, tagged: true },
      ],
      [
        { kind: 'mod_vlan_vid', vid: 0, tagged: false },
        { kind: 'mod_vlan_pcp', pcp: 0, tagged: true },
      ],
      [{ kind: 'encap', header: 'mpls' }],
      [{ kind: 'decap', packetType: null }],
    );
  return fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...choices) },
    { weight: 1, arbitrary: nsh.map((a) => [a]) },
  );
};
