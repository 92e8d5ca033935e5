// A line of dump-flows as our reader of them understands it.
import { DiagnosticBag } from '../../../src/diagnostics/define.ts';
import { InputNames, readFlow } from '../../../src/import/read/index.ts';
import type { FlowMod } from '../../../src/ir/types.ts';

/** The flow that the line is read as, with the identity of the one that was installed; or why it cannot be read. */
export function readDumped(line: string, installed: FlowMod): FlowMod | string {
  const bag = new DiagnosticBag();
  const read = readFlow({ sink: bag, file: 0, text: line, names: new InputNames(line) }, 0, line.length);
  if (read === null) return bag.all.map((d) => `${d.code}: ${d.message}`).join('; ');
  return { ...installed, ...read.flow, cookie: installed.cookie };
}
