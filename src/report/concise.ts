/** One line a diagnostic: `file:line:col: error[WBF3001]: message (OFPBMC_BAD_PREREQ)`. Columns count code points. */
import { linesOf } from './lines.ts';
import { safe } from './terminal-text.ts';
import type { Reporter } from './types.ts';

const WORD = { error: 'error', warning: 'warning', information: 'info' } as const;

export const concise: Reporter = (batches) => {
  let text = '';
  for (const { files, diagnostics } of batches) {
    for (const d of diagnostics) {
      const file = files[d.place.file];
      const at = file === undefined ? null : linesOf(file).position(d.place.start);
      const where = file === undefined || at === null ? '' : `${safe(file.path)}:${at.line}:${at.column}: `;
      const answer = d.switchError === null ? '' : ` (${d.switchError})`;
      text += `${where}${WORD[d.severity]}[${d.code}]: ${safe(d.message)}${answer}\n`;
    }
  }
  return text;
};
