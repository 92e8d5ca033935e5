// Groups and meters under the judge, one program for each.
import { encodeGroupMod } from '../../../src/emit/wire/group-mod.ts';
import { encodeMeterMod } from '../../../src/emit/wire/meter-mod.ts';
import { printProgram } from '../../../src/import/print.ts';
import { ByteWriter } from '../../../src/ir/bytes.ts';
import type { GroupMod, MeterMod, ProgramIr } from '../../../src/ir/types.ts';
import { compile } from '../../../src/project/compile.ts';
import { MULTIPART, type Bridge } from './bridge.ts';
import { hidden, otherNames, verdictOn, type Examined } from './examine.ts';
import type { Fault, Ours } from './ours.ts';
import { smallerGroup, smallerMeter } from './smaller.ts';
import { GROUPS, METERS, TLVS } from './world.ts';

/** What differs between the two. */
export interface ResourceKind<T extends { readonly id: number }> {
  readonly encode: (resource: T) => Buffer;
  readonly print: (resource: T) => string;
  readonly smaller: (resource: T) => Iterable<T>;
  readonly of: 'groups' | 'meters';
  readonly inIr: (program: ProgramIr) => T | undefined;
  readonly multipart: number;
  readonly clear: (bridge: Bridge) => Promise<void>;
  /** Ids of its own take the places of this one. */
  readonly firstId: number;
}

const TABLES = Array.from({ length: 254 }, (_, number) => ({ name: `t${number}`, number, flows: [] }));
const external = {
  externalGroups: GROUPS.map(({ id }) => ({ id, name: `g${id}` })),
  externalMeters: METERS.map(({ id }) => ({ id, name: `m${id}` })),
  tlvs: TLVS,
};

function bytes(encode: (writer: ByteWriter) => void): Buffer {
  const writer = new ByteWriter();
  encode(writer);
  return Buffer.from(writer.take());
}

export const GROUP_KIND: ResourceKind<GroupMod> = {
  encode: (g) => bytes((writer) => encodeGroupMod('add', g, writer, 0)),
  print: (g) =>
    printProgram({ name: 'conformance', tables: TABLES, groups: [{ ...g, name: 'it' }], ...external }),
  of: 'groups',
  smaller: smallerGroup,
  inIr: (program) => program.groups[0],
  multipart: MULTIPART.groupDesc,
  clear: (bridge) => bridge.restoreGroups(),
  firstId: 0x1000,
};

export const METER_KIND: ResourceKind<MeterMod> = {
  encode: (m) => bytes((writer) => encodeMeterMod('add', m, writer, 0)),
  print: (m) =>
    printProgram({ name: 'conformance', tables: [], meters: [{ ...m, name: 'it' }], ...external }),
  of: 'meters',
  smaller: smallerMeter,
  inIr: (program) => program.meters[0],
  multipart: MULTIPART.meterDesc,
  clear: (bridge) => bridge.restoreMeters(),
  firstId: 0x100,
};

function judge<T extends { readonly id: number }>(
  kind: ResourceKind<T>,
  resource: T,
): Ours & { compiled: T | null } {
  const source = kind.print(resource).replaceAll('\n\n', '\n');
  const { diagnostics, program } = compile({ path: 'conformance.wbf', text: source });
  const faults = diagnostics.flatMap((d): Fault[] =>
    d.severity === 'error' ? [{ code: d.code, name: d.switchError, message: d.message }] : [],
  );
  return {
    source: source.replace(/table \w+ = \d+ \{\}\n/g, ''),
    faults,
    flow: null,
    compiled: program === null ? null : (kind.inIr(program) ?? null),
  };
}

/** The same as `examine` does with flows. */
export async function examineResources<T extends { readonly id: number }>(
  bridge: Bridge,
  kind: ResourceKind<T>,
  given: readonly T[],
): Promise<Examined<T>[]> {
  const taken = new Set<number>();
  const all = given.map((r, i) => {
    const id = r.id === kind.firstId || taken.has(r.id) ? kind.firstId + i : r.id;
    taken.add(id);
    return { ...r, id };
  });
  const answers = await bridge.send(all.map((r) => kind.encode(r)));
  const meant = await bridge.descriptions(kind.multipart);
  await kind.clear(bridge);
  const ours = all.map((r) => judge(kind, r));
  const disagreements = all.map((_, i) => verdictOn(answers[i] ?? null, ours[i]!, kind.of));
  const ask = async (some: readonly T[]): Promise<{ answer: string | null; ours: Ours }[]> => {
    const tried = some.map((r, i) => (r.id === kind.firstId ? { ...r, id: kind.firstId + i } : r));
    const said = await bridge.send(tried.map((r) => kind.encode(r)));
    await kind.clear(bridge);
    return tried.map((r, i) => ({ answer: said[i] ?? null, ours: judge(kind, r) }));
  };
  const names = otherNames(disagreements, answers, ours);
  for (const index of await hidden(all, names, kind.smaller, ask)) disagreements[index] = null;
  const compiled = ours.flatMap((o, i) =>
    o.compiled === null || disagreements[i] !== null ? [] : [{ i, it: o.compiled }],
  );
  const said = await bridge.send(compiled.map((c) => kind.encode(c.it)));
  const described = await bridge.descriptions(kind.multipart);
  await kind.clear(bridge);
  compiled.forEach(({ i, it }, n) => {
    const [wanted, has] = [meant.get(it.id), described.get(it.id)];
    if (said[n] !== null || wanted !== has)
      disagreements[i] = {
        question: 'compiled',
        theirs: said[n] ?? 'another one',
        ours: 'the same',
        detail: [`as sent:  ${wanted ?? 'nothing'}`, `compiled: ${has ?? 'nothing'}`],
      };
  });
  return all.map((flow, i): Examined<T> => {
    const refusal = answers[i] ?? null;
    const { faults, source } = ours[i]!;
    const agreed = refusal === null && disagreements[i] === null;
    return {
      flow,
      refusal,
      stricter: agreed ? faults.map((f) => f.code) : [],
      source,
      disagreement: disagreements[i] ?? null,
    };
  });
}
