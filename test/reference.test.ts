// The pages of the reference are those that the tables make, and every example on them compiles.
import { describe, expect, it } from 'vitest';
import { compile } from '../src/project/compile.ts';
import { actionsPage } from './reference/actions.ts';
import { fieldsPage } from './reference/fields.ts';
import { type Page, pageText } from './reference/page.ts';
import { protocolsPage } from './reference/protocols.ts';
import { stdPage } from './reference/std.ts';

const PAGES: Readonly<Record<string, Page>> = {
  fields: fieldsPage(),
  protocols: protocolsPage(),
  actions: actionsPage(),
  std: stdPage(),
};

describe.each(Object.entries(PAGES))('%s', (file, page) => {
  it.each(page.examples.map((e) => [e.name, e.text] as const))('the example of %s compiles', (name, text) => {
    const { diagnostics } = compile({ path: `${name}.wbf`, text });
    const errors = diagnostics.filter((d) => d.severity === 'error');
    expect(errors.map((d) => `${d.code} ${d.message}`)).toEqual([]);
  });

  // `npx vitest run test/reference.test.ts -u` writes the pages again.
  it('is up to date', async () => {
    await expect(pageText(page)).toMatchFileSnapshot(`../docs/reference/${file}.md`);
  });
});
