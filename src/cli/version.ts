/** The version of the package, put in by the build. */
declare const WBFC_VERSION: string | undefined;

export const VERSION = typeof WBFC_VERSION === 'string' ? WBFC_VERSION : '0.0.0-source';
