/** The nearest name to one that does not exist. */

/** The candidate that differs least, or undefined when none is near enough to be what was meant. */
export function nearest(name: string, names: Iterable<string>): string | undefined {
  const candidates = [...names];
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) >= bestDistance) continue;
    const distance = editDistance(wanted, candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best ?? beginning(wanted, candidates);
}

/** `prio` for `priority`, `estab` for `est`: one begins with the other, and few letters are left over. */
function beginning(wanted: string, candidates: readonly string[]): string | undefined {
  const begins = (a: string, b: string): boolean => b.length >= 3 && a.startsWith(b);
  const rest = (c: string): number => Math.abs(c.length - wanted.length);
  return candidates
    .filter((c) => begins(c.toLowerCase(), wanted) || begins(wanted, c.toLowerCase()))
    .sort((a, b) => rest(a) - rest(b))[0];
}

/** Insertions, deletions, replacements and swaps of neighbours between the two; at least `limit` when it is not less. */
function editDistance(a: string, b: string, limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      }
      row.push(cost);
      least = Math.min(least, cost);
    }
    if (least >= limit) return limit;
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
