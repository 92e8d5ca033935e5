/**
 * Programs with what is said of them drawn in, in `cases/`. `npx vitest run test/expand/cases.test.ts -u` draws them again:
 * read what has changed.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileAll, drawAll } from './support.ts';

const folder = new URL('cases/', import.meta.url);

test.each(readdirSync(folder).filter((name) => name.endsWith('.txt')))('%s', async (name) => {
  const source = readFileSync(new URL(name, folder), 'utf8');
  await expect(drawAll(compileAll(source))).toMatchFileSnapshot(new URL(name, folder).pathname);
});
