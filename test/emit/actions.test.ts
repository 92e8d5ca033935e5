// Every action, in words written by hand: what the installed ovs-ofctl sends must be what we encode.
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Action } from '../../src/ir/types.ts';
import { captureAddFlows } from '../lab/proxy.ts';
import type { Lab } from '../lab/switch.ts';
import { startSwitch } from '../lab/switch.ts';
import { flowText } from '../../src/emit/flows.ts';
import { dialect } from '../../src/emit/text/names.ts';
import type { ActionName } from '../../src/openflow/actions.ts';
import { actionByName, ACTIONS, actionVersions } from '../../src/openflow/actions.ts';
import { WIRE_VERSIONS } from '../../src/openflow/oxm.ts';
import { encoded, flow, instructions, ofctlVersion } from './judge.ts';
import { ACTION_VECTORS } from './vectors.ts';

const ours = ACTION_VECTORS.map((v) =>
  flow({ cookie: 0n, priority: 0x8000, match: v.terms, instructions: instructions(v.instructions) }),
);

/** Actions of ovs-actions(7) for which there is no vector, and why. */
const WITHOUT: Readonly<Partial<Record<ActionName, string>>> = {
  debug_recirc: 'refused by every switch that is not a test of OVS itself',
  debug_slow: 'refused by every switch that is not a test of OVS itself',
};

/** The actions that a text names, nested ones as well. */
const named = (text: string): ActionName[] =>
  [...text.matchAll(/\w+/g)].flatMap(([word]) => actionByName(word)?.name ?? []);

describe('the installed ovs-ofctl', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startSwitch({ dummy: true });
    await lab.addBridge('br0');
  });
  afterAll(() => lab.stop());

  /**
   * Before OpenFlow 1.5 ovs-ofctl makes a load of the twelve bits out of this, after which it can no longer dump the
   * flows of the bridge in OpenFlow 1.5. We send a set_field of all of the field.
   */
  const LOADS_WITHOUT_PRESENT = 'set_field:0x1005/0x1fff->vlan_vid';

  test.each(WIRE_VERSIONS)(
    'sends in OpenFlow %s for its own words what we encode, and for ours, too',
    async (version) => {
      const some = ACTION_VECTORS.map((v, i) => ({ ...v, flow: ours[i]! })).filter(
        (v) => version === '1.5' || v.text !== LOADS_WITHOUT_PRESENT,
      );
      const lines = some.map((v) => `${v.match === '' ? '' : `${v.match},`}actions=${v.text}\n`);
      const texts = some.map((v) => `${flowText(v.flow, dialect(version))}\n`);
      const sent = await captureAddFlows(lab, 'br0', [...lines, ...texts].join(''), {
        version: ofctlVersion(version),
        install: false,
      });
      const hex = sent.map((bytes) => bytes.toString('hex'));
      const expected = some.map((v) => encoded(v.flow, version));
      expect(lines.map((line, i) => [line, hex[i]])).toEqual(lines.map((line, i) => [line, expected[i]]));
      expect(texts.map((line, i) => [line, hex[lines.length + i]])).toEqual(
        texts.map((line, i) => [line, expected[i]]),
      );
      // Every action that the version has: 60 in OpenFlow 1.3, 1.4 and 1.5.
      const covered = new Set(some.flatMap((v) => named(v.text)));
      const wanted = ACTIONS.filter((a) => !(a.name in WITHOUT) && actionVersions(a).includes(version));
      expect(wanted.filter((a) => !covered.has(a.name)).map((a) => a.name)).toEqual([]);
      expect(wanted.length).toBe(60);
    },
  );

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
  const cases = WIRE_VERSIONS.flatMap((version) =>
    all.flatMap((r) => {
      const i = ACTION_VECTORS.findIndex((v) => v.text === r.text && v.match === r.match);
      const instruction = r.by_version[version]?.hex;
      return i < 0 || instruction === undefined ? [] : [{ version, text: r.text, i, instruction }];
    }),
  );

  test.each(cases)('$version $text', ({ version, i, instruction }) => {
    const message = encoded(ours[i]!, version);
    for (const { hex, actions } of instruction) expect(message).toContain(hex ?? actions!.join(''));
    expect(message.endsWith(instruction.at(-1)?.actions?.join('') ?? '')).toBe(true);
  });

  test('are most of them', () => {
    expect(cases.length).toBeGreaterThan(200);
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
    delete_field: true, conjunction: true, note: true, exit: true, learn: true, bundle: true, multipath: true,
    sample: true, encap: true, decap: true, mod_vlan_vid: true, mod_vlan_pcp: true,
    mod_nw_ttl: true, set_mpls_ttl: true,
  }; // prettier-ignore
  expect([...kinds].sort()).toEqual(Object.keys(every).sort());
});
