// The text for OpenFlow 1.0, 1.1 and 1.2, which we write no messages of: the switch must come to have the same flows as by
// our messages of 1.5.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flowText } from '../../src/emit/flows.ts';
import { textLosses } from '../../src/emit/text/limits.ts';
import { dialect } from '../../src/emit/text/names.ts';
import { fitsFixedMatch } from '../../src/ir/fixed-match.ts';
import type { Action, FlowMod, Instructions, MatchField } from '../../src/ir/types.ts';
import { field } from '../../src/openflow/fields.ts';
import { answers, clear, described } from '../conformance/judge.ts';
import type { Lab } from '../lab/switch.ts';
import { startSwitch } from '../lab/switch.ts';
import { flowMod } from './arbitrary.ts';
import { ones } from './arbitrary-match.ts';
import { encoded, ofctlVersion } from './judge.ts';

const OLD = ['1.0', '1.1', '1.2'] as const;
type OldVersion = (typeof OLD)[number];

let lab: Lab;
beforeAll(async () => {
  lab = await startSwitch({ dummy: true });
  await lab.addBridge('br0', { dummyPorts: 4 });
  await lab.ofctl('-O', 'OpenFlow15', 'add-tlv-map', 'br0', '{class=0xffff,type=0,len=8}->tun_metadata0', {
    check: true,
  });
  for (const id of [1, 2, 3])
    await lab.ofctl(
      '-O',
      'OpenFlow15',
      'add-group',
      'br0',
      `group_id=${id},type=all,bucket=actions=output:1`,
      {
        check: true,
      },
    );
});
afterAll(() => lab.stop());

/** Runs of ones, each as a mask. */
function runs(mask: bigint, bits: number): bigint[] {
  const all: bigint[] = [];
  for (let bit = 0; bit < bits; bit++) {
    if (((mask >> BigInt(bit)) & 1n) === 0n) continue;
    let run = 0n;
    // A load has at most 64 bits.
    for (let n = 0; n < 64 && bit < bits && ((mask >> BigInt(bit)) & 1n) !== 0n; n++, bit++)
      run |= 1n << BigInt(bit);
    all.push(run);
    bit--;
  }
  return all;
}

/** Fields that OpenFlow 1.0 and 1.1 have actions for. */
const LEGACY = /^(eth_(src|dst)|vlan_(vid|pcp)|ip_(src|dst|dscp)|nw_tos|(tcp|udp|sctp)_(src|dst))$/;

/** The writes of an action as the switch keeps them, which knows loads where 1.5 has masks. */
function loads(version: OldVersion, action: Action): Action[] {
  if (action.kind === 'clone')
    return [{ ...action, actions: action.actions.flatMap((a) => loads(version, a)) }];
  if (action.kind === 'ct') return [{ ...action, exec: action.exec.flatMap((a) => loads(version, a)) }];
  if (action.kind === 'mod_nw_ttl' && version === '1.0')
    return [{ kind: 'set_field', field: 'nw_ttl', value: BigInt(action.ttl), mask: null }];
  if (action.kind === 'set_field' && action.field === 'nw_tos' && action.mask === null && version !== '1.2')
    return [{ ...action, field: 'ip_dscp', value: action.value >> 2n }];
  if (action.kind !== 'set_field' || action.field.startsWith('tun_metadata')) return [action];
  const { bits, bytes } = field(action.field);
  const { mask } = action;
  const whole =
    mask === null || (version === '1.2' ? mask === ones(bytes * 8) : (mask & ones(bits)) === ones(bits));
  if (whole && (version === '1.2' || LEGACY.test(action.field))) return [{ ...action, mask: null }];
  if (version === '1.2' && /^(tun_erspan|nsh)/.test(action.field))
    return [{ ...action, mask: mask ?? ones(bits) }];
  return runs(mask ?? ones(bits), bits).map((m) => ({ ...action, value: action.value & m, mask: m }));
}

function asKept(version: OldVersion, f: FlowMod): FlowMod {
  const { apply, write, goto, writeMetadata, ...rest } = f.instructions;
  const asActions = version === '1.0' && goto !== null;
  const after: Action[] = asActions ? [{ kind: 'resubmit', port: null, table: goto, ct: false }] : [];
  if (asActions && writeMetadata !== null)
    after.unshift({ kind: 'set_field', field: 'metadata', ...writeMetadata });
  return {
    ...f,
    // In OpenFlow 1.1 every flow is of Ethernet, without saying so.
    match: version === '1.1' ? f.match.filter((t) => t.field !== 'packet_type') : f.match,
    instructions: {
      ...rest,
      apply: [...apply, ...after].flatMap((a) => loads(version, a)),
      write: write === null ? null : write.flatMap((a) => loads(version, a)),
      goto: asActions ? null : goto,
      writeMetadata: asActions ? null : writeMetadata,
    },
  };
}

describe.each(OLD)('OpenFlow %s', (version) => {
  const compare = async (flows: readonly FlowMod[]): Promise<void> => {
    const lines = flows.map((f) => flowText(f, dialect(version)));
    await lab.ofctl('-O', ofctlVersion(version), 'add-flows', 'br0', '-', {
      input: `${lines.join('\n')}\n`,
      check: true,
      timeout: 30_000,
    });
    const theirs = await described(lab, 'br0', flows.length);
    await clear(lab, 'br0');
    const messages = flows.map((f) => Buffer.from(encoded(asKept(version, f)), 'hex'));
    const said = await answers(lab, 'br0', messages);
    const ours = await described(lab, 'br0', flows.length);
    await clear(lab, 'br0');
    const differences = lines.flatMap((line, i) => {
      const row = { line, said: said[i], ours: ours[i], theirs: theirs[i] };
      return row.said === 'accepted' && JSON.stringify(row.ours) === JSON.stringify(row.theirs) ? [] : [row];
    });
    expect(differences.slice(0, 5)).toEqual([]);
  };
  /** OpenFlow 1.1 can carry few fields: those that nothing in the flow may depend on are left out. */
  const reduced = (match: readonly MatchField[]): readonly MatchField[] =>
    version !== '1.1'
      ? match
      : match.filter(
          (t) =>
            fitsFixedMatch(t, match) ||
            field(t.field).prerequisite !== 'none' ||
            t.field === 'ct_state' ||
            t.field === 'packet_type',
        );
  /** There are no meters, and in OpenFlow 1.0 no action set. */
  const without = (i: Instructions): Instructions => ({
    ...i,
    apply: i.apply.filter((a) => a.kind !== 'meter'),
    ...(version === '1.0' ? { clear: false, write: null } : {}),
  });
  const numbered = (flows: readonly FlowMod[]): FlowMod[] =>
    flows
      .map((f) => ({
        ...f,
        importance: 0,
        flags: f.flags & 1,
        match: reduced(f.match),
        instructions: without(f.instructions),
      }))
      .filter((f) => textLosses({ ...f, priority: 1 }, version).length === 0)
      .map((f, i) => ({ ...f, priority: i + 1 }));

  test('random flows', async () => {
    const property = fc.asyncProperty(
      fc.array(flowMod, { minLength: 1000, maxLength: 1000, size: 'max' }),
      async (flows) => {
        const some = numbered(flows);
        expect(some.length).toBeGreaterThan(40);
        await compare(some);
      },
    );
    await fc.assert(property, { numRuns: 4, interruptAfterTimeLimit: 30_000, endOnFailure: true });
  });
});
