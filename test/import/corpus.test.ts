// Import and build give back what ovs-ofctl installs: for files of all kinds, and for dumps of a real switch.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Lab } from '../lab/switch.ts';
import { startSwitch } from '../lab/switch.ts';
import type { Case } from './switch.ts';
import { cases, contents, empty, imported, installImport, installOriginal, nameTables } from './switch.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await startSwitch({ dummy: true });
  await lab.addBridge('br0', { dummyPorts: 4 });
});
afterAll(async () => {
  await lab.stop();
});

const PORTS = new Map([1, 2, 3, 4].map((n) => [`p${n}`, n]));

async function check(what: string, text: string, before: string, version: string): Promise<void> {
  const result = imported('input.txt', text);
  const errors = result.diagnostics.filter((d) => d.severity === 'error');
  expect(
    errors.map((d) => `${d.code}: ${d.message}: ${text.slice(d.place.start, d.place.end)}`),
    what,
  ).toEqual([]);
  expect(await installImport(lab, result, PORTS), `${what}\n${result.text ?? ''}`).toBe('');
  expect(await contents(lab, version), what).toBe(before);
}

/** Everything that a switch has, as ovs-ofctl prints it. */
async function dump(version: string, ...options: string[]): Promise<string | null> {
  let text = '';
  for (const what of ['dump-tlv-map', 'dump-meters', 'dump-groups', 'dump-flows']) {
    const v = what === 'dump-flows' ? version : 'OpenFlow15';
    const { status, stdout } = await lab.ofctl('-O', v, ...options, what, 'br0');
    // Some flows cannot be said in some versions.
    if (status !== 0) return null;
    text += stdout;
  }
  return text;
}

const DUMPS: readonly (readonly string[])[] = [
  ['OpenFlow10'],
  ['OpenFlow10', '--names'],
  ['OpenFlow11'],
  ['OpenFlow12', '--no-stats'],
  ['OpenFlow13'],
  ['OpenFlow13', '--names', '--no-stats'],
  ['OpenFlow14', '--names'],
  ['OpenFlow15'],
  ['OpenFlow15', '--no-stats', '--no-names'],
  ['OpenFlow15', '--names'],
];

describe.each(cases().map((c) => [c.name, c] as const))('%s', (name, one: Case) => {
  test('is installed as it is by ovs-ofctl, and so are its dumps', { timeout: 60_000 }, async () => {
    await empty(lab);
    if (name === 'names') await nameTables(lab);
    await installOriginal(lab, one);
    const before = await contents(lab, one.version);
    const dumps: [string, string][] = [];
    for (const [version = '', ...options] of DUMPS) {
      // A dump of OpenFlow 1.0 to 1.4 of flows from another version says the same.
      const text = await dump(version, ...options);
      if (text !== null && one.version !== 'OpenFlow10')
        dumps.push([`${version} ${options.join(' ')}`, text]);
      else if (version === 'OpenFlow10' && text !== null) dumps.push([version, text]);
    }
    await check(name, one.text, before, one.version);
    for (const [what, text] of dumps) await check(what, text, before, one.version);
  });
});
