// Texts that ovs-ofctl silently takes for something else: our reason to exist. Each is shown against the installed
// ovs-ofctl and a switch, beside what we make of the same.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Lab, OpenFlowVersion } from '../lab/switch.ts';
import {
  ACCEPTED,
  answers,
  bytesOf,
  clear,
  dumped,
  judge,
  numbered,
  startBench,
  type Source,
} from './judge.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await startBench();
});

afterAll(async () => {
  await lab.stop();
});

/** What we make of it. */
type Ours =
  /** The only error that we give. */
  | { readonly error: string }
  /** We take it, with a warning; shown as with ovs-ofctl unless `kept` says otherwise. */
  | { readonly warning: string; readonly kept?: string }
  /** What `dump-flows` shows of ours: the meaning is kept. */
  | { readonly kept: string };

interface Row {
  /** For ovs-ofctl. */
  readonly text: string;
  /** What the switch has then: match and actions as `dump-flows` prints them, without table and priority. */
  readonly becomes: string;
  readonly source: Source;
  readonly ours: Ours;
  /** Default OpenFlow15. */
  readonly version?: OpenFlowVersion;
}

const error = (code: string): Ours => ({ error: code });
const warning = (code: string, dump?: string): Ours => ({
  warning: code,
  ...(dump === undefined ? {} : { kept: dump }),
});
const kept = (dump: string): Ours => ({ kept: dump });

/** A row about a match; everything is dropped. */
const match = (text: string, becomes: string, source: string, ours: Ours): Row => ({
  text: `${text},actions=drop`,
  becomes: becomes === '' ? 'actions=drop' : `${becomes} actions=drop`,
  source: { match: source },
  ours,
});

/** A row about actions, of flows with this match. */
const action = (on: string, text: string, becomes: string, source: string, ours: Ours): Row => ({
  text: `${on === '' ? '' : `${on},`}actions=${text}`,
  becomes: `${on === '' ? '' : `${on} `}actions=${becomes}`,
  source: { match: on, action: source },
  ours,
});

const inVersion = (version: OpenFlowVersion, row: Row): Row => ({ ...row, version });

/** What is known of OVS 3.1.0, with others that were found on the way. */
const DROPPED: readonly Row[] = [
  match('icmp_code=0', '', 'icmp_code = 0', error('WBF3001')),
  match('icmp_type=8', '', 'icmp_type = 8', error('WBF3001')),
  match('tcp_dst=80', '', 'tcp_dst = 80', error('WBF3001')),
  match('udp_src=53', '', 'udp_src = 53', error('WBF3001')),
  match('tp_dst=80', '', 'tp_dst = 80', error('WBF2004')),
  match('ip,tp_dst=80', 'ip', 'ip; tp_dst = 80', error('WBF2004')),
  match('nw_src=10.0.0.1', '', 'nw_src = 10.0.0.1', error('WBF2004')),
  match('ip_src=10.0.0.1', '', 'ip_src = 10.0.0.1', error('WBF3001')),
  match('nw_proto=6', '', 'ip_proto = 6', error('WBF3001')),
  match('nw_tos=32', '', 'nw_tos = 32', error('WBF3001')),
  match('arp,nw_tos=32', 'arp', 'arp; nw_tos = 32', error('WBF3002')),
  match('ipv6_src=::1', '', 'ipv6_src = ::1', error('WBF3001')),
  match('arp_sha=02:00:00:00:00:01', '', 'arp_sha = 02:00:00:00:00:01', error('WBF3001')),
  match('nd_target=::1', '', 'nd_target = ::1', error('WBF3001')),
  match('mpls_label=5', '', 'mpls_label = 5', error('WBF3001')),
  match('arp,icmp_type=8', 'arp', 'arp; icmp_type = 8', error('WBF3002')),
  // These without so much as a line in the log.
  match('tcp_flags=+syn', '', 'tcp_flags = +syn', error('WBF3001')),
  match('ip_frag=later', '', 'ip_frag = later', error('WBF3001')),
  match(
    'icmp6,icmpv6_type=135,icmpv6_code=1,nd_target=::1',
    'icmp6,icmp_type=135,icmp_code=1',
    'icmp6; icmpv6_type = 135; icmpv6_code = 1; nd_target = ::1',
    error('WBF3002'),
  ),
  // The switch itself matches them, but does not describe them: that it tells such flows apart shows fields.test.ts.
  match(
    'ip,ct_state=+trk-inv,ct_tp_src=80',
    'ct_state=-inv+trk,ip',
    'ip; ct_state = +trk-inv; ct_tp_src = 80',
    kept('ct_state=-inv+trk,ip actions=drop'),
  ),
  match('vlan_tci=0x2000/0x2000', '', 'vlan_tci = 0x2000/0x2000', kept('actions=drop')),
];

const REINTERPRETED: readonly Row[] = [
  match('udp,tcp_dst=80', 'udp,tp_dst=80', 'udp; tcp_dst = 80', error('WBF3002')),
  match('ip,nw_proto=6,icmp_type=8', 'tcp,tp_src=8', 'ip; ip_proto = 6; icmp_type = 8', error('WBF3002')),
  match('sctp,icmp_type=3', 'sctp,tp_src=3', 'sctp; icmp_type = 3', error('WBF3002')),
  match('ip,arp_op=17', 'udp', 'ip; arp_op = 17', error('WBF3002')),
  match('ip,arp_spa=10.0.0.1', 'ip,nw_src=10.0.0.1', 'ip; arp_spa = 10.0.0.1', error('WBF3002')),
  match('arp,ip_src=10.0.0.1', 'arp,arp_spa=10.0.0.1', 'arp; ip_src = 10.0.0.1', error('WBF3002')),
  // Generic names mean the same here, on purpose.
  match(
    'arp,nw_src=10.0.0.1',
    'arp,arp_spa=10.0.0.1',
    'arp; nw_src = 10.0.0.1',
    kept('arp,arp_spa=10.0.0.1 actions=drop'),
  ),
  match('arp,nw_proto=1', 'arp,arp_op=1', 'arp; nw_proto = 1', kept('arp,arp_op=1 actions=drop')),
];

const LAST_WINS: readonly Row[] = [
  match('ip,ipv6', 'ipv6', 'ip; ipv6', error('WBF3004')),
  match('tcp,udp', 'udp', 'tcp; udp', error('WBF3004')),
  match('nw_src=10.0.0.1,ip,ipv6', 'ipv6', 'ip_src = 10.0.0.1; ip; ipv6', error('WBF3004')),
  match('dl_type=0x800,dl_type=0x806', 'arp', 'dl_type = 0x800; dl_type = 0x806', error('WBF3003')),
  match('in_port=1,in_port=2', 'in_port=2', 'in_port = 1; in_port = 2', error('WBF3003')),
  match('tcp,tcp_dst=80,tcp_dst=443', 'tcp,tp_dst=443', 'tcp; tcp_dst = 80; tcp_dst = 443', error('WBF3003')),
];

const CUT: readonly Row[] = [
  match('dl_vlan=5000', 'dl_vlan=904', 'dl_vlan = 5000', error('WBF2101')),
  match('vlan_vid=0x2005', 'vlan_tci=0x0005/0x1fff', 'vlan_vid = 0x2005', error('WBF2101')),
  match('dl_vlan=5,vlan_pcp=8', 'dl_vlan=5,dl_vlan_pcp=0', 'dl_vlan = 5; vlan_pcp = 8', error('WBF2101')),
  match('ip,nw_tos=255', 'ip,nw_tos=252', 'ip; nw_tos = 255', error('WBF2102')),
  match('ip,ip_dscp=64', 'ip,nw_tos=0', 'ip; ip_dscp = 64', error('WBF2101')),
  match('ip,nw_ecn=4', 'ip,nw_ecn=0', 'ip; nw_ecn = 4', error('WBF2101')),
  match('mpls,mpls_label=0x100000', 'mpls,mpls_label=0', 'mpls; mpls_label = 0x100000', error('WBF2101')),
  match('mpls,mpls_tc=8', 'mpls,mpls_tc=0', 'mpls; mpls_tc = 8', error('WBF2101')),
  match('mpls,mpls_bos=2', 'mpls,mpls_bos=0', 'mpls; mpls_bos = 2', error('WBF2101')),
  match('arp,arp_op=257', 'arp,arp_op=1', 'arp; arp_op = 257', error('WBF2102')),
  match('ip,ip_src=10.0.0.7/8', 'ip,nw_src=10.0.0.0/8', 'ip; ip_src = 10.0.0.7/8', warning('WBF2107')),
  match(
    'ip,ip_src=10.7.0.1/255.0.255.0',
    'ip,nw_src=10.0.0.0/255.0.255.0',
    'ip; ip_src = 10.7.0.1/255.0.255.0',
    error('WBF2106'),
  ),
  match(
    'eth_dst=01:02:03:04:05:06/ff:00:00:00:00:00',
    'dl_dst=01:00:00:00:00:00/ff:00:00:00:00:00',
    'eth_dst = 01:02:03:04:05:06/ff:00:00:00:00:00',
    error('WBF2106'),
  ),
  match('metadata=0x15/0xf0', 'metadata=0x10/0xf0', 'metadata = 0x15/0xf0', error('WBF2106')),
  match('reg0=0x15/0xf0', 'reg0=0x10/0xf0', 'reg0 = 0x15/0xf0', error('WBF2106')),
  match('tun_erspan_ver=2/3', 'tun_erspan_ver=2', 'tun_erspan_ver = 2/3', warning('WBF3012')),
  match('tun_gtpu_flags=0', '', 'tun_gtpu_flags = 0', warning('WBF3012')),
];

const TAGS: readonly Row[] = [
  // Without the present bit, which no packet with VLAN 10 lacks: it never matches.
  match('vlan_vid=10', 'vlan_tci=0x000a/0x1fff', 'vlan_vid = 10', kept('dl_vlan=10 actions=drop')),
  match('vlan_pcp=3', 'dl_vlan_pcp=3', 'vlan_pcp = 3', error('WBF3001')),
  match(
    'vlan_vid=0,vlan_pcp=3',
    'dl_vlan=0,dl_vlan_pcp=3',
    'vlan_vid = none; vlan_pcp = 3',
    error('WBF3002'),
  ),
  match(
    'dl_vlan=0xffff,dl_vlan_pcp=3',
    'dl_vlan=0,dl_vlan_pcp=3',
    'vlan_vid = none; dl_vlan_pcp = 3',
    error('WBF3004'),
  ),
  action(
    '',
    'mod_vlan_vid:5',
    'push_vlan:0x8100,set_field:4101->vlan_vid',
    'vlan_vid = 5; normal',
    error('WBF4001'),
  ),
];

const ACTIONS: readonly Row[] = [
  action('', '', 'drop', '', error('WBF4301')),
  action('', 'write_actions(drop)', 'drop', 'write_actions { drop }', error('WBF4304')),
  action('', 'set_field:5->dl_vlan', 'set_field:5->in_port', 'dl_vlan = 5', error('WBF4005')),
  action(
    'ip',
    'ct(commit,nat(src=0.0.0.0))',
    'ct(commit,nat(src))',
    'ct(commit, nat(src = 0.0.0.0))',
    error('WBF4512'),
  ),
  action(
    'ip',
    'ct(commit,nat(src=10.0.0.1:70000))',
    'ct(commit,nat(src=10.0.0.1:4464))',
    'ct(commit, nat(src = 10.0.0.1, ports = 70000))',
    error('WBF2114'),
  ),
  action('ip', 'dec_ttl(65537)', 'dec_ttl(1)', 'dec_ttl(65537)', error('WBF2114')),
  action(
    '',
    'conjunction(4294967297,1/2)',
    'conjunction(1,1/2)',
    'conjunction(4294967297, 1/2)',
    error('WBF2114'),
  ),
  action('', 'group:0x100000001', 'group:1', 'group 0x100000001', error('WBF2114')),
  action('', 'meter:4294967297', 'meter:1', 'meter 4294967297', error('WBF2114')),
  action(
    '',
    'set_queue:0x100000001,output:1',
    'set_queue:1,output:1',
    'set_queue 0x100000001; output 1',
    error('WBF2114'),
  ),
  action(
    '',
    'output(port=1,max_len=4294967360)',
    'output(port=1,max_len=64)',
    'output(port = 1, max_len = 4294967360)',
    error('WBF2114'),
  ),
  action(
    '',
    'learn(table=1,priority=65537)',
    'learn(table=1,priority=1)',
    'learn(table = acl, priority = 65537) { }',
    error('WBF2114'),
  ),
  action(
    '',
    'bundle(eth_src,65537,hrw,ofport,members:1)',
    'bundle(eth_src,1,hrw,ofport,members:1)',
    'bundle(fields = eth_src, basis = 65537, algorithm = hrw, members = [1])',
    error('WBF2114'),
  ),
  {
    // An action has a whole number of words.
    text: 'actions=note:01',
    becomes: 'actions=note:01.00.00.00.00.00',
    source: { match: '', action: 'note "01"' },
    ours: kept('actions=note:01.00.00.00.00.00'),
  },
  {
    text: 'table=255,actions=drop',
    becomes: 'actions=drop',
    source: { match: '', table: 255 },
    ours: error('WBF2114'),
  },
];

/** What goes with an older OpenFlow; we always say which one we speak, 1.5. */
const VERSIONS: readonly Row[] = [
  inVersion(
    'OpenFlow10',
    action(
      '',
      'write_actions(output:1)',
      'drop',
      'write_actions { output 1 }',
      kept('actions=write_actions(output:1)'),
    ),
  ),
  inVersion(
    'OpenFlow10',
    action(
      '',
      'output:1,clear_actions',
      'output:1',
      'output 1; clear_actions',
      kept('actions=output:1,clear_actions'),
    ),
  ),
  inVersion(
    'OpenFlow10',
    action('', 'goto_table:5', 'resubmit(,5)', 'goto acl', kept('actions=goto_table:5')),
  ),
  inVersion('OpenFlow11', match('ip,nw_ecn=1', 'ip', 'ip; nw_ecn = 1', kept('ip,nw_ecn=1 actions=drop'))),
  inVersion(
    'OpenFlow11',
    action(
      'ip',
      'set_field:10.0.0.0/255.0.0.0->ip_src,output:1',
      'set_field:10.0.0.0->ip_src,output:1',
      'ip_src = 10.0.0.0/8; output 1',
      kept('ip actions=set_field:10.0.0.0/8->ip_src,output:1'),
    ),
  ),
  inVersion('OpenFlow10', match('vlan_tci=5', 'vlan_tci=0x0000/0x1fff', 'vlan_tci = 5', error('WBF2113'))),
  inVersion('OpenFlow13', {
    text: 'importance=5,actions=drop',
    becomes: 'actions=drop',
    source: { match: '', attributes: 'importance = 5' },
    ours: kept('importance=5 actions=drop'),
  }),
  inVersion(
    'OpenFlow13',
    action(
      '',
      'set_field:0/0->reg0,output:1',
      'output:1',
      'reg0 = 0/0; output 1',
      warning('WBF4009', 'actions=set_field:ANY->reg0,output:1'),
    ),
  ),
  inVersion(
    'OpenFlow13',
    action(
      '',
      'set_field:0x15/0xf0->reg0',
      'set_field:0x10/0xf0->reg0',
      'reg0 = 0x15/0xf0',
      error('WBF2106'),
    ),
  ),
];

const LISTS = { DROPPED, REINTERPRETED, LAST_WINS, CUT, TAGS, ACTIONS, VERSIONS };

/** Match and actions of a line of `dump-flows`. */
function meaning(line: string | undefined): string {
  return (line ?? 'none')
    .replace(/^cookie=\w+, /, '')
    .replace(/^table=\d+, /, '')
    .replace(/^reset_counts /, '')
    .replace(/^(importance=\d+)?(?:, )?priority=\d+[, ]/, (_, importance?: string) =>
      importance === undefined ? '' : `${importance} `,
    );
}

/** What the switch has when ovs-ofctl has sent the texts. Every line is taken, or this throws. */
async function installed(rows: readonly Row[]): Promise<string[]> {
  for (const version of new Set(rows.map((r) => r.version ?? 'OpenFlow15'))) {
    const lines = rows.map((r, i) =>
      (r.version ?? 'OpenFlow15') === version ? `priority=${i + 1},${r.text}` : '#',
    );
    await lab.ofctl('-O', version, 'add-flows', 'br0', '-', { input: `${lines.join('\n')}\n`, check: true });
  }
  const lines = await dumped(lab, 'br0', rows.length);
  await clear(lab, 'br0');
  return lines.map(meaning);
}

/** What the switch has when we have sent the sources; of those in error nothing. */
async function ours(rows: readonly Row[]): Promise<string[]> {
  const verdicts = rows.map((r) => judge(r.source));
  const flows = verdicts.map((v) => v.flow);
  const messages = numbered(flows.flatMap((flow) => (flow === null ? [] : [bytesOf(flow)])));
  const said = await answers(lab, 'br0', messages);
  const lines = await dumped(lab, 'br0', messages.length);
  await clear(lab, 'br0');
  let next = 0;
  return verdicts.map((v) => {
    if (v.flow === null) return `error ${v.errors.map((e) => e.code).join(', ')}`;
    const i = next++;
    if (said[i] !== ACCEPTED) return said[i]!;
    return [...v.warnings.map((code) => `warning ${code}, `), meaning(lines[i])].join('');
  });
}

describe.each(Object.entries(LISTS))('%s', (_, rows) => {
  test('ovs-ofctl takes it for something else, without an error', async () => {
    const found = await installed(rows);
    expect(found.map((dump, i) => `${rows[i]!.text} becomes ${dump}`)).toEqual(
      rows.map((r) => `${r.text} becomes ${r.becomes}`),
    );
  });

  test('we do not', async () => {
    const found = await ours(rows);
    const expected = rows.map(({ ours: o, becomes }) => {
      if ('error' in o) return `error ${o.error}`;
      const dump = o.kept ?? becomes;
      return 'warning' in o ? `warning ${o.warning}, ${dump}` : dump;
    });
    const name = (r: Row): string => `${r.source.match} => ${r.source.action ?? 'drop'}`;
    expect(found.map((f, i) => `${name(rows[i]!)}: ${f}`)).toEqual(
      expected.map((e, i) => `${name(rows[i]!)}: ${e}`),
    );
  });
});

test('every text is changed', () => {
  const rows = Object.values(LISTS).flat();
  const unchanged = rows.filter((r) => r.text.replace(/,?actions=/, ' actions=').trim() === r.becomes);
  expect(unchanged.map((r) => r.text)).toEqual([]);
  console.log(`widening: ${rows.length} texts that ovs-ofctl changes`);
  expect(rows.length).toBeGreaterThan(75);
});
