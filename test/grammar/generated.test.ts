import { expect, it } from 'vitest';
import { ebnf } from '../../grammar/ebnf.ts';

// `npx vitest run test/grammar/generated.test.ts -u` writes the file again.
it('the EBNF is that of the parser', async () => {
  await expect(ebnf()).toMatchFileSnapshot('../../grammar/generated/wbf.ebnf');
});
