/** The actions of a flow, a group or a table miss, as any version of OpenFlow can be made of them. */
import type { FieldName } from '../openflow/fields.ts';

/** Some bits of a field: `field[offset..offset+bits-1]`, bit 0 being the least significant. */
export interface SubfieldRef {
  readonly field: FieldName;
  readonly offset: number;
  readonly bits: number;
}

/** The reason that a `controller` action gives in its PACKET_IN (ovs-actions(7)). */
export type ControllerReason = 'no_match' | 'action' | 'invalid_ttl' | 'action_set' | 'group' | 'packet_out';

/**
 * One action. Port numbers are the 32-bit ones of OpenFlow 1.1 and newer (OFPP_IN_PORT is 0xfffffff8), except
 * where ovs-actions(7) has 16-bit ones (resubmit).
 */
export type Action =
  | {
      readonly kind: 'output';
      readonly port: number;
      /** Bytes to a controller; 0xffff is all. */ readonly maxLen: number;
    }
  | { readonly kind: 'output_reg'; readonly source: SubfieldRef; readonly maxLen: number }
  | { readonly kind: 'output_trunc'; readonly port: number; readonly maxLen: number }
  | {
      readonly kind: 'controller';
      readonly maxLen: number;
      readonly reason: ControllerReason;
      readonly id: number;
      readonly userdata: Uint8Array | null;
      readonly pause: boolean;
      readonly meterId: number | null;
    }
  | {
      readonly kind: 'set_field';
      readonly field: FieldName;
      readonly value: bigint;
      readonly mask: bigint | null;
    }
  | { readonly kind: 'move'; readonly source: SubfieldRef; readonly destination: SubfieldRef }
  | { readonly kind: 'push'; readonly source: SubfieldRef }
  | { readonly kind: 'pop'; readonly destination: SubfieldRef }
  | { readonly kind: 'group'; readonly id: number }
  | { readonly kind: 'meter'; readonly id: number }
  | { readonly kind: 'set_queue'; readonly queue: number }
  | { readonly kind: 'pop_queue' }
  | { readonly kind: 'enqueue'; readonly port: number; readonly queue: number }
  | { readonly kind: 'push_vlan'; readonly ethertype: number }
  | { readonly kind: 'pop_vlan' }
  | { readonly kind: 'push_mpls'; readonly ethertype: number }
  | { readonly kind: 'pop_mpls'; readonly ethertype: number }
  | {
      readonly kind: 'dec_ttl';
      /** Controllers that hear of an expired TTL; empty for the plain action. */ readonly controllers: readonly number[];
    }
  | { readonly kind: 'dec_mpls_ttl' }
  | { readonly kind: 'dec_nsh_ttl' }
  | {
      readonly kind: 'resubmit';
      /** 16-bit port that the lookup sees as in_port; null leaves it. */
      readonly port: number | null;
      /** null is the current table. */
      readonly table: number | null;
      /** Look up with the ct original direction tuple. */
      readonly ct: boolean;
    }
  | {
      readonly kind: 'ct';
      readonly commit: boolean;
      readonly force: boolean;
      readonly zone: number | SubfieldRef | null;
      readonly table: number | null;
      /** TCP or UDP port of the helper: 21 is ftp, 69 tftp, 0 none. */
      readonly alg: number;
      readonly nat: Nat | null;
      readonly exec: readonly Action[];
    }
  | { readonly kind: 'ct_clear' }
  | { readonly kind: 'clone'; readonly actions: readonly Action[] }
  | { readonly kind: 'fin_timeout'; readonly idle: number; readonly hard: number }
  | { readonly kind: 'check_pkt_larger'; readonly size: number; readonly destination: SubfieldRef }
  | { readonly kind: 'delete_field'; readonly field: FieldName }
  | {
      readonly kind: 'conjunction';
      readonly id: number;
      /** From 1. */ readonly clause: number;
      readonly clauses: number;
    }
  | {
      readonly kind: 'learn';
      readonly table: number;
      readonly priority: number;
      /** Seconds, 0 is never; as are the next three. */ readonly idleTimeout: number;
      readonly hardTimeout: number;
      readonly finIdleTimeout: number;
      readonly finHardTimeout: number;
      readonly cookie: bigint;
      readonly sendFlowRem: boolean;
      readonly deleteLearned: boolean;
      /** How many flows with the cookie may be in the table; 0 is any number. */ readonly limit: number;
      /** One bit that tells whether the flow could be made; null where nobody asks. */
      readonly result: SubfieldRef | null;
      /** In the order in which they are sent: a destination's prerequisites come from those before it. */
      readonly specs: readonly LearnSpec[];
    }
  | {
      /** `bundle`, or with a destination `bundle_load`. */
      readonly kind: 'bundle';
      readonly fields: HashFields;
      readonly basis: number;
      readonly algorithm: 'active_backup' | 'hrw';
      /** 32-bit numbers, in order of preference. */ readonly members: readonly number[];
      readonly destination: SubfieldRef | null;
    }
  | {
      readonly kind: 'multipath';
      readonly fields: HashFields;
      readonly basis: number;
      readonly algorithm: 'modulo_n' | 'hash_threshold' | 'hrw' | 'iter_hash';
      /** 1 to 65536. */ readonly links: number;
      readonly arg: number;
      readonly destination: SubfieldRef;
    }
  | {
      readonly kind: 'sample';
      /** Of 65535. */ readonly probability: number;
      readonly collectorSetId: number;
      readonly obsDomainId: number;
      readonly obsPointId: number;
      /** 16-bit port; null where none is said. */ readonly samplingPort: number | null;
      readonly direction: 'ingress' | 'egress' | null;
    }
  | { readonly kind: 'encap'; readonly header: 'ethernet' | 'mpls' | 'mpls_mc' }
  | {
      readonly kind: 'encap';
      readonly header: 'nsh';
      /** null where it is not said, which is 1. */ readonly mdType: number | null;
      readonly tlvs: readonly { readonly class: number; readonly type: number; readonly value: Uint8Array }[];
    }
  | { readonly kind: 'decap'; readonly packetType: { readonly ns: number; readonly type: number } | null }
  | {
      /** Writes the id of the outermost VLAN tag, adding one where there is none. */
      readonly kind: 'mod_vlan_vid';
      readonly vid: number;
      /** The packet is known to have a tag here; where not, OpenFlow 1.1+ has to push one first. */
      readonly tagged: boolean;
    }
  | { readonly kind: 'mod_vlan_pcp'; readonly pcp: number; readonly tagged: boolean }
  | {
      /** Unlike the other old names, OpenFlow 1.1 to 1.5 have actions of their own for these two. */
      readonly kind: 'mod_nw_ttl' | 'set_mpls_ttl';
      readonly ttl: number;
    }
  | { readonly kind: 'note'; readonly bytes: Uint8Array }
  | { readonly kind: 'exit' };

/** What `bundle` and `multipath` hash (ovs-actions(7)). */
export type HashFields =
  'eth_src' | 'symmetric_l4' | 'symmetric_l3l4' | 'symmetric_l3l4+udp' | 'nw_src' | 'nw_dst' | 'symmetric_l3';

/** One part of a learned flow (ovs-actions(7), "The learn action"). */
export type LearnSpec =
  | { readonly kind: 'match' | 'load'; readonly source: LearnSource; readonly destination: SubfieldRef }
  | { readonly kind: 'output'; readonly source: SubfieldRef };

/** A constant with as many bits as the destination, or a field of the packet that is learned from. */
export type LearnSource =
  | { readonly kind: 'value'; readonly value: bigint }
  | { readonly kind: 'field'; readonly subfield: SubfieldRef };

/** Network address translation inside `ct` (ovs-actions(7), "The nat action"). */
export interface Nat {
  /** null is the argument-less form, which applies what the connection already has. */
  readonly direction: 'src' | 'dst' | null;
  readonly family: 4 | 6 | null;
  readonly addresses: { readonly min: bigint; readonly max: bigint | null } | null;
  readonly ports: { readonly min: number; readonly max: number | null } | null;
  readonly persistent: boolean;
  readonly hash: boolean;
  readonly random: boolean;
}
