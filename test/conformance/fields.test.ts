// Every field of ovs-fields(7): a match on it that we accept is taken, kept and shown by the switch; one that we refuse it
// refuses with the error that we name.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flowText } from '../../src/emit/flows.ts';
import { textLosses } from '../../src/emit/text/limits.ts';
import { encodeMatch } from '../../src/ir/oxm.ts';
import type { MatchField } from '../../src/ir/types.ts';
import { field, FIELDS, type Field, type FieldName } from '../../src/openflow/fields.ts';
import { headerWord } from '../../src/openflow/oxm.ts';
import { overlap, storage } from '../../src/openflow/storage.ts';
import type { Lab } from '../lab/switch.ts';
import {
  ACCEPTED,
  answers,
  bytesOf,
  clear,
  disagreements,
  expectedLosses,
  flowOf,
  lossesOf,
  matchOf,
  ofctlMessages,
  outcomesOf,
  startBench,
  tryAll,
  unchecked,
  verdicts,
  withMatch,
  type Case,
  type Exception,
  type Tried,
  type Verdicts,
} from './judge.ts';
import {
  CONTEXTS,
  literal,
  nameFor,
  ofctlMatch,
  ones,
  remedies,
  sample,
  samples,
  terms,
  type Form,
} from './samples.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await startBench();
});

afterAll(async () => {
  await lab.stop();
});

const all = (...names: FieldName[]): string[] =>
  names.flatMap((name) => samples(field(name)).map(({ form }) => `${name} ${form}`));

const some = (name: FieldName, ...forms: Form[]): string[] => forms.map((form) => `${name} ${form}`);

const TUNNEL_METADATA = FIELDS.filter((f) => f.name.startsWith('tun_metadata')).map((f) => f.name);

/** What is not kept, and why. Whatever else is not kept fails, and so does an entry that is no longer needed. */
const EXCEPTIONS: readonly Exception[] = [
  {
    of: all('tun_tos', 'tun_ttl', 'skb_priority'),
    outcome: 'we answer WBF3009',
    reason: 'no OpenFlow version and no extension has a header for it, so no message can carry it',
  },
  {
    of: [...all('dp_hash'), ...some('recirc_id', 'exact', 'ones', 'whole')],
    outcome: 'we answer OFPBRC_EPERM',
    reason: 'the switch keeps it for its own flows (below: it answers the same)',
  },
  {
    of: all(...TUNNEL_METADATA),
    outcome: 'we answer NXFMFC_INVALID_TLV_FIELD',
    reason: 'means nothing until a TLV map says which option it is; what is sent with one is tried below',
  },
  {
    of: [
      ...some('tun_erspan_ver', 'exact', 'zero', 'ones', 'masked', 'subfield', 'whole'),
      ...some('tun_erspan_dir', 'exact', 'zero', 'ones', 'whole'),
      ...some('tun_erspan_hwid', 'exact', 'zero', 'ones', 'masked', 'subfield', 'whole'),
      ...some('tun_gtpu_flags', 'exact', 'zero', 'masked', 'subfield', 'whole'),
      ...some('tun_gtpu_msgtype', 'exact', 'zero', 'masked', 'subfield', 'whole'),
    ],
    outcome: 'described otherwise',
    reason: 'bug of 3.1.0: it puts the value in the place of the mask (WBF3012 warns)',
  },
  {
    of: [
      ...some('tun_erspan_hwid', 'bit'),
      ...some('tun_gtpu_flags', 'ones', 'bit'),
      ...some('tun_gtpu_msgtype', 'ones', 'bit'),
    ],
    outcome: 'printed otherwise',
    reason:
      'bug of 3.1.0: tun_erspan_hwid is printed only with version 2, tun_gtpu_* under names that ovs-ofctl does not know (the bug above does no harm where value and mask are equal)',
  },
  {
    of: [...all('tun_erspan_idx'), ...all('nsh_c1', 'nsh_c2', 'nsh_c3', 'nsh_c4')],
    outcome: 'printed otherwise',
    reason: 'bug of 3.1.0: ovs-ofctl does not print it (tun_erspan_idx: unless the version is 1)',
  },
  {
    of: some('tun_gbp_flags', 'masked', 'subfield', 'bit'),
    outcome: 'printed otherwise',
    reason: 'bug of 3.1.0: ovs-ofctl prints it without its mask',
  },
  {
    of: some('packet_type', 'zero'),
    outcome: 'printed otherwise',
    reason: 'not printed, because on a bridge for Ethernet it says nothing',
  },
  {
    of: ['ip; ip_frag[1] = 1', 'ip; ip_frag = 2'],
    outcome: 'printed otherwise',
    reason: '"later" without "yes" has no word (and no packet): ovs-ofctl prints `later` or `<error>`',
  },
  {
    of: [
      ...some('ct_nw_proto', 'zero'),
      'ct_state = +trk-inv; ct_tp_src = 80',
      'ct_state = +trk-inv; ct_tp_dst = 0x50/0xf0',
    ],
    outcome: 'described otherwise',
    reason: 'left out of the description where ct_nw_proto is 0 or any (below: it is matched all the same)',
  },
  {
    of: ['vlan_tci = 0x2000/0x2000', 'vlan_tci = 0x2000/0xe000', 'vlan_tci = 0x3005/0x3fff'],
    outcome: 'described otherwise',
    reason:
      'in its description the switch has a priority as a whole, and only of what has a tag (below: it is matched all the same)',
  },
  {
    of: ['vlan_tci = 0x2005/0x2fff'],
    outcome: 'we answer WBF3017',
    reason: 'the switch would take it and describe it so that ovs-ofctl lists no flow of the bridge any more',
  },
];

/** Matches to try besides those of the samples. */
const MORE = [
  'ip; ip_frag[1] = 1',
  'ip; ip_frag = 2',
  'ct_state = +trk-inv; ct_tp_src = 80',
  'ct_state = +trk-inv; ct_tp_dst = 0x50/0xf0',
  'vlan_tci = 0x2000/0x2000',
  'vlan_tci = 0x2000/0xe000',
  'vlan_tci = 0x3005/0x3fff',
  'vlan_tci = 0x2005/0x2fff',
];

interface MatchCase extends Case {
  readonly field: Field | null;
}

const CASES: readonly MatchCase[] = [
  ...FIELDS.flatMap((f) =>
    samples(f).flatMap(({ form, text }) =>
      remedies(f).map((remedy): MatchCase => ({
        key: `${f.name} ${form}`,
        field: f,
        match: terms(remedy, text),
      })),
    ),
  ),
  ...MORE.map((match): MatchCase => ({ key: match, field: null, match })),
];

let tried: Tried<MatchCase>[] = [];

beforeAll(async () => {
  tried = await tryAll(lab, CASES, 'match');
});

describe('a match with its prerequisites', () => {
  test('is taken, kept and shown', () => {
    expect(lossesOf(tried)).toEqual(expectedLosses(EXCEPTIONS));
  });

  test('covers every field', () => {
    const count = (names: Iterable<FieldName>): number => new Set(names).size;
    const covered = tried.flatMap((t) => t.field?.name ?? []);
    const sent = tried.flatMap((t) => (t.flow === null ? [] : (t.field?.name ?? [])));
    const kept = tried.flatMap((t) => (t.outcome === 'kept' ? (t.field?.name ?? []) : []));
    console.log(
      `fields: ${count(covered)} of ${FIELDS.length}, ${count(sent)} compiled, ${count(kept)} come back; ${tried.length} matches`,
    );
    expect(count(covered)).toBe(FIELDS.length);
    expect(FIELDS.length).toBe(183);
    // 64 of tun_metadata, and tun_tos, tun_ttl, skb_priority, dp_hash; of recirc_id there is `recirc_id = 0`.
    expect(count(sent)).toBe(183 - 68);
    // Of tun_erspan_idx, _dir, _hwid, tun_gtpu_* and nsh_c1 to nsh_c4 there is no form that ovs-ofctl shows.
    expect(count(kept)).toBe(183 - 68 - 9);
  });

  test('means the same under all names of its field', () => {
    const compared = FIELDS.filter((f) => tried.some((t) => t.field === f && t.flow !== null)).flatMap(
      (f) => {
        const form = f.name === 'recirc_id' ? 'zero' : 'exact';
        const { text } = sample(f, form);
        const value = text.slice(text.indexOf('='));
        const remedy = remedies(f)[0]!;
        const bytes = (name: string): string =>
          matchOf(bytesOf(flowOf({ match: terms(remedy, `${name} ${value}`) })));
        return [...f.aliases, ...f.headers.map((h) => h.name)].map((alias) => [
          `${alias} ${bytes(alias)}`,
          `${alias} ${bytes(nameFor(f))}`,
        ]);
      },
    );
    expect(compared.map(([alias]) => alias)).toEqual(compared.map(([, name]) => name));
    expect(compared.length).toBeGreaterThan(150);
  });

  test('is matched though it is not described', async () => {
    // Flows with one priority that the switch can tell apart, or they would replace each other.
    const families = [
      [0, 80, 81].map((port) => `ct_state = +trk-inv; ct_tp_src = ${port}`),
      [0, 80, 81].map((port) => `ct_state = +trk-inv; ct_tp_dst = ${port}`),
      ['ct_state = +trk-inv', 'ct_state = +trk-inv; ct_nw_proto = 0'],
      ['', 'vlan_tci = 0x2000/0x2000', 'vlan_tci = 0x2000/0xe000', 'vlan_tci = 0x1000/0x1000'],
      ['vlan_tci = 0x3005/0x3fff', 'vlan_tci = 0x3005/0xffff', 'vlan_tci = 0x1005/0x1fff'],
    ];
    for (const family of families) {
      const flows = family.map((match) => bytesOf(flowOf({ match })));
      expect(await answers(lab, 'br0', flows)).toEqual(family.map(() => ACCEPTED));
      const { stdout } = await lab.ofctl('-O', 'OpenFlow15', 'dump-aggregate', 'br0', { check: true });
      expect(`${family.join(' | ')}: ${stdout}`).toContain(`flow_count=${family.length}`);
      await clear(lab, 'br0');
    }
  });
});

interface ByteException {
  readonly of: readonly string[];
  readonly reason: string;
}

const keys = (exceptions: readonly ByteException[]): string[] => exceptions.flatMap((e) => e.of).sort();

describe('the bytes of ovs-ofctl', () => {
  const MASK_BUG = EXCEPTIONS.find((e) => e.reason.includes('in the place of the mask'))!.of;

  test('for the text that we emit are ours', async () => {
    const exceptions: ByteException[] = [
      {
        of: MASK_BUG,
        reason:
          'ovs-ofctl has the bug of the switch: value in the place of the mask. We send what is written',
      },
    ];
    const flows = tried.flatMap(({ key, flow }) =>
      flow === null || textLosses(flow).length > 0 ? [] : [{ key, flow }],
    );
    const sent = await ofctlMessages(
      lab,
      'br0',
      flows.map(({ flow }) => flowText(flow)),
    );
    const differ = flows.filter(({ flow }, i) => {
      const theirs = sent[i]!;
      return typeof theirs === 'string' || !theirs.equals(bytesOf(flow));
    });
    expect([...new Set(differ.map((d) => d.key))].sort()).toEqual(keys(exceptions));
    // What has no text is known, and each has been changed by ovs-ofctl on purpose or by mistake.
    expect(
      tried
        .filter(({ flow }) => flow !== null && textLosses(flow).length > 0)
        .map((t) => t.key)
        .sort(),
    ).toEqual(
      [
        ...some('ct_nw_proto', 'zero'),
        'ct_state = +trk-inv; ct_tp_src = 80',
        'ct_state = +trk-inv; ct_tp_dst = 0x50/0xf0',
        'vlan_tci = 0x2000/0x2000',
        'vlan_tci = 0x2000/0xe000',
        'vlan_tci = 0x3005/0x3fff',
      ].sort(),
    );
  });

  test('for the same words are ours', async () => {
    const exceptions: ByteException[] = [
      { of: MASK_BUG, reason: 'as above' },
      {
        of: [
          ...some('vlan_vid', 'exact', 'zero', 'ones', 'masked', 'subfield', 'bit', 'whole'),
          // ovs-ofctl 3.1.0 takes `vlan_vid=10` as OXM has it, without the present bit: such a flow never matches.
        ],
        reason:
          '`vlan_vid = 10` is "tagged, VLAN 10" here; ovs-ofctl leaves out the present bit, and nothing matches',
      },
      {
        of: [...some('tcp_flags', 'whole'), ...some('tun_erspan_idx', 'whole')],
        reason: '`field[0..n]` of all bits: the mask of all bits says no more than none',
      },
      {
        of: FIELDS.filter((f) => tried.some((t) => t.key === `${f.name} whole` && t.flow !== null))
          .filter((f) => f.bits < f.bytes * 8 && !f.maskable && f.name !== 'tun_flags')
          .map((f) => `${f.name} whole`),
        reason: 'ovs-ofctl refuses `field[0..n]` of an unmaskable field whose bits do not fill their bytes',
      },
      {
        of: FIELDS.filter((f) => f.format === 'Ethernet' || f.format === 'IPv4' || f.format === 'IPv6').map(
          (f) => `${f.name} whole`,
        ),
        reason: 'ovs-ofctl takes no address behind `field[0..n]`',
      },
      {
        of: [
          'ct_nw_proto zero',
          ...MORE.filter((m) => m.startsWith('ct_state') || /^vlan_tci = 0x[23]/.test(m)),
        ],
        reason: 'ovs-ofctl drops or changes what it cannot say (see textLosses)',
      },
      { of: ['ip; ip_frag = 2'], reason: 'ovs-ofctl takes only words' },
    ];
    const cases = tried.flatMap(({ key, match, flow }) => (flow === null ? [] : [{ key, match, flow }]));
    const sent = await ofctlMessages(
      lab,
      'br0',
      cases.map(({ match }) => `table=1,${ofctlMatch(match)},actions=drop`),
    );
    const differ = cases.filter(({ flow }, i) => {
      const theirs = sent[i]!;
      return typeof theirs === 'string' || matchOf(theirs) !== matchOf(bytesOf(flow));
    });
    const known = new Set(keys(exceptions).filter((key) => cases.some((c) => c.key === key)));
    expect([...new Set(differ.map((d) => d.key))].sort()).toEqual([...known].sort());
  });
});

const uint = (value: bigint, bytes: number): Buffer =>
  Buffer.from(value.toString(16).padStart(bytes * 2, '0'), 'hex');

/** A term under the field's own header, whatever our encoder would send it as. */
function tlv(f: Field, value: bigint, mask?: bigint): Buffer {
  const header = f.headers[0]!;
  return Buffer.concat([
    uint(BigInt(headerWord(header, mask !== undefined)), 4),
    header.experimenter === null ? Buffer.alloc(0) : uint(BigInt(header.experimenter), 4),
    uint(value, f.bytes),
    mask === undefined ? Buffer.alloc(0) : uint(mask, f.bytes),
  ]);
}

/** The terms on the field alone in a match of which it is a part. */
function ownTerms(f: Field, text: string): MatchField[] {
  return flowOf({ match: terms(remedies(f)[0]!, text) }).match.filter((t) => t.field === f.name);
}

/** The same as it is sent. Our encoder writes a priority together with the tag that it belongs to, if it has to. */
function ownTlvs(f: Field, text: string): Uint8Array {
  const own = ownTerms(f, text);
  return f.name === 'vlan_pcp' ? tlv(f, own[0]!.value) : encodeMatch(own);
}

/** Fields that a flow can have, as far as we are concerned. */
const USABLE = FIELDS.filter(
  (f) =>
    f.exactIn.length > 0 &&
    !f.name.startsWith('tun_metadata') &&
    f.name !== 'dp_hash' &&
    f.name !== 'recirc_id',
);

interface Refusal {
  readonly match: string;
  /** The same for the switch, unchecked. */
  readonly tlvs: Uint8Array;
}

function verdictsOn(rows: readonly Refusal[]): Promise<Verdicts[]> {
  const empty = bytesOf(unchecked([]));
  return verdicts(
    lab,
    rows.map(({ match, tlvs }) => ({ source: { match }, message: withMatch(empty, Buffer.from(tlvs)) })),
  );
}

describe('a match without its prerequisites', () => {
  const needy = USABLE.filter((f) => f.prerequisite !== 'none');
  /** Every packet is Ethernet unless one says otherwise. */
  const bare = (f: Field): string => (f.prerequisite === 'Ethernet' ? 'packet_type = ipv4' : '');

  test('is refused by us and by the switch with one and the same error', async () => {
    const rows = needy.flatMap((f) =>
      samples(f)
        .filter(({ form }) => form !== 'whole')
        .map(({ text }): Refusal => {
          const before = bare(f) === '' ? [] : flowOf({ match: bare(f) }).match;
          return {
            match: terms(bare(f), text),
            tlvs: Buffer.concat([encodeMatch(before), ownTlvs(f, text)]),
          };
        }),
    );
    const found = await verdictsOn(rows);
    expect(disagreements(found)).toEqual([]);
    expect(new Set(found.map((r) => r.switch))).toEqual(new Set(['OFPBMC_BAD_PREREQ']));
    expect(needy.length).toBe(61);
    console.log(`fields: ${needy.length} with prerequisites, refused in ${rows.length} matches without them`);
  });

  test('is refused or accepted by both, whatever else the match says', async () => {
    const contexts = CONTEXTS.map((match) => ({ match, terms: flowOf({ match }).match }));
    const rows = USABLE.filter((f) => storage(f).unit === f.name || !f.pipeline).flatMap((f) => {
      const { text } = sample(f);
      const own = ownTerms(f, text);
      return contexts
        .filter((c) => !c.terms.some((t) => storage(field(t.field)).unit === storage(f).unit))
        .map((c): Refusal => ({
          match: terms(c.match, text),
          tlvs:
            f.name === 'vlan_pcp'
              ? Buffer.concat([encodeMatch(c.terms), ownTlvs(f, text)])
              : encodeMatch(unchecked([...c.terms, ...own]).match),
        }));
    });
    const found = await verdictsOn(rows);
    expect(disagreements(found).slice(0, 20)).toEqual([]);
    const refused = found.filter((r) => r.switch !== ACCEPTED).length;
    console.log(`contexts: ${found.length} matches judged, ${refused} of them refused by both`);
    expect(refused).toBeGreaterThan(1000);
    expect(found.length - refused).toBeGreaterThan(1000);
  });
});

describe('a match that the switch would refuse for its terms', () => {
  /** The TLVs of the first remedy. */
  const before = (f: Field): Uint8Array => encodeMatch(flowOf({ match: remedies(f)[0]! }).match);
  const sent = USABLE.filter((f) => f.headers.length > 0);

  test('the same bits twice, under any names', async () => {
    const twice = (f: Field, g: Field): Refusal => {
      const [a, b] = [sample(f).text, sample(g).text];
      const first = flowOf({ match: terms(remedies(f)[0]!, a) }).match;
      return {
        match: terms(remedies(f)[0]!, a, b),
        tlvs: Buffer.concat([encodeMatch(first), ownTlvs(g, b)]),
      };
    };
    const rows = USABLE.flatMap((f) =>
      USABLE.filter((g) => g === f || overlap(f, g)).map((g) => twice(f, g)),
    );
    const found = await verdictsOn(rows);
    expect(disagreements(found)).toEqual([]);
    expect(new Set(found.map((r) => r.switch))).toEqual(new Set(['OFPBMC_DUP_FIELD']));
  });

  test('a value that the field does not have', async () => {
    const rows = sent.flatMap((f): Refusal[] => {
      const { domain } = f;
      const values: readonly bigint[] =
        domain.kind === 'forbidden bits'
          ? [domain.bits & -domain.bits, domain.bits]
          : domain.kind === 'one of'
            ? [domain.values.at(-1)! + 1n]
            : domain.kind === 'max'
              ? [domain.max + 1n]
              : domain.kind === 'OpenFlow 1.1+ port'
                ? [0xff00n, 0xfffffeffn]
                : [];
      return values.map((value) => ({
        match: terms(remedies(f)[0]!, `${nameFor(f)} = ${literal(f, value)}`),
        tlvs: Buffer.concat([before(f), tlv(f, value)]),
      }));
    });
    const found = await verdictsOn(rows);
    expect(disagreements(found)).toEqual([]);
    expect(new Set(found.map((r) => r.switch))).toEqual(new Set(['OFPBMC_BAD_VALUE']));
    expect(rows.length).toBe(36);
  });

  test('a mask where there is none', async () => {
    const rows = sent
      .filter((f) => !f.maskable && f.bits > 1)
      .map((f): Refusal => {
        const value = f.domain.kind === 'one of' ? f.domain.values[0]! : 0n;
        const mask = value === 0n ? ones(f.bits) & ~1n : value;
        return {
          match: terms(remedies(f)[0]!, `${nameFor(f)} = ${literal(f, value)}/${literal(f, mask)}`),
          tlvs: Buffer.concat([before(f), tlv(f, value, mask)]),
        };
      });
    const found = await verdictsOn(rows);
    expect(disagreements(found)).toEqual([]);
    expect(new Set(found.map((r) => r.switch))).toEqual(new Set(['OFPBMC_BAD_MASK']));
    expect(rows.length).toBe(29);
  });

  test('bits outside of the mask', async () => {
    const rows = sent
      .filter((f) => f.maskable)
      .map((f): Refusal => {
        const forbidden = f.domain.kind === 'forbidden bits' ? f.domain.bits : 0n;
        const mask = ones(f.bits) & ~forbidden & ~5n;
        return {
          match: terms(remedies(f)[0]!, `${nameFor(f)} = ${literal(f, mask | 1n)}/${literal(f, mask)}`),
          tlvs: Buffer.concat([before(f), tlv(f, mask | 1n, mask)]),
        };
      });
    const found = await verdictsOn(rows);
    expect(disagreements(found)).toEqual([]);
    expect(new Set(found.map((r) => r.switch))).toEqual(new Set(['OFPBMC_BAD_WILDCARDS']));
    expect(rows.length).toBeGreaterThan(60);
  });

  test('what the switch keeps for itself', async () => {
    const rows = (['dp_hash', 'recirc_id'] as const).map((name): Refusal => {
      const f = field(name);
      return { match: `${name} = 5`, tlvs: tlv(f, 5n) };
    });
    expect(await verdictsOn(rows)).toEqual(
      rows.map(({ match }) => ({ flow: match, ours: 'OFPBRC_EPERM', switch: 'OFPBRC_EPERM' })),
    );
  });

  test('what no message can carry', async () => {
    const names = ['tun_tos', 'tun_ttl', 'skb_priority'] as const;
    const answer = await ofctlMessages(
      lab,
      'br0',
      names.map((name) => `${name}=5,actions=drop`),
    );
    expect(names.map((name) => field(name).headers)).toEqual([[], [], []]);
    expect(answer.map((a) => typeof a)).toEqual(['string', 'string', 'string']);
  });

  test('a tunnel option that no TLV map names', async () => {
    const rows = TUNNEL_METADATA.map((name): Refusal => ({
      match: `${name} = 5`,
      tlvs: tlv(field(name), 5n),
    }));
    const found = await verdictsOn(rows);
    expect(disagreements(found)).toEqual([]);
    expect(new Set(found.map((r) => r.switch))).toEqual(new Set(['NXFMFC_INVALID_TLV_FIELD']));
  });
});

test('with a TLV map the tunnel options are kept and shown', async () => {
  await lab.addBridge('br1');
  // 64 options of 4 bytes are all that the switch has room for.
  const map = TUNNEL_METADATA.map((name, n) => `{class=0xffff,type=${n},len=4}->${name}`);
  await lab.ofctl('add-tlv-map', 'br1', map.join(','), { check: true });
  const matches = TUNNEL_METADATA.flatMap((name): MatchField[] => [
    { field: name, value: 0x5a5a5a5an, mask: null },
    { field: name, value: 0x5a005a00n, mask: 0xff00ff00n },
  ]);
  const messages = matches.map((term) => bytesOf(unchecked([term])));
  const outcomes = await outcomesOf(lab, 'br1', messages, 'match');
  const lost = matches.flatMap((term, i) =>
    outcomes[i] === 'kept' ? [] : [`${term.field} ${term.mask ?? ''} ${outcomes[i]!}`],
  );
  expect(lost).toEqual([]);
});
