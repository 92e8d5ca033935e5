/** A switch that listens, and is called. */
import { connect, type Socket } from 'node:net';
import { basename } from 'node:path';
import { noCommonVersion, wrongSwitch } from '../diagnostics/codes/push.ts';
import type { WireVersion } from '../openflow/oxm.ts';
import { explainConnect } from './access.ts';
import { Connection } from './connection.ts';
import type { Connected, Dialer, DialerOptions } from './dialer.ts';
import {
  describeExpectation,
  describeIdentity,
  identify,
  isExpected,
  optionsFor,
  type Expectation,
} from './identity.ts';
import { problem, PushError } from './problem.ts';
import { formatTarget, type Target } from './target.ts';

export class CallingDialer implements Dialer {
  private readonly target: Extract<Target, { kind: 'unix' | 'tcp' }>;
  private readonly options: DialerOptions;
  private offer: readonly WireVersion[];
  private current: Promise<Connected> | null = null;
  private socket: Socket | null = null;
  private connection: Connection | null = null;
  private closed: PushError | null = null;

  constructor(target: Extract<Target, { kind: 'unix' | 'tcp' }>, options: DialerOptions) {
    this.target = target;
    this.options = options;
    this.offer = options.offer ?? [];
  }

  start(): void {
    if (this.offer.length === 0) return;
    this.current ??= this.dial();
    // Whoever calls `next` hears of it.
    this.current.catch(() => undefined);
  }

  async next(expected: Expectation, version: WireVersion): Promise<Connected> {
    const connected = await this.answer(version);
    if (isExpected(connected.identity, expected)) return connected;
    throw new PushError(
      problem(
        wrongSwitch,
        {
          target: formatTarget(this.target),
          found: describeIdentity(connected.identity),
          expected: describeExpectation(expected),
        },
        { help: `to push it there all the same, say ${optionsFor(connected.identity, expected)}` },
      ),
    );
  }

  private async answer(version: WireVersion): Promise<Connected> {
    this.current ??= this.dialWith(version);
    try {
      const made = await this.current;
      if (made.connection.ended === null) {
        if (made.connection.agreed === version) return made;
        made.connection.close();
      }
    } catch (error) {
      if (!(error instanceof PushError)) throw error;
      // The first attempt was made long ago, perhaps: a failure that may have passed gets another one.
      const otherVersions =
        error.problem.code === noCommonVersion.code && this.offer.some((offered) => offered !== version);
      if (!error.transient && !otherVersions) throw error;
    }
    if (this.closed !== null) throw this.closed;
    this.current = this.dialWith(version);
    return this.current;
  }

  private dialWith(version: WireVersion): Promise<Connected> {
    this.offer = [version];
    return this.dial();
  }

  close(reason: PushError): void {
    this.closed ??= reason;
    if (this.socket?.connecting === true) this.socket.destroy();
    this.connection?.fail(reason);
  }

  private async dial(): Promise<Connected> {
    const socket = await this.open();
    const name = formatTarget(this.target);
    const bridge = this.target.kind === 'unix' ? basename(this.target.path, '.mgmt') : 'BRIDGE';
    const connection = new Connection(socket, {
      name,
      bridge,
      offer: this.offer,
      timeoutMs: this.options.timeoutMs,
    });
    this.connection = connection;
    if (this.closed !== null) connection.fail(this.closed);
    try {
      await connection.handshake();
      return { connection, identity: await identify(connection, null) };
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  private open(): Promise<Socket> {
    if (this.closed !== null) return Promise.reject(this.closed);
    const { target } = this;
    const socket = connect(
      target.kind === 'unix' ? { path: target.path } : { host: target.host, port: target.port },
    );
    this.socket = socket;
    return new Promise<Socket>((resolve, reject) => {
      const timer = setTimeout(() => {
        socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }));
      }, this.options.timeoutMs);
      const settled = (): void => {
        clearTimeout(timer);
        socket.off('error', failed);
        socket.off('close', gone);
      };
      const failed = (error: NodeJS.ErrnoException): void => {
        settled();
        // Other errors may follow, and nobody waits for them.
        socket.on('error', () => undefined);
        void explainConnect(target, error).then(reject);
      };
      const gone = (): void => {
        settled();
        if (this.closed !== null) reject(this.closed);
        else void explainConnect(target, new Error('the connection was closed')).then(reject);
      };
      socket.once('error', failed);
      socket.once('close', gone);
      socket.once('connect', () => {
        settled();
        socket.setNoDelay(true);
        resolve(socket);
      });
    });
  }
}
