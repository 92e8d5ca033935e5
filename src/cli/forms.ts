/** What a build can write. */
export const FORMS = ['script', 'flows', 'bundle', 'json'] as const;
export type Form = (typeof FORMS)[number];
