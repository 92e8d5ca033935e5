/** A switch that calls, and is waited for. */
import { createServer, type Server, type Socket } from 'node:net';
import { noSwitchCalled, whichSwitch } from '../diagnostics/codes/push.ts';
import type { WireVersion } from '../openflow/oxm.ts';
import { explainConnect } from './access.ts';
import { Connection } from './connection.ts';
import type { Connected, Dialer, DialerOptions } from './dialer.ts';
import { describeExpectation, describeIdentity, identify, isExpected, type Expectation } from './identity.ts';
import { problem, PushError, reasonOf } from './problem.ts';
import { formatTarget, type Target } from './target.ts';
import { errorMessage } from './wire.ts';

/** So many callers may wait until it is known which one is meant. */
const MAX_CALLERS = 32;

export class ListeningDialer implements Dialer {
  /** With the real port, once it is known. */
  private target: Extract<Target, { kind: 'ptcp' }>;
  private readonly options: DialerOptions;
  private offer: readonly WireVersion[];
  private server: Server | null = null;
  private failure: PushError | null = null;
  private readonly connections = new Set<Connection>();
  private readonly callers = new Set<Connected>();
  private readonly refused = new Set<string>();
  /** What was wrong with callers that could not even be asked who they are; the last one. */
  private broken: PushError | null = null;
  private wanted: {
    expected: Expectation;
    found: (c: Connected) => void;
    failed: (e: PushError) => void;
  } | null = null;

  constructor(target: Extract<Target, { kind: 'ptcp' }>, options: DialerOptions) {
    this.target = target;
    this.options = options;
    this.offer = options.offer ?? ['1.5'];
  }

  start(): void {
    if (this.server !== null) return;
    const server = createServer((socket) => void this.called(socket));
    this.server = server;
    server.on('error', (error) => {
      void explainConnect(this.target, error).then((reason) => this.end(reason));
    });
    server.listen({ port: this.target.port, host: this.target.address }, () => {
      const address = server.address();
      if (address === null || typeof address !== 'object') return;
      this.target = { ...this.target, port: address.port };
      this.options.onListening(address.port);
    });
  }

  next(expected: Expectation, version: WireVersion): Promise<Connected> {
    this.offer = [version];
    this.start();
    if (this.failure !== null) return Promise.reject(this.failure);
    if (expected.bridge === null && expected.dpid === null)
      return Promise.reject(
        new PushError(
          problem(
            whichSwitch,
            { target: formatTarget(this.target) },
            { help: 'give the program a `bridge` block, or say --bridge NAME or --dpid ID' },
          ),
        ),
      );
    return new Promise<Connected>((resolve, reject) => {
      const timer = setTimeout(
        () => this.wanted?.failed(this.nobodyCalled(expected)),
        this.options.timeoutMs,
      );
      const settled = (): void => {
        clearTimeout(timer);
        this.wanted = null;
      };
      this.wanted = {
        expected,
        found: (connected) => {
          settled();
          resolve(connected);
        },
        failed: (error) => {
          settled();
          reject(error);
        },
      };
      for (const caller of [...this.callers]) this.judge(caller);
    });
  }

  close(reason: PushError): void {
    this.end(reason);
  }

  private end(reason: PushError): void {
    if (this.failure !== null) return;
    this.failure = reason;
    this.wanted?.failed(reason);
    this.server?.close();
    for (const connection of this.connections) connection.fail(reason);
  }

  private async called(socket: Socket): Promise<void> {
    if (this.failure !== null || this.connections.size >= MAX_CALLERS) {
      socket.destroy();
      return;
    }
    socket.setNoDelay(true);
    const address = `${socket.remoteAddress ?? 'somewhere'}:${socket.remotePort ?? 0}`;
    const name = `the switch at ${address}`;
    const connection = new Connection(socket, {
      name,
      bridge: 'BRIDGE',
      offer: this.offer,
      timeoutMs: this.options.timeoutMs,
    });
    this.connections.add(connection);
    socket.once('close', () => this.connections.delete(connection));
    try {
      await connection.handshake();
      const caller = { connection, identity: await identify(connection, address) };
      this.callers.add(caller);
      socket.once('close', () => this.callers.delete(caller));
      this.judge(caller);
    } catch (error) {
      this.broken = error instanceof PushError ? error : new PushError(this.ownFault(error));
      connection.close();
    }
  }

  private judge(caller: Connected): void {
    const { wanted } = this;
    if (wanted === null || caller.connection.ended !== null) return;
    if (!this.offer.includes(caller.connection.agreed)) {
      // It called before the version was known, and will call again.
      this.callers.delete(caller);
      caller.connection.close();
      return;
    }
    if (isExpected(caller.identity, wanted.expected)) {
      this.callers.delete(caller);
      wanted.found(caller);
      return;
    }
    this.callers.delete(caller);
    const description = describeIdentity(caller.identity);
    if (!this.refused.has(description)) this.options.onRejected(caller.identity);
    this.refused.add(description);
    // OFPHFC_EPERM, with words for the log of the switch.
    const says = `wbfc waits for ${describeExpectation(wanted.expected)}`;
    caller.connection.sayAndFail(
      errorMessage(caller.connection.agreed, 0, 0, 1, says),
      new PushError(this.ownFault(says)),
    );
  }

  private nobodyCalled(expected: Expectation): PushError {
    if (this.refused.size === 0 && this.broken !== null) return this.broken;
    const bridge = expected.bridge ?? 'BRIDGE';
    const { address, port } = this.target;
    const host = address === '0.0.0.0' || address === '::' ? 'ADDRESS' : address;
    return new PushError(
      problem(
        noSwitchCalled,
        {
          target: formatTarget(this.target),
          seconds: this.options.timeoutMs / 1000,
          expected: describeExpectation(expected),
          callers: [...this.refused].join(', '),
        },
        {
          help:
            this.refused.size === 0
              ? `tell it to: \`ovs-vsctl set-controller ${bridge} tcp:${host.includes(':') ? `[${host}]` : host}:${port}\``
              : 'if that is the right one, say so with --dpid',
        },
      ),
    );
  }

  private ownFault(error: unknown): ReturnType<typeof problem> {
    return problem(noSwitchCalled, {
      target: formatTarget(this.target),
      seconds: this.options.timeoutMs / 1000,
      expected: 'a switch',
      callers: reasonOf(error),
    });
  }
}
