/**
 * The intermediate representation: the flat, canonical, fully typed list of flows. The only thing that an
 * emitter, a differ or a simulator ever sees.
 */
import type { FieldName } from '../openflow/fields.ts';
import type { OpenFlowVersion } from '../openflow/types.ts';
import type { Action, SubfieldRef } from './actions.ts';

export type * from './actions.ts';

/** Where a flow (or a part of it) stands in the source. */
export interface Origin {
  /** Index into the program's list of files. */
  readonly file: number;
  /** UTF-16 offset of the first character. */
  readonly start: number;
  /** UTF-16 offset behind the last character. */
  readonly end: number;
}

/**
 * One term of a match. `value` and `mask` are as they stand on the wire of OpenFlow 1.5 (`vlan_vid = 10` is
 * 0x100a); `mask` null is an exact match, and bits outside a mask are 0 in the value.
 */
export interface MatchField {
  readonly field: FieldName;
  readonly value: bigint;
  readonly mask: bigint | null;
}

/** OFPFF_* bits of a flow_mod (OpenFlow 1.5.1 §7.3.4.2). */
export const FLOW_FLAGS = {
  send_flow_rem: 1 << 0,
  check_overlap: 1 << 1,
  reset_counts: 1 << 2,
  no_packet_counts: 1 << 3,
  no_byte_counts: 1 << 4,
} as const;

/** What a flow does, in the order in which a switch executes instructions (OpenFlow 1.5.1 §5.5). */
export interface Instructions {
  /** The apply_actions list; empty together with everything else is `drop`. */
  readonly apply: readonly Action[];
  readonly clear: boolean;
  /** The write_actions list; null where there is none. */
  readonly write: readonly Action[] | null;
  readonly writeMetadata: { readonly value: bigint; readonly mask: bigint | null } | null;
  readonly goto: number | null;
}

/** One flow as it goes to the switch. */
export interface FlowMod {
  readonly table: number;
  readonly priority: number;
  readonly cookie: bigint;
  /** Seconds, 0 is never. */
  readonly idleTimeout: number;
  /** Seconds, 0 is never. */
  readonly hardTimeout: number;
  readonly importance: number;
  /** OFPFF_* bits, see `FLOW_FLAGS`. */
  readonly flags: number;
  /**
   * In the order in which OVS sends the fields; protocols as `eth_type` and `ip_proto`; generic names resolved;
   * no field twice. Registers are as the source has them (an encoder pairs them where its version needs it).
   */
  readonly match: readonly MatchField[];
  readonly instructions: Instructions;
  /** `table.flow` as in the source, for comments and messages; an unnamed flow has none. */
  readonly name: string | null;
  readonly origin: Origin;
}

/** A set of cookies: those `c` with `(c & mask) === value`. */
export interface CookieSpace {
  readonly value: bigint;
  readonly mask: bigint;
}

/** A group (OpenFlow 1.5.1 §5.10). */
export interface GroupMod {
  readonly id: number;
  readonly type: 'all' | 'select' | 'indirect' | 'fast_failover';
  /** How a `select` group chooses; null leaves it to the switch. OpenFlow 1.5, by an extension of OVS. */
  readonly selection: {
    readonly method: 'hash' | 'dp_hash';
    readonly param: bigint;
    /** What is hashed, with the bits that count (null: all of them). */
    readonly fields: readonly { readonly field: FieldName; readonly mask: bigint | null }[];
  } | null;
  readonly buckets: readonly Bucket[];
  readonly name: string;
  readonly origin: Origin;
}

export interface Bucket {
  /** Of OpenFlow 1.5; its place in the list, unless stated. */
  readonly id: number;
  /** null where none is said: 1 in a `select` group, 0 elsewhere. */
  readonly weight: number | null;
  /** 32-bit number; null watches none. */
  readonly watchPort: number | null;
  readonly watchGroup: number | null;
  readonly actions: readonly Action[];
  readonly origin: Origin;
}

/** A meter (OpenFlow 1.5.1 §5.11). */
export interface MeterMod {
  readonly id: number;
  readonly unit: 'kbps' | 'pktps';
  readonly burst: boolean;
  readonly stats: boolean;
  readonly bands: readonly MeterBand[];
  readonly name: string;
  readonly origin: Origin;
}

export interface MeterBand {
  readonly type: 'drop' | 'dscp_remark';
  /** In the unit of the meter. */
  readonly rate: number;
  /** Kilobits or packets; 0 where none is said. */
  readonly burstSize: number;
  /** For dscp_remark: how much the drop precedence grows. */
  readonly precLevel: number;
}

/** An option of Geneve that a tun_metadata field stands for (ovs-fields(7), "Tunnel metadata"). */
export interface TlvMapping {
  readonly class: number;
  readonly type: number;
  /** Bytes, a multiple of 4 up to 124. */
  readonly length: number;
  /** N of tun_metadataN. */
  readonly index: number;
  readonly origin: Origin;
}

/** Numbers from `first` to `last`. */
export interface IdRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Numbers that the compiler gave rather than the source: what `wbf.lock` keeps, so that they stay where they are when a
 * program grows. Names are the unique ones of an expanded program (`lib/x.acl`).
 */
export interface Allocation {
  readonly tables: ReadonlyMap<string, number>;
  readonly registers: ReadonlyMap<string, SubfieldRef>;
  /** By the flow that needs it: its table, its name and its instance. */
  readonly conjunctions: ReadonlyMap<string, number>;
}

/** What is kept for each program, by its name: the content of a `wbf.lock`. */
export type Lock = ReadonlyMap<string, Allocation>;

export const NO_ALLOCATION: Allocation = {
  tables: new Map(),
  registers: new Map(),
  conjunctions: new Map(),
};

/** A flow of the source that has become several, because of sets or of several matches. */
export interface Expanded {
  /** As `FlowMod.name`. */
  readonly name: string | null;
  readonly origin: Origin;
  /** How many it is on the switch. */
  readonly flows: number;
  readonly method: 'cross' | 'conjunction' | 'alternatives';
  /** How many values each of its terms with several has. */
  readonly values: readonly number[];
}

/** A program, ready to emit. */
export interface ProgramIr {
  readonly name: string;
  /** The version of OpenFlow that it is for; all of its flows can be said in it. */
  readonly version: OpenFlowVersion;
  readonly cookies: CookieSpace;
  /** Those to create, a group that another one uses before it. Groups that are somebody else's are not among them. */
  readonly groups: readonly GroupMod[];
  /** The ids that are ours: groups of these that the program does not have are to be deleted. */
  readonly groupIds: readonly IdRange[];
  readonly meters: readonly MeterMod[];
  readonly meterIds: readonly IdRange[];
  readonly tlvs: readonly TlvMapping[];
  /**
   * Ports known by the name of their interface only, by the number that stands for each in the flows. Text has the
   * name in its place; bytes can be made when it is empty.
   */
  readonly unresolvedPorts: ReadonlyMap<number, string>;
  /** The registers that have a name, in the order of the source. */
  readonly registers: readonly { readonly name: string; readonly place: SubfieldRef }[];
  /** Which numbers, places and ids the compiler chose. */
  readonly given: Allocation;
  /** Flows of the source that are several on the switch. */
  readonly expansions: readonly Expanded[];
  /** Tables by number, for names in output where asked. */
  readonly tables: ReadonlyMap<number, string>;
  /** Ports by number, for names in output where asked. */
  readonly ports: ReadonlyMap<number, string>;
  /** Paths of the files, as `Origin.file` counts them. */
  readonly files: readonly string[];
  readonly flows: FlowList;
}

/** What a program without groups and meters, in the newest version, has of these. */
export const ONLY_FLOWS = {
  version: '1.5',
  groups: [],
  groupIds: [],
  meters: [],
  meterIds: [],
  tlvs: [],
  unresolvedPorts: new Map<number, string>(),
  registers: [],
  given: NO_ALLOCATION,
  expansions: [],
} as const satisfies Partial<ProgramIr>;

/** Flows in source order. May make a `FlowMod` only when asked for it. */
export interface FlowList extends Iterable<FlowMod> {
  readonly length: number;
  at(index: number): FlowMod;
  /** The origin alone, cheaper than `at(index).origin`. */
  origin(index: number): Origin;
  /** The flows as FLOW_MODs of OpenFlow 1.5, where they are already at hand in that form. */
  encoded?(): EncodedFlows;
  /**
   * The same with `gap` bytes before each, where they are at hand in that form. Who asks may write there, and into the
   * transaction ids, and need not move the flows. The first gap is at `offsets[0]`.
   */
  spaced?(): (EncodedFlows & { readonly gap: number }) | null;
}

/** FLOW_MODs (OFPFC_ADD) of OpenFlow 1.5 one behind the other, with xid 0. */
export interface EncodedFlows {
  readonly bytes: Uint8Array;
  /** Where flow `i` starts; one entry more than there are flows, the last being the end. */
  readonly offsets: Uint32Array;
}
