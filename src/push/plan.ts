/** What a push is given: bytes, so that a hundred thousand flows need no object each. */
import type { CookieSpace, IdRange, Origin, TlvMapping } from '../ir/types.ts';
import type { OpenFlowVersion } from '../openflow/types.ts';
import { flowKey } from './flow-key.ts';
import { FLOW_MOD, HEADER } from './wire.ts';

/** A group to be: its GROUP_MOD with OFPGC_ADD, whose transaction id and command are set by the push. */
export interface WireGroup {
  readonly id: number;
  readonly name: string;
  readonly message: Uint8Array;
}

/** A meter to be: its METER_MOD with OFPMC_ADD, whose transaction id is set by the push. */
export interface WireMeter {
  readonly id: number;
  readonly name: string;
  readonly message: Uint8Array;
}

/** An option of Geneve for tun_metadataN, N being `index`. */
export type WireTlv = TlvMapping;
/** One that a switch has. */
export type Tlv = Omit<TlvMapping, 'origin'>;

/** What a switch has to be asked for before a program that names ports or meters gets its numbers. */
export interface BindingRequest {
  readonly version: OpenFlowVersion;
  /** The name in the program's `bridge` block. */
  readonly bridgeName: string | null;
  readonly meters: readonly WireMeter[];
  /** The meters that are ours: those that the program does not have are deleted. */
  readonly meterIds: readonly IdRange[];
}

/** What a plan has beside flows. */
export type Part = 'group' | 'meter' | 'tlv';

/** Where the `i`-th group, meter or option stands in the source. */
export interface PartOrigins {
  readonly originOf: (part: Part, i: number) => Origin;
}

/** The part of a plan that goes to the switch; plain data, it crosses to the connection's thread. */
export interface WirePlan extends BindingRequest {
  readonly flowCount: number;
  /** OFPT_FLOW_MOD messages, as src/emit makes them; their transaction ids are set by the push. */
  readonly messages: Uint8Array;
  /** Where each begins; it ends where the next begins, the last at the end of `messages` (or at `offsets[flowCount]`). */
  readonly offsets: Uint32Array;
  /** The flows that are ours: all of them are replaced. */
  readonly cookies: CookieSpace;
  /** A group that another one uses before it. */
  readonly groups: readonly WireGroup[];
  /** The groups that are ours: those that the program does not have are deleted. */
  readonly groupIds: readonly IdRange[];
  readonly tlvs: readonly WireTlv[];
}

export interface PushPlan extends WirePlan, PartOrigins {
  /** Where flow `i` stands in the source; asked for only when there is something to say about it. */
  readonly origin: (i: number) => Origin;
}

/** OFPFF_SEND_FLOW_REM, OFPFF_NO_PKT_COUNTS and OFPFF_NO_BYT_COUNTS: those that a switch remembers. */
const KEPT_FLAGS = 1 | 8 | 16;

/** `timeouts`: the idle one above the hard one, as they stand in messages. */
export function flowContent(
  timeouts: number,
  flags: number,
  importance: number,
  instructions: Buffer,
): string {
  return `${timeouts} ${flags & KEPT_FLAGS} ${importance} ${instructions.toString('latin1')}`;
}

/** A plan's flows with ease. */
export class PlanFlows {
  readonly plan: WirePlan;
  readonly bytes: Buffer;

  constructor(plan: WirePlan) {
    this.plan = plan;
    this.bytes = Buffer.from(plan.messages.buffer, plan.messages.byteOffset, plan.messages.byteLength);
  }

  get count(): number {
    return this.plan.flowCount;
  }

  start(i: number): number {
    return this.plan.offsets[i] ?? this.bytes.length;
  }

  length(i: number): number {
    return this.start(i + 1) - this.start(i);
  }

  /** Is it long enough to be looked into? (Tests send what is not.) */
  isWhole(i: number): boolean {
    const length = this.length(i);
    return length >= FLOW_MOD.match + 8 && this.matchLength(i) <= length - FLOW_MOD.match;
  }

  private matchLength(i: number): number {
    return this.bytes.readUInt16BE(this.start(i) + FLOW_MOD.match + 2);
  }

  cookie(i: number): bigint {
    return this.bytes.readBigUInt64BE(this.start(i) + FLOW_MOD.cookie);
  }

  key(i: number): string {
    const at = this.start(i);
    const table = this.bytes.readUInt8(at + FLOW_MOD.table);
    return flowKey(table, this.bytes.readUInt16BE(at + FLOW_MOD.priority), this.bytes, at + FLOW_MOD.match);
  }

  /** What the flow is beside its key and cookie, in the form of `SeenFlow.content`. */
  content(i: number): string {
    const at = this.start(i);
    const { bytes } = this;
    return flowContent(
      bytes.readUInt32BE(at + FLOW_MOD.idleTimeout),
      bytes.readUInt16BE(at + FLOW_MOD.flags),
      bytes.readUInt16BE(at + FLOW_MOD.flags + 2),
      this.instructions(i),
    );
  }

  instructions(i: number): Buffer {
    const at = this.start(i);
    const match = Math.ceil(this.matchLength(i) / 8) * 8;
    return this.bytes.subarray(at + FLOW_MOD.match + match, at + this.length(i));
  }

  hasTimeout(i: number): boolean {
    return this.bytes.readUInt32BE(this.start(i) + FLOW_MOD.idleTimeout) !== 0;
  }

  isOurs(cookie: bigint): boolean {
    return (cookie & this.plan.cookies.mask) === this.plan.cookies.value;
  }

  /**
   * Flows whose stated cookie lies outside of the space, by key: ours by statement, so no foreign ones. Cookie 0 states
   * nothing, as it is that of every flow that somebody added without thinking of cookies.
   */
  stated(): ReadonlyMap<string, bigint> {
    const all = new Map<string, bigint>();
    for (let i = 0; i < this.count; i++)
      if (this.isWhole(i) && this.cookie(i) !== 0n && !this.isOurs(this.cookie(i)))
        all.set(this.key(i), this.cookie(i));
    return all;
  }
}

/** The reason why a plan cannot be one; null when it can. */
export function wrongPlan(plan: WirePlan): string | null {
  const { offsets, messages, flowCount } = plan;
  if (offsets.length < flowCount) return `${flowCount} flows, but ${offsets.length} offsets`;
  for (let i = 0; i < flowCount; i++) {
    const start = offsets[i] ?? 0;
    const end = offsets[i + 1] ?? messages.length;
    if (end - start < HEADER || end > messages.length) return `flow ${i} lies at ${start}-${end}`;
  }
  for (const { id, message } of [...plan.groups, ...plan.meters])
    if (message.length < 16) return `the message of ${id} has ${message.length} bytes`;
  return null;
}
