/** Every documented example is true: the bad program gives exactly its diagnostic, the good one none. */
import { describe, expect, test } from 'vitest';
import type { Definition } from '../../src/diagnostics/define.ts';
import * as bridge from '../../src/diagnostics/codes/bridge.ts';
import * as match from '../../src/diagnostics/codes/match.ts';
import * as names from '../../src/diagnostics/codes/names.ts';
import * as program from '../../src/diagnostics/codes/program.ts';
import * as values from '../../src/diagnostics/codes/values.ts';
import { check, draw } from './expect.ts';

const rooms = { names, values, match, program, bridge };

for (const [room, codes] of Object.entries(rooms)) {
  const definitions = Object.values(codes) as unknown as Definition<never>[];
  describe(`codes of ${room}`, () => {
    test('are all different', () => {
      const found = definitions.map((d) => d.code);
      expect(new Set(found).size).toBe(found.length);
    });

    test.each(definitions)('$code $title', ({ code, example }) => {
      if (example === null) return;
      const bad = check(example.bad);
      const good = check(example.good);
      expect(
        bad.diagnostics.map((d) => d.code),
        draw(bad.text, bad.diagnostics),
      ).toEqual([code]);
      expect(
        good.diagnostics.map((d) => d.code),
        draw(good.text, good.diagnostics),
      ).toEqual([]);
    });
  });
}
