// Every writable field and every action: what we accept the switch takes, keeps and shows, and ovs-ofctl sends the same
// bytes for our text; what we refuse the switch refuses with the error that we name.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flowText } from '../../src/emit/flows.ts';
import { textLosses } from '../../src/emit/text/limits.ts';
import type { Action, SubfieldRef } from '../../src/ir/types.ts';
import { ACTIONS, type ActionName } from '../../src/openflow/actions.ts';
import { field, FIELDS, type Field, type FieldName } from '../../src/openflow/fields.ts';
import type { Lab } from '../lab/switch.ts';
import {
  ACCEPTED,
  bytesOf,
  disagreements,
  expectedLosses,
  flowOf,
  instructionsOf,
  judge,
  lossesOf,
  ofctlMessages,
  startBench,
  tryAll,
  unchecked,
  verdicts,
  type Case,
  type Exception,
  type Source,
  type Tried,
} from './judge.ts';
import { ASSIGNED, CT, ILLEGAL, LEGAL, set, STRICTER, sub, UNSAYABLE, type Refusal } from './action-cases.ts';
import { CONTEXTS, literal, ofctlMatch, ones, remedies, sample, samples, type Form } from './samples.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await startBench();
});

afterAll(async () => {
  await lab.stop();
});

type WriteForm = Form | 'moved' | 'bit moved' | 'popped';

interface Write {
  readonly form: WriteForm;
  readonly text: string;
}

/** A register as wide as the field; no register is as wide as a Geneve option. */
function register(bits: number): SubfieldRef | null {
  const name = bits <= 32 ? 'reg3' : bits <= 64 ? 'xreg3' : 'xxreg2';
  return bits > 128 ? null : { field: name, offset: 0, bits };
}

/** All ways to write a field. */
function writes(f: Field): Write[] {
  const { name, bits } = f;
  const found: Write[] = [...samples(f)];
  if (bits > 1 && !found.some((s) => s.form === 'bit')) found.push({ form: 'bit', text: `${name}[1] = 1` });
  const source = register(bits);
  if (source !== null) found.push({ form: 'moved', text: `${name} = ${source.field}[0..${bits - 1}]` });
  found.push({ form: 'bit moved', text: `${name}[0] = metadata[5]` });
  found.push({ form: 'popped', text: `pop ${name}` });
  return found;
}

const ofConnection = (f: Field): boolean => f.name === 'ct_mark' || f.name === 'ct_label';

/** The statement that does it: the connection is written in the block of `ct`. */
function statement(f: Field, { form, text }: Write): string {
  return ofConnection(f) && form !== 'popped' ? `ct(commit) { ${text} }` : text;
}

/** Matches under which the field may be written. */
function matchesFor(f: Field): string[] {
  if (ofConnection(f)) return ['ip', 'ipv6'];
  return f.name === 'vlan_vid' ? ['vlan_tci = 0x1000/0x1000'] : remedies(f);
}

const all = (...names: FieldName[]): string[] =>
  names.flatMap((name) => writes(field(name)).map(({ form }) => `${name} ${form}`));

const some = (name: FieldName, ...forms: WriteForm[]): string[] => forms.map((form) => `${name} ${form}`);

const WRITABLE = FIELDS.filter((f) => f.writable);
const TUNNEL_METADATA = FIELDS.filter((f) => f.name.startsWith('tun_metadata')).map((f) => f.name);

/** What is not kept, and why. Whatever else is not kept fails, and so does an entry that is no longer needed. */
const EXCEPTIONS: readonly Exception[] = [
  {
    of: all(...TUNNEL_METADATA),
    outcome: 'we answer NXFMFC_INVALID_TLV_FIELD',
    reason: 'means nothing until a TLV map says which option it is',
  },
  {
    of: all('dl_vlan', 'dl_vlan_pcp'),
    outcome: 'we answer WBF4005',
    reason: 'has no header; ovs-ofctl would write `in_port` instead',
  },
  {
    of: some('in_port_oxm', 'exact', 'zero', 'ones', 'bit'),
    outcome: 'we answer OFPBAC_BAD_SET_ARGUMENT',
    reason: 'the switch does not take a constant there (below: it answers the same)',
  },
  {
    of: some('nw_tos', 'bit'),
    outcome: 'we answer OFPBAC_BAD_SET_ARGUMENT',
    reason: 'the two low bits are those of ECN (below: it answers the same)',
  },
  {
    of: [...some('ct_mark', 'popped'), ...some('ct_label', 'popped')],
    outcome: 'we answer WBF4013',
    reason:
      'stricter: the switch takes it, but what it writes is gone with the packet, not kept with the connection',
  },
  {
    of: [
      ...WRITABLE.filter((f) => !f.maskable && f.headers.length > 0 && f.bits > 1)
        .filter((f) => !['in_port_oxm', 'nw_tos'].includes(f.name))
        .map((f) => `${f.name} bit`),
    ],
    outcome: 'printed otherwise',
    reason: 'ovs-ofctl prints `set_field` with a mask that it does not take back; `load` is what it takes',
  },
];

interface FieldCase extends Case {
  readonly field: Field;
}

describe('a write with its prerequisites', () => {
  let tried: Tried<FieldCase>[] = [];

  beforeAll(async () => {
    const cases = WRITABLE.flatMap((f) =>
      writes(f).flatMap((write) =>
        matchesFor(f).map((match): FieldCase => ({
          key: `${f.name} ${write.form}`,
          field: f,
          match,
          action: statement(f, write),
        })),
      ),
    );
    tried = await tryAll(lab, cases, 'instructions');
  });

  test('is taken, kept and shown', () => {
    expect(lossesOf(tried)).toEqual(expectedLosses(EXCEPTIONS));
  });

  test('covers every writable field', () => {
    const names = new Set(tried.map((t) => t.field.name));
    const kept = new Set(tried.filter((t) => t.outcome === 'kept').map((t) => t.field.name));
    console.log(
      `writes: ${names.size} of ${WRITABLE.length} fields, ${kept.size} come back; ${tried.length} flows`,
    );
    expect([...names].sort()).toEqual(WRITABLE.map((f) => f.name).sort());
    // 64 of tun_metadata, dl_vlan, dl_vlan_pcp.
    expect(kept.size).toBe(WRITABLE.length - 66);
  });

  test('has the bytes of ovs-ofctl for the text that we emit', async () => {
    expect(await textDifferences(tried)).toEqual([]);
  });

  test('has the bytes of ovs-ofctl for the same words', async () => {
    // ovs-ofctl wants the present bit written out, which here is always meant.
    const exceptions = some('vlan_vid', 'exact', 'zero', 'ones', 'masked', 'subfield', 'bit', 'whole');
    const flows = tried.flatMap((t) => (t.flow === null ? [] : [{ ...t, flow: t.flow }]));
    const sent = await ofctlMessages(
      lab,
      'br0',
      flows.map((t) => `table=1,${ofctlMatch(t.match)},actions=${ofctlWrite(t.field, t.action ?? '')}`),
    );
    const differ = flows.filter(({ flow }, i) => {
      const theirs = sent[i]!;
      return typeof theirs === 'string' || instructionsOf(theirs) !== instructionsOf(bytesOf(flow));
    });
    expect([...new Set(differ.map((d) => d.key))].sort()).toEqual(exceptions.sort());
  });

  test('is refused without them, by us and by the switch with one and the same error', async () => {
    const rows = tried
      .filter((t) => t.flow !== null && t.match === matchesFor(t.field)[0])
      .filter((t) => matchesFor(t.field)[0] !== '')
      .map((t) => {
        const ethernet = t.field.prerequisite === 'Ethernet' && t.field.name !== 'vlan_vid';
        const match = ethernet ? 'packet_type = ipv4' : '';
        return {
          source: { match, action: t.action! },
          message: bytesOf(unchecked(flowOf({ match }).match, t.flow!.instructions)),
        };
      });
    const found = await verdicts(lab, rows);
    expect(disagreements(found).filter((v) => !TAKEN_WITHOUT_TAG.has(v.flow))).toEqual([]);
    expect(new Set(found.map((v) => v.switch))).toEqual(new Set(['OFPBAC_MATCH_INCONSISTENT', ACCEPTED]));
    expect(found.filter((v) => v.switch === ACCEPTED).map((v) => v.flow)).toEqual([...TAKEN_WITHOUT_TAG]);
    console.log(`writes: ${found.length} flows without prerequisites refused by both`);
  });

  test('is refused or accepted by both, whatever the match says', async () => {
    const contexts = CONTEXTS.map((match) => ({ match, terms: flowOf({ match }).match }));
    const needy = FIELDS.filter(
      (f) => (f.prerequisite !== 'none' || ofConnection(f)) && f.headers.length > 0 && f.exactIn.length > 0,
    );
    const rows = needy.flatMap((f) => {
      const into = register(f.bits)!;
      const actions = [
        ...(f.writable ? [statement(f, sample(f))] : []),
        `${into.field}[0..${f.bits - 1}] = ${f.name === 'nw_proto' ? 'ip_proto' : f.name}`,
      ];
      return actions.flatMap((action) => {
        const { instructions } = flowOf({ match: matchesFor(f)[0]!, action });
        return contexts.map(({ match, terms }) => ({
          source: { match, action },
          message: bytesOf(unchecked(terms, instructions)),
        }));
      });
    });
    const found = await verdicts(lab, rows);
    expect(disagreements(found).slice(0, 20)).toEqual([]);
    const refused = found.filter((r) => r.switch !== ACCEPTED).length;
    console.log(`contexts: ${found.length} flows judged, ${refused} of them refused by both`);
    expect(refused).toBeGreaterThan(1000);
    expect(found.length - refused).toBeGreaterThan(500);
  });
});

/** The same statement in the words of ovs-ofctl. */
function ofctlWrite(f: Field, statement: string): string {
  const inCt = /^ct\(commit\) \{ (.*) \}$/.exec(statement)?.[1];
  if (inCt !== undefined) return `ct(commit,exec(${ofctlWrite(f, inCt)}))`;
  const popped = /^pop (\w+)$/.exec(statement)?.[1];
  if (popped !== undefined) return `pop:${popped}[]`;
  const [left = '', right = ''] = statement.split(' = ');
  const name = left.replace(`[0..${f.bits - 1}]`, '');
  const target = name.includes('[') ? name : `${name}[]`;
  if (/^(x*reg|metadata)/.test(right)) return `move:${right}->${target}`;
  return name.includes('[') ? `load:${right}->${target}` : `set_field:${right}->${name}`;
}

/** Of a number in a tag that may not be there: the switch takes these, and so do we, with a warning (WBF4010). */
const TAKEN_WITHOUT_TAG: ReadonlySet<string> = new Set([
  ' => vlan_vid = reg3[0..11]',
  ' => vlan_vid[0] = metadata[5]',
  ' => pop vlan_vid',
]);

/** The flows for whose text ovs-ofctl sends other bytes than ours. */
async function textDifferences(tried: readonly Tried<Case>[]): Promise<string[]> {
  const flows = tried.flatMap((t) => (t.flow === null || textLosses(t.flow).length > 0 ? [] : [t.flow]));
  const texts = flows.map((flow) => flowText(flow));
  const sent = await ofctlMessages(lab, 'br0', texts);
  return flows.flatMap((flow, i) => {
    const theirs = sent[i]!;
    if (typeof theirs === 'string') return [`${texts[i]!}: ${theirs}`];
    return theirs.equals(bytesOf(flow)) ? [] : [texts[i]!];
  });
}

function messageOf({ match, apply = [], instructions = {}, raw, table = 1 }: Refusal): Buffer {
  const message = bytesOf({ ...unchecked(flowOf({ match }).match, { apply, ...instructions }), table });
  return raw === undefined ? message : raw(message);
}

function refusals(rows: readonly Refusal[]): Promise<{ flow: string; ours: string; switch: string }[]> {
  return verdicts(
    lab,
    rows.map((row) => ({ source: row, message: messageOf(row) })),
  );
}

describe('a write that is refused for what it writes', () => {
  test('to a field that is read only', async () => {
    const rows = FIELDS.filter((f) => !f.writable && f.headers.length > 0).flatMap((f): Refusal[] => {
      const destination = sub(f.name, 0, f.bits);
      const source = register(f.bits)!;
      const match = f.name === 'dp_hash' || f.name === 'recirc_id' ? '' : remedies(f)[0]!;
      return [
        { match, action: `${f.name} = ${literal(f, 1n)}`, apply: [set(f.name, 1n)] },
        {
          match,
          action: `${f.name} = ${source.field}[0..${f.bits - 1}]`,
          apply: [{ kind: 'move', source, destination }],
        },
        { match, action: `pop ${f.name}`, apply: [{ kind: 'pop', destination }] },
      ];
    });
    const found = await refusals(rows);
    expect(disagreements(found)).toEqual([]);
    expect(new Set(found.map((v) => v.switch))).toEqual(new Set(['OFPBAC_BAD_SET_ARGUMENT']));
    expect(found.length).toBe(3 * FIELDS.filter((f) => !f.writable && f.headers.length > 0).length);
    console.log(`writes: ${found.length / 3} read-only fields refused by both`);
  });

  test('of a value that the field does not have', async () => {
    const rows = WRITABLE.filter((f) => f.headers.length > 0 && !TUNNEL_METADATA.includes(f.name)).flatMap(
      (f): Refusal[] => {
        const { domain } = f;
        const value =
          domain.kind === 'forbidden bits'
            ? domain.bits & -domain.bits
            : domain.kind === 'max'
              ? domain.max + 1n
              : null;
        if (value === null) return [];
        const match = matchesFor(f)[0]!;
        return [{ match, action: `${f.name} = ${literal(f, value)}`, apply: [set(f.name, value)] }];
      },
    );
    rows.push({
      match: '',
      action: 'in_port_oxm = 1',
      apply: [set('in_port_oxm', 1n)],
    });
    const found = await refusals(rows);
    expect(disagreements(found)).toEqual([]);
    expect(new Set(found.map((v) => v.switch))).toEqual(new Set(['OFPBAC_BAD_SET_ARGUMENT']));
    expect(rows.length).toBeGreaterThan(10);
  });

  test('of bits outside of the mask', async () => {
    const rows = WRITABLE.filter((f) => f.maskable && !TUNNEL_METADATA.includes(f.name)).map((f): Refusal => {
      const forbidden = f.domain.kind === 'forbidden bits' ? f.domain.bits : 0n;
      const mask = ones(f.bits) & ~forbidden & ~5n;
      const write = `${f.name} = ${literal(f, mask | 1n)}/${literal(f, mask)}`;
      // The present bit is in the value and the mask of whatever is written to vlan_vid.
      const tag = f.name === 'vlan_vid' ? 0x1000n : 0n;
      const action = set(f.name, mask | 1n | tag, mask | tag);
      const ct: Action = { ...CT, exec: [action] };
      return {
        match: matchesFor(f)[0]!,
        action: statement(f, { form: 'masked', text: write }),
        apply: [ofConnection(f) ? ct : action],
      };
    });
    const found = await refusals(rows);
    expect(disagreements(found)).toEqual([]);
    expect(new Set(found.map((v) => v.switch))).toEqual(new Set(['OFPBMC_BAD_WILDCARDS']));
    expect(rows.length).toBeGreaterThan(50);
  });
});

const keyOf = ({ match, action = '' }: Source): string => `${match} => ${action}`;

describe('an action', () => {
  const covered = (of: Readonly<Partial<Record<ActionName, unknown>>>): Set<string> =>
    new Set(Object.keys(of));

  test('is here', () => {
    const rest = ACTIONS.filter((a) => !covered(LEGAL).has(a.name)).map((a) => a.name);
    expect(rest.sort()).toEqual([...ASSIGNED, 'delete_field', 'debug_recirc', 'debug_slow'].sort());
    const known = [...covered(LEGAL)];
    // Of these there is nothing wrong that a message could say.
    const faultless = known.filter((name) => !covered(ILLEGAL).has(name));
    expect(faultless.sort()).toEqual(['check_pkt_larger', 'ct_clear', 'drop', 'set_queue']);
    const words = UNSAYABLE.map((s) => s.action ?? '').join(' ');
    for (const name of ['ct_clear', 'drop', 'set_queue']) expect(words).toContain(name);
    console.log(`actions: ${known.length} of ${ACTIONS.length}; ${ASSIGNED.length} are assignments`);
  });

  test('that is legal is taken, kept and shown, with the bytes of ovs-ofctl', async () => {
    const exceptions: readonly Exception[] = [
      {
        of: [' => enqueue(port = 2, queue = 1); enqueue(local, 0xfffffffe); enqueue(in_port, 0)'],
        outcome: 'printed otherwise',
        reason:
          'printed as set_queue, output and pop_queue; that output has another max_len, which only controllers see',
      },
      {
        of: [' => output 1; meter 1; output 2'],
        outcome: 'printed otherwise',
        reason: 'ovs-ofctl takes a meter as the first action only',
      },
      {
        of: [
          ' => encap(nsh(md_type = 2, tlv(0x1000, 10, 0x12345678), tlv(0xffff, 255, "12"), tlv(1, 2, "01.02.03.04.05"))); output 1',
        ],
        outcome: 'printed otherwise',
        reason: 'ovs-ofctl prints a value of an odd number of digits where its first one is 0',
      },
      {
        of: [' => resubmit(in_port)'],
        outcome: 'printed otherwise',
        reason: 'ovs-ofctl prints a resubmit without port and table, and does not take it back',
      },
      {
        of: ['ip => ip_dscp[0..2] = 5; in_port[0..3] = 1; normal'],
        outcome: 'printed otherwise',
        reason:
          'ovs-ofctl prints `set_field` with a mask that it does not take back; `load` is what it takes',
      },
    ];
    const rows = Object.values(LEGAL).flat();
    const tried = await tryAll(
      lab,
      rows.map((row): Case => ({ ...row, key: keyOf(row) })),
      'instructions',
    );
    expect(lossesOf(tried)).toEqual(expectedLosses(exceptions));
    expect(await textDifferences(tried)).toEqual([]);
    const wordless = tried.filter((t) => t.flow !== null && textLosses(t.flow).length > 0);
    expect(wordless.map((t) => t.key).sort()).toEqual([
      ' => output 1; meter 1; output 2',
      ' => resubmit(in_port)',
    ]);
  });

  test('has the bytes of ovs-ofctl for its own words', async () => {
    const rows = Object.values(LEGAL)
      .flat()
      .flatMap(({ text, ...source }) => (text === null ? [] : [{ text, source }]));
    const lines = rows.map(({ text, source }) => `table=1,${ofctlMatch(source.match)},actions=${text}`);
    const sent = await ofctlMessages(lab, 'br0', lines);
    const ours = rows.map(({ source }) => instructionsOf(bytesOf(flowOf(source))));
    const theirs = sent.map((m) => (typeof m === 'string' ? m : instructionsOf(m)));
    expect(lines.map((line, i) => `${line} ${ours[i]!}`)).toEqual(
      lines.map((line, i) => `${line} ${theirs[i]!}`),
    );
  });

  test('that is illegal is refused by both with one and the same error', async () => {
    const rows = Object.values(ILLEGAL).flat();
    const found = await refusals(rows);
    expect(disagreements(found)).toEqual([]);
    expect(found.filter((v) => v.switch === ACCEPTED)).toEqual([]);
    console.log(
      `actions: ${found.length} illegal flows refused by both, with ${new Set(found.map((v) => v.switch)).size} errors`,
    );
  });

  test('is refused by us alone for a reason', async () => {
    const found = await refusals(STRICTER);
    expect(found.map((v) => [v.flow, v.ours, v.switch])).toEqual(
      STRICTER.map((row) => [keyOf(row), row.code, ACCEPTED]),
    );
  });

  test('that no message could do is refused', () => {
    expect(UNSAYABLE.map((source) => [keyOf(source), judge(source).says])).toEqual(
      UNSAYABLE.map((row) => [keyOf(row), row.code]),
    );
  });
});
