/** The formats by name; each is loaded when it is asked for. */
import type { Reporter } from './types.ts';

export const FORMATS = ['pretty', 'concise', 'json', 'sarif', 'github'] as const;
export type Format = (typeof FORMATS)[number];

export async function reporter(format: Format): Promise<Reporter> {
  switch (format) {
    case 'pretty':
      return (await import('./pretty.ts')).pretty;
    case 'concise':
      return (await import('./concise.ts')).concise;
    case 'json':
      return (await import('./json.ts')).json;
    case 'sarif':
      return (await import('./sarif.ts')).sarif;
    case 'github':
      return (await import('./github.ts')).github;
  }
}
