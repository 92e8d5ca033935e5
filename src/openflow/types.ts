/**
 * The shapes of the OpenFlow tables. What stands in them is in `fields.ts`, `actions.ts`, `errors.ts`,
 * `names.ts` and `protocols.ts`; nothing outside this folder repeats a fact of theirs.
 */

import type { Versions } from './versions.ts';

/** An OpenFlow version by its usual name. The byte on the wire is `WIRE_VERSION[v]`. */
export type OpenFlowVersion = '1.0' | '1.1' | '1.2' | '1.3' | '1.4' | '1.5';

/** The version byte of an OpenFlow header (OpenFlow 1.5.1 §7.1.1). */
export const WIRE_VERSION: Readonly<Record<OpenFlowVersion, number>> = {
  '1.0': 1,
  '1.1': 2,
  '1.2': 3,
  '1.3': 4,
  '1.4': 5,
  '1.5': 6,
};

/** What a field needs of the packet before it exists (ovs-fields(7), "Prerequisites"). */
export type PrerequisiteName =
  | 'none'
  | 'Ethernet'
  | 'ARP'
  | 'VLAN VID'
  | 'IPv4'
  | 'IPv6'
  | 'IPv4/IPv6'
  | 'MPLS'
  | 'NSH'
  | 'TCP'
  | 'UDP'
  | 'SCTP'
  | 'ICMPv4'
  | 'ICMPv6'
  | 'ND'
  | 'ND solicit'
  | 'ND advert'
  | 'CT';

/** How `ovs-ofctl` reads and prints a value of the field. */
export type FieldFormat =
  | 'decimal'
  | 'hexadecimal'
  | 'ct state'
  | 'Ethernet'
  | 'frag'
  | 'IPv4'
  | 'IPv6'
  | 'OpenFlow 1.0 port'
  | 'OpenFlow 1.1+ port'
  | 'packet type'
  | 'TCP flags'
  | 'tunnel flags';

/** One NXM/OXM header under which a field travels (OpenFlow 1.5.1 §7.2.3.2). */
export interface OxmHeader {
  /** The identifier, as `NXM_OF_IP_SRC` or `OXM_OF_IPV4_SRC`. */
  readonly name: string;
  /** oxm_class: 0x0000 and 0x0001 are Nicira's, 0x8000 ONF basic, 0xffff an experimenter. */
  readonly class: number;
  /** oxm_field, 7 bits. */
  readonly field: number;
  /** The experimenter id that follows the header when class is 0xffff, else null. */
  readonly experimenter: number | null;
  /** oxm_length of the unmasked form in bytes, the 4 experimenter bytes included. */
  readonly length: number;
  /** First OpenFlow version with it as a standard header; null for extensions of OVS and others. */
  readonly since: OpenFlowVersion | null;
}

/** Which values of a field the switch takes (else OFPBMC_BAD_VALUE or OFPBAC_BAD_SET_ARGUMENT). */
export type ValueDomain =
  | { readonly kind: 'any' }
  /** These bits (of the value as it stands on the wire) must be zero. */
  | { readonly kind: 'forbidden bits'; readonly bits: bigint }
  | { readonly kind: 'one of'; readonly values: readonly bigint[] }
  | { readonly kind: 'max'; readonly max: bigint }
  /** 0..0xfeff or 0xffffff00..0xffffffff. */
  | { readonly kind: 'OpenFlow 1.1+ port' };

/** A field of ovs-fields(7). `N` narrows the name to the union derived from the table. */
export interface FieldInfo<N extends string = string> {
  /** Position in `FIELDS`; stable within one build, for tables indexed by field. */
  readonly id: number;
  /** The name ovs-fields(7) prefers in flow syntax. */
  readonly name: N;
  /** Other names ovs-ofctl takes for it (`dl_src`, `ip_proto`); OXM/NXM names are in `headers`. */
  readonly aliases: readonly string[];
  /** Width in bits of the meaningful value; `vlan_vid` has 12, though its TLV carries 13. */
  readonly bits: number;
  /** Width in bytes of the value on the wire. */
  readonly bytes: number;
  readonly maskable: boolean;
  readonly writable: boolean;
  readonly format: FieldFormat;
  readonly prerequisite: PrerequisiteName;
  readonly domain: ValueDomain;
  /**
   * Every header under which the switch takes it; the first is its own in OpenFlow 1.5. Empty where it has none.
   * A match on a field that shares its bits with others may travel under theirs: see `carriers` in `storage.ts`.
   */
  readonly headers: readonly OxmHeader[];
  /** OpenFlow versions whose flow format can carry an exact match (`NXM` is OpenFlow 1.0 with Nicira's extension). */
  readonly exactIn: readonly (OpenFlowVersion | 'NXM')[];
  /** The same for an arbitrary bitwise mask; empty when not maskable. */
  readonly maskedIn: readonly (OpenFlowVersion | 'NXM')[];
  /** The same for a prefix mask (a run of ones from the top); empty when not maskable. */
  readonly prefixIn: readonly (OpenFlowVersion | 'NXM')[];
  /** Metadata rather than packet bytes: kept by the pipeline (ovs-fields(7), OpenFlow 1.5.1 §7.2.3.9). */
  readonly pipeline: boolean;
  /** One line for hover and reference: what it is, in our own words. */
  readonly summary: string;
}

/** How one form of an action stands on the wire. */
export interface ActionWire {
  /** Where ovs-ofctl sends it so and the switch takes it. */
  readonly versions: Versions;
  /** A standard action, one of Nicira's or ONF's experimenter actions, or an instruction. */
  readonly form: 'standard' | 'nicira' | 'onf' | 'instruction';
  /** The action or instruction type, or the experimenter's subtype. */
  readonly number: number;
  /** Length in bytes; the least one where `grows`. */
  readonly bytes: number;
  readonly grows: boolean;
  /** Which form of the action this is, where it has several; else empty. */
  readonly when: string;
}

export type ArgumentType =
  | 'flag'
  | 'u8'
  | 'u16'
  | 'u32'
  | 'u64'
  | 'port'
  | 'table'
  | 'group'
  | 'meter'
  | 'MAC'
  | 'IPv4'
  | 'EtherType'
  | 'keyword'
  | 'bytes'
  /** All or part of a field. */
  | 'subfield'
  /** A whole field. */
  | 'field'
  /** A constant in the format of the field it goes to. */
  | 'value'
  /** Nested actions. */
  | 'actions'
  /** A list of ports. */
  | 'ports'
  /** Anything with a syntax of its own; `says` explains. */
  | 'special';

export interface ActionArgument {
  readonly name: string;
  readonly type: ArgumentType;
  readonly optional: boolean;
  /** The words a `keyword` may be. */
  readonly words: readonly string[];
  readonly says: string;
}

/** What an action needs of the packet where it stands (the switch's consistency check). */
export interface ActionNeed {
  /** One of these must hold. */
  readonly anyOf: readonly PrerequisiteName[];
  /**
   * `hard`: OFPBAC_MATCH_INCONSISTENT in every version. `soft`: the same from OpenFlow 1.1 on, accepted in 1.0, and
   * never looked at inside write_actions. Of an action that a version sends as set_field the switch sees only
   * that, whose field is checked hard.
   */
  readonly strictness: 'hard' | 'soft';
}

/** An action or instruction of ovs-actions(7). */
export interface ActionInfo<N extends string = string> {
  /** The name in ovs-actions(7) and ovs-ofctl. */
  readonly name: N;
  readonly aliases: readonly string[];
  /** An instruction is never nested, and all but `meter` come after the list of actions. */
  readonly instruction: boolean;
  /** How ovs-ofctl writes it. */
  readonly forms: readonly string[];
  readonly args: readonly ActionArgument[];
  /** Empty for `drop`, which is the absence of actions. */
  readonly wire: readonly ActionWire[];
  /** In write_actions: allowed, refused with OFPBAC_BAD_TYPE, or allowed in its plain form only. */
  readonly inActionSet: 'yes' | 'no' | 'plain';
  /** Allowed in `ct(exec(…))`, where the destination must be ct_mark or ct_label. */
  readonly inCtExec: boolean;
  readonly inClone: boolean;
  readonly needs: ActionNeed | null;
  /** Do the fields it names have to satisfy their own prerequisites, hard? */
  readonly checksOperands: boolean;
  /** The statement that says the same and is preferred; null where this is the way to say it. */
  readonly instead: string | null;
  readonly summary: string;
}
