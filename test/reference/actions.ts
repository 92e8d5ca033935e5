// The page of actions and instructions: what the table says of each, and an example in the language.
import { ACTIONS, actionVersions, type Action, type ActionName } from '../../src/openflow/actions.ts';
import type { ActionWire } from '../../src/openflow/types.ts';
import { code, codes, fence, type Page, rows, versionsText } from './page.ts';

interface Example {
  readonly match?: string;
  readonly action: string;
  /** Declarations that it needs. */
  readonly before?: string;
}

/** One for each; null where the language has no such action, because no switch takes it. */
const EXAMPLES: Readonly<Record<ActionName, Example | null>> = {
  output: {
    action: 'output 1\n      output reg0[0..15]\n      output(port = 2, max_len = 100)\n      output in_port',
  },
  controller: { action: 'controller(max_len = 128, reason = no_match, id = 5)' },
  enqueue: { action: 'enqueue(port = 1, queue = 2)' },
  drop: { action: 'drop' },
  bundle: { action: 'bundle(fields = symmetric_l4, basis = 0, algorithm = hrw, members = [1, 2, 3])' },
  bundle_load: {
    action:
      'reg0[0..15] = bundle_load(fields = eth_src, basis = 0, algorithm = active_backup, members = [1, 2])\n      output reg0[0..15]',
  },
  group: {
    before:
      'group spread = 1 {\n  type = select\n  bucket { action { output 1 } }\n  bucket { action { output 2 } }\n}',
    action: 'group spread',
  },
  strip_vlan: { match: 'vlan_vid = 10', action: 'pop_vlan\n      output 1' },
  push_vlan: { action: 'push_vlan 0x8100\n      vlan_vid = 10\n      output 1' },
  push_mpls: { action: 'push_mpls 0x8847\n      mpls_label = 100\n      output 1' },
  pop_mpls: { match: 'mpls; mpls_bos = 1', action: 'pop_mpls 0x0800\n      output 1' },
  encap: { match: 'ip', action: 'encap(nsh(md_type = 1))\n      encap(ethernet)\n      output 1' },
  decap: { match: 'ip', action: 'decap\n      output 1' },
  set_field: { match: 'tcp', action: 'tcp_dst = 8080\n      reg0 = 0x10/0xf0\n      output 1' },
  load: { action: 'reg0[0..15] = 5\n      output 1' },
  move: { action: 'eth_dst = eth_src\n      reg0[0..15] = in_port\n      output in_port' },
  mod_dl_src: { action: 'eth_src = 02:00:00:00:00:01\n      output 1' },
  mod_dl_dst: { action: 'eth_dst = 02:00:00:00:00:01\n      output 1' },
  mod_nw_src: { match: 'ip', action: 'ip_src = 10.0.0.1\n      output 1' },
  mod_nw_dst: { match: 'ip', action: 'ip_dst = 10.0.0.1\n      output 1' },
  mod_nw_tos: { match: 'ip', action: 'ip_dscp = af11\n      output 1' },
  mod_nw_ecn: { match: 'ip', action: 'nw_ecn = 1\n      output 1' },
  mod_nw_ttl: { match: 'ip', action: 'mod_nw_ttl 64\n      output 1' },
  mod_tp_src: { match: 'udp', action: 'udp_src = 53\n      output 1' },
  mod_tp_dst: { match: 'udp', action: 'udp_dst = 53\n      output 1' },
  mod_vlan_vid: { action: 'mod_vlan_vid 10\n      output 1' },
  mod_vlan_pcp: { action: 'mod_vlan_pcp 3\n      output 1' },
  set_vlan_vid: { match: 'vlan_vid = 10', action: 'vlan_vid = 20\n      output 1' },
  set_vlan_pcp: { match: 'vlan_vid = 10', action: 'vlan_pcp = 3\n      output 1' },
  set_mpls_label: { match: 'mpls', action: 'mpls_label = 100\n      output 1' },
  set_mpls_tc: { match: 'mpls', action: 'mpls_tc = 3\n      output 1' },
  set_mpls_ttl: { match: 'mpls', action: 'set_mpls_ttl 64\n      output 1' },
  set_tunnel: { action: 'tun_id = 5\n      output 1' },
  set_tunnel64: { action: 'tun_id = 0x100000005\n      output 1' },
  set_queue: { action: 'set_queue 2\n      output 1' },
  pop_queue: { action: 'set_queue 2\n      output 1\n      pop_queue\n      output 2' },
  dec_ttl: { match: 'ip', action: 'dec_ttl\n      output 1' },
  dec_mpls_ttl: { match: 'mpls', action: 'dec_mpls_ttl\n      output 1' },
  dec_nsh_ttl: { match: 'eth_type = nsh', action: 'dec_nsh_ttl\n      output 1' },
  check_pkt_larger: { action: 'reg0[0] = check_pkt_larger(1500)\n      resubmit(,1)' },
  delete_field: {
    before: 'tunnel_metadata { tun_metadata0 = {class: 0xffff, type: 0x80, len: 4} }',
    action: 'delete_field tun_metadata0\n      output 1',
  },
  ct: { match: 'ip', action: 'ct(commit, zone = 5, table = 1) { ct_mark = 1 }' },
  nat: { match: 'ip', action: 'ct(commit, nat(src = 10.0.0.1-10.0.0.9, ports = 5000-6000))' },
  ct_clear: { match: 'ip', action: 'ct_clear\n      output 1' },
  learn: {
    action:
      'learn(table = 1, hard_timeout = 5m) {\n        match { eth_dst = pkt.eth_src }\n        action { reg0[0..15] = pkt.in_port }\n      }\n      output flood',
  },
  fin_timeout: {
    match: 'tcp',
    action: 'fin_timeout(idle_timeout = 10s, hard_timeout = 20s)\n      output 1',
  },
  resubmit: { action: 'resubmit(,1)' },
  clone: { action: 'clone { eth_dst = 02:00:00:00:00:01; output 1 }\n      output 2' },
  push: { action: 'push reg0[]\n      reg0 = 5\n      pop reg0[]\n      output 1' },
  pop: { action: 'push eth_src\n      pop eth_dst\n      output 1' },
  exit: { action: 'output 1\n      exit' },
  multipath: {
    action:
      'reg0[0..3] = multipath(fields = symmetric_l4, basis = 0, algorithm = hrw, n_links = 4, arg = 0)\n      resubmit(,1)',
  },
  conjunction: { match: 'ip; ip_src = 10.0.0.1', action: 'conjunction(7, 1/2)' },
  note: { action: 'note "01.02.03"\n      output 1' },
  sample: { action: 'sample(probability = 100, collector_set_id = 1)\n      output 1' },
  debug_recirc: null,
  debug_slow: null,
  meter: {
    before: 'meter limit = 1 {\n  unit = kbps\n  band drop { rate = 1000 }\n}',
    action: 'meter limit\n      output 1',
  },
  clear_actions: { action: 'clear_actions' },
  write_actions: { action: 'write_actions { output 1 }\n      goto next' },
  write_metadata: { action: 'write_metadata 0x5/0xff\n      goto next' },
  goto_table: { action: 'goto next' },
};

function exampleText({ match = '', action, before }: Example): string {
  return `${before === undefined ? '' : `${before}\n\n`}table t = 0 {
  miss = drop
  flow {
    match {${match === '' ? '' : ` ${match} `}}
    action {
      ${action}
    }
  }
}

table next = 1 {
  miss = drop
}`;
}

function wireText(w: ActionWire): string {
  const kind = {
    standard: `action ${w.number}`,
    instruction: `instruction ${w.number}`,
    nicira: `Nicira’s action ${w.number}`,
    onf: `ONF’s action ${w.number}`,
  }[w.form];
  return `${w.versions}: ${kind}, ${w.grows ? 'from ' : ''}${w.bytes} bytes${w.when === '' ? '' : ` (${w.when})`}`;
}

function part(a: Action): string {
  const example = EXAMPLES[a.name];
  const args = a.args.map((arg) => {
    const words = arg.words.length === 0 ? '' : ` (${codes(arg.words)})`;
    return `| ${code(arg.name)} | ${arg.type}${arg.optional ? ', optional' : ''} | ${arg.says.replaceAll('|', '\\|')}${words.replaceAll('|', '\\|')} |`;
  });
  return [
    `## ${a.name}`,
    '',
    `${a.summary}.`,
    '',
    rows([
      ['also called', codes(a.aliases)],
      ['kind', a.instruction ? 'instruction' : 'action'],
      ['written here', a.instead === null ? '' : code(a.instead)],
      ['for ovs-ofctl', codes(a.forms)],
      ['needs', needs(a)],
      ['OpenFlow', versionsText(actionVersions(a))],
      ['on the wire', a.wire.map(wireText).join('; ')],
      [
        'in an action set',
        a.instruction ? '' : { yes: 'yes', no: 'no', plain: 'in its plain form' }[a.inActionSet],
      ],
      ['in `clone`', a.instruction || a.name === 'drop' ? '' : a.inClone ? 'yes' : 'no'],
      ['in the block of `ct`', a.inCtExec ? 'yes, to `ct_mark` and `ct_label`' : ''],
    ]),
    '',
    ...(args.length === 0 ? [] : ['| argument | type | |', '|---|---|---|', ...args, '']),
    example === null
      ? 'A normal switch refuses it (OFPBAC_BAD_VENDOR_TYPE), so the language has no form for it.'
      : fence(exampleText(example)),
    '',
  ].join('\n');
}

function needs(a: Action): string {
  const own = a.needs === null ? '' : `the packet to be ${a.needs.anyOf.join(' or ')}`;
  const soft =
    a.needs?.strictness === 'soft' ? ', which OpenFlow 1.0 and `write_actions` do not look at' : '';
  const operands = a.checksOperands ? 'what the fields that it names need' : '';
  return [own + soft, operands].filter((t) => t !== '').join('; ');
}

export function actionsPage(): Page {
  return {
    title: 'Actions',
    about: `All ${ACTIONS.length} actions and instructions of ovs-actions(7), in the order of that page. What writes a field is an assignment here, whatever ovs-ofctl calls it.`,
    parts: ACTIONS.map(part),
    examples: ACTIONS.flatMap((a) => {
      const example = EXAMPLES[a.name];
      return example === null ? [] : [{ name: a.name, text: exampleText(example) }];
    }),
  };
}
