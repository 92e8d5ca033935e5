// Random flows: our bytes against those of the installed ovs-ofctl, and both against the switch.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flowText } from '../../src/emit/flows.ts';
import { textLosses } from '../../src/emit/text/limits.ts';
import { captureAddFlows } from '../lab/proxy.ts';
import type { Lab } from '../lab/switch.ts';
import { startSwitch } from '../lab/switch.ts';
import { errorNames, sendFlowModsInBundle } from '../lab/wire.ts';
import { flowMod } from './arbitrary.ts';
import { dialect } from '../../src/emit/text/names.ts';
import type { FlowMod } from '../../src/ir/types.ts';
import { WIRE_VERSIONS, type WireVersion } from '../../src/openflow/oxm.ts';
import { encoded, ofctlVersion } from './judge.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await startSwitch({ dummy: true });
  await lab.addBridge('br0', { dummyPorts: 4 });
  const ofctl = (...args: string[]): Promise<unknown> =>
    lab.ofctl('-O', 'OpenFlow15', ...args, { check: true });
  await ofctl('add-tlv-map', 'br0', '{class=0xffff,type=0,len=8}->tun_metadata0');
  for (const id of [1, 2, 3]) {
    await ofctl('add-group', 'br0', `group_id=${id},type=all,bucket=actions=output:1`);
    await ofctl('add-meter', 'br0', `meter=${id},kbps,band=type=drop,rate=1`);
  }
});

afterAll(() => lab.stop());

const sayable = (flow: FlowMod, version: WireVersion): boolean => textLosses(flow, version).length === 0;

describe.each(WIRE_VERSIONS)('OpenFlow %s', (version) => {
  test('their text through ovs-ofctl gives our bytes', async () => {
    const batch = fc.array(
      flowMod
        .map((flow) => (version === '1.3' ? { ...flow, importance: 0 } : flow))
        .filter((flow) => sayable(flow, version)),
      { minLength: 300, maxLength: 400, size: 'max' },
    );
    const property = fc.asyncProperty(batch, async (flows) => {
      const lines = flows.map((flow) => flowText(flow, dialect(version)));
      const sent = await captureAddFlows(lab, 'br0', `${lines.join('\n')}\n`, {
        version: ofctlVersion(version),
        bundle: true,
        install: false,
      });
      const theirs = sent.map((bytes, i) => [lines[i], bytes.toString('hex')]);
      expect(flows.map((flow, i) => [lines[i], encoded(flow, version)])).toEqual(theirs);
    });
    await fc.assert(property, { numRuns: 4, interruptAfterTimeLimit: 20_000 });
  });

  test('the switch takes our bytes', async () => {
    const flows = fc.sample(flowMod, 800);
    const messages = flows.map((flow) => Buffer.from(encoded(flow, version), 'hex'));
    const result = await sendFlowModsInBundle(lab.mgmt('br0'), messages, ofctlVersion(version));
    const names = await errorNames(lab, result.errors);
    expect(result.errors.map(({ index }, i) => `${names[i]!}: ${encoded(flows[index]!, version)}`)).toEqual(
      [],
    );
    expect(result).toMatchObject({ committed: true, bundleErrors: [] });
  });
});
