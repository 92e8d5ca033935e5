/**
 * Which numbers tables without one get: pure, on indices.
 *
 * A `goto` leads to a higher number, which is a must; other ways from table to table do where they can. Numbers that are
 * stated stay, and those that an earlier compilation gave stay for as long as they can. The others are spread out, so
 * that a table that comes in between later finds room.
 */
import { MAX_TABLE } from './numbers.ts';
import { circleIn, reachable, topological } from './table-graph.ts';
import type { TableLink } from './table-graph.ts';

export type { TableLink } from './table-graph.ts';

/** Between tables, where there is room. */
const STEP = 10;

export interface TableNode {
  /** The number that the source states, or 0 for the flows at top level; null leaves it to us. */
  readonly stated: number | null;
  /** The number that it had; null for a new one. */
  readonly kept: number | null;
}

export interface Numbering {
  /** null where there is no number: in a circle, or where the stated ones leave no room. */
  readonly numbers: readonly (number | null)[];
  /** Circles of `goto`, each as the links around it; every circle has a table without a number. */
  readonly circles: readonly (readonly TableLink[])[];
  /** Tables that do not have the number that they had, and the link that would lead backwards, where that is why. */
  readonly moved: readonly { readonly node: number; readonly link: TableLink | null }[];
  /** Tables that fit nowhere: between which links, or none where there are too many. */
  readonly homeless: readonly { readonly node: number; readonly link: TableLink | null }[];
}

/** `reserved` numbers go to nobody new. */
export function numberTables(
  nodes: readonly TableNode[],
  links: readonly TableLink[],
  reserved: ReadonlySet<number>,
): Numbering {
  return new Numberer(nodes, links, reserved).run();
}

class Numberer {
  private readonly nodes: readonly TableNode[];
  private readonly links: readonly TableLink[];
  private readonly reserved: ReadonlySet<number>;
  /** Stated, kept, or the entry's. */
  private readonly pinned: (number | null)[];
  private readonly dead: boolean[];
  private readonly circles: (readonly TableLink[])[] = [];
  private readonly causes = new Map<number, TableLink | null>();
  private readonly homeless: { node: number; link: TableLink | null }[] = [];

  constructor(nodes: readonly TableNode[], links: readonly TableLink[], reserved: ReadonlySet<number>) {
    this.nodes = nodes;
    this.links = links.filter((l) => l.from !== l.to);
    this.reserved = reserved;
    this.pinned = nodes.map((n) => n.stated);
    this.dead = nodes.map(() => false);
  }

  run(): Numbering {
    this.keep();
    this.findCircles();
    this.fit();
    if (this.enter()) this.fit();
    let numbers = this.assign();
    while (numbers === null) numbers = this.assign();
    const moved = this.nodes.flatMap(({ kept, stated }, node) =>
      stated === null && kept !== null && numbers[node] !== null && numbers[node] !== kept
        ? [{ node, link: this.causes.get(node) ?? null }]
        : [],
    );
    return { numbers, circles: this.circles, moved, homeless: this.homeless };
  }

  /** Pins what was kept, where nobody else has that number. */
  private keep(): void {
    const taken = new Set(this.nodes.flatMap((n) => (n.stated === null ? [] : [n.stated])));
    this.nodes.forEach(({ stated, kept }, i) => {
      if (stated !== null || kept === null || kept < 0 || kept > MAX_TABLE || taken.has(kept)) return;
      taken.add(kept);
      this.pinned[i] = kept;
    });
  }

  /** The `goto` links that count: not those between stated numbers, which are reported where they stand. */
  private forward(): TableLink[] {
    const stated = (i: number): boolean => this.nodes[i]?.stated !== null;
    return this.links.filter(
      (l) => l.forward && !this.dead[l.from] && !this.dead[l.to] && !(stated(l.from) && stated(l.to)),
    );
  }

  private findCircles(): void {
    for (;;) {
      const circle = circleIn(this.nodes.length, this.forward());
      if (circle === null) return;
      this.circles.push(circle);
      for (const { from } of circle) if (this.nodes[from]?.stated === null) this.kill(from);
    }
  }

  private kill(node: number): void {
    this.dead[node] = true;
    this.pinned[node] = null;
  }

  /** Lets go of kept numbers until none is too low for what leads to it. */
  private fit(): void {
    for (;;) {
      const conflict = this.conflict();
      if (conflict === null) return;
      const { above, below, link } = conflict;
      const free = [below, above].filter((i) => this.nodes[i]?.stated === null && this.pinned[i] !== null);
      const [only, other] = free;
      if (only === undefined) {
        // Between two stated numbers, the first table on the way that is ours has no place.
        const lost = conflict.between[0];
        if (lost === undefined) return;
        this.homeless.push({ node: lost, link });
        this.kill(lost);
        continue;
      }
      const node = other !== undefined && this.conflicts(other) > this.conflicts(only) ? other : only;
      this.pinned[node] = null;
      this.causes.set(node, link);
    }
  }

  /** Two pinned tables, a way from the first to the second, and no room for it between their numbers. */
  private conflict(): Conflict | null {
    const links = this.forward();
    const order = topological(this.nodes.length, links);
    const into = new Map<number, TableLink[]>();
    for (const link of links) into.set(link.to, [...(into.get(link.to) ?? []), link]);
    /** The lowest number that a table can have, from which pinned table, on which way. */
    const lowest = new Map<number, { number: number; above: number; way: readonly number[] }>();
    for (const node of order) {
      let best: { number: number; above: number; way: readonly number[] } | null = null;
      let by: TableLink | null = null;
      for (const link of into.get(node) ?? []) {
        const before = lowest.get(link.from);
        const pinned = this.pinned[link.from] ?? null;
        const from =
          pinned === null ? before : { number: pinned, above: link.from, way: [] as readonly number[] };
        if (from === undefined) continue;
        const way = pinned === null ? [...from.way, link.from] : from.way;
        if (best === null || from.number + 1 > best.number) {
          best = { number: from.number + 1, above: from.above, way };
          by = link;
        }
      }
      const own = this.pinned[node] ?? null;
      if (best === null) {
        // Nothing is below 0.
        lowest.set(node, { number: 0, above: -1, way: [] });
        continue;
      }
      lowest.set(node, best);
      if (own !== null && by !== null && own < best.number) {
        return { above: best.above, below: node, between: best.way, link: by };
      }
    }
    return null;
  }

  /** How many pinned tables a pinned one is at odds with. */
  private conflicts(node: number): number {
    const number = this.pinned[node] ?? 0;
    const links = this.forward();
    const after = reachable(links, node, 'down');
    const before = reachable(links, node, 'up');
    const at = (i: number): number | null => this.pinned[i] ?? null;
    const wrong = (set: ReadonlySet<number>, bad: (n: number) => boolean): number =>
      [...set].filter((i) => i !== node && bad(at(i) ?? NaN)).length;
    return wrong(after, (n) => n <= number) + wrong(before, (n) => n >= number);
  }

  /** Packets enter at table 0: if it is nobody's, it is that of the first table that nobody leads to. */
  private enter(): boolean {
    if (this.pinned.includes(0) || this.reserved.has(0)) return false;
    const ours = this.nodes.flatMap((n, i) => (n.stated === null && !this.dead[i] ? [i] : []));
    const led = new Set(this.links.map((l) => l.to));
    const led2 = new Set(this.forward().map((l) => l.to));
    const entry =
      ours.find((i) => !led.has(i)) ??
      (this.nodes.every((n) => n.stated === null) ? ours.find((i) => !led2.has(i)) : undefined);
    if (entry === undefined) return false;
    this.pinned[entry] = 0;
    return true;
  }

  /** Numbers for all; null after it has let go of a kept number, to be called again. */
  private assign(): (number | null)[] | null {
    const { segments, stuck } = this.order();
    if (stuck !== null) {
      const { node, high, low } = stuck;
      const kept = [high, low].find(
        (i) => i !== null && this.nodes[i]?.stated === null && this.pinned[i] !== 0,
      );
      if (kept !== undefined && kept !== null) {
        this.pinned[kept] = null;
        this.causes.set(kept, null);
      } else {
        this.homeless.push({ node, link: null });
        this.kill(node);
      }
      return null;
    }
    const numbers = [...this.pinned];
    for (const { low, high, members, room } of segments) {
      spread(low, high, members.length, room).forEach((number, i) => {
        const node = members[i];
        if (node !== undefined) numbers[node] = number;
      });
    }
    return numbers;
  }

  /** All tables in one row, those that are pinned by their numbers, cut up between them. */
  private order(): { segments: readonly Segment[]; stuck: Stuck | null } {
    const forward = this.forward();
    const alive = this.links.filter((l) => !this.dead[l.from] && !this.dead[l.to]);
    const row = this.pinned
      .flatMap((number, node) => (number === null ? [] : [{ node, number }]))
      .sort((a, b) => a.number - b.number);
    const taken = new Set(row.map((r) => r.number));
    const done = new Set<number>();
    const left = new Set(this.nodes.flatMap((_, i) => (this.dead[i] || this.pinned[i] !== null ? [] : [i])));
    const ready = (node: number, links: readonly TableLink[]): boolean =>
      links.every((l) => l.to !== node || done.has(l.from));
    const segments: Segment[] = [];
    const bounds = [...row, null];
    let low = -1;
    let lowNode: number | null = null;
    for (const next of bounds) {
      const high = next?.number ?? MAX_TABLE + 1;
      // Packets enter at table 0: it is the entry's or nobody's.
      const room = range(Math.max(low, 0) + 1, high).filter((n) => !taken.has(n) && !this.reserved.has(n));
      const members: number[] = [];
      const needed = new Set(
        next === null ? left : [...reachable(forward, next.node, 'up')].filter((n) => left.has(n)),
      );
      for (;;) {
        const tight = room.length - members.length <= needed.size;
        const able = [...left].filter((n) => ready(n, forward) && (!tight || needed.has(n)));
        const pick = able.find((n) => ready(n, alive));
        const pinnedFirst =
          next !== null &&
          needed.size === 0 &&
          (pick === undefined || (ready(next.node, alive) && next.node < pick));
        if (pinnedFirst) break;
        const node = pick ?? (next === null || needed.size > 0 ? able[0] : undefined);
        if (node === undefined) break;
        if (members.length >= room.length) {
          return { segments, stuck: { node, high: next?.node ?? null, low: lowNode } };
        }
        members.push(node);
        done.add(node);
        left.delete(node);
        needed.delete(node);
      }
      segments.push({ low, high: next?.number ?? null, members, room });
      if (next === null) break;
      done.add(next.node);
      low = next.number;
      lowNode = next.node;
    }
    const [lost] = left;
    return { segments, stuck: lost === undefined ? null : { node: lost, high: null, low: lowNode } };
  }
}

interface Conflict {
  /** -1 where there is no number below. */
  readonly above: number;
  readonly below: number;
  /** What lies on the way between them. */
  readonly between: readonly number[];
  readonly link: TableLink;
}

interface Segment {
  readonly low: number;
  /** null behind the last table that is pinned. */
  readonly high: number | null;
  readonly members: readonly number[];
  readonly room: readonly number[];
}

interface Stuck {
  readonly node: number;
  readonly high: number | null;
  readonly low: number | null;
}

/** `count` of the numbers in `room`, in order, with room between them. */
function spread(low: number, high: number | null, count: number, room: readonly number[]): number[] {
  if (count === 0) return [];
  if (high === null) {
    // Steps of ten from the last one, for as long as the others fit.
    const step = Math.min(STEP, Math.max(1, Math.floor(room.length / count)));
    const chosen: number[] = [];
    let at = 0;
    let wanted = low + (low < 0 ? 1 : step);
    for (let i = 0; i < count; i++) {
      const last = room.length - (count - i);
      while (at < last && (room[at] as number) < wanted) at++;
      const number = room[at] as number;
      chosen.push(number);
      at++;
      wanted = number + step;
    }
    return chosen;
  }
  return Array.from(
    { length: count },
    (_, i) => room[Math.floor(((i + 0.5) * room.length) / count)] as number,
  );
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}
