// Servers in the place of a switch: one that agrees to everything, and one that answers whatever bytes it is told.
// They are for the client's side of a conversation only; what a switch accepts, the real one says.
import { rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import {
  bundleControlMessage,
  isBarrierRequest,
  message,
  MessageSplitter,
  ofpt,
  readBundleControl,
  typeOf,
  versionByte,
  versionOf,
  xidOf,
} from './openflow.ts';
import type { OpenFlowVersion } from './switch.ts';

export type Listen = { readonly path: string } | { readonly tcp: true };

export interface RawServer {
  /** As OVS writes it: `unix:/path` or `tcp:127.0.0.1:port`. */
  readonly target: string;
  /** Open and closed connections so far. */
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

/** A server that leaves every connection to the test. Errors of the sockets are ignored. */
export async function startRawServer(
  listen: Listen,
  onConnection: (socket: Socket, index: number) => void,
): Promise<RawServer> {
  const sockets = new Set<Socket>();
  let count = 0;
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    onConnection(socket, count++);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    if ('path' in listen) server.listen(listen.path, resolve);
    else server.listen(0, '127.0.0.1', resolve);
  });
  server.unref();
  const target =
    'path' in listen ? `unix:${listen.path}` : `tcp:127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    target,
    connections: () => count,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          if ('path' in listen) rmSync(listen.path, { force: true });
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A server that answers the n-th bytes it receives on a connection (or the connection itself, n = 0) with these. */
export function startByteServer(
  listen: Listen,
  answer: (received: Buffer, n: number) => Uint8Array | 'cut' | undefined,
): Promise<RawServer> {
  return startRawServer(listen, (socket) => {
    let n = 0;
    const give = (received: Buffer): void => {
      const bytes = answer(received, n++);
      if (bytes === 'cut') socket.destroy();
      else if (bytes !== undefined) socket.write(bytes);
    };
    give(Buffer.alloc(0));
    socket.on('data', give);
  });
}

export interface FakeSwitchOptions {
  readonly version?: OpenFlowVersion;
  /** Instead of the usual answer; `undefined` leaves it. */
  readonly reply?: (m: Buffer, n: number) => Uint8Array | readonly Uint8Array[] | 'cut' | undefined;
}

export interface FakeSwitch extends RawServer {
  /** Messages of the clients, in order. */
  readonly received: readonly Buffer[];
}

/** Speaks just enough OpenFlow for `ovs-ofctl --no-names add-flows`, and says yes to everything. */
export async function startFakeSwitch(listen: Listen, options: FakeSwitchOptions = {}): Promise<FakeSwitch> {
  const version = versionByte(options.version ?? 'OpenFlow15');
  const received: Buffer[] = [];
  const server = await startRawServer(listen, (socket) => {
    const splitter = new MessageSplitter();
    socket.write(message(version, ofpt.hello, 1));
    socket.on('data', (chunk: Buffer) => {
      for (const m of splitter.push(chunk)) {
        const reply = options.reply?.(m, received.length) ?? usualReply(m);
        received.push(m);
        if (reply === 'cut') {
          socket.destroy();
          return;
        }
        for (const bytes of reply instanceof Uint8Array ? [reply] : reply) socket.write(bytes);
      }
    });
  });
  return { ...server, received };
}

function usualReply(m: Buffer): readonly Uint8Array[] {
  const version = versionOf(m);
  const xid = xidOf(m);
  if (isBarrierRequest(m)) return [message(version, typeOf(m) + 1, xid)];
  if (typeOf(m) === ofpt.echoRequest) return [message(version, ofpt.echoReply, xid, m.subarray(8))];
  if (typeOf(m) === ofpt.featuresRequest) return [message(version, 6, xid, Buffer.alloc(24))];
  const control = readBundleControl(m);
  if (control !== undefined && control.type % 2 === 0)
    return [bundleControlMessage(version, xid, control.id, control.type + 1, control.flags)];
  return [];
}
