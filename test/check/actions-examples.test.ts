/** The examples of `wbfc explain` for actions: the bad one gives exactly its diagnostic, the good one none. */
import { describe, expect, test } from 'vitest';
import * as codes from '../../src/diagnostics/codes/actions.ts';
import type { Definition } from '../../src/diagnostics/define.ts';
import { compileText } from './actions-support.ts';

const all = Object.values(codes) as unknown as Definition<never>[];

describe('every diagnostic of actions', () => {
  test('has a code of its own', () => {
    const numbers = all.map((d) => d.code);
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const code of numbers) expect(code).toMatch(/^WBF4\d{3}$/);
  });

  test('explains itself', () => {
    for (const { explanation } of all) expect(explanation.length).toBeGreaterThan(100);
  });

  test.each(all.flatMap((d) => (d.example === null ? [] : [{ code: d.code, ...d.example }])))(
    '$code has examples that are true',
    ({ code, bad, good }) => {
      expect(compileText(bad).diagnostics.map((d) => d.code)).toEqual([code]);
      expect(compileText(good).diagnostics.map((d) => d.code)).toEqual([]);
    },
  );
});
