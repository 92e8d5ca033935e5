/**
 * One bundle: all flows and groups or none. Open vSwitch drops a message that it refuses from the bundle and would commit the
 * others, so the commit is sent only when a barrier after the last message has brought no error.
 */
import {
  BUNDLE,
  bundleAddOverhead,
  bundleControl,
  bundleReplyTo,
  deleteCookies,
  impossibleFlow,
  writeBundleAdd,
} from './wire.ts';
import type { DecodedError } from '../openflow/errors.ts';
import type { Work } from './compare.ts';
import { groupDelete, groupMod } from './config-wire.ts';
import type { Connection } from './connection.ts';
import type { Refusal } from './finding.ts';
import { barrier } from './orders.ts';
import type { PlanFlows } from './plan.ts';
import { PushError } from './problem.ts';
import { refusal } from './refusal.ts';

/** Flow `i` travels with the transaction id FLOW_XID + i; requests have smaller ones. */
export const FLOW_XID = 0x0100_0000;
/** Group `i` with GROUP_XID + i. */
const GROUP_XID = 0x0080_0000;

/** Flows between two barriers, and so the most that a switch may have unread. */
const WINDOW = 4096;
const CHUNK = 128 * 1024;

/** Errors of the bundle as a whole, which a switch gives for each message once it has one. */
const ABOUT_ONE_MESSAGE: ReadonlySet<string> = new Set([
  'OFPBFC_MSG_BAD_LEN',
  'OFPBFC_MSG_BAD_XID',
  'OFPBFC_MSG_UNSUP',
  'OFPBFC_MSG_CONFLICT',
]);

function isAboutBundle(error: DecodedError): boolean {
  return error.names.some(
    (name) => (name.startsWith('OFPBFC_') && !ABOUT_ONE_MESSAGE.has(name)) || name === 'OFPBRC_IS_SECONDARY',
  );
}

export interface BundleHooks {
  /** So many flows are with the switch, in messages that it has answered. */
  readonly onAdded: (flows: number) => void;
  readonly onCommit: () => void;
}

export type BundleResult =
  | { readonly kind: 'committed' }
  /** Nothing is installed. `atCommit`: found by the commit, which stops at the first. */
  | {
      readonly kind: 'refused';
      readonly atCommit: boolean;
      readonly errors: readonly Refusal[];
      readonly other: PushError | null;
    }
  /** The commit failed on the message that was there to make it fail: nothing else is wrong. */
  | { readonly kind: 'rehearsed' };

export interface BundleOptions {
  /** What is to be done beside adding flows. */
  readonly work: Pick<Work, 'deletions' | 'groups'>;
  /** Flows to leave out, because they are known to be wrong. */
  readonly skip: ReadonlySet<number>;
  /** End with a message that makes the commit fail: to find what else a commit would refuse. */
  readonly rehearse: boolean;
}

let lastId = 0;

export async function sendBundle(
  connection: Connection,
  flows: PlanFlows,
  hooks: BundleHooks,
  options: BundleOptions,
): Promise<BundleResult> {
  const version = connection.agreed;
  const id = (lastId = (lastId + 1) >>> 0);
  const complaints = new Complaints(flows);
  connection.onError = (xid, error) => complaints.add(xid, error);
  const control = (type: number, what: string): Promise<PushError | null> =>
    connection.request<PushError | null>(
      what,
      bundleControl(version, connection.nextXid(), id, type),
      (m) => (bundleReplyTo(version, m, id) === type ? null : undefined),
      { onError: (error) => refusal(what, error) },
    );
  const inBundle = (m: Buffer, xid: number): Buffer => {
    m.writeUInt32BE(xid, 4);
    const head = Buffer.alloc(bundleAddOverhead(version));
    writeBundleAdd(version, head, 0, m.length, xid, id);
    return Buffer.concat([head, m]);
  };
  const own = async (m: Buffer, what: string): Promise<void> => {
    const xid = connection.nextXid();
    complaints.others.set(xid, what);
    await connection.send(inBundle(m, xid));
  };

  connection.phase = 'before the commit';
  await control(BUNDLE.open, 'to open a bundle');
  const { deletions, groups } = options.work;
  // A flow cannot come before its group, and takes its leave with it.
  for (const { index, command } of groups.mods) {
    const group = flows.plan.groups[index];
    const xid = GROUP_XID + index;
    if (group !== undefined) await connection.send(inBundle(groupMod(group, command, xid), xid));
  }
  for (const space of deletions) await own(deleteCookies(version, space), 'the deletion of the old flows');
  await sendFlows(connection, flows, id, options.skip, hooks);
  // Nothing that can fail may come behind them: Open vSwitch 3.1 dies (of an assertion in ofproto_rule_insert__) when it
  // has to take back the deletion of a group that a flow uses.
  if (options.rehearse) await own(impossibleFlow(version), REHEARSAL);
  else
    for (const group of groups.deletes)
      await own(groupDelete(version, group, 0), `the deletion of group ${group}`);
  await barrier(connection, READ);
  hooks.onAdded(flows.count);
  if (!complaints.none) {
    await control(BUNDLE.discard, 'to discard the bundle').catch(() => undefined);
    return complaints.result(false);
  }

  if (!options.rehearse) {
    connection.phase = 'at the commit';
    hooks.onCommit();
  }
  try {
    await control(BUNDLE.commit, 'the commit of the bundle');
    return { kind: 'committed' };
  } catch (error) {
    // The connection stands, so the switch has said no; which flow it was has come before.
    if (connection.ended !== null || !(error instanceof PushError)) throw error;
    return complaints.onlyRehearsal ? { kind: 'rehearsed' } : complaints.result(true, error);
  }
}

const REHEARSAL = 'a message that must fail';
const READ = 'the switch to have read the flows';

/** What the switch has against the messages of a bundle. */
class Complaints {
  /** What our own messages are, by transaction id. */
  readonly others = new Map<number, string>();
  private readonly flows: PlanFlows;
  private readonly byMessage = new Map<number, Refusal>();
  private other: PushError | null = null;
  private rehearsal = false;

  constructor(flows: PlanFlows) {
    this.flows = flows;
  }

  add(xid: number, error: DecodedError): void {
    const of = this.messageOf(xid);
    if (of !== null && !isAboutBundle(error)) {
      const { names, type, code } = error;
      if (!this.byMessage.has(xid)) this.byMessage.set(xid, { ...of, names, type, code });
      return;
    }
    const what = this.others.get(xid) ?? 'the bundle';
    if (what === REHEARSAL) this.rehearsal = true;
    this.other ??= refusal(what, error);
  }

  private messageOf(xid: number): Pick<Refusal, 'part' | 'index'> | null {
    const flow = xid - FLOW_XID;
    if (flow >= 0) return flow < this.flows.count ? { part: 'flow', index: flow } : null;
    const group = xid - GROUP_XID;
    return group >= 0 && group < this.flows.plan.groups.length ? { part: 'group', index: group } : null;
  }

  get none(): boolean {
    return this.byMessage.size === 0 && this.other === null;
  }

  get onlyRehearsal(): boolean {
    return this.rehearsal && this.byMessage.size === 0;
  }

  /** Where flows or groups are at fault, the rest is a consequence. */
  result(atCommit: boolean, otherwise: PushError | null = null): BundleResult {
    const errors = [...this.byMessage.values()].sort((a, b) => a.index - b.index);
    return { kind: 'refused', atCommit, errors, other: errors.length > 0 ? null : (this.other ?? otherwise) };
  }
}

async function sendFlows(
  connection: Connection,
  flows: PlanFlows,
  id: number,
  skip: ReadonlySet<number>,
  hooks: BundleHooks,
): Promise<void> {
  const version = connection.agreed;
  const overhead = bundleAddOverhead(version);
  let chunk = Buffer.allocUnsafe(CHUNK);
  let used = 0;
  let sinceBarrier = 0;
  let pending: { done: Promise<void>; flows: number } | null = null;
  const flush = async (): Promise<void> => {
    if (used > 0) await connection.send(chunk.subarray(0, used));
    // The socket keeps what it has not sent, so the next flows need a buffer of their own.
    chunk = Buffer.allocUnsafe(CHUNK);
    used = 0;
  };
  for (let i = 0; i < flows.count; i++) {
    if (skip.has(i)) continue;
    const length = flows.length(i);
    if (used + overhead + length > CHUNK) await flush();
    const xid = FLOW_XID + i;
    writeBundleAdd(version, chunk, used, length, xid, id);
    flows.bytes.copy(chunk, used + overhead, flows.start(i), flows.start(i) + length);
    chunk.writeUInt32BE(xid, used + overhead + 4);
    used += overhead + length;
    if (++sinceBarrier === WINDOW) {
      sinceBarrier = 0;
      await flush();
      // One window is on its way while the one before it is waited for.
      if (pending !== null) {
        await pending.done;
        hooks.onAdded(pending.flows);
      }
      pending = { done: barrier(connection, READ), flows: i + 1 };
      // If the sending fails first, nobody waits for this one.
      pending.done.catch(() => undefined);
    }
  }
  await flush();
  await pending?.done;
}
