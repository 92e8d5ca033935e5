// What our compiler says of flows: each is printed as source, and the source is compiled.
import { COMPILER_CODES } from '../../../src/diagnostics/codes/index.ts';
import type { Definition } from '../../../src/diagnostics/define.ts';
import { printFlow, printProgram, type PrintNames } from '../../../src/import/print.ts';
import type { FlowMod } from '../../../src/ir/types.ts';
import { compile } from '../../../src/project/compile.ts';
import { GROUPS, METERS, TLVS } from './world.ts';

export interface Fault {
  readonly code: string;
  /** The name that the switch has for it, as we say. */
  readonly name: string | null;
  readonly message: string;
}

export interface Ours {
  /** The source of the flow; null where the language has no words for it. */
  readonly source: string | null;
  /** Empty where we accept it. */
  readonly faults: readonly Fault[];
  /** What it was compiled to; null where we refuse it. */
  readonly flow: FlowMod | null;
}

const label = (prefix: string, ids: readonly number[]): ReadonlyMap<number, string> =>
  new Map(ids.map((id) => [id, `${prefix}${id}`]));

const TABLES = Array.from({ length: 254 }, (_, n) => n);
const NAMES: PrintNames = {
  tables: label('t', TABLES),
  ports: new Map(),
  groups: label(
    'g',
    GROUPS.map((g) => g.id),
  ),
  meters: label(
    'm',
    METERS.map((m) => m.id),
  ),
};

const PREAMBLE = printProgram({
  name: 'conformance',
  tables: [],
  externalGroups: GROUPS.map(({ id }) => ({ id, name: `g${id}` })),
  externalMeters: METERS.map(({ id }) => ({ id, name: `m${id}` })),
  tlvs: TLVS,
});

/** Codes that a flow can turn off. */
const ALLOWABLE: ReadonlySet<string> = new Set(
  COMPILER_CODES.flatMap((module) => Object.values(module) as Partial<Definition<never>>[]).flatMap((d) =>
    d.allowable === true && d.code !== undefined ? [d.code] : [],
  ),
);

/** The codes of the faults that can be turned off. */
export function allowance(faults: readonly Fault[]): string[] {
  return [...new Set(faults.map((f) => f.code))].filter((code) => ALLOWABLE.has(code));
}

interface Placed {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/** One program of all the flows, by table. */
function programOf(
  flows: readonly { readonly index: number; readonly table: number; readonly text: string }[],
): {
  text: string;
  placed: Placed[];
} {
  const byTable = new Map<number, (typeof flows)[number][]>();
  for (const flow of flows) byTable.set(flow.table, [...(byTable.get(flow.table) ?? []), flow]);
  const placed: Placed[] = [];
  let text = PREAMBLE;
  for (const table of new Set([...TABLES, ...byTable.keys()])) {
    text += `table t${table} = ${table} {\n`;
    for (const flow of byTable.get(table) ?? []) {
      placed.push({ index: flow.index, start: text.length, end: text.length + flow.text.length });
      text += flow.text;
    }
    text += '}\n';
  }
  return { text, placed };
}

/** The flow that a place in the program belongs to. */
function flowAt(placed: readonly Placed[], offset: number): number | undefined {
  let [low, high] = [0, placed.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const p = placed[middle]!;
    if (offset < p.start) high = middle - 1;
    else if (offset >= p.end) low = middle + 1;
    else return p.index;
  }
  return undefined;
}

/** Our verdict on each of the flows, with what is allowed at it. Their priorities must differ. */
export function judgeAll(flows: readonly FlowMod[], allow: readonly (readonly string[])[] = []): Ours[] {
  const sources = flows.map((flow, i) => sourceOf(flow, allow[i] ?? []));
  const faults = flows.map((): Fault[] => []);
  const said = flows.flatMap((flow, index) => {
    const text = sources[index] ?? null;
    return text === null ? [] : [{ index, table: flow.table, text }];
  });
  const compiled = compileAll(said, faults);
  const sound = said.filter(({ index }) => faults[index]!.length === 0);
  const found = compiled ?? compileAll(sound, faults) ?? new Map<number, FlowMod>();
  return flows.map((_, i): Ours => {
    const source = sources[i] ?? null;
    if (source === null)
      return { source, faults: [{ code: 'no source', name: null, message: 'cannot be said' }], flow: null };
    return { source, faults: faults[i]!, flow: found.get(i) ?? null };
  });
}

/** The flows by index, or null where there was an error. */
function compileAll(
  said: readonly { readonly index: number; readonly table: number; readonly text: string }[],
  faults: readonly Fault[][],
): Map<number, FlowMod> | null {
  const { text, placed } = programOf(said);
  const { diagnostics, program } = compile({ path: 'conformance.wbf', text }, { quickFrom: Infinity });
  for (const d of diagnostics) {
    if (d.severity !== 'error') continue;
    const fault = { code: d.code, name: d.switchError, message: d.message };
    const index = flowAt(placed, d.place.start);
    if (index !== undefined) faults[index]!.push(fault);
    else {
      // About a whole table: its number.
      const number = /^table t(\d+)/.exec(
        text.slice(text.lastIndexOf('table t', d.place.start), d.place.end),
      )?.[1];
      const within = said.filter((s) => number !== undefined && s.table === Number(number));
      if (within.length === 0)
        throw new Error(`${d.code} ${d.message} at ${text.slice(d.place.start, d.place.end)}`);
      for (const s of within) faults[s.index]!.push(fault);
    }
  }
  if (program === null) return null;
  return new Map(
    [...program.flows].flatMap((flow) => {
      const index = flowAt(placed, flow.origin.start);
      return index === undefined ? [] : [[index, flow] as const];
    }),
  );
}

function sourceOf(flow: FlowMod, allow: readonly string[]): string | null {
  // Flags without a name.
  if (flow.flags > 0x1f) return null;
  try {
    return printFlow({ ...flow, allow }, NAMES, 1);
  } catch {
    return null;
  }
}
