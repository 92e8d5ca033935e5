import type { ProgramIr } from '../../src/ir/types.ts';

/** The FLOW_MODs of a program, in hexadecimal. */
export function bytesOf(program: ProgramIr): string[] {
  const encoded = program.flows.encoded?.();
  if (encoded === undefined) throw new Error('no bytes');
  return Array.from({ length: program.flows.length }, (_, i) =>
    Buffer.from(encoded.bytes.subarray(encoded.offsets[i], encoded.offsets[i + 1])).toString('hex'),
  );
}
