/** A diagnostic as an editor shows it, where there is no room for a frame. */
import type { Diagnostic } from '../diagnostics/types.ts';

export function messageOf(d: Diagnostic): string {
  const answer = d.switchError === null ? [] : [`the switch answers ${d.switchError}`];
  const help = d.help === null ? [] : [`help: ${d.help}`];
  return [d.message, ...answer, ...d.notes, ...help].join('\n');
}
