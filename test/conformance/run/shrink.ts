// Disagreements brought down to what they are about: parts are left out while it still disagrees in the same way.
import type { Disagreement, Examined } from './examine.ts';

/** How one kind of thing is judged and made smaller. */
export interface Trial<T> {
  readonly examine: (some: readonly T[]) => Promise<Examined<T>[]>;
  readonly smaller: (value: T) => Iterable<T>;
}

export interface Shrunk {
  readonly disagreement: Disagreement;
  readonly source: string | null;
  /** How many came down to it. */
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

async function shrinkOne<T>(trial: Trial<T>, start: Examined<T>, kind: string): Promise<Examined<T>> {
  let least = start;
  for (let step = 0; step < MOST_STEPS; step++) {
    const next = await firstLike(trial, trial.smaller(least.flow), kind);
    if (next === undefined) break;
    least = next;
  }
  return least;
}

async function firstLike<T>(
  trial: Trial<T>,
  values: Iterable<T>,
  kind: string,
): Promise<Examined<T> | undefined> {
  for (const some of chunks(values, AT_ONCE)) {
    const examined = await trial.examine(some);
    const found = examined.find((e) => e.disagreement !== null && kindOf(e.disagreement) === kind);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** One example of each kind of disagreement, the most frequent first; up to `most` are made smaller. */
export async function shrink<T>(
  trial: Trial<T>,
  found: readonly Examined<T>[],
  most: number,
): Promise<Shrunk[]> {
  const kinds = new Map<string, Shrunk>();
  // Of every kind a few, which may have several causes.
  const seen = new Map<string, number>();
  let left = most;
  for (const e of found) {
    if (e.disagreement === null) continue;
    const kind = kindOf(e.disagreement);
    const before = seen.get(kind) ?? 0;
    seen.set(kind, before + 1);
    const shrunk = left > 0 && before < 4;
    if (shrunk) left--;
    const { disagreement, source } = shrunk ? await shrinkOne(trial, e, kind) : e;
    if (disagreement === null) continue;
    const key = shrunk ? `${kind}|${gist(source)}` : kind;
    const known = kinds.get(key);
    if (known === undefined) kinds.set(key, { disagreement, source, count: 1, shrunk });
    else kinds.set(key, { ...known, count: known.count + 1 });
  }
  return [...kinds.values()].sort((a, b) => b.count - a.count);
}

/** The source without its numbers. */
function gist(source: string | null): string {
  return (source ?? '').replace(/0x[0-9a-f]+|\d+/g, '#');
}
