// `wbfc explain` knows every diagnostic.
/* eslint-disable @typescript-eslint/no-unsafe-member-access -- what is looked at is JSON */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DEFINITIONS, definitionOf } from '../../src/cli/rules.ts';

const folder = new URL('../../src/diagnostics/codes/', import.meta.url);

test('every definition in src/diagnostics/codes/ is listed', async () => {
  for (const file of readdirSync(folder)) {
    const module = (await import(new URL(file, folder).href)) as object;
    for (const value of Object.values(module)) {
      if (typeof value !== 'object' || value === null || !('code' in value)) continue;
      expect(definitionOf(value.code as string), `${file}: ${value.code as string}`).toBe(value);
    }
  }
});

test('no code is used twice, and each is one', () => {
  const codes = DEFINITIONS.map((d) => d.code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const d of DEFINITIONS) {
    expect(d.code).toMatch(/^WBF\d{4}$/);
    expect(d.title).not.toBe('');
    expect(d.explanation).not.toBe('');
  }
});
