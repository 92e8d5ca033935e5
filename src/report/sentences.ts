/** What a diagnostic says in words. */
import type { Diagnostic } from '../diagnostics/types.ts';

/** What to do: as stated, or else what the fixes would do. */
export function helpOf(d: Diagnostic): string | null {
  if (d.help !== null) return d.help;
  const titles = d.fixes.map((f) => f.title.charAt(0).toLowerCase() + f.title.slice(1));
  return titles.length === 0 ? null : titles.join(', or ');
}

/** All of it, for reports without a frame. */
export function sentences(d: Diagnostic): readonly string[] {
  const help = helpOf(d);
  return [d.message, ...d.notes, ...(help === null ? [] : [`help: ${help}`])];
}
