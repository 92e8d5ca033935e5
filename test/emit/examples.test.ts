// The examples, in every version whose messages we write: text and bytes agree in the eyes of ovs-ofctl.
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FlowMod } from '../../src/ir/types.ts';
import { WIRE_VERSIONS } from '../../src/openflow/oxm.ts';
import { compile } from '../../src/project/compile.ts';
import { startSwitch, type Lab } from '../lab/switch.ts';
import { differences, prepareBridge } from './judge.ts';

const folder = new URL('../../examples/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.wbf'));

let lab: Lab;
beforeAll(async () => {
  lab = await startSwitch({ dummy: true });
  await prepareBridge(lab);
});
afterAll(() => lab.stop());

describe.each(WIRE_VERSIONS)('OpenFlow %s', (version) => {
  test.each(names)('%s', async (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8')
      // One allows no other version than its own.
      .replace(/^ *protocols *=.*\n/gm, '')
      // And one says of a group what only 1.5 can.
      .replace(/^ *(selection_method|fields) *=.*\n/gm, (line) => (version === '1.5' ? line : ''));
    const { program } = compile({ path: name, text }, { version });
    const flows: FlowMod[] = [...program!.flows];
    expect(flows.length).toBeGreaterThan(0);
    expect(await differences(lab, flows, version)).toEqual([]);
  });
});
