// Every field and every action in every version of OpenFlow: what we take, ovs-ofctl and the switch take in that version,
// with the same meaning as in 1.5; what we refuse, they refuse, or silently make something else of it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { flowText } from '../../src/emit/flows.ts';
import { instructionsText } from '../../src/emit/text/actions.ts';
import { textLosses } from '../../src/emit/text/limits.ts';
import { matchTerms } from '../../src/emit/text/match.ts';
import { dialect } from '../../src/emit/text/names.ts';
import type { FlowMod } from '../../src/ir/types.ts';
import { ACTIONS } from '../../src/openflow/actions.ts';
import type { ActionName } from '../../src/openflow/actions.ts';
import { FIELDS } from '../../src/openflow/fields.ts';
import type { OpenFlowVersion } from '../../src/openflow/types.ts';
import { OPENFLOW_VERSIONS } from '../../src/openflow/versions.ts';
import { compile } from '../../src/project/compile.ts';
import { remedies, samples, terms } from '../conformance/samples.ts';
import { flowLines, startSwitch, type Lab } from '../lab/switch.ts';

interface Case {
  readonly key: string;
  readonly match: string;
  readonly action: string;
}

const protocol = (version: OpenFlowVersion): `OpenFlow1${0 | 1 | 2 | 3 | 4 | 5}` =>
  `OpenFlow${version.replace('.', '')}` as 'OpenFlow10';

let lab: Lab;

beforeAll(async () => {
  lab = await startSwitch({ dummy: true });
  for (const version of OPENFLOW_VERSIONS) {
    const bridge = `b${version}`;
    // In 1.5 it is only looked at.
    const protocols = [...new Set([protocol(version), 'OpenFlow15' as const])];
    await lab.addBridge(bridge, { protocols, dummyPorts: [1, 2, 3].map((n) => `${bridge}p${n}`) });
    const set = (...args: string[]): Promise<unknown> =>
      lab.ofctl('-O', 'OpenFlow15', ...args, { check: true });
    await set('add-group', bridge, 'group_id=1,type=all,bucket=actions=output:1');
    await set('add-meter', bridge, 'meter=1,kbps,band=type=drop,rate=1');
    await set('add-tlv-map', bridge, '{class=0xffff,type=0,len=4}->tun_metadata0');
  }
});

afterAll(() => lab.stop());

/** The flow in that version, or the codes of what is wrong with it. */
function judge({ match, action }: Case, version: OpenFlowVersion): FlowMod | readonly string[] {
  const text = `group g = 1
meter m = 1
${version === '1.1' ? '' : 'tunnel_metadata { tun_metadata0 = {class: 0xffff, type: 0, len: 4} }'}
table here = 1 { miss = drop; flow f { match { ${match} } action { ${action} } } }
table acl = 5 { miss = drop }
`;
  const { program, diagnostics } = compile({ path: 'v.wbf', text }, { version });
  const flow = program === null ? undefined : [...program.flows].find((f) => f.name === 'here.f');
  return flow ?? diagnostics.filter((d) => d.severity === 'error').map((d) => d.code);
}

const plain = { cookie: 0n } as const;

/** What the switch has by priority, in the words of OpenFlow 1.5; of the flows with that cookie. */
async function dump(bridge: string, cookie = 0): Promise<ReadonlyMap<number, string>> {
  const { status, stdout, stderr } = await lab.ofctl(
    ...['-O', 'OpenFlow15', '--no-stats', '--no-names', 'dump-flows', bridge, `cookie=${cookie}/-1`],
    { timeout: 120_000 },
  );
  if (status !== 0) throw new Error(stderr.trim().split('\n').at(-1));
  return new Map(
    flowLines(stdout).map((line) => [
      Number(/\bpriority=(\d+)/.exec(line)?.[1]),
      line
        .replace(/cookie=\w+, /, '')
        .replace(/priority=\d+,?/, '')
        .replace(/\breset_counts\b/, '')
        // OpenFlow 1.0 has no action of its own for it.
        .replace(/mod_nw_ttl:\d+/, 'set_field->nw_ttl')
        // A write may be made of several, each of some bits.
        .replace(/set_field:[^>]*->(\w+)(,set_field:[^>]*->\1\b)*/g, 'set_field->$1')
        .replace(/goto_table:(\d+)/, 'resubmit(,$1)')
        .replace(/,? +/g, ' ')
        .trim(),
    ]),
  );
}

type Outcome = 'taken' | 'no text' | `changed: ${string}` | `refused: ${string}`;

/** Adds one flow; null where that was taken. */
async function refusal(bridge: string, version: OpenFlowVersion, line: string): Promise<Outcome | null> {
  const { status, stderr } = await lab.ofctl('-O', protocol(version), 'add-flow', bridge, line);
  return status === 0 ? null : `refused: ${/none of the usable|[A-Z]+_[A-Z_]+/.exec(stderr)?.[0] ?? stderr}`;
}

/** Installs what we take in one go, and what we refuse flow by flow. */
async function outcomes(
  cases: readonly Case[],
  version: OpenFlowVersion,
  judged: readonly (FlowMod | readonly string[])[],
  reference: readonly (string | undefined)[],
): Promise<Outcome[]> {
  const bridge = `b${version}`;
  const words = dialect(version);
  const found: (Outcome | null)[] = cases.map(() => null);
  const lines = new Map<number, string>();
  judged.forEach((flow, i) => {
    if ('length' in flow) return;
    const numbered = { ...flow, ...plain, priority: i + 1 };
    if (textLosses(numbered, version).length > 0) found[i] = 'no text';
    else lines.set(i, flowText(numbered, words));
  });
  const all = await lab.ofctl('-O', protocol(version), 'add-flows', bridge, '-', {
    input: `${[...lines.values()].join('\n')}\n`,
    timeout: 120_000,
  });
  if (all.status !== 0) for (const [i, line] of lines) found[i] = await refusal(bridge, version, line);
  for (const [i, flow] of judged.entries()) {
    if (!('length' in flow)) continue;
    const newest = judge(cases[i]!, '1.5');
    if ('length' in newest) throw new Error(`${cases[i]!.key}: ${newest.join()}`);
    const line = [
      ...[`cookie=${i + 1}`, 'table=1', `priority=${i + 1}`, ...matchTerms(newest.match, words)],
      `actions=${instructionsText(newest.instructions, words)}`,
    ].join(',');
    found[i] = await refusal(bridge, version, line);
    if (found[i] === null) {
      const now = await dump(bridge, i + 1).then(
        (flows) => flows.get(i + 1),
        (error: unknown) => String(error),
      );
      found[i] = now === reference[i] ? 'taken' : `changed: ${now ?? 'nothing'}`;
    }
  }
  const dumped = await dump(bridge);
  return found.map((outcome, i): Outcome => {
    if (outcome !== null) return outcome;
    const now = dumped.get(i + 1);
    return now === reference[i] ? 'taken' : `changed: ${now ?? 'nothing'} <> ${reference[i]}`;
  });
}

/** `1.1 key: ours / theirs` of every case and version in which we and they do not agree; and how many were judged. */
async function disagreements(
  cases: readonly Case[],
): Promise<{ lines: string[]; taken: number; refused: number }> {
  const lines: string[] = [];
  let taken = 0;
  let refused = 0;
  let reference: (string | undefined)[] = [];
  for (const version of [...OPENFLOW_VERSIONS].reverse()) {
    await lab.ofctl('-O', 'OpenFlow15', 'del-flows', `b${version}`, { check: true });
    const judged = cases.map((c) => judge(c, version));
    if (version === '1.5') {
      const wrong = cases.filter((_, i) => 'length' in judged[i]!);
      if (wrong.length > 0) throw new Error(wrong.map((c) => c.key).join('\n'));
    }
    let theirs = await outcomes(cases, version, judged, reference);
    if (version === '1.5') {
      const dumped = await dump('b1.5');
      reference = cases.map((_, i) => dumped.get(i + 1));
      theirs = theirs.map((outcome, i) => (reference[i] === undefined ? outcome : 'taken'));
    }
    cases.forEach(({ key }, i) => {
      const ours = judged[i]!;
      const says = 'length' in ours ? ours.join() : 'taken';
      if (says === 'taken') taken++;
      else refused++;
      if ((says === 'taken') !== (theirs[i] === 'taken'))
        lines.push(`${version} ${key}: ${says} / ${theirs[i]!}`);
    });
  }
  return { lines: lines.sort(), taken, refused };
}

/** The 63 others of tun_metadata are like the first, and these no flow of ours can match in any version. */
const LEFT_OUT = /^(tun_metadata[1-9]\d?|tun_ttl|tun_tos|skb_priority|dp_hash|recirc_id)$/;

test('fields', async () => {
  const cases = FIELDS.filter((f) => !LEFT_OUT.test(f.name)).flatMap((f) =>
    remedies(f).flatMap((remedy) =>
      samples(f)
        .filter(({ form }) => form === 'exact' || form === 'masked')
        .map(({ form, text }): Case => ({
          key: `${f.name} ${form} [${remedy}]`,
          match: f.name === 'tun_metadata0' ? 'tun_metadata0 = 5' : terms(remedy, text),
          action: 'drop',
        })),
    ),
  );
  const { lines, taken, refused } = await disagreements(cases);
  expect(lines).toEqual([
    // The structure of OpenFlow 1.1 has "any tag", and the text no words for it.
    '1.1 vlan_pcp exact [vlan_tci = 0x1000/0x1000]: taken / no text',
  ]);
  console.log(`fields: ${cases.length} matches in 6 versions, ${taken} taken and ${refused} refused`);
  expect(taken).toBeGreaterThan(1000);
  expect(refused).toBeGreaterThan(150);
}, 120_000);

const ip = { match: 'ip' };
const tcp = { match: 'tcp' };

/** Statements by the action that they are, in the words of ovs-actions(7). */
const STATEMENTS: Readonly<
  Partial<Record<ActionName, readonly (string | { readonly match: string; readonly action: string })[]>>
> = {
  output: ['output 1', 'output reg0[0..15]', 'output(port = 1, max_len = 64)', 'output in_port', 'normal'],
  controller: [
    'controller',
    'controller(max_len = 5)',
    'controller(id = 5, reason = no_match)',
    'controller(userdata = "01", pause)',
  ],
  enqueue: ['enqueue(port = 2, queue = 1)'],
  drop: ['drop'],
  bundle: ['bundle(fields = symmetric_l4, basis = 0, algorithm = hrw, members = [1, 2])'],
  bundle_load: [
    'reg0[0..15] = bundle_load(fields = eth_src, basis = 0, algorithm = active_backup, members = [1, 2])',
  ],
  group: ['group g'],
  strip_vlan: [{ match: 'vlan_vid = 5', action: 'pop_vlan' }],
  push_vlan: ['push_vlan 0x8100'],
  push_mpls: ['push_mpls 0x8847'],
  pop_mpls: [{ match: 'mpls', action: 'pop_mpls 0x0800' }],
  encap: [
    'encap(ethernet)',
    'encap(mpls)',
    'encap(nsh)',
    'encap(nsh(md_type = 2, tlv(0x1000, 10, 0x12345678)))',
  ],
  decap: ['decap'],
  set_field: [
    'eth_src = 02:00:00:00:00:01',
    'reg0 = 5',
    { ...ip, action: 'ip_src = 10.0.0.1' },
    { ...tcp, action: 'tcp_dst = 80' },
    { ...ip, action: 'ip_src = 10.0.0.0/255.0.255.0' },
    { ...tcp, action: 'tcp_dst = 0x50/0xf0' },
    'tun_id = 0x123456789',
    'metadata = 5/0xff',
  ],
  load: [
    'reg0[0..15] = 5',
    { ...tcp, action: 'tcp_dst[0..3] = 5' },
    { match: 'vlan_vid = 5', action: 'vlan_vid = 6' },
    // Of `vlan_vid[0..3] = 6` a switch could not be asked in OpenFlow 1.5 any more (WBF4014).
    { match: 'vlan_vid = 5', action: 'vlan_tci[0..3] = 6' },
  ],
  move: ['reg0[0..15] = in_port', { ...tcp, action: 'tcp_src = tcp_dst' }],
  mod_vlan_vid: ['mod_vlan_vid 10', { match: 'vlan_vid = 5', action: 'mod_vlan_vid 10' }],
  mod_vlan_pcp: ['mod_vlan_pcp 3'],
  dec_ttl: [
    { ...ip, action: 'dec_ttl' },
    { ...ip, action: 'dec_ttl(1, 2)' },
  ],
  mod_nw_ttl: [{ ...ip, action: 'mod_nw_ttl 64' }],
  set_mpls_ttl: [{ match: 'mpls', action: 'set_mpls_ttl 64' }],
  dec_mpls_ttl: [{ match: 'mpls', action: 'dec_mpls_ttl' }],
  dec_nsh_ttl: [{ match: 'eth_type = nsh', action: 'dec_nsh_ttl' }],
  check_pkt_larger: ['reg0[0] = check_pkt_larger(1500)'],
  delete_field: ['delete_field tun_metadata0'],
  set_queue: ['set_queue 1'],
  pop_queue: ['pop_queue'],
  ct: [
    { ...ip, action: 'ct(commit, zone = 5)' },
    { ...ip, action: 'ct(commit) { ct_mark = 1 }' },
  ],
  nat: [{ ...ip, action: 'ct(commit, nat(src = 10.0.0.1-10.0.0.9, ports = 5-9))' }],
  ct_clear: ['ct_clear'],
  learn: [
    'learn(table = acl, priority = 5) { match { eth_dst = pkt.eth_src }; action { output pkt.in_port } }',
    'learn(limit = 5, result_dst = reg0[0]) { match { eth_dst = pkt.eth_src }; action { reg0[0..15] = 5 } }',
  ],
  fin_timeout: [{ ...tcp, action: 'fin_timeout(idle_timeout = 5)' }],
  resubmit: [
    'resubmit(,acl)',
    'resubmit(1, acl)',
    { match: 'ip; ct_state = +trk+est', action: 'resubmit(,acl,ct)' },
  ],
  clone: ['clone { output 1 }'],
  push: ['push reg0[0..15]'],
  pop: ['pop reg0'],
  exit: ['exit'],
  multipath: [
    'reg0[0..15] = multipath(fields = eth_src, basis = 50, algorithm = modulo_n, n_links = 4, arg = 0)',
  ],
  conjunction: [{ ...ip, action: 'conjunction(10, 1/2)' }],
  note: ['note "01.02.03.04.05.06"'],
  sample: [
    'sample(probability = 100, collector_set_id = 1)',
    'sample(probability = 100, collector_set_id = 1, sampling_port = 1, egress)',
  ],
  meter: ['meter m'],
  clear_actions: ['clear_actions'],
  write_actions: ['write_actions { output 1 }', 'clear_actions; write_actions { output 1 }; goto acl'],
  write_metadata: [
    'write_metadata 5',
    'write_metadata 5/0xff',
    'write_metadata 5; goto acl',
    'metadata = 5; goto acl',
  ],
  goto_table: ['goto acl', 'output 1; goto acl'],
};

test('actions', async () => {
  const cases = Object.values(STATEMENTS).flatMap((all) =>
    all.map((one): Case => {
      const { match, action } = typeof one === 'string' ? { match: '', action: one } : one;
      return { key: `[${match}] ${action}`, match, action };
    }),
  );
  const { lines, taken, refused } = await disagreements(cases);
  expect(lines).toEqual([
    // OpenFlow 1.1 cannot say what the options are, and without that we do not know them.
    '1.1 [] delete_field tun_metadata0: WBF3010 / taken',
  ]);
  console.log(`actions: ${cases.length} in 6 versions, ${taken} taken and ${refused} refused`);
  expect(taken).toBeGreaterThan(350);
  expect(refused).toBeGreaterThan(20);
  // Others are written as one of these, or are for tests of the switch.
  const others = ACTIONS.filter((a) => STATEMENTS[a.name] === undefined && a.instead === null);
  expect(others.map((a) => a.name)).toEqual(['debug_recirc', 'debug_slow']);
}, 120_000);
