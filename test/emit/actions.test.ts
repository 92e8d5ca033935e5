// Every action, in words written by hand: what the installed ovs-ofctl sends must be what we encode.
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Action } from '../../src/ir/types.ts';
import { captureAddFlows } from '../lab/proxy.ts';
import type { Lab } from '../lab/switch.ts';
import { startSwitch } from '../lab/switch.ts';
import { flowText } from '../../src/emit/flows.ts';
import { encoded, flow, instructions } from './judge.ts';
import { ACTION_VECTORS } from './vectors.ts';

const ours = ACTION_VECTORS.map((v) =>
  flow({ cookie: 0n, priority: 0x8000, match: v.terms, instructions: instructions(v.instructions) }),
);

describe('the installed ovs-ofctl', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startSwitch({ dummy: true });
    await lab.addBridge('br0');
  });
  afterAll(() => lab.stop());

  test('sends for its own words what we encode, and for ours, too', async () => {
    const lines = ACTION_VECTORS.map((v) => `${v.match === '' ? '' : `${v.match},`}actions=${v.text}\n`);
    const texts = ours.map((f) => `${flowText(f)}\n`);
    const sent = await captureAddFlows(lab, 'br0', [...lines, ...texts].join(''), { install: false });
    const hex = sent.map((bytes) => bytes.toString('hex'));
    const expected = ours.map((f) => encoded(f));
    expect(lines.map((line, i) => [line, hex[i]])).toEqual(lines.map((line, i) => [line, expected[i]]));
    expect(texts.map((line, i) => [line, hex[lines.length + i]])).toEqual(
      texts.map((line, i) => [line, expected[i]]),
    );
  });

  test('has no other words for an empty list of actions in an action set', async () => {
    const [bytes] = await captureAddFlows(lab, 'br0', 'actions=write_actions()\n', { install: false });
    expect(bytes?.toString('hex')).toBe(encoded(flow({ cookie: 0n, priority: 0x8000 })));
  });
});

// What a real ovs-ofctl 3.1.0 sent, recorded.
const recorded = '/work/shared/ovs/action_vectors.json';
interface Recorded {
  readonly text: string;
  readonly match: string;
  readonly by_version: Readonly<Record<string, { readonly hex: readonly RecordedInstruction[] } | undefined>>;
}
interface RecordedInstruction {
  readonly actions?: readonly string[];
  readonly hex?: string;
}

describe.runIf(existsSync(recorded))('recorded actions', () => {
  const all = existsSync(recorded) ? (JSON.parse(readFileSync(recorded, 'utf8')) as Recorded[]) : [];
  const cases = all.flatMap((r) => {
    const i = ACTION_VECTORS.findIndex((v) => v.text === r.text && v.match === r.match);
    const instruction = r.by_version['1.5']?.hex;
    return i < 0 || instruction === undefined ? [] : [{ text: r.text, i, instruction }];
  });

  test.each(cases)('$text', ({ i, instruction }) => {
    const wanted = instruction.map((x) => x.hex ?? x.actions!.join('')).join('');
    const message = encoded(ours[i]!);
    if (wanted !== '') expect(message.endsWith(wanted)).toBe(true);
  });

  test('are most of them', () => {
    expect(cases.length).toBeGreaterThan(60);
  });
});

test('there is a vector for every kind of action', () => {
  const kinds = new Set<string>();
  const collect = (actions: readonly Action[]): void => {
    for (const a of actions) {
      kinds.add(a.kind);
      if (a.kind === 'clone') collect(a.actions);
      if (a.kind === 'ct') collect(a.exec);
    }
  };
  for (const f of ours) collect([...f.instructions.apply, ...(f.instructions.write ?? [])]);
  const every: Record<Action['kind'], true> = {
    output: true, output_reg: true, output_trunc: true, controller: true, set_field: true, move: true, push: true,
    pop: true, group: true, meter: true, set_queue: true, pop_queue: true, enqueue: true, push_vlan: true,
    pop_vlan: true, push_mpls: true, pop_mpls: true, dec_ttl: true, dec_mpls_ttl: true, dec_nsh_ttl: true,
    resubmit: true, ct: true, ct_clear: true, clone: true, fin_timeout: true, check_pkt_larger: true,
    delete_field: true, conjunction: true, note: true, exit: true,
  }; // prettier-ignore
  expect([...kinds].sort()).toEqual(Object.keys(every).sort());
});
