/** Makes connections: by calling the switch, or by waiting for it to call. */
import type { WireVersion } from '../openflow/oxm.ts';
import type { Connection } from './connection.ts';
import type { Expectation, SwitchIdentity } from './identity.ts';
import type { PushError } from './problem.ts';

export interface Connected {
  readonly connection: Connection;
  readonly identity: SwitchIdentity;
}

export interface DialerOptions {
  /** Until a version is asked for; null waits for that. */
  readonly offer: readonly WireVersion[] | null;
  readonly timeoutMs: number;
  /** A listener has its socket. */
  readonly onListening: (port: number) => void;
  /** A switch called and was sent away. */
  readonly onRejected: (identity: SwitchIdentity) => void;
}

export interface Dialer {
  /** Calls, or listens, as soon as it can. */
  start(): void;
  /** The connection to the right switch in that version; a new one where the last one has ended or speaks another. */
  next(expected: Expectation, version: WireVersion): Promise<Connected>;
  /** Ends everything, with a reason for those who wait. */
  close(reason: PushError): void;
}
