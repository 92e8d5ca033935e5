/** Actions that send the packet, and those that add or remove headers. */
import { action, arg, grows, HASH_FIELDS, nx, opt, set, soft, std, word } from './action-row.ts';

const REASONS = ['no_match', 'action', 'invalid_ttl', 'action_set', 'group', 'packet_out'];

const bundleArgs = [
  word('fields', HASH_FIELDS, 'what to hash'),
  arg('basis', 'u16', 'start value of the hash'),
  word('algorithm', ['hrw', 'active_backup'], 'how to choose among the ports that are up'),
];
const members = arg('members', 'ports', 'the ports to choose from, at most 2048');
export const OUTPUT = [
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
    { inActionSet: 'plain', checksOperands: true },
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
    { inActionSet: 'plain' },
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
  ),
  action('drop', ['drop'], [], [], 'Does nothing: an empty action list. It stands alone'),
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
    set,
  ),
];

export const HEADERS = [
  action(
    'strip_vlan',
    ['strip_vlan', 'pop_vlan'],
    [],
    [std('1.0', 3, 8), std('1.1+', 18, 8)],
    'Removes the outermost VLAN tag',
    { ...set, aliases: ['pop_vlan'], needs: soft('VLAN VID') },
  ),
  action(
    'push_vlan',
    ['push_vlan:ETHERTYPE'],
    [arg('ethertype', 'EtherType', '0x8100 (802.1Q) or 0x88a8 (802.1ad)')],
    [std('1.1+', 17, 8)],
    'Puts a new VLAN tag in front, with VLAN 0 and priority 0; at most two fit',
    set,
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
