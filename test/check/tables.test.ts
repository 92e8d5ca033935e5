// Tables without a number: in the order of the pipeline, and where they were before.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { numberTables, type TableLink, type TableNode } from '../../src/check/table-numbers.ts';
import { NO_ALLOCATION, type Allocation } from '../../src/ir/types.ts';
import { compile } from '../../src/project/compile.ts';
import { draw, expectDiagnostics } from './expect.ts';

const kept = (tables: Record<string, number>): Map<string, Allocation> =>
  new Map([['t', { ...NO_ALLOCATION, tables: new Map(Object.entries(tables)) }]]);

function numbers(text: string, lock: Map<string, Allocation> = new Map()): Record<string, number> {
  const { program, diagnostics, lock: given } = compile({ path: 't.wbf', text }, { lock });
  expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  for (const [name, number] of given.tables) expect(program?.tables.get(number)).toBe(name);
  return Object.fromEntries(given.tables);
}

/** Tables with the names of those in the numbers, in that order. */
const inOrder = (found: Record<string, number>): string[] =>
  Object.keys(found).sort((a, b) => (found[a] ?? 0) - (found[b] ?? 0));

describe('the order of the pipeline', () => {
  test('follows every way from table to table, not the source', () => {
    const found = numbers(
      `
      group g = 1 { type = indirect; bucket { action { resubmit(,out) } } }
      table out { miss = drop }
      table learned { miss = drop }
      table nat { flow { match { ip } action { clone { ct(table = out) }; group g } } miss = drop }
      table acl { miss { learn(table = learned) { match { eth_dst = pkt.eth_src } action { drop } }; resubmit(,nat) } }
      table in { flow f { match { arp } action { clone { resubmit(,acl) }; drop_or_not = 1 } } miss = goto acl }
    `.replace('; drop_or_not = 1', ''),
    );
    expect(found['in']).toBe(0);
    expect(inOrder(found).slice(0, 2)).toEqual(['in', 'acl']);
    for (const later of ['nat', 'out', 'learned']) expect(found[later]).toBeGreaterThan(found['acl'] ?? 999);
    expect(found['out']).toBeGreaterThan(found['nat'] ?? 999);
  });

  test('the first table that nobody leads to is table 0', () => {
    expect(numbers('table b { miss = drop }\ntable a { miss = goto b }\n')).toEqual({ a: 0, b: 10 });
  });

  test('unless table 0 is taken, by a declaration or by flows at top level', () => {
    expect(
      numbers('table a { miss = goto b }\ntable b { miss = drop }\nflow { match {} action { goto a } }\n'),
    ).toEqual({
      a: 10,
      b: 20,
    });
    expect(numbers('table a { miss = drop }\ntable z = 0 { miss = goto a }\n')).toEqual({ a: 10 });
  });

  test('a circle of resubmit begins at its first table', () => {
    expect(
      numbers(
        'table a { miss = drop; flow { match { ip } action { resubmit(,b) } } }\ntable b { miss = drop; flow { match { arp } action { resubmit(,a) } } }\n',
      ),
    ).toEqual({
      a: 0,
      b: 10,
    });
  });

  test('tables with numbers are neighbours too', () => {
    const found = numbers(`
      table in = 3 { miss = goto mid }
      table mid { miss = goto out }
      table out = 7 { miss = drop }
      table entry = 0 { miss = goto in }
    `);
    expect(found).toEqual({ mid: 5 });
  });

  test('a number in the source is given to no table', () => {
    expectDiagnostics(`table a { miss = goto b }
table b { miss = resubmit(,10) }
                           ~~ WBF2010 no table of this program has the number 10
`);
  });

  test('254 tables fit, and no more', () => {
    const many = (n: number): string =>
      Array.from(
        { length: n },
        (_, i) => `table t${i} { miss = ${i + 1 < n ? `goto t${i + 1}` : 'drop'} }\n`,
      ).join('');
    expect(Object.values(numbers(many(254)))).toEqual(Array.from({ length: 254 }, (_, i) => i));
    const { diagnostics } = compile({ path: 't.wbf', text: many(255) });
    expect(diagnostics.map((d) => d.code)).toContain('WBF5502');
  });
});

describe('errors', () => {
  test('a circle of goto', () => {
    expectDiagnostics(`table a { miss = goto b }
                      ~ WBF5501 \`goto\` leads in a circle: \`a\` → \`b\` → \`c\` → \`a\`
table b { flow { match { arp } action { goto c } } miss = drop }
                                             - and from here to \`c\`
table c { miss { write_metadata 1; goto a } }
                                        - and from here to \`a\`
`);
  });

  test('no room between two numbers', () => {
    expectDiagnostics(`table a = 4 { miss = goto b }
table b { miss = goto c }
      ~ WBF5502 there is no number left for \`b\`
                      - this \`goto\` must lead to a higher number
table c = 5 { miss = drop }
`);
  });

  test('a table that leads to itself', () => {
    expectDiagnostics(`table a { miss = goto a }
                      ~ WBF4313 table 0 is the table of this flow: \`goto\` leads to later tables only
`);
  });
});

describe('the lock', () => {
  const before = `
    table in { miss = goto acl }
    table acl { miss = goto out }
    table out { miss = drop }
  `;
  const lock = kept({ in: 0, acl: 10, out: 20 });

  test('keeps the numbers when a table comes in between', () => {
    const after = before.replace('miss = goto out', 'miss = goto nat') + 'table nat { miss = goto out }';
    expect(numbers(after, lock)).toEqual({ in: 0, acl: 10, out: 20, nat: 15 });
    expect(compile({ path: 't.wbf', text: after }, { lock }).diagnostics).toEqual([]);
  });

  test('keeps them whatever the order of the source', () => {
    const turned = before.trim().split('\n').reverse().join('\n');
    expect(numbers(turned, kept({ in: 0, acl: 7, out: 8 }))).toEqual({ in: 0, acl: 7, out: 8 });
  });

  test('lets go of names that are gone', () => {
    expect(numbers('table in { miss = drop }', lock)).toEqual({ in: 0 });
  });

  test('moves what a new goto would lead back to, and says so', () => {
    const text = `table in { miss = goto out }
table out { miss = goto acl }
table acl { miss = drop }
`;
    const { diagnostics, lock: given } = compile({ path: 't.wbf', text }, { lock });
    expect(draw(text, diagnostics)).toBe(`table in { miss = goto out }
table out { miss = goto acl }
                        --- from \`out\` to \`acl\`
table acl { miss = drop }
      ~~~ WBF5503 \`acl\` moves from table 10 to table 30
`);
    expect(Object.fromEntries(given.tables)).toEqual({ in: 0, out: 20, acl: 30 });
  });

  test('the table in which packets enter moves to 0', () => {
    const text = 'table acl { miss = goto out }\ntable out { miss = drop }\n';
    const { diagnostics, lock: given } = compile({ path: 't.wbf', text }, { lock });
    expect(diagnostics.map((d) => d.message)).toEqual(['`acl` moves from table 10 to table 0']);
    expect(Object.fromEntries(given.tables)).toEqual({ acl: 0, out: 20 });
  });

  test('a number that is taken by a declaration is let go', () => {
    const text = 'table a = 0 { miss = goto acl }\ntable b = 10 { miss = drop }\ntable acl { miss = drop }\n';
    const { diagnostics, lock: given } = compile({ path: 't.wbf', text }, { lock });
    expect(diagnostics.filter((d) => d.code === 'WBF5503').map((d) => d.message)).toEqual([
      '`acl` moves from table 10 to table 20',
    ]);
    expect(Object.fromEntries(given.tables)).toEqual({ acl: 20 });
  });

  test('numbers in a lock that no table can have are let go', () => {
    expect(numbers('table a { miss = goto b }\ntable b { miss = drop }', kept({ a: 0, b: 900 }))).toEqual({
      a: 0,
      b: 10,
    });
  });
});

describe('any program', () => {
  /** Links lead from a lower to a higher place in a hidden order, so that there is no circle. */
  const pipeline = fc.integer({ min: 1, max: 12 }).chain((count) =>
    fc.record({
      hidden: fc.shuffledSubarray(
        Array.from({ length: count }, (_, i) => i),
        { minLength: count, maxLength: count },
      ),
      pairs: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1), fc.boolean()), { maxLength: 30 }),
      kept: fc.array(fc.option(fc.nat(30), { freq: 3 }), { minLength: count, maxLength: count }),
    }),
  );
  const linksOf = (
    hidden: readonly number[],
    pairs: readonly (readonly [number, number, boolean])[],
  ): TableLink[] =>
    pairs.flatMap(([a, b, forward]) =>
      a === b ? [] : [{ from: hidden[Math.min(a, b)] ?? 0, to: hidden[Math.max(a, b)] ?? 0, forward }],
    );
  const holds = (links: readonly TableLink[], found: readonly (number | null)[]): boolean =>
    links.every((l) => !l.forward || (found[l.from] ?? 0) < (found[l.to] ?? 0));

  test('goto leads forward, and no two tables have one number', () => {
    fc.assert(
      fc.property(pipeline, ({ hidden, pairs, kept: was }) => {
        const links = linksOf(hidden, pairs);
        const nodes: TableNode[] = hidden.map((_, i) => ({ stated: null, kept: was[i] ?? null }));
        const { numbers: found, circles, homeless } = numberTables(nodes, links, new Set());
        expect(circles).toEqual([]);
        expect(homeless).toEqual([]);
        expect(found.includes(null)).toBe(false);
        expect(new Set(found).size).toBe(found.length);
        expect(holds(links, found)).toBe(true);
        expect(found.includes(0)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('a second run changes nothing', () => {
    fc.assert(
      fc.property(pipeline, ({ hidden, pairs, kept: was }) => {
        const links = linksOf(hidden, pairs);
        const nodes = (k: readonly (number | null)[]): TableNode[] =>
          hidden.map((_, i) => ({ stated: null, kept: k[i] ?? null }));
        const first = numberTables(nodes(was), links, new Set()).numbers;
        const second = numberTables(nodes(first), links, new Set());
        expect(second.numbers).toEqual(first);
        expect(second.moved).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('a new table moves no other where there is a number for it', () => {
    fc.assert(
      fc.property(pipeline, fc.array(fc.nat(11)), fc.array(fc.nat(11)), ({ hidden, pairs }, above, below) => {
        const count = hidden.length;
        const links = linksOf(hidden, pairs);
        const first = numberTables(
          hidden.map(() => ({ stated: null, kept: null })),
          links,
          new Set(),
        ).numbers;
        const at = (i: number): number => first[i % count] ?? 0;
        const low = Math.max(0, ...above.map(at));
        const high = Math.min(254, ...below.map(at));
        fc.pre(high - low > 1);
        const more = [
          ...above.map((i) => ({ from: i % count, to: count, forward: true })),
          ...below.map((i) => ({ from: count, to: i % count, forward: true })),
        ];
        const nodes = [...first.map((n) => ({ stated: null, kept: n })), { stated: null, kept: null }];
        const { numbers: found, moved } = numberTables(nodes, [...links, ...more], new Set());
        expect(moved).toEqual([]);
        expect(found.slice(0, count)).toEqual(first);
        expect(found[count]).toBeGreaterThan(low);
        expect(found[count]).toBeLessThan(high);
      }),
      { numRuns: 500 },
    );
  });
});
