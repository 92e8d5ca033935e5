// `npm run conformance`: random flows judged by a private switch and by us.
import fc from 'fast-check';
import type { FlowMod } from '../../../src/ir/types.ts';
import { startSwitch, type Lab } from '../../lab/switch.ts';
import { Bridge } from './bridge.ts';
import { examine, type Examined } from './examine.ts';
import { anyFlow } from './generate.ts';
import { parseArguments, USAGE, type Options } from './options.ts';
import { rawBytes } from './raw.ts';
import { closing, describe, rows } from './report.ts';
import { shrink } from './shrink.ts';

const BATCH = 1_000;
/** Bridges that work side by side. */
const LANES = 2;

export interface Outcome {
  readonly flows: number;
  readonly examined: readonly Examined[];
}

/** Flows of the seed from `start` on; those that cannot be put into bytes at all are made again. */
function* batches(flows: number, seed: number): Generator<{ number: number; flows: FlowMod[] }> {
  for (let number = 0; number * BATCH < flows; number++) {
    const wanted = Math.min(BATCH, flows - number * BATCH);
    const made: FlowMod[] = [];
    for (let round = 0; made.length < wanted; round++) {
      // One seed for each batch, far from those of the others.
      const own = (seed + 0x9e3779b1 * (number * 16 + round + 1)) | 0;
      const more = fc.sample(anyFlow, { seed: own, numRuns: wanted - made.length });
      made.push(...more.filter(hasBytes));
    }
    yield { number, flows: made };
  }
}

function hasBytes(flow: FlowMod): boolean {
  try {
    rawBytes(flow);
    return true;
  } catch {
    return false;
  }
}

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

async function judge(lab: Lab, { flows, seed, shrink: most }: Options): Promise<number> {
  const counts = new Map<string, number>();
  const stricter = new Map<string, number>();
  const disagreements: Examined[] = [];
  let accepted = 0;
  const todo = batches(flows, seed);
  const bridges: Bridge[] = [];
  for (let i = 0; i < LANES; i++) bridges.push(await Bridge.create(lab, `br${i}`));
  const lane = async (bridge: Bridge): Promise<void> => {
    for (const batch of todo) {
      for (const e of await examine(bridge, batch.flows)) {
        if (e.refusal === null) accepted++;
        else counts.set(e.refusal, (counts.get(e.refusal) ?? 0) + 1);
        for (const code of new Set(e.stricter)) stricter.set(code, (stricter.get(code) ?? 0) + 1);
        if (e.disagreement !== null) disagreements.push(e);
      }
    }
  };
  await Promise.all(bridges.map(lane));
  for (const line of rows(counts, stricter)) console.log(line);
  for (const text of describe(await shrink(bridges[0]!, disagreements, most))) console.log(`\n${text}`);
  for (const bridge of bridges) bridge.close();
  const d = disagreements.length;
  console.log(closing({ flows, accepted, disagreements: d, seed }));
  return d === 0 ? 0 : 1;
}
