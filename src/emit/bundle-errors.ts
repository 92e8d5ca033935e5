/** Why there is no bundle. Callers ask first. */
import type { FlowMod, GroupMod } from '../ir/types.ts';

/** A flow that does not fit into a message. A checker finds it first, by `encodedLength`. */
export class FlowTooLongError extends Error {
  override readonly name = 'FlowTooLongError';
  readonly flow: FlowMod;
  /** Bytes that its FLOW_MOD would have. */
  readonly length: number;

  constructor(flow: FlowMod, length: number, most: number) {
    super(`${flow.name ?? 'a flow'} needs a message of ${length} bytes; ${most} fit into a bundle`);
    this.flow = flow;
    this.length = length;
  }
}

/** A group that does not fit into a message. A checker finds it first, by `encodedGroupLength`. */
export class GroupTooLongError extends Error {
  override readonly name = 'GroupTooLongError';
  readonly group: GroupMod;

  constructor(group: GroupMod, length: number, most: number) {
    super(`group ${group.name} needs a message of ${length} bytes; ${most} fit into a bundle`);
    this.group = group;
  }
}

/** Bytes for ports of which only the name is known. A caller asks `program.unresolvedPorts` first. */
export class UnresolvedPortsError extends Error {
  override readonly name = 'UnresolvedPortsError';
  readonly interfaces: readonly string[];

  constructor(interfaces: readonly string[]) {
    super(`the numbers of these ports are not known: ${interfaces.join(', ')}`);
    this.interfaces = interfaces;
  }
}

/** Bytes in a version that has no bundles. */
export class NoBundlesError extends Error {
  override readonly name = 'NoBundlesError';

  constructor(version: string) {
    super(`OpenFlow ${version} has no bundles; 1.3, 1.4 and 1.5 have`);
  }
}
