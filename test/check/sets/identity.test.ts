/** What a flow with sets becomes, and that its cookie and its ids stay where they are. */
import { describe, expect, test } from 'vitest';
import { ConjunctionIds } from '../../../src/check/conjunction-ids.ts';
import { flowText } from '../../../src/emit/flows.ts';
import { compile, type Compilation } from '../../../src/project/compile.ts';

function compiled(text: string): Compilation & { readonly program: NonNullable<Compilation['program']> } {
  const result = compile({ path: 'p.wbf', text });
  const { program } = result;
  if (program === null) throw new Error(result.diagnostics.map((d) => d.message).join('\n'));
  return { ...result, program };
}

/** The cookies of a flow with these attributes and matches. */
function cookies(flow: string, name = ''): readonly bigint[] {
  const { program } = compiled(`flow ${name} { ${flow} action { drop } }\n`);
  return [...new Set([...program.flows].map((f) => f.cookie))];
}

describe('cookies', () => {
  test('all flows that one makes have its cookie', () => {
    for (const match of [
      'match { tcp; tcp_dst in {80, 443} }',
      'expand = conjunction; match { tcp; tcp_dst in {80, 443}; tcp_src in {1, 3} }',
      'match { protocol in {tcp, udp}; tp_dst in {80, 443} } match { icmp }',
    ]) {
      expect(cookies(match)).toHaveLength(1);
      expect(cookies(match, 'web')).toHaveLength(1);
    }
    expect(cookies('match { tcp; tcp_dst in {80, 443} }', 'web')).toEqual(
      cookies('match { tcp; tcp_dst in 1-9 }', 'web'),
    );
  });

  test.each([
    ['match { tcp; tcp_dst in {80, 443} }', 'match { tcp; tcp_dst in {443, 80} }'],
    ['match { tcp; tcp_dst in {80, 443} }', 'match { tcp_dst = {443, 80, 443}; tcp }'],
    [
      'match { tcp; tcp_dst in 1-3; tcp_src in {5, 7} }',
      'match { tcp; tcp_src in {7, 5}; tcp_dst in {2, 3, 1} }',
    ],
    ['match { tcp; tcp_dst in {80} }', 'match { tcp; tcp_dst = 80 }'],
    ['match { tcp; tcp_dst in 80-80 }', 'match { tcp; tcp_dst = 80 }'],
    ['match { protocol in {tcp, udp}; tp_dst = 5 }', 'match { protocol in {udp, tcp}; tp_dst = 5 }'],
    ['match { protocol in {tcp, udp} }', 'match { udp } match { tcp }'],
    ['match { tcp } match { udp }', 'match { udp } match { tcp } match { tcp }'],
    ['match { ip_proto in {6, 17}; ip }', 'match { protocol in {tcp, udp} }'],
    [
      'match { tcp; tcp_dst in {1-6, 9}; tcp_src in {1-6, 9} }',
      'masks = overlapping; match { tcp; tcp_dst in {1-6, 9}; tcp_src in {1-6, 9} }',
    ],
    [
      'expand = cross; match { tcp; tcp_dst in {80, 443}; tcp_src in {1, 3} }',
      'expand = conjunction; match { tcp; tcp_dst in {80, 443}; tcp_src in {1, 3} }',
    ],
  ])('%s as %s', (a, b) => {
    expect(cookies(a)).toEqual(cookies(b));
  });

  test.each([
    ['match { tcp; tcp_dst in {80, 443} }', 'match { tcp; tcp_dst in {80, 444} }'],
    ['match { tcp; tcp_dst in {80, 443} }', 'match { tcp; tcp_src in {80, 443} }'],
    [
      'match { tcp; tcp_dst in {1, 4}; tcp_src in {2, 8} }',
      'match { tcp; tcp_dst in {2, 8}; tcp_src in {1, 4} }',
    ],
    ['match { tcp } match { udp }', 'match { tcp } match { icmp }'],
  ])('%s not as %s', (a, b) => {
    expect(cookies(a)).not.toEqual(cookies(b));
  });
});

test('a clause of two conjunctions is one flow, the same whichever of them comes first', () => {
  const one =
    'flow one { expand = conjunction; match { tcp; tcp_src in {1, 4}; tcp_dst in {80, 99} } action { drop } }\n';
  const two =
    'flow two { expand = conjunction; match { tcp; tcp_src in {1, 6}; tcp_dst in {81, 98} } action { drop } }\n';
  const flowsOf = (text: string, kept?: ReadonlyMap<string, number>): readonly string[] => {
    const lock = new Map([
      ['p', { tables: new Map(), registers: new Map(), conjunctions: kept ?? new Map() }],
    ]);
    const { program } = compile({ path: 'p.wbf', text }, kept === undefined ? {} : { lock });
    return [...(program?.flows ?? [])].map((f) => flowText(f)).sort();
  };
  const flows = flowsOf(one + two);
  // Each has two and two clauses and what they lead to; one clause is of both.
  expect(flows).toHaveLength(5 + 5 - 1);
  expect(
    flows.filter((f) => f.endsWith('tcp_src=1 actions=conjunction(1,1/2),conjunction(2,1/2)')),
  ).toHaveLength(1);
  expect(flowsOf(two + one, compiled(one + two).lock.conjunctions)).toEqual(flows);
  // Without the lock they change ids, and that is all.
  const cookiesOf = (list: readonly string[]): readonly string[] => list.map((f) => f.replace(/,.*/, ''));
  expect(cookiesOf(flowsOf(two + one))).toEqual(cookiesOf(flows));
});

describe('ids of conjunctions', () => {
  const joint = (name: string, ports: string): string =>
    `  flow ${name} { expand = conjunction; match { tcp; tcp_src in {1, 3, 5}; tcp_dst in ${ports} } action { drop } }\n`;
  const table = (body: string): string => `table t = 0 { miss = drop\n${body}}\n`;
  const idsOf = (text: string): Readonly<Record<string, number>> =>
    Object.fromEntries(compiled(text).lock.conjunctions);

  test('are those that the program does not state itself', () => {
    const stated =
      '  flow s { match { conj_id = 1; tcp } action { drop } }\n  flow p { priority = 9; match { ip } action { conjunction(2, 1/2) } }\n';
    expect(idsOf(table(joint('a', '{80, 443}')))).toEqual({ 't.a': 1 });
    expect(idsOf(table(joint('a', '{80, 443}') + stated))).toEqual({ 't.a': 3 });
  });

  test('stay when others come and sets change', () => {
    const before = table(joint('a', '{80, 443}') + joint('b', '{22, 25}'));
    const { lock } = compiled(before);
    const after = table(joint('c', '{7, 9}') + joint('b', '{22, 25, 53}'));
    const kept = compile({ path: 'p.wbf', text: after }, { lock: new Map([['p', lock]]) });
    // What `a` had is nobody's before the next push: flows on the switch still have it.
    expect(Object.fromEntries(kept.lock.conjunctions)).toEqual({ 't.b': 2, 't.c': 3 });
  });

  test('of two that claim one id the first keeps it', () => {
    const ids = new ConjunctionIds(
      new Map([
        ['a', 7],
        ['b', 7],
        ['c', 9],
      ]),
      [9],
    );
    expect([ids.idFor('b'), ids.idFor('a'), ids.idFor('c'), ids.idFor('a')]).toEqual([1, 7, 2, 7]);
    expect([...ids.given()]).toEqual([
      ['b', 1],
      ['a', 7],
      ['c', 2],
    ]);
  });
});

describe('how many, and how', () => {
  const expansion = (flow: string): readonly [string, number] => {
    const { expansions, program } = compiled(`flow { ${flow} action { drop } }\n`);
    const [only] = expansions;
    if (only === undefined) return ['one', program.flows.length];
    expect(only.flows).toBe(program.flows.length);
    return [only.method, only.flows];
  };

  test.each([
    ['match { tcp; tcp_dst = 80 }', 'one', 1],
    ['match { tcp; tcp_dst in {80} }', 'one', 1],
    ['match { tcp; tcp_dst in 1-65535 }', 'cross', 16],
    ['match { tcp; tcp_dst in 1000-1999 }', 'cross', 7],
    ['match { tcp; tcp_dst != 80 }', 'cross', 16],
    ['match { tcp; tcp_dst in {80-81, 82-83} }', 'one', 1],
    ['match { protocol in {tcp, udp} }', 'alternatives', 2],
    ['match { tcp } match { udp } match { tcp }', 'alternatives', 2],
    // 2 × 3 against 2 + 3 + 1: the product, which is simpler.
    ['match { tcp; tcp_src in {1, 4}; tcp_dst in {1, 4, 8} }', 'cross', 6],
    ['match { tcp; tcp_src in {1, 4, 9}; tcp_dst in {1, 4, 8} }', 'conjunction', 7],
    ['expand = cross; match { tcp; tcp_src in {1, 4, 9}; tcp_dst in {1, 4, 8} }', 'cross', 9],
    ['expand = conjunction; match { tcp; tcp_src in {1, 4}; tcp_dst in {1, 4} }', 'conjunction', 5],
    ['idle_timeout = 5; match { tcp; tcp_src in {1, 4, 9}; tcp_dst in {1, 4, 8} }', 'cross', 9],
    ['masks = overlapping; match { tcp; tcp_dst in 1-6 }', 'cross', 3],
  ])('%s: %s, %d', (flow, method, flows) => {
    expect(expansion(flow)).toEqual([method, flows]);
  });
});
