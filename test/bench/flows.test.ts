// The benchmark compares like with like: its source and its text for ovs-ofctl are the same flows, in every style.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { wbfc } from '../e2e/wbfc.ts';
import { run } from '../lab/process.ts';
import { makeFlows, toOfctl } from './flows.ts';
import { makeHosts } from './hosts.ts';
import { STYLES, toSource, type Style } from './source.ts';

const dir = mkdtempSync(join(tmpdir(), 'wbfc-bench-test-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const flows = makeFlows(1000);

/** The flows as ovs-ofctl understands them, without transaction ids and the cookies that wbfc gives. */
async function understood(text: string): Promise<string[]> {
  const file = join(dir, 'flows.txt');
  writeFileSync(file, text);
  const { stdout } = await run('ovs-ofctl', ['-O', 'OpenFlow15', 'parse-flows', file], { check: true });
  return stdout
    .split('\n')
    .filter((line) => line.includes('ADD'))
    .map((line) => line.replace(/ \(xid=0x[0-9a-f]+\)/, '').replace(/ cookie:0x[0-9a-f]+/, ''))
    .sort();
}

describe('a set of 1,000 flows', () => {
  test('is the same every time, and mixed 40 : 40 : 20', () => {
    expect(toOfctl(makeFlows(1000))).toBe(toOfctl(flows));
    const share = (...tables: number[]): number =>
      flows.filter(({ table }) => tables.includes(table)).length / flows.length;
    expect([share(0), share(1), share(2, 3)]).toEqual([0.4, 0.4, 0.2]);
  });

  test('has no two flows with the same match and priority', () => {
    const keys = flows.map(({ table, priority, match }) =>
      [table, priority, ...match.map((term) => term.ofctl)].join(),
    );
    expect(new Set(keys).size).toBe(flows.length);
  });

  test.each(Object.keys(STYLES) as Style[])(
    'means the same to wbfc and ovs-ofctl, style %s',
    async (style) => {
      const source = join(dir, `${style}.wbf`);
      writeFileSync(source, toSource(flows, style));
      const built = await wbfc(['build', source, '--emit', 'flows', '-o', '-']);
      expect(built).toMatchObject({ status: 0, stderr: '' });
      expect(await understood(built.stdout)).toEqual(await understood(toOfctl(flows)));
    },
  );
});

test('the hosts of a file have the flows that ovs-ofctl is given', async () => {
  const { csv, source, text } = makeHosts(700);
  writeFileSync(join(dir, 'hosts.csv'), csv);
  const program = join(dir, 'hosts.wbf');
  writeFileSync(program, source);
  const { stdout } = await wbfc(['build', program, '--emit', 'flows', '-o', '-']);
  expect(await understood(stdout)).toEqual(await understood(text));
});
