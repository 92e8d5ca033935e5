/** What is wrong with a data file, as a diagnostic in that file. */
import { DATA_EXTENSIONS, LIMITS } from '../data/index.ts';
import type { DataLimit, DataProblem } from '../data/index.ts';
import {
  dataCells,
  dataColumn,
  dataFormat,
  dataLimit,
  dataMore,
  dataRepeated,
  dataSyntax,
} from '../diagnostics/codes/data-files.ts';
import { make } from '../diagnostics/define.ts';
import type { Diagnostic, Label } from '../diagnostics/types.ts';

/** `file` is the index of the data file; `related` goes with it: the `load`. */
export function dataDiagnostic(
  problem: DataProblem,
  file: number,
  related: readonly Label[] = [],
): Diagnostic {
  const place = { file, ...problem.span };
  switch (problem.kind) {
    case 'format': {
      const known = DATA_EXTENSIONS.map((e) => `.${e}`);
      const { extension } = problem;
      // It is the name of the file that is wrong, not what stands in it.
      return make(
        dataFormat,
        { extension, known: `${known.slice(0, -1).join(', ')} and ${known.at(-1) ?? ''}` },
        related[0] ?? place,
      );
    }
    case 'syntax':
      return make(dataSyntax, { format: problem.format, reason: problem.reason }, place, { related });
    case 'cells':
      return make(dataCells, { cells: problem.cells, columns: problem.columns }, place, { related });
    case 'unnamed':
      return make(dataColumn, { column: problem.column }, place, { related });
    case 'repeated':
      return make(dataRepeated, { name: problem.name }, place, {
        related: [{ file, ...problem.first, message: 'the first one' }, ...related],
      });
    case 'limit':
      return make(dataLimit, { what: limitWords(problem.limit) }, place, { related });
    case 'more':
      return make(dataMore, { count: problem.count }, place, { related });
  }
}

/** Put together when needed: numbers in words take a start of the compiler as long as all else that it does. */
function limitWords(limit: DataLimit): string {
  switch (limit) {
    case 'characters':
      return `this file has more than ${LIMITS.characters / 1024 / 1024} Mi characters`;
    case 'YAML characters':
      return `this file has more than ${LIMITS['YAML characters'] / 1024 / 1024} Mi characters; CSV and JSON may have more`;
    case 'depth':
      return `lists and records stand more than ${LIMITS.depth} deep in one another here`;
    case 'values':
      return `this file has more than ${LIMITS.values.toLocaleString('en')} values`;
  }
}
