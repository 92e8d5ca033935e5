// What the judge prints.
import type { Shrunk } from './shrink.ts';

export function rows(counts: ReadonlyMap<string, number>, stricter: ReadonlyMap<string, number>): string[] {
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const codes = [...stricter].sort();
  return [
    ...sorted.map(([name, count]) => `${name} ${count}`),
    ...codes.map(([code, count]) => `stricter on purpose: ${code} ${count}`),
  ];
}

/** One text for each kind of disagreement, the most frequent first. */
export function describe(kinds: readonly Shrunk[]): string[] {
  return kinds.map(({ example, count, shrunk }) => {
    const { disagreement, source } = example;
    if (disagreement === null) throw new Error('no disagreement');
    const { question, theirs, ours, detail } = disagreement;
    return [
      `disagreement about the ${question}, ${count} time${count === 1 ? '' : 's'}${shrunk ? '' : ' (not made smaller)'}`,
      `  switch: ${theirs}`,
      `  wbfc:   ${ours}`,
      ...detail.map((line) => `    ${line}`),
      (source ?? 'the language has no words for it').trimEnd(),
    ].join('\n');
  });
}

export interface Totals {
  readonly flows: number;
  readonly accepted: number;
  readonly disagreements: number;
  readonly seed: number;
}

export function closing({ flows, accepted, disagreements, seed }: Totals): string {
  return `conformance: ${flows} flows, ${accepted} accepted, ${flows - accepted} refused, ${disagreements} disagreements, seed ${seed}`;
}
