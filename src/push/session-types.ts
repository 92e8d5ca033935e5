/** What goes into a session and what comes out, as plain data: it crosses to the connection's thread and back. */
import type { OpenFlowVersion } from '../openflow/types.ts';
import type { Finding } from './finding.ts';
import type { SwitchIdentity } from './identity.ts';
import type { BindingRequest, WirePlan } from './plan.ts';
import type { Problem } from './problem.ts';

export interface SessionOptions {
  /**
   * Versions of OpenFlow to call the switch with while none is known; without any it is called when one is, unless the
   * session has a thread of its own, which calls in 1.5. A plan (or another request) knows its version, and where the
   * switch has agreed on another one it is called again.
   */
  readonly offer?: readonly OpenFlowVersion[];
  /** Without progress for that long, it is over; default 10 s. */
  readonly timeoutMs?: number;
  /** The bridge that the switch must be. For a `ptcp:` target that of the program's `bridge` block, if not said. */
  readonly bridge?: string | null;
  /** The datapath id that the switch must have; then the program's `bridge` block does not matter. */
  readonly dpid?: bigint | null;
  /** Take over what is not ours: flows with the match and priority of ours, groups with the id of ours, and delete groups and meters with the flows of others that use them. */
  readonly adopt?: boolean;
  /** Delete the flows of the cookie space first, and groups and meters of ours that the program does not have; default true. */
  readonly replace?: boolean;
}

export type Phase = 'connecting' | 'comparing' | 'sending' | 'committing' | 'looking';

export interface Progress {
  readonly phase: Phase;
  /** Flows that the switch has. */
  readonly done: number;
  readonly total: number;
}

export interface SessionHooks {
  /** Not more often than the switch answers: once in 4,096 flows. */
  readonly onProgress?: (progress: Progress) => void;
  /** A `ptcp:` target listens; the port is the real one where 0 was asked for. */
  readonly onListening?: (port: number) => void;
  /** A switch called that is not the right one; once for each. */
  readonly onRejected?: (identity: SwitchIdentity) => void;
}

/** It came to nothing, and the switch holds the program that it held. */
export type Failure =
  /** The connection ended on the way, or we were interrupted. */
  | { readonly kind: 'unchanged'; readonly problem: Problem }
  /** It did not come to a bundle, or the switch wants none. */
  | { readonly kind: 'failed'; readonly problem: Problem };

/** The switch, or we in its place, said no to parts of the program. */
export interface Refused {
  readonly kind: 'refused';
  readonly findings: readonly Finding[];
  /** A commit stops at its first error, and so many rounds were not enough to find all. */
  readonly maybeMore: boolean;
}

/** How it ended. All but `installed` and `unknown` leave the old program on the switch. */
export type Outcome =
  | {
      readonly kind: 'installed';
      readonly flows: number;
      readonly identity: SwitchIdentity;
      /** The connection died at the commit, and a second one found the new program. */
      readonly lookedUp: boolean;
    }
  | Refused
  | { readonly kind: 'unknown'; readonly problem: Problem }
  | Failure;

/** The switch's numbers for names in a program, or why there are none. */
export type Bound =
  { readonly kind: 'bound'; readonly numbers: ReadonlyMap<string, number> } | Refused | Failure;

/** What `Session` and its threaded twin have in common. */
export interface Sessionlike {
  /** Every port of the switch by the name of its interface. */
  ports(request: BindingRequest): Promise<Bound>;
  /** An id for each meter of the program by the name of its declaration. */
  meters(request: BindingRequest): Promise<Bound>;
  /** Installs a program, and ends the session. */
  push(plan: WirePlan): Promise<Outcome>;
  abort(): void;
  close(): void;
}

export function refused(findings: readonly Finding[], maybeMore = false): Refused {
  return { kind: 'refused', findings, maybeMore };
}
