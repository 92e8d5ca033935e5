export const SOURCES: Readonly<Record<string, string>> = {};
