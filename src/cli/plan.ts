/** A program as a push wants it: bytes, and the way back to the source. */
import { encodeFlowMod } from '../emit/wire/flow-mod.ts';
import { ByteWriter } from '../ir/bytes.ts';
import type { EncodedFlows, FlowList, ProgramIr } from '../ir/types.ts';
import type { PushPlan } from '../push/push.ts';

function encode(flows: FlowList): EncodedFlows {
  if (flows.encoded !== undefined) return flows.encoded();
  const writer = new ByteWriter();
  const offsets = new Uint32Array(flows.length + 1);
  let i = 0;
  for (const flow of flows) {
    encodeFlowMod(flow, writer, 0);
    offsets[++i] = writer.length;
  }
  return { bytes: writer.take(), offsets };
}

export function planOf(program: ProgramIr, bridgeName: string | null): PushPlan {
  const { bytes, offsets } = encode(program.flows);
  return {
    version: '1.5',
    flowCount: program.flows.length,
    messages: bytes,
    offsets,
    cookies: program.cookies,
    bridgeName,
    origin: (i) => program.flows.origin(i),
  };
}
