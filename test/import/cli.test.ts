// `wbfc import` as its users call it.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { directory, wbfc } from '../cli/wbfc.ts';

const FLOWS = '# web\npriority=10,tcp,tp_dst=80 actions=output:1\npriority=0 actions=drop\n';
const WEB = `table table0 = 0 {
  miss = drop

  // web
  flow { priority = 10; match { tcp; tcp_dst = http } action { output 1 } }
}
`;

function given(text: string | Uint8Array, name = 'in.flows'): { dir: string; path: string } {
  const dir = directory({ [name]: text });
  return { dir, path: join(dir, name) };
}

describe('the result', () => {
  test('goes to standard output', () => {
    const { path } = given(FLOWS, 'br-int.flows');
    const { code, out, err } = wbfc(['import', path]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('program br_int { id = 0x');
    expect(out.endsWith(WEB)).toBe(true);
  });

  test('comes from standard input', () => {
    const { code, out } = wbfc(['import', '-'], { input: FLOWS });
    expect(code).toBe(0);
    expect(out).toContain('program imported {');
  });

  test('goes to a file, and a word of it to standard error', () => {
    const { dir, path } = given(FLOWS);
    const output = join(dir, 'web.wbf');
    const { code, out, err } = wbfc(['import', path, '-o', output]);
    expect([code, out, err]).toEqual([0, '', `wrote ${output}: 2 flows\n`]);
    expect(readFileSync(output, 'utf8')).toContain('program web {');
    expect(statSync(output).mode & 0o111).toBe(0);
  });

  test('never replaces the input', () => {
    const { path } = given(FLOWS);
    const { code, err } = wbfc(['import', path, '-o', path]);
    expect(code).toBe(2);
    expect(err).toContain('is the input and would be overwritten');
    expect(readFileSync(path, 'utf8')).toBe(FLOWS);
  });
});

describe('what cannot be read', () => {
  const BROKEN = 'priority=1,ip actions=drop\nthis=is,no flow\npriority=2,arp actions=drop\n';

  test('is an error with its place, and nothing is written', () => {
    const { dir, path } = given(BROKEN);
    const output = join(dir, 'out.wbf');
    const { code, out, err } = wbfc(['import', path, '-o', output, '--format', 'concise']);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/in\.flows:2:\d+: error\[WBF8\d\d\d\]/);
    expect(existsSync(output)).toBe(false);
  });

  test('is a comment with --keep-going', () => {
    const { path } = given(BROKEN);
    const { code, out, err } = wbfc(['import', path, '--keep-going', '--format', 'concise']);
    expect(code).toBe(0);
    expect(err).toMatch(/in\.flows:2:\d+: warning\[WBF8\d\d\d\]/);
    expect(out).toContain('match { arp }');
    expect(out).toMatch(/\/\/ line 2: .*\n\/\/ {5}this=is,no flow\n/);
  });

  test('does not come near a terminal or the file as it is', () => {
    const text = `# \u001b]0;title\u0007 \u202e\npriority=1,ip actions=drop\npriority=\u001b[31m1 actions=drop\n`;
    const { path } = given(text);
    for (const more of [[], ['--keep-going']]) {
      const { out, err } = wbfc(['import', path, ...more]);
      // eslint-disable-next-line no-control-regex -- those are meant
      expect(out + err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
  });

  test('may be bytes that are no text', () => {
    const { path } = given(Buffer.from('# caf\xe9\npriority=1,ip actions=drop\n', 'latin1'));
    expect(wbfc(['import', path]).code).toBe(1);
    const { code, out } = wbfc(['import', path, '--keep-going']);
    expect(code).toBe(0);
    expect(out).toContain('// caf\ufffd');
  });

  test('is a usage error where there is no file', () => {
    expect(wbfc(['import', '/nowhere/at.all']).code).toBe(2);
  });
});

test('flows of several bridges want one to be chosen', () => {
  const { path } = given(
    'ovs-ofctl add-flow br0 "ip actions=drop"\novs-ofctl add-flow br1 "arp actions=drop"\n',
    'up.sh',
  );
  const both = wbfc(['import', path]);
  expect(both.code).toBe(1);
  expect(both.err).toContain('WBF8257');
  const one = wbfc(['import', path, '--bridge', 'br1']);
  expect(one.code).toBe(0);
  expect(one.out).toContain('match { arp }');
  expect(one.out).not.toContain('match { ip }');
  expect(wbfc(['import', path, '--bridge', 'br2']).code).toBe(1);
});

test('ports that the input names keep their names', () => {
  const { dir, path } = given('priority=1,in_port=eth0 actions=output:"veth-1.5"\npriority=0 actions=drop\n');
  const output = join(dir, 'out.wbf');
  expect(wbfc(['import', path, '-o', output]).code).toBe(0);
  expect(readFileSync(output, 'utf8')).toContain('port eth0 = "eth0"\nport veth_1_5 = "veth-1.5"\n');
  const { code, out } = wbfc(['build', output, '--emit', 'flows', '-o', '-']);
  expect(code).toBe(0);
  expect(out).toMatch(/in_port="?eth0"?.* actions=output:"?veth-1\.5"?/);
});
