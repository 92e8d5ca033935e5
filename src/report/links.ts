/** Where the project can be read about. The only place that knows its address. */
export const PROJECT_URL = 'https://github.com/wbfc/wbfc';

/** The page that explains a diagnostic. */
export function helpUrl(code: string): string {
  return `${PROJECT_URL}/blob/main/docs/diagnostics.md#${encodeURIComponent(code.toLowerCase())}`;
}
