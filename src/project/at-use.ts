/** Mistakes that come out in the standard library. */
import type { Diagnostic } from '../diagnostics/types.ts';
import type { SourceFile } from '../expand/types.ts';
import { SOURCES } from '../std/sources.ts';

const isLibrary = (file: SourceFile | undefined): boolean =>
  file !== undefined && Object.hasOwn(SOURCES, file.path);

/**
 * What a program gave to a template of the standard library and does not fit there is the program's mistake: it is
 * reported where the program says it, with the place in the library beside it. Nobody can change that file.
 */
export function atUse(diagnostic: Diagnostic, files: readonly SourceFile[]): Diagnostic {
  const { place, label, related, fixes } = diagnostic;
  if (!isLibrary(files[place.file])) return diagnostic;
  const use = related.find((r) => !isLibrary(files[r.file]));
  if (use === undefined) return diagnostic;
  const { file, start, end, message } = use;
  return {
    ...diagnostic,
    place: { file, start, end },
    label: message,
    related: [
      { ...place, message: label === '' ? 'it comes out here' : label },
      ...related.filter((r) => r !== use),
    ],
    fixes: fixes.filter(({ edits }) => !edits.some((e) => isLibrary(files[e.file]))),
  };
}
