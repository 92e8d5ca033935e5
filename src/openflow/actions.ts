/**
 * The actions and instructions of ovs-actions(7) as Open vSwitch 3.1 has them, in the order of that page.
 *
 * The names of reserved ports (`normal`, `flood`, …), which ovs-ofctl also takes as actions, are in `ports.ts`.
 * What each action changes in the state of the packet that later ones are checked against belongs to the checker.
 */
import type {
  ActionArgument,
  ActionInfo,
  ActionNeed,
  ActionWire,
  ArgumentType,
  OpenFlowVersion,
  PrerequisiteName,
} from './types.ts';
import type { Versions } from './versions.ts';
import { inVersions, OPENFLOW_VERSIONS } from './versions.ts';

interface WireMore {
  readonly grows?: true;
  readonly when?: string;
}

const wire =
  (form: ActionWire['form']) =>
  (versions: Versions, number: number, bytes: number, more: WireMore = {}): ActionWire => ({
    versions,
    form,
    number,
    bytes,
    grows: more.grows === true,
    when: more.when ?? '',
  });

const std = wire('standard');
const nx = wire('nicira');
const inst = wire('instruction');

/** The length of a set_field depends on the field. */
const asSetField = (versions: Versions, when = 'as set_field'): ActionWire =>
  std(versions, 25, 16, { grows: true, when });
const grows = { grows: true } as const;

const arg = (
  name: string,
  type: ArgumentType,
  says: string,
  more: { optional?: boolean; words?: readonly string[] } = {},
): ActionArgument => ({ name, type, says, optional: more.optional ?? false, words: more.words ?? [] });
const opt = (name: string, type: ArgumentType, says: string): ActionArgument =>
  arg(name, type, says, { optional: true });
const word = (name: string, words: readonly string[], says: string): ActionArgument =>
  arg(name, 'keyword', says, { words });

const hard = (...anyOf: PrerequisiteName[]): ActionNeed => ({ anyOf, strictness: 'hard' });
const soft = (...anyOf: PrerequisiteName[]): ActionNeed => ({ anyOf, strictness: 'soft' });

type More = Partial<Omit<ActionInfo, 'name' | 'forms' | 'args' | 'wire' | 'summary'>>;

function action<const N extends string>(
  name: N,
  forms: readonly string[],
  args: readonly ActionArgument[],
  wires: readonly ActionWire[],
  summary: string,
  more: More = {},
): ActionInfo<N> {
  return {
    name,
    aliases: more.aliases ?? [],
    instruction: more.instruction ?? false,
    forms,
    args,
    wire: wires,
    inActionSet: more.inActionSet ?? 'no',
    inCtExec: more.inCtExec ?? false,
    inClone: more.inClone ?? more.instruction !== true,
    needs: more.needs ?? null,
    checksOperands: more.checksOperands ?? false,
    instead: more.instead ?? null,
    summary,
    core: more.core ?? false,
  };
}

const HASH_FIELDS = [
  'eth_src',
  'symmetric_l4',
  'symmetric_l3l4',
  'symmetric_l3l4+udp',
  'nw_src',
  'nw_dst',
  'symmetric_l3',
];
const REASONS = ['no_match', 'action', 'invalid_ttl', 'action_set', 'group', 'packet_out'];

const set = { inActionSet: 'yes' } as const;
const core = { core: true } as const;

const bundleArgs = [
  word('fields', HASH_FIELDS, 'what to hash'),
  arg('basis', 'u16', 'start value of the hash'),
  word('algorithm', ['hrw', 'active_backup'], 'how to choose among the ports that are up'),
];
const members = arg('members', 'ports', 'the ports to choose from, at most 2048');
const ipPacket = soft('IPv4', 'IPv6');
const transport = soft('TCP', 'UDP', 'SCTP');

const OUTPUT = [
  action(
    'output',
    ['output:PORT', 'output:SUBFIELD', 'output(port=PORT,max_len=N)', 'PORT'],
    [
      arg('port', 'port', 'a port, or a subfield that holds its number'),
      opt('max_len', 'u32', 'send at most so many bytes, at least 14'),
    ],
    [
      std('1.0', 0, 8),
      std('1.1+', 0, 16),
      nx('1.0+', 15, 24, { when: 'to a subfield' }),
      nx('1.0+', 32, 24, { when: 'to a subfield whose header is wider than 32 bits' }),
      nx('1.0+', 39, 16, { when: 'truncated with max_len' }),
    ],
    'Sends the packet, as it is at this point, out of a port; never back where it came from, except by `in_port`',
    { inActionSet: 'plain', checksOperands: true, ...core },
  ),
  action(
    'controller',
    ['controller', 'controller:MAX_LEN', 'controller(KEY=VALUE,…)'],
    [
      opt('max_len', 'u16', 'bytes of the packet to send; all of it unless said'),
      arg('reason', 'keyword', 'the reason to give', { optional: true, words: REASONS }),
      opt('id', 'u16', 'which controllers get it: those that have set this id'),
      opt('userdata', 'bytes', 'bytes for the controller to find in the message'),
      opt('pause', 'flag', 'hold the packet until the controller resumes it'),
      opt('meter_id', 'meter', 'the meter to send it through; unlike elsewhere it need not exist'),
    ],
    [
      std('1.0', 0, 8, { when: 'with max_len at most' }),
      std('1.1+', 0, 16, { when: 'with max_len at most' }),
      nx('1.0+', 20, 16, { when: 'with reason or id' }),
      nx('1.0+', 37, 16, { ...grows, when: 'with userdata, pause or meter_id' }),
    ],
    'Sends the packet to the controllers as a packet-in',
    { inActionSet: 'plain', ...core },
  ),
  action(
    'enqueue',
    ['enqueue(PORT,QUEUE)', 'enqueue:PORT:QUEUE'],
    [
      arg('port', 'port', 'where to send; no reserved port but in_port and local'),
      arg('queue', 'u32', 'the queue'),
    ],
    [
      std('1.0', 11, 16),
      std('1.1+', 21, 8, { when: 'first of three: set_queue' }),
      std('1.1+', 0, 16, { when: 'second of three: output' }),
      nx('1.1+', 5, 16, { when: 'third of three: pop_queue' }),
    ],
    "Sends the packet through one of a port's queues",
    core,
  ),
  action('drop', ['drop'], [], [], 'Does nothing: an empty action list. It stands alone', core),
  action(
    'bundle',
    ['bundle(FIELDS,BASIS,ALGORITHM,ofport,members:PORT,…)'],
    [...bundleArgs, members],
    [nx('1.0+', 12, 32, grows)],
    'Sends the packet out of one of several ports, chosen by a hash, skipping ports that are down',
  ),
  action(
    'bundle_load',
    ['bundle_load(FIELDS,BASIS,ALGORITHM,ofport,SUBFIELD,members:PORT,…)'],
    [...bundleArgs, arg('dst', 'subfield', 'where to store the port; at least 16 bits'), members],
    [nx('1.0+', 13, 32, grows)],
    'Like `bundle`, but stores the number of the chosen port instead of sending',
    { checksOperands: true },
  ),
  action(
    'group',
    ['group:GROUP'],
    [arg('group', 'group', 'the group; it must exist when the flow is installed')],
    [nx('1.0', 40, 16), std('1.1+', 22, 8)],
    'Hands the packet to a group',
    { ...set, ...core },
  ),
];

const HEADERS = [
  action(
    'strip_vlan',
    ['strip_vlan', 'pop_vlan'],
    [],
    [std('1.0', 3, 8), std('1.1+', 18, 8)],
    'Removes the outermost VLAN tag',
    { ...set, ...core, aliases: ['pop_vlan'], needs: soft('VLAN VID') },
  ),
  action(
    'push_vlan',
    ['push_vlan:ETHERTYPE'],
    [arg('ethertype', 'EtherType', '0x8100 (802.1Q) or 0x88a8 (802.1ad)')],
    [std('1.1+', 17, 8)],
    'Puts a new VLAN tag in front, with VLAN 0 and priority 0; at most two fit',
    { ...set, ...core },
  ),
  action(
    'push_mpls',
    ['push_mpls:ETHERTYPE'],
    [arg('ethertype', 'EtherType', '0x8847 (unicast) or 0x8848 (multicast)')],
    [nx('1.0', 23, 16), std('1.1+', 19, 8)],
    'Puts a new MPLS label in front and makes the packet MPLS: what needs IP before is out of reach after',
    { ...set, needs: soft('Ethernet') },
  ),
  action(
    'pop_mpls',
    ['pop_mpls:ETHERTYPE'],
    [arg('ethertype', 'EtherType', 'what the packet is without the label')],
    [nx('1.0', 24, 16), std('1.1+', 20, 8)],
    'Removes the outermost MPLS label; transport fields stay out of reach until the packet is matched again',
    { ...set, needs: soft('MPLS') },
  ),
  action(
    'encap',
    ['encap(ethernet)', 'encap(nsh(md_type=1|2,tlv(CLASS,TYPE,VALUE),…))', 'encap(mpls)', 'encap(mpls_mc)'],
    [
      word('header', ['ethernet', 'nsh', 'mpls', 'mpls_mc'], 'the header to put in front'),
      opt('md_type', 'u8', 'for nsh: 1 (fixed words) or 2 (variable)'),
      opt('tlv', 'special', 'for nsh of md_type 2: class, type and bytes; may be repeated'),
    ],
    [nx('1.3+', 46, 16, grows)],
    'Puts a new outermost header in front of the packet',
    set,
  ),
  action(
    'decap',
    ['decap()', 'decap(packet_type(ns=NS,type=TYPE))'],
    [opt('packet_type', 'special', 'what the packet is without the header')],
    [nx('1.3+', 47, 16, grows)],
    'Removes the outermost header',
    set,
  ),
];

const FIELD_ACTIONS = [
  action(
    'set_field',
    ['set_field:VALUE[/MASK]->FIELD'],
    [
      arg('value', 'value', 'a constant, with a mask for part of the field'),
      arg('dst', 'field', 'a writable field'),
    ],
    [
      asSetField('1.2+', ''),
      nx('1.0-1.4', 7, 24, { when: 'masked, or without an action of its own' }),
      nx('1.0-1.4', 33, 16, { ...grows, when: "into an experimenter's field" }),
    ],
    'Writes a constant into a field or part of it',
    { ...set, ...core, inCtExec: true, checksOperands: true, instead: 'FIELD = VALUE' },
  ),
  action(
    'load',
    ['load:VALUE->SUBFIELD'],
    [
      arg('value', 'value', 'an integer that fits'),
      arg('dst', 'subfield', 'all or part of a writable field'),
    ],
    [
      nx('1.0-1.4', 7, 24),
      nx('1.0-1.4', 33, 16, { ...grows, when: "into an experimenter's field" }),
      asSetField('1.5'),
    ],
    'Writes an integer into all or part of a field',
    { ...set, ...core, inCtExec: true, checksOperands: true, instead: 'FIELD[a..b] = VALUE' },
  ),
  action(
    'move',
    ['move:SUBFIELD->SUBFIELD'],
    [
      arg('src', 'subfield', 'where to read'),
      arg('dst', 'subfield', 'where to write; as wide as the source'),
    ],
    [nx('1.0-1.4', 6, 24, grows), std('1.5', 28, 24, grows)],
    'Copies bits from one field to another',
    { ...set, ...core, inCtExec: true, checksOperands: true, instead: 'FIELD = FIELD' },
  ),
  action(
    'set_vlan_vid',
    ['set_vlan_vid:VID'],
    [arg('vid', 'u16', '0 to 4095')],
    [std('1.0-1.1', 1, 8), asSetField('1.2+')],
    'Sets the VLAN id of a tagged packet',
    { ...set, needs: soft('VLAN VID'), instead: 'vlan_vid = VID' },
  ),
  action(
    'mod_vlan_vid',
    ['mod_vlan_vid:VID'],
    [arg('vid', 'u16', '0 to 4095')],
    [
      std('1.0-1.1', 1, 8),
      std('1.1+', 17, 8, { when: 'push_vlan first, unless the packet is known to be tagged' }),
      asSetField('1.2+'),
    ],
    'Sets the VLAN id, tagging the packet where it has no tag',
    { ...set, instead: 'push_vlan 0x8100, then vlan_vid = VID' },
  ),
  action(
    'set_vlan_pcp',
    ['set_vlan_pcp:PCP'],
    [arg('pcp', 'u8', '0 to 7')],
    [std('1.0-1.1', 2, 8), asSetField('1.2+')],
    'Sets the VLAN priority of a tagged packet',
    { ...set, needs: soft('VLAN VID'), instead: 'vlan_pcp = PCP' },
  ),
  action(
    'mod_vlan_pcp',
    ['mod_vlan_pcp:PCP'],
    [arg('pcp', 'u8', '0 to 7')],
    [
      std('1.0-1.1', 2, 8),
      std('1.1+', 17, 8, { when: 'push_vlan first, unless the packet is known to be tagged' }),
      asSetField('1.2+'),
    ],
    'Sets the VLAN priority, tagging the packet where it has no tag',
    { ...set, instead: 'push_vlan 0x8100, then vlan_pcp = PCP' },
  ),
  action(
    'mod_dl_src',
    ['mod_dl_src:MAC'],
    [arg('mac', 'MAC', 'the address')],
    [std('1.0', 4, 16), std('1.1', 3, 16), asSetField('1.2+')],
    'Sets the source MAC address',
    { ...set, instead: 'eth_src = MAC' },
  ),
  action(
    'mod_dl_dst',
    ['mod_dl_dst:MAC'],
    [arg('mac', 'MAC', 'the address')],
    [std('1.0', 5, 16), std('1.1', 4, 16), asSetField('1.2+')],
    'Sets the destination MAC address',
    { ...set, instead: 'eth_dst = MAC' },
  ),
  action(
    'mod_nw_src',
    ['mod_nw_src:IP'],
    [arg('ip', 'IPv4', 'the address')],
    [std('1.0', 6, 8), std('1.1', 5, 8), asSetField('1.2+')],
    'Sets the IPv4 source address',
    { ...set, needs: soft('IPv4'), instead: 'ip_src = IP' },
  ),
  action(
    'mod_nw_dst',
    ['mod_nw_dst:IP'],
    [arg('ip', 'IPv4', 'the address')],
    [std('1.0', 7, 8), std('1.1', 6, 8), asSetField('1.2+')],
    'Sets the IPv4 destination address',
    { ...set, needs: soft('IPv4'), instead: 'ip_dst = IP' },
  ),
  action(
    'mod_nw_tos',
    ['mod_nw_tos:TOS'],
    [arg('tos', 'u8', 'the TOS byte; its two low bits must be 0')],
    [std('1.0', 8, 8), std('1.1', 7, 8), asSetField('1.2+')],
    'Sets the DSCP, given in its place in the TOS byte',
    { ...set, needs: ipPacket, instead: 'ip_dscp = DSCP' },
  ),
  action(
    'mod_nw_ecn',
    ['mod_nw_ecn:ECN'],
    [arg('ecn', 'u8', '0 to 3')],
    [nx('1.0', 7, 24), std('1.1', 8, 8), asSetField('1.2+')],
    'Sets the ECN bits',
    { ...set, needs: ipPacket, instead: 'ip_ecn = ECN' },
  ),
  action(
    'mod_nw_ttl',
    ['mod_nw_ttl:TTL', 'set_nw_ttl:TTL'],
    [arg('ttl', 'u8', '0 to 255')],
    [nx('1.0', 7, 24), std('1.1+', 23, 8)],
    'Sets the IPv4 TTL or IPv6 hop limit',
    { ...set, aliases: ['set_nw_ttl'], needs: ipPacket, instead: 'nw_ttl = TTL' },
  ),
  action(
    'mod_tp_src',
    ['mod_tp_src:PORT'],
    [arg('port', 'u16', 'the port number')],
    [std('1.0-1.1', 9, 8), asSetField('1.2+')],
    'Sets the source port of TCP, UDP or SCTP',
    { ...set, needs: transport, instead: 'tcp_src = PORT, or that of the protocol' },
  ),
  action(
    'mod_tp_dst',
    ['mod_tp_dst:PORT'],
    [arg('port', 'u16', 'the port number')],
    [std('1.0-1.1', 10, 8), asSetField('1.2+')],
    'Sets the destination port of TCP, UDP or SCTP',
    { ...set, needs: transport, instead: 'tcp_dst = PORT, or that of the protocol' },
  ),
  action(
    'dec_ttl',
    ['dec_ttl', 'dec_ttl(ID,…)'],
    [opt('ids', 'special', 'ids of the controllers to tell when the TTL has run out')],
    [nx('1.0', 18, 16), std('1.1+', 24, 8), nx('1.0+', 21, 16, { ...grows, when: 'with controller ids' })],
    'Lowers the IPv4 TTL or IPv6 hop limit by one; where it would reach 0 the packet goes to the controllers and no further',
    { ...set, ...core, needs: ipPacket },
  ),
  action(
    'set_mpls_label',
    ['set_mpls_label:LABEL'],
    [arg('label', 'u32', '0 to 0xfffff')],
    [nx('1.0', 30, 16), std('1.1', 13, 8), asSetField('1.2+')],
    'Sets the label of the outermost MPLS entry',
    { ...set, needs: soft('MPLS'), instead: 'mpls_label = LABEL' },
  ),
  action(
    'set_mpls_tc',
    ['set_mpls_tc:TC'],
    [arg('tc', 'u8', '0 to 7')],
    [nx('1.0', 31, 16), std('1.1', 14, 8), asSetField('1.2+')],
    'Sets the traffic class of the outermost MPLS entry',
    { ...set, needs: soft('MPLS'), instead: 'mpls_tc = TC' },
  ),
  action(
    'set_mpls_ttl',
    ['set_mpls_ttl:TTL'],
    [arg('ttl', 'u8', '0 to 255')],
    [nx('1.0', 25, 16), std('1.1+', 15, 8)],
    'Sets the TTL of the outermost MPLS entry',
    { ...set, needs: soft('MPLS'), instead: 'mpls_ttl = TTL' },
  ),
  action(
    'dec_mpls_ttl',
    ['dec_mpls_ttl'],
    [],
    [nx('1.0', 26, 16), std('1.1+', 16, 8)],
    'Lowers the TTL of the outermost MPLS entry by one; where it would reach 0 the packet goes to the controllers and no further',
    { ...set, needs: soft('MPLS') },
  ),
  action(
    'dec_nsh_ttl',
    ['dec_nsh_ttl'],
    [],
    [nx('1.3+', 48, 16)],
    'Lowers the TTL of the network service header by one; where it would reach 0 the packet goes to the controllers and no further',
    { ...set, needs: soft('NSH') },
  ),
  action(
    'check_pkt_larger',
    ['check_pkt_larger(LENGTH)->SUBFIELD'],
    [
      arg('length', 'u16', 'bytes, from the Ethernet header on'),
      arg('dst', 'subfield', 'one bit: set to 1 when the packet is longer, else to 0'),
    ],
    [nx('1.0+', 49, 24, grows)],
    'Tells whether the packet is longer than a limit, by setting a bit',
  ),
  action(
    'delete_field',
    ['delete_field:FIELD'],
    [arg('field', 'field', 'a tun_metadata field')],
    [nx('1.0+', 50, 24)],
    'Removes a Geneve option from the tunnel metadata',
  ),
  action(
    'set_tunnel',
    ['set_tunnel:ID'],
    [arg('id', 'u64', 'the tunnel key; one wider than 32 bits becomes set_tunnel64')],
    [nx('1.0-1.1', 2, 16), nx('1.0-1.1', 9, 24, { when: 'wider than 32 bits' }), asSetField('1.2+')],
    'Sets the tunnel key',
    { ...set, instead: 'tun_id = ID' },
  ),
  action(
    'set_tunnel64',
    ['set_tunnel64:ID'],
    [arg('id', 'u64', 'the tunnel key')],
    [nx('1.0-1.1', 9, 24), asSetField('1.2+')],
    'Sets the tunnel key, 64 bits wide',
    { ...set, instead: 'tun_id = ID' },
  ),
  action(
    'set_queue',
    ['set_queue:QUEUE'],
    [arg('queue', 'u32', 'the queue')],
    [nx('1.0', 4, 16), std('1.1+', 21, 8)],
    'Chooses the queue for the outputs that follow',
    { ...set, ...core },
  ),
  action('pop_queue', ['pop_queue'], [], [nx('1.0+', 5, 16)], 'Takes back the last `set_queue`', core),
];

const STATEFUL = [
  action(
    'ct',
    ['ct', 'ct([commit],[force],[table=TABLE],[zone=ZONE|SUBFIELD],[alg=ftp|tftp],[nat[(…)]],[exec(…)])'],
    [
      opt('commit', 'flag', 'remember the connection'),
      opt('force', 'flag', 'with commit: make this packet its first, whatever the tracker thinks'),
      opt(
        'table',
        'table',
        'go on there with a copy of the packet, which has ct_state; this one goes on without',
      ),
      opt('zone', 'special', 'a number of 16 bits or a subfield of 16 bits; 0 unless said'),
      arg('alg', 'keyword', 'the protocol helper', { optional: true, words: ['ftp', 'tftp'] }),
      opt('nat', 'special', 'translate addresses; see nat'),
      opt('exec', 'actions', 'writes to ct_mark and ct_label'),
    ],
    [nx('1.0+', 35, 24, grows)],
    'Sends the packet through the connection tracker',
    { ...set, ...core, needs: hard('IPv4', 'IPv6'), checksOperands: true },
  ),
  action(
    'nat',
    ['nat', 'nat(src=RANGE|dst=RANGE,[persistent],[hash|random])'],
    [
      opt('src', 'special', 'translate the source: an address or a range, with ports or without'),
      opt('dst', 'special', 'translate the destination'),
      opt('persistent', 'flag', 'the same address after a restart'),
      opt('hash', 'flag', 'choose the port by a hash'),
      opt('random', 'flag', 'choose the port at random'),
    ],
    [nx('1.0+', 36, 16, grows)],
    'Inside `ct`: translates addresses and ports; alone it applies what the connection was given before',
    { ...core, inCtExec: true, inClone: false, needs: hard('IPv4', 'IPv6') },
  ),
  action(
    'ct_clear',
    ['ct_clear'],
    [],
    [nx('1.0+', 43, 16)],
    'Forgets what the connection tracker said of the packet',
    {
      ...set,
      ...core,
    },
  ),
  action(
    'learn',
    ['learn(KEY=VALUE,…,SPEC,…)'],
    [
      opt('table', 'table', 'where the new flow goes; 1 unless said'),
      opt('priority', 'u16', 'of the new flow; 32768 unless said'),
      opt('idle_timeout', 'u16', 'of the new flow, in seconds'),
      opt('hard_timeout', 'u16', 'of the new flow, in seconds'),
      opt('fin_idle_timeout', 'u16', 'idle timeout from a TCP FIN or RST on'),
      opt('fin_hard_timeout', 'u16', 'hard timeout from a TCP FIN or RST on'),
      opt('cookie', 'u64', 'of the new flow'),
      opt('send_flow_rem', 'flag', 'tell the controllers when the new flow goes'),
      opt('delete_learned', 'flag', 'delete the new flow along with this one'),
      opt('limit', 'u32', 'how many flows with this cookie may be in the table'),
      opt('result_dst', 'subfield', 'one bit: set to 1 when the flow could be made'),
      opt('specs', 'special', 'what the new flow matches and does'),
    ],
    [nx('1.0+', 16, 32, grows), nx('1.0+', 45, 40, { ...grows, when: 'with limit or result_dst' })],
    'Installs another flow, made from this packet',
    { ...core, checksOperands: true },
  ),
  action(
    'fin_timeout',
    ['fin_timeout(idle_timeout=N,hard_timeout=N)'],
    [opt('idle_timeout', 'u16', 'seconds'), opt('hard_timeout', 'u16', 'seconds')],
    [nx('1.0+', 19, 16)],
    "Shortens this flow's timeouts once it has seen a TCP FIN or RST",
    { needs: soft('TCP') },
  ),
];

const FLOW_CONTROL = [
  action(
    'resubmit',
    ['resubmit(PORT,TABLE)', 'resubmit(,TABLE)', 'resubmit(PORT,TABLE,ct)', 'resubmit:PORT'],
    [
      opt('port', 'port', 'the in_port to look the packet up with'),
      opt('table', 'table', 'where to look; this table unless said'),
      opt('ct', 'flag', 'look up with the addresses of the tracked connection'),
    ],
    [
      nx('1.0+', 14, 16),
      nx('1.0+', 1, 16, { when: 'to this table; accepted, never sent by ovs-ofctl' }),
      nx('1.0+', 44, 16, { when: 'with ct' }),
    ],
    'Looks the packet up in a table, does what it finds there, and comes back',
    { ...set, ...core },
  ),
  action(
    'clone',
    ['clone(ACTION,…)'],
    [arg('actions', 'actions', 'what to do with the copy')],
    [nx('1.0+', 42, 16, grows)],
    'Runs actions on a copy of the packet; what they change is undone afterwards',
    core,
  ),
  action(
    'push',
    ['push:SUBFIELD'],
    [arg('src', 'subfield', 'what to save')],
    [nx('1.0+', 27, 24)],
    'Saves a subfield on a stack',
    { checksOperands: true },
  ),
  action(
    'pop',
    ['pop:SUBFIELD'],
    [arg('dst', 'subfield', 'where to restore')],
    [nx('1.0+', 28, 24)],
    'Restores a subfield from the stack',
    { checksOperands: true },
  ),
  action(
    'exit',
    ['exit'],
    [],
    [nx('1.0+', 17, 16)],
    'Ends the processing of the packet, in callers of `resubmit` too',
    core,
  ),
  action(
    'multipath',
    ['multipath(FIELDS,BASIS,ALGORITHM,N_LINKS,ARGUMENT,SUBFIELD)'],
    [
      word('fields', HASH_FIELDS, 'what to hash'),
      arg('basis', 'u16', 'start value of the hash'),
      word('algorithm', ['modulo_n', 'hash_threshold', 'hrw', 'iter_hash'], 'how to choose a link'),
      arg('n_links', 'u32', 'the number of links, 1 to 65536'),
      arg('arg', 'u32', 'for iter_hash'),
      arg('dst', 'subfield', 'where to store the link, counted from 0'),
    ],
    [nx('1.0+', 10, 32)],
    'Stores a number chosen by a hash of the packet',
    { checksOperands: true },
  ),
  action(
    'conjunction',
    ['conjunction(ID,K/N)'],
    [
      arg('id', 'u32', 'what the completed match shows as conj_id'),
      arg('clause', 'special', 'k/n: this flow is clause k of n; n from 2 to 64'),
    ],
    [nx('1.0+', 34, 16)],
    'Makes the flow one clause of a conjunctive match; only `note` may accompany it',
    core,
  ),
  action(
    'note',
    ['note:HEX[.HEX]…'],
    [arg('bytes', 'bytes', 'padded with zeros to a multiple of 8, the header of 10 included')],
    [nx('1.0+', 8, 16, grows)],
    'Does nothing; keeps bytes with the flow for people and programs to read',
    core,
  ),
  action(
    'sample',
    [
      'sample(probability=N,collector_set_id=N,[obs_domain_id=N],[obs_point_id=N],[sampling_port=PORT],[ingress|egress])',
    ],
    [
      arg('probability', 'u16', 'out of 65535, not 0'),
      opt('collector_set_id', 'u32', 'which row of Flow_Sample_Collector_Set gets it'),
      opt('obs_domain_id', 'u32', 'observation domain to report'),
      opt('obs_point_id', 'u32', 'observation point to report'),
      opt('sampling_port', 'port', 'the port the sample is about'),
      opt('ingress', 'flag', 'report the packet as coming in'),
      opt('egress', 'flag', 'report the packet as going out'),
    ],
    [
      nx('1.0+', 29, 24),
      nx('1.0+', 38, 32, { when: 'with sampling_port' }),
      nx('1.0+', 41, 32, { when: 'with ingress or egress' }),
    ],
    'Reports some of the packets to IPFIX collectors',
  ),
  action(
    'debug_recirc',
    ['debug_recirc'],
    [],
    [nx('1.0+', 255, 16)],
    'For testing OVS: recirculates the packet; refused by a normal switch',
  ),
  action(
    'debug_slow',
    ['debug_slow'],
    [],
    [nx('1.0+', 254, 16)],
    'For testing OVS: forces the slow path; refused by a normal switch',
  ),
];

const instruction = { instruction: true, core: true } as const;

const INSTRUCTIONS = [
  action(
    'meter',
    ['meter:METER'],
    [arg('meter', 'meter', 'the meter; it must exist when the flow is installed')],
    [inst('1.3-1.4', 6, 8), std('1.5', 29, 8)],
    'Sends the packet through a meter, which may drop it; first in the list',
    { ...instruction, inClone: false },
  ),
  action('clear_actions', ['clear_actions'], [], [inst('1.1+', 5, 8)], 'Empties the action set', instruction),
  action(
    'write_actions',
    ['write_actions(ACTION,…)'],
    [arg('actions', 'actions', 'those that may be in an action set')],
    [inst('1.1+', 3, 8, grows)],
    'Puts actions into the action set, which is carried out when the pipeline ends',
    instruction,
  ),
  action(
    'write_metadata',
    ['write_metadata:VALUE[/MASK]'],
    [arg('value', 'u64', 'the value'), opt('mask', 'u64', 'the bits to write; all unless said')],
    [nx('1.0', 22, 32), inst('1.1+', 2, 24)],
    'Writes the metadata field, after all actions',
    instruction,
  ),
  action(
    'goto_table',
    ['goto_table:TABLE'],
    [arg('table', 'table', 'a table after this one')],
    [nx('1.0', 14, 16, { when: 'as resubmit' }), inst('1.1+', 1, 8)],
    'Goes on with a later table',
    instruction,
  ),
];

const TABLE = [...OUTPUT, ...HEADERS, ...FIELD_ACTIONS, ...STATEFUL, ...FLOW_CONTROL, ...INSTRUCTIONS];

export type ActionName = (typeof TABLE)[number]['name'];
export type Action = ActionInfo<ActionName>;

export const ACTIONS: readonly Action[] = TABLE;

let byName: ReadonlyMap<string, Action> | undefined;

/** The action called so, by its name or an alias (`pop_vlan`). */
export function actionByName(name: string): Action | undefined {
  byName ??= new Map(ACTIONS.flatMap((a) => [a.name, ...a.aliases].map((n) => [n, a] as const)));
  return byName.get(name);
}

export function actionInfo(name: ActionName): Action {
  const found = actionByName(name);
  if (found === undefined) throw new Error(`no such action: ${name}`);
  return found;
}

/** The OpenFlow versions in which some form of the action exists. */
export function actionVersions(a: Action): readonly OpenFlowVersion[] {
  if (a.wire.length === 0) return OPENFLOW_VERSIONS;
  return OPENFLOW_VERSIONS.filter((v) => a.wire.some((w) => inVersions(w.versions, v)));
}

/** The instruction of OpenFlow 1.1+ that carries the action list; in text it is never named. */
export const APPLY_ACTIONS = inst('1.1+', 4, 8, grows);

/** The order in which ovs-ofctl wants instructions written, the actions between `meter` and `clear_actions`. */
export const INSTRUCTION_ORDER: readonly ActionName[] = [
  'meter',
  'clear_actions',
  'write_actions',
  'write_metadata',
  'goto_table',
];

/** The order in which an action set is carried out, whatever the order of writing; at most one of each. */
export const ACTION_SET_ORDER: readonly ActionName[] = [
  'strip_vlan',
  'pop_mpls',
  'decap',
  'encap',
  'push_mpls',
  'push_vlan',
  'dec_ttl',
  'dec_mpls_ttl',
  'dec_nsh_ttl',
];

/** After them the writes to fields, in the order written; then the first of these that is there, and no other. */
export const ACTION_SET_FINAL: readonly ActionName[] = ['group', 'output', 'resubmit', 'ct_clear', 'ct'];
