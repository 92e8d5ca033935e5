/** A list of flows that are all in memory. */
import type { FlowList, FlowMod, Origin } from './types.ts';

export function flowList(flows: readonly FlowMod[]): FlowList {
  const at = (index: number): FlowMod => {
    const flow = flows[index];
    if (flow === undefined) throw new RangeError(`flow ${index} of ${flows.length}`);
    return flow;
  };
  return {
    length: flows.length,
    at,
    origin: (index): Origin => at(index).origin,
    [Symbol.iterator]: () => flows[Symbol.iterator](),
  };
}
