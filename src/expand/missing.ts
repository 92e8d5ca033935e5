/** Files that cannot be had. */
import type { Span } from '../../grammar/ast.ts';
import { missingFile, outsideRoot, unreadableFile } from '../diagnostics/codes/expand-modules.ts';
import type { Env } from './env.ts';
import type { Missing } from './types.ts';

/** Why a file is not there, at its path. */
export function reportMissing(
  env: Env,
  path: string,
  span: Span,
  { why, detail }: Missing,
  what: string,
): null {
  switch (why) {
    case 'absent':
      return env.report(
        missingFile,
        { path, what },
        span,
        detail === '' ? {} : { help: `did you mean ${JSON.stringify(detail)}?` },
      );
    case 'outside':
      return env.report(outsideRoot, { path, root: detail }, span);
    default: {
      const reason =
        why === 'not a file'
          ? 'it is no file'
          : why === 'too large'
            ? 'it is too large'
            : why === 'not UTF-8'
              ? 'it is not UTF-8'
              : 'the system does not let us';
      return env.report(
        unreadableFile,
        { path, why: detail === '' ? reason : `${reason} (${detail})` },
        span,
      );
    }
  }
}
