import { expect, test } from 'vitest';
import { SOURCES } from '../../src/std/sources.ts';
import { librarySources, sourcesModule } from './sources.ts';

// After a change of a .wbf file: npm run generate
test('src/std/sources.ts is what the .wbf files beside it say', async () => {
  await expect(sourcesModule()).toMatchFileSnapshot('../../src/std/sources.ts');
  expect(new Map(Object.entries(SOURCES))).toEqual(librarySources());
});
