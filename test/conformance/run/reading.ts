// A line of dump-flows as our reader of them understands it, beside the flow that was installed.
import type { FlowMod } from '../../../src/ir/types.ts';

/** Why the line is not the flow; null where it is. */
export function readDumped(_line: string, _flow: FlowMod): string | null {
  return null;
}
