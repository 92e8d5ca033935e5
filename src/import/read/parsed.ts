/** Actions as they were read, before it is known what the match says. */
import type { Action, Nat } from '../../ir/types.ts';
import type { Source } from './source.ts';

/** What an action needs without being refused in OpenFlow 1.0 for the lack of it. */
export type SoftNeed =
  'VLAN' | 'IPv4' | 'IP' | 'MPLS' | 'NSH' | 'TCP' | 'ports' | 'Ethernet' | 'Ethernet, MPLS';

/** What becomes of an action depends on the match. */
export type Deferred =
  | { readonly kind: 'vlan_vid' | 'vlan_pcp'; readonly value: number }
  | { readonly kind: 'port'; readonly source: boolean; readonly value: number };

/** Where an action has its place in a flow. */
export type Role = 'meter' | 'action' | 'clear_actions' | 'write_actions' | 'write_metadata' | 'goto_table';

export interface Parsed {
  /** As it is called in messages. */
  readonly name: string;
  readonly role: Role;
  /** Null for what is no action of its own: `drop`, `nat`, an instruction. */
  readonly action: Action | null;
  readonly drop: boolean;
  readonly nat: Nat | null;
  readonly deferred: Deferred | null;
  readonly soft: SoftNeed | null;
  /** The field that it writes, where that decides where it may stand. */
  readonly writes: string | null;
  /** What stands inside. */
  readonly nested: readonly Parsed[] | null;
  readonly metadata: { readonly value: bigint; readonly mask: bigint | null } | null;
  readonly table: number | null;
  /** OpenFlow 1.0 has it, too. */
  readonly in10: boolean;
  /** Its place in the text that was read. */
  readonly start: number;
  readonly end: number;
}

/** A part of the text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The arguments of an action that is being read. */
export interface Args extends Range {
  readonly source: Source;
  /** As written. */
  readonly name: string;
  /** The whole action. */
  readonly whole: Range;
}

export type ReadAction = (args: Args) => Parsed | null;

/** What is stated of a read action, besides what is usual. */
export function parsed(args: Args, parts: Partial<Parsed>): Parsed {
  return {
    name: args.name,
    role: 'action',
    action: null,
    drop: false,
    nat: null,
    deferred: null,
    soft: null,
    writes: null,
    nested: null,
    metadata: null,
    table: null,
    in10: true,
    start: args.whole.start,
    end: args.whole.end,
    ...parts,
  };
}

/** An action that needs nothing. */
export function just(args: Args, action: Action): Parsed {
  return parsed(args, { action });
}
