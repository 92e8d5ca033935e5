// Import and build give back what ovs-ofctl installs: for files of all kinds, and for dumps of a real switch.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Lab } from '../lab/switch.ts';
import { startSwitch } from '../lab/switch.ts';
import type { Case } from './switch.ts';
import { textOf } from '../../src/import/assemble.ts';
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
  expect(await installImport(lab, result, PORTS), `${what}\n${textOf(result.chunks ?? [])}`).toBe('');
  expect(await contents(lab, version), what).toBe(before);
}

/** Everything that a switch has, as ovs-ofctl prints it. */
async function dump(version: string, ...options: string[]): Promise<string | null> {
  let text = '';
  for (const what of ['dump-tlv-map', 'dump-meters', 'dump-groups', 'dump-flows']) {
    const v = what === 'dump-flows' ? version : 'OpenFlow15';
    const { status, stdout } = await lab.ofctl('-O', v, ...options, what, 'br0');
    // Some flows cannot be said in some versions, or are shown as bytes.
    if (status !== 0 || /^0{8} /m.test(stdout)) return null;
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
  ['OpenFlow14', '--names', '--color=always'],
  ['OpenFlow15'],
  ['OpenFlow15', '--no-stats', '--no-names'],
  ['OpenFlow15', '--names'],
];

describe.each(cases().map((c) => [c.name, c] as const))('%s', (name, one: Case) => {
  test('is installed as it is by ovs-ofctl, and so are its dumps', { timeout: 60_000 }, async () => {
    await empty(lab);
    await lab.vsctl('clear', 'bridge', 'br0', 'flow_tables', { check: true });
    if (name === 'names') await nameTables(lab);
    await installOriginal(lab, one);
    const before = await contents(lab, one.version);
    const dumps: (() => Promise<void>)[] = [];
    for (const [version = '', ...options] of DUMPS) {
      if (one.version === 'OpenFlow10' && version !== 'OpenFlow10') continue;
      // There `load:0->NXM_OF_VLAN_TCI[]` is shown as `pop_vlan`, which ovs-ofctl itself does not take back.
      if (version === 'OpenFlow11' && name === 'neutron-br-tun') continue;
      const text = await dump(version, ...options);
      if (text === null) continue;
      // What a version cannot say is not in its dump, so it is asked in the same version again.
      const said = await contents(lab, version);
      dumps.push(() => check(`${version} ${options.join(' ')}`, text, said, version));
    }
    await check(name, one.text, before, one.version);
    for (const again of dumps) await again();
  });
});
