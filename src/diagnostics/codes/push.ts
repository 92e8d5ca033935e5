/** WBF7xxx: what can go wrong between us and a switch. */
import { define } from '../define.ts';

export const cannotConnect = define<{ target: string; reason: string }>({
  code: 'WBF7001',
  title: 'the switch cannot be reached',
  message: ({ target, reason }) => `cannot connect to ${target}: ${reason}`,
  explanation: `The connection to the switch was not made. Nothing was sent, so nothing changed.

A bridge listens on \`unix:/var/run/openvswitch/BRIDGE.mgmt\` as long as ovs-vswitchd runs; \`ovs-vsctl set-controller\`
makes it call a \`ptcp:\` listener of ours, and a controller of \`ptcp:6653\` makes it listen for a \`tcp:\` target.`,
});

export const noPermission = define<{ path: string; access: string }>({
  code: 'WBF7002',
  title: "the switch's socket is not open to this user",
  message: ({ path, access }) => `no permission to connect to ${path}: ${access}`,
  explanation: `To connect to a Unix socket one needs the write permission on it, and the search permission on every folder
above it. Open vSwitch gives its sockets to the user (and group) that ovs-vswitchd runs as.

Run the push as that user (\`sudo\`), or join the group where the group may write.`,
});

export const noCommonVersion = define<{ target: string; offered: string; wanted: string }>({
  code: 'WBF7003',
  title: 'no OpenFlow version in common',
  message: ({ target, offered, wanted }) => `${target} does not speak ${wanted}; it offers ${offered}`,
  explanation: `Both sides of a connection say which versions of OpenFlow they speak. The program was compiled for one that
the switch does not offer. Compile it for one that it does offer (\`--of 1.3\`), or allow ours on the bridge, keeping those
that are in use:

\`ovs-vsctl set bridge br0 protocols=OpenFlow13,OpenFlow15\``,
});

export const notOpenFlow = define<{ target: string; why: string }>({
  code: 'WBF7004',
  title: 'the answer is not OpenFlow',
  message: ({ target, why }) => `${target} does not answer in OpenFlow: ${why}`,
  explanation: `What came back over the connection are not the messages of OpenFlow that were to be expected. Is the target
the switch's OpenFlow socket (\`BRIDGE.mgmt\`)? \`db.sock\` is its database, \`*.ctl\` are for ovs-appctl.`,
});

export const noAnswer = define<{ target: string; seconds: number; waitingFor: string }>({
  code: 'WBF7005',
  title: 'the switch does not answer in time',
  message: ({ target, seconds, waitingFor }) =>
    `${target} gave no answer for ${seconds} s while we waited for ${waitingFor}`,
  explanation: `The connection stands, but the switch made no progress for as long as \`--timeout\` says.`,
});

export const noSwitchCalled = define<{ target: string; seconds: number; expected: string; callers: string }>({
  code: 'WBF7006',
  title: 'the right switch did not call',
  message: ({ target, seconds, expected, callers }) =>
    `${expected} did not call ${target} within ${seconds} s${callers === '' ? '' : `; ${callers} did, and was refused`}`,
  explanation: `With a \`ptcp:\` target we listen, and the switch calls. A switch is taken for the right one when the name of
its LOCAL port is that of the program's \`bridge\` block (or of \`--bridge\`), or when its datapath id is that of \`--dpid\`.

Tell the bridge where to call: \`ovs-vsctl set-controller br0 tcp:127.0.0.1:6653\`. Mind that the first controller of a
bridge makes Open vSwitch flush all its flows.`,
});

export const whichSwitch = define<{ target: string }>({
  code: 'WBF7007',
  title: 'which switch may call is not said',
  message: ({ target }) => `any switch could call ${target}, and nothing says which one is the right one`,
  explanation: `With a \`ptcp:\` target whoever calls first would get the program. State the bridge in the program
(\`bridge br0 { … }\`) or as \`--bridge br0\`, or the datapath id as \`--dpid 0x1\`.`,
});

export const refusedRequest = define<{ what: string; error: string }>({
  code: 'WBF7008',
  title: 'the switch refuses a request',
  message: ({ what, error }) => `the switch refuses ${what}: ${error}`,
  explanation: `Not one flow but the exchange itself was refused. \`wbfc explain\` takes the switch's error name.`,
});

export const connectionLost = define<{ target: string; during: string; why: string }>({
  code: 'WBF7009',
  title: 'the connection was lost before the commit',
  message: ({ target, during, why }) => `the connection to ${target} was lost ${during}: ${why}`,
  explanation: `All flows travel in one bundle, which a switch applies when it is told to commit and forgets when the connection
ends before. So the switch holds what it held.`,
});

/** `error` is null where the report names the switch's answer beside the message. */
export const refusedFlow = define<{ error: string | null }>({
  code: 'WBF7010',
  title: 'the switch refuses a flow',
  message: ({ error }) => `the switch refuses this flow${error === null ? '' : `: ${error}`}`,
  explanation: `The flow went to the switch in a bundle and was refused, so the whole bundle was discarded: the switch holds
what it held. If the compiler could have known, that is a mistake of the compiler: please report it.`,
});

export const foreignFlow = define<{ cookie: string; table: number; priority: number }>({
  code: 'WBF7011',
  title: 'a flow of somebody else has the same match',
  message: ({ cookie, table, priority }) =>
    `a flow that is not ours (cookie ${cookie}) has the same match and priority ${priority} in table ${table}`,
  explanation: `To a switch, table, match and priority are a flow's identity: adding ours would take the other one over without a
word. A flow is ours when its cookie lies in the program's cookie space, or is the one that our flow states.

Change the match or the priority, remove the other flow, or take it over with \`--adopt\`.`,
});

export const stillOld = define<{ target: string; why: string }>({
  code: 'WBF7013',
  title: 'the connection was lost at the commit; the switch holds the old program',
  message: ({ target, why }) =>
    `the connection to ${target} was lost at the commit (${why}), and the switch still holds the old program`,
  explanation: `The commit was sent, but its answer never came. We connected again, looked, and found the flows that were there
before. Push again.`,
});

export const unknownOutcome = define<{ target: string; why: string; found: string }>({
  code: 'WBF7014',
  title: 'it is not known whether the program was installed',
  message: ({ target, why, found }) =>
    `the connection to ${target} was lost at the commit (${why}), and ${found}`,
  explanation: `The commit was sent, but its answer never came, and looking at the switch did not settle whether it holds the
old program or the new one. As the bundle is atomic it is never a mixture, unless somebody else writes to the switch too.
Push again: that settles it.`,
});

export const interrupted = define<{ target: string }>({
  code: 'WBF7015',
  title: 'interrupted',
  message: ({ target }) => `interrupted before the commit; ${target} is as it was`,
  explanation: `The bundle was discarded before it was committed, so the switch holds what it held.`,
});

export const badTarget = define<{ target: string; why: string }>({
  code: 'WBF7016',
  title: 'a target that cannot be understood',
  message: ({ target, why }) => `'${target}' is no target: ${why}`,
  explanation: `A target is one of

- \`unix:/path\`, the management socket of a bridge (\`/var/run/openvswitch/br0.mgmt\`),
- \`tcp:host[:port]\`, where a switch listens; \`tcp:[::1]:6653\` for IPv6; the port is 6653 unless said,
- \`ptcp:port[:address]\`: we listen, on 127.0.0.1 unless said, and the switch calls.`,
});

export const pushFailed = define<{ why: string }>({
  code: 'WBF7017',
  title: 'the push failed for a reason of our own',
  message: ({ why }) => `the push failed: ${why}`,
  explanation: `This is a mistake of wbfc: please report it, with the message.`,
});

export const wrongSwitch = define<{ target: string; found: string; expected: string }>({
  code: 'WBF7018',
  title: 'another switch than the one that was meant',
  message: ({ target, found, expected }) =>
    `at ${target} is ${found}; the push is for ${expected}, so nothing was sent`,
  explanation: `The switch says who it is, and it must be the one that is meant: the name of its LOCAL port must be that of
\`--bridge\`, and its datapath id that of \`--dpid\`. Where neither is said, the name must be that of the program's \`bridge\`
block, if it has one. \`--bridge NAME\` pushes a program to a bridge of another name.`,
});

export const noBundles = define<{ version: string }>({
  code: 'WBF7019',
  title: 'a push in a version of OpenFlow that has no bundles',
  message: ({ version }) => `a program cannot be pushed in OpenFlow ${version}: bundles came with 1.3`,
  explanation: `A push is one bundle, which a switch carries out as a whole or not at all. OpenFlow 1.4 and 1.5 have bundles, 1.3
has them as an extension of the ONF that Open vSwitch speaks. For an older version \`wbfc build\` writes a script, which is
not atomic.`,
});

/** `error` is null where the report names the switch's answer beside the message. */
export const refusedGroup = define<{ error: string | null }>({
  code: 'WBF7020',
  title: 'the switch refuses a group',
  message: ({ error }) => `the switch refuses this group${error === null ? '' : `: ${error}`}`,
  explanation: `The group went to the switch in a bundle, before the flows, and was refused, so the whole bundle was discarded:
the switch holds what it held. A switch judges a group as a whole and does not say which bucket it was.`,
});

export const refusedMeter = define<{ error: string | null }>({
  code: 'WBF7021',
  title: 'the switch refuses a meter',
  message: ({ error }) => `the switch refuses this meter${error === null ? '' : `: ${error}`}`,
  explanation: `Meters are added before the flows, and this one was refused, so no flow was sent: the switch holds the program that
it held. Which meters there can be is up to the datapath: \`ovs-ofctl -O OpenFlow15 meter-features br0\` says how many, how
many bands each may have, and which types of band. The userspace datapath of Open vSwitch 3.1 has \`drop\` alone.`,
});

export const refusedTlv = define<{ error: string | null }>({
  code: 'WBF7022',
  title: 'the switch refuses options for tunnel metadata',
  message: ({ error }) =>
    `the switch refuses to add these options to its map${error === null ? '' : `: ${error}`}`,
  explanation: `The fields tun_metadata0 to tun_metadata63 get their meaning from a map that a bridge has once for everybody. The
options that it lacks are added before the flows, and were refused together, so no flow was sent: the switch holds the
program that it held. All options together may have 256 bytes.`,
});

export const tlvConflict = define<{ wanted: string; existing: string }>({
  code: 'WBF7023',
  title: 'the switch maps tunnel metadata otherwise',
  message: ({ wanted, existing }) => `the switch has ${existing}, which contradicts ${wanted}`,
  explanation: `The fields tun_metadata0 to tun_metadata63 get their meaning from a map that a bridge has once for everybody. A push
only ever adds to it, as flows of others may use what is there. An option can be mapped once, and a field has one option.

Use the field that the switch has for the option, or another one; or, when nobody uses the old entry, delete it with
\`ovs-ofctl del-tlv-map\`.`,
});

export const usedByOthers = define<{ what: string; id: number; by: string }>({
  code: 'WBF7024',
  title: 'what is to be deleted is in use by somebody else',
  message: ({ what, id, by }) => `${what} ${id}, which is to be deleted, is used by ${by}`,
  explanation: `Groups and meters in the ranges that a program states as its own are deleted when the program has none with their
id. A meter that has changed gets another id, and the one with the old id is deleted too. But a switch deletes a group or a meter together with every flow that uses it, whosever it is, and a bucket that sends
to a group that is gone drops its packets.

Remove the other's flow, take its id out of the ranges (\`groups = …\`, \`meters = …\`), or let the other's flows go with
\`--adopt\`.`,
});

export const foreignGroup = define<{ id: number }>({
  code: 'WBF7025',
  title: 'a group with the same id is there already',
  message: ({ id }) => `the switch has another group ${id}, and nothing says that it is ours`,
  explanation: `Groups have no cookie: whose they are can only be said by their ids. Without a range of ids that the program states
as its own, a group of the switch that is not just as the program wants it may be somebody else's.

State the ids that are the program's: \`program p { groups = 4096-8191 }\`. Groups in that range are changed and deleted as
the program says. Or choose another id, or take the group over with \`--adopt\`.`,
});

export const noMeterId = define<{ name: string; ranges: string }>({
  code: 'WBF7026',
  title: 'no id is left for a meter',
  message: ({ name, ranges }) =>
    ranges === ''
      ? `the switch has another meter with the id of ${name}`
      : `no id is left for meter ${name}: all of ${ranges} are in use`,
  explanation: `Changing a meter would change what the flows do that are on the switch, before the new ones are. So a meter that
differs from the one on the switch gets another id, out of the range that the program states as its own, and the old one
is deleted when the new flows are there. Such a range needs room for one more meter than the program has, or for as many
again where all of them may change at once.

State such a range, or widen it: \`program p { meters = 100-199 }\`. Meters in it that the program does not have are deleted.`,
});

export const meterTaken = define<{ id: number }>({
  code: 'WBF7027',
  title: 'the id of a meter is taken',
  message: ({ id }) => `another meter on the switch has the id ${id}`,
  explanation: `The ids of meters are chosen when the program meets the switch, and this one has been used by somebody else since.
Push again.`,
});

export const groupTooLong = define<{ bytes: number; limit: number }>({
  code: 'WBF7028',
  title: 'a group too large for a message',
  message: ({ bytes, limit }) =>
    `this group needs a message of ${bytes} bytes, and ${limit} fit into one of a bundle`,
  explanation: `The length of a message is a number of 16 bits. Split the group: a bucket may send to another group.`,
});
