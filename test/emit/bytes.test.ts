// Our bytes against those of the installed ovs-ofctl, and both against the switch.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emitBundle } from '../../src/emit/bundle.ts';
import { flowText } from '../../src/emit/flows.ts';
import { encodeFlowMod } from '../../src/emit/openflow15/flow-mod.ts';
import { ByteWriter } from '../../src/ir/bytes.ts';
import { flowList } from '../../src/ir/list.ts';
import type { FlowMod } from '../../src/ir/types.ts';
import { captureAddFlows } from '../lab/proxy.ts';
import type { Lab } from '../lab/switch.ts';
import { startSwitch } from '../lab/switch.ts';
import { errorNames, sendFlowModsInBundle } from '../lab/wire.ts';
import { flowMod } from './arbitrary.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await startSwitch({ dummy: true });
  await lab.addBridge('br0', { dummyPorts: 4 });
  for (const id of [1, 2, 3]) {
    await lab.ofctl(
      '-O',
      'OpenFlow15',
      'add-group',
      'br0',
      `group_id=${id},type=all,bucket=actions=output:1`,
      { check: true },
    );
    await lab.ofctl('-O', 'OpenFlow15', 'add-meter', 'br0', `meter=${id},kbps,band=type=drop,rate=1`, {
      check: true,
    });
  }
});

afterAll(async () => {
  await lab.stop();
});

function bytesOf(flow: FlowMod): Buffer {
  const writer = new ByteWriter();
  encodeFlowMod(flow, writer, 0);
  return Buffer.from(writer.take());
}

describe('random flows', () => {
  test('text through ovs-ofctl gives our bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(flowMod, { minLength: 200, maxLength: 400, size: 'max' }), async (flows) => {
        const lines = flows.map((flow) => flowText(flow));
        const sent = await captureAddFlows(lab, 'br0', `${lines.join('\n')}\n`, {
          bundle: true,
          install: false,
        });
        expect(sent.length).toBe(flows.length);
        flows.forEach((flow, i) => {
          expect(`${lines[i]!}\n${bytesOf(flow).toString('hex')}`).toBe(
            `${lines[i]!}\n${sent[i]!.toString('hex')}`,
          );
        });
      }),
      { numRuns: 5, interruptAfterTimeLimit: 20_000 },
    );
  });

  test('the switch takes our bytes', async () => {
    const flows = fc.sample(flowMod, 500);
    const result = await sendFlowModsInBundle(lab.mgmt('br0'), flows.map(bytesOf));
    const names = await errorNames(lab, result.errors);
    expect(result.errors.map((e, i) => `${names[i]!} ${flowText(flows[e.index]!)}`)).toEqual([]);
    expect(result.committed).toBe(true);
  });
});
