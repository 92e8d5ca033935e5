// What we say of a flow, what the switch says of it, and what ovs-ofctl makes of it.
import type { Diagnostic } from '../../src/diagnostics/types.ts';
import { encodeFlowMod } from '../../src/emit/wire/flow-mod.ts';
import { ByteWriter } from '../../src/ir/bytes.ts';
import { matchOrder } from '../../src/ir/oxm.ts';
import type { FlowMod, Instructions, MatchField } from '../../src/ir/types.ts';
import { compile } from '../../src/project/compile.ts';
import { captureAddFlows } from '../lab/proxy.ts';
import { flowLines, startSwitch, type Lab } from '../lab/switch.ts';
import { message } from '../lab/openflow.ts';
import { errorNames, openWire, sendFlowMods } from '../lab/wire.ts';

export const NOTHING: Instructions = {
  apply: [],
  clear: false,
  write: null,
  writeMetadata: null,
  goto: null,
};

/** What the switch calls a flow that it takes. */
export const ACCEPTED = 'accepted';

export interface Verdict {
  readonly flow: FlowMod | null;
  readonly errors: readonly Diagnostic[];
  /** Codes. */
  readonly warnings: readonly string[];
  /** `accepted`, or the error names that we give (the code where there is none), in order of place. */
  readonly says: string;
}

/** A flow in the source language. */
export interface Source {
  readonly match: string;
  readonly action?: string;
  /** `priority = 5` and the like. */
  readonly attributes?: string;
  /** Default 1; table 5 (`acl`) and 7 (`last`) can be gone to. */
  readonly table?: number;
}

function program({ match, action = 'drop', attributes = '', table = 1 }: Source): string {
  return `table here = ${table} { miss = drop; flow f { ${attributes}; match { ${match} } action { ${action} } } }
table acl = 5 { miss = drop }
table last = 7 { miss = drop }
group g1 = 1
meter m1 = 1
meter m9 = 9
`;
}

export function judge(source: Source): Verdict {
  const verdict = judgeAsIs(source);
  // A packet that comes back for ever is our concern, and none of the switch's.
  if (!verdict.errors.some(({ code }) => code === ENDLESS)) return verdict;
  return judgeAsIs({ ...source, attributes: `${source.attributes ?? ''}; allow = ${ENDLESS}` });
}

/** A loop without an end. */
const ENDLESS = 'WBF5607';

function judgeAsIs(source: Source): Verdict {
  const { diagnostics, program: ir } = compile({ path: 'conformance.wbf', text: program(source) });
  const errors = diagnostics.filter((d) => d.severity === 'error');
  const flow = ir === null ? null : ([...ir.flows].find((f) => f.name === 'here.f') ?? null);
  const says = errors.length === 0 ? ACCEPTED : errors.map((d) => d.switchError ?? d.code).join(', ');
  const warnings = diagnostics.filter((d) => d.severity === 'warning').map((d) => d.code);
  return { flow, errors, warnings, says };
}

/** The flow that a source compiles to; throws with what is wrong with it. */
export function flowOf(source: Source): FlowMod {
  const { flow, errors } = judge(source);
  if (flow === null)
    throw new Error(`${source.match}: ${errors.map((d) => `${d.code} ${d.message}`).join('; ')}`);
  return flow;
}

/** A flow made by hand, so that nothing has checked it. Its terms are sorted as they are sent. */
export function unchecked(match: readonly MatchField[], instructions: Partial<Instructions> = {}): FlowMod {
  return {
    table: 1,
    priority: 1,
    cookie: 0n,
    idleTimeout: 0,
    hardTimeout: 0,
    importance: 0,
    flags: 0,
    match: matchOrder(match),
    instructions: { ...NOTHING, ...instructions },
    name: null,
    origin: { file: 0, start: 0, end: 0 },
  };
}

export function bytesOf(flow: FlowMod): Buffer {
  const writer = new ByteWriter();
  encodeFlowMod(flow, writer, 0);
  return Buffer.from(writer.take());
}

/** The OXM match in a FLOW_MOD of OpenFlow 1.5, in hexadecimal, without its header and padding. */
export function matchOf(message: Buffer): string {
  return message.subarray(52, 48 + message.readUInt16BE(50)).toString('hex');
}

/** The instructions in it. */
export function instructionsOf(message: Buffer): string {
  const match = message.readUInt16BE(50);
  return message.subarray(48 + Math.ceil(match / 8) * 8).toString('hex');
}

/** Other bytes in the place of a FLOW_MOD's match. */
export function withMatch(message: Buffer, tlvs: Buffer): Buffer {
  const match = Buffer.alloc(Math.ceil((4 + tlvs.length) / 8) * 8);
  match.writeUInt16BE(1, 0);
  match.writeUInt16BE(4 + tlvs.length, 2);
  tlvs.copy(match, 4);
  const rest = message.subarray(48 + Math.ceil(message.readUInt16BE(50) / 8) * 8);
  return withLength(Buffer.concat([message.subarray(0, 48), match, rest]));
}

export function withLength(message: Buffer): Buffer {
  const copy = Buffer.from(message);
  copy.writeUInt16BE(copy.length, 2);
  return copy;
}

/** A dummy switch with a bridge br0, that has ports 1 to 4, group 1 and meter 1. */
export async function startBench(): Promise<Lab> {
  const lab = await startSwitch({ dummy: true });
  await lab.addBridge('br0', { dummyPorts: 4 });
  const set = (...args: string[]): Promise<unknown> =>
    lab.ofctl('-O', 'OpenFlow15', ...args, { check: true });
  await set('add-group', 'br0', 'group_id=1,type=all,bucket=actions=output:1');
  await set('add-meter', 'br0', 'meter=1,kbps,band=type=drop,rate=1');
  return lab;
}

/** What the switch says to each message, sent over one connection: `accepted` or the name of its error. */
export async function answers(lab: Lab, bridge: string, messages: readonly Buffer[]): Promise<string[]> {
  const errors = await sendFlowMods(lab.mgmt(bridge), messages);
  const names = await errorNames(lab, errors);
  if (names.length !== errors.length) throw new Error('an error without a name');
  const said = messages.map(() => ACCEPTED);
  errors.forEach((e, i) => {
    said[e.index] = names[i]!;
  });
  return said;
}

/** Messages with priorities by which `dumped` finds them again. */
export function numbered(messages: readonly Buffer[]): Buffer[] {
  return messages.map((m, i) => {
    const copy = Buffer.from(m);
    copy.writeUInt16BE(i + 1, 30);
    return copy;
  });
}

/** What `dump-flows` prints for each of the messages that were numbered and sent; undefined where it has none. */
export async function dumped(lab: Lab, bridge: string, count: number): Promise<(string | undefined)[]> {
  const { stdout } = await lab.ofctl(
    ...['-O', 'OpenFlow15', '--no-stats', '--no-names', 'dump-flows', bridge],
    { check: true, timeout: 30_000 },
  );
  const lines = new Map(
    flowLines(stdout).map((line) => [Number(/\bpriority=(\d+)/.exec(line)?.[1] ?? 0x8000), line] as const),
  );
  return Array.from({ length: count }, (_, i) => lines.get(i + 1));
}

/** A flow as the switch itself describes it, in hexadecimal. */
export interface Described {
  /** The TLVs of its match. */
  readonly match: string;
  readonly instructions: string;
}

const OFPT_MULTIPART_REQUEST = 18;
const OFPT_MULTIPART_REPLY = 19;
const OFPMP_FLOW_DESC = 1;

/** The same from the bytes of the switch's answer, which ovs-ofctl does not print in full. */
export async function described(lab: Lab, bridge: string, count: number): Promise<(Described | undefined)[]> {
  const body = Buffer.alloc(8 + 40);
  body.writeUInt16BE(OFPMP_FLOW_DESC, 0);
  body[8] = 0xff; // all tables
  body.writeUInt32BE(0xffffffff, 12); // any port
  body.writeUInt32BE(0xffffffff, 16); // any group
  body.writeUInt16BE(1, 40); // an OXM match …
  body.writeUInt16BE(4, 42); // … of nothing
  const client = await openWire(lab.mgmt(bridge));
  const found = new Map<number, Described>();
  try {
    const replies = await client.request(message(6, OFPT_MULTIPART_REQUEST, client.xid(), body), 30_000);
    for (const reply of replies) {
      if (reply[1] !== OFPT_MULTIPART_REPLY) throw new Error(`no description: ${reply.toString('hex')}`);
      for (let at = 16; at < reply.length; at += reply.readUInt16BE(at)) {
        const desc = reply.subarray(at, at + reply.readUInt16BE(at));
        const match = desc.readUInt16BE(26);
        const stats = 24 + Math.ceil(match / 8) * 8;
        found.set(desc.readUInt16BE(6), {
          match: desc.subarray(28, 24 + match).toString('hex'),
          instructions: desc
            .subarray(stats + Math.ceil(desc.readUInt16BE(stats + 2) / 8) * 8)
            .toString('hex'),
        });
      }
    }
  } finally {
    client.close();
  }
  return Array.from({ length: count }, (_, i) => found.get(i + 1));
}

export async function clear(lab: Lab, bridge: string): Promise<void> {
  await lab.ofctl('-O', 'OpenFlow15', 'del-flows', bridge, { check: true });
}

/**
 * The FLOW_MODs that ovs-ofctl would send for lines of text, in a bundle; they do not reach the bridge. In the place
 * of a line that it refuses stands why.
 */
export async function ofctlMessages(
  lab: Lab,
  bridge: string,
  lines: readonly string[],
): Promise<(Buffer | string)[]> {
  const refused = new Map<number, string>();
  for (;;) {
    const kept = lines.map((line, i) => (refused.has(i) ? '# refused' : line));
    try {
      const sent = await captureAddFlows(lab, bridge, `${kept.join('\n')}\n`, {
        bundle: true,
        install: false,
      });
      if (sent.length !== lines.length - refused.size)
        throw new Error(`${lines.length - refused.size} lines, ${sent.length} messages`);
      let next = 0;
      return lines.map((_, i) => refused.get(i) ?? sent[next++]!);
    } catch (error) {
      const [, line, why] = /-:(\d+): (.*)/.exec(error instanceof Error ? error.message : '') ?? [];
      if (line === undefined || why === undefined) throw error;
      refused.set(Number(line) - 1, why);
    }
  }
}

/** How far a flow gets. */
export type Outcome =
  /** Installed, described by the switch and printed by ovs-ofctl, all with the same meaning. */
  | 'kept'
  /** The switch describes it as it was sent; what ovs-ofctl prints is something else, or cannot be read again. */
  | 'printed otherwise'
  /** The switch's own description has other bytes. */
  | 'described otherwise'
  | `the switch answers ${string}`
  | `we answer ${string}`;

export interface Exception {
  /** The keys of what it is about. */
  readonly of: readonly string[];
  readonly outcome: Exclude<Outcome, 'kept'>;
  readonly reason: string;
}

export interface Case extends Source {
  /** Cases with one key must come to the same outcome. */
  readonly key: string;
}

export type Tried<C extends Case> = C & {
  readonly outcome: Outcome;
  /** Null where we refuse it. */
  readonly flow: FlowMod | null;
};

/** Compiles the cases, installs what we accept, and compares what comes back: of its matches or its instructions. */
export async function tryAll<C extends Case>(
  lab: Lab,
  cases: readonly C[],
  part: keyof Described,
): Promise<Tried<C>[]> {
  const judged = cases.map((c) => ({ c, ...judge(c) }));
  const messages = judged.flatMap(({ flow }) => (flow === null ? [] : [bytesOf(flow)]));
  const found = await outcomesOf(lab, 'br0', messages, part);
  let next = 0;
  return judged.map(({ c, flow, says }) => ({
    ...c,
    flow,
    outcome: flow === null ? `we answer ${says}` : found[next++]!,
  }));
}

/** Installs messages, and compares what the switch describes and ovs-ofctl prints with what was sent. */
export async function outcomesOf(
  lab: Lab,
  bridge: string,
  sent: readonly Buffer[],
  part: keyof Described,
): Promise<Outcome[]> {
  const of = part === 'match' ? matchOf : instructionsOf;
  const messages = numbered(sent);
  const said = await answers(lab, bridge, messages);
  const descriptions = await described(lab, bridge, messages.length);
  const lines = await dumped(lab, bridge, messages.length);
  await clear(lab, bridge);
  const printed = await ofctlMessages(
    lab,
    bridge,
    lines.map((line) => line ?? '# none'),
  );
  return messages.map((m, i): Outcome => {
    if (said[i] !== ACCEPTED) return `the switch answers ${said[i]!}`;
    if (descriptions[i]?.[part] !== of(m)) return 'described otherwise';
    const again = printed[i]!;
    return typeof again !== 'string' && of(again) === of(m) ? 'kept' : 'printed otherwise';
  });
}

/** `key: outcome` of what is not kept, sorted. */
export function lossesOf(tried: readonly Tried<Case>[]): string[] {
  const found = tried.filter((t) => t.outcome !== 'kept').map((t) => `${t.key}: ${t.outcome}`);
  return [...new Set(found)].sort();
}

/** The same as it is expected. */
export function expectedLosses(exceptions: readonly Exception[]): string[] {
  return exceptions.flatMap(({ of, outcome }) => of.map((key) => `${key}: ${outcome}`)).sort();
}

/** What we and the switch say of one flow. */
export interface Verdicts {
  readonly flow: string;
  readonly ours: string;
  readonly switch: string;
}

/** The sources as we judge them, and unchecked messages as the switch does. */
export async function verdicts(
  lab: Lab,
  rows: readonly { readonly source: Source; readonly message: Buffer }[],
): Promise<Verdicts[]> {
  const said = await answers(
    lab,
    'br0',
    rows.map((r) => r.message),
  );
  await clear(lab, 'br0');
  return rows.map(({ source }, i) => ({
    flow: source.action === undefined ? source.match : `${source.match} => ${source.action}`,
    ours: judge(source).says,
    switch: said[i]!,
  }));
}

export const disagreements = (rows: readonly Verdicts[]): Verdicts[] =>
  rows.filter((r) => r.ours !== r.switch);
