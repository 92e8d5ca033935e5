// What the judge prints.
import type { Examined } from './examine.ts';
import type { Shrunk } from './shrink.ts';

/** Counts of what came out. */
export class Tally {
  accepted = 0;
  refused = 0;
  disagreements = 0;
  /** By the name of the switch's error. */
  readonly names = new Map<string, number>();
  /** By the code of ours that is stricter on purpose. */
  readonly stricter = new Map<string, number>();

  add({ refusal, stricter, disagreement }: Examined<unknown>): void {
    if (refusal === null) this.accepted++;
    else {
      this.refused++;
      count(this.names, refusal);
    }
    for (const code of new Set(stricter)) count(this.stricter, code);
    if (disagreement !== null) this.disagreements++;
  }
}

function count(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}

/** `NAME count` for each error of the switch; for what is not flows with `what` before it. */
export function rows(tally: Tally, what = ''): string[] {
  const before = what === '' ? '' : `${what}: `;
  const names = [...tally.names].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const total = `${before}${tally.accepted} accepted, ${tally.refused} refused`;
  return [
    ...(what === '' ? [] : [total]),
    ...names.map(([name, n]) => `${before}${name} ${n}`),
    ...[...tally.stricter].sort().map(([code, n]) => `${before}stricter on purpose: ${code} ${n}`),
  ];
}

/** One text for each kind of disagreement, the most frequent first. */
export function describe(kinds: readonly Shrunk[]): string[] {
  return kinds.map(({ disagreement, source, count: times, shrunk }) => {
    const { question, theirs, ours, detail } = disagreement;
    return [
      `disagreement about the ${question}, ${times} time${times === 1 ? '' : 's'}${shrunk ? '' : ' (not made smaller)'}`,
      `  switch: ${theirs}`,
      `  wbfc:   ${ours}`,
      ...detail.map((line) => `    ${line}`),
      (source ?? 'the language has no words for it').trimEnd(),
    ].join('\n');
  });
}

export interface Totals {
  readonly accepted: number;
  readonly refused: number;
  readonly disagreements: number;
  readonly seed: number;
}

export function closing({ accepted, refused, disagreements, seed }: Totals): string {
  return `conformance: ${accepted + refused} flows, ${accepted} accepted, ${refused} refused, ${disagreements} disagreements, seed ${seed}`;
}
