/** WBF52xx: groups and meters, and references to them. */
import { define } from '../define.ts';

/** A select group with one bucket in it. */
const select = (bucket: string, more = ''): string =>
  `group g = 1 {\n  type = select${more}\n  bucket { ${bucket} }\n}\n`;

export const missingProperty = define<{ of: string; form: string }>({
  code: 'WBF5201',
  title: 'Property that is not there',
  message: ({ of, form }) => `${of} needs \`${form}\``,
  explanation:
    'Without this property the declaration means nothing, and there is no value that could be assumed.',
  example: {
    bad: 'group g = 1 {\n  bucket { action { output 1 } }\n}\n',
    good: 'group g = 1 {\n  type = indirect\n  bucket { action { output 1 } }\n}\n',
  },
});

export const noId = define<{ what: string; name: string }>({
  code: 'WBF5202',
  title: 'Nothing to take an id from',
  message: ({ what, name }) => `nothing says which id ${what} \`${name}\` has`,
  explanation: `Groups and meters are known on a switch by a number. State it (\`group web = 4096 { … }\`), or give the program numbers of its own, from which
the compiler takes one that is free: \`program p { groups = 4096-8191; meters = 100-199 }\`.`,
  example: {
    bad: 'group g {\n  type = indirect\n  bucket { action { output 1 } }\n}\n',
    good: 'program p { groups = 10-19 }\ngroup g {\n  type = indirect\n  bucket { action { output 1 } }\n}\n',
  },
});

export const idsExhausted = define<{ what: string; name: string }>({
  code: 'WBF5203',
  title: 'No id left',
  message: ({ what, name }) => `no id of the program is left for ${what} \`${name}\``,
  explanation:
    'All the numbers that the program says are its own belong to other declarations. Give it more of them.',
  example: {
    bad: 'program p { meters = 5 }\nmeter a { unit = kbps; band drop { rate = 1 } }\nmeter b { unit = kbps; band drop { rate = 2 } }\n',
    good: 'program p { meters = 5-6 }\nmeter a { unit = kbps; band drop { rate = 1 } }\nmeter b { unit = kbps; band drop { rate = 2 } }\n',
  },
});

export const idOutside = define<{ what: string; id: number; property: string }>({
  code: 'WBF5204',
  title: 'Id outside the program',
  message: ({ what, id, property }) => `${what} ${id} is not one of the program's \`${property}\``,
  explanation: `Groups and meters carry no cookie, so the ranges in \`program { … }\` say whose they are: a push makes, changes and deletes those in the
ranges, and leaves all others alone. One outside of them would never be deleted. If it is somebody else's, declare it without a body:
\`group other = 7\`.`,
  example: {
    bad: 'program p { groups = 10-19 }\ngroup g = 5 {\n  type = indirect\n  bucket { action { output 1 } }\n}\n',
    good: 'program p { groups = 10-19 }\ngroup g = 15 {\n  type = indirect\n  bucket { action { output 1 } }\n}\n',
  },
});

export const externalInside = define<{ what: string; id: number; property: string }>({
  code: 'WBF5205',
  title: "Somebody else's id among our own",
  message: ({ what, id, property }) =>
    `${what} ${id} has no body, so it is somebody else's, and is one of the program's \`${property}\``,
  explanation: `A push deletes what is in the program's ranges and not declared with a body. A group or meter that another controller makes has to be
outside of them, or it would be deleted, and with it the flows that use it.`,
  example: {
    bad: 'program p { groups = 10-19 }\ngroup other = 15\n',
    good: 'program p { groups = 10-19 }\ngroup other = 5\n',
  },
});

export const externalWithoutId = define<{ what: string; name: string }>({
  code: 'WBF5206',
  title: 'Somebody else’s, without an id',
  message: ({ what, name }) => `${what} \`${name}\` has neither a body nor an id`,
  explanation: `Without a body, the declaration names a group or meter that somebody else makes; which one only its number tells.`,
  example: { bad: 'group other\n', good: 'group other = 5\n' },
});

export const weightOutsideSelect = define<{ type: string }>({
  code: 'WBF5207',
  title: 'Weight where none counts',
  message: ({ type }) => `a bucket has a weight in a \`select\` group only, and this one is \`${type}\``,
  switchError: 'OFPGMFC_INVALID_GROUP',
  explanation:
    'Only a `select` group chooses among its buckets by weight. In any other the switch takes a weight of 0 only.',
  example: {
    bad: 'group g = 1 {\n  type = all\n  bucket { weight = 5; action { output 1 } }\n}\n',
    good: select('weight = 5; action { output 1 }'),
  },
});

export const failoverWithoutWatch = define({
  code: 'WBF5208',
  title: 'Nothing to watch',
  message: () => 'a bucket of a `fast_failover` group needs `watch_port` or `watch_group`',
  switchError: 'OFPGMFC_INVALID_GROUP',
  explanation: `A \`fast_failover\` group uses the first bucket that is alive, which is one whose \`watch_port\` is up or whose \`watch_group\` has a bucket that
is alive.`,
  example: {
    bad: 'group g = 1 {\n  type = fast_failover\n  bucket { action { output 1 } }\n}\n',
    good: 'group g = 1 {\n  type = fast_failover\n  bucket { watch_port = 1; action { output 1 } }\n}\n',
  },
});

export const watchUnsupported = define<{ property: string; type: string }>({
  code: 'WBF5209',
  title: 'Watched without need',
  message: ({ property, type }) => `\`${property}\` has no use in a group of type \`${type}\``,
  switchError: 'OFPGMFC_WATCH_UNSUPPORTED',
  explanation:
    'Whether a bucket is alive matters where the switch chooses among buckets: in `fast_failover` and `select` groups.',
  example: {
    bad: 'group g = 1 {\n  type = all\n  bucket { watch_port = 1; action { output 1 } }\n}\n',
    good: 'group g = 1 {\n  type = all\n  bucket { action { output 1 } }\n}\n',
  },
});

export const indirectBuckets = define<{ count: number }>({
  code: 'WBF5210',
  title: 'Indirect group without its one bucket',
  message: ({ count }) =>
    `an \`indirect\` group has exactly one bucket, and this one has ${count === 0 ? 'none' : count}`,
  switchError: 'OFPGMFC_INVALID_GROUP',
  explanation:
    'An `indirect` group gives one list of actions a name. For copies to several places there is `all`, for a choice `select`.',
  example: {
    bad: 'group g = 1 {\n  type = indirect\n}\n',
    good: 'group g = 1 {\n  type = indirect\n  bucket { action { output 1 } }\n}\n',
  },
});

export const emptyGroup = define<{ name: string }>({
  code: 'WBF5211',
  severity: 'warning',
  title: 'Group without buckets',
  message: ({ name }) => `group \`${name}\` has no buckets: packets that are sent to it are dropped`,
  explanation: 'The switch takes a group without buckets, and does nothing with the packets.',
  example: {
    bad: 'group g = 1 {\n  type = all\n}\n',
    good: 'group g = 1 {\n  type = all\n  bucket { action { output 1 } }\n}\n',
  },
});

export const duplicateBucket = define<{ id: number }>({
  code: 'WBF5212',
  title: 'Two buckets with one id',
  message: ({ id }) => `another bucket of this group has the id ${id}`,
  switchError: 'OFPGMFC_BAD_BUCKET',
  explanation:
    'OpenFlow 1.5 tells the buckets of a group apart by their ids. Left out, the id of a bucket is its place in the group.',
  example: {
    bad: 'group g = 1 {\n  type = all\n  bucket { bucket_id = 3; action { output 1 } }\n  bucket { bucket_id = 3; action { output 2 } }\n}\n',
    good: 'group g = 1 {\n  type = all\n  bucket { bucket_id = 3; action { output 1 } }\n  bucket { bucket_id = 4; action { output 2 } }\n}\n',
  },
});

export const selectionOutsideSelect = define<{ property: string; type: string }>({
  code: 'WBF5213',
  title: 'Selection where nothing is chosen',
  message: ({ property, type }) => `\`${property}\` is for \`select\` groups, and this one is \`${type}\``,
  switchError: 'OFPBPC_BAD_VALUE',
  explanation: 'Only a `select` group chooses among its buckets for each packet.',
  example: {
    bad: 'group g = 1 {\n  type = all\n  selection_method = hash\n  bucket { action { output 1 } }\n}\n',
    good: select('action { output 1 }', '\n  selection_method = hash'),
  },
});

export const selectionWithout = define<{ property: string; method: string }>({
  code: 'WBF5214',
  title: 'Selection without its method',
  message: ({ property, method }) =>
    `\`${property}\` means something with \`selection_method = ${method}\` only`,
  switchError: 'OFPBPC_BAD_VALUE',
  explanation: `\`hash\` hashes the \`fields\`, starting from \`selection_param\`; \`dp_hash\` takes the hash that the datapath computes, and has no fields. Without a
method the choice is the switch's, and neither is sent.`,
  example: {
    bad: select('action { output 1 }', '\n  fields = {ip_src}'),
    good: select('action { output 1 }', '\n  selection_method = hash\n  fields = {ip_src}'),
  },
});

export const badHashField = define<{ field: string; why: string }>({
  code: 'WBF5215',
  title: 'Field that a group cannot hash',
  message: ({ field, why }) => `a group cannot hash \`${field}\`: ${why}`,
  explanation: `The fields of a \`select\` group are sent by their OXM or NXM numbers, each once, with the bits that count. A field that has no number cannot be
sent: \`ovs-ofctl\` 3.1 sends \`in_port\` for \`dl_vlan\` without a word.`,
  example: {
    bad: select('action { output 1 }', '\n  selection_method = hash\n  fields = {ip_src, ip_src}'),
    good: select('action { output 1 }', '\n  selection_method = hash\n  fields = {ip_src, ip_dst}'),
  },
});

export const undeclaredGroup = define<{ id: number }>({
  code: 'WBF5216',
  title: 'Group that is not declared',
  message: ({ id }) => `no group with the id ${id} is declared`,
  switchError: 'OFPBAC_BAD_OUT_GROUP',
  explanation: `The switch refuses a flow that sends to a group that does not exist. Declare the group with its buckets, or, where somebody else makes it,
without a body: \`group other = 7\`.

In the bucket of another group the switch does not look, and drops the packets.`,
  example: {
    bad: 'table t = 0 {\n  miss = drop\n  flow f { match { tcp } action { group 5 } }\n}\n',
    good: 'group other = 5\ntable t = 0 {\n  miss = drop\n  flow f { match { tcp } action { group 5 } }\n}\n',
  },
});

export const undeclaredMeter = define<{ id: number }>({
  code: 'WBF5217',
  title: 'Meter that is not declared',
  message: ({ id }) => `no meter with the id ${id} is declared`,
  switchError: 'OFPMMFC_INVALID_METER',
  explanation: `The switch refuses a flow with a meter that does not exist. Declare the meter with its bands, or, where somebody else makes it, without a
body: \`meter other = 7\`.

In \`controller(meter_id = …)\` the switch does not look, and the packets are not metered.`,
  example: {
    bad: 'table t = 0 {\n  miss = drop\n  flow f { match { tcp } action { meter 5; normal } }\n}\n',
    good: 'meter other = 5\ntable t = 0 {\n  miss = drop\n  flow f { match { tcp } action { meter 5; normal } }\n}\n',
  },
});

export const groupCycle = define<{ path: readonly string[] }>({
  code: 'WBF5218',
  title: 'Groups in a circle',
  message: ({ path }) =>
    path.length === 2
      ? `group \`${path[0] ?? ''}\` refers to itself`
      : `the groups ${path.map((n) => `\`${n}\``).join(' → ')} refer to each other in a circle`,
  explanation: `OpenFlow lets a switch refuse groups that lead back to themselves (OFPGMFC_LOOP). Open vSwitch takes them, and drops every packet that is sent
to one of them when it notices that it does not come to an end: "Recursion too deep". Other buckets of the group do nothing then, either.`,
  example: {
    bad: 'group a = 1 {\n  type = all\n  bucket { action { group b } }\n}\ngroup b = 2 {\n  type = all\n  bucket { action { group a } }\n}\n',
    good: 'group a = 1 {\n  type = all\n  bucket { action { group b } }\n}\ngroup b = 2 {\n  type = all\n  bucket { action { output 1 } }\n}\n',
  },
});

export const notInBucket = define<{ action: string }>({
  code: 'WBF5219',
  title: 'Action that a bucket leaves out',
  message: ({ action }) => `\`${action}\` in a bucket is not executed`,
  allowable: true,
  explanation: `The actions of a bucket are an action set (OpenFlow 1.5.1 §5.10): they are executed in the order of the set, and of those that have no place in a
set Open vSwitch executes none. It takes a group with such an action and leaves the action out without a word.

Send the packet to a table instead (\`resubmit(,TABLE)\`), whose flows can do anything.`,
  example: {
    bad: 'group g = 1 {\n  type = all\n  bucket { action { push reg0[]; output 1 } }\n}\n',
    good: 'group g = 1 {\n  type = all\n  bucket { action { reg0 = 5; output 1 } }\n}\n',
  },
});

export const badWatchPort = define<{ port: string }>({
  code: 'WBF5220',
  title: 'Port that cannot be watched',
  message: ({ port }) => `\`${port}\` is no port that is up or down`,
  explanation: `Of the reserved ports only \`local\` is a real one. The switch takes the others, and the bucket is never used.`,
  example: {
    bad: 'group g = 1 {\n  type = fast_failover\n  bucket { watch_port = flood; action { output 1 } }\n}\n',
    good: 'group g = 1 {\n  type = fast_failover\n  bucket { watch_port = 1; action { output 1 } }\n}\n',
  },
});

export const groupTooLarge = define<{ name: string; bytes: number }>({
  code: 'WBF5221',
  title: 'Group larger than a message',
  message: ({ name, bytes }) =>
    `group \`${name}\` takes ${bytes} bytes, and a message in a bundle has room for 65519`,
  explanation:
    'The length of an OpenFlow message is a 16-bit number. A `select` group of so many buckets can be split in two, with a group before them that chooses one of the two.',
});
