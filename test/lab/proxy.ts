// Stands between a client and a bridge's management socket: records whole OpenFlow messages, and cuts where it is told to.
import { connect, type Socket } from 'node:net';
import { startRawServer, type RawServer } from './fake.ts';
import { isFlowMod, MessageSplitter, unwrapBundleAdd, withXid } from './openflow.ts';
import type { Lab, OpenFlowVersion } from './switch.ts';

export type Side = 'client' | 'switch';

export interface Captured {
  readonly from: Side;
  readonly bytes: Buffer;
  /** 0 for the first connection. */
  readonly connection: number;
}

export interface Cut {
  /** Whose messages are counted. */
  readonly from: Side;
  /** Cut after this many of them, hello included; 0 cuts at once. */
  readonly after: number;
  /** Whether the last of them still reaches the other side. Default true. */
  readonly forward?: boolean;
  /**
   * Which connection, 0 the first (default), so that a client can come back and look; or every one. Mind that ovs-ofctl
   * asks for table names in a connection of its own, for port names in a second, and works in the third.
   */
  readonly connection?: number | 'every';
}

export interface ProxyOptions {
  readonly cut?: Cut;
  /** Sees every message before it goes on: bytes to send instead, `'drop'`, `'cut'`, or undefined for as it is. */
  readonly hook?: (m: Captured) => Uint8Array | 'drop' | 'cut' | undefined;
}

export interface Proxy extends RawServer {
  readonly path: string;
  readonly messages: readonly Captured[];
  readonly fromClient: () => Buffer[];
  readonly fromSwitch: () => Buffer[];
  /** Lets go of what has been recorded: the lab keeps its proxies to its end. */
  readonly forget: () => void;
}

let serial = 0;

/** Starts a proxy before a bridge; it ends with the lab. */
export async function startProxy(lab: Lab, bridge: string, options: ProxyOptions = {}): Promise<Proxy> {
  const path = `${lab.dir}/proxy-${serial++}.sock`;
  const messages: Captured[] = [];
  const server = await startRawServer({ path }, (client, connection) => {
    relay(client, connect(lab.mgmt(bridge)), connection, messages, options);
  });
  lab.onStop(server.close);
  const from = (side: Side): Buffer[] => messages.filter((m) => m.from === side).map((m) => m.bytes);
  return {
    ...server,
    path,
    messages,
    fromClient: () => from('client'),
    fromSwitch: () => from('switch'),
    forget: () => {
      messages.length = 0;
    },
  };
}

function relay(
  client: Socket,
  bridge: Socket,
  connection: number,
  log: Captured[],
  options: ProxyOptions,
): void {
  bridge.on('error', () => undefined);
  const sockets: Readonly<Record<Side, Socket>> = { client, switch: bridge };
  const wanted = options.cut?.connection ?? 0;
  const cut = wanted === 'every' || wanted === connection ? options.cut : undefined;
  let isCut = false;
  // Bytes already written still arrive (end), nothing more is read, and both sides see the connection go.
  const cutNow = (): void => {
    isCut = true;
    for (const socket of [client, bridge]) {
      socket.removeAllListeners('data');
      socket.resume();
      socket.destroySoon();
    }
  };

  const forward = (from: Side): void => {
    const to = sockets[from === 'client' ? 'switch' : 'client'];
    const splitter = new MessageSplitter();
    let count = 0;
    sockets[from].on('data', (chunk: Buffer) => {
      for (const bytes of splitter.push(chunk)) {
        const captured: Captured = { from, bytes, connection };
        log.push(captured);
        count++;
        const last = cut?.from === from && count >= cut.after;
        const changed = options.hook?.(captured);
        if (changed === 'cut') {
          cutNow();
          return;
        }
        if (changed !== 'drop' && !(last && cut.forward === false)) to.write(changed ?? bytes);
        if (last) {
          cutNow();
          return;
        }
      }
      // A length that no message can have: pass the bytes on, the other side shall see them.
      const rest = splitter.pending();
      if (rest.length >= 4 && rest.readUInt16BE(2) < 8) to.write(rest);
    });
    sockets[from].on('end', () => {
      if (!isCut) to.end();
    });
    sockets[from].on('close', () => {
      if (!isCut) to.destroySoon();
    });
  };
  forward('client');
  forward('switch');
  if (cut?.after === 0) cutNow();
}

export interface CaptureOptions {
  /** Default OpenFlow15. */
  readonly version?: OpenFlowVersion;
  /** Send them in a bundle (OpenFlow 1.3 and later). */
  readonly bundle?: boolean;
  /**
   * Let the bridge receive and judge them (then it installs them, and an error is thrown for the first that it refuses),
   * or drop them on the way: so come the bytes of any text that ovs-ofctl parses. Default true.
   */
  readonly install?: boolean;
  /** Keep the transaction ids of ovs-ofctl instead of 0. */
  readonly keepXid?: boolean;
  /** Do not throw when ovs-ofctl fails; return what it had sent. */
  readonly tolerant?: boolean;
}

/** The FLOW_MODs (bytes) that ovs-ofctl makes of the text, in the order it sends them. */
export async function captureAddFlows(
  lab: Lab,
  bridge: string,
  flows: string,
  options: CaptureOptions = {},
): Promise<Buffer[]> {
  const version = options.version ?? 'OpenFlow15';
  const isWanted = (m: Buffer): boolean => isFlowMod(unwrapBundleAdd(m) ?? m);
  const proxy = await startProxy(lab, bridge, {
    hook: ({ from, bytes }) =>
      options.install === false && from === 'client' && isWanted(bytes) ? 'drop' : undefined,
  });
  try {
    const bundle = options.bundle === true ? ['--bundle'] : [];
    await lab.ofctl('-O', version, ...bundle, 'add-flows', proxy.target, '-', {
      input: flows,
      // Much text on a busy machine.
      timeout: 60_000,
      check: options.tolerant !== true,
    });
  } finally {
    await proxy.close();
  }
  const sent = proxy
    .fromClient()
    .filter(isWanted)
    .map((m) => unwrapBundleAdd(m) ?? m)
    .map((m) => (options.keepXid === true ? m : withXid(m, 0)));
  proxy.forget();
  return sent;
}
