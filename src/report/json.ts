/**
 * One JSON document for programs that are not SARIF readers:
 *
 * - `version`: of this format, 1. New members may appear within a version; none changes its meaning.
 * - `tool`: `{ name, version }` of the compiler.
 * - `summary`: `{ errors, warnings, information }`, how many there are of each.
 * - `diagnostics`: in the order of files and places. Each has
 *   - `code`, `severity` (`error`, `warning`, `information`), `message`;
 *   - `switchError`: the error with which the switch would answer, or null;
 *   - `location`: see below; `label`: a short text for it, or null;
 *   - `related`: `[{ location, message }]`, the message perhaps null; `notes`: sentences; `help`: a sentence or null;
 *   - `fixes`: `[{ title, edits: [{ location, newText }] }]`, the preferred one first; edits do not overlap.
 *   - `url`: where the code is explained.
 * - a location is `{ file, start, end }`, its ends `{ line, column, offset }`: `line` and `column` count from 1, columns
 *   in Unicode code points; `offset` counts UTF-16 code units from 0, a byte order mark included. `end` is exclusive.
 */
import type { Place } from '../diagnostics/types.ts';
import { linesOf } from './lines.ts';
import { helpUrl } from './links.ts';
import type { ReportFile, Reporter } from './types.ts';
import { count } from './types.ts';

interface JsonPoint {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

interface JsonLocation {
  readonly file: string;
  readonly start: JsonPoint;
  readonly end: JsonPoint;
}

function location(place: Place, files: readonly ReportFile[]): JsonLocation | null {
  const file = files[place.file];
  if (file === undefined) return null;
  const lines = linesOf(file);
  const point = (offset: number): JsonPoint => ({ ...lines.position(offset), offset });
  return { file: file.path, start: point(place.start), end: point(place.end) };
}

export const json: Reporter = (batches, options) => {
  const counts = count(batches);
  const document = {
    version: 1,
    tool: { name: 'wbfc', version: options.version },
    summary: { errors: counts.error, warnings: counts.warning, information: counts.information },
    diagnostics: batches.flatMap(({ files, diagnostics }) =>
      diagnostics.map((d) => ({
        code: d.code,
        severity: d.severity,
        message: d.message,
        switchError: d.switchError,
        location: location(d.place, files),
        label: d.label === '' ? null : d.label,
        related: d.related.map((r) => ({
          location: location(r, files),
          message: r.message === '' ? null : r.message,
        })),
        notes: d.notes,
        help: d.help,
        fixes: d.fixes.map((f) => ({
          title: f.title,
          edits: f.edits.map((e) => ({ location: location(e, files), newText: e.newText })),
        })),
        url: helpUrl(d.code),
      })),
    ),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
};
