// `npm run conformance`: random flows, groups and meters judged by a private switch and by us.
import fc from 'fast-check';
import type { FlowMod, GroupMod, MeterMod } from '../../../src/ir/types.ts';
import { startSwitch, type Lab } from '../../lab/switch.ts';
import { Bridge } from './bridge.ts';
import { GROUP_KIND, examineResources, METER_KIND } from './examine-resources.ts';
import { examine, type Examined } from './examine.ts';
import { anyFlow, anyGroup, anyMeter } from './generate.ts';
import { parseArguments, USAGE, type Options } from './options.ts';
import { hasBytes } from './raw.ts';
import { closing, describe, rows, Tally } from './report.ts';
import { shrink, type Trial } from './shrink.ts';
import { smaller } from './smaller.ts';

const BATCH = 1_000;
/** Bridges that work side by side. */
const LANES = 2;
/** For so many flows one group and one meter. */
const FLOWS_PER_RESOURCE = 20;

/** Of a seed, in batches; those that cannot be put into bytes at all are made again. */
function* batches<T>(
  arbitrary: fc.Arbitrary<T>,
  count: number,
  seed: number,
  hasBytes: (value: T) => boolean,
): Generator<T[]> {
  for (let number = 0; number * BATCH < count; number++) {
    const wanted = Math.min(BATCH, count - number * BATCH);
    const made: T[] = [];
    for (let round = 0; made.length < wanted; round++) {
      // One seed for each batch, far from those of the others.
      const own = (seed + 0x9e3779b1 * (number * 16 + round + 1)) | 0;
      made.push(...fc.sample(arbitrary, { seed: own, numRuns: wanted - made.length }).filter(hasBytes));
    }
    yield made;
  }
}

function succeeds<T>(encode: (value: T) => unknown): (value: T) => boolean {
  return (value) => {
    try {
      encode(value);
      return true;
    } catch {
      return false;
    }
  };
}

/** Examines everything, in as many lanes as there are trials. */
async function inLanes<T>(
  todo: Iterable<T[]>,
  trials: readonly Trial<T>[],
  done: (e: Examined<T>) => void,
): Promise<void> {
  const work = todo[Symbol.iterator]();
  const lane = async ({ examine: look }: Trial<T>): Promise<void> => {
    for (let next = work.next(); next.done !== true; next = work.next())
      for (const e of await look(next.value)) done(e);
  };
  await Promise.all(trials.map(lane));
}

async function run<T>(
  trials: readonly Trial<T>[],
  todo: Iterable<T[]>,
  most: number,
): Promise<{ tally: Tally; texts: string[] }> {
  const tally = new Tally();
  const found: Examined<T>[] = [];
  await inLanes(todo, trials, (e) => {
    tally.add(e);
    if (e.disagreement !== null) found.push(e);
  });
  return { tally, texts: describe(await shrink(trials[0]!, found, most)) };
}

async function judge(lab: Lab, { flows, seed, shrink: most }: Options): Promise<number> {
  const bridges: Bridge[] = [];
  for (let i = 0; i < LANES; i++) bridges.push(await Bridge.create(lab, `br${i}`));

  const flowTrials = bridges.map((b) => ({
    examine: (some: readonly FlowMod[]) => examine(b, some.filter(hasBytes)),
    smaller,
  }));
  const main = await run(flowTrials, batches(anyFlow, flows, seed, hasBytes), most);

  const few = Math.ceil(flows / FLOWS_PER_RESOURCE);
  const groups = await run(
    bridges.map((b) => ({
      examine: (some: readonly GroupMod[]) => examineResources(b, GROUP_KIND, some),
      smaller: GROUP_KIND.smaller,
    })),
    batches(anyGroup, few, seed, succeeds(GROUP_KIND.encode)),
    most,
  );
  const meters = await run(
    bridges.map((b) => ({
      examine: (some: readonly MeterMod[]) => examineResources(b, METER_KIND, some),
      smaller: METER_KIND.smaller,
    })),
    batches(anyMeter, few, seed, succeeds(METER_KIND.encode)),
    most,
  );
  for (const bridge of bridges) bridge.close();

  const disagreements = [main, groups, meters].reduce((n, { tally }) => n + tally.disagreements, 0);
  const lines = [
    ...rows(main.tally),
    ...rows(groups.tally, 'groups'),
    ...rows(meters.tally, 'meters'),
    ...[main, groups, meters].flatMap(({ texts }) => texts.map((text) => `\n${text}`)),
    closing({ accepted: main.tally.accepted, refused: main.tally.refused, disagreements, seed }),
  ];
  console.log(lines.join('\n'));
  return disagreements === 0 ? 0 : 1;
}

/** Returns the exit status. */
export async function main(args: readonly string[]): Promise<number> {
  const options = parseArguments(args);
  if (options === null) {
    console.error(USAGE);
    return 2;
  }
  let lab: Lab | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    void (lab?.stop() ?? Promise.resolve()).finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    lab = await startSwitch({ dummy: true });
    return await judge(lab, options);
  } finally {
    await lab?.stop();
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}
