/** A text in its house style. */
import type { Span } from '../../grammar/ast.ts';
import type { Edit } from '../format/edits.ts';
import { editsBetween } from '../format/edits.ts';
import { format } from '../format/format.ts';

/** What to change: nothing in a text with syntax errors. `within`: only there. */
export function formatting(text: string, within: Span | null = null): readonly Edit[] {
  const { text: formatted } = format(text);
  if (formatted === text) return [];
  const edits = editsBetween(text, formatted);
  return within === null ? edits : edits.filter((e) => e.start >= within.start && e.end <= within.end);
}
