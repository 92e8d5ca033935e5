/** Ways from table to table, as a graph of indices. */

export interface TableLink {
  readonly from: number;
  readonly to: number;
  /** It is a `goto`. */
  readonly forward: boolean;
}

/** A circle among the links, or null. */
export function circleIn(count: number, links: readonly TableLink[]): TableLink[] | null {
  const from = outgoing(links);
  const state = new Array<0 | 1 | 2>(count).fill(0);
  const way: TableLink[] = [];
  const visit = (node: number): TableLink[] | null => {
    state[node] = 1;
    for (const link of from.get(node) ?? []) {
      way.push(link);
      if (state[link.to] === 1) return way.slice(way.findIndex((l) => l.from === link.to));
      const found = state[link.to] === 0 ? visit(link.to) : null;
      if (found !== null) return found;
      way.pop();
    }
    state[node] = 2;
    return null;
  };
  for (let node = 0; node < count; node++) {
    const found = state[node] === 0 ? visit(node) : null;
    if (found !== null) return found;
  }
  return null;
}

/** Tables in an order in which links lead forward; there are no circles. */
export function topological(count: number, links: readonly TableLink[]): number[] {
  const from = outgoing(links);
  const seen = new Set<number>();
  const order: number[] = [];
  const visit = (node: number): void => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const { to } of from.get(node) ?? []) visit(to);
    order.push(node);
  };
  for (let node = count - 1; node >= 0; node--) visit(node);
  return order.reverse();
}

function outgoing(links: readonly TableLink[]): Map<number, TableLink[]> {
  const from = new Map<number, TableLink[]>();
  for (const link of links) {
    const known = from.get(link.from);
    if (known === undefined) from.set(link.from, [link]);
    else known.push(link);
  }
  return from;
}

/** What can be reached from a table, without itself unless it is in a circle. */
export function reachable(
  links: readonly TableLink[],
  start: number,
  direction: 'up' | 'down',
): ReadonlySet<number> {
  const seen = new Set<number>();
  const todo = [start];
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    for (const { from, to } of links) {
      const [here, there] = direction === 'down' ? [from, to] : [to, from];
      if (here !== node || seen.has(there)) continue;
      seen.add(there);
      todo.push(there);
    }
  }
  return seen;
}
