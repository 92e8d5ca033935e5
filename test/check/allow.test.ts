// `allow`: what can be turned off at a flow, and that the switch takes what we would have refused.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFINITIONS } from '../../src/cli/rules.ts';
import type { Diagnostic } from '../../src/diagnostics/types.ts';
import { flowText } from '../../src/emit/flows.ts';
import { textLosses } from '../../src/emit/text/limits.ts';
import type { FlowMod } from '../../src/ir/types.ts';
import { compile } from '../../src/project/compile.ts';
import { ACCEPTED, answers, bytesOf, ofctlMessages, startBench } from '../conformance/judge.ts';
import type { Lab } from '../lab/switch.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await startBench();
});

afterAll(() => lab.stop());

const diagnose = (text: string): readonly Diagnostic[] => compile({ path: 'a.wbf', text }).diagnostics;

const codesOf = (text: string): string[] => diagnose(text).map((d) => d.code);

const flow = (attributes: string, match: string, action = 'drop'): string =>
  `table t = 0 {\n  miss = drop\n  flow f { ${attributes}match { ${match} } action { ${action} } }\n}\n`;

/** The text with `allow` at every flow (or group, or table) that has the diagnostic. */
function allowing(text: string, code: string): string {
  const places = diagnose(text)
    .filter((d) => d.code === code)
    .map((d) => d.place.start);
  const starts = [...text.matchAll(/\b(flow\b[^{]*|^table\b[^{]*|group\b[^{;\n]*= \d+ ?)\{/gm)].map((m) => ({
    at: m.index,
    body: m.index + m[0].length,
  }));
  const wanted = new Set(places.map((place) => starts.findLast((s) => s.at <= place)?.body ?? -1));
  return [...wanted]
    .sort((a, b) => b - a)
    .reduce((t, at) => (at < 0 ? t : `${t.slice(0, at)} allow = ${code};${t.slice(at)}`), text);
}

/** Warnings that concern neither a flow nor a table. */
const ELSEWHERE = new Set(
  DEFINITIONS.filter((d) => /^WBF(5014|52(?!1)\d\d|6\d{3}|8\d{3})$/.test(d.code)).map((d) => d.code),
);

const ALLOWABLE = DEFINITIONS.filter((d) => d.allowable && !ELSEWHERE.has(d.code));
const ERRORS = ALLOWABLE.filter((d) => d.severity === 'error');

describe.each(ALLOWABLE.filter((d) => d.example !== null).map((d) => [d.code, d] as const))(
  '%s',
  (code, d) => {
    const text = allowing(d.example!.bad, code);

    test('is turned off, and nothing else comes of it', () => {
      expect(codesOf(d.example!.bad)).toContain(code);
      expect(text).toContain(`allow = ${code}`);
      const more = codesOf(d.example!.bad).filter((c) => c !== code);
      expect(codesOf(text)).toEqual(more);
    });

    test('leaves the flows', () => {
      const { program } = compile({ path: 'a.wbf', text });
      expect(program).not.toBeNull();
      const flows = (text.match(/\bflow\b[^{]*\{/g) ?? []).length + (text.match(/\bmiss\b/g) ?? []).length;
      // A conjunction is more flows than the source has.
      if (text.includes('expand = conjunction')) expect(program!.flows.length).toBeGreaterThan(flows);
      else expect(program!.flows.length).toBe(flows);
    });
  },
);

test('every error that can be turned off has an example of it', () => {
  // What NSH has to have for this is too long to be shown.
  expect(ERRORS.filter((d) => d.example === null).map((d) => d.code)).toEqual(['WBF4356']);
  expect(ERRORS.length).toBeGreaterThan(8);
});

test('the switch takes them, and ovs-ofctl the text that we make of them', async () => {
  const flows = ERRORS.filter((d) => d.example?.bad.includes('bucket') === false).flatMap(
    (d): [string, FlowMod][] => {
      const { program } = compile({ path: 'a.wbf', text: allowing(d.example!.bad, d.code) });
      return [...program!.flows].filter((f) => !f.name?.endsWith(' miss')).map((f) => [d.code, f]);
    },
  );
  const said = await answers(
    lab,
    'br0',
    flows.map(([, f]) => bytesOf(f)),
  );
  expect(flows.map(([code], i) => `${code} ${said[i]!}`)).toEqual(
    flows.map(([code]) => `${code} ${ACCEPTED}`),
  );
  const sayable = flows.filter(([, f]) => textLosses(f).length === 0);
  const sent = await ofctlMessages(
    lab,
    'br0',
    sayable.map(([, f]) => flowText(f)),
  );
  const hex = (m: Buffer | string): string => (typeof m === 'string' ? m : m.toString('hex'));
  expect(sayable.map(([code], i) => `${code} ${hex(sent[i]!)}`)).toEqual(
    sayable.map(([code, f]) => `${code} ${bytesOf(f).toString('hex')}`),
  );
});

describe('what cannot be allowed', () => {
  test('errors of the switch are not', () => {
    const text = flow('allow = WBF3001; ', 'tcp_dst = 80');
    expect(codesOf(text)).toEqual(['WBF5403', 'WBF3001']);
  });

  test('nor are those of `allow` itself', () => {
    expect(codesOf(flow('allow = WBF5404; ', ''))).toEqual(['WBF5403']);
  });

  test('nor one that has other reasons at another place', () => {
    // A port that is read from a field cannot be cut, whatever is allowed.
    const text = flow('allow = WBF4102; ', '', 'output(port = reg0, max_len = 100)');
    expect(codesOf(text)).toEqual(['WBF4102']);
  });

  test('what is no code', () => {
    expect(codesOf(flow('allow = "WBF3014"; ', ''))).toEqual(['WBF5401']);
    expect(codesOf(flow('allow = [3014, warnings]; ', ''))).toEqual(['WBF5401', 'WBF5401']);
    expect(codesOf(flow('allow { WBF3014 }; ', ''))).toEqual(['WBF5011']);
    expect(codesOf(flow('allow = WBF3014; allow = WBF4101; ', 'metadata = 0/0'))).toEqual(['WBF5010']);
    expect(codesOf(flow('allow = []; ', ''))).toEqual([]);
  });

  test('codes that do not exist', () => {
    const [d] = diagnose(flow('allow = wbf3014; ', ''));
    expect(d).toMatchObject({ code: 'WBF5402', severity: 'warning' });
    expect(d?.message).toContain('did you mean `WBF3014`?');
    expect(codesOf(flow('allow = [WBF3999, WBF7001]; ', ''))).toEqual(['WBF5402', 'WBF5402']);
  });

  test('only where something is said', () => {
    expect(
      codesOf('bridge br0 { allow = WBF6001; fail_mode = secure; controller = "tcp:127.0.0.1" }'),
    ).toEqual(['WBF5009', 'WBF6001']);
  });
});

describe('what is not needed', () => {
  const mended = (text: string): string => {
    const [first] = diagnose(text).flatMap((d) => d.fixes);
    const [edit] = first!.edits;
    return text.slice(0, edit!.start) + edit!.newText + text.slice(edit!.end);
  };

  test('is said, with the words to take it out', () => {
    const text = flow('allow = WBF3014; ', 'tcp');
    expect(codesOf(text)).toEqual(['WBF5404']);
    expect(mended(text)).toBe(flow('', 'tcp'));
  });

  test('from a list', () => {
    const some = (list: string): string => flow(`allow = [${list}]; `, 'metadata = 0/0');
    expect(mended(some('WBF4101, WBF3014'))).toBe(some('WBF3014'));
    expect(mended(some('WBF3014, WBF4101'))).toBe(some('WBF3014'));
    expect(mended(some('WBF3014, WBF3014'))).toBe(some('WBF3014'));
  });

  test('from a line of its own', () => {
    const lines = (attribute: string): string =>
      `flow f {\n  priority = 5\n${attribute}  match { tcp }\n  action { drop }\n}\n`;
    expect(mended(lines('  allow = WBF3014\n'))).toBe(lines(''));
    expect(mended(lines('  allow = WBF3014 // why\n'))).toBe(lines('  // why\n'));
  });

  test('is not said of a flow with other mistakes', () => {
    expect(codesOf(flow('allow = WBF4101; ', 'tcp_dst = 80'))).toEqual(['WBF3001']);
  });

  test('is said once for each', () => {
    expect(codesOf(flow('allow = [WBF4101, WBF3014]; ', 'tcp'))).toEqual(['WBF5404', 'WBF5404']);
  });
});

test('it holds at its flow only', () => {
  const two = `${flow('allow = WBF3014; ', 'metadata = 0/0').replace('}\n}\n', '}\n')}  flow g { priority = 40000; match { metadata = 0/0; tcp } action { drop } }\n}\n`;
  const found = diagnose(two);
  expect(found.map((d) => d.code)).toEqual(['WBF3014']);
  expect(two.slice(0, found[0]!.place.start)).toContain('flow g');
});

describe('a flow of which several are made', () => {
  const loop = (values: string, body: string, more = ''): string =>
    `table t = 0 { miss = drop; ${more}for p in [${values}] { flow { ${body} } } }\n`;

  test('may need it for one of them', () => {
    const body = 'allow = WBF4101; match { in_port = p } action { output 1 }';
    expect(codesOf(loop('1, 2', body))).toEqual([]);
    expect(codesOf(loop('2, 1', body))).toEqual([]);
    const [d, ...others] = diagnose(loop('2, 3', body));
    expect(d).toMatchObject({ code: 'WBF5404', notes: ['the same in 1 other instance'] });
    expect(others).toEqual([]);
  });

  test('also for what shows when all flows are known', () => {
    const all = 'flow all { priority = 50; match {} action { output 2 } }; ';
    const body = 'allow = WBF5602; priority = p; match { tcp } action { output 1 }';
    expect(codesOf(loop('40, 60', body, all))).toEqual([]);
    expect(codesOf(loop('60, 70', body, all))).toEqual(['WBF5404']);
  });
});

test('in a file with many flows, each is looked at', () => {
  const flows = Array.from(
    { length: 60 },
    (_, i) =>
      `flow { allow = WBF4101; priority = ${i}; match { in_port = 1 } action { output ${i === 40 ? 2 : 1} } }\n`,
  );
  const text = flows.join('');
  const told = (quickFrom: number): string[] =>
    compile({ path: 'a.wbf', text }, { quickFrom, learnFrom: 2 }).diagnostics.map(
      (d) => `${d.code} ${text.slice(0, d.place.start).split('\n').length}`,
    );
  expect(told(Infinity)).toEqual(['WBF5404 41']);
  expect(told(0)).toEqual(told(Infinity));
});
