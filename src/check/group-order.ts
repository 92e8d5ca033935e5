/** Groups that refer to groups: in which order they can be made, and circles among them. */
import { groupCycle } from '../diagnostics/codes/groups.ts';
import type { Sink } from '../diagnostics/define.ts';
import type { GroupMod } from '../ir/types.ts';
import { label, report, within } from './report.ts';
import type { GroupSymbol, Located } from './types.ts';

/** One group names another, in an action or to watch it. */
export interface Edge {
  readonly from: GroupSymbol;
  readonly to: GroupSymbol;
  readonly at: Located;
}

/** The groups, each behind those that it refers to. Circles are reported, each once. */
export function inOrder(
  sink: Sink,
  symbols: readonly GroupSymbol[],
  groups: readonly GroupMod[],
  edges: readonly Edge[],
): readonly GroupMod[] {
  const byId = new Map(groups.map((g) => [g.id, g]));
  const from = new Map<GroupSymbol, Edge[]>();
  for (const edge of edges) {
    const known = from.get(edge.from);
    if (known === undefined) from.set(edge.from, [edge]);
    else known.push(edge);
  }
  const done = new Set<GroupSymbol>();
  const sorted: GroupMod[] = [];
  for (const symbol of symbols) visit(symbol);
  return sorted;

  /** Without recursion: a chain of groups may be as long as a file. */
  function visit(root: GroupSymbol): void {
    if (done.has(root)) return;
    done.add(root);
    const path: { readonly symbol: GroupSymbol; next: number; readonly by: Edge | null }[] = [
      { symbol: root, next: 0, by: null },
    ];
    const places = new Map([[root, 0]]);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const edge = from.get(top.symbol)?.[top.next++];
      if (edge === undefined) {
        path.pop();
        places.delete(top.symbol);
        const mod = top.symbol.id === null ? undefined : byId.get(top.symbol.id);
        if (mod !== undefined) sorted.push(mod);
        continue;
      }
      const start = places.get(edge.to);
      if (start !== undefined) circle([...path.slice(start + 1).flatMap((p) => p.by ?? []), edge]);
      else if (!done.has(edge.to)) {
        done.add(edge.to);
        places.set(edge.to, path.length);
        path.push({ symbol: edge.to, next: 0, by: edge });
      }
    }
  }

  /** `steps` lead from a group back to itself. */
  function circle(steps: readonly Edge[]): void {
    const last = steps.at(-1);
    if (last === undefined) return;
    const names = [last.to.name, ...steps.map((e) => e.to.name)];
    const ctx = within({ sink, file: last.at.file }, last.from.origin);
    report(ctx, groupCycle, { path: names }, last.at.span, {
      related: steps
        .slice(0, -1)
        .map((e) => label(e.at, `\`${e.from.name}\` refers to \`${e.to.name}\` here`)),
      help: 'the switch takes such groups, and drops every packet that is sent to them',
    });
  }
}
