/**
 * Annotations of a GitHub workflow: `::error file=…,line=…::message`.
 * Escapes as the runner undoes them (actions/toolkit, `packages/core/src/command.ts`).
 */
import { linesOf } from './lines.ts';
import { sentences } from './sentences.ts';
import type { Reporter } from './types.ts';

const COMMAND = { error: 'error', warning: 'warning', information: 'notice' } as const;

const data = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

export const github: Reporter = (batches, options) => {
  let text = '';
  for (const { files, diagnostics } of batches) {
    for (const d of diagnostics) {
      const file = files[d.place.file];
      const properties: string[] = [];
      if (file !== undefined) {
        const start = linesOf(file).positionUtf16(d.place.start);
        const end = linesOf(file).positionUtf16(d.place.end);
        properties.push(
          `file=${property(options.repositoryPath(file.path) ?? file.path)}`,
          `line=${start.line}`,
        );
        // GitHub refuses columns for an annotation over several lines.
        if (end.line === start.line) properties.push(`col=${start.column}`);
        properties.push(`endLine=${end.line}`);
        if (end.line === start.line) properties.push(`endColumn=${Math.max(start.column, end.column)}`);
      }
      properties.push(`title=${property(d.switchError === null ? d.code : `${d.code} (${d.switchError})`)}`);
      text += `::${COMMAND[d.severity]} ${properties.join(',')}::${data(sentences(d).join('\n'))}\n`;
    }
  }
  return text;
};
