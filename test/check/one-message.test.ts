/** A mistake is one message: what follows from it is not told beside it. */
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/project/compile.ts';

/** `CODE@text: message` of every error; the text is what the place spans. */
function errorsOf(text: string): string[] {
  const { diagnostics } = compile({ path: 'test.wbf', text });
  return diagnostics
    .filter((d) => d.severity === 'error')
    .map((d) => `${d.code}@${text.slice(d.place.start, d.place.end)}: ${d.message}`);
}

const program = (rest: string): string =>
  `program p { id = 1; groups = 5-9; meters = 5-9 }\n${rest}\ntable t = 0 { miss = drop }\n`;

describe('declarations', () => {
  test.each([
    ['meter m { unit = kbps; flags = [brust]; band drop { rate = 1; burst_size = 4 } }', ['WBF5012@brust']],
    [
      'meter m { unit = kbps; flags = [burst, stat]; band drop { rate = 1 } }',
      ['WBF5012@stat', 'WBF5235@band'],
    ],
    ['meter m { unit = kbps; bands drop { rate = 1 } }', ['WBF5009@bands']],
    ['meter m { unit = kbps; band = drop }', ['WBF5011@band = drop']],
    ['meter m { unit = kbps; band drop rate = 5 }', ['WBF5011@band drop', 'WBF1102@rate']],
    ['group\n', ['WBF1101@\n']],
    ['meter\n', ['WBF1101@\n']],
    ['group = 50\n', ['WBF1101@=']],
    ['group { type = all }', ['WBF1101@{']],
    ['group g { type: select; bucket { weight: 3; action { output 1 } } }', ['WBF1101@:', 'WBF1101@:']],
    ['group g = { type = indirect; bucket { action { output 1 } } }', ['WBF1101@{']],
    ['meter m = { unit = kbps; band drop { rate = 1 } }', ['WBF1101@{']],
    ['tunnel_metadata { tun_metadata0 = {class: 1, type: } }', ['WBF1101@}']],
    ['tunnel_metadata { tun_metadata0 = {class: 0xffff, }', ['WBF1103@{']],
    ['tunnel_metadata { tun_metadata0: {class: 1, type: 2, len: 4} }', ['WBF1101@:']],
    ['tunnel_metadata { tun_metadata0 = {class = 1, type = 2, len = 4} }', ['WBF1101@=']],
  ])('%s', (text, expected) => {
    const found = errorsOf(program(text));
    expect(found.map((e) => e.replace(/: [^]*$/, ''))).toEqual(expected);
  });

  test('a declaration without a name has its errors, but not of the name', () => {
    expect(errorsOf('program p { id = 1 }\ngroup { type = all; bucket { action { outptu 1 } } }\n')).toEqual([
      'WBF1101@{: expected the name of the group, found `{`',
      'WBF4201@outptu: there is no action called `outptu`; did you mean `output`?',
    ]);
  });

  test('the near name of a block of a meter is told', () => {
    expect(errorsOf(program('meter m { unit = kbps; bands drop { rate = 1 } }'))).toEqual([
      'WBF5009@bands: a meter has no `bands`; did you mean `band`?',
    ]);
  });

  test('an option that is in error is not unknown where it is used', () => {
    const use = (option: string): string => `tunnel_metadata { tun_metadata0 = ${option} }
table t = 0 { miss = drop; flow { match { tun_metadata0 = 5 } action { reg0 = tun_metadata0; output 1 } } }`;
    expect(errorsOf(use('{class: 1, typ: 2, len: 4}'))).toEqual([
      'WBF5009@typ: an option has no `typ`; did you mean `type`?',
    ]);
    expect(errorsOf(use('{class: 1, type: 300, len: 4}'))).toHaveLength(1);
    expect(errorsOf(use('{class: 1, type: 2, len: 4').replaceAll('reg0 = tun_metadata0; ', ''))[0]).toBe(
      'WBF1103@{: this `{` is never closed',
    );
  });

  test('a text for a range', () => {
    expect(errorsOf('program p { id = 1; groups = "5-9" }')).toEqual([
      'WBF2115@"5-9": an id in `groups` is a number, and this is a text',
    ]);
  });
});

describe('actions', () => {
  test.each([
    ['learn(tabel = t) { match { eth_dst = pkt.eth_src } }', ['WBF4208@tabel']],
    ['ct(commit) output 2', ['WBF1102@output']],
  ])('%s', (text, expected) => {
    const found = errorsOf(`table t = 0 { miss = drop; flow { match { ip } action { ${text} } } }`);
    expect(found.map((e) => e.replace(/: [^]*$/, ''))).toEqual(expected);
  });

  test('`output:2` is told as before', () => {
    const text =
      'table t = 0 { miss = drop; flow { match { ip } action { output:2; clone { output: 2 } } } }';
    expect(errorsOf(text)).toHaveLength(2);
  });
});

describe('a colon for `=`', () => {
  test('is read as it is meant', () => {
    const text =
      'program a { id: 1 }\ntable t = 0 { miss: drop; flow f { priority: 3; match { ip; ip_dst: 10.0.0.1 } action { output 2 } } }';
    expect(errorsOf(text)).toEqual(Array.from({ length: 4 }, () => 'WBF1101@:: expected `=`, found `:`'));
  });
});

describe('an attribute of a flow in one of its blocks', () => {
  test.each([
    ['match { ip; priority = 5 }', 'action { output 1 }', 'priority'],
    ['match { ip }', 'action { output 1; allow = WBF4302 }', 'allow'],
    ['match { ip }', 'action { idle_timeout = 5s; output 1 }', 'idle_timeout'],
  ])('%s %s', (match, action, name) => {
    const text = `table t = 0 { miss = drop; flow { ${match} ${action} } }`;
    const [only, ...more] = compile({ path: 'test.wbf', text }).diagnostics;
    expect(only).toMatchObject({
      code: 'WBF2001',
      help: `\`${name}\` is an attribute of the flow: it stands beside \`match\` and \`action\``,
    });
    expect(more).toEqual([]);
  });
});
