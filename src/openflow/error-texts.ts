/**
 * What each error of the switch means to somebody who writes flows, and what to do about it. Kept apart from
 * `errors.ts` so that it is loaded only when an error is shown.
 *
 * Most of these should never be seen: the compiler refuses first what the switch would. Where that is so, the
 * error came from flows of another origin or is a defect of ours, and the text says so.
 */
import type { OfpErrorName } from './errors.ts';

export interface ErrorText {
  /** One or two sentences: what the switch objects to. */
  readonly says: string;
  /** What to do now. */
  readonly advice: string;
}

const OURS =
  'The compiler should have refused this or written it differently; please report it with the program.';
const VERSION = 'Check the OpenFlow versions in `protocols` of the bridge against the one used for the push.';
const NOT_FLOWS = 'No push sends such a request; another controller did.';

const text = (says: string, advice: string): ErrorText => ({ says, advice });

export const ERROR_TEXTS: Readonly<Record<OfpErrorName, ErrorText>> = {
  // Hello
  OFPHFC_INCOMPATIBLE: text(
    'The switch and the client have no OpenFlow version in common.',
    'Allow a version on the bridge that the push speaks: `protocols = [OpenFlow15]`, or `ovs-vsctl set bridge br0 protocols=…`.',
  ),
  OFPHFC_EPERM: text(
    'The switch refused the connection.',
    'Connect to the management socket of the bridge (`unix:/run/openvswitch/BRIDGE.mgmt`) or to a listener that admits you.',
  ),

  // Requests in general
  OFPBRC_BAD_VERSION: text('A message carried a version that was not negotiated.', OURS),
  OFPBRC_BAD_TYPE: text(
    'The switch does not know this kind of message in the version in use.',
    'Use a newer OpenFlow version; bundles need 1.4, or 1.3 with its extension.',
  ),
  OFPBRC_BAD_STAT: text('The switch does not know this kind of statistics request.', VERSION),
  OFPBRC_BAD_VENDOR: text(
    'The switch does not know the vendor of an extension message: it is not Open vSwitch, or is not reached directly.',
    'Connect to Open vSwitch itself.',
  ),
  OFPBRC_BAD_SUBTYPE: text(
    'The switch knows the vendor but not this extension message.',
    'Update Open vSwitch, or use a version in which the message is standard.',
  ),
  OFPBRC_EPERM: text(
    'The request is not allowed: it touches an internal or read-only table, or matches `recirc_id` or `dp_hash`, which only the switch itself may.',
    'Use tables 0 to 253 and leave `recirc_id` and `dp_hash` alone.',
  ),
  OFPBRC_BAD_LEN: text('A message has a length that its type does not allow.', OURS),
  OFPBRC_BUFFER_EMPTY: text('The packet in the named buffer has been used already.', NOT_FLOWS),
  OFPBRC_BUFFER_UNKNOWN: text(
    'The message refers to a packet buffer. Open vSwitch has none, so a flow must not name one.',
    OURS,
  ),
  OFPBRC_BAD_TABLE_ID: text('There is no such table.', 'Use tables 0 to 253.'),
  OFPBRC_IS_SECONDARY: text(
    'The connection has the secondary role, and secondaries may only read.',
    'Push over a connection that is primary or equal; the management socket is.',
  ),
  OFPBRC_BAD_PORT: text('The request names a port that cannot be.', 'Check the port with `ovs-ofctl show`.'),
  OFPBRC_BAD_PACKET: text('The packet in a packet-out cannot be parsed.', 'Give a whole Ethernet frame.'),
  OFPBRC_MULTIPART_BUFFER_OVERFLOW: text(
    'A request in several parts is longer than the switch can hold.',
    NOT_FLOWS,
  ),
  OFPBRC_MULTIPART_REQUEST_TIMEOUT: text('The next part of a request did not arrive in time.', 'Try again.'),
  OFPBRC_MULTIPART_REPLY_TIMEOUT: text('The next part of a reply did not arrive in time.', 'Try again.'),
  OFPBRC_MULTIPART_BAD_SCHED: text('A scheduled update of several parts cannot be scheduled.', NOT_FLOWS),
  OFPBRC_PIPELINE_FIELDS_ONLY: text(
    'A packet-out may describe its packet with pipeline fields only, such as `in_port`, `metadata` and registers.',
    'Leave packet fields out; they are read from the packet.',
  ),
  OFPBRC_UNKNOWN: text('The switch failed for a reason it does not name.', 'Look into ovs-vswitchd.log.'),
  NXBRC_NXM_INVALID: text(
    'A match in the extended format is malformed, or a cookie mask was given where a flow is added.',
    OURS,
  ),
  NXBRC_NXM_BAD_TYPE: text('A match in the extended format uses an unknown field.', OURS),
  NXBRC_MUST_BE_ZERO: text('Bytes that have to be zero are not.', OURS),
  NXBRC_BAD_REASON: text('Unknown reason in a request about packet-ins.', NOT_FLOWS),
  NXBRC_FM_BAD_EVENT: text('A flow monitor reply has an unknown event.', NOT_FLOWS),
  NXBRC_UNENCODABLE_ERROR: text(
    'The switch has an error to report that the OpenFlow version in use has no number for.',
    'Push with OpenFlow 1.5 to see which error it is, or look into ovs-vswitchd.log.',
  ),

  // Actions
  OFPBAC_BAD_TYPE: text(
    'The switch does not know an action in this version, or the action may not stand in `write_actions`.',
    'In `write_actions` keep to writes, push and pop, `dec_ttl`, `set_queue`, `group`, a plain `output`, `resubmit` and `ct`; do the rest directly.',
  ),
  OFPBAC_BAD_LEN: text('An action is longer or shorter than its kind allows.', OURS),
  OFPBAC_BAD_VENDOR: text(
    'An action belongs to a vendor the switch does not know.',
    'Connect to Open vSwitch; other switches lack its extensions.',
  ),
  OFPBAC_BAD_VENDOR_TYPE: text(
    'The switch does not know this extension action in the version in use: it is older than the action, or (`debug_…`) not built for tests.',
    'Use OpenFlow 1.3 or newer for `encap`, `decap` and `dec_nsh_ttl`; update Open vSwitch for the others.',
  ),
  OFPBAC_BAD_OUT_PORT: text(
    'An output goes to a port that cannot be: `any`, `unset`, or a number between 65280 and 4294967039.',
    'Check the number with `ovs-ofctl show`; `in_port`, `local`, `normal`, `flood`, `all` and `controller` have names.',
  ),
  OFPBAC_BAD_ARGUMENT: text(
    'An argument of an action is out of its range, for instance a `push_vlan` of another EtherType than 0x8100 and 0x88a8, or `ct(force)` without `commit`.',
    'Compare the arguments with ovs-actions(7).',
  ),
  OFPBAC_EPERM: text(
    'An action is not permitted on this connection or in this place.',
    'Push over the management socket.',
  ),
  OFPBAC_TOO_MANY: text(
    'The flow has more actions than the switch can take.',
    'Split the actions over tables with `goto`, or use a group for many outputs.',
  ),
  OFPBAC_BAD_QUEUE: text(
    'The output queue is not valid for the port.',
    'Configure the queue with ovs-vsctl first.',
  ),
  OFPBAC_BAD_OUT_GROUP: text(
    'An action refers to a group that does not exist on the switch when the flow arrives.',
    'Declare the group in the program, or create it before the flow; somebody may have deleted it.',
  ),
  OFPBAC_MATCH_INCONSISTENT: text(
    'An action needs something of the packet that the match does not ensure (writing `ip_dst` without IPv4, `pop_vlan` of an untagged packet, `ct` on anything but IP), or a match on `ct_nw_*` lacks IPv4.',
    'State the protocol in the match, and mind that push, pop, encap and decap change what the packet is.',
  ),
  OFPBAC_UNSUPPORTED_ORDER: text(
    'The switch cannot carry out the actions in this order: something follows a write of metadata in the same list.',
    'Put `write_metadata` last.',
  ),
  OFPBAC_BAD_TAG: text(
    'A third VLAN tag would be pushed; the switch handles two.',
    'Pop a tag first, or push at most two.',
  ),
  OFPBAC_BAD_SET_TYPE: text(
    'The switch does not know the field that is to be written.',
    'Update Open vSwitch.',
  ),
  OFPBAC_BAD_SET_LEN: text(
    'The part of a field that is read or written lies outside of the field, has no width, or has another width than its counterpart.',
    'Compare the subfields with the widths of their fields; a tun_metadata field is as wide as its option.',
  ),
  OFPBAC_BAD_SET_ARGUMENT: text(
    'A field cannot be written so: it is read-only, the value is outside of its range, `vlan_vid` lacks its present bit, or `ct_mark` and `ct_label` are written outside of `ct(exec)`.',
    'Write `ct_mark` and `ct_label` in the block of a `ct(commit)`, and no read-only field.',
  ),
  OFPBAC_BAD_SET_MASK: text(
    'A write to part of a field was sent as a masked set_field, which this OpenFlow version does not have.',
    'Push with OpenFlow 1.5.',
  ),
  OFPBAC_BAD_METER: text(
    'The action names a meter that is not valid.',
    'Declare the meter; ids are 1 to 4294901760.',
  ),
  NXBAC_MUST_BE_ZERO: text('Bytes of an action that have to be zero are not.', OURS),
  NXBAC_BAD_CONJUNCTION: text(
    'A conjunction is not well-formed, or stands beside another action: it needs 2 to 64 clauses, a clause number among them, and no company but `note`.',
    'Put the other actions into the flow that matches `conj_id`.',
  ),
  NXBAC_BAD_HEADER_TYPE: text(
    '`encap` does not know the header.',
    'It takes `ethernet`, `nsh`, `mpls` and `mpls_mc`.',
  ),
  NXBAC_UNKNOWN_ED_PROP: text('`encap` has a property that the switch does not know.', OURS),
  NXBAC_BAD_ED_PROP: text('A property of `encap` is malformed.', 'Check md_type and the TLVs.'),
  NXBAC_CT_DATAPATH_SUPPORT: text(
    'The datapath of the bridge lacks what this `ct` action asks for (connection tracking, NAT, marks or labels).',
    'Use a newer kernel or `datapath = netdev`; `ovs-appctl dpif/show-dp-features BRIDGE` lists what there is.',
  ),

  // Instructions
  OFPBIC_UNKNOWN_INST: text(
    'The switch does not know an instruction in this version. `meter` is one in OpenFlow 1.3 and 1.4 only; in 1.5 it is an action.',
    VERSION,
  ),
  OFPBIC_UNSUP_INST: text(
    'An instruction stands where the switch allows none, as in `clone`.',
    'Move `goto`, `write_actions`, `clear_actions` and `write_metadata` out of the nested list.',
  ),
  OFPBIC_BAD_TABLE_ID: text(
    '`goto` leads to the same or an earlier table.',
    'Go to a table with a higher number, or use `resubmit`.',
  ),
  OFPBIC_UNSUP_METADATA: text(
    'The switch cannot write this metadata value.',
    'Open vSwitch can write all 64 bits; is this another switch?',
  ),
  OFPBIC_UNSUP_METADATA_MASK: text(
    'The switch cannot write metadata with this mask.',
    'Open vSwitch can use any mask; is this another switch?',
  ),
  OFPBIC_BAD_EXPERIMENTER: text('The switch does not know the vendor of an instruction.', OURS),
  OFPBIC_BAD_EXP_TYPE: text('The switch does not know an extension instruction.', OURS),
  OFPBIC_BAD_LEN: text('An instruction is longer or shorter than its kind allows.', OURS),
  OFPBIC_EPERM: text(
    'An instruction is not permitted on this connection.',
    'Push over the management socket.',
  ),
  OFPBIC_DUP_INST: text(
    'A flow has the same instruction twice.',
    'Merge the two `write_actions`, `write_metadata` or `goto`.',
  ),

  // Matches
  OFPBMC_BAD_TYPE: text('The match is in a format that the switch does not know.', OURS),
  OFPBMC_BAD_LEN: text('The match or a term in it has a wrong length.', OURS),
  OFPBMC_BAD_TAG: text('The match asks for a tag that is not supported.', OURS),
  OFPBMC_BAD_DL_ADDR_MASK: text(
    'A MAC address is masked in a version that cannot.',
    'Match the whole address, or use OpenFlow 1.2 or newer.',
  ),
  OFPBMC_BAD_NW_ADDR_MASK: text(
    'An IPv4 address has a mask that is no prefix in a version that has prefixes only.',
    'Use a prefix, or OpenFlow 1.2 or newer.',
  ),
  OFPBMC_BAD_WILDCARDS: text(
    'A value has bits outside of its mask; a match or masked write of that kind contradicts itself.',
    'Clear the bits of the value where the mask is 0: 10.0.0.0/8, not 10.1.2.3/8.',
  ),
  OFPBMC_BAD_FIELD: text(
    'The switch does not know a field of the match (or of `move`, `push`, `learn`), or not with this width.',
    'Update Open vSwitch; `in_phy_port`, `ipv6_exthdr` and the PBB fields are in no release.',
  ),
  OFPBMC_BAD_VALUE: text(
    'A value is outside of the range of its field: ARP opcodes end at 255, `nsh_ttl` at 63, and port numbers have a gap from 65280 to 4294967039.',
    'Check the value against ovs-fields(7).',
  ),
  OFPBMC_BAD_MASK: text(
    'A field is masked that can only be matched as a whole.',
    'Match exact values; a set `{…}` enumerates them.',
  ),
  OFPBMC_BAD_PREREQ: text(
    'A field is matched without what makes it exist: `tcp_dst` without TCP, `ip_src` without IPv4, `vlan_pcp` without a tag, `ct_nw_src` without a tracked connection.',
    'Add the protocol to the match. (ovs-ofctl often drops the term instead, without an error, which widens the flow.)',
  ),
  OFPBMC_DUP_FIELD: text(
    'The match says something twice: the same field under two names, or fields that share bits, as `reg0` and `xreg0`, `vlan_tci` and `vlan_vid`, `nw_tos` and `ip_dscp`.',
    'Keep one of the two terms.',
  ),
  OFPBMC_EPERM: text('Matching this field is not permitted.', 'Push over the management socket.'),
  NXBMC_CT_DATAPATH_SUPPORT: text(
    'The datapath of the bridge cannot match a connection tracking field of this flow.',
    'Use a newer kernel or `datapath = netdev`; `ovs-appctl dpif/show-dp-features BRIDGE` lists what there is.',
  ),

  // Flow mods
  OFPFMFC_UNKNOWN: text(
    'The flow could not be changed for a reason the switch does not name.',
    'Look into ovs-vswitchd.log.',
  ),
  OFPFMFC_TABLE_FULL: text(
    'The table has reached its `flow_limit` and refuses more flows.',
    'Raise `flow_limit` of the Flow_Table, set its overflow policy to evict, or install fewer flows (see `--stats`).',
  ),
  OFPFMFC_BAD_TABLE_ID: text('A flow is to go into a table that does not exist.', 'Use tables 0 to 253.'),
  OFPFMFC_OVERLAP: text(
    'A flow with `check_overlap` could match the same packet as another flow of the same priority.',
    'Give one of the two another priority, make the matches disjoint, or drop the flag.',
  ),
  OFPFMFC_EPERM: text(
    'The flow may not be changed: it belongs to the switch itself or to a read-only table.',
    'Leave hidden flows (priority above 65535, in-band control) alone.',
  ),
  OFPFMFC_BAD_TIMEOUT: text('A timeout is not supported.', 'Use 0 to 65535 seconds.'),
  OFPFMFC_BAD_EMERG_TIMEOUT: text('An emergency flow of OpenFlow 1.0 may have no timeout.', NOT_FLOWS),
  OFPFMFC_BAD_COMMAND: text('The switch does not know what to do with a flow: an unknown command.', OURS),
  OFPFMFC_BAD_FLAGS: text(
    'A flag of the flow does not exist in this version: `reset_counts` came with 1.2, `no_packet_counts` and `no_byte_counts` with 1.3.',
    'Push with a newer OpenFlow version, or drop the flag.',
  ),
  OFPFMFC_CANT_SYNC: text('A synchronised table cannot follow this change.', NOT_FLOWS),
  OFPFMFC_BAD_PRIORITY: text('The priority is not supported in this table.', 'Use 0 to 65535.'),
  OFPFMFC_IS_SYNC: text('The table is kept in step with another and may not be changed.', NOT_FLOWS),
  OFPFMFC_UNSUPPORTED: text(
    'The switch cannot carry out the actions in this order (OpenFlow 1.0).',
    'Push with OpenFlow 1.5.',
  ),
  NXFMFC_HARDWARE: text('The flow could not be put into hardware.', 'Look into ovs-vswitchd.log and dmesg.'),
  NXFMFC_BAD_TABLE_ID: text('A request for all tables needs table 255.', OURS),
  NXFMFC_INVALID_TLV_FIELD: text(
    'A tun_metadata field is used that the bridge maps to no Geneve option.',
    'Declare it in `tunnel_metadata`, and push the map before the flows (`ovs-ofctl dump-tlv-map` shows it).',
  ),

  // Group mods
  OFPGMFC_GROUP_EXISTS: text(
    'A group is to be added under an id that is taken.',
    'Somebody else owns the id: choose another range in `program { groups = … }`.',
  ),
  OFPGMFC_INVALID_GROUP: text(
    'The group is not valid: its id is reserved, or its buckets do not fit its kind.',
    'Use an id below 4294967040; an `indirect` group has exactly one bucket.',
  ),
  OFPGMFC_WEIGHT_UNSUPPORTED: text('The switch cannot weigh the buckets.', 'Give equal weights.'),
  OFPGMFC_OUT_OF_GROUPS: text(
    'The switch has no room for another group.',
    'Delete unused groups (`ovs-ofctl dump-groups`).',
  ),
  OFPGMFC_OUT_OF_BUCKETS: text('The group has too many buckets.', 'Use fewer, or groups of groups.'),
  OFPGMFC_CHAINING_UNSUPPORTED: text(
    'The switch cannot send from group to group.',
    'Output directly from the bucket.',
  ),
  OFPGMFC_WATCH_UNSUPPORTED: text(
    'The switch cannot watch this port or group.',
    'Watch a port of the bridge.',
  ),
  OFPGMFC_LOOP: text('Groups would lead in a circle.', 'Break the circle.'),
  OFPGMFC_UNKNOWN_GROUP: text(
    'A group is to be changed that does not exist.',
    'Somebody deleted it meanwhile; push again.',
  ),
  OFPGMFC_CHAINED_GROUP: text(
    'A group cannot be deleted while another leads to it.',
    'Change the other group first.',
  ),
  OFPGMFC_BAD_TYPE: text('The switch does not know this kind of group.', 'Use all, select, indirect or ff.'),
  OFPGMFC_BAD_COMMAND: text('The switch does not know what to do with a group: an unknown command.', OURS),
  OFPGMFC_BAD_BUCKET: text(
    'A bucket is malformed: two with one id, or a fast-failover bucket that watches nothing.',
    'Give every bucket its own id, and those of `ff` groups a watch_port or watch_group.',
  ),
  OFPGMFC_BAD_WATCH: text(
    'A bucket watches a port or group that does not exist.',
    'Check watch_port and watch_group.',
  ),
  OFPGMFC_EPERM: text('Changing this group is not permitted.', 'Push over the management socket.'),
  OFPGMFC_UNKNOWN_BUCKET: text(
    'A bucket is named that the group does not have.',
    'Push again; the group was changed meanwhile.',
  ),
  OFPGMFC_BUCKET_EXISTS: text(
    'A bucket is to be added under an id that is taken.',
    'Give every bucket its own id.',
  ),

  // Port mods
  OFPPMFC_BAD_PORT: text('There is no such port.', NOT_FLOWS),
  OFPPMFC_BAD_HW_ADDR: text('The MAC address is not that of the port.', NOT_FLOWS),
  OFPPMFC_BAD_CONFIG: text('The port cannot be configured so.', NOT_FLOWS),
  OFPPMFC_BAD_ADVERTISE: text('The port cannot advertise this.', NOT_FLOWS),
  OFPPMFC_EPERM: text('Changing this port is not permitted.', NOT_FLOWS),

  // Table mods
  OFPTMFC_BAD_TABLE: text('There is no such table.', NOT_FLOWS),
  OFPTMFC_BAD_CONFIG: text('The table cannot be configured so.', NOT_FLOWS),
  OFPTMFC_EPERM: text('Changing this table is not permitted.', NOT_FLOWS),

  // Queues
  OFPQOFC_BAD_PORT: text('There is no such port to ask about queues.', NOT_FLOWS),
  OFPQOFC_BAD_QUEUE: text('There is no such queue.', NOT_FLOWS),
  OFPQOFC_EPERM: text('Reading the queues is not permitted.', NOT_FLOWS),
  NXQOFC_QUEUE_ERROR: text(
    'The queue is not set up properly.',
    'Check the QoS and Queue rows with ovs-vsctl.',
  ),

  // Switch configuration
  OFPSCFC_BAD_FLAGS: text('The switch cannot treat fragments so.', NOT_FLOWS),
  OFPSCFC_BAD_LEN: text('The length for packet-ins is not supported.', NOT_FLOWS),
  OFPSCFC_EPERM: text('Changing the configuration is not permitted.', NOT_FLOWS),

  // Roles
  OFPRRFC_STALE: text(
    'Another controller has asked for the role more recently.',
    'Push over the management socket, which needs no role.',
  ),
  OFPRRFC_UNSUP: text('The switch cannot change roles.', NOT_FLOWS),
  OFPRRFC_BAD_ROLE: text('There is no such role.', NOT_FLOWS),
  OFPRRFC_ID_UNSUP: text('The switch cannot give controllers short ids.', NOT_FLOWS),
  OFPRRFC_ID_IN_USE: text('Another controller has this short id.', NOT_FLOWS),

  // Meter mods
  OFPMMFC_UNKNOWN: text(
    'The meter could not be changed for a reason the switch does not name.',
    'Look into ovs-vswitchd.log; some datapaths have no meters.',
  ),
  OFPMMFC_METER_EXISTS: text(
    'A meter is to be added under an id that is taken.',
    'Somebody else owns the id: choose another range in `program { meters = … }`.',
  ),
  OFPMMFC_INVALID_METER: text(
    'A flow uses a meter that does not exist, or the id is 0 or above 4294901760.',
    'Declare the meter in the program; it has to be on the switch before the flow.',
  ),
  OFPMMFC_UNKNOWN_METER: text(
    'A meter is to be changed that does not exist.',
    'Somebody deleted it meanwhile; push again.',
  ),
  OFPMMFC_BAD_COMMAND: text('The switch does not know what to do with a meter: an unknown command.', OURS),
  OFPMMFC_BAD_FLAGS: text(
    'The flags of the meter do not go together, as kbps and pktps.',
    'Say one of kbps and pktps.',
  ),
  OFPMMFC_BAD_RATE: text(
    'The rate of a meter is not supported.',
    'Use a rate above 0 that the datapath can keep.',
  ),
  OFPMMFC_BAD_BURST: text('The burst of a meter is not supported.', 'Use a smaller burst.'),
  OFPMMFC_BAD_BAND: text('The datapath does not have this kind of meter band.', 'Use `drop` bands.'),
  OFPMMFC_BAD_BAND_VALUE: text(
    'A value of a meter band is not supported.',
    'Use a `drop` band with rate and burst.',
  ),
  OFPMMFC_OUT_OF_METERS: text(
    'The datapath has no room for another meter, or has none at all.',
    '`ovs-ofctl meter-features` says how many it has; the kernel needs 4.15 or newer.',
  ),
  OFPMMFC_OUT_OF_BANDS: text(
    'The meter has more bands than the datapath allows.',
    '`ovs-ofctl meter-features` says how many; often it is one.',
  ),

  // Table features
  OFPTFFC_BAD_TABLE: text('There is no such table.', NOT_FLOWS),
  OFPTFFC_BAD_METADATA: text('The metadata mask is not supported.', NOT_FLOWS),
  OFPTFFC_EPERM: text('Changing the features of tables is not permitted.', NOT_FLOWS),
  OFPTFFC_BAD_CAPA: text('The capability is not supported.', NOT_FLOWS),
  OFPTFFC_BAD_MAX_ENT: text('The maximum of entries is not supported.', NOT_FLOWS),
  OFPTFFC_BAD_FEATURES: text('The features are not supported.', NOT_FLOWS),
  OFPTFFC_BAD_COMMAND: text('The command is not supported.', NOT_FLOWS),
  OFPTFFC_TOO_MANY: text('There are too many tables in the request.', NOT_FLOWS),
  NXTFFC_DUP_TABLE: text('A table is in the request twice.', NOT_FLOWS),

  // Properties
  OFPBPC_BAD_TYPE: text(
    'A property is of a kind that the switch does not know.',
    'Update Open vSwitch; `controller(userdata=…)`, groups and bundles have properties.',
  ),
  OFPBPC_BAD_LEN: text('A property has a wrong length.', OURS),
  OFPBPC_BAD_VALUE: text(
    'A property has a value that the switch does not support.',
    'Check the selection method and the arguments of groups and `controller`.',
  ),
  OFPBPC_TOO_MANY: text('A property occurs too often.', OURS),
  OFPBPC_DUP_TYPE: text('A property occurs twice.', OURS),
  OFPBPC_BAD_EXPERIMENTER: text(
    'The vendor of a property is unknown.',
    'Is this Open vSwitch? Selection methods of groups are its extension.',
  ),
  OFPBPC_BAD_EXP_TYPE: text('An extension property is unknown.', 'Update Open vSwitch.'),
  OFPBPC_BAD_EXP_VALUE: text(
    'An extension property has a value that the switch does not support.',
    'Check the selection method of the group.',
  ),
  OFPBPC_EPERM: text('The property is not permitted here.', OURS),

  // Asynchronous message configuration
  OFPACFC_INVALID: text('A mask of asynchronous messages is not valid.', NOT_FLOWS),
  OFPACFC_UNSUPPORTED: text('The asynchronous messages cannot be configured so.', NOT_FLOWS),
  OFPACFC_EPERM: text('Configuring asynchronous messages is not permitted.', NOT_FLOWS),

  // Bundles
  OFPBFC_UNKNOWN: text(
    'The bundle failed for a reason the switch does not name.',
    'Look into ovs-vswitchd.log.',
  ),
  OFPBFC_EPERM: text('Bundles are not permitted on this connection.', 'Push over the management socket.'),
  OFPBFC_BAD_ID: text(
    'There is no bundle of this id; it may have expired, which takes ten seconds without a message.',
    'Push again.',
  ),
  OFPBFC_BUNDLE_EXIST: text('There is a bundle of this id already.', 'Push again; the id is chosen anew.'),
  OFPBFC_BUNDLE_CLOSED: text('The bundle has been closed and takes nothing more.', OURS),
  OFPBFC_OUT_OF_BUNDLES: text(
    'The switch has no room for another bundle.',
    'Wait until other pushes are done.',
  ),
  OFPBFC_BAD_TYPE: text('The switch does not know this bundle message.', OURS),
  OFPBFC_BAD_FLAGS: text('The flags of the bundle are not supported, or changed on the way.', OURS),
  OFPBFC_MSG_BAD_LEN: text(
    'A message in the bundle has a wrong length.',
    'A flow of more than 65,535 bytes cannot be sent; otherwise this is a defect of ours.',
  ),
  OFPBFC_MSG_BAD_XID: text('A message in the bundle has another transaction id than its envelope.', OURS),
  OFPBFC_MSG_UNSUP: text('This kind of message cannot be in a bundle; meters and the TLV map cannot.', OURS),
  OFPBFC_MSG_CONFLICT: text(
    'Two messages in the bundle cannot go together.',
    'Look for flows that are both added and deleted.',
  ),
  OFPBFC_MSG_TOO_MANY: text('The bundle has too many messages.', 'Push in parts.'),
  OFPBFC_MSG_FAILED: text(
    'A message in the bundle failed, so nothing of it was applied.',
    'The error just before names the message and the reason; the switch is as it was.',
  ),
  OFPBFC_TIMEOUT: text('The bundle took too long.', 'Push again; the switch was busy.'),
  OFPBFC_BUNDLE_IN_PROGRESS: text('Another bundle is open on this connection.', OURS),
  OFPBFC_SCHED_NOT_SUPPORTED: text('The switch cannot schedule bundles.', NOT_FLOWS),
  OFPBFC_SCHED_FUTURE: text('The bundle is scheduled too far ahead.', NOT_FLOWS),
  OFPBFC_SCHED_PAST: text('The bundle is scheduled too far back.', NOT_FLOWS),
  OFPBFC_BAD_VERSION: text('A message in the bundle has another OpenFlow version than the bundle.', OURS),

  // Flow monitors
  OFPMOFC_UNKNOWN: text(
    'The flow monitor failed for a reason the switch does not name.',
    'Look into ovs-vswitchd.log.',
  ),
  OFPMOFC_MONITOR_EXISTS: text('There is a flow monitor of this id already.', 'Start watching again.'),
  OFPMOFC_INVALID_MONITOR: text('The flow monitor is not valid.', NOT_FLOWS),
  OFPMOFC_UNKNOWN_MONITOR: text('There is no flow monitor of this id.', 'Start watching again.'),
  OFPMOFC_BAD_COMMAND: text('The switch does not know what to do with a flow monitor.', NOT_FLOWS),
  OFPMOFC_BAD_FLAGS: text('The flags of the flow monitor are not valid.', NOT_FLOWS),
  OFPMOFC_BAD_TABLE_ID: text('The flow monitor names a table that does not exist.', NOT_FLOWS),
  OFPMOFC_BAD_OUT: text('The flow monitor names an output that cannot be.', NOT_FLOWS),

  // TLV table mods
  NXTTMFC_BAD_COMMAND: text('The switch does not know what to do with the TLV map.', OURS),
  NXTTMFC_BAD_OPT_LEN: text(
    'The length of a Geneve option is not valid.',
    'Use 4 to 124 bytes in steps of 4 in `tunnel_metadata`.',
  ),
  NXTTMFC_BAD_FIELD_IDX: text('There is no such tun_metadata field.', 'Use tun_metadata0 to tun_metadata63.'),
  NXTTMFC_TABLE_FULL: text(
    'The mapped Geneve options are too many or too long together; there is room for 256 bytes.',
    'Map fewer or shorter options, and remove unused ones (`ovs-ofctl del-tlv-map`).',
  ),
  NXTTMFC_ALREADY_MAPPED: text(
    'A tun_metadata field is mapped to another option already.',
    'Delete the old mapping first (`ovs-ofctl del-tlv-map`); flows that use it must go before.',
  ),
  NXTTMFC_DUP_ENTRY: text('A Geneve option is mapped to two tun_metadata fields.', 'Map every option once.'),
  NXTTMFC_INVALID_TLV_DEL: text(
    'A TLV mapping cannot be deleted while flows use its field.',
    'Delete those flows first.',
  ),

  // Resuming, IPFIX
  NXR_NOT_SUPPORTED: text(
    'The datapath cannot resume a paused packet.',
    'Leave `pause` out of `controller`.',
  ),
  NXR_STALE: text(
    'A paused packet cannot be resumed any more: the switch has changed meanwhile.',
    'Nothing; the packet is dropped.',
  ),
  NXST_NOT_CONFIGURED: text(
    'What was asked about is not set up, as IPFIX on this bridge.',
    'Configure it with ovs-vsctl first.',
  ),
};
