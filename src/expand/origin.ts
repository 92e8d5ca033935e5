/** Origins, and how a diagnostic shows them. */
import type { Sink } from '../diagnostics/define.ts';
import type { Diagnostic } from '../diagnostics/types.ts';
import type { Origin } from './types.ts';

/** The main file, outside of templates and loops. */
export const MAIN: Origin = { file: 0, module: '', instance: '', chain: [] };

/** More frames than this are told by their number. */
const MAX_FRAMES = 8;

/** What is added to it says how the compiler came there. */
export function chained(sink: Sink, { chain }: Origin): Sink {
  return chain.length === 0 ? sink : new ChainSink(sink, chain);
}

class ChainSink implements Sink {
  private readonly sink: Sink;
  private readonly chain: Origin['chain'];

  constructor(sink: Sink, chain: Origin['chain']) {
    this.sink = sink;
    this.chain = chain;
  }

  add(diagnostic: Diagnostic): void {
    const frames = this.chain.slice(0, MAX_FRAMES);
    const more = this.chain.length - frames.length;
    const related = frames.map(({ file, span, message }, i) => ({
      file,
      start: span.start,
      end: span.end,
      message: more > 0 && i === frames.length - 1 ? `${message}, and ${more} more around it` : message,
    }));
    this.sink.add({ ...diagnostic, related: [...diagnostic.related, ...related] });
  }

  allows(code: string): boolean {
    return this.sink.allows?.(code) === true;
  }
}
