// Flows with a little less in them, the boldest cuts first: how a disagreement is brought down to what matters.
import { matchOrder } from '../../../src/ir/oxm.ts';
import type {
  Action,
  Bucket,
  FlowMod,
  GroupMod,
  Instructions,
  LearnSpec,
  MatchField,
  MeterMod,
} from '../../../src/ir/types.ts';

/** Lists with one part left out, halves first. */
function* without<T>(list: readonly T[]): Generator<T[]> {
  if (list.length > 2) {
    const middle = list.length >> 1;
    yield list.slice(0, middle);
    yield list.slice(middle);
  }
  for (let i = 0; i < list.length; i++) yield list.filter((_, j) => j !== i);
}

/** Lists with one part made smaller. */
function* withSmaller<T>(list: readonly T[], less: (part: T) => Iterable<T>): Generator<T[]> {
  for (let i = 0; i < list.length; i++) for (const part of less(list[i]!)) yield list.with(i, part);
}

function* smallerTerm(t: MatchField): Generator<MatchField> {
  if (t.mask !== null && t.field !== 'vlan_vid') yield { ...t, mask: null };
  const tag = t.field.startsWith('vlan_') ? [t.value & 0x1000n] : [];
  for (const value of [0n, 1n, ...tag]) if (value < t.value) yield { ...t, value };
}

const DEFAULTS: Readonly<Record<string, unknown>> = {
  maxLen: 0xffff,
  id: 0,
  userdata: null,
  pause: false,
  meterId: null,
  mask: null,
  zone: null,
  table: null,
  alg: 0,
  nat: null,
  commit: false,
  force: false,
  idleTimeout: 0,
  hardTimeout: 0,
  finIdleTimeout: 0,
  finHardTimeout: 0,
  cookie: 0n,
  sendFlowRem: false,
  deleteLearned: false,
  limit: 0,
  result: null,
  samplingPort: null,
  direction: null,
  ports: null,
  persistent: false,
  hash: false,
  random: false,
};

function* smallerAction(a: Action): Generator<Action> {
  if (a.kind === 'clone') {
    yield* a.actions;
    for (const actions of smallerList(a.actions)) yield { ...a, actions };
  }
  if (a.kind === 'ct') {
    yield* a.exec;
    for (const exec of smallerList(a.exec)) yield { ...a, exec };
  }
  yield* plainer(a);
  if (a.kind === 'learn') {
    for (const specs of without(a.specs)) yield { ...a, specs };
    for (const specs of withSmaller(a.specs, plainerSpec)) yield { ...a, specs };
  }
  if (a.kind === 'learn' && a.result !== null && a.result.offset > 0)
    yield { ...a, result: { ...a.result, offset: 0 } };
  if (a.kind === 'bundle') for (const members of without(a.members)) yield { ...a, members };
  if (a.kind === 'ct' && a.nat !== null)
    for (const [key, value] of Object.entries(DEFAULTS))
      if (key in a.nat && a.nat[key as keyof typeof a.nat] !== value)
        yield { ...a, nat: { ...a.nat, [key]: value } };
  for (const [key, value] of Object.entries(DEFAULTS)) {
    if (a.kind === 'learn' && key === 'table') continue;
    if ((a.kind === 'group' || a.kind === 'meter' || a.kind === 'conjunction') && key === 'id') continue;
    if (key in a && a[key as keyof Action] !== value) yield { ...a, [key]: value };
  }
  if (a.kind === 'set_field' && a.value > 1n) yield { ...a, value: a.value & (a.mask ?? 1n) & 1n };
}

function* plainerSpec(spec: LearnSpec): Generator<LearnSpec> {
  if (spec.kind === 'output') return;
  const { destination: to, source: from } = spec;
  if (from.kind === 'field') yield { ...spec, source: { kind: 'value', value: 0n } };
  if (to.field !== 'xxreg0' && to.bits <= 128)
    yield { ...spec, destination: { field: 'xxreg0', offset: 0, bits: to.bits } };
}

/** With another port or field, of which nothing can be said. */
function* plainer(a: Action): Generator<Action> {
  if ((a.kind === 'output' || a.kind === 'output_trunc') && a.port !== 1) yield { ...a, port: 1 };
  if (a.kind === 'set_field' && !a.field.startsWith('xxreg') && a.value >> 128n === 0n)
    yield { ...a, field: 'xxreg0' };
  if ('destination' in a && a.destination !== null && a.destination.field !== 'xxreg0') {
    const offset = Math.min(a.destination.offset, 127);
    const destination = {
      field: 'xxreg0',
      offset,
      bits: Math.min(a.destination.bits, 128 - offset),
    } as const;
    // A copy has as many bits on either side.
    if (a.kind !== 'move' || a.source.bits === destination.bits) yield { ...a, destination };
  }
  if ('source' in a && a.source.field !== 'xxreg0') {
    const offset = Math.min(a.source.offset, 127);
    const source = { field: 'xxreg0', offset, bits: Math.min(a.source.bits, 128 - offset) } as const;
    if (a.kind !== 'move' || a.destination.bits === source.bits) yield { ...a, source };
  }
}

function* smallerList(actions: readonly Action[]): Generator<Action[]> {
  yield* without(actions);
  yield* withSmaller(actions, smallerAction);
}

function* smallerInstructions(i: Instructions): Generator<Instructions> {
  if (i.write !== null) yield { ...i, write: null };
  if (i.goto !== null) yield { ...i, goto: null };
  if (i.writeMetadata !== null) yield { ...i, writeMetadata: null };
  if (i.clear) yield { ...i, clear: false };
  if (i.apply.length > 1) yield { ...i, apply: [] };
  if (i.write !== null) yield { ...i, apply: [...i.apply, ...i.write], write: null };
  for (const apply of smallerList(i.apply)) yield { ...i, apply };
  if (i.write !== null) for (const write of smallerList(i.write)) yield { ...i, write };
  if (i.writeMetadata !== null && i.writeMetadata.mask !== null)
    yield { ...i, writeMetadata: { ...i.writeMetadata, mask: null } };
}

const PLAIN = { cookie: 0n, idleTimeout: 0, hardTimeout: 0, importance: 0, flags: 0 } as const;

/** All flows that are one step simpler. */
export function* smaller(flow: FlowMod): Generator<FlowMod> {
  const { match } = flow;
  if (flow.table > 253) yield { ...flow, table: 0 };
  for (const instructions of smallerInstructions(flow.instructions)) yield { ...flow, instructions };
  for (const terms of without(match)) yield { ...flow, match: terms };
  for (const [key, value] of Object.entries(PLAIN))
    if (flow[key as keyof typeof PLAIN] !== value) yield { ...flow, [key]: value };
  for (const terms of withSmaller(match, smallerTerm)) yield { ...flow, match: matchOrder(terms) };
}

function* smallerBucket(b: Bucket): Generator<Bucket> {
  if (b.weight !== null) yield { ...b, weight: null };
  if (b.watchPort !== null) yield { ...b, watchPort: null };
  if (b.watchGroup !== null) yield { ...b, watchGroup: null };
  for (const actions of smallerList(b.actions)) yield { ...b, actions };
}

export function* smallerGroup(group: GroupMod): Generator<GroupMod> {
  const { selection, buckets } = group;
  if (selection !== null) {
    yield { ...group, selection: null };
    for (const fields of without(selection.fields)) yield { ...group, selection: { ...selection, fields } };
    if (selection.param !== 0n) yield { ...group, selection: { ...selection, param: 0n } };
  }
  if (buckets.some((b) => b.actions.length > 0))
    yield { ...group, buckets: buckets.map((b) => ({ ...b, actions: [] })) };
  if (group.id > 0xffffff00) yield { ...group, id: 0x1000 };
  for (const some of without(buckets)) yield { ...group, buckets: some };
  for (const some of withSmaller(buckets, smallerBucket)) yield { ...group, buckets: some };
}

export function* smallerMeter(meter: MeterMod): Generator<MeterMod> {
  if (meter.id === 0 || meter.id > 0xffff0000) yield { ...meter, id: 0x100 };
  for (const bands of without(meter.bands)) yield { ...meter, bands };
  if (meter.burst) yield { ...meter, burst: false };
  if (meter.stats) yield { ...meter, stats: false };
  for (const bands of withSmaller(meter.bands, (b) => [
    { ...b, type: 'drop' as const, precLevel: 0 },
    { ...b, burstSize: 0 },
    { ...b, rate: 1 },
  ]))
    if (JSON.stringify(bands) !== JSON.stringify(meter.bands)) yield { ...meter, bands };
}
