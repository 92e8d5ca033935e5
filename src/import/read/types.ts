/**
 * What the readers of ovs-ofctl's text take and give. They work on offsets in the whole input, so that every
 * message has its exact place and nothing is copied.
 */
import type { Sink } from '../../diagnostics/define.ts';
import type { FlowMod, GroupMod, MeterMod, TlvMapping } from '../../ir/types.ts';
import type { InputNames } from './names.ts';

export interface ReadContext {
  readonly sink: Sink;
  /** Index of the input among the files that diagnostics count. */
  readonly file: number;
  /** All of the input. */
  readonly text: string;
  /** Ports and tables that the input calls by name; one object for all inputs that belong together. */
  readonly names: InputNames;
}

export type FlowCommand = 'add' | 'modify' | 'modify_strict' | 'delete' | 'delete_strict';

/** Where something was read. */
export interface ReadPlace {
  /** UTF-16 offset of the first character. */
  readonly start: number;
  /** UTF-16 offset behind the last character. */
  readonly end: number;
  /** How many warnings were given about it. */
  readonly warnings: number;
}

export interface ReadFlow extends ReadPlace {
  readonly command: FlowCommand;
  /**
   * What ovs-ofctl makes of the text and the switch installs. The match is as `FlowMod.match` has it. A `delete`
   * has no instructions.
   */
  readonly flow: Omit<FlowMod, 'name' | 'origin'>;
  readonly cookieStated: boolean;
  /** A mask on the cookie, which selects flows in a command other than `add`. */
  readonly cookieMask: bigint | null;
  readonly tableStated: boolean;
  /** `out_port` and `out_group` of a delete. */
  readonly outPort: number | null;
  readonly outGroup: number | null;
  /**
   * Its actions go with its match in OpenFlow 1.0 only, where nobody looks (`strip_vlan` where no VLAN is matched);
   * ovs-ofctl falls back to that where it may.
   */
  readonly onlyOpenFlow10: boolean;
}

export type GroupCommand = 'add' | 'modify' | 'add_or_mod' | 'delete' | 'insert_bucket' | 'remove_bucket';

export interface ReadGroup extends ReadPlace {
  readonly command: GroupCommand;
  /** Of a `delete`, only the id counts (`all` is 0xfffffffc); of the bucket commands, id and buckets. */
  readonly group: Omit<GroupMod, 'name' | 'origin'>;
}

export type MeterCommand = 'add' | 'modify' | 'delete';

export interface ReadMeter extends ReadPlace {
  readonly command: MeterCommand;
  /** Of a `delete`, only the id counts (`all` is 0xffffffff). */
  readonly meter: Omit<MeterMod, 'name' | 'origin'>;
}

export interface ReadTlvMap extends ReadPlace {
  readonly mappings: readonly Omit<TlvMapping, 'origin'>[];
}
