// Disagreements brought down to what they are about: parts of the flow are left out while it still disagrees in the same way.
import type { FlowMod } from '../../../src/ir/types.ts';
import type { Bridge } from './bridge.ts';
import { examine, type Disagreement, type Examined } from './examine.ts';
import { rawBytes } from './raw.ts';
import { smaller } from './smaller.ts';

export interface Shrunk {
  readonly example: Examined;
  /** How many flows came down to it. */
  readonly count: number;
  readonly shrunk: boolean;
}

const MOST_STEPS = 200;
const AT_ONCE = 60;

/** Equal for disagreements of one kind. */
function kindOf({ question, theirs, ours }: Disagreement): string {
  return question === 'dump' ? question : `${question}|${theirs}|${ours}`;
}

function* chunks<T>(from: Iterable<T>, size: number): Generator<T[]> {
  let chunk: T[] = [];
  for (const value of from) {
    chunk.push(value);
    if (chunk.length === size) {
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) yield chunk;
}

function* sayable(flows: Iterable<FlowMod>): Generator<FlowMod> {
  for (const flow of flows) {
    try {
      rawBytes(flow);
    } catch {
      continue;
    }
    yield flow;
  }
}

async function shrinkOne(bridge: Bridge, start: Examined): Promise<Examined> {
  const kind = start.disagreement === null ? '' : kindOf(start.disagreement);
  let least = start;
  for (let step = 0; step < MOST_STEPS; step++) {
    const next = await firstLike(bridge, sayable(smaller(least.flow)), kind);
    if (next === undefined) break;
    least = next;
  }
  return least;
}

async function firstLike(bridge: Bridge, flows: Iterable<FlowMod>, kind: string): Promise<Examined | undefined> {
  for (const some of chunks(flows, AT_ONCE)) {
    const examined = await examine(bridge, some);
    const found = examined.find((e) => e.disagreement !== null && kindOf(e.disagreement) === kind);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** One example of each kind of disagreement, the most frequent first; up to `most` are made smaller. */
export async function shrink(bridge: Bridge, found: readonly Examined[], most: number): Promise<Shrunk[]> {
  const kinds = new Map<string, Shrunk>();
  // Of every kind a few, then the others as long as there is time.
  const seen = new Map<string, number>();
  let left = most;
  for (const e of found) {
    if (e.disagreement === null) continue;
    const kind = kindOf(e.disagreement);
    const before = seen.get(kind) ?? 0;
    seen.set(kind, before + 1);
    const worth = left > 0 && before < 4;
    if (worth) left--;
    const example = worth ? await shrinkOne(bridge, e) : e;
    const key = worth ? `${kind}|${gist(example)}` : kind;
    const known = kinds.get(key);
    kinds.set(key, { example: known?.example ?? example, count: (known?.count ?? 0) + 1, shrunk: worth });
  }
  return [...kinds.values()].sort((a, b) => b.count - a.count);
}

/** The source without its numbers. */
function gist(e: Examined): string {
  return (e.source ?? JSON.stringify(e.flow, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v))).replace(
    /0x[0-9a-f]+|\d+/g,
    '#',
  );
}
